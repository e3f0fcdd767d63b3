"""How is text that a person wrote set to a width?

Lines of one paragraph flow together, so that a text written at 80 columns reads at 40. What is indented, or begins
with `$ ` or `08:00 $ `, is something to look at (code, a command and its output) and keeps its lines, with its whole
paragraph; a list keeps its items.
"""

import re
from textwrap import wrap

from trainer.screen.clean import clean
from trainer.view.drawing import Drawing, Frame, Span

LEAST = 16  # columns that a text gets at least, however deep it is indented
_SHOWN = re.compile(r"  |(?:\d\d:\d\d(?::\d\d)? )?\$ ")
_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)]) ")


def prose(text: str, frame: Frame, style: str = "", *, indent: str = "", first: str | None = None) -> Drawing:
    """`text` as lines of at most the frame's width, each after `indent`; the very first after `first`, if given."""
    rows: list[str] = []
    for paragraph in frame.text(clean(text)).strip("\n").split("\n\n"):
        rows += [""] if rows else []
        for piece in _pieces(paragraph):
            rows += _set(piece, frame, indent if rows or first is None else first, indent)
    return tuple((Span(row, style),) if row else () for row in rows)


def _pieces(paragraph: str) -> list[str]:
    """What keeps a line of its own: each line of something shown, each item of a list, or all of it together."""
    lines = paragraph.split("\n")
    if any(_SHOWN.match(one) for one in lines):
        return lines
    pieces: list[str] = []
    for one in lines:
        if not pieces or _ITEM.match(one):
            pieces.append(one.strip())
        else:
            pieces[-1] += " " + one.strip()
    return pieces


def _set(piece: str, frame: Frame, first: str, indent: str) -> list[str]:
    width = max(frame.width, LEAST + len(indent))
    item = _ITEM.match(piece)
    hang = indent + " " * (item.end() if item else len(piece) - len(piece.lstrip()))
    if len(first) + len(piece) <= width:
        return [(first + piece).rstrip()]
    return wrap(
        piece, width, initial_indent=first, subsequent_indent=hang, break_on_hyphens=False, drop_whitespace=True
    )
