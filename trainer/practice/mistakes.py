"""Which classic mistakes does this learner make, and which have gone away?

A mistake enters the profile when it fits the answers to two different questions: one fit may be a slip. It is settled
when the skills that showed it were answered right twice since.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.model import Review

FITS = 2  # different questions
RIGHT_SINCE = 2  # right answers that settle it


@dataclass(frozen=True, slots=True)
class Held:
    """A mistake of this learner."""

    id: str
    skills: tuple[str, ...]  # that showed it
    questions: int  # different ones that it fits
    first: int  # study days
    last: int
    right_since: int  # right answers in those skills since it showed last

    @property
    def seen(self) -> bool:
        """Whether it is in the profile."""
        return self.questions >= FITS

    @property
    def settled(self) -> bool:
        return self.right_since >= RIGHT_SINCE


def held(reviews: Iterable[Review]) -> list[Held]:
    """Every mistake that the reviews (in order) show, the latest last."""
    found: dict[str, _Seen] = {}
    for review in reviews:
        if review.outcome == "right":
            for one in found.values():
                one.right_since += review.skill in one.skills
        for id_ in review.mistakes:
            found.setdefault(id_, _Seen(review.day)).add(review)
    ordered = sorted(found.items(), key=lambda one: one[1].last)
    return [
        Held(id_, tuple(one.skills), len(one.questions), one.first, one.last, one.right_since) for id_, one in ordered
    ]


class _Seen:
    """A mistake while the reviews are read."""

    def __init__(self, day: int) -> None:
        self.first = self.last = day
        self.skills: dict[str, None] = {}
        self.questions: set[tuple[str, int, int, int]] = set()
        self.right_since = 0

    def add(self, review: Review) -> None:
        self.skills[review.skill] = None
        self.questions.add((review.skill, review.revision, review.level, review.seed))
        self.last, self.right_since = review.day, 0
