"""How does a drawing become bytes that this terminal can show?

`look` decides once what there is to print on: colour, ASCII, plain. A `Paper` prints drawings on it; every text
passes `clean`, and a style becomes an SGR code here and nowhere else. Written by hand because this is on the way to
the first question: importing rich's Console costs three bare starts of the interpreter
(docs/decisions/010-direct-printing.md).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TextIO

from trainer.screen.clean import clean
from trainer.view.drawing import Drawing, Frame, Line, Span

NARROWEST, WIDEST = 20, 100  # columns that a drawing may take; a wider text is hard to read


class Look(NamedTuple):
    """What the output can show."""

    plain: bool = False  # labels and sentences, no redraw, no boxes
    ascii: bool = False
    colour: bool = True


class Style(NamedTuple):
    """One style, as the terminal and as prompt-toolkit name it."""

    sgr: str
    toolkit: str


STYLES = {
    "": Style("", ""),
    "head": Style("1", "bold"),
    "dim": Style("2", "dim"),
    "strong": Style("1", "bold"),
    "right": Style("1;32", "bold fg:ansigreen"),
    "wrong": Style("1;31", "bold fg:ansired"),
    "mark": Style("7", "reverse"),
    "run": Style("36", "fg:ansicyan"),
    "wait": Style("33", "fg:ansiyellow"),
}
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")  # what Python itself may have put into LC_CTYPE (PEP 538)


def look(
    environ: Mapping[str, str],
    *,
    terminal: bool,
    encoding: str,
    plain: bool = False,
    ascii: bool = False,  # noqa: A002 — the name of the flag
    colour: bool = True,
) -> Look:
    """What the output can show. `terminal`: keyboard and output are one; `encoding`: of the stream."""
    plain = plain or not terminal or environ.get("TERM", "dumb") in ("dumb", "")
    colour = colour and not plain and not environ.get("NO_COLOR")
    return Look(plain, ascii or not _unicode(environ, encoding), colour)


def _unicode(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether the locale that the user asked for, and the stream, are UTF-8. Nothing asked for: the stream decides."""
    if encoding.lower().replace("-", "") != "utf8":
        return False
    ctype, lang = environ.get("LC_CTYPE", ""), environ.get("LANG", "")
    asked = environ.get("LC_ALL") or (lang if ctype in _COERCED and lang else ctype or lang)
    if asked in ("C", "POSIX"):
        return False
    _, dot, charset = asked.partition(".")
    return not dot or charset.partition("@")[0].lower().replace("-", "") == "utf8"


class Paper:
    """Prints drawings, top to bottom, on a terminal of any width or on a pipe."""

    def __init__(self, out: TextIO, look: Look, columns: Callable[[], int]) -> None:
        self.out, self.look, self.columns = out, look, columns
        self.is_apart = False  # whether the last thing on it is an empty line

    @property
    def frame(self) -> Frame:
        """What there is to draw on now; asked again for every drawing, since a window changes its size."""
        width = min(max(self.columns(), NARROWEST), WIDEST)
        return Frame(width=width, ascii=self.look.ascii, plain=self.look.plain)

    def show(self, drawing: Drawing) -> None:
        """Print the drawing, one line each, and let it be seen."""
        self.out.write("".join(f"{self.row(one)}\n" for one in drawing))
        self.out.flush()
        self.is_apart = bool(drawing) and not drawing[-1]

    def show_apart(self, drawing: Drawing) -> None:
        """Print the drawing with an empty line before it, unless there is one."""
        self.show(drawing if self.is_apart else ((), *drawing))

    def row(self, one: Line) -> str:
        """One line as it is sent."""
        return "".join(map(self.span, one)).rstrip(" ")

    def span(self, span: Span) -> str:
        """A span as it is sent: cleaned, in its style."""
        text, sgr = letters(span.text, self.look), STYLES[span.style].sgr
        return f"\x1b[{sgr}m{text}\x1b[0m" if sgr and self.look.colour and text else text


def letters(text: str, look: Look) -> str:
    """`text` in characters that the output can show and that do nothing."""
    text = clean(text)
    if not look.ascii or text.isascii():
        return text
    return Frame(ascii=True).text(text).encode("ascii", "backslashreplace").decode("ascii")


def fragments(drawing: Drawing, look: Look) -> list[tuple[str, str]]:
    """The drawing as prompt-toolkit's styled text, lines divided by newlines."""
    rows: list[tuple[str, str]] = []
    for one in drawing:
        rows += [(STYLES[span.style].toolkit if look.colour else "", letters(span.text, look)) for span in one]
        rows.append(("", "\n"))
    return rows[:-1]
