"""Does a wait report the socket exactly when the real epoll does?"""

import json
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, NoAnswer, make, plain
from sims.readiness import MODES, SIMULATOR, Happening, Scenario, Trace, run, tell
from sims.readiness import measures as m

RUNNER = Path(__file__).parent / "kernel" / "epoll_process.py"
WORKED = sorted((Path(__file__).parents[2] / "data" / "readiness").glob("*.json"))


def watch(mode: str, *events: object) -> Trace:
    return run(SIMULATOR.scenario({"mode": mode, "events": list(events)}))


def waits(mode: str, *events: object) -> list[int]:
    return list(m.waits(watch(mode, *events)).values())


def some(measure: object, trace: Trace) -> dict[str, int]:
    """The measure's map; empty where it has no answer."""
    try:
        return measure(trace)
    except NoAnswer:
        return {}


@st.composite
def scenarios(draw: st.DrawFn, modes: tuple[str, ...] = MODES, least: int = 1) -> Scenario:
    """One socket: `edge: arrive 9, wait, read 4, wait, arrive 1, rearm, drain, wait`."""
    events = st.sampled_from(("wait", "wait", "wait", "arrive 9", "arrive 30", "read 1", "read 9", "rearm", "drain"))
    lines = draw(st.lists(events, min_size=least, max_size=25))
    return make(Scenario, {"mode": draw(st.sampled_from(modes)), "events": lines})


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("man-7-epoll, tlpi 63.4.6")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_documented_reports(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == expected, name


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_level_reports_while_anything_is_unread() -> None:
    assert waits("level", "wait", "arrive 5", "wait", "wait", "read 4", "wait", "read 9", "wait") == [0, 1, 1, 1, 0]


@pytest.mark.rule
def test_edge_reports_once_whatever_is_left_unread() -> None:
    assert waits("edge", "arrive 5", "wait", "wait", "read 2", "wait") == [1, 0, 0]


@pytest.mark.rule
def test_arrivals_before_a_wait_are_one_event() -> None:
    assert waits("edge", "arrive 5", "arrive 5", "wait", "wait") == [1, 0]


@pytest.mark.rule
def test_new_data_is_an_edge_even_if_old_data_is_unread() -> None:
    assert waits("edge", "arrive 5", "wait", "read 1", "arrive 1", "wait", "arrive 1", "wait") == [1, 1, 1]


@pytest.mark.rule
def test_data_read_before_the_wait_is_not_reported() -> None:
    assert [waits(mode, "arrive 5", "drain", "wait") for mode in MODES] == [[0], [0], [0]]


@pytest.mark.rule
def test_a_report_of_nothing_does_not_use_up_the_one_shot() -> None:
    assert waits("oneshot", "arrive 5", "drain", "wait", "arrive 1", "wait", "wait") == [0, 1, 0]


@pytest.mark.rule
def test_a_one_shot_socket_is_silent_for_new_data_until_it_is_rearmed() -> None:
    assert waits("oneshot", "arrive 5", "wait", "arrive 5", "wait", "rearm", "wait", "wait") == [1, 0, 1, 0]


@pytest.mark.rule
def test_rearming_reports_what_is_unread_again_in_edge_mode_too() -> None:
    assert waits("edge", "arrive 5", "wait", "wait", "rearm", "wait", "wait") == [1, 0, 1, 0]


@pytest.mark.rule
def test_rearming_an_empty_socket_reports_nothing() -> None:
    assert [waits(mode, "arrive 5", "wait", "drain", "rearm", "wait") for mode in MODES] == [[1, 0]] * 3


@pytest.mark.rule
def test_a_read_takes_what_is_there_and_a_drain_everything() -> None:
    trace = watch("level", "drain", "arrive 9", "read 4", "read 4", "read 4", "read 4", "arrive 3", "drain")
    assert m.reads(trace) == {"1": "would-block", "3": 4, "4": 4, "5": 1, "6": "would-block", "8": 3}


@pytest.mark.rule
def test_stalled_is_what_no_wait_will_report_if_nothing_more_arrives() -> None:
    story = ("arrive 10", "wait", "read 4")
    assert [m.stalled(watch(mode, *story)) for mode in MODES] == [0, 6, 6]
    assert m.stalled(watch("edge", *story, "arrive 1")) == 0
    assert m.stalled(watch("oneshot", *story, "arrive 1")) == 7
    assert m.stalled(watch("oneshot", *story, "rearm")) == 0


@pytest.mark.rule
def test_each_read_leaves_stalled_what_no_wait_after_it_would_report() -> None:
    story = ("arrive 10", "wait", "read 4", "arrive 1", "read 1", "wait", "read 2", "drain")
    assert m.stalled_after_reads(watch("edge", *story)) == {"3": 6, "5": 0, "7": 4, "8": 0}
    assert m.stalled_after_reads(watch("oneshot", *story)) == {"3": 6, "5": 6, "7": 4, "8": 0}
    assert set(m.stalled_after_reads(watch("level", *story)).values()) == {0}
    assert under(watch("edge", *story), "unread-is-stalled", "stalled-after-reads") == {"3": 6, "5": 6, "7": 4, "8": 0}


@pytest.mark.rule
@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("arive 3", "events.0: expected `arrive N`"),
        ("arrive", "events.0: expected `arrive N`"),
        ("wait 3", "events.0: expected `arrive N`"),
        ("arrive 0", "events.0.bytes: must be 1 to 65536, got 0"),
        ({"op": "arrive"}, "events.0.bytes: is missing for arrive"),
        ({"op": "wait", "bytes": 3}, "events.0.bytes: is no argument of wait"),
        ("", "events.0: expected `arrive N`"),
    ],
)
def test_a_bad_event_is_refused_and_named(event: object, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"mode": "level", "events": [event]})
    assert message in str(refused.value)


