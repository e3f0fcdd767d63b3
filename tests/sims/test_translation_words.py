"""Do the sentences and small figures of an address say what happened? Each case worked by hand."""

import pytest

from sims.listed import simulator as listed
from tests.sims.worded import steps, told, traced


@pytest.mark.parametrize("simulator", ["translation"])
def test_a_walk_is_that_of_the_access_asked_for(simulator: str) -> None:
    accesses = [{"name": "B", "address": 0x15}, {"name": "A", "address": 0x9B}, {"name": "C", "address": 0x00}]
    trace = traced("translation", virtual_bits=8, physical_bits=8, page_bits=4, levels=[2, 2], accesses=accesses)
    walk = listed(simulator).measure("walk").of
    assert walk(trace, name="A") == (("level-1", 2, "0x1b"), ("level-2", 1, "0xb"))
    assert walk(trace, name="B") == (("level-1", 0, "0x15"), ("level-2", 1, "0x5"))


def test_shares_are_told_in_per_cent_with_the_time_of_each() -> None:
    costs = {"memory": 100, "tlb": 20}
    trace = traced("translation", kind="rates", hit_rate="4/5", depth=2, costs=costs)
    assert told("translation", trace) == [
        "80 % of the accesses are TLB hits: 120 ns each.",
        "20 % of the accesses are TLB misses: 320 ns each.",
    ]
    faulting = traced("translation", kind="rates", hit_rate="4/5", fault_rate="1/4", depth=2, costs=costs)
    assert [says.partition(" of")[0] for says in told("translation", faulting)] == ["60 %", "15 %", "25 %"]
    assert steps("translation", "effective-access-time", trace)[-3:] == [
        "80 % of the accesses are TLB hits: 120 ns each. 80 % × 120 = 96 ns.",
        "20 % of the accesses are TLB misses: 320 ns each. 20 % × 320 = 64 ns.",
        "Together 160 ns.",
    ]


def test_one_bit_of_offset_is_enough() -> None:
    segments = [{"base": 0, "limit": 2}, {"base": 4, "limit": 1}]
    trace = traced(
        "translation", kind="segmented", virtual_bits=2, physical_bits=4, segments=segments,
        accesses=[{"name": "A", "address": 1}, {"name": "B", "address": 2}, {"name": "C", "address": 3}],
    )  # fmt: skip
    physical = dict(listed("translation").measure("physical").of(trace))
    assert (physical["A"], physical["B"]) == (1, 4)
    assert physical["C"] not in (5, 3)  # beyond the limit
