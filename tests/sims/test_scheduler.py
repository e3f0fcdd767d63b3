"""Does the machine run the textbook's schedules, and each rule as it is stated?"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import plain
from sims.scheduler import SIMULATOR
from sims.scheduler import measures as m
from sims.scheduler.engine import run
from sims.scheduler.scenario import Process, Scenario
from sims.scheduler.trace import Trace

WORKED = sorted((Path(__file__).parents[2] / "data" / "scheduler").glob("*.json"))


def ran(policy: str, *processes: Any, **rest: Any) -> Trace:
    """The trace of processes given as burst, [arrival, burst] or mappings; they are called A, B, C, …"""
    made = []
    for letter, raw in zip("ABCDEFGH", processes, strict=False):
        record = {"burst": raw} if isinstance(raw, int) else raw
        record = {"arrival": raw[0], "burst": raw[1]} if isinstance(raw, list) else record
        made.append({"name": letter, **record})
    return run(SIMULATOR.scenario({"policy": policy, "processes": made, **rest}))


def chart(trace: Trace) -> str:
    """`A0-2 B2-4`, with the core where there are several: `A0-2@1`."""
    several = trace.scenario.cores > 1
    return " ".join(f"{n}{s}-{e}" + (f"@{c}" if several else "") for n, s, e, c in m.gantt(trace))


def raw_process(arrival: int, *bursts: int, **rest: Any) -> dict[str, Any]:
    return {"arrival": arrival, "bursts": list(bursts), **rest}


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


# ── mlfq ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_mlfq_has_quanta_1_2_4_by_default_and_the_quantum_as_allotment() -> None:
    # A: 1 at the top, 2 in the middle, then 4 at a time, always with B behind it.
    assert chart(ran("mlfq", 12, 12)) == "A0-1 B1-2 A2-4 B4-6 A6-10 B10-14 A14-18 B18-22 A22-23 B23-24"


@pytest.mark.rule
def test_the_allotment_is_kept_across_io() -> None:
    # A uses 2 of 3 at the top, then I/O; back, 1 is left, and after it A has sunk below B, which arrives at 7.
    queues = [{"quantum": 4, "allotment": 3}, {"quantum": 4}]
    assert chart(ran("mlfq", raw_process(0, 2, 4, 5), [7, 1], queues=queues)) == "A0-2 A6-7 B7-8 A8-12"


@pytest.mark.rule
def test_an_allotment_that_ends_with_the_burst_is_used_up() -> None:
    # A's 2 at the top are over when its I/O starts; back at 5 it is below B.
    queues = [{"quantum": 2}, {"quantum": 4}]
    assert chart(ran("mlfq", raw_process(0, 2, 3, 2), [4, 2], queues=queues)) == "A0-2 B4-6 A6-8"


@pytest.mark.rule
def test_who_is_preempted_keeps_the_head_and_the_rest_of_its_quantum() -> None:
    # In the lower queue A has run 1 of 3 when C comes at 5; it goes on for 2 more, before B.
    queues = [{"quantum": 2}, {"quantum": 3}]
    trace = ran("mlfq", 7, 7, [5, 1], queues=queues)
    assert chart(trace) == "A0-2 B2-4 A4-5 C5-6 A6-8 B8-11 A11-13 B13-15"


@pytest.mark.rule
def test_after_io_a_process_stands_at_the_tail_with_the_rest_of_its_quantum() -> None:
    # A has used 1 of 3; back at 3 it stands behind C, and its slice then ends after 2.
    queues = [{"quantum": 3, "allotment": 9}]
    trace = ran("mlfq", raw_process(0, 1, 2, 4), 4, 4, queues=queues)
    assert m.ready_at(trace, 3) == ("C", "A")
    assert chart(trace) == "A0-1 B1-4 C4-7 A7-9 B9-10 C10-11 A11-13"


@pytest.mark.rule
def test_the_end_of_a_quantum_leads_to_the_tail_of_the_own_queue() -> None:
    queues = [{"quantum": 1, "allotment": 2}, {"quantum": 9}]
    assert chart(ran("mlfq", 3, 3, queues=queues)) == "A0-1 B1-2 A2-3 B3-4 A4-5 B5-6"


@pytest.mark.rule
def test_in_the_last_queue_only_the_quantum_counts() -> None:
    queues = [{"quantum": 4, "allotment": 1}]
    assert chart(ran("mlfq", 5, 3, queues=queues)) == "A0-4 B4-7 A7-8"


@pytest.mark.rule
def test_a_boost_moves_the_highest_queue_first_and_the_running_process_ahead() -> None:
    # At 7 A runs in the middle queue, B waits there, C at the bottom: at the top they are A B C, each with 1 to run.
    # At 14 B's slice would end; the boost comes first, and it goes on.
    queues = [{"quantum": 1}, {"quantum": 2}, {"quantum": 9}]
    trace = ran("mlfq", [4, 5], [4, 5], [0, 9], queues=queues, boost=7)
    assert m.ready_at(trace, 7) == ("B", "C")
    assert chart(trace) == "C0-4 A4-5 B5-6 A6-8 B8-9 C9-10 A10-12 B12-15 C15-19"


@pytest.mark.rule
def test_a_boost_falls_first_in_its_instant_and_renews_quantum_and_allotment() -> None:
    # A's quantum of 3 would end at 3, where the boost falls: it begins again, so A runs until 6, where the next falls.
    assert chart(ran("mlfq", 7, 2, queues=[{"quantum": 3}], boost=3)) == "A0-7 B7-9"


@pytest.mark.rule
def test_a_boost_reaches_those_in_io() -> None:
    # A sinks at 1 and does I/O from 2 to 6; the boost at 5 takes it to the top, where B cannot be preempted by it.
    queues = [{"quantum": 1}, {"quantum": 8}]
    trace = ran("mlfq", raw_process(0, 2, 4, 1), [2, 6], queues=queues, boost=5)
    assert chart(trace) == "A0-2 B2-6 A6-7 B7-9"


@pytest.mark.rule
def test_there_is_no_boost_at_0() -> None:
    assert all(change.time > 0 for change in ran("mlfq", 4, boost=2).log if change.kind == "boost")


# ── shares ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_lottery_draws_once_a_dispatch_also_when_one_is_ready() -> None:
    trace = ran("lottery", 5, quantum=2, draws=[9, 8, 7])
    assert [change.draw for change in trace.log if change.kind == "take"] == [9, 8, 7]
    assert chart(trace) == "A0-5"


@pytest.mark.rule
@pytest.mark.parametrize(("draw", "winner"), [(0, "A"), (2, "A"), (3, "B"), (4, "B"), (5, "A"), (8, "B")])
def test_tickets_are_counted_from_0_in_list_order(draw: int, winner: str) -> None:
    trace = ran("lottery", {"burst": 1, "tickets": 3}, {"burst": 1, "tickets": 2}, draws=[draw, 0])
    assert m.running_at(trace, 0) == {winner}


@pytest.mark.rule
def test_only_the_ready_hold_tickets() -> None:
    # B has not arrived at 0: A and C hold 0 1 2 and 3 4.
    trace = ran(
        "lottery",
        {"burst": 1, "tickets": 3},
        {"burst": 1, "tickets": 7, "arrival": 2},
        {"burst": 1, "tickets": 2},
        draws=[3, 0, 0],
    )
    assert m.running_at(trace, 0) == {"C"}


@pytest.mark.rule
def test_too_few_draws_are_refused_with_the_number_needed() -> None:
    with pytest.raises(Invalid, match=r"draws: must hold 5 numbers, one a dispatch, got 4"):
        ran("lottery", 5, raw_process(0, 1, 9, 2), quantum=2, draws=[0] * 4)


@pytest.mark.rule
def test_stride_goes_by_list_order_among_equal_passes() -> None:
    assert chart(ran("stride", 2, 2)) == "A0-1 B1-2 A2-3 B3-4"


@pytest.mark.rule
def test_who_joins_stride_starts_at_the_smallest_pass() -> None:
    # At 4 A and B stand at 2 each; C joins at 2 and not at 0, so it does not catch up.
    assert chart(ran("stride", 4, 4, [4, 3])) == "A0-1 B1-2 A2-3 B3-4 A4-5 B5-6 C6-7 A7-8 B8-9 C9-11"


@pytest.mark.rule
def test_pass_grows_by_the_time_really_used() -> None:
    # A blocks after 1 of 4: its pass is 1/4, so it is still first when it is back at 2.
    assert chart(ran("stride", raw_process(0, 1, 1, 4), 8, quantum=4)) == "A0-1 B1-5 A5-9 B9-13"


@pytest.mark.rule
def test_fair_does_not_preempt_when_someone_joins() -> None:
    assert chart(ran("fair", 6, [1, 2], quantum=4)) == "A0-4 B4-6 A6-8"


@pytest.mark.rule
def test_fair_weighs_by_the_kernels_nice_table() -> None:
    # Nice 5 weighs 335 of 1024: its vruntime grows three times as fast, so it gets one slice in about four.
    trace = ran("fair", 40, {"burst": 20, "nice": 5}, quantum=1)
    assert m.share(trace, **{"name": "B", "from": 0, "to": 40}) == Fraction(1, 4)


@pytest.mark.rule
def test_eevdf_does_not_run_who_has_had_more_than_its_due() -> None:
    # Equal weights, quantum 2. At 2 A has v = 2 and B v = 0, V = 1: A is not eligible.
    assert chart(ran("eevdf", 4, 4, quantum=2)) == "A0-2 B2-4 A4-6 B6-8"


@pytest.mark.rule
def test_who_joins_eevdf_enters_with_the_virtual_time() -> None:
    # At 3 A has v = 2, B v = 1, V = 3/2. C enters with 3/2 and deadline 5/2; B, whose v is 1, has deadline 2.
    trace = ran("eevdf", 3, 3, [3, 2], quantum=1)
    assert chart(trace) == "A0-1 B1-2 A2-3 B3-4 C4-5 A5-6 B6-7 C7-8"


@pytest.mark.rule
def test_eevdf_takes_the_earliest_deadline_among_the_eligible() -> None:
    # At 0 all v are 0 and eligible; the heavier has the earlier deadline, though it is listed last.
    assert chart(ran("eevdf", 3, {"burst": 3, "nice": -5}, quantum=3)) == "B0-3 A3-6"


@pytest.mark.rule
def test_an_eevdf_request_runs_to_its_end() -> None:
    assert chart(ran("eevdf", 6, {"arrival": 1, "burst": 2, "nice": -20}, quantum=4)) == "A0-4 B4-6 A6-8"


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
