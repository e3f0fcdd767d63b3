"""What holds for every reference string?"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import NoAnswer
from sims.fields import make
from sims.paging import POLICIES, SIMULATOR, Reference, Scenario, run, tell
from sims.paging.measures import evictions, faults, frames_after, hit_string, victims
from sims.paging.recipes import ANOMALIES
from tests.sims.paging_cases import ONLINE, asked, paging, plain_fifo, scenarios


@pytest.mark.law
@given(scenarios())
def test_hits_and_faults_add_up_and_memory_is_never_overfull(scenario: Scenario) -> None:
    trace = run(scenario)
    distinct = len({page for page, _ in scenario.references})
    assert faults(trace) >= distinct
    assert faults(trace) - evictions(trace) == min(distinct, scenario.frames)
    assert asked(trace, "hits") + faults(trace) == len(scenario.references)
    for row, reference in zip(frames_after(trace), scenario.references, strict=True):
        pages = [page for page in row if page != "-"]
        assert reference.page in pages
        assert len(set(pages)) == len(pages) <= scenario.frames


@pytest.mark.law
@given(scenarios())
def test_a_reference_hits_exactly_when_its_page_was_resident(scenario: Scenario) -> None:
    trace = run(scenario)
    before: tuple[Any, ...] = ("-",) * scenario.frames
    for row, access in zip(frames_after(trace), trace.events, strict=True):
        assert access.hit == (access.page in before)
        changed = [number for number in range(scenario.frames) if row[number] != before[number]]
        assert changed == ([] if access.hit else [access.frame])
        if access.victim is not None:
            assert "-" not in before
            assert before[access.frame] == access.victim
        before = row


@pytest.mark.law
@given(scenarios(ONLINE))
def test_opt_never_faults_more_than_any_other_policy(scenario: Scenario) -> None:
    assert faults(run(replace(scenario, policy="opt"))) <= faults(run(scenario))


@pytest.mark.law
@given(scenarios(("lru", "opt")))
def test_lru_and_opt_never_fault_more_with_a_frame_more(scenario: Scenario) -> None:
    assert faults(run(replace(scenario, frames=scenario.frames + 1))) <= faults(run(scenario))


@pytest.mark.law
@given(scenarios(("lru",)))
def test_lru_holds_with_fewer_frames_a_part_of_what_it_holds_with_more(scenario: Scenario) -> None:
    more = frames_after(run(replace(scenario, frames=scenario.frames + 1)))
    for small, large in zip(frames_after(run(scenario)), more, strict=True):
        assert set(small) - {"-"} <= set(large)


@pytest.mark.law
@given(scenarios(), st.permutations(range(8)))
def test_renaming_pages_renames_the_trace(scenario: Scenario, names: list[int]) -> None:
    renamed = tuple(Reference(names[page], write) for page, write in scenario.references)
    trace, other = run(scenario), run(replace(scenario, references=renamed))
    assert hit_string(other) == hit_string(trace)
    assert victims(other) == tuple(names[page] for page in victims(trace))


@pytest.mark.law
@given(scenarios(("clock", "second-chance")))
def test_clock_and_second_chance_are_the_same_policy(scenario: Scenario) -> None:
    clock, queue = (run(replace(scenario, policy=policy)) for policy in ("clock", "second-chance"))
    assert clock.events == queue.events
    assert clock.choices == queue.choices


@pytest.mark.law
@given(scenarios(("clock",)))
def test_clock_without_hits_is_fifo(scenario: Scenario) -> None:
    pages = range(len(scenario.references))
    scan = replace(scenario, references=tuple(map(Reference, pages)))
    assert run(scan).events == run(replace(scan, policy="fifo")).events


@pytest.mark.law
@given(st.sampled_from(("lru", "fifo")), st.integers(1, 6), st.integers(1, 4), st.integers(2, 4))
def test_a_cyclic_scan_of_more_pages_than_frames_always_faults(policy: str, frames: int, over: int, laps: int) -> None:
    trace = paging(policy, frames, *list(range(frames + over)) * laps)
    assert asked(trace, "hits") == 0


@pytest.mark.law
@given(scenarios())
def test_with_a_frame_for_every_page_only_first_uses_fault(scenario: Scenario) -> None:
    trace = run(replace(scenario, frames=8))
    assert faults(trace) == asked(trace, "compulsory-faults")
    assert evictions(trace) == 0


@pytest.mark.law
@given(scenarios(), st.integers(0, 7))
def test_a_reference_at_the_end_changes_nothing_before_it(scenario: Scenario, page: int) -> None:
    if scenario.policy == "opt":
        scenario = replace(scenario, policy="lru")
    draws = (*scenario.draws, 3)
    longer = replace(scenario, references=(*scenario.references, Reference(page)), draws=draws)
    assert run(longer).events[:-1] == run(scenario).events


@pytest.mark.law
@given(scenarios())
def test_writing_back_never_exceeds_the_writes_or_the_victims(scenario: Scenario) -> None:
    trace = run(scenario)
    assert asked(trace, "write-backs") <= min(evictions(trace), sum(write for _, write in scenario.references))


@pytest.mark.law
@given(scenarios(), st.data())
def test_the_last_step_of_a_solution_is_the_answer(scenario: Scenario, data: st.DataObject) -> None:
    trace = run(scenario)
    i = data.draw(st.integers(1, len(trace.events)))
    for measure in SIMULATOR.measures:
        if not measure.applies(scenario):
            continue
        arguments = {"i": i} if len(measure.arguments) == 1 else {"from": 1, "to": 4} if measure.arguments else {}
        try:
            value, steps = measure.of(trace, **arguments), measure.steps(trace, **arguments)
        except NoAnswer:
            continue  # the two policies never part
        settled = {step.key: step.value for step in steps if step.key is not None}
        elements = isinstance(value, tuple | str) and settled
        assert (list(settled.values()) == list(value)) if elements else (steps[-1].value == value)


@pytest.mark.law
@given(scenarios())
def test_every_event_is_told_in_a_sentence(scenario: Scenario) -> None:
    trace = run(scenario)
    for index, access in enumerate(trace.events):
        says = tell(trace, index)
        assert says.endswith(".")
        assert f"page {access.page}:" in says


@pytest.mark.law
@pytest.mark.parametrize(("frames", "core"), [(frames, core) for frames, cores in ANOMALIES.items() for core in cores])
def test_every_string_that_the_belady_recipe_starts_from_faults_more_with_a_frame_more(frames: int, core: str) -> None:
    fewer, more = (plain_fifo([int(page) for page in core], number).count("M") for number in (frames, frames + 1))
    assert more > fewer
    assert all(one != other for one, other in pairwise(core))


@pytest.mark.law
@given(st.sampled_from(sorted(ANOMALIES)), st.data())
def test_the_belady_recipe_gives_strings_that_fault_more_with_a_frame_more(frames: int, data: st.DataObject) -> None:
    recipe = SIMULATOR.recipe("belady")
    repeats = data.draw(st.integers(0, 5))
    pick = lambda _path, low, high: data.draw(st.integers(low, high))  # noqa: E731 — a pick is a function of three
    scenario = recipe.make(make(recipe.parameters, {"frames": frames, "pages": 8, "repeats": repeats}), pick)
    fewer, more = (plain_fifo([p for p, _ in scenario.references], number) for number in (frames, frames + 1))
    assert more.count("M") > fewer.count("M")


@pytest.mark.law
@given(st.sampled_from(POLICIES), st.integers(1, 6), st.integers(2, 6), st.data())
def test_the_locality_recipe_gives_a_string_without_repeats(
    policy: str, frames: int, pages: int, data: st.DataObject
) -> None:
    recipe = SIMULATOR.recipe("locality")
    given_ = {"policy": policy, "frames": frames, "count": 14, "pages": pages, "near": 3, "writes": 30}
    pick = lambda _path, low, high: data.draw(st.integers(low, high))  # noqa: E731 — a pick is a function of three
    scenario = recipe.make(make(recipe.parameters, given_), pick)
    string = [page for page, _ in scenario.references]
    assert len(string) == 14
    assert max(string) < pages
    assert all(one != other for one, other in pairwise(string))
