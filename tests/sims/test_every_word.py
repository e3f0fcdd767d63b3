"""Do the sentences and small figures of the simulators say what happened? One case each, worked by hand."""

import re
from fractions import Fraction
from typing import Any

import pytest

from sims.declare import NoAnswer
from sims.listed import MODULES
from sims.listed import simulator as listed
from tests.sims import drawn


def traced(name: str, **scenario: Any) -> Any:
    return listed(name).run(listed(name).scenario(scenario))


def told(name: str, trace: Any) -> list[str]:
    return [listed(name).tell(trace, index) for index in range(len(trace.events))]


def steps(name: str, measure: str, trace: Any, **given: Any) -> list[str]:
    return [step.says for step in listed(name).measure(measure).steps(trace, **given)]


def wrong(name: str, mistake: str, measure: str, trace: Any, **given: Any) -> Any:
    return listed(name).mistake(mistake).measures[measure](trace, **given)


only = pytest.mark.parametrize  # `@only("simulator", ["disk"])`: mutation testing asks it of that simulator alone


@pytest.mark.law
@pytest.mark.parametrize("simulator", MODULES)
def test_a_step_numbers_its_event_from_one(simulator: str) -> None:
    """`Reference 3 is …` and `3. P: open a …` are about the third event."""
    count = 2 if simulator == "threads" else 12
    for trace, measure, given, _ in drawn.answers(simulator, count):
        for step in measure.steps(trace, **given):
            number = re.match(r"(?:Reference )?(\d+)(?:\. | is | to )", step.says)
            if number and step.event is not None and simulator in ("paging", "descriptors", "readiness"):
                assert int(number[1]) == step.event + 1, (measure.name, step.says)


@only("simulator", ["syscalls"])
def test_calls_and_pages_are_counted_in_words(simulator: str) -> None:
    free = {"syscall": 100, "copy_per_kib": 0, "fault": 500}
    one, two = (told(simulator, traced("syscalls", call="mmap", bytes=size, costs=free)) for size in (4096, 4097))
    assert one == ["One mmap maps the file; nothing is read yet. 100 ns.", "1 page fault when first touched. 500 ns."]
    assert two[1] == "2 pages fault when first touched. 1000 ns."
    batched = told(simulator, traced("syscalls", call="io-uring-batch", bytes=23, chunk=5, batch=2, costs=free))
    assert batched == [  # five reads: two calls of two, and one
        "2 calls of io_uring_enter hand over reads of 10 bytes each. 200 ns.",
        "1 call of io_uring_enter hand over reads of 3 bytes each. 100 ns.",
    ]
    full = told(simulator, traced("syscalls", call="io-uring-batch", bytes=18, chunk=5, batch=2, costs=free))
    assert full[1].startswith("1 call of io_uring_enter hand over reads of 8 bytes")  # four reads; the last is short


@only("simulator", ["switching"])
def test_a_switch_as_long_as_the_quantum_leaves_nothing(simulator: str) -> None:
    def minus(cost: int) -> Any:
        trace = traced("switching", threads=4, work=5, quantum=5, switch_cost=cost)
        return wrong(simulator, "cost-over-quantum", "efficiency", trace)

    assert minus(5) == 0
    assert minus(2) == Fraction(3, 5)
    with pytest.raises(NoAnswer):
        minus(6)


@only("simulator", ["readiness"])
def test_a_wait_says_why_it_returns_what_it_does(simulator: str) -> None:
    events = ["wait", "arrive 9", "wait", "read 4", "wait"]
    level, edge = (
        steps(simulator, "waits", traced("readiness", mode=mode, events=events)) for mode in ("level", "edge")
    )
    assert level[0].endswith("; nothing is unread.")
    assert level[2].endswith("; 9 bytes are unread.")
    assert level[4].endswith("; 5 bytes are unread.")
    assert edge[2].endswith("; 9 bytes are unread and not yet told of.")
    assert edge[4].endswith("; 5 bytes are unread, but they have been told of.")


@only("simulator", ["readiness"])
def test_a_read_says_whether_what_it_leaves_would_be_reported(simulator: str) -> None:
    events = ["arrive 9", "wait", "read 4", "arrive 1", "read 2", "drain"]
    says = steps(simulator, "stalled-after-reads", traced("readiness", mode="edge", events=events))
    assert [sentence.rpartition(";")[2] for sentence in says[2:5]] == [
        " no wait would report them.", says[3], " a wait would report them.",
    ]  # fmt: skip
    assert says[0] == "1. 9 bytes arrive: 9 unread."
    assert says[2] == "3. The application reads 4: 4, 5 unread; no wait would report them."
    assert says[5].endswith("4, 0 unread.")


