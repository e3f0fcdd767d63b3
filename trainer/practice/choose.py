"""What is asked next, why this, and why now?

    choose(Situation(bank, cards, day, …))  ->  Choice("clock.faults", level 2, Reason("due", "due for 3 days …"))

In this order, and never two of a topic in a row while another can be had:
  again   failed today; returns as a fresh instance, at least three questions later (see `returns_late` for exams)
  due     by expected gain in recall per minute, a wrong answer's return counted; of one concept as far apart as can be
  new     its prerequisites hold, no sibling was begun today, and the day's minutes have room
Only if asked for more, or to fill the three questions: more that is new, what is not due yet, what was asked already.
A leech is led back: first its weakest prerequisite, then itself with a worked example.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import NamedTuple

from trainer.model import Card, replace
from trainer.practice import level
from trainer.practice.curve import DEFAULT, gain, recall
from trainer.practice.rooms import Bank, Settings, SkillEntry, Wishes

APART = 3  # questions between a failure and its return
RETURNS = 3  # times a skill returns in one session; then it is tomorrow's
HORIZON = 30  # days ahead at which gain is reckoned while there is no exam
PACE_MS = 45_000  # what an answer takes while nothing is known
NEW_COSTS = 3  # answers that a new skill will take in its first days
TODAY_COSTS = 2  # of them on the day itself: it is asked, and mostly comes back
SETTLES = 3  # days a new skill needs before an exam
BEGINNING = 0.8  # of the days before an exam in which new ones are begun
EVIDENCE = 30  # answers with a recall foretold, before more is begun for an exam than fits the minutes
AGREES = 0.85  # right answers of those foretold, from which on what is learnt is said to stay
LAST_WEEK = 7  # days before an exam in which everything is seen once more


class Reason(NamedTuple):
    """Why this, why now."""

    code: str  # again | due | exam | new | leads-back | more-new | ahead | asked
    says: str  # one clause for people


class Choice(NamedTuple):
    """A skill to ask."""

    skill: str
    level: int
    reason: Reason
    worked: bool = False  # a leech: show a worked example first


class Asked(NamedTuple):
    """One question of this session, answered."""

    skill: str
    failed: bool


@dataclass(frozen=True)
class Situation:
    """Everything that a choice depends on."""

    bank: Bank
    cards: Mapping[str, Card]
    day: int
    settings: Settings = field(default_factory=Settings)
    wishes: Wishes = field(default_factory=Wishes)
    asked: Sequence[Asked] = ()  # in this session, in order
    put_off: Mapping[str, str] = field(default_factory=dict)  # skill -> suspend or skip
    skipped: frozenset[str] = frozenset()  # in this session
    spent_ms: int = 0  # today

    def may(self, id_: str) -> bool:
        """Whether the skill may be asked at all."""
        entry, wishes = self.bank.skills.get(id_), self.wishes
        return (
            entry is not None
            and id_ not in self.put_off
            and id_ not in self.skipped
            and (not wishes.topics or entry.topic in wishes.topics or entry.concept in wishes.topics)
            and (not wishes.kind or entry.kind == wishes.kind)
        )

    @cached_property
    def since(self) -> dict[str, int]:
        """Skill -> how many questions ago it was last asked in this session; 1 is the last one."""
        return {one.skill: len(self.asked) - index for index, one in enumerate(self.asked)}

    @cached_property
    def last_topic(self) -> str:
        """The topic of the last question of this session whose skill is still there."""
        known = (self.bank.skills[one.skill].topic for one in reversed(self.asked) if one.skill in self.bank.skills)
        return next(known, "")

    @cached_property
    def exam(self) -> int:
        """The study day of an exam still to come; -1 none."""
        return self.settings.exam if self.settings.exam > self.day else -1

    def examined(self, skill: str) -> bool:
        """Whether an exam is to come that asks for this skill."""
        entry, topics = self.bank.skills.get(skill), self.settings.exam_topics
        return (
            self.exam >= 0 and entry is not None and (not topics or not {entry.topic, entry.concept}.isdisjoint(topics))
        )

    @cached_property
    def leading_there(self) -> frozenset[str]:
        """The concepts that the exam asks for, and all that they require."""
        skills = self.bank.skills
        found, ahead = set[str](), [entry.concept for id_, entry in skills.items() if self.examined(id_)]
        while ahead:
            concept = ahead.pop()
            if concept not in found and concept in self.bank.concepts:
                found.add(concept)
                ahead += self.bank.concepts[concept].requires
        return frozenset(found)

    def due_day(self, card: Card) -> int:
        """The study day on which a card is due, the exam kept in mind."""
        return due_day(card, self.exam) if self.exam >= 0 and self.examined(card.skill) else card.due

    @cached_property
    def waiting(self) -> list[Card]:
        """The cards due today, whether or not they may be asked."""
        return [card for card in self.cards.values() if _is_due(self, card)]

    @property
    def parameters(self) -> Sequence[float]:
        return self.settings.parameters or DEFAULT

    def recall(self, card: Card) -> float:
        return recall(card.stability, self.day - card.last, self.parameters)

    @cached_property
    def stays(self) -> bool | None:
        """Whether about as many answers were right as were foretold, over what the cards remember; None: too few."""
        foretold = [one for card in self.cards.values() for one in card.recent]
        if len(foretold) < EVIDENCE:
            return None
        return sum(one > 0 for one in foretold) >= AGREES * sum(map(abs, foretold))

    @property
    def returns_late(self) -> bool:
        """Whether what failed today returns after what is due, not before it.

        So it is before an exam while what is learnt stays: a second answer on the same day adds next to nothing on
        the day of the exam, and the minutes go where they add more. (docs/evidence.md tells what that is worth.)
        """
        return self.exam >= 0 and self.stays is True

    def worth(self, card: Card) -> float:
        """Gain in recall per minute; a wrong answer costs a second one, since the skill returns on the same day.

        Before an exam, while less is right than was foretold: the chance of a right answer. Then gains foretold for a
        far day are wrong too, and minutes spent on what is forgotten push out what could still be held.
        """
        chance = self.recall(card)
        if self.exam >= 0 and self.stays is False:
            return chance
        ahead = self.exam - self.day if self.examined(card.skill) else HORIZON
        gained = gain(card.stability, card.difficulty, max(0, self.day - card.last), ahead, self.parameters)
        return gained / ((card.pace_ms or PACE_MS) * (2 - chance))


def choose(now: Situation) -> Choice | None:
    """What to ask next; None when the day's work, or everything there is, is done."""
    fresh, back = list(new(now)), list(again(now))
    urgent = [*([] if now.returns_late else back), *fresh[: pace(now)]]
    offered = _spread(now, urgent, [*urgent, *due(now), *fresh, *back]) or _beyond(now)
    return _led_back(now, _interleaved(now, offered)) if offered else None


