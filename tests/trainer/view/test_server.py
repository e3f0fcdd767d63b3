"""Is a server's time legible on any terminal?"""

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from sims.server import MODELS, SIMULATOR, Request, Scenario, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.server import draw, given

POOL = {
    "model": "pool",
    "threads": 2,
    "requests": [
        {"name": "A", "segments": [1, 3, 1]},
        {"name": "B", "arrival": 1, "segments": [2]},
        {"name": "C", "arrival": 1, "segments": [1]},
    ],
}
FRAMES = [Frame(80), Frame(40), Frame(30), Frame(40, ascii=True), Frame(30, ascii=True)]


@st.composite
def scenarios(draw_: st.DrawFn) -> Scenario:
    """Servers of any model with up to six requests, some lengths far beyond the screen."""
    lengths = st.lists(st.integers(1, 5) | st.integers(90, 4000), min_size=1, max_size=5)
    requests = [
        Request(name=f"R{n}", arrival=draw_(st.integers(0, 9)), segments=tuple(draw_(lengths)))
        for n in range(draw_(st.integers(1, 6)))
    ]
    return Scenario(
        model=draw_(st.sampled_from(MODELS)),
        requests=tuple(requests),
        threads=draw_(st.integers(1, 3)),
        loops=draw_(st.integers(1, 3)),
        syscall_cost=draw_(st.integers(0, 2)),
        descriptor_limit=draw_(st.none() | st.integers(1, 3)),
        backlog=draw_(st.integers(0, 2)),
    )


def test_a_pool_is_drawn_as_derived_by_hand() -> None:
    """A computes 0-1, waits 1-4; B 1-3; its thread takes C at 3: C 3-4; A 4-5. Four columns a tick."""
    picture = text_of(draw(run(SIMULATOR.scenario(POOL)), Frame(80)))
    assert picture.split("\n") == [
        "         0   1   2   3   4   5",
        "thread 0 A███░░░░░░░░░░░░A███",
        "thread 1     B███████C███",
        "A        ████░░░░░░░░░░░░████",
        "B            ████████",
        "C            ········████",
        "█ CPU   ░ I/O   · ready, has to wait",
    ]


def test_the_requests_are_given_with_their_segments() -> None:
    lines = text_of(given(SIMULATOR.scenario(POOL), Frame(80), frozenset())).split("\n")
    assert lines == [
        "Model pool; 2 threads; 1 core.",
        "  request  arrival  CPU  I/O  CPU",
        "  A              0    1    3    1",
        "  B              1    2",
        "  C              1    1",
    ]


def test_a_hidden_field_is_not_given() -> None:
    text = text_of(given(SIMULATOR.scenario(POOL), Frame(80), frozenset({"threads", "model"})))
    assert text.startswith("1 core.")
    assert "pool" not in text
    assert "arrival" not in text_of(given(SIMULATOR.scenario(POOL), Frame(80), frozenset({"requests"})))


def test_a_step_shows_what_has_happened_and_tells_it() -> None:
    text = text_of(draw(run(SIMULATOR.scenario(POOL)), Frame(80), 3))
    assert text.split("\n")[-1] == "▸ From 0 to 1 A computes on thread 0."
    assert "░" not in text


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


@pytest.mark.parametrize("model", MODELS)
def test_many_lanes_are_cut_and_said_so(model: str) -> None:
    requests = [{"segments": [1]} for _ in range(100)]
    text = text_of(draw(run(SIMULATOR.scenario({"model": model, "requests": requests})), Frame(80)))
    assert "more" in text
    assert len(text.split("\n")) < 30


@pytest.mark.parametrize("model", MODELS)
def test_where_the_model_is_hidden_its_sizes_do_not_give_it_away(model: str) -> None:
    told = [
        text_of(given(SIMULATOR.scenario({**POOL, "model": one}), Frame(80), frozenset({"model"})))
        for one in (model, "blocking")
    ]
    assert told[0] == told[1]
