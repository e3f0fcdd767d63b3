"""How are numbered options chosen and put in order? By their numbers, `2`, `1 3`, `3 1 2`, or letters `b`."""

from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.tokens import bounded, cut, quoted


def _numbers(text: str, count: int) -> list[int]:
    pieces = cut(bounded(text).replace(".", " "))
    numbers = []
    for piece in pieces:
        number = int(piece) if piece.isascii() and piece.isdigit() and len(piece) < 4 else _letter(piece)
        if not 1 <= number <= count:
            raise Unreadable(f"expected numbers from 1 to {count}, got {quoted(piece)}")
        numbers.append(number)
    if len(set(numbers)) != len(numbers):
        raise Unreadable("a number is given twice")
    return numbers


def _letter(piece: str) -> int:
    return ord(piece.lower()) - ord("a") + 1 if len(piece) == 1 and piece.isascii() and piece.isalpha() else 0


class ChoiceAnswer(NamedTuple):
    """The number of one option, from 1."""

    size: int
    unit: str = ""
    kind: str = "choice"

    def read(self, text: str) -> int:
        numbers = _numbers(text, self.size)
        if len(numbers) != 1:
            raise Unreadable(f"expected one number from 1 to {self.size}; got {len(numbers)}")
        return numbers[0]

    def write(self, value: int) -> str:
        return str(value)

    def same(self, right: int, given: int) -> bool:
        return right == given

    @property
    def example(self) -> str:
        return "2"

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None


class ChoicesAnswer(NamedTuple):
    """The numbers of all options that are right."""

    size: int
    unit: str = ""
    kind: str = "choices"

    def read(self, text: str) -> frozenset[int]:
        if text.strip().casefold() == "none":
            return frozenset()
        return frozenset(_numbers(text, self.size))

    def write(self, value: frozenset[int]) -> str:
        return " ".join(map(str, sorted(value))) or "none"

    def same(self, right: frozenset[int], given: frozenset[int]) -> bool:
        return right == given

    @property
    def example(self) -> str:
        return "1 3 (all that are right)"

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, right: frozenset[int], given: frozenset[int]) -> tuple[int, str] | None:
        for number in range(1, self.size + 1):
            if (number in right) != (number in given):
                return number - 1, f"option {number} is {'right' if number in right else 'not right'}"
        return None


class OrderAnswer(NamedTuple):
    """All items by their numbers, in order."""

    size: int
    unit: str = ""
    kind: str = "order"

    def read(self, text: str) -> tuple[int, ...]:
        numbers = _numbers(text, self.size)
        if len(numbers) != self.size:
            raise Unreadable(f"expected all {self.size} numbers, each once; got {len(numbers)}")
        return tuple(numbers)

    def write(self, value: tuple[int, ...]) -> str:
        return " ".join(map(str, value))

    def same(self, right: tuple[int, ...], given: tuple[int, ...]) -> bool:
        return right == given

    @property
    def example(self) -> str:
        return " ".join(map(str, [*range(2, self.size + 1), 1]))

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, right: tuple[int, ...], given: tuple[int, ...]) -> tuple[int, str] | None:
        for index, (one, other) in enumerate(zip(right, given, strict=True)):
            if one != other:
                return index, f"place {index + 1}: item {one}, not item {other}"
        return None
