"""Which cells of a table are right, and which is the first wrong one? Row by row, from left to right."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Cells = Sequence[Sequence[Any]]


class Cell(NamedTuple):
    """Where a table goes wrong first."""

    row: int
    column: int  # -1: the whole row is missing, or is one too many
    given: Any  # None where the row is missing


def first_wrong(right: Cells, given: Cells) -> Cell | None:
    """The first cell that differs; None where the tables are the same."""
    for row, (one, other) in enumerate(zip(right, given, strict=False)):
        for column, (wanted, found) in enumerate(zip(one, other, strict=False)):
            if wanted != found:
                return Cell(row, column, found)
    if len(right) == len(given):
        return None
    row = min(len(right), len(given))
    return Cell(row, -1, tuple(given[row]) if row < len(given) else None)


def count(right: Cells, given: Cells) -> tuple[int, int]:
    """(cells that are right, cells of the right table)."""
    pairs = zip(right, given, strict=False)
    same = sum(wanted == found for one, other in pairs for wanted, found in zip(one, other, strict=False))
    return same, sum(map(len, right))
