"""What do too many threads cost?

Words: *runnable* (wants to run; the others sleep and never do), *lane* (what runs one thread at a time: a core under
`kernel`, a worker under `green`), *slice* (a thread on a lane, from its switch on), *round* (from one turn of a thread
to its next). Times are ticks; a tick may be a microsecond.

    run(make(Scenario, {"threads": 3, "cores": 1, "work": 4, "quantum": 2, "switch_cost": 1}))

Source: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., 5.3.3 and 4.3; OSTEP, ch. 7.
"""

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from sims.declare import Fault, Limit
from sims.fields import misrule, ratio, record, whole, word

SLICES = 200_000
LONGEST = 10_000_000


@record
class Scenario:
    """Many threads, few cores, and the price of a switch."""

    threads: int = whole(1, 1_000_000, help="threads in all, asleep or runnable")
    cores: int = whole(1, 1_024, default=1, help="cores")
    work: int = whole(1, LONGEST, unit="ticks", help="what each runnable thread has to compute")
    quantum: int = whole(1, LONGEST, unit="ticks", help="longest slice; the switch is not part of it")
    switch_cost: int = whole(0, LONGEST, default=0, unit="ticks", help="kernel: cost of a switch")
    runnable_share: Fraction = ratio(0, 1, default=1, help="share of the threads that is runnable, rounded up")
    runtime: str = word("kernel", "green", default="kernel", help="kernel: 1:1; green: M:N, on workers")
    workers: int = whole(1, 1_024, default=1, help="green: kernel threads that run the green ones; at most cores")
    green_switch_cost: int = whole(0, LONGEST, default=0, unit="ticks", help="green: cost of a switch")
    first_dispatch: str = word("free", "charged", default="free", help="whether a lane's first thread costs a switch")
    stack_kib: int = whole(1, 1_000_000, default=8192, unit="KiB", help="stack of a kernel thread")
    green_stack_kib: int = whole(1, 1_000_000, default=8, unit="KiB", help="stack of a green thread")
    misrule: str = misrule("one-lane", "charges-itself")

    def faults(self) -> Iterable[Fault]:
        if self.runtime == "green" and self.workers > self.cores:
            yield Fault("workers", f"must be at most cores ({self.cores}), got {self.workers}")

    @property
    def runnable(self) -> int:
        """How many threads want to run."""
        return -int(-self.threads * self.runnable_share // 1)

    @property
    def lanes(self) -> int:
        """How many threads can run at once."""
        if self.misrule == "one-lane":
            return 1
        return self.cores if self.runtime == "kernel" else self.workers

    @property
    def cost(self) -> int:
        """ticks of one switch."""
        return self.switch_cost if self.runtime == "kernel" else self.green_switch_cost


class Slice(NamedTuple):
    """A thread on a lane."""

    thread: int  # from 1
    lane: int  # from 0
    begin: int  # tick at which the switch begins
    start: int  # tick at which the thread runs; begin where nothing is charged
    end: int
    switched: bool  # whether a switch is charged


@dataclass(frozen=True, slots=True)
class Trace:
    """Every slice, in order of its beginning; made when first asked for, since most measures do without."""

    scenario: Scenario

    @property
    def events(self) -> tuple[Slice, ...]:
        """The slices."""
        return _slices(self.scenario)


def run(scenario: Scenario) -> Trace:
    """The slices until every runnable thread has done its work. Raises Limit.

    One queue, first come first served, the runnable threads at first in order. At one instant ended slices go to the
    queue by lane, then free lanes take from it: the lane that ran the thread last, if it is free, else the lowest. A
    switch is charged whenever a lane takes another thread than it last ran; its first one as `first_dispatch` says.
    A thread that goes on because nobody waits is not switched.
    """
    slices = scenario.runnable * -(-scenario.work // scenario.quantum)
    if slices > SLICES:
        raise Limit(f"{slices} slices; at most {SLICES} are simulated")
    return Trace(scenario)


@lru_cache(maxsize=8)
def _slices(scenario: Scenario) -> tuple[Slice, ...]:
    queue = deque((thread, scenario.work) for thread in range(1, scenario.runnable + 1))
    lanes = _Lanes(scenario)
    busy: list[tuple[int, int, int, int]] = []  # (end, lane, thread, work left)
    now, slices = 0, list[Slice]()
    while queue or busy:
        while queue and lanes.free:
            thread, left = queue.popleft()
            lane, switched = lanes.taken_by(thread)
            start = now + scenario.cost * switched
            ran = min(left, scenario.quantum)
            slices.append(Slice(thread, lane, now, start, start + ran, switched))
            heapq.heappush(busy, (start + ran, lane, thread, left - ran))
        now = busy[0][0]
        while busy and busy[0][0] == now:
            _, lane, thread, left = heapq.heappop(busy)
            lanes.give_back(lane)
            if left:
                queue.append((thread, left))
    return tuple(slices)


class _Lanes:
    """Which lanes are free, and what each of them ran last."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.free = set(range(scenario.lanes))
        self.lowest = list(range(scenario.lanes))  # a heap; it may hold lanes that are no longer free
        self.last: dict[int, int] = {}  # lane -> thread
        self.home: dict[int, int] = {}  # thread -> lane

    def give_back(self, lane: int) -> None:
        self.free.add(lane)
        heapq.heappush(self.lowest, lane)

    def taken_by(self, thread: int) -> tuple[int, bool]:
        """The lane that the thread gets, and whether that is a switch."""
        lane = self.home.get(thread, -1)
        if lane not in self.free or self.last[lane] != thread:
            while (lane := heapq.heappop(self.lowest)) not in self.free:
                pass
        before = self.last.get(lane)
        self.free.discard(lane)
        self.last[lane], self.home[thread] = thread, lane
        if before is None:
            return lane, self.scenario.first_dispatch == "charged"
        return lane, before != thread or self.scenario.misrule == "charges-itself"


def tell(trace: Trace, index: int) -> str:
    """One sentence on the slice."""
    thread, lane, begin, start, end, switched = trace.events[index]
    where = "core" if trace.scenario.runtime == "kernel" else "worker"
    switch = f" after a switch from {begin} to {start}" if switched and start > begin else ""
    return f"On {where} {lane} thread {thread} runs from {start} to {end}{switch}."
