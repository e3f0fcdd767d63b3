"""What do the core and the paging device do while processes share memory?

Scenario ── run ──▶ Trace: references, faults, loads, suspensions, in order of time
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from sims.declare import Limit
from sims.thrashing.memory import Memory, Page, Window
from sims.thrashing.scenario import Model, Scenario

MOST_EVENTS = 1_000_000


class Event(NamedTuple):
    """Something that happened."""

    kind: str  # use | fault | load | release | suspend | resume | exit
    start: int  # tick
    end: int  # tick; later than start for use (the core) and load (the device)
    process: str
    page: int | None = None
    left: tuple[tuple[str, int], ...] = ()  # pages that left memory, with the processes they belong to


@dataclass(frozen=True, slots=True)
class Trace:
    """A run at the greatest degree."""

    scenario: Scenario | Model
    events: tuple[Event, ...]


def run(scenario: Scenario | Model) -> Trace:
    """The run at the greatest degree; of a model nothing happens. Raises Limit beyond a million events."""
    if isinstance(scenario, Model):
        return Trace(scenario, ())
    return Trace(scenario, at_degree(scenario, scenario.degrees[1]))


def at_degree(scenario: Scenario, degree: int, *, fault_time: int | None = None) -> tuple[Event, ...]:
    """What happens when the first `degree` processes run to their ends; `fault_time` in place of the scenario's.

    A reference costs one tick of the core; the core takes the ready processes in turn, one reference each. A
    reference whose page is absent faults: it takes no time on the core, blocks its process, and is served by the
    one paging device in the order of the faults. When service begins a frame is found for the page; when it ends
    the page is there and counts as just used, the process goes to the tail of the ready queue, and the reference is
    made as soon as it runs, whatever happened to the page meanwhile. Within an instant: the end of service, the end
    of a reference, the start of service, resumption, dispatch. Global LRU evicts the least recently used page of
    all; local LRU the process's own, with frames div n frames each and one more for the first listed (frames mod
    n). Under working-set a page leaves as soon as it leaves its process's working set; when no frame is free the
    last admitted process is suspended with all its pages, and resumed, in order of admission, when what its working
    set needs is free. A process that is alone replaces its own least recently used page.
    """
    machine = _Machine(scenario, degree, fault_time or scenario.fault_time)
    while machine.step():
        if len(machine.events) > MOST_EVENTS:
            raise Limit(f"more than {MOST_EVENTS} events")
    return tuple(machine.events)


class _Machine:
    """The state of a run; processes go by their index."""

    def __init__(self, scenario: Scenario, degree: int, fault_time: int) -> None:
        self.scenario, self.fault_time = scenario, fault_time
        self.names = [process.name for process in scenario.processes]
        self.strings = [process.string for process in scenario.processes[:degree]]
        self.windows = [Window(scenario.window) for _ in range(degree)]
        self.done = [0] * degree  # references made
        self.seen = [0] * degree  # references that the window has moved past
        self.served = [False] * degree  # the page of the next reference has been brought for it
        self.memory = Memory(scenario, degree)
        self.ready: deque[int] = deque(range(degree))
        self.queue: deque[int] = deque()  # before the paging device
        self.suspended: list[int] = []
        self.now = 0
        self.core: int | None = None  # runs until now + 1
        self.device: tuple[int, int] | None = None  # (process, until)
        self.events: list[Event] = []

    def note(
        self, kind: str, process: int, page: int | None = None, left: tuple[Page, ...] = (), lasts: int = 0
    ) -> None:
        gone = tuple((self.names[who], what) for who, what in left)
        self.events.append(Event(kind, self.now, self.now + lasts, self.names[process], page, gone))

    def step(self) -> bool:
        """Everything of this instant, then on to the next one. False when all have ended."""
        while self.start_service() or self.resume() or self.dispatch():
            pass
        ends = [self.now + 1] if self.core is not None else []
        ends += [self.device[1]] if self.device else []
        if not ends:
            return False
        self.now = min(ends)
        self.end_service()
        self.end_reference()
        return True

    def wanted(self, process: int) -> int:
        return self.strings[process][self.done[process]]

    def end_service(self) -> None:
        if self.device and self.device[1] == self.now:
            process = self.device[0]
            self.device = None
            self.served[process] = True
            self.memory.touch(process, self.wanted(process))  # else it would be the oldest, and leave unused
            self.ready.append(process)

    def end_reference(self) -> None:
        process, self.core = self.core, None
        if process is None:
            return
        self.done[process] += 1
        if self.done[process] == len(self.strings[process]):
            self.memory.empty(process)
            self.memory.active.remove(process)
            self.note("exit", process)
        else:
            self.ready.append(process)  # nobody is suspended while on the core: frames are sought between references

    def start_service(self) -> bool:
        """Find a frame for the first in the queue; whether anything was done."""
        if self.device or not self.queue:
            return False
        process = self.queue.popleft()
        room = self.memory.make_room(process)
        for victim in room.suspended:
            self.suspend(victim, tuple(page for page in room.left if page[0] == victim))
        if room.granted:
            page = self.wanted(process)
            gone = tuple(page for page in room.left if page[0] not in room.suspended)
            self.memory.touch(process, page)
            self.device = (process, self.now + self.fault_time)
            self.note("load", process, page, gone, self.fault_time)
        return True

    def suspend(self, process: int, pages: tuple[Page, ...]) -> None:
        self.suspended.append(process)
        self.served[process] = False
        for line in (self.ready, self.queue):
            if process in line:
                line.remove(process)
        self.note("suspend", process, None, pages)

    def resume(self) -> bool:
        """The first suspended process by admission, if what it needs is free, or nobody is active."""
        if not self.suspended:
            return False
        process = min(self.suspended)
        need = len(self.windows[process].count)
        if self.memory.active and self.memory.free < need:
            return False
        self.suspended.remove(process)
        self.memory.active.append(process)
        self.memory.active.sort()
        self.ready.append(process)
        self.note("resume", process)
        return True

    def dispatch(self) -> bool:
        """The first ready process makes its reference, or faults; whether anything was done."""
        if self.core is not None or not self.ready:
            return False
        process = self.ready.popleft()
        page = self.wanted(process)
        self.move_window(process, page)
        if not self.served[process] and not self.memory.holds(process, page):
            self.note("fault", process, page)
            self.queue.append(process)
            return True
        self.served[process] = False
        if self.memory.holds(process, page):
            self.memory.touch(process, page)
        self.core = process
        self.note("use", process, page, lasts=1)
        return True

    def move_window(self, process: int, page: int) -> None:
        """Once a reference; under working-set the page that leaves the set leaves memory."""
        if self.seen[process] > self.done[process]:
            return
        self.seen[process] += 1
        old = self.windows[process].use(page)
        if self.scenario.replacement == "working-set" and old is not None and self.memory.holds(process, old):
            self.memory.drop(process, old)
            self.note("release", process, None, ((process, old),))


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    start = f"At {event.start} {event.process} "
    match event.kind:
        case "use":
            return f"{start}uses page {event.page}."
        case "fault":
            return f"{start}faults on page {event.page} and waits."
        case "load":
            return f"{start}gets page {event.page} until {event.end}{_for(event)}."
        case "release":
            return f"{start}has page {event.left[0][1]} no longer in its working set; it leaves memory."
        case "suspend":
            count = len(event.left)
            return f"{start}is suspended; {count} {'page leaves' if count == 1 else 'pages leave'} memory."
        case "resume":
            return f"{start}is resumed."
        case _:
            return f"{start}ends; its frames are free."


def _for(event: Event) -> str:
    """What left to make room."""
    if not event.left:
        return ", in a free frame"
    return "; " + ", ".join(f"page {page} of {name}" for name, page in event.left) + " leaves"
