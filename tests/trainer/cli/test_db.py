"""osdrill db: the history checked, copied, brought back, carried over; by the real commands."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill, environment
from tests.trainer.cli.test_practising import MONDAY, TUESDAY, Answer, answer

__all__ = ["answer"]  # a fixture
BELOW_HOME = ".local/share/osdrill"


def database(home: Path) -> Path:
    return home / BELOW_HOME / "history.db"


def spoil(path: Path) -> None:
    """A file that lost its middle: every page after the first is zeros."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)


@pytest.fixture
def three(osdrill: Osdrill, answer: Answer) -> None:
    """Two answers, a backup, one more answer."""
    answer("disk.order")
    answer("disk.movement", "1")
    osdrill("db", "backup", OSDRILL_NOW=MONDAY)
    answer("disk.movement", now=TUESDAY)


# ── check, backup, rebuild ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_check_finds_nothing_in_a_sound_file_and_names_the_newest_backup(osdrill: Osdrill, three: None) -> None:
    found = osdrill("db", "check", "--json")
    assert (found.code, found.json["found"], found.json["answers"]) == (0, [], 3)
    assert (found.json["backup"]["at"], found.json["backup"]["answers"]) == ("2026-11-23T08:00:00Z", 2)
    assert osdrill("db", "check").out == (
        "3 answers, newest good backup: 2026-11-23T08:00:00Z, 2 answers.\nNothing is wrong.\n"
    )


@pytest.mark.rule
def test_check_exits_1_for_a_card_that_is_not_its_reviews_fold_and_rebuild_helps(
    osdrill: Osdrill, three: None, tmp_path: Path
) -> None:
    with sqlite3.connect(database(tmp_path)) as history:
        history.execute("UPDATE cards SET due = due + 1 WHERE skill = 'disk.order'")
    history.close()
    found = osdrill("db", "check")
    assert (found.code, "card disk.order: is not what its reviews give" in found.out) == (1, True)
    assert "osdrill db rebuild makes the rest again" in found.out
    assert osdrill("db", "rebuild", "--json").json == {"cards": 2, "changed": 1}
    assert osdrill("db", "check").code == 0


@pytest.mark.rule
def test_a_card_that_cannot_be_read_names_rebuild_at_any_command(osdrill: Osdrill, three: None, tmp_path: Path) -> None:
    with sqlite3.connect(database(tmp_path)) as history:
        history.execute("UPDATE cards SET ratings = '[[' WHERE skill = 'disk.order'")
    history.close()
    for command in ("plan", "stats", "quiz"):
        refused = osdrill(command)
        assert (refused.code, refused.err.count("\n"), "osdrill db rebuild" in refused.err) == (2, 1, True), command
    osdrill("db", "rebuild")
    assert osdrill("plan").code == 0


@pytest.mark.rule
def test_a_changed_row_is_found(osdrill: Osdrill, three: None, tmp_path: Path) -> None:
    with sqlite3.connect(database(tmp_path)) as history:
        history.execute("DROP TRIGGER reviews_keep_UPDATE")
        history.execute("UPDATE reviews SET outcome = 'right', grade = 3 WHERE outcome = 'wrong'")
    history.close()
    found = osdrill("db", "check", "--json")
    assert (found.code, any("is not what was written" in one for one in found.json["found"])) == (1, True)


# ── a damaged or lost file ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_every_command_that_meets_a_damaged_file_says_which_command_helps(
    osdrill: Osdrill, three: None, tmp_path: Path
) -> None:
    spoil(database(tmp_path))
    for command in (
        ("quiz",),
        ("stats",),
        ("plan",),
        ("goal",),
        ("history",),
        ("skip", "disk.order"),
        ("db", "rebuild"),
    ):
        refused = osdrill(*command)
        assert refused.code == 2, command
        assert "is damaged" in refused.err, command
        assert "from 2026-11-23T08:00:00Z with 2 answers: osdrill db restore" in refused.err, command
        assert refused.err.count("\n") == 1, command
    found = osdrill("db", "check")
    assert (found.code, "osdrill db restore" in found.out) == (1, True)


@pytest.mark.rule
def test_restore_asks_for_nothing_without_a_terminal_but_says_which_flag_does_it(
    osdrill: Osdrill, three: None, tmp_path: Path
) -> None:
    spoil(database(tmp_path))
    before = database(tmp_path).read_bytes()
    refused = osdrill("db", "restore", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "needs-yes")
    assert "osdrill db restore --yes" in refused.err
    assert database(tmp_path).read_bytes() == before


@pytest.mark.rule
def test_restore_brings_back_the_answers_after_the_backup_too(osdrill: Osdrill, three: None, tmp_path: Path) -> None:
    before = osdrill("history", "--json").json
    spoil(database(tmp_path))
    done = osdrill("db", "restore", "--yes", OSDRILL_NOW=TUESDAY)
    assert done.out.startswith("3 answers are there again: 1 of them newer than the backup.\n")
    assert osdrill("history", "--json").json == before
    assert osdrill("db", "check").code == 0
    assert (database(tmp_path).parent / "history.damaged-20261124T080000Z.db").exists()


