"""Is the timeline of a socket legible on any terminal?"""

from hypothesis import given as given_
from hypothesis import strategies as st

from sims.readiness import MODES, SIMULATOR, Happening, Scenario, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.readiness import draw, given

FRAMES = [Frame(80), Frame(40), Frame(30), Frame(40, ascii=True), Frame(30, ascii=True)]
STALL = {"mode": "edge", "events": ["arrive 10", "wait", "read 4", "wait", "rearm", "wait"]}


@st.composite
def scenarios(draw_: st.DrawFn) -> Scenario:
    """Stories with amounts up to the largest."""
    sized = st.builds(Happening, op=st.sampled_from(("arrive", "read")), bytes=st.integers(1, 65_536))
    bare = st.builds(Happening, op=st.sampled_from(("wait", "drain", "rearm")))
    events = draw_(st.lists(st.one_of(sized, bare), min_size=1, max_size=12))
    return Scenario(mode=draw_(st.sampled_from(MODES)), events=tuple(events))


def test_a_stall_is_drawn_as_derived_by_hand() -> None:
    """10 come, are reported; 4 are read; 6 stay untold until the socket is re-armed."""
    picture = text_of(draw(run(SIMULATOR.scenario(STALL)), Frame(40)))
    assert picture.split("\n") == [
        "    event          unread  returns",
        "  1  arrive 10          10",
        "  2  wait               10  1 ●",
        "  3  read 4              6  4",
        "  4  wait                6  0 untold",
        "  5  rearm               6",
        "  6  wait                6  1 ●",
    ]


def test_where_there_is_room_a_bar_shows_what_is_unread() -> None:
    lines = text_of(draw(run(SIMULATOR.scenario(STALL)), Frame(80))).split("\n")
    assert lines[1].count("░") > lines[3].count("░") > 0


def test_the_events_are_given_without_their_results() -> None:
    lines = text_of(given(SIMULATOR.scenario(STALL), Frame(80), frozenset())).split("\n")
    assert lines[:3] == ["The socket is watched edge-triggered (EPOLLET).", "   1  arrive 10", "   2  wait"]
    assert "edge" not in text_of(given(SIMULATOR.scenario(STALL), Frame(80), frozenset({"mode"})))
    assert "wait" not in text_of(given(SIMULATOR.scenario(STALL), Frame(80), frozenset({"events"})))


def test_a_step_marks_its_event_and_tells_it() -> None:
    lines = text_of(draw(run(SIMULATOR.scenario(STALL)), Frame(80), 4)).split("\n")
    assert lines[4].startswith("▸ 4  wait")
    assert lines[5] == "4. A wait returns 0: nothing to report."


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
