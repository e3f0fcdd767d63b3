"""Claims about how a question looks before anybody has answered it."""

from functools import partial

import pytest

from trainer.model import replace
from trainer.screen.question import question_drawing
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import view

WIDTHS = (30, 40, 50, 80, 120)

# Set by hand after the sketch of a first question: title and place, rule, text, data, convention, question and form.
DISK_80 = """\
Head movement under SSTF                                     disk.sstf · level 1
────────────────────────────────────────────────────────────────────────────────
The arm serves these requests by SSTF.

{data}

Of two requests equally near, the arm takes the one in its current direction.

How many cylinders does the arm cross in all?     like this: 12"""

DISK_40 = """\
Head movement under SSTF
disk.sstf · level 1
────────────────────────────────────────
The arm serves these requests by SSTF.

{data}

Of two requests equally near, the arm
takes the one in its current direction.

How many cylinders does the arm cross in
all?     like this: 12"""

DISK_PLAIN = """\
Head movement under SSTF. Skill disk.sstf, level 1.

The arm serves these requests by SSTF.

{data}

Rule: Of two requests equally near, the arm takes the one in its current
direction.

Question: How many cylinders does the arm cross in all?
Answer like this: 12"""

CHOICE_50 = """\
A read that has to wait
io.blocking-read · level 1
──────────────────────────────────────────────────
A thread calls read() on a socket that has no
data. The socket is in blocking mode. What does
its core do?

  1. It checks the socket in a loop until data
     arrives.
  2. It runs another thread, or idles if none is
     ready.
  3. It waits, and cannot be used until data
     arrives.

Which one?     like this: 2"""


def data(question, width):
    """What the simulator's own view says of the scenario; its tests are elsewhere."""
    return text_of(view(question.simulator).given(question.scenario, Frame(width), frozenset()))


@pytest.mark.rule
def test_the_screen_at_80_columns_is_title_text_data_rule_question_and_form(disk_question, printed):
    assert printed(partial(question_drawing, disk_question)) == DISK_80.format(data=data(disk_question, 80))


@pytest.mark.rule
def test_at_40_columns_the_place_stands_below_the_title(disk_question, printed):
    assert printed(partial(question_drawing, disk_question), 40) == DISK_40.format(data=data(disk_question, 40))


@pytest.mark.rule
def test_plain_labels_what_boxes_and_places_said(disk_question, printed):
    assert printed(partial(question_drawing, disk_question), plain=True) == DISK_PLAIN.format(
        data=data(disk_question, 80)
    )


@pytest.mark.rule
def test_options_are_numbered_and_hang_under_their_own_text(choice_question, printed):
    assert printed(partial(question_drawing, choice_question), 50) == CHOICE_50


@pytest.mark.rule
def test_a_unit_that_the_question_does_not_name_is_said_with_the_form(disk_question):
    told = text_of(question_drawing(replace(disk_question, asks="How far does the arm move?"), Frame()))
    assert told.endswith("How far does the arm move?     in cylinders, like this: 12")


@pytest.mark.rule
def test_a_hidden_field_is_not_shown(disk_question):
    told = text_of(question_drawing(replace(disk_question, text="", hidden=frozenset({"policy"})), Frame()))
    assert "sstf" not in told.replace("disk.sstf", "")


@pytest.mark.rule
def test_what_content_writes_cannot_steer_the_terminal(choice_question, printed):
    evil = replace(choice_question, title="a\x1b[2Jb", text="x\u202ey", asks="\x9b31m")
    shown = printed(partial(question_drawing, evil))
    assert r"a\x1b[2Jb" in shown
    assert r"x\u202ey" in shown
    assert r"\x9b31m" in shown


@pytest.mark.law
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("simple", [False, True])
@pytest.mark.parametrize("plain", [False, True])
def test_nothing_is_wider_than_the_frame_and_ascii_is_ascii(disk_question, choice_question, width, simple, plain):
    for question in (disk_question, choice_question):
        drawing = question_drawing(question, Frame(width, simple, plain))
        assert width_of(drawing) <= width
        assert not simple or text_of(drawing).isascii()