@only("simulator", ["readiness"])
def test_one_byte_is_reported_as_nine_are(simulator: str) -> None:
    for mode in ("level", "edge", "oneshot"):
        trace = traced("readiness", mode=mode, events=["arrive 1", "wait", "wait"])
        assert list(listed("readiness").measure("waits").of(trace).values()) == [1, int(mode == "level")]


@only("simulator", ["disk"])
def test_a_wait_is_service_minus_arrival(simulator: str) -> None:
    trace = traced("disk", policy="fcfs", cylinders=100, head=10, requests=[40, {"cylinder": 20, "arrival": 7}])
    assert steps(simulator, "longest-wait", trace) == [
        "40 is served at 30, asked for at 0: 30. Longest so far: 30.",
        "20 is served at 50, asked for at 7: 43. Longest so far: 43.",
    ]


@only("simulator", ["allocator"])
def test_what_is_free_in_all_is_what_was_free_before_the_request(simulator: str) -> None:
    """100 bytes: a, b, c take 40, 20, 40; a is freed; 41 bytes are too many for the hole and for all that is free."""
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "d = malloc 41", "free c", "e = malloc 41"]
    trace = traced("allocator", size=100, operations=lines)
    assert listed("allocator").measure("failed").of(trace) == {5, 7}
    names = [m.id for m in listed("allocator").mistakes if "failed" in m.measures]
    answers = [wrong(simulator, name, "failed", trace) for name in names]
    assert frozenset({5}) in answers  # 80 bytes are free at last, in two holes of 40


@only("simulator", ["io"])
def test_a_request_is_told_by_its_own_events(simulator: str) -> None:
    requests = [{"name": "A", "segments": [1, 3, 1]}, {"name": "B", "segments": [2]}]
    trace = traced("io", model="blocking", requests=requests)
    assert steps(simulator, "latency", trace) == [
        "A arrives at 0, computes 0–1, I/O 1–4, computes 4–5: 5.", "B arrives at 0, computes 5–7: 7.",
    ]  # fmt: skip


@only("simulator", ["io"])
@pytest.mark.parametrize(
    ("segments", "right", "others"),
    [
        ([1, 9, 1], 11, {"wait-alone": 9, "ratio-upside-down": 3}),  # 2 × (1 + 9/2), 2 × 9/2, 2 × (1 + 2/9)
        ([3, 2, 2], 3, {"wait-alone": 1, "ratio-upside-down": 7}),  # 2 × (1 + 2/5), 2 × 2/5, 2 × (1 + 5/2)
    ],
)
def test_a_pool_has_cores_times_one_plus_wait_over_compute(
    simulator: str, segments: list[int], right: int, others: dict[str, int]
) -> None:
    trace = traced("io", model="pool", cores=2, requests=[{"name": "A", "segments": segments}])
    assert listed("io").measure("pool-size").of(trace) == right
    assert {name: wrong(simulator, name, "pool-size", trace) for name in others} == others


@only("simulator", ["io"])
def test_where_nobody_waits_nothing_stands_below_the_line(simulator: str) -> None:
    trace = traced("io", model="pool", requests=[{"name": "A", "segments": [4]}])
    assert listed("io").measure("pool-size").of(trace) == 1
    with pytest.raises(NoAnswer):
        wrong(simulator, "ratio-upside-down", "pool-size", trace)


# sched_prio_to_weight of the Linux kernel (kernel/sched/core.c), nice −20 to 19
KERNEL = (
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501,
    1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
)  # fmt: skip


@only("simulator", ["scheduler"])
def test_the_weights_are_the_kernels(simulator: str) -> None:
    from sims.scheduler import scenario

    tables = [value for value in vars(scenario).values() if isinstance(value, tuple | dict) and len(value) == 40]
    assert simulator == "scheduler"
    assert [tuple(table.values() if isinstance(table, dict) else table) for table in tables] == [KERNEL]


@only("simulator", ["deadlock"])
def test_the_worst_case_is_one_unit_less_for_everybody(simulator: str) -> None:
    says = told(simulator, traced("deadlock", kind="bound", units=10, processes=3, most=4))
    assert says == ["In the worst case each of 3 processes holds 3 and wants one more: 9 units are held."]


