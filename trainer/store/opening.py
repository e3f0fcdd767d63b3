"""How is a learner's file opened without harming it? Refused if it is newer, read-only where it cannot be written."""

from os import W_OK, access
from pathlib import Path
from sqlite3 import Connection, DatabaseError, OperationalError

from trainer.store import schema
from trainer.store.errors import CannotSave, Foreign, FromTheFuture


def refuse_others(path: Path, connection: Connection) -> None:
    """Raises Foreign or FromTheFuture where the open file is not ours to use."""
    if not schema.is_ours(connection):
        raise Foreign(f"{path} is a database of another program; it was not touched")
    if schema.version(connection) > schema.VERSION:
        raise _newer(path, schema.version(connection))


def refuse_newer(path: Path) -> None:
    """Looks at the header's own bytes: merely opening a database may move its write-ahead log into it."""
    if path.exists():
        with path.open("rb") as file:
            header = file.read(72)
        found = int.from_bytes(header[60:64], "big")
        if header[68:72] == schema.APPLICATION.to_bytes(4, "big") and found > schema.VERSION:
            raise _newer(path, found)


def _newer(path: Path, found: int) -> FromTheFuture:
    return FromTheFuture(
        f"{path} was written by a newer osdrill (schema {found}, this one knows {schema.VERSION}). "
        "It was not touched; upgrade osdrill to go on"
    )


def connected(path: Path, wait_ms: int) -> tuple[Connection, bool]:
    """A connection, and whether it may write. Falls back to reading where writing is impossible."""
    if access(path, W_OK) and access(path.parent, W_OK):
        try:
            return _touched(path, wait_ms, ""), True
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (8, 14):  # read-only, cannot open
                raise
    return _reading(path, wait_ms), False


def _reading(path: Path, wait_ms: int) -> Connection:
    """A connection that only reads, also where not even SQLite's own side files can be made."""
    for query in ("mode=ro", "mode=ro&immutable=1"):
        try:
            return _touched(path, wait_ms, query)
        except OperationalError:
            continue
    raise CannotSave(f"{path} can be neither written nor read")


def _touched(path: Path, wait_ms: int, query: str) -> Connection:
    """Opens and reads the first page, so that a file that is no database says so now."""
    connection = schema.connect(path, wait_ms=wait_ms, uri=query)
    try:
        connection.execute("SELECT count(*) FROM (SELECT 1 FROM sqlite_schema)").fetchone()
    except DatabaseError:
        connection.close()
        raise
    return connection
