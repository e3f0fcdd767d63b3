"""Do the sentences and small figures of an address say what happened? Each case worked by hand."""

import pytest

from sims.listed import simulator as listed
from tests.sims.worded import traced


@pytest.mark.parametrize("simulator", ["translation"])
def test_a_walk_is_that_of_the_access_asked_for(simulator: str) -> None:
    accesses = [{"name": "B", "address": 0x15}, {"name": "A", "address": 0x9B}, {"name": "C", "address": 0x00}]
    trace = traced("translation", virtual_bits=8, physical_bits=8, page_bits=4, levels=[2, 2], accesses=accesses)
    walk = listed(simulator).measure("walk").of
    assert walk(trace, name="A") == (("level-1", 2, "0x1b"), ("level-2", 1, "0xb"))
    assert walk(trace, name="B") == (("level-1", 0, "0x15"), ("level-2", 1, "0x5"))
