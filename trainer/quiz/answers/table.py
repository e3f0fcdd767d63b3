"""How is a table typed on one line? Rows divided by `;`, cells by blanks: `P1 0 2; P2 2 4`."""

from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.cells import Cell, count, first_wrong
from trainer.quiz.answers.number import bare_number
from trainer.quiz.answers.sequence import NONE
from trainer.quiz.answers.tokens import bounded, count_of, cut, quoted

Row = tuple[Any, ...]
EMPTY = "-"  # a cell that holds nothing


class TableAnswer(NamedTuple):
    """Rows of cells under `columns`; a cell is a number where it reads as one, else a word."""

    columns: tuple[str, ...]
    noun: str = "row"
    vocabulary: frozenset[str] = frozenset()  # words that a cell may hold beside numbers, in lower case
    unit: str = ""
    kind: str = "table"

    def read(self, text: str) -> tuple[Row, ...]:
        text = bounded(text)
        if text.casefold() in NONE:
            return ()
        return tuple(self.row(piece) for piece in text.replace("\n", ";").split(";") if piece.strip())

    def row(self, text: str) -> Row:
        cells = cut(text)
        if len(cells) != len(self.columns):
            wanted = f"a row has {count_of(len(self.columns), 'cell')} ({' '.join(self.columns)})"
            raise Unreadable(f"{wanted}; got {len(cells)} in {text.strip()[:24]!r}")
        for cell in cells:
            if bare_number(cell) is None and cell.casefold() not in self.vocabulary | {EMPTY}:
                raise Unreadable(f"{quoted(cell)} is neither a number nor a name of this question")
        return tuple(_cell(cell) for cell in cells)

    def write(self, value: tuple[Row, ...]) -> str:
        return "; ".join(" ".join(map(_written, row)) for row in value) or "none"

    def same(self, right: tuple[Row, ...], given: tuple[Row, ...]) -> bool:
        return _folded(right) == _folded(given)

    @property
    def example(self) -> str:
        return "; ".join([" ".join(self.columns)] * 2)

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def first_wrong(self, right: tuple[Row, ...], given: tuple[Row, ...]) -> Cell | None:
        """The cell that decides the diagnosis; None where all are right."""
        return first_wrong(_folded(right), _folded(given))

    def parts(self, right: tuple[Row, ...], given: tuple[Row, ...]) -> tuple[int, str] | None:
        wrong = self.first_wrong(right, given)
        if wrong is None:
            return None
        same, of = count(_folded(right), _folded(given))
        place = f"{self.noun} {wrong.row + 1}"
        if wrong.column >= 0:
            found = f"{_written(right[wrong.row][wrong.column])}, not {_written(given[wrong.row][wrong.column])}"
            told = f"the first wrong one is {self.columns[wrong.column]} of {place}: {found}"
        elif wrong.given is None:
            told = f"{place} is missing: {' '.join(map(_written, right[wrong.row]))}"
        else:
            told = f"there is no {place}"
        return wrong.row, f"{same} of {count_of(of, 'cell')} are right; {told}"

    def goes_on(self, typed: str) -> bool:
        """Whether further rows may follow those typed so far."""
        return ";" not in typed and typed.strip().casefold() not in NONE

    def check_line(self, line: str, _index: int) -> None:
        """Raises Unreadable where a line, typed alone, is no row."""
        if self.goes_on(line):
            self.row(line)


def _cell(text: str) -> Any:
    number = bare_number(text)
    if number is None:
        return text
    return number.numerator if number.denominator == 1 else number


def _written(cell: Any) -> str:
    return EMPTY if cell is None or cell == "" else str(cell)


def _folded(rows: tuple[Row, ...]) -> list[list[Any]]:
    return [[_cell(_written(cell).casefold()) for cell in row] for row in rows]
