"""Do too many threads cost what the arithmetic and a machine that counts ticks say?"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import make, plain
from sims.switching import SIMULATOR, Scenario, Slice, Trace, run, tell
from sims.switching.measures import efficiency, makespan, memory, round_, switches

WORKED = sorted((Path(__file__).parents[2] / "data" / "switching").glob("*.json"))


def ran(threads: int, cores: int, work: int, quantum: int, switch_cost: int = 0, **fields: object) -> Trace:
    raw = {"threads": threads, "cores": cores, "work": work, "quantum": quantum, "switch_cost": switch_cost, **fields}
    return run(SIMULATOR.scenario(raw))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A few threads on up to 4 cores: `7 threads, half of them runnable, 2 cores, work 5, quantum 2, cost 1`."""
    cores = draw(st.integers(1, 4))
    raw = {
        "threads": draw(st.integers(1, 9)),
        "cores": cores,
        "work": draw(st.integers(1, 9)),
        "quantum": draw(st.integers(1, 5)),
        "switch_cost": draw(st.integers(0, 3)),
        "runnable_share": draw(st.sampled_from((0, Fraction(1, 3), Fraction(1, 2), 1))),
        "runtime": draw(st.sampled_from(("kernel", "green"))),
        "workers": draw(st.integers(1, cores)),
        "green_switch_cost": draw(st.integers(0, 2)),
        "first_dispatch": draw(st.sampled_from(("free", "charged"))),
    }
    return make(Scenario, raw)


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("10,000 threads on 4 cores; silberschatz-10 5.3.3")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_derived_numbers(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == expected, name


@pytest.mark.textbook("silberschatz-10 5.3.3")
def test_three_threads_on_one_core_slice_by_slice() -> None:
    assert ran(3, 1, 4, 2, 1).events == (
        Slice(1, 0, 0, 0, 2, False),
        Slice(2, 0, 2, 3, 5, True),
        Slice(3, 0, 5, 6, 8, True),
        Slice(1, 0, 8, 9, 11, True),
        Slice(2, 0, 11, 12, 14, True),
        Slice(3, 0, 14, 15, 17, True),
    )


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_first_thread_of_a_core_is_free_unless_charged() -> None:
    assert switches(ran(4, 2, 1, 1, 1)) == 2
    assert switches(ran(4, 2, 1, 1, 1, first_dispatch="charged")) == 4
    assert makespan(ran(4, 2, 1, 1, 1, first_dispatch="charged")) == 4


@pytest.mark.rule
def test_a_thread_that_goes_on_because_nobody_waits_is_not_switched() -> None:
    assert switches(ran(2, 2, 6, 2, 1)) == 0
    assert makespan(ran(2, 2, 6, 2, 1)) == 6
    assert [each.lane for each in ran(2, 2, 4, 2, 1).events] == [0, 1, 0, 1]


@pytest.mark.rule
def test_the_lowest_free_core_takes_the_next_thread() -> None:
    assert [(each.thread, each.lane) for each in ran(3, 2, 2, 1).events] == [
        (1, 0), (2, 1), (3, 0), (1, 1), (2, 0), (3, 1),
    ]  # fmt: skip


@pytest.mark.rule
def test_sleeping_threads_cost_memory_only() -> None:
    trace = ran(40, 2, 6, 3, 1, runnable_share="1/10")
    assert trace.scenario.runnable == 4
    assert makespan(trace) == makespan(ran(4, 2, 6, 3, 1))
    assert memory(trace) == 40 * 8192
    assert ran(41, 2, 6, 3, runnable_share="1/10").scenario.runnable == 5
    assert ran(4, 2, 6, 3, runnable_share=0).events == ()


@pytest.mark.rule
def test_green_threads_run_on_workers_at_the_runtimes_price() -> None:
    trace = ran(6, 4, 6, 3, 3, runtime="green", workers=2, green_switch_cost=1)
    assert {each.lane for each in trace.events} == {0, 1}
    assert efficiency(trace) == Fraction(3, 4)
    assert round_(trace) == 3 * 4
    assert memory(trace) == 6 * 8 + 2 * 8192


@pytest.mark.rule
def test_green_stacks_and_workers_stacks_add_up() -> None:
    assert memory(ran(6, 2, 6, 3, runtime="green", workers=2, green_stack_kib=8, stack_kib=12)) == 48 + 24


@pytest.mark.rule
def test_the_worked_efficiency_divides_only_where_somebody_waits() -> None:
    steps = SIMULATOR.measure("efficiency").steps
    assert "nobody has to switch" in steps(ran(4, 4, 6, 3, 1))[-1].says
    assert "nobody has to switch" in steps(ran(3, 4, 6, 3, 1))[-1].says
    assert steps(ran(5, 4, 6, 3, 1))[-1].says == "3/(3 + 1) = 3/4."


@pytest.mark.rule
def test_efficiency_is_one_and_there_is_no_round_when_nobody_waits() -> None:
    alone = ran(4, 4, 6, 3, 1)
    assert efficiency(alone) == 1
    with pytest.raises(NoAnswer):
        round_(alone)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"threads": 0, "cores": 0, "work": 0, "quantum": 0, "switch_cost": -1, "runnable_share": 2, "runtime": "os"}
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    assert [fault.where for fault in refused.value.faults] == list(raw)
    with pytest.raises(Invalid, match=r"workers: must be at most cores \(2\), got 3"):
        ran(4, 2, 1, 1, runtime="green", workers=3)


