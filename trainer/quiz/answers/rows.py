"""How is a row of whole numbers for each name typed? Rows divided by `;`: `7 4 3; 1 2 2`, or `P0 7 4 3; P1 1 2 2`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.cells import Cell, count, first_wrong
from trainer.quiz.answers.number import bare_number
from trainer.quiz.answers.tokens import bounded, count_of, cut, find, named, quoted

Rows = Mapping[str, tuple[int, ...]]


class RowsAnswer(NamedTuple):
    """One row for each of `names`, one whole number for each of `columns`."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    noun: str = "process"
    unit: str = ""
    kind: str = "table"

    def read(self, text: str) -> Rows:
        text = bounded(text)
        rows = [cut(named(piece).replace("=", " ")) for piece in text.replace("\n", ";").split(";") if piece.strip()]
        if len(rows) == 1 < len(self.names) and len(rows[0]) == len(self.names) * len(self.columns):
            width = len(self.columns)  # all numbers in one go
            rows = [rows[0][start : start + width] for start in range(0, len(rows[0]), width)]
        if len(rows) != len(self.names):
            wanted = f"expected {count_of(len(self.names), 'row')}, one for each {self.noun}, divided by ;"
            raise Unreadable(f"{wanted}; got {len(rows)}")
        given = dict(self.row(row, index) for index, row in enumerate(rows))
        if len(given) != len(self.names):
            raise Unreadable(f"each {self.noun} has one row")
        return {name: given[name] for name in self.names}

    def row(self, cells: list[str], index: int) -> tuple[str, tuple[int, ...]]:
        """The name and the numbers of one row; without a name it is the row of the name in its place."""
        name = find(cells[0], self.names) if len(cells) == len(self.columns) + 1 else self.names[index]
        numbers = cells[-len(self.columns) :]
        if name is None or len(cells) not in (len(self.columns), len(self.columns) + 1):
            wanted = f"a row has {count_of(len(self.columns), 'number')} ({' '.join(self.columns)})"
            raise Unreadable(f"{wanted}; got {quoted(' '.join(cells))}")
        return name, tuple(map(_whole, numbers))

    def write(self, value: Rows) -> str:
        return "; ".join(" ".join(map(str, value[name])) for name in self.names)

    def same(self, right: Rows, given: Rows) -> bool:
        return all(tuple(right[name]) == tuple(given[name]) for name in self.names)

    @property
    def example(self) -> str:
        rows = [" ".join(str((3 * row + column) % 5) for column in range(1, len(self.columns) + 1)) for row in (1, 2)]
        return f"{rows[0]}; {rows[1]}; …"

    @property
    def words(self) -> tuple[str, ...]:
        return self.names

    def first_wrong(self, right: Rows, given: Rows) -> Cell | None:
        """The cell that decides the diagnosis; None where all are right."""
        return first_wrong(self.cells(right), self.cells(given))

    def cells(self, value: Rows) -> list[tuple[int, ...]]:
        """The rows in the order of the names."""
        return [tuple(value[name]) for name in self.names]

    def parts(self, right: Rows, given: Rows) -> tuple[int, str] | None:
        wrong = self.first_wrong(right, given)
        if wrong is None:
            return None
        same, of = count(self.cells(right), self.cells(given))
        name = self.names[wrong.row]
        told = f"{self.columns[wrong.column]} of {name}: {right[name][wrong.column]}, not {wrong.given}"
        return wrong.row, f"{same} of {count_of(of, 'cell')} are right; the first wrong one is {told}"

    def goes_on(self, typed: str) -> bool:
        """Whether further rows may follow those typed so far."""
        rows = typed.split("\n")
        at_once = len(rows) == 1 and len(cut(typed)) == len(self.names) * len(self.columns)
        return ";" not in typed and not at_once and len(rows) < len(self.names)

    def check_line(self, line: str, index: int) -> None:
        """Raises Unreadable where a line, typed alone, is no row."""
        if index or self.goes_on(line):
            self.row(cut(named(line).replace("=", " ")), index)


def _whole(text: str) -> Any:
    number = bare_number(text)
    if number is None or number.denominator != 1:
        raise Unreadable(f"expected whole numbers, got {quoted(text)}")
    return number.numerator