@only("simulator", ["translation"])
def test_a_walk_is_that_of_the_access_asked_for(simulator: str) -> None:
    accesses = [{"name": "B", "address": 0x15}, {"name": "A", "address": 0x9B}, {"name": "C", "address": 0x00}]
    trace = traced("translation", virtual_bits=8, physical_bits=8, page_bits=4, levels=[2, 2], accesses=accesses)
    walk = listed(simulator).measure("walk").of
    assert walk(trace, name="A") == (("level-1", 2, "0x1b"), ("level-2", 1, "0xb"))
    assert walk(trace, name="B") == (("level-1", 0, "0x15"), ("level-2", 1, "0x5"))


@only("simulator", ["scheduler"])
def test_a_process_without_a_burst_is_refused(simulator: str) -> None:
    from sims.declare import Invalid

    with pytest.raises(Invalid):
        listed(simulator).scenario({"policy": "fcfs", "processes": [{"name": "A"}]})


@only("simulator", ["io"])
def test_what_a_request_waits_for_another_adds_up(simulator: str) -> None:
    """One loop: H computes 0–5 and, after I/O, 6–11. A is ready at 0 and again at 7: it waits 5 and 4."""
    from sims.server.measures import kept_waiting

    requests = [{"name": "H", "segments": [5, 1, 5]}, {"name": "A", "segments": [1, 1, 1]}]
    assert kept_waiting(traced(simulator, model="event-loop", requests=requests), "H") == {1: 9}


@only("simulator", ["processes"])
def test_what_came_before_a_fork_does_not_order_what_comes_after_it(simulator: str) -> None:
    order = listed(simulator).measure("output-order").of
    assert order(traced(simulator, program="print a\nprint b\nprint c")) == ("a", "b", "c")
    with pytest.raises(NoAnswer, match="may change places"):
        order(traced(simulator, program="print a\nfork\nif child { print b } else { print c }"))
    waited = "print a\nfork\nif child { print b } else { wait; print c }"
    assert order(traced(simulator, program=waited)) == ("a", "b", "c")


@only("simulator", ["switching"])
def test_who_has_a_lane_of_its_own_never_switches(simulator: str) -> None:
    for threads, share in ((1, 1), (2, 1), (3, Fraction(2, 3))):
        lonely = {"threads": threads, "cores": 3, "work": 9, "quantum": 3, "switch_cost": 1, "runnable_share": share}
        assert listed(simulator).measure("efficiency").of(traced(simulator, **lonely)) == 1
    crowded = traced(simulator, threads=4, cores=3, work=9, quantum=3, switch_cost=1)
    assert listed(simulator).measure("efficiency").of(crowded) == Fraction(3, 4)


@pytest.mark.law
@only("simulator", ["switching"])
def test_dispatches_less_those_that_cost_nothing_are_the_switches(simulator: str) -> None:
    for trace in drawn.traces(simulator, 40):
        for says in steps(simulator, "switches", trace):
            if found := re.match(r"(\d+) dispatches, of which (\d+) cost no switch: (\d+)\.", says):
                dispatches, free, switches = map(int, found.groups())
                assert dispatches - free == switches
                assert dispatches == len(trace.events)


