"""How does a skill become a question? Drawn from its own streams, until the answers tell each other apart.

    draw(skill, level=1, seed=7)  ->  Question round-robin.waiting@1/1#7

A random instance is a poor diagnostic one: the mistaken rule often gives the right number. So a candidate is drawn,
the right answer and every mistake's answer computed, and the candidate kept only if they differ; at the limit of
tries the best one is kept: first, that no mistake gives the right answer; then, that the mistakes differ.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sims.declare import Invalid, Limit, Mistake, NoAnswer
from sims.listed import simulator as simulator_named
from trainer.bank.ranges import merged
from trainer.model import Question, QuestionName, Skill, Unreadable
from trainer.quiz import hints
from trainer.quiz.asked import asked
from trainer.quiz.forms.draft import Asked, Case, Draft, filled, kind_for, mistaken, near
from trainer.quiz.forms.listed import form
from trainer.quiz.sample import sampler
from trainer.quiz.stream import picker

MOST_TRIES = 120
MOST_SEED = 2**32 - 1


class CannotDraw(Exception):
    """No instance of this skill could be made within the limit of tries."""


def draw(skill: Skill, level: int = 1, seed: int = 0, most: int = MOST_TRIES) -> Question:
    """The question of that name; the same one on every machine. Raises CannotDraw."""
    name = QuestionName(skill.id, skill.revision, level, seed)
    if skill.authored is None:
        return _simulated(skill, name, most)
    from trainer.quiz.authored import authored  # noqa: PLC0415 — the first question may need none of it

    return authored(skill, name)


# ── simulated ───────────────────────────────────────────────────────────────────────────────────────────────────


def _simulated(skill: Skill, name: QuestionName, most: int) -> Question:
    best: tuple[tuple[int, int], Draft, int] | None = None
    drafted = drafter(skill, name)
    tries = 0
    for attempt in range(most):
        tries = attempt + 1
        draft = drafted(attempt)
        if draft is None:
            continue
        score = (draft.lost, _collisions(draft))
        if best is None or score < best[0]:
            best = (score, draft, attempt)
        if score == (0, 0):
            break
    if best is None:
        raise CannotDraw(f"{name}: no instance in {most} tries")
    return _question(skill, name, best[1], tries)


def drafter(skill: Skill, name: QuestionName) -> Callable[[int], Draft | None]:
    """attempt -> the candidate of that try; None where this try makes none."""
    asks = skill.simulated
    assert asks is not None
    declared = simulator_named(asks.simulator)
    ranges = merged(asks.scenario, asks.levels.get(name.level, {}))
    sample, ask_form = sampler(declared, asks.recipe, ranges), form(asks.form)

    def drafted(attempt: int) -> Draft | None:
        pick = picker(name, attempt)
        try:
            scenario = sample(pick)
            return ask_form(Case(skill, asked(declared, asks.ask, scenario, pick), scenario, pick, ranges))
        except (Invalid, NoAnswer, Limit):
            return None

    return drafted


def _collisions(draft: Draft) -> int:
    """How many pairs of mistakes give the same answer."""
    values = [one.value for one in draft.mistakes]
    return sum(near(draft.answer, one, other) for n, one in enumerate(values) for other in values[:n])


def _question(skill: Skill, name: QuestionName, draft: Draft, tries: int) -> Question:
    assert skill.simulated is not None
    steps = draft.steps()
    words = _fields(draft.scenario)
    return Question(
        name=name,
        title=skill.title,
        text=filled(skill.text, words).strip(),
        asks=filled(draft.asks, words),
        conventions=_conventions(skill, draft),
        answer=draft.answer,
        right=draft.right,
        mistakes=draft.mistakes,
        hints=skill.hints or hints.from_steps(steps),
        steps=steps,
        options=draft.options,
        simulator=skill.simulated.simulator,
        measure=skill.simulated.ask.split()[0],
        scenario=draft.scenario,
        hidden=draft.hidden,
        shown=draft.shown,
        trace=draft.trace,
        accepts=draft.accepts,
        follows=draft.follows,
        pairs=draft.pairs,
        tries=tries,
    )


def _fields(scenario: Any) -> Mapping[str, Any]:
    return {one.name: getattr(scenario, one.name) for one in dataclasses.fields(scenario)}


def _conventions(skill: Skill, draft: Draft) -> tuple[str, ...]:
    """A sentence for each rule that textbooks disagree on and that would change what is asked, listed or not."""
    asks = skill.simulated
    assert asks is not None
    declared = simulator_named(asks.simulator)
    told = [
        mistake.states(scenario)
        for mistake in declared.mistakes
        if mistake.convention and mistake.states is not None
        for scenario, trace in draft.traces
        if _matters(mistake, asked(declared, asks.ask, scenario, _first), trace, steps=asks.form == "flaw")
    ]
    return tuple(dict.fromkeys(told))


def _matters(mistake: Mistake, asking: Asked, trace: Any, *, steps: bool) -> bool:
    """Whether the other rule changes the measure here, or, where steps are asked for, the run."""
    if not mistake.applies_to(asking.measure.name):
        return False
    found = mistaken(mistake, asking, trace)
    if found is None:
        return False
    value, other = found
    if steps and other is not None and other.events != trace.events:
        return True
    right = asking.of(trace)
    return not near(kind_for(asking, trace.scenario, right), right, value)


def _first(_path: str, low: int, _high: int) -> int:
    return low


__all__ = ["CannotDraw", "Unreadable", "drafter", "draw"]
