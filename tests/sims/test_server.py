"""Does a server spend its time as its model says, and as a plainer server counts it, tick by tick?"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer, plain
from sims.server import MODELS, SIMULATOR, Event, Request, Scenario, Trace, run, tell
from sims.server import measures as m
from sims.server.run import KEEPS_REQUEST, count_threads

WORKED = sorted((Path(__file__).parents[2] / "data" / "io").glob("*.json"))


def serve(model: str, *requests: tuple[int, list[int]], **fields: object) -> Trace:
    """A run: each request is (arrival, segments), named R1, R2, …"""
    named = [{"name": f"R{n}", "arrival": at, "segments": list(s)} for n, (at, s) in enumerate(requests, 1)]
    return run(SIMULATOR.scenario({"model": model, "requests": named, **fields}))


def spans(trace: Trace, kind: str = "cpu") -> list[tuple[str, int, int]]:
    return [
        (trace.scenario.requests[event.request].name, event.start, event.end)
        for event in trace.events
        if event.kind == kind
    ]


def exact(value: object) -> object:
    """A value of a data file: fractions are written p/q."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    return Fraction(value) if isinstance(value, str) and value[:1].isdigit() else value


@st.composite
def scenarios(draw: st.DrawFn, models: tuple[str, ...] = MODELS, costs: bool = True, limits: bool = True) -> Scenario:
    """Small servers: `pool, 2 threads, 1 core, R0 at 3: 1 4 2, R1 at 0: 2, switch 1, limit 1, backlog 0`."""
    lengths = st.lists(st.integers(1, 5), min_size=1, max_size=5)
    count = draw(st.integers(1, 6))
    requests = tuple(
        Request(name=f"R{n}", arrival=draw(st.integers(0, 9)), segments=tuple(draw(lengths))) for n in range(count)
    )
    cost = st.integers(0, 2 if costs else 0)
    return Scenario(
        model=draw(st.sampled_from(models)),
        requests=requests,
        cores=draw(st.integers(1, 3)),
        threads=draw(st.integers(1, 4)),
        loops=draw(st.integers(1, 3)),
        switch_cost=draw(cost),
        syscall_cost=draw(cost),
        descriptor_limit=draw(st.none() | st.integers(1, 4)) if limits else None,
        backlog=draw(st.integers(0, 3)) if limits else 128,
    )


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("derivations in data/io")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_derived_measures(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert SIMULATOR.measure(name).of(trace) == exact(expected), name


@pytest.mark.textbook("four requests of 1 1 1 on one core")
def test_a_pool_one_thread_larger_may_be_slower() -> None:
    trace = serve("pool", *[(0, [1, 1, 1])] * 4)
    assert m.makespan_by_threads(trace, **{"from": 1, "to": 4}) == (12, 8, 9, 8)


@pytest.mark.textbook("jcip 8.2")
def test_one_core_and_nine_ticks_of_waiting_to_one_of_work_need_ten_threads() -> None:
    assert m.pool_size(serve("pool", (0, [1, 9]))) == 10
    assert m.pool_size(serve("pool", (0, [1, 9]), cores=4)) == 40
    assert m.pool_size(serve("pool", (0, [2, 1]))) == 2


@pytest.mark.textbook("derived by hand")
def test_a_loop_with_two_requests_makes_exactly_these_events() -> None:
    trace = serve("event-loop", (0, [2, 3, 1]), (1, [4]))
    assert trace.events == (
        Event("open", 0, 0, 0),
        Event("wake", 0, 0, 0, 0, 0),
        Event("cpu", 0, 2, 0, 0, 0),
        Event("open", 1, 1, 1),
        Event("call", 2, 2, 0, 0, 0),
        Event("io", 2, 5, 0),
        Event("cpu", 2, 6, 1, 0, 0),
        Event("done", 6, 6, 1),
        Event("cpu", 6, 7, 0, 0, 0),
        Event("done", 7, 7, 0),
    )


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_io_of_different_requests_overlaps_freely() -> None:
    trace = serve("thread-per-connection", *[(0, [1, 10, 1])] * 3)
    assert spans(trace, "io") == [("R1", 1, 11), ("R2", 2, 12), ("R3", 3, 13)]


@pytest.mark.rule
def test_segments_ready_at_the_same_moment_run_by_arrival_then_list_order() -> None:
    trace = serve("thread-per-connection", (1, [2]), (0, [5]), (1, [2]))
    assert spans(trace) == [("R2", 0, 5), ("R1", 5, 7), ("R3", 7, 9)]
    late_in_list = serve("thread-per-connection", (2, [3]), (0, [1, 1, 4]))
    assert spans(late_in_list) == [("R2", 0, 1), ("R2", 2, 6), ("R1", 6, 9)]


@pytest.mark.rule
def test_a_segment_that_ends_frees_its_core_before_an_arrival_of_the_same_instant_asks() -> None:
    trace = serve("thread-per-connection", (0, [2]), (2, [1]))
    assert m.latency(trace) == {"R1": 2, "R2": 1}


@pytest.mark.rule
def test_a_blocking_thread_keeps_its_request_through_the_wait() -> None:
    assert spans(serve("blocking", (0, [1, 5, 1]), (0, [1]))) == [("R1", 0, 1), ("R1", 6, 7), ("R2", 7, 8)]


@pytest.mark.rule
def test_the_queue_of_the_pool_is_by_arrival_not_by_place_in_the_list() -> None:
    trace = serve("pool", (0, [5]), (2, [1]), (1, [1]), threads=1)
    assert spans(trace) == [("R1", 0, 5), ("R3", 5, 6), ("R2", 6, 7)]


@pytest.mark.rule
def test_a_request_that_waited_for_its_thread_is_ready_when_the_thread_takes_it() -> None:
    """R3 waits for a thread since 0 but is ready only at 3, after R2's data at 2: R2 computes first."""
    trace = serve("pool", (0, [3]), (0, [1, 1, 1]), (0, [1]), threads=2)
    assert spans(trace) == [("R1", 0, 3), ("R2", 3, 4), ("R3", 4, 5), ("R2", 5, 6)]


@pytest.mark.rule
def test_the_thread_idle_longest_takes_the_next_request() -> None:
    trace = serve("pool", (0, [1]), (0, [1]), (5, [1]), (5, [1]), (9, [1]), threads=3)
    taken = [(event.request, event.thread) for event in trace.events if event.kind == "take"]
    assert taken == [(0, 0), (1, 1), (2, 2), (3, 0), (4, 1)]


@pytest.mark.rule
def test_request_i_belongs_to_loop_i_mod_loops() -> None:
    trace = serve("event-loop", *[(0, [1])] * 5, loops=2, cores=2)
    assert [(e.request, e.thread) for e in trace.events if e.kind == "cpu"] == [(0, 0), (1, 1), (2, 0), (3, 1), (4, 0)]


@pytest.mark.rule
def test_a_loop_runs_each_segment_to_its_end() -> None:
    trace = serve("event-loop", (0, [1, 1, 1]), (0, [9]), (0, [1]), cores=4)
    assert spans(trace) == [("R1", 0, 1), ("R2", 1, 10), ("R3", 10, 11), ("R1", 11, 12)]


@pytest.mark.rule
def test_at_most_as_many_loops_run_as_there_are_cores() -> None:
    trace = serve("event-loop", *[(0, [4])] * 3, loops=3, cores=2)
    assert spans(trace) == [("R1", 0, 4), ("R2", 0, 4), ("R3", 4, 8)]


@pytest.mark.rule
def test_of_two_loops_the_one_whose_segment_was_ready_first_gets_the_core() -> None:
    """R3 (loop 0) is ready at 1, R2 (loop 1) at 2: R3 goes first although its loop has just run."""
    trace = serve("event-loop", (0, [4]), (2, [4]), (1, [4]), loops=2)
    assert spans(trace) == [("R1", 0, 4), ("R3", 4, 8), ("R2", 8, 12)]


@pytest.mark.rule
def test_an_async_pool_holds_a_thread_only_during_a_cpu_segment() -> None:
    trace = serve("async-pool", *[(0, [1, 9, 1])] * 3, threads=1, cores=2)
    assert spans(trace) == [("R1", 0, 1), ("R2", 1, 2), ("R3", 2, 3), ("R1", 10, 11), ("R2", 11, 12), ("R3", 12, 13)]


@pytest.mark.rule
def test_a_switch_costs_when_a_core_changes_thread_and_not_when_the_same_thread_goes_on() -> None:
    alone = serve("pool", (0, [2, 3, 2]), threads=1, switch_cost=5)
    assert (m.switches(alone), m.makespan(alone)) == (0, 7)
    both = serve("pool", (0, [2]), (0, [2]), threads=2, switch_cost=5)
    assert (m.switches(both), m.latency(both)) == (1, {"R1": 2, "R2": 9})


@pytest.mark.rule
def test_the_first_thread_on_each_core_costs_no_switch() -> None:
    assert m.switches(serve("pool", (0, [2]), (0, [2]), threads=2, cores=2, switch_cost=1)) == 0


@pytest.mark.rule
def test_a_thread_gets_the_core_that_it_used_last() -> None:
    trace = serve("thread-per-connection", (0, [1, 3, 1]), (0, [2, 1, 3]), cores=2)
    cores = [(event.request, event.core) for event in trace.events if event.kind == "cpu"]
    assert cores == [(0, 0), (1, 1), (1, 1), (0, 0)]


@pytest.mark.rule
def test_an_io_segment_starts_with_a_system_call_on_the_core() -> None:
    trace = serve("thread-per-connection", (0, [2, 3, 1]), (0, [1]), syscall_cost=4)
    assert spans(trace) == [("R1", 0, 2), ("R2", 6, 7), ("R1", 9, 10)]
    assert m.utilisation(trace) == Fraction(4, 10)


@pytest.mark.rule
def test_a_loop_pays_for_its_wake_up_only_when_nothing_was_ready() -> None:
    trace = serve("event-loop", (0, [3]), (1, [3]), (6, [1]), (9, [1]), syscall_cost=1)
    assert spans(trace, "wake") == [("R1", 0, 1), ("R4", 9, 10)]
    assert m.syscalls(trace) == 2


@pytest.mark.rule
def test_over_the_limit_a_connection_waits_and_is_refused_only_when_the_backlog_is_full() -> None:
    trace = serve("thread-per-connection", *[(n, [1, 8, 1]) for n in range(4)], descriptor_limit=2, backlog=1)
    assert m.latency(trace) == {"R1": 10, "R2": 10, "R3": 19, "R4": "refused"}
    assert (m.refused(trace), m.max_open(trace)) == (1, 2)
    assert [tell(trace, i) for i, e in enumerate(trace.events) if e.kind in ("backlog", "refused")] == [
        "At 2 no descriptor is free: R3 waits in the backlog.",
        "At 3 the backlog is full: R4 is refused.",
    ]


@pytest.mark.rule
def test_a_connection_that_is_done_makes_room_before_one_that_arrives() -> None:
    trace = serve("thread-per-connection", (0, [3]), (1, [1]), (3, [1]), descriptor_limit=1, backlog=1)
    assert m.latency(trace) == {"R1": 3, "R2": 3, "R3": 2}


@pytest.mark.rule
def test_the_makespan_counts_from_the_first_arrival() -> None:
    assert m.makespan(serve("blocking", (7, [2]), (5, [1]))) == 4


@pytest.mark.rule
def test_p95_is_the_nearest_rank() -> None:
    twenty = serve("thread-per-connection", *[(100 * n, [n]) for n in range(1, 21)])
    assert m.p95_latency(twenty) == 19
    assert m.p95_latency(serve("thread-per-connection", *[(100 * n, [n]) for n in range(1, 22)])) == 20


@pytest.mark.rule
def test_a_request_is_no_longer_in_flight_at_its_completion() -> None:
    trace = serve("blocking", (1, [2]))
    assert [m.in_flight_at(trace, t) for t in range(5)] == [0, 1, 1, 0, 0]


@pytest.mark.rule
def test_a_hog_blocks_those_that_are_ready_on_its_loop_and_nobody_else() -> None:
    trace = serve("event-loop", (0, [1, 1, 1]), (0, [1]), (0, [9]), (2, [1]), (15, [1]), loops=2, cores=2)
    assert m.loop_blocked_by(trace, "R3") == {"R1"}
    assert m.loop_blocked_by(trace, "R1") == {"R3"}
    assert m.loop_blocked_by(trace, "R5") == frozenset()


@pytest.mark.rule
def test_stacks_are_reserved_for_every_thread() -> None:
    three = [(0, [1, 5, 1])] * 3
    assert m.stack_memory(serve("thread-per-connection", *three, stack_kib=100)) == 300
    assert m.stack_memory(serve("pool", *three, threads=2, stack_kib=100)) == 200
    assert m.stack_memory(serve("event-loop", *three, stack_kib=100)) == 100


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"model": "pol", "cores": 0, "requests": [{"segments": []}, {"name": "R0", "arrival": -1, "segments": [0]}]}
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    assert {fault.where for fault in refused.value.faults} == {
        "model",
        "cores",
        "requests.0.segments",
        "requests.1.arrival",
        "requests.1.segments.0",
    }


