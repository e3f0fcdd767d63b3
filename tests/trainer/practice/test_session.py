"""A session asks, records, takes back and ends, with nothing but values and a clock set by hand."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY
from tests.trainer.practice.bench import FOLD, Entry, HandClock, SmallBank, session
from trainer.model import Card, Question, Review, Unreadable, replace
from trainer.practice.rooms import Settings
from trainer.practice.session import Session
from trainer.practice.unsaved import Unsaved


class Refusing(Unsaved):
    """A ledger whose disk is full."""

    full = True

    def record(self, review: Review) -> Card:
        if self.full:
            raise OSError("full")
        return super().record(review)


def begun(*given: Any, **more: Any) -> Session:
    sitting = session(*given, **more)
    assert sitting.begin() is not None
    return sitting


def open_question(sitting: Session) -> Question:
    assert sitting.question is not None
    return sitting.question


# ── one question ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_an_answer_is_recorded_whole_before_the_verdict_is_returned() -> None:
    ledger, clock = Unsaved(FOLD), HandClock(offset=60)
    sitting = begun(ledger, clock=clock)
    clock.forward(seconds=30)
    verdict = sitting.answer("7")
    (review,) = ledger.reviews()
    assert (verdict.right, verdict.mistakes) == (False, ("mistake-7",))
    assert (review.skill, review.level, review.seed, review.topic, review.concept) == ("t0c0s0", 1, 1, "t0", "t0c0")
    assert (review.response, review.answer, review.outcome, review.grade) == ("7", "42", "wrong", 1)
    assert review.text == "A skill\n\nWhich?\n\nTies go up.\n\n1. this\n2. that\n\nHow many?"
    assert (review.day, review.offset, review.counts, review.predicted) == (TODAY, 60, True, -1.0)
    assert 30_000 <= review.taken_ms <= 33_000


@pytest.mark.rule
def test_unreadable_input_costs_nothing() -> None:
    ledger = Unsaved(FOLD)
    sitting = begun(ledger)
    with pytest.raises(Unreadable, match="a number such as 7"):
        sitting.answer("seven")
    assert (sitting.verdict, list(ledger.reviews())) == (None, [])
    assert sitting.answer("42").right


@pytest.mark.rule
def test_hints_come_one_by_one_and_are_counted() -> None:
    sitting = begun()
    assert [sitting.hint(), sitting.hint(), sitting.hint(), sitting.hint()] == ["one", "two", "three", None]
    sitting.answer("42")
    assert sitting.review is not None
    assert (sitting.review.hints, sitting.review.grade) == (3, 1)
    assert sitting.hint() is None, "no hint after the answer"


@pytest.mark.rule
def test_giving_up_is_recorded_and_skipping_is_not() -> None:
    ledger = Unsaved(FOLD)
    sitting = begun(ledger)
    first = open_question(sitting).name.skill
    sitting.skip()
    assert open_question(sitting).name.skill != first
    assert not sitting.give_up().right
    assert [(one.outcome, one.response) for one in ledger.reviews()] == [("gave-up", "")]
    asked = set()
    while (question := sitting.next()) is not None:
        asked.add(question.name.skill)
        sitting.answer("42")
    assert first not in asked


@pytest.mark.rule
def test_another_is_a_fresh_instance_of_the_same_skill_and_level() -> None:
    sitting = begun()
    first = open_question(sitting).name
    sitting.answer("42")
    other = sitting.another().name
    assert (other.skill, other.level) == (first.skill, first.level)
    assert other.seed != first.seed


@pytest.mark.rule
def test_a_seed_used_in_this_session_is_not_used_again_for_the_skill() -> None:
    sitting = begun()
    seeds = iter([1, 1, 1, 2])
    sitting.tools = replace(sitting.tools, seeds=lambda: next(seeds))
    sitting.answer("42")
    assert sitting.another().name.seed == 2


@pytest.mark.rule
def test_a_question_answered_twice_is_refused() -> None:
    sitting = begun()
    sitting.answer("42")
    for again in (lambda: sitting.answer("42"), sitting.give_up):
        with pytest.raises(RuntimeError, match="no question is open"):
            again()


@pytest.mark.rule
def test_a_skill_that_makes_no_question_is_passed_over() -> None:
    sitting = begun(bank=SmallBank([Entry("broken", "t", "c"), Entry("whole", "u", "d")]))
    assert open_question(sitting).name.skill == "whole"
    only = session(bank=SmallBank([Entry("broken", "t", "c")]))
    assert only.begin() is None


@pytest.mark.rule
def test_what_cannot_be_saved_leaves_the_question_open() -> None:
    ledger = Refusing(FOLD)
    sitting = begun(ledger)
    with pytest.raises(OSError, match="full"):
        sitting.answer("42")
    assert (sitting.verdict, sitting.progress.asked) == (None, 0)
    ledger.full = False
    assert sitting.answer("42").right


# ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_session_by_count_ends_after_that_many_answers() -> None:
    sitting = begun(count=3)
    for left in (2, 1, 0):
        sitting.answer("42")
        assert sitting.progress.left == left
        sitting.next()
    assert sitting.question is None
    assert sitting.progress[:2] == (3, 3)


@pytest.mark.rule
def test_a_session_by_minutes_ends_between_questions_only() -> None:
    clock = HandClock()
    sitting = begun(clock=clock, minutes=2)
    clock.forward(minutes=5)
    assert sitting.answer("42").right
    assert sitting.next() is None


@pytest.mark.rule
def test_an_empty_bank_has_nothing_to_ask() -> None:
    sitting = session(bank=SmallBank([]), count=3)
    assert sitting.begin() is None
    assert sitting.summary().asked == 0
    assert sitting.undo() is None


@pytest.mark.rule
def test_the_summary_tells_what_settled_what_is_open_and_what_tomorrow_holds() -> None:
    ledger, clock, one = Unsaved(FOLD), HandClock(), SmallBank([Entry("a", "t", "c"), Entry("b", "u", "d")])
    first = begun(ledger, clock=clock, bank=one, count=4)
    for text in ("7", "8", "42", "42"):
        first.answer(text)
        first.next()
    told = first.summary()
    assert (told.asked, told.right, told.practised) == (4, 2, 1)
    assert [(held.id, held.right_since) for held in told.open] == [("mistake-7", 1), ("mistake-8", 1)]
    assert told.tomorrow.due == 2
    clock.day(TODAY + 1)
    second = begun(ledger, clock=clock, bank=one, count=2)
    for _ in range(2):
        second.answer("42")
        second.next()
    assert [held.id for held in second.summary().settled] == ["mistake-7", "mistake-8"]
    assert second.summary().open == ()


# ── undo ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_undo_takes_back_the_answer_and_asks_its_question_again() -> None:
    ledger = Unsaved(FOLD)
    sitting = begun(ledger, count=5)
    first = open_question(sitting)
    sitting.answer("7")
    second = sitting.next()
    undone = sitting.undo()
    assert undone is not None
    assert undone.skill == first.name.skill
    assert (open_question(sitting), list(ledger.reviews()), ledger.cards()) == (first, [], [])
    sitting.answer("42")
    assert sitting.next() is second, "the question that was open comes back"


@pytest.mark.rule
def test_undo_works_from_the_summary_and_at_any_depth() -> None:
    ledger = Unsaved(FOLD)
    sitting = begun(ledger, count=3)
    asked = [open_question(sitting).name]
    for _ in range(3):
        sitting.answer("42")
        if sitting.next():
            asked.append(open_question(sitting).name)
    assert sitting.question is None
    for depth in (2, 1, 0):
        assert sitting.undo() is not None
        assert open_question(sitting).name == asked[depth]
    assert sitting.undo() is None
    assert (ledger.cards(), sitting.progress.asked) == ([], 0)
    again = []
    while sitting.question is not None:
        again.append(open_question(sitting).name)
        sitting.answer("42")
        sitting.next()
    assert again == asked


MOVES = st.lists(st.sampled_from(["42", "42", "7", "?", "give-up", "skip", "another", "undo", "day"]), max_size=25)


def play(sitting: Session, clock: HandClock, moves: list[str]) -> list[str]:
    """What was shown after each move."""
    told = [str(sitting.question.name) if sitting.question else "end"]
    for move in moves:
        if move == "day":
            clock.forward(hours=20)
        elif move == "undo":
            sitting.undo()
        elif sitting.question is None:
            sitting.next()
        elif move == "?":
            sitting.hint()
        elif move == "skip":
            sitting.skip()
        elif move == "another":
            sitting.another()
        else:
            if sitting.verdict is not None:
                sitting.next()
            if sitting.question is not None:
                sitting.give_up() if move == "give-up" else sitting.answer(move)
        told.append(f"{sitting.question.name if sitting.question else 'end'} {sitting.verdict}")
    return told


@pytest.mark.law
@given(moves=MOVES)
def test_cards_are_the_fold_of_the_reviews_that_stand_whatever_is_done(moves: list[str]) -> None:
    ledger, clock = Unsaved(FOLD), HandClock()
    sitting = begun(ledger, clock=clock, count=12)
    play(sitting, clock, moves)
    reviews = list(ledger.reviews())
    assert [one.id for one in reviews] == [one.review.id for one in sitting.done]
    for skill in sitting.bank.skills:
        assert ledger.card(skill) == FOLD.all(one for one in reviews if one.skill == skill)
    assert {one.skill: one for one in ledger.cards()} == sitting.situation().cards


@pytest.mark.law
@given(moves=MOVES, seed=st.integers(0, 999))
def test_the_same_seed_and_answers_make_the_same_session(moves: list[str], seed: int) -> None:
    told = [play(begun(clock=clock, seed=seed, count=9), clock, moves) for clock in (HandClock(), HandClock())]
    assert told[0] == told[1]


@pytest.mark.law
@given(answers=st.lists(st.sampled_from(["42", "7"]), min_size=1, max_size=15))
def test_undoing_everything_leaves_what_was_there_before(answers: list[str]) -> None:
    ledger, clock = Unsaved(FOLD), HandClock()
    warm = begun(ledger, clock=clock, count=6)
    play(warm, clock, ["42"] * 6)
    before = ledger.cards()
    clock.day(TODAY + 3)
    sitting = begun(ledger, clock=clock, count=15)
    play(sitting, clock, answers)
    while sitting.undo():
        pass
    assert ledger.cards() == before


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_an_answer_after_the_rollover_belongs_to_the_new_study_day() -> None:
    ledger, clock = Unsaved(FOLD), HandClock()
    sitting = begun(ledger, clock=clock, settings=Settings(rollover=10), count=3)
    sitting.answer("42")
    clock.forward(hours=1)
    sitting.next()
    sitting.answer("42")
    assert [one.day for one in ledger.reviews()] == [TODAY - 1, TODAY]


@pytest.mark.rule
@pytest.mark.parametrize("jump", [-10, 3650])
def test_a_clock_that_jumps_between_two_questions_loses_nothing(jump: int) -> None:
    ledger, clock = Unsaved(FOLD), HandClock()
    sitting = begun(ledger, clock=clock, count=30)
    for n in range(12):
        if n == 4:
            clock.day(TODAY + jump)
        if n == 8:
            clock.day(TODAY + 1)
        sitting.answer("42" if n % 3 else "7")
        sitting.next()
    assert len(list(ledger.reviews())) == 12
    assert all(one.taken_ms >= 0 for one in ledger.reviews())


@pytest.mark.rule
def test_due_on_the_next_study_day_is_asked_first() -> None:
    ledger, clock = Unsaved(FOLD), HandClock()
    first = begun(ledger, clock=clock)
    failed = open_question(first).name.skill
    first.answer("7")
    clock.day(TODAY + 1)
    second = begun(ledger, clock=clock)
    assert second.choice is not None
    assert (second.choice.skill, second.choice.reason.code) == (failed, "due")


@pytest.mark.rule
def test_nothing_heavy_is_imported_before_the_first_answer() -> None:
    heavy = "{'fsrs', 'sqlite_utils', 'prompt_toolkit', 'yaml', 'msgspec', 'importlib.metadata', 'importlib.resources'}"
    code = f"""
import sys
import trainer.practice.session, trainer.practice.outlook, trainer.practice.unsaved, trainer.practice.fold
from trainer.practice.memory import Memory
trainer.practice.fold.Fold(Memory()).predicted(None, 0)
assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
