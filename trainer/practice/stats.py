"""What does practice look like over weeks? Figures from tallies, cards and the mistakes shown; no drawing.

    tally(reviews) / the store's own count   ->  Tally: answers by day, topic, kind and outcome
    foretold(reviews) / the store's own      ->  Foretold: recalls foretold in steps of 5 %, and how many were right

Self-marked answers are kept apart in every figure: nobody but the learner judged them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from trainer.model import Card, Review
from trainer.practice.choose import PACE_MS
from trainer.practice.fold import IDLE_MS
from trainer.practice.marked import SELF_MARKED
from trainer.practice.mistakes import Held, Shown, held
from trainer.practice.rooms import Ledger

STEP = 20  # steps of recall foretold, 5 % each
ENOUGH = 50  # reviews below which nothing is said of calibration
WIDE = 1.96  # standard deviations of a 95 % interval


class Tally(NamedTuple):
    """Answers that have these in common."""

    day: int  # study day
    topic: str
    kind: str  # simulated | authored | self-marked
    outcome: str  # right | wrong | gave-up
    answers: int
    taken_ms: int  # together; an answer counts at most ten minutes


class Foretold(NamedTuple):
    """Reviews that counted, by the recall foretold."""

    step: int  # recall × 20, rounded down: 19 is 95 % and more
    answers: int
    right: int
    recall: float  # the sum of what was foretold


class Share(NamedTuple):
    """How many were right."""

    name: str
    answers: int
    right: int
    taken_ms: int

    @property
    def share(self) -> float:
        """Right answers of all; 0 where there are none."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def seconds(self) -> float:
        """Per answer."""
        return self.taken_ms / 1000 / self.answers if self.answers else 0.0


class Load(NamedTuple):
    """What a day to come holds."""

    day: int
    cards: int
    taken_ms: int  # foretold


