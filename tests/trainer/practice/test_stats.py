"""Figures are what they say, from whole reviews and from the store's own counts alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trainer.made import TODAY, histories, review, uuid
from tests.trainer.practice.bench import FOLD, card
from trainer.model import Review, replace
from trainer.practice import stats
from trainer.practice.mistakes import held_in
from trainer.practice.stats import Foretold, Sources, Tally, calibration, forecast, interval, practised, statistics
from trainer.practice.unsaved import Unsaved
from trainer.store.rows import Event
from trainer.store.store import Store


def figures(reviews: list[Review]) -> stats.Statistics:
    ledger = Unsaved(FOLD)
    for one in reviews:
        ledger.record(one)
    return statistics(stats.sources(ledger), TODAY, lambda one: FOLD.predicted(one, TODAY))


# ── published numbers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81/263 is 0.2553 to 0.3662")
def test_the_interval_of_a_share_is_wilsons() -> None:
    found = interval(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert [round(one, 4) for one in (interval(0, 20).low, interval(0, 20).high)] == [0.0, 0.1611]
    assert [round(one, 4) for one in (interval(29, 29).low, interval(29, 29).high)] == [0.883, 1.0]


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_practised_counts_study_days_of_the_last_seven_today_included() -> None:
    days = [TODAY, TODAY, TODAY - 1, TODAY - 6, TODAY - 7, TODAY + 1]
    assert practised([Tally(day, "t", "simulated", "right", 1, 0) for day in days], TODAY) == 3


@pytest.mark.rule
def test_a_mistake_is_in_the_profile_when_it_fits_two_different_questions() -> None:
    wrong = {"outcome": "wrong", "mistakes": ("fcfs-instead",)}
    once = [review(1, seed=7, **wrong), review(2, seed=7, **wrong)]
    assert figures(once).mistakes == ()
    (held,) = figures([*once, review(3, seed=8, **wrong)]).mistakes
    assert (held.id, held.questions, held.settled) == ("fcfs-instead", 2, False)


@pytest.mark.rule
@pytest.mark.parametrize("id_", ["option-2", "wrong-1", "B3"])
def test_a_numbered_option_of_one_skill_is_not_that_of_another(id_: str) -> None:
    """Option 2 of `a` and option 2 of `b` have nothing in common; twice that of `a` is a mistake of hers."""
    wrong = {"outcome": "wrong", "mistakes": (id_,)}
    apart = [review(1, "a", seed=1, **wrong), review(2, "b", seed=2, **wrong)]
    assert figures(apart).mistakes == ()
    (held,) = figures([*apart, review(3, "a", seed=3, **wrong)]).mistakes
    assert (held.id, held.skills, held.questions) == (id_, ("a",), 2)


@pytest.mark.rule
def test_a_mistake_is_settled_by_two_right_answers_of_its_skills_since() -> None:
    wrong = {"outcome": "wrong", "mistakes": ("m",)}
    shown = [review(1, "a", seed=1, **wrong), review(2, "b", seed=2, **wrong)]
    one = [*shown, review(3, "a"), review(4, "other")]
    two = [*one, review(5, "b")]
    back = [*two, review(6, "b", seed=3, **wrong)]
    assert [held_in(_ordered(some))[0].settled for some in (one, two, back)] == [False, True, False]


def _ordered(reviews: list[Review]) -> list[Review]:
    return [replace(one, order=n) for n, one in enumerate(reviews)]


@pytest.mark.rule
def test_self_marked_answers_are_in_no_other_figure() -> None:
    mixed = [review(1), review(2, kind="self-marked", topic="interviews"), review(3, outcome="wrong")]
    found = figures(mixed)
    assert (found.answers, found.right) == (2, 1)
    assert (found.self_marked.answers, found.self_marked.right) == (1, 1)
    assert [one.name for one in found.topics] == ["scheduling"]
    assert [one.name for one in found.kinds] == ["simulated"]


@pytest.mark.rule
def test_an_answer_left_open_over_lunch_counts_ten_minutes() -> None:
    (row,) = stats.tally([review(1, taken_ms=5_400_000)])
    assert row.taken_ms == 600_000


@pytest.mark.rule
def test_a_skill_is_held_when_it_was_right_the_last_time_however_fresh_it_is() -> None:
    """Both were answered today, so that recall is 1 by the formula; one of them was wrong."""
    found = figures([review(1, "a"), review(2, "b", outcome="wrong")])
    assert (found.known, found.learning) == (1, 1)


@pytest.mark.rule
def test_the_forecast_puts_what_is_overdue_on_today() -> None:
    load = forecast(
        [card("a", TODAY - 9), card("b", TODAY), card("c", TODAY + 2, pace_ms=0), card("d", TODAY + 99)], TODAY, 7
    )
    assert [(one.day - TODAY, one.cards, one.taken_ms) for one in load if one.cards] == [(0, 2, 40_000), (2, 1, 45_000)]


@pytest.mark.rule
def test_calibration_says_nothing_below_fifty_reviews() -> None:
    assert calibration([Foretold(18, 49, 44, 44.1)]) is None
    found = calibration([Foretold(18, 50, 45, 45.0)])
    assert found is not None
    assert found.holds
    missed = calibration([Foretold(18, 500, 300, 450.0)])
    assert missed is not None
    assert not missed.holds


@pytest.mark.rule
def test_a_perfect_recall_foretold_is_in_the_last_step() -> None:
    ordered = [review(1, predicted=1.0), review(2, predicted=0.95), review(3, predicted=0.0), review(4, predicted=-1.0)]
    assert stats.foretold(ordered) == [Foretold(0, 1, 1, 0.0), Foretold(19, 2, 2, 1.95)]


@pytest.mark.rule
def test_no_answers_make_empty_figures_and_no_division_by_zero() -> None:
    found = statistics(Sources([], [], [], []), TODAY, lambda one: 0.0)
    assert (found.answers, found.lately.share, found.lately.seconds, found.calibration) == (0, 0.0, 0.0, None)
    assert len(found.forecast) == 28


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(history=histories())
def test_every_answer_is_in_exactly_one_topic_kind_and_day(history: list[Review]) -> None:
    found = figures(history)
    assert len(history) == sum(one.answers for one in found.topics) == sum(one.answers for one in found.kinds)
    assert len(history) == sum(answers for _, answers in found.days) == found.answers
    assert found.known + found.learning == len({one.skill for one in history})
    assert (
        sum(one.cards for one in found.week) <= sum(one.cards for one in found.forecast) <= found.known + found.learning
    )


@pytest.mark.opinion("the figures counted from whole reviews, in Python")
@settings(max_examples=20)
@given(history=histories(25), data=st.data())
def test_the_stores_own_counts_are_those_of_the_reviews_that_stand(
    tmp_path_factory: pytest.TempPathFactory, history: list[Review], data: st.DataObject
) -> None:
    with Store.open(tmp_path_factory.mktemp("stats") / "practice.db", FOLD) as store:
        for n, one in enumerate(history):
            shown = data.draw(st.sampled_from([(), ("m",), ("m", "n")])) if one.outcome == "wrong" else ()
            foretold = data.draw(st.sampled_from([-1.0, 0.0, 0.5, 0.93, 1.0]))
            store.record(replace(one, mistakes=shown, predicted=foretold, seed=n % 5, counts=n % 4 > 0))
        gone = data.draw(st.sampled_from(history))
        store.add(Event(uuid(9_999), "withdraw", gone.skill, gone.at, 0, gone.day, gone.id))
        standing = list(store.reviews())
        found = stats.sources(store)
        assert found.tallies == stats.tally(standing)
        assert list(found.held) == held_in(standing)
        counted = stats.foretold(standing)
        assert [one[:3] for one in found.foretold] == [one[:3] for one in counted]
        assert [one.recall for one in found.foretold] == pytest.approx([one.recall for one in counted])
