"""What do the tables look like, and how does an older file become today's?

`reviews` and `shown` (the wide half of a review: what was seen and typed) and `events` (undo, suspend, reset) are
append-only: triggers refuse anything else. `cards` is a cache. A released migration is never edited; a new version is
a new list of statements, and `tests/trainer/store/fixtures/` keeps a file of every version.

sqlite-utils is imported only here and only when there is something to migrate: loading it takes longer than the
first question.
"""

from pathlib import Path
from sqlite3 import SQLITE_BUSY, Connection, DatabaseError, OperationalError
from time import sleep

VERSION = 1
APPLICATION = 0x6F736472  # "osdr": whose file it is

_V1 = (
    """
    CREATE TABLE reviews (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ord INTEGER NOT NULL,
        skill TEXT NOT NULL,
        revision INTEGER NOT NULL,
        level INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        topic TEXT NOT NULL,
        concept TEXT NOT NULL,
        kind TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'gave-up')),
        mistakes TEXT NOT NULL,
        conventions TEXT NOT NULL,
        hints INTEGER NOT NULL,
        grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 4),
        at TEXT NOT NULL,
        "offset" INTEGER NOT NULL,
        day INTEGER NOT NULL,
        taken_ms INTEGER NOT NULL,
        counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
        predicted REAL NOT NULL,
        digest BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX reviews_of_skill ON reviews (skill, ord, outcome)",
    "CREATE INDEX reviews_in_order ON reviews (ord)",
    # statistics read this index alone: a million reviews are counted without touching one of them
    "CREATE INDEX reviews_counted ON reviews (day, topic, kind, outcome, grade, counts, predicted, taken_ms)",
    """
    CREATE INDEX reviews_foretold ON reviews (min(19, CAST(predicted * 20 AS INTEGER)), grade, predicted)
    WHERE counts AND predicted >= 0 AND kind <> 'self-marked'
    """,
    "CREATE INDEX reviews_mistaken ON reviews (ord) WHERE mistakes <> ''",
    """
    CREATE TABLE shown (
        n INTEGER PRIMARY KEY REFERENCES reviews (n),
        scenario TEXT NOT NULL,
        text TEXT NOT NULL,
        answer TEXT NOT NULL,
        response TEXT NOT NULL,
        diverges_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE events (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ord INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('withdraw', 'suspend', 'resume', 'reset', 'skip')),
        review TEXT REFERENCES reviews (id),
        skill TEXT NOT NULL,
        at TEXT NOT NULL,
        "offset" INTEGER NOT NULL,
        day INTEGER NOT NULL,
        digest BLOB NOT NULL,
        CHECK ((kind = 'withdraw') = (review IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX events_of_review ON events (review) WHERE review IS NOT NULL",
    "CREATE INDEX events_of_skill ON events (skill, ord)",
    """
    CREATE TABLE cards (
        skill TEXT PRIMARY KEY,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        due INTEGER NOT NULL,
        last INTEGER NOT NULL,
        reps INTEGER NOT NULL,
        lapses INTEGER NOT NULL,
        again_today INTEGER NOT NULL,
        first INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        "right" INTEGER NOT NULL CHECK ("right" IN (0, 1)),
        pace_ms INTEGER NOT NULL,
        leech INTEGER NOT NULL CHECK (leech IN (0, 1)),
        recent TEXT NOT NULL,
        ratings TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX cards_due ON cards (due)",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    *(
        f"CREATE TRIGGER {table}_keep_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table} are append-only'); END"
        for table in ("reviews", "shown", "events")
        for verb in ("UPDATE", "DELETE")
    ),
    f"PRAGMA application_id = {APPLICATION}",
    "PRAGMA user_version = 1",
)
STEPS: dict[str, tuple[str, ...]] = {"1": _V1}  # version -> statements that lead to it from the one before


def version(connection: Connection) -> int:
    """The schema's version; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_ours(connection: Connection) -> bool:
    """Whether the file is empty or was made by osdrill."""
    if int(connection.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION:
        return True
    return not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


def migrate(path: Path) -> None:
    """Bring the file at `path` (made if absent) to VERSION in one transaction; two processes at once are safe."""
    from sqlite_utils import Database  # noqa: PLC0415 — 130 ms that only a new or an old file pays
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415 — as above

    steps = Migrations("osdrill")
    for name, statements in STEPS.items():
        steps(name=name)(lambda database, statements=statements: _run(database.conn, statements))
    connection = connect(path)
    try:
        _log_ahead(connection)
        connection.execute("BEGIN EXCLUSIVE")  # the second process waits here, then finds nothing to do
        steps.apply(Database(connection))
        connection.execute("COMMIT")
    finally:
        connection.close()


def _log_ahead(connection: Connection, tries: int = 60) -> None:
    """Switch to the write-ahead log. SQLite does not wait for its lock here, whatever the timeout, and may stay in the
    old mode without a word: so we wait, 3 s. Where there is no such log (some network disks) the old mode serves.

    Raises OperationalError where another process holds the file for longer.
    """
    for left in reversed(range(tries)):
        try:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",):
                return
        except OperationalError as error:
            if not left or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
        sleep(0.05)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(statement)


def connect(path: Path, *, wait_ms: int = 3_000, uri: str = "") -> Connection:
    """A connection as we always want it; `uri` is a query such as `mode=ro`."""
    target = f"{path.absolute().as_uri()}?{uri}" if uri else str(path)
    connection = Connection(target, isolation_level=None, uri=bool(uri), timeout=wait_ms / 1000)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: without it a sync stops at the drive's own cache
        connection.execute("PRAGMA foreign_keys = ON")
    except DatabaseError:
        connection.close()
        raise
    return connection
