"""Which objects are freed, and when?

Words: *root* (an object held by a variable), *reachable* (from a root along references), *garbage* (not reachable),
*nursery* and *old* (the two generations), *age* (collections survived in the nursery).

Source: Jones, Hosking, Moss, The Garbage Collection Handbook, 2nd ed., ch. 2 (mark-sweep), 5 (counting), 9
(generations).
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sims.collector.scenario import Mutation, Scenario, apply, reachable


class Event(NamedTuple):
    """Something that happened to the objects."""

    kind: str  # start | new | link | unlink | drop | hold | collect | minor | out-of-memory
    operation: int  # of the mutations, from 1; 0 at the start, one more than there are at the end
    name: str = ""
    other: str = ""
    freed: tuple[str, ...] = ()  # in order of being freed
    promoted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # collections: what was marked


def graph_events(scenario: Scenario) -> tuple[Event, ...]:
    """What happens to the objects.

    reference-counting frees an object at once when its last reference goes, and then what only it referred to.
    mark-sweep frees all garbage at `collect`, when a new object finds the heap full, and at the end. generational
    collects the nursery at `minor`, when it is full, and at the end; what an old object refers to is kept, even if
    that old object is garbage. Who has survived promote_after collections is promoted; if the survivors still fill
    the nursery, all of them are. When the heap is full, or at `collect`, both generations are collected. A new object
    that still finds the heap full ends the run.
    """
    machine = _Machine(scenario)
    machine.run()
    return tuple(machine.events)


class _Machine:
    """The state of a run."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.refs = {each.name: list(each.refs) for each in scenario.objects}
        self.roots = set(scenario.roots)
        self.age = dict.fromkeys(self.refs, 0)  # of those in the nursery
        self.old: dict[str, None] = {}
        self.counts = Counter(ref for refs in self.refs.values() for ref in refs) + Counter(scenario.roots)
        self.events: list[Event] = []
        self.operation = 0

    def run(self) -> None:
        self.tell("start", Mutation(""), self.without_references(list(self.refs)))
        for mutation in self.scenario.mutations:
            self.operation += 1
            if mutation.op in ("collect", "minor"):
                self.collect("collect" if self.scenario.kind != "generational" else mutation.op)
            elif mutation.op == "new" and not self.room():
                self.tell("out-of-memory", mutation)
                return
            else:
                self.mutate(mutation)
        self.operation += 1
        if self.events[-1].kind not in ("collect", "minor"):
            self.collect("minor" if self.scenario.kind == "generational" else "collect")

    def tell(self, kind: str, mutation: Mutation, freed: Iterable[str] = ()) -> None:
        self.events.append(Event(kind, self.operation, mutation.name, mutation.other, tuple(freed)))

    def mutate(self, mutation: Mutation) -> None:
        if mutation.op == "new":
            self.refs[mutation.name], self.age[mutation.name] = [], 0
        held_before = mutation.name in self.roots
        apply(mutation, self.refs, self.roots)
        freed: list[str] = []
        if mutation.op == "link":
            self.counts[mutation.other] += 1
        elif mutation.op in ("new", "hold") and not held_before:
            self.counts[mutation.name] += 1
        elif mutation.op in ("unlink", "drop"):
            lost = mutation.other or mutation.name
            self.counts[lost] -= 1
            freed = self.without_references([lost])
        self.tell(mutation.op, mutation, freed)

    # ── reference counting ──────────────────────────────────────────────────────────────────────────────────────

    def without_references(self, suspects: list[str]) -> list[str]:
        """Free those of the suspects that nobody refers to, and whoever loses the last reference by that."""
        if self.scenario.kind != "reference-counting":
            return []
        freed: list[str] = []
        queue = [name for name in suspects if not self.counts[name]]
        for name in queue:
            freed.append(name)
            for ref in self.refs.pop(name):
                self.counts[ref] -= 1
                if not self.counts[ref]:
                    queue.append(ref)
        return freed

    # ── tracing ─────────────────────────────────────────────────────────────────────────────────────────────────

    def room(self) -> bool:
        """Whether a new object fits, after the collections that it takes to see."""
        nursery = self.scenario.nursery
        if self.scenario.kind == "generational" and nursery is not None and len(self.age) >= nursery:
            self.collect("minor")
        if self.full():
            self.collect("collect")
        return not self.full()

    def full(self) -> bool:
        return self.scenario.heap is not None and len(self.refs) >= self.scenario.heap

    def collect(self, kind: str) -> None:
        if self.scenario.kind == "reference-counting" or self.scenario.misrule == "never-collects":
            return
        kept = self.marked([*self.roots, *self.old] if kind == "minor" else self.roots)
        suspects = list(self.age) if kind == "minor" else list(self.refs)
        freed = [name for name in suspects if name not in kept]
        for name in freed:
            del self.refs[name]
            self.age.pop(name, None)
            self.old.pop(name, None)
        promoted = self.grown_old() if self.scenario.kind == "generational" else []
        self.events.append(Event(kind, self.operation, "", "", tuple(freed), tuple(promoted), tuple(sorted(kept))))

    def marked(self, start: Iterable[str]) -> set[str]:
        if self.scenario.misrule == "roots-only":
            return set(start)
        return set(reachable(sorted(start), self.refs))

    def grown_old(self) -> list[str]:
        self.age = {name: age + 1 for name, age in self.age.items()}
        promoted = [name for name, age in self.age.items() if age >= self.scenario.promote_after]
        if self.scenario.nursery is not None and len(self.age) - len(promoted) >= self.scenario.nursery:
            promoted = list(self.age)
        for name in promoted:
            del self.age[name]
            self.old[name] = None
        return promoted
