"""Backward: here is what happened; which value of the hidden field gave it?

Content hides one field (`hide: quantum`) and the measure in `ask` is shown instead. A question is kept only if no
other value in the field's range gives what is shown.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sims.declare import Invalid, Limit, NoAnswer, Step
from sims.fields import Whole, Word, specs
from trainer.bank.ranges import Range, parse, values
from trainer.model import AnswerKind, Misconception
from trainer.quiz.answers.number import NumberAnswer
from trainer.quiz.answers.word import WordAnswer
from trainer.quiz.forms.draft import Asked, Case, Draft, in_words, kind_for, mistaken, traced, which

MOST_VALUES = 40  # of the hidden field: each is run, so that no other one gives what is shown


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where another value would give the same."""
    field = str(case.option("hide"))
    right = getattr(case.scenario, field)
    trace = traced(case.asked, case.scenario)
    seen = case.asked.of(trace)
    shown = kind_for(case.asked, case.scenario, seen)
    others = [value for value in _range(case, field) if value != right]
    alternatives = [(value, _under(case.asked, case.scenario, field, value)) for value in others]
    gave = [(value, case.asked.of(other)) for value, other in alternatives if other is not None and _has(case, other)]
    if not gave or any(shown.same(seen, value) for _, value in gave):
        raise NoAnswer("another value gives the same")
    answer = _answer(case, field, [right, *others])
    mistakes = _mistakes(case, alternatives, shown, seen)
    said = shown.write(seen)
    return Draft(
        scenario=case.scenario,
        trace=trace,
        right=right,
        answer=answer,
        asks=f"The {in_words(case.asked.measure.name)}: {said}. Which {which(field)} gives this?",
        mistakes=mistakes,
        lost=0,  # chosen for its mistakes, an instance would betray its answer: only some values can be mistaken
        accepts=lambda value: value == right or _gives(case, field, value, shown, seen),
        steps=lambda: _steps(field, [*gave, (right, seen)], shown),
        hidden=frozenset({field}),
        beside=tuple(other for _, other in alternatives if other is not None and _has(case, other)),
    )


def _range(case: Case, field: str) -> list[Any]:
    """What the hidden field may hold: its range in content."""
    type_ = case.asked.simulator.kind_of(case.ranges)
    part = parse(case.ranges, type_).fields.get(field)
    if not isinstance(part, Range):
        raise NoAnswer(f"{field} has no range to choose from")
    found = list(dict.fromkeys(values(part)))
    if len(found) > MOST_VALUES:
        raise NoAnswer(f"{field} has {len(found)} values, more than can all be run")
    return found


def _under(asked: Asked, scenario: Any, field: str, value: Any) -> Any:
    """The trace with another value of the field; None where there is none."""
    try:
        return asked.simulator.run(replace(scenario, **{field: value}))
    except (Invalid, Limit):
        return None


def _gives(case: Case, field: str, value: Any, shown: AnswerKind, seen: Any) -> bool:
    """Whether a value that a learner found, in the content's range or beyond it, gives what is shown: then it is right.

    Beyond the range several may: every quantum as long as the longest burst gives the same chart.
    """
    if value in _range(case, field):
        return False  # none of them does but the right one
    trace = None if isinstance(value, Fraction) else _under(case.asked, case.scenario, field, value)
    return trace is not None and _has(case, trace) and shown.same(seen, case.asked.of(trace))


def _has(case: Case, trace: Any) -> bool:
    try:
        case.asked.of(trace)
    except (NoAnswer, Limit):
        return False
    return True


def _answer(case: Case, field: str, choices: list[Any]) -> AnswerKind:
    spec = next(one for one in specs(type(case.scenario)) if one.name == field)
    if isinstance(spec.kind, Whole):
        return NumberAnswer(spec.unit)
    words = spec.kind.words if isinstance(spec.kind, Word) else tuple(map(str, choices))
    return WordAnswer(tuple(word for word in words if word in choices))


def _mistakes(
    case: Case, alternatives: list[tuple[Any, Any]], shown: AnswerKind, seen: Any
) -> tuple[Misconception, ...]:
    """For each mistake the value that it takes for the right one: under it, that value gives what is shown."""
    assert case.skill.simulated is not None
    found = []
    for id_ in case.skill.simulated.mistakes:
        mistake = case.asked.simulator.mistake(id_)
        for value, trace in alternatives:
            wrong = None if trace is None else mistaken(mistake, case.asked, trace)
            if wrong is not None and shown.same(seen, wrong[0]):
                says = case.skill.simulated.say.get(id_, mistake.says)
                found.append(Misconception(id_, value, mistake.clause, says))
                break
    return tuple(found)


def _steps(field: str, gave: list[tuple[Any, Any]], shown: AnswerKind) -> tuple[Step, ...]:
    rule = f"try each {in_words(field)} against what is shown"
    return tuple(Step(f"{in_words(field)} {value} gives {shown.write(result)}.", rule, value) for value, result in gave)
