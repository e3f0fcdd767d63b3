"""Do the sentences and small figures of the arm say what happened? Each case worked by hand."""

import pytest

from sims.declare import Invalid
from sims.fields import plain
from sims.listed import simulator as listed
from tests.sims.worded import steps, traced


@pytest.mark.parametrize("simulator", ["disk"])
def test_a_wait_is_service_minus_arrival(simulator: str) -> None:
    trace = traced("disk", policy="fcfs", cylinders=100, head=10, requests=[40, {"cylinder": 20, "arrival": 7}])
    assert steps(simulator, "longest-wait", trace) == [
        "40 is served at 30, asked for at 0: 30. Longest so far: 30.",
        "20 is served at 50, asked for at 7: 43. Longest so far: 43.",
    ]


@pytest.mark.parametrize("simulator", ["disk"])
def test_sstf_takes_the_nearest_of_several_below(simulator: str) -> None:
    order = listed(simulator).measure("order").of
    rows = {"policy": "sstf", "cylinders": 100, "head": 50}
    assert order(traced(simulator, **rows, requests=[10, 20, 30, 40])) == (40, 30, 20, 10)
    assert order(traced(simulator, **rows, requests=[90, 80, 70, 60])) == (60, 70, 80, 90)
    assert order(traced(simulator, **rows, requests=[10, 20, 45, 56])) == (45, 56, 20, 10)


@pytest.mark.parametrize("simulator", ["disk"])
def test_a_request_is_a_cylinder_or_says_when_it_is_made(simulator: str) -> None:

    base = {"policy": "fcfs", "cylinders": 1_000_000, "head": 0}
    made = listed(simulator).scenario(
        {**base, "requests": [7, {"cylinder": 999_999, "arrival": 0}, {"cylinder": 0, "arrival": 1}]}
    )
    assert plain(made)["requests"] == [7, 999_999, {"cylinder": 0, "arrival": 1}]
    for request in (-1, {"cylinder": 1, "arrival": -1}, {"cylinder": 1, "arrival": 1_000_001}, {"arrival": 1}):
        with pytest.raises(Invalid):
            listed(simulator).scenario({**base, "requests": [request]})
