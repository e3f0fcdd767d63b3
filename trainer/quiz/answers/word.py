"""How are yes or no, and one word of several, read? In any case; `y` and `n` will do."""

import re
from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.tokens import bounded, find, quoted

_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


class YesNoAnswer(NamedTuple):
    """Yes or no."""

    unit: str = ""
    kind: str = "yes-no"

    def read(self, text: str) -> bool:
        value = _YES.get(bounded(text).casefold())
        if value is None:
            raise Unreadable(f"expected yes or no, got {quoted(text)}")
        return value

    def write(self, value: bool) -> str:
        return "yes" if value else "no"

    def same(self, right: bool, given: bool) -> bool:
        return right is given

    @property
    def example(self) -> str:
        return "yes"

    @property
    def words(self) -> tuple[str, ...]:
        return ("yes", "no")

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None


class WordAnswer(NamedTuple):
    """One of `choices`."""

    choices: tuple[str, ...]
    unit: str = ""
    kind: str = "word"

    def read(self, text: str) -> str:
        text = bounded(text)
        known = find(text, self.choices) or find(re.sub(r"[\s_]+", "-", text), self.choices)
        if known is None:
            raise Unreadable(f"expected one of {' '.join(self.choices)}, got {quoted(text)}")
        return known

    def write(self, value: str) -> str:
        return value

    def same(self, right: str, given: str) -> bool:
        return right == given

    @property
    def example(self) -> str:
        return " or ".join(self.choices[:6])

    @property
    def words(self) -> tuple[str, ...]:
        return self.choices

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None
