"""What can be asked of everything that may happen? Measures of all schedules, and of the one that is shown."""

from collections.abc import Mapping
from typing import Any

from sims.declare import Argument, MapOf, Measure, NoAnswer, Number, SequenceOf, SetOf, TableOf, YesNo
from sims.threads import steps
from sims.threads.explore import counts, deadlocks, ends, full, label, outcomes, replay, shortest, stands
from sims.threads.machine import machine
from sims.threads.program import Scenario, observed, thread_names
from sims.threads.races import first_crowd, first_race, raced
from sims.threads.run import Trace

LEAST, MOST = -1_000_000, 1_000_000


def labels(scenario: Scenario) -> tuple[str, ...]:
    """The possible outcomes as names, least first. Raises Limit."""
    return tuple(label(one, observed(scenario)) for one in sorted(outcomes(scenario)))


def single(scenario: Scenario) -> bool:
    """Whether one variable makes up the outcome."""
    return len(observed(scenario)) == 1


def outcome_set(trace: Trace) -> frozenset[int | str]:
    """Final values of the observed variable; `x=1,y=0` where there are several. Deadlocks have no outcome."""
    found = outcomes(trace.scenario)
    if single(trace.scenario):
        return frozenset(values[0] for values in found)
    return frozenset(label(values, observed(trace.scenario)) for values in found)


def final_states(trace: Trace) -> tuple[tuple[int, ...], ...]:
    """The possible outcomes as rows, one value an observed variable, least first."""
    return tuple(sorted(outcomes(trace.scenario)))


def accepts_states(trace: Trace, value: tuple[tuple[int, ...], ...]) -> bool:
    """The rows in any order, each once."""
    return len(set(value)) == len(value) and {tuple(row) for row in value} == outcomes(trace.scenario)


def outcome_counts(trace: Trace) -> Mapping[str, int]:
    """Interleavings that end in each outcome. Raises NoAnswer where they are infinitely many, Limit."""
    names = observed(trace.scenario)
    return {label(values, names): ways for values, ways in counts(trace.scenario).items()}


def interleavings(trace: Trace) -> int:
    """Interleavings in which all threads finish."""
    return sum(counts(trace.scenario).values())


def _finals(trace: Trace) -> list[int]:
    found = [values[0] for values in outcomes(trace.scenario)]
    if not found:
        raise NoAnswer("no schedule lets all threads finish")
    return found


def minimum(trace: Trace) -> int:
    """The least final value of the first observed variable."""
    return min(_finals(trace))


def maximum(trace: Trace) -> int:
    """The greatest final value of the first observed variable."""
    return max(_finals(trace))


def possible(trace: Trace, value: int) -> bool:
    """Whether the first observed variable can end with that value."""
    return value in {values[0] for values in outcomes(trace.scenario)}


def deadlocks_reachable(trace: Trace) -> bool:
    """Whether some schedule ends with threads that wait for ever."""
    return bool(deadlocks(ends(trace.scenario)))


def _named(scenario: Scenario, schedule: tuple[int, ...]) -> tuple[str, ...]:
    names = thread_names(scenario)
    return tuple(names[thread] for thread in schedule)


def deadlock_schedule(trace: Trace) -> tuple[str, ...]:
    """A shortest schedule into a deadlock. Raises NoAnswer where there is none."""
    reached = full(trace.scenario)
    dead = deadlocks(reached)
    if not dead:
        raise NoAnswer("no schedule ends in a deadlock")
    return _named(trace.scenario, reached.schedule(dead[0]))


def accepts_deadlock(trace: Trace, value: tuple[str, ...]) -> bool:
    """Any schedule that ends in a deadlock, found by replaying it."""
    states = replay(trace.scenario, value)
    dead = stands(trace.scenario, states[-1]) and not machine(trace.scenario).completed(states[-1])
    return len(states) == len(value) + 1 and dead


def shortest_schedule(trace: Trace, outcome: Any) -> tuple[str, ...]:
    """A shortest schedule to the outcome. Raises NoAnswer if it cannot happen."""
    wanted = next((one for one in outcomes(trace.scenario) if _means(trace, one, outcome)), None)
    if wanted is None:
        raise NoAnswer(f"no schedule ends with {outcome}")
    return _named(trace.scenario, shortest(full(trace.scenario), wanted))


def _means(trace: Trace, values: tuple[int, ...], asked: Any) -> bool:
    return label(values, observed(trace.scenario)) == str(asked).replace(" ", "")


def accepts_schedule(trace: Trace, value: tuple[str, ...], outcome: Any) -> bool:
    """Any schedule of the shortest length that ends so, found by replaying it."""
    states = replay(trace.scenario, value)
    compiled = machine(trace.scenario)
    if len(value) != len(shortest_schedule(trace, outcome)) or len(states) != len(value) + 1:
        return False
    values = tuple(states[-1][compiled.slots[one]] for one in observed(trace.scenario))
    return compiled.completed(states[-1]) and _means(trace, values, outcome)


def mutual_exclusion(trace: Trace) -> bool:
    """Whether it is violated: two threads can be in their critical sections at once."""
    return first_crowd(full(trace.scenario)) is not None


