"""How is each answer reached? The worked solutions, about the instance at hand; the last step has the answer."""

from itertools import pairwise
from typing import Any

from sims.deadlock.graph import adjacency, cycle, edges
from sims.deadlock.reduction import claimed, need, reduce, sequences
from sims.deadlock.run import Arc, Check, Trace, Turn, gives_back, reduced, show, tell, tell_turn
from sims.deadlock.scenario import CHANGES, process_names
from sims.deadlock.victims import cheapest, without
from sims.declare import Step

NEED = "need: max minus allocation"
SAFETY = "safety: whoever fits finishes and gives back all that it held"
DETECTION = "detection: assume that whoever fits finishes and gives back"
REQUEST = "request: against the need, then what is available, then safety after a grant on trial"
CYCLE = "cycle: follow the arrows until a node comes again"


def of_need(trace: Trace) -> tuple[Step, ...]:
    scenario = trace.scenario
    rows = zip(process_names(scenario), scenario.max, scenario.allocation, need(scenario), strict=True)
    return tuple(
        Step(f"{name}: max {show(claim)} minus allocation {show(held)} = {show(rest)}.", NEED, rest, name)
        for name, claim, held, rest in rows
    )


def _turns(trace: Trace, rule: str) -> list[Step]:
    """The reduction of the state as it stands, one step a process."""
    system = claimed(trace.scenario)
    reduction = reduce(system, gives_back=gives_back(trace.scenario))
    steps = []
    for place, (process, before, after) in enumerate(reduction.finished):
        turn = Turn("finish", system.names[process], system.wants[process], before, after)
        steps.append(Step(tell_turn(turn), rule, system.names[process], place))
    for process in reduction.stuck:
        wants = system.wants[process]
        lacks = tuple(n for n, a, b in zip(system.resources, wants, reduction.work, strict=True) if a > b)
        turn = Turn("stuck", system.names[process], wants, reduction.work, None, lacks)
        steps.append(Step(tell_turn(turn), rule, system.names[process]))
    return steps


def of_safe(trace: Trace) -> tuple[Step, ...]:
    stuck = [step for step in _turns(trace, SAFETY) if "lacks" in step.says]
    says = f"{' '.join(step.value for step in stuck)} cannot finish: unsafe." if stuck else "All can finish: safe."
    return (*_turns(trace, SAFETY), Step(says, SAFETY, not stuck))


def of_sequence(trace: Trace) -> tuple[Step, ...]:
    steps = _turns(trace, SAFETY)
    order = tuple(step.value for step in steps if step.key is not None)
    return (*steps, Step(f"One safe sequence is {' '.join(order)}.", SAFETY, order))


def of_work(trace: Trace) -> tuple[Step, ...]:
    """One step a process that finishes, then who is stuck; the last has the whole table."""
    system = claimed(trace.scenario)
    reduction = reduce(system, gives_back=gives_back(trace.scenario))
    rows = tuple((system.names[finish.process], *finish.after) for finish in reduction.finished)
    told = _turns(trace, SAFETY)
    finished = [step._replace(value=row) for step, row in zip(told, rows, strict=False)]
    last = Step(f"In the end {show(reduction.work)} is free.", SAFETY, rows)
    return (*finished, *told[len(rows) :], last)


def of_count(trace: Trace) -> tuple[Step, ...]:
    """How many sequences begin with each process that fits at once."""
    system = claimed(trace.scenario)
    total = sequences(system, gives_back=gives_back(trace.scenario))
    steps = []
    for process, wants in enumerate(system.wants):
        if all(a <= b for a, b in zip(wants, system.available, strict=True)):
            count = _beginning_with(trace, process)
            steps.append(Step(f"{count} begin with {system.names[process]}.", SAFETY, count, system.names[process]))
    return (*steps, Step(f"Together {total}; nobody else fits at the start.", SAFETY, total))


def _beginning_with(trace: Trace, process: int) -> int:
    """Sequences that begin with this process: those of the rest after it has given back."""
    return sequences(without(claimed(trace.scenario), (process,)))


def of_verdict(trace: Trace) -> tuple[Step, ...]:
    steps = [Step(tell(trace, index), REQUEST, None, None, index) for index in range(len(trace.events))]
    last = trace.events[-1]
    if isinstance(last, Check) and not last.passes:
        verdict = "exceeds-need" if last.kind == "need" else "wait"
    else:
        verdict = "unsafe" if any(event.kind == "stuck" for event in trace.events) else "grant"
    return (*steps, Step(f"The verdict is {verdict}.", REQUEST, verdict))