def first(now: Situation) -> Choice | None:
    """What to begin with, if anything is due: `now.cards` need hold only those."""
    offered = [*again(now), *due(now)]
    return _led_back(now, _interleaved(now, offered)) if offered else None


def _beyond(now: Situation) -> list[Choice]:
    """When the day's work is done: more if it was asked for, or what stands between a failure and its return."""
    waiting, goes_on = list(_waiting(now)), now.wishes.goes_on
    fillers = (more_new, ahead) if goes_on else (ahead, more_new)
    fill = (list(kind(now)) for kind in fillers) if goes_on or waiting else ()
    return next(filter(None, fill), []) or waiting or (list(asked_before(now)) if goes_on else [])


def plan(now: Situation, exact: int = 200) -> list[Choice]:
    """Today's work, each with its reason: what `osdrill plan` explains.

    In the order in which a session asks it as long as every answer is right; after `exact` of them, by worth.
    """
    fresh = list(new(now))
    before_due = {one.skill for one in fresh[: pace(now)]}
    waiting = [*again(now), *_waiting(now), *due(now), *fresh]
    ordered: list[Choice] = []
    while waiting and len(ordered) < exact:
        first_back = not now.returns_late
        urgent = [one for one in waiting if (first_back and one.reason.code == "again") or one.skill in before_due]
        found = _interleaved(now, _spread(now, urgent, waiting))
        waiting.remove(found)
        step = [_led_back(now, found)]
        if step[0].skill != found.skill:  # its prerequisite first; then itself
            waiting = [one for one in waiting if one.skill != step[0].skill]
            step.append(found._replace(worked=True))
        ordered += step
        now = replace(now, asked=[*now.asked, *(Asked(one.skill, failed=False) for one in step)])
    return [*ordered, *waiting]


# ── what may be asked, and why ──────────────────────────────────────────────────────────────────────────────────


def again(now: Situation) -> Iterator[Choice]:
    """Failed today, and far enough back."""
    for skill, ago in _failed(now):
        if ago >= APART:
            says = f"failed {ago} questions ago" if skill in now.since else "failed earlier today"
            yield _choice(now, skill, Reason("again", says))


def _waiting(now: Situation) -> Iterator[Choice]:
    """Failed today, not yet far enough back; the longest ago first."""
    for skill, ago in sorted(_failed(now), key=lambda one: -one[1]):
        if ago < APART:
            yield _choice(now, skill, Reason("again", "failed just now"))


def _failed(now: Situation) -> list[tuple[str, int]]:
    """(skill, questions since it was asked) of what failed today and may return."""
    failures = Counter(one.skill for one in now.asked if one.failed)
    return [
        (skill, now.since.get(skill, APART))
        for skill, card in now.cards.items()
        if card.again_today == now.day and failures[skill] <= RETURNS and now.may(skill)
    ]


