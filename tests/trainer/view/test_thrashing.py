"""Are the curve, the knee and the working sets drawn right, and inside the frame?"""

from typing import Any

import pytest
from hypothesis import given as checked
from hypothesis import strategies as st

from sims.fields import make
from sims.thrashing import SIMULATOR, Scenario, Trace, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import drawn
from trainer.view.thrashing import draw, given

EXAMPLES = {example.name: example.scenario for example in SIMULATOR.examples}


def trace_of(raw: Any) -> Trace:
    return run(SIMULATOR.scenario(raw))


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """An example, or a small mix: `working-set, 3 frames, window 2, P0: 0 1 2, P1: 999999 0`."""
    if draw(st.integers(0, 4)) == 0:
        return trace_of(EXAMPLES[draw(st.sampled_from(sorted(EXAMPLES)))])
    string = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 999_999)), min_size=1, max_size=12)
    raw = {
        "processes": draw(st.lists(string, min_size=1, max_size=4)),
        "frames": draw(st.integers(4, 9)),
        "replacement": draw(st.sampled_from(("global-lru", "local-lru", "working-set"))),
        "window": draw(st.integers(1, 5)),
        "fault_time": draw(st.integers(1, 4)),
    }
    return run(make(Scenario, raw))


frames = st.builds(Frame, width=st.sampled_from((30, 40, 80)), ascii=st.booleans(), plain=st.booleans())


@checked(traces(), frames, st.none() | st.integers(0, 40))
def test_no_line_is_wider_than_the_frame_and_ascii_is_clean(trace: Trace, frame: Frame, upto: int | None) -> None:
    for drawing in (given(trace.scenario, frame, frozenset()), drawn("thrashing", trace, frame, upto)):
        assert width_of(drawing) <= frame.width
        if frame.ascii:
            assert all(character <= "~" for character in text_of(drawing))


def test_the_curve_shows_the_knee_and_the_working_sets_their_sizes() -> None:
    """One process of two pages, 0 1 0 0: faults 0–2 and 3–5, used at 2, 5, 6, 7: 4 of 8 ticks."""
    trace = trace_of({"frames": 4, "fault_time": 2, "window": 2, "processes": [[0, 1, 0, 0]]})
    assert text_of(draw(trace, Frame(45))).split("\n") == [
        "degree  utilisation",
        "     1  ██████████░░░░░░░░░░ 0.500 ◂ knee",
        "size of the working set, window 2, a digit a",
        "reference",
        "P0  1221",
    ]
    assert text_of(draw(trace, Frame(45, ascii=True))).split("\n")[1] == "     1  ##########.......... 0.500 < knee"


@pytest.mark.textbook("tanenbaum-4 2.1.7, figure 2-6")
def test_the_model_is_drawn_up_to_the_number_asked_for() -> None:
    rows = text_of(draw(trace_of({"waiting": "0.8", "processes": 4}), Frame(45))).split("\n")
    assert [row[-11:].split()[-1] for row in rows[1:4]] == ["0.200", "0.360", "0.488"]
    assert rows[4].endswith("0.590 ◂ asked")


def test_a_step_shows_who_holds_what_and_who_waits() -> None:
    trace = trace_of({"frames": 2, "fault_time": 3, "processes": [[0, 1, 0], [0]]})
    moment = text_of(draw(trace, Frame(80), 7)).split("\n")
    assert moment == [
        "2 of 2 frames taken",
        "  process  pages  state",
        "▸ P0           1  waits",
        "  P1           0  waits",
        "At 6 P0 gets page 1 until 9; page 0 of P0 leaves.",
    ]


def test_given_names_what_is_not_hidden() -> None:
    scenario = SIMULATOR.scenario(EXAMPLES["knee"])
    text = text_of(given(scenario, Frame(120), frozenset({"frames"})))
    assert "9 frames" not in text
    assert "P5: 0 1 2 over and over, 60 references" in text
    assert "processes" not in text_of(given(SIMULATOR.scenario(EXAMPLES["model"]), Frame(80), frozenset({"processes"})))
