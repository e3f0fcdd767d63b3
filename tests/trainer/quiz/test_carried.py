"""Claims about answers in several steps: one slip costs one slip, and the first wrong cell decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import NoAnswer
from trainer.bank.load import builtin, load
from trainer.model import Response
from trainer.quiz.carried import slips
from trainer.quiz.draw import draw
from trainer.quiz.judge import FIRST_CELL, judge, read

FOLLOWED = ("round-robin.chart", "lru.frames", "deadlock.work", "page-walk.by-level")


@pytest.fixture(scope="module")
def bank():
    return load((builtin(),))[0]


def carried_on(question, rows):
    """The rows, then all that follow from them."""
    rows = list(rows)
    while len(rows) < 40 and (row := question.follows(question.answer.read(question.answer.write(tuple(rows))))):
        rows.append(row)
    return question.answer.read(question.answer.write(tuple(rows)))


@pytest.mark.law
@pytest.mark.parametrize("skill", FOLLOWED)
@given(data=st.data())
def test_one_changed_row_carried_on_from_correctly_is_one_slip(bank, skill, data):
    question = draw(bank.skill(skill), 1, data.draw(st.integers(0, 50)))
    right = question.answer.read(question.answer.write(question.right))
    at = data.draw(st.integers(0, len(right) - 1))
    columns = [n for n, cell in enumerate(right[at]) if type(cell) is int and (skill != "round-robin.chart" or n == 2)]
    column = data.draw(st.sampled_from(columns))
    changed = (*right[at][:column], right[at][column] + data.draw(st.integers(1, 2)), *right[at][column + 1 :])
    try:
        given_ = carried_on(question, (*right[:at], changed))
    except NoAnswer:
        return  # nothing follows from such a row: judged against the right one
    assert slips(question, given_) == (at,)
    assert judge(question, Response("", given_)).right is False


@pytest.mark.law
@pytest.mark.parametrize("skill", FOLLOWED)
def test_the_right_answer_has_no_slip(bank, skill):
    for level in bank.skill(skill).levels:
        for seed in range(20):
            question = draw(bank.skill(skill), level, seed)
            assert slips(question, question.answer.read(question.answer.write(question.right))) == ()


@pytest.mark.rule
def test_the_slip_and_what_followed_from_it_are_told_and_given_as_data(bank):
    question = draw(bank.skill("deadlock.work"), 2, 1)
    right = question.right
    name, *free = right[1]
    given_ = carried_on(question, (right[0], (name, free[0] + 7, *free[1:])))
    verdict = judge(question, read(question, question.answer.write(given_)))
    assert verdict.slips == (1,)
    assert "Turn 2 is a slip; turns 3 to 4 follow from it and are right." in verdict.says
    assert verdict.diverges_at is not None
    assert verdict.diverges_at.index == 1


@pytest.mark.rule
def test_a_missing_last_row_is_one_slip(bank):
    question = draw(bank.skill("deadlock.work"), 2, 1)
    assert slips(question, question.right[:-1]) == (len(question.right) - 1,)


@pytest.mark.rule
def test_two_slips_are_two(bank):
    question = draw(bank.skill("deadlock.work"), 2, 1)
    name, *free = question.right[0]
    rows = carried_on(question, ((name, free[0] + 7, *free[1:]),))
    other, *more = rows[2]
    rows = carried_on(question, (*rows[:2], (other, more[0] + 5, *more[1:])))
    assert slips(question, rows) == (0, 2)


@pytest.mark.rule
def test_a_table_that_begins_to_go_wrong_as_a_mistake_does_is_taken_for_it(bank):
    question = draw(bank.skill("deadlock.need"), 2, 3)
    (held,) = [one for one in question.mistakes if one.id == "need-is-allocation"]
    wrong = question.answer.first_wrong(question.right, held.value)
    name = question.answer.names[wrong.row]
    row = (*question.right[name][: wrong.column], wrong.given, *question.right[name][wrong.column + 1 :])
    verdict = judge(question, Response("", {**question.right, name: row}))
    assert verdict.mistakes == ("need-is-allocation",)
    assert verdict.says.startswith(f"{FIRST_CELL} is what you get if what is held is given for what is needed.")
    assert "14 of 15 cells are right" in verdict.diverges_at.says


@pytest.mark.rule
def test_a_whole_table_of_a_mistake_says_how_many_cells_are_right_too(bank):
    question = draw(bank.skill("deadlock.need"), 2, 3)
    (held,) = [one for one in question.mistakes if one.id == "need-is-allocation"]
    verdict = judge(question, Response("", held.value))
    assert verdict.mistakes == ("need-is-allocation",)
    assert " of 15 cells are right; the first wrong one is " in verdict.says.split("\n")[0]
    assert verdict.slips == ()


@pytest.mark.rule
@pytest.mark.parametrize("skill", ["lru.parts-from-fifo", "round-robin.first-preemption"])
def test_a_point_on_the_trace_is_chosen_by_its_number(bank, skill):
    question = draw(bank.skill(skill), 1, 3)
    assert question.answer.kind == "step"
    assert [n for n, option in enumerate(question.options, 1) if option.right] == [question.right]
    assert judge(question, read(question, question.answer.write(question.right))).right
    for mistake in question.mistakes:
        assert judge(question, Response("", mistake.value)).mistakes == (mistake.id,)
