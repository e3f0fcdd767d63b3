"""The forecast for an exam: what it takes, what is to be expected, and where it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY
from tests.trainer.practice.bench import bank, card
from trainer.model import Card
from trainer.practice.choose import Situation, plan
from trainer.practice.goal import Forecast, forecast, on_course
from trainer.practice.rooms import Settings

BANK = bank()  # 12 skills of 6 concepts


def situation(*cards: Card, ahead: int = 60, minutes: int = 15, **given: object) -> Situation:
    settings = Settings(minutes=minutes, exam=TODAY + ahead, **given)  # type: ignore[arg-type]
    return Situation(BANK, {one.skill: one for one in cards}, TODAY, settings)


def found(*cards: Card, **given: object) -> Forecast:
    return forecast(situation(*cards, **given))  # type: ignore[arg-type]


@pytest.mark.rule
def test_with_time_enough_everything_is_begun_and_known() -> None:
    told = found()
    assert (told.skills, told.begun, told.now, told.left) == (12, 0, 0.0, 0.0)
    assert (told.course.begun, told.on_course) == (12, True)
    assert told.takes is not None
    assert 0.9 * 12 <= told.course.known <= 12
    assert told.takes <= 15


@pytest.mark.rule
def test_without_practice_what_is_known_fades_until_the_day() -> None:
    """Stability 10 days, 10 days since: 90 % today; 60 days later (1 + 0.9804 × 70 / 10) to the power −0.1542 = 72.76 %."""
    told = found(card("t0c0s0"))
    assert told.now == pytest.approx(0.9, abs=1e-4)
    assert told.left == pytest.approx(0.7276, abs=5e-5)


@pytest.mark.rule
def test_nothing_new_can_be_known_within_three_days_however_many_minutes() -> None:
    told = found(ahead=2)
    assert (told.takes, told.on_course, told.best.begun) == (None, False, 0)


@pytest.mark.rule
def test_too_few_minutes_are_told_with_how_many_it_takes() -> None:
    few = found(ahead=14, minutes=1)
    assert few.takes is not None
    assert few.takes > 1
    assert not few.on_course
    assert on_course(situation(ahead=14, minutes=few.takes))
    assert not on_course(situation(ahead=14, minutes=few.takes - 1)), "the fewest"


@pytest.mark.rule
def test_only_what_the_exam_asks_for_is_counted_and_what_is_suspended_is_left_out() -> None:
    assert found(exam_topics=("t0",)).skills == 4
    assert found(exam_topics=("t1c1",)).skills == 2, "a concept"
    now = situation(exam_topics=("t0",))
    off = Situation(BANK, {}, TODAY, now.settings, put_off={"t0c0s0": "suspend", "t0c0s1": "skip"})
    assert forecast(off).skills == 3


@pytest.mark.rule
def test_what_leads_to_the_exam_is_begun_before_the_rest() -> None:
    """t2c1 requires t2c0, which the exam does not name."""
    begun = [one.skill for one in plan(situation(exam_topics=("t2c1",)))]
    assert begun[0].startswith("t2c0")
    assert plan(situation())[0].skill.startswith("t0c0"), "without topics in the bank's order"


@pytest.mark.rule
def test_of_what_is_due_the_exam_comes_first() -> None:
    cards = card("t0c0s0", stability=4.0), card("t1c0s0", stability=100.0)
    assert plan(situation(*cards, exam_topics=("t1",)))[0].skill == "t1c0s0"


@given(st.integers(4, 120), st.integers(1, 60), st.integers(1, 60), st.lists(st.floats(0.1, 500), max_size=12))
def test_more_minutes_never_leave_more_unseen_and_nobody_knows_more_than_there_is(
    ahead: int, fewer: int, more: int, stabilities: list[float]
) -> None:
    cards = [card(skill, stability=one) for skill, one in zip(BANK.skills, stabilities, strict=False)]
    low, high = sorted((fewer, more))
    little, much = (found(*cards, ahead=ahead, minutes=minutes) for minutes in (low, high))
    assert little.course.begun <= much.course.begun <= 12
    for told in (little, much):
        assert 0 <= told.left <= told.now + 1e-9
        assert told.course.known <= told.skills
        assert told.course.ms_a_day <= told.minutes * 60_000
