"""How does a server spend its time? The simulator `io`: threads, pools and loops serving requests of CPU and I/O.

The package is called server because a module io would hide the standard library's; users and content say `io`.
"""

from sims.declare import (
    Argument,
    Example,
    MapOf,
    Measure,
    Number,
    Rule,
    SequenceOf,
    SetOf,
    Simulator,
)
from sims.server import measures as m
from sims.server import solutions as s
from sims.server.mistakes import MISTAKES
from sims.server.recipes import RECIPES
from sims.server.run import Event, Trace, run, tell
from sims.server.scenario import MODELS, Request, Scenario, request_names

__all__ = ["MODELS", "SIMULATOR", "Event", "Request", "Scenario", "Trace", "run", "tell"]

OSTEP, TLPI, LITTLE = "ostep 33", "tlpi 63.1", "little-1961"

RULES = (
    Rule("A request is a list of segments in turn: CPU, I/O, CPU, …; it is done when the last one ends."),
    Rule("I/O of different requests overlaps freely: waiting needs no core.", "tlpi 63.1"),
    Rule("CPU segments share the cores in the order in which they become ready; ties by arrival, then list order."),
    Rule("Within an instant: segments that end, in list order; arrivals, in list order; threads; cores."),
    Rule("blocking: one thread; it keeps its request to the end, through every wait.", TLPI),
    Rule("pool: `threads` of them, each keeps its request to the end; requests queue for them by arrival."),
    Rule("thread-per-connection: a thread for every open connection."),
    Rule("Where a thread keeps its request, the first segment becomes ready when a thread takes the request."),
    Rule("event-loop: request i belongs to loop i mod loops, counted from 0.", OSTEP),
    Rule("A loop takes ready segments in order and runs each to its end; a loop is one thread.", OSTEP),
    Rule("async-pool: a loop that costs nothing hands each CPU segment to one of `threads`; none waits for I/O."),
    Rule("Of several idle threads the one that has been idle longest is taken, ties by the lowest number."),
    Rule("A thread gets the idle core that it used last, else the lowest-numbered idle core."),
    Rule("A core that changes thread first spends switch_cost; the first thread on each core is free."),
    Rule("An I/O segment starts with a system call: syscall_cost on the core, after the CPU segment before it."),
    Rule("A loop that had nothing ready pays one more system call when it wakes up.", "man-7-epoll"),
    Rule("A connection holds a descriptor from its opening to its completion.", "tlpi 61"),
    Rule("Over the descriptor limit a connection waits in the backlog; it is refused only when that is full."),
    Rule("The makespan runs from the first arrival to the last completion."),
    Rule("p95 is the nearest rank: the latency at place ceil(0.95 n) from the shortest."),
    Rule("Little's law: the mean number in flight is the rate of completion times the mean latency.", LITTLE),
    Rule("A pool that keeps the cores busy has cores × (1 + wait/compute) threads, rounded up.", "jcip 8.2"),
)

REQUEST = Argument("request", "the request that runs", names=request_names)
FROM = Argument("from", "fewest threads", 1, 1000)
TO = Argument("to", "most threads", 1, 1000)

