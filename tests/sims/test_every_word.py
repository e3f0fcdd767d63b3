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
