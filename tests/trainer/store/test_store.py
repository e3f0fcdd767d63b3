"""The store keeps what it acknowledged, and the cards are always the fold of the reviews that stand."""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trainer.made import TODAY, histories, instant, review, uuid
from trainer.model import Review, replace
from trainer.practice.fold import Fold
from trainer.practice.memory import Memory
from trainer.store.exchange import merge
from trainer.store.rows import Event
from trainer.store.store import Store
from trainer.store.verify import check

FOLD = Fold(Memory())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "practice.db"


def opened(path: Path) -> Store:
    return Store.open(path, FOLD, at=instant(TODAY))


def undo(number: int, of: Review, at: str = instant(TODAY, 12)) -> Event:
    return Event(id=uuid(10_000 + number), kind="withdraw", skill=of.skill, at=at, offset=0, day=TODAY, review=of.id)


def facts(reviews: Any) -> list[Review]:
    """Without the order, which the store sets."""
    return [replace(one, order=0) for one in reviews]


@pytest.mark.rule
def test_a_file_that_is_not_there_reads_as_empty_and_is_not_made_by_reading(path: Path) -> None:
    with opened(path) as store:
        assert (store.due(TODAY), store.cards(), list(store.reviews()), store.setting("goal")) == ([], [], [], None)
        assert store.paces(TODAY) == []
    assert not path.parent.exists()


@pytest.mark.rule
def test_a_review_comes_back_as_it_was_after_a_restart(path: Path) -> None:
    odd = review(
        text="Ж “x”\n\x1b[31m\x00", response="\ud800 half", mistakes=("a", "b"), conventions=("c",), predicted=0.1 + 0.2
    )
    with opened(path) as store:
        store.record(odd)
    with opened(path) as store:
        (kept,) = store.reviews()
    assert replace(kept, order=0) == replace(odd, response="\\ud800 half")
    assert kept.predicted == 0.1 + 0.2


@pytest.mark.rule
def test_the_same_review_twice_is_refused_and_changes_nothing(path: Path) -> None:
    with opened(path) as store:
        card = store.record(review())
        with pytest.raises(sqlite3.IntegrityError):
            store.record(review())
        assert (store.card("rr.waiting"), len(list(store.reviews()))) == (card, 1)


@pytest.mark.rule
def test_an_error_in_the_middle_of_an_answer_leaves_nothing_of_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path) as store:
        store.record(review(1))
        card = store.card("rr.waiting")
        with monkeypatch.context() as broken:
            broken.setattr("trainer.store.sql.PUT_CARD", "INSERT INTO nowhere VALUES (1)")
            with pytest.raises(sqlite3.OperationalError, match="nowhere"):
                store.record(review(2, day=TODAY + 9))
        assert (store.count(), store.card("rr.waiting")) == (1, card)
        store.record(review(2, day=TODAY + 9))
    with opened(path) as store:
        assert (store.count(), check(store)) == (2, [])


