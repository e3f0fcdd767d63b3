"""A card is a fold over its reviews: grades, what counts, leeches, ratings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY, histories, review
from trainer.model import Rating, Review, replace
from trainer.practice import level
from trainer.practice.fold import Fold, at_most, counts, is_leech
from trainer.practice.grade import Attempt, grade
from trainer.practice.memory import AGAIN, EASY, GOOD, HARD, Memory

FOLD = Fold(Memory())


def attempt(**fields: object) -> Attempt:
    return replace(Attempt(right=True, hints=0, rungs=3, taken_ms=20_000, day=TODAY), **fields)  # type: ignore[arg-type]


STEADY = [review(n, day=TODAY - 10 + n, taken_ms=20_000) for n in range(1, 5)]


# ── grades ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"right": False}, AGAIN),
        ({"hints": 3}, AGAIN),  # the last hint
        ({"hints": 1}, HARD),
        ({"hints": 2}, HARD),
        ({}, GOOD),
        ({"taken_ms": 40_000}, GOOD),  # twice the median exactly is not slower than twice
        ({"taken_ms": 40_001}, HARD),
        ({"taken_ms": 9_999}, GOOD),  # quick, but not the day before
    ],
)
def test_an_answer_is_graded_by_right_hints_and_own_pace(fields: dict[str, object], expected: int) -> None:
    assert grade(attempt(**fields), STEADY) == expected


@pytest.mark.rule
def test_easy_needs_two_quick_answers_on_different_days() -> None:
    quick = review(9, day=TODAY - 1, taken_ms=9_000)
    assert grade(attempt(taken_ms=9_000), [*STEADY, quick]) == EASY
    assert grade(attempt(taken_ms=9_000), [*STEADY, replace(quick, day=TODAY)]) == GOOD
    assert grade(attempt(taken_ms=9_000), [*STEADY, replace(quick, hints=1)]) == GOOD
    assert grade(attempt(taken_ms=9_000), [*STEADY, replace(quick, outcome="wrong")]) == GOOD


@pytest.mark.rule
def test_a_choice_is_never_easy() -> None:
    quick = review(9, day=TODAY - 1, taken_ms=9_000)
    assert grade(attempt(taken_ms=9_000, choice=True), [*STEADY, quick]) == GOOD


@pytest.mark.rule
def test_pace_is_not_judged_before_three_right_answers_at_the_level() -> None:
    assert grade(attempt(taken_ms=500_000), STEADY[:2]) == GOOD
    assert grade(attempt(taken_ms=500_000, level=2), STEADY) == GOOD


# ── what counts ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_only_the_first_attempt_of_a_study_day_moves_the_memory() -> None:
    wrong = FOLD(None, review(1, outcome="wrong"))
    right = FOLD(wrong, review(2))
    assert (right.stability, right.difficulty, right.due, right.reps) == (
        wrong.stability,
        wrong.difficulty,
        wrong.due,
        1,
    )
    assert (wrong.again_today, right.again_today) == (TODAY, -1)
    assert not right.right, "what counted was the failure"


@pytest.mark.rule
def test_wrong_above_the_reference_level_moves_only_that_rating_and_brings_the_skill_back_today() -> None:
    known = FOLD(None, review(1, day=TODAY - 5))
    failed = FOLD(known, review(2, level=2, outcome="wrong"))
    assert (failed.stability, failed.due, failed.reps, failed.last) == (known.stability, known.due, 1, TODAY - 5)
    assert failed.again_today == TODAY
    assert [one.level for one in failed.ratings] == [1, 2]
    decided = FOLD(failed, review(3, level=1, outcome="wrong"))
    assert (decided.reps, decided.lapses, decided.last) == (2, 1, TODAY)


@pytest.mark.rule
def test_right_above_the_reference_level_counts() -> None:
    known = FOLD(None, review(1, day=TODAY - 5))
    assert FOLD(known, review(2, level=3)).reps == 2


@pytest.mark.rule
def test_a_first_failure_above_the_reference_level_leaves_a_card_that_is_due_today() -> None:
    card = FOLD(None, review(1, level=2, outcome="wrong"))
    assert (card.reps, card.due, card.again_today, FOLD.predicted(card, TODAY)) == (0, TODAY, TODAY, -1.0)


@pytest.mark.law
@given(history=histories())
def test_reviews_that_count_are_at_most_one_a_study_day_and_reps_counts_them(history: list[Review]) -> None:
    for skill in {one.skill for one in history}:
        card, counted, last = None, 0, None
        for one in (one for one in history if one.skill == skill):
            if counts(card, one):
                counted += 1
                assert one.day != last
                last = one.day
            card = FOLD(card, one)
        assert card is not None
        assert card.reps == counted
        assert 0 <= card.lapses <= card.reps
        assert card.due >= card.last or not card.reps


@pytest.mark.law
@given(history=histories())
def test_the_same_reviews_give_the_same_card_to_the_last_bit(history: list[Review]) -> None:
    assert FOLD.all(history) == Fold(Memory()).all(history)


@pytest.mark.law
@given(history=histories(), grade_=st.integers(2, 4))
def test_right_is_due_no_earlier_than_wrong(history: list[Review], grade_: int) -> None:
    card = FOLD.all(one for one in history if one.skill == "rr")
    day = max(one.day for one in history) + 3
    right = FOLD(card, review(900, "rr", day, grade=grade_))
    wrong = FOLD(card, review(900, "rr", day, outcome="wrong"))
    assert right.due >= wrong.due - 2, "but for the spreading"
    assert right.stability >= wrong.stability


# ── leeches ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("the binomial distribution: P(X ≤ 1), n = 5, p = 0.9, is 0.00046")
def test_the_tail_of_equal_chances_is_the_binomial_one() -> None:
    assert at_most(1, [0.9] * 5) == pytest.approx(0.1**5 + 5 * 0.9 * 0.1**4)
    assert at_most(5, [0.9] * 5) == pytest.approx(1.0)


@pytest.mark.opinion("every outcome enumerated")
@given(chances=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=7), data=st.data())
def test_the_tail_is_the_sum_over_all_outcomes(chances: list[float], data: st.DataObject) -> None:
    most = data.draw(st.integers(0, len(chances)))
    total = 0.0
    for outcome in range(2 ** len(chances)):
        bits = [outcome >> n & 1 for n in range(len(chances))]
        if sum(bits) <= most:
            product = 1.0
            for bit, chance in zip(bits, chances, strict=True):
                product *= chance if bit else 1 - chance
            total += product
    assert at_most(most, chances) == pytest.approx(total)


@pytest.mark.rule
def test_a_leech_is_forgotten_far_more_often_than_foretold() -> None:
    assert not is_leech([0.9, 0.9, -0.9, 0.9, 0.9])
    assert is_leech([-0.9, 0.9, -0.9, 0.9, -0.9])
    assert not is_leech([-0.9] * 4), "four say nothing yet"
    assert not is_leech([-0.3, 0.3, -0.3, -0.3, 0.3]), "nothing better was foretold"


# ── levels ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_rating_rests_where_four_in_five_are_right() -> None:
    ratings: tuple[Rating, ...] = ()
    for n in range(400):
        ratings = level.after(ratings, 1, 0.0 if n % 5 == 4 else 1.0)
    assert level.chance(level.rating(ratings, 1)) == pytest.approx(0.8, abs=0.07)


@pytest.mark.rule
def test_the_level_rises_after_a_few_right_answers_and_falls_after_wrong_ones() -> None:
    ratings: tuple[Rating, ...] = ()
    assert level.level_for(ratings, (1, 2, 3)) == 1
    rights = 0
    while level.level_for(ratings, (1, 2, 3)) == 1:
        ratings = level.after(ratings, 1, 1.0)
        rights += 1
    assert 3 <= rights <= 6
    for _ in range(2):
        ratings = level.after(ratings, 2, 0.0)
    assert level.level_for(ratings, (1, 2, 3)) == 1


@pytest.mark.law
@given(answers=st.lists(st.tuples(st.integers(1, 3), st.sampled_from([0.0, 0.5, 1.0])), max_size=40))
def test_a_level_is_never_skipped_while_the_one_below_is_not_mastered(answers: list[tuple[int, float]]) -> None:
    ratings: tuple[Rating, ...] = ()
    for at, score in answers:
        ratings = level.after(ratings, at, score)
    chosen = level.level_for(ratings, (1, 2, 3))
    assert all(level.chance(level.rating(ratings, below)) >= level.AIM for below in range(1, chosen))
    assert sum(one.answers for one in ratings) == len(answers)


@pytest.mark.law
@given(elo=st.floats(-2000, 2000))
def test_right_raises_a_rating_and_wrong_lowers_it(elo: float) -> None:
    before = (Rating(1, elo, 3),)
    assert level.after(before, 1, 0.0)[0].elo < elo + 1e-9
    assert level.after(before, 1, 1.0)[0].elo > elo - 1e-9
