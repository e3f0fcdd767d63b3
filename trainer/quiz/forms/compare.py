"""Compare: which of two values of a field is better here, and by how much?

Content names the field (`compare: policy`); its two values are drawn from the field's range. The difference is asked
with the choice: a bare choice of two could be guessed.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sims.declare import Invalid, Measure, NoAnswer, Number, Step
from trainer.bank.ranges import Range, parse, values
from trainer.model import Misconception
from trainer.quiz.answers.comparison import ComparisonAnswer
from trainer.quiz.forms.draft import Case, Draft, in_words, is_counted, mistaken, near, traced, which


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where both are equally good, or one has no value."""
    field, measure = str(case.option("compare")), case.asked.measure
    if not isinstance(measure.gives, Number) or not measure.better:
        raise NoAnswer(f"{measure.name} is no number of which one direction is better")
    one, other = _two(case, field)
    traces = {value: traced(case.asked, _with(case.scenario, field, value)) for value in (one, other)}
    numbers = {value: case.asked.of(trace) for value, trace in traces.items()}
    right = _better(numbers, measure.better)
    answer = ComparisonAnswer((str(one), str(other)), measure.gives.unit)
    mistakes, lost = [], 0
    assert case.skill.simulated is not None
    for id_ in case.skill.simulated.mistakes:
        mistake = case.asked.simulator.mistake(id_)
        found = {value: mistaken(mistake, case.asked, trace) for value, trace in traces.items()}
        wrong = {value: numbers[value] if pair is None else pair[0] for value, pair in found.items()}
        if wrong == numbers or wrong[one] == wrong[other] or near(answer, right, _better(wrong, measure.better)):
            lost += 1
            continue
        says = case.skill.simulated.say.get(id_, mistake.says)
        mistakes.append(Misconception(id_, _better(wrong, measure.better), mistake.clause, says))
    better = next(value for value in traces if str(value) == right[0])
    return Draft(
        scenario=traces[better].scenario,
        trace=traces[better],
        right=right,
        answer=answer,
        asks=_asks(field, measure, one, other),
        mistakes=tuple(mistakes),
        lost=lost,
        steps=lambda: _steps(case, traces, numbers, right),
        hidden=frozenset({field}),
        beside=tuple(trace for value, trace in traces.items() if value != better),
    )


def _two(case: Case, field: str) -> tuple[Any, Any]:
    part = parse(case.ranges, case.asked.simulator.kind_of(case.ranges)).fields.get(field)
    choices = list(dict.fromkeys(values(part))) if isinstance(part, Range) else []
    if len(choices) < 2:
        raise NoAnswer(f"{field} has no two values to compare")
    first = case.pick("compare.first", 0, len(choices) - 1)
    second = case.pick("compare.second", 0, len(choices) - 2)
    second += second >= first
    return choices[min(first, second)], choices[max(first, second)]


def _with(scenario: Any, field: str, value: Any) -> Any:
    try:
        return replace(scenario, **{field: value})
    except Invalid as invalid:
        raise NoAnswer(str(invalid)) from None


def _better(numbers: dict[Any, Any], direction: str) -> tuple[str, Fraction]:
    (one, first), (other, second) = numbers.items()
    if first == second or isinstance(first, str) or isinstance(second, str):
        raise NoAnswer("neither is better")
    wins = one if (first < second) == (direction == "low") else other
    return str(wins), abs(Fraction(first) - Fraction(second))


def _steps(
    case: Case, traces: dict[Any, Any], numbers: dict[Any, Any], right: tuple[str, Fraction]
) -> tuple[Step, ...]:
    steps: list[Step] = []
    for value, trace in traces.items():
        solution = case.asked.steps(trace)
        steps.append(Step(f"Under {value}: {solution[-1].says}", solution[-1].rule, numbers[value], str(value)))
    steps.append(Step(f"{right[0]} is better by {right[1]}.", "compare the two", right))
    return tuple(steps)


def _asks(field: str, measure: Measure, one: Any, other: Any) -> str:
    what = in_words(measure.name)
    few, many = ("fewer", "more") if is_counted(what) else ("the lower", "the higher")
    better = few if measure.better == "low" else many
    return f"Which {which(field)} gives {better} {what}, {one} or {other}, and by how much?"
