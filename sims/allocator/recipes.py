"""How are heaps and their operations drawn?"""

from sims.allocator.heap import FITS, LARGEST, Scenario
from sims.declare import Pick, Recipe
from sims.fields import flag, make, record, whole, word

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@record
class Holes:
    """Blocks are placed, some are freed, and others are placed in the holes."""

    size: int = whole(16, LARGEST, unit="bytes", help="bytes of the heap")
    fit: str = word(*FITS, help="which free block serves a request")
    header: int = whole(0, 64, default=0, unit="bytes", help="in front of every payload")
    align: int = whole(1, 64, default=1, unit="bytes", help="requests are rounded up to this")
    coalesce: bool = flag(default=True, help="whether free neighbours are joined")
    blocks: int = whole(2, 10, help="blocks placed first")
    frees: int = whole(1, 8, help="of them, freed; fewer where blocks are fewer")
    again: int = whole(1, 8, help="blocks placed afterwards")
    smallest: int = whole(1, LARGEST, unit="bytes", help="smallest request")
    largest: int = whole(1, LARGEST, unit="bytes", help="largest request")
    realloc: bool = flag(help="whether one block is resized between the frees and the last blocks")


@record
class Pointers:
    """A few variables, allocated, freed and used in an order that may be wrong."""

    variables: int = whole(1, 6, help="variables")
    steps: int = whole(3, 20, help="operations")


def _holes(wish: Holes, pick: Pick) -> Scenario:
    def request(path: str) -> int:
        return pick(path, wish.smallest, max(wish.smallest, wish.largest))

    names = list(_LETTERS[: wish.blocks])
    lines = [f"{name} = malloc {request(f'first.{name}')}" for name in names]
    frees = range(min(wish.frees, wish.blocks - 1))
    lines += [f"free {names.pop(pick(f'free.{index}', 0, len(names) - 1))}" for index in frees]
    if wish.realloc:
        lines.append(f"realloc {names[pick('resized', 0, len(names) - 1)]} {request('resize')}")
    later = _LETTERS[wish.blocks : wish.blocks + wish.again]
    lines += [f"{name} = malloc {request(f'again.{name}')}" for name in later]
    fields = {key: getattr(wish, key) for key in ("size", "fit", "header", "align", "coalesce")}
    return make(Scenario, {**fields, "operations": lines})


def _pointers(wish: Pointers, pick: Pick) -> Scenario:
    names = _LETTERS[: wish.variables]
    lines: list[str] = []
    known: list[str] = []
    for step in range(wish.steps):
        fresh = len(known) < len(names) and (not known or pick(f"fresh.{step}", 0, 2) == 0)
        name = names[len(known)] if fresh else known[pick(f"name.{step}", 0, len(known) - 1)]
        op = "malloc" if fresh else ("free", "use", "free", "malloc")[pick(f"op.{step}", 0, 3)]
        known += [name] if fresh else []
        size = pick(f"bytes.{step}", 1, 9) * 8
        lines.append(f"{name} = malloc {size}" if op == "malloc" else f"{op} {name}")
    return make(Scenario, {"size": 4096, "operations": lines})


RECIPES = (
    Recipe("holes", Holes, _holes, "blocks, then holes, then blocks in the holes"),
    Recipe("pointers", Pointers, _pointers, "malloc, free and use in an order that may be wrong"),
)
