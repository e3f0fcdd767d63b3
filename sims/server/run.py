"""How does a server spend its time, model by model? One queue for threads, one for cores, and a clock.

Every model is the same machine with another answer to "who holds a thread, and how long":

    blocking               one thread; it keeps a request to the end
    pool                   `threads` of them; each keeps its request to the end
    thread-per-connection  as many threads as connections
    event-loop             a loop is a thread; it takes ready segments of its own requests and runs each to its end
    async-pool             a request holds a thread only during a CPU segment

Source: Arpaci-Dusseau, OSTEP 1.10, ch. 33; Kerrisk, The Linux Programming Interface, ch. 60 and 63.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from sims.server.scenario import Scenario

KEEPS_REQUEST = ("blocking", "pool", "thread-per-connection")
ENDS, ARRIVES = 0, 1  # in this order within an instant


class Event(NamedTuple):
    """Something that happens to a request: an instant (start = end) or the interval [start, end)."""

    kind: str  # open | backlog | refused | take | switch | wake | cpu | call | io | done
    start: int  # tick
    end: int  # tick
    request: int  # index in the scenario's list
    thread: int | None = None  # thread or loop, from 0
    core: int | None = None  # from 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the server did, in order of start."""

    scenario: Scenario
    events: tuple[Event, ...]


def run(scenario: Scenario) -> Trace:
    """The life of every request, from arrival to completion or refusal.

    Within an instant: segments that end, in list order; arrivals, in list order; threads are given; cores are given.
    A connection that ends frees its descriptor for the backlog before anyone arrives. Idle threads are taken longest
    idle first, ties by lowest number. CPU segments share the cores in the order in which they become ready, ties by
    arrival, then list order; where a thread keeps its request, the first segment is ready when a thread takes it. A
    core is the idle one that this thread used last, else the lowest-numbered. A switch, a wake-up and the system
    call that starts an I/O occupy the core; the first thread of a core costs no switch. A loop wakes up when it had
    nothing ready. I/O overlaps freely.
    """
    server = _Server(scenario)
    while server.coming:
        server.instant()
    return Trace(scenario, tuple(sorted(server.events, key=lambda event: event.start)))


def count_threads(scenario: Scenario) -> int:
    """Threads that can run requests; a connection each under thread-per-connection."""
    ways = {
        "blocking": 1,
        "pool": scenario.threads,
        "async-pool": scenario.threads,
        "event-loop": scenario.loops,
        "thread-per-connection": len(scenario.requests),
    }
    return ways[scenario.model]


