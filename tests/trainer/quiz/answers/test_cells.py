"""Tables are judged cell by cell: counted, and the first wrong one named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.quiz.answers.cells import Cell, count, first_wrong
from trainer.quiz.answers.table import TableAnswer

KIND = TableAnswer(("process", "start", "end"), "slice", frozenset({"p1", "p2"}))
RIGHT = (("P1", 0, 2), ("P2", 2, 4), ("P1", 4, 6))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ("P1 0 2; P2 2 5; P1 5 6", "7 of 9 cells are right; the first wrong one is end of slice 2: 4, not 5"),
        ("P2 0 2; P2 2 4; P1 4 6", "8 of 9 cells are right; the first wrong one is process of slice 1: P1, not P2"),
        ("P1 0 2; P2 2 4", "6 of 9 cells are right; slice 3 is missing: P1 4 6"),
        ("P1 0 2; P2 2 4; P1 4 6; P2 6 8", "9 of 9 cells are right; there is no slice 4"),
        ("none", "0 of 9 cells are right; slice 1 is missing: P1 0 2"),
    ],
)
def test_the_cells_that_are_right_are_counted_and_the_first_wrong_one_is_named(given_, says):
    found = KIND.parts(RIGHT, KIND.read(given_))
    assert found is not None
    assert found[1] == says


@pytest.mark.law
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4), st.data())
def test_one_changed_cell_is_the_first_wrong_one_and_the_only_one(rows, data):
    assert first_wrong(rows, rows) is None
    if not rows:
        return
    row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 1))
    changed = [list(one) for one in rows]
    changed[row][column] += 1
    assert first_wrong(rows, changed) == Cell(row, column, changed[row][column])
    assert count(rows, changed) == (2 * len(rows) - 1, 2 * len(rows))
