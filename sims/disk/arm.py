"""Where does the disk arm go next?

Words: *cylinder* (numbered from 0), *head* (the arm's cylinder), *sweep* (movement in one direction), *return* (the
way back of C-SCAN and C-LOOK). One cylinder costs one unit of time and of movement; serving costs nothing.

    make(Scenario, {"policy": "sstf", "cylinders": 200, "head": 53, "requests": [98, 183, 37]})

Source: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., 11.2 (HDD scheduling); SSTF and LOOK are
in the 9th ed., 10.4 (disk scheduling).
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sims.declare import Fault
from sims.fields import make, many, misrule, record, whole, word

FARTHEST = 1_000_000
POLICIES = ("fcfs", "sstf", "scan", "c-scan", "look", "c-look")


@record
class Request:
    """One request for a cylinder."""

    cylinder: int = whole(0, FARTHEST, help="cylinder asked for")
    arrival: int = whole(0, FARTHEST, default=0, unit="ticks", help="when the request is made")


class _RequestKind:
    """A request, or just its cylinder."""

    def take(self, raw: Any) -> Request:
        if isinstance(raw, Request):
            return raw
        return make(Request, raw if isinstance(raw, Mapping) else {"cylinder": raw})

    def plain(self, value: Request) -> Any:
        return value.cylinder if value.arrival == 0 else {"cylinder": value.cylinder, "arrival": value.arrival}

    def describe(self) -> str:
        return "a cylinder, or {cylinder, arrival}"


@record
class Scenario:
    """A disk, its arm, and who wants it where."""

    policy: str = word(*POLICIES, help="how the next request is chosen")
    cylinders: int = whole(1, FARTHEST, help="number of cylinders; they are numbered from 0")
    head: int = whole(0, FARTHEST, help="cylinder where the arm stands at time 0")
    direction: str = word("up", "down", default="up", help="where the arm was moving (up: to higher cylinders)")
    requests: tuple[Request, ...] = many(_RequestKind(), low=1, high=10_000, help="who wants the arm where, and when")
    misrule: str = misrule("tie-turns", "sweep-to-the-end")

    def faults(self) -> Iterable[Fault]:
        if self.head >= self.cylinders:
            yield Fault("head", f"must be below cylinders ({self.cylinders}), got {self.head}")
        for index, request in enumerate(self.requests):
            if request.cylinder >= self.cylinders:
                where = f"requests.{index}.cylinder"
                yield Fault(where, f"must be below cylinders ({self.cylinders}), got {request.cylinder}")


class Move(NamedTuple):
    """One movement of the arm, or a wait."""

    kind: str  # serve | end (to the edge) | return (without serving) | pass (until a request arrives) | idle
    start: int  # tick
    origin: int  # cylinder
    target: int  # cylinder
    end: int  # tick
    request: int | None = None  # index of the request served on arrival

    @property
    def distance(self) -> int:
        """Cylinders crossed."""
        return abs(self.target - self.origin)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the arm did."""

    scenario: Scenario
    events: tuple[Move, ...]


def run(scenario: Scenario) -> Trace:
    """The arm's movements until every request is served.

    FCFS and SSTF decide when a request has been served, and do not change their mind on the way. The sweeping
    policies serve everything that they come past. Ties of SSTF go on in the current direction. SCAN and C-SCAN go
    to the edge only if requests remain for afterwards; the last sweep stops at the last request. The return serves
    nothing. A request at the head's cylinder is served at once; an idle arm stays where it is. Of two requests that
    arrive together (FCFS) or for one cylinder (the others) the earlier in the list is first.
    """
    arm = _Arm(scenario)
    while arm.pending or arm.coming:
        if not arm.pending:
            arm.idle()
        elif scenario.policy == "fcfs":
            arm.serve(arm.first())
        elif scenario.policy == "sstf":
            arm.serve(arm.nearest())
        else:
            arm.sweep()
    if scenario.misrule == "sweep-to-the-end" and scenario.policy in ("scan", "c-scan"):
        arm.go("end", arm.edge())
    return Trace(scenario, tuple(arm.moves))


