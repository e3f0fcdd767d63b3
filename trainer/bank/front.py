"""What do the header and the text of a concept say? Markdown with a YAML header between two lines of `---`.

The header is read like any other file of a pack; its line numbers, and those of the text, are those of the file.
"""

from typing import NamedTuple

from trainer.bank.reader import Node, read
from trainer.model import Place, Problem

FENCE = "---"


class Front(NamedTuple):
    """A concept's file."""

    header: Node | None  # None where it cannot be read
    text: str  # Markdown, without blank lines at its ends
    line: int  # where the text begins


def front(text: str, file: str) -> tuple[Front, list[Problem]]:
    """The header's node and the text below it, and every problem."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        message = "a concept begins with a header between two lines of ---"
        return Front(None, text, 1), [Problem(Place(file, 1, 1), "no-header", message)]
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        message = "the header that opens here is never closed; put --- on a line of its own after it"
        return Front(None, text, 1), [Problem(Place(file, 1, 1), "no-header", message)]
    header, problems = read("\n".join(lines[1:end]), file, above=1)
    below = lines[end + 1 :]
    blank = next((n for n, line in enumerate(below) if line.strip()), 0)
    return Front(header, "\n".join(below).strip("\n"), end + 2 + blank), problems
