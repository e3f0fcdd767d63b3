"""What is a card after one more review? A pure function, so that a history gives the same card to the last bit.

    card = None
    for review in reviews_of_a_skill:      # in their order
        card = fold(card, review)

A card is a cache: an answer folds its review onto the card, undo folds what is left, `db rebuild` folds everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from trainer.model import Card, Review
from trainer.practice import level
from trainer.practice.memory import AGAIN, Memory, spread

KEPT = 16  # reviews that a card remembers, to tell whether it is a leech
FEWEST = 5  # below that nobody is a leech
TAIL = 0.05
IDLE_MS = 600_000  # who takes longer went away


@dataclass(frozen=True, slots=True)
class Fold:
    """card, review -> card, under one learner's memory."""

    memory: Memory

    def __call__(self, card: Card | None, review: Review) -> Card:
        before = card or Card(review.skill, 0.0, 0.0, review.day, -1, 0, 0, first=review.day)
        moved = self._remembered(before, review) if counts(card, review) else before
        return replace(
            moved,
            again_today=review.day if review.grade == AGAIN else -1,
            seen=review.day,
            pace_ms=_pace(before.pace_ms, review.taken_ms),
            ratings=level.after(before.ratings, review.level, _score(review)),
        )

    def all(self, reviews: Iterable[Review]) -> Card | None:
        """The card that one skill's reviews, in their order, leave."""
        card: Card | None = None
        for review in reviews:
            card = self(card, review)
        return card

    def predicted(self, card: Card | None, day: int) -> float:
        """The recall foretold for that day; -1 where nothing can be foretold."""
        return self.memory.recall(card.stability, day - card.last) if card and card.reps else -1.0

    def _remembered(self, card: Card, review: Review) -> Card:
        predicted = self.predicted(card, review.day)
        if card.reps:
            kept = self.memory.review(card.stability, card.difficulty, card.last, review.grade, review.day)
        else:
            kept = self.memory.learn(review.grade, review.day)
        right, reps = review.grade > AGAIN, card.reps + 1
        recent = card.recent if predicted < 0 else (*card.recent, predicted if right else -predicted)[-KEPT:]
        return replace(
            card,
            stability=kept.stability,
            difficulty=kept.difficulty,
            due=review.day + spread(kept.interval, review.skill, reps),
            last=review.day,
            reps=reps,
            lapses=card.lapses + (not right),
            right=right,
            recent=recent,
            leech=is_leech(recent),
        )


def counts(card: Card | None, review: Review) -> bool:
    """Whether the review moves the memory: the first of its study day that decides anything.

    A failure above the reference level does not decide: the skill comes back at the reference level, which does.
    """
    if review.grade == AGAIN and review.level > level.REFERENCE:
        return False
    return card is None or not card.reps or card.last != review.day


def is_leech(recent: Iterable[float]) -> bool:
    """Whether so few successes had a chance under 5 % (the Poisson-binomial tail of the recalls foretold)."""
    foretold = list(recent)
    if len(foretold) < FEWEST:
        return False
    return at_most(sum(one > 0 for one in foretold), [abs(one) for one in foretold]) < TAIL


def at_most(successes: int, chances: Iterable[float]) -> float:
    """The chance of that many successes or fewer in independent trials."""
    exactly = [1.0]
    for chance in chances:
        exactly = [
            (exactly[n] * (1 - chance) if n < len(exactly) else 0.0) + (exactly[n - 1] * chance if n else 0.0)
            for n in range(len(exactly) + 1)
        ]
    return sum(exactly[: successes + 1])


def _score(review: Review) -> float:
    if review.grade == AGAIN:
        return 0.0
    return 0.5 if review.hints else 1.0


def _pace(before: int, taken: int) -> int:
    taken = max(0, min(taken, IDLE_MS))
    return (3 * before + taken) // 4 if before else taken
