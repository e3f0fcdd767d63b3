"""Where does a review go, and what is due? One SQLite file, one transaction an answer.

    store = Store.open(path, fold)
    card = store.record(review)            # committed and on the disk when it returns
    store.due(day=20_780)                  # straight from the cards
    store.withdraw(event)                  # undo: a new row; the card is folded from what is left

`fold(card, review) -> card` is given by whoever joins the rooms. A file that is not there yet reads as empty and is
made by the first write, or by `prepare`, so that a first question waits for nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Self

from trainer.model import Card, Instant, Review, replace
from trainer.store import schema, sql
from trainer.store.answers import Answers
from trainer.store.errors import BadCards, CannotSave, Damaged, StoreError, told
from trainer.store.opening import connected, refuse_newer, refuse_others
from trainer.store.rows import (
    CARD,
    EVENT,
    Event,
    card_of,
    card_row,
    cleaned,
    columns,
    event_row,
    facts_row,
    review_columns,
    review_of,
    shown_row,
)

FoldOne = Callable[[Card | None, Review], Card]
Under = Callable[[Mapping[str, Any]], FoldOne]  # the settings kept in the file -> the fold under them
PROBE = Review(
    "", "", 1, 1, 1, "", "", "simulated", "", "", "", "", "right", (), (), "", 0, 3, "", 0, 0, 1000, counts=True
)  # fmt: skip — an answer like any other
WAIT_MS = 3_000  # for another process


class Store:
    """A learner's file."""

    def __init__(self, path: Path, fold: FoldOne, under: Under | None = None) -> None:
        self.path, self.fold, self.saving = path, fold, True
        self._under, self._written = under, ""  # the settings that `fold` was made under, as they stand in the file
        self.answers = Answers(path)
        self._connection: Connection | None = None

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def open(
        cls, path: Path, fold: FoldOne, *, at: str = "", wait_ms: int = WAIT_MS, under: Under | None = None
    ) -> Self:
        """The store at `path`. `at` (UTC instant) names the backup taken before a migration.

        `under(settings)` gives the fold under the settings kept in the file; without it `fold` holds whatever they say.
        Raises FromTheFuture, Foreign, Busy, and Damaged with the newest good backup. A file that can be read but
        not written opens with `saving` False: then every write raises CannotSave.
        """
        try:
            return cls._opened(cls(path, fold, under), at, wait_ms)
        except Damaged as damaged:
            from trainer.store.backups import newest_good  # noqa: PLC0415 — only a damaged file needs it

            raise Damaged(path, damaged.why, newest_good(path)) from damaged

    @classmethod
    def _opened(cls, store: Self, at: str, wait_ms: int) -> Self:
        path = store.path
        with told(path):
            refuse_newer(path)
            if not path.exists() or not path.stat().st_size:
                if store.answers.last() is not None or store._has_backups():
                    raise Damaged(path, "the file is gone or empty, but answers were saved")
                return store
            store._connection, store.saving = connected(path, wait_ms)
            try:
                refuse_others(path, store._db)
            except StoreError:
                store.close()
                raise
            if schema.version(store._connection) < schema.VERSION:
                store._migrate(at)
            store._follow()
            store._catch_up()
        return store

    def _migrate(self, at: str) -> None:
        if schema.version(self._db):
            self.backup(at)
        self.close()
        schema.migrate(self.path)
        self._connection, self.saving = connected(self.path, WAIT_MS)

    def _follow(self) -> None:
        """Fold under the settings as they stand: another process may have fitted the memory since."""
        if self._under is None:
            return
        rows = self._db.execute("SELECT name, value FROM settings ORDER BY name").fetchall()
        if repr(rows) != self._written:
            self._written = repr(rows)
            self.fold = self._under({name: json.loads(value) for name, value in rows})

    def _catch_up(self) -> None:
        """Bring back what the database lost after it had been promised: a cut write-ahead log, for one."""
        last = self.answers.last()
        if last is None or not self.saving:
            return
        table = "reviews" if isinstance(last, Review) else "events"
        if not self._db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (last.id,)).fetchone():
            self.adopt(self.answers.all())

    def _has_backups(self) -> bool:
        if not self.path.with_name("backups").exists():
            return False
        from trainer.store.backups import all_of  # noqa: PLC0415 — only an empty file beside backups needs it

        return bool(all_of(self.path))

    def prepare(self) -> None:
        """Make the file if it is not there. Raises CannotSave."""
        if self._connection is None:
            with told(self.path):
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                schema.migrate(self.path)
                self._connection, self.saving = connected(self.path, WAIT_MS)

    def close(self) -> None:
        """Let go of the file; everything was saved long before."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connection(self) -> Connection | None:
        """SQLite's own, for this room only; None while there is no file."""
        return self._connection

    @property
    def _db(self) -> Connection:
        assert self._connection is not None
        return self._connection

    # ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────

    def record(self, review: Review) -> Card:
        """Keep the review and move its card, in one transaction that is on the disk when this returns.

        Raises CannotSave (nothing was changed), Busy among them.
        """
        with self._writing():
            kept = cleaned(review, self._next_order(review.at))
            card = self.fold(self.card(kept.skill), kept)
            self._insert(kept)
            self._db.execute(sql.PUT_CARD, card_row(card))
        self._also(kept)
        return card

    def withdraw(self, review: Review, *, id_: str, at: Instant, day: int) -> Card | None:
        """Undo a review by a new row; the skill's card, folded from what is left. Raises CannotSave."""
        return self.add(Event(id_, "withdraw", review.skill, at.utc, at.offset, day, review.id))

    def add(self, event: Event) -> Card | None:
        """Keep an event: withdraw, suspend, resume, reset, skip. The skill's card afterwards. Raises CannotSave."""
        with self._writing():
            kept = replace(event, order=self._next_order(event.at))
            self._db.execute(sql.INSERT_EVENT, event_row(kept))
            card = self._refold(kept.skill) if kept.kind in ("withdraw", "reset") else self.card(kept.skill)
        self._also(kept)
        return card

    def set(self, name: str, value: Any) -> None:
        """Keep a setting (goal, fitted memory); None forgets it. Raises CannotSave.

        The cards depend on these two: `rebuild` after a change.
        """
        with self._writing():
            if value is None:
                self._db.execute("DELETE FROM settings WHERE name = ?", (name,))
                return
            text = json.dumps(value, sort_keys=True)
            self._db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, text))

    def adopt(self, history: Iterable[Review | Event]) -> int:
        """Take in reviews and events of this learner that are not here yet; how many were new.

        Their own order is kept, so that two histories merge to the same one from either side. Raises CannotSave.
        """
        with self._writing():
            new = list({one.id: one for one in history if self._is_new(one)}.values())  # one may be told twice
            for one in sorted(new, key=lambda one: (isinstance(one, Event), one.order, one.id)):
                if isinstance(one, Review):
                    self._insert(one)
                elif one.review is None or self._has(one.review):
                    self._db.execute(sql.INSERT_EVENT, event_row(one))
            for skill in sorted({one.skill for one in new}):
                self._refold(skill)
        return len(new)

    def rebuild(self) -> int:
        """Fold every card again from the reviews; how many came out different. Raises CannotSave."""
        with self._writing():
            before = {row[0]: row for row in self._db.execute(f"SELECT {columns(CARD)} FROM cards")}
            self._db.execute("DELETE FROM cards")
            after = {card.skill: card_row(card) for card in self.folded()}
            self._db.executemany(sql.PUT_CARD, after.values())
        return sum(before.get(skill) != after.get(skill) for skill in {*before, *after})

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; on any error nothing of it stays."""
        self.prepare()
        if not self.saving:
            raise CannotSave(f"{self.path} cannot be saved: it is read-only")
        with told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._follow()
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _also(self, one: Review | Event) -> None:
        """The second record. The first one holds: a disk that refuses this line takes nothing back."""
        try:
            self.answers.append(one)
        except OSError:
            return

    def _next_order(self, at: str) -> int:
        """After everything that is here, even if the clock went back."""
        (most,) = self._db.execute(
            "SELECT max(ifnull((SELECT max(ord) FROM reviews), 0), ifnull((SELECT max(ord) FROM events), 0))"
        ).fetchone()
        now = (datetime.fromisoformat(at) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return max(now, int(most) + 1)

    def _insert(self, review: Review) -> None:
        row = self._db.execute(sql.INSERT_FACTS, facts_row(review)).lastrowid
        self._db.execute(sql.INSERT_SHOWN, (row, *shown_row(review)))

    def _has(self, review: str) -> bool:
        return self._db.execute("SELECT 1 FROM reviews WHERE id = ?", (review,)).fetchone() is not None

    def _is_new(self, one: Review | Event) -> bool:
        table = "reviews" if isinstance(one, Review) else "events"
        return self._db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (one.id,)).fetchone() is None

    def _refold(self, skill: str) -> Card | None:
        card = None
        for row in self._db.execute(
            f"SELECT {sql.REVIEW} WHERE skill = ? AND {sql.LIVE} AND {sql.SINCE_RESET} ORDER BY ord, id", (skill,)
        ):
            card = self.fold(card, review_of(row))
        if card is None:
            self._db.execute("DELETE FROM cards WHERE skill = ?", (skill,))
        else:
            self._db.execute(sql.PUT_CARD, card_row(card))
        return card

    def folded(self) -> Iterator[Card]:
        """Every card as the reviews give it, by skill: what the cards should be."""
        cards: dict[str, Card] = {}
        for review in self.counted():
            cards[review.skill] = self.fold(cards.get(review.skill), review)
        return (cards[skill] for skill in sorted(cards))

    def counted(self) -> Iterator[Review]:
        """The reviews that the cards are made of, in order, without what was shown and typed."""
        asks = f"SELECT {review_columns(shown='')} FROM reviews WHERE {sql.LIVE} AND {sql.SINCE_RESET} ORDER BY ord, id"
        return (review_of(row) for row in self._rows(asks, {}))  # not skill by skill: that jumps all over the file

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def due(self, day: int, limit: int = -1) -> list[Card]:
        """The cards due on a study day, longest due first; at most `limit` of them."""
        return self._cards(f"WHERE {sql.DUE} ORDER BY due, skill LIMIT :limit", {"day": day, "limit": limit})

    def paces(self, day: int) -> list[tuple[str, int]]:
        """(skill, its pace in ms) of everything due on a study day, without its order: enough to tell how long."""
        return list(self._rows(f"SELECT skill, pace_ms FROM cards WHERE {sql.DUE}", {"day": day}))

    def card(self, skill: str) -> Card | None:
        """The card of a skill; None while it was never answered."""
        return next(iter(self._cards("WHERE skill = :skill", {"skill": skill})), None)

    def cards(self) -> list[Card]:
        """Every card, by skill."""
        return self._cards("ORDER BY skill", {})

    def reviews(
        self, *, skill: str | None = None, since: int | None = None, withdrawn: bool = False
    ) -> Iterator[Review]:
        """The reviews that stand, in order; of one skill, or from a study day on; or the `withdrawn` ones too."""
        asks = f"SELECT {sql.REVIEW} WHERE {'true' if withdrawn else sql.LIVE}"
        asks += " AND skill = :skill" if skill is not None else ""
        asks += " AND day >= :since" if since is not None else ""
        order = "ord, id" if since is None else "+ord, id"  # by day: the index of the order would read everything
        rows = self._rows(f"{asks} ORDER BY {order}", {"skill": skill, "since": since})
        return (review_of(row) for row in rows)

    def review(self, id_: str) -> Review | None:
        """One review, whether it stands or was withdrawn."""
        return next((review_of(row) for row in self._rows(f"SELECT {sql.REVIEW} WHERE id = :id", {"id": id_})), None)

    def count(self) -> int:
        """How many reviews there are, withdrawn ones included."""
        return int(next(self._rows("SELECT count(*) FROM reviews", {}), (0,))[0])

    def tallies(self, most_ms: int) -> list[tuple[int, str, str, str, int, int]]:
        """(day, topic, kind, outcome, answers, their time in ms, each at most `most_ms`), in that order."""
        return list(self._rows(sql.TALLIES, {"most_ms": most_ms}))

    def foretold(self) -> list[tuple[int, int, int, float]]:
        """(recall × 20, reviews that counted, right ones, sum of recalls foretold); self-marked ones left out."""
        return list(self._rows(sql.FORETOLD, {}))

    def mistaken(self) -> Iterator[tuple[int, int, str, str, tuple[str, ...]]]:
        """(order, day, skill, question, mistakes) of the answers that known mistakes give, in order."""
        asks = (
            "SELECT ord, day, skill, revision || '/' || level || '#' || seed, mistakes FROM reviews "
            f"WHERE mistakes <> '' AND {sql.LIVE} ORDER BY ord"
        )
        return ((*rest, tuple(ids.split())) for *rest, ids in self._rows(asks, {}))

    def rights_after(self, skill: str, order: int) -> int:
        """How many right answers of a skill came later than that."""
        asks = f"SELECT count(*) FROM reviews WHERE skill = :skill AND ord > :ord AND outcome = 'right' AND {sql.LIVE}"
        return int(next(self._rows(asks, {"skill": skill, "ord": order}), (0,))[0])

    def events(self) -> Iterator[Event]:
        """Everything that was done to the history, in order."""
        rows = self._rows(f"SELECT {columns(EVENT)} FROM events ORDER BY ord, id", {})
        return (_event_of(row) for row in rows)

    def put_off(self, day: int) -> dict[str, str]:
        """Skill -> suspend or skip, of the skills that are not to be asked on that study day."""
        asks = "SELECT skill, kind, day FROM events WHERE kind IN ('suspend', 'resume', 'skip') ORDER BY ord, id"
        state: dict[str, str] = {}
        for skill, kind, when in self._rows(asks, {}):
            if kind == "resume":
                state.pop(skill, None)
            elif kind == "suspend" or (when == day and skill not in state):
                state[skill] = kind
        return state

    def holds(self, name: str, value: Any) -> bool:
        """Whether answers can be folded under this setting; one that a person wrote may be anything."""
        if self._under is None:
            return True
        first, later = (replace(PROBE, day=day) for day in (0, 100))
        try:
            fold = self._under({name: value})
            fold(fold(None, first), later)
        except (ValueError, TypeError, ArithmeticError, AttributeError, LookupError):
            return False
        return True

    def setting(self, name: str) -> Any:
        """A setting, None where it was never set."""
        row = next(self._rows("SELECT value FROM settings WHERE name = :name", {"name": name}), None)
        return None if row is None else json.loads(row[0])

    def settings(self) -> dict[str, Any]:
        """Every setting kept in the file, by name."""
        return {name: json.loads(value) for name, value in self._rows("SELECT name, value FROM settings", {})}

    def _cards(self, clause: str, given: dict[str, Any]) -> list[Card]:
        try:
            return [card_of(row) for row in self._rows(f"SELECT {columns(CARD)} FROM cards {clause}", given)]
        except (ValueError, TypeError) as error:
            raise BadCards(
                f"{self.path}: a card cannot be read ({error}). Your answers are whole: osdrill db rebuild"
            ) from error

    def _rows(self, asks: str, given: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        if self._connection is None:
            return
        with told(self.path):
            yield from self._connection.execute(asks, given)

    # ── care ────────────────────────────────────────────────────────────────────────────────────────────────────

    def backup(self, at: str) -> Path | None:
        """Copy the file by SQLite's own backup call and thin the older copies; None where there is nothing to copy."""
        from trainer.store.backups import back_up  # noqa: PLC0415 — not on the way to the first question

        return None if self._connection is None else back_up(self._connection, self.path, self.answers, at)


def _event_of(row: tuple[Any, ...]) -> Event:
    made = dict(zip(EVENT, row, strict=True))
    return Event(**made)
