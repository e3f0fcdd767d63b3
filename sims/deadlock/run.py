"""What happens, step by step, in each kind of scenario?

The banker and detection try processes; the graphs list their edges and then the cycle; the static kinds have one
event. `run` gives the trace, `tell` one sentence an event.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sims.deadlock.graph import adjacency, cycle, edges
from sims.deadlock.reduction import (
    Reduction,
    System,
    claimed,
    fits,
    minus,
    need,
    plus,
    reduce,
    waiting,
)
from sims.deadlock.scenario import (
    CHANGES,
    Banker,
    Bound,
    Detection,
    Graph,
    LockOrder,
    Prevention,
    Recovery,
    Scenario,
    Vector,
    WaitFor,
    process_names,
)
from sims.deadlock.victims import cheapest


class Check(NamedTuple):
    """A request is compared with a limit."""

    kind: str  # need | available
    process: str
    amounts: Vector
    limit: Vector
    passes: bool


class Turn(NamedTuple):
    """A process finishes, or is found stuck."""

    kind: str  # finish | stuck | holds-nothing (stuck, but nobody can wait for it)
    process: str
    wants: Vector
    before: Vector  # free units when it was looked at
    after: Vector | None = None  # free units once it has given back; None if it is stuck
    lacks: tuple[str, ...] = ()  # the types that it lacks


class Arc(NamedTuple):
    """An edge of the graph."""

    kind: str  # waits | requests | held-by | before
    origin: str
    target: str
    label: str
    on_cycle: bool


class Found(NamedTuple):
    """What the whole comes to."""

    kind: str  # cycle | no-cycle | victims | breaks | bound
    names: tuple[str, ...]
    says: str


Event = Check | Turn | Arc | Found


@dataclass(frozen=True, slots=True)
class Trace:
    """What was tried, in order."""

    scenario: Any  # of one of the kinds
    events: tuple[Event, ...]


def run(scenario: Scenario) -> Trace:
    """The steps by which the scenario is decided.

    Reductions let the first process of the list finish that fits, then begin at the top again; who is left over does
    not depend on that. A request is compared with the need first, then with what is available; then it is granted
    on trial and the reduction decides. Edges come in list order; the cycle shown is a shortest one through the
    first name that lies on any.
    """
    return Trace(scenario, tuple(_RUNS[type(scenario)](scenario)))


def _banker(scenario: Banker) -> Iterator[Event]:
    if scenario.request is not None:
        checks = tuple(_checks(scenario))
        yield from checks
        if not all(check.passes for check in checks):
            return
        scenario = granted(scenario)
    yield from turns(scenario)


def _checks(scenario: Banker) -> Iterator[Check]:
    """Need first; available only if the need allows it."""
    assert scenario.request is not None
    process, amounts = scenario.request.process, scenario.request.amounts
    row = process_names(scenario).index(process)
    limit = scenario.max[row] if scenario.misrule == "request-against-max" else need(scenario)[row]
    yield Check("need", process, amounts, limit, fits(amounts, limit))
    if fits(amounts, limit):
        yield Check("available", process, amounts, scenario.available, fits(amounts, scenario.available))


def granted(scenario: Banker) -> Banker:
    """The state after the request is granted; units in all stay the same if it fits."""
    assert scenario.request is not None
    amounts = scenario.request.amounts
    asker = process_names(scenario).index(scenario.request.process)
    rows = tuple(plus(row, amounts) if index == asker else row for index, row in enumerate(scenario.allocation))
    # Only the mistaken let a process pass its claim, or take what is not there: then it wants no more.
    claims = tuple(tuple(map(max, zip(*pair, strict=True))) for pair in zip(scenario.max, rows, strict=True))
    left = tuple(max(units, 0) for units in minus(scenario.available, amounts))
    return replace(scenario, available=left, allocation=rows, max=claims, request=None)


def reduced(scenario: Any) -> tuple[System, Reduction]:
    """The system that a kind reduces (need for the banker, request else), and its reduction."""
    system = claimed(scenario) if isinstance(scenario, Banker) else waiting(scenario)
    return system, reduce(system, gives_back=gives_back(scenario))


def gives_back(scenario: Any) -> bool:
    """False under the mistake that a finished process keeps what it held."""
    return getattr(scenario, "misrule", "") != "no-give-back"


def turns(scenario: Any) -> Iterator[Turn]:
    """The reduction, one process at a time, those that are stuck last."""
    system, reduction = reduced(scenario)
    for process, before, after in reduction.finished:
        yield Turn("finish", system.names[process], system.wants[process], before, after)
    for process in reduction.stuck:
        wants, work = system.wants[process], reduction.work
        lacks = tuple(name for name, a, b in zip(system.resources, wants, work, strict=True) if a > b)
        kind = "stuck" if any(system.allocation[process]) or isinstance(scenario, Banker) else "holds-nothing"
        yield Turn(kind, system.names[process], wants, work, None, lacks)


def _recovery(scenario: Recovery) -> Iterator[Event]:
    yield from turns(scenario)
    names = process_names(scenario)
    victims = cheapest(scenario)
    total = sum(scenario.costs[index] for index in victims)
    aborted = tuple(names[index] for index in victims)
    says = f"Aborting {' '.join(aborted)} costs {total} and frees the rest." if aborted else "Nobody is deadlocked."
    yield Found("victims", aborted, says)


def _graph(scenario: WaitFor | Graph | LockOrder) -> Iterator[Event]:
    found = edges(scenario)
    ring = cycle(adjacency(found))
    steps = set(zip(ring, (*ring[1:], *ring[:1]), strict=True))
    for edge in found:
        yield Arc(edge.kind, edge.origin, edge.target, edge.label, (edge.origin, edge.target) in steps)
    if ring:
        yield Found("cycle", ring, f"There is a cycle: {' → '.join((*ring, ring[0]))}.")
    else:
        yield Found("no-cycle", (), "There is no cycle.")
    if isinstance(scenario, Graph):
        yield from turns(scenario)


def _prevention(scenario: Prevention) -> Iterator[Event]:
    condition, says, _ = CHANGES[scenario.change]
    yield Found("breaks", (condition,), f"{says} That breaks {condition}.")


def _bound(scenario: Bound) -> Iterator[Event]:
    worst, n, most = scenario.processes * (scenario.most - 1), scenario.processes, scenario.most
    says = f"In the worst case each of {n} processes holds {most - 1} and wants one more: {worst} units are held."
    yield Found("bound", (), says)


_RUNS: dict[type[Any], Callable[[Any], Iterator[Event]]] = {
    Banker: _banker,
    Detection: turns,
    Recovery: _recovery,
    WaitFor: _graph,
    Graph: _graph,
    LockOrder: _graph,
    Prevention: _prevention,
    Bound: _bound,
}


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    if isinstance(event, Check):
        return _tell_check(event)
    if isinstance(event, Turn):
        return tell_turn(event)
    return _tell_arc(event) if isinstance(event, Arc) else event.says


def _tell_check(check: Check) -> str:
    what = "its need" if check.kind == "need" else "what is available"
    verdict = "within" if check.passes else "beyond"
    end = "" if check.passes else ": it is refused" if check.kind == "need" else ": it must wait"
    return f"{check.process} asks for {show(check.amounts)}, {verdict} {what} {show(check.limit)}{end}."


def tell_turn(turn: Turn) -> str:
    """One sentence on a process that finishes or is stuck."""
    if turn.after is not None:
        wants = f"wants {show(turn.wants)}, free are {show(turn.before)}"
        return f"{turn.process} {wants}: it can finish; then {show(turn.after)} are free."
    short = f"{turn.process} wants {show(turn.wants)}, free are {show(turn.before)}: it lacks {' '.join(turn.lacks)}"
    return f"{short}." if turn.kind == "stuck" else f"{short}, but it holds nothing that others wait for."


def _tell_arc(arc: Arc) -> str:
    if arc.kind == "waits":
        return f"{arc.origin} waits for {arc.label}, which {arc.target} holds."
    if arc.kind == "before":
        return f"{arc.label} acquires {arc.target} while it holds {arc.origin}."
    verb = "asks for" if arc.kind == "requests" else "is held by"
    return f"{arc.origin} {verb} {arc.target}."


def show(vector: Vector) -> str:
    """Units as textbooks write them: (3 3 2)."""
    return f"({' '.join(map(str, vector))})"
