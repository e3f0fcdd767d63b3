"""What does a scenario of garbage collection say: an object graph and what is done to it, or rates?

A *graph* has `objects`, `roots` and `mutations`; every object takes one unit of the heap. *Rates* have
`allocation_rate`, `live`, `heap` and so on; one of the two is given, not both.

    {"kind": "reference-counting", "objects": [{"name": "a", "refs": ["b"]}, {"name": "b"}], "roots": ["a"],
     "mutations": ["drop a"]}
    {"kind": "mark-sweep", "allocation_rate": 2, "heap": 100, "live": 60, "mark_cost": 1, "time": 1000}
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from sims.declare import Fault
from sims.fields import NAME, Name, Ratio, many, maybe, misrule, name, ratio, record, refuse, shown, whole, word

KINDS = ("reference-counting", "mark-sweep", "generational")
MOST = 1_000_000
OPERANDS = {"new": 1, "drop": 1, "hold": 1, "link": 2, "unlink": 2, "collect": 0, "minor": 0}


class Mutation(NamedTuple):
    """One thing that the program does, or a collection that it asks for."""

    op: str  # new | drop | hold | link | unlink | collect | minor
    name: str = ""
    other: str = ""  # link, unlink: the object referred to

    def __str__(self) -> str:
        return " ".join(filter(None, self))


class _MutationKind:
    """A mutation, as text."""

    def take(self, raw: Any) -> Mutation:
        if isinstance(raw, Mutation):
            return raw
        words = raw.split() if isinstance(raw, str) else []
        if not words or OPERANDS.get(words[0]) != len(words) - 1:
            raise refuse(f"must be {self.describe()}; got {shown(raw)}")
        for operand in words[1:]:
            if not NAME.fullmatch(operand):
                raise refuse(f"must name an object such as a or node-2, got {shown(operand)}")
        return Mutation(*words)

    def plain(self, value: Mutation) -> str:
        return str(value)

    def describe(self) -> str:
        return "new A | link A B | unlink A B | drop A | hold A | collect | minor"


@record
class Object:
    """An object that is there at the start."""

    name: str = name(help="its name")
    refs: tuple[str, ...] = many(Name(), high=50, default=(), help="objects that it refers to")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        """`refs: b c` is short for a list."""
        return {**raw, "refs": raw["refs"].split()} if isinstance(raw.get("refs"), str) else raw


def _cost(help: str, unit: str) -> Any:  # noqa: A002 — as in fields
    return ratio(0, MOST, default=0, unit=unit, help=help)


def _amount(help: str, unit: str) -> Any:  # noqa: A002 — as in fields
    return maybe(Ratio(Fraction(1, 1000), Fraction(MOST)), unit=unit, help=help)


@record
class Scenario:
    """A collector and what it is given: an object graph, or rates."""

    kind: str = word(*KINDS, help="how garbage is found")
    objects: tuple[Object, ...] = many(Object, high=500, default=(), help="graph: what is there at the start")
    roots: tuple[str, ...] = many(Name(), high=500, default=(), help="graph: objects held by a variable")
    mutations: tuple[Mutation, ...] = many(
        _MutationKind(), high=1_000, default=(), help="graph: what happens, in order"
    )
    allocation_rate: Fraction | None = _amount("rates: what the program allocates", "MB/ms")
    survival: Fraction = ratio(0, 1, default=0, help="rates: share of the nursery that survives a minor collection")
    heap: Fraction | None = _amount("all that fits: MB for rates, objects in a graph; none: no limit", "MB")
    live: Fraction = ratio(0, MOST, default=0, unit="MB", help="rates: what is reachable at any time")
    mark_cost: Fraction = _cost("rates: time to mark live data", "ms/MB")
    sweep_cost: Fraction = _cost("rates: time to sweep the heap", "ms/MB")
    nursery: Fraction | None = _amount("generational: where new objects go: MB, objects in a graph", "MB")
    promote_after: int = whole(1, 20, default=1, help="generational: minor collections survived before promotion")
    time: Fraction | None = _amount("rates: how long the program computes", "ms")
    misrule: str = misrule("mark-heap", "live-not-marked", "live-forgotten", "no-sweep", "roots-only", "never-collects")

    @property
    def is_graph(self) -> bool:
        """Whether objects are given, not rates."""
        return self.allocation_rate is None

    def faults(self) -> Iterable[Fault]:
        yield from self._rates_faults() if self.allocation_rate is not None else self._graph_faults()

    def _rates_faults(self) -> Iterable[Fault]:
        if self.objects or self.mutations or self.roots:
            yield Fault("allocation_rate", "give either objects and mutations, or rates, not both")
        if self.kind == "reference-counting":
            yield Fault("kind", "must be mark-sweep or generational for rates, got 'reference-counting'")
        if self.heap is None:
            yield Fault("heap", "is missing; rates need it")
        if self.time is None:
            yield Fault("time", "is missing; rates need it")
        if self.kind == "generational" and self.nursery is None:
            yield Fault("nursery", "is missing; generational rates need it")

    def _graph_faults(self) -> Iterable[Fault]:
        if not self.objects and not self.mutations:
            yield Fault("objects", "give objects, mutations or an allocation_rate")
        known = [each.name for each in self.objects]
        if len(set(known)) < len(known):
            yield Fault("objects", "two objects have one name; give each its own")
        for index, each in enumerate(self.objects):
            if missing := [ref for ref in each.refs if ref not in known]:
                yield Fault(f"objects.{index}.refs", f"there is no object {missing[0]}")
        if missing := [root for root in self.roots if root not in known]:
            yield Fault("roots", f"there is no object {missing[0]} at the start")
        elif len(set(self.roots)) < len(self.roots):
            yield Fault("roots", "one object stands there twice")
        else:
            yield from self._mutation_faults()
        if self.kind == "generational":
            yield from self._nursery_faults()

    def _nursery_faults(self) -> Iterable[Fault]:
        if self.nursery is None:
            yield Fault("nursery", "is missing; generational needs it")
        elif len(self.objects) > self.nursery:
            yield Fault("nursery", f"must hold the {len(self.objects)} objects of the start, got {self.nursery}")

    def _mutation_faults(self) -> Iterable[Fault]:
        """A program can only touch what it can reach."""
        refs = {each.name: list(each.refs) for each in self.objects}
        roots = set(self.roots)
        for index, mutation in enumerate(self.mutations):
            where, op = f"mutations.{index}", mutation.op
            if op == "new":
                if mutation.name in refs:
                    yield Fault(where, f"{mutation.name} names two objects; give each its own name")
                refs.setdefault(mutation.name, [])
            elif message := _unfit(mutation, refs, roots):
                yield Fault(where, message)
                return
            apply(mutation, refs, roots)


def apply(mutation: Mutation, refs: dict[str, list[str]], roots: set[str]) -> None:
    """What a mutation does to the references; nothing for a collection."""
    match mutation.op:
        case "new" | "hold":
            roots.add(mutation.name)
        case "drop":
            roots.discard(mutation.name)
        case "link":
            refs[mutation.name].append(mutation.other)
        case "unlink":
            refs[mutation.name].remove(mutation.other)


def reachable(start: Iterable[str], refs: Mapping[str, Iterable[str]]) -> list[str]:
    """What can be reached from `start`, itself included, in the order of a breadth-first walk."""
    found = dict.fromkeys(start)
    queue = list(found)
    for each in queue:
        fresh = [ref for ref in dict.fromkeys(refs.get(each, ())) if ref not in found]
        found.update(dict.fromkeys(fresh))
        queue += fresh
    return queue


def _unfit(mutation: Mutation, refs: Mapping[str, list[str]], roots: set[str]) -> str:
    """Why the program cannot do this; empty if it can."""
    if mutation.op in ("collect", "minor"):
        return ""
    if mutation.op == "drop":
        return "" if mutation.name in roots else f"no variable holds {mutation.name}"
    within_reach = set(reachable(sorted(roots), refs))
    for operand in filter(None, (mutation.name, mutation.other)):
        if operand not in refs:
            return f"there is no object {operand}"
        if operand not in within_reach:
            return f"{operand} can no longer be reached"
    if mutation.op == "unlink" and mutation.other not in refs[mutation.name]:
        return f"{mutation.name} does not refer to {mutation.other}"
    return ""
