"""In which forms may a right answer be typed? Every one of them must be accepted."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from trainer.model import AnswerKind, Question

Forms = Iterator[str]


def forms(question: Question) -> Forms:
    """The ways to type this question's right answer, its own written form first."""
    answer, right = question.answer, question.right
    yield answer.write(right)
    more = _MORE.get(answer.kind)
    if more is not None:
        yield from more(answer, right)


def _number(answer: AnswerKind, right: Any) -> Forms:
    if isinstance(right, str):
        yield right.upper()
        return
    unit = getattr(answer, "unit", "")
    if isinstance(right, Fraction) and right.denominator != 1:
        yield from _fraction(right)
    elif abs(right) >= 1000:
        yield f"{int(right):,}"
    else:
        yield f"{right}.0"
    if unit and unit != "%":
        yield f"{answer.write(right)} {unit}"


def _fraction(right: Fraction) -> Forms:
    whole, rest = divmod(abs(right), 1)
    if whole:
        yield f"{'-' if right < 0 else ''}{whole} {rest}"
    if abs(right) >= 1:
        yield f"{float(right):.2f}"
        yield f"{float(right):.6f}"
    else:
        yield f"{float(right):.2g}"


def _vector(answer: AnswerKind, right: Mapping[str, Any]) -> Forms:
    pieces = answer.write(right).split()
    names = tuple(right)
    if len(pieces) == len(names):
        yield ", ".join(pieces)
        named = [f"{name}={piece}" for name, piece in zip(_names(answer, names), pieces, strict=True)]
        yield " ".join(named)
        yield ", ".join(reversed(named))


def _names(answer: AnswerKind, names: tuple[str, ...]) -> tuple[str, ...]:
    given: tuple[str, ...] = getattr(answer, "names", names)
    return given


def _listed(answer: AnswerKind, right: Any) -> Forms:
    pieces = answer.write(right).split()
    if right:
        yield ", ".join(pieces)
        yield f"[{' '.join(pieces)}]"


def _set(answer: AnswerKind, right: Any) -> Forms:
    if right:
        yield " ".join(reversed(answer.write(right).split()))
    yield from _listed(answer, right)


def _table(answer: AnswerKind, right: Any) -> Forms:
    if right:
        yield answer.write(right).replace("; ", "\n")


def _hits(_answer: AnswerKind, right: str) -> Forms:
    yield right.lower()
    yield " ".join(right)
    yield " ".join("hit" if each == "H" else "miss" for each in right)


def _cased(answer: AnswerKind, right: Any) -> Forms:
    yield answer.write(right).upper()


def _choice(_answer: AnswerKind, right: int) -> Forms:
    yield chr(ord("a") + right - 1)
    yield f"{right}."


def _parts(answer: AnswerKind, right: Mapping[str, int]) -> Forms:
    named = [f"{label}{number}" for label, number in right.items()]
    yield " ".join(named)
    yield ", ".join(reversed(named)).lower()
    yield from _listed(answer, right)


def _short(answer: AnswerKind, _right: Any) -> Forms:
    accepted: tuple[str, ...] = getattr(answer, "accept", ())
    for text in accepted:
        yield text
        yield f"  {text.upper()} "


def _free(_answer: AnswerKind, right: str) -> Forms:
    yield f"  {right} "


_MORE: Mapping[str, Callable[[AnswerKind, Any], Forms]] = {
    "number": _number,
    "vector": _vector,
    "sequence": _listed,
    "set": _set,
    "table": _table,
    "hits": _hits,
    "yes-no": _cased,
    "word": _cased,
    "choice": _choice,
    "step": _choice,
    "choices": _listed,
    "order": _listed,
    "parts": _parts,
    "short": _short,
    "free": _free,
}
