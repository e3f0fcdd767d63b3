"""How does a question that a person wrote become concrete? Options are shuffled, the numbers of an incident drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from sims.evidence.listed import evidence
from trainer.model import Authored, Misconception, Option, Part, Question, QuestionName, Skill, replace
from trainer.quiz.answers.options import ChoiceAnswer, ChoicesAnswer, OrderAnswer
from trainer.quiz.answers.parts import PartsAnswer
from trainer.quiz.answers.short import ShortAnswer
from trainer.quiz.forms.draft import filled
from trainer.quiz.stream import Pick, picker, shuffled


def authored(skill: Skill, name: QuestionName) -> Question:
    """The question of that name: options shuffled, the numbers of an incident drawn."""
    assert skill.authored is not None
    pick = picker(name)
    skill = _with_evidence(skill, pick)
    written = skill.authored
    assert written is not None
    question = _AUTHORED[written.answer](skill, written, name, pick)
    return replace(
        question, hints=written.hints or skill.hints, explanation=written.explanation.strip(), measure=written.answer
    )


def drawn(name: str, pick: Pick) -> Mapping[str, Any]:
    """The numbers of an incident's evidence, by name."""
    return evidence(name).make(lambda path, low, high: pick(f"evidence.{path}", low, high))


def _with_evidence(skill: Skill, pick: Pick) -> Skill:
    """The skill with the numbers of its incident drawn and filled in, everywhere it names them."""
    written = skill.authored
    if written is None or not written.evidence:
        return skill
    numbers = drawn(written.evidence, pick)

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


def believed(skill: Skill, id_: str) -> str:
    """The text of the wrong option that a mistake with a number stands for; empty where there is no such text.

    `id_`: option-2, wrong-1, or B3, option 3 of the second part.
    """
    written, stem = skill.authored, id_.rstrip("0123456789")
    number = id_[len(stem) :]
    if written is None or written.evidence or not number:
        return ""
    part = ascii_uppercase.find(stem) if len(stem) == 1 else -1
    lists = {"option-": written.options, "wrong-": written.wrong}
    options = written.parts[part].options if 0 <= part < len(written.parts) else lists.get(stem, ())
    index = int(number) - 1
    return options[index].text if 0 <= index < len(options) and not options[index].right else ""


def _base(skill: Skill, name: QuestionName, asks: str, answer: Any, right: Any, **rest: Any) -> Question:
    text = skill.text.strip()
    return Question(
        name=name, title=skill.title, text=text, asks=asks, conventions=(), answer=answer, right=right, **rest
    )


def _choice(skill: Skill, written: Authored, name: QuestionName, pick: Pick) -> Question:
    order = shuffled(len(written.options), pick, "options")
    options = tuple(written.options[index] for index in order)
    numbers = frozenset(number for number, option in enumerate(options, 1) if option.right)
    wrong = [(number, index + 1) for number, index in enumerate(order, 1) if not written.options[index].right]
    if written.answer == "choice":
        mistakes = tuple(_believed(number, number, options, own) for number, own in wrong)
        return _base(
            skill, name, "Which one?", ChoiceAnswer(len(options)), min(numbers), options=options, mistakes=mistakes
        )
    mistakes = tuple(_believed(frozenset({*numbers, number}), number, options, own) for number, own in wrong)
    asks = "Which of these? All that are right."
    return _base(skill, name, asks, ChoicesAnswer(len(options)), numbers, options=options, mistakes=mistakes)


def _believed(value: Any, number: int, options: Sequence[Option], own: int) -> Misconception:
    """The option shown as `number`. Its id keeps its `own` number in the content, in whatever order it is shown."""
    return Misconception(f"option-{own}", value, f"you take option {number} for right", options[number - 1].why)


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
    asks = "In a number:" if answer.numeric else "In a word or a few:"
    return _base(skill, name, asks, answer, written.accept[0], mistakes=mistakes)


def _parts(skill: Skill, written: Authored, name: QuestionName, pick: Pick) -> Question:
    """Several choices under one text; each part's options shuffled by themselves."""
    blocks, right, mistakes = [], {}, []
    for index, part in enumerate(written.parts):
        label = ascii_uppercase[index]
        order = shuffled(len(part.options), pick, f"parts.{index}")
        options = [part.options[own] for own in order]
        listed = "\n".join(f"   {number}. {option.text}" for number, option in enumerate(options, 1))
        blocks.append(f"{label}. {part.ask}\n{listed}")
        for number, option in enumerate(options, 1):
            if option.right:
                right[label] = number
            else:
                says = f"{label}{number}: {option.why}"
                id_ = f"{label}{order[number - 1] + 1}"  # its own number, in whatever order it is shown
                mistakes.append(Misconception(id_, {label: number}, f"you take {option.text!r}", says))
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
