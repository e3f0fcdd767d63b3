"""What is a card after one more review? A pure function, so that a history gives the same card to the last bit.

    card = None
    for review in reviews_of_a_skill:      # in their order
        card = fold(card, review)

A card is a cache: an answer folds its review onto the card, undo folds what is left, `db rebuild` folds everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.model import Card, Review
from trainer.practice import level
from trainer.practice.memory import AGAIN, Memory, Remembered, spread

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
        moved = counts(card, review)
        kept, predicted = self._remembered(before, review) if moved else (None, -1.0)
        right, reps = review.grade > AGAIN, before.reps + moved
        recent = before.recent
        if predicted >= 0:
            recent = (*recent, predicted if right else -predicted)[-KEPT:]
        return Card(
            skill=before.skill,
            stability=kept.stability if kept else before.stability,
            difficulty=kept.difficulty if kept else before.difficulty,
            due=review.day + spread(kept.interval, review.skill, reps) if kept else before.due,
            last=review.day if moved else before.last,
            reps=reps,
            lapses=before.lapses + (moved and not right),
            again_today=-1 if right else review.day,
            first=before.first,
            seen=review.day,
            right=right if moved else before.right,
            pace_ms=_pace(before.pace_ms, review.taken_ms),
            leech=is_leech(recent) if predicted >= 0 else before.leech,
            recent=recent,
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

    def _remembered(self, card: Card, review: Review) -> tuple[Remembered, float]:
        """What a review that counts leaves, and the recall that was foretold for it."""
        if not card.reps:
            return self.memory.learn(review.grade, review.day), -1.0
        kept = self.memory.review(card.stability, card.difficulty, card.last, review.grade, review.day)
        return kept, self.predicted(card, review.day)


def counts(card: Card | None, review: Review) -> bool:
    """Whether the review moves the memory: the first of its study day that decides anything.

    A failure above the reference level does not decide: the skill comes back at the reference level, which does.
    """
    if review.grade == AGAIN and review.level > level.REFERENCE:
        return False
    return card is None or not card.reps or card.last != review.day


def is_leech(recent: Sequence[float]) -> bool:
    """Whether so few successes had a chance under 5 % (the Poisson-binomial tail of the recalls foretold)."""
    if len(recent) < FEWEST:
        return False
    chances = [abs(one) for one in recent]
    successes = sum(one > 0 for one in recent)
    if successes >= sum(chances):  # at or above the mean the tail is a half or more (Jogdeo and Samuels 1968)
        return False
    return at_most(successes, chances) < TAIL


def at_most(successes: int, chances: Sequence[float]) -> float:
    """The chance of that many successes or fewer in independent trials: one less that of fewer failures."""
    fewer = [1.0] + [0.0] * (len(chances) - successes - 1)  # fewer[n]: exactly n failures so far
    if successes >= len(chances):
        return 1.0
    for chance in chances:
        for n in range(len(fewer) - 1, 0, -1):
            fewer[n] = fewer[n] * chance + fewer[n - 1] * (1 - chance)
        fewer[0] *= chance
    return 1.0 - sum(fewer)


def _score(review: Review) -> float:
    if review.grade == AGAIN:
        return 0.0
    return 0.5 if review.hints else 1.0


def _pace(before: int, taken: int) -> int:
    taken = max(0, min(taken, IDLE_MS))
    return (3 * before + taken) // 4 if before else taken
