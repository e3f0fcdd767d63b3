"""Claims about the grade of an answer that its writer marked."""

import json

import pytest

from tests.trainer.practice.bench import FOLD, session
from trainer.model import Point, replace
from trainer.practice.marked import SELF_MARKED, Marks, PointMark, grade
from trainer.practice.memory import AGAIN, GOOD, HARD
from trainer.practice.stats import sources, statistics
from trainer.practice.unsaved import Unsaved
from trainer.quiz.answers.free import FreeAnswer

POINTS = (Point("One.", ("one",)), Point("Two.", ("two",)), Point("Three.", ("three",)))


def marks(*said, confidence=3):
    return Marks(confidence, tuple(PointMark(p.text, "maybe", s) for p, s in zip(POINTS, said, strict=True)))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ((True, True, True), GOOD),
        ((True, True, False), HARD),
        ((True, False, False), AGAIN),
        ((True, False), AGAIN),
        ((False, False), AGAIN),
        ((), AGAIN),
    ],
)
def test_all_is_good_more_than_half_is_hard_anything_else_is_again(marked, expected):
    assert grade(marked) == expected


@pytest.mark.rule
def test_a_hint_makes_it_hard_and_the_last_one_again():
    assert grade((True, True), hints=1, rungs=3) == HARD
    assert grade((True, True), hints=3, rungs=3) == AGAIN


@pytest.fixture
def sitting():
    made = session(Unsaved(FOLD))
    drawn = made.tools.draw
    free = lambda skill, level, seed: replace(  # noqa: E731 — one expression
        drawn(skill, level, seed), answer=FreeAnswer(POINTS), right="One. Two. Three."
    )
    made.tools = replace(made.tools, draw=free)
    made.begin()
    return made


def test_it_is_kept_as_self_marked_with_the_points_and_how_sure_one_was(sitting):
    verdict = sitting.mark("one and two", marks(True, True, False))
    assert verdict.right
    (review,) = sitting.ledger.reviews()
    assert (review.kind, review.grade, review.outcome, review.response) == (SELF_MARKED, HARD, "right", "one and two")
    kept = json.loads(review.scenario)
    assert kept["confidence"] == 3
    assert kept["points"][2] == {"text": "Three.", "found": "maybe", "marked": False}


def test_it_stands_apart_in_the_summary_and_the_figures(sitting):
    sitting.mark("one and two", marks(True, True, True))
    summary = sitting.summary()
    assert (summary.asked, summary.right, summary.self_marked) == (1, 0, 1)
    figures = statistics(sources(sitting.ledger), sitting.day, lambda _card: 1.0)
    assert (figures.answers, figures.self_marked.answers, figures.self_marked.right) == (0, 1, 1)


def test_it_is_never_judged(sitting):
    with pytest.raises(RuntimeError, match="marked by its writer"):
        sitting.answer("one two three")
    assert not list(sitting.ledger.reviews())


def test_one_that_was_given_up_is_kept_apart_too(sitting):
    sitting.give_up()
    assert [one.kind for one in sitting.ledger.reviews()] == [SELF_MARKED]


def test_undo_takes_it_back(sitting):
    sitting.mark("one", marks(True, False, False))
    sitting.undo()
    assert not list(sitting.ledger.reviews())
    assert sitting.question is not None