def jobs(*rows: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [{"name": name, "arrival": arrival, "burst": burst} for name, arrival, burst in rows]


@only("simulator", ["scheduler"])
def test_the_last_eight_who_became_ready_are_told(simulator: str) -> None:
    trace = traced(simulator, policy="fcfs", processes=jobs(*((f"P{n}", n, 20) for n in range(11))))
    says = steps(simulator, "ready-at", trace, t=9)
    assert says[0] == "At 2 P2 arrives and is ready."
    assert says[-2] == "At 9 P9 arrives and is ready."
    assert len(says) == 9


@only("simulator", ["scheduler"])
def test_a_slice_is_told_with_those_who_wait_meanwhile(simulator: str) -> None:
    rows = jobs(("A", 0, 4), ("B", 0, 1), ("C", 2, 1), ("D", 6, 1))
    says = told(simulator, traced(simulator, policy="fcfs", processes=rows))
    assert says[0] == "At 0 A runs until 4 and is done; ready: B, from 2 B C."
    assert says[2] == "At 5 C runs until 6 and is done; nobody else is ready."


@only("simulator", ["scheduler"])
def test_a_carried_slice_is_that_of_the_process_it_names(simulator: str) -> None:
    """B and A take turns; both are listed, B first. After B's last slice A is next."""
    rows = jobs(("B", 0, 3), ("A", 0, 3))
    trace = traced(simulator, policy="rr", quantum=2, processes=rows)
    follows = listed(simulator).measure("gantt").follows
    assert follows is not None
    assert follows(trace, (("B", 0, 2, 0), ("A", 2, 4, 0))) == ("B", 4, 5, 0)
    assert follows(trace, (("B", 0, 2, 0), ("A", 2, 4, 0), ("B", 4, 5, 0))) == ("A", 5, 6, 0)


@only("simulator", ["scheduler"])
def test_without_the_idle_time_everybody_is_done_earlier(simulator: str) -> None:
    """The core is idle 2–3; then P1 and P2 take turns until 8 and 9."""
    rows = jobs(("P0", 0, 2), ("P1", 3, 3), ("P2", 3, 3))
    trace = traced(simulator, policy="rr", quantum=1, processes=rows)
    mistakes = [one for one in listed(simulator).mistakes if "idle" in one.id and "waiting" in one.measures]
    assert [dict(one.measures["waiting"](trace)) for one in mistakes] == [{"P0": 0, "P1": 1, "P2": 2}]
    assert [dict(one.measures["turnaround"](trace)) for one in mistakes] == [{"P0": 2, "P1": 4, "P2": 5}]


# What decides who leaves, at the last reference; two frames.
REASONS = [
    ("fifo", [1, 2, 3], "page 1 leaves frame 0, loaded longest ago, at reference 1."),
    ("lru", [1, 2, 1, 3], "page 2 leaves frame 1, last used longest ago, at reference 2."),
    ("mru", [1, 2, 1, 3], "page 1 leaves frame 0, used last, at reference 3."),
    ("opt", [1, 2, 3], "page 1 leaves frame 0, never used again; so are others, and it is in the lowest frame."),
    ("lfu", [1, 1, 2, 3], "page 2 leaves frame 1, used least often, 1 time."),
    ("lfu", [1, 1, 2, 2, 3], "page 1 leaves frame 0, used least often, 2 times."),
    ("nru", [1, 2, "1w", 3], "page 2 leaves frame 1, in the lowest class, R 1 M 0."),
    (
        "clock",
        [1, 2, 1, 3],
        "page 1 leaves frame 0, where the hand finds a clear bit, having cleared those of frames 0 1.",
    ),
]


@only("simulator", ["paging"])
@pytest.mark.parametrize(("policy", "references", "says"), REASONS)
def test_a_victim_is_told_with_what_decides(simulator: str, policy: str, references: list[Any], says: str) -> None:
    last = told(simulator, traced(simulator, policy=policy, frames=2, references=references))[-1]
    assert last == f"Reference {len(references)}, page 3: a fault; {says}"


@only("simulator", ["paging"])
def test_opt_tells_when_its_victim_is_used_again(simulator: str) -> None:
    says = told(simulator, traced(simulator, policy="opt", frames=2, references=[1, 2, 3, 2, 1]))
    assert (
        says[2] == "Reference 3, page 3: a fault; page 1 leaves frame 0, used furthest in the future, at reference 5."
    )
    assert says[3] == "Reference 4, page 2: a hit in frame 1."
    assert says[0] == "Reference 1, page 1: a fault; frame 0 is free and takes it."


@only("simulator", ["paging"])
@pytest.mark.parametrize(
    ("bit", "states"),
    [
        # at the fourth reference the hand clears frames 0 and 1 and comes back to 0
        ("set", [(1, (True, False)), (0, (True, True)), (0, (True, True)), (1, (True, False))]),
        # only the hit has set a bit: the hand clears frame 0 and takes frame 1
        ("clear", [(1, (False, False)), (0, (False, False)), (0, (True, False)), (0, (False, False))]),
    ],
)
def test_the_hand_and_the_bits_of_clock_after_each_reference(simulator: str, bit: str, states: list[Any]) -> None:
    from sims.paging.run import hands

    for policy in ("clock", "second-chance"):
        trace = traced(simulator, policy=policy, frames=2, references=[1, 2, 1, 3], load_bit=bit)
        assert list(hands(trace)) == states


@only("simulator", ["paging"])
def test_under_the_mistake_the_hand_stays_at_the_frame_it_filled(simulator: str) -> None:
    from sims.paging.run import hands

    scenario = listed(simulator).scenario({"policy": "clock", "frames": 2, "references": [1, 2, 3]})
    rule = listed(simulator).mistake("hand-stays").rule
    assert rule is not None
    assert [hand for hand, _ in hands(listed(simulator).run(rule(scenario)))][:2] == [0, 1]
    assert [hand for hand, _ in hands(listed(simulator).run(scenario))][:2] == [1, 0]


@pytest.mark.law
@only("simulator", ["paging"])
def test_a_step_is_about_the_reference_that_it_tells(simulator: str) -> None:
    for trace, measure, given, _ in drawn.answers(simulator, 20):
        if measure.name in ("resident-at", "victim-at", "hit-string", "victims", "frames-after"):
            for step in measure.steps(trace, **given):
                if step.event is not None and step.says.startswith("Reference"):
                    assert type(step.event) is int
                    assert step.says.startswith(f"Reference {step.event + 1}, page") or "write" in step.says


@only("simulator", ["paging"])
def test_a_page_number_has_a_limit(simulator: str) -> None:
    from sims.declare import Invalid

    def pages(page: Any) -> Any:
        return listed(simulator).scenario({"policy": "fifo", "frames": 1, "references": [page]}).references[0].page

    assert [pages(0), pages(999_999), pages("999999"), pages("0w")] == [0, 999_999, 999_999, 0]
    for beyond in (-1, 1_000_000, "1000000", "7x", True):
        with pytest.raises(Invalid):
            pages(beyond)


@only("simulator", ["deadlock"])
def test_one_unit_more_than_the_worst_case_lets_somebody_finish(simulator: str) -> None:
    says: set[str] = set()
    for units in (9, 10):
        trace = traced(simulator, kind="bound", units=units, processes=3, most=4)
        for measure in listed(simulator).measures:
            if measure.applies(trace.scenario):
                says |= {step.says for step in measure.steps(trace)}
    assert {"One more lets somebody finish: 10.", "9 is less than 10: a unit is left, and somebody finishes."} <= says
    assert "9 units are not more than 9: all can be held with everybody waiting." in says


@only("simulator", ["thrashing"])
def test_degrees_and_their_limits(simulator: str) -> None:
    from sims.declare import Invalid

    processes = [{"name": f"P{n}", "references": [1, 2]} for n in range(1, 5)]
    knee = listed(simulator).measure("cpu-utilisation")
    for low, high in ((1, 3), (2, 4), (3, 3)):
        trace = traced(simulator, frames=9, processes=processes, degree=[low, high])
        assert list(knee.of(trace)) == [str(degree) for degree in range(low, high + 1)]
    for degree in ([3, 2], [1, 5]):
        with pytest.raises(Invalid):
            listed(simulator).scenario({"frames": 9, "processes": processes, "degree": degree})


@only("simulator", ["thrashing"])
def test_a_working_set_is_told_with_the_references_it_holds(simulator: str) -> None:
    trace = traced(simulator, frames=9, window=3, processes=[{"name": "P1", "references": [5, 6, 1, 2, 7]}])
    says = steps(simulator, "working-set", trace, process="P1", t=4)
    assert any("6 1 2" in sentence for sentence in says)
    assert not any(re.search(r"\b5 6 1 2\b", sentence) for sentence in says)


def threads(*programs: list[str]) -> list[dict[str, Any]]:
    return [{"name": f"T{n}", "program": lines} for n, lines in enumerate(programs, 1)]


@only("simulator", ["threads"])
def test_a_release_lets_exactly_one_acquire_through(simulator: str) -> None:
    deadlocks = listed(simulator).measure("deadlocks").of
    shared = {"shared": {"x": 0}, "semaphores": {"s": 0}}
    assert deadlocks(traced(simulator, **shared, threads=threads(["release s"], ["acquire s", "acquire s"])))
    twice = threads(["release s", "release s"], ["acquire s", "acquire s"])
    assert not deadlocks(traced(simulator, **shared, threads=twice))


@only("simulator", ["threads"])
@pytest.mark.parametrize("line", ["lock", "lock m n", "load r", "load r x y", "store x", "release", "wait c", "add x"])
def test_a_step_has_as_many_operands_as_it_needs(simulator: str, line: str) -> None:
    from sims.declare import Invalid

    with pytest.raises(Invalid) as invalid:
        listed(simulator).scenario({"shared": {"x": 0, "y": 0}, "threads": threads([line])})
    assert all(fault.where.startswith("threads.0.program") for fault in invalid.value.faults)


@only("simulator", ["threads"])
def test_a_signal_wakes_who_has_waited_longest(simulator: str) -> None:
    waiter = ["lock m", "wait c m", "unlock m"]
    programs = threads(waiter, waiter, ["lock m", "signal c", "unlock m"])
    order = ["T2", "T2", "T1", "T1", "T3", "T3"]
    trace = traced(simulator, shared={"x": 0}, threads=programs, schedule=order)
    wakes = [says for says in told(simulator, trace) if "signal c" in says]
    assert len(wakes) == 1
    assert "T2" in wakes[0]
    assert "T1" not in wakes[0]


@only("simulator", ["syscalls"])
def test_a_full_call_is_told_in_the_singular_and_the_plural(simulator: str) -> None:
    says = [told(simulator, traced(simulator, call="write", bytes=size, chunk=6))[0] for size in (6, 12, 18)]
    assert [sentence.partition(".")[0] for sentence in says] == [
        "1 call of write moves 6 bytes each", "2 calls of write move 6 bytes each", "3 calls of write move 6 bytes each",
    ]  # fmt: skip


@only("simulator", ["switching"])
def test_a_worked_solution_names_cores_or_workers(simulator: str) -> None:
    base = {"threads": 6, "cores": 2, "work": 4, "quantum": 2, "switch_cost": 1}
    kernel = steps(simulator, "round", traced(simulator, **base))
    green = steps(simulator, "round", traced(simulator, **base, runtime="green", workers=2, green_switch_cost=1))
    assert any("each of the cores" in says for says in kernel)
    assert any("each of the workers" in says for says in green)


@only("simulator", ["switching"])
def test_switches_are_told_with_their_count(simulator: str) -> None:
    says = steps(simulator, "switches", traced(simulator, threads=3, work=4, quantum=2, switch_cost=1))
    assert [int(sentence.split()[-1].rstrip(".")) for sentence in says[1:-1]] == [1, 2, 3, 4, 5]


@only("simulator", ["switching"])
def test_a_thread_that_ends_first_is_followed_first(simulator: str) -> None:
    """Two cores, three threads; 1 and 2 start together, 3 takes the core that is free at 3, not before."""
    trace = traced(simulator, threads=3, cores=2, work=5, quantum=3)
    assert [(slice_.thread, slice_.start, slice_.end) for slice_ in trace.events] == [
        (1, 0, 3), (2, 0, 3), (3, 3, 6), (1, 3, 5), (2, 5, 7), (3, 6, 8),
    ]  # fmt: skip


@only("simulator", ["syscalls"])
def test_only_a_time_that_is_not_whole_is_about(simulator: str) -> None:
    costs = {"syscall": 100, "copy_per_kib": 1, "fault": 1}
    whole, part = (told(simulator, traced(simulator, call="write", bytes=n, chunk=n, costs=costs)) for n in (1024, 512))
    assert whole[0].endswith(" 101 ns.")
    assert "About" not in whole[0]
    assert part[0].endswith(" About 100 ns.")  # half a nanosecond more


@only("simulator", ["syscalls"])
def test_mapping_moves_no_bytes_and_maps_up_to_sixteen_pages_around(simulator: str) -> None:
    trace = traced(simulator, call="mmap", bytes=40_000)
    assert [event.size for event in trace.events] == [0, 0]
    rule = listed(simulator).mistake("fault-around").rule
    assert rule is not None
    for pages, faults in ((15, 1), (16, 1), (17, 2), (32, 2), (33, 3)):
        scenario = listed(simulator).scenario({"call": "mmap", "bytes": pages * 4096})
        assert listed(simulator).measure("faults").of(listed(simulator).run(rule(scenario))) == faults


FORKED = ["open a", "dup 3", "fork C", "C: close 3", "read 3 5", "close 9", "close 4"]


@only("simulator", ["descriptors"])
def test_a_table_is_told_by_the_calls_that_changed_it(simulator: str) -> None:
    """Those of the process itself and the fork that made it, without the one that failed."""
    trace = traced(simulator, operations=FORKED, files=[{"name": "a", "size": 9}])
    child, parent = (steps(simulator, "table", trace, process=name) for name in ("C", "P"))
    assert child == [
        "3. P forks C: the same numbers, the same open file descriptions.", "4. C: close 3 gives 0.", "0 names tty.",
        "1 names tty.", "2 names tty.", "4 names a.", "C at the end: 0 tty; 1 tty; 2 tty; 4 a.",
    ]  # fmt: skip
    assert [says.partition(".")[0] for says in parent[:5]] == ["1", "2", "3", "5", "7"]


@only("simulator", ["descriptors"])
def test_a_description_is_told_with_everybody_who_names_it(simulator: str) -> None:
    trace = traced(simulator, operations=[*FORKED, "open b", "close 4"], files=[{"name": "a", "size": 9}])
    assert steps(simulator, "references", trace) == [
        "The description tty: P 0, P 1, P 2, C 0, C 1, C 2. 6.", "The description 1: P 3, C 4. 2.",
        "The description 8: nobody. 0.",
    ]  # fmt: skip


@only("simulator", ["descriptors"])
def test_the_first_failure_is_told_with_the_calls_before_it(simulator: str) -> None:
    trace = traced(simulator, operations=FORKED, files=[{"name": "a", "size": 9}])
    says = steps(simulator, "first-failure", trace)
    assert [sentence.partition(".")[0] for sentence in says[:-1]] == ["1", "2", "3", "4", "5", "6"]
    assert says[-1] == "The first that fails is call 6."


@only("simulator", ["descriptors"])
def test_a_result_says_why(simulator: str) -> None:
    lines = ["open a", "dup2 3 1", "read 3 20", "read 3 1", "pipe", "fork C", "read 4 1", "close 5", "C: close 5",
             "read 4 1", "open b", "open b", "close 40"]  # fmt: skip
    trace = traced(simulator, limit=7, operations=lines, files=[{"name": "a", "size": 9}])
    says = steps(simulator, "results", trace)
    reasons = [sentence.partition(": ")[2].partition(": ")[2] for sentence in says]
    assert reasons == [
        "3 is the lowest that is free.", "1 now names what 3 names.",
        "the offset is the description's; 9 bytes are moved.", "there is nothing more, and nothing can come.",
        *["4 and 5 are the lowest that are free."] * 2, "there is nothing yet, and more may come.", "", "",
        "there is nothing more, and nothing can come.", "5 is the lowest that is free.",
        "6 is the lowest that is free.", "the number is not open for this, or not below the limit.",
    ]  # fmt: skip


@only("simulator", ["processes"])
def test_process_names_are_p_and_up_to_four_digits(simulator: str) -> None:
    from sims.declare import Invalid
    from sims.fields import specs

    kind = next(spec.kind for spec in specs(listed(simulator).scenarios[0]) if spec.name == "subreaper")
    assert [kind.take(raw) for raw in ("P0", ["P9999"], "P0 P12", "none", None)] == [
        ("P0",), ("P9999",), ("P0", "P12"), (), (),
    ]  # fmt: skip
    for name in ("P", "p1", "P10000", "Q1", "P1x"):
        with pytest.raises(Invalid):
            kind.take(name)


@only("simulator", ["processes"])
def test_loops_run_as_often_as_they_say(simulator: str) -> None:
    for program, count in (("loop 1 { print a }", 1), ("loop 3 { print a }", 3), ("loop 2 { loop 3 { print a } }", 6)):
        trace = traced(simulator, program=program)
        assert dict(listed(simulator).measure("output").of(trace)) == {"a": count}, program


@only("simulator", ["switching"])
def test_a_switch_that_takes_time_is_told(simulator: str) -> None:
    says = told(simulator, traced(simulator, threads=2, work=2, quantum=2, switch_cost=1))
    assert says == [
        "On core 0 thread 1 runs from 0 to 2.",
        "On core 0 thread 2 runs from 3 to 5 after a switch from 2 to 3.",
    ]
    free = told(simulator, traced(simulator, threads=2, work=2, quantum=2))
    assert free[1] == "On core 0 thread 2 runs from 2 to 4."


@only("simulator", ["readiness"])
def test_what_is_stalled_says_what_another_wait_would_do(simulator: str) -> None:
    told_of, silent = (
        steps(simulator, "stalled", traced(simulator, mode=mode, events=["arrive 9", "wait", "read 4"]))[-1]
        for mode in ("level", "edge")
    )
    assert told_of == "At the end 5 bytes are unread; another wait would report it: 0 stalled."
    assert silent == "At the end 5 bytes are unread; another wait would return 0: 5 stalled."


@pytest.mark.law
@only("simulator", ["readiness"])
def test_a_step_that_is_no_read_establishes_what_is_unread(simulator: str) -> None:
    measure = listed(simulator).measure("stalled-after-reads")
    for trace in drawn.traces(simulator, 20):
        try:
            made = measure.steps(trace)
        except NoAnswer:
            continue
        for step in made:
            if step.key is None and (found := re.search(r"(\d+) unread", step.says)):
                assert step.value == int(found[1])


@only("simulator", ["allocator"])
def test_a_failure_is_judged_by_what_was_free_then(simulator: str) -> None:
    """The sixth operation asks for 50 bytes while 40 are free in all; 80 are free only after the seventh."""
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "use b", "d = malloc 50", "free c"]
    trace = traced(simulator, size=100, operations=lines)
    assert listed(simulator).measure("failed").of(trace) == {6}
    assert wrong(simulator, "total-for-largest", "failed", trace) == {6}