class _Arm:
    """The state of a run. `pending` is sorted by (cylinder, index in the list)."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.head, self.now, self.up = scenario.head, 0, scenario.direction == "up"
        order = sorted((request.arrival, index) for index, request in enumerate(scenario.requests))
        self.arrivals = iter([(scenario.requests[index].cylinder, index) for _, index in order])  # for FCFS
        self.coming = [(arrival, scenario.requests[index].cylinder, index) for arrival, index in reversed(order)]
        self.pending: list[tuple[int, int]] = []
        self.moves: list[Move] = []
        self.admit()

    def admit(self) -> None:
        while self.coming and self.coming[-1][0] <= self.now:
            _, cylinder, index = self.coming.pop()
            insort(self.pending, (cylinder, index))

    def idle(self) -> None:
        until = self.coming[-1][0]
        self.moves.append(Move("idle", self.now, self.head, self.head, until))
        self.now = until
        self.admit()

    def go(self, kind: str, target: int, request: int | None = None) -> None:
        if target == self.head and request is None:
            return
        end = self.now + abs(target - self.head)
        self.moves.append(Move(kind, self.now, self.head, target, end, request))
        self.head, self.now = target, end
        self.admit()

    def serve(self, entry: tuple[int, int]) -> None:
        del self.pending[bisect_left(self.pending, entry)]
        if entry[0] != self.head:
            self.up = entry[0] > self.head
        self.go("serve", *entry)

    def first(self) -> tuple[int, int]:
        """The pending request that arrived first: FCFS takes all of them in this order."""
        return next(self.arrivals)

    def nearest(self) -> tuple[int, int]:
        """The pending request with the shortest seek; a tie goes on in the current direction."""
        above = bisect_left(self.pending, (self.head, -1))
        choices = self.pending[above : above + 1]
        if above:
            below = self.pending[above - 1][0]
            choices.append(self.pending[bisect_left(self.pending, (below, -1))])
        onward = self.up if self.scenario.misrule != "tie-turns" else not self.up
        return min(choices, key=lambda entry: (abs(entry[0] - self.head), (entry[0] > self.head) != onward))

    def ahead(self) -> tuple[int, int] | None:
        """The next pending request in the direction of the sweep."""
        above = bisect_left(self.pending, (self.head, -1))
        here = above < len(self.pending) and self.pending[above][0] == self.head
        if self.up or here:
            return self.pending[above] if above < len(self.pending) else None
        if not above:
            return None
        return self.pending[bisect_left(self.pending, (self.pending[above - 1][0], -1))]

    def edge(self) -> int:
        return self.scenario.cylinders - 1 if self.up else 0

    def sweep(self) -> None:
        """On to the next request in this direction; or, with none ahead, round the turn of the policy."""
        entry = self.ahead()
        to_the_edge = self.scenario.policy in ("scan", "c-scan") and self.head != self.edge()
        if entry is None and not to_the_edge:
            self.turn()
            return
        target = self.edge() if entry is None else entry[0]
        if self.coming and self.coming[-1][0] < self.now + abs(target - self.head):
            self.go_until(self.coming[-1][0])
        elif entry is None:
            self.go("end", target)
        else:
            self.serve(entry)

    def turn(self) -> None:
        """SCAN and LOOK turn round; C-SCAN and C-LOOK return to the other side and keep their direction."""
        if self.scenario.policy in ("scan", "look"):
            self.up = not self.up
        elif self.scenario.policy == "c-scan":
            self.go("return", self.scenario.cylinders - 1 - self.edge())
        else:
            self.go("return", self.pending[0 if self.up else -1][0])

    def go_until(self, moment: int) -> None:
        """On in this direction until a request arrives: it may lie ahead of the next one."""
        far = moment - self.now
        self.go("pass", self.head + far if self.up else self.head - far)


_PURPOSE = {
    "end": "to the edge",
    "return": "back without serving",
    "pass": "when another request arrives",
}


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    move = trace.events[index]
    if move.kind == "idle":
        return f"From {move.start} to {move.end} nothing is asked for; the arm stays at {move.origin}."
    if move.kind == "serve" and not move.distance:
        return f"At {move.start} the request for {move.target} is served where the arm stands."
    purpose = _PURPOSE.get(move.kind, f"to serve {move.target}")
    return f"At {move.start} the arm moves {move.origin} → {move.target}, {purpose}: {move.distance}."
