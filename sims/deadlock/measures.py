"""What can be asked about a deadlock? Each measure is a function of the trace; its steps are in `steps`."""

from collections.abc import Callable, Mapping
from typing import Any

from sims.deadlock import steps
from sims.deadlock.graph import adjacency, cycle, edges, is_cycle
from sims.deadlock.reduction import claimed, deadlocked, need, reduce, sequences, waiting, walks
from sims.deadlock.run import Check, Trace, gives_back
from sims.deadlock.scenario import (
    CHANGES,
    CONDITIONS,
    Banker,
    Bound,
    Detection,
    Graph,
    LockOrder,
    Prevention,
    Recovery,
    Vector,
    WaitFor,
    process_names,
    resource_names,
)
from sims.deadlock.victims import cheapest, cures
from sims.declare import Measure, NoAnswer, Number, OneOf, RowsOf, SequenceOf, SetOf, TableOf, YesNo

VERDICTS = ("exceeds-need", "wait", "unsafe", "grant")


def needs(trace: Trace) -> Mapping[str, Vector]:
    """Max minus allocation, by process."""
    return dict(zip(process_names(trace.scenario), need(trace.scenario), strict=True))


def safe(trace: Trace) -> bool:
    """Whether some order lets every process have its whole need, as the state stands (before any request)."""
    scenario = trace.scenario
    return not reduce(claimed(scenario), gives_back=gives_back(scenario)).stuck


def safe_sequence(trace: Trace) -> tuple[str, ...]:
    """A safe sequence: the first of the list that fits each time. Raises NoAnswer in an unsafe state."""
    system = claimed(trace.scenario)
    reduction = reduce(system, gives_back=gives_back(trace.scenario))
    if reduction.stuck:
        raise NoAnswer("the state is unsafe; there is no safe sequence")
    return tuple(system.names[finish.process] for finish in reduction.finished)


def accepts_sequence(trace: Trace, value: tuple[str, ...]) -> bool:
    """Whether the sequence is safe: found by walking it."""
    return walks(claimed(trace.scenario), value)


def work(trace: Trace) -> tuple[tuple[Any, ...], ...]:
    """Who finishes, and what is free after each: the first of the list that fits, then from the top again."""
    system = claimed(trace.scenario)
    reduction = reduce(system, gives_back=gives_back(trace.scenario))
    return tuple((system.names[finish.process], *finish.after) for finish in reduction.finished)


def next_work(trace: Trace, rows: tuple[tuple[Any, ...], ...]) -> tuple[Any, ...] | None:
    """The next to finish if these have, and what is free then, by their own numbers; None where nobody fits."""
    system = claimed(trace.scenario)
    finished = {row[0] for row in rows}
    free = tuple(rows[-1][1:]) if rows else system.available
    if not finished <= set(system.names) or not all(type(units) is int for units in free):
        raise NoAnswer("nothing follows from these rows")
    for name, wants, held in zip(system.names, system.wants, system.allocation, strict=True):
        if name not in finished and all(wanted <= units for wanted, units in zip(wants, free, strict=True)):
            return (name, *(units + given for units, given in zip(free, held, strict=True)))
    return None


def work_columns(scenario: Any) -> tuple[str, ...]:
    """The process, then each resource type."""
    return ("process", *resource_names(scenario))


def safe_sequences(trace: Trace) -> int:
    """How many safe sequences there are; 0 in an unsafe state. Raises Limit."""
    return sequences(claimed(trace.scenario), gives_back=gives_back(trace.scenario))


def request_verdict(trace: Trace) -> str:
    """exceeds-need, wait, unsafe or grant, in this order of checking."""
    failed = next((event for event in trace.events if isinstance(event, Check) and not event.passes), None)
    if failed is not None:
        return "exceeds-need" if failed.kind == "need" else "wait"
    return "unsafe" if any(event.kind == "stuck" for event in trace.events) else "grant"


def deadlocked_set(trace: Trace) -> frozenset[str]:
    """Everyone whom the reduction cannot finish, without those that hold nothing."""
    system = waiting(trace.scenario)
    return frozenset(system.names[index] for index in deadlocked(system, gives_back=gives_back(trace.scenario)))


