"""How is a mix of processes drawn whose working sets just fit, or just do not?"""

from sims.declare import Pick, Recipe
from sims.fields import make, record, whole, word
from sims.thrashing.scenario import REPLACEMENTS, Scenario


@record
class Mix:
    """Processes that each go round a few pages, with now and then a page beside them."""

    replacement: str = word(*REPLACEMENTS, default="global-lru", help="whose page leaves")
    processes: int = whole(1, 8, help="processes")
    frames: int = whole(1, 64, unit="frames", help="frames of the memory")
    pages: int = whole(1, 8, unit="pages", help="pages of one locality")
    references: int = whole(1, 60, help="references of each process")
    window: int = whole(1, 60, default=4, unit="references", help="Δ of the working set")
    fault_time: int = whole(1, 1_000, default=5, unit="ticks", help="what the paging device takes for one fault")
    stray: int = whole(0, 100, default=0, unit="%", help="chance that a reference goes beside the locality")
    least: int = whole(1, 8, default=1, help="the least degree that is compared")


def draw_mix(given: Mix, pick: Pick) -> Scenario:
    """Strings drawn page by page; the locality moves on by one page at a stray reference."""
    processes = []
    for n in range(given.processes):
        first, string = 0, []
        for k in range(given.references):
            path = f"processes.{n}.references.{k}"
            if pick(f"{path}.stray", 1, 100) <= given.stray:
                first += 1
                string.append(first + given.pages - 1)
            else:
                string.append(first + pick(path, 0, given.pages - 1))
        processes.append({"name": f"P{n + 1}", "references": string})
    shared = {name: getattr(given, name) for name in ("replacement", "frames", "window", "fault_time")}
    degree = [min(given.least, given.processes), given.processes]
    return make(Scenario, {**shared, "processes": processes, "degree": degree})


@record
class Loops:
    """Processes that each go round and round their pages: where thrashing is sharpest."""

    processes: int = whole(2, 8, help="processes")
    pages: int = whole(1, 8, unit="pages", help="least pages of a loop; each process has up to one more")
    laps: int = whole(1, 20, help="rounds of each loop")
    frames: int = whole(1, 64, unit="frames", help="frames of the memory")
    fault_time: int = whole(1, 1_000, default=5, unit="ticks", help="what the paging device takes for one fault")
    replacement: str = word(*REPLACEMENTS, default="global-lru", help="whose page leaves")
    window: int = whole(1, 60, default=8, unit="references", help="Δ of the working set")


def draw_loops(given: Loops, pick: Pick) -> Scenario:
    """Each process one phase."""
    processes = []
    for n in range(given.processes):
        pages = given.pages + pick(f"processes.{n}.pages", 0, 1)
        phase = {"pages": pages, "references": pages * given.laps}
        processes.append({"name": f"P{n + 1}", "phases": [phase]})
    shared = {name: getattr(given, name) for name in ("replacement", "frames", "window", "fault_time")}
    return make(Scenario, {**shared, "processes": processes})


RECIPES = (
    Recipe("mix", Mix, draw_mix, "processes with drawn references in a moving locality"),
    Recipe("loops", Loops, draw_loops, "processes that each go round their pages"),
)
