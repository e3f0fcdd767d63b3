"""Which keys and commands are valid now, and what did the learner mean by what was typed?

A question's commands begin with a colon, since no answer does: process and page names are letters. The bare letter
or word works too wherever the question could not read it as an answer; so `h` is a hint, except where it may be an
answer. `?` alone shows them all, `? WORD` says what a word means.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from trainer.model import Question, Unreadable
from trainer.view.drawing import Drawing, Frame, Line, Span, line, paragraph


class Command(Enum):
    """What can be asked for while a question is open."""

    HELP = "?"
    HINT = "hint"
    SKIP = "skip"
    GIVE_UP = "give up"
    UNDO = "undo"
    REPORT = "report"
    QUIT = "quit"
    TERM = "term"


class Key(NamedTuple):
    """A key that is valid now."""

    name: str  # as it is typed: enter, r, :h
    says: str  # what it does: next, save and quit
    short: str = ""  # the same where there is little room: quit


ASKING = (
    Key("?", "keys"),
    Key(":h", "hint"),
    Key(":s", "skip"),
    Key(":g", "give up"),
    Key(":u", "undo"),
    Key(":f", "report"),
    Key(":q", "quit"),
)
LOOKUP = Key("? WORD", "what a word means")
_SAID = {
    Command.HINT: ("h", "hint"),
    Command.SKIP: ("s", "skip"),
    Command.GIVE_UP: ("g", "give up", "give-up", "giveup"),
    Command.UNDO: ("u", "undo"),
    Command.REPORT: ("f", "report"),
    Command.QUIT: ("q", "quit", "exit"),
    Command.HELP: ("help", "keys"),
}
_WORDS = {word: command for command, words in _SAID.items() for word in words}


def meant(text: str, question: Question) -> Command | None:
    """The command that `text` is; None where it is an answer, readable or not."""
    text = " ".join(text.split()).casefold()
    if text.startswith(("?", ":?")):
        return Command.TERM if asked_word(text) else Command.HELP
    if text.startswith(":"):
        return _WORDS.get(text[1:].strip()) or (Command.REPORT if text.startswith(":f ") else None)
    if text not in _WORDS or reads(text, question):
        return None
    return _WORDS[text]


def remark(text: str) -> str:
    """What is said after `:f`; empty where nothing is."""
    return text.strip().removeprefix(":f").strip() if text.strip().startswith(":f ") else ""


def asked_word(text: str) -> str:
    """The word of `? WORD`; empty where none is asked for."""
    text = text.strip()
    return text.lstrip(":? ") if text.startswith(("?", ":?")) else ""


def reads(text: str, question: Question) -> bool:
    """Whether the text is an answer to this question, right or wrong."""
    try:
        question.answer.read(text)
    except Unreadable:
        return False
    return True


def typed(text: str) -> str:
    """A typed or piped line as text that can be stored and shown: one line, no broken characters."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return " ".join(text.splitlines()).strip()


def key_line(keys: Sequence[Key], frame: Frame) -> Drawing:
    """The keys on one line. Where there is no room they are said shorter, then the later ones go; `?` and the last
    one stay, and `?` shows them all."""
    if frame.plain:
        return paragraph("Keys: " + ", ".join(f"{key.name} {key.says}" for key in keys), frame)
    shown = list(keys)
    if _width(shown) > frame.width:
        shown = [key._replace(says=key.short or key.says) for key in keys]
    while _width(shown) > frame.width and (spare := [key for key in shown[1:-1] if key.name != "?"]):
        shown.remove(spare[-1])
    return (_line(shown),)


def _line(keys: Sequence[Key]) -> Line:
    spans: list[Span] = []
    for key in keys:
        name = f"[{key.name}]" if len(key.name) > 2 else key.name
        spans += [Span("  " if spans else ""), Span(name, "strong"), Span(f" {key.says}", "dim")]
    return tuple(spans[1:])


def _width(keys: Sequence[Key]) -> int:
    return sum(len(span.text) for span in _line(keys))


def help_page(keys: Sequence[Key]) -> Drawing:
    """Every key on a line of its own."""
    widest = max(len(key.name) for key in keys)
    return tuple(line(Span(f"  {key.name:<{widest}}", "strong"), f"  {key.says}") for key in keys)


def asking_page(words: Sequence[str], frame: Frame) -> Drawing:
    """What can be typed while a question is open, and its words that can be looked up."""
    page = help_page((*ASKING, LOOKUP))
    return (*page, *paragraph(f"Words in this question: {', '.join(words)}.", frame)) if words else page
