"""Which page leaves? One small value a policy: it watches loads and uses, and chooses a frame when asked.

Each policy answers the same four calls:

    tick(at)       reference `at` (an index, from 0) comes; NRU and aging have a clock interrupt now and then
    load(frame)    its page has been put into frame
    use(frame)     its page is in frame already
    choose()       the frame whose page leaves, and why; called only when every frame is taken

FIFO, LRU, MRU, clock and random choose in constant time (clock amortised), LFU and OPT in log n by a heap; NRU and
aging look at every frame once an eviction.

Sources: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., 10.4; Tanenbaum, Bos, Modern Operating
Systems, 4th ed., 3.4 (NRU, second chance, clock, aging).
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import NamedTuple, Protocol

from sims.paging.scenario import Reference, Scenario


class Choice(NamedTuple):
    """Which frame is taken, and why."""

    frame: int
    by: int  # fifo: index of the load; lru, mru: of the last use; opt: of the next use; lfu: count; nru: class; …
    passed: tuple[int, ...] = ()  # clock, second-chance: frames whose bit was cleared on the way
    tied: bool = False  # opt: another resident page is never used again either


class Policy(Protocol):
    """What `run` asks of a policy."""

    def tick(self, at: int) -> None: ...
    def load(self, frame: int) -> None: ...
    def use(self, frame: int) -> None: ...
    def choose(self) -> Choice: ...


class Fifo:
    """The page that was loaded first leaves; a hit moves nothing."""

    def __init__(self, _scenario: Scenario) -> None:
        self.at = 0
        self.queue: deque[tuple[int, int]] = deque()  # (index of the load, frame), oldest first

    def tick(self, at: int) -> None:
        self.at = at

    def load(self, frame: int) -> None:
        self.queue.append((self.at, frame))

    def use(self, frame: int) -> None: ...

    def choose(self) -> Choice:
        loaded, frame = self.queue.popleft()
        return Choice(frame, loaded)


class Lru:
    """The page whose last use is longest ago leaves."""

    def __init__(self, _scenario: Scenario) -> None:
        self.at = 0
        self.used: OrderedDict[int, int] = OrderedDict()  # frame -> index of the last use, least recent first

    def tick(self, at: int) -> None:
        self.at = at

    def load(self, frame: int) -> None:
        self.use(frame)

    def use(self, frame: int) -> None:
        self.used[frame] = self.at
        self.used.move_to_end(frame)

    def choose(self) -> Choice:
        frame, last = self.used.popitem(last=False)
        return Choice(frame, last)


class Mru:
    """The page used last leaves: that of the reference before, which is resident always."""

    def __init__(self, _scenario: Scenario) -> None:
        self.at = 0
        self.frame = 0

    def tick(self, at: int) -> None:
        self.at = at

    def load(self, frame: int) -> None:
        self.frame = frame

    def use(self, frame: int) -> None:
        self.frame = frame

    def choose(self) -> Choice:
        return Choice(self.frame, self.at - 1)


class Opt:
    """The page used furthest in the future leaves, one never used again first; ties by lowest frame.

    Entries of pages used in between stay in the heap; their next use is over, so they lie below every entry of a
    resident page and are never chosen. Two pages share a next use only when neither is used again.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.at = 0
        self.never = len(scenario.references)
        self.next = next_uses(scenario.references)
        self.heap: list[tuple[int, int]] = []  # (-next use, frame)

    def tick(self, at: int) -> None:
        self.at = at

    def load(self, frame: int) -> None:
        self.use(frame)

    def use(self, frame: int) -> None:
        heappush(self.heap, (-self.next[self.at], frame))

    def choose(self) -> Choice:
        key, frame = heappop(self.heap)
        tied = -key == self.never and bool(self.heap) and -self.heap[0][0] == self.never
        return Choice(frame, -key, (), tied)


def next_uses(references: tuple[Reference, ...]) -> list[int]:
    """For each reference the index of the next one to the same page; the length where there is none."""
    following: dict[int, int] = {}
    uses = [len(references)] * len(references)
    for at in range(len(references) - 1, -1, -1):
        page = references[at].page
        uses[at] = following.get(page, len(references))
        following[page] = at
    return uses


