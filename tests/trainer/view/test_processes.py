"""Is the family drawn truly, at every width?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.processes import SIMULATOR, Trace, run
from trainer.view import processes
from trainer.view.drawing import Frame, text_of, width_of

NOTHING: frozenset[str] = frozenset()
PIECES = ("fork", "print word", "print -n word", "fork && fork || fork", "wait", "touch 2", "fork; if child { pause }",
          "fork; if child { print a; exit }", "loop 2 { fork; print abcdefghijklmnop }", "if parent { exec other }")  # fmt: skip


def ran(program: str, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"program": program, "pages": 8, **fields}))


@given(
    st.lists(st.sampled_from(PIECES), max_size=4),
    st.sampled_from(("line", "full")),
    st.integers(30, 100),
    st.booleans(),
)
def test_nothing_is_wider_than_the_frame_and_ascii_stays_ascii(
    pieces: list[str], buffering: str, width: int, ascii_: bool
) -> None:
    frame = Frame(width=width, ascii=ascii_)
    trace = ran("\n".join(["fork", *pieces]), buffering=buffering, subreaper="P0")
    drawings = [processes.given(trace.scenario, frame, NOTHING)]
    drawings += [processes.draw(trace, frame, upto) for upto in (None, *range(0, len(trace.events) + 1, 3))]
    for drawing in drawings:
        assert width_of(drawing) <= width
        assert not ascii_ or text_of(drawing).isascii()


def test_three_forks_are_drawn_as_the_binomial_tree() -> None:
    # P0 forks P1 P2 P3; P1 is copied before the second fork, so it forks P4 and P5; P2 forks P6; P4 forks P7
    trace = ran("loop 3 { fork }")
    assert text_of(processes.draw(trace, Frame(width=40))) == "P0  lives\n├─ P1  zombie\n│  ├─ P4  reaped by init\n│  │  └─ P7  reaped by init\n│  └─ P5  reaped by init\n├─ P2  zombie\n│  └─ P6  reaped by init\n└─ P3  zombie"  # fmt: skip
    plainest = text_of(processes.draw(trace, Frame(width=40, ascii=True), 1))
    assert plainest == "P0  lives\n`- P1  lives\n> P0 forks P1."


def test_buffers_copies_and_output_are_told() -> None:
    trace = ran("print a; fork; touch 3", buffering="full")
    assert text_of(processes.draw(trace, Frame(width=60), 2)).startswith(
        "P0  lives, buffer: a\n└─ P1  lives, buffer: a\n"
    )
    assert text_of(processes.draw(trace, Frame(width=60))) == "P0  lives, 3 copied\n└─ P1  zombie\noutput: a a"


def test_a_family_too_deep_for_a_tree_is_a_list() -> None:
    trace = ran("fork; loop 30 { if child { fork } }; pause")
    assert text_of(processes.draw(trace, Frame(width=40))).startswith("  process  forked by   state\n")


@pytest.mark.parametrize("field", ["program", "buffering", "subreaper", "pages"])
def test_a_hidden_field_is_not_given(field: str) -> None:
    trace = ran("fork; print word", buffering="full", subreaper="P1")
    text = text_of(processes.given(trace.scenario, Frame(), frozenset({field})))
    told = {"program": "print word", "buffering": "full", "subreaper": "P1", "pages": "8 pages"}
    assert told[field] not in text
    assert all(word in text for name, word in told.items() if name != field)


def test_of_much_output_equal_words_in_a_row_are_counted() -> None:
    few = ran("loop 3 { fork; print a }", buffering="full")
    assert "output: " + " ".join("a" * 24) in text_of(processes.draw(few, Frame(80)))
    many = ran("print b; flush; loop 4 { fork; print a }", buffering="full")
    assert "output: b, a 64 times" in text_of(processes.draw(many, Frame(80)))
