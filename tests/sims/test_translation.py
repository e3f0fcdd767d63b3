"""Does each address lead where the textbook says, at the price that it says?"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from sims.declare import Invalid, NoAnswer
from sims.fields import make, plain
from sims.translation import SIMULATOR, Paged, Rates, Segmented, run
from tests.sims.translation_cases import WORKED, asked, mistaken, paged, pages

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
