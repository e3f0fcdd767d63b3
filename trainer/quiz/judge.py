"""Is the answer right; and if not, which mistakes give exactly this, and where does it part from the trace?

For one number we say "this is what you get if …", never "you believe …": several mistakes may fit, and a slip can
look like a misconception. All that fit are kept.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sims.listed import simulator as simulator_named
from trainer.model import Divergence, Misconception, Question, Response, Verdict
from trainer.quiz.carried import slips, told
from trainer.quiz.forms.pairs import BETWEEN

FIRST_CELL = "The first wrong cell"  # of a table that no mistake gives as a whole


def read(question: Question, text: str) -> Response:
    """The answer that `text` means. Raises Unreadable."""
    return Response(text, question.answer.read(text))


def judge(question: Question, response: Response) -> Verdict:
    """What we think of a readable answer."""
    given = response.value
    if _right(question, given):
        return Verdict(right=True, says="Right.")
    whole = _fits(question.mistakes, question, given) or _fits(question.pairs(), question, given)
    found = whole or _begins(question, given)
    says = _says(question, found, question.answer.write(given) if whole else FIRST_CELL)
    slipped = () if whole else slips(question, given)
    return Verdict(
        right=False,
        mistakes=tuple(dict.fromkeys(id_ for one in found if not one.convention for id_ in one.id.split(BETWEEN))),
        conventions=tuple(one.id for one in found if one.convention),
        diverges_at=_divergence(question, whole, given),
        says="\n".join(filter(None, (_counted(question, given) if whole else told(question, given, slipped), says))),
        slips=slipped,
    )


def _counted(question: Question, given: Any) -> str:
    """How many cells of a table are right and which is the first wrong one, in a sentence; empty for other answers."""
    if not hasattr(question.answer, "first_wrong"):
        return ""
    parts = question.answer.parts(question.right, given)
    return f"{parts[1]}." if parts else ""


def fits(question: Question, given: Any) -> list[Misconception]:
    """The mistakes that give this; of a table also those that give its first wrong cell. Not the pairs of mistakes."""
    return _fits(question.mistakes, question, given) or _begins(question, given)


def _fits(mistakes: Iterable[Misconception], question: Question, given: Any) -> list[Misconception]:
    return [one for one in mistakes if question.answer.same(one.value, given)]


def _begins(question: Question, given: Any) -> list[Misconception]:
    """The mistakes whose table goes wrong first in the same cell, with the same value; none for other answers."""
    first_wrong = getattr(question.answer, "first_wrong", None)
    if first_wrong is None or question.accepts is not None:
        return []
    wrong = first_wrong(question.right, given)
    return [one for one in question.mistakes if first_wrong(question.right, one.value) == wrong]


def answer_text(question: Question) -> str:
    """The right answer as a learner would type it."""
    return question.answer.write(question.right)


def _right(question: Question, given: Any) -> bool:
    if question.accepts is not None:
        return bool(question.accepts(given))
    return question.answer.same(question.right, given)


def _says(question: Question, fits: Sequence[Misconception], shown: str) -> str:
    """The diagnosis in sentences; `shown`: what the mistakes give, the answer or a part of it."""
    sentences = []
    for one in fits:
        if one.convention:
            sentences.append(f"{shown} is right under the other rule, where {one.clause}. {one.says}")
        elif question.simulator:
            sentences.append(f"{shown} is what you get if {one.clause}. {one.says}")
        else:
            sentences.append(one.says)
    return "\n".join(sentences)


def _divergence(question: Question, fits: Sequence[Misconception], given: Any) -> Divergence | None:
    for one in fits:
        found = _in_trace(question, one) if one.trace is not None else _in_solution(question, one, given)
        if found is not None:
            return found
    if fits or not question.simulator:
        return None
    parts = question.answer.parts(question.right, given)
    return None if parts is None or question.accepts is not None else Divergence("answer", *parts)


def _in_trace(question: Question, fit: Misconception) -> Divergence | None:
    """The first event where the trace under the mistaken rule differs."""
    right, wrong = question.trace.events, fit.trace.events
    index = next((n for n, (one, other) in enumerate(zip(right, wrong, strict=False)) if one != other), None)
    if index is None:
        index = min(len(right), len(wrong))
        if index == len(right):
            return None
    return Divergence("trace", index, simulator_named(question.simulator).tell(question.trace, index))


def _in_solution(question: Question, fit: Misconception, given: Any) -> Divergence | None:
    """The first step of the worked solution that the mistaken one does differently, or whose element is wrong."""
    for index, (step, other) in enumerate(zip(question.steps, fit.steps, strict=False)):
        if step.value != other.value:
            return Divergence("solution", index, step.says)
    wrong = _wrong_keys(question, given)
    for index, step in enumerate(question.steps):
        if step.key is not None and step.key in wrong:
            return Divergence("solution", index, step.says)
    return None


def _wrong_keys(question: Question, given: Any) -> set[Any]:
    """The elements of the answer that are wrong: names of a map, indices of a sequence."""
    right = question.right
    if isinstance(right, dict) and isinstance(given, dict):
        return {name for name in right if right[name] != given.get(name)}
    if isinstance(right, tuple | str) and isinstance(given, tuple | str):
        longest = max(len(right), len(given))
        return {n for n in range(longest) if right[n : n + 1] != given[n : n + 1]}
    return set()
