"""What if the database itself loses what it had promised? A second, plain record of every answer since the backup.

After each committed transaction one line is appended beside the database and flushed to the disk. With the newest
good backup it gives back everything, whatever happened to the database or its write-ahead log. At each backup the
file becomes `….1.jsonl` and a new one begins, so that one bad backup loses nothing either.

    {"digest": "9f…", "review": {…}}
    {"digest": "02…", "event": {…}}

A line that was cut off or changed does not match its digest and is passed over.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainer.model import Review
from trainer.store.rows import Event, digest, event_from_plain, event_plain, from_plain, plain

TAIL = 1 << 16  # bytes read to find the last line


class Answers:
    """The lines beside one database."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_suffix(".answers.jsonl")
        self.former = database.with_suffix(".answers.1.jsonl")

    def append(self, one: Review | Event) -> None:
        """Write a line and wait for the disk. Raises OSError."""
        key, record = ("review", plain(one)) if isinstance(one, Review) else ("event", event_plain(one))
        line = json.dumps({"digest": digest(record).hex(), key: record}, ensure_ascii=False)
        with self.path.open("ab") as file:
            torn = file.tell() and not self._ends_whole()
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> Review | Event | None:
        """The last line that is whole; None where there is none."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            lines = file.read().splitlines()
        return next((one for one in map(read, reversed(lines)) if one is not None), None)

    def all(self) -> Iterator[Review | Event]:
        """Every whole line, the former file's first."""
        for path in (self.former, self.path):
            if path.exists():
                with path.open("rb") as file:
                    yield from (one for one in map(read, file) if one is not None)

    def turn(self) -> None:
        """Begin a new file: what stood here is in a backup now."""
        if self.path.exists():
            self.path.replace(self.former)

    def _ends_whole(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"


def read(line: bytes) -> Review | Event | None:
    """What a line says; None where it is not what was written."""
    try:
        raw: Any = json.loads(line)
        record = raw.get("review") or raw["event"]
        if digest(record).hex() != raw["digest"]:
            return None
        return from_plain(record) if "review" in raw else event_from_plain(record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
