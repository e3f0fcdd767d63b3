"""Does a run that is short of memory behave as the textbook says, and as a plainer machine does?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.declare import Invalid, NoAnswer
from sims.fields import make, plain
from sims.thrashing import SIMULATOR, Event, Model, Scenario, Trace, run, tell
from sims.thrashing.memory import working_set
from sims.thrashing.run import at_degree

WORKED = sorted((Path(__file__).parents[2] / "data" / "thrashing").glob("*.json"))
LOOP = {"phases": [{"pages": 3, "references": 60}]}


def thrashing(*strings: Any, **more: Any) -> Trace:
    """Processes P0, P1, … with these references; 4 frames and faults of 5 ticks unless said otherwise."""
    return run(make(Scenario, {"frames": 4, "fault_time": 5, "processes": list(strings), **more}))


def asked(trace: Trace, measure: str, **arguments: Any) -> Any:
    return SIMULATOR.measure(measure).of(trace, **arguments)


def mistaken(id_: str, trace: Trace, measure: str, **arguments: Any) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace, **arguments)
    return asked(run(mistake.rule(trace.scenario)), measure, **arguments)


def kinds(trace: Trace, *wanted: str) -> list[tuple[str, int, str, int | None]]:
    return [(event.kind, event.start, event.process, event.page) for event in trace.events if event.kind in wanted]


@st.composite
def scenarios(draw: st.DrawFn, replacements: Sequence[str] = ("global-lru", "local-lru", "working-set")) -> Scenario:
    """Small mixes: `local-lru, 5 frames, window 3, faults of 2, P0: 0 1 1 0, P1: 2 0 2`."""
    string = st.lists(st.integers(0, 4), min_size=1, max_size=12)
    strings = draw(st.lists(string, min_size=1, max_size=4))
    return make(
        Scenario,
        {
            "processes": strings,
            "frames": draw(st.integers(len(strings), 12)),
            "replacement": draw(st.sampled_from(list(replacements))),
            "window": draw(st.integers(1, 6)),
            "fault_time": draw(st.integers(1, 6)),
        },
    )


def strings_of(scenario: Scenario) -> list[tuple[int, ...]]:
    return [process.string for process in scenario.processes]


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 10.6.2, figure 10.22; tanenbaum-4 2.1.7, figure 2-6")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_sets_and_shares(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example.get("measures", {}).items():
        assert plain(asked(trace, name)) == expected, name
    for ask in example.get("ask", ()):
        assert sorted(asked(trace, "working-set", process=ask["process"], t=ask["t"])) == ask["working-set"]


@pytest.mark.textbook("silberschatz-10 10.6.1, figure 10.20")
def test_utilisation_rises_to_a_knee_and_then_falls_steeply() -> None:
    """The figure's shape, on loops of three pages in nine frames: three fit, four do not."""
    by_degree = list(asked(thrashing(*[LOOP] * 6, frames=9, fault_time=6), "cpu-utilisation").values())
    assert by_degree[0] < by_degree[1] < by_degree[2]
    assert all(share < by_degree[2] / 4 for share in by_degree[3:])


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_window_counts_references_and_holds_reference_t() -> None:
    trace = thrashing([1, 2, 1, 1, 3], window=3)
    sets = [sorted(asked(trace, "working-set", process="P0", t=t)) for t in (1, 2, 3, 4, 5)]
    assert sets == [[1], [1, 2], [1, 2], [1, 2], [1, 3]]
    assert sorted(mistaken("window-of-pages", trace, "working-set", process="P0", t=5)) == [1, 2, 3]
    assert sorted(mistaken("window-before-t", trace, "working-set", process="P0", t=5)) == [1, 2]
    assert sorted(mistaken("window-one-short", trace, "working-set", process="P0", t=4)) == [1]
    assert sorted(mistaken("all-pages-so-far", trace, "working-set", process="P0", t=2)) == [1, 2]
    assert sorted(mistaken("whole-address-space", trace, "working-set", process="P0", t=1)) == [1, 2, 3]
    for t in (0, 6):
        with pytest.raises(NoAnswer):
            asked(trace, "working-set", process="P0", t=t)


