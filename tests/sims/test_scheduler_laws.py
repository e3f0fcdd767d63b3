"""What holds of every schedule? And does a plainer scheduler agree?"""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise, permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.declare import MapOf, NoAnswer
from sims.fields import plain
from sims.scheduler import SIMULATOR, telling
from sims.scheduler import measures as m
from sims.scheduler.engine import run
from sims.scheduler.scenario import POLICIES, Level, Process, Scenario
from sims.scheduler.trace import Trace
from tests.sims.scheduler_cases import processes, scenarios
from tests.sims.scheduler_oracle import Oracle

SINGLE = {"io": False, "cores": 1, "cost": 0}  # one core, one burst each, free switches
DRAWLESS = tuple(policy for policy in POLICIES if policy != "lottery")


def ticks(trace: Trace) -> range:
    first, last = m.span(trace)
    return range(first, last)


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_the_slices_of_a_process_are_its_bursts_and_never_overlap(scenario: Scenario) -> None:
    trace = run(scenario)
    for process in scenario.processes:
        own = [event for event in m.runs(trace) if event.process == process.name]
        assert sum(event.end - event.start for event in own) == process.cpu
        assert own[0].start >= process.arrival
        assert all(a.end <= b.start for a, b in pairwise(own))
    for core in range(scenario.cores):
        there = [event for event in trace.events if event.core == core]
        assert all(a.end == b.start for a, b in pairwise(there))
        assert (there[0].start, there[-1].end) == m.span(trace)


@pytest.mark.law
@given(scenarios())
def test_waiting_is_never_negative_and_response_never_longer(scenario: Scenario) -> None:
    trace = run(scenario)
    waiting, response = m.waiting(trace), m.response(trace)
    assert all(0 <= response[name] <= waiting[name] for name in waiting)


@pytest.mark.law
@given(scenarios(io=False))
def test_response_is_waiting_where_nothing_is_preempted_and_each_has_one_burst(scenario: Scenario) -> None:
    trace = run(scenario)
    assume(not m.preemptions(trace))
    assert m.response(trace) == m.waiting(trace)


@pytest.mark.law
@given(scenarios(cost=0))
def test_without_switch_cost_no_core_idles_while_a_process_is_ready(scenario: Scenario) -> None:
    trace = run(scenario)
    for t in ticks(trace):
        assert not m.ready_at(trace, t) or len(m.running_at(trace, t)) == scenario.cores


@pytest.mark.law
@given(scenarios())
def test_waiting_is_the_time_among_the_ready(scenario: Scenario) -> None:
    trace = run(scenario)
    queued = [name for t in ticks(trace) for name in m.ready_at(trace, t)]
    assert {process.name: queued.count(process.name) for process in scenario.processes} == m.waiting(trace)


@pytest.mark.law
@given(scenarios())
def test_running_switching_and_idling_fill_the_time_of_the_cores(scenario: Scenario) -> None:
    trace = run(scenario)
    switching = sum(event.end - event.start for event in trace.events if event.kind == "switch")
    assert switching == scenario.switch_cost * m.context_switches(trace)
    assert m.busy(trace) + switching + m.idle(trace) == scenario.cores * m.makespan(trace)


@pytest.mark.law
@given(scenarios(**SINGLE), st.sampled_from(DRAWLESS))
def test_work_conserving_policies_have_the_same_makespan_and_idle_time(scenario: Scenario, policy: str) -> None:
    one, other = run(scenario), run(replace(scenario, policy=policy))
    assert (m.makespan(one), m.idle(one)) == (m.makespan(other), m.idle(other))


@pytest.mark.law
@given(scenarios(policies=("srtf",), **SINGLE), st.sampled_from(DRAWLESS))
def test_no_policy_beats_srtf_on_total_completion(scenario: Scenario, policy: str) -> None:
    best, other = m.completion(run(scenario)), m.completion(run(replace(scenario, policy=policy)))
    assert sum(best.values()) <= sum(other.values())


def least_total_completion(jobs: tuple[Process, ...]) -> int:
    """By trying everyone at every tick."""

    @cache
    def from_here(t: int, left: tuple[int, ...]) -> int:
        if not any(left):
            return 0
        ready = [i for i, job in enumerate(jobs) if left[i] and job.arrival <= t]
        if not ready:
            return from_here(t + 1, left)
        return min(
            (t + 1 if left[i] == 1 else 0) + from_here(t + 1, (*left[:i], left[i] - 1, *left[i + 1 :])) for i in ready
        )

    return from_here(0, tuple(job.cpu for job in jobs))


