"""Are charts, sentences and mistaken answers of scheduling right in the middle of a run? All numbers by hand."""

from fractions import Fraction
from typing import Any

import pytest

from sims.declare import Invalid, NoAnswer
from sims.scheduler import SIMULATOR
from sims.scheduler.engine import run
from sims.scheduler.scenario import Process
from sims.scheduler.virtual import near
from tests.sims.scheduler_cases import chart, ran, raw_process
from tests.sims.worded import steps, told


def says(measure: str, trace: Any, **given: Any) -> list[str]:
    return steps("scheduler", measure, trace, **given)


def wrong(id_: str, measure: str, trace: Any) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace)
    return SIMULATOR.measure(measure).of(run(mistake.rule(trace.scenario)))


# ── worked solutions of one round robin ─────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("measure", "lines"),
    [
        ("completion", ["A runs 0–2, 6–8 and 11–12: completed at 12.", "B runs 2–4 and 8–9: completed at 9.",
                        "C runs 4–6 and 9–11: completed at 11."]),
        ("turnaround", ["A is completed at 12 and arrived at 0: 12.", "B is completed at 9 and arrived at 1: 8.",
                        "C is completed at 11 and arrived at 2: 9."]),
        ("waiting", ["A waits 2–6 and 8–11 = 7.", "B waits 1–2 and 4–8 = 5.", "C waits 2–4 and 6–9 = 5."]),
        ("response", ["A first runs at 0 and arrived at 0: 0.", "B first runs at 2 and arrived at 1: 1.",
                      "C first runs at 4 and arrived at 2: 2."]),
        ("average-waiting", ["(7 + 5 + 5) / 3 = 17/3."]),
        ("average-response", ["(0 + 1 + 2) / 3 = 1."]),
        ("longest-wait", ["A waits longest: 7."]),
        ("first-preemption", ["A runs 0 to 2; 3 of its CPU time is left."]),
        ("completion-order", ["B exits at 9.", "C exits at 11.", "A exits at 12."]),
        ("context-switches", ["At 0 A is dispatched, the first on its core: 0.", "At 2 B is dispatched: 1.",
                              "At 4 C is dispatched: 2.", "At 6 A is dispatched: 3.", "At 8 B is dispatched: 4.",
                              "At 9 C is dispatched: 5.", "At 11 A is dispatched: 6."]),
        ("preemptions", ["At 2 A has burst left and gives up the core: 1.",
                         "At 4 B has burst left and gives up the core: 2.",
                         "At 6 C has burst left and gives up the core: 3.",
                         "At 8 A has burst left and gives up the core: 4.", "Preemptions: 4."]),
        ("idle", ["Idle: 0."]),
        ("makespan", ["The first arrival is at 0.", "The last process exits at 12.", "12 − 0 = 12."]),
        ("utilisation", ["The processes need 12 ticks of CPU.", "12 − 0 = 12.", "12 / (12) = 1."]),
        ("throughput", ["12 − 0 = 12.", "3 processes in 12 ticks: 1/4."]),
    ],
)  # fmt: skip
def test_each_solution_of_a_round_robin(measure: str, lines: list[str]) -> None:
    """Quantum 2: A0-2 B2-4 C4-6 A6-8 B8-9 C9-11 A11-12."""
    trace = ran("rr", 5, [1, 3], [2, 4], quantum=2)
    assert says(measure, trace)[-len(lines) :] == lines


@pytest.mark.rule
def test_solutions_about_a_moment() -> None:
    trace = ran("rr", 5, [1, 3], [2, 4], quantum=2)
    assert says("running-at", trace, t=6) == ["A runs from 6 to 8.", "At 6 runs: A."]
    assert says("running-at", trace, t=5) == ["C runs from 4 to 6.", "At 5 runs: C."]
    assert says("running-at", trace, t=12) == ["At 12 runs: none."]
    assert says("ready-at", trace, t=4) == [
        "At 0 A arrives and is ready.",
        "At 1 B arrives and is ready.",
        "At 2 C arrives and is ready.",
        "At 2 A has used its quantum and is ready.",
        "At 4 B has used its quantum and is ready.",
        "Ready at 4: A B.",
    ]
    share = SIMULATOR.measure("share").steps(trace, **{"name": "A", "from": 1, "to": 7})
    assert [step.says for step in share] == [
        "A runs 2 ticks between 1 and 7.",
        "2 / 6 = 1/3.",
    ]