@pytest.mark.rule
def test_a_fault_takes_no_core_time_and_the_core_runs_the_others_meanwhile() -> None:
    trace = thrashing([0], [1, 1])
    assert kinds(trace, "fault", "load", "use") == [
        ("fault", 0, "P0", 0),
        ("load", 0, "P0", 0),
        ("fault", 0, "P1", 1),
        ("load", 5, "P1", 1),
        ("use", 5, "P0", 0),
        ("use", 10, "P1", 1),
        ("use", 11, "P1", 1),
    ]
    assert asked(trace, "cpu-utilisation")["2"] == Fraction(3, 12)
    assert mistaken("fault-holds-core", trace, "cpu-utilisation")["2"] == Fraction(3, 3 + 2 * 5)


@pytest.mark.rule
def test_the_core_takes_the_ready_in_turn_one_reference_each() -> None:
    trace = thrashing([0, 0, 0], [1, 1, 1], fault_time=1)
    assert [event.process for event in trace.events if event.kind == "use"] == ["P0", "P1"] * 3


@pytest.mark.rule
def test_a_page_that_comes_is_queued_before_a_reference_that_ends_at_the_same_instant() -> None:
    """P1's page comes at 10. P0 has used its page from 5 on, and ends a reference at 10: P1 goes first."""
    trace = thrashing([0] * 7, [1])
    at_ten = [event.process for event in trace.events if event.kind == "use" and event.start in (10, 11)]
    assert at_ten == ["P1", "P0"]


@pytest.mark.rule
def test_global_lru_takes_a_page_of_any_process_local_lru_only_its_own() -> None:
    strings = ([0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3])
    both = {"frames": 3, "fault_time": 2}
    assert all(len(event.left) == 0 or event.left[0][0] == "P1" for event in thrashing(*strings, **both).events)
    local = thrashing(*strings, **both, replacement="local-lru")
    assert [event.left for event in local.events if event.left] == [(("P1", 1),), (("P1", 2),)]


@pytest.mark.rule
def test_local_lru_gives_one_frame_more_to_the_first_listed() -> None:
    """Eight frames for three: 3 3 2. A loop of three fits into the first two shares, not into the last."""
    trace = thrashing(*[{"phases": [{"pages": 3, "references": 9}]}] * 3, frames=8, replacement="local-lru")
    faults = [
        sum(event.kind == "fault" and event.process == name for event in trace.events) for name in ("P0", "P1", "P2")
    ]
    assert faults == [3, 3, 9]


@pytest.mark.rule
def test_under_working_set_a_page_leaves_with_the_window() -> None:
    trace = thrashing([0, 1, 1, 0], window=2, replacement="working-set")
    assert [event.left for event in trace.events if event.kind == "release"] == [(("P0", 0),)]
    assert [event.page for event in trace.events if event.kind == "fault"] == [0, 1, 0]


@pytest.mark.rule
def test_the_last_admitted_is_suspended_first_and_resumed_when_its_set_fits() -> None:
    loop = {"phases": [{"pages": 2, "references": 8}]}
    trace = thrashing(*[loop] * 3, frames=4, window=4, replacement="working-set")
    assert asked(trace, "suspended") == {"P2"}
    order = [(event.kind, event.process) for event in trace.events if event.kind in ("suspend", "resume", "exit")]
    assert order == [("suspend", "P2"), ("exit", "P0"), ("resume", "P2"), ("exit", "P1"), ("exit", "P2")]


@pytest.mark.rule
def test_the_suspended_are_resumed_in_the_order_of_admission() -> None:
    loop = {"phases": [{"pages": 2, "references": 8}]}
    trace = thrashing(*[loop] * 4, frames=4, window=4, replacement="working-set")
    order = [(event.kind, event.process) for event in trace.events if event.kind in ("suspend", "resume")]
    assert order == [("suspend", "P3"), ("suspend", "P2"), ("resume", "P2"), ("resume", "P3")]


