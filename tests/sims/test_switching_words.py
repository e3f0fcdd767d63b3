"""Do the sentences and small figures of threads on cores say what happened? Each case worked by hand."""

import re
from fractions import Fraction
from typing import Any

import pytest

from sims.declare import NoAnswer
from sims.listed import simulator as listed
from tests.sims import drawn
from tests.sims.worded import steps, told, traced, wrong


@pytest.mark.parametrize("simulator", ["switching"])
def test_a_switch_as_long_as_the_quantum_leaves_nothing(simulator: str) -> None:
    def minus(cost: int) -> Any:
        trace = traced("switching", threads=4, work=5, quantum=5, switch_cost=cost)
        return wrong(simulator, "cost-over-quantum", "efficiency", trace)

    assert minus(5) == 0
    assert minus(2) == Fraction(3, 5)
    with pytest.raises(NoAnswer):
        minus(6)


@pytest.mark.parametrize("simulator", ["switching"])
def test_who_has_a_lane_of_its_own_never_switches(simulator: str) -> None:
    for threads, share in ((1, 1), (2, 1), (3, Fraction(2, 3))):
        lonely = {"threads": threads, "cores": 3, "work": 9, "quantum": 3, "switch_cost": 1, "runnable_share": share}
        assert listed(simulator).measure("efficiency").of(traced(simulator, **lonely)) == 1
    crowded = traced(simulator, threads=4, cores=3, work=9, quantum=3, switch_cost=1)
    assert listed(simulator).measure("efficiency").of(crowded) == Fraction(3, 4)


@pytest.mark.law
@pytest.mark.parametrize("simulator", ["switching"])
def test_dispatches_less_those_that_cost_nothing_are_the_switches(simulator: str) -> None:
    for trace in drawn.traces(simulator, 40):
        for says in steps(simulator, "switches", trace):
            if found := re.match(r"(\d+) dispatches, of which (\d+) cost no switch: (\d+)\.", says):
                dispatches, free, switches = map(int, found.groups())
                assert dispatches - free == switches
                assert dispatches == len(trace.events)


@pytest.mark.parametrize("simulator", ["switching"])
def test_a_worked_solution_names_cores_or_workers(simulator: str) -> None:
    base = {"threads": 6, "cores": 2, "work": 4, "quantum": 2, "switch_cost": 1}
    kernel = steps(simulator, "round", traced(simulator, **base))
    green = steps(simulator, "round", traced(simulator, **base, runtime="green", workers=2, green_switch_cost=1))
    assert any("each of the cores" in says for says in kernel)
    assert any("each of the workers" in says for says in green)


@pytest.mark.parametrize("simulator", ["switching"])
def test_switches_are_told_with_their_count(simulator: str) -> None:
    says = steps(simulator, "switches", traced(simulator, threads=3, work=4, quantum=2, switch_cost=1))
    assert [int(sentence.split()[-1].rstrip(".")) for sentence in says[1:-1]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("simulator", ["switching"])
def test_a_thread_that_ends_first_is_followed_first(simulator: str) -> None:
    """Two cores, three threads; 1 and 2 start together, 3 takes the core that is free at 3, not before."""
    trace = traced(simulator, threads=3, cores=2, work=5, quantum=3)
    assert [(slice_.thread, slice_.start, slice_.end) for slice_ in trace.events] == [
        (1, 0, 3), (2, 0, 3), (3, 3, 6), (1, 3, 5), (2, 5, 7), (3, 6, 8),
    ]  # fmt: skip


@pytest.mark.parametrize("simulator", ["switching"])
def test_a_switch_that_takes_time_is_told(simulator: str) -> None:
    says = told(simulator, traced(simulator, threads=2, work=2, quantum=2, switch_cost=1))
    assert says == [
        "On core 0 thread 1 runs from 0 to 2.",
        "On core 0 thread 2 runs from 3 to 5 after a switch from 2 to 3.",
    ]
    free = told(simulator, traced(simulator, threads=2, work=2, quantum=2))
    assert free[1] == "On core 0 thread 2 runs from 2 to 4."


def test_a_round_is_asked_only_where_somebody_waits() -> None:
    measure = listed("switching").measure("round")
    for threads, cores in ((1, 3), (2, 3), (3, 3)):
        with pytest.raises(NoAnswer):
            measure.of(traced("switching", threads=threads, cores=cores, work=4, quantum=2))
    assert measure.of(traced("switching", threads=4, cores=3, work=4, quantum=2, switch_cost=1)) == 6
