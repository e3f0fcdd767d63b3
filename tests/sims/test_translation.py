"""Does each address lead where the textbook says, at the price that it says?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.declare import Invalid, NoAnswer
from sims.fields import make, plain
from sims.translation import SIMULATOR, Paged, Rates, Segmented, Trace, run, tell

WORKED = sorted((Path(__file__).parents[2] / "data" / "translation").glob("*.json"))


def paged(*accesses: Any, tables: Sequence[Mapping[str, Any]] = (), **more: Any) -> Trace:
    """16 pages of 16 bytes, pages 0 to 3 in frames 8 to 11 unless said otherwise."""
    entries = list(tables) or [{"vpn": page, "frame": 8 + page} for page in range(4)]
    raw = {"virtual_bits": 8, "physical_bits": 8, "page_bits": 4, "levels": [2, 2], "tables": entries}
    return run(
        make(Paged, {**raw, "accesses": list(accesses), "costs": {"memory": 100, "tlb": 10, "fault": 9000}, **more})
    )


def pages(*numbers: int, **tlb: Any) -> Trace:
    """Accesses to these pages through a TLB."""
    return paged(*(16 * number for number in numbers), tlb={"entries": 2, **tlb})


def asked(trace: Trace, measure: str) -> Any:
    return SIMULATOR.measure(measure).of(trace)


def mistaken(id_: str, trace: Trace, measure: str) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace)
    return asked(run(mistake.rule(trace.scenario)), measure)


@st.composite
def scenarios(draw: st.DrawFn, mapped: bool = False) -> Paged:
    """Small machines: `levels 2 1, page 3 → frame 1 without u, A0 write 0x1a in kernel mode, TLB of 2`."""
    levels = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    page_bits, frame_bits = draw(st.integers(1, 4)), 4
    room = 1 << sum(levels)
    page, space = st.integers(0, room - 1), st.integers(0, 1)
    every = [(where, number) for where in range(2) for number in range(room)]
    present = every if mapped else sorted(draw(st.sets(st.tuples(space, page), max_size=12)))
    frame = st.integers(0, 15) if mapped else st.none() | st.integers(0, 15)
    flags = st.just("rwxu") if mapped else st.sampled_from(("rwxu", "rwx", "rxu", "r", "-"))
    tables = [{"space": where, "vpn": vpn, "frame": draw(frame), "flags": draw(flags)} for where, vpn in present]
    past = 0 if mapped else 2
    access = st.fixed_dictionaries(
        {
            "address": st.integers(0, (room << page_bits) - 1 + past),
            "kind": st.sampled_from(("read", "write", "execute")),
            "mode": st.sampled_from(("user", "kernel")),
            "space": space,
        }
    )
    ways = draw(st.sampled_from((1, 2, None)))
    tlb = {
        "entries": draw(st.sampled_from((2, 4))),
        "ways": ways,
        "policy": draw(st.sampled_from(("lru", "fifo"))),
        "tagged": draw(st.booleans()),
    }
    raw = {"virtual_bits": sum(levels) + page_bits, "physical_bits": frame_bits + page_bits, "page_bits": page_bits}
    costs = {"memory": draw(st.integers(0, 50)), "tlb": draw(st.integers(0, 9)), "fault": draw(st.integers(0, 999))}
    accesses = draw(st.lists(access, min_size=1, max_size=12))
    more = {"tlb": draw(st.sampled_from((None, tlb))), "costs": costs, "accesses": accesses}
    return make(Paged, {**raw, "levels": levels, "tables": tables, **more})


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("ostep 16, 18, 19, 20; silberschatz-10 9.3.2, 10.2.3; silberschatz-8 8.4.2")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_addresses_and_times(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(asked(trace, name)) == expected, name


@pytest.mark.textbook("silberschatz-10 9.4.1")
def test_a_linear_table_of_32_bits_with_4_kib_pages_takes_4_mib() -> None:
    raw = {"virtual_bits": 32, "physical_bits": 32, "page_bits": 12, "entry_bytes": 4}
    trace = run(make(Paged, raw))
    assert asked(trace, "linear-table-bytes") == asked(trace, "page-table-bytes") == 4 * 1024 * 1024


@pytest.mark.textbook("intel-sdm-3 4.5")
def test_x86_64_takes_nine_bits_a_level_and_refuses_what_is_not_canonical() -> None:
    """0x7ffffffff010: bits 39 to 47 are 0 1111 1111 = 255, the next three nines all ones. One more is 2^47."""
    raw = {"preset": "x86-64", "tables": [{"vpn": "0x7ffffffff", "frame": "0x12345"}]}
    trace = run(make(Paged, {**raw, "accesses": ["0x7ffffffff010", "0x800000000000", "0xffff800000000000"]}))
    assert asked(trace, "indices")[0] == (255, 511, 511, 511)
    assert asked(trace, "physical") == {"A0": 0x12345010, "A1": "non-canonical", "A2": "not-present"}
    assert asked(trace, "page-table-bytes") == 4 * 4096
    assert asked(trace, "linear-table-bytes") == 512 << 30


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_non_canonical_is_checked_before_not_present_and_that_before_protection() -> None:
    tables = [{"vpn": 0, "frame": None, "flags": "-"}, {"vpn": 1, "frame": 2, "flags": "-"}]
    trace = paged({"address": 256}, {"address": 0}, {"address": 16}, tables=tables)
    assert list(asked(trace, "physical").values()) == ["non-canonical", "not-present", "protection"]


@pytest.mark.rule
def test_an_address_that_is_not_canonical_is_not_looked_up() -> None:
    trace = paged(256, tlb={"entries": 2})
    assert (asked(trace, "tlb-misses"), asked(trace, "memory-accesses"), asked(trace, "access-times")["A0"]) == (
        0,
        0,
        9000,
    )
    with pytest.raises(NoAnswer):
        asked(trace, "hit-string")


@pytest.mark.rule
def test_kernel_mode_passes_the_user_check_but_not_the_write_check() -> None:
    tables = [{"vpn": 0, "frame": 1, "flags": "r"}]
    kernel = {"address": 0, "mode": "kernel"}
    trace = paged(kernel, {**kernel, "kind": "write"}, {"address": 0}, tables=tables)
    assert list(asked(trace, "physical").values()) == [16, "protection", "protection"]
    assert mistaken("kernel-unchecked", trace, "physical")["A1"] == 16


@pytest.mark.rule
def test_executing_needs_its_own_permission() -> None:
    trace = paged({"address": 0, "kind": "execute"}, tables=[{"vpn": 0, "frame": 1, "flags": "rwu"}])
    assert asked(trace, "physical") == {"A0": "protection"}


@pytest.mark.rule
def test_a_walk_stops_at_the_first_entry_that_is_not_present() -> None:
    """Pages 0 to 3 share the first table of the second level. Page 4 has no such table; page 1 would, with no entry."""
    trace = paged(0, 16 * 4, 16, tables=[{"vpn": 0, "frame": 1}])
    assert [(event.walked, event.data) for event in trace.accesses] == [(2, 1), (1, 0), (2, 0)]
    assert asked(trace, "memory-accesses") == 6


@pytest.mark.rule
def test_the_probe_is_paid_once_on_a_hit_and_on_a_miss() -> None:
    trace = pages(0, 0)
    assert asked(trace, "access-times") == {"A0": 10 + 3 * 100, "A1": 10 + 100}
    assert mistaken("probe-counted-twice", trace, "access-times") == {"A0": 320, "A1": 110}
    assert mistaken("probe-forgotten", trace, "access-times") == {"A0": 300, "A1": 100}
    assert mistaken("miss-costs-one-access", trace, "access-times") == {"A0": 110, "A1": 110}
    assert mistaken("walk-is-one-access", trace, "access-times") == {"A0": 210, "A1": 110}
    assert mistaken("data-access-forgotten", trace, "access-times") == {"A0": 210, "A1": 110}
    assert mistaken("tlb-miss-is-fault", trace, "access-times") == {"A0": 9010, "A1": 110}


@pytest.mark.rule
def test_a_fault_adds_its_time_is_not_cached_and_makes_no_data_access() -> None:
    trace = paged(64, 64, tlb={"entries": 2})
    assert asked(trace, "hit-string") == "MM"
    assert asked(trace, "access-times") == {"A0": 10 + 100 + 9000, "A1": 10 + 100 + 9000}


@pytest.mark.rule
def test_a_protection_fault_is_found_in_the_tlb_too() -> None:
    tables = [{"vpn": 0, "frame": 1, "flags": "ru"}]
    trace = paged(0, {"address": 0, "kind": "write"}, tables=tables, tlb={"entries": 2})
    assert (asked(trace, "hit-string"), asked(trace, "access-times")["A1"]) == ("MH", 10 + 9000)


@pytest.mark.rule
def test_the_set_is_the_page_mod_the_number_of_sets() -> None:
    """Two sets of one way: pages 0 and 2 fight for set 0, page 1 has set 1 to itself."""
    trace = pages(0, 1, 2, 1, 0, ways=1)
    assert asked(trace, "hit-string") == "MMMHM"
    assert [event.slot for event in trace.accesses] == [(0, 0), (1, 0), (0, 0), (1, 0), (0, 0)]
    assert mistaken("sets-ignored", trace, "hit-string") == "MMMHM"
    assert mistaken("sets-ignored", pages(0, 2, 0, ways=1), "hit-string") == "MMH"


@pytest.mark.rule
def test_invalid_ways_are_filled_before_any_entry_leaves_and_lru_differs_from_fifo() -> None:
    lru, fifo = pages(0, 1, 0, 2, 0), pages(0, 1, 0, 2, 0, policy="fifo")
    assert [event.slot for event in lru.accesses] == [(0, 0), (0, 1), (0, 0), (0, 1), (0, 0)]
    assert [event.evicted for event in lru.accesses] == [None, None, None, (0, 1), None]
    assert (asked(lru, "hit-string"), asked(fifo, "hit-string")) == ("MMHMH", "MMHMM")
    assert mistaken("other-tlb-policy", lru, "hit-string") == "MMHMM"


@pytest.mark.rule
def test_an_untagged_tlb_is_flushed_when_the_space_changes() -> None:
    tables = [{"vpn": 0, "frame": 1, "space": 0}, {"vpn": 0, "frame": 2, "space": 1}]
    string = [{"address": 0, "space": space} for space in (0, 1, 1, 0)]
    trace = paged(*string, tables=tables, tlb={"entries": 2})
    assert asked(trace, "hit-string") == "MMHM"
    assert list(asked(trace, "physical").values()) == [16, 32, 32, 16]
    assert list(mistaken("no-flush", trace, "physical").values()) == [16, 16, 16, 16]
    tagged = paged(*string, tables=tables, tlb={"entries": 2, "tagged": True})
    assert asked(tagged, "hit-string") == "MMHH"


@pytest.mark.rule
def test_a_segment_ends_before_its_limit_and_a_downward_one_at_exactly_minus_limit() -> None:
    """Size 16: offset 6 of the segment that grows down is 6 − 16 = −10, its limit is 10."""
    segments = [{"base": 32, "limit": 10}, {"base": 80, "limit": 10, "grows": "down"}]
    raw = {"virtual_bits": 5, "physical_bits": 7, "segments": segments}
    trace = run(make(Segmented, {**raw, "accesses": [9, 10, 16 + 6, 16 + 5, 32]}))
    assert list(asked(trace, "physical").values()) == [41, "segmentation", 70, "segmentation", "non-canonical"]
    assert mistaken("limit-inclusive", trace, "physical")["A1"] == 42
    assert mistaken("down-as-up", trace, "physical")["A2"] == 86


@pytest.mark.rule
def test_three_segments_take_two_bits_and_the_fourth_number_is_none() -> None:
    raw = {"virtual_bits": 6, "physical_bits": 8, "segments": [{"base": 0, "limit": 16}] * 3}
    trace = run(make(Segmented, {**raw, "accesses": [47, 48]}))
    assert asked(trace, "indices") == ((2,), (3,))
    assert asked(trace, "physical") == {"A0": 15, "A1": "segmentation"}


@pytest.mark.rule
def test_the_closed_form_shares_the_rest_between_hits_and_misses() -> None:
    costs = {"memory": 100, "tlb": 20, "fault": 10_000}
    trace = run(make(Rates, {"hit_rate": "0.9", "fault_rate": "0.01", "depth": 4, "costs": costs}))
    right = Fraction(99, 100) * (Fraction(9, 10) * 120 + Fraction(1, 10) * 520) + 100
    assert asked(trace, "effective-access-time") == right
    assert mistaken("fault-on-top", trace, "effective-access-time") == 160 + 100
    assert mistaken("miss-costs-one-access", trace, "effective-access-time") == Fraction(99, 100) * 120 + 100


@pytest.mark.rule
def test_bits_cut_at_the_wrong_place_give_the_wrong_parts() -> None:
    """0x59 is 01 011001 with pages of 64 bytes; who gives the offset the two bits of the page number sees 010110 01."""
    raw = {"virtual_bits": 8, "physical_bits": 8, "page_bits": 6, "tables": [{"vpn": 1, "frame": 2}]}
    trace = run(make(Paged, {**raw, "accesses": ["0x59"]}))
    assert asked(trace, "offset") == {"A0": 0b011001}
    assert mistaken("offset-bits-from-pages", trace, "offset") == {"A0": 0b01}
    assert mistaken("hexadecimal-as-decimal", trace, "offset") == {"A0": 59}
    assert mistaken("frame-added", trace, "physical") == {"A0": 2 + 0b011001}
    assert mistaken("index-from-wrong-end", paged("0x40"), "indices") == ((0, 1),)
    with pytest.raises(NoAnswer):
        mistaken("hexadecimal-as-decimal", paged("0x1a"), "offset")


@pytest.mark.rule
def test_table_bytes_count_every_level_and_every_space() -> None:
    """Levels of 2 bits, 8-byte entries: tables of 32 bytes. Pages 0 and 1 share one, page 15 has another."""
    tables = [{"vpn": 0, "frame": 0}, {"vpn": 1, "frame": 1}, {"vpn": 15, "frame": 2}]
    trace = paged(tables=tables)
    assert asked(trace, "page-table-bytes") == 3 * 32
    assert mistaken("last-level-only", trace, "page-table-bytes") == 2 * 32
    assert mistaken("one-table-a-level", trace, "page-table-bytes") == 2 * 32
    assert asked(trace, "linear-table-bytes") == mistaken("linear-for-levels", trace, "page-table-bytes") == 16 * 8
    two = paged(tables=[*tables, {"vpn": 0, "frame": 3, "space": 1}])
    assert asked(two, "page-table-bytes") == 5 * 32


@pytest.mark.rule
def test_the_kind_is_told_by_the_fields() -> None:
    assert isinstance(SIMULATOR.scenario({"hit_rate": "0.8"}), Rates)
    assert isinstance(
        SIMULATOR.scenario({"virtual_bits": 4, "physical_bits": 4, "segments": [{"base": 0, "limit": 1}]}), Segmented
    )
    assert isinstance(SIMULATOR.scenario({"kind": "paged", "preset": "x86-64"}), Paged)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"virtual_bits": 8, "physical_bits": 6, "page_bits": 4, "levels": [2, 2]}
    tables = [{"vpn": 16, "frame": 1}, {"vpn": 1, "frame": 4}, {"vpn": 2, "frame": 1}, {"vpn": 2, "frame": 2}]
    with pytest.raises(Invalid) as caught:
        SIMULATOR.scenario({**raw, "tables": tables})
    assert [fault.where for fault in caught.value.faults] == ["tables.0.vpn", "tables.1.frame", "tables.3.vpn"]
    for bad, where in (
        ({"levels": [2, 3]}, "levels"),
        ({"physical_bits": 3}, "physical_bits"),
        ({"tlb": {"entries": 4, "ways": 3}}, "tlb.ways"),
        ({"tables": [{"vpn": 0, "frame": 0, "flags": "q"}]}, "tables.0.flags"),
        ({"accesses": [-1]}, "accesses.0.address"),
    ):
        with pytest.raises(Invalid) as caught:
            SIMULATOR.scenario({**raw, **bad})
        assert [fault.where for fault in caught.value.faults] == [where]


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


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
            value, steps = measure.of(trace), measure.steps(trace)
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


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def shape(scenario: Paged) -> dict[str, Any]:
    raw = plain(scenario)
    assert isinstance(raw, dict)
    return raw


def plainer(scenario: Paged) -> list[tuple[int | str, str, int]]:
    """(physical address or fault, TLB, memory accesses) of each access: tables as nested dicts, the TLB as a list."""
    roots: dict[int, dict[str, Any]] = {}
    for entry in scenario.tables:
        bits = f"{entry.vpn:0{sum(scenario.levels)}b}"
        table = roots.setdefault(entry.space, {})
        for width in scenario.levels[:-1]:
            table, bits = table.setdefault(bits[:width], {}), bits[width:]
        table[bits] = entry
    held: list[tuple[int, int, Any]] = []  # (space, vpn, entry), the one to leave first
    told: list[tuple[int | str, str, int]] = []
    before = None
    for access in scenario.accesses:
        tlb = scenario.tlb
        if tlb and not tlb.tagged and before not in (None, access.space):
            held = []
        before = access.space
        if access.address >= 2**scenario.virtual_bits:
            told.append(("non-canonical", "", 0))
            continue
        text = f"{access.address:0{scenario.virtual_bits}b}"
        vpn = int(text[: -scenario.page_bits], 2)
        found = next((one for one in held if one[:2] == (access.space, vpn)), None)
        reads, node = 0, found[2] if found else roots.get(access.space, {})
        rest = text
        for width in () if found else scenario.levels:
            reads += 1
            node, rest = node.get(rest[:width]), rest[width:]
            if node is None:
                break
        if node is None or node.frame is None:
            result: int | str = "not-present"
        elif {"read": "r", "write": "w", "execute": "x"}[access.kind] not in node.flags or (
            access.mode == "user" and "u" not in node.flags
        ):
            result = "protection"
        else:
            result = int(f"{node.frame:b}" + text[-scenario.page_bits :], 2)
        if tlb and found and tlb.policy == "lru":
            held = [one for one in held if one is not found] + [found]
        if tlb and not found and not isinstance(result, str):
            sets = tlb.entries // (tlb.ways or tlb.entries)
            rivals = [one for one in held if one[1] % sets == vpn % sets]
            if len(rivals) == (tlb.ways or tlb.entries):
                held.remove(rivals[0])
            held.append((access.space, vpn, node))
        told.append((result, "" if not tlb else "hit" if found else "miss", reads + (not isinstance(result, str))))
    return told


@pytest.mark.opinion("oracle from the definition")
@given(scenarios())
def test_a_plainer_machine_translates_alike(scenario: Paged) -> None:
    trace = run(scenario)
    ours = [
        (event.result if event.physical is None else event.physical, event.tlb, event.walked + event.data)
        for event in trace.accesses
    ]
    assert ours == plainer(scenario)
