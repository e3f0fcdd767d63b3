"""Is the frame table right, and does it stay inside its frame?"""

import pytest
from hypothesis import given as checked
from hypothesis import strategies as st

from sims.fields import make
from sims.paging import POLICIES, Scenario, Trace, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import drawn
from trainer.view.paging import draw, given

OSTEP = [0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1]


def paging(policy: str, *references: int | str, frames: int = 3, **more: object) -> Trace:
    return run(make(Scenario, {"policy": policy, "frames": frames, "references": list(references), **more}))


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Any policy, pages of one to six digits: `clock, 2 frames, 7 123456w 7`."""
    page = st.one_of(st.integers(0, 9), st.integers(0, 999_999)).map(str)
    reference = st.tuples(page, st.sampled_from(("", "w"))).map("".join)
    references = draw(st.lists(reference, min_size=1, max_size=25))
    more = {"frames": draw(st.sampled_from((1, 2, 3, 5, 1024))), "draws": list(range(25))}
    return paging(draw(st.sampled_from(POLICIES)), *references, **more)


frames = st.builds(Frame, width=st.sampled_from((30, 40, 80, 200)), ascii=st.booleans(), plain=st.booleans())


@checked(traces(), frames, st.none() | st.integers(0, 25))
def test_no_line_is_wider_than_the_frame_and_ascii_is_clean(trace: Trace, frame: Frame, upto: int | None) -> None:
    for drawing in (given(trace.scenario, frame, frozenset()), drawn("paging", trace, frame, upto)):
        assert width_of(drawing) <= frame.width
        if frame.ascii:
            assert all(character <= "~" for character in text_of(drawing))


@pytest.mark.textbook("ostep 22.3, figure 22.2")
def test_fifo_is_drawn_as_a_table_of_frames() -> None:
    """The columns are OSTEP's: 0 1 2 fill; 3 evicts 0, 0 evicts 1, 1 evicts 2, 2 evicts 3."""
    assert text_of(draw(paging("fifo", *OSTEP), Frame(80))).split("\n") == [
        "page     0   1   2   0   1   3   0   3   1   2   1",
        "frame 0 [0]  0   0   0   0  [3]  3   3   3  [2]  2",
        "frame 1     [1]  1   1   1   1  [0]  0   0   0   0",
        "frame 2         [2]  2   2   2   2   2  [1]  1   1",
        "fault    F   F   F   ·   ·   F   F   ·   F   F   ·",
        "evicted                      0   1       2   3",
        "F fault, [ ] just loaded",
    ]


def test_clock_shows_the_bits_and_the_hand_in_ascii_and_folds_evenly() -> None:
    """1 2 3 set all bits, the hand is back at frame 0; 1w hits; 4 clears all bits and writes 1 back."""
    assert text_of(draw(paging("clock", 1, 2, 3, "1w", 4), Frame(20, ascii=True))).split("\n") == [
        "page     1   2   3",
        "frame 0  1*  1* >1*",
        "frame 1  >   2*  2*",
        "frame 2      >   3*",
        "fault    F   F   F",
        "evicted",
        "",
        "page     1w  4",
        "frame 0 >1*  4*",
        "frame 1  2* >2",
        "frame 2  3*  3",
        "fault    .   F",
        "evicted      1w",
        "F fault, * reference",
        "bit set, > hand, w",
        "write (evicted:",
        "written back)",
    ]


def test_stepping_marks_the_last_reference_and_tells_it() -> None:
    drawing = draw(paging("lru", 1, 2, 1, 3, frames=2), Frame(120), 4)
    marked = [span.text.strip() for row in drawing for span in row if span.style == "mark"]
    assert marked == ["3", "1", "[3]", "F", "2"]
    assert text_of(drawing).endswith("a fault; page 2 leaves frame 1, last used longest ago, at reference 2.")


def test_a_step_shows_only_what_has_happened() -> None:
    trace = paging("fifo", *OSTEP)
    whole = text_of(draw(trace, Frame(80))).split("\n")[0]
    for upto in range(len(OSTEP) + 1):
        assert text_of(draw(trace, Frame(80), upto)).split("\n")[0] == whole[: 7 + 4 * upto].rstrip()


def test_given_tells_what_the_policy_needs_and_nothing_hidden() -> None:
    clock = paging("clock", 1, "2w").scenario
    assert text_of(given(clock, Frame(80), frozenset())) == (
        "Policy clock; 3 frames, empty at the start; a load leaves the reference bit set\nreferences: 1 2w"
    )
    assert text_of(given(clock, Frame(80), frozenset({"policy", "frames", "load_bit"}))) == "references: 1 2w"
    aging = paging("aging", 1, 2, reset_every=5).scenario
    assert "clock interrupt after every 5 references" in text_of(given(aging, Frame(120), frozenset()))
    drawn_ = paging("random", 1, 2, frames=1, draws=[8]).scenario
    assert "draws 8" in text_of(given(drawn_, Frame(80), frozenset({"references"})))


def test_of_many_references_the_first_are_drawn_or_those_that_lead_to_the_marked_one() -> None:
    trace = paging("fifo", *range(1_000))
    assert "… and 600 more references" in text_of(given(trace.scenario, Frame(), frozenset()))
    whole, part = text_of(draw(trace, Frame())), text_of(draw(trace, Frame(), 700))
    drawn = [word for row in whole.splitlines() if row.startswith("page") for word in row.split()[1:]]
    shown = [word for row in part.splitlines() if row.startswith("page") for word in row.split()[1:]]
    assert (drawn[0], drawn[-1], len(drawn)) == ("0", "399", 400)
    assert (shown[0], shown[-1], len(shown)) == ("300", "699", 400)
    assert "… and 600 more references" in whole
    assert "more references" not in part
    assert "Reference 700, page 699: a fault" in part


@pytest.mark.parametrize("policy", POLICIES)
def test_where_the_policy_is_hidden_what_only_it_needs_does_not_give_it_away(policy: str) -> None:
    told = [
        text_of(given(paging(one, *OSTEP, draws=[0] * 9).scenario, Frame(80), frozenset({"policy"})))
        for one in (policy, "fifo")
    ]
    assert told[0] == told[1]
