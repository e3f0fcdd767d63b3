"""Is the heap drawn truly, at every width?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.allocator import SIMULATOR, Trace, run
from trainer.view import allocator
from trainer.view.drawing import Frame, text_of, width_of

NOTHING: frozenset[str] = frozenset()
OPERATIONS = st.sampled_from(
    ("a = malloc 9", "free a", "long-name-of-16c = malloc 30", "realloc a 700", "b = malloc 16777216", "use a", "c = malloc 1")
)  # fmt: skip


def ran(size: int, *operations: str, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"size": size, "operations": list(operations), **fields}))


@given(
    st.lists(OPERATIONS, max_size=20),
    st.sampled_from((1, 16, 64, 1024, 16_777_216)),
    st.sampled_from(("first", "best", "worst", "next", "buddy")),
    st.sampled_from((0, 8)),
    st.integers(30, 100),
    st.booleans(),
)
def test_nothing_is_wider_than_the_frame_and_ascii_stays_ascii(
    operations: list[str], size: int, fit: str, header: int, width: int, ascii_: bool
) -> None:
    frame = Frame(width=width, ascii=ascii_)
    trace = ran(size, "a = malloc 3", *operations, fit=fit, header=header, align=8 if header else 1)
    drawings = [allocator.given(trace.scenario, frame, NOTHING)]
    drawings += [allocator.draw(trace, frame, upto) for upto in (None, *range(len(trace.events) + 1))]
    for drawing in drawings:
        assert width_of(drawing) <= width
        assert not ascii_ or text_of(drawing).isascii()


def test_the_map_shows_headers_payloads_and_holes_byte_by_byte() -> None:
    # 32 bytes, header 4: a is 4 + 8 at 0, b 4 + 4 at 12, c 4 + 4 at 20; b is freed; 28 to 31 were never used
    trace = ran(32, "a = malloc 8", "b = malloc 4", "c = malloc 4", "free b", header=4, align=4)
    expected = [
        "│▓▓▓▓aaaaaaaa░░░░░░░░▓▓▓▓cccc░░░░│",
        "  start  size  holds",
        "  0        12   a: 8",
        "  12        8   free",
        "  20        8   c: 4",
        "  28        4   free",
    ]  # fmt: skip
    assert text_of(allocator.draw(trace, Frame(width=40))) == "\n".join(expected)


def test_the_operation_just_done_is_told_and_marked() -> None:
    trace = ran(16, "a = malloc 8", "b = malloc 4")
    expected = [
        "|aaaaaaaabbbb....|",
        "  start  size  holds",
        "  0         8   a: 8",
        "> 8         4   b: 4",
        "  12        4   free",
        "> b = malloc 4: 4 bytes are needed; the block is bytes 8 to 11, the address 8; 1",
        "examined.",
    ]  # fmt: skip
    assert text_of(allocator.draw(trace, Frame(width=80, ascii=True), 2)) == "\n".join(expected)


@pytest.mark.parametrize("field", ["size", "fit", "header", "align", "operations"])
def test_a_hidden_field_is_not_given(field: str) -> None:
    trace = ran(4096, "a = malloc 33", fit="worst", header=8, align=8)
    text = text_of(allocator.given(trace.scenario, Frame(), frozenset({field})))
    told = {"size": "4096", "fit": "worst", "header": "header 8", "align": "align 8", "operations": "a = malloc 33"}
    assert told[field] not in text
    assert all(word in text for name, word in told.items() if name != field)
