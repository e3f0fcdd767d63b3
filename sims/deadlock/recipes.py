"""How are states drawn that are safe, unsafe, deadlocked or nearly so? Built to be so, not drawn until they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sims.deadlock.graph import adjacency, cycle, edges
from sims.deadlock.reduction import deadlocked, plus, waiting
from sims.deadlock.run import run
from sims.deadlock.scenario import (
    CHANGES,
    Ask,
    Banker,
    Detection,
    Graph,
    LockOrder,
    Node,
    Prevention,
    Recovery,
    Resource,
    Thread,
    Vector,
    WaitFor,
)
from sims.declare import Recipe
from sims.fields import Pick, flag, make, record, refuse, whole, word

T = TypeVar("T")
TRIES = 60  # draws of a request, a graph


@record
class BankerParameters:
    """What a banker's state is to be like."""

    processes: int = whole(2, 12, default=4, help="number of processes")
    resources: int = whole(1, 5, default=3, help="number of resource types")
    state: str = word("safe", "unsafe", default="safe", help="the state before any request")
    request: str = word(
        "none",
        "any",
        "exceeds-need",
        "wait",
        "unsafe",
        "grant",
        default="none",
        help="a request that gets this verdict",
    )


@record
class DetectionParameters:
    """What a state with requests is to be like."""

    processes: int = whole(2, 12, default=4, help="number of processes")
    resources: int = whole(1, 5, default=3, help="number of resource types")
    deadlocked: int = whole(0, 12, default=2, help="how many of them are deadlocked")
    bystanders: int = whole(0, 3, default=0, help="processes that hold nothing and wait for the deadlocked ones")
    claims: bool = flag(help="give every process a claim (max) as well; the state is then unsafe")


@record
class WaitForParameters:
    """What a wait-for graph is to be like."""

    threads: int = whole(1, 12, default=4, help="number of threads")
    cycle: int = whole(0, 12, default=2, help="length of the cycle; 0: there is none")


@record
class GraphParameters:
    """What a resource-allocation graph is to be like."""

    processes: int = whole(2, 8, default=3, help="number of processes")
    resources: int = whole(2, 6, default=3, help="number of resource types")
    outcome: str = word(
        "deadlock", "cycle-only", "free", default="deadlock", help="deadlock; a cycle without one; neither"
    )


@record
class OrderParameters:
    """What the code paths are to be like."""

    threads: int = whole(2, 8, default=3, help="number of threads")
    circle: int = whole(0, 8, default=2, help="locks in the circle; 0: one order fits all threads")
    released: bool = flag(help="some thread gives a lock back before it takes the next")


@record
class RecoveryParameters:
    """What a deadlock with costs is to be like."""

    processes: int = whole(2, 10, default=4, help="number of processes")
    resources: int = whole(1, 5, default=2, help="number of resource types")
    deadlocked: int = whole(2, 10, default=3, help="how many of them are deadlocked")


@record
class PreventionParameters:
    """Any of the changes."""


def shuffled(items: Sequence[T], pick: Pick, path: str) -> list[T]:
    """The items in an order of their own."""
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        other = pick(f"{path}.{last}", 0, last)
        order[last], order[other] = order[other], order[last]
    return order


def _row(width: int, pick: Pick, path: str, low: int, high: int) -> Vector:
    return tuple(pick(f"{path}.{column}", low, high) for column in range(width))


def _finishing(order: Sequence[int], start: Vector, held: list[Vector], pick: Pick) -> tuple[dict[int, Vector], Vector]:
    """Wants with which these processes can finish in this order, and what is free in the end."""
    wants, work = {}, start
    for process in order:
        path = f"wants.{process}"
        wants[process] = tuple(pick(f"{path}.{column}", 0, min(free, 7)) for column, free in enumerate(work))
        work = plus(work, held[process])
    return wants, work


def _stuck(who: Sequence[int], work: Vector, held: list[Vector], pick: Pick) -> dict[int, Vector]:
    """Wants that lack one type each, of which the others among them hold some."""
    wants = {}
    for process in who:
        path = f"wants.{process}"
        row = [pick(f"{path}.{column}", 0, min(free, 4)) for column, free in enumerate(work)]
        short = pick(f"{path}.short", 0, len(work) - 1)
        others = sum(held[other][short] for other in who if other != process)
        row[short] = work[short] + pick(f"{path}.by", 1, max(others, 1))
        wants[process] = tuple(row)
    return wants


