"""Claims about a session without a terminal: plain text out, one line in for each answer."""

import io

import pytest

from trainer.screen.keys import ASKING, Key
from trainer.screen.lines import LONGEST, Lines
from trainer.screen.paper import Look, Paper
from trainer.screen.walk import walk_of

AFTER = (Key("enter", "next"), Key("r", "another like it"), Key("q", "quit"))


def lines(text, *, waits=False):
    out = io.StringIO()
    return Lines(Paper(out, Look(plain=True, colour=False), lambda: 80), io.StringIO(text), waits=waits), out


@pytest.mark.rule
def test_each_line_is_an_answer_and_empty_lines_are_none():
    front, _ = lines("\n4 6 3\n\r\n5\n")
    assert front.ask((), ASKING) == "4 6 3"
    assert front.ask((), ASKING) == "5"


@pytest.mark.rule
def test_the_end_of_input_ends():
    front, _ = lines("5")
    assert front.ask((), ASKING) == "5"
    with pytest.raises(EOFError):
        front.ask((), ASKING)


@pytest.mark.rule
def test_a_pipe_is_not_asked_for_keys_and_goes_on():
    front, out = lines("5\n")
    assert front.key(AFTER) == "enter"
    assert out.getvalue() == ""


@pytest.mark.rule
def test_a_person_types_keys_and_enter():
    front, out = lines("x\nR\n", waits=True)
    assert front.key(AFTER) == "r"
    assert out.getvalue().count("Keys: enter next, r another like it, q quit\n") == 2
    assert lines("\n", waits=True)[0].key(AFTER) == "enter"


@pytest.mark.rule
def test_a_line_of_ten_megabytes_is_read_to_its_end_and_cut():
    front, _ = lines("x" * 10_000_000 + "\n7\n")
    assert len(front.ask((), ASKING)) == LONGEST
    assert front.ask((), ASKING) == "7"


@pytest.mark.rule
def test_a_walk_is_told_in_sentences(disk_question):
    front, out = lines("")
    front.walk(walk_of(disk_question, None))
    assert out.getvalue().startswith("At 0 the arm moves 53 → 65, to serve 65: 12.\n")


@pytest.mark.rule
def test_nothing_is_sent_but_text(disk_question):
    front, out = lines("1\n", waits=True)
    front.ask((), ASKING)
    front.walk(walk_of(disk_question, None))
    assert "\x1b" not in out.getvalue()