class _Server:
    """The state of a run. A segment's key is (when it became ready, arrival, index in the list)."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.requests = scenario.requests
        self.now = 0
        self.events: list[Event] = []
        self.coming = [(request.arrival, ARRIVES, index) for index, request in enumerate(self.requests)]
        heapify(self.coming)
        self.at = [0] * len(self.requests)  # the segment that each request is in
        self.open = 0
        self.backlog: list[int] = []
        self.first_waiting = 0  # index in backlog of its first
        self.keeps = scenario.model in KEEPS_REQUEST
        self.thread: list[int | None] = [None] * len(self.requests)
        self.core: list[int | None] = [None] * len(self.requests)
        self.seat_threads(count_threads(scenario))
        self.ready: list[tuple[tuple[int, int, int], int]] = []  # segments that have a thread and want a core
        self.idle_cores = set(range(scenario.cores))
        self.last: list[int | None] = [None] * scenario.cores  # the thread that each core last ran
        self.device_free = 0  # only for the mistake that I/O does not overlap
        self.hog = self.find_hog() if scenario.misrule == "hog-apart" else None

    def seat_threads(self, count: int) -> None:
        """The queues for threads: one for all of them, or one a loop."""
        loops = self.scenario.model == "event-loop"
        self.queues: list[list[tuple[int, int, int]]] = [[] for _ in range(count if loops else 1)]
        self.idle = [[(0, n)] for n in range(count)] if loops else [[(0, n) for n in range(count)]]
        self.asleep = [loops] * count
        self.touched: set[int] = set()  # queues to look at before the instant is over

    def find_hog(self) -> int:
        longest = [max(request.segments[::2]) for request in self.requests]
        return longest.index(max(longest))

    def instant(self) -> None:
        """Everything that happens at the next moment at which anything does."""
        self.now = self.coming[0][0]
        while self.coming and self.coming[0][0] == self.now:
            _, kind, index = heappop(self.coming)
            if kind == ARRIVES:
                self.arrive(index)
            else:
                self.end_segment(index)
        self.give_threads()
        self.give_cores()

    def tell(self, kind: str, index: int, length: int = 0, start: int | None = None) -> int:
        """Record an event and return its end."""
        start = self.now if start is None else start
        self.events.append(Event(kind, start, start + length, index, self.thread[index], self.core[index]))
        return start + length

    # ── connections ─────────────────────────────────────────────────────────────────────────────────────────────

    def arrive(self, index: int) -> None:
        limit = self.scenario.descriptor_limit
        if limit is None or self.open < limit:
            self.let_in(index)
        elif len(self.backlog) - self.first_waiting < self.scenario.backlog:
            self.tell("backlog", index)
            self.backlog.append(index)
        else:
            self.tell("refused", index)

    def let_in(self, index: int) -> None:
        self.open += 1
        self.tell("open", index)
        self.make_ready(index)

    def close(self, index: int) -> None:
        self.tell("done", index)
        self.open -= 1
        if self.keeps:
            self.free_thread(index)
        if self.first_waiting < len(self.backlog):
            self.first_waiting += 1
            self.let_in(self.backlog[self.first_waiting - 1])

    # ── segments ────────────────────────────────────────────────────────────────────────────────────────────────

    def make_ready(self, index: int) -> None:
        """A CPU segment can begin: at once for the one apart, else it wants a core, or first a thread."""
        key = (self.now, self.requests[index].arrival, index)
        if index == self.hog:
            self.run_segment(index, self.now)
        elif self.thread[index] is not None:
            heappush(self.ready, (key, index))
        else:
            queue = index % len(self.queues)
            heappush(self.queues[queue], key)
            self.touched.add(queue)

    def end_segment(self, index: int) -> None:
        was_cpu = self.at[index] % 2 == 0
        if was_cpu:
            self.leave_core(index)
        self.at[index] += 1
        if self.at[index] == len(self.requests[index].segments):
            self.close(index)
        elif was_cpu:
            self.wait_for_io(index)
        else:
            self.make_ready(index)

    def leave_core(self, index: int) -> None:
        core = self.core[index]
        if core is not None:
            self.idle_cores.add(core)
            self.core[index] = None
        if not self.keeps:
            self.free_thread(index)

    def free_thread(self, index: int) -> None:
        thread = self.thread[index]
        if thread is not None:
            queue = index % len(self.queues)
            heappush(self.idle[queue], (self.now, thread))
            self.touched.add(queue)
            self.thread[index] = None

    def wait_for_io(self, index: int) -> None:
        length = self.requests[index].segments[self.at[index]]
        start = self.now
        if self.scenario.misrule == "io-one-at-a-time":
            start = max(self.now, self.device_free)
            self.device_free = start + length
        self.come_back(index, self.tell("io", index, length, start))

    def come_back(self, index: int, when: int) -> None:
        heappush(self.coming, (when, ENDS, index))

    # ── threads and cores ───────────────────────────────────────────────────────────────────────────────────────

    def give_threads(self) -> None:
        for number in sorted(self.touched):
            queue, idle = self.queues[number], self.idle[number]
            while queue and idle:
                key = heappop(queue)
                index = key[2]
                self.thread[index] = heappop(idle)[1]
                if self.keeps:
                    self.tell("take", index)
                    key = (self.now, key[1], index)
                heappush(self.ready, (key, index))
            if self.scenario.model == "event-loop" and idle:
                self.asleep[number] = True
        self.touched.clear()

    def give_cores(self) -> None:
        while self.ready and self.idle_cores:
            _, index = heappop(self.ready)
            thread = self.thread[index]
            assert thread is not None
            core = min(self.idle_cores, key=lambda number: (self.last[number] != thread, number))
            self.idle_cores.remove(core)
            self.core[index] = core
            start = self.now
            if self.last[core] not in (None, thread):
                start = self.tell("switch", index, self.scenario.switch_cost, start)
            self.last[core] = thread
            if self.asleep[thread]:
                self.asleep[thread] = False
                start = self.tell("wake", index, self.scenario.syscall_cost, start)
            self.run_segment(index, start)

    def run_segment(self, index: int, start: int) -> None:
        segments, at = self.requests[index].segments, self.at[index]
        end = self.tell("cpu", index, segments[at], start)
        if at + 1 < len(segments):
            end = self.tell("call", index, self.scenario.syscall_cost, end)
        self.come_back(index, end)


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    name = trace.scenario.requests[event.request].name
    noun = "loop" if trace.scenario.model == "event-loop" else "thread"
    who = f" on {noun} {event.thread}" if event.thread is not None else ""
    span = f"From {event.start} to {event.end}" if event.end > event.start else f"At {event.start}"  # what costs 0
    sentences = {
        "open": f"At {event.start} the connection of {name} is open.",
        "backlog": f"At {event.start} no descriptor is free: {name} waits in the backlog.",
        "refused": f"At {event.start} the backlog is full: {name} is refused.",
        "take": f"At {event.start} {noun} {event.thread} takes {name}.",
        "switch": f"{span} core {event.core} changes to {noun} {event.thread}.",
        "wake": f"{span} {noun} {event.thread} wakes up: one system call.",
        "cpu": f"{span} {name} computes{who}.",
        "call": f"{span} {name} starts its I/O with a system call{who}.",
        "io": f"{span} {name} waits for its I/O.",
        "done": f"At {event.start} {name} is done.",
    }
    return sentences[event.kind]
