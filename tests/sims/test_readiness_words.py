"""Do the sentences and small figures of a watched socket say what happened? Each case worked by hand."""

import re

import pytest

from sims.declare import NoAnswer
from sims.listed import simulator as listed
from tests.sims import drawn
from tests.sims.worded import steps, traced


@pytest.mark.parametrize("simulator", ["readiness"])
def test_a_wait_says_why_it_returns_what_it_does(simulator: str) -> None:
    events = ["wait", "arrive 9", "wait", "read 4", "wait"]
    level, edge = (
        steps(simulator, "waits", traced("readiness", mode=mode, events=events)) for mode in ("level", "edge")
    )
    assert level[0].endswith("; nothing is unread.")
    assert level[2].endswith("; 9 bytes are unread.")
    assert level[4].endswith("; 5 bytes are unread.")
    assert edge[2].endswith("; 9 bytes are unread and not yet told of.")
    assert edge[4].endswith("; 5 bytes are unread, but they have been told of.")


@pytest.mark.parametrize("simulator", ["readiness"])
def test_a_read_says_whether_what_it_leaves_would_be_reported(simulator: str) -> None:
    events = ["arrive 9", "wait", "read 4", "arrive 1", "read 2", "drain"]
    says = steps(simulator, "stalled-after-reads", traced("readiness", mode="edge", events=events))
    assert [sentence.rpartition(";")[2] for sentence in says[2:5]] == [
        " no wait would report them.", says[3], " a wait would report them.",
    ]  # fmt: skip
    assert says[0] == "1. 9 bytes arrive: 9 unread."
    assert says[2] == "3. The application reads 4: 4, 5 unread; no wait would report them."
    assert says[5].endswith("4, 0 unread.")


@pytest.mark.parametrize("simulator", ["readiness"])
def test_one_byte_is_reported_as_nine_are(simulator: str) -> None:
    for mode in ("level", "edge", "oneshot"):
        trace = traced("readiness", mode=mode, events=["arrive 1", "wait", "wait"])
        assert list(listed("readiness").measure("waits").of(trace).values()) == [1, int(mode == "level")]


@pytest.mark.parametrize("simulator", ["readiness"])
def test_what_is_stalled_says_what_another_wait_would_do(simulator: str) -> None:
    told_of, silent = (
        steps(simulator, "stalled", traced(simulator, mode=mode, events=["arrive 9", "wait", "read 4"]))[-1]
        for mode in ("level", "edge")
    )
    assert told_of == "At the end 5 bytes are unread; another wait would report it: 0 stalled."
    assert silent == "At the end 5 bytes are unread; another wait would return 0: 5 stalled."


@pytest.mark.law
@pytest.mark.parametrize("simulator", ["readiness"])
def test_a_step_that_is_no_read_establishes_what_is_unread(simulator: str) -> None:
    measure = listed(simulator).measure("stalled-after-reads")
    for trace in drawn.traces(simulator, 20):
        try:
            made = measure.steps(trace)
        except NoAnswer:
            continue
        for step in made:
            if step.key is None and (found := re.search(r"(\d+) unread", step.says)):
                assert step.value == int(found[1])
