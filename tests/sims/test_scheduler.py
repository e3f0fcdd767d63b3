"""Does the machine run the textbook's schedules, and each rule as it is stated?"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from sims.fields import plain
from sims.scheduler import SIMULATOR
from sims.scheduler import measures as m
from sims.scheduler.engine import run
from tests.sims.scheduler_cases import chart, ran, raw_process

WORKED = sorted((Path(__file__).parents[2] / "data" / "scheduler").glob("*.json"))


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 5.3; ostep 7 to 9; tanenbaum-4 2.4")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_published_schedules_come_out_whole(path: Path) -> None:
    case = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(case["scenario"]))
    for name, value in case["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == value, name


@pytest.mark.textbook("ostep 9.6, figure 9.3")
def test_stride_passes_come_together_after_eight_quanta() -> None:
    trace = ran("stride", *({"burst": 50, "tickets": t} for t in (100, 50, 250)), quantum=1)
    assert "".join(row[0] * (row[2] - row[1]) for row in m.gantt(trace))[:16] == "ABCCCACC" * 2


# ── one instant ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_an_arrival_at_the_end_of_a_quantum_is_queued_before_the_preempted() -> None:
    trace = ran("rr", 5, [1, 3], [2, 4], quantum=2)
    assert chart(trace) == "A0-2 B2-4 C4-6 A6-8 B8-9 C9-11 A11-12"
    assert m.waiting(trace) == {"A": 7, "B": 5, "C": 5}


@pytest.mark.rule
def test_with_preempted_first_it_is_queued_behind() -> None:
    trace = ran("rr", 5, [1, 3], [2, 4], quantum=2, tie="preempted-first")
    assert chart(trace) == "A0-2 B2-4 A4-6 C6-8 B8-9 A9-10 C10-12"
    assert m.waiting(trace) == {"A": 5, "B": 5, "C": 6}


@pytest.mark.rule
@pytest.mark.parametrize(("tie", "expected"), [("arrivals-first", "B"), ("preempted-first", "A")])
def test_a_return_from_io_at_the_end_of_a_quantum_follows_the_same_tie(tie: str, expected: str) -> None:
    # B runs 0–1, does I/O until 3; A's quantum ends at 3.
    trace = ran("rr", raw_process(1, 6), raw_process(0, 1, 2, 2), quantum=2, tie=tie)
    assert m.running_at(trace, 3) == {expected}


@pytest.mark.rule
def test_returns_from_io_are_queued_before_arrivals_of_the_same_instant() -> None:
    # A does I/O 1–3, B runs 1–5; C arrives at 3, listed first.
    trace = ran("fcfs", [3, 1], raw_process(0, 1, 2, 1), raw_process(0, 4))
    assert m.ready_at(trace, 3) == ("B", "A")


@pytest.mark.rule
def test_arrivals_of_one_instant_are_queued_in_list_order() -> None:
    assert m.ready_at(ran("fcfs", [1, 1], [0, 4], [1, 1]), 1) == ("A", "C")


@pytest.mark.rule
def test_quanta_that_end_together_are_queued_by_core() -> None:
    trace = ran("rr", 4, 4, [1, 4], quantum=2, cores=2)
    assert m.running_at(trace, 2) == {"C", "A"}
    assert m.ready_at(trace, 2) == ("B",)


@pytest.mark.rule
def test_a_burst_that_ends_with_its_quantum_has_ended() -> None:
    trace = ran("rr", 2, 2, quantum=2)
    assert [event.then for event in trace.events] == ["exit", "exit"]
    assert m.preemptions(trace) == 0


@pytest.mark.rule
def test_the_slice_that_starts_at_t_runs_at_t() -> None:
    trace = ran("fcfs", 2, 2)
    assert m.running_at(trace, 1) == {"A"}
    assert m.running_at(trace, 2) == {"B"}
    assert m.running_at(trace, 4) == frozenset()


@pytest.mark.rule
def test_alone_a_process_goes_on_with_a_fresh_quantum() -> None:
    trace = ran("rr", 7, quantum=2)
    assert chart(trace) == "A0-7"
    assert (m.context_switches(trace), m.preemptions(trace)) == (0, 0)


@pytest.mark.rule
def test_a_fresh_quantum_starts_when_the_old_one_ended() -> None:
    # A goes on at 2 until 4; B, there since 3, must wait until then.
    assert chart(ran("rr", 6, [3, 1], quantum=2)) == "A0-4 B4-5 A5-7"


# ── choosing ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_fcfs_goes_by_the_moment_of_becoming_ready_also_after_io() -> None:
    assert chart(ran("fcfs", raw_process(0, 1, 1, 2), raw_process(0, 3), [1, 1])) == "A0-1 B1-4 C4-5 A5-7"


@pytest.mark.rule
def test_sjf_ties_go_to_the_earlier_arrival() -> None:
    assert chart(ran("sjf", [0, 5], [3, 2], [1, 2])) == "A0-5 C5-7 B7-9"


@pytest.mark.rule
def test_sjf_ties_of_one_arrival_go_by_list_order() -> None:
    assert chart(ran("sjf", 3, 2, 2)) == "B0-2 C2-4 A4-7"


@pytest.mark.rule
def test_sjf_ties_go_by_arrival_of_the_process_not_by_return_from_io() -> None:
    # B returns at 6 and C has been ready since 2; both need 2; B arrived first.
    trace = ran("sjf", raw_process(1, 9), raw_process(0, 1, 5, 2), raw_process(2, 2))
    assert chart(trace) == "B0-1 A1-10 B10-12 C12-14"


@pytest.mark.rule
def test_sjf_does_not_interrupt() -> None:
    assert chart(ran("sjf", 5, [1, 1])) == "A0-5 B5-6"


@pytest.mark.rule
def test_an_arrival_with_equal_remaining_time_does_not_preempt() -> None:
    assert chart(ran("srtf", 5, [2, 3])) == "A0-5 B5-8"


@pytest.mark.rule
def test_an_arrival_with_one_tick_less_preempts() -> None:
    assert chart(ran("srtf", 5, [2, 2])) == "A0-2 B2-4 A4-7"


@pytest.mark.rule
def test_srtf_compares_what_is_left_of_the_current_burst() -> None:
    # At 2 A has 1 left of its burst, although 9 more wait behind its I/O; B with 2 does not preempt.
    assert chart(ran("srtf", raw_process(0, 3, 1, 9), [2, 2])).startswith("A0-3 B3-5")


@pytest.mark.rule
def test_low_first_makes_the_low_number_urgent() -> None:
    both = ({"burst": 1, "priority": 5}, {"burst": 1, "priority": 2})
    assert chart(ran("priority", *both)) == "B0-1 A1-2"
    assert chart(ran("priority", *both, priority_order="high-first")) == "A0-1 B1-2"


@pytest.mark.rule
def test_priority_does_not_interrupt_and_its_preemptive_kind_does() -> None:
    both = ({"burst": 3, "priority": 5}, {"arrival": 1, "burst": 1, "priority": 2})
    assert chart(ran("priority", *both)) == "A0-3 B3-4"
    assert chart(ran("priority-preemptive", *both)) == "A0-1 B1-2 A2-4"


@pytest.mark.rule
def test_an_equal_priority_does_not_preempt() -> None:
    assert chart(ran("priority-preemptive", 3, [1, 1])) == "A0-3 B3-4"


@pytest.mark.rule
def test_priority_ties_go_to_the_earlier_arrival_even_if_it_was_preempted_since() -> None:
    trace = ran(
        "priority-preemptive",
        {"burst": 4, "priority": 3},
        {"arrival": 1, "burst": 2, "priority": 1},
        {"arrival": 2, "burst": 1, "priority": 3},
    )
    assert chart(trace) == "A0-1 B1-3 A3-6 C6-7"


# ── cores ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_lowest_idle_core_is_taken_first() -> None:
    assert chart(ran("fcfs", 3, 2, cores=3)) == "A0-3@0 B0-2@1"


@pytest.mark.rule
def test_a_process_prefers_the_core_that_has_run_nobody_since() -> None:
    # Both cores are idle at 4 when B returns: it goes back to core 1, not to the lower core 0.
    assert chart(ran("fcfs", 2, raw_process(0, 1, 3, 1), cores=2)) == "A0-2@0 B0-1@1 B4-5@1"


@pytest.mark.rule
def test_a_core_that_has_run_another_since_is_not_preferred() -> None:
    # C has run on core 1 after B; when B returns at 5, both are idle.
    trace = ran("fcfs", 3, raw_process(0, 1, 4, 1), [1, 2], cores=2)
    assert chart(trace) == "A0-3@0 B0-1@1 C1-3@1 B5-6@0"


@pytest.mark.rule
def test_preemption_takes_the_core_of_the_worst() -> None:
    assert chart(ran("srtf", 4, 9, [1, 2], cores=2)) == "A0-4@0 B0-1@1 C1-3@1 B3-11@1"


@pytest.mark.rule
def test_of_equally_bad_ones_the_highest_core_is_taken() -> None:
    assert chart(ran("srtf", 6, 6, [1, 2], cores=2)) == "A0-6@0 B0-1@1 C1-3@1 B3-8@1"


@pytest.mark.rule
def test_nobody_is_preempted_while_a_core_is_idle() -> None:
    assert m.preemptions(ran("srtf", 6, [1, 2], cores=2)) == 0


@pytest.mark.rule
def test_two_better_arrivals_displace_the_two_worst() -> None:
    trace = ran("srtf", 9, 8, 3, [1, 2], [1, 1], cores=3)
    assert m.running_at(trace, 1) == {"C", "D", "E"}
    assert m.ready_at(trace, 1) == ("B", "A")


# ── the cost of switching ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_switch_occupies_the_core_before_the_slice_and_the_first_is_free() -> None:
    trace = ran("fcfs", 3, 2, switch_cost=2)
    assert chart(trace) == "A0-3 B5-7"
    assert [(e.kind, e.start, e.end) for e in trace.events] == [("run", 0, 3), ("switch", 3, 5), ("run", 5, 7)]


@pytest.mark.rule
def test_idle_time_between_does_not_make_the_same_process_another_one() -> None:
    assert chart(ran("fcfs", raw_process(0, 2, 3, 2), switch_cost=1)) == "A0-2 A5-7"


@pytest.mark.rule
def test_idle_time_between_does_not_make_the_switch_free() -> None:
    assert chart(ran("fcfs", 2, [5, 2], switch_cost=1)) == "A0-2 B6-8"


@pytest.mark.rule
def test_going_on_costs_nothing() -> None:
    assert chart(ran("rr", 5, quantum=2, switch_cost=3)) == "A0-5"


@pytest.mark.rule
def test_quantum_and_response_begin_after_the_switch() -> None:
    trace = ran("rr", 4, 4, quantum=2, switch_cost=1)
    assert chart(trace) == "A0-2 B3-5 A6-8 B9-11"
    assert m.response(trace) == {"A": 0, "B": 3}


@pytest.mark.rule
def test_the_incoming_process_waits_and_stands_first_among_the_ready() -> None:
    trace = ran("fcfs", 3, 2, 2, switch_cost=2)
    assert m.ready_at(trace, 4) == ("B", "C")
    assert m.waiting(trace) == {"A": 0, "B": 5, "C": 9}


@pytest.mark.rule
def test_what_arrives_during_a_switch_waits_for_its_end() -> None:
    # B is switched in from 2 to 5; C with 1 arrives at 3 and displaces it at 5, before it has run a tick.
    trace = ran("srtf", 2, [0, 4], [3, 1], switch_cost=3)
    assert chart(trace) == "A0-2 C8-9 B12-16"
    assert m.preemptions(trace) == 1
    assert m.context_switches(trace) == 3


@pytest.mark.rule
def test_switching_is_neither_utilisation_nor_idle_time() -> None:
    trace = ran("fcfs", 3, 2, switch_cost=5)
    assert m.utilisation(trace) == Fraction(1, 2)
    assert m.idle(trace) == 0
