"""Claims about answers of several lines: tables row by row, free answers, and how those are marked."""

import io

import pytest

from trainer.model import Point, replace
from trainer.practice.marked import Marks, PointMark
from trainer.quiz.answers.free import FreeAnswer
from trainer.quiz.answers.rows import RowsAnswer
from trainer.quiz.answers.table import TableAnswer
from trainer.screen.free import marked, marked_blocks
from trainer.screen.lines import Lines
from trainer.screen.paper import Look, Paper
from trainer.screen.question import question_drawing
from trainer.screen.several import whole
from trainer.screen.verdict import given_up_drawing
from trainer.view.drawing import Frame, text_of

GANTT = TableAnswer(("process", "start", "end"), "slice", frozenset({"p1", "p2"}))
NEED = RowsAnswer(("P0", "P1"), ("A", "B"))
POINTS = (Point("Pages are copied on write.", ("copy on write",)), Point("exec follows.", ("exec",)))


def front(text, *, waits=True):
    out = io.StringIO()
    return Lines(Paper(out, Look(plain=True, colour=False), lambda: 80), io.StringIO(text), waits=waits), out


@pytest.fixture
def gantt(choice_question):
    right = (("P1", 0, 2), ("P2", 2, 5))
    return replace(choice_question, answer=GANTT, right=right, options=(), mistakes=())


@pytest.fixture
def free(choice_question):
    return replace(choice_question, answer=FreeAnswer(POINTS), right="…", options=(), mistakes=())


@pytest.mark.rule
def test_rows_are_taken_until_an_empty_line(gantt):
    lines, _ = front("P2 2 5\n\nnext\n")
    text = whole(lines, gantt, "P1 0 2")
    assert gantt.answer.read(text) == (("P1", 0, 2), ("P2", 2, 5))


@pytest.mark.rule
def test_a_row_that_is_none_is_said_and_the_others_stand(gantt):
    lines, out = front("P2 2\nP9 2 5\nP2 2 5\n\n")
    assert whole(lines, gantt, "P1 0 2") == "P1 0 2\nP2 2 5"
    assert "Not taken: a row has 3 cells (process start end); got 2 in 'P2 2'. The other" in out.getvalue()
    assert "'P9' is neither a number nor a name" in out.getvalue()


@pytest.mark.rule
@pytest.mark.parametrize("text", ["P1 0 2; P2 2 5", "none", "P1 0", ":h", "?"])
def test_one_line_is_enough_for_a_table_with_semicolons_none_what_is_no_row_and_commands(gantt, text):
    lines, _ = front("never read\n")
    assert whole(lines, gantt, text) == text


@pytest.mark.rule
def test_a_command_among_the_rows_is_obeyed(gantt):
    lines, _ = front(":s\n")
    assert whole(lines, gantt, "P1 0 2") == ":s"


@pytest.mark.rule
def test_a_word_looked_up_among_the_lines_leaves_them_as_they_are(gantt, free):
    looked = []
    lines, _ = front("? slice\nP2 2 5\n\n")
    assert whole(lines, gantt, "P1 0 2", looked.append) == "P1 0 2\nP2 2 5"
    lines, _ = front(":? exec\nThen exec.\n\n")
    assert whole(lines, free, "Pages are shared.", looked.append) == "Pages are shared.\nThen exec."
    assert looked == ["? slice", ":? exec"]


@pytest.mark.rule
def test_a_table_of_known_length_ends_by_itself(gantt):
    question = replace(gantt, answer=NEED, right={"P0": (1, 2), "P1": (3, 4)})
    lines, _ = front("P1 3 4\nnever read\n")
    assert NEED.read(whole(lines, question, "1 2")) == {"P0": (1, 2), "P1": (3, 4)}
    assert whole(lines, question, "1 2 3 4") == "1 2 3 4"


@pytest.mark.rule
def test_a_pipe_answers_on_one_line(gantt, free):
    lines, _ = front("never read\n", waits=False)
    assert whole(lines, gantt, "P1 0 2") == "P1 0 2"
    assert whole(lines, free, "copied on write") == "copied on write"


@pytest.mark.rule
def test_a_free_answer_takes_lines_until_an_empty_one(free):
    lines, _ = front("Then exec.\n\n")
    assert whole(lines, free, "Pages are shared.") == "Pages are shared.\nThen exec."


@pytest.mark.rule
def test_confidence_comes_before_the_points_and_each_is_marked_beside_what_was_found(free):
    lines, out = front("5\n4\ny\nn\n")
    marks = marked(lines, free, "pages are copied on write")
    points = (PointMark("Pages are copied on write.", "found", True), PointMark("exec follows.", "not found", False))
    assert marks == Marks(4, points)
    text = out.getvalue()
    order = ["How sure are you", "4, certain", "1 of 2, found:", "2 of 2, not found:"]
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)
    assert "%" not in text


@pytest.mark.rule
@pytest.mark.parametrize("typed", ["q\n", "2\nq\n", "2\ny\nq\n"])
def test_who_leaves_while_marking_has_marked_nothing(free, typed):
    assert marked(front(typed)[0], free, "text") is None


@pytest.mark.rule
def test_what_was_marked_is_told_and_the_explanation_after_it(free):
    marks = Marks(2, (PointMark("One.", "found", True), PointMark("Two.", "maybe", False)))
    for frame in (Frame(80), Frame(40), Frame(40, ascii=True), Frame(40, plain=True)):
        rows = [text_of(block.rows) for block in marked_blocks(free, marks, frame)]
        assert rows[0] == "You marked 1 of 2 points as said."
        assert "interrupt" in rows[-1]
        assert all(len(row) <= frame.width for text in rows for row in text.split("\n"))


@pytest.mark.rule
def test_who_gives_up_sees_the_points_and_the_question_does_not_show_them(free):
    assert "- exec follows." in text_of(given_up_drawing(free, Frame(80)))
    assert "exec follows" not in text_of(question_drawing(free, Frame(80)))
