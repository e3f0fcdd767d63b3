"""Are descriptor tables legible on any terminal?"""

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from sims.descriptors import SIMULATOR, Scenario, run
from trainer.view.descriptors import draw, given
from trainer.view.drawing import Frame, text_of, width_of

SHARED = {
    "files": [{"name": "a", "size": 100}],
    "operations": ["open a", "dup 3", "open a cloexec", "fork C", "C: read 4 20", "C: pipe", "C: write 7 5"],
}
FRAMES = [Frame(80), Frame(40), Frame(30), Frame(40, ascii=True), Frame(30, ascii=True)]
RECIPES = [recipe.name for recipe in SIMULATOR.recipes]


@st.composite
def scenarios(draw_: st.DrawFn) -> Scenario:
    """What the recipes make, and now and then long names."""
    recipe = SIMULATOR.recipe(draw_(st.sampled_from(RECIPES)))
    scenario = recipe.make(recipe.parameters(), lambda _path, low, high: draw_(st.integers(low, high)))
    assert isinstance(scenario, Scenario)
    return scenario


LONG = {"operations": [f"open {'long/' * 6}a", f"fork {'N' * 16}", f"{'N' * 16}: open {'x' * 32} cloexec"]}


def test_shared_offsets_are_drawn_as_derived_by_hand() -> None:
    picture = text_of(draw(run(SIMULATOR.scenario(SHARED)), Frame(80)))
    assert picture.split("\n") == [
        "   1  P: open a          3",
        "   2  P: dup 3           4",
        "   3  P: open a cloexec  5",
        "   4  P: fork C",
        "   5  C: read 4 20       20",
        "   6  C: pipe            6 7",
        "   7  C: write 7 5       5",
        "",
        "tables (* close-on-exec)",
        "  P   0 tty   1 tty   2 tty   3 1:a   4 1:a   5* 3:a",
        "  C   0 tty   1 tty   2 tty   3 1:a   4 1:a   5* 3:a   6 6r:pipe1.r",
        "      7 6w:pipe1.w",
        "",
        "  open file   offset  in pipe          named by",
        "  tty                          P 0 1 2, C 0 1 2",
        "  1:a             20               P 3 4, C 3 4",
        "  3:a              0                   P 5, C 5",
        "  6r:pipe1.r                5               C 6",
        "  6w:pipe1.w                5               C 7",
    ]


def test_the_calls_are_given_without_their_results() -> None:
    lines = text_of(given(SIMULATOR.scenario(SHARED), Frame(80), frozenset())).split("\n")
    assert lines[0] == "RLIMIT_NOFILE is 16. Files: a (100 bytes)."
    assert lines[3] == "   3  P: open a cloexec"


def test_a_hidden_field_is_not_given() -> None:
    assert "16" not in text_of(given(SIMULATOR.scenario(SHARED), Frame(80), frozenset({"limit"})))
    assert "open" not in text_of(given(SIMULATOR.scenario(SHARED), Frame(80), frozenset({"operations"})))


def test_a_step_marks_its_call_and_tells_it() -> None:
    lines = text_of(draw(run(SIMULATOR.scenario(SHARED)), Frame(80), 2)).split("\n")
    assert lines[1].startswith("▸  2  P: dup 3")
    assert lines[2] == "2. P: dup 3 gives 4."
    assert text_of(draw(run(SIMULATOR.scenario(SHARED)), Frame(80), 0)).startswith("Nothing has been called")


@given_(scenarios(), st.sampled_from(FRAMES))
def test_no_line_is_wider_than_the_frame_and_ascii_is_ascii(scenario: Scenario, frame: Frame) -> None:
    trace = run(scenario)
    for drawing in (given(scenario, frame, frozenset()), draw(trace, frame)):
        assert width_of(drawing) <= frame.width
        assert not frame.ascii or text_of(drawing).isascii()


@given_(scenarios())
def test_every_step_can_be_drawn(scenario: Scenario) -> None:
    trace = run(scenario)
    for upto in range(len(trace.events) + 1):
        assert width_of(draw(trace, Frame(40), upto)) <= 40


@pytest.mark.parametrize("frame", FRAMES)
def test_long_names_do_not_break_the_frame(frame: Frame) -> None:
    scenario = SIMULATOR.scenario(LONG)
    assert width_of(given(scenario, frame, frozenset())) <= frame.width
    assert width_of(draw(run(scenario), frame, 2)) <= frame.width