@pytest.mark.rule
def test_two_requests_of_one_name_are_refused() -> None:
    with pytest.raises(Invalid, match=r"requests\.1\.name: A names two items"):
        SIMULATOR.scenario({"model": "pool", "requests": [{"name": "A", "segments": [1]}] * 2})


def under(trace: Trace, mistake: str, measure: str, **arguments: object) -> object:
    """What the mistake gives for the measure."""
    known = SIMULATOR.mistake(mistake)
    assert known.applies_to(measure), (mistake, measure)
    if known.rule is None:
        return known.measures[measure](trace, **arguments)
    return SIMULATOR.measure(measure).of(run(known.rule(trace.scenario)), **arguments)


@pytest.mark.rule
def test_too_many_runs_are_a_limit_and_not_a_long_wait() -> None:
    trace = serve("pool", *[(0, [1, 1, 1])] * 1000)
    with pytest.raises(Limit, match="3000000 segments; at most 1000000"):
        m.makespan_by_threads(trace, **{"from": 1, "to": 1000})


@pytest.mark.rule
def test_the_mistakes_about_waiting_give_these_latencies() -> None:
    trace = serve("thread-per-connection", (0, [2, 4, 1]), (1, [1, 3, 2]))
    assert m.latency(trace) == {"R1": 7, "R2": 8}
    assert under(trace, "io-does-not-overlap", "latency") == {"R1": 7, "R2": 10}
    assert under(trace, "one-after-another", "latency") == {"R1": 7, "R2": 12}
    assert under(trace, "blocked-threads-burn-cpu", "latency") == {"R1": 7, "R2": 12}
    assert under(trace, "threads-speed-up-cpu", "latency") == {"R1": 7, "R2": 6}
    assert under(trace, "queueing-forgotten", "latency") == {"R1": 7, "R2": 6}
    assert under(trace, "completion-for-latency", "latency") == {"R1": 7, "R2": 9}
    assert under(trace, "latency-to-first-run", "latency") == {"R1": 0, "R2": 1}