def _state(
    processes: int, resources: int, stuck: int, pick: Pick
) -> tuple[Vector, list[Vector], list[Vector], list[int]]:
    """Available, allocation, wants, and who is stuck: that many processes, none of the others."""
    order = shuffled(range(processes), pick, "order")
    able, unable = order[: processes - stuck], order[processes - stuck :]
    available = _row(resources, pick, "available", 0, 3)
    held = [
        _row(resources, pick, f"held.{p}", 1 if p in unable else 0, 2 if p in unable else 3) for p in range(processes)
    ]
    wants, work = _finishing(able, available, held, pick)
    wants |= _stuck(unable, work, held, pick)
    return available, held, [wants[process] for process in range(processes)], sorted(unable)


def banker(parameters: BankerParameters, pick: Pick) -> Banker:
    """A safe or unsafe state; with a request that gets the verdict, if one is found in TRIES draws."""
    count = parameters.processes
    stuck = pick("stuck", 2, max(2, count - 1)) if parameters.state == "unsafe" else 0
    available, held, wants, _ = _state(count, parameters.resources, min(stuck, count), pick)
    claims = [plus(a, b) for a, b in zip(held, wants, strict=True)]
    state = make(Banker, {"available": available, "allocation": held, "max": claims})
    if parameters.request == "none":
        return state
    for attempt in range(TRIES):
        asked = _asking(state, wants, pick, f"request.{attempt}")
        if asked is not None and parameters.request in ("any", _verdict(asked)):
            return asked
    raise refuse(f"no request that gets {parameters.request} in {TRIES} draws")


def _asking(state: Banker, wants: list[Vector], pick: Pick, path: str) -> Banker | None:
    """The state with a request of somebody's; None if it would ask for nothing."""
    process = pick(f"{path}.process", 0, len(wants) - 1)
    beyond = pick(f"{path}.beyond", 0, 3) == 0
    rows = zip(wants[process], state.max[process], strict=True)
    amounts = [pick(f"{path}.{column}", 0, most if beyond else want) for column, (want, most) in enumerate(rows)]
    if not any(amounts):
        return None
    return replace(state, request=Ask(process=f"P{process}", amounts=tuple(amounts)))


def _verdict(scenario: Banker) -> str:
    from sims.deadlock.measures import request_verdict  # noqa: PLC0415 — only a recipe needs a measure

    return request_verdict(run(scenario))


def _with_bystanders(parameters: Any, pick: Pick) -> tuple[Vector, list[Vector], list[Vector]]:
    """A state whose last processes hold nothing and want what the deadlocked ones hold."""
    extra = getattr(parameters, "bystanders", 0)
    count = parameters.processes - extra
    stuck = min(parameters.deadlocked, count)
    if count < 1 or stuck == 1:
        raise refuse("needs a process, and no deadlock or two processes in it")
    available, held, wants, unable = _state(count, parameters.resources, stuck, pick)
    nothing = (0,) * parameters.resources
    free = available
    for process in range(count):
        if process not in unable:
            free = plus(free, held[process])
    for index in range(extra):
        held.append(nothing)
        short = pick(f"bystander.{index}", 0, parameters.resources - 1)
        wants.append(tuple(units + 1 if column == short else 0 for column, units in enumerate(free)))
    return available, held, wants


def detection(parameters: DetectionParameters, pick: Pick) -> Detection:
    """A state in which exactly that many are deadlocked."""
    available, held, wants = _with_bystanders(parameters, pick)
    claims: list[Vector] = []
    if parameters.claims:
        total = available
        for row in held:
            total = plus(total, row)
        claims = [
            tuple(
                max(a + b, units - pick(f"claim.{p}.{c}", 0, 1))
                for c, (a, b, units) in enumerate(zip(*rows, strict=True))
            )
            for p, rows in enumerate(zip(held, wants, [total] * len(held), strict=True))
        ]
    return make(Detection, {"available": available, "allocation": held, "request": wants, "max": claims})


def recovery(parameters: RecoveryParameters, pick: Pick) -> Recovery:
    """A deadlock with costs that differ."""
    available, held, wants = _with_bystanders(parameters, pick)
    costs = [pick(f"cost.{process}", 1, 9) for process in range(len(held))]
    return make(Recovery, {"available": available, "allocation": held, "request": wants, "costs": costs})


def wait_for(parameters: WaitForParameters, pick: Pick) -> WaitFor:
    """Each thread holds a lock or two and waits for one; the cycle is as long as asked, and the only one."""
    count, length = parameters.threads, min(parameters.cycle, parameters.threads)
    order = shuffled(range(count), pick, "order")
    target: dict[int, int | None] = {}
    for place, thread in enumerate(order):
        if place < length:
            target[thread] = order[(place + 1) % length]
        else:  # waits for one that comes earlier, so no second cycle closes; or for nobody
            other = pick(f"wants.{thread}", -1, place - 1)
            target[thread] = None if other < 0 else order[other]
    locks = shuffled("ABCDEFGHIJKLMNOPQRSTUVWX"[: 2 * count], pick, "locks")
    return make(WaitFor, {"threads": _threads(count, target, locks, pick)})