@pytest.mark.rule
def test_without_waits_or_reads_there_is_nothing_to_ask() -> None:
    for measure in (m.waits, m.reads, m.stalled_after_reads):
        with pytest.raises(NoAnswer):
            measure(watch("level", "arrive 3"))


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"mode": "edgy", "events": []})
    assert [fault.where for fault in refused.value.faults] == ["mode", "events"]


def under(trace: Trace, mistake: str, measure: str = "waits") -> object:
    known = SIMULATOR.mistake(mistake)
    assert known.applies_to(measure)
    if known.rule is None:
        return known.measures[measure](trace)
    return SIMULATOR.measure(measure).of(run(known.rule(trace.scenario)))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("mistake", "mode", "events", "right", "wrong"),
    [
        ("edge-tells-until-drained", "edge", "arrive 5,wait,read 1,wait", [1, 0], [1, 1]),
        ("level-tells-once", "level", "arrive 5,wait,read 1,wait", [1, 1], [1, 0]),
        ("oneshot-rearms-itself", "oneshot", "arrive 5,wait,wait", [1, 0], [1, 1]),
        ("oneshot-wakes-for-new-data", "oneshot", "arrive 5,wait,arrive 1,wait", [1, 0], [1, 1]),
        ("edge-needs-empty-first", "edge", "arrive 5,wait,arrive 1,wait", [1, 1], [1, 0]),
        ("rearm-forgets-pending", "edge", "arrive 5,wait,rearm,wait", [1, 1], [1, 0]),
        ("rearm-forgets-pending", "oneshot", "arrive 5,wait,rearm,wait,arrive 1,wait", [1, 1, 0], [1, 0, 1]),
        ("one-report-an-arrival", "edge", "arrive 5,arrive 5,wait,wait", [1, 0], [1, 1]),
        ("edge-remembers-what-was-read", "edge", "arrive 5,drain,wait", [0], [1]),
    ],
)
def test_each_mistake_changes_the_reports(
    mistake: str, mode: str, events: str, right: list[int], wrong: list[int]
) -> None:
    trace = watch(mode, *events.split(","))
    assert list(m.waits(trace).values()) == right
    found = under(trace, mistake)
    assert isinstance(found, dict)
    assert list(found.values()) == wrong


@pytest.mark.rule
def test_whoever_queues_edges_waits_once_for_each_arrival() -> None:
    story = watch("edge", *["arrive 5"] * 4, *["wait"] * 5).scenario
    assert list(m.waits(run(replace(story, misrule="queued"))).values()) == [1, 1, 1, 1, 0]


@pytest.mark.rule
def test_a_worked_wait_says_why_it_returns_what_it_does() -> None:
    def reasons(mode: str) -> list[str]:
        trace = watch(mode, "wait", "arrive 5", "wait", "wait")
        return [m.why(trace, event) for event in trace.events if event.happening.op == "wait"]

    steps = SIMULATOR.measure("waits").steps(watch("level", "wait"))
    assert steps[0].says == "1. A wait returns 0: nothing to report; nothing is unread."
    assert reasons("level") == ["nothing is unread", "5 bytes are unread", "5 bytes are unread"]
    assert reasons("edge") == [
        "nothing is unread",
        "5 bytes are unread and not yet told of",
        "5 bytes are unread, but they have been told of",
    ]


@pytest.mark.rule
def test_a_short_read_of_the_recipe_leaves_something_unread() -> None:
    declared = SIMULATOR.recipe("story")
    story = declared.parameters(mode="edge", count=6)
    scenario = declared.make(story, lambda path, low, high: 5 if path.endswith("kind") else high)
    left = [event.unread for event in run(scenario).events if event.happening.op == "read"]
    assert left == [1, 1, 1]


@pytest.mark.rule
def test_a_mistake_about_another_mode_leaves_the_scenario_as_it_is() -> None:
    for mistake in SIMULATOR.mistakes:
        if mistake.rule is not None:
            changed = [
                mode for mode in MODES if mistake.rule(watch(mode, "wait").scenario) != watch(mode, "wait").scenario
            ]
            assert changed, mistake.id
            assert len(changed) < len(MODES), mistake.id


