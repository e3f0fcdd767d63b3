"""Which page leaves, and what does a process keep? The frames of a run, under each of the three replacements."""

from collections import Counter, OrderedDict, deque
from typing import NamedTuple

from sims.thrashing.scenario import Scenario

Page = tuple[int, int]  # (index of the process, page)


class Window:
    """The working set of one process: the pages of its last Δ references."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.last: deque[int] = deque()
        self.count: Counter[int] = Counter()

    def use(self, page: int) -> int | None:
        """Move on by one reference; the page that leaves the set, or None."""
        self.last.append(page)
        self.count[page] += 1
        if len(self.last) <= self.size:
            return None
        old = self.last.popleft()
        self.count[old] -= 1
        if self.count[old]:
            return None
        del self.count[old]
        return old


def working_set(string: tuple[int, ...], t: int, window: int) -> frozenset[int]:
    """W(t, Δ): the pages of references t − Δ + 1 to t, counted from 1; empty at t = 0."""
    return frozenset(string[max(0, t - window) : t])


class Room(NamedTuple):
    """How a frame was found: what left for it."""

    left: tuple[Page, ...] = ()
    suspended: tuple[int, ...] = ()  # processes, each with all its pages
    granted: bool = True  # False: the process that asked has itself been suspended


class Memory:
    """The frames. `resident` holds the pages, least recently used first."""

    def __init__(self, scenario: Scenario, degree: int) -> None:
        self.frames = scenario.frames
        self.replacement = scenario.replacement
        self.resident: OrderedDict[Page, None] = OrderedDict()
        self.own: list[OrderedDict[int, None]] = [OrderedDict() for _ in range(degree)]
        self.quota = [scenario.frames // degree + (n < scenario.frames % degree) for n in range(degree)]
        self.active = list(range(degree))  # in the order of admission

    def holds(self, process: int, page: int) -> bool:
        return page in self.own[process]

    def touch(self, process: int, page: int) -> None:
        """Make the page the most recently used one, resident from now on if it was not."""
        self.resident[process, page] = None
        self.resident.move_to_end((process, page))
        self.own[process][page] = None
        self.own[process].move_to_end(page)

    def drop(self, process: int, page: int) -> None:
        del self.resident[process, page]
        del self.own[process][page]

    def empty(self, process: int) -> tuple[Page, ...]:
        """Take all pages of the process."""
        pages = tuple((process, page) for page in self.own[process])
        for _, page in pages:
            self.drop(process, page)
        return pages

    @property
    def free(self) -> int:
        return self.frames - len(self.resident)

    def make_room(self, process: int) -> Room:
        """A frame for the process."""
        if self.replacement == "working-set":
            return self._by_working_set(process)
        local = self.replacement == "local-lru"
        if local and len(self.own[process]) == self.quota[process]:
            return Room((self._evict(process, next(iter(self.own[process]))),))
        if not local and not self.free:
            return Room((self._evict(*next(iter(self.resident))),))
        return Room()

    def _evict(self, process: int, page: int) -> Page:
        self.drop(process, page)
        return process, page

    def _by_working_set(self, process: int) -> Room:
        """Suspend the last admitted until a frame is free; a process that is alone replaces its own."""
        left: list[Page] = []
        suspended: list[int] = []
        while not self.free:
            if len(self.active) == 1:
                left.append(self._evict(process, next(iter(self.own[process]))))
                break
            last = self.active.pop()
            suspended.append(last)
            left += self.empty(last)
            if last == process:
                return Room(tuple(left), tuple(suspended), granted=False)
        return Room(tuple(left), tuple(suspended))
