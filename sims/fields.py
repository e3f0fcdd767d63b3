"""What may a scenario say, and how is a wrong one refused?

A scenario is a frozen dataclass made by `@record`. Each field is declared once, by `whole`, `word`, `name`,
`flag`, `many`, `one`, `maybe` or `custom`: its type, unit, limits, default and one line of help. From that
declaration come the checks, the messages, the help page, the schema and the JSON form.

    @record
    class Scenario:
        frames: int = whole(1, 64, unit="frames", help="physical frames, all empty at the start")

    Scenario(frames=0)   ->  Invalid: frames: must be 1 to 64, got 0
    make(Scenario, {"frames": 3})  ->  Scenario(frames=3)

A value is taken the same way whether it comes from Python, from JSON or from a text file: `Text` marks a scalar
whose type the file does not say, so that the field decides it. All bad fields are named at once.
"""

import dataclasses
import functools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeVar, cast, dataclass_transform, runtime_checkable

R = TypeVar("R")
REQUIRED: Any = dataclasses.MISSING
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,15}")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
HEX = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
EXACT = re.compile(r"[+-]?[0-9]+(/[0-9]+|(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?)|[+-]?\.[0-9]+")
MOST_FAULTS = 1_000  # bad items of one list that are named, so that a list of a million has a message that can be read


class Text(str):
    """A scalar of a text file: `no`, `010` and `12` stay text until the field says what they are."""

    __slots__ = ()


class Fault(NamedTuple):
    """One thing that is wrong with a scenario."""

    where: str  # the path of the field: processes.2.burst; empty for the whole scenario
    message: str  # what was expected and what was there

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def under(self, prefix: str) -> "Fault":
        """The same fault seen from the record that holds this one."""
        return Fault(f"{prefix}.{self.where}" if self.where else prefix, self.message)