@pytest.mark.law
@given(scenarios(policies=("srtf",), most=4, **SINGLE))
def test_srtf_has_the_least_total_completion_of_all_schedules(scenario: Scenario) -> None:
    jobs = tuple(replace(job, bursts=(min(job.cpu, 4),)) for job in scenario.processes)
    trace = run(replace(scenario, processes=jobs))
    assert sum(m.completion(trace).values()) == least_total_completion(jobs)


@pytest.mark.law
@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_sjf_is_optimal_when_all_arrive_together(bursts: list[int]) -> None:
    jobs = tuple(Process(name=f"P{i}", burst=burst) for i, burst in enumerate(bursts))
    spent = sum(m.turnaround(run(Scenario(policy="sjf", processes=jobs))).values())
    totals = (sum(burst * (len(order) - i) for i, burst in enumerate(order)) for order in permutations(bursts))
    assert spent == min(totals)


@pytest.mark.law
@given(scenarios(policies=("rr",)))
def test_round_robin_with_a_quantum_no_burst_exceeds_is_fcfs(scenario: Scenario) -> None:
    longest = max(max(process.parts[::2]) for process in scenario.processes)
    robin = run(replace(scenario, quantum=longest))
    assert m.gantt(robin) == m.gantt(run(replace(scenario, policy="fcfs")))


@pytest.mark.law
@given(scenarios(policies=("rr",), io=False))
def test_mlfq_with_one_queue_without_io_and_boost_is_round_robin(scenario: Scenario) -> None:
    queue = Level(quantum=scenario.quantum)
    feedback = run(replace(scenario, policy="mlfq", queues=(queue,)))
    assert m.gantt(feedback) == m.gantt(run(scenario))


@pytest.mark.law
@given(scenarios(boosted=False), st.integers(1, 50))
def test_shifting_all_arrivals_shifts_the_trace(scenario: Scenario, by: int) -> None:
    later = tuple(replace(process, arrival=process.arrival + by) for process in scenario.processes)
    moved = run(replace(scenario, processes=later))
    assert m.gantt(moved) == tuple((n, s + by, e + by, c) for n, s, e, c in m.gantt(run(scenario)))


@pytest.mark.law
@given(scenarios(), st.integers(2, 7))
def test_scaling_every_duration_scales_the_trace(scenario: Scenario, by: int) -> None:
    scaled = replace(
        scenario,
        quantum=scenario.quantum * by,
        switch_cost=scenario.switch_cost * by,
        boost=scenario.boost * by,
        queues=tuple(Level(quantum=q.quantum * by, allotment=q.allowed * by) for q in scenario.queues),
        processes=tuple(
            replace(p, arrival=p.arrival * by, bursts=tuple(part * by for part in p.parts)) for p in scenario.processes
        ),
    )
    assert m.gantt(run(scaled)) == tuple((n, s * by, e * by, c) for n, s, e, c in m.gantt(run(scenario)))


@pytest.mark.law
@given(scenarios(policies=DRAWLESS))
def test_an_arrival_after_the_end_changes_nothing_before_it(scenario: Scenario) -> None:
    before = run(scenario)
    late = Process(name="late", arrival=m.span(before)[1] + 1, burst=3, priority=-9, nice=-7, tickets=3)
    after = run(replace(scenario, processes=(*scenario.processes, late)))
    assert [row for row in m.gantt(after) if row[0] != "late"] == list(m.gantt(before))


def received(trace: Trace, until: int) -> dict[str, int]:
    """CPU time of each process before `until`."""
    got = dict.fromkeys((process.name for process in trace.scenario.processes), 0)
    for event in m.runs(trace):
        got[str(event.process)] += max(min(event.end, until) - event.start, 0)
    return got


@st.composite
def always_ready(draw: st.DrawFn, policy: str) -> tuple[Trace, range]:
    """Processes that are ready from 0, and the ends of quanta up to which nobody has finished."""
    quantum = draw(st.integers(1, 4))
    claims = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(-4, 4)), min_size=2, max_size=4))
    jobs = tuple(
        Process(name=f"P{i}", burst=40 * quantum, tickets=tickets, nice=nice)
        for i, (tickets, nice) in enumerate(claims)
    )
    return run(Scenario(policy=policy, quantum=quantum, processes=jobs)), range(0, 40 * quantum + 1, quantum)


