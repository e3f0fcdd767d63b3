"""How does a simulator say what it can be asked, and how people get it wrong?

A simulator declares itself once, in its own file, as a `Simulator` value called `SIMULATOR`. Help, docs, checks,
questions and the content's schema are made from it.

    Scenario (frozen) ── run() ──▶ Trace (frozen) ── measure ──▶ number, map, sequence, set, table, …

A trace has `scenario` and `events` (a tuple, in order of happening). A measure is a function of the trace alone.
A mistake is a rule (the same simulator with another scenario), a measure (another function of the same trace) or
a convention (a rule that is right in another textbook).
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from sims.fields import Fault, Invalid, Pick, make, plain, specs, whole

__all__ = ["Fault", "Invalid", "Pick", "make", "plain", "specs", "whole"]


class NoAnswer(Exception):
    """The measure has no value for this trace (no victim, no cycle): nothing to ask, nothing to mistake."""


class Limit(Exception):
    """The work would pass the stated limit; never a wrong answer instead."""


class Trace(Protocol):
    """Everything that happened: enough to draw it and to compute every measure."""

    @property
    def scenario(self) -> Any: ...
    @property
    def events(self) -> tuple[Any, ...]: ...


# ── what a measure gives; quiz maps each to an answer kind ──────────────────────────────────────────────────────

Names = Callable[[Any], tuple[str, ...]]  # scenario -> the names that an answer may use


class Number(NamedTuple):
    """An int or Fraction; or one of `words` where there is no number (`not-present`)."""

    unit: str = ""  # ticks, faults, bytes, …; empty for a pure number
    base: int = 10  # 16: shown as 0x1f40
    words: tuple[str, ...] = ()


class MapOf(NamedTuple):
    """Mapping name -> value, in the order of `names`: waiting by process."""

    item: "Number | YesNo | OneOf"
    names: Names
    noun: str = "process"


class SequenceOf(NamedTuple):
    """tuple of names or whole numbers, order matters: completion order, victims."""

    noun: str
    names: Names | None = None  # None: whole numbers


class SetOf(NamedTuple):
    """frozenset of names or whole numbers: the deadlocked processes. Empty is written `none`."""

    noun: str
    names: Names | None = None


class TableOf(NamedTuple):
    """tuple of rows, each a tuple of str, int or Fraction: the slices of a Gantt chart."""

    columns: tuple[str, ...] | Names  # or a function of the scenario: one column a frame
    noun: str = "row"


class RowsOf(NamedTuple):
    """Mapping name -> tuple of whole numbers, one a column: the need of each process by resource type."""

    names: Names
    columns: Names
    noun: str = "process"


class HitString(NamedTuple):
    """str of H and M, one a reference."""


class YesNo(NamedTuple):
    """bool."""


class OneOf(NamedTuple):
    """str: one of `words`, or of the names in this scenario (`names` first, then `words`)."""

    words: tuple[str, ...] = ()
    names: Names | None = None


class StepOf(NamedTuple):
    """int: a point on the trace, counted from 1 among the steps that are told."""

    told: Callable[[Any], tuple[str, ...]] | None = None  # trace -> the steps to choose from; None: every event, told


Gives = Number | MapOf | SequenceOf | SetOf | TableOf | RowsOf | HitString | YesNo | OneOf | StepOf
Value = Any  # int | Fraction | str | bool | tuple | frozenset | Mapping[str, int | Fraction]


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Rule(NamedTuple):
    """One sentence on what happens, in which order; with the book or page that says so."""

    says: str
    source: str = ""


class Step(NamedTuple):
    """One step of a worked solution."""

    says: str  # about this instance: "P1 waits 2–6 and 8–11 = 7"
    rule: str  # the rule it uses: "waiting: time in the ready queue"
    value: Any = None  # what the step establishes
    key: str | int | None = None  # the element of the answer it settles: process name, index of a sequence
    event: int | None = None  # index in trace.events, where there is one


class Argument(NamedTuple):
    """An argument of a measure: `t` in running-at t."""

    name: str
    help: str
    low: int = 0  # whole numbers; for a name, `names` is given
    high: int = 1_000_000
    names: Names | None = None


class Measure(NamedTuple):
    """Something that can be asked of a trace."""

    name: str  # kebab-case, the field's standard term
    gives: Gives
    of: Callable[..., Value]  # (trace, **arguments) -> value; raises NoAnswer, Limit
    help: str  # one sentence: what it is
    asks: str  # the question as a learner reads it; {argument} is substituted
    steps: Callable[..., tuple[Step, ...]]  # (trace, **arguments) -> the worked solution; the last step is the answer
    better: str = ""  # "low" or "high" where one direction is better
    accepts: Callable[..., bool] | None = None  # (trace, value, **arguments): where several values are right
    arguments: tuple[Argument, ...] = ()
    applies: Callable[[Any], bool] = lambda _scenario: True  # scenario -> can it be asked here at all?
    tied: Callable[..., bool] = lambda _trace, **_arguments: False  # a tie decides the answer: questions draw again
    source: str = ""
    follows: Callable[..., Value] | None = None  # (trace, the rows so far, **arguments): the row that comes after them,
    # also where they are wrong; None at the end. Raises NoAnswer where nothing follows from rows like these.


class Mistake(NamedTuple):
    """A classic wrong way, and the answer it gives. Exactly one of `rule` and `measures` is set.

    A rule may return the scenario unchanged, or raise NoAnswer or Invalid: then the mistake does not show here.
    """

    id: str  # kebab-case: waiting-from-first-run
    clause: str  # completes "7 is what you get if ": "you stop counting when a process first runs"
    says: str  # one or two sentences that put it right: "That is its response time."
    rule: Callable[[Any], Any] | None = None  # scenario -> the scenario under the mistaken rule
    measures: Mapping[str, Callable[..., Value]] = NOTHING  # measure name -> (trace) -> value
    asked: tuple[str, ...] = ()  # for a rule: the measures it is a mistake for; empty = all
    convention: bool = False  # right under another textbook's rule
    states: Callable[[Any], str] | None = None  # convention: scenario -> the sentence that states the rule in force
    steps: Mapping[str, Callable[..., tuple[Step, ...]]] = NOTHING  # how the mistaken get there

    def applies_to(self, measure: str) -> bool:
        """Whether this is a mistake for that measure."""
        if self.rule is None:
            return measure in self.measures
        return not self.asked or measure in self.asked


class Recipe(NamedTuple):
    """How to draw a scenario that cannot be drawn field by field."""

    name: str
    parameters: type[Any]  # a record; content writes ranges for its fields
    make: Callable[[Any, Pick], Any]  # (parameters, pick) -> scenario; raises Invalid: drawn again
    help: str


class Example(NamedTuple):
    """A scenario worth looking at."""

    name: str
    scenario: Mapping[str, Any]
    says: str  # what to see in it
    source: str = ""


class Simulator(NamedTuple):
    """One simulator, whole."""

    name: str
    question: str  # which question it answers: "Who runs when?"
    scenarios: tuple[type[Any], ...]  # one record type, or several told apart by their field `kind`
    run: Callable[[Any], Any]  # scenario -> trace; raises Limit
    tell: Callable[[Any, int], str]  # (trace, index of an event) -> one plain sentence
    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    mistakes: tuple[Mistake, ...]
    examples: tuple[Example, ...]
    recipes: tuple[Recipe, ...] = ()
    bare: Callable[[Any, int], str] | None = None  # `tell` without the reason, where it gives one: no clue to the rule

    def scenario(self, raw: Any) -> Any:
        """The scenario that a mapping describes, defaults filled in. Raises Invalid, every bad field named."""
        if isinstance(raw, self.scenarios):
            return raw
        return make(self.kind_of(raw), raw)

    def kind_of(self, raw: Any) -> type[Any]:
        """The record type that `raw` (a mapping) asks for by its `kind`; else the first that knows all its fields."""
        if len(self.scenarios) == 1 or not isinstance(raw, Mapping):
            return self.scenarios[0]
        if "kind" not in raw:
            fitting = (type_ for type_ in self.scenarios if {str(key) for key in raw} <= _fields(type_))
            return next(fitting, self.scenarios[0])
        kinds = {word: type_ for type_ in self.scenarios for word in _kinds(type_)}
        if not isinstance(raw["kind"], str) or raw["kind"] not in kinds:
            message = f"expected one of {' '.join(kinds)}, got {str(raw['kind'])[:40]!r}"
            raise Invalid([Fault("kind", message)])
        return kinds[raw["kind"]]

    def measure(self, name: str) -> Measure:
        """The measure of that name. Raises KeyError."""
        return next((m for m in self.measures if m.name == name), None) or _missing(name)

    def mistake(self, id_: str) -> Mistake:
        """The mistake of that id. Raises KeyError."""
        return next((m for m in self.mistakes if m.id == id_), None) or _missing(id_)

    def recipe(self, name: str) -> Recipe:
        """The recipe of that name. Raises KeyError."""
        return next((r for r in self.recipes if r.name == name), None) or _missing(name)


def _kinds(type_: type[Any]) -> tuple[str, ...]:
    return next((spec.kind.words for spec in specs(type_) if spec.name == "kind"), ())  # type: ignore[attr-defined]


def _fields(type_: type[Any]) -> set[str]:
    return {spec.name for spec in specs(type_) if not spec.hidden}


def _missing(name: str) -> Any:
    raise KeyError(name)


def mean(values: Mapping[str, int | Fraction]) -> Fraction:
    """The exact average of a map's values."""
    return Fraction(sum(values.values())) / len(values)
