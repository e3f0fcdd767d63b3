"""Does the heap give out the blocks that the textbook and two plainer heaps give out?"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.allocator import SIMULATOR, Event, Operation, Scenario, Trace, heap_after, run, tell
from sims.allocator.heap import needed
from sims.allocator.measures import (
    address,
    double_free,
    failed,
    fragmentation,
    free_list,
    internal_waste,
    largest_free,
    leaked,
    searched,
    use_after_free,
)
from sims.declare import Invalid, NoAnswer
from sims.fields import make, plain

WORKED = sorted((Path(__file__).parents[2] / "data" / "allocator").glob("*.json"))
LISTS = ("first", "best", "worst", "next")


def heap(size: int, *operations: str, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"size": size, "operations": list(operations), **fields}))


HOLES = ("a = malloc 30", "s = malloc 1", "b = malloc 10", "t = malloc 1", "c = malloc 20", "u = malloc 1",
         "free a", "free b", "free c")  # fmt: skip
"""Holes of 30 at 0, 10 at 31, 20 at 42; in a heap of 103 also 40 at 63."""


@st.composite
def scenarios(draw: st.DrawFn, fits: tuple[str, ...] = (*LISTS, "buddy"), coalesce: bool | None = None) -> Scenario:
    """Small heaps with up to 14 operations on four variables: `64 bytes, best, header 4, a = malloc 9, free a, …`."""
    fit = draw(st.sampled_from(fits))
    align = draw(st.sampled_from((1, 2, 4)))
    known: set[str] = set()
    operations = []
    for op, name, size in draw(
        st.lists(
            st.tuples(
                st.sampled_from(("malloc", "malloc", "free", "free", "realloc", "use")),
                st.sampled_from("abcd"),
                st.integers(1, 24),
            ),
            min_size=1,
            max_size=14,
        )
    ):
        op = op if name in known else "malloc"  # noqa: PLW2901 — the first operation on a name allocates it
        known.add(name)
        operations.append(Operation(op, name, size if op in ("malloc", "realloc") else 0))
    size = draw(st.sampled_from((16, 32, 64))) if fit == "buddy" else draw(st.integers(8, 80))
    raw = {
        "size": size,
        "fit": fit,
        "align": align,
        "header": align * draw(st.integers(0, 2)),
        "coalesce": draw(st.booleans()) if coalesce is None else coalesce,
        "operations": operations,
    }
    return make(Scenario, raw)


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("tanenbaum-4 3 exercise 4, ostep 17.4, silberschatz-10 10.8.1")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_places(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        value = plain(SIMULATOR.measure(name).of(trace))
        assert (value | expected == value) if isinstance(expected, dict) else value == expected, name


@pytest.mark.textbook("ostep 17.4, figure 17.8")
def test_the_buddy_example_is_one_event() -> None:
    assert heap(64, "a = malloc 7", fit="buddy").events == (
        Event(Operation("malloc", "a", 7), "placed", 0, 8, 0, 1),
    )  # fmt: skip


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_request_is_rounded_then_the_header_is_added_and_the_address_is_the_payloads() -> None:
    trace = heap(100, "a = malloc 9", "b = malloc 8", header=8, align=8)
    assert address(trace) == {"a": 8, "b": 32}
    assert free_list(trace) == ((40, 60),)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("fit", "place", "examined"), [("first", 0, 1), ("best", 42, 4), ("worst", 63, 4), ("next", 63, 1)]
)
def test_each_fit_takes_its_own_hole(fit: str, place: int, examined: int) -> None:
    trace = heap(103, *HOLES, "x = malloc 15", fit=fit)
    assert trace.events[-1] == Event(Operation("malloc", "x", 15), "placed", place, 15, place, examined)


@pytest.mark.rule
@pytest.mark.parametrize("fit", ["best", "worst"])
def test_ties_go_to_the_lowest_address(fit: str) -> None:
    operations = ("a = malloc 10", "s = malloc 1", "b = malloc 10", "free b", "free a", "x = malloc 5")
    assert address(heap(21, *operations, fit=fit))["x"] == 0


@pytest.mark.rule
def test_next_fit_goes_on_behind_the_last_block_given_out_and_wraps() -> None:
    trace = heap(
        63, *HOLES, "x = malloc 5", "y = malloc 5", "z = malloc 12", "v = malloc 25", "w = malloc 9", fit="next"
    )
    assert [address(trace)[name] for name in "xyzvw"] == [0, 5, 10, "fails", 31]
    assert [event.searched for event in trace.events[-5:]] == [1, 1, 1, 3, 2]


@pytest.mark.rule
def test_under_next_fit_a_hole_that_reaches_over_the_last_block_is_looked_at_last() -> None:
    # b is given out at 30 to 35 and freed; the hole 30 to 40 starts in front of 35, so the search wraps to the bottom
    trace = heap(40, "c = malloc 10", "a = malloc 10", "s = malloc 10", "free a", "free c", "b = malloc 5",
                 "free b", "x = malloc 4", fit="next")  # fmt: skip
    assert address(trace)["x"] == 0


@pytest.mark.rule
def test_what_is_left_of_a_split_stays_free_however_small() -> None:
    assert free_list(heap(10, "a = malloc 9")) == ((9, 1),)
    assert free_list(heap(10, "a = malloc 10")) == ()


@pytest.mark.rule
def test_a_freed_block_joins_both_neighbours() -> None:
    operations = ("a = malloc 10", "b = malloc 10", "c = malloc 10", "free a", "free c", "free b")
    assert free_list(heap(30, *operations)) == ((0, 30),)
    assert free_list(heap(30, *operations, coalesce=False)) == ((0, 10), (10, 10), (20, 10))


@pytest.mark.rule
def test_a_buddy_joins_only_its_buddy() -> None:
    operations = ("a = malloc 8", "b = malloc 8", "c = malloc 8", "d = malloc 8", "free b", "free c")
    assert free_list(heap(32, *operations, fit="buddy")) == ((8, 8), (16, 8))
    assert free_list(heap(32, *operations, "free d", fit="buddy")) == ((8, 8), (16, 16))
    assert free_list(heap(32, *operations, "free d", "free a", fit="buddy")) == ((0, 32),)


@pytest.mark.rule
def test_buddy_takes_the_smallest_block_that_serves_at_the_lowest_address() -> None:
    trace = heap(64, "a = malloc 8", "b = malloc 16", "x = malloc 5", "y = malloc 30", "z = malloc 1", fit="buddy")
    assert address(trace) == {"a": 0, "b": 16, "x": 8, "y": 32, "z": "fails"}
    assert heap(64, "a = malloc 9", fit="buddy", header=8, align=8).events[0].size == 32


@pytest.mark.rule
def test_realloc_grows_into_a_free_right_neighbour() -> None:
    trace = heap(64, "a = malloc 8", "b = malloc 16", "c = malloc 8", "free b", "realloc a 20")
    assert trace.events[-1] == Event(Operation("realloc", "a", 20), "grown", 0, 20, 0)
    assert free_list(trace) == ((20, 4), (32, 32))


@pytest.mark.rule
def test_realloc_that_cannot_grow_is_malloc_copy_free() -> None:
    trace = heap(64, "a = malloc 8", "b = malloc 8", "realloc a 20", header=4, align=4)
    assert trace.events[-1] == Event(Operation("realloc", "a", 20), "moved", 24, 24, 28, 1)
    assert free_list(trace) == ((0, 12), (48, 16))


@pytest.mark.rule
def test_the_old_block_is_still_taken_while_realloc_looks_for_a_new_one() -> None:
    trace = heap(30, "a = malloc 10", "b = malloc 10", "realloc a 15")
    assert trace.events[-1].outcome == "failed"
    assert heap_after(trace).live[0].request == 10
    assert heap(30, "a = malloc 10", "b = malloc 10", "realloc a 15", "free a").events[-1].outcome == "freed"


@pytest.mark.rule
def test_realloc_shrinks_in_place_and_the_rest_joins_the_free_neighbour() -> None:
    assert free_list(heap(30, "a = malloc 20", "realloc a 5")) == ((5, 25),)
    assert free_list(heap(30, "a = malloc 20", "realloc a 5", coalesce=False)) == ((5, 15), (20, 10))
    assert free_list(heap(32, "a = malloc 17", "realloc a 5", fit="buddy")) == ((8, 8), (16, 16))
    assert heap(32, "a = malloc 10", "realloc a 12", align=4).events[-1].outcome == "stays"


@pytest.mark.rule
def test_a_buddy_grows_into_its_right_buddies_only() -> None:
    assert heap(32, "a = malloc 4", "realloc a 30", fit="buddy").events[-1] == Event(
        Operation("realloc", "a", 30), "grown", 0, 32, 0
    )
    right = heap(32, "a = malloc 8", "b = malloc 8", "realloc b 9", fit="buddy")
    assert right.events[-1].outcome == "moved"
    assert right.events[-1].start == 16
    eights = [f"{name} = malloc 8" for name in "abcd"]
    assert heap(32, *eights, "free c", "realloc b 9", fit="buddy").events[-1].outcome == "failed"
    assert heap(32, *eights, "free d", "realloc c 9", fit="buddy").events[-1].outcome == "grown"


@pytest.mark.rule
def test_null_is_free_of_charge_and_realloc_of_null_is_malloc() -> None:
    trace = heap(8, "a = malloc 9", "free a", "use a", "realloc a 8", "realloc a 9", "use a")
    assert [event.outcome for event in trace.events] == ["failed", "null", "null", "placed", "failed", "used"]
    assert failed(trace) == {1, 5}


@pytest.mark.rule
def test_a_second_free_and_a_use_after_free_are_noted_and_change_nothing() -> None:
    trace = heap(16, "a = malloc 8", "free a", "free a", "b = malloc 8", "use a", "free a", "realloc a 4", "use b")
    assert double_free(trace) == {3, 6}
    assert use_after_free(trace) == {5, 7}
    assert free_list(trace) == ((8, 8),)


@pytest.mark.rule
def test_a_variable_that_is_allocated_again_leaks_its_block_and_is_valid_again() -> None:
    trace = heap(64, "a = malloc 8", "a = malloc 16", "free a", "a = malloc 4", "use a")
    assert leaked(trace) == 12
    assert trace.events[-1].outcome == "used"


@pytest.mark.rule
def test_fragmentation_is_zero_when_nothing_is_free() -> None:
    assert fragmentation(heap(8, "a = malloc 8")) == 0
    assert largest_free(heap(8, "a = malloc 8")) == 0
    assert fragmentation(heap(103, *HOLES)) == 1 - Fraction(40, 100)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"size": 0, "fit": "good", "operations": ["a = malloc 0", "free", 7, "x! = malloc 3", "a = calloc 3"]}
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    wrong = ["size", "fit", *(f"operations.{index}" for index in range(5))]
    assert [fault.where for fault in refused.value.faults] == wrong
    assert str(refused.value.faults[2]) == "operations.0: must ask for 1 to 16777216 bytes, got '0'"


@pytest.mark.rule
def test_a_buddy_heap_is_a_power_of_two_and_headers_keep_the_alignment() -> None:
    with pytest.raises(Invalid) as refused:
        heap(48, "a = malloc 4", "free b", fit="buddy", header=4, align=8)
    assert [str(fault) for fault in refused.value.faults] == [
        "header: must be a multiple of align (8), got 4",
        "size: must be a power of two for buddy, got 48",
        "operations.1: b was never allocated before",
    ]


@pytest.mark.rule
def test_the_mistakes_are_the_classic_ones() -> None:
    def mistaken(name: str, measure: str, trace: Trace) -> Any:
        mistake = SIMULATOR.mistake(name)
        assert mistake.applies_to(measure)
        of = SIMULATOR.measure(measure).of
        return of(run(mistake.rule(trace.scenario))) if mistake.rule else mistake.measures[measure](trace)

    padded = heap(256, "a = malloc 20", "b = malloc 33", "c = malloc 8", "free b", "realloc a 50", header=8, align=8)
    assert mistaken("header-forgotten", "address", padded) == {"a": 0, "b": 24, "c": 64}
    assert mistaken("alignment-forgotten", "address", padded) == {"a": 8, "b": 36, "c": 77}
    assert mistaken("block-address-for-payload", "address", padded) == {"a": 0, "b": 32, "c": 80}
    assert mistaken("realloc-always-moves", "address", padded)["a"] == 104
    assert mistaken("headers-not-waste", "internal-waste", padded) == internal_waste(padded) - 16 == 6
    assert mistaken("blocks-for-requests", "leaked", padded) == 64 + 16
    holes = heap(103, *HOLES, "x = malloc 15", "y = malloc 12", "z = malloc 60")
    assert mistaken("best-fit-instead", "address", holes)["x"] == 42
    assert mistaken("worst-fit-instead", "address", holes)["x"] == 63
    assert mistaken("first-fit-instead", "address", run(replace(holes.scenario, fit="best")))["x"] == 0
    assert mistaken("no-split", "free-list", holes) == ((31, 10), (63, 40))
    assert mistaken("compared-with-the-heap", "fragmentation", holes) == 1 - Fraction(40, 103)
    assert mistaken("use-for-fragmentation", "fragmentation", holes) == Fraction(30, 103)
    assert mistaken("total-for-largest", "largest-free", holes) == 73
    assert mistaken("total-for-largest", "failed", holes) == frozenset()
    three = heap(30, "a = malloc 10", "b = malloc 10", "c = malloc 10", "free a", "free b", "x = malloc 20")
    assert mistaken("no-coalescing", "failed", three) == {6}
    assert mistaken("merges-right-only", "failed", three) == {6}
    buddies = heap(32, *(f"{name} = malloc 8" for name in "abcd"), "free b", "free c", "x = malloc 16", fit="buddy")
    assert mistaken("any-neighbour-merges", "address", buddies)["x"] == 8
    assert mistaken("first-fit-instead", "address", buddies) == address(buddies)
    wrong = heap(16, "a = malloc 8", "free a", "use a", "b = malloc 8", "use a", "free a", "use a")
    assert use_after_free(wrong) == {3, 5, 7}
    assert mistaken("address-reused-is-fine", "use-after-free", wrong) == {3}
    assert mistaken("double-frees-too", "use-after-free", wrong) == {3, 5, 6, 7}
    with pytest.raises(NoAnswer):
        mistaken("headers-not-waste", "internal-waste", holes)


@pytest.mark.rule
def test_an_operation_is_told_with_the_blocks_first_and_last_byte() -> None:
    trace = heap(64, "a = malloc 10", "b = malloc 4", "free a")
    assert "the block is bytes 0 to 9, the address 0" in tell(trace, 0)
    assert "the block is bytes 10 to 13, the address 10" in tell(trace, 1)
    assert tell(trace, 2) == "free a: bytes 0 to 9 are free again."


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_free_and_live_blocks_partition_the_heap_after_every_operation(scenario: Scenario) -> None:
    trace = run(scenario)
    for upto in range(len(trace.events) + 1):
        now = heap_after(trace, upto)
        blocks = sorted([*now.free.items(), *((start, block.size) for start, block in now.live.items())])
        assert [start for start, _ in blocks] == [0, *(start + size for start, size in blocks)][:-1]
        assert sum(size for _, size in blocks) == scenario.size
        assert all(block.request + scenario.header <= block.size for block in now.live.values())


@pytest.mark.law
@given(scenarios(coalesce=True))
def test_no_two_free_neighbours_and_no_two_free_buddies_remain(scenario: Scenario) -> None:
    trace = run(scenario)
    for upto in range(len(trace.events) + 1):
        free = heap_after(trace, upto).free
        if scenario.fit == "buddy":
            assert all(start % size == 0 and free.get(start ^ size) != size for start, size in free.items())
        else:
            assert all(start + size < above for (start, size), (above, _) in pairwise(free.items()))


@pytest.mark.law
@given(scenarios())
def test_a_request_fails_only_when_every_free_block_is_too_small(scenario: Scenario) -> None:
    trace = run(scenario)
    for index, event in enumerate(trace.events):
        before = heap_after(trace, index).free
        if event.outcome == "failed":
            assert all(size < needed(scenario, event.operation.bytes) for size in before.values())
        elif event.outcome == "placed":
            assert event.address % scenario.align == 0
            assert scenario.fit != "buddy" or event.start % event.size == 0


@pytest.mark.law
@given(scenarios())
def test_freeing_everything_gives_the_whole_heap_back(scenario: Scenario) -> None:
    once = [op for op in scenario.operations if op.op == "malloc"]
    renamed = tuple(Operation("malloc", f"v{n}", op.bytes) for n, op in enumerate(once))
    freed = tuple(Operation("free", op.name) for op in renamed)
    trace = run(replace(scenario, operations=(*renamed, *freed), coalesce=True))
    assert free_list(trace) == ((0, scenario.size),)
    assert leaked(trace) == internal_waste(trace) == fragmentation(trace) == 0


@pytest.mark.law
@given(scenarios(fits=LISTS))
def test_best_and_worst_examine_every_block_and_first_never_more(scenario: Scenario) -> None:
    trace = run(scenario)
    for index, event in enumerate(trace.events):
        free = len(heap_after(trace, index).free)
        looked = event.outcome in ("placed", "moved", "failed")
        whole = looked and (scenario.fit in ("best", "worst") or event.outcome == "failed")
        assert event.searched == free if whole else event.searched <= free
    assert searched(trace) == sum(event.searched for event in trace.events)


@pytest.mark.law
@given(scenarios())
def test_the_worked_solution_ends_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        if not measure.applies(scenario):
            continue
        steps, value = measure.steps(trace), measure.of(trace)
        if measure.name == "address":
            assert {step.key: step.value for step in steps if step.key} == value
        else:
            assert steps[-1].value == value, measure.name
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


class ByteHeap:
    """A plainer heap: each byte knows its owner; holes are found by walking over all bytes."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.bytes, self.rover = scenario, [""] * scenario.size, 0

    def holes(self) -> list[tuple[int, int]]:
        found, at = [], 0
        while at < len(self.bytes):
            end = at
            while end < len(self.bytes) and not self.bytes[end] and not self.bytes[at]:
                end += 1
            if end > at:
                found.append((at, end - at))
            at = max(end, at + 1)
        return found

    def place(self, owner: str, request: int) -> int | None:
        need = -(-request // self.scenario.align) * self.scenario.align + self.scenario.header
        fitting = [(at, size) for at, size in self.holes() if size >= need]
        if not fitting:
            return None
        match self.scenario.fit:
            case "first":
                at = fitting[0][0]
            case "best":
                at = min(fitting, key=lambda hole: hole[1])[0]
            case "worst":
                at = min(fitting, key=lambda hole: -hole[1])[0]
            case _:
                at = ([hole for hole in fitting if hole[0] >= self.rover] or fitting)[0][0]
        self.bytes[at : at + need] = [owner] * need
        self.rover = at + need
        return at

    def release(self, owner: str) -> None:
        self.bytes = ["" if byte == owner else byte for byte in self.bytes]


def by_bytes(scenario: Scenario) -> tuple[list[int | None], list[tuple[int, int]]]:
    """Start of the block after each malloc and realloc (None: failed), and the holes at the end."""
    plainer, owner_of, dead, given_ = ByteHeap(scenario), {}, set(), []
    for n, op in enumerate(scenario.operations):
        owner = owner_of.get(op.name)
        if op.op == "malloc" or (op.op == "realloc" and owner is None):
            at = plainer.place(f"{op.name}{n}", op.bytes)
            owner_of[op.name] = None if at is None else f"{op.name}{n}"
            given_.append(at)
        elif owner is None or owner in dead or op.op == "use":
            continue
        elif op.op == "free":
            plainer.release(owner)
            dead.add(owner)
        else:
            start, size = plainer.bytes.index(owner), plainer.bytes.count(owner)
            need = -(-op.bytes // scenario.align) * scenario.align + scenario.header
            hole = dict(plainer.holes()).get(start + size, 0)
            if need <= size + hole:
                plainer.release(owner)
                plainer.bytes[start : start + need] = [owner] * need
                given_.append(start)
            else:
                at = plainer.place(f"{op.name}{n}", op.bytes)
                given_.append(at)
                if at is not None:
                    plainer.release(owner)
                    owner_of[op.name] = f"{op.name}{n}"
    return given_, plainer.holes()


@pytest.mark.opinion("a heap of single bytes with owners")
@given(scenarios(fits=LISTS, coalesce=True))
def test_a_heap_of_single_bytes_gives_out_the_same_places(scenario: Scenario) -> None:
    trace = run(scenario)
    placed = [
        None if event.outcome == "failed" else event.start
        for event in trace.events
        if event.operation.bytes and event.outcome not in ("use-after-free", "null")
    ]
    given_, holes = by_bytes(scenario)
    assert placed == given_
    assert list(free_list(trace)) == holes


class Half:
    """A plainer buddy heap: a tree of halves."""

    def __init__(self, start: int, size: int) -> None:
        self.start, self.size, self.owner = start, size, ""
        self.halves: list[Half] = []

    def leaves(self) -> list["Half"]:
        return [leaf for half in self.halves for leaf in half.leaves()] if self.halves else [self]

    def place(self, owner: str, size: int) -> int | None:
        fitting = [leaf for leaf in self.leaves() if not leaf.owner and leaf.size >= size]
        if not fitting:
            return None
        leaf = min(fitting, key=lambda leaf: leaf.size)
        while leaf.size > size:
            leaf.halves = [Half(leaf.start, leaf.size // 2), Half(leaf.start + leaf.size // 2, leaf.size // 2)]
            leaf = leaf.halves[0]
        leaf.owner = owner
        return leaf.start

    def release(self, owner: str) -> None:
        for leaf in self.leaves():
            leaf.owner = "" if leaf.owner == owner else leaf.owner
        self.join()

    def join(self) -> bool:
        joined = [half.join() for half in self.halves]
        if joined and all(joined):
            self.halves = []
        return not self.halves and not self.owner


@pytest.mark.opinion("a tree of halves")
@given(scenarios(fits=("buddy",), coalesce=True))
def test_a_tree_of_halves_gives_out_the_same_buddies(scenario: Scenario) -> None:
    operations = tuple(op if op.op != "realloc" else Operation("use", op.name) for op in scenario.operations)
    trace = run(replace(scenario, operations=operations))
    root, owner_of = Half(0, scenario.size), {}
    for n, (op, event) in enumerate(zip(operations, trace.events, strict=True)):
        if op.op == "malloc":
            size = 1
            while size < needed(replace(scenario, fit="first"), op.bytes):
                size *= 2
            at = root.place(f"{op.name}{n}", size)
            owner_of[op.name] = f"{op.name}{n}"
            assert at == (None if event.outcome == "failed" else event.start)
        elif op.op == "free":
            root.release(owner_of[op.name])
    assert list(free_list(trace)) == [(leaf.start, leaf.size) for leaf in root.leaves() if not leaf.owner]