def of_deadlocked(trace: Trace) -> tuple[Step, ...]:
    system, reduction = reduced(trace.scenario)
    steps = [Step(_turn(system, *finish), DETECTION, None) for finish in reduction.finished]
    left = [process for process in reduction.stuck if any(system.allocation[process])]
    idle = [process for process in reduction.stuck if process not in left]
    steps += [Step(f"{system.names[p]} waits too, but holds nothing: it is not part of it.", DETECTION) for p in idle]
    names = frozenset(system.names[process] for process in left)
    says = f"{' '.join(system.names[p] for p in left)}: none can go on." if left else "Everybody who holds can finish."
    return (*steps, Step(says, DETECTION, names))


def _turn(system: Any, process: int, before: Any, after: Any) -> str:
    return tell_turn(Turn("finish", system.names[process], system.wants[process], before, after))


def of_cycle(trace: Trace) -> tuple[Step, ...]:
    ring = cycle(adjacency(edges(trace.scenario)))
    arcs = {(arc.origin, arc.target): index for index, arc in enumerate(trace.events) if isinstance(arc, Arc)}
    steps = [
        Step(tell(trace, arcs[pair]), CYCLE, pair[0], place, arcs[pair])
        for place, pair in enumerate(pairwise((*ring, *ring[:1])))
    ]
    says = f"The cycle is {' → '.join((*ring, ring[0]))}." if ring else "No node comes again: there is no cycle."
    return (*steps, Step(says, CYCLE, ring))


def of_violation(trace: Trace) -> tuple[Step, ...]:
    steps = of_cycle(trace)
    if len(steps) > 1:
        return steps
    found = [Step(tell(trace, index), CYCLE, None, None, index) for index in range(len(trace.events) - 1)]
    return (*found, Step("One order fits them all: none.", CYCLE, ()))


def of_victims(trace: Trace) -> tuple[Step, ...]:
    names, costs = process_names(trace.scenario), trace.scenario.costs
    left = of_deadlocked(trace)
    victims = cheapest(trace.scenario)
    prices = ", ".join(f"{names[i]} {costs[i]}" for i in range(len(names)) if names[i] in left[-1].value)
    aborted = frozenset(names[index] for index in victims)
    total = sum(costs[index] for index in victims)
    rule = "recovery: least total cost, then fewest, then list order"
    if not victims:
        return (*left, Step("Nobody needs to be aborted.", rule, aborted))
    says = f"Aborting {' '.join(names[index] for index in victims)} for {total} frees the rest; nothing cheaper does."
    return (*left, Step(f"The costs: {prices}.", rule), Step(says, rule, aborted))


def of_coffman(trace: Trace) -> tuple[Step, ...]:
    condition, says, _ = CHANGES[trace.scenario.change]
    return (Step(f"{says} {_WHY[condition]}", "prevention: one of the four conditions must fail", condition),)


_WHY = {
    "mutual-exclusion": "Nobody has to have the resource alone any more.",
    "hold-and-wait": "Nobody holds one thing while it waits for another.",
    "no-preemption": "What is held can be taken back before its holder is done.",
    "circular-wait": "A circle would have to go down somewhere, and nobody may.",
}
_PIGEONS = "worst case: everybody holds one unit less than its most, and asks for one more"


def of_bound(trace: Trace) -> tuple[Step, ...]:
    s = trace.scenario
    worst = s.processes * (s.most - 1)
    first = Step(
        f"At worst {s.processes} × ({s.most} − 1) = {worst} units are held and nobody is done.", _PIGEONS, worst
    )
    free = worst < s.units
    left = f"{worst} is less than {s.units}: a unit is left, and somebody finishes."
    none = f"{s.units} units are not more than {worst}: all can be held with everybody waiting."
    return first, Step(left if free else none, _PIGEONS, free)


def of_units(trace: Trace) -> tuple[Step, ...]:
    s = trace.scenario
    worst = s.processes * (s.most - 1)
    first = Step(
        f"At worst {s.processes} × ({s.most} − 1) = {worst} units are held and nobody is done.", _PIGEONS, worst
    )
    return first, Step(f"One more lets somebody finish: {worst + 1}.", _PIGEONS, worst + 1)


def of_most(trace: Trace) -> tuple[Step, ...]:
    s = trace.scenario
    answer = (s.units - 1) // (s.most - 1)
    says = f"n × ({s.most} − 1) must stay below {s.units}: n is at most ({s.units} − 1) / ({s.most} − 1), so {answer}."
    return (Step(says, _PIGEONS, answer),)