@pytest.mark.rule
def test_the_mistakes_about_loops_give_these_latencies() -> None:
    trace = serve("event-loop", (0, [1, 1, 1]), (0, [9]), (1, [1]), cores=2, syscall_cost=1)
    assert m.latency(trace) == {"R1": 14, "R2": 12, "R3": 12}
    assert under(trace, "hog-delays-only-itself", "latency") == {"R1": 5, "R2": 9, "R3": 3}
    assert under(trace, "blocks-nobody", "loop-blocked-by", request="R2") == frozenset()
    assert under(trace, "everyone-there", "loop-blocked-by", request="R3") == {"R1", "R2"}
    assert m.loop_blocked_by(trace, "R2") == {"R1", "R3"}
    assert under(trace, "non-blocking-is-asynchronous", "latency") == {"R1": 4, "R2": 9, "R3": 2}
    assert under(trace, "syscall-cost-forgotten", "latency") == {"R1": 12, "R2": 10, "R3": 10}


@pytest.mark.rule
def test_the_mistakes_about_numbers_give_these_answers() -> None:
    trace = serve("pool", *[(0, [1, 1, 1])] * 4, threads=3)
    span = {"from": 1, "to": 4}
    assert under(trace, "more-threads-never-slower", "makespan-by-threads", **span) == (12, 8, 8, 8)
    assert under(trace, "work-divided-by-threads", "makespan-by-threads", **span) == (12, 6, 4, 3)
    assert under(trace, "threads-speed-up-the-pool", "makespan-by-threads", **span) == (12, 6, 6, 3)
    assert under(trace, "connections-need-threads", "threads") == 4
    assert under(trace, "connections-need-threads", "stack-memory") == 4 * 8192
    assert under(trace, "every-segment-a-switch", "switches") == 8
    assert under(trace, "first-dispatch-counted", "switches") == m.switches(trace) + 1
    assert under(trace, "one-call-a-request", "syscalls") == 4
    assert under(trace, "pool-of-cores", "pool-size") == 1
    assert under(serve("pool", (0, [2, 6])), "wait-alone", "pool-size") == 3
    assert under(serve("pool", (0, [2, 6])), "ratio-upside-down", "pool-size") == 2
    assert under(trace, "interval-closed", "in-flight-at", t=4) == m.in_flight_at(trace, 4) + 1
    assert under(trace, "peak-for-mean", "little")["L"] == 4
    assert under(trace, "queueing-forgotten", "little") == {"L": Fraction(4, 3), "lambda": Fraction(4, 9), "W": 3}
    with pytest.raises(NoAnswer):
        under(trace, "refused-in-average", "average-latency")
    with pytest.raises(NoAnswer):
        under(trace, "wake-ups-forgotten", "syscalls")
    with pytest.raises(NoAnswer):
        m.makespan_by_threads(trace, **{"from": 2, "to": 1})


