"""Where does the disk arm go next?

Words: *cylinder* (numbered from 0), *head* (the arm's cylinder), *sweep* (movement in one direction), *wrap* (the
return of C-SCAN and C-LOOK). One cylinder costs one unit of time and of movement; serving costs nothing.

    make(Scenario, {"policy": "sstf", "cylinders": 200, "head": 53, "requests": [98, 183, 37]})

Source: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., 11.2 (HDD scheduling).
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sims.declare import (
    Example,
    Fault,
    Measure,
    Mistake,
    NoAnswer,
    Number,
    Rule,
    SequenceOf,
    Simulator,
    Step,
)
from sims.fields import many, misrule, record, whole, word

FARTHEST = 1_000_000
SOURCE = "silberschatz-10 11.2"
POLICIES = ("fcfs", "sstf", "scan", "c-scan", "look", "c-look")


@record
class Request:
    """One request for a cylinder."""

    cylinder: int = whole(0, FARTHEST, help="cylinder asked for")
    arrival: int = whole(0, FARTHEST, default=0, unit="ticks", help="when the request is made")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return raw


class _RequestKind:
    """A request, or just its cylinder."""

    def take(self, raw: Any) -> Request:
        if isinstance(raw, Request):
            return raw
        return Request(**raw) if isinstance(raw, Mapping) else Request(cylinder=raw)

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
    requests: tuple[Request, ...] = many(_RequestKind(), low=1, high=10_000, help="requests in order of arrival")
    misrule: str = misrule("tie-turns", "sweep-to-the-end")

    def faults(self) -> Iterable[Fault]:
        if self.head >= self.cylinders:
            yield Fault("head", f"must be below cylinders ({self.cylinders}), got {self.head}")
        for index, request in enumerate(self.requests):
            if request.cylinder >= self.cylinders:
                where = f"requests.{index}"
                yield Fault(where, f"must be below cylinders ({self.cylinders}), got {request.cylinder}")


class Move(NamedTuple):
    """One movement of the arm, or a wait."""

    kind: str  # serve | end (to the edge) | wrap (the return) | idle (nothing asked for)
    start: int  # tick
    origin: int  # cylinder
    target: int  # cylinder
    end: int  # tick
    request: int | None = None  # index of the request served on arrival


@dataclass(frozen=True, slots=True)
class Trace:
    """What the arm did."""

    scenario: Scenario
    events: tuple[Move, ...]


def run(scenario: Scenario) -> Trace:
    """The arm's movements until every request is served.

    FCFS and SSTF decide when a request has been served, and do not change their mind on the way. The sweeping
    policies serve everything that they come past. Ties of SSTF go on in the current direction. SCAN and C-SCAN go
    to the edge only if requests remain for afterwards; the last sweep stops at the last request. The wrap serves
    nothing. A request at the head's cylinder is served at once; an idle arm stays where it is. Of two requests for
    one cylinder the earlier in the list is first.
    """
    arm = _Arm(scenario)
    while arm.pending or arm.coming:
        if not arm.pending:
            arm.idle()
        elif scenario.policy == "fcfs":
            arm.serve(min(arm.pending, key=lambda entry: entry[1]))
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
        order = sorted(enumerate(scenario.requests), key=lambda entry: entry[1].arrival, reverse=True)
        self.coming = [(request.arrival, request.cylinder, index) for index, request in order]  # soonest last
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
        self.pending.remove(entry)
        if entry[0] != self.head:
            self.up = entry[0] > self.head
        self.go("serve", *entry)

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
        if entry is not None and not self.overtaken(entry[0]):
            self.serve(entry)
        elif entry is None and self.scenario.policy in ("scan", "c-scan") and self.head != self.edge():
            if not self.overtaken(self.edge()):
                self.go("end", self.edge())
        elif entry is None and self.scenario.policy in ("scan", "look"):
            self.up = not self.up
        elif entry is None:
            first = self.pending[0][0] if self.up else self.pending[-1][0]
            edge = 0 if self.up else self.scenario.cylinders - 1
            self.go("wrap", edge if self.scenario.policy == "c-scan" else first)

    def overtaken(self, target: int) -> bool:
        """Whether a request arrives on the way to target; the arm is then moved to where it is at that moment."""
        if not self.coming or self.coming[-1][0] >= self.now + abs(target - self.head):
            return False
        far = self.coming[-1][0] - self.now
        self.go("pass", self.head + far if self.up else self.head - far)
        return True


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    move = trace.events[index]
    distance = abs(move.target - move.origin)
    if move.kind == "idle":
        return f"From {move.start} to {move.end} nothing is asked for; the arm stays at {move.origin}."
    where = {
        "serve": f"to serve {move.target}",
        "end": "to the edge",
        "wrap": "back without serving",
        "pass": "when another request arrives",
    }[move.kind]
    return f"At {move.start} the arm moves {move.origin} → {move.target}, {where}: {distance}."


# ── measures ────────────────────────────────────────────────────────────────────────────────────────────────────


def order(trace: Trace) -> tuple[int, ...]:
    """The cylinders in the order in which they are served."""
    return tuple(move.target for move in trace.events if move.kind == "serve")


def movement(trace: Trace) -> int:
    """Cylinders crossed in all, wraps included."""
    return sum(abs(move.target - move.origin) for move in trace.events)


def longest_wait(trace: Trace) -> int:
    """The longest time, in ticks, from a request's arrival to its service."""
    requests = trace.scenario.requests
    return max(move.end - requests[move.request].arrival for move in trace.events if move.request is not None)


