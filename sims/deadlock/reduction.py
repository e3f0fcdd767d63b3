"""Who can still finish?

The safety algorithm of the banker and the detection algorithm are one procedure, the *reduction*: look for a process
whose wants fit into *work* (what is free), let it finish, add what it held to work, go on until nobody fits. For
the banker a process wants its need, for detection its request.

    reduce(System(names, resources, available, allocation, wants))  ->  Reduction(finished, stuck)

Sources: Silberschatz, Galvin, Gagne, 10th ed., 8.6.3.1 and 8.7.2; Habermann, CACM 12(7), 1969.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Any, NamedTuple

from sims.deadlock.scenario import (
    Banker,
    Detection,
    Graph,
    Matrix,
    Recovery,
    Vector,
    WaitFor,
    process_names,
    resource_names,
)
from sims.declare import Limit

STATES = 100_000  # sets of finished processes looked at when safe sequences are counted


class System(NamedTuple):
    """A state: rows in the order of `names`, columns in the order of `resources`."""

    names: tuple[str, ...]
    resources: tuple[str, ...]
    available: Vector
    allocation: Matrix
    wants: Matrix  # need (banker) or request (detection)


class Finish(NamedTuple):
    """A process that fits, and the free units before it starts and after it has given back."""

    process: int
    before: Vector
    after: Vector


class Reduction(NamedTuple):
    """What the reduction found."""

    finished: tuple[Finish, ...]  # in the order in which they finish
    stuck: tuple[int, ...]  # in list order
    work: Vector  # free units at the end


def plus(one: Vector, other: Vector) -> Vector:
    """The sum, type by type."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def minus(one: Vector, other: Vector) -> Vector:
    """The difference, type by type."""
    return tuple(a - b for a, b in zip(one, other, strict=True))


def fits(wants: Vector, work: Vector) -> bool:
    """Whether no type is short."""
    return all(a <= b for a, b in zip(wants, work, strict=True))


def need(scenario: Banker | Detection) -> Matrix:
    """Max minus allocation: what each process may still ask for."""
    if isinstance(scenario, Banker) and scenario.misrule == "need-is-max":
        return scenario.max
    return tuple(minus(claim, held) for claim, held in zip(scenario.max, scenario.allocation, strict=True))


def claimed(scenario: Banker | Detection) -> System:
    """The state in which everybody wants all of its need: safe if all of them can finish."""
    return _system(scenario, scenario.allocation, need(scenario))


def waiting(scenario: Any) -> System:
    """The state in which everybody wants what it waits for now. Any kind that holds and waits."""
    if isinstance(scenario, WaitFor | Graph):
        return _of_graph(scenario)
    return _system(scenario, scenario.allocation, scenario.request)


def _system(scenario: Banker | Detection | Recovery, allocation: Matrix, wants: Matrix) -> System:
    return System(process_names(scenario), resource_names(scenario), scenario.available, allocation, wants)


def _of_graph(scenario: WaitFor | Graph) -> System:
    resources = resource_names(scenario)
    column = {resource: index for index, resource in enumerate(resources)}
    if isinstance(scenario, Graph):
        nodes = [(node.holds, node.wants) for node in scenario.processes]
        units = [resource.instances for resource in scenario.resources]
    else:
        nodes = [(t.holds, (t.wants,) if t.wants else ()) for t in scenario.threads]
        units = [1] * len(resources)
    allocation = tuple(_units(holds, column) for holds, _ in nodes)
    for row in allocation:
        units = [total - held for total, held in zip(units, row, strict=True)]
    return System(
        process_names(scenario), resources, tuple(units), allocation, tuple(_units(w, column) for _, w in nodes)
    )


def _units(names: Iterable[str], column: dict[str, int]) -> Vector:
    row = [0] * len(column)
    for one in names:
        row[column[one]] += 1
    return tuple(row)


def reduce(system: System, *, gives_back: bool = True) -> Reduction:
    """Let every process finish that can, the first of the list that fits each time.

    Whom it tries first never changes who is left. n log n for n processes: a process is looked at again only when
    a type that it lacks has grown. `gives_back` is False for the mistake that a finished process keeps its units.
    """
    lacks = [0] * len(system.names)
    queues = [_waiters(system, column, lacks) for column in range(len(system.available))]
    ready = [process for process, count in enumerate(lacks) if not count]  # ascending, so it is a heap
    work, finished = system.available, []
    while ready:
        process = heappop(ready)
        after = plus(work, system.allocation[process]) if gives_back else work
        finished.append(Finish(process, work, after))
        for queue, free in zip(queues, after, strict=True):
            while queue and queue[-1][0] <= free:
                other = queue.pop()[1]
                lacks[other] -= 1
                if not lacks[other]:
                    heappush(ready, other)
        work = after
    return Reduction(tuple(finished), tuple(process for process, count in enumerate(lacks) if count), work)


def _waiters(system: System, column: int, lacks: list[int]) -> list[tuple[int, int]]:
    """Who lacks units of this type, the most modest last; `lacks` counts the types that each process lacks."""
    short = [
        (row[column], process) for process, row in enumerate(system.wants) if row[column] > system.available[column]
    ]
    for _, process in short:
        lacks[process] += 1
    return sorted(short, reverse=True)


def sequences(system: System, *, gives_back: bool = True) -> int:
    """How many orders let every process finish; 0 if the state is unsafe.

    What is free depends on who has finished, not in which order. So orders are counted by the set of those who
    have finished, 2^n sets at most and not n! orders. Raises Limit above STATES sets.
    """
    everyone = (1 << len(system.names)) - 1
    layer: dict[int, tuple[int, Vector]] = {0: (1, system.available)}
    seen = 1
    for _ in system.names:
        following: dict[int, tuple[int, Vector]] = {}
        for done, (orders, work) in layer.items():
            for process, wants in enumerate(system.wants):
                bit = 1 << process
                if done & bit or not fits(wants, work):
                    continue
                known = following.get(done | bit)
                if known is None:
                    known = (0, plus(work, system.allocation[process]) if gives_back else work)
                following[done | bit] = (known[0] + orders, known[1])
            if seen + len(following) > STATES:
                raise Limit(f"more than {STATES} sets of finished processes; counting goes no further")
        layer, seen = following, seen + len(following)
    return layer[everyone][0] if everyone in layer else 0


def walks(system: System, order: Iterable[str]) -> bool:
    """Whether everybody, once, can finish in this order."""
    place = {name: index for index, name in enumerate(system.names)}
    work, left = system.available, dict(place)
    for name in order:
        process = left.pop(name, None)
        if process is None or not fits(system.wants[process], work):
            return False
        work = plus(work, system.allocation[process])
    return not left


def deadlocked(system: System, *, gives_back: bool = True) -> tuple[int, ...]:
    """Everyone whom the reduction cannot finish and who holds something, in list order.

    Who holds nothing may wait for ever, but nobody waits for it: the deadlock is not its own.
    """
    return tuple(process for process in reduce(system, gives_back=gives_back).stuck if any(system.allocation[process]))