# ── sentences ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_up_to_two_changes_of_the_queue_are_told_and_of_more_the_last() -> None:
    assert told("scheduler", ran("fcfs", 5, [1, 1], [3, 1]))[0] == (
        "At 0 A runs until 5 and is done; ready: from 1 B, from 3 B C."
    )
    assert told("scheduler", ran("fcfs", 5, [0, 1], [1, 1], [3, 1]))[0] == (
        "At 0 A runs until 5 and is done; ready: B, from 1 B C, from 3 B C D."
    )
    assert told("scheduler", ran("fcfs", 5, [1, 1], [3, 1], [4, 1]))[0] == (
        "At 0 A runs until 5 and is done; ready: by 4 B C D."
    )


@pytest.mark.rule
def test_io_and_who_comes_back_are_told() -> None:
    trace = ran("fcfs", raw_process(0, 2, 4, 1), 7)  # A0-2 B2-9 A9-10
    assert told("scheduler", trace) == [
        "At 0 A runs until 2, then starts I/O; ready: B.",
        "At 2 B runs until 9 and is done; ready: from 6 A.",
        "At 9 A runs until 10 and is done; nobody else is ready.",
    ]
    assert says("ready-at", trace, t=8)[-2:] == ["At 6 A is back from I/O and is ready.", "Ready at 8: A."]
    assert says("waiting", trace) == ["A waits 6–9 = 3.", "B waits 0–2 = 2."]
    assert says("waiting", ran("fcfs", 3)) == ["A never waits: 0."]


@pytest.mark.rule
def test_a_preemption_is_told() -> None:
    trace = ran("srtf", 8, [1, 2])
    assert told("scheduler", trace)[0] == "At 0 A runs until 1, then is preempted; nobody else is ready."
    assert says("ready-at", trace, t=1)[-2:] == ["At 1 A is preempted and is ready.", "Ready at 1: A."]
    assert says("first-preemption", trace) == ["A runs 0 to 1; 7 of its CPU time is left."]
    late = ran("srtf", 2, [0, 9], [4, 3])  # A0-2 B2-4 C4-7 B7-14
    assert says("first-preemption", late) == [
        "A runs 0 to 2; 0 of its CPU time is left.",
        "B runs 2 to 4; 7 of its CPU time is left.",
    ]


@pytest.mark.rule
def test_two_cores_are_told_apart() -> None:
    trace = ran("fcfs", 4, 2, cores=2)
    assert told("scheduler", trace) == [
        "At 0 A runs on core 0 until 4 and is done; nobody else is ready.",
        "At 0 B runs on core 1 until 2 and is done; nobody else is ready.",
        "From 2 to 4 core 1 is idle: no process is ready for it.",
    ]
    assert says("idle", trace) == ["From 2 to 4 core 1 is idle: together 2.", "Idle: 2."]
    assert says("utilisation", trace)[-1] == "6 / (4 × 2) = 3/4."
    assert says("running-at", trace, t=1)[-1] == "At 1 runs: A B."
    assert says("context-switches", trace) == [
        "At 0 A is dispatched, the first on its core: 0.",
        "At 0 B is dispatched, the first on its core: 0.",
    ]


@pytest.mark.rule
def test_gaps_and_switches_are_told() -> None:
    gaps = ran("fcfs", [1, 2], [5, 4], [12, 1])  # A1-3 B5-9 C12-13
    assert says("idle", gaps) == [
        "From 3 to 5 the core is idle: together 2.",
        "From 9 to 12 the core is idle: together 5.",
        "Idle: 5.",
    ]
    assert says("makespan", gaps)[-1] == "13 − 1 = 12."
    costly = ran("rr", 5, 2, quantum=2, switch_cost=1)  # A0-2 B3-5 A6-9
    assert told("scheduler", costly)[1] == "From 2 to 3 the core switches to B; ready: B A."  # B is not there yet
    assert [event.kind for event in costly.events] == ["run", "switch", "run", "switch", "run"]


@pytest.mark.rule
def test_a_long_average_has_its_sum_only() -> None:
    twelve, thirteen = (ran_many(count) for count in (12, 13))
    assert says("average-response", twelve)[-1].startswith("(0 + 1 + 2 + ")
    assert says("average-response", thirteen)[-1] == "78 / 13 = 6."  # 0 + 1 + … + 12