def _movement_without_wrap(trace: Trace) -> int:
    if not any(move.kind == "wrap" for move in trace.events):
        raise NoAnswer("the arm never wraps")
    return sum(abs(move.target - move.origin) for move in trace.events if move.kind != "wrap")


def _order_steps(trace: Trace) -> tuple[Step, ...]:
    served = [(index, move) for index, move in enumerate(trace.events) if move.kind == "serve"]
    return tuple(
        Step(
            f"From {move.origin} the arm goes on to serve {move.target}.",
            _RULE[trace.scenario.policy],
            move.target,
            n,
            index,
        )
        for n, (index, move) in enumerate(served)
    )


def _movement_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [], 0
    for index, move in enumerate(trace.events):
        total += abs(move.target - move.origin)
        says = f"{tell(trace, index)} Together {total}."
        steps.append(Step(says, _RULE[trace.scenario.policy], total, None, index))
    return tuple(steps)


def _wait_steps(trace: Trace) -> tuple[Step, ...]:
    steps, longest = [], 0
    for index, move in enumerate(trace.events):
        if move.request is not None:
            arrival = trace.scenario.requests[move.request].arrival
            longest = max(longest, move.end - arrival)
            wait = f"{move.target} is served at {move.end}, asked for at {arrival}: {move.end - arrival}."
            says = f"{wait} Longest so far: {longest}."
            steps.append(Step(says, "wait: service minus arrival", longest, None, index))
    return tuple(steps)


_RULE = {
    "fcfs": "FCFS: in order of arrival",
    "sstf": "SSTF: the shortest seek next; a tie goes on in the current direction",
    "scan": "SCAN: serve on the way to the edge, then turn",
    "c-scan": "C-SCAN: serve in one direction only, return from the edge to the other edge",
    "look": "LOOK: turn at the last request of the sweep",
    "c-look": "C-LOOK: serve in one direction only, jump back to the farthest request",
}


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────


def _look(scenario: Scenario) -> Scenario:
    policy = {"scan": "look", "c-scan": "c-look"}.get(scenario.policy, scenario.policy)
    return replace(scenario, policy=policy)


def _other_way(scenario: Scenario) -> Scenario:
    return replace(scenario, direction="down" if scenario.direction == "up" else "up")


def _other_tie(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="tie-turns") if scenario.policy == "sstf" else scenario