@only("simulator", ["allocator"])
def test_a_use_after_free_is_one_although_nobody_has_the_address(simulator: str) -> None:
    """At the fourth operation a's address is free; at the sixth and seventh b has it."""
    lines = ["z = malloc 8", "a = malloc 8", "free a", "use a", "b = malloc 8", "use a", "use a", "use z"]
    trace = traced(simulator, size=64, operations=lines)
    assert listed(simulator).measure("use-after-free").of(trace) == {4, 6, 7}
    others = [one.measures for one in listed(simulator).mistakes if "use-after-free" in one.measures]
    assert {4} in [set(measures["use-after-free"](trace)) for measures in others]
    assert steps(simulator, "use-after-free", trace)[-1] == "Operations: 4 6 7."


@only("simulator", ["allocator"])
def test_a_request_for_all_that_is_free_fails_only_for_its_holes(simulator: str) -> None:
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "free c", "d = malloc 80"]
    trace = traced(simulator, size=100, operations=lines)
    assert listed(simulator).measure("failed").of(trace) == {6}
    assert wrong(simulator, "total-for-largest", "failed", trace) == set()
    assert steps(simulator, "double-free", trace)[-1] == "None of the operations."


@only("simulator", ["allocator"])
def test_addresses_are_asked_everywhere_and_blocks_looked_at_only_in_lists(simulator: str) -> None:
    def asked(fit: str, *lines: str) -> set[str]:
        scenario = listed(simulator).scenario({"size": 64, "fit": fit, "operations": lines})
        return {name for name in ("address", "searched") if listed(simulator).measure(name).applies(scenario)}

    assert asked("first", "a = malloc 8", "free a") == {"address", "searched"}
    assert asked("buddy", "a = malloc 8", "free a") == {"address"}
    assert asked("worst", "a = malloc 8") == {"address", "searched"}