@pytest.mark.rule
def test_too_many_slices_are_a_limit() -> None:
    with pytest.raises(Limit, match="300000 slices; at most 200000"):
        ran(300_000, 4, 1, 1)
    assert makespan(ran(1024 * 190, 1024, 1, 1)) == 190


@pytest.mark.rule
def test_the_mistakes_are_the_classic_ones() -> None:
    def mistaken(name: str, measure: str, trace: Trace) -> Any:
        mistake = SIMULATOR.mistake(name)
        assert mistake.applies_to(measure)
        of = SIMULATOR.measure(measure).of
        return of(run(mistake.rule(trace.scenario))) if mistake.rule else mistake.measures[measure](trace)

    trace = ran(40, 2, 6, 3, 1, runnable_share="1/10")
    assert mistaken("sleepers-count-as-load", "round", trace) == 20 * 4
    assert mistaken("many-threads-thrash", "efficiency", trace) == Fraction(3, 7)
    assert mistaken("cost-over-quantum", "efficiency", trace) == Fraction(2, 3)
    assert mistaken("overhead-for-efficiency", "efficiency", trace) == Fraction(1, 4)
    assert mistaken("switch-forgotten", "makespan", trace) == 12
    assert mistaken("one-core-only", "round", trace) == 16
    assert mistaken("every-dispatch-is-a-switch", "switches", trace) == 8
    assert mistaken("only-the-awake-have-stacks", "memory", trace) == 4 * 8192
    assert mistaken("end-to-start", "round", trace) == 5
    assert mistaken("other-first-dispatch", "switches", trace) == 8
    assert mistaken("going-on-is-charged", "switches", ran(2, 2, 6, 2, 1)) == 4
    green = ran(6, 2, 6, 3, 3, runtime="green", workers=2, green_switch_cost=1)
    assert mistaken("green-pays-kernel-price", "efficiency", green) == Fraction(1, 2)
    assert mistaken("green-needs-no-kernel-threads", "memory", green) == 48
    assert mistaken("green-stacks-are-large", "memory", green) == 6 * 8192
    assert mistaken("only-the-awake-have-stacks", "memory", green) == memory(green)
    with pytest.raises(NoAnswer):
        mistaken("green-needs-no-kernel-threads", "memory", trace)
    with pytest.raises(NoAnswer):
        mistaken("cost-over-quantum", "efficiency", ran(4, 1, 6, 1, 2))
    states = [SIMULATOR.mistake("other-first-dispatch").states, SIMULATOR.mistake("end-to-start").states]
    assert [says(trace.scenario) for says in states if says] == [
        "The first thread on each core costs nothing.",
        "A round is counted from the start of a slice to the start of the thread's next one.",
    ]


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_every_runnable_thread_does_its_work_and_no_lane_does_two_things(scenario: Scenario) -> None:
    trace = run(scenario)
    for thread in range(1, scenario.runnable + 1):
        assert sum(each.end - each.start for each in trace.events if each.thread == thread) == scenario.work
    for lane in range(scenario.lanes):
        mine = [each for each in trace.events if each.lane == lane]
        assert all(before.end <= after.begin for before, after in pairwise(mine))
        assert all(each.start - each.begin == scenario.cost * each.switched for each in mine)
    assert makespan(trace) * scenario.lanes >= scenario.runnable * scenario.work + switches(trace) * scenario.cost