class Interval(NamedTuple):
    """A share with its 95 % interval (Wilson)."""

    low: float
    share: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether what was foretold came true."""

    reviews: int
    foretold: float  # mean recall foretold
    observed: Interval  # share that was right
    steps: tuple[tuple[float, Interval, int], ...]  # (mean foretold, observed, reviews), by recall foretold

    @property
    def holds(self) -> bool:
        """Whether the foretold share lies in the observed interval."""
        return self.observed.low <= self.foretold <= self.observed.high


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything that `osdrill stats` shows."""

    today: int
    answers: int
    right: int
    taken_ms: int
    practised: int  # of the last 7 days
    days: tuple[tuple[int, int], ...]  # (study day, answers), for the heat map; only days with answers
    week: tuple[Load, ...]  # today and the six days after it
    forecast: tuple[Load, ...]  # four weeks
    topics: tuple[Share, ...]
    kinds: tuple[Share, ...]
    lately: Share  # the last 30 days
    self_marked: Share
    mistakes: tuple[Held, ...]  # that fit two different questions, open ones first
    calibration: Calibration | None  # None below 50 reviews
    levels: tuple[tuple[str, int, float], ...]  # (skill, highest level answered, its rating)
    known: int  # skills right the last time that it counted, whose recall today is 90 % or more
    learning: int  # the rest of those answered
    leeches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where figures come from: a store, or whole reviews."""

    tallies: Sequence[Tally]
    foretold: Sequence[Foretold]
    cards: Sequence[Card]
    held: Sequence[Held]


def statistics(
    given: Sources,
    today: int,
    recall: Callable[[Card], float],
    *,
    due: Callable[[Card], int] | None = None,
    only: Mapping[str, object] | None = None,
) -> Statistics:
    """The figures on a study day; `recall(card)` today, `due(card)` its day, an exam kept in mind, `only` the skills
    that are still in the bank (None: all)."""
    judged = [one for one in given.tallies if one.kind != SELF_MARKED]
    cards = [card for card in given.cards if only is None or card.skill in only]
    whole, load = share("", judged), forecast(cards, today, 28, due)
    known = sum(card.right and recall(card) >= 0.9 for card in cards)
    return Statistics(
        today=today,
        answers=whole.answers,
        right=whole.right,
        taken_ms=sum(one.taken_ms for one in given.tallies),
        practised=practised(given.tallies, today),
        days=per_day(given.tallies),
        week=load[:7],
        forecast=load,
        topics=shares(judged, lambda one: one.topic),
        kinds=shares(judged, lambda one: one.kind),
        lately=share("last 30 days", [one for one in judged if today - 30 < one.day <= today]),
        self_marked=share(SELF_MARKED, [one for one in given.tallies if one.kind == SELF_MARKED]),
        mistakes=tuple(sorted((one for one in given.held if one.seen), key=lambda one: (one.settled, -one.last))),
        calibration=calibration(given.foretold),
        levels=tuple((card.skill, card.ratings[-1].level, card.ratings[-1].elo) for card in cards if card.ratings),
        known=known,
        learning=len(cards) - known,
        leeches=tuple(card.skill for card in cards if card.leech),
    )


# ── where they come from ─────────────────────────────────────────────────────────────────────────────────────────────


def sources(ledger: Ledger) -> Sources:
    """What a ledger has for the figures."""
    return Sources(
        tallies=[Tally(*row) for row in ledger.tallies(IDLE_MS)],
        foretold=[Foretold(*row) for row in ledger.foretold()],
        cards=ledger.cards(),
        held=held((Shown(*row) for row in ledger.mistaken()), ledger.rights_after),
    )


def tally(reviews: Iterable[Review], most_ms: int = IDLE_MS) -> list[Tally]:
    """Answers by day, topic, kind and outcome; what the store counts by itself."""
    counted: dict[tuple[int, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in reviews:
        row = counted[one.day, one.topic, one.kind, one.outcome]
        row[0] += 1
        row[1] += min(one.taken_ms, most_ms)
    return [Tally(*key, *row) for key, row in sorted(counted.items())]


def foretold(reviews: Iterable[Review]) -> list[Foretold]:
    """Reviews that counted, by the recall foretold; self-marked ones left out."""
    steps: dict[int, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for one in reviews:
        if one.counts and one.predicted >= 0 and one.kind != SELF_MARKED:
            row = steps[min(STEP - 1, int(one.predicted * STEP))]
            row[0] += 1
            row[1] += one.grade > 1
            row[2] += one.predicted
    return [Foretold(step, int(row[0]), int(row[1]), row[2]) for step, row in sorted(steps.items())]


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────────────


def practised(tallies: Iterable[Tally], today: int, days: int = 7) -> int:
    """On how many of the last `days` study days, today included, anything was answered."""
    return len({one.day for one in tallies if today - days < one.day <= today})


def per_day(tallies: Iterable[Tally]) -> tuple[tuple[int, int], ...]:
    """(study day, answers), in order."""
    days: Counter[int] = Counter()
    for one in tallies:
        days[one.day] += one.answers
    return tuple(sorted(days.items()))


def share(name: str, tallies: Iterable[Tally]) -> Share:
    """How many of these were right."""
    rows = list(tallies)
    right = sum(one.answers for one in rows if one.outcome == "right")
    return Share(name, sum(one.answers for one in rows), right, sum(one.taken_ms for one in rows))


def shares(tallies: Iterable[Tally], key: Callable[[Tally], str]) -> tuple[Share, ...]:
    """The same by something, in its order."""
    groups: dict[str, list[Tally]] = defaultdict(list)
    for one in tallies:
        groups[key(one)].append(one)
    return tuple(share(name, rows) for name, rows in sorted(groups.items()))


def forecast(
    cards: Iterable[Card], today: int, days: int, due: Callable[[Card], int] | None = None
) -> tuple[Load, ...]:
    """What today and the days after it hold, if each card is asked on the day it is due; overdue ones today."""
    loads = [[0, 0] for _ in range(days)]
    for card in cards:
        ahead = max(0, (due(card) if due else card.due) - today)
        if ahead < days:
            loads[ahead][0] += 1
            loads[ahead][1] += card.pace_ms or PACE_MS
    return tuple(Load(today + n, *load) for n, load in enumerate(loads))


def calibration(steps: Iterable[Foretold]) -> Calibration | None:
    """Predicted against observed; None while fewer than 50 reviews were foretold."""
    rows = list(steps)
    reviews = sum(one.answers for one in rows)
    if reviews < ENOUGH:
        return None
    return Calibration(
        reviews=reviews,
        foretold=sum(one.recall for one in rows) / reviews,
        observed=interval(sum(one.right for one in rows), reviews),
        steps=tuple((one.recall / one.answers, interval(one.right, one.answers), one.answers) for one in rows),
    )


def interval(right: int, of: int) -> Interval:
    """The share right/of with its 95 % interval after Wilson (1927)."""
    found, square = right / of, WIDE * WIDE
    middle = (found + square / (2 * of)) / (1 + square / of)
    half = WIDE / (1 + square / of) * sqrt(found * (1 - found) / of + square / (4 * of * of))
    return Interval(max(0.0, middle - half), found, min(1.0, middle + half))
