"""A history goes out whole and comes in once, from either side."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trainer.made import TODAY, histories, instant, review, uuid
from tests.trainer.store.test_store import FOLD, opened, undo
from trainer.model import Review, replace
from trainer.store.errors import CannotSave
from trainer.store.exchange import CSV_HEAD, export_lines, fsrs_rows, import_lines, merge
from trainer.store.rows import Event
from trainer.store.store import Store
from trainer.store.verify import check


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "one.db") as made:
        for n in range(1, 6):
            made.record(review(n, f"skill-{n % 2}", TODAY + n, text="Ж\n\x1b"))
        made.add(undo(1, review(5, "skill-1")))
        yield made


@pytest.mark.rule
def test_an_export_holds_everything_and_comes_in_whole_into_an_empty_file(store: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "two.db") as other:
        done = import_lines(other, export_lines(store))
        assert (done.new, done.known, done.refused) == (6, 0, ())
        assert list(other.reviews(withdrawn=True)) == list(store.reviews(withdrawn=True))
        assert (list(other.events()), other.cards()) == (list(store.events()), store.cards())
        assert list(export_lines(other)) == list(export_lines(store))


@pytest.mark.rule
def test_importing_twice_is_importing_once(store: Store) -> None:
    before = list(export_lines(store))
    assert import_lines(store, before) == (0, 6, (), ())
    assert list(export_lines(store)) == before


@pytest.mark.rule
def test_a_line_that_is_there_twice_comes_in_once(store: Store, tmp_path: Path) -> None:
    lines = list(export_lines(store))
    with opened(tmp_path / "two.db") as other:
        assert import_lines(other, [*lines, *lines]).new == 6
        assert list(export_lines(other)) == lines


@pytest.mark.rule
def test_lines_that_are_not_what_was_written_are_named_and_the_rest_comes_in(store: Store, tmp_path: Path) -> None:
    lines = list(export_lines(store))
    changed = json.loads(lines[2])
    changed["review"]["outcome"] = "wrong"
    lines[2] = json.dumps(changed)
    lines[4:4] = ["", "[]", "{", '{"digest": "00", "event": {}}', "[" * 100_000]
    with opened(tmp_path / "two.db") as other:
        done = import_lines(other, lines)
        assert done.new == 5
        assert [one.split(":")[0] for one in done.refused] == ["line 3", "line 6", "line 7", "line 8", "line 9"]
        assert done.refused[0] == "line 3: is not a line of an export (was changed after it was written)"
        assert check(other) == []


@pytest.mark.rule
def test_an_export_of_a_newer_osdrill_is_refused(store: Store) -> None:
    with pytest.raises(CannotSave, match="format 2; this osdrill reads format 1"):
        import_lines(store, ['{"osdrill": 2}'])


@pytest.mark.rule
def test_an_undo_on_one_machine_holds_on_both_after_a_merge(store: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "two.db") as other:
        merge(other, store)
        other.add(undo(2, review(4, "skill-0")))
        store.record(review(9, "skill-0", TODAY + 9))
        merge(store, other)
        merge(other, store)
        assert [one.id for one in store.reviews()] == [uuid(n) for n in (1, 2, 3, 9)]
        assert (store.cards(), list(store.reviews())) == (other.cards(), list(other.reviews()))


@pytest.mark.rule
def test_only_the_first_attempt_of_a_day_counts_also_when_two_machines_each_had_one(tmp_path: Path) -> None:
    with opened(tmp_path / "one.db") as one, opened(tmp_path / "two.db") as two:
        one.record(review(1, day=TODAY, outcome="wrong", at=instant(TODAY, 9)))
        two.record(review(2, day=TODAY, at=instant(TODAY, 10)))
        merge(one, two)
        card = one.card("rr.waiting")
        assert card is not None
        assert (card.reps, card.lapses) == (1, 1)


@pytest.mark.rule
def test_the_optimisers_csv_has_its_columns_and_whole_days(store: Store) -> None:
    assert CSV_HEAD == ("card_id", "review_time", "review_rating", "review_state", "review_duration")
    rows = list(fsrs_rows(store))
    assert [(row[0], row[2], row[3]) for row in rows] == [(1, 3, 0), (2, 3, 0), (1, 3, 2), (2, 3, 2)]
    assert rows[2][1] - rows[0][1] == 2 * 86_400_000
    assert rows[0][1] == (TODAY + 1) * 86_400_000 + 43_200_000


@pytest.mark.law
@settings(max_examples=15)
@given(history=histories(25), skew=st.sampled_from([0, -10, 400]), data=st.data())
def test_three_machines_whose_clocks_disagree_come_to_one_history_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, history: list[Review], skew: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    stores = [Store.open(folder / f"{n}.db", FOLD) for n in range(3)]
    for one in history:
        machine = data.draw(st.integers(0, 2))
        at = instant(max(0, one.day + skew), 9) if machine == 2 else one.at
        stores[machine].record(replace(one, at=at, day=max(0, one.day + skew) if machine == 2 else one.day))
        if data.draw(st.integers(0, 5)) == 0:
            gone = Event(uuid(10_000 + int(one.id[-4:], 16)), "withdraw", one.skill, at, 0, one.day, one.id)
            stores[machine].add(gone)
    for into, source in data.draw(st.permutations([(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)])):
        merge(stores[into], stores[source])
    for into, source in ((0, 1), (0, 2), (1, 0), (2, 0)):
        merge(stores[into], stores[source])
    exports = [list(export_lines(store)) for store in stores]
    assert exports[0] == exports[1] == exports[2]
    assert stores[0].cards() == stores[1].cards() == stores[2].cards()
    assert check(stores[2]) == []
    for store in stores:
        store.close()


@pytest.mark.rule
def test_settings_travel_with_an_export_but_never_replace_one_that_is_set(store: Store, tmp_path: Path) -> None:
    store.set("goal", {"day": TODAY + 30, "topics": ["paging"], "retention": 0.9})
    with opened(tmp_path / "two.db") as other:
        assert import_lines(other, export_lines(store)).settings == ("goal",)
        other.set("goal", {"day": 1, "topics": [], "retention": 0.8})
        assert import_lines(other, export_lines(store)).settings == ()
        assert other.setting("goal")["day"] == 1
