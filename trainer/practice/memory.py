"""How does one answer change what is remembered? FSRS-6, through the library `fsrs`, on whole study days.

The library is called with noon UTC of the study day, without fuzz and without learning steps; we spread the due days
ourselves. Fed with wall-clock times it would count whole 24 hours, and someone a minute earlier every day would never
progress. It is imported with the first answer, not before: loading it takes longer than painting a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trainer.practice.curve import DEFAULT, recall
from trainer.practice.days import noon

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RETENTION = 0.9  # the recall at which a card is due
LONGEST = 3650  # days; nothing is put off for longer


class Remembered(NamedTuple):
    """What a review leaves."""

    stability: float  # days
    difficulty: float
    interval: int  # days until recall has fallen to the retention aimed at, unspread


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory model with one learner's parameters. The only place that knows the library."""

    parameters: Sequence[float] = DEFAULT
    retention: float = RETENTION
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def learn(self, grade: int, day: int) -> Remembered:
        """After the first answer that counts."""
        fsrs = self._library()
        return self._reviewed(fsrs.Card(card_id=0, due=noon(day)), grade, day)

    def review(self, stability: float, difficulty: float, last: int, grade: int, day: int) -> Remembered:
        """After a later answer. A day before `last` (a clock put back) is taken as the same day."""
        fsrs = self._library()
        card = fsrs.Card(
            card_id=0,
            state=fsrs.State.Review,
            stability=stability,
            difficulty=difficulty,
            due=noon(day),
            last_review=noon(min(last, day)),
        )
        return self._reviewed(card, grade, day)

    def recall(self, stability: float, elapsed: int) -> float:
        """The chance of a right answer `elapsed` days after the last review."""
        return recall(stability, elapsed, self.parameters)

    def _reviewed(self, card: Any, grade: int, day: int) -> Remembered:
        after, _ = self._scheduler().review_card(card, self._library().Rating(grade), noon(day))
        return Remembered(after.stability, after.difficulty, (after.due - noon(day)).days)

    def _library(self) -> Any:
        if "fsrs" not in self._kept:
            import fsrs  # noqa: PLC0415 — not before the first answer

            self._kept["fsrs"] = fsrs
        return self._kept["fsrs"]

    def _scheduler(self) -> Any:
        if "scheduler" not in self._kept:
            self._kept["scheduler"] = self._library().Scheduler(
                parameters=tuple(self.parameters),
                desired_retention=self.retention,
                learning_steps=(),
                relearning_steps=(),
                maximum_interval=LONGEST,
                enable_fuzzing=False,
            )
        return self._kept["scheduler"]


def spread(interval: int, skill: str, reps: int) -> int:
    """The interval moved by a little, always by the same for a skill and its number of reviews.

    Without it, what was learnt together would be due together for ever. Intervals under three days stay. The width
    is 15 % of the days from 2.5 to 7, 10 % of those to 20, 5 % of the rest, and one day: the library's own ranges.
    """
    if interval < 3:
        return interval
    width = 1.0
    for low, high, share in ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float(LONGEST), 0.05)):
        width += share * max(0.0, min(float(interval), high) - low)
    low_day, high_day = max(2, round(interval - width)), min(LONGEST, round(interval + width))
    from hashlib import blake2b  # noqa: PLC0415 — not before the first answer

    drawn = int.from_bytes(blake2b(f"spread\0{skill}\0{reps}".encode(), digest_size=8).digest(), "big")
    return low_day + drawn * (high_day - low_day + 1) // (1 << 64)
