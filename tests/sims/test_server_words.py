"""Do the sentences and small figures of a server say what happened? Each case worked by hand."""

import pytest

from sims.declare import NoAnswer
from sims.listed import simulator as listed
from tests.sims.worded import steps, traced, wrong


@pytest.mark.parametrize("simulator", ["io"])
def test_a_request_is_told_by_its_own_events(simulator: str) -> None:
    requests = [{"name": "A", "segments": [1, 3, 1]}, {"name": "B", "segments": [2]}]
    trace = traced("io", model="blocking", requests=requests)
    assert steps(simulator, "latency", trace) == [
        "A arrives at 0, computes 0–1, I/O 1–4, computes 4–5: 5.", "B arrives at 0, computes 5–7: 7.",
    ]  # fmt: skip


@pytest.mark.parametrize("simulator", ["io"])
@pytest.mark.parametrize(
    ("segments", "right", "others"),
    [
        ([1, 9, 1], 11, {"wait-alone": 9, "ratio-upside-down": 3}),  # 2 × (1 + 9/2), 2 × 9/2, 2 × (1 + 2/9)
        ([3, 2, 2], 3, {"wait-alone": 1, "ratio-upside-down": 7}),  # 2 × (1 + 2/5), 2 × 2/5, 2 × (1 + 5/2)
    ],
)
def test_a_pool_has_cores_times_one_plus_wait_over_compute(
    simulator: str, segments: list[int], right: int, others: dict[str, int]
) -> None:
    trace = traced("io", model="pool", cores=2, requests=[{"name": "A", "segments": segments}])
    assert listed("io").measure("pool-size").of(trace) == right
    assert {name: wrong(simulator, name, "pool-size", trace) for name in others} == others


@pytest.mark.parametrize("simulator", ["io"])
def test_where_nobody_waits_nothing_stands_below_the_line(simulator: str) -> None:
    trace = traced("io", model="pool", requests=[{"name": "A", "segments": [4]}])
    assert listed("io").measure("pool-size").of(trace) == 1
    with pytest.raises(NoAnswer):
        wrong(simulator, "ratio-upside-down", "pool-size", trace)


@pytest.mark.parametrize("simulator", ["io"])
def test_what_a_request_waits_for_another_adds_up(simulator: str) -> None:
    """One loop: H computes 0–5 and, after I/O, 6–11. A is ready at 0 and again at 7: it waits 5 and 4."""
    from sims.server.measures import kept_waiting

    requests = [{"name": "H", "segments": [5, 1, 5]}, {"name": "A", "segments": [1, 1, 1]}]
    assert kept_waiting(traced(simulator, model="event-loop", requests=requests), "H") == {1: 9}


@pytest.mark.parametrize("simulator", ["io"])
def test_only_the_named_request_is_held_against_it(simulator: str) -> None:
    """H 0–5, A 5–6, B 6–10, H 10–15, A 15–16: A waits 5 and 5 for H, B waits 5; what A waits for B does not count."""
    from sims.server.measures import kept_waiting

    shapes = {"H": [5, 1, 5], "A": [1, 1, 1], "B": [4]}
    requests = [{"name": name, "segments": segments} for name, segments in shapes.items()]
    assert kept_waiting(traced(simulator, model="event-loop", requests=requests), "H") == {1: 10, 2: 5}
