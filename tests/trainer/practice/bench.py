"""A small bank, a ledger in memory and a clock that is set by hand: what a session needs, without files."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.trainer.made import TODAY, instant, uuid
from trainer.model import Authored, Card, Instant, Option, Question, QuestionName, Response, Skill, Unreadable, Verdict
from trainer.practice.days import microseconds
from trainer.practice.fold import Fold
from trainer.practice.memory import Memory
from trainer.practice.rooms import Ledger, Settings, Wishes
from trainer.practice.session import Session, Tools
from trainer.practice.unsaved import Unsaved

FOLD = Fold(Memory())


@dataclass(frozen=True)
class Entry:
    """One skill of the small bank."""

    id: str
    topic: str
    concept: str
    requires: tuple[str, ...] = ()
    kind: str = "simulated"
    title: str = "A skill"
    levels: tuple[int, ...] = (1, 2)
    revision: int = 1


@dataclass(frozen=True)
class ConceptEntry:
    requires: tuple[str, ...]
    skills: tuple[str, ...]


class SmallBank:
    """Skills and the concepts that they name."""

    first = ""

    def __init__(self, entries: list[Entry]) -> None:
        self.skills = {entry.id: entry for entry in entries}
        self.concepts = {
            name: ConceptEntry(
                next((one.requires for one in entries if one.concept == name), ()),
                tuple(one.id for one in entries if one.concept == name),
            )
            for name in dict.fromkeys([*(e.concept for e in entries), *(r for e in entries for r in e.requires)])
        }

    def skill(self, id_: str) -> Skill:
        entry = self.skills[id_]
        return Skill(id_, 1, entry.concept, entry.topic, entry.title, "Which?", authored=Authored("choice"))


def bank(topics: int = 3, concepts: int = 2, skills: int = 2) -> SmallBank:
    """t0c0s0, t0c0s1, t0c1s0 …: the second concept of a topic requires its first."""
    return SmallBank(
        [
            Entry(f"t{t}c{c}s{s}", f"t{t}", f"t{t}c{c}", (f"t{t}c{c - 1}",) if c else ())
            for t in range(topics)
            for c in range(concepts)
            for s in range(skills)
        ]
    )


class Number:
    """An answer that is a whole number; the right one is 42."""

    kind, example, words = "number", "7", ()

    def read(self, text: str) -> int:
        if not text.strip().isdigit():
            raise Unreadable("a number such as 7")
        return int(text)

    def write(self, value: int) -> str:
        return str(value)

    def same(self, right: int, given: int) -> bool:
        return right == given

    def parts(self, right: int, given: int) -> tuple[int, str] | None:
        return None


class NothingToDraw(Exception):
    pass


def draw(skill: Skill, level: int, seed: int) -> Question:
    if skill.id.startswith("broken"):
        raise NothingToDraw(skill.id)
    return Question(
        name=QuestionName(skill.id, 1, level, seed), title=skill.title, text="Which?", asks="How many?",
        conventions=("Ties go up.",), answer=Number(), right=42, hints=("one", "two", "three"),
        options=(Option("this"), Option("that")),
    )  # fmt: skip


def judge(question: Question, response: Response) -> Verdict:
    right = response.value == 42
    return Verdict(right, () if right else (f"mistake-{response.value}",), says="")


@dataclass
class HandClock:
    """Goes on by one second whenever it is read; set by hand."""

    utc: datetime = field(default_factory=lambda: datetime.fromisoformat(instant(TODAY)))
    monotonic: float = 100.0
    offset: int = 0

    def __call__(self) -> Instant:
        self.forward(seconds=1)
        return Instant(self.utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), self.offset, self.monotonic)

    def forward(self, **given: float) -> None:
        passed = timedelta(**given)
        self.utc += passed
        self.monotonic += passed.total_seconds()

    def day(self, day: int) -> None:
        self.utc = datetime.fromisoformat(instant(day))


def session(ledger: Ledger | None = None, **given: Any) -> Session:
    """A session over the small bank; `given` may replace bank, clock, settings and wishes (or name a wish)."""
    wishes = Wishes(**{key: given.pop(key) for key in list(given) if key in Wishes.__dataclass_fields__})
    clock = given.pop("clock", None) or HandClock()
    ids = itertools.count(microseconds(clock().utc))
    seeds = itertools.count(given.pop("seed", 1))
    tools = Tools(draw, judge, clock, lambda: uuid(next(ids)), lambda: next(seeds), NothingToDraw)
    return Session(
        bank=given.pop("bank", None) or bank(),
        ledger=ledger if ledger is not None else Unsaved(FOLD),
        fold=FOLD,
        tools=tools,
        settings=given.pop("settings", Settings()),
        wishes=wishes,
    )


def card(skill: str, due: int = TODAY, **given: Any) -> Card:
    """A card in good order, due on that day."""
    last = given.pop("last", min(due, TODAY) - 10)
    made = {"stability": 10.0, "difficulty": 5.0, "reps": 3, "lapses": 0, "right": True, "pace_ms": 20_000}
    return Card(skill=skill, due=due, last=last, **{**made, "first": last - 20, "seen": last, **given})
