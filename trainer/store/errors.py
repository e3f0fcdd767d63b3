"""What can go wrong with a learner's file that a person can put right? One small tree; each text says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error
from typing import NamedTuple


class Backup(NamedTuple):
    """A good copy."""

    path: Path
    at: str  # UTC instant, ISO 8601
    answers: int  # reviews in it


class StoreError(Exception):
    """A learner's file cannot be used as asked; the message is for people."""


class CannotSave(StoreError):
    """Nothing can be written: read-only, full, locked. Nothing was changed; practice without saving is possible."""


class Busy(CannotSave):
    """Another process holds the file for longer than we wait."""


class FromTheFuture(StoreError):
    """A newer osdrill wrote this file; it was not touched."""


class Foreign(StoreError):
    """The file is a database, but not ours; it was not touched."""


class Damaged(StoreError):
    """The file is broken. It was not touched; `backup` is the newest good copy, if there is one."""

    def __init__(self, path: Path, why: str, backup: Backup | None = None) -> None:
        self.path, self.why, self.backup = path, why, backup
        offer = (
            f"The newest good backup is from {backup.at} with {backup.answers} answers: osdrill db restore"
            if backup
            else "There is no good backup: osdrill db restore keeps it aside and saves what can be read"
        )
        super().__init__(f"{path} is damaged ({why}). {offer}")


class BadCards(StoreError):
    """A card, which is only a cache, cannot be read; the reviews can."""


# SQLite's primary result codes
_BUSY, _LOCKED, _PERM, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB, _PROTOCOL = (
    5, 6, 3, 8, 10, 11, 13, 14, 26, 15,
)  # fmt: skip
_SAYS = {
    _PERM: "it may not be written",
    _READONLY: "it is read-only",
    _IOERR: "the disk does not take it (full, or broken)",
    _FULL: "the disk is full",
    _CANTOPEN: "it cannot be opened or made there",
}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors into ours."""
    try:
        yield
    except Error as error:
        raise _ours(path, error) from error
    except OSError as error:
        raise CannotSave(f"{path} cannot be saved: {error.strerror or error}") from error


def _ours(path: Path, error: Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (_BUSY, _LOCKED, _PROTOCOL):
        return Busy(f"{path} is in use by another osdrill; close it, then try again")
    if code in _SAYS:
        return CannotSave(f"{path} cannot be saved: {_SAYS[code]}")
    if code in (_CORRUPT, _NOTADB) or "decode to UTF-8" in str(error):
        return Damaged(path, str(error))
    return error