class Clock:
    """A hand goes round the frames: a set bit is cleared and passed, the first clear one leaves.

    The hand starts at frame 0 and advances past every frame that is filled.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.bits = [False] * scenario.frames
        self.loaded = scenario.load_bit == "set"
        self.stays = scenario.misrule == "hand-stays"
        self.hand = 0

    def tick(self, at: int) -> None: ...

    def load(self, frame: int) -> None:
        self.bits[frame] = self.loaded
        self.hand = frame if self.stays else (frame + 1) % len(self.bits)

    def use(self, frame: int) -> None:
        self.bits[frame] = True

    def choose(self) -> Choice:
        passed = []
        while self.bits[self.hand]:
            self.bits[self.hand] = False
            passed.append(self.hand)
            self.hand = (self.hand + 1) % len(self.bits)
        return Choice(self.hand, 0, tuple(passed))


class SecondChance:
    """A queue by load: a page at the head whose bit is set goes to the tail with its bit clear."""

    def __init__(self, scenario: Scenario) -> None:
        self.queue: deque[int] = deque()  # frames
        self.bits: dict[int, bool] = {}
        self.loaded = scenario.load_bit == "set"

    def tick(self, at: int) -> None: ...

    def load(self, frame: int) -> None:
        self.queue.append(frame)
        self.bits[frame] = self.loaded

    def use(self, frame: int) -> None:
        self.bits[frame] = True

    def choose(self) -> Choice:
        passed = []
        while self.bits[self.queue[0]]:
            passed.append(self.queue.popleft())
            self.bits[passed[-1]] = False
            self.queue.append(passed[-1])
        return Choice(self.queue.popleft(), 0, tuple(passed))


class Lfu:
    """The page used least often since it was loaded leaves; ties by least recently used."""

    def __init__(self, scenario: Scenario) -> None:
        self.at = 0
        self.references = scenario.references
        self.kept = scenario.misrule == "counts-kept"
        self.by_load = scenario.misrule == "tie-by-load"
        self.count: dict[int, int] = {}  # page -> uses since its load
        self.since: dict[int, int] = {}  # page -> index that decides a tie: the last use
        self.heap: list[tuple[int, int, int, int]] = []  # (count, since, frame, page); stale ones are dropped late
        self.frames = scenario.frames

    def tick(self, at: int) -> None:
        self.at = at

    def load(self, frame: int) -> None:
        page = self.references[self.at].page
        if not self.kept:
            self.count.pop(page, None)
        self.since[page] = self.at
        self.use(frame)

    def use(self, frame: int) -> None:
        page = self.references[self.at].page
        self.count[page] = self.count.get(page, 0) + 1
        if not self.by_load:
            self.since[page] = self.at
        heappush(self.heap, (self.count[page], self.since[page], frame, page))
        if len(self.heap) > 2 * self.frames + 64:  # without this the heap would grow with every hit
            self.heap = [entry for entry in self.heap if self.fresh(entry)]
            heapify(self.heap)

    def fresh(self, entry: tuple[int, int, int, int]) -> bool:
        count, since, _, page = entry
        return self.count.get(page) == count and self.since.get(page) == since

    def choose(self) -> Choice:
        entry = heappop(self.heap)
        while not self.fresh(entry):
            entry = heappop(self.heap)
        count, _, frame, page = entry
        del self.since[page]
        return Choice(frame, count)


class Nru:
    """The lowest class leaves: R and M 00, then 01, 10, 11; ties by lowest frame.

    R is set on load and use, M on a write; every R is cleared before reference k × reset_every + 1.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.at = 0
        self.references = scenario.references
        self.every = scenario.reset_every
        self.r = [False] * scenario.frames
        self.m = [False] * scenario.frames
        self.weights = (1, 2) if scenario.misrule == "modified-first" else (2, 1)

    def tick(self, at: int) -> None:
        self.at = at
        if at and at % self.every == 0:
            self.r = [False] * len(self.r)

    def load(self, frame: int) -> None:
        self.m[frame] = False
        self.use(frame)

    def use(self, frame: int) -> None:
        self.r[frame] = True
        self.m[frame] |= self.references[self.at].write

    def choose(self) -> Choice:
        r, m = self.weights
        classes = [r * used + m * written for used, written in zip(self.r, self.m, strict=True)]
        lowest = min(classes)
        frame = classes.index(lowest)
        return Choice(frame, 2 * self.r[frame] + self.m[frame])


class Aging:
    """The smallest 8-bit counter leaves; ties by lowest frame.

    Before reference k × reset_every + 1 every counter is shifted right, R comes in on the left, and R is cleared.
    A page just loaded has counter 0 and R set.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.every = scenario.reset_every
        self.r = [False] * scenario.frames
        self.counters = [0] * scenario.frames

    def tick(self, at: int) -> None:
        if at and at % self.every == 0:
            pairs = zip(self.counters, self.r, strict=True)
            self.counters = [counter >> 1 | used << 7 for counter, used in pairs]
            self.r = [False] * len(self.r)

    def load(self, frame: int) -> None:
        self.counters[frame] = 0
        self.r[frame] = True

    def use(self, frame: int) -> None:
        self.r[frame] = True

    def choose(self) -> Choice:
        smallest = min(self.counters)
        return Choice(self.counters.index(smallest), smallest)


class Random:
    """The next draw, mod frames, says which frame is taken."""

    def __init__(self, scenario: Scenario) -> None:
        self.frames = scenario.frames
        self.draws = iter(scenario.draws)

    def tick(self, at: int) -> None: ...

    def load(self, frame: int) -> None: ...

    def use(self, frame: int) -> None: ...

    def choose(self) -> Choice:
        draw = next(self.draws)
        return Choice(draw % self.frames, draw)


BY_NAME: dict[str, Callable[[Scenario], Policy]] = {
    "fifo": Fifo,
    "lru": Lru,
    "opt": Opt,
    "clock": Clock,
    "second-chance": SecondChance,
    "lfu": Lfu,
    "mru": Mru,
    "nru": Nru,
    "aging": Aging,
    "random": Random,
}
