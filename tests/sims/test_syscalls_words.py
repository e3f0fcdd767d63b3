"""Do the sentences and small figures of a transfer say what happened? Each case worked by hand."""

import pytest

from sims.listed import simulator as listed
from tests.sims.worded import told, traced


@pytest.mark.parametrize("simulator", ["syscalls"])
def test_calls_and_pages_are_counted_in_words(simulator: str) -> None:
    free = {"syscall": 100, "copy_per_kib": 0, "fault": 500}
    one, two = (told(simulator, traced("syscalls", call="mmap", bytes=size, costs=free)) for size in (4096, 4097))
    assert one == ["One mmap maps the file; nothing is read yet. 100 ns.", "1 page fault when first touched. 500 ns."]
    assert two[1] == "2 pages fault when first touched. 1000 ns."
    batched = told(simulator, traced("syscalls", call="io-uring-batch", bytes=23, chunk=5, batch=2, costs=free))
    assert batched == [  # five reads: two calls of two, and one
        "2 calls of io_uring_enter hand over reads of 10 bytes each. 200 ns.",
        "1 call of io_uring_enter hand over reads of 3 bytes each. 100 ns.",
    ]
    full = told(simulator, traced("syscalls", call="io-uring-batch", bytes=18, chunk=5, batch=2, costs=free))
    assert full[1].startswith("1 call of io_uring_enter hand over reads of 8 bytes")  # four reads; the last is short


@pytest.mark.parametrize("simulator", ["syscalls"])
def test_a_full_call_is_told_in_the_singular_and_the_plural(simulator: str) -> None:
    says = [told(simulator, traced(simulator, call="write", bytes=size, chunk=6))[0] for size in (6, 12, 18)]
    assert [sentence.partition(".")[0] for sentence in says] == [
        "1 call of write moves 6 bytes each", "2 calls of write move 6 bytes each", "3 calls of write move 6 bytes each",
    ]  # fmt: skip


@pytest.mark.parametrize("simulator", ["syscalls"])
def test_only_a_time_that_is_not_whole_is_about(simulator: str) -> None:
    costs = {"syscall": 100, "copy_per_kib": 1, "fault": 1}
    whole, part = (told(simulator, traced(simulator, call="write", bytes=n, chunk=n, costs=costs)) for n in (1024, 512))
    assert whole[0].endswith(" 101 ns.")
    assert "About" not in whole[0]
    assert part[0].endswith(" About 100 ns.")  # half a nanosecond more


@pytest.mark.parametrize("simulator", ["syscalls"])
def test_mapping_moves_no_bytes_and_maps_up_to_sixteen_pages_around(simulator: str) -> None:
    trace = traced(simulator, call="mmap", bytes=40_000)
    assert [event.size for event in trace.events] == [0, 0]
    rule = listed(simulator).mistake("fault-around").rule
    assert rule is not None
    for pages, faults in ((15, 1), (16, 1), (17, 2), (32, 2), (33, 3)):
        scenario = listed(simulator).scenario({"call": "mmap", "bytes": pages * 4096})
        assert listed(simulator).measure("faults").of(listed(simulator).run(rule(scenario))) == faults