def cycle_of(trace: Trace) -> tuple[str, ...]:
    """The nodes of a cycle in the direction of its arrows. Raises NoAnswer where there is none."""
    found = cycle(adjacency(edges(trace.scenario)))
    if not found:
        raise NoAnswer("the graph has no cycle")
    return found


def accepts_cycle(trace: Trace, value: tuple[str, ...]) -> bool:
    """Whether the value is a cycle, from whichever node it begins (which may be repeated at its end)."""
    nodes = value[:-1] if len(value) > 1 and value[0] == value[-1] else value
    return is_cycle(adjacency(edges(trace.scenario)), nodes)


def order_violation(trace: Trace) -> tuple[str, ...]:
    """Locks of which each is taken while the one before is held, the first while the last is; empty if none."""
    return cycle(adjacency(edges(trace.scenario)))


def accepts_violation(trace: Trace, value: tuple[str, ...]) -> bool:
    """Whether the value is such a cycle of locks; nothing where there is none."""
    return accepts_cycle(trace, value) if order_violation(trace) else not value


def cheapest_victims(trace: Trace) -> frozenset[str]:
    """Whom to abort: least total cost, then fewest, then list order. Raises Limit."""
    names = process_names(trace.scenario)
    return frozenset(names[index] for index in cheapest(trace.scenario))


def accepts_victims(trace: Trace, value: frozenset[str]) -> bool:
    """Whether the value ends the deadlock as cheaply and with as few victims: any such set will do."""
    scenario = trace.scenario
    place = {name: index for index, name in enumerate(process_names(scenario))}
    given, right = tuple(sorted(place[name] for name in value)), cheapest(scenario)
    price = [sum(scenario.costs[index] for index in victims) for victims in (given, right)]
    return price[0] == price[1] and len(given) == len(right) and cures(waiting(scenario), given)


def coffman(trace: Trace) -> str:
    """The condition that the change breaks."""
    return CHANGES[trace.scenario.change][0]


def deadlock_free_bound(trace: Trace) -> bool:
    """Whether n(k − 1) < m: even when each process lacks one unit, one unit is left."""
    scenario = trace.scenario
    return bool(scenario.processes * (scenario.most - 1) < scenario.units)


def fewest_units(trace: Trace) -> int:
    """The fewest units with which these processes can never deadlock: n(k − 1) + 1."""
    return int(trace.scenario.processes * (trace.scenario.most - 1) + 1)