def _to_the_end(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="sweep-to-the-end") if scenario.policy in ("scan", "c-scan") else scenario


def _states_tie(_scenario: Scenario) -> str:
    return "Of two requests equally near, the arm takes the one in its current direction."


def _states_end(_scenario: Scenario) -> str:
    return "The last sweep stops at the last request; it does not go on to the edge."


SIMULATOR = Simulator(
    name="disk",
    question="Where does the disk arm go next?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("One cylinder is one unit of time and of movement; serving takes no time.", SOURCE),
        Rule("FCFS and SSTF choose when a request has been served and keep to it on the way.", SOURCE),
        Rule("SSTF: the shortest seek; a tie goes on in the current direction."),
        Rule("SCAN and C-SCAN go to the edge only if requests remain for afterwards.", SOURCE),
        Rule("The last sweep stops at the last request."),
        Rule("C-SCAN's return and C-LOOK's jump serve nothing and count as movement.", SOURCE),
        Rule("A request at the head's cylinder is served at once; an idle arm stays where it is."),
    ),
    measures=(
        Measure(
            name="order",
            gives=SequenceOf("cylinder"),
            of=order,
            help="The cylinders in the order in which they are served.",
            asks="In which order are the cylinders served?",
            steps=_order_steps,
            source=SOURCE,
        ),
        Measure(
            name="movement",
            gives=Number("cylinders"),
            of=movement,
            help="Cylinders crossed in all, the return of C-SCAN and the jump of C-LOOK included.",
            asks="How many cylinders does the arm cross in all?",
            steps=_movement_steps,
            better="low",
            source=SOURCE,
        ),
        Measure(
            name="longest-wait",
            gives=Number("ticks"),
            of=longest_wait,
            help="The longest time from a request's arrival to its service.",
            asks="How long does the request that waits longest wait?",
            steps=_wait_steps,
            better="low",
        ),
    ),
    mistakes=(
        Mistake(
            id="turns-at-last-request",
            clause="the arm turns at the last request of a sweep",
            says="That is LOOK. SCAN goes on to the edge of the disk before it turns.",
            rule=_look,
        ),
        Mistake(
            id="return-not-counted",
            clause="the return to the other side is not counted",
            says="The arm moves on its way back too, although it serves nothing.",
            measures={"movement": _movement_without_wrap},
        ),
        Mistake(
            id="wrong-direction",
            clause="the arm sets out the other way",
            says="The question says in which direction the arm was moving.",
            rule=_other_way,
        ),
        Mistake(
            id="sstf-instead",
            clause="the arm always goes to the nearest request",
            says="That is SSTF.",
            rule=lambda scenario: replace(scenario, policy="sstf"),
        ),
        Mistake(
            id="fcfs-instead",
            clause="requests are served in order of arrival",
            says="That is FCFS.",
            rule=lambda scenario: replace(scenario, policy="fcfs"),
        ),
        Mistake(
            id="tie-turns",
            clause="the arm turns round when two requests are equally near",
            says="Both are read in textbooks; the question says which holds.",
            rule=_other_tie,
            convention=True,
            states=_states_tie,
        ),
        Mistake(
            id="sweep-to-the-end",
            clause="the last sweep goes on to the edge",
            says="Some books let every sweep end at the edge; the question says which holds.",
            rule=_to_the_end,
            convention=True,
            states=_states_end,
        ),
    ),
    examples=(
        Example(
            "silberschatz",
            {"policy": "sstf", "cylinders": 200, "head": 53, "requests": [98, 183, 37, 122, 14, 124, 65, 67]},
            "SSTF crosses 236 cylinders where FCFS crosses 640.",
            SOURCE,
        ),
        Example(
            "c-scan",
            {"policy": "c-scan", "cylinders": 200, "head": 53, "requests": [98, 183, 37, 122, 14, 124, 65, 67]},
            "The arm serves upwards only, and pays for the return.",
            SOURCE,
        ),
    ),
)
