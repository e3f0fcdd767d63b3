"""Which values travel through osdrill? Skill, Question, Response, Verdict, Review; all frozen, all else derived.

    Skill    what we keep        a concept's exercise, from content
    Question what we drew        a skill made concrete by level and seed
    Response what was answered   text, read as a value
    Verdict  what we think of it right or wrong, which mistakes give exactly this
    Review   what happened       the row that the store keeps for ever

No import but the standard library: this module is on the way to the first question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as _replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar

V = TypeVar("V")


def replace(value: V, **changes: Any) -> V:
    """The same value with some of its fields changed, be it a named tuple or a dataclass.

    Most values here are named tuples: making a frozen dataclass costs six times as much when the module is loaded.
    """
    made: V = value._replace(**changes) if hasattr(value, "_replace") else _replace(value, **changes)  # type: ignore[type-var]  # a dataclass then
    return made


# ── what we keep ────────────────────────────────────────────────────────────────────────────────────────────────


class Place(NamedTuple):
    """Where something stands in a pack."""

    file: str  # as the user named the pack, joined with the path below it
    line: int  # from 1
    column: int  # from 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """Something wrong with content; `osdrill explain CODE` says more."""

    place: Place
    code: str  # kebab-case: bad-choice, never-apart
    message: str  # what was wrong, what was there, what to do

    def __str__(self) -> str:
        return f"{self.place}: {self.code}: {self.message}"


class Concept(NamedTuple):
    """One idea of the field."""

    id: str
    topic: str  # the folder
    title: str
    text: str  # Markdown, at most 300 words
    requires: tuple[str, ...] = ()  # concept ids
    claims: tuple[str, ...] = ()  # S01 …
    sources: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()  # interview questions and scenarios


class Option(NamedTuple):
    """One option of a choice, or one item of an order."""

    text: str
    right: bool = False
    why: str = ""  # the explanation of this option


NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Simulated(NamedTuple):
    """How a simulated skill draws and what it asks."""

    simulator: str
    ask: str  # a measure, with arguments if it takes any: "waiting", "running-at t=7", "running-at t=0..9"
    form: str = "forward"
    scenario: Mapping[str, Any] = NOTHING  # ranges, as text; or parameters of the recipe
    recipe: str = ""
    levels: Mapping[int, Mapping[str, Any]] = NOTHING  # merged over scenario; 1 needs no entry
    options: Mapping[str, Any] = NOTHING  # what the form needs: hide, field, values …
    mistakes: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    say: Mapping[str, str] = NOTHING  # mistake id -> words that replace the default ones


class Point(NamedTuple):
    """One key point of a free answer."""

    text: str
    terms: tuple[str, ...] = ()  # words, any of which shows the point


class Part(NamedTuple):
    """One of several choices in one question: an incident asks for the resource, the command, the cause, the fix."""

    ask: str
    options: tuple[Option, ...]


class Authored(NamedTuple):
    """A question written by a person."""

    answer: str  # choice | choices | order | short | parts | free
    options: tuple[Option, ...] = ()  # choice, choices: shuffled by seed; order: in the right order
    accept: tuple[str, ...] = ()  # short: the answers taken as right, the first one shown
    wrong: tuple[Option, ...] = ()  # short: wrong answers with their explanation
    points: tuple[Point, ...] = ()  # free
    parts: tuple[Part, ...] = ()  # parts
    evidence: str = ""  # a generator of sims/evidence whose numbers the text names
    explanation: str = ""
    hints: tuple[str, ...] = ()


class Skill(NamedTuple):
    """What a learner practises and what is scheduled. Exactly one of `simulated` and `authored` is set."""

    id: str  # never changes; a learner's history hangs on it
    revision: int  # raised when a seed would give another question
    concept: str
    topic: str
    title: str
    text: str
    simulated: Simulated | None = None
    authored: Authored | None = None
    hints: tuple[str, ...] = ()  # empty: generated from the worked solution
    sources: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    tests: tuple[Mapping[str, Any], ...] = ()
    place: Place | None = None

    @property
    def kind(self) -> str:
        return "simulated" if self.simulated else "authored"

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(sorted({1, *(self.simulated.levels if self.simulated else ())}))


# ── what we drew ────────────────────────────────────────────────────────────────────────────────────────────────


class QuestionName(NamedTuple):
    """skill@revision/level#seed."""

    skill: str
    revision: int
    level: int
    seed: int  # 0 to 2³² − 1

    def __str__(self) -> str:
        return f"{self.skill}@{self.revision}/{self.level}#{self.seed}"


class Unreadable(Exception):
    """The text cannot be an answer to this question; the message says what one looks like."""


class AnswerKind(Protocol):
    """How one question's answer is read, written and judged. Made for the question: it knows its names and unit."""

    @property
    def kind(self) -> str:
        """Its name in the machine interface, such as number, vector, table or choice."""
        ...

    def read(self, text: str) -> Any:
        """The value that `text` means. Raises Unreadable."""
        ...

    def write(self, value: Any) -> str:
        """The one-line written form; `read(write(v))` equals v. Rows are divided by `;`, empty is `none`."""
        ...

    def same(self, right: Any, given: Any) -> bool:
        """Whether `given` means the right answer."""
        ...

    @property
    def example(self) -> str:
        """An answer of the right form that is not taken from this question."""
        ...

    @property
    def words(self) -> tuple[str, ...]:
        """What completion offers."""
        ...

    def parts(self, right: Any, given: Any) -> tuple[int, str] | None:
        """The first element that differs, and a sentence on it; None where there are no elements."""
        ...