def most_processes(trace: Trace) -> int:
    """The most processes that these units serve without deadlock. Raises NoAnswer when one unit each is enough."""
    scenario = trace.scenario
    if scenario.most == 1:
        raise NoAnswer("processes that want one unit each never deadlock, however many they are")
    return int((scenario.units - 1) // (scenario.most - 1))


def _is(*kinds: type[Any]) -> Callable[[Any], bool]:
    return lambda scenario: isinstance(scenario, kinds)


def _claims(scenario: Any) -> bool:
    return isinstance(scenario, Banker) or (isinstance(scenario, Detection) and bool(scenario.max))


def _nodes(scenario: Any) -> tuple[str, ...]:
    return process_names(scenario) + (resource_names(scenario) if isinstance(scenario, Graph) else ())


MEASURES = (
    Measure(
        name="need",
        gives=RowsOf(process_names, resource_names),
        of=needs,
        help="Max minus allocation: what each process may still ask for.",
        asks="What is the need of each process?",
        steps=steps.of_need,
        applies=_claims,
        source="silberschatz-10 8.6.3",
    ),
    Measure(
        name="safe",
        gives=YesNo(),
        of=safe,
        help="Whether some order lets every process have its whole need; a request is not counted in.",
        asks="Is the state safe?",
        steps=steps.of_safe,
        applies=_claims,
        source="silberschatz-10 8.6.3.1",
    ),
    Measure(
        name="safe-sequence",
        gives=SequenceOf("process", process_names),
        of=safe_sequence,
        help="An order in which every process can have its whole need and finish; any valid one is right.",
        asks="Give a safe sequence.",
        steps=steps.of_sequence,
        accepts=accepts_sequence,
        applies=_claims,
        source="silberschatz-10 8.6.1",
    ),
    Measure(
        name="work",
        gives=TableOf(work_columns, "turn"),
        of=work,
        help="Who can finish, one after the other, and what is free after each; the first of the list that fits.",
        asks="Who finishes, and what is free after each? Always the first of the list that can, then from the top.",
        steps=steps.of_work,
        applies=_claims,
        follows=next_work,
        source="silberschatz-10 8.6.3.1",
    ),
    Measure(
        name="safe-sequences",
        gives=Number("sequences"),
        of=safe_sequences,
        help="How many safe sequences there are; 0 in an unsafe state.",
        asks="How many safe sequences are there?",
        steps=steps.of_count,
        applies=_claims,
        source="silberschatz-10 8.6.1",
    ),
    Measure(
        name="request-verdict",
        gives=OneOf(VERDICTS),
        of=request_verdict,
        help="What the banker says to the request: exceeds-need, wait, unsafe or grant, checked in this order.",
        asks="What does the banker say to the request?",
        steps=steps.of_verdict,
        applies=lambda scenario: isinstance(scenario, Banker) and scenario.request is not None,
        source="silberschatz-10 8.6.3.2",
    ),
    Measure(
        name="deadlocked",
        gives=SetOf("process", process_names),
        of=deadlocked_set,
        help="Who is deadlocked: holds something, and cannot finish however the others behave.",
        asks="Which of them are deadlocked?",
        steps=steps.of_deadlocked,
        applies=_is(Detection, Recovery, WaitFor, Graph),
        source="silberschatz-10 8.7.2",
    ),
    Measure(
        name="cycle",
        gives=SequenceOf("node", _nodes),
        of=cycle_of,
        help="The nodes of a cycle, along the arrows; any cycle is right, from any of its nodes.",
        asks="Name the nodes of a cycle in order, along the arrows.",
        steps=steps.of_cycle,
        accepts=accepts_cycle,
        applies=_is(WaitFor, Graph),
        source="silberschatz-10 8.3.2",
    ),
    Measure(
        name="order-violation",
        gives=SequenceOf("lock", resource_names),
        of=order_violation,
        help="Locks in a circle, each taken while the one before is held; none where one order fits all threads.",
        asks="Which locks are taken in a circle, each while the one before is held? (none, if there is no circle)",
        steps=steps.of_violation,
        accepts=accepts_violation,
        applies=_is(LockOrder),
        source="kernel-lockdep",
    ),
    Measure(
        name="cheapest-victims",
        gives=SetOf("process", process_names),
        of=cheapest_victims,
        help="Whom to abort to end the deadlock: least total cost, then fewest.",
        asks="Which processes are aborted to end the deadlock at the least total cost (then the fewest)?",
        steps=steps.of_victims,
        accepts=accepts_victims,
        applies=_is(Recovery),
        source="silberschatz-10 8.8.1",
    ),
    Measure(
        name="coffman",
        gives=OneOf(CONDITIONS),
        of=coffman,
        help="Which of the four conditions of deadlock the change breaks.",
        asks="Which of the four conditions does this break?",
        steps=steps.of_coffman,
        applies=_is(Prevention),
        source="silberschatz-10 8.5",
    ),
    Measure(
        name="deadlock-free-bound",
        gives=YesNo(),
        of=deadlock_free_bound,
        help="Whether deadlock is impossible: n processes of at most k units each, m units: iff n(k − 1) < m.",
        asks="Is deadlock impossible, in whatever order they ask?",
        steps=steps.of_bound,
        applies=_is(Bound),
        source="silberschatz-10 exercise 8.21",
    ),
    Measure(
        name="fewest-units",
        gives=Number("units"),
        of=fewest_units,
        help="The fewest units with which the processes can never deadlock.",
        asks="How many units do these processes need at least, so that they can never deadlock?",
        steps=steps.of_units,
        better="low",
        applies=_is(Bound),
    ),
    Measure(
        name="most-processes",
        gives=Number("processes"),
        of=most_processes,
        help="The most processes of at most k units each that the units serve without any deadlock.",
        asks="How many such processes can share these units at most, so that they can never deadlock?",
        steps=steps.of_most,
        better="high",
        applies=lambda scenario: isinstance(scenario, Bound) and scenario.most > 1,
    ),
)
