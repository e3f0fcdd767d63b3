"""Copies are sound, named by their moment, and thinned so that old days stay reachable."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY, instant, review, uuid
from tests.trainer.store.test_store import opened
from trainer.store.backups import all_of, faults_of, folder, newest_good, thin
from trainer.store.errors import CannotSave


@pytest.mark.rule
def test_a_backup_is_one_sound_file_named_by_its_moment(tmp_path: Path) -> None:
    with opened(tmp_path / "practice.db") as store:
        assert store.backup(instant(TODAY)) is None, "nothing to copy yet"
        for n in (1, 2, 3):
            store.record(review(n))
        made = store.backup(instant(TODAY, 9, 5))
    assert made == folder(tmp_path / "practice.db") / "practice-20261123T090500Z.db"
    assert [one.name for one in made.parent.iterdir()] == [made.name], "no side files"
    assert faults_of(made) == []
    assert newest_good(tmp_path / "practice.db") == (made, "2026-11-23T09:05:00Z", 3)
    with opened(made) as copy:
        assert [one.id for one in copy.reviews()] == [uuid(1), uuid(2), uuid(3)]


@pytest.mark.rule
def test_an_unsound_copy_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "practice.db"
    with opened(path) as store:
        for n in range(1, 40):
            store.record(review(n, f"skill-{n}"))
    with path.open("r+b") as file:
        file.seek(5 * 4096 + 3)
        file.write(b"\xff\xff\xff")
    with opened(path) as store, pytest.raises(CannotSave, match="not sound"):
        store.backup(instant(TODAY))
    assert all_of(path) == []
    assert newest_good(path) is None


def daily(days: int, a_day: int = 1) -> list[str]:
    """The stamps of `a_day` copies on each of so many days up to 2026-11-23."""
    last = datetime.fromisoformat("2026-11-23T20:00:00")
    return [
        (last - timedelta(days=day, hours=hour)).strftime("%Y%m%dT%H%M%SZ")
        for day in range(days)
        for hour in range(a_day)
    ]


@pytest.mark.rule
def test_every_copy_of_the_last_two_days_is_kept() -> None:
    stamps = daily(4, a_day=5)
    gone = set(thin(stamps))
    assert not gone & set(stamps[:10])
    assert len(gone) == 8, "of the two days before, only the newest of each stays"


@pytest.mark.rule
def test_then_twelve_days_ten_weeks_and_nine_months_are_kept() -> None:
    kept = sorted(set(daily(400)) - set(thin(daily(400))), reverse=True)
    days = [stamp[:8] for stamp in kept]
    assert days[:12] == [f"202611{day:02}" for day in range(23, 11, -1)]
    assert {"20261108", "20261101", "20260927"} <= set(days), (
        "Sundays: the tenth week, this Monday being one, ends there"
    )
    assert "20260920" not in days
    assert {"20260831", "20260331"} <= set(days), "ends of nine months"
    assert "20260228" not in days


@pytest.mark.law
@given(days=st.integers(1, 120), a_day=st.integers(1, 3))
def test_thinning_keeps_the_newest_and_thinning_again_takes_nothing_more(days: int, a_day: int) -> None:
    stamps = daily(days, a_day)
    kept = [one for one in stamps if one not in set(thin(stamps))]
    assert kept[0] == max(stamps)
    assert thin(kept) == []
    assert len(kept) <= 2 * a_day + 12 + 10 + 9
