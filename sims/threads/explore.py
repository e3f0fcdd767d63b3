"""Which states can be reached, and in how many ways?

`full` visits every state and keeps every step between them: for counts, shortest schedules and properties of states.
`reduced` visits fewer, but every state in which nobody can go on: all outcomes and all deadlocks. In each state it
follows a *persistent set* only: threads chosen so that nothing the others may ever do clashes with their next steps.
Whatever the others do first, these steps can be taken before it with the same end, so no end is lost.

Sources: Godefroid, Partial-Order Methods for the Verification of Concurrent Systems, LNCS 1032, 1996, ch. 4, theorem
4.3; Valmari, Stubborn sets for reduced state space generation, 1990.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import permutations
from operator import or_

from sims.declare import Limit, NoAnswer
from sims.threads.compiler import Footprint, State
from sims.threads.machine import Machine, machine
from sims.threads.program import Scenario, observed

MOST_ORDERED = 6  # threads whose orders as wholes are tried
LONGEST = 2_000  # steps of such a run

Outcome = tuple[int, ...]  # the final values of the observed variables, in order
Schedule = tuple[int, ...]  # the thread that takes each step


@dataclass(frozen=True, slots=True)
class Reached:
    """The states that were visited, in order of distance from the start."""

    machine: Machine
    states: list[State]
    steps: list[tuple[tuple[int, int], ...]]  # from each state: (thread, index of the state after its step)
    came: list[tuple[int, int]]  # (index of the state before, thread) on a shortest way; (-1, -1) for the start
    ends: list[int] = field(default_factory=list)  # states in which nobody can go on

    def schedule(self, index: int) -> Schedule:
        """A way from the start to that state; a shortest one if every state was visited."""
        threads = []
        while index:
            index, thread = self.came[index]
            threads.append(thread)
        return tuple(reversed(threads))


def full(scenario: Scenario) -> Reached:
    """Every state. Raises Limit above the scenario's limit."""
    return _or_raise(_full(scenario))


def reduced(scenario: Scenario) -> Reached:
    """States enough to meet every outcome and every deadlock. Raises Limit above the scenario's limit."""
    return _or_raise(_reduced(scenario))


def _or_raise(found: Reached | Limit) -> Reached:
    if isinstance(found, Limit):
        raise Limit(*found.args)
    return found


@lru_cache(maxsize=8)  # that it passed the limit is kept as well: every measure would find it out anew
def _full(scenario: Scenario) -> Reached | Limit:
    try:
        return _explore(machine(scenario), scenario.limit)
    except Limit as limit:
        return limit.with_traceback(None)  # else it would hold every state that was found


@lru_cache(maxsize=8)
def _reduced(scenario: Scenario) -> Reached | Limit:
    compiled = machine(scenario)
    try:
        return _explore(compiled, scenario.limit, _Persistent(compiled))
    except Limit as limit:
        return limit.with_traceback(None)  # else it would hold every state that was found


def ends(scenario: Scenario) -> Reached:
    """Every state where nobody can go on: of the reduced exploration. Raises Limit."""
    return reduced(scenario)


def _explore(compiled: Machine, limit: int, persistent: "_Persistent | None" = None) -> Reached:
    """Breadth first. This is the loop that decides the speed: one dictionary access a step."""
    code, threads = compiled.code, range(len(compiled.places))
    states, steps, came, final = [compiled.start], [], [(-1, -1)], []
    index = {compiled.start: 0}
    for here, state in enumerate(states):  # the list grows while it is walked
        out = []
        for thread in threads:
            after = code[thread][state[thread]](state)
            if after is not None:
                out.append((thread, after))
        if persistent is not None and len(out) > 1:
            out = persistent.of(state, out)
        arcs = []
        for thread, after in out:
            fresh = len(states)
            target = index.setdefault(after, fresh)
            if target == fresh:
                states.append(after)
                came.append((here, thread))
            arcs.append((thread, target))
        steps.append(tuple(arcs))
        if not arcs:
            final.append(here)
        if len(states) > limit:
            raise Limit(f"more than {limit} states; the exploration goes no further")
    return Reached(compiled, states, steps, came, final)


class _Persistent:
    """Which of the possible steps must be followed."""

    def __init__(self, compiled: Machine) -> None:
        self.count = len(compiled.places)
        self.next = [[*(place.footprint for place in places), Footprint()] for places in compiled.places]
        self.ahead = [_ahead(compiled, thread) for thread in range(self.count)]
        self.known: dict[State, list[int]] = {}

    def of(self, state: State, out: list[tuple[int, State]]) -> list[tuple[int, State]]:
        """The fewest possible steps that form a persistent set."""
        places = state[: self.count]
        groups = self.known.get(places)
        if groups is None:
            groups = self.known[places] = [self.group(places, thread) for thread in range(self.count)]
        best = out
        for thread, _ in out:
            chosen = [step for step in out if groups[thread] >> step[0] & 1]
            if len(chosen) < len(best):
                best = chosen
        return best

    def group(self, places: State, first: int) -> int:
        """Bit mask of threads: the first, and everyone who may ever clash with the next step of a member.

        A member that waits counts too: who could let it go on clashes with its next step.
        """
        members, line = 1 << first, [first]
        while line:
            mark = self.next[thread := line.pop()][places[thread]]
            for other in range(self.count):
                if not members >> other & 1 and mark.clashes(self.ahead[other][places[other]]):
                    members |= 1 << other
                    line.append(other)
        return members


