"""How are object graphs drawn?"""

from collections.abc import Iterator

from sims.collector.scenario import KINDS, Mutation, Scenario, apply, reachable
from sims.declare import Pick, Recipe
from sims.fields import make, record, whole, word

_NAMES = "abcdefghijklmnopqrstuvwxyz"


@record
class Graph:
    """Objects that refer to one another, and what happens to the references."""

    kind: str = word(*KINDS, help="how garbage is found")
    objects: int = whole(2, 10, help="objects at the start")
    links: int = whole(0, 20, help="references among them")
    roots: int = whole(1, 6, help="objects held by a variable at the start; fewer where objects are fewer")
    steps: int = whole(1, 12, help="mutations")


@record
class Generations:
    """A program that allocates, keeps some objects and drops others, under a generational collector."""

    steps: int = whole(3, 14, help="mutations beside the minor collections")
    minors: int = whole(1, 4, help="minor collections among them; one more ends the run")
    promote_after: int = whole(1, 3, help="collections survived before promotion")


def _graph(wish: Graph, pick: Pick) -> Scenario:
    names = list(_NAMES[: wish.objects])
    refs: dict[str, list[str]] = {name: [] for name in names}
    for link in range(wish.links):
        start, end = (names[pick(f"link.{link}.{side}", 0, len(names) - 1)] for side in ("from", "to"))
        if end not in refs[start] and end != start:
            refs[start].append(end)
    roots = {names[pick(f"root.{root}", 0, len(names) - 1)] for root in range(wish.roots)}
    objects = [{"name": name, "refs": list(refs[name])} for name in names]
    held = sorted(roots)
    mutations = [str(each) for each in _losses(wish.steps, refs, roots, pick)]
    return make(Scenario, {"kind": wish.kind, "objects": objects, "roots": held, "mutations": mutations})


def _losses(
    steps: int, refs: dict[str, list[str]], roots: set[str], pick: Pick, *, first: int = 0
) -> Iterator[Mutation]:
    """Mutations that mostly take references away; the program touches only what it can reach."""
    for step in range(first, first + steps):
        near = reachable(sorted(roots), refs)
        links = [(name, ref) for name in near for ref in refs[name]]
        losses = [Mutation("drop", name) for name in sorted(roots)] + [Mutation("unlink", *link) for link in links]
        gains = [Mutation("link", a, b) for a in near for b in near if a != b and b not in refs[a]]
        choices = gains if gains and pick(f"gain.{step}", 0, 3) == 0 else losses
        if not choices:
            return
        mutation = choices[pick(f"choice.{step}", 0, len(choices) - 1)]
        apply(mutation, refs, roots)
        yield mutation


def _generations(wish: Generations, pick: Pick) -> Scenario:
    refs: dict[str, list[str]] = {}
    roots: set[str] = set()
    lines: list[str] = []
    at = sorted(pick(f"minor.{n}", 2, wish.steps) for n in range(wish.minors))
    for step in range(wish.steps):
        lines += ["minor"] * at.count(step)
        fresh = len(roots) < 2 or (len(refs) < len(_NAMES) and pick(f"new.{step}", 0, 2) == 0)
        if fresh:
            mutation = Mutation("new", _NAMES[len(refs)])
            refs[mutation.name] = []
            apply(mutation, refs, roots)
        else:
            mutation = next(_losses(1, refs, roots, pick, first=step))
        lines.append(str(mutation))
    fields = {"kind": "generational", "nursery": 26, "promote_after": wish.promote_after}
    return make(Scenario, {**fields, "mutations": lines})


RECIPES = (
    Recipe("graph", Graph, _graph, "objects, references and what is taken away"),
    Recipe("generations", Generations, _generations, "objects that die young and objects that grow old"),
)
