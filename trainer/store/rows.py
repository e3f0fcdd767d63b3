"""How is a review, an event or a card written as a row? The same both ways, to the last bit; with a digest over it.

The digest tells a row that is not what was written: SQLite itself keeps no checksums of its pages.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from trainer.model import Card, Rating, Review

FACTS = (
    "id", "order", "skill", "revision", "level", "seed", "topic", "concept", "kind", "outcome", "mistakes",
    "conventions", "hints", "grade", "at", "offset", "day", "taken_ms", "counts", "predicted",
)  # fmt: skip
SHOWN = ("scenario", "text", "answer", "response", "diverges_at")
EVENT = ("id", "order", "kind", "review", "skill", "at", "offset", "day")
REVIEW = Review._fields
CARD = Card._fields
assert {*FACTS, *SHOWN} == {*REVIEW}
OUTCOMES = ("right", "wrong", "gave-up")
GRADES = (1, 2, 3, 4)
EVENTS = ("withdraw", "suspend", "resume", "reset", "skip")
MOST = 2**62  # a column of SQLite holds twice that, and the next answer is kept after all others
FIRST_DAY, LAST_DAY = (one.toordinal() - date(1970, 1, 1).toordinal() for one in (date.min, date.max))
Row = TypeVar("Row")
_WORDS = (REVIEW.index("mistakes"), REVIEW.index("conventions"))
_COUNTS = REVIEW.index("counts")


def review_columns(shown: str = "shown") -> str:
    """The columns of a review from its two tables; what was shown is left empty where `shown` is empty."""
    return ", ".join(
        columns([name], "reviews") if name in FACTS else columns([name], shown) if shown else "''" for name in REVIEW
    )


def columns(names: Iterable[str], table: str = "") -> str:
    """The names as SQL has them."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{"ord" if name == "order" else name}"' for name in names)


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to the history that is not an answer. Append-only too."""

    id: str  # UUID
    kind: str  # withdraw (undo of a review) | suspend | resume | reset | skip (not today)
    skill: str
    at: str  # UTC instant
    offset: int  # minutes east of UTC
    day: int  # study day
    review: str | None = None  # withdraw: which one
    order: int = 0  # the store sets it


def clean(text: str) -> str:
    """Text that SQLite can hold: half surrogates, as a broken terminal sends them, become visible escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cleaned(review: Review, order: int) -> Review:
    """The review as it can be stored, in its place."""
    made = {name: _clean(getattr(review, name)) for name in (*FACTS, *SHOWN)}
    return Review(**{**made, "order": order, "predicted": float(review.predicted)})


def plain(review: Review) -> dict[str, Any]:
    """A review as JSON has it."""
    return {name: _plain(getattr(review, name)) for name in (*FACTS, *SHOWN)}


def from_plain(raw: dict[str, Any]) -> Review:
    """The review that `plain` wrote. Raises KeyError, TypeError or ValueError where it did not."""
    made = {name: raw[name] for name in (*FACTS, *SHOWN)}
    for name in ("mistakes", "conventions"):
        if not isinstance(made[name], list) or not all(isinstance(one, str) for one in made[name]):
            raise TypeError(f"{name}: expected a list of ids, got {str(made[name])[:40]!r}")
        made[name] = tuple(made[name])
    made["counts"], made["predicted"] = bool(made["counts"]), float(made["predicted"])
    if not -1 <= made["predicted"] <= 1:
        raise ValueError(f"predicted: expected a chance, got {made['predicted']}")
    _among("outcome", made["outcome"], OUTCOMES)
    _among("grade", made["grade"], GRADES)
    return _sound(Review(**made), Review.__annotations__)


def event_from_plain(raw: dict[str, Any]) -> "Event":
    """The event that `event_plain` wrote. Raises KeyError, TypeError or ValueError where it did not."""
    event = Event(**{name: raw[name] for name in EVENT})
    _among("kind", event.kind, EVENTS)
    if (event.kind == "withdraw") is not isinstance(event.review, str):
        raise ValueError("review: a withdrawal names the answer that it withdraws, nothing else does")
    return _sound(event, {name: type_ for name, type_ in Event.__annotations__.items() if name != "review"})


def _among(name: str, value: Any, known: Sequence[Any]) -> None:
    if value not in known:
        raise ValueError(f"{name}: expected one of {' '.join(map(str, known))}, got {str(value)[:40]!r}")


def _sound(row: Row, types: dict[str, Any]) -> Row:
    """The row, if SQLite can hold it and every screen show it. Raises TypeError or ValueError."""
    for name, type_ in types.items():
        value = getattr(row, name)
        if type_ in (int, str) and (not isinstance(value, type_) or isinstance(value, bool)):
            raise TypeError(f"{name}: expected {type_.__name__}, got {str(value)[:40]!r}")
        if type_ is int and not -MOST <= value <= MOST:
            raise ValueError(f"{name}: is too large")
        if type_ is str and value != clean(value):
            raise ValueError(f"{name}: holds half a character")
    at, day = getattr(row, "at", ""), getattr(row, "day", 0)
    if datetime.fromisoformat(at).tzinfo is None:
        raise ValueError(f"at: expected an instant in UTC, got {at[:40]!r}")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"day: is in no calendar, got {day}")
    return row


def event_plain(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in EVENT}


def digest(record: dict[str, Any]) -> bytes:
    """Eight bytes over everything that a review or an event says."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    from hashlib import blake2b  # noqa: PLC0415 — not before the first answer

    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest()


def facts_row(review: Review) -> tuple[Any, ...]:
    return (*(_cell(getattr(review, name)) for name in FACTS), digest(plain(review)))


def shown_row(review: Review) -> tuple[str, ...]:
    return tuple(getattr(review, name) for name in SHOWN)


def review_of(row: Sequence[Any]) -> Review:
    """The review of a row of REVIEW."""
    cells = list(row)
    for place in _WORDS:
        cells[place] = tuple(cells[place].split())
    cells[_COUNTS] = bool(cells[_COUNTS])
    return Review(*cells)


def event_row(event: Event) -> tuple[Any, ...]:
    return (*(getattr(event, name) for name in EVENT), digest(event_plain(event)))


def card_row(card: Card) -> tuple[Any, ...]:
    head = (_cell(getattr(card, name)) for name in CARD[:-2])
    return (*head, _written(card.recent), _written(card.ratings))


def card_of(row: Sequence[Any]) -> Card:
    cells = list(row)
    cells[10], cells[12] = bool(cells[10]), bool(cells[12])  # right, leech
    cells[13] = tuple(json.loads(cells[13])) if cells[13] else ()
    cells[14] = tuple(Rating(*one) for one in json.loads(cells[14])) if cells[14] else ()
    return Card(*cells)


def _written(values: Sequence[Any]) -> str:
    """JSON, whose shortest form of a float reads back to the same bits; empty for nothing."""
    return json.dumps(values, separators=(",", ":")) if values else ""


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return " ".join(value)
    return int(value) if isinstance(value, bool) else value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _clean(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple("-".join(clean(one).split()) for one in value)  # ids; a row keeps them divided by spaces
    return clean(value) if isinstance(value, str) else value