@pytest.mark.rule
@pytest.mark.parametrize("table", ["reviews", "shown", "events"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET n = n + 1", "DELETE FROM {}"])
def test_history_can_be_neither_changed_nor_deleted(path: Path, table: str, statement: str) -> None:
    with opened(path) as store:
        store.add(undo(1, _recorded(store, review())))
    with sqlite3.connect(path) as other, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(statement.format(table))


def _recorded(store: Store, one: Review) -> Review:
    store.record(one)
    return one


@pytest.mark.rule
def test_what_happened_later_comes_later_although_the_clock_went_back(path: Path) -> None:
    with opened(path) as store:
        for number, day in enumerate((TODAY, TODAY + 3650, TODAY - 10, TODAY), 1):
            store.record(review(number, day=day))
        assert [one.id for one in store.reviews()] == [uuid(number) for number in (1, 2, 3, 4)]


@pytest.mark.rule
def test_a_card_answered_under_a_clock_ten_years_ahead_is_due_when_the_clock_is_right_again(path: Path) -> None:
    with opened(path) as store:
        store.record(review(1, day=TODAY + 3650))
        assert [card.skill for card in store.due(TODAY)] == ["rr.waiting"]
        card = store.record(review(2, day=TODAY))
        assert card.last == TODAY
        assert store.due(TODAY) == []


@pytest.mark.rule
def test_due_lists_the_longest_due_first_and_what_failed_today(path: Path) -> None:
    with opened(path) as store:
        store.record(review(1, "b", TODAY - 30))
        store.record(review(2, "a", TODAY - 60))
        store.record(review(3, "c", TODAY, outcome="wrong"))
        store.record(review(4, "d", TODAY))
        assert [card.skill for card in store.due(TODAY)] == ["a", "b", "c"]
        assert [card.skill for card in store.due(TODAY, limit=1)] == ["a"]
        assert sorted(store.paces(TODAY)) == [("a", 20_000), ("b", 20_000), ("c", 20_000)]


@pytest.mark.rule
def test_suspended_and_skipped_skills_are_put_off(path: Path) -> None:
    def event(number: int, kind: str, skill: str, day: int = TODAY) -> Event:
        return Event(uuid(number), kind, skill, instant(day), 0, day)

    with opened(path) as store:
        store.add(event(1, "suspend", "a"))
        store.add(event(2, "skip", "b"))
        store.add(event(3, "suspend", "c"))
        store.add(event(4, "resume", "c"))
        assert store.put_off(TODAY) == {"a": "suspend", "b": "skip"}
        assert store.put_off(TODAY + 1) == {"a": "suspend"}


@pytest.mark.rule
def test_a_reset_skill_begins_anew_and_keeps_its_history(path: Path) -> None:
    with opened(path) as store:
        store.record(review(1, day=TODAY - 40))
        assert store.add(Event(uuid(9), "reset", "rr.waiting", instant(TODAY), 0, TODAY)) is None
        assert store.cards() == []
        fresh = store.record(review(2, day=TODAY))
        assert (fresh.reps, len(list(store.reviews()))) == (1, 2)
        assert store.rebuild() == 0


@pytest.mark.law
@settings(max_examples=25)
@given(history=histories())
def test_cards_recorded_one_by_one_are_the_fold_of_all_reviews_to_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory, history: list[Review]
) -> None:
    with opened(tmp_path_factory.mktemp("store") / "practice.db") as store:
        for one in history:
            store.record(one)
        before = store.connection.execute("SELECT * FROM cards ORDER BY skill").fetchall()  # type: ignore[union-attr]
        assert facts(store.reviews()) == history
        assert store.rebuild() == 0
        assert store.connection.execute("SELECT * FROM cards ORDER BY skill").fetchall() == before  # type: ignore[union-attr]
        assert check(store) == []


@pytest.mark.law
@settings(max_examples=25)
@given(history=histories(20), data=st.data())
def test_undo_leaves_the_bits_as_if_the_review_had_never_been(
    tmp_path_factory: pytest.TempPathFactory, history: list[Review], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(history))
    folder = tmp_path_factory.mktemp("store")
    with opened(folder / "with.db") as store, opened(folder / "without.db") as other:
        for one in history:
            store.record(one)
            if one is not gone:
                other.record(one)
        card = store.add(undo(1, gone))
        assert card == other.card(gone.skill)
        assert store.cards() == other.cards()
        assert facts(store.reviews()) == facts(other.reviews())
        assert store.review(gone.id) is not None


@pytest.mark.law
@settings(max_examples=15)
@given(history=histories(25), data=st.data())
def test_two_histories_merge_to_the_same_cards_from_either_side(
    tmp_path_factory: pytest.TempPathFactory, history: list[Review], data: st.DataObject
) -> None:
    """Answers dealt out between two machines, one undone; then each adopts what the other has, twice."""
    folder = tmp_path_factory.mktemp("store")
    with opened(folder / "one.db") as one, opened(folder / "two.db") as two:
        for review_ in history:
            data.draw(st.sampled_from((one, two))).record(review_)
        (holder,) = [store for store in (one, two) if store.review(history[0].id)]
        holder.add(undo(1, history[0]))
        for to, source in ((one, two), (two, one), (one, two)):
            merge(to, source)
        assert one.cards() == two.cards()
        assert list(one.reviews()) == list(two.reviews())
        assert check(one) == check(two) == []


@pytest.mark.rule
def test_reading_the_first_due_card_imports_nothing_heavy(path: Path) -> None:
    with opened(path) as store:
        store.record(review(day=TODAY - 30))
    code = f"""
import sys
from pathlib import Path
from trainer.store.store import Store
assert Store.open(Path({str(path)!r}), None).due({TODAY})
heavy = {{"fsrs", "sqlite_utils", "prompt_toolkit", "yaml", "msgspec", "importlib.metadata", "importlib.resources"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.rule
def test_the_fold_follows_a_setting_that_another_process_changed(tmp_path: Path) -> None:
    """Fitted in one window while a session is open in another: both fold under the same memory from then on."""

    def under(kept: Mapping[str, Any]) -> Fold:
        return Fold(Memory(retention=(kept.get("goal") or {}).get("retention", 0.9)))

    path = tmp_path / "one.db"
    with Store.open(path, under({}), under=under) as first, Store.open(path, under({}), under=under) as second:
        early = first.record(review(1, "rr"))
        second.set("goal", {"retention": 0.8})
        second.rebuild()
        later = first.record(review(2, "sjf"))
        assert later.due > early.due
        assert check(first) == []