def due(now: Situation) -> list[Choice]:
    """Due on this day and not asked on it yet, by gain per minute; what an exam asks for before the rest."""
    cards = [card for card in now.waiting if now.may(card.skill)]
    cards.sort(key=lambda card: (not now.examined(card.skill), -now.worth(card), card.skill))
    return [_choice(now, card.skill, _why_due(now, card)) for card in cards]


def _is_due(now: Situation, card: Card) -> bool:
    if card.again_today == now.day or card.skill in now.since:
        return False
    if card.last > now.day:  # the clock was wrong then
        return True
    return card.seen != now.day and now.due_day(card) <= now.day


def due_day(card: Card, exam: int) -> int:
    """The study day on which a card is due; before an exam everything is seen once in its last week."""
    if exam < 0 or card.due < exam or card.last >= exam - LAST_WEEK:
        return card.due
    return exam - 1 - sum(card.skill.encode()) % LAST_WEEK


def _why_due(now: Situation, card: Card) -> Reason:
    known = f"recall now {100 * now.recall(card):.0f} %" if card.reps else "not decided at the reference level yet"
    if card.last > now.day:
        return Reason("due", "answered on a day still to come: a clock was wrong")
    if card.due > now.day:
        return Reason("exam", f"once more before the exam; {known}")
    late = now.day - card.due
    return Reason("due", f"due {'today' if not late else f'for {late} day' + 's' * (late > 1)}; {known}")


def new(now: Situation) -> Iterator[Choice]:
    """Never answered, ready to be learnt, and within the day's minutes; in the bank's order, spread over topics.

    What leads to an exam comes before the rest.
    """
    if now.exam >= 0 and now.exam - now.day < SETTLES:
        return
    urgent = pace(now)
    room = max(room_for_new(now), urgent)
    begun = {now.bank.skills[card.skill].concept for card in _begun_today(now)}
    ready = holding(now)
    for skill, entry in sorted(_unanswered(now), key=lambda one: one[1].concept not in now.leading_there):
        if room <= 0:
            return
        if entry.concept not in begun and all(ready(concept) for concept in entry.requires):
            begun.add(entry.concept)  # one of a concept a day
            room, urgent = room - 1, urgent - 1
            why = "the exam is to find nothing unseen" if urgent >= 0 else "it fits the day's minutes"
            yield _choice(now, skill, Reason("new", f"new; what it builds on holds, and {why}"))


def pace(now: Situation) -> int:
    """How many new ones are begun today before anything due, so that an exam finds none unseen; else 0.

    No more than the day's minutes have room for. Four fifths of the days are for beginning, the rest for holding. It
    waits for evidence that what is learnt stays: while fewer answers are right than were foretold, more new ones would
    only push out what is being learnt.
    (docs/evidence.md shows what this rule is worth, and where.)
    """
    if now.exam < 0 or now.exam - now.day < SETTLES or not now.stays:
        return 0
    begun = sum(now.examined(card.skill) for card in _begun_today(now))
    unseen = sum(now.examined(skill) for skill, _ in _unanswered(now))
    days = max(1.0, (now.exam - now.day - SETTLES) * BEGINNING)
    fit = (now.settings.minutes * 60_000 - now.spent_ms) / (TODAY_COSTS * usual_pace(now))
    return max(0, min(ceil((unseen + begun) / days) - begun, int(fit)))


def more_new(now: Situation) -> Iterator[Choice]:
    """New ones beyond the day's minutes; the fewest missing prerequisites first."""
    ready = holding(now)
    begun = {now.bank.skills[card.skill].concept for card in _begun_today(now)}

    def order(one: tuple[str, SkillEntry]) -> tuple[int, bool]:
        return sum(not ready(concept) for concept in one[1].requires), one[1].concept in begun

    for skill, _ in sorted(_unanswered(now), key=order):
        yield _choice(now, skill, Reason("more-new", "new, beyond today's minutes"))


def ahead(now: Situation) -> Iterator[Choice]:
    """Not due and not asked today; what gains most first."""
    cards = [
        card
        for card in now.cards.values()
        if card.seen != now.day and card.skill not in now.since and now.may(card.skill)
    ]
    for card in sorted(cards, key=lambda card: (-now.worth(card), card.skill)):
        yield _choice(now, card.skill, Reason("ahead", f"not due before {card.due - now.day} days"))


def asked_before(now: Situation) -> Iterator[Choice]:
    """Asked today already; the longest ago first."""
    skills = [skill for skill in now.bank.skills if now.may(skill)]
    for skill in sorted(skills, key=lambda skill: -now.since.get(skill, 1 << 30)):
        yield _choice(now, skill, Reason("asked", "everything was asked; another instance"))