@only("simulator", ["allocator"])
def test_a_buddy_heap_is_a_power_of_two(simulator: str) -> None:
    from sims.declare import Invalid

    for size in (1, 2, 4, 64, 1 << 24):
        assert listed(simulator).scenario({"size": size, "fit": "buddy", "operations": ["a = malloc 1"]}).size == size
    for size in (3, 5, 6, 48, 65):
        with pytest.raises(Invalid):
            listed(simulator).scenario({"size": size, "fit": "buddy", "operations": ["a = malloc 1"]})


@only("simulator", ["thrashing"])
def test_the_window_ends_with_t_and_begins_with_the_first_reference_at_the_earliest(simulator: str) -> None:
    trace = traced(simulator, frames=9, window=3, processes=[{"name": "P1", "references": [5, 6, 1, 2, 7]}])
    first = [steps(simulator, "working-set", trace, process="P1", t=t)[0] for t in (1, 2, 3, 4)]
    assert first == [
        "The window holds references 1 to 1 of P1: 5.", "The window holds references 1 to 2 of P1: 5 6.",
        "The window holds references 1 to 3 of P1: 5 6 1.", "The window holds references 2 to 4 of P1: 6 1 2.",
    ]  # fmt: skip


@only("simulator", ["disk"])
def test_sstf_takes_the_nearest_of_several_below(simulator: str) -> None:
    order = listed(simulator).measure("order").of
    rows = {"policy": "sstf", "cylinders": 100, "head": 50}
    assert order(traced(simulator, **rows, requests=[10, 20, 30, 40])) == (40, 30, 20, 10)
    assert order(traced(simulator, **rows, requests=[90, 80, 70, 60])) == (60, 70, 80, 90)
    assert order(traced(simulator, **rows, requests=[10, 20, 45, 56])) == (45, 56, 20, 10)


@only("simulator", ["disk"])
def test_a_request_is_a_cylinder_or_says_when_it_is_made(simulator: str) -> None:
    from sims.declare import Invalid
    from sims.fields import plain

    base = {"policy": "fcfs", "cylinders": 1_000_000, "head": 0}
    made = listed(simulator).scenario(
        {**base, "requests": [7, {"cylinder": 999_999, "arrival": 0}, {"cylinder": 0, "arrival": 1}]}
    )
    assert plain(made)["requests"] == [7, 999_999, {"cylinder": 0, "arrival": 1}]
    for request in (-1, {"cylinder": 1, "arrival": -1}, {"cylinder": 1, "arrival": 1_000_001}, {"arrival": 1}):
        with pytest.raises(Invalid):
            listed(simulator).scenario({**base, "requests": [request]})
