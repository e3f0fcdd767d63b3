"""What happened, and who was ready meanwhile?

A trace holds the slices in order of their start (of their core where they start together), and a log of who entered
and left the ready queue, in the order within each instant. Ready queues are made from the log when they are asked for.

    Slice("run", "P2", 4, 6, 0, "quantum")   P2 ran on core 0 from 4 until 6; then its quantum had ended
"""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sims.scheduler.scenario import Scenario

SHOWN = 24  # names of a ready queue that are kept for showing


class Slice(NamedTuple):
    """What one core did from start until end, half-open."""

    kind: str  # run | switch (to the process) | idle
    process: str | None  # its name; None when idle
    start: int  # tick
    end: int  # tick
    core: int
    then: str | None = None  # run: exit | io | quantum | preempted


class Change(NamedTuple):
    """Someone enters or leaves the ready queue."""

    time: int
    kind: str  # arrive | return | expire | displace (these enter) | take (leaves) | boost (all to the top)
    process: str | None  # its name; None for a boost
    place: tuple[int, ...] = ()  # who enters stands in the queue by this, lowest first
    draw: int | None = None  # lottery, take: the number drawn


class Ready(NamedTuple):
    """The ready queue at a moment; the process that is being switched in stands first."""

    names: tuple[str, ...]  # head first, SHOWN at most
    more: int = 0  # how many stand behind these


@dataclass(frozen=True)
class Trace:
    """Everything that happened."""

    scenario: Scenario
    events: tuple[Slice, ...]
    log: tuple[Change, ...]

    @cached_property
    def timeline(self) -> tuple[list[int], list[Ready]]:
        """The moments at which the ready queue changed, and how it stood after each."""
        times: list[int] = []
        queues: list[Ready] = []
        line = Line()
        for change in self.log:
            if times and times[-1] != change.time:
                queues.append(line.shown())
            if not times or times[-1] != change.time:
                times.append(change.time)
            line.apply(change)
        queues.append(line.shown())
        return times, queues

    @cached_property
    def switches(self) -> tuple[list[int], list[Slice]]:
        """The slices in which a core changes process: their starts, and they."""
        found = [event for event in self.events if event.kind == "switch"]
        return [event.start for event in found], found

    def ready_names(self, time: int) -> tuple[str, ...]:
        """Everyone in the ready queue at `time`, who is being switched in first."""
        line = Line()
        for change in self.log:
            if change.time > time:
                break
            line.apply(change)
        return self._with_incoming(Ready(tuple(process for _, process in line.line)), time).names

    def ready_at(self, time: int) -> Ready:
        """The ready queue at `time`, after everything that happens at that instant."""
        times, queues = self.timeline
        index = bisect_right(times, time) - 1
        return self._with_incoming(queues[index] if index >= 0 else Ready(()), time)

    def _with_incoming(self, queue: Ready, time: int) -> Ready:
        if not self.scenario.switch_cost:
            return queue
        starts, switches = self.switches
        cost = self.scenario.switch_cost
        under_way = switches[bisect_right(starts, time - cost) : bisect_right(starts, time)]
        incoming = [str(event.process) for event in sorted(under_way, key=lambda event: event.core)]
        return Ready((*incoming, *queue.names), queue.more)

    def changes(self, start: int, end: int) -> list[tuple[int, Ready]]:
        """How the ready queue stood from `start` on, and after each change before `end`."""
        times, queues = self.timeline
        found = [(start, self.ready_at(start))]
        for index in range(bisect_right(times, start), bisect_left(times, end)):
            queue = self._with_incoming(queues[index], times[index])
            if queue != found[-1][1]:
                found.append((times[index], queue))
        return found


class Line:
    """A ready queue that follows the log."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[int, ...]] = {}
        self.line: list[tuple[tuple[int, ...], str]] = []

    def apply(self, change: Change) -> None:
        if change.kind == "boost":
            self.to_the_top()
        elif change.process is not None and change.kind == "take":
            entry = (self.places.pop(change.process), change.process)
            del self.line[bisect_left(self.line, entry)]
        elif change.process is not None:
            self.places[change.process] = change.place
            insort(self.line, (change.place, change.process))

    def to_the_top(self) -> None:
        """All levels become one, in the order in which they stand."""
        self.line = [((0, 0, index), entry[1]) for index, entry in enumerate(self.line)]
        self.places = {process: place for place, process in self.line}

    def shown(self) -> Ready:
        return Ready(tuple(process for _, process in self.line[:SHOWN]), max(len(self.line) - SHOWN, 0))
