"""How is each answer reached? A schedule that shows it, or the sum; the last step has the answer."""

from collections.abc import Mapping
from dataclasses import replace
from math import factorial
from typing import Any

from sims.declare import NoAnswer, Step
from sims.threads.explore import Reached, counts, deadlocks, full, label, outcome, outcomes, replay
from sims.threads.machine import machine
from sims.threads.program import Scenario, observed, thread_names
from sims.threads.races import conflict, first_crowd, first_race, raced
from sims.threads.run import Trace, run, tell

STEPS = "interleaving: each step is taken whole, in any order that keeps each thread's own"
RACE = "race: two plain accesses to one variable, one a store, both next"


def _shown(scenario: Scenario, schedule: tuple[int, ...], rule: str = STEPS) -> list[Step]:
    """A schedule, step by step."""
    if not schedule:
        return []
    names = tuple(thread_names(scenario)[thread] for thread in schedule)
    trace = run(replace(scenario, schedule=names))
    return [Step(tell(trace, index), rule, names[index], index) for index in range(len(names))]


def _ways(scenario: Scenario) -> dict[tuple[int, ...], int]:
    """The nearest completed state of each outcome, least outcome first."""
    reached = full(scenario)
    found: dict[tuple[int, ...], int] = {}
    for index in reached.ends:
        if reached.machine.completed(reached.states[index]):
            found.setdefault(outcome(reached, reached.states[index]), index)
    return dict(sorted(found.items()))


def _said(scenario: Scenario, values: tuple[int, ...]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(observed(scenario), values, strict=True))


def _each(trace: Trace) -> list[Step]:
    """One schedule for every outcome."""
    reached, names = full(trace.scenario), thread_names(trace.scenario)
    return [
        Step(
            f"{_said(trace.scenario, values)} after {' '.join(names[t] for t in reached.schedule(index))}.",
            STEPS,
            values[0] if len(values) == 1 else values,
        )
        for values, index in _ways(trace.scenario).items()
    ]


def of_outcomes(trace: Trace) -> tuple[Step, ...]:
    found = outcomes(trace.scenario)
    one = len(observed(trace.scenario)) == 1
    values = frozenset(v[0] for v in found) if one else frozenset(_said(trace.scenario, v) for v in found)
    text = " ".join(map(str, sorted(values, key=lambda v: (str(type(v)), v)))) or "none"
    return (*_each(trace), Step(f"No other end is possible: {text}.", STEPS, values))


def of_states(trace: Trace) -> tuple[Step, ...]:
    rows = tuple(sorted(outcomes(trace.scenario)))
    text = "; ".join(_said(trace.scenario, row) for row in rows) or "none"
    return (*_each(trace), Step(f"No other end is possible: {text}.", STEPS, rows))


def of_counts(trace: Trace) -> tuple[Step, ...]:
    found = counts(trace.scenario)
    rule = "counting: ways to a state = the sum of the ways to the states before it"
    steps = []
    for values, ways in found.items():
        key = label(values, observed(trace.scenario))
        steps.append(Step(f"{ways} end with {_said(trace.scenario, values)}.", rule, ways, key))
    return (Step(f"There are {sum(found.values())} interleavings in all.", rule, sum(found.values())), *steps)


def of_interleavings(trace: Trace) -> tuple[Step, ...]:
    total = sum(counts(trace.scenario).values())
    lengths = [len(places) for places in machine(trace.scenario).places]
    parts = " × ".join(f"{length}!" for length in lengths)
    rule = "straight code that never waits: (n1 + n2 + …)! / (n1! × n2! × …)"
    free = factorial(sum(lengths))
    for length in lengths:
        free //= factorial(length)
    if free == total:
        return (Step(f"{sum(lengths)}! / ({parts}) = {total}.", rule, total),)
    first = Step(f"Without waiting and jumps there would be {sum(lengths)}! / ({parts}) = {free}.", rule, free)
    return first, Step(f"Waiting and jumps leave {total}.", "counting: state by state", total)