def _ahead(compiled: Machine, thread: int) -> list[Footprint]:
    """All that a thread may still touch, from each place: the union over the places it can come to."""
    places = compiled.places[thread]
    found = [Footprint()] * (len(places) + 1)
    changed = True
    while changed:  # backward jumps need a second pass or more
        changed = False
        for here in reversed(range(len(places))):
            union = reduce(or_, (found[after] for after in places[here].following), places[here].footprint)
            changed |= union != found[here]
            found[here] = union
    return found


def outcome(reached: Reached, state: State) -> Outcome:
    """The values of the observed variables."""
    slots = reached.machine.slots
    return tuple(state[slots[one]] for one in observed(reached.machine.scenario))


def label(values: tuple[int, ...], names: tuple[str, ...]) -> str:
    """An outcome as a name: `2`, or `x=1,y=0` where several variables are observed."""
    if len(names) == 1:
        return str(values[0])
    return ",".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def outcomes(scenario: Scenario) -> frozenset[Outcome]:
    """What the observed variables can hold when all threads are done. Raises Limit."""
    reached = ends(scenario)
    done = (reached.states[index] for index in reached.ends)
    return frozenset(outcome(reached, state) for state in done if reached.machine.completed(state))


def deadlocks(reached: Reached) -> list[int]:
    """The states in which nobody can go on although somebody is not done, nearest first."""
    return [index for index in reached.ends if not reached.machine.completed(reached.states[index])]


def shortest(reached: Reached, wanted: Outcome) -> Schedule:
    """A shortest schedule to that outcome (of `full`). Raises NoAnswer if it cannot happen."""
    for index in reached.ends:
        state = reached.states[index]
        if reached.machine.completed(state) and outcome(reached, state) == wanted:
            return reached.schedule(index)
    raise NoAnswer("no schedule leads there")


def counts(scenario: Scenario) -> Mapping[Outcome, int]:
    """How many interleavings end in each outcome, least outcome first; those that end in deadlock are not counted.

    Ways are added up state by state in an order in which every state comes after all that lead to it. Raises
    NoAnswer if a loop can be gone round any number of times on the way to an outcome: then there are infinitely
    many. Raises Limit.
    """
    reached = full(scenario)
    useful = _towards(reached, [i for i in reached.ends if reached.machine.completed(reached.states[i])])
    before = [0] * len(reached.states)  # steps that lead to each state, from useful states
    for here in useful:
        for _, after in reached.steps[here]:
            before[after] += 1
    ways = [0] * len(reached.states)
    ways[0] = 1
    ready = deque([0] if 0 in useful and not before[0] else [])
    passed = 0
    while ready:
        here = ready.popleft()
        passed += 1
        for _, after in reached.steps[here]:
            ways[after] += ways[here]
            before[after] -= 1
            if not before[after] and after in useful:
                ready.append(after)
    if passed != len(useful):
        raise NoAnswer("a loop can go round any number of times: there are infinitely many interleavings")
    found: dict[Outcome, int] = {}
    for index in reached.ends:
        if index in useful:
            one = outcome(reached, reached.states[index])
            found[one] = found.get(one, 0) + ways[index]
    return dict(sorted(found.items()))


def _towards(reached: Reached, goals: list[int]) -> set[int]:
    """The states from which one of the goals can be reached."""
    back: list[list[int]] = [[] for _ in reached.states]
    for here, arcs in enumerate(reached.steps):
        for _, after in arcs:
            back[after].append(here)
    found, line = set(goals), list(goals)
    while line:
        for before in back[line.pop()]:
            if before not in found:
                found.add(before)
                line.append(before)
    return found


def replay(scenario: Scenario, schedule: tuple[str, ...]) -> tuple[State, ...]:
    """The states along a schedule of thread names, the first one included; it ends where a thread cannot go on."""
    compiled = machine(scenario)
    place = {thread.name: index for index, thread in enumerate(scenario.threads)}
    code, states = compiled.code, [compiled.start]
    for name in schedule:
        thread = place.get(name)
        after = None if thread is None else code[thread][states[-1][thread]](states[-1])
        if after is None:
            break
        states.append(after)
    return tuple(states)


def one_by_one(scenario: Scenario) -> list[tuple[tuple[str, ...], Outcome]]:
    """Every order of the threads as wholes that can be carried out: its steps and its outcome. Raises NoAnswer."""
    compiled = machine(scenario)
    names, code = tuple(thread.name for thread in scenario.threads), compiled.code
    slots = [compiled.slots[name] for name in observed(scenario)]
    if len(names) > MOST_ORDERED:
        raise NoAnswer("too many threads to try every order")
    found = []
    for order in permutations(range(len(names))):
        state, steps = compiled.start, list[str]()
        for thread in order:
            while (after := code[thread][state[thread]](state)) is not None:
                state = after
                steps.append(names[thread])
                if len(steps) > LONGEST:
                    raise NoAnswer("a thread by itself never ends")
        if compiled.completed(state):
            found.append((tuple(steps), tuple(state[slot] for slot in slots)))
    if not found:
        raise NoAnswer("the threads cannot run one after the other")
    return found


def stands(scenario: Scenario, state: State) -> bool:
    """Whether nobody can go on from that state."""
    compiled = machine(scenario)
    return all(code[state[thread]](state) is None for thread, code in enumerate(compiled.code))
