"""Do the sentences and small figures of the processes on a core say what happened? Each case worked by hand."""

from typing import Any

import pytest

from sims.declare import Invalid
from sims.listed import simulator as listed
from tests.sims.worded import steps, told, traced

# sched_prio_to_weight of the Linux kernel (kernel/sched/core.c), nice −20 to 19
KERNEL = (
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501,
    1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
)  # fmt: skip


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_the_weights_are_the_kernels(simulator: str) -> None:
    from sims.scheduler import scenario

    tables = [value for value in vars(scenario).values() if isinstance(value, tuple | dict) and len(value) == 40]
    assert simulator == "scheduler"
    assert [tuple(table.values() if isinstance(table, dict) else table) for table in tables] == [KERNEL]


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_a_process_without_a_burst_is_refused(simulator: str) -> None:

    with pytest.raises(Invalid):
        listed(simulator).scenario({"policy": "fcfs", "processes": [{"name": "A"}]})


def jobs(*rows: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [{"name": name, "arrival": arrival, "burst": burst} for name, arrival, burst in rows]


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_the_last_eight_who_became_ready_are_told(simulator: str) -> None:
    trace = traced(simulator, policy="fcfs", processes=jobs(*((f"P{n}", n, 20) for n in range(11))))
    says = steps(simulator, "ready-at", trace, t=9)
    assert says[0] == "At 2 P2 arrives and is ready."
    assert says[-2] == "At 9 P9 arrives and is ready."
    assert len(says) == 9


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_a_slice_is_told_with_those_who_wait_meanwhile(simulator: str) -> None:
    rows = jobs(("A", 0, 4), ("B", 0, 1), ("C", 2, 1), ("D", 6, 1))
    says = told(simulator, traced(simulator, policy="fcfs", processes=rows))
    assert says[0] == "At 0 A runs until 4 and is done; ready: B, from 2 B C."
    assert says[2] == "At 5 C runs until 6 and is done; nobody else is ready."


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_a_carried_slice_is_that_of_the_process_it_names(simulator: str) -> None:
    """B and A take turns; both are listed, B first. After B's last slice A is next."""
    rows = jobs(("B", 0, 3), ("A", 0, 3))
    trace = traced(simulator, policy="rr", quantum=2, processes=rows)
    follows = listed(simulator).measure("gantt").follows
    assert follows is not None
    assert follows(trace, (("B", 0, 2, 0), ("A", 2, 4, 0))) == ("B", 4, 5, 0)
    assert follows(trace, (("B", 0, 2, 0), ("A", 2, 4, 0), ("B", 4, 5, 0))) == ("A", 5, 6, 0)


@pytest.mark.parametrize("simulator", ["scheduler"])
def test_without_the_idle_time_everybody_is_done_earlier(simulator: str) -> None:
    """The core is idle 2–3; then P1 and P2 take turns until 8 and 9."""
    rows = jobs(("P0", 0, 2), ("P1", 3, 3), ("P2", 3, 3))
    trace = traced(simulator, policy="rr", quantum=1, processes=rows)
    mistakes = [one for one in listed(simulator).mistakes if "idle" in one.id and "waiting" in one.measures]
    assert [dict(one.measures["waiting"](trace)) for one in mistakes] == [{"P0": 0, "P1": 1, "P2": 2}]
    assert [dict(one.measures["turnaround"](trace)) for one in mistakes] == [{"P0": 2, "P1": 4, "P2": 5}]
