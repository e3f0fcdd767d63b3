"""Do the sentences and small figures of a collector say what happened? Each case worked by hand."""

from fractions import Fraction
from typing import Any

import pytest

from sims.listed import simulator as listed
from tests.sims.worded import steps, traced

# 2 MB/ms into a nursery of 4 MB: full every 2 ms, three times in 7 ms; half of it survives
NURSERY: dict[str, Any] = {
    "kind": "generational", "allocation_rate": 2, "nursery": 4, "time": 7, "heap": 100, "survival": "1/2",
}  # fmt: skip


def test_a_nursery_is_collected_each_time_it_is_full() -> None:
    events = traced("collector", **NURSERY).events
    assert [(event.kind, event.start, event.end) for event in events] == [("minor", n, n) for n in (2, 4, 6)]
    assert [tuple(event)[-2:] for event in events] == [(4, 2)] * 3
    assert [len(traced("collector", **{**NURSERY, "time": time}).events) for time in (1, 2, 3, 4, 8)] == [0, 1, 1, 2, 4]


@pytest.mark.parametrize(("after", "rate"), [(1, Fraction(1)), (2, Fraction(1, 2)), (3, Fraction(1, 4))])
def test_what_survives_often_enough_is_promoted(after: int, rate: Fraction) -> None:
    trace = traced("collector", **NURSERY, promote_after=after)
    assert listed("collector").measure("promotion-rate").applies(trace.scenario)
    assert listed("collector").measure("promotion-rate").of(trace) == rate
    assert steps("collector", "promotion-rate", trace) == [f"2 × (1/2)^{after} = {rate} MB/ms."]


def test_promotion_is_asked_of_generations_only() -> None:
    applies = listed("collector").measure("promotion-rate").applies
    sweep = {**NURSERY, "kind": "mark-sweep", "live": 1}
    assert not applies(traced("collector", **sweep).scenario)
    graph = {"kind": "generational", "nursery": 4, "mutations": ["new a"]}
    assert not applies(traced("collector", **graph).scenario)


@pytest.mark.parametrize(("live", "says"), [(4, "4 MB live fit into 5: "), (5, "5 MB live do not fit into 5: 0.")])
def test_live_data_must_leave_room(live: int, says: str) -> None:
    rates = {"kind": "mark-sweep", "allocation_rate": 1, "heap": 5, "live": live, "time": 10}
    name = next(one.name for one in listed("collector").measures if one.name.startswith("out-of-memory"))
    assert steps("collector", name, traced("collector", **rates))[-1].startswith(says)