@pytest.mark.rule
def test_the_mistakes_about_limits_and_shares_give_these_answers() -> None:
    trace = serve(
        "thread-per-connection",
        *[(n, [1, 8, 1]) for n in range(4)],
        descriptor_limit=2,
        backlog=1,
        cores=2,
        switch_cost=1,
    )
    assert under(trace, "backlog-forgotten", "refused") == 2
    assert under(trace, "descriptors-unlimited", "refused") == 0
    assert under(trace, "descriptors-unlimited", "max-open") == 4
    assert under(trace, "refused-in-average", "average-latency") == Fraction(sum(m.latencies(trace)), 4)
    assert under(trace, "backlog-counted-open", "max-open") == 3
    assert under(trace, "cores-forgotten", "utilisation") == 2 * m.utilisation(trace)
    extra = Fraction(m.switches(trace), 2 * m.makespan(trace))
    assert under(trace, "overhead-as-work", "utilisation") == m.utilisation(trace) + extra
    assert under(trace, "longest-for-p95", "p95-latency") == max(m.latencies(trace))
    many = serve("thread-per-connection", *[(100 * n, [n]) for n in range(1, 22)])
    assert under(many, "p95-rank-cut", "p95-latency") == 19
    assert under(many, "longest-for-p95", "p95-latency") == 21


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_every_request_is_served_whole_and_in_order_or_refused(scenario: Scenario) -> None:
    trace = run(scenario)
    for index, request in enumerate(scenario.requests):
        mine = [event for event in trace.events if event.request == index]
        if any(event.kind == "refused" for event in mine):
            assert len(mine) == 1
            continue
        segments = [event for event in mine if event.kind in ("cpu", "io")]
        assert tuple(event.end - event.start for event in segments) == request.segments
        assert all(one.end <= other.start for one, other in pairwise(segments))
        assert segments[0].start >= request.arrival
        assert mine[-1].kind == "done"
        assert mine[-1].end == segments[-1].end


