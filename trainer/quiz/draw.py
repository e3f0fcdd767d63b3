"""How does a skill become a question? Drawn from its own streams, until the answers tell each other apart.

    draw(skill, level=1, seed=7)  ->  Question round-robin.waiting@1/1#7

A random instance is a poor diagnostic one: the mistaken rule often gives the right number. So a candidate is drawn,
the right answer and every mistake's answer computed, and the candidate kept only if they differ; at the limit of
tries the best one is kept: first, that no mistake gives the right answer; then, that the mistakes differ.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from string import ascii_uppercase
from typing import Any

from sims.declare import Invalid, Limit, Mistake, NoAnswer
from sims.evidence.listed import evidence
from sims.listed import simulator as simulator_named
from trainer.bank.ranges import merged
from trainer.model import Authored, Misconception, Option, Part, Question, QuestionName, Skill, Unreadable, replace
from trainer.quiz import hints
from trainer.quiz.answers.options import ChoiceAnswer, ChoicesAnswer, OrderAnswer
from trainer.quiz.answers.parts import PartsAnswer
from trainer.quiz.answers.short import ShortAnswer
from trainer.quiz.asked import asked
from trainer.quiz.forms.draft import Asked, Case, Draft, filled, kind_for, mistaken, near
from trainer.quiz.forms.listed import form
from trainer.quiz.sample import sampler
from trainer.quiz.stream import Pick, picker, shuffled

MOST_TRIES = 120
MOST_SEED = 2**32 - 1


class CannotDraw(Exception):
    """No instance of this skill could be made within the limit of tries."""


def draw(skill: Skill, level: int = 1, seed: int = 0, most: int = MOST_TRIES) -> Question:
    """The question of that name; the same one on every machine. Raises CannotDraw."""
    name = QuestionName(skill.id, skill.revision, level, seed)
    return _authored(skill, name) if skill.authored else _simulated(skill, name, most)


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


# ── authored ────────────────────────────────────────────────────────────────────────────────────────────────────


def _authored(skill: Skill, name: QuestionName) -> Question:
    assert skill.authored is not None
    pick = picker(name)
    skill = _with_evidence(skill, pick)
    written = skill.authored
    assert written is not None
    question = _AUTHORED[written.answer](skill, written, name, pick)
    return replace(
        question, hints=written.hints or skill.hints, explanation=written.explanation.strip(), measure=written.answer
    )


def _with_evidence(skill: Skill, pick: Pick) -> Skill:
    """The skill with the numbers of its incident drawn and filled in, everywhere it names them."""
    written = skill.authored
    if written is None or not written.evidence:
        return skill
    numbers = evidence(written.evidence).make(lambda path, low, high: pick(f"evidence.{path}", low, high))

    def told(options: Iterable[Option]) -> tuple[Option, ...]:
        return tuple(Option(filled(one.text, numbers), one.right, filled(one.why, numbers)) for one in options)

    return replace(
        skill,
        text=filled(skill.text, numbers),
        authored=replace(
            written,
            options=told(written.options),
            wrong=told(written.wrong),
            accept=tuple(filled(one, numbers) for one in written.accept),
            parts=tuple(Part(filled(one.ask, numbers), told(one.options)) for one in written.parts),
            explanation=filled(written.explanation, numbers),
            hints=tuple(filled(one, numbers) for one in written.hints),
        ),
    )


def _base(skill: Skill, name: QuestionName, asks: str, answer: Any, right: Any, **rest: Any) -> Question:
    text = skill.text.strip()
    return Question(
        name=name, title=skill.title, text=text, asks=asks, conventions=(), answer=answer, right=right, **rest
    )


def _choice(skill: Skill, written: Authored, name: QuestionName, pick: Pick) -> Question:
    options = tuple(written.options[index] for index in shuffled(len(written.options), pick, "options"))
    numbers = frozenset(number for number, option in enumerate(options, 1) if option.right)
    wrong = [(number, option) for number, option in enumerate(options, 1) if not option.right]
    if written.answer == "choice":
        mistakes = tuple(_believed(number, number, option) for number, option in wrong)
        return _base(
            skill, name, "Which one?", ChoiceAnswer(len(options)), min(numbers), options=options, mistakes=mistakes
        )
    mistakes = tuple(_believed(frozenset({*numbers, number}), number, option) for number, option in wrong)
    asks = "Which of these? All that are right."
    return _base(skill, name, asks, ChoicesAnswer(len(options)), numbers, options=options, mistakes=mistakes)


def _believed(value: Any, number: int, option: Option) -> Misconception:
    return Misconception(f"option-{number}", value, f"you take option {number} for right", option.why)


def _order(skill: Skill, written: Authored, name: QuestionName, pick: Pick) -> Question:
    count = len(written.options)
    order = shuffled(count, pick, "options")
    if order == sorted(order) and count > 1:
        order = [*order[1:], order[0]]  # an order that is shown solved asks nothing
    options = tuple(written.options[index] for index in order)
    right = tuple(order.index(index) + 1 for index in range(count))
    return _base(skill, name, "In which order?", OrderAnswer(count), right, options=options)


def _short(skill: Skill, written: Authored, name: QuestionName, _pick: Pick) -> Question:
    answer = ShortAnswer(written.accept)
    mistakes = tuple(
        Misconception(f"wrong-{number}", option.text, f"you answer {option.text!r}", option.why)
        for number, option in enumerate(written.wrong, 1)
    )
    return _base(skill, name, "In a word or a few:", answer, written.accept[0], mistakes=mistakes)


def _parts(skill: Skill, written: Authored, name: QuestionName, pick: Pick) -> Question:
    """Several choices under one text; each part's options shuffled by themselves."""
    blocks, right, mistakes = [], {}, []
    for index, part in enumerate(written.parts):
        label = ascii_uppercase[index]
        options = [part.options[n] for n in shuffled(len(part.options), pick, f"parts.{index}")]
        listed = "\n".join(f"   {number}. {option.text}" for number, option in enumerate(options, 1))
        blocks.append(f"{label}. {part.ask}\n{listed}")
        for number, option in enumerate(options, 1):
            if option.right:
                right[label] = number
            else:
                says = f"{label}{number}: {option.why}"
                mistakes.append(Misconception(f"{label}{number}", {label: number}, f"you take {option.text!r}", says))
    answer = PartsAnswer(tuple(len(part.options) for part in written.parts))
    text = "\n\n".join([skill.text.strip(), *blocks])
    asks = f"One number for each of {' '.join(answer.labels)}:"
    return Question(
        name=name, title=skill.title, text=text, asks=asks, conventions=(), answer=answer, right=right,
        mistakes=tuple(mistakes),
    )  # fmt: skip


def _free(skill: Skill, written: Authored, name: QuestionName, _pick: Pick) -> Question:
    from trainer.quiz.answers.free import FreeAnswer  # noqa: PLC0415 — few questions need it

    right = " ".join(point.text.strip() for point in written.points)
    return _base(skill, name, "In your own words:", FreeAnswer(written.points), right)


_AUTHORED: dict[str, Callable[[Skill, Authored, QuestionName, Pick], Question]] = {
    "choice": _choice,
    "choices": _choice,
    "order": _order,
    "short": _short,
    "parts": _parts,
    "free": _free,
}

__all__ = ["CannotDraw", "Unreadable", "drafter", "draw"]
