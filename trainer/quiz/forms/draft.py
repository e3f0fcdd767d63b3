"""What does a form hand back? One candidate for a question: right answer, mistakes' answers, and how to judge them.

A form knows no simulator: it uses the declarations alone. `draw` asks it for candidates until one tells the right
answer and the mistakes apart.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sims.declare import Invalid, Limit, Measure, Mistake, NoAnswer, Simulator, StepOf
from trainer.model import AnswerKind, Misconception, Option, Skill
from trainer.quiz.answers.listed import answer_kind
from trainer.quiz.stream import Pick


class Asked(NamedTuple):
    """What a skill asks, with this instance's arguments."""

    simulator: Simulator
    measure: Measure
    arguments: Mapping[str, Any]

    def of(self, trace: Any) -> Any:
        """The right answer. Raises NoAnswer, Limit."""
        return self.measure.of(trace, **self.arguments)

    def steps(self, trace: Any) -> tuple[Any, ...]:
        """The worked solution."""
        return self.measure.steps(trace, **self.arguments)

    def accepts(self, trace: Any) -> Callable[[Any], bool] | None:
        """The predicate, where several values are right."""
        test = self.measure.accepts
        return None if test is None else lambda value: test(trace, value, **self.arguments)

    def follows(self, trace: Any) -> Callable[[tuple[Any, ...]], Any] | None:
        """rows so far -> the next row, where the measure says what follows."""
        next_row = self.measure.follows
        return None if next_row is None else lambda rows: next_row(trace, rows, **self.arguments)

    @property
    def asks(self) -> str:
        """The question, arguments filled in."""
        return filled(self.measure.asks, self.arguments)


class Draft(NamedTuple):
    """One candidate."""

    scenario: Any
    trace: Any
    right: Any
    answer: AnswerKind
    asks: str
    mistakes: tuple[Misconception, ...]  # those that have an answer here and do not give the right one
    lost: int  # how many of the skill's mistakes gave the right answer or none
    accepts: Callable[[Any], bool] | None = None
    follows: Callable[[tuple[Any, ...]], Any] | None = None
    options: tuple[Option, ...] = ()  # where the answer chooses among options
    steps: Callable[[], tuple[Any, ...]] = tuple
    pairs: Callable[[], tuple[Misconception, ...]] = tuple  # what two mistakes at once give
    hidden: frozenset[str] = frozenset()
    shown: Any = None
    beside: tuple[Any, ...] = ()  # other traces that the answer hangs on: the run before the change, the other policy

    @property
    def traces(self) -> tuple[tuple[Any, Any], ...]:
        """Each (scenario, trace) that the answer hangs on."""
        return tuple((trace.scenario, trace) for trace in (self.trace, *self.beside))


class Case(NamedTuple):
    """What a form is given for one try."""

    skill: Skill
    asked: Asked
    scenario: Any
    pick: Pick
    ranges: Mapping[str, Any]  # of this level, as content writes them

    def option(self, key: str) -> Any:
        """What content says for this form: `hide`, `compare`, `change`, `flaw`; None where it says nothing."""
        assert self.skill.simulated is not None
        return self.skill.simulated.options.get(key)


Form = Callable[[Case], Draft]  # raises NoAnswer where this try makes no question


def filled(text: str, values: Mapping[str, Any]) -> str:
    """`{name}` replaced by the value of that name; anything else in braces stays as it is."""
    for name, value in values.items():
        if "{" + name + "}" in text:
            text = text.replace("{" + name + "}", spoken(value))
    return text


def spoken(value: Any) -> str:
    """A value of a scenario inside a sentence: lists with blanks between their items."""
    if isinstance(value, tuple | list):
        return " ".join(spoken(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "name", value))


