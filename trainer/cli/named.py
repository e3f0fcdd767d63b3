"""How is a question found by its name? `skill@revision/level#seed`, as `ask` and every screen print it."""

import re
from typing import Any

from sims.fields import plain
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question, QuestionName, Skill
from trainer.quiz.draw import MOST_SEED, CannotDraw, draw

_NAME = re.compile(r"([a-z0-9][a-z0-9.\-]{0,79})@(\d{1,6})/(\d{1,2})#(\d{1,10})")


def parsed(text: str) -> QuestionName:
    """The name that `text` is. Raises Refusal."""
    match = _NAME.fullmatch(text)
    if match is None or int(match[4]) > MOST_SEED:
        message = f"expected a name such as round-robin.waiting@1/1#7, got {text[:80]!r}"
        raise Refusal(message, code="bad-name")
    return QuestionName(match[1], int(match[2]), int(match[3]), int(match[4]))


def question(world: World, text: str) -> Question:
    """The question of that name, drawn afresh. Raises Refusal where the bank has no such skill, revision or level."""
    name = parsed(text)
    skill = world.skill(name.skill)
    if skill.revision != name.revision:
        message = (
            f"the bank has revision {skill.revision} of {skill.id}, not {name.revision}; "
            "osdrill replay shows an older one if it is in your history"
        )
        raise Refusal(message, code="other-revision", where=text)
    return drawn(skill, name.level, name.seed)


def drawn(skill: Skill, level: int, seed: int) -> Question:
    """The question of that skill. Raises Refusal."""
    if level not in skill.levels:
        levels = " ".join(map(str, skill.levels))
        raise Refusal(f"{skill.id} has the levels {levels}, got {level}", code="no-level", where="level")
    if not 0 <= seed <= MOST_SEED:
        raise Refusal(f"a seed is 0 to {MOST_SEED}, got {seed}", code="bad-seed", where="seed")
    try:
        return draw(skill, level, seed)
    except CannotDraw as error:
        raise Refusal(str(error), code="cannot-draw", where=skill.id) from None


def as_asked(asked: Question) -> dict[str, Any]:
    """What the learner is shown, as JSON has it: a hidden field is absent, and there is no answer."""
    text = "\n\n".join(part for part in (asked.text, asked.asks) if part)
    result: dict[str, Any] = {
        "name": str(asked.name),
        "skill": asked.name.skill,
        "level": asked.name.level,
        "seed": asked.name.seed,
        "title": asked.title,
        "text": text,
        "conventions": list(asked.conventions),
        "answer": {"kind": asked.answer.kind, "example": asked.answer.example},
    }
    unit = getattr(asked.answer, "unit", "")
    if unit:
        result["answer"]["unit"] = unit
    if asked.options:
        result["options"] = [option.text for option in asked.options]
    if asked.scenario is not None:
        result["scenario"] = {key: value for key, value in plain(asked.scenario).items() if key not in asked.hidden}
    return result


def with_answer(asked: Question) -> dict[str, Any]:
    """The same with the right answer, the mistakes' answers, the explanation and the trace."""
    steps = "\n".join(step.says for step in asked.steps)
    return {
        **as_asked(asked),
        "answer_kind": asked.answer.kind,
        "answer": asked.answer.write(asked.right),
        "mistakes": {one.id: asked.answer.write(one.value) for one in asked.mistakes},
        "measure": asked.measure,
        "explanation": asked.explanation or steps,
        "trace": None if asked.trace is None else plain(asked.trace.events),
    }
