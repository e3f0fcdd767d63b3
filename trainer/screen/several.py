"""How is an answer of several lines typed? A table row by row, a free answer sentence by sentence.

Each line ends with Enter; an empty line ends the answer. What fits one line needs no more than one: a table whose rows
are divided by `;`. From a pipe an answer is one line.
"""

from collections.abc import Callable
from functools import partial

from trainer.model import Question, Unreadable
from trainer.screen.front import Front
from trainer.screen.keys import Command, meant
from trainer.screen.prose import prose


def _nowhere(_text: str) -> None:
    """Where nothing can be looked up."""


def whole(front: Front, question: Question, first: str, look_up: Callable[[str], None] = _nowhere) -> str:
    """All lines of the answer that begins with `first`. A command typed among them is returned alone; only a word
    that is looked up leaves the lines as they are."""
    goes_on = getattr(question.answer, "goes_on", None)
    if goes_on is None or not front.waits or meant(first, question) is not None or not _fits(front, question, first, 0):
        return first
    lines = [first]
    while goes_on("\n".join(lines)):
        line = front.more()
        if not line:
            break
        if line.startswith(("?", ":?")) and meant(line, question) is Command.TERM:
            look_up(line)
            continue
        if line.startswith(":") and meant(line, question) is not None:
            return line
        if _fits(front, question, line, len(lines)):
            lines.append(line)
    return "\n".join(lines)


def _fits(front: Front, question: Question, line: str, index: int) -> bool:
    """Whether a line can be one of this answer; a row that cannot is told at once. The first is told by whoever reads
    the answer."""
    check = getattr(question.answer, "check_line", None)
    try:
        if check is not None:
            check(line, index)
    except Unreadable as why:
        if index:
            front.say(partial(prose, f"Not taken: {why}. The other rows stand."))
        return False
    return True