class Invalid(ValueError):
    """A scenario that cannot be built; `faults` names every bad field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


def refuse(message: str) -> Invalid:
    """An Invalid about the value itself; who holds the value adds the path."""
    return Invalid([Fault("", message)])


@runtime_checkable
class Kind(Protocol):
    """What a field accepts."""

    def take(self, raw: Any) -> Any:
        """The value for `raw`. Raises Invalid."""
        ...

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        ...

    def describe(self) -> str:
        """What is accepted, in a few words: `1 to 64`, `fcfs | rr`."""
        ...


def shown(raw: Any) -> str:
    """The refused value as a message quotes it: short, and never with control characters."""
    text = repr(str(raw)) if isinstance(raw, str) else repr(raw)
    return text if len(text) <= 40 else text[:36] + "…" + text[-1]


class Whole(NamedTuple):
    """A whole number from low to high."""

    low: int
    high: int

    def take(self, raw: Any) -> int:
        if type(raw) is int:
            value = raw
        elif isinstance(raw, Text) and WHOLE.fullmatch(raw):
            value = int(raw)
        elif isinstance(raw, str) and HEX.fullmatch(raw):
            value = int(raw, 16)
        else:
            raise refuse(f"must be a whole number from {self.low} to {self.high}, got {shown(raw)}")
        if not self.low <= value <= self.high:
            raise refuse(f"must be {self.low} to {self.high}, got {shown(value)}")
        return value

    def plain(self, value: int) -> int:
        return value

    def describe(self) -> str:
        return f"{self.low} to {self.high}"


class Ratio(NamedTuple):
    """An exact number from low to high: 3, 0.25 or "1/4"; never a float inside."""

    low: Fraction
    high: Fraction

    def take(self, raw: Any) -> Fraction:
        try:
            text = (
                "" if isinstance(raw, bool) or not isinstance(raw, int | float | str | Fraction) else str(raw).strip()
            )
            value = Fraction(text) if len(text) <= 40 and EXACT.fullmatch(text) else None  # 1e99999999 fills the memory
        except (ValueError, ZeroDivisionError):
            value, text = None, ""
        if value is None:
            raise refuse(f"must be a number from {self.low} to {self.high}, got {shown(raw)}")
        if not self.low <= value <= self.high:
            raise refuse(f"must be {self.low} to {self.high}, got {text}")
        return value

    def plain(self, value: Fraction) -> int | str:
        return int(value) if value.denominator == 1 else str(value)

    def describe(self) -> str:
        return f"{self.low} to {self.high}, exact: 3, 0.25 or 1/4"


class Word(NamedTuple):
    """One of these words."""

    words: tuple[str, ...]

    def take(self, raw: Any) -> str:
        if not isinstance(raw, str) or raw not in self.words:
            raise refuse(f"expected one of {' '.join(self.words)}, got {shown(raw)}{nearest(raw, self.words)}")
        return str(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return " | ".join(self.words)


class Name(NamedTuple):
    """A short name: a letter, then letters, digits, `_`, `.` or `-`; 16 characters at most."""

    def take(self, raw: Any) -> str:
        if not isinstance(raw, str) or not NAME.fullmatch(raw):
            raise refuse(f"must be a short name such as P1 or disk-a, got {shown(raw)}")
        return str(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return "a short name"


class Flag(NamedTuple):
    """True or false."""

    def take(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, Text) and raw in ("true", "false"):
            return raw == "true"
        raise refuse(f"must be true or false, got {shown(raw)}")

    def plain(self, value: bool) -> bool:
        return value

    def describe(self) -> str:
        return "true | false"


class Many(NamedTuple):
    """A list of low to high items. `named` gives records without a name one: P0, P1, …; names are unique."""

    item: Kind
    low: int
    high: int
    named: str = ""

    def take(self, raw: Any) -> tuple[Any, ...]:
        if isinstance(raw, str | Mapping) or not isinstance(raw, Iterable):
            raise refuse(f"must be a list, got {shown(raw)}")
        items = list(raw) if not isinstance(raw, Sequence) else raw
        if not self.low <= len(items) <= self.high:
            raise refuse(f"must hold {self.low} to {self.high} items, got {len(items)}")
        if type(self.item) is Whole:  # the long lists: checked in one pass, item by item only to name the bad ones
            low, high = self.item.low, self.item.high
            if all(type(item) is int and low <= item <= high for item in items):
                return tuple(items)
        values, faults = [], []
        for index, item in enumerate(items):
            if self.named and isinstance(item, Mapping) and "name" not in item:
                item = {**item, "name": f"{self.named}{index}"}  # noqa: PLW2901 — the item with its default name
            try:
                values.append(self.item.take(item))
            except Invalid as invalid:
                faults += [fault.under(str(index)) for fault in invalid.faults]
                if len(faults) > MOST_FAULTS:
                    faults.append(Fault("", f"holds more that is wrong behind item {index}"))
                    break
        if self.named and not faults:
            faults += _repeated(values)
        if faults:
            raise Invalid(faults)
        return tuple(values)

    def plain(self, value: tuple[Any, ...]) -> list[Any]:
        return [self.item.plain(item) for item in value]

    def describe(self) -> str:
        return f"list of {self.low} to {self.high}: {self.item.describe()}"


def _repeated(values: Iterable[Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value.name in seen:
            yield Fault(f"{index}.name", f"{value.name} names two items; give each its own name")
        seen.add(value.name)


class One(NamedTuple):
    """A record inside a record."""

    type: type[Any]

    def take(self, raw: Any) -> Any:
        return raw if isinstance(raw, self.type) else make(self.type, raw)

    def plain(self, value: Any) -> Any:
        return plain(value)

    def describe(self) -> str:
        return "{" + ", ".join(spec.name for spec in specs(self.type) if not spec.hidden) + "}"


class Maybe(NamedTuple):
    """A value, or none (`null` in JSON, `none` in text)."""

    kind: Kind

    def take(self, raw: Any) -> Any:
        absent = raw is None or (isinstance(raw, Text) and raw == "none")
        return None if absent else self.kind.take(raw)

    def plain(self, value: Any) -> Any:
        return None if value is None else self.kind.plain(value)

    def describe(self) -> str:
        return f"{self.kind.describe()}, or none"


class Spec(NamedTuple):
    """One field of a record, as declared."""

    name: str
    kind: Kind
    default: Any  # REQUIRED where there is none
    help: str  # one line
    unit: str = ""  # ticks, frames, pages, …
    hidden: bool = False  # set by mistakes only: never read from input, never written


class _Declared(NamedTuple):
    kind: Kind
    help: str
    unit: str
    hidden: bool


def custom(kind: Kind, *, help: str, default: Any = REQUIRED, unit: str = "", hidden: bool = False) -> Any:  # noqa: A002 — the declaration reads best with this word
    """A field of a kind of its own."""
    return dataclasses.field(default=default, metadata={"declared": _Declared(kind, help, unit, hidden)})


def whole(low: int, high: int, *, help: str, default: Any = REQUIRED, unit: str = "") -> Any:  # noqa: A002 — as above
    """A field that holds a whole number from low to high."""
    return custom(Whole(low, high), help=help, default=default, unit=unit)


def ratio(low: Any, high: Any, *, help: str, default: Any = REQUIRED, unit: str = "") -> Any:  # noqa: A002 — as above
    """A field that holds an exact number (a Fraction) from low to high."""
    return custom(Ratio(Fraction(low), Fraction(high)), help=help, default=default, unit=unit)


def word(*words: str, help: str, default: Any = REQUIRED) -> Any:  # noqa: A002 — as above
    """A field that holds one of these words."""
    return custom(Word(words), help=help, default=default)


def name(*, help: str = "short name", default: Any = REQUIRED) -> Any:  # noqa: A002 — as above
    """A field that holds a short name."""
    return custom(Name(), help=help, default=default)


def flag(*, help: str, default: Any = False) -> Any:  # noqa: A002 — as above
    """A field that is true or false."""
    return custom(Flag(), help=help, default=default)


def many(
    item: Kind | type[Any],
    *,
    help: str,  # noqa: A002 — as above
    low: int = 0,
    high: int,
    default: Any = REQUIRED,
    named: str = "",
    unit: str = "",
) -> Any:
    """A field that holds a tuple of low to high items, each of a Kind or a record."""
    kind = One(item) if isinstance(item, type) else item
    return custom(Many(kind, low, high, named), help=help, default=default, unit=unit)


def one(type_: type[Any], *, help: str, default: Any = REQUIRED) -> Any:  # noqa: A002 — as above
    """A field that holds another record."""
    return custom(One(type_), help=help, default=default)


def maybe(kind: Kind | type[Any], *, help: str, default: Any = None, unit: str = "") -> Any:  # noqa: A002 — as above
    """A field that may be absent."""
    return custom(Maybe(One(kind) if isinstance(kind, type) else kind), help=help, default=default, unit=unit)


def misrule(*words: str) -> Any:
    """The hidden field by which a rule mistake makes the same simulator err. Empty: the textbook's rule."""
    return custom(Word(("", *words)), help="a mistaken rule; only mistakes set it", default="", hidden=True)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(whole, ratio, word, name, flag, many, one, maybe, custom, misrule),
)
def record(cls: type[R]) -> type[R]:
    """Make `cls` a frozen dataclass whose every field is checked, all faults told at once, when it is built.

    `cls` may define `prepare(raw: dict) -> dict` (a staticmethod: put a short form into the full one) and
    `faults(self) -> Iterable[Fault]` (what single fields cannot know; called only when each field is fine).
    """
    cls.__post_init__ = _take_all  # type: ignore[attr-defined]
    return dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)