@pytest.mark.law
@given(scenarios())
def test_no_core_and_no_thread_does_two_things_at_once(scenario: Scenario) -> None:
    on_core = [event for event in run(scenario).events if event.core is not None]
    for which in ("core", "thread"):
        for number in {getattr(event, which) for event in on_core}:
            mine = sorted((e.start, e.end) for e in on_core if getattr(e, which) == number and e.end > e.start)
            assert all(one[1] <= other[0] for one, other in pairwise(mine))
    assert all(event.core < scenario.cores and event.thread < count_threads(scenario) for event in on_core)


@pytest.mark.law
@given(scenarios(limits=False))
def test_the_makespan_is_at_least_the_work_per_core_and_the_longest_request(scenario: Scenario) -> None:
    makespan = m.makespan(run(scenario))
    assert makespan * scenario.cores >= sum(request.cpu for request in scenario.requests)
    assert makespan >= max(request.cpu + request.io for request in scenario.requests)
    if scenario.model == "pool":
        assert makespan * scenario.threads >= sum(request.cpu + request.io for request in scenario.requests)


@pytest.mark.law
@given(scenarios())
def test_a_pool_of_one_is_blocking(scenario: Scenario) -> None:
    one = run(replace(scenario, model="pool", threads=1))
    assert one.events == run(replace(scenario, model="blocking")).events


