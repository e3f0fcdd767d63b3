"""Will it be known on the day of the exam, and how many minutes a day does that take?

    forecast(situation)  ->  Forecast(skills=84, begun=31, then=61.2, takes=22, …)

The days until then are gone through one by one: what is due is asked, what is new is begun while the day's minutes
have room, as `choose` does it. Nothing is drawn by lot: after each answer a skill holds the stability that is to be
expected, the right and the wrong outcome weighed by the recall foretold. So the figures are expectations under the
memory model, no promises; what else is practised besides is not counted.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from trainer.practice.choose import BEGINNING, LAST_WEEK, NEW_COSTS, SETTLES, Situation, pace, usual_pace
from trainer.practice.curve import recall, stronger, weaker

MOST_MINUTES = 600  # a day; nobody practises longer
FIRST_RIGHT = 0.7  # share of new skills answered right at once; supposed, the same for everybody
MIDDLE = 5.0  # difficulty of a skill not begun


class Course(NamedTuple):
    """Where a number of minutes a day leads."""

    known: float  # right answers to be expected on the day, of the skills that the exam asks for
    begun: int  # of them, seen at least once by then
    ms_a_day: float  # spent on them, on average


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of the day of the exam."""

    skills: int  # that it asks for
    begun: int  # of them, answered so far
    now: float  # right answers to be expected if it were today
    left: float  # on the day, if nothing is practised from now on
    minutes: int  # that the learner wants to practise a day
    course: Course  # with them
    takes: int | None  # the fewest minutes a day that reach the goal; None: none do
    best: Course  # with as many minutes as there are

    @property
    def on_course(self) -> bool:
        """Whether the minutes set are enough."""
        return self.takes is not None and self.takes <= self.minutes


@dataclass(slots=True)
class _Skill:
    """A skill on its way to the exam."""

    id: str
    concept: str
    stability: float  # 0: not begun
    difficulty: float
    last: int
    pace_ms: int


def on_course(now: Situation) -> bool:
    """Whether the minutes set are enough: one walk through the days, for the first line."""
    return _reaches(now, _walked(now, now.settings.minutes))


def forecast(now: Situation) -> Forecast:
    """The forecast in this situation, whose cards are all the learner's and whose settings name an exam to come."""
    skills, minutes = list(_skills(now)), now.settings.minutes
    best = _walked(now, MOST_MINUTES)
    return Forecast(
        skills=len(skills),
        begun=sum(one.stability > 0 for one in skills),
        now=sum(_recall(now, one, now.day) for one in skills),
        left=sum(_recall(now, one, now.exam) for one in skills),
        minutes=minutes,
        course=_walked(now, minutes),
        takes=_fewest(now) if _reaches(now, best) else None,
        best=best,
    )


def _reaches(now: Situation, course: Course) -> bool:
    """Everything begun, and as much of it known as was aimed at."""
    skills = sum(1 for _ in _skills(now))
    return course.begun == skills and course.known >= now.settings.retention * skills


def _fewest(now: Situation) -> int:
    """The fewest minutes a day that reach it, by halving; MOST_MINUTES do."""
    low, high = 0, MOST_MINUTES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _reaches(now, _walked(now, middle)) else (middle, high)
    return high


def _skills(now: Situation) -> Iterator[_Skill]:
    """What the exam asks for, in the bank's order; what was put off for good is left out."""
    usual = usual_pace(now)
    for id_, entry in now.bank.skills.items():
        if now.examined(id_) and now.put_off.get(id_) != "suspend":
            card = now.cards.get(id_)
            takes = (card.pace_ms if card else 0) or usual
            if card is None or not card.reps:
                yield _Skill(id_, entry.concept, 0.0, MIDDLE, now.day, takes)
            else:
                yield _Skill(id_, entry.concept, card.stability, card.difficulty, card.last, takes)


def _recall(now: Situation, one: _Skill, day: int) -> float:
    return recall(one.stability, day - one.last, now.parameters)


