"""What can be said about processes that hold resources and want more?

Words: *allocation* (what a process holds), *max* (its claim: what it may hold at most), *need* (max minus
allocation), *request* (what it waits for now), *available* (what nobody holds). A matrix has one row a process,
one column a resource type. Processes without names are P0, P1, …; resource types A, B, ….

    make(Banker, {"kind": "banker", "available": [3, 3, 2], "allocation": [[0, 1, 0]], "max": [[7, 5, 3]]})

Sources: Silberschatz, Galvin, Gagne, Operating System Concepts, 10th ed., ch. 8; Coffman, Elphick, Shoshani, System
Deadlocks, Computing Surveys 3(2), 1971.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from sims.fields import Fault, Many, Name, Whole, custom, many, maybe, misrule, name, record, refuse, whole, word

MOST = 1_000  # processes, threads
TYPES = 26  # resource types
UNITS = 1_000_000

Vector = tuple[int, ...]
Matrix = tuple[Vector, ...]

_VECTOR = Many(Whole(0, UNITS), 1, TYPES)
_NAMES = Many(Name(), 0, MOST)


def _vector(words: str) -> Any:
    return custom(_VECTOR, help=words, unit="units")


def _matrix(words: str) -> Any:
    return many(_VECTOR, low=1, high=MOST, help=words, unit="units")


def _named(raw: dict[str, Any]) -> dict[str, Any]:
    """The mapping with the default names of its processes and resource types."""
    rows, available = raw.get("allocation"), raw.get("available")
    if "processes" not in raw and isinstance(rows, Sequence) and not isinstance(rows, str):
        raw["processes"] = [f"P{index}" for index in range(len(rows))]
    if "resources" not in raw and isinstance(available, Sequence) and not isinstance(available, str):
        raw["resources"] = list(ascii_uppercase[: len(available)])
    return raw


def _shapes(scenario: Any, *matrices: str) -> Iterator[Fault]:
    """Every row that has another length than available, every matrix of another length than allocation."""
    types, count = len(scenario.available), len(scenario.allocation)
    for field in matrices:
        matrix = getattr(scenario, field)
        if len(matrix) != count:
            yield Fault(field, f"must have one row a process, {count} like allocation, got {len(matrix)}")
        for index, row in enumerate(matrix):
            if len(row) != types:
                where = f"{field}.{index}"
                yield Fault(where, f"must have one number a resource type, {types} like available, got {len(row)}")
    for field, right in (("processes", count), ("resources", types)):
        names = getattr(scenario, field)
        if names and len(names) != right:
            yield Fault(field, f"must hold {right} names, got {len(names)}")
        if len(set(names)) != len(names):
            yield Fault(field, "must differ from each other")


def _claims(scenario: Any) -> Iterator[Fault]:
    """Every process that holds more than it ever claimed."""
    for index, (held, claim) in enumerate(zip(scenario.allocation, scenario.max, strict=False)):
        for column, (has, most) in enumerate(zip(held, claim, strict=False)):
            if has > most:
                yield Fault(f"max.{index}.{column}", f"must be at least the allocation ({has}), got {most}")


class _Who:
    """A process by name, or by its place in the list from 0."""

    def take(self, raw: Any) -> str:
        return f"P{raw}" if type(raw) is int and 0 <= raw < MOST else Name().take(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return "the name of a process"


@record
class Ask:
    """A request that arrives now."""

    process: str = custom(_Who(), help="who asks")
    amounts: Vector = _vector("how many units of each resource type it asks for")


@record
class Banker:
    """A state of a system whose processes have said how much they may ever want."""

    kind: str = word("banker", default="banker", help="avoidance: the banker's algorithm")
    available: Vector = _vector("free units of each resource type")
    allocation: Matrix = _matrix("units held: one row a process, one column a resource type")
    max: Matrix = _matrix("the claim of each process: what it may hold at most")
    request: Ask | None = maybe(Ask, help="a request to decide on: {process, amounts}")
    processes: tuple[str, ...] = custom(_NAMES, default=(), help="names of the processes; P0, P1, … without")
    resources: tuple[str, ...] = custom(_NAMES, default=(), help="names of the resource types; A, B, … without")
    misrule: str = misrule("need-is-max", "no-give-back", "request-against-max")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        raw = _named(raw)
        request, names = raw.get("request"), raw.get("processes")
        if isinstance(request, Mapping) and type(request.get("process")) is int and isinstance(names, Sequence):
            index = request["process"]  # a process by its place in the list
            raw["request"] = {**request, "process": names[index] if 0 <= index < len(names) else f"P{index}"}
        return raw

    def faults(self) -> Iterable[Fault]:
        yield from _shapes(self, "allocation", "max")
        yield from _claims(self)
        if self.request is None:
            return
        if self.request.process not in process_names(self):
            yield Fault("request.process", f"{self.request.process} is no process here")
        if len(self.request.amounts) != len(self.available):
            yield Fault("request.amounts", f"must have {len(self.available)} numbers, got {len(self.request.amounts)}")


@record
class Detection:
    """A state of a system: who holds what, and what each waits for at this moment."""

    kind: str = word("detection", default="detection", help="is anybody deadlocked now?")
    available: Vector = _vector("free units of each resource type")
    allocation: Matrix = _matrix("units held: one row a process, one column a resource type")
    request: Matrix = _matrix("units each process waits for now; zeros: it waits for nothing")
    max: Matrix = many(
        _VECTOR, high=MOST, default=(), help="claims, where they are known: lets `safe` be asked as well"
    )
    processes: tuple[str, ...] = custom(_NAMES, default=(), help="names of the processes; P0, P1, … without")
    resources: tuple[str, ...] = custom(_NAMES, default=(), help="names of the resource types; A, B, … without")
    misrule: str = misrule("no-give-back")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return _named(raw)

    def faults(self) -> Iterable[Fault]:
        yield from _shapes(self, "allocation", "request", *(("max",) if self.max else ()))
        if self.max:
            yield from _claims(self)
            yield from _beyond(self)


def _beyond(scenario: Detection) -> Iterator[Fault]:
    rows = zip(scenario.allocation, scenario.request, scenario.max, strict=False)
    for index, row in enumerate(rows):
        if any(held + asked > claim for held, asked, claim in zip(*row, strict=False)):
            yield Fault(f"request.{index}", "allocation and request together must stay within max")


@record
class Recovery:
    """A state as for detection, and what it costs to abort each process."""

    kind: str = word("recovery", default="recovery", help="whom to abort to end a deadlock?")
    available: Vector = _vector("free units of each resource type")
    allocation: Matrix = _matrix("units held: one row a process, one column a resource type")
    request: Matrix = _matrix("units each process waits for now")
    costs: Vector = custom(Many(Whole(1, UNITS), 1, MOST), help="cost of aborting each process", unit="points")
    processes: tuple[str, ...] = custom(_NAMES, default=(), help="names of the processes; P0, P1, … without")
    resources: tuple[str, ...] = custom(_NAMES, default=(), help="names of the resource types; A, B, … without")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return _named(raw)

    def faults(self) -> Iterable[Fault]:
        yield from _shapes(self, "allocation", "request")
        if len(self.costs) != len(self.allocation):
            yield Fault("costs", f"must have one number a process, {len(self.allocation)}, got {len(self.costs)}")


@record
class Thread:
    """A thread, the locks it holds and the one it waits for."""

    name: str = name()
    holds: tuple[str, ...] = custom(Many(Name(), 0, TYPES), default=(), help="locks that it holds")
    wants: str | None = maybe(Name(), help="the lock that it waits for, or none")


@record
class WaitFor:
    """Threads and locks: each lock has one holder at most."""

    kind: str = word("wait-for", default="wait-for", help="threads that hold locks and wait for one")
    threads: tuple[Thread, ...] = many(Thread, low=1, high=MOST, named="T", help="the threads, in order")

    def faults(self) -> Iterable[Fault]:
        holder: dict[str, str] = {}
        for index, thread in enumerate(self.threads):
            for lock in thread.holds:
                if lock in holder:
                    yield Fault(f"threads.{index}.holds", f"{lock} is held by {holder[lock]} already")
                holder[lock] = thread.name
        yield from _apart("threads", {t.name for t in self.threads}, {*holder, *(t.wants for t in self.threads)})


def _apart(where: str, owners: set[str], things: Iterable[str | None]) -> Iterator[Fault]:
    both = sorted(owners & {thing for thing in things if thing})
    if both:
        yield Fault(where, f"{' '.join(both)}: one name for two things; give each its own name")


@record
class Resource:
    """A resource type and how many instances there are."""

    name: str = name()
    instances: int = whole(1, UNITS, default=1, help="units of this type in all")


@record
class Node:
    """A process of a resource-allocation graph."""

    name: str = name()
    holds: tuple[str, ...] = custom(Many(Name(), 0, 100), default=(), help="resources held; twice for two units")
    wants: tuple[str, ...] = custom(Many(Name(), 0, 100), default=(), help="resources waited for, all of them")


@record
class Graph:
    """A resource-allocation graph: instances of resource types, assignment and request edges."""

    kind: str = word("graph", default="graph", help="a resource-allocation graph with instances")
    resources: tuple[Resource, ...] = many(Resource, low=1, high=MOST, named="R", help="the resource types")
    processes: tuple[Node, ...] = many(Node, low=1, high=MOST, named="P", help="the processes, in order")

    def faults(self) -> Iterable[Fault]:
        left = {resource.name: resource.instances for resource in self.resources}
        for index, node in enumerate(self.processes):
            for field, names in (("holds", node.holds), ("wants", node.wants)):
                strange = sorted({one for one in names if one not in left})
                if strange:
                    yield Fault(f"processes.{index}.{field}", f"{' '.join(strange)}: no such resource")
            for one in node.holds:
                left[one] = left.get(one, UNITS) - 1
        for index, resource in enumerate(self.resources):
            if left[resource.name] < 0:
                held = resource.instances - left[resource.name]
                yield Fault(
                    f"resources.{index}.instances", f"must be at least the {held} held, got {resource.instances}"
                )
        yield from _apart("processes", {node.name for node in self.processes}, left)


class _Acquiring:
    """`acquire A` or `release A`."""

    def take(self, raw: Any) -> str:
        verb, _, lock = str(raw).partition(" ") if isinstance(raw, str) else ("", "", "")
        if verb not in ("acquire", "release"):
            raise refuse(f"must be `acquire LOCK` or `release LOCK`, got {str(raw)[:40]!r}")
        return f"{verb} {Name().take(lock.strip())}"

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return "acquire LOCK | release LOCK"


@record
class Path:
    """What one thread acquires and releases, in order."""

    name: str = name()
    steps: tuple[str, ...] = custom(Many(_Acquiring(), 1, 200), help="acquire A, acquire B, release B, …")

    def faults(self) -> Iterable[Fault]:
        held: list[str] = []
        for index, step in enumerate(self.steps):
            verb, lock = step.split()
            if verb == "acquire":
                held.append(lock)
            elif lock in held:
                held.remove(lock)
            else:
                yield Fault(f"steps.{index}", f"{lock} is not held here")


@record
class LockOrder:
    """The code paths of threads, read without running them."""

    kind: str = word("lock-order", default="lock-order", help="in which order do threads take their locks?")
    threads: tuple[Path, ...] = many(Path, low=1, high=MOST, named="T", help="each thread's acquires and releases")
    misrule: str = misrule("releases-ignored")


CHANGES: Mapping[str, tuple[str, str, str]] = {  # change -> (condition broken, the change in words, source)
    "spool": (
        "mutual-exclusion",
        "Jobs are written to a spool; only the spooler uses the printer.",
        "tanenbaum-4 6.6.1",
    ),
    "share-read-only": (
        "mutual-exclusion",
        "The file is opened read-only, so that all may use it at once.",
        "silberschatz-10 8.5.1",
    ),
    "lock-free": ("mutual-exclusion", "The counter is updated by compare-and-swap; there is no lock.", "ostep 32.3"),
    "request-all-at-once": (
        "hold-and-wait",
        "A process asks for everything it needs at once, before it starts.",
        "silberschatz-10 8.5.2",
    ),
    "release-before-requesting": (
        "hold-and-wait",
        "A process gives back what it holds before it asks for more.",
        "silberschatz-10 8.5.2",
    ),
    "one-global-lock": (
        "hold-and-wait",
        "All locks are taken together, under one lock around the taking.",
        "ostep 32.3",
    ),
    "take-away-on-wait": (
        "no-preemption",
        "What a waiting process holds may be taken away from it.",
        "silberschatz-10 8.5.3",
    ),
    "trylock-and-back-off": (
        "no-preemption",
        "If the second lock is taken, the thread drops the first and tries again.",
        "ostep 32.3",
    ),
    "abort-and-roll-back": (
        "no-preemption",
        "The database aborts one transaction and rolls it back.",
        "silberschatz-10 8.8.2",
    ),
    "order-resources": (
        "circular-wait",
        "Locks are numbered; each thread takes them in ascending order.",
        "silberschatz-10 8.5.4",
    ),
    "order-by-address": ("circular-wait", "Of two locks, the one with the lower address is taken first.", "ostep 32.3"),
}
CONDITIONS = ("mutual-exclusion", "hold-and-wait", "no-preemption", "circular-wait")


@record
class Prevention:
    """One change to a system that could deadlock."""

    kind: str = word("prevention", default="prevention", help="which condition does a change break?")
    change: str = word(*CHANGES, help="what is changed")


@record
class Bound:
    """One resource type; processes ask for one unit at a time and keep what they have until they are done."""

    kind: str = word("bound", default="bound", help="are there units enough, whatever the order?")
    units: int = whole(1, UNITS, help="units of the one resource type", unit="units")
    processes: int = whole(1, UNITS, help="number of processes")
    most: int = whole(1, UNITS, help="units that each process may hold at most", unit="units")


Scenario = Banker | Detection | Recovery | WaitFor | Graph | LockOrder | Prevention | Bound
KINDS: tuple[type[Any], ...] = (Banker, Detection, WaitFor, Graph, LockOrder, Recovery, Prevention, Bound)


def process_names(scenario: Any) -> tuple[str, ...]:
    """The names of the processes or threads of any kind, in list order."""
    if isinstance(scenario, Banker | Detection | Recovery):
        return scenario.processes or tuple(f"P{index}" for index in range(len(scenario.allocation)))
    if isinstance(scenario, Graph):
        return tuple(node.name for node in scenario.processes)
    if isinstance(scenario, WaitFor | LockOrder):
        return tuple(thread.name for thread in scenario.threads)
    return ()


def resource_names(scenario: Any) -> tuple[str, ...]:
    """The names of the resource types or locks of any kind: in list order, locks in order of first mention."""
    if isinstance(scenario, Banker | Detection | Recovery):
        return scenario.resources or tuple(ascii_uppercase[: len(scenario.available)])
    if isinstance(scenario, Graph):
        return tuple(resource.name for resource in scenario.resources)
    if isinstance(scenario, LockOrder):
        return tuple(dict.fromkeys(step.split()[1] for path in scenario.threads for step in path.steps))
    if isinstance(scenario, WaitFor):
        named = (lock for t in scenario.threads for lock in (*t.holds, *((t.wants,) if t.wants else ())))
        return tuple(dict.fromkeys(named))
    return ()


__all__ = [
    "CHANGES", "CONDITIONS", "KINDS", "Ask", "Banker", "Bound", "Detection", "Graph", "LockOrder", "Matrix",
    "Node", "Path", "Prevention", "Recovery", "Resource", "Scenario", "Thread", "Vector", "WaitFor", "process_names",
    "resource_names",
]  # fmt: skip
