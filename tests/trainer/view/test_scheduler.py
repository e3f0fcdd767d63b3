"""Is a schedule legible: whole, never too wide, in ASCII too?"""

import pytest
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from sims.scheduler import SIMULATOR
from sims.scheduler.engine import run
from sims.scheduler.scenario import Scenario
from sims.scheduler.trace import Trace
from tests.sims.scheduler_cases import scenarios
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import drawn
from trainer.view.scheduler import draw, given

FRAMES = st.builds(Frame, width=st.sampled_from([30, 40, 50, 80, 120]), ascii=st.booleans(), plain=st.booleans())


def first_question() -> Trace:
    """Round robin, quantum 2: P3 comes at the moment P1's quantum ends."""
    processes = [
        {"name": "P1", "burst": 5},
        {"name": "P2", "arrival": 1, "burst": 3},
        {"name": "P3", "arrival": 2, "burst": 4},
    ]
    return run(SIMULATOR.scenario({"policy": "rr", "quantum": 2, "processes": processes}))


def two_cores() -> Trace:
    """FCFS on two cores, a switch costs 1: P3 follows P2 on core 1."""
    processes = [
        {"name": "P1", "burst": 6},
        {"name": "P2", "burst": 2},
        {"name": "P3", "arrival": 1, "burst": 2},
    ]
    return run(SIMULATOR.scenario({"policy": "fcfs", "cores": 2, "switch_cost": 1, "processes": processes}))


def lines(drawing: object) -> str:
    return "\n".join(text.rstrip() for text in text_of(drawing).split("\n"))  # type: ignore[arg-type] — a drawing


@pytest.mark.rule
def test_the_chart_shows_who_runs_and_the_queue_under_each_step() -> None:
    # By hand: each column shows the queue just before its end, P2 from 1 on in the first.
    assert (
        lines(draw(first_question(), Frame(80)))
        == "        0    2     4     6     8     9    11 12\n  core  │ P1 │  P2 │  P3 │  P1 │  P2 │ P3 │P1│\n  ready │ P2 │P3 P1│P1 P2│P2 P3│P3 P1│ P1 │  │\n\n  process  arrival  CPU  completion  turnaround  waiting  response\n  P1             0    5          12          12        7         0\n  P2             1    3           9           8        5         1\n  P3             2    4          11           9        5         2"
    )


@pytest.mark.rule
def test_forty_columns_stack_the_queue() -> None:
    assert (
        lines(draw(first_question(), Frame(40, ascii=True)))
        == "        0  2  4  6  8  9  11 12\n  core  |P1|P2|P3|P1|P2|P3|P1|\n  ready |P2|P3|P1|P2|P3|P1|  |\n        |  |P1|P2|P3|P1|  |  |\n\n  name  arr  end  turn  wait  resp\n  P1      0   12    12     7     0\n  P2      1    9     8     5     1\n  P3      2   11     9     5     2"
    )


@pytest.mark.rule
def test_each_core_has_a_lane_and_a_switch_its_own_mark() -> None:
    assert (
        lines(draw(two_cores(), Frame(80))).split("\n\n")[0]
        == "        0    2  3    5  6\n  core 0│       P1      │\n  core 1│ P2 │░░│ P3 │· │\n  ready │ P3 │P3│    │  │\n  ░ switching to the next process"
    )


@pytest.mark.rule
def test_the_table_fills_as_it_goes() -> None:
    partial = lines(draw(first_question(), Frame(80), 5))
    assert "P2             1    3           9           8        5         1" in partial
    assert "P3             2    4                                          2" in partial
    assert "At 8 P2 runs until 9 and is done; ready: P3 P1." in partial


@pytest.mark.rule
def test_before_the_first_step_there_is_only_the_table() -> None:
    assert lines(draw(first_question(), Frame(80), 0)).startswith("  process  arrival")


@pytest.mark.rule
def test_hidden_fields_do_not_show() -> None:
    scenario = first_question().scenario
    assert "quantum" not in text_of(given(scenario, Frame(80), frozenset({"quantum"})))
    shown = text_of(given(scenario, Frame(80), frozenset({"policy", "processes.1.burst"})))
    assert "Round" not in shown
    assert "P2             1      ?" in shown


@pytest.mark.rule
def test_only_the_claims_that_the_policy_uses_are_shown() -> None:
    raw = {"processes": [{"burst": 2, "priority": 7, "tickets": 3, "nice": 5}]}
    fair = text_of(given(SIMULATOR.scenario({"policy": "fair", **raw}), Frame(80), frozenset()))
    assert "nice" in fair
    assert "tickets" not in fair
    urgent = text_of(given(SIMULATOR.scenario({"policy": "priority", **raw}), Frame(80), frozenset()))
    assert "a low number is urgent" in urgent


@pytest.mark.law
@drawn_from(scenarios(most=6), FRAMES, st.integers(0, 40))
def test_a_drawing_is_never_wider_than_its_frame(scenario: Scenario, frame: Frame, upto: int) -> None:
    trace = run(scenario)
    for shown in (None, min(upto, len(trace.events))):
        assert width_of(draw(trace, frame, shown)) <= frame.width
        assert width_of(drawn("scheduler", trace, frame, shown)) <= frame.width
    assert width_of(given(scenario, frame, frozenset())) <= frame.width


@pytest.mark.law
@drawn_from(scenarios(), st.integers(0, 40))
def test_ascii_drawings_are_ascii(scenario: Scenario, upto: int) -> None:
    trace, frame = run(scenario), Frame(60, ascii=True)
    for text in (
        text_of(draw(trace, frame)),
        text_of(draw(trace, frame, upto)),
        text_of(given(scenario, frame, frozenset())),
    ):
        assert max(text, default=" ") <= "~"


@pytest.mark.law
@drawn_from(scenarios(most=3))
def test_every_slice_is_in_the_chart_and_every_step_can_be_drawn(scenario: Scenario) -> None:
    trace = run(scenario)
    for upto in range(len(trace.events) + 1):
        assert draw(trace, Frame(80), upto)
    chart = text_of(draw(trace, Frame(2_000)))
    runs = sum(event.kind == "run" for event in trace.events)
    rows = [row for row in chart.split("\n") if row.startswith("  core")]
    assert sum(row.count("P") for row in rows) == runs


@pytest.mark.rule
def test_a_very_long_schedule_says_what_it_leaves_out() -> None:
    processes = [{"burst": 300}, {"burst": 300}]
    trace = run(SIMULATOR.scenario({"policy": "rr", "quantum": 1, "processes": processes}))
    assert "… and 360 more columns" in text_of(draw(trace, Frame(80)))


@pytest.mark.rule
def test_many_processes_do_not_break_the_table() -> None:
    trace = run(SIMULATOR.scenario({"policy": "rr", "quantum": 2, "processes": [{"burst": 1}] * 60}))
    shown = text_of(draw(trace, Frame(80)))
    assert "… and 20 more processes" in shown
    assert "+53" in shown


@pytest.mark.parametrize("policy", ["fcfs", "rr", "mlfq", "priority"])
def test_where_the_policy_is_hidden_its_parameters_do_not_give_it_away(policy: str) -> None:
    """The same words for each policy: else `which policy?` is answered by what stands above the table."""
    told = [
        text_of(given(SIMULATOR.scenario({**each, "processes": [{"burst": 3}]}), Frame(80), frozenset({"policy"})))
        for each in ({"policy": policy, "quantum": 2}, {"policy": "sjf", "quantum": 2})
    ]
    assert told[0] == told[1]
