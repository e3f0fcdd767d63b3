"""Do the sentences and small figures of the heap say what happened? Each case worked by hand."""

import pytest

from sims.declare import Invalid
from sims.listed import simulator as listed
from tests.sims.worded import steps, traced, wrong


@pytest.mark.parametrize("simulator", ["allocator"])
def test_what_is_free_in_all_is_what_was_free_before_the_request(simulator: str) -> None:
    """100 bytes: a, b, c take 40, 20, 40; a is freed; 41 bytes are too many for the hole and for all that is free."""
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "d = malloc 41", "free c", "e = malloc 41"]
    trace = traced("allocator", size=100, operations=lines)
    assert listed("allocator").measure("failed").of(trace) == {5, 7}
    names = [m.id for m in listed("allocator").mistakes if "failed" in m.measures]
    answers = [wrong(simulator, name, "failed", trace) for name in names]
    assert frozenset({5}) in answers  # 80 bytes are free at last, in two holes of 40


@pytest.mark.parametrize("simulator", ["allocator"])
def test_a_failure_is_judged_by_what_was_free_then(simulator: str) -> None:
    """The sixth operation asks for 50 bytes while 40 are free in all; 80 are free only after the seventh."""
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "use b", "d = malloc 50", "free c"]
    trace = traced(simulator, size=100, operations=lines)
    assert listed(simulator).measure("failed").of(trace) == {6}
    assert wrong(simulator, "total-for-largest", "failed", trace) == {6}


@pytest.mark.parametrize("simulator", ["allocator"])
def test_a_use_after_free_is_one_although_nobody_has_the_address(simulator: str) -> None:
    """At the fourth operation a's address is free; at the sixth and seventh b has it."""
    lines = ["z = malloc 8", "a = malloc 8", "free a", "use a", "b = malloc 8", "use a", "use a", "use z"]
    trace = traced(simulator, size=64, operations=lines)
    assert listed(simulator).measure("use-after-free").of(trace) == {4, 6, 7}
    others = [one.measures for one in listed(simulator).mistakes if "use-after-free" in one.measures]
    assert {4} in [set(measures["use-after-free"](trace)) for measures in others]
    assert steps(simulator, "use-after-free", trace)[-1] == "Operations: 4 6 7."


@pytest.mark.parametrize("simulator", ["allocator"])
def test_a_request_for_all_that_is_free_fails_only_for_its_holes(simulator: str) -> None:
    lines = ["a = malloc 40", "b = malloc 20", "c = malloc 40", "free a", "free c", "d = malloc 80"]
    trace = traced(simulator, size=100, operations=lines)
    assert listed(simulator).measure("failed").of(trace) == {6}
    assert wrong(simulator, "total-for-largest", "failed", trace) == set()
    assert steps(simulator, "double-free", trace)[-1] == "None of the operations."


@pytest.mark.parametrize("simulator", ["allocator"])
def test_addresses_are_asked_everywhere_and_blocks_looked_at_only_in_lists(simulator: str) -> None:
    def asked(fit: str, *lines: str) -> set[str]:
        scenario = listed(simulator).scenario({"size": 64, "fit": fit, "operations": lines})
        return {name for name in ("address", "searched") if listed(simulator).measure(name).applies(scenario)}

    assert asked("first", "a = malloc 8", "free a") == {"address", "searched"}
    assert asked("buddy", "a = malloc 8", "free a") == {"address"}
    assert asked("worst", "a = malloc 8") == {"address", "searched"}


@pytest.mark.parametrize("simulator", ["allocator"])
def test_a_buddy_heap_is_a_power_of_two(simulator: str) -> None:

    for size in (1, 2, 4, 64, 1 << 24):
        assert listed(simulator).scenario({"size": size, "fit": "buddy", "operations": ["a = malloc 1"]}).size == size
    for size in (3, 5, 6, 48, 65):
        with pytest.raises(Invalid):
            listed(simulator).scenario({"size": size, "fit": "buddy", "operations": ["a = malloc 1"]})


def test_a_freed_block_joins_the_hole_below_it_and_no_other() -> None:
    """Holes at 0 and 20; freeing 30–39 makes the second one 20–39."""
    names = "abcdef"
    lines = [f"{name} = malloc 10" for name in names] + ["free a", "free c", "free d"]
    trace = traced("allocator", size=60, operations=lines)
    assert listed("allocator").measure("free-list").of(trace) == ((0, 10), (20, 20))
    assert listed("allocator").measure("largest-free").of(trace) == 20
