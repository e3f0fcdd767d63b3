"""Flaw: this run has gone wrong; which is its first wrong step?

Content names rule mistakes (`flaw: [fcfs-instead]`); the run under one of them is shown, step by step. The right
answer is the first step that the rule forbids. Who holds another mistake for the rule points at another step.
"""

from typing import Any

from sims.declare import Invalid, Limit, NoAnswer, Step
from trainer.model import Misconception, Option
from trainer.quiz.answers.options import ChoiceAnswer
from trainer.quiz.forms.draft import Case, Draft, traced

FEWEST, MOST = 3, 24  # steps shown


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where the mistake does not show, or the run is too short or too long to read."""
    simulator = case.asked.simulator
    named = list(case.option("flaw") or ())
    id_ = str(named[case.pick("flaw", 0, len(named) - 1)])
    trace = traced(case.asked, case.scenario)
    wrong = _under(case, id_)
    first = parting(wrong, trace)
    if first is None or not FEWEST <= len(wrong.events) <= MOST:
        raise NoAnswer("the mistake does not show here")
    assert case.skill.simulated is not None
    mistakes = []
    for other in case.skill.simulated.mistakes:
        if other == id_:
            continue
        held = simulator.mistake(other)
        at = _points_at(case, other, wrong) if held.rule else None
        if at is not None and at != first:
            says = case.skill.simulated.say.get(other, held.says)
            mistakes.append(Misconception(other, at + 1, f"you take this for the rule: {held.clause}", says))
    told = simulator.bare or simulator.tell  # the reason would give the broken rule away
    options = tuple(Option(told(wrong, n).removeprefix(f"{n + 1}. ")) for n in range(len(wrong.events)))
    return Draft(
        scenario=case.scenario,
        trace=trace,
        right=first + 1,
        answer=ChoiceAnswer(len(options)),
        asks="One rule is broken in this run. Which is the first wrong step?",
        mistakes=tuple(mistakes),
        lost=0,  # chosen for its mistakes, an instance would betray its answer, as asked backward
        options=options,
        steps=lambda: _steps(case, trace, wrong, first, id_),
        shown=wrong,
    )


def _under(case: Case, id_: str) -> Any:
    """The trace under the mistaken rule. Raises NoAnswer."""
    rule = case.asked.simulator.mistake(id_).rule
    if rule is None:
        raise NoAnswer(f"{id_} is no rule")
    try:
        return case.asked.simulator.run(rule(case.scenario))
    except (Invalid, Limit) as error:
        raise NoAnswer(str(error)) from None


def parting(one: Any, other: Any) -> int | None:
    """The first event of `one` that `other` does not have at that place; None where there is none."""
    pairs = enumerate(zip(one.events, other.events, strict=False))
    index = next((n for n, (mine, theirs) in pairs if mine != theirs), None)
    if index is None and len(one.events) > len(other.events):
        return len(other.events)
    return index


def _points_at(case: Case, id_: str, wrong: Any) -> int | None:
    try:
        return parting(wrong, _under(case, id_))
    except NoAnswer:
        return None


def _steps(case: Case, trace: Any, wrong: Any, first: int, id_: str) -> tuple[Step, ...]:
    simulator = case.asked.simulator
    mistake = simulator.mistake(id_)
    rule = case.skill.simulated.say.get(id_, mistake.says) if case.skill.simulated else mistake.says
    steps = [Step(f"Step {n + 1} is as it should be.", "check each step against the rule", n + 1) for n in range(first)]
    instead = simulator.tell(trace, first) if first < len(trace.events) else "The run is over by then."
    told = f"Step {first + 1} is wrong: {simulator.tell(wrong, first)}"
    says = f"{told} It should be: {instead} In this run {mistake.clause}."
    return (*steps[-3:], Step(says, rule, first + 1, None, first))
