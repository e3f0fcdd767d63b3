"""Can two threads be in each other's way? Properties of single states, searched in all of them."""

from itertools import combinations

from sims.threads.compiler import State
from sims.threads.explore import Reached


def first_crowd(reached: Reached) -> int | None:
    """The nearest state in which two threads are in their critical sections; None if there is none."""
    slots = [slot for name, slot in reached.machine.slots.items() if name.startswith("inside ")]
    if len(slots) < 2:
        return None
    return next((index for index, state in enumerate(reached.states) if sum(state[slot] for slot in slots) > 1), None)


def first_race(reached: Reached) -> int | None:
    """The nearest state with two conflicting plain accesses next; None if there is none."""
    accesses = [[*(place.access for place in places), ("", "")] for places in reached.machine.places]
    seen: set[State] = set()
    for index, state in enumerate(reached.states):
        places = state[: len(accesses)]
        if places not in seen:
            seen.add(places)
            if conflict([thread[place] for thread, place in zip(accesses, places, strict=True)]) is not None:
                return index
    return None


def raced(reached: Reached) -> frozenset[str]:
    """The variables on which there is a race."""
    accesses = [[*(place.access for place in places), ("", "")] for places in reached.machine.places]
    found: set[str] = set()
    for places in {state[: len(accesses)] for state in reached.states}:
        plain = [thread[place] for thread, place in zip(accesses, places, strict=True)]
        for one, other in combinations(plain, 2):
            if one[1] and one[1] == other[1] and "store" in (one[0], other[0]):
                found.add(one[1])
    return frozenset(found)


def conflict(accesses: list[tuple[str, str]]) -> tuple[int, int] | None:
    """Two threads whose next plain accesses are to one variable, one of them a store."""
    plain = [(thread, kind, variable) for thread, (kind, variable) in enumerate(accesses) if variable]
    pairs = ((a, b) for a, b in combinations(plain, 2) if a[2] == b[2] and "store" in (a[1], b[1]))
    return next(((a[0], b[0]) for a, b in pairs), None)