def _extreme(trace: Trace, *, least: bool) -> tuple[Step, ...]:
    values = [one[0] for one in outcomes(trace.scenario)]
    if not values:
        raise NoAnswer("no schedule lets all threads finish")
    best = min(values) if least else max(values)
    index = next(index for one, index in _ways(trace.scenario).items() if one[0] == best)
    shown = _shown(trace.scenario, full(trace.scenario).schedule(index))
    word = "less" if least else "more"
    return (*shown, Step(f"So {observed(trace.scenario)[0]} = {best}; no schedule ends with {word}.", STEPS, best))


def of_minimum(trace: Trace) -> tuple[Step, ...]:
    return _extreme(trace, least=True)


def of_maximum(trace: Trace) -> tuple[Step, ...]:
    return _extreme(trace, least=False)


def of_possible(trace: Trace, value: int) -> tuple[Step, ...]:
    index = next((index for one, index in _ways(trace.scenario).items() if one[0] == value), None)
    if index is None:
        return (Step(f"No schedule ends with {value}.", STEPS, False),)
    shown = _shown(trace.scenario, full(trace.scenario).schedule(index))
    return (*shown, Step(f"This schedule ends with {value}: yes.", STEPS, True))


def of_deadlocks(trace: Trace) -> tuple[Step, ...]:
    reached = full(trace.scenario)
    dead = deadlocks(reached)
    if not dead:
        return (Step("From every state that can be reached somebody can go on, or all are done: no.", STEPS, False),)
    shown = _shown(trace.scenario, reached.schedule(dead[0]))
    return (*shown, Step("Now nobody can go on, and not all are done: a deadlock.", STEPS, True))


def of_shortest(trace: Trace, outcome: Any) -> tuple[Step, ...]:
    names = observed(trace.scenario)
    for values, index in _ways(trace.scenario).items():
        if label(values, names) == str(outcome).replace(" ", ""):
            schedule = full(trace.scenario).schedule(index)
            order = tuple(thread_names(trace.scenario)[thread] for thread in schedule)
            return (*_shown(trace.scenario, schedule), Step(f"The schedule: {' '.join(order)}.", STEPS, order))
    raise NoAnswer(f"no schedule ends with {outcome}")


def _witness(trace: Trace, reached: Reached, index: int | None, says: Mapping[bool, str]) -> tuple[Step, ...]:
    if index is None:
        return (Step(says[False], STEPS, False),)
    return (*_shown(trace.scenario, reached.schedule(index)), Step(says[True], STEPS, True))


def of_exclusion(trace: Trace) -> tuple[Step, ...]:
    reached = full(trace.scenario)
    says = {True: "Two threads are inside at once: yes.", False: "In no state that can be reached are two inside: no."}
    return _witness(trace, reached, first_crowd(reached), says)


def of_race(trace: Trace) -> tuple[Step, ...]:
    reached = full(trace.scenario)
    index = first_race(reached)
    if index is None:
        return (Step("Never are two such accesses next at once: no race.", RACE, False),)
    state = reached.states[index]
    accesses = [[*(place.access for place in thread), ("", "")] for thread in reached.machine.places]
    pair = conflict([thread[state[number]] for number, thread in enumerate(accesses)])
    assert pair is not None
    names, places = thread_names(trace.scenario), reached.machine.places
    told = [f"{names[thread]} next: {places[thread][state[thread]].instruction.text}" for thread in pair]
    return (
        *_shown(trace.scenario, reached.schedule(index), RACE),
        Step(f"{'; '.join(told)}: neither waits for the other. A race.", RACE, True),
    )


def of_raced(trace: Trace) -> tuple[Step, ...]:
    scenario = trace.scenario
    reached = full(scenario)
    found = raced(reached)
    steps = []
    for name, _ in scenario.shared:
        says = "two threads can be about to touch it, one to store." if name in found else "never that: no race."
        steps.append(Step(f"{name}: {says}", RACE, name in found, name))
    return (*steps, Step(f"Races: {' '.join(sorted(found)) or 'none'}.", RACE, found))


def of_final(trace: Trace) -> tuple[Step, ...]:
    scenario = trace.scenario
    states = replay(scenario, scenario.schedule)
    steps = [Step(tell(trace, index), STEPS, None, None, index) for index in range(len(states) - 1)]
    name = observed(scenario)[0]
    value = states[-1][machine(scenario).slots[name]]
    return (*steps, Step(f"In the end {name} = {value}.", STEPS, value))
