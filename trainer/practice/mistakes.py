"""Which classic mistakes does this learner make, and which have gone away?

A mistake enters the profile when it fits the answers to two different questions: one fit may be a slip. It is settled
when the skills that showed it were answered right twice since. The wrong options of a written question have numbers in
place of names: option 2 of one skill is not option 2 of another.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from trainer.model import Review

FITS = 2  # different questions
RIGHT_SINCE = 2  # right answers that settle it


class Shown(NamedTuple):
    """One answer that a known mistake gives."""

    order: int  # of the review
    day: int  # study day
    skill: str
    question: str  # told apart by it: revision, level and seed
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A mistake of this learner."""

    id: str
    skills: tuple[str, ...]  # that showed it
    questions: int  # different ones that it fits
    first: int  # study days
    last: int
    right_since: int  # right answers in those skills since it showed last, counted to 2

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other."""
        return key(self.id, self.skills[0])

    @property
    def seen(self) -> bool:
        """Whether it is in the profile."""
        return self.questions >= FITS

    @property
    def settled(self) -> bool:
        return self.right_since >= RIGHT_SINCE


@lru_cache(maxsize=4096)  # a long history has few mistakes and asks a million times
def numbered(id_: str) -> bool:
    """Whether a mistake has no name but a number within its skill: option-2, wrong-1, B3 (option 3 of part B)."""
    stem = id_.rstrip("0123456789")
    return stem != id_ and (stem in ("option-", "wrong-") or (len(stem) == 1 and stem.isupper()))


def key(id_: str, skill: str) -> tuple[str, str]:
    """A mistake with a name is the same in every skill; one with a number belongs to its own."""
    return id_, skill if numbered(id_) else ""


def held(shown: Iterable[Shown], rights_after: Callable[[str, int], int]) -> list[Held]:
    """Every mistake shown, the latest last; `rights_after(skill, order)` counts that skill's later right answers."""
    found: dict[tuple[str, str], _Seen] = {}
    for one in shown:
        for id_ in one.mistakes:
            found.setdefault(key(id_, one.skill), _Seen(one)).add(one)
    ordered = sorted(found.items(), key=lambda one: (one[1].last.order, one[0]))
    return [
        Held(id_, tuple(one.skills), len(one.questions), one.first.day, one.last.day, _rights(one, rights_after))
        for (id_, _), one in ordered
    ]


def _rights(seen: "_Seen", rights_after: Callable[[str, int], int]) -> int:
    """Right answers since, no more than are needed: an old mistake was followed by thousands."""
    rights = 0
    for skill in seen.skills:
        rights += rights_after(skill, seen.last.order)
        if rights >= RIGHT_SINCE:
            return RIGHT_SINCE
    return rights


def held_in(reviews: Sequence[Review]) -> list[Held]:
    """The same from whole reviews, in order."""
    shown = (shown_by(one) for one in reviews if one.mistakes)
    return held(shown, lambda skill, order: rights_after(reviews, skill, order))


def undecided(reviews: Iterable[Review]) -> frozenset[str]:
    """The mistakes and conventions that fit every answer since one was right or fitted none; a skill's, in order."""
    fitting: frozenset[str] = frozenset()
    for review in reviews:
        shown = frozenset((*review.mistakes, *review.conventions))
        fitting = fitting & shown or shown
    return fitting


def shown_by(review: Review) -> Shown:
    """What a review shows."""
    question = f"{review.revision}/{review.level}#{review.seed}"
    return Shown(review.order, review.day, review.skill, question, review.mistakes)


def rights_after(reviews: Iterable[Review], skill: str, order: int) -> int:
    """How many right answers of a skill came after that order."""
    return sum(one.skill == skill and one.order > order and one.outcome == "right" for one in reviews)


@dataclass(slots=True)
class _Seen:
    """A mistake while the answers are read."""

    first: Shown
    last: Shown = field(init=False)
    skills: dict[str, None] = field(default_factory=dict)
    questions: set[tuple[str, str]] = field(default_factory=set)

    def add(self, one: Shown) -> None:
        self.last = one
        self.skills[one.skill] = None
        self.questions.add((one.skill, one.question))
