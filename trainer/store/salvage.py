"""What can still be read of a broken file? Row by row, and only rows that match their digest."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from trainer.model import Review
from trainer.store import schema
from trainer.store.rows import EVENT, Event, columns, digest, event_plain, plain, review_columns, review_of

MOST = 10_000_000  # rows tried in a file whose numbers cannot be believed


def readable(path: Path) -> list[Review | Event]:
    """Every review and event of the file that is exactly what was written."""
    found: list[Review | Event] = []
    try:
        with closing(schema.connect(path)) as broken:
            broken.text_factory = lambda raw: raw.decode("utf-8", "replace")
            found += _reviews(broken)
            found += _events(broken)
    except sqlite3.Error:  # nothing more can be had from it; the caller has the backup and the answers beside it
        return found
    return found


def _reviews(broken: sqlite3.Connection) -> Iterator[Review]:
    asks = f"SELECT {review_columns()}, reviews.digest FROM reviews JOIN shown USING (n) WHERE n = ?"
    for *row, mark in _rows(broken, asks, "reviews"):
        review = review_of(row)
        if digest(plain(review)) == mark:
            yield review


def _events(broken: sqlite3.Connection) -> Iterator[Event]:
    for *row, mark in _rows(broken, f"SELECT {columns(EVENT)}, digest FROM events WHERE n = ?", "events"):
        event = Event(**dict(zip(EVENT, row, strict=True)))
        if digest(event_plain(event)) == mark:
            yield event


def _rows(broken: sqlite3.Connection, asks: str, table: str) -> Iterator[tuple[Any, ...]]:
    """One row after the other, by its number: a bad page costs its own rows only."""
    missed, number = 0, 0
    last = _last(broken, table)
    while number < last and missed < MOST:
        number += 1
        try:
            row = broken.execute(asks, (number,)).fetchone()
        except sqlite3.Error:
            row = None
        missed += row is None
        if row is not None:
            yield row


def _last(broken: sqlite3.Connection, table: str) -> int:
    """The highest row number, as far as it can be told."""
    try:
        return int(broken.execute(f"SELECT ifnull(max(n), 0) FROM {table}").fetchone()[0])
    except sqlite3.Error:
        pages = broken.execute("PRAGMA page_count").fetchone()[0]
        return min(MOST, int(pages) * 40)  # no page holds more rows than that
