"""How are names or numbers in order, or as a set, read? `A B C`, `<A, C, B>`, `A -> C`; nothing is `none`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.number import bare_number
from trainer.quiz.answers.tokens import bounded, count_of, cut, find, quoted

NONE = ("none", "empty", "-", "∅")


class _Elements(NamedTuple):
    """The elements that both kinds read: names of this question, or whole numbers."""

    noun: str
    names: tuple[str, ...] | None = None  # None: whole numbers

    def read(self, text: str) -> list[Any]:
        text = bounded(text)
        if text.casefold() in NONE or not cut(text):
            return []
        return [self.element(piece) for piece in cut(text)]

    def element(self, piece: str) -> Any:
        if self.names is not None:
            known = find(piece, self.names)
            if known is None:
                raise Unreadable(f"{quoted(piece)} is no {self.noun} here; expected some of {' '.join(self.names)}")
            return known
        value = bare_number(piece)
        if value is None or value.denominator != 1:
            raise Unreadable(f"expected whole numbers, got {quoted(piece)}")
        return value.numerator


class SequenceAnswer(NamedTuple):
    """Elements in order."""

    noun: str
    names: tuple[str, ...] | None = None
    unit: str = ""
    kind: str = "sequence"

    def read(self, text: str) -> tuple[Any, ...]:
        return tuple(_Elements(self.noun, self.names).read(text))

    def write(self, value: Iterable[Any]) -> str:
        return " ".join(map(str, value)) or "none"

    def same(self, right: Any, given: Any) -> bool:
        return tuple(right) == tuple(given)

    @property
    def example(self) -> str:
        return "3 1 2" if self.names is None else " ".join(sorted(self.names, reverse=True)[:4])

    @property
    def words(self) -> tuple[str, ...]:
        return self.names or ()

    def parts(self, right: Any, given: Any) -> tuple[int, str] | None:
        for index, (one, other) in enumerate(zip(right, given, strict=False)):
            if one != other:
                return index, f"element {index + 1}: {one}, not {other}"
        if len(right) != len(given):
            index = min(len(right), len(given))
            return index, f"{count_of(len(right), self.noun)} expected, got {len(given)}"
        return None


class SetAnswer(NamedTuple):
    """Elements in any order, each once."""

    noun: str
    names: tuple[str, ...] | None = None
    unit: str = ""
    kind: str = "set"

    def read(self, text: str) -> frozenset[Any]:
        elements = _Elements(self.noun, self.names).read(text)
        if len(set(elements)) != len(elements):
            raise Unreadable(f"a {self.noun} is named twice")
        return frozenset(elements)

    def write(self, value: Iterable[Any]) -> str:
        if self.names is None:
            return " ".join(map(str, sorted(value))) or "none"
        return " ".join(name for name in self.names if name in set(value)) or "none"

    def same(self, right: Any, given: Any) -> bool:
        return frozenset(right) == frozenset(given)

    @property
    def example(self) -> str:
        some = "1 3" if self.names is None else " ".join(self.names[:2])
        return f"{some}, or none"

    @property
    def words(self) -> tuple[str, ...]:
        return (*(self.names or ()), "none")

    def parts(self, right: Any, given: Any) -> tuple[int, str] | None:
        order = list(self.names) if self.names is not None else sorted({*right, *given})
        for index, name in enumerate(order):
            if (name in right) != (name in given):
                return index, f"{name} belongs to it" if name in right else f"{name} does not belong to it"
        return None
