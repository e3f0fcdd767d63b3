"""Which answers do two mistakes at once give? A mistaken rule measured in a mistaken way, or two mistaken rules.

Looked at only when an answer fits no single mistake: pairs are many, and a chance hit is likelier than with one.
"""

from itertools import permutations
from typing import Any

from sims.declare import Invalid, Limit, Mistake, NoAnswer
from trainer.model import AnswerKind, Misconception, Skill
from trainer.quiz.forms.draft import Asked, agrees, near

BETWEEN = "+"  # divides the two ids


def pairs(skill: Skill, asked: Asked, trace: Any, answer: AnswerKind, right: Any) -> tuple[Misconception, ...]:
    """Each pair of this skill's mistakes that gives an answer of its own."""
    assert skill.simulated is not None
    declared = [asked.simulator.mistake(id_) for id_ in skill.simulated.mistakes]
    accepts = asked.accepts(trace)
    found: list[Misconception] = []
    for first, second in permutations(declared, 2):
        if first.rule is None or (second.rule is not None and first.id > second.id):
            continue
        value = _both(first, second, asked, trace)
        if (
            value is None
            or agrees(answer, right, value, accepts)
            or any(near(answer, one.value, value) for one in found)
        ):
            continue
        clause = f"{first.clause}, and {second.clause}"
        found.append(Misconception(f"{first.id}{BETWEEN}{second.id}", value, clause, f"{first.says} {second.says}"))
    return tuple(found)


def _both(first: Mistake, second: Mistake, asked: Asked, trace: Any) -> Any:
    """What the two give together; None where one of them does not show."""
    assert first.rule is not None
    try:
        scenario = first.rule(trace.scenario)
        if scenario == trace.scenario:
            return None
        if second.rule is not None:
            changed = second.rule(scenario)
            return None if changed == scenario else asked.of(asked.simulator.run(changed))
        measure = second.measures.get(asked.measure.name)
        return None if measure is None else measure(asked.simulator.run(scenario), **asked.arguments)
    except (NoAnswer, Invalid, Limit):
        return None
