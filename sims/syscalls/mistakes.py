"""How do people get the price of system calls wrong? Each belief as a changed rule or another way to count."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from sims.declare import Mistake, NoAnswer
from sims.syscalls import measures as m
from sims.syscalls.run import Trace
from sims.syscalls.scenario import BUFFERED, Scenario

CALLS = ("calls", "crossings", "counts", "time", "per-byte", "calls-each-way", "time-each-way")
TIMES = ("time", "per-byte", "time-each-way")


def _under(misrule: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule)


def _unbuffered(scenario: Scenario) -> Scenario:
    return replace(scenario, buffer=0)


def _unbatched(scenario: Scenario) -> Scenario:
    return replace(scenario, batch=1)


def _with(trace: Trace, **other: int) -> dict[str, int]:
    return {**m.counts(trace), **other}


def _kib_of_1000(trace: Trace) -> Fraction:
    costs = trace.scenario.costs
    return m.time(trace) + m.copied(trace) * costs.copy_per_kib * (Fraction(1, 1000) - Fraction(1, 1024))


def _faults_by_chunk(trace: Trace) -> int:
    if trace.scenario.call != "mmap":
        raise NoAnswer("nothing is mapped")
    return -(-trace.scenario.bytes // trace.scenario.chunk)


def _whole_copies(trace: Trace) -> int:
    if trace.scenario.call not in BUFFERED:
        raise NoAnswer("no buffer is used")
    return -(-trace.scenario.bytes // trace.scenario.unit) * trace.scenario.unit


def _chunks_copied(trace: Trace) -> int:
    """As if the buffer were filled and emptied by the CPU in the kernel too."""
    if not trace.scenario.buffer or trace.scenario.call not in BUFFERED:
        raise NoAnswer("no buffer is used")
    return 2 * m.copied(trace)


def _states_one_page(_scenario: Scenario) -> str:
    return "Each fault maps one page; Linux would map up to 16 around it."


MISTAKES = (
    Mistake(
        id="end-of-file-forgotten",
        clause="the call that finds the end of the file is not counted",
        says="A program that reads to the end learns of it by a call that returns 0.",
        rule=_under("no-end"),
        asked=CALLS,
    ),
    Mistake(
        id="rounded-down",
        clause="the last, short call is left out",
        says="The rest that does not fill a call needs one too: round up.",
        rule=_under("rounded-down"),
        asked=CALLS,
    ),
    Mistake(
        id="syscall-is-context-switch",
        clause="every system call is a context switch",
        says="A call enters the kernel and returns in the same thread. A switch happens only if it has to wait.",
        measures={"counts": lambda trace: _with(trace, switches=m.calls(trace))},
    ),
    Mistake(
        id="one-crossing-a-call",
        clause="a call crosses into the kernel once",
        says="It also comes back: two crossings a call.",
        measures={"crossings": m.calls, "counts": lambda trace: _with(trace, crossings=m.calls(trace))},
    ),
    Mistake(
        id="crossings-for-calls",
        clause="the way in and the way out count as a call each",
        says="Those are crossings. One call crosses twice.",
        measures={"calls": m.crossings},
    ),
    Mistake(
        id="buffering-changes-bytes",
        clause="whole buffers are copied, however much is in them",
        says="A buffer changes how many calls there are, not how many bytes are moved.",
        rule=_under("whole-buffers"),
        asked=TIMES,
    ),
    Mistake(
        id="whole-buffers-copied",
        clause="every call copies a whole buffer",
        says="The last call copies what is left. Buffering does not change the number of bytes.",
        measures={"copied": _whole_copies},
    ),
    Mistake(
        id="buffer-copies-again",
        clause="the library's buffer doubles what the kernel copies",
        says="The kernel copies each byte once. What the library does with its buffer stays in user mode.",
        measures={"copied": _chunks_copied},
    ),
    Mistake(
        id="buffer-ignored",
        clause="the kernel is asked for as little as the program asks the library for",
        says="A library with a buffer asks for a whole buffer at a time.",
        rule=_unbuffered,
        asked=CALLS,
    ),
    Mistake(
        id="mmap-costs-nothing",
        clause="a mapping costs one call and nothing more",
        says="Each page that is touched for the first time faults, and a fault enters the kernel too.",
        rule=_under("no-faults"),
        asked=("faults", "counts", *TIMES),
    ),
    Mistake(
        id="faults-by-chunk",
        clause="there is a fault for every chunk",
        says="Faults come by pages of 4,096 bytes, whatever the program calls a chunk.",
        measures={
            "faults": _faults_by_chunk,
            "counts": lambda trace: _with(trace, faults=_faults_by_chunk(trace)),
        },
    ),
    Mistake(
        id="sendfile-copies-twice",
        clause="sendfile copies every byte into the program and out again",
        says="That is read and write. sendfile moves pages inside the kernel; the program never sees them.",
        rule=_under("sendfile-copies"),
        asked=("copied", *TIMES),
    ),
    Mistake(
        id="batch-ignored",
        clause="every read of a batch is a system call",
        says="One io_uring_enter hands over the whole batch.",
        rule=_unbatched,
        asked=CALLS,
    ),
    Mistake(
        id="kib-of-1000",
        clause="a KiB has 1,000 bytes",
        says="A KiB is 1,024 bytes.",
        measures={"time": _kib_of_1000},
    ),
    Mistake(
        id="fault-around",
        clause="one fault maps sixteen pages",
        says="Linux does that for pages of a file that are only read; the question counts one page a fault.",
        rule=_under("fault-around"),
        asked=("faults", "counts", *TIMES),
        convention=True,
        states=_states_one_page,
    ),
)
