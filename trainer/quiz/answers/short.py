"""How is a short answer judged? By its listed synonyms; case, blanks, articles and marks at the ends do not matter.

A number is the same number however it is written: 40,100 is 40100, 7.50 % is 7.5 %. Its unit is one of those listed.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Any, NamedTuple

from trainer.quiz.answers.number import bare_number
from trainer.quiz.answers.tokens import bounded

_ARTICLES = r"^(the|a|an|its|it is|it's)\s+"
_MEASURED = re.compile(r"([+-]?\d(?:[\d.,' ]*\d)?) ?([^\d.,' ].*)?")


def folded(text: str) -> str:
    """What is left when the form does not matter."""
    text = unicodedata.normalize("NFKC", text).casefold().strip(" \t\n.,;:!?\"'`()")
    return re.sub(_ARTICLES, "", re.sub(r"[\s_\-]+", " ", text))


def measured(text: str) -> tuple[Fraction, str] | None:
    """The number and the unit of `92 ms`; None where the text does not begin with a decimal number."""
    match = _MEASURED.fullmatch(folded(text))
    value = bare_number(match[1]) if match else None
    return None if match is None or value is None else (value, match[2] or "")


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
        accepted = folded(given) in mine or (measured(given) or "") in set(map(measured, self.accept))
        return accepted if folded(right) in mine else not accepted and self._same_number(right, given)

    def _same_number(self, right: str, given: str) -> bool:
        """Whether both are one number, the given one in a unit that the question has."""
        one, other = measured(right), measured(given)
        if one is None or other is None or one[0] != other[0]:
            return False
        units = {found[1] for found in map(measured, self.accept) if found}
        return other[1] == one[1] or (not one[1] and other[1] in units)

    @property
    def numeric(self) -> bool:
        """Whether a number is wanted."""
        return (found := measured(self.accept[0])) is not None and not found[1]

    @property
    def example(self) -> str:
        return "12" if self.numeric else "a word or a few"

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None
