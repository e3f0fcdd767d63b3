"""Does each mistake give what the one who makes it would write down? All numbers derived by hand."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from sims.declare import NoAnswer
from sims.scheduler import SIMULATOR
from sims.scheduler.engine import run
from sims.scheduler.scenario import Scenario
from tests.sims.scheduler_cases import ran, raw_process, scenarios

THREE = {"A": 5, "B": [1, 3], "C": [2, 4]}  # round robin, quantum 2: A0-2 B2-4 C4-6 A6-8 B8-9 C9-11 A11-12


def robin(**rest: Any) -> Any:
    return ran("rr", *THREE.values(), quantum=2, **rest)


def wrong(id_: str, measure: str, trace: Any) -> Any:
    """What the mistake gives for that measure."""
    mistake = SIMULATOR.mistake(id_)
    assert mistake.applies_to(measure)
    if mistake.rule is None:
        return mistake.measures[measure](trace)
    return SIMULATOR.measure(measure).of(run(mistake.rule(trace.scenario)))


def by_name(*values: int) -> dict[str, int]:
    return dict(zip("ABCDEF", values, strict=False))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "measure", "value"),
    [
        ("waiting-from-first-run", "waiting", by_name(0, 1, 2)),
        ("waiting-from-first-run", "average-waiting", Fraction(1)),
        ("waiting-from-first-run", "longest-wait", 2),
        ("arrival-forgotten", "waiting", by_name(7, 6, 7)),
        ("arrival-forgotten", "response", by_name(0, 2, 4)),
        ("turnaround-for-waiting", "waiting", by_name(12, 8, 9)),
        ("turnaround-for-waiting", "average-waiting", Fraction(29, 3)),
        ("waiting-for-turnaround", "turnaround", by_name(7, 5, 5)),
        ("waiting-for-response", "response", by_name(7, 5, 5)),
        ("completion-for-turnaround", "turnaround", by_name(12, 9, 11)),
        ("completion-for-turnaround", "average-turnaround", Fraction(32, 3)),
        ("wrong-n", "average-waiting", Fraction(17, 2)),
        ("wrong-n", "average-turnaround", Fraction(29, 2)),
        ("wrong-n", "average-response", Fraction(3, 2)),
        ("fcfs-instead", "waiting", by_name(0, 4, 6)),
        ("sjf-instead", "waiting", by_name(0, 4, 6)),
        ("all-arrive-at-zero", "waiting", by_name(7, 6, 7)),
        ("quantum-off-by-one", "waiting", by_name(6, 2, 6)),  # A0-3 B3-6 C6-9 A9-11 C11-12
        ("arrival-to-head", "completion-order", ("C", "B", "A")),  # C2-4 B4-6 A6-8 C8-10 B10-11 A11-12
        ("other-tie-rule", "waiting", by_name(5, 5, 6)),
        ("first-dispatch-counted", "context-switches", 7),
        ("preemptions-for-switches", "context-switches", 4),
        ("switches-for-preemptions", "preemptions", 6),
    ],
)
def test_a_mistake_in_a_round_robin_question(id_: str, measure: str, value: Any) -> None:
    assert wrong(id_, measure, robin()) == value


@pytest.mark.rule
def test_who_is_put_at_the_head_is_shown_there() -> None:
    mistaken = run(SIMULATOR.mistake("arrival-to-head").rule(robin().scenario))
    assert SIMULATOR.measure("ready-at").of(mistaken, t=2) == ("B", "A")  # C, put before B, runs
    late = run(SIMULATOR.mistake("arrival-to-head").rule(ran("rr", 4, [1, 1], [2, 1], quantum=4).scenario))
    assert SIMULATOR.measure("ready-at").of(late, t=3) == ("C", "B")


@pytest.mark.rule
def test_io_counted_as_waiting() -> None:
    trace = ran("fcfs", raw_process(0, 2, 4, 1), 7)  # A0-2 B2-9 A9-10; A is in I/O from 2 to 6
    assert wrong("io-counted-as-waiting", "waiting", trace) == by_name(7, 2)


@pytest.mark.rule
def test_without_io_there_is_nothing_to_count_as_waiting() -> None:
    with pytest.raises(NoAnswer):
        wrong("io-counted-as-waiting", "waiting", robin())


@pytest.mark.rule
def test_idle_time_lost() -> None:
    trace = ran("fcfs", 2, [5, 4], [6, 2])  # A0-2, idle to 5, B5-9 C9-11
    assert wrong("idle-lost", "gantt", trace) == (("A", 0, 2, 0), ("B", 2, 6, 0), ("C", 6, 8, 0))
    assert wrong("idle-lost", "completion", trace) == by_name(2, 6, 8)
    assert wrong("idle-lost", "makespan", trace) == 8
    assert wrong("idle-lost", "idle", trace) == 0
    assert wrong("idle-lost", "utilisation", trace) == 1
    assert wrong("idle-lost", "throughput", trace) == Fraction(3, 8)
    with pytest.raises(NoAnswer):  # B would be done one tick after its arrival
        wrong("idle-lost", "turnaround", trace)


@pytest.mark.rule
def test_idle_time_lost_before_a_long_queue() -> None:
    trace = ran("fcfs", 1, [2, 9], [2, 3])  # A0-1, idle to 2, B2-11 C11-14; B cannot end before 11
    with pytest.raises(NoAnswer):
        wrong("idle-lost", "waiting", trace)
    with pytest.raises(NoAnswer):
        wrong("idle-lost", "completion", robin())


@pytest.mark.rule
def test_the_makespan_counted_from_zero() -> None:
    assert wrong("makespan-from-zero", "makespan", ran("fcfs", [3, 4])) == 7
    with pytest.raises(NoAnswer):
        wrong("makespan-from-zero", "makespan", robin())


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "value"),
    [
        ("preemption-forgotten", by_name(8, 10, 13)),
        ("srtf-total-bursts", by_name(13, 3, 6)),  # C's 3 is compared with all of A's 8
        ("fcfs-instead", by_name(8, 10, 13)),
    ],
)
def test_a_mistake_under_srtf(id_: str, value: dict[str, int]) -> None:
    # A0-1 B1-3 A3-4 … when C comes at 4 A has 6 left, and C's 3 is less: A0-1 B1-3 A3-4 C4-7 A7-13.
    trace = ran("srtf", 8, [1, 2], [4, 3])
    assert wrong(id_, "completion", trace) == ({"A": 13, "B": 3, "C": 7} if id_ == "srtf-total-bursts" else value)


@pytest.mark.rule
def test_whole_bursts_compared_where_it_matters() -> None:
    trace = ran("srtf", 6, [4, 3])  # at 4 A has 2 left: it stays. Compared as 6 against 3 it would go.
    assert SIMULATOR.measure("completion").of(trace) == by_name(6, 9)
    assert wrong("srtf-total-bursts", "completion", trace) == by_name(9, 7)


@pytest.mark.rule
def test_an_equal_one_preempts() -> None:
    assert wrong("equal-preempts", "completion", ran("srtf", 5, [2, 3])) == by_name(8, 5)
    assert wrong("equal-preempts", "completion", ran("priority-preemptive", 5, [2, 3])) == by_name(8, 5)


@pytest.mark.rule
def test_an_equal_one_would_displace_for_ever_where_switching_costs() -> None:
    costly = ran("srtf", 5, [2, 3], switch_cost=1).scenario
    rule = SIMULATOR.mistake("equal-preempts").rule
    assert rule is not None
    assert rule(costly) == costly


@pytest.mark.rule
def test_preemption_added() -> None:
    assert wrong("preemption-added", "completion", ran("sjf", 5, [1, 1])) == by_name(6, 2)


@pytest.mark.rule
def test_priority_upside_down() -> None:
    trace = ran("priority", {"burst": 2, "priority": 1}, {"burst": 3, "priority": 5})
    assert wrong("priority-upside-down", "completion", trace) == by_name(5, 3)


@pytest.mark.rule
def test_switch_cost_forgotten_or_paid_on_continuing() -> None:
    trace = ran("rr", 5, 2, quantum=2, switch_cost=1)  # A0-2 B3-5 A6-9
    assert SIMULATOR.measure("completion").of(trace) == by_name(9, 5)
    assert wrong("switch-cost-forgotten", "completion", trace) == by_name(7, 4)
    assert wrong("switch-cost-on-continue", "completion", trace) == by_name(10, 5)  # A6-8, then A9-10


@pytest.mark.rule
def test_one_core_only() -> None:
    assert wrong("other-cores-idle", "completion", ran("fcfs", 4, 3, cores=2)) == by_name(4, 7)


@pytest.mark.rule
def test_boost_forgotten() -> None:
    # A0-2 B2-5 A5-8 B8-9: the boost at 3 renews B's quantum, the one at 6 A's. Without: A0-2 B2-4 A4-7 B7-9.
    trace = ran("mlfq", 5, [1, 4], queues=[{"quantum": 2}, {"quantum": 9}], boost=3)
    assert SIMULATOR.measure("completion").of(trace) == by_name(8, 9)
    assert wrong("boost-forgotten", "completion", trace) == by_name(7, 9)


@pytest.mark.rule
def test_allotment_renewed_by_io() -> None:
    # A uses 1 of 2 at the top, then I/O: A0-1 A2-3 B3-5 A5-6 B6-8 A8-9. With a new one: A0-1 A2-4 B4-6 A6-7 B7-9.
    queues = [{"quantum": 2}, {"quantum": 9}]
    trace = ran("mlfq", raw_process(0, 1, 1, 2, 1, 1), [2, 4], queues=queues)
    assert SIMULATOR.measure("waiting").of(trace) == by_name(3, 2)
    assert wrong("allotment-renewed-by-io", "waiting", trace) == by_name(1, 3)


@pytest.mark.rule
def test_preempted_to_the_tail() -> None:
    # A is preempted at 5 in the lower queue, where B waits behind it.
    queues = [{"quantum": 2}, {"quantum": 4}]
    trace = ran("mlfq", 5, 4, [5, 1], queues=queues)  # A0-2 B2-4 A4-5 C5-6 A6-8 B8-10
    assert SIMULATOR.measure("completion").of(trace) == by_name(8, 10, 6)
    assert wrong("preempted-to-tail", "completion", trace) == by_name(10, 8, 6)


@pytest.mark.rule
def test_tickets_counted_from_one() -> None:
    trace = ran("lottery", {"burst": 1, "tickets": 3}, {"burst": 1, "tickets": 2}, draws=[3, 0])
    assert SIMULATOR.measure("completion-order").of(trace) == ("B", "A")
    assert wrong("tickets-from-one", "completion-order", trace) == ("A", "B")


@pytest.mark.rule
def test_more_tickets_longer_stride() -> None:
    trace = ran("stride", {"burst": 3, "tickets": 3}, {"burst": 1, "tickets": 1})  # A0-1 B1-2 A2-4
    assert wrong("more-tickets-longer-stride", "completion", trace) == by_name(4, 2)
    trace = ran("stride", {"burst": 2, "tickets": 1}, {"burst": 3, "tickets": 3})  # A0-1 B1-4 A4-5
    assert SIMULATOR.measure("completion").of(trace) == by_name(5, 4)
    assert wrong("more-tickets-longer-stride", "completion", trace) == by_name(3, 5)  # A0-1 B1-2 A2-3: 1, 3, 2


@pytest.mark.rule
def test_nice_upside_down() -> None:
    trace = ran("fair", {"burst": 2, "nice": 5}, {"burst": 2, "nice": 0})  # A0-1, A at 3.06: B1-3 A3-4
    assert SIMULATOR.measure("completion").of(trace) == by_name(4, 3)
    assert wrong("nice-upside-down", "completion", trace) == by_name(3, 4)  # nice -5: A0-1 (0.33) B1-2 A2-3 B3-4


@pytest.mark.rule
def test_eligibility_forgotten() -> None:
    # B weighs 3121: its deadlines with quantum 3 are 0.98, 1.97, 2.95, all before A's 3.
    trace = ran("eevdf", 3, {"burst": 9, "nice": -5}, quantum=3)
    assert SIMULATOR.measure("completion").of(trace) == by_name(6, 12)
    assert wrong("eligibility-forgotten", "completion", trace) == by_name(12, 9)


@pytest.mark.rule
def test_the_convention_states_the_rule_in_force() -> None:
    states = SIMULATOR.mistake("other-tie-rule").states
    assert states is not None
    assert "queued before the process" in states(robin().scenario)
    assert "queued behind the process" in states(robin(tie="preempted-first").scenario)
    assert "returns from I/O" in states(ran("rr", raw_process(0, 1, 1, 1)).scenario)


@pytest.mark.law
@given(scenarios(most=4))
def test_every_mistake_gives_an_answer_of_its_measure_or_none(scenario: Scenario) -> None:
    trace = run(scenario)
    for mistake in SIMULATOR.mistakes:
        for measure in SIMULATOR.measures:
            if not mistake.applies_to(measure.name) or measure.arguments:
                continue
            try:
                value, right = wrong(mistake.id, measure.name, trace), measure.of(trace)
            except NoAnswer:
                continue
            assert type(value) is type(right) or isinstance(value, int | Fraction)


@pytest.mark.rule
def test_every_mistake_names_measures_that_exist() -> None:
    known = {measure.name for measure in SIMULATOR.measures}
    for mistake in SIMULATOR.mistakes:
        assert set(mistake.measures) <= known
        assert (mistake.rule is None) != (not mistake.measures)
