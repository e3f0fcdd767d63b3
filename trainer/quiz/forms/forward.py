"""Forward: here is the scenario; what is the measure?"""

from typing import Any

from sims.declare import NoAnswer
from trainer.model import Skill
from trainer.quiz.forms.draft import Asked, Draft, kind_for, misconceptions
from trainer.quiz.stream import Pick


def draft(skill: Skill, asked: Asked, scenario: Any, _pick: Pick) -> Draft:
    """One candidate. Raises NoAnswer where the measure has no value here."""
    if not asked.measure.applies(scenario):
        raise NoAnswer(f"{asked.measure.name} cannot be asked of this scenario")
    trace = asked.simulator.run(scenario)
    if asked.measure.tied(trace, **asked.arguments):
        raise NoAnswer("a tie would decide the answer")
    right = asked.of(trace)
    answer = kind_for(asked, scenario, right)
    mistakes, lost = misconceptions(skill, asked, trace, answer, right)
    return Draft(
        scenario=scenario,
        trace=trace,
        right=right,
        answer=answer,
        asks=asked.asks,
        mistakes=tuple(mistakes),
        lost=lost,
        accepts=asked.accepts(trace),
        steps=lambda: asked.steps(trace),
    )
