"""Do the sentences and small figures of threads say what happened? Each case worked by hand."""

from typing import Any

import pytest

from sims.declare import Invalid
from sims.listed import simulator as listed
from tests.sims.worded import told, traced


def threads(*programs: list[str]) -> list[dict[str, Any]]:
    return [{"name": f"T{n}", "program": lines} for n, lines in enumerate(programs, 1)]


@pytest.mark.parametrize("simulator", ["threads"])
def test_a_release_lets_exactly_one_acquire_through(simulator: str) -> None:
    deadlocks = listed(simulator).measure("deadlocks").of
    shared = {"shared": {"x": 0}, "semaphores": {"s": 0}}
    assert deadlocks(traced(simulator, **shared, threads=threads(["release s"], ["acquire s", "acquire s"])))
    twice = threads(["release s", "release s"], ["acquire s", "acquire s"])
    assert not deadlocks(traced(simulator, **shared, threads=twice))


@pytest.mark.parametrize("simulator", ["threads"])
@pytest.mark.parametrize("line", ["lock", "lock m n", "load r", "load r x y", "store x", "release", "wait c", "add x"])
def test_a_step_has_as_many_operands_as_it_needs(simulator: str, line: str) -> None:

    with pytest.raises(Invalid) as invalid:
        listed(simulator).scenario({"shared": {"x": 0, "y": 0}, "threads": threads([line])})
    assert all(fault.where.startswith("threads.0.program") for fault in invalid.value.faults)


@pytest.mark.parametrize("simulator", ["threads"])
def test_a_signal_wakes_who_has_waited_longest(simulator: str) -> None:
    waiter = ["lock m", "wait c m", "unlock m"]
    programs = threads(waiter, waiter, ["lock m", "signal c", "unlock m"])
    order = ["T2", "T2", "T1", "T1", "T3", "T3"]
    trace = traced(simulator, shared={"x": 0}, threads=programs, schedule=order)
    wakes = [says for says in told(simulator, trace) if "signal c" in says]
    assert len(wakes) == 1
    assert "T2" in wakes[0]
    assert "T1" not in wakes[0]