MEASURES = (
    Measure(
        name="latency",
        gives=MapOf(Number("ticks", words=("refused",)), request_names, "request"),
        of=m.latency,
        help="Ticks from arrival to completion, by request; refused where there is none.",
        asks="What is the latency of each request?",
        steps=s.latency_steps,
        better="low",
        source="gregg-2 2",
    ),
    Measure(
        name="average-latency",
        gives=Number("ticks"),
        of=m.average_latency,
        help="Mean latency of the completed requests.",
        asks="What is the average latency?",
        steps=s.average_steps,
        better="low",
        source="gregg-2 2",
    ),
    Measure(
        name="p95-latency",
        gives=Number("ticks"),
        of=m.p95_latency,
        help="The 95th percentile of the latencies, by nearest rank.",
        asks="What is the 95th percentile of the latencies (nearest rank)?",
        steps=s.p95_steps,
        better="low",
        source="gregg-2 2",
    ),
    Measure(
        name="makespan",
        gives=Number("ticks"),
        of=m.makespan,
        help="Ticks from the first arrival to the last completion.",
        asks="How long does it take from the first arrival to the last completion?",
        steps=s.makespan_steps,
        better="low",
        source="pinedo-5 2.1",
    ),
    Measure(
        name="throughput",
        gives=Number("requests per tick"),
        of=m.throughput,
        help="Completed requests per tick of the makespan.",
        asks="What is the throughput, in requests per tick?",
        steps=s.throughput_steps,
        better="high",
        source="gregg-2 2",
    ),
    Measure(
        name="utilisation",
        gives=Number(),
        of=m.utilisation,
        help="Share of the cores' time spent in CPU segments; switches and system calls are not work.",
        asks="Which share of the cores' time goes into CPU segments?",
        steps=s.utilisation_steps,
        better="high",
        source="gregg-2 2",
    ),
    Measure(
        name="threads",
        gives=Number("threads"),
        of=m.threads,
        help="Threads or loops that serve requests; under thread-per-connection the most alive at once.",
        asks="How many threads does this server have (at most at once)?",
        steps=s.thread_steps,
        better="low",
        source="tlpi 60.1",
    ),
    Measure(
        name="switches",
        gives=Number("switches"),
        of=m.switches,
        help="How often a core changes thread; the first thread of each core is none.",
        asks="How often does a core change thread?",
        steps=s.switch_steps,
        better="low",
        source="silberschatz-10 3.2.3",
    ),
    Measure(
        name="syscalls",
        gives=Number("calls"),
        of=m.syscalls,
        help="System calls: one for each I/O segment, one for each wake-up of a loop.",
        asks="How many system calls are made, for I/O and for a loop's wake-ups?",
        steps=s.syscall_steps,
        better="low",
        source="tlpi 63.4",
    ),
    Measure(
        name="stack-memory",
        gives=Number("KiB"),
        of=m.stack_memory,
        help="KiB of stack reserved: threads × stack_kib.",
        asks="How much memory is reserved for stacks, in KiB?",
        steps=s.stack_steps,
        better="low",
        source="man-7-pthreads",
    ),
    Measure(
        name="max-open",
        gives=Number("connections"),
        of=m.max_open,
        help="The most connections open at once; the backlog is not open.",
        asks="How many connections are open at once, at most?",
        steps=s.open_steps,
        source="man-2-getrlimit",
    ),
    Measure(
        name="refused",
        gives=Number("connections"),
        of=m.refused,
        help="Connections refused because the backlog was full.",
        asks="How many connections are refused?",
        steps=s.refused_steps,
        better="low",
        source="man-2-listen",
    ),
    Measure(
        name="in-flight-at",
        gives=Number("requests"),
        of=m.in_flight_at,
        help="Requests that have arrived and are not done at t, the backlog included.",
        asks="How many requests are in flight (arrived and not done) at {t}?",
        steps=s.flight_steps,
        arguments=(Argument("t", "tick"),),
        source="little-1961",
    ),
    Measure(
        name="loop-blocked-by",
        gives=SetOf("request", request_names),
        of=m.loop_blocked_by,
        help="The requests that were ready and had to wait while the named one ran on their loop.",
        asks="Which requests are ready and have to wait while {request} runs on their loop?",
        steps=s.blocked_steps,
        arguments=(REQUEST,),
        applies=lambda scenario: scenario.model == "event-loop",
        source=OSTEP,
    ),
    Measure(
        name="little",
        gives=MapOf(Number(), lambda _scenario: ("L", "lambda", "W"), "quantity"),
        of=m.little,
        help="Little's law for the run: L (mean in flight), lambda (completions per tick), W (mean latency).",
        asks="What are L (mean requests in flight), lambda (completions per tick) and W (mean latency) of this run?",
        steps=s.little_steps,
        source=LITTLE,
    ),
    Measure(
        name="pool-size",
        gives=Number("threads"),
        of=m.pool_size,
        help="Threads that keep the cores busy: cores × (1 + wait/compute), rounded up.",
        asks="How many threads does a pool need to keep the cores busy: cores × (1 + wait/compute), rounded up?",
        steps=s.pool_steps,
        source="jcip 8.2",
    ),
    Measure(
        name="makespan-by-threads",
        gives=SequenceOf("ticks"),
        of=m.makespan_by_threads,
        help="The makespan of the same requests on a pool of from, …, to threads.",
        asks="What is the makespan with a pool of {from} to {to} threads, in this order?",
        steps=s.by_threads_steps,
        arguments=(FROM, TO),
        source="jcip 8.2",
    ),
)

FOUR = [{"name": f"R{number}", "segments": [1, 1, 1]} for number in range(1, 5)]

SIMULATOR = Simulator(
    name="io",
    question="How does a server spend its time?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=RULES,
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "three-threads",
            {"model": "pool", "threads": 3, "requests": FOUR},
            "Three threads need 9 ticks where two and four need 8: a larger pool may be slower.",
        ),
        Example(
            "hog",
            {
                "model": "event-loop",
                "syscall_cost": 0,
                "requests": [
                    {"name": "A", "segments": [1, 2, 1]},
                    {"name": "H", "arrival": 1, "segments": [9]},
                    {"name": "B", "arrival": 2, "segments": [1, 2, 1]},
                ],
            },
            "One long computation in the loop: A has its data at 3 and waits until 11.",
            OSTEP,
        ),
        Example(
            "refused",
            {
                "model": "thread-per-connection",
                "descriptor_limit": 2,
                "backlog": 1,
                "requests": [{"name": f"R{n}", "arrival": n - 1, "segments": [1, 8, 1]} for n in range(1, 5)],
            },
            "Two descriptors and a backlog of one: R3 waits, R4 is refused.",
        ),
    ),
)
