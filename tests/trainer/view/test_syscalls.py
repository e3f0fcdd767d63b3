"""Is the price of a transfer legible on any terminal?"""

from hypothesis import given as given_
from hypothesis import strategies as st

from sims.syscalls import CALLS, SIMULATOR, Costs, Scenario, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.syscalls import draw, given

FRAMES = [Frame(80), Frame(40), Frame(30), Frame(40, ascii=True), Frame(30, ascii=True)]
STDIO = {
    "call": "read",
    "bytes": 10_000,
    "chunk": 100,
    "buffer": 4096,
    "costs": {"syscall": 100, "copy_per_kib": 64, "fault": 500},
}


@st.composite
def scenarios(draw_: st.DrawFn) -> Scenario:
    """Transfers of any kind, from one byte to a terabyte."""
    return Scenario(
        call=draw_(st.sampled_from(CALLS)),
        bytes=draw_(st.integers(1, 9_000) | st.integers(1, 2**40)),
        chunk=draw_(st.integers(1, 2**30)),
        buffer=draw_(st.just(0) | st.integers(1, 2**20)),
        batch=draw_(st.integers(1, 64)),
        costs=Costs(syscall=draw_(st.integers(0, 1000)), copy_per_kib=draw_(st.integers(0, 90))),
    )


def test_a_buffered_read_is_drawn_as_derived_by_hand() -> None:
    """2 × 4096 and 1808 bytes, 64 ns a KiB: 256 ns a full call's copy, 113 the last; 400 of 1025 ns are calls."""
    picture = text_of(draw(run(SIMULATOR.scenario(STDIO)), Frame(58)))
    assert picture.split("\n") == [
        "  sort         times  bytes each  copied    ns",
        "  full call        2        4096    8192   712",
        "  last call        1        1808    1808   213",
        "  end of file      1           0       0   100",
        "  together         4               10000  1025",
        "  calls     39 % ███████████████",
        "  copying   60 % ████████████████████████",
        "  faults     0 %",
    ]


def test_the_transfer_and_its_costs_are_given() -> None:
    lines = text_of(given(SIMULATOR.scenario(STDIO), Frame(80), frozenset())).split("\n")
    assert lines == [
        "Call read, 10000 bytes, 100 at a time, through a library's buffer of 4096.",
        "  cost of a       ns",
        "  system call    100",
        "  copying 1 KiB   64",
        "  page fault     500",
    ]
    text = text_of(given(SIMULATOR.scenario(STDIO), Frame(80), frozenset({"chunk", "costs"})))
    assert text == "Call read, 10000 bytes, through a library's buffer of 4096."


def test_a_step_marks_its_row_and_tells_it() -> None:
    lines = text_of(draw(run(SIMULATOR.scenario(STDIO)), Frame(80), 2)).split("\n")
    assert lines[2].startswith("▸ last call")
    assert lines[3] == "One read moves the last 1808 bytes. 213 ns."


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
