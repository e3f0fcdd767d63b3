"""Are the bits, the walk and the TLB drawn right, and inside the frame?"""

from typing import Any

import pytest
from hypothesis import given as checked
from hypothesis import strategies as st

from sims.fields import make
from sims.translation import SIMULATOR, Trace, run
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import drawn
from trainer.view.translation import draw, given

EXAMPLES = {example.name: example.scenario for example in SIMULATOR.examples}


def trace_of(raw: Any) -> Trace:
    return run(SIMULATOR.scenario(raw))


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """An example, or what a recipe draws: `tlb-run with 9 accesses, 4 entries in 2 ways, 2 spaces`."""
    name = draw(st.sampled_from([*EXAMPLES, *(recipe.name for recipe in SIMULATOR.recipes)]))
    if name in EXAMPLES:
        return trace_of(EXAMPLES[name])
    recipe = SIMULATOR.recipe(name)
    parameters = {
        "walk": {
            "levels": [9, 9, 9, 9],
            "page_bits": 12,
            "frame_bits": 20,
            "count": draw(st.integers(1, 8)),
            "faulty": 40,
        },
        "tlb-run": {
            "count": draw(st.integers(2, 12)),
            "pages": 6,
            "levels": [4, 4],
            "entries": 4,
            "ways": 2,
            "spaces": 2,
        },
        "tables": {"levels": [9, 9], "page_bits": 12, "entry_bytes": 8, "clusters": 4, "pages": 3},
        "segments": {"segments": 4, "offset_bits": 12, "count": draw(st.integers(1, 6))},
    }[name]
    pick = lambda _path, low, high: draw(st.integers(low, high))  # noqa: E731 — a pick is a function of three
    return run(recipe.make(make(recipe.parameters, parameters), pick))


frames = st.builds(Frame, width=st.sampled_from((30, 40, 80)), ascii=st.booleans(), plain=st.booleans())


@checked(traces(), frames, st.none() | st.integers(0, 12))
def test_no_line_is_wider_than_the_frame_and_ascii_is_clean(trace: Trace, frame: Frame, upto: int | None) -> None:
    for drawing in (given(trace.scenario, frame, frozenset()), drawn("translation", trace, frame, upto)):
        assert width_of(drawing) <= frame.width
        if frame.ascii:
            assert all(character <= "~" for character in text_of(drawing))


@pytest.mark.textbook("ostep 20.3, figure 20.5")
def test_a_walk_is_drawn_with_its_bits_and_its_path() -> None:
    raw = {**EXAMPLES["ostep-multi-level"], "accesses": ["0x3f80", "0x0800"]}
    assert text_of(draw(trace_of(raw), Frame(80))).split("\n") == [
        "A0 0x3f80",
        "  level 1  level 2  offset",
        "     1111     1110  000000",
        "       15       14     0x0",
        "  L1[15] → L2[14] → frame 0x37 → physical 0xdc0; 3 memory accesses, 300 ns",
        "A1 0x800",
        "  level 1  level 2  offset",
        "     0010     0000  000000",
        "        2        0     0x0",
        "  L1[2] → not-present; 1 memory access, 8000100 ns",
    ]


def test_bits_that_do_not_fit_stand_under_each_other() -> None:
    rows = text_of(
        draw(trace_of({**EXAMPLES["x86-64"], "accesses": ["0x7ffffffff010"], "tlb": None}), Frame(40))
    ).split("\n")
    assert rows[:4] == [
        "A0 0x7ffffffff010",
        "  field            bits  value",
        "  level 1     011111111    255",
        "  level 2     111111111    511",
    ]


@pytest.mark.textbook("ostep 19.2, figure 19.2")
def test_many_accesses_are_listed_with_the_tlb_below() -> None:
    rows = text_of(draw(trace_of(EXAMPLES["tlb"]), Frame(80), 4)).split("\n")
    assert rows == [
        "  access  address  index  offset   TLB  leads to  memory   ns",
        "  A0         0x64      6     0x4  miss      0x14       2  210",
        "  A1         0x68      6     0x8   hit      0x18       1  110",
        "  A2         0x6c      6     0xc   hit      0x1c       1  110",
        "▸ A3         0x70      7     0x0  miss      0x20       2  210",
        "  TLB set.way  page, frame",
        "  0.0            0x6 → 0x1",
        "  0.1            0x7 → 0x2",
    ]


def test_what_is_hidden_is_not_given() -> None:
    scenario = SIMULATOR.scenario(EXAMPLES["effective-access-time"])
    text = text_of(given(scenario, Frame(80), frozenset({"hit_rate"})))
    assert "80 %" not in text
    assert "20 ns" in text
    paged = SIMULATOR.scenario(EXAMPLES["tlb"])
    assert "16 bytes" not in text_of(given(paged, Frame(80), frozenset({"page_bits"})))
    assert "0x64" not in text_of(given(paged, Frame(80), frozenset({"accesses"})))


def test_a_sparse_space_shows_its_tables() -> None:
    raw = {key: value for key, value in EXAMPLES["ostep-multi-level"].items() if key != "accesses"}
    assert text_of(draw(trace_of(raw), Frame(80))).split("\n") == [
        "           tables  bytes each  bytes",
        "  level 1       1          64     64",
        "  level 2       2          64    128",
    ]
