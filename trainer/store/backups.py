"""Which copies are kept, which one is good, and how is it put back?

    practice.db                                  the file
    backups/practice-20261123T091500Z.db         a copy, made by SQLite's own backup call and checked
    practice.damaged-20261124T080000Z.db         a broken file, kept aside

Thinned: every copy of the last two days on which one was made, then the newest of each of 12 days, 10 weeks, 9 months.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from trainer.model import Review
from trainer.store import schema
from trainer.store.answers import Answers
from trainer.store.errors import Backup, CannotSave, told
from trainer.store.rows import Event
from trainer.store.salvage import readable

ALL_DAYS, DAYS, WEEKS, MONTHS = 2, 12, 10, 9


def folder(path: Path) -> Path:
    """Where the copies of a file are."""
    return path.parent / "backups"


def all_of(path: Path) -> list[Path]:
    """The copies of a file, newest first."""
    return sorted(folder(path).glob(f"{path.stem}-????????T??????Z.db"), key=lambda one: one.name, reverse=True)


def back_up(connection: sqlite3.Connection, path: Path, answers: Answers, at: str) -> Path:
    """Make a checked copy named by the instant `at`, begin a new answers file, thin the rest.

    A copy is written under another name first, so that a half-written one is never taken for good.
    """
    with told(folder(path)):
        folder(path).mkdir(mode=0o700, parents=True, exist_ok=True)
        target, making = folder(path) / f"{path.stem}-{_stamp(at)}.db", folder(path) / f"{path.stem}.making"
        making.unlink(missing_ok=True)
        with closing(sqlite3.connect(making)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, no side files
            _sync(copy)
        if faults_of(making):
            making.unlink()
            raise CannotSave(f"{path}: the copy is not sound, so it was not kept: osdrill db check")
        making.replace(target)
        answers.turn()
        for old in thin([_stamp_of(one) for one in all_of(path)]):
            (folder(path) / f"{path.stem}-{old}.db").unlink(missing_ok=True)
    return target


def _sync(copy: sqlite3.Connection) -> None:
    """Wait until the copy is on the disk: a write under synchronous=FULL does."""
    copy.execute("PRAGMA synchronous = FULL")
    copy.execute("BEGIN IMMEDIATE")
    copy.execute(f"PRAGMA application_id = {schema.APPLICATION}")
    copy.execute("COMMIT")


def faults_of(path: Path) -> list[str]:
    """What SQLite finds wrong with a file; empty when it is sound."""
    try:
        with closing(schema.connect(path, uri="mode=ro&immutable=1")) as copy:
            if not schema.is_ours(copy) or not schema.version(copy):
                return ["not a file of osdrill"]
            found = [str(row[0]) for row in copy.execute("PRAGMA integrity_check(20)")]
    except sqlite3.Error as error:
        return [str(error)]
    return [] if found == ["ok"] else found


def newest_good(path: Path) -> Backup | None:
    """The newest copy that is sound; None where there is none."""
    for one in all_of(path):
        if not faults_of(one):
            return described(one)
    return None


def described(path: Path) -> Backup:
    """A sound copy, with the instant in its name (its name itself where there is none) and its answers."""
    with closing(schema.connect(path, uri="mode=ro&immutable=1")) as copy:
        (answers,) = copy.execute("SELECT count(*) FROM reviews").fetchone()
    stamp = _stamp_of(path)
    return Backup(path, _written(stamp) if stamp[:8].isdigit() else path.name, answers)


class Adopter(Protocol):
    """What a restore needs of a store."""

    def adopt(self, history: Iterable[Review | Event]) -> int:
        """Take in what is not there yet; how many that was."""
        ...

    def count(self) -> int:
        """How many reviews there are."""
        ...


class Restored(NamedTuple):
    """What a restore did."""

    kept: Path | None  # where the broken file is now
    answers: int  # reviews added to the backup, from the broken file and from the answers beside it


def restore(path: Path, backup: Backup | None, open_: Callable[[], Adopter], at: str) -> Restored:
    """Keep the broken file aside, put the backup in its place, and add whatever can still be read elsewhere.

    `open_` opens the store at `path` afterwards. Without a backup the file begins empty. Raises CannotSave.
    """
    with told(path):
        kept = _set_aside(path, at)
        answers = list(Answers(path).all())
        if backup is not None:
            _copy(backup.path, path)
        else:
            schema.migrate(path)
        store = open_()
        store.adopt([*answers, *(readable(kept) if kept else ())])
    return Restored(kept, store.count() - (backup.answers if backup else 0))


def _set_aside(path: Path, at: str) -> Path | None:
    """Move the file and its side files away; their new place."""
    kept = path.with_name(f"{path.stem}.damaged-{_stamp(at)}{path.suffix}")
    moved = path.exists()
    for suffix in ("", "-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.replace(kept.with_name(kept.name + suffix))
    return kept if moved else None


def _copy(source: Path, target: Path, query: str = "mode=ro&immutable=1") -> None:
    """Through SQLite, under another name first: a kill half-way leaves no half file."""
    making = target.with_name(f"{target.stem}.making")
    making.unlink(missing_ok=True)
    with closing(schema.connect(source, uri=query)) as old, closing(sqlite3.connect(making)) as new:
        old.backup(new)
        _sync(new)
    making.replace(target)


def copy_of(source: Path, folder_: Path) -> Path:
    """A copy of another machine's file in a folder of ours, with its answers beside it; the file is only read.

    What still stands in its write-ahead log comes too, unless it lies where not even SQLite's side files can be made.
    Raises Damaged and CannotSave, of the source.
    """
    target = folder_ / source.name
    with told(source):
        try:
            _copy(source, target, "mode=ro")
        except sqlite3.OperationalError:
            _copy(source, target)
        for mine, theirs in zip(_beside(target), _beside(source), strict=True):
            if theirs.exists():
                mine.write_bytes(theirs.read_bytes())
    return target


def _beside(path: Path) -> tuple[Path, Path]:
    answers = Answers(path)
    return answers.former, answers.path


# ── thinning ────────────────────────────────────────────────────────────────────────────────────────────────────


def thin(stamps: Sequence[str]) -> list[str]:
    """The stamps (as in the names) of the copies that may go."""
    newest_first = sorted(stamps, reverse=True)
    days = list(dict.fromkeys(one[:8] for one in newest_first))
    keep = {one for one in newest_first if one[:8] in days[:ALL_DAYS]}
    for count, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        newest_of: dict[object, str] = {}
        for one in newest_first:
            newest_of.setdefault(period(one), one)
        keep |= set(list(newest_of.values())[:count])
    return [one for one in newest_first if one not in keep]


def _day(stamp: str) -> object:
    return stamp[:8]


def _week(stamp: str) -> object:
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8])).isocalendar()[:2]


def _month(stamp: str) -> object:
    return stamp[:6]


def _stamp(at: str) -> str:
    """2026-11-23T09:15:00.000000Z -> 20261123T091500Z."""
    return at[:19].replace("-", "").replace(":", "") + "Z"


def _stamp_of(copy: Path) -> str:
    return copy.stem[-16:]


def _written(stamp: str) -> str:
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[9:11]}:{stamp[11:13]}:{stamp[13:15]}Z"
