"""A row of numbers for each name: read in several forms, written in one."""

import pytest

from trainer.model import Unreadable
from trainer.quiz.answers.rows import RowsAnswer

KIND = RowsAnswer(("P0", "P1"), ("A", "B", "C"))
VALUE = {"P0": (7, 4, 3), "P1": (1, 2, 2)}


@pytest.mark.parametrize(
    "text", ["7 4 3; 1 2 2", "P0 7 4 3; P1 1 2 2", "p1: 1,2,2; P0=7,4,3", "7 4 3 1 2 2", "(7 4 3)\n(1 2 2)"]
)
def test_rows_are_read_with_and_without_names(text):
    assert KIND.read(text) == VALUE


def test_what_is_written_reads_back():
    assert KIND.read(KIND.write(VALUE)) == VALUE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7 4 3", "expected 2 rows, one for each process"),
        ("7 4; 1 2 2", "a row has 3 numbers (A B C); got '7 4'"),
        ("P9 7 4 3; P1 1 2 2", "a row has 3 numbers"),
        ("P1 7 4 3; P1 1 2 2", "each process has one row"),
        ("7 4 x; 1 2 2", "expected whole numbers, got 'x'"),
    ],
)
def test_what_is_no_row_is_asked_again(text, words):
    with pytest.raises(Unreadable, match="^" + words.replace("(", r"\(").replace(")", r"\)")):
        KIND.read(text)


def test_the_cells_that_are_right_are_counted_and_the_first_wrong_one_is_named():
    told = "5 of 6 cells are right; the first wrong one is C of P1: 2, not 3"
    assert KIND.parts(VALUE, {**VALUE, "P1": (1, 2, 3)}) == (1, told)
    assert KIND.parts(VALUE, VALUE) is None
