"""How is a free answer read? As it is: a few sentences. Its writer marks it, point by point; nothing here does."""

from typing import Any, NamedTuple

from trainer.model import Point
from trainer.quiz.answers.tokens import bounded


class FreeAnswer(NamedTuple):
    """A few sentences that should speak of `points`."""

    points: tuple[Point, ...]
    unit: str = ""
    kind: str = "free"

    def read(self, text: str) -> str:
        return bounded(text)

    def write(self, value: str) -> str:
        return " ".join(value.split())

    def same(self, right: str, given: str) -> bool:
        """Whether every point is found in it. No verdict hangs on this: what is not found may yet be said."""
        from trainer.quiz.points import FOUND, found  # noqa: PLC0415 — not before the first question

        return self.write(right) == self.write(given) or all(found(point, given) == FOUND for point in self.points)

    def goes_on(self, _typed: str) -> bool:
        """Whether further lines may follow those typed so far."""
        return True

    @property
    def example(self) -> str:
        return "two or three sentences"

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None