@pytest.mark.rule
def test_a_process_that_is_alone_and_does_not_fit_replaces_its_own_pages() -> None:
    trace = thrashing([0, 1, 2, 0], frames=2, window=4, replacement="working-set")
    assert [event.left for event in trace.events if event.left] == [(("P0", 0),), (("P0", 1),)]
    assert asked(trace, "suspended") == frozenset()


@pytest.mark.rule
def test_swap_traffic_counts_pages_in_and_pages_out_but_not_those_of_a_process_that_ends() -> None:
    trace = thrashing([0, 1, 2], frames=2)
    assert asked(trace, "swap-traffic") == 3 + 1
    assert mistaken("pages-in-only", trace, "swap-traffic") == 3
    assert mistaken("every-load-evicts", trace, "swap-traffic") == 6


@pytest.mark.rule
def test_the_knee_is_the_smallest_degree_with_the_highest_utilisation() -> None:
    trace = thrashing(*[LOOP] * 5, frames=9, fault_time=6)
    assert asked(trace, "knee") == 3
    assert mistaken("utilisation-always-grows", trace, "knee") == 5
    grown = mistaken("utilisation-always-grows", trace, "cpu-utilisation")
    assert grown["5"] == grown["3"] == asked(trace, "cpu-utilisation")["3"]


@pytest.mark.rule
def test_a_faster_core_hardly_helps_who_thrashes() -> None:
    """One process that faults at each of 60 references: 60 × (1 + 6) ticks against 60 × (½ + 6)."""
    trace = thrashing(LOOP, frames=2, fault_time=6)
    assert asked(trace, "core-speedup") == Fraction(14, 13)
    assert mistaken("faster-core-cures", trace, "core-speedup") == 2


@pytest.mark.rule
def test_the_model_raises_waiting_to_the_number_of_processes() -> None:
    trace = run(make(Model, {"waiting": "0.5", "processes": 3}))
    assert asked(trace, "ideal-utilisation") == Fraction(7, 8)
    assert mistaken("utilisations-added", trace, "ideal-utilisation") == 1
    assert mistaken("idle-for-busy", trace, "ideal-utilisation") == Fraction(1, 8)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    for raw, where in (
        ({"frames": 0, "processes": [[0]]}, "frames"),
        ({"frames": 1, "processes": [[0], [1]], "replacement": "local-lru"}, "frames"),
        ({"frames": 2, "processes": [[0]], "degree": [1, 2]}, "degree"),
        ({"frames": 2, "processes": [{"name": "A"}]}, "processes.0.references"),
        ({"frames": 2, "processes": [[-1]]}, "processes.0.references.0"),
        ({"frames": 2, "processes": [[0]], "window": 0}, "window"),
        ({"waiting": 2, "processes": 1}, "waiting"),
    ):
        with pytest.raises(Invalid) as caught:
            SIMULATOR.scenario(raw)
        assert [fault.where for fault in caught.value.faults] == [where]


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(st.lists(st.integers(0, 6), min_size=1, max_size=30), st.data())
def test_a_working_set_has_at_most_as_many_pages_as_the_window_and_never_shrinks_with_it(
    string: list[int], data: st.DataObject
) -> None:
    t, window = data.draw(st.integers(1, len(string))), data.draw(st.integers(1, 12))
    held = working_set(tuple(string), t, window)
    assert len(held) <= window
    assert held <= working_set(tuple(string), t, window + 1)
    assert string[t - 1] in held


