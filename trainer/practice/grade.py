"""How well was it answered? One of four grades, from what can be seen: right or wrong, hints, and one's own pace.

    again   wrong, given up, or only with the last hint
    hard    right with a hint, or slower than twice one's own median
    good    right
    easy    right, without a hint, in under half one's own median, twice running on different days; never a choice

Only the first attempt of a study day counts for memory (see `fold`); every answer has its grade.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from trainer.model import Review
from trainer.practice.memory import AGAIN, EASY, GOOD, HARD

ENOUGH = 3  # right answers before one's own pace is spoken of
CHOICES = frozenset({"choice", "choices", "yes-no", "step"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """What can be seen of one answer."""

    right: bool
    hints: int  # rungs taken
    rungs: int  # rungs there are
    taken_ms: int
    day: int  # study day
    level: int = 1
    choice: bool = False  # one of a few: a lucky guess looks like a fast answer


def grade(attempt: Attempt, earlier: Iterable[Review]) -> int:
    """1 again to 4 easy; `earlier` are this skill's reviews, in order."""
    if not attempt.right or (attempt.rungs and attempt.hints >= attempt.rungs):
        return AGAIN
    if attempt.hints:
        return HARD
    before = [review for review in earlier if review.level == attempt.level]
    own = own_median(before)
    if own is None:
        return GOOD
    if attempt.taken_ms > 2 * own:
        return HARD
    quick = 2 * attempt.taken_ms < own and not attempt.choice
    return EASY if quick and _quick_before(before, attempt.day, own) else GOOD


def own_median(reviews: Iterable[Review]) -> float | None:
    """The median time in ms of the right answers; None while there are fewer than three."""
    times = [review.taken_ms for review in reviews if review.outcome == "right"]
    return median(times) if len(times) >= ENOUGH else None


def _quick_before(before: Iterable[Review], day: int, own: float) -> bool:
    """Whether the first answer of the last earlier day was quick, right and unaided."""
    first: Review | None = None
    for review in before:
        if review.day != day and (first is None or first.day != review.day):
            first = review
    return first is not None and first.outcome == "right" and not first.hints and 2 * first.taken_ms < own
