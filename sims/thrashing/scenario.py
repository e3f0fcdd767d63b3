"""What does a thrashing problem say? Processes with their references, the frames they share, and who pays for a fault.

Two kinds: `run` (processes are simulated) and `model` (no processes: a share of time spent waiting, as an idealised
comparison). A scenario that names no kind is told by its fields.

Words: *degree* (processes in memory at a time; degree d runs the first d processes), *window* Δ, *working set* W(t, Δ):
the pages of a process's references t − Δ + 1 … t, in its own virtual time, where t counts its references from 1.

    make(Scenario, {"frames": 4, "processes": [[0, 1, 0, 1], {"phases": [{"pages": 3, "references": 9}]}]})
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sims.fields import Fault, Many, Whole, many, maybe, name, ratio, record, whole, word

REPLACEMENTS = ("global-lru", "local-lru", "working-set")
LONGEST = 20_000


@record
class Phase:
    """A stretch of references that go round a few pages."""

    pages: int = whole(1, 1_000, unit="pages", help="pages in use, one after the other, round and round")
    references: int = whole(1, LONGEST, help="references of the phase")
    first: int = whole(0, 100_000, default=0, help="the lowest of the pages; the others follow it")


@record
class Process:
    """A process with its own pages: phases, or a reference string."""

    name: str = name(help="short name; P0, P1, … where there is none")
    references: tuple[int, ...] = many(Whole(0, 999_999), high=LONGEST, default=(), help="pages in order of use")
    phases: tuple[Phase, ...] = many(Phase, high=100, default=(), help="phases of locality, instead of references")

    def faults(self) -> Iterable[Fault]:
        if bool(self.references) == bool(self.phases):
            yield Fault("references", "needs either references or phases")
        elif sum(phase.references for phase in self.phases) > LONGEST:
            yield Fault("phases", f"must hold at most {LONGEST} references together")

    @property
    def string(self) -> tuple[int, ...]:
        """The reference string."""
        spelled = [phase.first + n % phase.pages for phase in self.phases for n in range(phase.references)]
        return self.references or tuple(spelled)


@record
class Scenario:
    """Processes that share a core, a memory and one paging device."""

    kind: str = word("run", default="run", help="processes are simulated")
    processes: tuple[Process, ...] = many(Process, low=1, high=32, named="P", help="in the order of admission")
    frames: int = whole(1, 100_000, unit="frames", help="frames of the memory, all empty at the start")
    replacement: str = word(*REPLACEMENTS, default="global-lru", help="whose page leaves")
    window: int = whole(1, LONGEST, default=4, unit="references", help="Δ of the working set")
    fault_time: int = whole(1, 1_000_000, default=10, unit="ticks", help="what the paging device takes for one fault")
    degree: tuple[int, ...] | None = maybe(
        Many(Whole(1, 32), 2, 2), help="least and greatest degree to compare; none: 1 and all processes"
    )

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        processes = raw.get("processes")
        if isinstance(processes, list | tuple):
            full = [{"references": each} if isinstance(each, list | tuple) else each for each in processes]
            return {**raw, "processes": full}
        return raw

    def faults(self) -> Iterable[Fault]:
        low, high = self.degrees
        if not low <= high <= len(self.processes):
            yield Fault("degree", f"must rise, to at most {len(self.processes)} processes, got {low} to {high}")
        elif self.replacement == "local-lru" and self.frames < high:
            yield Fault("frames", f"must be at least 1 for each of {high} processes, got {self.frames}")

    @property
    def degrees(self) -> tuple[int, int]:
        """The least and the greatest degree."""
        return (self.degree[0], self.degree[1]) if self.degree else (1, len(self.processes))


@record
class Model:
    """Tanenbaum's probabilistic model: each process waits a share of its time, independently of the others."""

    kind: str = word("model", default="model", help="no processes: each waits a share of its time")
    waiting: Fraction = ratio(0, 1, help="p: share of its time that a process waits for I/O")
    processes: int = whole(1, 1_000, help="n: processes in memory")
