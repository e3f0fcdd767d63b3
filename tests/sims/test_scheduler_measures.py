"""Are the quantities counted as they are stated, and are bad scenarios refused?"""

from fractions import Fraction
from typing import Any

import pytest

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import plain
from sims.scheduler import SIMULATOR
from sims.scheduler import measures as m
from sims.scheduler.scenario import Process, Scenario
from tests.sims.scheduler_cases import chart, ran, raw_process

# ── measures ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_makespan_utilisation_and_throughput_count_from_the_first_arrival() -> None:
    trace = ran("fcfs", [5, 2], [10, 3])
    assert m.makespan(trace) == 8
    assert m.idle(trace) == 3
    assert m.utilisation(trace) == Fraction(5, 8)
    assert m.throughput(trace) == Fraction(1, 4)


@pytest.mark.rule
def test_utilisation_is_of_all_cores() -> None:
    trace = ran("fcfs", 4, 2, cores=2)
    assert m.utilisation(trace) == Fraction(3, 4)
    assert m.idle(trace) == 2


@pytest.mark.rule
def test_the_first_dispatch_of_each_core_is_no_switch() -> None:
    assert m.context_switches(ran("fcfs", 4, 2, [0, 1], cores=2)) == 1
    assert m.context_switches(ran("fcfs", 1)) == 0


@pytest.mark.rule
def test_an_exit_is_a_switch_and_no_preemption() -> None:
    trace = ran("rr", 3, 2, quantum=2)
    assert chart(trace) == "A0-2 B2-4 A4-5"
    assert (m.context_switches(trace), m.preemptions(trace)) == (2, 1)


@pytest.mark.rule
def test_waiting_leaves_out_io() -> None:
    trace = ran("fcfs", raw_process(0, 2, 4, 1), 7)
    assert chart(trace) == "A0-2 B2-9 A9-10"
    assert m.waiting(trace) == {"A": 3, "B": 2}
    assert m.longest(m.waiting)(trace) == 3


@pytest.mark.rule
def test_of_two_completions_at_once_the_lower_core_comes_first() -> None:
    assert m.completion_order(ran("fcfs", [1, 2], [0, 3], cores=2)) == ("B", "A")


@pytest.mark.rule
def test_share_is_of_the_interval_asked_for() -> None:
    trace = ran("rr", 4, 4, quantum=2)
    assert m.share(trace, **{"name": "A", "from": 1, "to": 6}) == Fraction(3, 5)
    with pytest.raises(NoAnswer):
        m.share(trace, **{"name": "A", "from": 3, "to": 3})


@pytest.mark.rule
def test_a_sentence_says_who_runs_and_who_is_ready() -> None:
    trace = ran("rr", 5, [1, 3], [2, 4], quantum=2)
    assert SIMULATOR.tell(trace, 0) == "At 0 A runs until 2, then its quantum ends; ready: from 1 B."
    assert SIMULATOR.tell(trace, 2) == "At 4 C runs until 6, then its quantum ends; ready: A B."
    assert SIMULATOR.tell(trace, 6) == "At 11 A runs until 12 and is done; nobody else is ready."


# ── scenarios ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_processes_without_names_are_called_P0_P1() -> None:
    scenario = SIMULATOR.scenario({"policy": "fcfs", "processes": [{"burst": 1}, {"burst": 2, "arrival": 3}]})
    assert [process.name for process in scenario.processes] == ["P0", "P1"]


@pytest.mark.rule
def test_burst_is_short_for_bursts() -> None:
    short, full = (ran("fcfs", {key: value}) for key, value in (("burst", 3), ("bursts", [3])))
    assert chart(short) == chart(full) == "A0-3"
    assert SIMULATOR.scenario(plain(short.scenario)) == short.scenario
    assert SIMULATOR.scenario(plain(full.scenario)) == full.scenario