def specs(type_: type[Any]) -> tuple[Spec, ...]:
    """The declared fields of a record, in order."""
    return _specs(cast("Hashable", type_))


@functools.cache
def _specs(type_: Any) -> tuple[Spec, ...]:
    return tuple(
        Spec(f.name, d.kind, f.default, d.help, d.unit, d.hidden)
        for f in dataclasses.fields(type_)
        for d in [f.metadata["declared"]]
    )


def _take_all(self: Any) -> None:
    faults: list[Fault] = []
    for spec in specs(type(self)):
        try:
            raw = getattr(self, spec.name)
            value = spec.kind.take(raw)
            if value is not raw:
                object.__setattr__(self, spec.name, value)
        except Invalid as invalid:
            faults += [fault.under(spec.name) for fault in invalid.faults]
    if not faults and hasattr(self, "faults"):
        faults += self.faults()
    if faults:
        raise Invalid(faults)


def make(type_: type[R], raw: Any) -> R:
    """A record from a mapping, with defaults filled in. Raises Invalid with every fault: unknown and missing
    fields, then bad values."""
    if not isinstance(raw, Mapping):
        raise refuse(f"must be a mapping of fields, got {shown(raw)}")
    raw = dict(raw)
    prepare = getattr(type_, "prepare", None)
    if prepare is not None:
        raw = prepare(raw)
    known = {spec.name: spec for spec in specs(type_) if not spec.hidden}
    faults = [
        Fault(shown(str(key))[1:-1], f"unknown field; expected one of {' '.join(known)}{nearest(key, known)}")
        for key in raw
        if key not in known
    ]
    faults += [
        Fault(key, f"is missing; expected {spec.kind.describe()}")
        for key, spec in known.items()
        if spec.default is REQUIRED and key not in raw
    ]
    given = {key: value for key, value in raw.items() if key in known}
    if not faults:
        return type_(**given)
    for key, value in given.items():
        try:
            known[key].kind.take(value)
        except Invalid as invalid:
            faults += [fault.under(key) for fault in invalid.faults]
    raise Invalid(faults)


def nearest(raw: Any, words: Iterable[str]) -> str:
    """` Did you mean 'x'?` where a known word is close, else nothing."""
    import difflib  # noqa: PLC0415 — only an error needs it, and a start must not pay for it

    close = difflib.get_close_matches(str(raw)[:40], list(words), 1, 0.6)
    return f". Did you mean {close[0]!r}?" if close else ""


def plain(value: Any) -> Any:
    """Any value of a scenario or trace as JSON has it: fractions "p/q", sets sorted, records as maps."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items() if item is not None}
    if dataclasses.is_dataclass(value):
        return _plain_record(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value, key=lambda item: (str(type(item)), item))]
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    msg = f"no JSON form for {type(value).__name__}"
    raise TypeError(msg)


def _plain_record(value: Any) -> dict[str, Any]:
    fields = dataclasses.fields(value)
    if fields and "declared" not in fields[0].metadata:
        return {f.name: plain(getattr(value, f.name)) for f in fields if getattr(value, f.name) is not None}
    return {spec.name: spec.kind.plain(getattr(value, spec.name)) for spec in specs(type(value)) if not spec.hidden}


Pick = Callable[[str, int, int], int]  # (path, low, high): a whole number, low and high included