class Misconception(NamedTuple):
    """A mistake in this question: what it gives here, and the words for it."""

    id: str
    value: Any  # as the answer kind reads it
    clause: str  # completes "… is what you get if "
    says: str
    convention: bool = False
    trace: Any = None  # of the simulator under the mistaken rule; None for a mistaken measure
    steps: tuple[Any, ...] = ()  # the mistaken solution, where the mistake declares one


class Question(NamedTuple):
    """A skill made concrete by level and seed."""

    name: QuestionName
    title: str
    text: str  # Markdown-free sentences, names substituted
    asks: str  # the last line: the question itself
    conventions: tuple[str, ...]  # sentences that state a rule which would change the answer
    answer: AnswerKind
    right: Any
    mistakes: tuple[Misconception, ...] = ()
    hints: tuple[str, ...] = ()
    explanation: str = ""  # authored: the author's; simulated: empty, the steps explain
    steps: tuple[Any, ...] = ()  # sims.declare.Step: the worked solution
    options: tuple[Option, ...] = ()  # choice, choices, order: as shuffled
    simulator: str = ""
    measure: str = ""
    scenario: Any = None  # the frozen scenario
    hidden: frozenset[str] = frozenset()  # fields of the scenario that the learner must not see
    shown: Any = None  # a trace that is part of the question itself (backward, flaw); else None
    trace: Any = None  # of the right answer; None for an authored skill
    accepts: Any = None  # (value) -> bool where several values are right; else None
    follows: Any = None  # (rows so far) -> the row that comes after them, None at the end; None: not asked row by row
    pairs: Any = tuple  # () -> Misconceptions of two mistakes at once, made when asked
    tries: int = 1  # how many instances were drawn to find this one


# ── what was answered, and what we think of it ──────────────────────────────────────────────────────────────────


class Response(NamedTuple):
    """An answer as typed and as read."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the answer parts from the truth."""

    where: str  # trace | solution | answer
    index: int
    says: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we think of a response."""

    right: bool
    mistakes: tuple[str, ...] = ()  # ids of the mistakes that give exactly this
    conventions: tuple[str, ...] = ()  # ids of the conventions that give exactly this
    diverges_at: Divergence | None = None
    says: str = ""  # the explanation in sentences
    slips: tuple[int, ...] = ()  # of a table filled row by row: the rows that do not follow from those before them


# ── what happened ───────────────────────────────────────────────────────────────────────────────────────────────


class Review(NamedTuple):
    """One answered question. Append-only: never changed once recorded."""

    id: str  # UUID
    skill: str
    revision: int
    level: int
    seed: int
    topic: str
    concept: str
    kind: str  # simulated | authored | self-marked
    scenario: str  # JSON; empty for an authored skill
    text: str  # the question as it was asked
    answer: str  # the right answer, written
    response: str  # as typed; empty when given up or skipped
    outcome: str  # right | wrong | gave-up
    mistakes: tuple[str, ...]
    conventions: tuple[str, ...]
    diverges_at: str  # JSON; empty where nothing is claimed
    hints: int  # rungs taken
    grade: int  # 1 again, 2 hard, 3 good, 4 easy
    at: str  # UTC instant, ISO 8601 with microseconds and Z
    offset: int  # minutes east of UTC
    day: int  # study day: days since 1970-01-01
    taken_ms: int
    counts: bool  # whether it moved the memory state when it was recorded (first attempt of the day; see practice)
    predicted: float = -1.0  # the recall foretold for that day; -1 where nothing could be foretold
    order: int = 0  # microseconds: what happened before what, also where a clock went back; the store sets it


class Rating(NamedTuple):
    """How strong this learner is against one level of a skill, on the Elo scale; 0 is an even match."""

    level: int
    elo: float
    answers: int


class Card(NamedTuple):
    """The memory state of a skill: a fold over its reviews, a cache."""

    skill: str
    stability: float  # days
    difficulty: float
    due: int  # study day
    last: int  # study day of the last review that counted
    reps: int  # reviews that counted
    lapses: int  # of them, graded Again
    again_today: int = -1  # study day on which it must be asked once more; -1 none
    first: int = -1  # study day of the first answer
    seen: int = -1  # study day of the last answer, whether it counted or not
    right: bool = False  # whether the last review that counted was right
    pace_ms: int = 0  # what an answer takes here, smoothed; 0 unknown
    leech: bool = False  # forgotten far more often than foretold
    recent: tuple[float, ...] = ()  # the last reviews that counted: the recall foretold, negative where wrong
    ratings: tuple[Rating, ...] = ()  # by level, of the levels that were answered


class Instant(NamedTuple):
    """A moment as the clock of `cli` gives it; nothing below reads a clock."""

    utc: str  # ISO 8601 with microseconds and Z
    offset: int  # minutes east of UTC
    monotonic: float  # seconds, for durations only
