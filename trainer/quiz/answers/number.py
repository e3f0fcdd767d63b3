"""How is a number read and judged? `5.33`, `16/3`, `5 1/3`, `1,024`, `0x1f40`, `1.5 KiB`, `3e6`, `25 %`.

Whole numbers are judged exactly. Any other number is right to two decimals, rounded or cut off; below 1, to two
significant digits.
"""

import re
from fractions import Fraction
from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.tokens import bounded, find, quoted

MOST = 10**30  # a number of more digits is no answer
_HEX = r"([+-]?)0[xX]([0-9a-fA-F_]{1,25})"
_MIXED = r"([+-]?)(\d{1,15})\s+(\d{1,15})\s*/\s*(\d{1,15})"
_RATIO = r"([+-]?\d{1,30})\s*/\s*(\d{1,30})"
_THOUSANDS = r"[+-]?\d{1,3}([,'_  ]\d{3})+(\.\d+)?"
_COMMA = r"[+-]?\d{1,15},(\d{1,2}|\d{4,15})"
_PLAIN = r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?"
_UNIT = r"(.*?[0-9a-fA-F.])\s*(%|[A-Za-zµ]+(?:/[A-Za-z]+)?)"

_SCALES: tuple[dict[str, Fraction], ...] = (
    {"ns": Fraction(1), "us": Fraction(1000), "µs": Fraction(1000), "ms": Fraction(10**6), "s": Fraction(10**9)},
    {
        "bit": Fraction(1, 8), "bits": Fraction(1, 8), "b": Fraction(1), "byte": Fraction(1), "bytes": Fraction(1),
        "kib": Fraction(2**10), "mib": Fraction(2**20), "gib": Fraction(2**30), "tib": Fraction(2**40),
        "kb": Fraction(10**3), "mb": Fraction(10**6), "gb": Fraction(10**9), "tb": Fraction(10**12),
    },
)  # fmt: skip


class NumberAnswer(NamedTuple):
    """One number, with its unit; or one of `others` where there is no number."""

    unit: str = ""
    base: int = 10
    others: tuple[str, ...] = ()
    exact: bool = True  # the right answer is whole
    kind: str = "number"

    def read(self, text: str) -> Any:
        text = bounded(text)
        word = find(text, self.others)
        return word if word is not None else self.number(text)

    def number(self, text: str) -> int | Fraction:
        """The number that `text` means, in the question's unit. Raises Unreadable."""
        bare = bare_number(text)
        if bare is not None:
            return _whole(bare)
        match = _fits(_UNIT, text)
        value = bare_number(match[1]) if match else None
        if match is None or value is None:
            others = f" or {' '.join(self.others)}" if self.others else ""
            raise Unreadable(f"expected a number{others}, got {quoted(text)}")
        return _bounded(value * self.scale(match[2]))

    def scale(self, unit: str) -> Fraction:
        """How many of the question's units one typed unit is. Raises Unreadable where they do not fit."""
        if unit in ("%", "percent") and self.unit in ("%", ""):
            return Fraction(1) if self.unit else Fraction(1, 100)
        if _singular(unit) == _singular(self.unit):
            return Fraction(1)
        for scale in _SCALES:
            if unit.lower() in scale and self.unit.lower() in scale:
                return scale[unit.lower()] / scale[self.unit.lower()]
        raise Unreadable(
            f"the answer is in {self.unit}, not {quoted(unit)}" if self.unit else f"no unit {quoted(unit)} here"
        )

    def write(self, value: Any) -> str:
        if self.base == 16 and isinstance(value, int):
            return hex(value)
        return str(value)

    def same(self, right: Any, given: Any) -> bool:
        if isinstance(right, str) or isinstance(given, str):
            return bool(right == given)
        return abs(Fraction(right) - Fraction(given)) < tolerance(right) or right == given

    def apart(self, right: Any, other: Any) -> bool:
        """Whether no typed number could be taken for both: twice the tolerance and one unit of the last digit."""
        if isinstance(right, str) or isinstance(other, str):
            return bool(right != other)
        return abs(Fraction(right) - Fraction(other)) >= 3 * max(tolerance(right), tolerance(other)) and right != other

    @property
    def example(self) -> str:
        if self.others:
            return f"{'0x1f40' if self.base == 16 else '42'}, or {self.others[0]}"
        if self.base == 16:
            return "0x1f40"
        return "12" if self.exact else "5.33 or 16/3"

    @property
    def words(self) -> tuple[str, ...]:
        return self.others

    def parts(self, _right: Any, _given: Any) -> tuple[int, str] | None:
        return None


def _fits(pattern: str, text: str) -> re.Match[str] | None:
    """A match of the whole text; compiled when first used, so that a start does not pay for it."""
    return re.fullmatch(pattern, text, re.ASCII)


def bare_number(text: str) -> Fraction | None:
    """The value of a number without a unit; None if it is none, or has so many digits that it could not be written and
    read again."""
    value = _value(text)
    return None if value is None or max(abs(value.numerator), value.denominator) >= MOST else value


def _value(text: str) -> Fraction | None:
    text = text.strip().replace("−", "-")
    if match := _fits(_HEX, text):
        digits = match[2].replace("_", "")
        return Fraction((-1 if match[1] == "-" else 1) * int(digits, 16)) if digits else None
    if match := _fits(_MIXED, text):
        return _ratio(int(match[2]) * int(match[4]) + int(match[3]), match[4], match[1])
    if match := _fits(_RATIO, text):
        return _ratio(int(match[1]), match[2])
    if _fits(_THOUSANDS, text):
        return Fraction(re.sub(r"[,'_  ]", "", text))
    if _fits(_COMMA, text):
        return Fraction(text.replace(",", "."))
    return Fraction(text) if _fits(_PLAIN, text) else None


def _ratio(top: int, below: str, sign: str = "") -> Fraction:
    if int(below) == 0:
        raise Unreadable("a fraction cannot be divided by 0")
    return Fraction(-top if sign == "-" else top, int(below))


def _bounded(value: Fraction) -> int | Fraction:
    """The number, an int where it is whole. Raises Unreadable for one that could not be written and read again."""
    if max(abs(value.numerator), value.denominator) >= MOST:
        raise Unreadable("that number has more than 30 digits")
    return _whole(value)


def _whole(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _singular(unit: str) -> str:
    return unit.casefold().removesuffix("s")


def tolerance(right: int | Fraction) -> Fraction:
    """How near a typed number must come: 0 for whole numbers, one unit of the last digit asked for otherwise."""
    right = Fraction(right)
    if right.denominator == 1:
        return Fraction(0)
    unit = Fraction(1, 100)
    while abs(right) < 10 * unit:
        unit /= 10
    return unit
