"""Whatever happens to the machine: no acknowledged answer is lost, and no file is left broken.

Children are forked, record answers, and say after each one that it was acknowledged; then something bad happens.
OSDRILL_KILLS sets how many children are killed (300 in `make check-all`).
"""

import json
import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.trainer.made import TODAY, instant, review, uuid
from tests.trainer.store.test_store import FOLD, facts, opened, undo
from trainer.model import Instant
from trainer.store import backups, schema
from trainer.store.answers import Answers
from trainer.store.backups import newest_good, restore
from trainer.store.errors import Busy, CannotSave, Damaged, Foreign, FromTheFuture
from trainer.store.store import Store
from trainer.store.verify import check

KILLS = int(os.environ.get("OSDRILL_KILLS", "20"))
AT = instant(TODAY, 20)
LATER = instant(TODAY, 21)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice.db"


@contextmanager
def child(work: Callable[[Callable[[str], None]], None]) -> Iterator[tuple[int, int]]:
    """Runs `work(acknowledge)` in a fork: (its process id, where its acknowledgements can be read)."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        code = 1
        try:
            work(lambda word: os.write(writing, f"{word}\n".encode()) and None)
            code = 0
        except BaseException:  # noqa: BLE001 — the child tells and ends; it must not run on as a second pytest
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    try:
        yield pid, reading
    finally:
        os.close(reading)


def acknowledged(reading: int, begun: bytes = b"") -> list[str]:
    """Everything that the child said before it ended, `begun` being read already."""
    chunks = [begun]
    while chunk := os.read(reading, 1 << 16):
        chunks.append(chunk)
    return b"".join(chunks).decode().split("\n")[:-1]


def filled(path: Path, count: int = 30) -> list[str]:
    """Answers of three skills, one of them undone, a backup in the middle; the ids that stand."""
    with opened(path) as store:
        for n in range(1, count + 1):
            store.record(
                review(n, f"skill-{n % 3}", TODAY - 40 + n, text="x" * 600, outcome="wrong" if n % 5 == 0 else "right")
            )
            if n == count // 2:
                store.backup(AT)
        store.add(undo(1, review(count, f"skill-{count % 3}")))
    return [uuid(n) for n in range(1, count)]


def standing(store: Store) -> list[str]:
    return [one.id for one in store.reviews()]


def healed(path: Path) -> Store:
    """The store after what `osdrill` and `osdrill db check|restore|rebuild` do about a broken file."""
    try:
        store = opened(path)
        found = check(store)
        if found and all(one.startswith("card ") for one in found):
            store.rebuild()
            found = check(store)
        if not found:
            return store
        store.close()
    except Damaged:
        pass
    restore(path, newest_good(path), lambda: opened(path), LATER)
    return opened(path)


# ── kill -9 ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_sigkill_at_any_moment_loses_no_acknowledged_answer(path: Path) -> None:
    """One file through all of it: each child goes on where the one before was killed."""
    FOLD(None, review())  # the libraries are loaded once, here, so that a child begins at once
    assert schema.migrate(path.with_name("other.db")) is None
    kept: list[str] = []
    undone: list[str] = []
    number = 0

    for kill in range(KILLS):
        first = number + 1

        def work(acknowledge: Callable[[str], None], first: int = first, kill: int = kill) -> None:
            with opened(path) as store:
                for n in range(first, first + 400):
                    one = review(n, f"skill-{n % 7}", TODAY + kill)
                    store.record(one)
                    acknowledge(one.id)
                    if n % 9 == 0:
                        store.withdraw(one, id_=uuid(10**9 + n), at=Instant(one.at, 0, 0.0), day=one.day)
                        acknowledge(f"undone {one.id}")
                    if n % 25 == 0:
                        store.backup(instant(TODAY + kill, 20, n % 60))

        with child(work) as (pid, reading):
            begun = os.read(reading, 1) if kill % 4 else b""  # now and then it dies while it still opens the file
            time.sleep(0.001 + 0.003 * (kill * 7 % 23))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            said = acknowledged(reading, begun)
        kept += [word for word in said if " " not in word]
        undone += [word.split()[1] for word in said if " " in word]
        number = first + 400
        with opened(path) as store:
            found = standing(store)
            everything = (
                {row[0] for row in store.connection.execute("SELECT id FROM reviews")} if store.connection else set()
            )
            assert set(kept) <= everything
            assert not set(undone) & set(found)
            assert len(everything) - len(kept) <= kill + 1, "at most the one on its way"
            if kill % 10 == 9 or kill == KILLS - 1:
                assert check(store) == []
        kept = sorted(everything)
    assert len(kept) >= KILLS * 3 // 4


# ── a disk that takes no more ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("room", [0, 1, 500, 4_096, 4_200, 8_192, 20_000, 33_000, 65_536, 100_000, 150_000, 250_000])
def test_a_disk_that_is_full_at_any_write_says_so_and_loses_nothing(path: Path, room: int) -> None:
    """RLIMIT_FSIZE lets every file grow to `room` bytes and no further: the write then fails as on a full disk."""

    def work(acknowledge: Callable[[str], None]) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        try:
            with opened(path) as store:
                for n in range(1, 200):
                    store.record(review(n, f"skill-{n % 7}", text="x" * 1000))
                    acknowledge(uuid(n))
        except CannotSave as error:
            acknowledge(f"refused: {error}")

    with child(work) as (pid, reading):
        said = acknowledged(reading)
        assert os.waitpid(pid, 0)[1] == 0
    assert said[-1].startswith("refused: ")
    assert "disk" in said[-1] or "cannot be opened" in said[-1]
    with opened(path) as store:
        assert standing(store) == said[:-1]
        assert check(store) == []
        store.record(review(999))


@pytest.mark.rule
def test_an_answer_is_kept_although_its_second_record_cannot_be_written(path: Path) -> None:
    with opened(path) as store:
        store.answers.path.mkdir()
        store.record(review(1))
        assert standing(store) == [uuid(1)]


# ── no permission ───────────────────────────────────────────────────────────────────────────────────────────────


def as_nobody(path: Path, work: Callable[[Callable[[str], None]], None]) -> list[str]:
    """What a user without rights to the folder can do there."""
    for parent in (path.parent, *path.parent.parents[:3]):
        if parent != Path("/tmp") and parent.owner() != "nobody":
            parent.chmod(0o755)
    for file in path.parent.iterdir():
        file.chmod(0o444 if file.is_file() else 0o555)
    path.parent.chmod(0o555)

    def unprivileged(acknowledge: Callable[[str], None]) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        work(acknowledge)

    try:
        with child(unprivileged) as (pid, reading):
            said = acknowledged(reading)
            assert os.waitpid(pid, 0)[1] == 0
    finally:
        path.parent.chmod(0o755)
    return said


@pytest.mark.rule
def test_a_read_only_folder_can_be_practised_from_and_says_that_it_cannot_save(path: Path) -> None:
    kept = filled(path)

    def work(acknowledge: Callable[[str], None]) -> None:
        with opened(path) as store:
            acknowledge(f"saving {store.saving} cards {len(store.cards())} reviews {len(standing(store))}")
            try:
                store.record(review(100))
            except CannotSave as error:
                acknowledge(str(error))

    said = as_nobody(path, work)
    assert said == [f"saving False cards 3 reviews {len(kept)}", f"{path} cannot be saved: it is read-only"]
    with opened(path) as store:
        assert standing(store) == kept


@pytest.mark.rule
def test_a_new_file_in_a_read_only_folder_says_that_it_cannot_save(path: Path) -> None:
    def work(acknowledge: Callable[[str], None]) -> None:
        with opened(path) as store:
            assert store.due(TODAY) == []
            try:
                store.record(review(1))
            except CannotSave as error:
                acknowledge(str(error))

    assert as_nobody(path, work) == [f"{path} cannot be saved: it cannot be opened or made there"]
    assert list(path.parent.iterdir()) == []


# ── two at once ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_second_process_waits_briefly_then_says_so(path: Path) -> None:
    filled(path, 4)
    holding = sqlite3.connect(path, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    with Store.open(path, FOLD, wait_ms=150) as store:
        began = time.perf_counter()
        with pytest.raises(Busy, match="in use by another osdrill"):
            store.record(review(50))
        assert 0.1 < time.perf_counter() - began < 3
        holding.execute("ROLLBACK")
        store.record(review(50))
    holding.close()


@pytest.mark.rule
def test_two_sessions_at_once_on_the_same_skills_keep_every_answer_and_the_same_cards(path: Path) -> None:
    def work(offset: int) -> Callable[[Callable[[str], None]], None]:
        def record(acknowledge: Callable[[str], None]) -> None:
            with opened(path) as store:
                for n in range(offset, offset + 60):
                    store.record(review(n, f"skill-{n % 3}"))
                    acknowledge(uuid(n))

        return record

    with child(work(1)) as (one, reading_one), child(work(1001)) as (two, reading_two):
        said = acknowledged(reading_one) + acknowledged(reading_two)
        assert [os.waitpid(pid, 0)[1] for pid in (one, two)] == [0, 0]
    with opened(path) as store:
        assert len(said) == 120
        assert sorted(standing(store)) == sorted(said)
        assert check(store) == []


@pytest.mark.rule
@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_second_first_start_waits_while_the_first_one_makes_the_file(path: Path, lock: str) -> None:
    """SQLite answers "locked" at once when the log is switched on, or leaves it off without a word."""
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE mine (a)")
    holder.execute("DROP TABLE mine")
    holder.execute(f"BEGIN {lock}")
    release = threading.Timer(0.3, holder.close)
    release.start()
    schema.migrate(path)
    release.join()
    with opened(path) as store:
        store.record(review(1, "skill-1"))
        assert store.connection is not None
        assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert check(store) == []


# ── broken files ────────────────────────────────────────────────────────────────────────────────────────────────


def crashed(source: Path, target: Path) -> list[str]:
    """A copy of a store as it lies on the disk in the middle of a session: the log not yet moved into the file."""
    with opened(source) as store:
        for n in range(1, 13):
            store.record(review(n, f"skill-{n % 3}", TODAY - 20 + n))
        target.parent.mkdir(exist_ok=True)
        for file in source.parent.iterdir():
            if file.is_file():
                shutil.copy(file, target.parent / file.name)
    return [uuid(n) for n in range(1, 13)]


@pytest.mark.rule
@pytest.mark.parametrize("tenths", range(11))
def test_a_write_ahead_log_cut_anywhere_loses_nothing(tmp_path: Path, tenths: int) -> None:
    (tmp_path / "a").mkdir()
    path = tmp_path / "b" / "practice.db"
    kept = crashed(tmp_path / "a" / "practice.db", path)
    log = path.with_name("practice.db-wal")
    size = log.stat().st_size
    assert size > 20_000
    os.truncate(log, size * tenths // 10)
    path.with_name("practice.db-shm").unlink()
    with healed(path) as store:
        assert sorted(standing(store)) == kept
        assert check(store) == []


@pytest.mark.rule
def test_a_flipped_byte_in_any_page_is_found_and_costs_nothing(tmp_path: Path) -> None:
    """Every page in turn, a byte of its head and one of its content; healed, the history is what was acknowledged."""
    original = tmp_path / "original"
    original.mkdir()
    kept = filled(original / "practice.db")
    with opened(original / "practice.db") as store:
        before = facts(store.reviews())
    size = (original / "practice.db").stat().st_size
    assert size // 4096 > 15
    found = 0
    for page in range(size // 4096):
        for place in (0, 5, 60, 3000, 4090):
            folder = tmp_path / f"{page}-{place}"
            shutil.copytree(original, folder)
            path = folder / "practice.db"
            with path.open("r+b") as file:
                file.seek(page * 4096 + place)
                byte = file.read(1)
                file.seek(page * 4096 + place)
                file.write(bytes([byte[0] ^ 0x41]))
            try:
                store = healed(path)
            except (FromTheFuture, Foreign):  # the byte that says whose file it is: refused, put back on request
                restore(path, newest_good(path), lambda path=path: opened(path), LATER)
                store = opened(path)
            with store:
                found += bool(list(folder.glob("practice.damaged-*.db")))
                assert standing(store) == kept, (page, place)
                assert facts(store.reviews()) == before, (page, place)
                assert check(store) == [], (page, place)
            shutil.rmtree(folder)
    assert found > size // 4096, "most of them were damage, and were kept aside"


@pytest.mark.rule
@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"not a database at all, but text of some length" * 200],
    ids=["empty", "zeros", "text"],
)
def test_a_file_that_is_empty_or_no_database_is_put_back_from_the_backup(path: Path, content: bytes) -> None:
    kept = filled(path)
    path.write_bytes(content)
    with pytest.raises(Damaged, match="newest good backup is from 2026-11-23T20:00:00Z with 15 answers") as damaged:
        opened(path)
    assert path.read_bytes() == content, "not touched"
    restored = restore(path, damaged.value.backup, lambda: opened(path), LATER)
    assert restored.answers == 15
    assert restored.kept is not None
    assert restored.kept.read_bytes() == content
    with opened(path) as store:
        assert standing(store) == kept
        assert check(store) == []


@pytest.mark.rule
def test_a_file_that_is_gone_comes_back_from_the_answers_beside_it(path: Path) -> None:
    with opened(path) as store:
        for n in range(1, 6):
            store.record(review(n))
    path.unlink()
    with pytest.raises(Damaged, match="no good backup") as damaged:
        opened(path)
    restore(path, damaged.value.backup, lambda: opened(path), LATER)
    with opened(path) as store:
        assert standing(store) == [uuid(n) for n in range(1, 6)]


@pytest.mark.rule
def test_without_backup_and_second_record_the_readable_rows_are_saved(path: Path) -> None:
    kept = filled(path, 40)
    shutil.rmtree(backups.folder(path))
    for side in (Answers(path).path, Answers(path).former):
        side.unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\xff\xff")  # no page size
    assert restore(path, None, lambda: opened(path), LATER).answers == 0, "the head is gone: nothing can be read"
    path.unlink()
    (aside,) = path.parent.glob("practice.damaged-*.db")
    with aside.open("r+b") as file:
        file.seek(16)
        file.write(b"\x10\x00")
    aside.replace(path)
    with sqlite3.connect(path) as broken:
        (page,) = broken.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'reviews_in_order'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    restored = restore(path, None, lambda: opened(path), instant(TODAY, 22))
    assert restored.answers == 40
    with opened(path) as store:
        assert standing(store) == kept


@pytest.mark.rule
def test_a_row_that_is_not_what_was_written_is_not_saved_from_a_broken_file(path: Path) -> None:
    with opened(path) as store:
        for n in (1, 2):
            store.record(review(n, response=f"response number {n}"))
    Answers(path).path.unlink()
    path.write_bytes(path.read_bytes().replace(b"response number 2", b"response number 7"))
    with opened(path) as store:
        assert check(store) == [f"review {uuid(2)}: is not what was written"]
    restore(path, None, lambda: opened(path), LATER)
    with opened(path) as store:
        assert standing(store) == [uuid(1)]


@pytest.mark.rule
def test_a_backup_begins_a_new_second_record_and_keeps_the_one_before(path: Path) -> None:
    with opened(path) as store:
        for n in (1, 2, 3):
            store.record(review(n))
            assert [one.id for one in store.answers.all()] == [uuid(max(1, n - 1)), uuid(n)][-n:]
            store.backup(instant(TODAY, 20, n))
        assert not store.answers.path.exists()


@pytest.mark.rule
def test_a_bad_backup_is_passed_over_for_an_older_good_one(path: Path) -> None:
    kept = filled(path)
    with opened(path) as store:
        newest = store.backup(LATER)
    assert newest is not None
    newest.write_bytes(newest.read_bytes()[:5000])
    good = newest_good(path)
    assert good is not None
    assert good.at == "2026-11-23T20:00:00Z"
    path.write_bytes(b"")
    restore(path, good, lambda: opened(path), instant(TODAY, 22))
    with opened(path) as store:
        assert standing(store) == kept, "the answers before the bad backup are still beside it"


@pytest.mark.rule
def test_a_torn_or_changed_line_of_the_second_record_is_passed_over(path: Path) -> None:
    answers = Answers(path)
    for n in (1, 2):
        answers.append(review(n))
    with answers.path.open("ab") as file:
        file.write(
            b'{"digest": "00", "review": {"id": "x"}}\n[[[\n\xff\xfe\n' + b"[" * 100_000 + b"\n" + b'{"digest": "ab'
        )
    answers.append(review(3))
    assert [one.id for one in answers.all()] == [uuid(1), uuid(2), uuid(3)]
    last = answers.last()
    assert last is not None
    assert last.id == uuid(3)


# ── schemas ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_schema_from_the_future_is_refused_untouched(path: Path) -> None:
    filled(path, 3)
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    newer.close()
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(FromTheFuture, match="upgrade osdrill"):
        opened(path)
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


@pytest.mark.rule
def test_a_database_of_another_program_is_refused_untouched(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE places (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(Foreign, match="another program"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.rule
def test_a_file_whose_making_was_cut_off_is_made_again(path: Path) -> None:
    connection = schema.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with opened(path) as store:
        store.record(review(1))
        assert standing(store) == [uuid(1)]


FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("v*.sql"))


@pytest.mark.rule
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.stem)
def test_every_past_schema_opens_and_keeps_every_review(path: Path, fixture: Path) -> None:
    with sqlite3.connect(path) as old:
        old.executescript(fixture.read_text(encoding="utf-8"))
    old.close()
    expected = json.loads(fixture.with_suffix(".json").read_text(encoding="utf-8"))
    with opened(path) as store:
        assert store.connection is not None
        assert schema.version(store.connection) == schema.VERSION
        assert [[one.id, one.skill, one.outcome, one.response] for one in store.reviews()] == expected
        assert check(store) == []
        store.record(review(5000))


@pytest.mark.rule
def test_there_is_a_fixture_of_every_released_schema() -> None:
    assert [file.stem for file in FIXTURES] == [f"v{version}" for version in range(1, schema.VERSION + 1)]
    assert list(schema.STEPS) == [str(version) for version in range(1, schema.VERSION + 1)]
