"""How is a review, an event or a card written as a row? The same both ways, to the last bit; with a digest over it.

The digest tells a row that is not what was written: SQLite itself keeps no checksums of its pages.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
    made["mistakes"], made["conventions"] = tuple(made["mistakes"]), tuple(made["conventions"])
    made["counts"], made["predicted"] = bool(made["counts"]), float(made["predicted"])
    for name, type_ in Review.__annotations__.items():
        if type_ in (int, str) and not isinstance(made[name], type_):
            raise TypeError(f"{name}: expected {type_.__name__}, got {str(made[name])[:40]!r}")
    return Review(**made)


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
