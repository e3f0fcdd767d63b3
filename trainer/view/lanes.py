"""How is a lane of time drawn? Pieces of one row on a scale of ticks, with the axis above and a legend below.

chart((Lane("T0", (Piece(0, 2, "cpu", "R1"), Piece(2, 5, "io"))),), LOOKS, Frame(40), 0, 5)
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trainer.view.drawing import Drawing, Frame, Line, Span, line, paragraph

MOST_LANES = 24
WIDEST_TICK = 4  # columns


class Piece(NamedTuple):
    """Something that fills a lane during [start, end)."""

    start: int  # tick
    end: int  # tick
    kind: str  # a key of the looks
    name: str = ""  # written into the piece where it fits


class Lane(NamedTuple):
    """One row."""

    label: str
    pieces: tuple[Piece, ...]


class Look(NamedTuple):
    """How a kind of piece looks, and what the legend says of it."""

    fancy: str  # one column
    simple: str  # its ASCII stand-in
    says: str
    style: str = ""


class Scale(NamedTuple):
    """Ticks to columns: `wide` columns a tick, or `ticks` ticks a column."""

    first: int
    last: int
    wide: int
    ticks: int

    def column(self, tick: int) -> int:
        """The column where a tick begins."""
        return (tick - self.first) * self.wide // self.ticks


def chart(lanes: Sequence[Lane], looks: Mapping[str, Look], frame: Frame, first: int, last: int) -> Drawing:
    """The lanes over [first, last), under a time axis; a legend of what occurs."""
    label = max((len(lane.label) for lane in lanes), default=0)
    label = min(label, 10)
    scale = fit(first, last, frame.width - label - 1)
    shown = lanes[:MOST_LANES]
    rows = [_row(lane, looks, frame, scale, label) for lane in shown]
    rest = f"… and {len(lanes) - len(shown)} more" if len(lanes) > len(shown) else ""
    kinds = {piece.kind for lane in shown for piece in lane.pieces if piece.end > piece.start}
    return (
        _axis(scale, label, frame.width - label - 1),
        *rows,
        *(paragraph(rest, frame, "dim") if rest else ()),
        *_legend(looks, kinds, frame),
    )


def fit(first: int, last: int, room: int) -> Scale:
    """The widest scale that fits into `room` columns, one of them kept for the end."""
    span, room = max(last - first, 1), max(room - 1, 8)
    wide = min(WIDEST_TICK, room // span)
    return Scale(first, last, wide, 1) if wide else Scale(first, last, 1, -(-span // room))


def _axis(scale: Scale, label: int, room: int) -> Line:
    step = next(n for n in _steps() if scale.column(scale.first + n) > len(str(scale.last)))
    text = ""
    for tick in range(scale.first, scale.last + 1, step):
        if scale.column(tick) + len(str(tick)) <= room:
            text = text.ljust(scale.column(tick)) + str(tick)
    return line(Span(" " * (label + 1) + text, "head"))


def _steps() -> Sequence[int]:
    return [digit * 10**power for power in range(15) for digit in (1, 2, 5)]


def _row(lane: Lane, looks: Mapping[str, Look], frame: Frame, scale: Scale, label: int) -> Line:
    spans = [Span(lane.label[:label].ljust(label) + " ")]
    at = 0
    for piece in sorted(lane.pieces):
        start, end = scale.column(piece.start), max(scale.column(piece.end), scale.column(piece.start) + 1)
        start = max(start, at)
        if piece.start == piece.end or start >= end:
            continue
        look = looks[piece.kind]
        glyph = frame.glyph(look.fancy, look.simple)
        name = piece.name if len(piece.name) <= end - start else ""
        spans += [Span(" " * (start - at)), Span(name + glyph * (end - start - len(name)), look.style)]
        at = end
    return line(*spans)


def _legend(looks: Mapping[str, Look], kinds: set[str], frame: Frame) -> Drawing:
    said = [f"{frame.glyph(look.fancy, look.simple)} {look.says}" for kind, look in looks.items() if kind in kinds]
    return paragraph("   ".join(said), frame, "dim") if said else ()
