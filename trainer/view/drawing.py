"""How is a drawing held, before any terminal sees it?

A drawing is a tuple of lines, a line a tuple of spans, a span a text and the name of a style. The same function
draws for any width, with or without Unicode: the `Frame` says what there is to draw on. Styles carry no meaning
that the text does not carry too.

    grid(("process", "burst"), [("P1", 5), ("P2", 3)], Frame(width=40))
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap as _wrap
from typing import NamedTuple

STYLES = ("", "head", "dim", "strong", "right", "wrong", "mark", "run", "wait")


class Span(NamedTuple):
    """A piece of a line in one style."""

    text: str
    style: str = ""


Line = tuple[Span, ...]
Drawing = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What there is to draw on."""

    width: int = 80  # columns; 30 is the least that must work
    ascii: bool = False  # no character above U+007E
    plain: bool = False  # for a screen reader: labels and sentences, no columns, no boxes

    def glyph(self, fancy: str, simple: str) -> str:
        """`fancy`, or its ASCII stand-in. Both take one column a character."""
        return simple if self.ascii else fancy

    @property
    def bar(self) -> str:
        return self.glyph("│", "|")

    @property
    def rule(self) -> str:
        return self.glyph("─", "-")

    @property
    def dash(self) -> str:
        return self.glyph("–", "-")

    @property
    def arrow(self) -> str:
        return self.glyph("→", ">")

    def text(self, text: str) -> str:
        """`text` in the characters that this frame can show."""
        return text.translate(_ASCII) if self.ascii else text


_ASCII = str.maketrans(
    {
        "–": "-", "—": "-", "→": "->", "←": "<-", "≥": ">=", "≤": "<=", "×": "x", "÷": "/", "·": ".", "…": "...",
        "“": '"', "”": '"', "‘": "'", "’": "'", "≠": "!=", "∞": "inf", "µ": "u", "²": "^2", "³": "^3", "−": "-",
        "✓": "+", "✗": "x", "│": "|", "─": "-", "▸": ">", "•": "*", "Δ": "delta", "Σ": "sum", "∈": "in", "⌈": "ceil(",
        "⌉": ")", "⌊": "floor(", "⌋": ")", "ⁿ": "^n", "↑": "^", "↓": "v", "█": "#", "░": ".", "▒": ":", "›": ">",
    }
)  # fmt: skip


def line(*parts: str | Span) -> Line:
    """A line of spans; a bare string has no style."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def paragraph(text: str, frame: Frame, style: str = "", indent: str = "") -> Drawing:
    """`text` wrapped to the frame, its own line breaks kept."""
    lines: list[Line] = []
    for piece in frame.text(text).split("\n"):
        room = max(frame.width, 20)  # an id is not broken at its hyphens: it is to be copied
        rows = _wrap(piece, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False) or [""]
        lines += [line(Span(row, style)) for row in rows]
    return tuple(lines)


def cell(value: object) -> str:
    """A value as a table shows it; a fraction as 17/3."""
    if value is None:
        return ""
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)
    return str(value)


def grid(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    frame: Frame,
    *,
    mark: int | None = None,
    spare: Sequence[str] = (),
) -> Drawing:
    """A table: the first column left, the others right, units once in the head.

    Where the frame is too narrow the `spare` columns are left out, the first of them first; where that does not help,
    or the frame is plain, each row becomes `P1: arrival 0, burst 5`. Row `mark` is marked.
    """
    cells = [[frame.text(cell(value)) for value in row] for row in rows]
    titles = [frame.text(title) for title in head]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    kept = _fitting(head, widths, spare, frame.width)
    if kept is None or frame.plain:
        return _listed(titles, cells, frame)
    titles, *cells = ([row[at] for at in kept] for row in (titles, *cells))
    widths = [widths[at] for at in kept]
    top = line(Span("  " + _row(titles, widths), "head"))
    body = (
        line(
            Span(frame.glyph("▸ ", "> ") if index == mark else "  "),
            Span(_row(row, widths), "mark" if index == mark else ""),
        )
        for index, row in enumerate(cells)
    )
    return (top, *body)


def _fitting(head: Sequence[str], widths: Sequence[int], spare: Sequence[str], room: int) -> list[int] | None:
    """The columns that stay so that the row fits; None where it cannot."""
    for count in range(len(spare) + 1):
        kept = [at for at, title in enumerate(head) if title not in spare[:count]]
        if sum(widths[at] + 2 for at in kept) <= room:
            return kept
    return None


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    return "  ".join([first, *(text.rjust(width) for text, width in zip(cells[1:], widths[1:], strict=True))])


def _listed(titles: Sequence[str], cells: Sequence[Sequence[str]], frame: Frame) -> Drawing:
    lines: list[Line] = []
    for row in cells:
        rest = ", ".join(f"{title} {text}" for title, text in zip(titles[1:], row[1:], strict=True) if text)
        lines += paragraph(f"{titles[0]} {row[0]}: {rest}" if rest else f"{titles[0]} {row[0]}", frame)
    return tuple(lines)


def width_of(drawing: Drawing) -> int:
    """Columns of the widest line."""
    return max((sum(len(span.text) for span in one) for one in drawing), default=0)


def text_of(drawing: Drawing) -> str:
    """The drawing without styles, for tests and for pipes."""
    return "\n".join("".join(span.text for span in one).rstrip() for one in drawing)
