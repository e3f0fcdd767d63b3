"""Do the sentences and small figures of a mix of processes say what happened? Each case worked by hand."""

import re

import pytest

from sims.declare import Invalid
from sims.listed import simulator as listed
from tests.sims.worded import steps, traced


@pytest.mark.parametrize("simulator", ["thrashing"])
def test_degrees_and_their_limits(simulator: str) -> None:

    processes = [{"name": f"P{n}", "references": [1, 2]} for n in range(1, 5)]
    knee = listed(simulator).measure("cpu-utilisation")
    for low, high in ((1, 3), (2, 4), (3, 3)):
        trace = traced(simulator, frames=9, processes=processes, degree=[low, high])
        assert list(knee.of(trace)) == [str(degree) for degree in range(low, high + 1)]
    for degree in ([3, 2], [1, 5]):
        with pytest.raises(Invalid):
            listed(simulator).scenario({"frames": 9, "processes": processes, "degree": degree})


@pytest.mark.parametrize("simulator", ["thrashing"])
def test_a_working_set_is_told_with_the_references_it_holds(simulator: str) -> None:
    trace = traced(simulator, frames=9, window=3, processes=[{"name": "P1", "references": [5, 6, 1, 2, 7]}])
    says = steps(simulator, "working-set", trace, process="P1", t=4)
    assert any("6 1 2" in sentence for sentence in says)
    assert not any(re.search(r"\b5 6 1 2\b", sentence) for sentence in says)


@pytest.mark.parametrize("simulator", ["thrashing"])
def test_the_window_ends_with_t_and_begins_with_the_first_reference_at_the_earliest(simulator: str) -> None:
    trace = traced(simulator, frames=9, window=3, processes=[{"name": "P1", "references": [5, 6, 1, 2, 7]}])
    first = [steps(simulator, "working-set", trace, process="P1", t=t)[0] for t in (1, 2, 3, 4)]
    assert first == [
        "The window holds references 1 to 1 of P1: 5.", "The window holds references 1 to 2 of P1: 5 6.",
        "The window holds references 1 to 3 of P1: 5 6 1.", "The window holds references 2 to 4 of P1: 6 1 2.",
    ]  # fmt: skip
