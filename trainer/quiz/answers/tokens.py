"""How is what people type cut into pieces? Spaces, commas, arrows and brackets divide; `P1=4` is a named piece."""

import re
from collections.abc import Iterable

from trainer.model import Unreadable

LONGEST = 4_000  # characters; an answer is a line, not a file
_DIVIDERS = r"[\s,;<>\[\](){}|]+|->|→|⟨|⟩"
_NAMED = r"\s*[=:]\s*"


def cut(text: str) -> list[str]:
    """The pieces of a list: `<A, B>`, `A -> B`, `A B` all give A and B."""
    return [piece for piece in re.split(_DIVIDERS, bounded(text)) if piece]


def named(text: str) -> str:
    """The same text with blanks around `=` and `:` closed, and `:` written `=`."""
    return re.sub(_NAMED, "=", bounded(text))


def bounded(text: str) -> str:
    """The text without blanks at its ends. Raises Unreadable if it is empty or far too long."""
    text = text.strip()
    if not text:
        raise Unreadable("nothing was typed")
    if len(text) > LONGEST:
        raise Unreadable(f"that is {len(text)} characters long; an answer has {LONGEST} at most")
    return text


def find(piece: str, words: Iterable[str]) -> str | None:
    """The word that `piece` means: itself, or the only one that differs in case alone."""
    words = tuple(words)
    if piece in words:
        return piece
    alike = [word for word in words if word.casefold() == piece.casefold()]
    return alike[0] if len(alike) == 1 else None


def quoted(piece: str) -> str:
    """A piece of the learner's text as a message repeats it: short."""
    return repr(piece if len(piece) <= 24 else piece[:23] + "…")


def count_of(number: int, noun: str) -> str:
    """`1 page`, `3 pages`, `2 processes`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith(('s', 'x', 'ch', 'sh')) else 's'}"
