"""What may be drawn for each field of a scenario? The grammar of ranges, read into frozen values.

    quantum: 2..4                                  ->  Span(2, 4)
    policy: fcfs | sjf                             ->  OneOf((Fixed("fcfs"), Fixed("sjf")))
    processes: {count: 3, arrival: 0..9 sorted}    ->  Listed(Fixed(3), {"arrival": Ranged(Span(0, 9), sorted=True)})
    references: {count: 8..12, each: 0..5 unlike-last}
                                                   ->  Listed(Span(8, 12), Ranged(Span(0, 5), unlike_last=True))
    draws: [0..5, 7]                               ->  Explicit((Span(0, 5), Fixed(7)))

`parse` takes the plain form that content and the compiled cache hold (str, dict, list) and the record that the
simulator declares; each fault names the path of the field as content writes it: `processes.arrival`. Drawing from
these values is the business of `quiz`. docs/authoring.md explains the grammar to authors.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sims.fields import (
    REQUIRED,
    Fault,
    Flag,
    Invalid,
    Kind,
    Many,
    Maybe,
    Name,
    One,
    Ratio,
    Spec,
    Text,
    Whole,
    Word,
    nearest,
    shown,
    specs,
)
from trainer.bank.spans import (
    Asked,
    Explicit,
    Fixed,
    Listed,
    Nested,
    OneOf,
    Part,
    Range,
    Ranged,
    Span,
    ends,
    holds,
    merged,
    size,
    values,
)

__all__ = [
    "Asked",
    "Explicit",
    "Fixed",
    "Listed",
    "Nested",
    "OneOf",
    "Part",
    "Range",
    "Ranged",
    "Span",
    "ends",
    "merged",
    "parse",
    "parse_ask",
    "size",
    "values",
]

# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

_NUMBER = r"[+-]?(?:0[xX][0-9a-fA-F]{1,16}|[0-9]{1,18}(?:\.[0-9]{1,9}|/[0-9]{1,9})?)"
_SPAN = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s+step\s+({_NUMBER}))?")
_NUMERAL = re.compile(_NUMBER)
_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_OR = re.compile(r"(?:^|\s)\|(?=\s|$)")
_MODIFIER = re.compile(r"\s+(distinct|sorted|unlike-last|first\s+(\S+))$")
_ARGUMENT = re.compile(r"(?:^|\s)([A-Za-z][A-Za-z0-9_-]*)\s*=")
_HOW = "write LOW..HIGH, LOW..HIGH step N, or A | B | C"
Path = tuple[str, ...]


def parse(scenario: Mapping[str, Any], record_type: type[Any]) -> Nested:
    """The ranges of a scenario (of a recipe's parameters) over the fields that `record_type` declares.

    Raises: Invalid, with every fault and the path of its field.
    """
    reading = _Reading()
    nested = reading.record(scenario, record_type, ())
    if reading.faults:
        raise Invalid(reading.faults)
    return nested


def parse_ask(text: str) -> Asked:
    """`waiting`, `running-at t=3..9`, `share name=P1 | P2 from=0 to=4..9`. Raises: Invalid."""
    parts = _ARGUMENT.split(" " + text.strip())
    reading = _Reading()
    arguments = {
        key: reading.scalar(value.strip(), None, (key,)).range
        for key, value in zip(parts[1::2], parts[2::2], strict=True)
    }
    measure = parts[0].strip()
    if not measure or " " in measure:
        reading.fault((), f"must be a measure, then its arguments as name=value, got {shown(text)}")
    if len(arguments) < len(parts) // 2:
        reading.fault((), "gives an argument twice")
    if reading.faults:
        raise Invalid(reading.faults)
    return Asked(measure, {key: range_ for key, range_ in arguments.items() if isinstance(range_, Range)})


class _Reading:
    """One reading; collects the faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.short_forms = False  # the record around puts short forms into full ones: `0x3f80` for {address: 0x3f80}

    def fault(self, path: Path, message: str) -> None:
        self.faults.append(Fault(".".join(path), message))

    # records

    def record(self, raw: Any, type_: type[Any], path: Path, *, given: Sequence[str] = ()) -> Nested:
        """The ranges of a record; `given` are fields that somebody else fills in."""
        if not isinstance(raw, Mapping):
            self.fault(path, f"must be a mapping of fields, got {shown(raw)}")
            return Nested({})
        known = {spec.name: spec for spec in specs(type_) if not spec.hidden}
        before = len(self.faults)
        outside, self.short_forms = self.short_forms, self.short_forms or hasattr(type_, "prepare")
        fields = {
            key: self.part(value, known[key].kind if key in known else None, (*path, key)) for key, value in raw.items()
        }
        self.short_forms = outside
        if len(self.faults) == before:
            self.complete(Nested(fields), type_, known, path, given)
        return Nested(fields)

    def complete(
        self, nested: Nested, type_: type[Any], known: Mapping[str, Spec], path: Path, given: Sequence[str]
    ) -> None:
        """Unknown and missing fields, seen after the record's own `prepare` has put short forms into full ones."""
        sample = {**dict.fromkeys(given, "P1"), **_sample(nested)}
        prepare = getattr(type_, "prepare", None)
        if prepare is not None:
            try:
                sample = prepare(dict(sample))
            except Invalid:
                return  # what prepare thinks of this one sample is no fault of the ranges: drawing will tell
        unknown = [key for key in sample if key not in known]
        for key in unknown:
            self.fault((*path, key), f"unknown field; expected one of {' '.join(known)}{nearest(key, known)}")
        for key, spec in known.items():
            if spec.default is REQUIRED and key not in sample and not nearest(key, unknown):
                self.fault(path, f"{key} is missing; expected {spec.kind.describe()}")

    # parts

    def part(self, raw: Any, kind: Kind | None, path: Path) -> Part:
        """What content gives for one field."""
        if not isinstance(raw, Mapping | list | tuple):
            return self.alone(raw, kind, path)
        inner = kind.kind if isinstance(kind, Maybe) else kind
        if isinstance(inner, Whole | Ratio | Word | Name | Flag):
            was = "a mapping" if isinstance(raw, Mapping) else "a list"
            self.fault(path, f"must be {inner.describe()}, or a range of it; got {was}")
            return Fixed(None)
        if isinstance(raw, Mapping):
            return self.mapping(raw, inner, path)
        return self.explicit(raw, inner, path)

    def alone(self, raw: Any, kind: Kind | None, path: Path) -> Part:
        """A scalar outside a drawn list, where `distinct` and the like mean nothing."""
        ranged = self.scalar(_text(raw), kind, path)
        if ranged != Ranged(ranged.range):
            self.fault(path, "distinct, sorted, first and unlike-last belong to a list that is drawn with count")
        return ranged.range

    def mapping(self, raw: Mapping[str, Any], kind: Kind | None, path: Path) -> Part:
        if isinstance(kind, One):
            return self.record(raw, kind.type, path)
        if isinstance(kind, Many) or "count" in raw:
            return self.listed(raw, kind, path)
        return Nested({key: self.part(value, None, (*path, key)) for key, value in raw.items()})

    def explicit(self, raw: Sequence[Any], kind: Kind | None, path: Path) -> Explicit:
        item = kind.item if isinstance(kind, Many) else None
        if isinstance(kind, Many) and not kind.low <= len(raw) <= kind.high:
            self.fault(path, f"must hold {kind.low} to {kind.high} items, got {len(raw)}")
        named = ("name",) if isinstance(kind, Many) and kind.named else ()
        return Explicit(tuple(self.item(each, item, (*path, str(n)), named) for n, each in enumerate(raw)))

    def item(self, raw: Any, kind: Kind | None, path: Path, given: Sequence[str]) -> Part:
        if isinstance(kind, One) and (isinstance(raw, Mapping) or not self.short_forms):
            return self.record(raw, kind.type, path, given=given)
        return self.part(raw, None if isinstance(kind, One) else kind, path)

    # drawn lists

    def listed(self, raw: Mapping[str, Any], kind: Kind | None, path: Path) -> Part:
        low, high = (kind.low, kind.high) if isinstance(kind, Many) else (0, 1_000_000)
        if "count" not in raw:
            self.fault(path, "a drawn list needs count: {count: 3..5, …}; or write the list out: [ … ]")
            return Explicit(())
        count = self.alone(raw["count"], Whole(low, high), (*path, "count"))
        assert isinstance(count, Range)
        item = kind.item if isinstance(kind, Many) else None
        rest = {key: value for key, value in raw.items() if key != "count"}
        if "each" in rest or not rest:
            return Listed(count, self.each(rest, item, count, path))
        return self.records(rest, item, count, path)

    def each(self, rest: Mapping[str, Any], kind: Kind | None, count: Range, path: Path) -> Ranged:
        """A list of plain values."""
        for key in rest:
            if key != "each":
                self.fault((*path, key), "a list of plain values is {count: …, each: …}, and nothing else")
        if not rest:
            self.fault(path, "say what each item is: {count: …, each: 0..9}, or a range for each field of a record")
            return Ranged(Fixed(None))
        if isinstance(kind, One) and not self.short_forms:
            self.fault((*path, "each"), f"the items are records: give a range for each of {kind.describe()}")
            return Ranged(Fixed(None))
        return self.ranged(rest["each"], None if isinstance(kind, One) else kind, count, (*path, "each"))

    def records(self, rest: Mapping[str, Any], kind: Kind | None, count: Range, path: Path) -> Listed:
        """A list of records."""
        if isinstance(kind, Whole | Ratio | Word | Name | Flag | Many):
            self.fault(path, f"the items are plain values: write {{count: …, each: …}}; each is {kind.describe()}")
            return Listed(count, {})
        type_ = kind.type if isinstance(kind, One) else None
        known = {spec.name: spec for spec in specs(type_) if not spec.hidden} if type_ else {}
        before = len(self.faults)
        items = {
            key: self.ranged(value, known[key].kind if key in known else None, count, (*path, key))
            for key, value in rest.items()
        }
        named = "P" if "name" in known and "name" not in rest else ""
        if type_ and len(self.faults) == before:
            fields = Nested({key: ranged.range for key, ranged in items.items()})
            self.complete(fields, type_, known, path, ("name",) if named else ())
        return Listed(count, items, named)

    def ranged(self, raw: Any, kind: Kind | None, count: Range, path: Path) -> Ranged:
        """One field of the items of a drawn list."""
        if isinstance(raw, Mapping | list | tuple):
            return Ranged(self.part(raw, kind, path))
        ranged = self.scalar(_text(raw), kind, path)
        most = max((end for end in ends(count) if isinstance(end, int)), default=0)
        if ranged.distinct and isinstance(ranged.range, Range):
            apart = size(ranged.range) + (ranged.first is not None and not holds(ranged.range, ranged.first))
            if apart < most:
                message = f"{_text(raw)!r} has {apart} different values, but up to {most} items are drawn distinct"
                self.fault(path, message)
        return ranged

    # scalars

    def scalar(self, text: str, kind: Kind | None, path: Path) -> Ranged:
        """A range with what follows it: `0..9 distinct sorted first 0`."""
        flags: dict[str, Any] = {}
        while found := _MODIFIER.search(text):
            word = found[1].split()[0].replace("-", "_")
            if word in flags:
                self.fault(path, f"says {found[1].split()[0]} twice")
            flags[word] = self.fixed(found[2], kind, path).value if found[2] else True
            text = text[: found.start()]
        return Ranged(self.range(text.strip(), kind, path), **flags)

    def range(self, text: str, kind: Kind | None, path: Path) -> Range:
        inner = kind.kind if isinstance(kind, Maybe) else kind
        plain = isinstance(inner, Whole | Ratio | Word | Name)
        pieces = text.split("|") if plain else _OR.split(text)  # a program may hold `a || b`
        if len(pieces) == 1:
            return self.single(text, kind, path)
        if not all(piece.strip() for piece in pieces):
            self.fault(path, f"nothing stands on one side of | in {shown(text)}; {_HOW}")
            return Fixed(None)
        return OneOf(tuple(self.single(piece.strip(), kind, path) for piece in pieces))

    def single(self, text: str, kind: Kind | None, path: Path) -> Fixed | Span:
        inner = kind.kind if isinstance(kind, Maybe) else kind
        if found := _SPAN.fullmatch(text):
            if not isinstance(inner, Word | Name | Flag):
                return self.span(found, inner, path)
        elif ".." in text and isinstance(inner, Whole | Ratio):
            self.fault(path, f"is not a range: {shown(text)}; {_HOW}")
            return Fixed(None)
        return self.fixed(text, kind, path)

    def span(self, found: re.Match[str], kind: Kind | None, path: Path) -> Fixed | Span:
        exact = isinstance(kind, Ratio)
        low, high, step = (_number(each or "1", exact=exact) for each in found.groups())
        if low is None or high is None or step is None:
            self.fault(path, f"must be whole numbers: {shown(found[0])}")
        elif high < low or step <= 0:
            self.fault(path, f"is empty: {shown(found[0])}; {_HOW}, with LOW at most HIGH and N at least 1")
        elif exact and not found[3]:
            self.fault(path, f"needs a step, since the field holds exact numbers: {found[0]} step 1/4")
        else:
            span = Span(low, high, step)
            before = len(self.faults)
            self.taken(span.low, kind, path)
            if len(self.faults) == before:
                self.taken(span.at(span.size - 1), kind, path)
            return span
        return Fixed(None)

    def fixed(self, text: str, kind: Kind | None, path: Path) -> Fixed:
        """One value, checked by the field itself."""
        if isinstance(kind, Maybe) and text == "none":
            return Fixed(None)
        inner = kind.kind if isinstance(kind, Maybe) else kind
        if isinstance(inner, Whole | Ratio | Flag):
            return Fixed(self.taken(Text(text), inner, path))
        textual = isinstance(inner, Word | Name)
        value = int(text) if not textual and _CANONICAL.fullmatch(text) else Text(text)
        self.taken(value, inner, path)
        return Fixed(value)

    def taken(self, value: Any, kind: Kind | None, path: Path) -> Any:
        """The value as the field takes it; a fault and None where it does not."""
        if kind is None:
            return value
        try:
            return kind.take(value)
        except Invalid as invalid:
            self.faults += [fault.under(".".join(path)) for fault in invalid.faults]
            return None


def _text(raw: Any) -> str:
    """A scalar as content would write it; a caller may also give it as JSON does."""
    if raw is None or isinstance(raw, bool):
        return {None: "none", True: "true", False: "false"}[raw]
    return str(raw).strip()


def _number(text: str, *, exact: bool) -> int | Fraction | None:
    try:
        return Fraction(text) if exact and "x" not in text.lower() else int(text, 0 if "x" in text.lower() else 10)
    except (ValueError, ZeroDivisionError):
        return None


def _sample(part: Part | Ranged) -> Any:
    """One value that could be drawn, the lowest or first: enough to see which fields there are."""
    match part:
        case Fixed(value):
            return value
        case Span():
            return part.low
        case OneOf(values=choices):
            return _sample(choices[0])
        case Ranged(range=inner):
            return _sample(inner)
        case Nested(fields):
            return {key: _sample(value) for key, value in fields.items()}
        case Explicit(items):
            return [_sample(item) for item in items]
    assert isinstance(part, Listed)
    return _sample_list(part)


def _sample_list(part: Listed) -> list[Any]:
    if isinstance(part.items, Ranged):
        item = _sample(part.items)
    else:
        item = {key: _sample(value) for key, value in part.items.items()}
    name = {"name": "P1"} if part.named else {}
    return [{**name, **item} if name else item] * min(int(_sample(part.count) or 0), 100)
