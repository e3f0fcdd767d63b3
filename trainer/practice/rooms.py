"""What does practice need of the bank and of the store? Only this; whoever joins the rooms passes them in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from trainer.model import Card, Instant, Review, Skill
from trainer.practice.days import ROLLOVER


class SkillEntry(Protocol):
    """What choosing needs to know of a skill."""

    @property
    def id(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def concept(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def levels(self) -> tuple[int, ...]: ...
    @property
    def requires(self) -> tuple[str, ...]:
        """Concepts that its concept requires."""
        ...


class ConceptEntry(Protocol):
    """What choosing needs to know of a concept."""

    @property
    def requires(self) -> tuple[str, ...]: ...
    @property
    def skills(self) -> tuple[str, ...]: ...


class Bank(Protocol):
    """The content."""

    @property
    def skills(self) -> Mapping[str, SkillEntry]: ...
    @property
    def concepts(self) -> Mapping[str, ConceptEntry]: ...
    @property
    def first(self) -> str:
        """The skill to begin with; empty where none is named."""
        ...

    def skill(self, id_: str, /) -> Skill: ...


class Ledger(Protocol):
    """Where answers are kept; `trainer.store.store.Store`, or `practice.unsaved.Unsaved` where nothing can be."""

    def due(self, day: int, limit: int = -1) -> list[Card]: ...
    def card(self, skill: str) -> Card | None: ...
    def cards(self) -> list[Card]: ...
    def reviews(self, *, skill: str | None = None, since: int | None = None) -> Iterable[Review]: ...
    def put_off(self, day: int) -> Mapping[str, str]: ...
    def setting(self, name: str) -> Any: ...
    def tallies(self, most_ms: int) -> Iterable[tuple[int, str, str, str, int, int]]: ...
    def foretold(self) -> Iterable[tuple[int, int, int, float]]: ...
    def mistaken(self) -> Iterable[tuple[int, int, str, str, tuple[str, ...]]]: ...
    def rights_after(self, skill: str, order: int) -> int: ...
    def record(self, review: Review) -> Card: ...
    def withdraw(self, review: Review, *, id_: str, at: Instant, day: int) -> Card | None: ...


class Settings(NamedTuple):
    """What a learner set."""

    minutes: int = 15  # a day
    rollover: int = ROLLOVER  # hour of local time
    exam: int = -1  # study day of the exam; -1 none
    exam_topics: tuple[str, ...] = ()  # topics or concepts that it asks for; empty: everything
    retention: float = 0.9  # the recall at which a skill is due, and aimed at on the day of the exam
    parameters: Sequence[float] = ()  # of the memory model; empty: the default ones


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a learner wants of this session. Nothing said: the day's work, and no more."""

    topics: tuple[str, ...] = ()
    kind: str = ""  # simulated | authored
    level: int | None = None
    count: int | None = None  # answers
    minutes: float | None = None  # never cuts a question
    more: bool = False  # go on when the day's work is done

    @property
    def goes_on(self) -> bool:
        """Whether to look beyond what is due and what fits the day: asked for by name, there must be something."""
        return self.more or any((self.topics, self.kind, self.level, self.count, self.minutes))
