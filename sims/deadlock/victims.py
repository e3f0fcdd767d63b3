"""Whom to abort, so that the rest can go on?

Victims are the processes whose abortion ends the deadlock at the least total cost; of equal costs the fewest, then
the first in list order. Source: Silberschatz, Galvin, Gagne, 10th ed., 8.8.1.
"""

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import takewhile

from sims.deadlock.reduction import System, deadlocked, plus, waiting
from sims.deadlock.scenario import Recovery
from sims.declare import Limit

TRIES = 50_000  # sets of victims tried

Victims = tuple[int, ...]  # places in the list of processes, ascending


def without(system: System, victims: Victims) -> System:
    """The system once the victims have gone and given back what they held."""
    gone = set(victims)
    available = system.available
    for process in victims:
        available = plus(available, system.allocation[process])
    stay = [process for process in range(len(system.names)) if process not in gone]
    return System(
        tuple(system.names[process] for process in stay),
        system.resources,
        available,
        tuple(system.allocation[process] for process in stay),
        tuple(system.wants[process] for process in stay),
    )


def cures(system: System, victims: Victims) -> bool:
    """Whether nobody is deadlocked once the victims have gone."""
    return not deadlocked(without(system, victims))


def by_cost(candidates: Victims, costs: tuple[int, ...]) -> Iterator[tuple[int, Victims]]:
    """Every set of candidates with its cost: cheapest first, then smallest, then in list order.

    From each set follow two: the next candidate (by cost) added, or in place of the last one. Each set comes once,
    and never before a set that it follows from.
    """
    order = sorted(candidates, key=lambda process: (costs[process], process))
    heap: list[tuple[int, int, Victims, int]] = [(0, 0, (), -1)]
    while heap:
        cost, size, victims, last = heappop(heap)
        yield cost, victims
        if last + 1 < len(order):
            fresh = order[last + 1]
            heappush(heap, (cost + costs[fresh], size + 1, tuple(sorted((*victims, fresh))), last + 1))
            if victims:
                old = order[last]
                others = tuple(process for process in victims if process != old)
                changed = tuple(sorted((*others, fresh)))
                heappush(heap, (cost - costs[old] + costs[fresh], size, changed, last + 1))


def cheapest(scenario: Recovery) -> Victims:
    """The victims of least total cost, then fewest, then first in list order; none without a deadlock.

    Raises Limit above TRIES sets.
    """
    system = waiting(scenario)
    candidates = deadlocked(system)
    for tried, (_, victims) in enumerate(by_cost(candidates, scenario.costs)):
        if cures(system, victims):
            return victims
        if tried >= TRIES:
            break
    raise Limit(f"more than {TRIES} sets of victims; the search goes no further")


def greedy(scenario: Recovery) -> Victims:
    """The mistake to abort the cheapest deadlocked process, then the next cheapest, until the rest is free."""
    system = waiting(scenario)
    order = sorted(deadlocked(system), key=lambda process: (scenario.costs[process], process))
    prefixes = [tuple(order[:count]) for count in range(len(order) + 1)]
    failing = list(takewhile(lambda victims: not cures(system, victims), prefixes))
    return tuple(sorted(prefixes[len(failing)]))


def fewest(scenario: Recovery) -> Victims:
    """The mistake to count victims instead of their costs."""
    return cheapest(replace(scenario, costs=(1,) * len(scenario.costs)))
