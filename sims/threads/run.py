"""What happens in one schedule, step by step?

A trace shows one schedule of all that are possible: the one that the scenario names, or else the most telling one: a
shortest way into a deadlock, into a critical section that is not empty, or to the least outcome that the threads
never have when they run one after the other. What is asked of all schedules is computed by `explore`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sims.declare import Limit, NoAnswer
from sims.threads.compiler import State, sleepers
from sims.threads.explore import Reached, deadlocks, ends, full, one_by_one, outcome, replay, stands
from sims.threads.machine import Machine, machine
from sims.threads.program import Scenario, Values, thread_names


class Taken(NamedTuple):
    """One step of a thread."""

    kind: str  # step
    thread: str
    text: str  # the instruction
    shared: Values  # the shared variables after it
    note: str  # what else it changed: "r = 0", "takes m", "sleeps on c"


class Ended(NamedTuple):
    """How the schedule ends."""

    kind: str  # completed | deadlock | violation | stopped
    says: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One schedule of the scenario."""

    scenario: Scenario
    events: tuple[Taken | Ended, ...]


def run(scenario: Scenario) -> Trace:
    """The schedule that the trace shows, and how it ends. Raises Limit if even the reduced exploration passes it."""
    names = scenario.schedule or telling(scenario)
    compiled, states = machine(scenario), replay(scenario, names)
    steps = [_taken(compiled, name, *pair) for name, pair in zip(names, pairwise(states), strict=False)]
    return Trace(scenario, (*steps, _ended(scenario, states, names)))


def telling(scenario: Scenario) -> tuple[str, ...]:
    """The schedule, as names, that says most about the scenario."""
    try:
        reached = full(scenario)
    except Limit:
        reached = ends(scenario)
    names = thread_names(scenario)
    return tuple(names[thread] for thread in reached.schedule(_goal(reached)))


def _goal(reached: Reached) -> int:
    dead = deadlocks(reached)
    if dead:
        return dead[0]
    crowded = next(
        (index for index, state in enumerate(reached.states) if len(inside(reached.machine, state)) > 1), None
    )
    if crowded is not None:
        return crowded
    usual = _usual(reached.machine.scenario)
    final = {index: outcome(reached, reached.states[index]) for index in reached.ends}
    return min(final, key=lambda index: (final[index] in usual, final[index], index), default=0)


def _usual(scenario: Scenario) -> set[tuple[int, ...]]:
    """The outcomes when the threads run one after the other."""
    if len(scenario.threads) > 4:
        return set()
    try:
        return {values for _, values in one_by_one(scenario)}
    except NoAnswer:
        return set()


def inside(compiled: Machine, state: State) -> tuple[str, ...]:
    """The threads that are in their critical sections."""
    named = ((name, compiled.slots.get(f"inside {name}")) for name in thread_names(compiled.scenario))
    return tuple(name for name, slot in named if slot is not None and state[slot])


def _taken(compiled: Machine, name: str, before: State, after: State) -> Taken:
    thread = thread_names(compiled.scenario).index(name)
    place = compiled.places[thread][before[thread]]
    shared = tuple((one, after[compiled.slots[one]]) for one, _ in compiled.scenario.shared)
    return Taken("step", name, place.instruction.text, shared, _note(compiled, name, before, after))


def _note(compiled: Machine, name: str, before: State, after: State) -> str:
    """What the step changed, besides where the thread stands and the shared variables."""
    told = []
    for slot, index in compiled.slots.items():
        kind, _, thing = slot.partition(" ")
        if slot.startswith(f"{name}:"):
            if before[index] != after[index] or _writes(compiled, name, before, slot):
                told.append(f"{slot.partition(':')[2]} = {after[index]}")
        elif before[index] != after[index] and thing:
            told.append(_change(compiled, kind, thing, (before[index], after[index])))
    return ", ".join(told)


def _writes(compiled: Machine, name: str, before: State, slot: str) -> bool:
    """Whether the step sets this register, be it to the value that it had."""
    thread = thread_names(compiled.scenario).index(name)
    instruction = compiled.places[thread][before[thread]].instruction
    first = instruction.operands[0] if instruction.operands else ""
    return instruction.op in ("load", "set", "swap", "cas") and slot == f"{name}:{first}"


def _change(compiled: Machine, kind: str, thing: str, values: tuple[int, int]) -> str:
    before, after = values
    if kind == "lock":
        return f"takes {thing}" if after else f"gives {thing} back"
    if kind == "semaphore":
        return f"{thing} = {after}"
    if kind == "inside":
        return "is in its critical section" if after else "has left it"
    base = len(compiled.places) + 1
    names = thread_names(compiled.scenario)
    was, now = sleepers(before, base), sleepers(after, base)
    if len(now) > len(was):
        return f"sleeps on {thing}"
    woken = [names[thread - 1] for thread in was if thread not in now]
    return f"wakes {' '.join(woken)}" if woken else f"the signal on {thing} is kept"


def _ended(scenario: Scenario, states: tuple[State, ...], names: tuple[str, ...]) -> Ended:
    compiled, last = machine(scenario), states[-1]
    if len(states) <= len(names):
        return Ended("stopped", f"{names[len(states) - 1]} cannot go on here: the schedule ends.")
    final = ", ".join(f"{one} = {last[compiled.slots[one]]}" for one, _ in scenario.shared)
    if compiled.completed(last):
        return Ended("completed", f"All threads are done: {final}." if final else "All threads are done.")
    if stands(scenario, last):
        left = [name for index, name in enumerate(thread_names(scenario)) if last[index] != compiled.ends[index]]
        who = f"{left[0]} waits" if len(left) == 1 else f"{' '.join(left)} wait"
        return Ended("deadlock", f"Nobody can go on: {who} for ever.")
    crowd = inside(compiled, last)
    if len(crowd) > 1:
        return Ended("violation", f"{' and '.join(crowd)} are in their critical sections at once.")
    return Ended("stopped", f"The schedule ends here: {final}.")


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    if isinstance(event, Ended):
        return event.says
    shared = ", ".join(f"{one} = {value}" for one, value in event.shared)
    note = f": {event.note}" if event.note else ""
    return (
        f"{event.thread} does {event.text}{note}; {shared}." if shared else f"{event.thread} does {event.text}{note}."
    )