@pytest.mark.law
@given(scenarios())
def test_a_pool_as_large_as_the_requests_gives_the_latencies_of_thread_per_connection(scenario: Scenario) -> None:
    pool = run(replace(scenario, model="pool", threads=len(scenario.requests) + 1))
    assert m.latency(pool) == m.latency(run(replace(scenario, model="thread-per-connection")))


@pytest.mark.law
@given(scenarios())
def test_l_is_lambda_times_w(scenario: Scenario) -> None:
    law = m.little(run(scenario))
    assert law["L"] == law["lambda"] * law["W"]


@pytest.mark.law
@given(scenarios(limits=False))
def test_throughput_is_bounded_by_cores_threads_and_loops(scenario: Scenario) -> None:
    trace = run(scenario)
    count = len(scenario.requests)
    cpu = Fraction(sum(request.cpu for request in scenario.requests), count)
    both = Fraction(sum(request.cpu + request.io for request in scenario.requests), count)
    assert m.throughput(trace) <= scenario.cores / cpu
    if scenario.model in KEEPS_REQUEST:
        assert m.throughput(trace) <= count_threads(scenario) / both
    if scenario.model == "event-loop":
        assert m.throughput(trace) <= min(scenario.loops, scenario.cores) / cpu


@pytest.mark.law
@given(scenarios(costs=False, limits=False))
def test_no_core_idles_while_a_segment_with_a_thread_waits(scenario: Scenario) -> None:
    """With a thread for everybody and no cost, at each tick all cores work or everyone ready does."""
    trace = run(replace(scenario, model="thread-per-connection"))
    ready = {(e.request, e.end) for e in trace.events if e.kind in ("take", "io")}
    for event in trace.events:
        if event.kind != "cpu":
            continue
        since = max(at for index, at in ready if index == event.request and at <= event.start)
        for tick in range(since, event.start):
            running = [e for e in trace.events if e.kind == "cpu" and e.start <= tick < e.end]
            assert len(running) == scenario.cores


@pytest.mark.law
@given(scenarios(), st.integers(1, 50))
def test_shifting_all_arrivals_shifts_the_run(scenario: Scenario, shift: int) -> None:
    later = replace(
        scenario, requests=tuple(replace(request, arrival=request.arrival + shift) for request in scenario.requests)
    )
    moved = [event._replace(start=event.start + shift, end=event.end + shift) for event in run(scenario).events]
    assert list(run(later).events) == moved


@pytest.mark.law
@given(scenarios())
def test_scaling_every_duration_scales_the_run(scenario: Scenario) -> None:
    tripled = replace(
        scenario,
        switch_cost=3 * scenario.switch_cost,
        syscall_cost=3 * scenario.syscall_cost,
        requests=tuple(
            replace(r, arrival=3 * r.arrival, segments=tuple(3 * length for length in r.segments))
            for r in scenario.requests
        ),
    )
    moved = [event._replace(start=3 * event.start, end=3 * event.end) for event in run(scenario).events]
    assert list(run(tripled).events) == moved


