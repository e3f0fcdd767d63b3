"""Is a learner's file sound, to the last row? Findings as sentences; none when it is."""

from collections.abc import Iterator
from sqlite3 import Error
from typing import Any

from trainer.model import Card
from trainer.store.errors import BadCards
from trainer.store.rows import EVENT, Event, columns, digest, event_plain, plain, review_columns, review_of
from trainer.store.store import Store


def check(store: Store) -> list[str]:
    """What is wrong: pages, references, rows that are not what was written, cards that are not their reviews' fold."""
    connection = store.connection
    if connection is None:
        return []
    found: list[str] = []
    try:
        found += [f"file: {row[0]}" for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        found += [f"reference: {row[0]} row {row[1]}" for row in connection.execute("PRAGMA foreign_key_check")]
        found += _changed(connection)
        found += _cards(store)
    except Error as error:
        found.append(f"file: {error}")
    return found


def _changed(connection: Any) -> Iterator[str]:
    asks = f"SELECT {review_columns()}, reviews.digest FROM reviews LEFT JOIN shown USING (n)"
    for *row, mark in connection.execute(asks):
        if digest(plain(review_of(row))) != mark:
            yield f"review {row[0]}: is not what was written"
    for *row, mark in connection.execute(f"SELECT {columns(EVENT)}, digest FROM events"):
        if digest(event_plain(Event(**dict(zip(EVENT, row, strict=True))))) != mark:
            yield f"event {row[0]}: is not what was written"


def _cards(store: Store) -> Iterator[str]:
    try:
        kept: dict[str, Card] = {card.skill: card for card in store.cards()}
    except BadCards as bad:
        yield str(bad)
        return
    for card in store.folded():
        if kept.pop(card.skill, None) != card:
            yield f"card {card.skill}: is not what its reviews give (osdrill db rebuild)"
    for skill in kept:
        yield f"card {skill}: has no reviews (osdrill db rebuild)"
