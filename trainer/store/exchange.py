"""How does a history leave this file, and come into another?

    export_lines(store)     one JSON object a line, complete: reviews, events, settings; what `import_lines` reads
    import_lines(store, …)  takes in what is not there yet; twice is once; what is not what was written is named
    merge(store, other)     two machines' histories become one, the same from either side
    fsrs_rows(store)        the FSRS optimiser's CSV: card_id, review_time, review_rating, review_state, review_duration

Nothing is overwritten: rows are told apart by their UUIDs, and a row that is here stays as it is.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from trainer.model import Review
from trainer.store.errors import CannotSave
from trainer.store.rows import FIRST_DAY, LAST_DAY, Event, digest, event_from_plain, event_plain, from_plain, plain
from trainer.store.store import Store

FORMAT = 1
CSV_HEAD = ("card_id", "review_time", "review_rating", "review_state", "review_duration")
SHOWN_LINES = 20  # bad lines named one by one


class Imported(NamedTuple):
    """What an import did."""

    new: int  # reviews and events that were not here
    known: int  # that were
    refused: tuple[str, ...]  # `line 7: …`
    settings: tuple[str, ...] = ()  # that were not set here, and are now


class Setting(NamedTuple):
    """A setting kept in the file: the goal, the fitted memory."""

    name: str
    value: Any


def export_lines(store: Store) -> Iterator[str]:
    """The whole history, oldest first, withdrawn answers and their withdrawals included."""
    yield json.dumps({"osdrill": FORMAT, "what": "history"})
    for review in store.reviews(withdrawn=True):
        yield _line("review", plain(review))
    for event in store.events():
        yield _line("event", event_plain(event))
    for name, value in sorted(store.settings().items()):
        yield _line("setting", {"name": name, "value": value})


def import_lines(store: Store, lines: Iterable[str]) -> Imported:
    """Take in an export. Raises CannotSave, also for an export of a newer osdrill.

    Its answers come in one transaction. A setting that is set here stays; where one was taken over, rebuild.
    """
    found: list[Review | Event | Setting] = []
    refused: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = read(line)
            if isinstance(one, Setting) and not store.holds(one.name, one.value):
                raise ValueError(f"no answer can be folded under this {one.name}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            refused.append(f"line {number}: is not a line of an export ({str(error)[:80]})")
            continue
        if one is not None:
            found.append(one)
    history = [one for one in found if not isinstance(one, Setting)]
    new, here = store.adopt(history), store.settings()
    taken = {one.name: one.value for one in found if isinstance(one, Setting) and one.name not in here}
    for name, value in taken.items():
        store.set(name, value)
    return Imported(new, len(history) - new, _shortened(refused), tuple(taken))


def read(line: str) -> Review | Event | Setting | None:
    """What a line holds; None for the first line. Raises ValueError, KeyError or TypeError."""
    raw: Any = json.loads(line)
    if not isinstance(raw, dict):
        raise TypeError("no JSON object")
    if "osdrill" in raw:
        if raw["osdrill"] != FORMAT:
            raise CannotSave(f"this export has format {str(raw['osdrill'])[:20]}; this osdrill reads format {FORMAT}")
        return None
    kind = next(one for one in ("review", "setting", "event") if one in raw or one == "event")
    if digest(raw[kind]).hex() != raw["digest"]:
        raise ValueError("was changed after it was written")
    if kind == "setting":
        return _setting(raw[kind])
    return from_plain(raw[kind]) if kind == "review" else event_from_plain(raw[kind])


def _setting(raw: dict[str, Any]) -> Setting:
    """Raises KeyError, TypeError or ValueError where it is none that a history keeps."""
    name, value = raw["name"], raw["value"]
    if name == "goal":
        sound = FIRST_DAY <= value["day"] <= LAST_DAY and 0 < value["retention"] < 1
        sound = sound and all(isinstance(one, str) for one in value["topics"])
    elif name == "memory":
        sound = all(isinstance(one, int | float) for one in value["parameters"])
    else:
        raise ValueError(f"no setting {str(name)[:40]!r}")
    if not sound:
        raise ValueError(f"{name} is none that osdrill keeps")
    return Setting(name, value)


def merge(store: Store, other: Store) -> int:
    """Take in everything of another history; how many reviews and events were new. Raises CannotSave."""
    return store.adopt([*other.reviews(withdrawn=True), *other.events()])


def fsrs_rows(store: Store) -> Iterator[tuple[Any, ...]]:
    """The reviews that moved the memory, as rows under CSV_HEAD; times in ms, noon UTC of the study day.

    Wall-clock times would let the optimiser count whole 24 hours where we count study days. Cards are numbered by
    skill; review_state is 0 for the first review of a card and 2 after it.
    """
    numbers: dict[str, int] = {}
    for review in store.reviews():
        if review.counts:
            state = 2 if review.skill in numbers else 0
            number = numbers.setdefault(review.skill, len(numbers) + 1)
            yield number, (review.day * 86_400 + 43_200) * 1000, review.grade, state, review.taken_ms


def _line(kind: str, record: dict[str, Any]) -> str:
    return json.dumps({"digest": digest(record).hex(), kind: record}, ensure_ascii=False)


def _shortened(refused: list[str]) -> tuple[str, ...]:
    more = len(refused) - SHOWN_LINES
    return (*refused[:SHOWN_LINES], f"and {more} more") if more > 0 else tuple(refused)
