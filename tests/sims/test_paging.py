"""Does the page leave that the textbook says, and that a plainer memory says?"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import Text, make, plain
from sims.paging import POLICIES, SIMULATOR, Reference, Scenario, Trace, run, tell
from sims.paging.measures import evictions, faults, frames_after, hit_string, victims
from sims.paging.recipes import ANOMALIES

WORKED = sorted((Path(__file__).parents[2] / "data" / "paging").glob("*.json"))
STRING = (7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1)
BELADY = (1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5)
ONLINE = tuple(policy for policy in POLICIES if policy != "opt")


def paging(policy: str, frames: int, *references: int | str, **more: Any) -> Trace:
    raw = {"policy": policy, "frames": frames, "references": list(references), **more}
    return run(SIMULATOR.scenario(raw))


def asked(trace: Trace, measure: str, **arguments: int) -> Any:
    return SIMULATOR.measure(measure).of(trace, **arguments)


def mistaken(id_: str, trace: Trace, measure: str, **arguments: int) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace, **arguments)
    return asked(run(mistake.rule(trace.scenario)), measure, **arguments)


@st.composite
def scenarios(draw: st.DrawFn, policies: Sequence[str] = POLICIES, longest: int = 30) -> Scenario:
    """Small memories: `nru, 3 frames, 4 1w 4 0 2w 1, reset every 2`."""
    page = st.builds(Reference, page=st.integers(0, 7), write=st.booleans())
    references = tuple(draw(st.lists(page, min_size=1, max_size=longest)))
    policy = draw(st.sampled_from(list(policies)))
    drawn = st.lists(st.integers(0, 20), min_size=len(references), max_size=len(references))
    return make(
        Scenario,
        {
            "policy": policy,
            "frames": draw(st.integers(1, 6)),
            "references": references,
            "load_bit": draw(st.sampled_from(("set", "clear"))),
            "reset_every": draw(st.integers(1, 8)),
            "draws": draw(drawn) if policy == "random" else (),
        },
    )


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 10.4, ostep 22, tanenbaum-4 3, belady-1969")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_faults_and_frames(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(asked(trace, name)) == expected, name
    if "frames-at-faults" in example:
        rows = zip(frames_after(trace), trace.events, strict=True)
        assert [list(row) for row, access in rows if not access.hit] == example["frames-at-faults"]


@pytest.mark.textbook("tanenbaum-4 3.4.7, figure 3-17")
def test_aging_gives_the_published_counters() -> None:
    """The figure's R bits of pages 0 to 5 in five intervals, after one in which all six are loaded.

    Every interval has six references. The interval of loading adds one set bit, shifted right five times by the end;
    so the smallest counter is that of page 3, 00100000 as published, with 00000100 added.
    """
    used = ([0, 2, 4, 5], [0, 1, 4], [0, 1, 3, 5], [0, 4], [1, 2])
    intervals = [[0, 1, 2, 3, 4, 5], *((pages * 6)[:6] for pages in used)]
    string = [page for interval in intervals for page in interval]
    trace = paging("aging", 6, *string, 6, reset_every=6)
    assert victims(trace) == (3,)
    choice = trace.choices[-1]
    assert choice is not None
    assert f"{choice.by:08b}" == "00100100"


@pytest.mark.textbook("belady-1969")
def test_fifo_faults_more_often_with_four_frames_than_with_three() -> None:
    assert asked(paging("fifo", 3, *BELADY), "faults-by-frames", **{"from": 1, "to": 5}) == (12, 12, 9, 10, 5)


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_first_use_of_a_page_is_a_fault_and_takes_the_lowest_free_frame() -> None:
    trace = paging("lru", 3, 5, 6, 5)
    assert [(access.hit, access.frame, access.victim) for access in trace.events] == [
        (False, 0, None),
        (False, 1, None),
        (True, 0, None),
    ]


@pytest.mark.rule
def test_fifo_does_not_move_a_page_on_a_hit() -> None:
    assert victims(paging("fifo", 2, 1, 2, 1, 3)) == (1,)


@pytest.mark.rule
def test_lru_evicts_by_last_use_not_by_load() -> None:
    assert victims(paging("lru", 2, 1, 2, 1, 3)) == (2,)


@pytest.mark.rule
def test_lru_evicts_by_last_use_not_by_first_use() -> None:
    """Evicting the page whose first use is latest gives the published 12 faults too; the victims tell it apart."""
    assert victims(paging("lru", 3, *STRING)) == (7, 1, 2, 3, 0, 4, 0, 3, 2)


@pytest.mark.rule
def test_mru_evicts_the_page_of_the_reference_before() -> None:
    assert victims(paging("mru", 2, 1, 2, 1, 3, 4)) == (1, 3)


@pytest.mark.rule
def test_opt_evicts_a_page_never_used_again_before_one_used_late() -> None:
    assert victims(paging("opt", 2, 1, 2, 3, 3, 3, 1)) == (2,)


@pytest.mark.rule
def test_opt_breaks_a_tie_by_the_lowest_frame_and_says_that_it_was_one() -> None:
    trace = paging("opt", 3, 1, 2, 3, 4, 3)
    assert victims(trace) == (1,)
    assert SIMULATOR.measure("victims").tied(trace)
    assert not SIMULATOR.measure("faults").tied(trace)
    assert not SIMULATOR.measure("victims").tied(paging("opt", 3, *STRING))


@pytest.mark.rule
def test_the_clock_hand_starts_at_frame_0_and_goes_past_each_frame_that_it_fills() -> None:
    """All bits are set when 4 comes: the hand clears them, is back at frame 0 and evicts 1; then it looks at 2."""
    assert victims(paging("clock", 3, 1, 2, 3, 4, 5)) == (1, 2)


@pytest.mark.rule
def test_a_hand_that_stays_would_look_at_the_newest_page_first() -> None:
    trace = paging("clock", 3, 1, 2, 3, 4, 5, load_bit="clear")
    assert victims(trace) == (1, 2)
    assert mistaken("hand-stays", trace, "victims") == (3, 4)


@pytest.mark.rule
def test_loading_sets_the_reference_bit_unless_load_bit_is_clear() -> None:
    """1 is used again, 2 is not. Set: both are cleared and frame 0 leaves. Clear: 1 is passed over, 2 leaves."""
    assert victims(paging("clock", 2, 1, 2, 1, 3)) == (1,)
    assert victims(paging("clock", 2, 1, 2, 1, 3, load_bit="clear")) == (2,)


@pytest.mark.rule
def test_lfu_breaks_a_tie_by_least_recently_used() -> None:
    trace = paging("lfu", 2, 1, 2, 2, 1, 3)
    assert victims(trace) == (2,)
    assert mistaken("lfu-tie-by-load", trace, "victims") == (1,)


@pytest.mark.rule
def test_lfu_forgets_the_count_of_an_evicted_page() -> None:
    """1 was used twice, left, and came back with count 1: it goes before 2, used three times."""
    trace = paging("lfu", 2, 1, 1, 2, 2, 2, 3, 1, 4)
    assert victims(trace) == (1, 3, 1)
    assert mistaken("lfu-count-kept", trace, "victims") == (1, 3, 2)


@pytest.mark.rule
def test_nru_evicts_an_old_dirty_page_before_a_clean_one_just_used() -> None:
    """Before reference 3 all R are cleared; 2 is used again. 1w is in class 01, 2 in class 10."""
    trace = paging("nru", 2, "1w", 2, 2, 3, reset_every=2)
    assert victims(trace) == (1,)
    assert mistaken("modified-before-referenced", trace, "victims") == (2,)


@pytest.mark.rule
def test_nru_takes_the_lowest_frame_of_the_lowest_class() -> None:
    assert victims(paging("nru", 3, 1, 2, 3, 4)) == (1,)


@pytest.mark.rule
def test_nru_forgets_that_a_frame_was_written_when_its_page_leaves() -> None:
    """At the second interrupt 1w is in class 01, and 3, which came clean into the frame of 2w, in class 00."""
    assert victims(paging("nru", 2, "1w", "2w", 1, 3, 4, reset_every=2)) == (2, 3)


@pytest.mark.rule
def test_the_clock_interrupt_comes_before_reference_k_times_reset_every_plus_1() -> None:
    """With reset_every 3 the bits are cleared just before reference 4: 1 is used after it, 2 and 3 are not."""
    assert victims(paging("nru", 3, 1, 2, 3, 1, 4, reset_every=3)) == (2,)
    assert victims(paging("nru", 3, 1, 2, 3, 1, 4, reset_every=4)) == (1,)


@pytest.mark.rule
def test_aging_loads_a_page_with_counter_0_and_its_bit_set() -> None:
    """Reference 3 comes after an interrupt: 1 and 2 have 10000000, so that 3, just loaded, is the next to leave."""
    assert victims(paging("aging", 3, 1, 2, 3, 4, reset_every=2)) == (3,)
    choice = paging("aging", 2, 1, 2, 3, reset_every=2).choices[-1]
    assert choice is not None
    assert choice.by == 0b10000000


@pytest.mark.rule
def test_aging_keeps_eight_bits() -> None:
    """1 was used in the first interval only; eight interrupts later its bit has fallen out of the counter."""
    string = [1, *[2] * 9, 3]
    choice = paging("aging", 2, *string, reset_every=1).choices[-1]
    assert choice is not None
    assert (choice.frame, choice.by) == (0, 0)


@pytest.mark.rule
def test_random_takes_the_draw_mod_frames_one_draw_an_eviction() -> None:
    assert victims(paging("random", 3, 1, 2, 3, 1, 4, 5, draws=[5, 4])) == (3, 2)


@pytest.mark.rule
def test_random_refuses_too_few_draws_and_says_what_is_enough() -> None:
    with pytest.raises(Invalid, match=r"^draws: must hold one draw an eviction: 1 are used up before reference 5; 2 "):
        paging("random", 3, 1, 2, 3, 4, 5, 6, draws=[1])
    assert victims(paging("random", 3, 1, 2, 3, 4, 5, 6, draws=[1, 0, 2])) == (2, 1, 3)


@pytest.mark.rule
def test_only_a_dirty_victim_is_written_back() -> None:
    trace = paging("fifo", 2, "1w", 2, "2w", 3, 1, 4, "4w", draws=[])
    assert [(access.victim, access.dirty) for access in trace.events if access.victim is not None] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert asked(trace, "write-backs") == 2
    assert mistaken("every-write-goes-back", trace, "write-backs") == 3
    assert mistaken("dirty-at-end-counted", trace, "write-backs") == 3


@pytest.mark.rule
def test_references_are_counted_from_1() -> None:
    trace = paging("fifo", 2, 1, 2, 3, 2)
    assert [asked(trace, "victim-at", i=i) for i in (1, 2, 3, 4)] == ["none", "none", 1, "none"]
    assert [sorted(asked(trace, "resident-at", i=i)) for i in (1, 2, 3, 4)] == [[1], [1, 2], [2, 3], [2, 3]]
    for i in (0, 5):
        with pytest.raises(NoAnswer):
            asked(trace, "victim-at", i=i)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"policy": "fifi", "frames": 0, "references": [1, "w7", -1, "8w"], "load_bit": 1, "reset_every": 0}
    with pytest.raises(Invalid) as caught:
        SIMULATOR.scenario(raw)
    assert [fault.where for fault in caught.value.faults] == [
        "policy",
        "frames",
        "references.1",
        "references.2",
        "load_bit",
        "reset_every",
    ]
    assert "Did you mean 'fifo'?" in str(caught.value)
    assert "must be a page from 0 to 999999, or a write such as 7w, got 'w7'" in str(caught.value)


@pytest.mark.rule
def test_a_reference_reads_the_same_from_json_and_from_text() -> None:
    raw = {"policy": "fifo", "frames": 2, "references": [7, "0", Text("1"), Text("7w"), "3w"]}
    assert plain(SIMULATOR.scenario(raw))["references"] == [7, 0, 1, "7w", "3w"]


@pytest.mark.rule
def test_work_beyond_the_limit_is_refused_not_guessed() -> None:
    trace = paging("mru", 1000, *range(3000))
    with pytest.raises(Limit):
        frames_after(trace)
    with pytest.raises(Limit):
        asked(trace, "faults-by-frames", **{"from": 1, "to": 1000})


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_each_mistake_of_the_textbook_string_gives_its_own_number() -> None:
    fifo, lru, opt = (paging(policy, 3, *STRING) for policy in ("fifo", "lru", "opt"))
    assert mistaken("fifo-moves-on-hit", fifo, "faults") == 12
    assert mistaken("lru-by-load-time", lru, "faults") == 15
    assert mistaken("opt-looks-back", opt, "victims") == victims(lru)
    assert mistaken("compulsory-not-counted", lru, "faults") == 6
    assert mistaken("replacements-for-faults", lru, "faults") == 9
    assert mistaken("hit-rate-wrong-total", lru, "hit-rate") * 3 == 2
    assert mistaken("other-load-bit", paging("clock", 3, *STRING), "faults") == 11


@pytest.mark.rule
def test_who_believes_that_more_frames_never_hurt_draws_a_curve_that_never_rises() -> None:
    trace = paging("fifo", 3, *BELADY)
    span = {"from": 3, "to": 5}
    assert asked(trace, "faults-by-frames", **span) == (9, 10, 5)
    assert mistaken("more-frames-never-hurt", trace, "faults-by-frames", **span) == (9, 9, 5)
    assert mistaken("compulsory-not-counted", trace, "faults-by-frames", **span) == (4, 5, 0)
    assert mistaken("replacements-for-faults", trace, "faults-by-frames", **span) == (6, 6, 0)


@pytest.mark.rule
def test_the_load_bit_is_stated_only_where_it_matters() -> None:
    states = SIMULATOR.mistake("other-load-bit").states
    assert states is not None
    assert states(paging("clock", 3, 1).scenario) == "Loading a page sets its reference bit."
    assert "clear" in states(paging("second-chance", 3, 1, load_bit="clear").scenario)
    assert states(paging("fifo", 3, 1).scenario) == ""


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


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
        value, steps = measure.of(trace, **arguments), measure.steps(trace, **arguments)
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


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def plain_fifo(string: Sequence[int], frames: int) -> str:
    """FIFO with a list: as plain as it can be."""
    queue: list[int] = []
    marks = ""
    for page in string:
        marks += "H" if page in queue else "M"
        if page not in queue:
            queue = [*queue[-(frames - 1) :], page] if frames > 1 else [page]
    return marks


def stack_distance(string: Sequence[int], frames: int) -> str:
    """Mattson, Gecsei, Slutz, Traiger 1970: LRU hits iff fewer than `frames` other pages came since the last use."""
    marks = ""
    for at, page in enumerate(string):
        before = [index for index in range(at) if string[index] == page]
        distance = len(set(string[before[-1] + 1 : at])) if before else frames
        marks += "H" if distance < frames else "M"
    return marks


def plain_second_chance(string: Sequence[int], frames: int, loaded: bool) -> str:
    """Pages with their bits in a list, oldest first, as the textbook tells it."""
    queue: list[list[int]] = []
    marks = ""
    for page in string:
        entry = next((entry for entry in queue if entry[0] == page), None)
        marks += "H" if entry else "M"
        if entry:
            entry[1] = 1
            continue
        while len(queue) == frames:
            head = queue.pop(0)
            if head[1]:
                queue.append([head[0], 0])
            else:
                break
        queue.append([page, int(loaded)])
    return marks


def plain_counts(string: Sequence[int], frames: int) -> str:
    """LFU by looking back: uses since the load, and the last use, counted anew at every eviction."""
    loads: dict[int, int] = {}
    marks = ""
    for at, page in enumerate(string):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        if len(loads) == frames:
            uses = {held: [i for i in range(loads[held], at) if string[i] == held] for held in loads}
            del loads[min(loads, key=lambda held: (len(uses[held]), uses[held][-1]))]
        loads[page] = at
    return marks


def plain_aging(string: Sequence[int], frames: int, every: int) -> str:
    """Aging by looking back: the counter of a page is read off the intervals in which it was used since its load."""
    loads: dict[int, tuple[int, int]] = {}  # page -> (frame, load)
    marks = ""
    for at, page in enumerate(string):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        frame = len(loads)
        if len(loads) == frames:
            leaves = min(loads, key=lambda held: (_counter(string, held, loads[held][1], at, every), loads[held][0]))
            frame = loads.pop(leaves)[0]
        loads[page] = (frame, at)
    return marks


def _counter(string: Sequence[int], page: int, load: int, now: int, every: int) -> int:
    used = {at // every for at in range(load, now) if string[at] == page}
    return sum(1 << (8 - age) for age in range(1, 9) if now // every - age in used)


def plain_nru(references: Sequence[Reference], frames: int, every: int) -> str:
    """NRU by looking back: R if used since the last interrupt, M if written since the load."""
    loads: dict[int, tuple[int, int]] = {}
    marks = ""
    for at, (page, _) in enumerate(references):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        frame = len(loads)
        if len(loads) == frames:
            ranks = {}
            for held, (place, load) in loads.items():
                since = range(max(load, at // every * every), at)
                r = any(references[i].page == held for i in since)
                m = any(references[i] == (held, True) for i in range(load, at))
                ranks[held] = (r, m, place)
            leaves = min(ranks, key=lambda held: ranks[held])
            frame = loads.pop(leaves)[0]
        loads[page] = (frame, at)
    return marks


def fewest_faults(string: Sequence[int], frames: int) -> int:
    """The least number of faults of any sequence of decisions, by exhaustive search."""

    @cache
    def least(at: int, held: frozenset[int]) -> int:
        if at == len(string):
            return 0
        page = string[at]
        if page in held:
            return least(at + 1, held)
        if len(held) < frames:
            return 1 + least(at + 1, held | {page})
        return 1 + min(least(at + 1, held - {victim} | {page}) for victim in held)

    return least(0, frozenset())


@pytest.mark.opinion("Mattson stack distances")
@given(scenarios(("lru",)))
def test_lru_hits_exactly_where_the_stack_distance_is_below_the_frames(scenario: Scenario) -> None:
    string = [page for page, _ in scenario.references]
    assert hit_string(run(scenario)) == stack_distance(string, scenario.frames)


@pytest.mark.opinion("exhaustive search")
@given(scenarios(("opt",), longest=14))
def test_opt_has_the_fewest_faults_that_any_decisions_have(scenario: Scenario) -> None:
    string = tuple(page for page, _ in scenario.references)
    assert faults(run(scenario)) == fewest_faults(string, scenario.frames)


@pytest.mark.opinion("oracle from the definition")
@pytest.mark.parametrize("policy", ["fifo", "clock", "second-chance", "lfu", "nru", "aging"])
@given(data=st.data())
def test_a_plainer_memory_hits_and_faults_alike(policy: str, data: st.DataObject) -> None:
    scenario = data.draw(scenarios((policy,)))
    string = [page for page, _ in scenario.references]
    frames, loaded, every = scenario.frames, scenario.load_bit == "set", scenario.reset_every
    plainer = {
        "fifo": lambda: plain_fifo(string, frames),
        "clock": lambda: plain_second_chance(string, frames, loaded),
        "second-chance": lambda: plain_second_chance(string, frames, loaded),
        "lfu": lambda: plain_counts(string, frames),
        "nru": lambda: plain_nru(scenario.references, frames, every),
        "aging": lambda: plain_aging(string, frames, every),
    }[scenario.policy]
    assert hit_string(run(scenario)) == plainer()


LIBCACHESIM = """
import json, sys
import libcachesim as cache
job = json.load(sys.stdin)
references, following, marks = job["references"], {}, {}
next_use = [0] * len(references)
for at in reversed(range(len(references))):
    next_use[at] = following.get(references[at], 2**62)
    following[references[at]] = at