@pytest.mark.law
@given(scenarios())
def test_descriptors_and_backlog_stay_within_their_limits(scenario: Scenario) -> None:
    trace = run(scenario)
    if scenario.descriptor_limit is None:
        assert m.refused(trace) == 0
    else:
        assert m.max_open(trace) <= scenario.descriptor_limit
    waiting = 0
    waited: set[int] = set()
    for event in trace.events:
        if event.kind == "backlog":
            waited.add(event.request)
            waiting += 1
        elif event.kind == "open" and event.request in waited:
            waiting -= 1
        assert waiting <= scenario.backlog


@pytest.mark.law
@given(scenarios())
def test_the_worked_solutions_end_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        if measure.arguments:
            continue
        steps, value = measure.steps(trace), measure.of(trace)
        keyed = {step.key: step.value for step in steps if step.key is not None}
        if isinstance(value, dict):
            assert {name: keyed[name] for name in value} == value, measure.name
        else:
            assert steps[-1].value == value, measure.name
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


@pytest.mark.law
@given(scenarios(models=("event-loop",)), st.integers(0, 30))
def test_the_worked_solutions_with_an_argument_end_with_the_answer(scenario: Scenario, t: int) -> None:
    trace = run(scenario)
    name = scenario.requests[t % len(scenario.requests)].name
    arguments = {"in-flight-at": {"t": t}, "loop-blocked-by": {"request": name}}
    for measure, given_ in arguments.items():
        declared = SIMULATOR.measure(measure)
        assert declared.steps(trace, **given_)[-1].value == declared.of(trace, **given_)
    span = {"from": 1, "to": 3}
    steps = SIMULATOR.measure("makespan-by-threads").steps(trace, **span)
    assert tuple(step.value for step in steps) == m.makespan_by_threads(trace, **span)


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


class Life:
    """One request of the plainer server."""

    def __init__(self, index: int, request: Request) -> None:
        self.index, self.request = index, request
        self.state, self.at, self.left, self.since, self.end = "coming", 0, 0, 0, None
        self.thread: int | None = None
        self.core: int | None = None

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.since, self.request.arrival, self.index)


def by_tick(scenario: Scenario) -> list[int | None]:
    """The completion of each request, from a server that lives one tick at a time; None where refused."""
    lives = [Life(index, request) for index, request in enumerate(scenario.requests)]
    keeps = scenario.model in ("blocking", "pool", "thread-per-connection")
    size = {"blocking": 1, "thread-per-connection": len(lives), "event-loop": scenario.loops}.get(scenario.model)
    size = scenario.threads if size is None else size
    idle_since = [0] * size
    taken: list[Life | None] = [None] * size
    last: list[int | None] = [None] * scenario.cores
    asleep = [scenario.model == "event-loop"] * size
    backlog: list[Life] = []

    def ready(life: Life, now: int) -> None:
        life.state, life.since = ("core" if life.thread is not None else "thread"), now

    def count_open() -> int:
        return sum(life.state in ("core", "thread", "cpu", "io") for life in lives)

    now = 0
    while any(life.state not in ("done", "refused") for life in lives):
        for life in lives:  # segments that end
            if life.state not in ("cpu", "io") or life.left:
                continue
            was_cpu = life.state == "cpu"
            life.at += 1
            over = life.at == len(life.request.segments)
            if was_cpu:
                life.core = None
            if life.thread is not None and (over or (was_cpu and not keeps)):
                taken[life.thread], idle_since[life.thread], life.thread = None, now, None
            if over:
                life.state, life.end = "done", now
                if backlog:
                    ready(backlog.pop(0), now)
            elif was_cpu:
                life.state, life.left = "io", life.request.segments[life.at]
            else:
                ready(life, now)
        for life in lives:  # arrivals
            if life.request.arrival == now and life.state == "coming":
                if scenario.descriptor_limit is None or count_open() < scenario.descriptor_limit:
                    ready(life, now)
                elif len(backlog) < scenario.backlog:
                    life.state = "backlog"
                    backlog.append(life)
                else:
                    life.state = "refused"
        for life in sorted((one for one in lives if one.state == "thread"), key=lambda one: one.key):
            own = life.index % scenario.loops
            free = [n for n in range(size) if taken[n] is None and (scenario.model != "event-loop" or n == own)]
            if free:
                life.thread = min(free, key=lambda n: (idle_since[n], n))
                taken[life.thread] = life
                life.state = "core"
                life.since = now if keeps else life.since
        for n in range(size):
            if taken[n] is None and scenario.model == "event-loop":
                asleep[n] = True
        for life in sorted((one for one in lives if one.state == "core"), key=lambda one: one.key):
            used = {one.core for one in lives if one.state == "cpu"}
            free = [c for c in range(scenario.cores) if c not in used]
            if not free:
                break
            own_cores = [c for c in free if last[c] == life.thread]
            life.core = own_cores[0] if own_cores else free[0]
            life.left = life.request.segments[life.at]
            if last[life.core] is not None and last[life.core] != life.thread:
                life.left += scenario.switch_cost
            last[life.core] = life.thread
            if asleep[life.thread]:
                life.left, asleep[life.thread] = life.left + scenario.syscall_cost, False
            if life.at + 1 < len(life.request.segments):
                life.left += scenario.syscall_cost
            life.state = "cpu"
        for life in lives:
            if life.state in ("cpu", "io"):
                life.left -= 1
        now += 1
    return [life.end for life in lives]