@pytest.mark.rule
@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_file_that_is_gone_or_empty_is_no_first_run(osdrill: Osdrill, three: None, tmp_path: Path, lost: str) -> None:
    path = database(tmp_path)
    path.unlink() if lost == "gone" else path.write_bytes(b"")
    assert "osdrill db restore" in osdrill("quiz").err
    osdrill("db", "restore", "--yes")
    assert len(osdrill("history", "--json").json) == 3


@pytest.mark.rule
def test_a_backup_can_be_named_and_one_that_is_not_sound_is_refused(
    osdrill: Osdrill, three: None, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(osdrill("db", "backup", "--json", OSDRILL_NOW=TUESDAY).json["path"], copy)
    assert osdrill("db", "restore", str(copy), "--yes", "--json").json["answers"] == 3
    spoil(copy)
    assert osdrill("db", "restore", str(copy), "--yes", "--json").json["error"]["code"] == "bad-backup"


@pytest.mark.rule
def test_with_nothing_to_restore_that_is_said(osdrill: Osdrill) -> None:
    assert osdrill("db", "restore", "--yes", "--json").json["error"]["code"] == "nothing-there"
    assert osdrill("db", "check").out == "0 answers, no backup yet.\nNothing is wrong.\n"


# ── to and fro ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_an_export_comes_in_whole_on_another_machine_and_twice_is_once(
    osdrill: Osdrill, three: None, tmp_path: Path
) -> None:
    file, other = tmp_path / "history.jsonl", environment(tmp_path / "other")["HOME"]
    osdrill("goal", "2027-01-20", OSDRILL_NOW=TUESDAY)
    assert osdrill("db", "export", str(file)).out == f"{file}: 3 answers\n"
    assert osdrill("db", "export", str(file), "--json").json["error"]["code"] == "file-exists"
    first = osdrill("db", "import", str(file), "--json", HOME=other).json
    assert first == {"new": 3, "known": 0, "refused": [], "settings": ["goal"]}
    assert osdrill("db", "import", "-", "--json", stdin=file.read_text(), HOME=other).json["new"] == 0
    assert osdrill("history", "--json", HOME=other).json == osdrill("history", "--json").json
    assert osdrill("db", "export", HOME=other).out == file.read_text()
    assert osdrill("db", "check", HOME=other).code == 0


@pytest.mark.rule
def test_a_line_that_was_changed_is_named_and_the_rest_comes_in(osdrill: Osdrill, three: None, tmp_path: Path) -> None:
    lines = osdrill("db", "export").out.replace('"outcome": "wrong"', '"outcome": "right"')
    done = osdrill("db", "import", "-", stdin=lines, HOME=str(tmp_path / "other"))
    assert (done.code, done.out) == (2, "2 new, 0 known already.\n")
    assert done.err == "osdrill: line 3: is not a line of an export (was changed after it was written)\n"


@pytest.mark.rule
def test_the_table_for_the_optimiser_has_the_reviews_that_moved_the_memory(osdrill: Osdrill, three: None) -> None:
    head, *rows = osdrill("db", "export", "--csv").out.splitlines()
    assert head == "card_id,review_time,review_rating,review_state,review_duration"
    assert [row.split(",")[2:] for row in rows] == [["3", "0", "20000"], ["1", "0", "20000"], ["3", "2", "20000"]]


@pytest.mark.rule
def test_two_machines_merge_to_the_same_history_and_the_other_file_is_only_read(
    osdrill: Osdrill, answer: Answer, three: None, tmp_path: Path
) -> None:
    other = str(tmp_path / "other")
    for skill, now in (("disk.movement", "2026-11-23T12:00:00+01:00"), ("disk.order", TUESDAY)):
        name = osdrill("ask", skill, "--seed", "9", "--json").json["name"]
        osdrill("grade", name, "5", "--record", "--took-ms", "9000", OSDRILL_NOW=now, HOME=other)
    theirs = database(tmp_path / "other")
    before = theirs.read_bytes()
    done = osdrill("db", "merge", str(theirs), "--json", OSDRILL_NOW=TUESDAY)
    assert done.json == {"new": 2, "theirs": 2, "answers": 5}
    assert theirs.read_bytes() == before
    assert osdrill("db", "merge", str(theirs), "--json").json["new"] == 0
    osdrill("db", "merge", str(database(tmp_path)), HOME=other)
    assert osdrill("db", "export", HOME=other).out == osdrill("db", "export").out
    assert (osdrill("db", "check").code, osdrill("db", "check", HOME=other).code) == (0, 0)


@pytest.mark.rule
def test_a_damaged_file_is_not_merged(osdrill: Osdrill, three: None, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.db"
    shutil.copy(osdrill("db", "backup", "--json", OSDRILL_NOW=TUESDAY).json["path"], theirs)
    spoil(theirs)
    refused = osdrill("db", "merge", str(theirs), "--json")
    assert (refused.code, refused.json["error"]["code"], refused.json["error"]["where"]) == (2, "damaged", str(theirs))
    assert len(osdrill("history", "--json").json) == 3