@pytest.mark.law
@given(scenarios(("working-set",)))
def test_under_working_set_a_reference_faults_iff_its_page_is_not_in_the_set_before_it(scenario: Scenario) -> None:
    roomy = replace(scenario, frames=sum(min(scenario.window, 5) for _ in scenario.processes))
    trace = run(roomy)
    for name, string in zip((process.name for process in scenario.processes), strings_of(scenario), strict=True):
        expected = [page for t, page in enumerate(string, 1) if page not in working_set(string, t - 1, scenario.window)]
        assert [event.page for event in trace.events if event.kind == "fault" and event.process == name] == expected
    assert asked(trace, "suspended") == frozenset()


@pytest.mark.law
@given(scenarios(("global-lru", "local-lru")))
def test_with_a_frame_for_every_page_only_first_uses_fault(scenario: Scenario) -> None:
    strings = strings_of(scenario)
    trace = run(replace(scenario, frames=5 * len(strings)))
    assert sum(event.kind == "fault" for event in trace.events) == sum(len(set(string)) for string in strings)
    assert not any(event.left for event in trace.events)


@pytest.mark.law
@given(scenarios(("global-lru",)))
def test_with_one_process_global_and_local_are_the_same(scenario: Scenario) -> None:
    alone = replace(scenario, processes=scenario.processes[:1])
    assert run(alone).events == run(replace(alone, replacement="local-lru")).events


@pytest.mark.law
@given(scenarios())
def test_every_reference_is_made_once_in_order_and_utilisation_is_at_most_1(scenario: Scenario) -> None:
    trace = run(scenario)
    for process in scenario.processes:
        made = [event.page for event in trace.events if event.kind == "use" and event.process == process.name]
        assert tuple(made) == process.string
    assert all(0 < share <= 1 for share in asked(trace, "cpu-utilisation").values())


@pytest.mark.law
@given(scenarios())
def test_the_core_and_the_device_do_one_thing_at_a_time_and_memory_is_never_overfull(scenario: Scenario) -> None:
    trace = run(scenario)
    for kind in ("use", "load"):
        spans = [(event.start, event.end) for event in trace.events if event.kind == kind]
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    held: set[tuple[str, int | None]] = set()
    for event in trace.events:
        held -= set(event.left)
        if event.kind == "exit":
            held = {page for page in held if page[0] != event.process}
        if event.kind == "load":
            held.add((event.process, event.page))
        assert len(held) <= scenario.frames


@pytest.mark.law
@given(scenarios(("working-set",)), st.integers(1, 4))
def test_a_process_is_resumed_only_when_its_whole_working_set_fits_or_nobody_else_runs(
    scenario: Scenario, tight: int
) -> None:
    scenario = replace(scenario, frames=tight)
    trace = run(scenario)
    strings = {process.name: process.string for process in scenario.processes}
    made, out, held = dict.fromkeys(strings, 0), set[str](), set[tuple[str, int | None]]()
    for event in trace.events:
        held -= set(event.left)
        held |= {(event.process, event.page)} if event.kind == "load" else set()
        made[event.process] += event.kind == "use"
        out |= {event.process} if event.kind in ("suspend", "exit") else set()
        if event.kind == "exit":
            held = {page for page in held if page[0] != event.process}
        if event.kind == "resume":
            needs = working_set(strings[event.process], made[event.process] + 1, scenario.window)
            assert scenario.frames - len(held) >= len(needs) or out == set(strings)
            out.remove(event.process)


@pytest.mark.law
@given(scenarios())
def test_the_last_step_of_a_solution_is_the_answer_and_every_event_is_told(scenario: Scenario) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        if measure.applies(scenario):
            arguments = {"process": "P0", "t": 1} if measure.arguments else {}
            value, steps = measure.of(trace, **arguments), measure.steps(trace, **arguments)
            settled = {step.key: step.value for step in steps if step.key is not None}
            assert (settled == value) if isinstance(value, dict) else (steps[-1].value == value)
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


