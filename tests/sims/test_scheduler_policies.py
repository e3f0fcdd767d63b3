"""Do feedback queues and the sharing policies keep their rules?"""

from fractions import Fraction

import pytest

from sims.declare import Invalid
from sims.scheduler import measures as m
from tests.sims.scheduler_cases import chart, ran, raw_process

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