@pytest.mark.law
@given(always_ready("stride"))
def test_stride_splits_joint_quanta_by_tickets_within_one(case: tuple[Trace, range]) -> None:
    trace, ends = case
    quantum = trace.scenario.quantum
    for t in ends:
        got = received(trace, t)
        for one in trace.scenario.processes:
            for other in trace.scenario.processes:
                joint = Fraction(got[one.name] + got[other.name], quantum)
                due = joint * one.tickets / (one.tickets + other.tickets)
                assert one is other or abs(Fraction(got[one.name], quantum) - due) <= 1


@pytest.mark.law
@given(always_ready("fair"))
def test_fair_keeps_virtual_runtimes_within_one_slice(case: tuple[Trace, range]) -> None:
    trace, ends = case
    for t in ends:
        got = received(trace, t)
        runtimes = [(Fraction(got[p.name] * 1024, p.weight), p.weight) for p in trace.scenario.processes]
        for one, weight in runtimes:
            for other, other_weight in runtimes:
                assert abs(one - other) <= Fraction(trace.scenario.quantum * 1024, min(weight, other_weight))


@pytest.mark.law
@given(always_ready("eevdf"))
def test_eevdf_keeps_every_lag_within_one_quantum(case: tuple[Trace, range]) -> None:
    trace, ends = case
    total = sum(process.weight for process in trace.scenario.processes)
    for t in range(ends[-1]):
        got = received(trace, t)
        for process in trace.scenario.processes:
            lag = Fraction(t * process.weight, total) - got[process.name]
            assert abs(lag) <= trace.scenario.quantum


@pytest.mark.law
@given(scenarios())
def test_a_scenario_reads_back_from_its_json(scenario: Scenario) -> None:
    assert SIMULATOR.scenario(plain(scenario)) == scenario


@pytest.mark.law
@given(scenarios())
def test_every_worked_solution_ends_in_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    asked = {"t": 3, "name": scenario.processes[0].name, "from": 1, "to": 9}
    for measure in SIMULATOR.measures:
        arguments = {argument.name: asked[argument.name] for argument in measure.arguments}
        try:
            value, steps = measure.of(trace, **arguments), measure.steps(trace, **arguments)
        except NoAnswer:
            continue  # nobody is ever preempted
        if isinstance(measure.gives, MapOf):
            assert {step.key: step.value for step in steps} == value
        elif measure.name in ("gantt", "completion-order"):
            assert tuple(step.value for step in steps) == value
        else:
            assert steps[-1].value == value, measure.name


@pytest.mark.law
@given(scenarios())
def test_the_intervals_of_a_worked_waiting_time_sum_to_it(scenario: Scenario) -> None:
    trace = run(scenario)
    sums = {name: sum(end - start for start, end in spans) for name, spans in telling.waits(trace).items()}
    assert sums == m.waiting(trace)


@pytest.mark.law
@given(scenarios())
def test_every_event_is_told_in_one_sentence(scenario: Scenario) -> None:
    trace = run(scenario)
    for index, event in enumerate(trace.events):
        says = SIMULATOR.tell(trace, index)
        assert says.endswith(".")
        assert "\n" not in says
        assert str(event.start) in says


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def agrees(scenario: Scenario) -> None:
    trace, other = run(scenario), Oracle(scenario).run()
    assert list(m.gantt(trace)) == other.gantt()
    assert m.waiting(trace) == {body.name: body.waited for body in other.bodies}
    assert m.response(trace) == {body.name: body.first - body.process.arrival for body in other.bodies}
    assert (m.context_switches(trace), m.preemptions(trace)) == (other.switches, other.preemptions)
    for t, ready in enumerate(other.ready):
        assert list(m.ready_at(trace, t)) == ready
        assert list(trace.ready_at(t).names) == ready
    for t, cells in enumerate(other.ticks):
        assert m.running_at(trace, t) == {cell[1] for cell in cells if cell and cell[0] == "run"}


@pytest.mark.opinion("a tick-by-tick scheduler written from the definitions")
@pytest.mark.parametrize("policy", POLICIES)
def test_a_plainer_scheduler_agrees(policy: str) -> None:
    given(scenarios(policies=(policy,)))(agrees)()


@given(processes())
@pytest.mark.opinion("closed form: bursts in order of arrival")
def test_fcfs_on_one_core_is_a_running_sum(raw: list[dict[str, object]]) -> None:
    jobs = tuple(Process(name=f"P{i}", arrival=p["arrival"], burst=sum(p["bursts"])) for i, p in enumerate(raw))
    clock, ends = 0, {}
    for job in sorted(jobs, key=lambda job: job.arrival):
        clock = max(clock, job.arrival) + job.cpu
        ends[job.name] = clock
    assert m.completion(run(Scenario(policy="fcfs", processes=jobs))) == ends
