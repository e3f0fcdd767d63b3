"""What holds for every mix of processes?"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sims.fields import make
from sims.thrashing import SIMULATOR, Scenario, run, tell
from sims.thrashing.memory import working_set
from tests.sims.thrashing_cases import asked, scenarios, strings_of


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
@example(  # P1 is suspended between its two references: page 1 is not yet in its set
    make(
        Scenario,
        {"processes": [[1, 0, 0], [0, 1]], "frames": 2, "replacement": "working-set", "window": 2, "fault_time": 1},
    ),
    2,
)
def test_a_process_is_resumed_only_when_its_whole_working_set_fits_or_nobody_else_runs(
    scenario: Scenario, tight: int
) -> None:
    scenario = replace(scenario, frames=tight)
    trace = run(scenario)
    strings = {process.name: process.string for process in scenario.processes}
    made, begun = dict.fromkeys(strings, 0), dict.fromkeys(strings, 0)  # references made, and those that faulted before
    out, held = set[str](), set[tuple[str, int | None]]()
    for event in trace.events:
        held -= set(event.left)
        held |= {(event.process, event.page)} if event.kind == "load" else set()
        made[event.process] += event.kind == "use"
        begun[event.process] = max(begun[event.process], made[event.process] + (event.kind == "fault"))
        out |= {event.process} if event.kind in ("suspend", "exit") else set()
        if event.kind == "exit":
            held = {page for page in held if page[0] != event.process}
        if event.kind == "resume":
            needs = working_set(strings[event.process], begun[event.process], scenario.window)
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
