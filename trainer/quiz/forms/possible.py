"""Possible: which of these outcomes can occur?

The measure gives a set of outcomes, or accepts several sequences. The options are some that can occur and some that a
mistake takes for possible; all that can occur are asked for.
"""

from collections.abc import Callable
from typing import Any

from sims.declare import NoAnswer, SequenceOf, SetOf, Step
from trainer.model import Misconception, Option
from trainer.quiz.answers.options import ChoicesAnswer
from trainer.quiz.forms.draft import Case, Draft, kind_for, mistaken, traced
from trainer.quiz.stream import shuffled

MOST = 6  # options


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where there is nothing impossible that anybody would take for possible."""
    asked = case.asked
    trace = traced(asked, case.scenario)
    right = asked.of(trace)
    kind = kind_for(asked, case.scenario, right)
    can = _test(case, trace, right)
    believed = _believed(case, trace)
    outcomes = _outcomes(case, right, believed, can)
    numbers = frozenset(n for n, one in enumerate(outcomes, 1) if can(one))
    if not numbers or len(numbers) == len(outcomes):
        raise NoAnswer("nothing to tell apart")
    mistakes, lost = [], 0
    assert case.skill.simulated is not None
    for id_, wrong in believed.items():
        taken = frozenset(n for n, one in enumerate(outcomes, 1) if one in wrong)
        if taken == numbers:
            lost += 1
            continue
        mistake = asked.simulator.mistake(id_)
        says = case.skill.simulated.say.get(id_, mistake.says)
        mistakes.append(Misconception(id_, taken, mistake.clause, says))
    told = [kind.write(one if isinstance(asked.measure.gives, SequenceOf) else frozenset({one})) for one in outcomes]
    return Draft(
        scenario=case.scenario,
        trace=trace,
        right=numbers,
        answer=ChoicesAnswer(len(outcomes)),
        asks="Which of these can occur? All that can.",
        mistakes=tuple(mistakes),
        lost=lost,
        options=tuple(Option(text, n in numbers) for n, text in enumerate(told, 1)),
        steps=lambda: _steps(case, trace, told, numbers),
    )


def _test(case: Case, trace: Any, right: Any) -> Callable[[Any], bool]:
    accepts = case.asked.accepts(trace)
    if isinstance(case.asked.measure.gives, SetOf):
        return lambda one: one in right
    if accepts is None:
        raise NoAnswer(f"{case.asked.measure.name} has no set of outcomes")
    return accepts


def _believed(case: Case, trace: Any) -> dict[str, frozenset[Any]]:
    """What each mistake takes for possible."""
    assert case.skill.simulated is not None
    found = {}
    for id_ in case.skill.simulated.mistakes:
        wrong = mistaken(case.asked.simulator.mistake(id_), case.asked, trace)
        if wrong is not None:
            value = wrong[0]
            found[id_] = frozenset({value}) if isinstance(case.asked.measure.gives, SequenceOf) else frozenset(value)
    return found


def _outcomes(case: Case, right: Any, believed: dict[str, frozenset[Any]], can: Callable[[Any], bool]) -> list[Any]:
    """Some that can occur and some that only a mistake allows, in a drawn order."""
    possible = {right} if isinstance(case.asked.measure.gives, SequenceOf) else set(right)
    if isinstance(case.asked.measure.gives, SequenceOf):
        others = [tuple(right[n] for n in shuffled(len(right), case.pick, "orders")) for _ in range(2 * MOST)]
        possible |= {one for one in others if can(one)}
        wrong = {one for one in others if not can(one)}
    else:
        wrong = set()
    wrong |= {one for values in believed.values() for one in values if not can(one)}
    yes = _some(sorted(possible, key=str), case, "yes", MOST - min(len(wrong), MOST // 2))
    no = _some(sorted(wrong, key=str), case, "no", MOST - len(yes))
    both = [*yes, *no]
    return [both[n] for n in shuffled(len(both), case.pick, "options")]


def _some(values: list[Any], case: Case, path: str, most: int) -> list[Any]:
    return [values[n] for n in shuffled(len(values), case.pick, path)][:most]


def _steps(case: Case, trace: Any, told: list[str], numbers: frozenset[int]) -> tuple[Step, ...]:
    rule = case.asked.measure.help
    judged = tuple(
        Step(f"{n}. {text}: {'can occur' if n in numbers else 'cannot occur'}.", rule, n in numbers, n)
        for n, text in enumerate(told, 1)
    )
    return (*case.asked.steps(trace)[:6], *judged)
