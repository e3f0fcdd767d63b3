"""The power fails at any step of a session: every acknowledged answer is there, and the file is sound.

The plain lines beside the database are left out, and there is no backup: SQLite's file alone must hold what was
promised. See `power` for the model of the disk.
"""

import shutil
from pathlib import Path

import pytest

from tests.trainer.made import TODAY, review, uuid
from tests.trainer.store import power
from tests.trainer.store.test_faults import healed, standing
from tests.trainer.store.test_store import opened
from trainer.model import Instant, QuestionName
from trainer.quiz.stream import picker
from trainer.store.errors import CannotSave, Damaged
from trainer.store.verify import check

pytestmark = pytest.mark.skipif(power.library() is None, reason="the SQLite of this Python cannot be reached")
FATES = {"nothing more": 0, "half of it": 1, "all of it": 2}


def practised(path: Path, log: power.Log, sessions: int = 2, *, synced: bool = True) -> None:
    """Sessions of five answers and an undo; the log is moved into the file on the way and at each end."""
    for session in range(sessions):
        with opened(path) as store:
            store.prepare()
            assert store.connection is not None
            store.connection.execute("PRAGMA wal_autocheckpoint = 12")
            if not synced:
                store.connection.execute("PRAGMA synchronous = OFF")
            for n in range(session * 5 + 1, session * 5 + 6):
                one = review(n, f"skill-{n % 3}", TODAY + session, text="x" * 900)
                store.record(one)
                log.say(one.id)
            store.withdraw(one, id_=uuid(9_000 + n), at=Instant(one.at, 0, 0.0), day=one.day)
            log.say(f"undone {one.id}")


def losses(log: power.Log, folder: Path, moment: int, fate: int) -> list[str]:
    """What is missing or wrong after the power failed at that moment."""
    pick = picker(QuestionName("power", 1, 1, moment))
    count = iter(range(1 << 30))
    files = power.left(log, moment, lambda: fate == 2 or (fate == 1 and pick(f"{next(count)}", 0, 1) == 1))
    power.laid_down(files, folder)
    said = log.said(moment)
    kept = [word for word in said if " " not in word]
    undone = {word.split()[1] for word in said if " " in word}
    path = folder / "practice.db"
    try:
        store = opened(path)
    except Damaged as damaged:
        if kept:
            return [str(damaged)]
        store = healed(path)  # cut off while it was made: there was nothing to lose
    with store:
        found = standing(store)
        everything = [row[0] for row in store.connection.execute("SELECT id FROM reviews")] if store.connection else []
        missing = [one for one in kept if one not in everything]
        wrong = [one for one in found if one in undone]
        extra = ["more than the one on its way"] if len(everything) > len(kept) + 1 else []
        return [*missing, *wrong, *extra, *check(store)]


def moments(log: power.Log) -> list[int]:
    return list(range(len(log.steps) + 1))


@pytest.mark.rule
def test_a_power_failure_at_any_step_loses_no_acknowledged_answer(tmp_path: Path) -> None:
    with power.recorded() as log:
        practised(tmp_path / "made" / "practice.db", log)
    kinds = {step.kind for step in log.steps}
    assert kinds == {"write", "sync", "truncate", "delete", "said"}, "the model saw everything there is to see"
    assert len(log.said(len(log.steps))) == 12
    for moment in moments(log):
        for fate in FATES.values():
            folder = tmp_path / f"{moment}-{fate}"
            assert losses(log, folder, moment, fate) == [], (moment, fate, log.steps[max(0, moment - 3) : moment])
            shutil.rmtree(folder)


@pytest.mark.rule
def test_a_disk_that_is_full_from_any_write_on_keeps_what_it_took_and_says_so(tmp_path: Path) -> None:
    """From the making of the file to the log's way into it: each write in turn is the first that fails."""
    told: list[str] = []
    kept = 0
    for room in range(1_000):
        path = tmp_path / f"{room}" / "practice.db"
        said: list[str] = []
        with power.recorded(room) as log:
            try:
                practised(path, log)
            except CannotSave as error:
                told.append(str(error))
            said = log.said(len(log.steps))
        with opened(path) as store:
            undone = {word.split()[1] for word in said if " " in word}
            assert standing(store) == [word for word in said if " " not in word and word not in undone], room
            assert check(store) == [], room
            store.record(review(999, day=TODAY + 9))
        shutil.rmtree(path.parent)
        kept = len(said)
        if log.room >= 0:
            break
    assert len(told) > 50
    assert all("disk" in one or "cannot be opened" in one for one in told), told
    assert kept == 12, "with room enough all of them"


@pytest.mark.rule
def test_the_model_sees_a_program_that_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    """The same session under synchronous=OFF: the model must find answers that were promised and are gone."""
    with power.recorded() as log:
        practised(tmp_path / "made" / "practice.db", log, synced=False)
    lost = [losses(log, tmp_path / f"{moment}", moment, fate=0) for moment in moments(log)[::20]]
    assert any(lost)


@pytest.mark.rule
def test_what_was_synced_stays_and_what_was_not_comes_by_luck() -> None:
    """A file of two sectors synced, one sector overwritten since, then deleted."""
    old, new = b"a" * 1024, b"b" * 512
    log = power.Log([power.Step("write", "f", 0, old), power.Step("sync", "f"), power.Step("write", "f", 512, new)])
    assert power.left(log, 3, lambda: False) == {"f": old}
    assert power.left(log, 3, lambda: True) == {"f": b"a" * 512 + new}
    log.steps.append(power.Step("delete", "f"))
    assert power.left(log, 4, lambda: False) == {"f": old}
    assert power.left(log, 4, lambda: True) == {}
    log.steps.append(power.Step("sync", "other"))
    assert power.left(log, 5, lambda: False) == {}, "another file's sync makes the deletion sure"
