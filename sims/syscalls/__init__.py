"""What does crossing into the kernel cost? The simulator `syscalls`: calls, copies and faults of a transfer."""

from sims.declare import Example, MapOf, Measure, Number, Rule, Simulator
from sims.syscalls import measures as m
from sims.syscalls.mistakes import MISTAKES
from sims.syscalls.run import Event, Trace, run, tell
from sims.syscalls.scenario import CALLS, PAGE, Costs, Scenario

__all__ = ["CALLS", "PAGE", "SIMULATOR", "Costs", "Event", "Scenario", "Trace", "run", "tell"]

RULES = (
    Rule(
        "read, readv and sendfile go on to the end of the file: ceil(bytes/chunk) calls, and one that returns 0.",
        "man-2-read",
    ),
    Rule("write makes ceil(bytes/chunk) calls: it knows how much it has.", "man-2-write"),
    Rule("A library's buffer makes each read or write as large as the buffer, if the chunk is smaller.", "tlpi 13.2"),
    Rule("mmap is one call; each page touched for the first time faults: ceil(bytes/4096).", "tlpi 49"),
    Rule("Each fault maps one page; Linux maps up to 16 around a fault that only reads a file.", "linux-filemap"),
    Rule(
        "io-uring-batch hands over `batch` reads a call: ceil(ceil(bytes/chunk)/batch), none for the end.",
        "man-7-io-uring",
    ),
    Rule("Every call crosses twice: into the kernel and back.", "tlpi 3.1"),
    Rule(
        "The CPU copies each byte once for read, readv, write and io_uring, never for sendfile and mmap.",
        "man-2-sendfile",
    ),
    Rule("The data are in the page cache: nothing waits, so no call is a context switch."),
    Rule("Time = calls × syscall + copied bytes/1024 × copy_per_kib + faults × fault."),
)


def _calls(_scenario: object) -> tuple[str, ...]:
    return CALLS


def _counted(_scenario: object) -> tuple[str, ...]:
    return m.COUNTED


MEASURES = (
    Measure(
        name="calls",
        gives=Number("calls"),
        of=m.calls,
        help="System calls in all.",
        asks="How many system calls are made?",
        steps=m.call_steps,
        better="low",
        source="man-2-read",
    ),
    Measure(
        name="crossings",
        gives=Number("crossings"),
        of=m.crossings,
        help="Changes between user and kernel mode: two a call.",
        asks="How often does the thread cross between user and kernel mode, calls only?",
        steps=m.crossing_steps,
        better="low",
        source="silberschatz-10 2.3.1",
    ),
    Measure(
        name="copies",
        gives=Number(),
        of=m.copies,
        help="How often the CPU copies each byte between kernel and program.",
        asks="How often does the CPU copy each byte between kernel and program?",
        steps=m.copy_steps,
        better="low",
        source="tlpi 61.4",
    ),
    Measure(
        name="copied",
        gives=Number("bytes"),
        of=m.copied,
        help="Bytes that the CPU copies between kernel and program.",
        asks="How many bytes does the CPU copy between kernel and program?",
        steps=m.copied_steps,
        better="low",
        source="tlpi 61.4",
    ),
    Measure(
        name="faults",
        gives=Number("faults"),
        of=m.faults,
        help="Page faults when every byte is touched once: a fault a page for mmap, else none.",
        asks="How many page faults does touching every byte cause?",
        steps=m.fault_steps,
        better="low",
        source="man-2-mmap",
    ),
    Measure(
        name="time",
        gives=Number("ns"),
        of=m.time,
        help="Nanoseconds in all: calls, copies and faults.",
        asks="How many nanoseconds do calls, copies and faults take together?",
        steps=m.time_steps,
        better="low",
        source="tlpi 13.1",
    ),
    Measure(
        name="per-byte",
        gives=Number("ns"),
        of=m.per_byte,
        help="Nanoseconds for each byte.",
        asks="How many nanoseconds is that for each byte?",
        steps=m.per_byte_steps,
        better="low",
        source="tlpi 13.1",
    ),
    Measure(
        name="counts",
        gives=MapOf(Number(), _counted, "count"),
        of=m.counts,
        help="calls, crossings, copies of each byte, faults, and context switches, which are 0 where nothing waits.",
        asks="How many calls, crossings, copies of each byte, page faults and context switches are there?",
        steps=m.count_steps,
        source="tlpi 13.1",
    ),
    Measure(
        name="calls-each-way",
        gives=MapOf(Number("calls"), _calls, "way"),
        of=m.calls_each_way,
        help="System calls for the same bytes with each kind of call.",
        asks="How many system calls would each kind of call need for these bytes?",
        steps=m.way_steps,
        source="tlpi 13.1",
    ),
    Measure(
        name="time-each-way",
        gives=MapOf(Number("ns"), _calls, "way"),
        of=m.time_each_way,
        help="Nanoseconds for the same bytes with each kind of call.",
        asks="How many nanoseconds would each kind of call take for these bytes?",
        steps=m.time_way_steps,
        source="tlpi 13.1",
    ),
)

SIMULATOR = Simulator(
    name="syscalls",
    question="What does crossing into the kernel cost?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=RULES,
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "byte-by-byte",
            {"call": "read", "bytes": 4096, "chunk": 1},
            "4,097 calls for one page; the time is all crossing.",
            "tlpi 13.1",
        ),
        Example(
            "stdio",
            {"call": "read", "bytes": 4096, "chunk": 1, "buffer": 4096},
            "The same program through a buffer of 4 KiB: 2 calls.",
            "tlpi 13.2",
        ),
        Example(
            "mapped",
            {"call": "mmap", "bytes": 1_000_000},
            "One call and 245 faults: a mapping is not free.",
            "tlpi 49",
        ),
        Example(
            "batched",
            {"call": "io-uring-batch", "bytes": 1_000_000, "chunk": 4096, "batch": 64},
            "245 reads handed over by 4 calls.",
            "man-7-io-uring",
        ),
    ),
)