def _threads(count: int, target: dict[int, int | None], locks: list[str], pick: Pick) -> tuple[Thread, ...]:
    held: list[list[str]] = []
    for thread in range(count):
        take = 1 + pick(f"two.{thread}", 0, 1)
        held.append(sorted(locks[:take]))
        locks = locks[take:]
    wants: list[str | None] = []
    for thread in range(count):
        other = target[thread]
        lock = None if other is None else held[other][pick(f"lock.{thread}", 0, len(held[other]) - 1)]
        wants.append(lock)
    return tuple(Thread(name=f"T{n + 1}", holds=tuple(held[n]), wants=wants[n]) for n in range(count))


def graph(parameters: GraphParameters, pick: Pick) -> Graph:
    """Instances held and wanted, drawn until the outcome is the one asked for."""
    for attempt in range(TRIES):
        drawn = _graph(parameters, pick, f"graph.{attempt}")
        ring = bool(cycle(adjacency(edges(drawn))))
        dead = bool(deadlocked(waiting(drawn)))
        outcome = "deadlock" if dead else "cycle-only" if ring else "free"
        waits = any(node.wants for node in drawn.processes)
        if outcome == parameters.outcome and waits:
            return drawn
    raise refuse(f"no graph with {parameters.outcome} in {TRIES} draws")


def _graph(parameters: GraphParameters, pick: Pick, path: str) -> Graph:
    names = [f"R{n + 1}" for n in range(parameters.resources)]
    most = 2 if parameters.outcome == "deadlock" else 3
    left = {name: pick(f"{path}.instances.{name}", 1, most) for name in names}
    resources = [Resource(name=name, instances=left[name]) for name in names]
    nodes = []
    for process in range(parameters.processes):
        where = f"{path}.{process}"
        order = shuffled(names, pick, f"{where}.order")
        holds = [name for name in order[: pick(f"{where}.holds", 0, 2)] if left[name]]
        for name in holds:
            left[name] -= 1
        others = [name for name in order if name not in holds]
        wants = others[: pick(f"{where}.wants", 0, 1)]
        nodes.append(Node(name=f"P{process + 1}", holds=tuple(sorted(holds)), wants=tuple(wants)))
    return make(Graph, {"resources": resources, "processes": nodes})


def lock_order(parameters: OrderParameters, pick: Pick) -> LockOrder:
    """Threads that take two locks each; the first ones close the circle, the others keep to one order."""
    circle = min(parameters.circle, parameters.threads)
    if circle == 1 or (parameters.released and circle == parameters.threads):
        raise refuse("a circle has two locks or more, and the thread that gives a lock back is not part of it")
    locks = shuffled("ABCDEFGH"[: max(circle, 3)], pick, "locks") if circle else list("ABC")
    pairs = [(locks[n], locks[(n + 1) % circle]) for n in range(circle)]
    while len(pairs) < parameters.threads:
        low = pick(f"low.{len(pairs)}", 0, len(locks) - 2)
        high = low + 1 if circle else pick(f"high.{len(pairs)}", low + 1, len(locks) - 1)  # no shorter circle
        pairs.append((locks[low], locks[high]))
    ring = [_path(pair, released=False) for pair in pairs]
    if parameters.released:  # takes the locks the other way round, but never both at once
        ring[-1] = _path(pairs[-1][::-1], released=True)
    order = shuffled(ring, pick, "order")
    return make(LockOrder, {"threads": [{"name": f"T{n + 1}", "steps": path} for n, path in enumerate(order)]})


def _path(pair: tuple[str, str], *, released: bool) -> tuple[str, ...]:
    first, second = pair
    if released:
        return (f"acquire {first}", f"release {first}", f"acquire {second}", f"release {second}")
    return (f"acquire {first}", f"acquire {second}", f"release {second}", f"release {first}")


def prevention(_parameters: PreventionParameters, pick: Pick) -> Prevention:
    """One of the changes."""
    words = tuple(CHANGES)
    return Prevention(change=words[pick("change", 0, len(words) - 1)])


RECIPES = (
    Recipe("banker", BankerParameters, banker, "A safe or unsafe state, with or without a request."),
    Recipe("detection", DetectionParameters, detection, "A state in which a given number are deadlocked."),
    Recipe("wait-for", WaitForParameters, wait_for, "Threads and locks with a cycle of a given length."),
    Recipe("graph", GraphParameters, graph, "A resource-allocation graph: deadlock, a cycle without one, or neither."),
    Recipe("lock-order", OrderParameters, lock_order, "Code paths with a circle of a given length, or without."),
    Recipe("recovery", RecoveryParameters, recovery, "A deadlock with a cost for each victim."),
    Recipe("prevention", PreventionParameters, prevention, "One of the changes that break a condition."),
)
