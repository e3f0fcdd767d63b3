"""How is "which is better, and by how much" read? The better one, then the difference: `rr 4`, `rr by 17/3`."""

from fractions import Fraction
from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.number import NumberAnswer
from trainer.quiz.answers.tokens import bounded, find, quoted


class ComparisonAnswer(NamedTuple):
    """One of two, and the difference between them."""

    choices: tuple[str, str]
    unit: str = ""
    kind: str = "comparison"

    def read(self, text: str) -> tuple[str, Fraction | int]:
        first, _, rest = bounded(text).replace(",", " ", 1).partition(" ")
        known = find(first.rstrip(":="), self.choices)
        if known is None:
            raise Unreadable(f"expected {' or '.join(self.choices)} first, got {quoted(first)}")
        rest = rest.strip().removeprefix("by ").strip()
        if not rest:
            raise Unreadable(f"expected the difference after {known}: {self.example}")
        return known, NumberAnswer(self.unit).number(rest)

    def write(self, value: tuple[str, Any]) -> str:
        return f"{value[0]} by {value[1]}"

    def same(self, right: tuple[str, Any], given: tuple[str, Any]) -> bool:
        return right[0] == given[0] and NumberAnswer(self.unit).same(right[1], given[1])

    def apart(self, right: tuple[str, Any], other: tuple[str, Any]) -> bool:
        """Whether no typed answer could be taken for both."""
        return right[0] != other[0] or NumberAnswer(self.unit).apart(right[1], other[1])

    @property
    def example(self) -> str:
        return f"{self.choices[1]} by 4"

    @property
    def words(self) -> tuple[str, ...]:
        return self.choices

    def parts(self, right: tuple[str, Any], given: tuple[str, Any]) -> tuple[int, str] | None:
        if right[0] != given[0]:
            return 0, f"{right[0]} is better, not {given[0]}"
        return 1, f"the difference is {right[1]}, not {given[1]}"