@pytest.mark.rule
def test_the_mistakes_about_stalled_bytes_give_these_numbers() -> None:
    trace = watch("edge", "arrive 10", "wait", "read 4", "wait", "arrive 1")
    assert m.stalled(trace) == 0
    assert under(trace, "unread-is-stalled", "stalled") == 7
    assert under(trace, "stalled-at-last-silence", "stalled") == 6
    assert under(watch("edge", "arrive 10", "wait", "read 4"), "edge-tells-until-drained", "stalled") == 0
    with pytest.raises(NoAnswer):
        under(watch("edge", "arrive 10", "wait"), "stalled-at-last-silence", "stalled")


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_bytes_are_kept(scenario: Scenario) -> None:
    trace = run(scenario)
    came = sum(event.happening.bytes or 0 for event in trace.events if event.happening.op == "arrive")
    read = sum(value for value in some(m.reads, trace).values() if isinstance(value, int))
    assert came == read + trace.events[-1].unread


@pytest.mark.law
@given(scenarios())
def test_no_mode_reports_an_empty_socket_and_none_more_than_level(scenario: Scenario) -> None:
    level = some(m.waits, run(replace(scenario, mode="level")))
    for number, told in some(m.waits, run(scenario)).items():
        assert told <= level[number]


@pytest.mark.law
@given(scenarios(modes=("edge",)))
def test_edge_reports_at_most_once_for_each_arrival_and_rearming(scenario: Scenario) -> None:
    trace = run(scenario)
    causes = sum(event.happening.op in ("arrive", "rearm") for event in trace.events)
    assert sum(some(m.waits, trace).values()) <= causes


@pytest.mark.law
@given(scenarios(modes=("oneshot",)))
def test_one_shot_reports_at_most_once_more_than_it_is_rearmed(scenario: Scenario) -> None:
    trace = run(scenario)
    rearmed = sum(event.happening.op == "rearm" for event in trace.events)
    assert sum(some(m.waits, trace).values()) <= rearmed + 1


@pytest.mark.law
@given(scenarios())
def test_nothing_ever_stalls_in_level_mode_or_after_rearming(scenario: Scenario) -> None:
    assert m.stalled(run(replace(scenario, mode="level"))) == 0
    assert m.stalled(run(replace(scenario, events=(*scenario.events, Happening(op="rearm"))))) == 0


@pytest.mark.law
@given(scenarios(modes=("edge",)))
def test_an_application_that_drains_after_each_report_never_stalls_in_edge_mode(scenario: Scenario) -> None:
    events = tuple(
        e for event in scenario.events for e in ((event, Happening(op="drain")) if event.op == "wait" else (event,))
    )
    assert m.stalled(run(replace(scenario, events=(*events, Happening(op="wait"), Happening(op="drain"))))) == 0


@pytest.mark.law
@given(scenarios())
def test_stalled_is_what_a_wait_at_the_end_does_not_report(scenario: Scenario) -> None:
    trace = run(scenario)
    more = run(replace(scenario, events=(*scenario.events, Happening(op="wait"))))
    assert m.stalled(trace) == (0 if more.events[-1].result else trace.events[-1].unread)


@pytest.mark.law
@given(scenarios())
def test_the_worked_solutions_end_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    for name in ("waits", "reads", "stalled-after-reads"):
        measure = SIMULATOR.measure(name)
        keyed = {step.key: step.value for step in measure.steps(trace) if step.key is not None}
        assert keyed == some(measure.of, trace)
    assert SIMULATOR.measure("stalled").steps(trace)[-1].value == m.stalled(trace)
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))
    assert SIMULATOR.scenario(json.loads(json.dumps(plain(scenario)))) == scenario


@pytest.mark.law
@given(st.data(), st.sampled_from(MODES))
def test_the_recipe_makes_valid_stories_from_any_draws(data: st.DataObject, mode: str) -> None:
    declared = SIMULATOR.recipe("story")
    story = declared.parameters(mode=mode, count=data.draw(st.integers(3, 12)))
    scenario = declared.make(story, lambda path, low, high: data.draw(st.integers(low, high), label=path))
    assert run(scenario).events[-1].happening.op == "wait"


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────

LINUX = pytest.mark.skipif(not hasattr(select, "epoll"), reason=f"no epoll on {sys.platform}")


def by_kernel(*scenarios: Scenario) -> list[list[int | str | None]]:
    """What the real epoll and the real reads return for these events, over a socketpair in a process of its own."""
    told = [[one.mode, [[event.op, event.bytes] for event in one.events]] for one in scenarios]
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(RUNNER)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[list[int | str | None]] = json.loads(done.stdout)
    return found


def ours(scenario: Scenario) -> list[int | str | None]:
    return [event.result for event in run(scenario).events]


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel: epoll over a socketpair")
@given(scenarios(least=10))
def test_the_real_epoll_reports_the_same(scenario: Scenario) -> None:
    told = [replace(scenario, mode=mode) for mode in MODES]
    assert [ours(one) for one in told] == by_kernel(*told)


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel: epoll over a socketpair")
@pytest.mark.parametrize("example", SIMULATOR.examples, ids=lambda example: example.name)
def test_the_real_epoll_agrees_on_the_examples(example: object) -> None:
    scenario = SIMULATOR.scenario(example.scenario)
    assert [ours(scenario)] == by_kernel(scenario)
