"""Which key points does a free answer speak of? Found, maybe, or not found; never a mark.

    found(Point("Frames come on first touch.", ("first touch", "page fault")), "…mapped at the first page faults")
    ->  "found"

A term is found where its words stand together, each in any of its forms (switch, switches, switching). It is lowered
to maybe by a negation near it, and raised to maybe by its words in another order, or by one letter mistyped. What the
program sees is a help for the eye: the learner decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trainer.model import Point

FOUND, MAYBE, MISSING = "found", "maybe", "not found"
BEFORE, AFTER = 3, 2  # words around a term in which a negation lowers it
GAP = 3  # words that may stand between those of a term
LONG = 6  # letters from which one of them may be mistyped

_NEGATIONS = frozenset(
    ["no", "not", "never", "cannot", "without", "neither", "nor", "none", "nothing", "nobody", "isnt", "dont", "doesnt"]
)
_SMALL = frozenset(
    [
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "in", "is", "it", "its", "of", "on", "or", "so",
        "that", "the", "then", "this", "to", "was", "with",
    ]
)  # fmt: skip
_ENDINGS = (
    (re.compile(r"i[sz](?:ations?|ing|ed|ers?|e)$"), "iz"),
    (re.compile(r"(?:ational|ation|ating|ated|ator|ate)$"), ""),
    (re.compile(r"e?ment$"), ""),
    (re.compile(r"(?:ically|ical)$"), "ic"),
    (re.compile(r"(?:ing|ion|ed|er|or|ly|able|ible|ness|ity)$"), ""),
)
_SHORTEST = 3  # letters that an ending must leave
_ROUNDS = 3  # endings that are taken off one word: buffer-ed, then buff-er


class Word(NamedTuple):
    """One word of an answer."""

    stem: str
    clause: int  # a negation reaches no further than its own
    negates: bool


def found(point: Point, text: str) -> str:
    """Whether the text speaks of the point: found, maybe or not found."""
    words = tuple(_words(text))
    seen = {_term(stems(term), words) for term in point.terms}
    return next((one for one in (FOUND, MAYBE) if one in seen), MISSING)


def stems(term: str) -> tuple[str, ...]:
    """The words of a term in their common form, small ones left out unless there are no others."""
    words = [word.stem for word in _words(term)]
    return tuple(words) or tuple(re.findall(r"[^\W_]+", _folded(term)))


def stem(word: str) -> str:
    """What a word has in common with its other forms: `schedul` for schedule, schedules, scheduling, scheduler."""
    if len(word) <= _SHORTEST:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for _ in range(_ROUNDS):
        shorter = _shorter(word)
        if shorter == word:
            break
        word = shorter
    if word.endswith("e") and len(word) > _SHORTEST:
        word = word[:-1]
    if word.endswith("y"):
        word = word[:-1] + "i"
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def _shorter(word: str) -> str:
    for ending, put in _ENDINGS:
        cut = ending.sub(put, word)
        if cut != word and len(cut) >= _SHORTEST:
            return cut
    return word


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return text.replace("n't", " not")


def _words(text: str) -> Iterable[Word]:
    clauses = re.split(r"[.,;:!?]+(?=\s|$)|\n", _folded(text))
    for number, clause in enumerate(clauses):
        for one in re.findall(r"[^\W_]+", clause):
            if one not in _SMALL:
                yield Word(stem(one), number, one in _NEGATIONS)


def _term(term: tuple[str, ...], words: Sequence[Word]) -> str:
    if not term:
        return MISSING  # a term of marks alone, such as ->: it says no word
    negative = any(one in _NEGATIONS for one in term)
    here = [
        n for n in range(len(words) - len(term) + 1) if tuple(word.stem for word in words[n : n + len(term)]) == term
    ]
    if any(negative or not _negated(words, n, len(term)) for n in here):
        return FOUND
    return MAYBE if here or _scattered(term, words) or _mistyped(term, words) else MISSING


def _negated(words: Sequence[Word], start: int, length: int) -> bool:
    """Whether a negation stands near, in the same clause."""
    around = (*words[max(0, start - BEFORE) : start], *words[start + length : start + length + AFTER])
    return any(word.negates and word.clause == words[start].clause for word in around)


def _scattered(term: tuple[str, ...], words: Sequence[Word]) -> bool:
    """Whether its words stand near each other, in any order."""
    reach = len(term) + GAP
    near = (words[n : n + reach] for n in range(len(words)))
    return len(term) > 1 and any(set(term) <= {word.stem for word in some} for some in near)


def _mistyped(term: tuple[str, ...], words: Sequence[Word]) -> bool:
    """Whether a single long word is there but for one letter."""
    return len(term) == 1 and len(term[0]) >= LONG and any(_one_edit(term[0], word.stem) for word in words)


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, changed, or two neighbours swapped makes them the same."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