# ── day by day ──────────────────────────────────────────────────────────────────────────────────────────────────


def _walked(now: Situation, minutes: int) -> Course:
    """From today to the day before the exam with so many minutes a day."""
    skills = list(_skills(now))
    due: dict[int, list[_Skill]] = defaultdict(list)
    fresh = deque(one for one in skills if not one.stability)
    for one in skills:
        if one.stability:
            card = now.cards[one.id]
            due[max(now.day + (card.seen == now.day), now.due_day(card))].append(one)
    spent, budget, paced = 0.0, minutes * 60_000.0, pace(now) > 0
    for day in range(now.day, now.exam):
        left = max(0.0, budget - (now.spent_ms if day == now.day else 0))
        used, concepts = 0.0, set[str]()
        if paced and now.exam - day >= SETTLES:
            ahead = ceil(len(fresh) / max(1.0, (now.exam - day - SETTLES) * BEGINNING))
            used = _begun(now, _Fresh(fresh, concepts, due), day, left, ahead)
        took, late = _asked(now, due.pop(day, []), day, left - used, due)
        due[day + 1] += late
        used += took
        if now.exam - day >= SETTLES and not late:
            used += _begun(now, _Fresh(fresh, concepts, due), day, left - used)
        spent += used
    known = sum(_recall(now, one, now.exam) for one in skills)
    return Course(known, sum(one.stability > 0 for one in skills), spent / (now.exam - now.day))


def _asked(
    now: Situation, waiting: list[_Skill], day: int, left: float, due: dict[int, list[_Skill]]
) -> tuple[float, list[_Skill]]:
    """Ask what is due while there is time: (ms used, what is left for tomorrow)."""
    used = 0.0
    for index, one in enumerate(waiting):
        chance = _recall(now, one, day)
        cost = one.pace_ms * (2 - chance)  # a wrong one comes back once more
        if used + cost > left:
            return used, waiting[index:]
        used += cost
        good = stronger(one.stability, one.difficulty, chance, now.parameters)
        bad = weaker(one.stability, one.difficulty, chance, now.parameters)
        one.stability, one.last = chance * good + (1 - chance) * bad, day
        due[_next(now, one)].append(one)
    return used, []


def _begun(now: Situation, fresh: "_Fresh", day: int, left: float, ahead: int = 0) -> float:
    """Begin new ones, one of a concept a day; ms used.

    As many as the day has room for, their next days kept in mind; or so many `ahead` of what is due, as time allows.
    """
    used, later = 0.0, []
    right, wrong = now.parameters[2], now.parameters[0]
    waiting = fresh.skills
    room = ahead or (int(left / (NEW_COSTS * waiting[0].pace_ms)) if waiting else 0)
    while waiting and room > 0:
        one = waiting.popleft()
        cost = one.pace_ms * (2 - FIRST_RIGHT)
        if one.concept in fresh.concepts or used + cost > left:
            later.append(one)
            continue
        fresh.concepts.add(one.concept)
        room -= 1
        used += cost
        one.stability, one.last = FIRST_RIGHT * right + (1 - FIRST_RIGHT) * wrong, day
        fresh.due[_next(now, one)].append(one)
    waiting.extendleft(reversed(later))
    return used


class _Fresh(NamedTuple):
    """What is not begun yet, on one day."""

    skills: deque[_Skill]
    concepts: set[str]  # of which one was begun on this day
    due: dict[int, list[_Skill]]


def _next(now: Situation, one: _Skill) -> int:
    """The day on which it is due again; before the exam everything is seen once in its last week."""
    decay = -now.parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    interval: int = max(1, round(one.stability / factor * (now.settings.retention ** (1 / decay) - 1)))
    day = one.last + interval
    if day < now.exam or one.last >= now.exam - LAST_WEEK:
        return day
    return now.exam - 1 - sum(one.id.encode()) % LAST_WEEK
