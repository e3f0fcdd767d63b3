"""Tables that are filled row by row: what follows from the rows so far, right or wrong as those may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import NoAnswer
from sims.listed import simulator
from tests.sims import deadlock_cases, paging_cases, scheduler_cases, translation_cases

PAGING, SCHEDULER, DEADLOCK = simulator("paging"), simulator("scheduler"), simulator("deadlock")
FOLLOWED = ("fifo", "lru", "mru", "lfu")
CARRIED = ("fcfs", "sjf", "srtf", "priority", "priority-preemptive", "rr")


def follows_itself(declared, asks, scenario, **arguments):
    """From every beginning of the right rows the next right row follows, and after the last none."""
    trace, measure = declared.run(scenario), declared.measure(asks)
    rows = tuple(measure.of(trace, **arguments))
    for n, row in enumerate(rows):
        assert _plain(measure.follows(trace, _plain(rows[:n]), **arguments)) == _plain(row)
    assert measure.follows(trace, _plain(rows), **arguments) is None


def _plain(value):
    """Cells as an answer reads them: `0x1f` is a number."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else value


@pytest.mark.law
@given(paging_cases.scenarios(FOLLOWED))
def test_the_frames_follow_from_the_frames_before(scenario):
    follows_itself(PAGING, "frames-after", scenario)


@pytest.mark.law
@given(paging_cases.scenarios(("opt",)))
def test_the_frames_under_opt_follow_from_the_frames_before(scenario):
    if not PAGING.measure("frames-after").tied(PAGING.run(scenario)):
        follows_itself(PAGING, "frames-after", scenario)


@pytest.mark.law
@given(scheduler_cases.scenarios(CARRIED, io=False, cores=1, cost=0))
def test_a_chart_follows_from_its_beginning(scenario):
    follows_itself(SCHEDULER, "gantt", scenario)


@pytest.mark.law
@given(deadlock_cases.bankers())
def test_what_is_free_follows_from_what_was_free(scenario):
    follows_itself(DEADLOCK, "work", scenario)


@pytest.mark.law
@given(translation_cases.scenarios(), st.data())
def test_a_walk_follows_from_what_is_left_of_the_address(scenario, data):
    if scenario.accesses:
        name = data.draw(st.sampled_from([access.name for access in scenario.accesses]))
        follows_itself(simulator("translation"), "walk", scenario, name=name)


@pytest.mark.rule
def test_a_wrong_victim_stays_out_and_later_victims_follow_from_that():
    # 1 2 3 fill three frames; 4 should evict 1. Somebody evicts 2: then 1 is resident, and 2 must come back for 1.
    trace = paging_cases.paging("fifo", 3, 1, 2, 3, 4, 1, 2)
    measure = PAGING.measure("frames-after")
    rows = ((1, "-", "-"), (1, 2, "-"), (1, 2, 3), (1, 4, 3))
    assert measure.follows(trace, rows) == (1, 4, 3)
    assert measure.follows(trace, (*rows, (1, 4, 3))) == (2, 4, 3)


@pytest.mark.rule
def test_what_is_left_of_each_process_follows_from_the_slices_as_they_were_given():
    raw = {"policy": "rr", "quantum": 2, "processes": [{"burst": 3}, {"burst": 3}]}
    trace = SCHEDULER.run(SCHEDULER.scenario(raw))
    measure = SCHEDULER.measure("gantt")
    assert measure.of(trace) == (("P0", 0, 2, 0), ("P1", 2, 4, 0), ("P0", 4, 5, 0), ("P1", 5, 6, 0))
    wrong = (("P0", 0, 1, 0),)  # a tick too short: two are left
    assert measure.follows(trace, wrong) == ("P1", 1, 3, 0)
    assert measure.follows(trace, (*wrong, ("P1", 1, 3, 0))) == ("P0", 3, 5, 0)


@pytest.mark.rule
@pytest.mark.parametrize(
    "rows", [(("P9", 0, 2, 0),), (("P0", 2, 0, 0),), (("P0", 0, 2, 1),), (("P0", 0, 4, 0), ("P1", 2, 4, 0))]
)
def test_nothing_follows_from_what_is_no_chart(rows):
    raw = {"policy": "rr", "quantum": 2, "processes": [{"burst": 3}, {"burst": 3}]}
    trace = SCHEDULER.run(SCHEDULER.scenario(raw))
    with pytest.raises(NoAnswer):
        SCHEDULER.measure("gantt").follows(trace, rows)


@pytest.mark.textbook("silberschatz-10 8.6.3.3")
def test_the_work_of_the_textbooks_banker():
    # Five processes, A 10, B 5, C 7; the safe sequence P1 P3 P0 P2 P4 is the first of the list each time, hence
    # available 3 3 2 grows by 2 0 0, 2 1 1, 0 1 0, 3 0 2, 0 0 2.
    raw = {
        "available": [3, 3, 2],
        "allocation": [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]],
        "max": [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]],
    }
    trace = DEADLOCK.run(DEADLOCK.scenario({"kind": "banker", **raw}))
    rows = DEADLOCK.measure("work").of(trace)
    assert rows == (("P1", 5, 3, 2), ("P3", 7, 4, 3), ("P0", 7, 5, 3), ("P2", 10, 5, 5), ("P4", 10, 5, 7))
    *each, last = DEADLOCK.measure("work").steps(trace)
    assert [step.value for step in each] == list(rows)
    assert last.value == rows


@pytest.mark.rule
def test_lru_and_fifo_part_where_a_page_used_again_would_leave_first():
    # 1 2 3 fill the frames, 1 is used again, 4 evicts 2 under LRU and 1 under FIFO: reference 5.
    trace = paging_cases.paging("lru", 3, 1, 2, 3, 1, 4)
    measure = PAGING.measure("parting")
    assert measure.of(trace) == 5
    assert measure.of(paging_cases.paging("fifo", 3, 1, 2, 3, 1, 4)) == 5
    assert measure.steps(trace)[-1].value == 5
    assert paging_cases.mistaken("parting-at-first-hit", trace, "parting") == 4
    assert paging_cases.mistaken("parting-at-first-eviction", trace, "parting") == 5
    with pytest.raises(NoAnswer):
        measure.of(paging_cases.paging("lru", 3, 1, 2, 3, 4))


@pytest.mark.rule
def test_the_first_preemption_is_no_exit_and_no_arrival():
    # SRTF: P0 (5) runs from 0, P1 (7) comes at 1 and waits, P2 (1) comes at 2 and takes the core.
    raw = {"policy": "srtf", "processes": [{"burst": 5}, {"arrival": 1, "burst": 7}, {"arrival": 2, "burst": 1}]}
    trace = SCHEDULER.run(SCHEDULER.scenario(raw))
    assert SCHEDULER.measure("first-preemption").of(trace) == 1
    later = {**raw, "processes": [{"burst": 1}, {"burst": 5}, {"arrival": 3, "burst": 1}]}
    trace = SCHEDULER.run(SCHEDULER.scenario(later))  # P0 0–1 exits, P1 1–3 is preempted
    assert SCHEDULER.measure("first-preemption").of(trace) == 2
    assert SCHEDULER.mistake("end-for-preemption").measures["first-preemption"](trace) == 1