for name, kind in {"fifo": cache.FIFO, "lru": cache.LRU, "opt": cache.Belady, "clock": cache.Clock}.items():
    memory, marks[name] = kind(job["frames"]), ""
    for at, page in enumerate(references):
        request = cache.Request()
        request.obj_id, request.obj_size, request.next_access_vtime = page, 1, next_use[at]
        marks[name] += "H" if memory.get(request) else "M"
print(json.dumps(marks))
"""


@pytest.mark.opinion("libcachesim")
@pytest.mark.skipif(find_spec("libcachesim") is None, reason="libcachesim is not installed (dependency group oracle)")
@pytest.mark.parametrize("frames", [12, 40])
def test_libcachesim_hits_and_faults_alike(frames: int) -> None:
    """In a process of its own: it aborts on tiny caches. Its Clock clears the bit of a page just loaded."""
    references = [(at * at * 7 + at // 9) % 61 for at in range(600)]
    job = json.dumps({"frames": frames, "references": references})
    command = [sys.executable, "-W", "ignore", "-c", LIBCACHESIM]
    answer = subprocess.run(command, input=job, capture_output=True, text=True, timeout=60, check=True)
    for policy, marks in json.loads(answer.stdout).items():
        assert hit_string(paging(policy, frames, *references, load_bit="clear")) == marks, policy