@pytest.mark.law
@given(st.integers(1, 4), st.integers(2, 4), st.integers(1, 5), st.integers(1, 5), st.integers(0, 4))
def test_efficiency_agrees_with_the_run_when_every_dispatch_is_charged_and_no_core_runs_dry(
    cores: int, turns: int, quanta: int, quantum: int, cost: int
) -> None:
    # as many turns for each core, work a multiple of the quantum
    trace = ran(cores * turns, cores, quanta * quantum, quantum, cost, first_dispatch="charged")
    assert Fraction(turns * quanta * quantum, makespan(trace)) == efficiency(trace)
    starts = [each.start for each in trace.events if each.thread == 1]
    assert all(after - before == round_(trace) for before, after in pairwise(starts))


@pytest.mark.law
@given(scenarios(), st.integers(2, 5))
def test_scaling_every_duration_scales_the_run(scenario: Scenario, factor: int) -> None:
    longer = replace(
        scenario,
        work=scenario.work * factor,
        quantum=scenario.quantum * factor,
        switch_cost=scenario.switch_cost * factor,
        green_switch_cost=scenario.green_switch_cost * factor,
    )
    assert makespan(run(longer)) == factor * makespan(run(scenario))
    assert switches(run(longer)) == switches(run(scenario))


@pytest.mark.law
@given(scenarios())
def test_the_worked_solution_ends_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        try:
            value = measure.of(trace)
        except NoAnswer:
            continue
        assert measure.steps(trace)[-1].value == value, measure.name
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def by_ticks(scenario: Scenario) -> tuple[int, int]:
    """Makespan and switches of a machine that moves one tick at a time."""
    queue = [(thread, scenario.work) for thread in range(scenario.runnable)]
    lanes: list[dict[str, int]] = [{"last": -1} for _ in range(scenario.lanes)]
    now = count = 0
    while queue or any("thread" in lane for lane in lanes):
        for lane in lanes:  # ends
            if "thread" in lane and lane["pay"] == 0 and (lane["left"] == 0 or lane["slice"] == 0):
                if lane["left"]:
                    queue.append((lane["thread"], lane["left"]))
                lane["last"] = lane.pop("thread")
        while queue and any("thread" not in lane for lane in lanes):
            thread, left = queue.pop(0)
            free = [lane for lane in lanes if "thread" not in lane]
            lane = ([lane for lane in free if lane["last"] == thread] or free)[0]
            new = lane["last"] != thread and (lane["last"] >= 0 or scenario.first_dispatch == "charged")
            count += new
            lane.update(thread=thread, left=left, slice=scenario.quantum, pay=scenario.cost if new else 0)
        if not any("thread" in lane for lane in lanes):
            break
        for lane in lanes:
            if "thread" in lane and lane["pay"]:
                lane["pay"] -= 1
            elif "thread" in lane:
                lane["left"] -= 1
                lane["slice"] -= 1
        now += 1
    return now, count


@pytest.mark.opinion("a machine that moves tick by tick")
@given(scenarios())
def test_a_machine_that_moves_tick_by_tick_agrees(scenario: Scenario) -> None:
    trace = run(scenario)
    assert (makespan(trace), switches(trace)) == by_ticks(scenario)


@pytest.mark.opinion("closed form")
@pytest.mark.parametrize("threads", [1, 4, 10, 1000])
def test_threads_that_finish_in_one_slice_are_switched_once_each(threads: int) -> None:
    trace = ran(threads, 4, 5, 8, 2)
    assert switches(trace) == max(0, threads - 4)
    assert makespan(trace) == -(-threads // 4) * 7 - 2