def ran_many(count: int) -> Any:
    """So many processes of one tick, one after the other."""
    processes = [{"name": f"P{n}", "burst": 1} for n in range(count)]
    return run(SIMULATOR.scenario({"policy": "fcfs", "processes": processes}))


# ── mistaken answers ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_what_is_taken_for_the_first_preemption() -> None:
    robin = ran("rr", 2, 3, 4, 4, quantum=3)  # A0-2 B2-5, both exit; C5-8 D8-11 C11-12 D12-13
    assert SIMULATOR.measure("first-preemption").of(robin) == 3
    assert wrong("full-quantum-for-preemption", "first-preemption", robin) == 2
    assert wrong("end-for-preemption", "first-preemption", robin) == 1
    line = ran("fcfs", 3, 2, 4, [7, 1])  # A0-3 B3-5 C5-9; D comes at 7
    assert wrong("arrival-for-preemption", "first-preemption", line) == 3
    assert wrong("arrival-for-preemption", "first-preemption", ran("fcfs", 3, 2, 4, [5, 1])) == 2  # as B ends
    assert wrong("arrival-for-preemption", "first-preemption", ran("fcfs", 3, 2, 4, [1, 1])) == 1
    for id_ in ("arrival-for-preemption", "end-for-preemption"):
        with pytest.raises(NoAnswer):
            wrong(id_, "first-preemption", ran("fcfs", 3))
    with pytest.raises(NoAnswer):
        wrong("full-quantum-for-preemption", "first-preemption", ran("rr", 2, 2, quantum=3))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("draw", "first", "believed"),
    [(0, "A", "B"), (1, "A", "A"), (2, "A", "A"), (3, "B", "A"), (4, "B", "B"), (5, "A", "B"), (6, "A", "A"), (8, "B", "A")],
)  # fmt: skip
def test_tickets_counted_from_nought_and_from_one(draw: int, first: str, believed: str) -> None:
    """A has 3 tickets, B 2: 0 1 2 and 3 4; from one 1 2 3 and 4 5."""
    trace = ran("lottery", {"burst": 1, "tickets": 3}, {"burst": 1, "tickets": 2}, draws=[draw, 0])
    assert SIMULATOR.measure("completion-order").of(trace)[0] == first
    assert wrong("tickets-from-one", "completion-order", trace)[0] == believed


@pytest.mark.rule
@pytest.mark.parametrize(
    ("quantum", "burst", "right", "believed"),
    [(1, 3, (5, 6), (5, 6)), (1, 2, (3, 4), (2, 4)), (2, 3, (5, 6), (3, 6)), (3, 4, (7, 8), (4, 8)), (3, 5, (8, 10), (9, 10))],
)  # fmt: skip
def test_a_quantum_one_tick_too_long(quantum: int, burst: int, right: Any, believed: Any) -> None:
    trace = ran("rr", burst, burst, quantum=quantum)
    assert tuple(SIMULATOR.measure("completion").of(trace).values()) == right
    assert tuple(wrong("quantum-off-by-one", "completion", trace).values()) == believed


@pytest.mark.rule
def test_a_quantum_one_tick_too_long_in_every_queue() -> None:
    rule = SIMULATOR.mistake("quantum-off-by-one").rule
    assert rule is not None
    trace = ran("mlfq", 5, queues=[{"quantum": 1}, {"quantum": 3, "allotment": 7}, {"quantum": 4}])
    assert [(level.quantum, level.allotment) for level in rule(trace.scenario).queues] == [(2, None), (4, 7), (5, None)]
    plain = ran("fcfs", 5).scenario
    assert rule(plain) == plain


@pytest.mark.rule
def test_one_process_too_few_needs_two() -> None:
    two = ran("fcfs", 3, 2)
    assert wrong("wrong-n", "average-waiting", two) == 3
    assert wrong("wrong-n", "average-turnaround", two) == 8
    with pytest.raises(NoAnswer):
        wrong("wrong-n", "average-waiting", ran("fcfs", 3))


@pytest.mark.rule
def test_idle_time_lost_before_somebody_who_waits() -> None:
    """A0-2, idle to 3, B3-6 C6-9; C comes at 3. Without the gap B would end at 5 and C at 8."""
    trace = ran("fcfs", 2, [3, 3], [3, 3])
    with pytest.raises(NoAnswer):  # B would be done two ticks after its arrival
        wrong("idle-lost", "waiting", trace)
    robin = ran("rr", 2, [3, 3], [3, 3], quantum=1)  # A0-2 B3-4 C4-5 B5-6 C6-7 B7-8 C8-9
    assert wrong("idle-lost", "turnaround", robin) == {"A": 2, "B": 4, "C": 5}
    assert wrong("idle-lost", "average-turnaround", robin) == Fraction(11, 3)
    assert wrong("idle-lost", "makespan", robin) == 8


# ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("boost", [5, 4])
def test_boosts_go_on_in_step_after_nobody_was_there(boost: int) -> None:
    """Top quantum 1, below 9. B and C come at 21; the next boost is at 25 or 24, the one after that at 30 or 28."""
    trace = ran("mlfq", 1, [21, 6], [21, 6], queues=[{"quantum": 1}, {"quantum": 9}], boost=boost)
    assert (
        chart(trace)
        == {
            5: "A0-1 B21-22 C22-23 B23-26 C26-27 B27-29 C29-33",  # at 25 both are on top, B with a new quantum
            4: "A0-1 B21-22 C22-23 B23-25 C25-26 B26-29 C29-33",  # at 24; at 28 B has a new quantum, then C
        }[boost]
    )


@pytest.mark.rule
def test_a_virtual_time_is_compared_to_96_of_its_192_binary_places() -> None:
    one = 1 << 96
    for places in (0, 1, 5, 1 << 100):
        assert near(places * one) == places
        assert near(places * one + one // 2 - 1) == places
        assert near(places * one + one // 2) == places + 1
        assert near(places * one + one - 1) == places + 1


@pytest.mark.rule
def test_bursts_are_cpu_and_io_in_turn() -> None:
    process = Process(name="A", bursts=(3, 2, 4, 5, 1))
    assert (process.cpu, process.io) == (8, 7)
    assert (Process(name="A", burst=4).cpu, Process(name="A", burst=4).io) == (4, 0)


@pytest.mark.rule
def test_a_lottery_needs_a_number_for_every_quantum() -> None:
    """Bursts of 5 and 3 at quantum 2 take 3 and 2 dispatches, a burst of 4 takes 2."""

    def drawn(count: int) -> Any:
        return ran("lottery", raw_process(0, 5, 1, 3), 4, quantum=2, draws=[0] * count)

    assert SIMULATOR.measure("makespan").of(drawn(7)) == 12
    with pytest.raises(Invalid, match="must hold 7 numbers"):
        drawn(6)


@pytest.mark.rule
def test_a_chart_goes_on_by_the_order_of_the_queue() -> None:
    """Quantum 4. B comes at 3, before A's quantum ends; C comes as it ends, behind A by this tie."""
    trace = ran("rr", 6, [3, 2], [4, 1], quantum=4, tie="preempted-first")
    follows = SIMULATOR.measure("gantt").follows
    rows = (("A", 0, 4, 0), ("B", 4, 6, 0), ("A", 6, 8, 0), ("C", 8, 9, 0))
    for count, row in enumerate(rows):
        assert follows(trace, rows[:count]) == row
    assert follows(trace, rows) is None


@pytest.mark.rule
def test_a_chart_with_io_or_switches_or_cores_does_not_say_what_comes_next() -> None:
    follows = SIMULATOR.measure("gantt").follows
    for trace in (
        ran("fcfs", raw_process(0, 2, 4, 1), 7),
        ran("fcfs", 2, 7, switch_cost=1),
        ran("fcfs", 2, 7, cores=2),
    ):
        with pytest.raises(NoAnswer):
            follows(trace, ())


@pytest.mark.rule
def test_of_two_displaced_at_once_the_later_stands_at_the_head() -> None:
    """Z and Y have used up the top level. C and D take core 1 from Y, then core 0 from Z: each goes to the head."""
    rows = [("Z", 0, 5), ("Y", 0, 5), ("C", 3, 1), ("D", 3, 1)]
    processes = [{"name": name, "arrival": arrival, "burst": burst} for name, arrival, burst in rows]
    raw = {"policy": "mlfq", "cores": 2, "queues": [{"quantum": 1}, {"quantum": 9}], "processes": processes}
    trace = run(SIMULATOR.scenario(raw))
    assert SIMULATOR.measure("ready-at").of(trace, t=3) == ("Z", "Y")
    assert SIMULATOR.measure("completion-order").of(trace) == ("C", "D", "Z", "Y")
