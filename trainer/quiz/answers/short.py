"""How is a short answer judged? By its listed synonyms; case, blanks, articles and marks at the ends do not matter."""

import re
import unicodedata
from typing import Any, NamedTuple

from trainer.quiz.answers.tokens import bounded

_ARTICLES = r"^(the|a|an|its|it is|it's)\s+"


def folded(text: str) -> str:
    """What is left when the form does not matter."""
    text = unicodedata.normalize("NFKC", text).casefold().strip(" \t\n.,;:!?\"'`()")
    return re.sub(_ARTICLES, "", re.sub(r"[\s_\-]+", " ", text))


class ShortAnswer(NamedTuple):
    """One of the accepted texts; the first is the one that is shown."""

    accept: tuple[str, ...]
    unit: str = ""
    kind: str = "short"

    def read(self, text: str) -> str:
        return bounded(text)

    def write(self, value: str) -> str:
        return " ".join(value.split())

    def same(self, right: str, given: str) -> bool:
        if folded(right) == folded(given):
            return True
        mine = {folded(one) for one in self.accept}
        return folded(right) in mine and folded(given) in mine

    @property
    def example(self) -> str:
        return "a word or a few"

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None
