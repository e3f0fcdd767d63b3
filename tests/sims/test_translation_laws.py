"""What holds for every machine and every address?"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.declare import NoAnswer
from sims.fields import make, plain
from sims.translation import SIMULATOR, Paged, Rates, run, tell
from tests.sims.translation_cases import asked, scenarios, shape


@pytest.mark.law
@given(scenarios())
def test_the_offset_is_kept_and_the_address_fits_into_memory(scenario: Paged) -> None:
    for event in run(scenario).accesses:
        if event.physical is not None:
            assert event.physical < 1 << scenario.physical_bits
            assert event.physical % (1 << scenario.page_bits) == event.address % (1 << scenario.page_bits)


@pytest.mark.law
@given(scenarios())
def test_one_level_leads_where_several_do(scenario: Paged) -> None:
    linear = run(replace(scenario, levels=(sum(scenario.levels),)))
    assert asked(linear, "physical") == asked(run(scenario), "physical")
    assert asked(linear, "page-table-bytes") == asked(linear, "linear-table-bytes")


@pytest.mark.law
@given(scenarios())
def test_a_tlb_changes_no_address(scenario: Paged) -> None:
    assert asked(run(replace(scenario, tlb=None)), "physical") == asked(run(scenario), "physical")


@pytest.mark.law
@given(scenarios())
def test_translation_is_injective_where_frames_are(scenario: Paged) -> None:
    frames = [entry.frame for entry in scenario.tables if entry.frame is not None]
    assume(len(set(frames)) == len(frames))
    reached: dict[int, tuple[int, int]] = {}
    for event, access in zip(run(scenario).accesses, scenario.accesses, strict=True):
        if event.physical is not None:
            assert reached.setdefault(event.physical, (access.space, access.address)) == (access.space, access.address)


@pytest.mark.law
@given(scenarios())
def test_a_walk_costs_levels_and_one_access_or_stops_without_data(scenario: Paged) -> None:
    for event in run(scenario).accesses:
        reads = event.walked + event.data
        if event.tlb == "hit":
            assert event.walked == 0
        elif event.result == "ok":
            assert reads == len(scenario.levels) + 1
        elif event.result == "non-canonical":
            assert reads == 0
        else:
            assert 1 <= event.walked <= len(scenario.levels)
            assert event.data == 0


@pytest.mark.law
@given(scenarios(mapped=True))
def test_the_mean_over_a_run_without_faults_is_the_closed_form_at_its_hit_rate(scenario: Paged) -> None:
    assume(scenario.tlb is not None)
    trace = run(scenario)
    rates = {"hit_rate": asked(trace, "hit-rate"), "depth": len(scenario.levels), "costs": scenario.costs}
    assert asked(trace, "effective-access-time") == asked(run(make(Rates, rates)), "effective-access-time")


@pytest.mark.law
@given(scenarios(mapped=True), st.integers(1, 6))
def test_more_entries_never_lower_the_hits_of_a_fully_associative_lru_tlb(scenario: Paged, entries: int) -> None:
    def hits(size: int) -> int:
        tlb = {"entries": size, "tagged": True}
        return int(asked(run(make(Paged, {**shape(scenario), "tlb": tlb})), "tlb-hits"))

    assert hits(entries) <= hits(entries + 1)


@pytest.mark.law
@given(scenarios())
def test_the_bytes_of_tables_are_at_most_the_linear_ones_and_the_tables_above(scenario: Paged) -> None:
    trace = run(scenario)
    touched = {0: {(space, 0) for space, _ in touching(scenario)}}
    for level in range(1, len(scenario.levels)):
        low = sum(scenario.levels[level:])
        touched[level] = {(entry.space, entry.vpn >> low) for entry in scenario.tables}
    sizes = [(1 << bits) * scenario.entry_bytes for bits in scenario.levels]
    assert asked(trace, "page-table-bytes") == sum(len(touched[level]) * size for level, size in enumerate(sizes))


def touching(scenario: Paged) -> set[tuple[int, int]]:
    return {(entry.space, 0) for entry in scenario.tables} | {(access.space, 0) for access in scenario.accesses}


@pytest.mark.law
@given(scenarios())
def test_a_scenario_survives_its_json_form(scenario: Paged) -> None:
    assert SIMULATOR.scenario(json.loads(json.dumps(plain(scenario)))) == scenario


@pytest.mark.law
@given(scenarios())
def test_the_last_step_of_a_solution_is_the_answer_and_every_event_is_told(scenario: Paged) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        if not measure.applies(scenario):
            continue
        try:
            arguments = {"name": scenario.accesses[-1].name} if measure.arguments else {}
            value, steps = measure.of(trace, **arguments), measure.steps(trace, **arguments)
        except NoAnswer:
            continue
        settled = {step.key: step.value for step in steps if step.key is not None}
        if isinstance(value, dict):
            assert settled == value
        elif isinstance(value, tuple | str):
            assert list(settled.values()) == list(value)
        else:
            assert steps[-1].value == value
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


RECIPES: dict[str, Mapping[str, Any]] = {
    "walk": {"levels": [3, 2], "page_bits": 4, "frame_bits": 4, "count": 5, "faulty": 50, "decimal": True},
    "tlb-run": {"count": 12, "pages": 5, "levels": [4], "entries": 4, "ways": 2, "spaces": 2},
    "tables": {"levels": [4, 4], "page_bits": 6, "entry_bytes": 4, "clusters": 3, "pages": 3},
    "segments": {"segments": 3, "offset_bits": 8, "count": 4},
}


@pytest.mark.law
@given(st.sampled_from(sorted(RECIPES)), st.data())
def test_every_recipe_gives_a_scenario_that_runs(name: str, data: st.DataObject) -> None:
    recipe = SIMULATOR.recipe(name)
    pick = lambda _path, low, high: data.draw(st.integers(low, high))  # noqa: E731 — a pick is a function of three
    scenario = recipe.make(make(recipe.parameters, RECIPES[name]), pick)
    trace = run(scenario)
    assert len(trace.events) == len(scenario.accesses)
    if name == "walk":
        assert all(f"{access.address:x}".isdecimal() for access in scenario.accesses)
    if name == "tlb-run":
        assert all(event.result == "ok" for event in trace.accesses)
