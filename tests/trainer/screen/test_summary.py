"""Claims about what is said around the questions."""

import pytest

from tests.trainer.made import TODAY
from tests.trainer.practice.bench import card
from trainer.practice.mistakes import Held
from trainer.practice.outlook import Outlook
from trainer.practice.session import Summary
from trainer.screen.summary import (
    Opening,
    after_first_drawing,
    again_drawing,
    due_drawing,
    in_days,
    summary_drawing,
)
from trainer.view.drawing import Frame, text_of, width_of

SUMMARY = Summary(
    asked=14,
    right=11,
    taken_ms=580_000,
    settled=(Held("turnaround-for-waiting", ("rr",), 2, 1, 1, 2),),
    open=(Held("hand-follows-page-numbers", ("clock",), 2, 1, 1, 0), Held("option-2", ("opt",), 1, 1, 1, 0)),
    tomorrow=Outlook(8, 6 * 60_000, 0),
    practised=5,
)
TITLES = {"clock": "Clock", "opt": "Why no kernel runs OPT"}


def summed(frame):
    return summary_drawing(SUMMARY, lambda _skill: "tomorrow", TITLES.get, frame)


# Set by hand after the sketch of a session's end.
SUMMED_80 = """\
14 questions, 11 right, 9 min 40 s                practised 5 of the last 7 days
  settled   turnaround for waiting (right twice since)
  open      hand follows page numbers, asked again tomorrow
  open      Why no kernel runs OPT, asked again tomorrow
  next      tomorrow 8 due, about 6 minutes"""

SUMMED_40 = """\
14 questions, 11 right, 9 min 40 s
practised 5 of the last 7 days
  settled   turnaround for waiting
            (right twice since)
  open      hand follows page numbers,
            asked again tomorrow
  open      Why no kernel runs OPT,
            asked again tomorrow
  next      tomorrow 8 due, about 6
            minutes"""


@pytest.mark.rule
def test_the_end_of_a_session_at_80_and_at_40_columns():
    assert text_of(summed(Frame(80))) == SUMMED_80
    assert text_of(summed(Frame(40))) == SUMMED_40


@pytest.mark.rule
def test_plain_has_labels():
    assert "\nopen: hand follows page numbers, asked again tomorrow\n" in text_of(summed(Frame(80, plain=True)))


@pytest.mark.law
@pytest.mark.parametrize("width", [30, 40, 50, 80, 120])
@pytest.mark.parametrize("plain", [False, True])
def test_nothing_is_wider_than_the_frame_and_ascii_is_ascii(width, plain):
    frame = Frame(width, ascii=True, plain=plain)
    opening = Opening(outlook=Outlook(12, 540_000, 2), goal="goal 20 Jan: on course", data="~/.local/share/osdrill")
    for drawing in (summed(frame), due_drawing(opening, frame), after_first_drawing(opening, frame)):
        assert text_of(drawing).isascii()
        assert width_of(drawing) <= width


@pytest.mark.rule
@pytest.mark.parametrize(("days", "words"), [(-3, "today"), (0, "today"), (1, "tomorrow"), (12, "in 12 days")])
def test_distances_in_days_are_words(days, words):
    assert in_days(days) == words


@pytest.mark.rule
def test_a_failed_skill_returns_in_this_session_and_another_on_its_day():
    failed = card("a", again_today=TODAY)
    assert text_of(again_drawing(failed, TODAY, False, Frame())) == "  seen again in 3 questions, as a fresh instance"
    assert text_of(again_drawing(failed, TODAY, True, Frame())) == "  seen again later today, as a fresh instance"
    later = card("a", due=TODAY + 4, again_today=-1)
    assert text_of(again_drawing(later, TODAY, False, Frame())) == "  seen again in 4 days, as a fresh instance"
    assert again_drawing(None, TODAY, False, Frame()) == ()


@pytest.mark.rule
def test_one_is_not_plural():
    assert text_of(due_drawing(Opening(outlook=Outlook(1, 1, 1)), Frame())) == (
        "1 due, about 1 minute · 1 new fits in your 15"
    )
    assert text_of(due_drawing(Opening(outlook=Outlook(0, 0, 3)), Frame())) == "nothing due · 3 new fit in your 15"
