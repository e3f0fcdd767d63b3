"""Counterfactual: here is a run; what would the measure be if one field were different?

Content gives the change (`change: {switch_cost: 1}`, a range of one field). A question is kept only if the change
makes a difference; who overlooks it gives the answer of the run as it was.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sims.declare import Invalid, NoAnswer
from trainer.bank.ranges import Range, parse
from trainer.model import Misconception
from trainer.quiz.forms.draft import Case, Draft, in_words, kind_for, misconceptions, near, spoken, traced, which
from trainer.quiz.forms.pairs import pairs
from trainer.quiz.sample import one

UNCHANGED = "change-overlooked"


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where the change makes no difference."""
    asked = case.asked
    field, value = _change(case)
    before = getattr(case.scenario, field)
    base = traced(asked, case.scenario)
    try:
        trace = traced(asked, replace(case.scenario, **{field: value}))
    except Invalid as invalid:
        raise NoAnswer(str(invalid)) from None
    was, right = asked.of(base), asked.of(trace)
    answer = kind_for(asked, trace.scenario, right)
    if value == before or near(answer, right, was):
        raise NoAnswer("the change makes no difference")
    mistakes, lost = misconceptions(case.skill, asked, trace, answer, right)
    says = "That is the run as it was; the question changes one thing."
    overlooked = Misconception(UNCHANGED, was, "nothing changes", says)
    said = f"As it stands: {in_words(asked.measure.name)} {answer.write(was)}."
    return Draft(
        scenario=case.scenario,
        trace=trace,
        right=right,
        answer=answer,
        asks=f"{said} Now let the {which(field)} be {spoken(value)} instead of {spoken(before)}. {asked.asks}",
        mistakes=(overlooked, *mistakes),
        lost=lost,
        accepts=asked.accepts(trace),
        steps=lambda: asked.steps(trace),
        pairs=lambda: pairs(case.skill, asked, trace, answer, right),
        beside=(base,),
    )


def _change(case: Case) -> tuple[str, Any]:
    change = case.option("change")
    assert isinstance(change, Mapping)
    (field, _), *_ = change.items()
    type_ = case.asked.simulator.kind_of(case.ranges)
    part = parse({**case.ranges, **change}, type_).fields[field]
    if not isinstance(part, Range):
        raise NoAnswer(f"{field} is no single value")
    return field, one(part, case.pick, f"change.{field}")