@pytest.mark.rule
def test_a_bad_scenario_is_refused_with_every_field_named() -> None:
    raw = {
        "policy": "sfj",
        "quantum": 0,
        "cores": 65,
        "tie": "coin",
        "processes": [
            {"burst": 0},
            {"bursts": [1, 2]},
            {"arrival": -1},
            {"burst": 1, "bursts": [1, 2, 3]},
            {"nice": 30},
        ],
    }
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    where = [fault.where for fault in refused.value.faults]
    assert where[:4] == ["policy", "quantum", "cores", "tie"]
    assert where[4:] == [
        "processes.0.burst",
        "processes.1.bursts",
        "processes.2.arrival",
        "processes.3.burst",
        "processes.4.nice",
    ]
    assert "Did you mean 'sjf'?" in str(refused.value)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("quantum", 1, 1_000_000),
        ("cores", 1, 64),
        ("switch_cost", 0, 1_000_000),
        ("boost", 0, 1_000_000),
        ("processes.0.arrival", 0, 1_000_000),
        ("processes.0.burst", 1, 1_000_000),
        ("processes.0.priority", -1_000_000, 1_000_000),
        ("processes.0.tickets", 1, 10_000),
        ("processes.0.nice", -20, 19),
        ("queues.0.quantum", 1, 1_000_000),
        ("queues.0.allotment", 1, 1_000_000),
        ("draws.0", 0, 2**32 - 1),
    ],
)
def test_each_number_has_its_limits(field: str, low: int, high: int) -> None:
    def built(value: int) -> None:
        raw: dict[str, Any] = {"policy": "fcfs", "processes": [{"burst": 1}], "queues": [{"quantum": 1}], "draws": [0]}
        *path, last = (int(part) if part.isdigit() else part for part in field.split("."))
        place: Any = raw
        for part in path:
            place = place[part]
        place[last] = value
        SIMULATOR.scenario(raw)

    built(low)
    built(high)
    for beyond in (low - 1, high + 1):
        with pytest.raises(Invalid) as refused:
            built(beyond)
        assert [fault.where for fault in refused.value.faults] == [field]


@pytest.mark.rule
def test_a_scenario_needs_a_process_and_a_queue() -> None:
    with pytest.raises(Invalid, match="processes: must hold 1 to"):
        SIMULATOR.scenario({"policy": "fcfs", "processes": []})
    with pytest.raises(Invalid, match="queues: must hold 1 to 16"):
        SIMULATOR.scenario({"policy": "mlfq", "queues": [], "processes": [{"burst": 1}]})


@pytest.mark.rule
def test_what_is_left_out_has_the_documented_value() -> None:
    scenario = SIMULATOR.scenario({"policy": "mlfq", "processes": [{"burst": 1}]})
    assert (scenario.quantum, scenario.cores, scenario.switch_cost, scenario.boost) == (1, 1, 0, 0)
    assert (scenario.tie, scenario.priority_order) == ("arrivals-first", "low-first")
    assert [(level.quantum, level.allowed) for level in scenario.queues] == [(1, 1), (2, 2), (4, 4)]
    process = scenario.processes[0]
    assert (process.arrival, process.priority, process.tickets, process.nice, process.weight) == (0, 0, 1, 0, 1024)


@pytest.mark.rule
def test_the_weights_are_the_kernels() -> None:
    weights = [Process(name="A", burst=1, nice=nice).weight for nice in (-20, -10, -5, -1, 0, 1, 5, 10, 19)]
    assert weights == [88761, 9548, 3121, 1277, 1024, 820, 335, 110, 15]


@pytest.mark.rule
def test_a_process_without_a_burst_is_refused() -> None:
    with pytest.raises(Invalid, match=r"processes\.0\.burst: is missing"):
        SIMULATOR.scenario({"policy": "fcfs", "processes": [{"arrival": 2}]})


@pytest.mark.rule
def test_too_much_work_is_a_limit_and_not_a_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sims.scheduler.engine.STEPS", 100)
    with pytest.raises(Limit, match="more than 100"):
        ran("rr", 200, quantum=1)


@pytest.mark.rule
def test_a_process_built_in_python_is_checked_too() -> None:
    with pytest.raises(Invalid):
        Scenario(policy="fcfs", processes=(Process(name="A", burst=1), Process(name="A", burst=1)))