def _choice(now: Situation, skill: str, reason: Reason) -> Choice:
    return Choice(skill, level_of(now, skill), reason)


def level_of(now: Situation, skill: str) -> int:
    """The level wished for, as far as there is one; the reference level after a failure; else by rating."""
    levels, card = now.bank.skills[skill].levels, now.cards.get(skill)
    if now.wishes.level is not None:
        return max((one for one in levels if one <= now.wishes.level), default=levels[0])
    if card is None or card.again_today == now.day:
        return levels[0]
    return level.level_for(card.ratings, levels)


# ── new skills ──────────────────────────────────────────────────────────────────────────────────────────────────


def _unanswered(now: Situation) -> list[tuple[str, SkillEntry]]:
    return [(skill, entry) for skill, entry in now.bank.skills.items() if skill not in now.cards and now.may(skill)]


def _begun_today(now: Situation) -> list[Card]:
    return [card for card in now.cards.values() if card.first == now.day and card.skill in now.bank.skills]


def room_for_new(now: Situation) -> int:
    """How many new skills fit the day's minutes, beside what is due today and what a day of the week will bring."""
    known = [card for card in now.cards.values() if card.skill in now.bank.skills]
    budget = now.settings.minutes * 60_000
    today = now.spent_ms + sum(card.pace_ms or PACE_MS for card in now.waiting if card.skill in now.bank.skills)
    week = sum(card.pace_ms or PACE_MS for card in known if now.day < card.due <= now.day + 7) / 7
    return max(0, int((budget - max(today, week)) / (NEW_COSTS * usual_pace(now))))


def usual_pace(now: Situation) -> int:
    """What an answer usually takes this learner, in ms."""
    paces = sorted(card.pace_ms for card in now.cards.values() if card.pace_ms and card.skill in now.bank.skills)
    return max(5_000, paces[len(paces) // 2]) if paces else PACE_MS


def holding(now: Situation) -> Callable[[str], bool]:
    """concept -> whether it holds: one of its skills was right the last time it counted, and is no leech.

    A concept without skills of its own holds when those hold that it requires. With topics wished for, only concepts
    with a skill among them can be missing.
    """
    known: dict[str, bool] = {}

    def holds(concept: str) -> bool:
        if concept not in known:
            known[concept] = True  # while it is asked for: a circle holds nothing back
            entry = now.bank.concepts.get(concept)
            skills = [one for one in entry.skills if one in now.cards or now.may(one)] if entry else []
            if skills:
                known[concept] = any((card := now.cards.get(one)) and card.right and not card.leech for one in skills)
            else:
                known[concept] = all(holds(one) for one in (entry.requires if entry else ()))
        return known[concept]

    return holds


# ── the order ───────────────────────────────────────────────────────────────────────────────────────────────────


def _spread(now: Situation, urgent: list[Choice], everything: list[Choice]) -> list[Choice]:
    """What is urgent; everything, where all that is urgent is of the last question's topic."""
    apart = any(now.bank.skills[one.skill].topic != now.last_topic for one in urgent)
    return urgent if apart else everything


def _interleaved(now: Situation, offered: Sequence[Choice]) -> Choice:
    """The first of another topic than the last question's, if there is one; of them, of another concept lately."""
    skills, last_topic = now.bank.skills, now.last_topic
    lately = {skills[one.skill].concept for one in now.asked[-APART:] if one.skill in skills}
    classes = {"again": 3 if now.returns_late else 0, "due": 1, "exam": 1}

    def order(choice: Choice) -> tuple[bool, int, bool]:
        entry = skills[choice.skill]
        return entry.topic == last_topic, classes.get(choice.reason.code, 2), entry.concept in lately

    return min(offered, key=order)  # the first of equals


def _led_back(now: Situation, choice: Choice) -> Choice:
    """For a leech: its weakest prerequisite not seen today, or itself with a worked example."""
    card = now.cards.get(choice.skill)
    if card is None or not card.leech:
        return choice
    entry = now.bank.skills[choice.skill]
    before = [
        now.cards[skill]
        for concept in entry.requires
        if concept in now.bank.concepts
        for skill in now.bank.concepts[concept].skills
        if skill in now.cards and now.may(skill) and skill not in now.since and now.cards[skill].seen != now.day
    ]
    before = [
        one for one in before if now.bank.skills[one.skill].topic != now.last_topic or entry.topic == now.last_topic
    ]
    if before and choice.skill not in now.since:
        weakest = min(before, key=lambda one: (now.recall(one), one.skill))
        says = f"before {entry.title!r}, which is forgotten far more often than foretold"
        return _choice(now, weakest.skill, Reason("leads-back", says))
    return Choice(choice.skill, choice.level, choice.reason, worked=True)
