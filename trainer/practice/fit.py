"""Would other parameters foretell this learner's memory better? Fitted, proved on later days, kept only then.

    tried = fit(histories(reviews), train)
    tried.parameters                 # of all reviews; () where the default ones foretold as well or better

The proof is split by time: three times the parameters are fitted to what came before a day, and foretell what came
after it, until the next such day; the default ones foretell the same answers. Log loss is the mean of −ln of the
chance that was foretold for what happened: 0 is a prophet, 0.69 a thrown coin. It is compared with the default ones
always, never with an earlier fit, which has seen the later answers already.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import log
from typing import Any, NamedTuple

from trainer.model import Card, Review
from trainer.practice.curve import DEFAULT
from trainer.practice.fold import counts
from trainer.practice.memory import AGAIN, Memory

FEWEST = 64  # reviews that count, below which there is nothing to fit
PARTS = 6  # the later half of the reviews is foretold in three parts
LEAST_CHANCE = 1e-4  # no single answer may outweigh all others

History = list[tuple[int, int]]  # (study day, grade) of one skill's reviews that count, in order
Train = Callable[[Sequence[History]], Sequence[float]]  # the parameters that fit these best


class Tried(NamedTuple):
    """What a fit came to."""

    reviews: int  # that count
    tested: int  # of them, foretold in the proof
    before: float  # log loss of the default parameters
    after: float  # log loss of the fitted ones
    parameters: tuple[float, ...]  # fitted to all reviews; empty where they do not foretell better

    @property
    def better(self) -> float:
        """By what share the log loss is lower; below 0 it is higher."""
        return 1 - self.after / self.before if self.before else 0.0


def histories(reviews: Iterable[Review]) -> list[History]:
    """The reviews that count, by skill; a skill that was begun anew is given only what came after."""
    cards: dict[str, Card] = {}
    found: dict[str, History] = {}
    for one in reviews:
        if counts(cards.get(one.skill), one):
            cards[one.skill] = Card(one.skill, 0.0, 0.0, one.day, one.day, 1, 0)
            found.setdefault(one.skill, []).append((one.day, one.grade))
    return list(found.values())


def fit(given: Sequence[History], train: Train) -> Tried:
    """Fit and prove. Nothing is kept here."""
    days = sorted(day for history in given for day, _ in history)
    cuts = [days[len(days) * part // PARTS] for part in range(PARTS // 2, PARTS)] + [days[-1] + 1]
    before: list[float] = []
    after: list[float] = []
    for begin, end in pairwise(cuts):
        fitted = train([past for history in given if (past := [one for one in history if one[0] < begin])])
        before += losses(given, Memory(DEFAULT), begin, end)
        after += losses(given, Memory(tuple(fitted)), begin, end)
    if not before:
        return Tried(len(days), 0, 0.0, 0.0, ())
    old, new = sum(before) / len(before), sum(after) / len(after)
    return Tried(len(days), len(before), old, new, tuple(train(given)) if new < old else ())


def losses(given: Iterable[History], memory: Memory, begin: int, end: int) -> Iterator[float]:
    """−ln of the chance foretold for what happened, of the reviews of these days that could be foretold."""
    for history in given:
        kept, last = None, 0
        for day, grade in history:
            if day >= end:
                break
            if kept is None:
                kept = memory.learn(grade, day)
            else:
                if day >= begin:
                    chance = memory.recall(kept.stability, day - last)
                    yield -log(max(LEAST_CHANCE, chance if grade > AGAIN else 1 - chance))
                kept = memory.review(kept.stability, kept.difficulty, last, grade, day)
            last = max(day, last)


def offered(reviews: int, memory: dict[str, Any] | None) -> bool:
    """Whether to speak of it: from 64 reviews on, and again when there are twice as many as at the last try."""
    tried: int = (memory or {}).get("reviews", 0)
    return reviews >= max(FEWEST, 2 * tried)


def trainer() -> Train:
    """The optimiser of fsrs-rs-python. Raises ImportError where the extra is not installed."""
    import fsrs_rs_python as rs  # noqa: PLC0415 — an extra, and not for every start

    def train(given: Sequence[History]) -> Sequence[float]:
        items = [
            rs.FSRSItem([rs.FSRSReview(grade, ahead) for ahead, grade in waited[:length]])
            for waited in map(_waited, given)
            for length in range(2, len(waited) + 1)
        ]
        return [float(one) for one in rs.FSRS(list(DEFAULT)).compute_parameters(items)] if items else DEFAULT

    return train


def _waited(history: History) -> History:
    """(days since the review before, grade); a clock put back counts as no day."""
    days = [day for day, _ in history]
    since = [0, *(max(0, later - earlier) for earlier, later in pairwise(days))]
    return [(ahead, grade) for ahead, (_, grade) in zip(since, history, strict=True)]
