"""Forward: here is the scenario; what is the measure?"""

from trainer.model import replace
from trainer.quiz.forms.draft import Case, Draft, kind_for, misconceptions, steps_told, traced
from trainer.quiz.forms.pairs import pairs


def draft(case: Case) -> Draft:
    """One candidate. Raises NoAnswer where the measure has no value here."""
    asked = case.asked
    trace = traced(asked, case.scenario)
    right = asked.of(trace)
    options = steps_told(asked, trace, right)
    answer = kind_for(asked, case.scenario, right)
    answer = replace(answer, size=len(options)) if options else answer
    mistakes, lost = misconceptions(case.skill, asked, trace, answer, right)
    return Draft(
        scenario=case.scenario,
        trace=trace,
        right=right,
        answer=answer,
        asks=asked.asks,
        mistakes=tuple(mistakes),
        lost=lost,
        accepts=asked.accepts(trace),
        follows=asked.follows(trace),
        options=options,
        steps=lambda: asked.steps(trace),
        pairs=lambda: pairs(case.skill, asked, trace, answer, right),
    )