@pytest.mark.law
@given(st.integers(2, 4), st.integers(2, 3), st.data())
def test_every_recipe_gives_a_scenario_that_runs(processes: int, pages: int, data: st.DataObject) -> None:
    pick = lambda _path, low, high: data.draw(st.integers(low, high))  # noqa: E731 — a pick is a function of three
    shared: Mapping[str, Any] = {"processes": processes, "pages": pages, "frames": 6}
    for name, more in (("mix", {"references": 6, "stray": 20}), ("loops", {"laps": 2})):
        recipe = SIMULATOR.recipe(name)
        scenario = recipe.make(make(recipe.parameters, {**shared, **more}), pick)
        assert {process.name for process in scenario.processes} == {f"P{n + 1}" for n in range(processes)}
        assert asked(run(scenario), "fault-rate") > 0


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def plainer(scenario: Scenario) -> tuple[int, int, int]:
    """(faults, makespan, pages out) of global or local LRU, tick by tick, with a time stamp on every page."""
    strings = strings_of(scenario)
    n = len(strings)
    shares = [scenario.frames // n + (1 if k < scenario.frames % n else 0) for k in range(n)]
    stamp: dict[tuple[int, int], int] = {}
    clock = faults = out = now = 0
    at, brought = [0] * n, [False] * n
    ready, waiting = list(range(n)), []
    serving: list[int] = []  # process, end
    runner: int | None = None
    while any(at[k] < len(strings[k]) for k in range(n)):
        if serving and serving[1] == now:
            clock += 1
            stamp[serving[0], strings[serving[0]][at[serving[0]]]] = clock
            brought[serving[0]] = True
            ready.append(serving[0])
            serving = []
        if runner is not None:
            at[runner] += 1
            if at[runner] == len(strings[runner]):
                stamp = {page: when for page, when in stamp.items() if page[0] != runner}
            else:
                ready.append(runner)
        runner = None
        while True:
            if waiting and not serving:
                who = waiting.pop(0)
                rivals = [page for page in stamp if page[0] == who or scenario.replacement == "global-lru"]
                if len(rivals) == (scenario.frames if scenario.replacement == "global-lru" else shares[who]):
                    del stamp[min(rivals, key=lambda page: stamp[page])]
                    out += 1
                clock += 1
                stamp[who, strings[who][at[who]]] = clock
                serving = [who, now + scenario.fault_time]
            elif ready and runner is None:
                who = ready.pop(0)
                page = (who, strings[who][at[who]])
                if page not in stamp and not brought[who]:
                    faults += 1
                    waiting.append(who)
                    continue
                brought[who] = False
                clock += 1
                if page in stamp:
                    stamp[page] = clock
                runner = who
            else:
                break
        if all(at[k] == len(strings[k]) for k in range(n)):
            break
        now += 1
    return faults, now, out


@pytest.mark.opinion("oracle tick by tick")
@given(scenarios(("global-lru", "local-lru")))
def test_a_plainer_machine_faults_and_ends_alike(scenario: Scenario) -> None:
    events: tuple[Event, ...] = at_degree(scenario, len(scenario.processes))
    ours = (
        sum(event.kind == "fault" for event in events),
        max(event.end for event in events),
        sum(len(event.left) for event in events),
    )
    assert ours == plainer(scenario)


@pytest.mark.opinion("closed form")
@given(st.integers(1, 5), st.integers(1, 8), st.integers(1, 9))
def test_a_single_loop_that_does_not_fit_has_the_utilisation_of_the_closed_form(
    pages: int, laps: int, fault_time: int
) -> None:
    """A cyclic scan of n pages under LRU in fewer frames always faults: 1 / (1 + fault time). With all, n faults."""
    loop = {"phases": [{"pages": pages, "references": pages * laps}]}
    small = asked(thrashing(loop, frames=max(1, pages - 1), fault_time=fault_time), "cpu-utilisation")["1"]
    large = asked(thrashing(loop, frames=pages, fault_time=fault_time), "cpu-utilisation")["1"]
    assume(pages > 1)
    assert small == Fraction(1, 1 + fault_time)
    assert large == Fraction(laps, laps + fault_time)
