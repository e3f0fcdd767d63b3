"""What has been read from a range? Frozen values, from which quiz draws.

    2..4         Span(2, 4)                  fcfs | sjf      OneOf((Fixed("fcfs"), Fixed("sjf")))
    {count: 3, arrival: 0..9 sorted}         Listed(Fixed(3), {"arrival": Ranged(Span(0, 9), sorted=True)})

The grammar is read by trainer.bank.ranges.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple


class Fixed(NamedTuple):
    """Always this: an int, bool, None or Fraction where the field says so, else a `Text` that the field reads."""

    value: Any


class Span(NamedTuple):
    """low, low + step, … up to high. Fractions only in a field that holds them."""

    low: int | Fraction
    high: int | Fraction
    step: int | Fraction = 1

    @property
    def size(self) -> int:
        """How many values there are."""
        return int((self.high - self.low) // self.step) + 1

    def at(self, index: int) -> int | Fraction:
        """The value number `index`, from 0."""
        return self.low + index * self.step


class OneOf(NamedTuple):
    """One of these, each as likely as the next."""

    values: "tuple[Range, ...]"


class Ranged(NamedTuple):
    """What each item of a drawn list holds, or holds in one field, and how the items go together."""

    range: "Part"
    distinct: bool = False  # no two items equal
    sorted: bool = False  # ascending over the list
    first: Any = None  # what the first item holds (as Fixed.value); None: drawn like the rest
    unlike_last: bool = False  # never equal to the item before


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A drawn list: `count` items, each a record of ranges or one range."""

    count: "Range"
    items: "Mapping[str, Ranged] | Ranged"
    named: str = ""  # "P": the records have a name that content leaves open: P1, P2, …


class Nested(NamedTuple):
    """A record: a range for each field that content mentions."""

    fields: "Mapping[str, Part]"


class Explicit(NamedTuple):
    """A list written out, item by item."""

    items: "tuple[Part, ...]"


Range = Fixed | Span | OneOf
Part = Fixed | Span | OneOf | Listed | Nested | Explicit


class Asked(NamedTuple):
    """What a skill asks: a measure, and a range for each argument. `any` draws a name from the scenario's names."""

    measure: str
    arguments: Mapping[str, Range]


def size(range_: Range) -> int:
    """How many different values can be drawn (equal alternatives are counted twice)."""
    if isinstance(range_, Span):
        return range_.size
    return sum(map(size, range_.values)) if isinstance(range_, OneOf) else 1


def values(range_: Range) -> Iterator[Any]:
    """Every value that can be drawn, in the order in which content gives them."""
    if isinstance(range_, Fixed):
        yield range_.value
    elif isinstance(range_, Span):
        yield from (range_.at(index) for index in range(range_.size))
    else:
        for each in range_.values:
            yield from values(each)


def ends(range_: Range) -> Iterator[Any]:
    """The least and greatest value of every part: enough to hold a range against limits, however long it is."""
    if isinstance(range_, Fixed):
        yield range_.value
    elif isinstance(range_, Span):
        yield from (range_.low, range_.at(range_.size - 1))
    else:
        for each in range_.values:
            yield from ends(each)


def holds(range_: Range, value: Any) -> bool:
    """Whether the value can be drawn."""
    if isinstance(range_, Fixed):
        return bool(range_.value == value)
    if isinstance(range_, OneOf):
        return any(holds(each, value) for each in range_.values)
    known = isinstance(value, int | Fraction)
    return known and range_.low <= value <= range_.high and (value - range_.low) % range_.step == 0


def merged(scenario: Mapping[str, Any], level: Mapping[str, Any]) -> dict[str, Any]:
    """A level's scenario: merged map by map; a list or a scalar replaces what was there."""
    result = dict(scenario)
    for key, value in level.items():
        below = result.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]  # `both` says below is one
    return result
