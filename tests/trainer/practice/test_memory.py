"""Memory is FSRS-6: the library, the published formulas and a second library give the same numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.practice.curve import DEFAULT, gain, recall, stronger, weaker
from trainer.practice.memory import LONGEST, Memory, spread

MEMORY = Memory()
GRADES = st.integers(1, 4)
STEPS = st.lists(st.tuples(GRADES, st.integers(0, 400)), min_size=1, max_size=12)

# FSRS-6 as published by open-spaced-repetition (The Algorithm, FSRS-6), with its default parameters w0 … w20,
# written down here again from the formulas.
W = [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
     1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]  # fmt: skip


def published(steps: list[tuple[int, int]]) -> tuple[float, float]:
    """Stability and difficulty after the answers (grade, days since the last one; the first one's are ignored)."""
    grade = steps[0][0]
    s, d = W[grade - 1], min(10.0, max(1.0, W[4] - math.exp(W[5] * (grade - 1)) + 1))
    for grade, days in steps[1:]:
        r = (1 + (0.9 ** (-1 / W[20]) - 1) * days / s) ** -W[20]
        if days == 0:
            rise = math.exp(W[17] * (grade - 3 + W[18])) * s ** -W[19]
            s_next = s * (max(1.0, rise) if grade > 1 else rise)
        elif grade == 1:
            lost = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * math.exp(W[14] * (1 - r))
            s_next = min(lost, s / math.exp(W[17] * W[18]))
        else:
            factor = (W[15] if grade == 2 else 1) * (W[16] if grade == 4 else 1)
            s_next = s * (1 + math.exp(W[8]) * (11 - d) * s ** -W[9] * (math.exp(W[10] * (1 - r)) - 1) * factor)
        damped = d - W[6] * (grade - 3) * (10 - d) / 9
        easiest = W[4] - math.exp(W[5] * 3) + 1
        d = min(10.0, max(1.0, W[7] * easiest + (1 - W[7]) * damped))
        s = max(0.001, s_next)
    return s, d


def ours(steps: list[tuple[int, int]], memory: Memory = MEMORY) -> tuple[float, float]:
    day = 20_000
    kept = memory.learn(steps[0][0], day)
    for grade, days in steps[1:]:
        kept = memory.review(kept.stability, kept.difficulty, day, grade, day + days)
        day += days
    return kept.stability, kept.difficulty


@pytest.mark.rule
def test_the_default_parameters_are_the_published_ones() -> None:
    import fsrs

    assert tuple(W) == DEFAULT == fsrs.Scheduler().parameters


@pytest.mark.opinion("the published formulas")
@given(steps=STEPS)
def test_answers_leave_what_the_published_formulas_give(steps: list[tuple[int, int]]) -> None:
    assert ours(steps) == pytest.approx(published(steps), rel=1e-9)


@pytest.mark.opinion("fsrs-rs-python")
@given(steps=STEPS)
def test_answers_leave_what_the_second_library_gives(steps: list[tuple[int, int]]) -> None:
    """It computes in 32 bits and keeps stability at 0.01 or more in places, hence the tolerance and the guard."""
    rust = pytest.importorskip("fsrs_rs_python", reason="the extra [fit] is not installed")
    model = rust.FSRS(list(DEFAULT))
    state = None
    for index, (grade, days) in enumerate(steps):
        if index and published(steps[:index])[0] < 0.02:
            return
        nexts = model.next_states(state, 0.9, days if index else 0)
        state = (nexts.again, nexts.hard, nexts.good, nexts.easy)[grade - 1].memory
    assert state is not None
    assert ours(steps) == pytest.approx((state.stability, state.difficulty), rel=2e-3)


@pytest.mark.rule
def test_stability_is_the_day_on_which_recall_is_ninety_percent() -> None:
    for stability in (0.5, 3.0, 77.0):
        assert recall(stability, 0) == 1.0
        assert MEMORY.recall(10 * stability, round(10 * stability)) == pytest.approx(0.9)
    assert recall(0.0, 3) == 0.0


@pytest.mark.rule
def test_planning_and_the_library_agree_on_what_an_answer_leaves() -> None:
    for stability, difficulty, days in ((2.3, 2.1, 3), (40.0, 7.5, 90), (0.4, 9.9, 1), (300.0, 1.0, 5)):
        now = recall(stability, days)
        good = MEMORY.review(stability, difficulty, 100, 3, 100 + days).stability
        again = MEMORY.review(stability, difficulty, 100, 1, 100 + days).stability
        assert stronger(stability, difficulty, now) == pytest.approx(good, rel=1e-12)
        assert weaker(stability, difficulty, now) == pytest.approx(again, rel=1e-12)


@pytest.mark.rule
def test_a_minute_early_every_day_is_a_day_every_day() -> None:
    """What wall-clock times would break: 23 h 59 min are no whole day, and the card would never progress."""
    daily = [(3, 0), (3, 1), (3, 1), (3, 1)]
    assert ours(daily)[0] > ours(daily[:-1])[0] > ours(daily[:-2])[0]


@pytest.mark.rule
def test_a_day_before_the_last_review_is_taken_as_the_same_day() -> None:
    kept = MEMORY.learn(3, 100)
    back = MEMORY.review(kept.stability, kept.difficulty, 100, 3, 90)
    assert back == MEMORY.review(kept.stability, kept.difficulty, 90, 3, 90)


@pytest.mark.law
@given(interval=st.integers(0, LONGEST), skill=st.text(max_size=8), reps=st.integers(1, 50))
def test_spreading_is_deterministic_small_and_never_shortens_to_nothing(interval: int, skill: str, reps: int) -> None:
    moved = spread(interval, skill, reps)
    assert moved == spread(interval, skill, reps)
    assert abs(moved - interval) <= 1 + 0.15 * interval
    assert moved == interval if interval < 3 else 2 <= moved <= LONGEST


@pytest.mark.law
def test_spreading_keeps_the_interval_on_average_and_parts_what_was_learnt_together() -> None:
    moved = [spread(30, f"skill-{n}", 3) for n in range(2000)]
    assert abs(sum(moved) / len(moved) - 30) < 0.2
    assert len(set(moved)) >= 7


@pytest.mark.law
@given(
    stability=st.floats(0.1, 1000), difficulty=st.floats(1, 10), elapsed=st.integers(0, 1000), ahead=st.integers(1, 365)
)
def test_asking_is_never_foretold_to_harm_what_is_half_forgotten(
    stability: float, difficulty: float, elapsed: int, ahead: int
) -> None:
    if recall(stability, elapsed) < 0.9:
        assert gain(stability, difficulty, elapsed, ahead) > 0