@pytest.mark.opinion("a plainer server, tick by tick")
@given(scenarios())
def test_a_server_that_lives_tick_by_tick_agrees(scenario: Scenario) -> None:
    assert [end for _, end in m.intervals(run(scenario))] == by_tick(scenario)


@pytest.mark.opinion("closed form")
@given(scenarios(models=("blocking",), costs=False, limits=False))
def test_blocking_is_a_queue_with_one_server(scenario: Scenario) -> None:
    """Lindley: each begins at the later of its arrival and the end of the one before."""
    end, expected = 0, {}
    for index, request in sorted(enumerate(scenario.requests), key=lambda entry: (entry[1].arrival, entry[0])):
        end = max(end, request.arrival) + sum(request.segments)
        expected[index] = end
    assert {index: end for index, (_, end) in enumerate(m.intervals(run(scenario)))} == expected


@pytest.mark.opinion("counted moment by moment")
@given(scenarios())
def test_l_is_the_mean_of_the_requests_in_flight_at_every_tick(scenario: Scenario) -> None:
    trace = run(scenario)
    first = trace.events[0].start
    ticks = range(first, first + m.makespan(trace))
    assert m.little(trace)["L"] == Fraction(sum(m.in_flight_at(trace, t) for t in ticks), len(ticks))


@pytest.mark.parametrize("model", MODELS)
def test_ten_thousand_requests_are_served(model: str) -> None:
    requests = [{"arrival": index * 7919 % 9973, "segments": [2, 50, 1]} for index in range(10_000)]
    raw = {"model": model, "threads": 64, "loops": 8, "cores": 4, "switch_cost": 1, "requests": requests}
    trace = run(SIMULATOR.scenario(raw))
    assert len(m.latencies(trace)) == 10_000


@pytest.mark.parametrize("recipe", [recipe.name for recipe in SIMULATOR.recipes])
@given(data=st.data())
def test_a_recipe_makes_valid_servers_from_any_draws(recipe: str, data: st.DataObject) -> None:
    declared = SIMULATOR.recipe(recipe)
    model = data.draw(st.sampled_from(MODELS))
    parameters = declared.parameters(model=model, count=data.draw(st.integers(1, 6)))
    scenario = declared.make(parameters, lambda path, low, high: data.draw(st.integers(low, high), label=path))
    assert scenario.model == model
    assert SIMULATOR.scenario(plain(scenario)) == scenario