def race(trace: Trace) -> bool:
    """Whether two threads can be about to touch one variable, one of them to store, both plainly."""
    return first_race(full(trace.scenario)) is not None


def raced_variables(trace: Trace) -> frozenset[str]:
    """The shared variables on which there is a race."""
    return raced(full(trace.scenario))


def _shared(scenario: Scenario) -> tuple[str, ...]:
    return tuple(name for name, _ in scenario.shared)


def final_value(trace: Trace) -> int:
    """What the first observed variable holds at the end of the schedule that the scenario gives."""
    states = replay(trace.scenario, trace.scenario.schedule)
    if len(states) <= len(trace.scenario.schedule):
        raise NoAnswer("the schedule cannot be followed to its end")
    return states[-1][machine(trace.scenario).slots[observed(trace.scenario)[0]]]


def _marked(scenario: Scenario) -> bool:
    return any("inside" in slot for slot in machine(scenario).slots)


def _observes(scenario: Scenario) -> bool:
    return bool(observed(scenario))


_VALUE = Argument("value", "a final value of the variable", low=LEAST, high=MOST)

MEASURES = (
    Measure(
        name="outcomes",
        gives=SetOf("value"),
        of=outcome_set,
        help="The values that the observed variable can have when all threads are done.",
        asks="Which values can the variable have in the end?",
        steps=steps.of_outcomes,
        applies=_observes,
        source="ostep 26",
    ),
    Measure(
        name="final-states",
        gives=TableOf(observed, "outcome"),
        of=final_states,
        help="The possible outcomes, one row each, one column an observed variable.",
        asks="Which combinations of final values are possible? One row each.",
        steps=steps.of_states,
        accepts=accepts_states,
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="counts",
        gives=MapOf(Number("interleavings"), labels, "outcome"),
        of=outcome_counts,
        help="How many interleavings end in each outcome.",
        asks="How many interleavings end in each outcome?",
        steps=steps.of_counts,
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="interleavings",
        gives=Number("interleavings"),
        of=interleavings,
        help="How many interleavings there are in which all threads finish.",
        asks="How many interleavings are there?",
        steps=steps.of_interleavings,
        source="ostep 26.3",
    ),
    Measure(
        name="possible",
        gives=YesNo(),
        of=possible,
        help="Whether the observed variable can end with the value.",
        asks="Can the variable end with {value}?",
        steps=steps.of_possible,
        arguments=(_VALUE,),
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="minimum",
        gives=Number(),
        of=minimum,
        help="The least value that the observed variable can end with.",
        asks="What is the least value that the variable can end with?",
        steps=steps.of_minimum,
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="maximum",
        gives=Number(),
        of=maximum,
        help="The greatest value that the observed variable can end with.",
        asks="What is the greatest value that the variable can end with?",
        steps=steps.of_maximum,
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="deadlocks",
        gives=YesNo(),
        of=deadlocks_reachable,
        help="Whether some schedule ends with threads that wait for ever.",
        asks="Can these threads come to wait for ever?",
        steps=steps.of_deadlocks,
        source="ostep 32.3",
    ),
    Measure(
        name="deadlock-schedule",
        gives=SequenceOf("thread", thread_names),
        of=deadlock_schedule,
        help="A schedule into a deadlock: the thread that takes each step; the shortest is shown, any is right.",
        asks="Give a schedule that ends in a deadlock: the thread that takes each step, in order.",
        steps=steps.of_deadlocks,
        accepts=accepts_deadlock,
        source="ostep 32.3",
    ),
    Measure(
        name="shortest-schedule",
        gives=SequenceOf("thread", thread_names),
        of=shortest_schedule,
        help="A shortest schedule to the outcome: the thread that takes each step.",
        asks="Give a shortest schedule that ends with {outcome}: the thread that takes each step, in order.",
        steps=steps.of_shortest,
        accepts=accepts_schedule,
        arguments=(Argument("outcome", "an outcome: 2, or x=1,y=0", names=labels),),
        applies=_observes,
        source="ostep 26.3",
    ),
    Measure(
        name="mutual-exclusion",
        gives=YesNo(),
        of=mutual_exclusion,
        help="Whether mutual exclusion is violated: two threads in their critical sections at once.",
        asks="Can two threads be in their critical sections at once?",
        steps=steps.of_exclusion,
        applies=_marked,
        source="ostep 28",
    ),
    Measure(
        name="race",
        gives=YesNo(),
        of=race,
        help="Whether two conflicting plain accesses (load, store) can both be the next step of their threads.",
        asks="Is there a data race?",
        steps=steps.of_race,
        source="ostep 26.4",
    ),
    Measure(
        name="raced-variables",
        gives=SetOf("variable", _shared),
        of=raced_variables,
        help="The shared variables on which there is a race.",
        asks="On which variables is there a data race?",
        steps=steps.of_raced,
        applies=lambda scenario: bool(scenario.shared),
        source="ostep 26.4",
    ),
    Measure(
        name="final-value",
        gives=Number(),
        of=final_value,
        help="What the observed variable holds after the schedule that the scenario gives.",
        asks="What does the variable hold at the end of this schedule?",
        steps=steps.of_final,
        applies=lambda scenario: bool(scenario.schedule) and _observes(scenario),
        source="ostep 26.3",
    ),
)