def misconceptions(
    skill: Skill, asked: Asked, trace: Any, answer: AnswerKind, right: Any
) -> tuple[list[Misconception], int]:
    """What each mistake and convention of the skill gives here, and how many mistakes do not show.

    A mistake without an answer in this instance, or with the right one, is left out.
    """
    assert skill.simulated is not None
    accepts = asked.accepts(trace)
    kept: list[Misconception] = []
    lost = 0
    for id_ in (*skill.simulated.mistakes, *skill.simulated.conventions):
        mistake = asked.simulator.mistake(id_)
        found = mistaken(mistake, asked, trace)
        if found is None or agrees(answer, right, found[0], accepts):
            lost += not mistake.convention
            continue
        value, other = found
        steps = mistake.steps.get(asked.measure.name)
        kept.append(
            Misconception(
                id=id_,
                value=value,
                clause=mistake.clause,
                says=skill.simulated.say.get(id_, mistake.says),
                convention=mistake.convention,
                trace=other,
                steps=() if steps is None else steps(trace, **asked.arguments),
            )
        )
    return kept, lost


def mistaken(mistake: Mistake, asked: Asked, trace: Any) -> tuple[Any, Any] | None:
    """(the mistake's answer, the trace under the mistaken rule or None); None where it has no answer here."""
    try:
        if mistake.rule is None:
            measure = mistake.measures.get(asked.measure.name)
            return None if measure is None else (measure(trace, **asked.arguments), None)
        if isinstance(asked.measure.gives, StepOf):
            return None  # a step of another run is no step of this one
        scenario = mistake.rule(trace.scenario)
        if scenario == trace.scenario:
            return None
        other = asked.simulator.run(scenario)
        return asked.of(other), other
    except (NoAnswer, Invalid, Limit):
        return None


def agrees(answer: AnswerKind, right: Any, value: Any, accepts: Callable[[Any], bool] | None) -> bool:
    """Whether `value` is right: by the measure's predicate where there is one, else by meaning; numbers that lie too
    near each other to be told apart count as the same."""
    if accepts is not None:
        return accepts(value)
    return near(answer, right, value)


def near(answer: AnswerKind, one: Any, other: Any) -> bool:
    """Whether two answers could be taken for each other when typed."""
    try:
        apart = getattr(answer, "apart", None)
        return not apart(one, other) if apart else answer.same(one, other)
    except (KeyError, IndexError):  # an answer about other names is another answer
        return False


def in_words(name: str) -> str:
    """The name of a field or measure inside a sentence: `switch cost`."""
    return name.replace("-", " ").replace("_", " ")


def is_counted(words: str) -> bool:
    """Whether the words name things that are counted: faults, threads; not `largest free`, not `access`."""
    return words.endswith("s") and not words.endswith("ss")


def which(field: str) -> str:
    """The field as a question asks for it: `policy`, `number of threads`."""
    words = in_words(field)
    return f"number of {words}" if is_counted(words) else words


def traced(asked: Asked, scenario: Any) -> Any:
    """The trace of a scenario of which this measure can be asked. Raises NoAnswer where it cannot, or where a tie
    would decide the answer."""
    if not asked.measure.applies(scenario):
        raise NoAnswer(f"{asked.measure.name} cannot be asked of this scenario")
    trace = asked.simulator.run(scenario)
    if asked.measure.tied(trace, **asked.arguments):
        raise NoAnswer("a tie would decide the answer")
    return trace


MOST_STEPS = 24  # that a learner can choose from


def steps_told(asked: Asked, trace: Any, right: Any) -> tuple[Option, ...]:
    """The steps of the trace as options, where a point on it is asked for; nothing otherwise. Raises NoAnswer where
    there are too many to read."""
    gives = asked.measure.gives
    if not isinstance(gives, StepOf):
        return ()
    told = gives.told(trace) if gives.told else tuple(asked.simulator.tell(trace, n) for n in range(len(trace.events)))
    if not 2 <= len(told) <= MOST_STEPS:
        raise NoAnswer(f"{len(told)} steps are not a choice")
    return tuple(Option(text, number == right) for number, text in enumerate(told, 1))


def kind_for(asked: Asked, scenario: Any, right: Any) -> AnswerKind:
    """The answer kind for what the measure gives."""
    return answer_kind(asked.measure.gives, scenario, right)
