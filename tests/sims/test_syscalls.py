"""Does a transfer need as many calls and faults as the kernel counts?"""

import json
import mmap
import subprocess
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sims.declare import Invalid, NoAnswer, plain
from sims.syscalls import CALLS, SIMULATOR, Costs, Scenario, Trace, run, tell
from sims.syscalls import measures as m

WORKED = sorted((Path(__file__).parents[2] / "data" / "syscalls").glob("*.json"))
RUNNER = Path(__file__).parent / "kernel" / "transfer_process.py"


def move(call: str, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"call": call, **fields}))


@st.composite
def scenarios(draw: st.DrawFn, calls: tuple[str, ...] = CALLS) -> Scenario:
    """Small files: `read, 10000 bytes, chunk 512, buffer 4096, batch 3, call 100 ns, KiB 7 ns, fault 20 ns`."""
    return Scenario(
        call=draw(st.sampled_from(calls)),
        bytes=draw(st.integers(1, 20_000)),
        chunk=draw(st.integers(1, 5_000)),
        buffer=draw(st.just(0) | st.integers(1, 9_000)),
        batch=draw(st.integers(1, 9)),
        costs=Costs(
            syscall=draw(st.integers(0, 200)), copy_per_kib=draw(st.integers(0, 90)), fault=draw(st.integers(0, 900))
        ),
    )


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("tlpi 13.1; derivations in data/syscalls")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_derived_counts(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == expected, name


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("call", ["read", "readv", "sendfile"])
def test_reading_to_the_end_needs_a_call_that_returns_nothing(call: str) -> None:
    assert m.calls(move(call, bytes=8192, chunk=4096)) == 3
    assert m.calls(move(call, bytes=8193, chunk=4096)) == 4
    assert m.calls(move(call, bytes=1, chunk=4096)) == 2


@pytest.mark.rule
def test_write_knows_how_much_it_has() -> None:
    assert m.calls(move("write", bytes=8192, chunk=4096)) == 2
    assert m.calls(move("write", bytes=8193, chunk=4096)) == 3


@pytest.mark.rule
def test_mmap_is_one_call_and_a_fault_for_each_page() -> None:
    assert [m.calls(move("mmap", bytes=size)) for size in (1, 4096, 4097)] == [1, 1, 1]
    assert [m.faults(move("mmap", bytes=size)) for size in (1, 4096, 4097)] == [1, 1, 2]
    assert m.faults(move("read", bytes=4097)) == 0


@pytest.mark.rule
def test_a_batch_of_reads_is_one_call() -> None:
    assert [m.calls(move("io-uring-batch", bytes=10, chunk=1, batch=n)) for n in (1, 3, 5, 10, 99)] == [10, 4, 2, 1, 1]
    assert m.copied(move("io-uring-batch", bytes=10, chunk=4, batch=2)) == 10


@pytest.mark.rule
def test_a_buffer_makes_reads_and_writes_larger_and_nothing_else() -> None:
    sized = {call: m.calls(move(call, bytes=8192, chunk=1024, buffer=4096)) for call in CALLS}
    assert sized == {"read": 3, "write": 2, "readv": 9, "sendfile": 9, "mmap": 1, "io-uring-batch": 8}
    assert m.calls(move("read", bytes=8192, chunk=4096, buffer=1024)) == 3


@pytest.mark.rule
def test_each_call_crosses_in_and_out_and_is_no_context_switch() -> None:
    trace = move("read", bytes=4096, chunk=1024)
    assert m.counts(trace) == {"calls": 5, "crossings": 10, "copies": 1, "faults": 0, "switches": 0}


@pytest.mark.rule
def test_sendfile_and_mmap_copy_nothing() -> None:
    assert {call: m.copies(move(call, bytes=9)) for call in CALLS} == {
        "read": 1, "write": 1, "readv": 1, "sendfile": 0, "mmap": 0, "io-uring-batch": 1,
    }  # fmt: skip


@pytest.mark.rule
def test_time_is_calls_copies_and_faults() -> None:
    costs = {"syscall": 100, "copy_per_kib": 64, "fault": 500}
    assert m.time(move("write", bytes=2560, chunk=1024, costs=costs)) == 3 * 100 + 160
    assert m.time(move("mmap", bytes=9000, costs=costs)) == 100 + 3 * 500
    assert m.per_byte(move("write", bytes=512, costs=costs)) == Fraction(100 + 32, 512)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"call": "pread", "bytes": 0, "chunk": 0, "batch": 0, "costs": {"syscall": -1}})
    assert {fault.where for fault in refused.value.faults} == {"call", "bytes", "chunk", "batch", "costs.syscall"}


@pytest.mark.rule
@pytest.mark.parametrize(
    ("field", "least", "most"),
    [("bytes", 1, 1_099_511_627_776), ("chunk", 1, 1_073_741_824), ("buffer", 0, 1_073_741_824), ("batch", 1, 32_768)],
)
def test_a_field_takes_both_its_limits_and_nothing_beyond(field: str, least: int, most: int) -> None:
    whole = {"call": "read", "bytes": 1}
    for inside in (least, most):
        assert getattr(SIMULATOR.scenario({**whole, field: inside}), field) == inside
    for outside in (least - 1, most + 1):
        with pytest.raises(Invalid):
            SIMULATOR.scenario({**whole, field: outside})


@pytest.mark.rule
@pytest.mark.parametrize("cost", ["syscall", "copy_per_kib", "fault"])
def test_a_cost_is_from_nothing_to_a_millisecond(cost: str) -> None:
    for inside in (0, 1_000_000):
        assert getattr(SIMULATOR.scenario({"call": "read", "bytes": 1, "costs": {cost: inside}}).costs, cost) == inside
    for outside in (-1, 1_000_001):
        with pytest.raises(Invalid):
            SIMULATOR.scenario({"call": "read", "bytes": 1, "costs": {cost: outside}})


def under(trace: Trace, mistake: str, measure: str) -> object:
    known = SIMULATOR.mistake(mistake)
    assert known.applies_to(measure), (mistake, measure)
    if known.rule is None:
        return known.measures[measure](trace)
    return SIMULATOR.measure(measure).of(run(known.rule(trace.scenario)))


COSTS = {"syscall": 100, "copy_per_kib": 1024, "fault": 500}


@pytest.mark.rule
@pytest.mark.parametrize(
    ("mistake", "measure", "fields", "right", "wrong"),
    [
        ("end-of-file-forgotten", "calls", {"call": "read", "bytes": 10, "chunk": 4}, 4, 3),
        ("rounded-down", "calls", {"call": "read", "bytes": 10, "chunk": 4}, 4, 3),
        ("rounded-down", "calls", {"call": "io-uring-batch", "bytes": 10, "chunk": 4, "batch": 2}, 2, 1),
        ("crossings-for-calls", "calls", {"call": "read", "bytes": 10, "chunk": 4}, 4, 8),
        ("one-crossing-a-call", "crossings", {"call": "read", "bytes": 10, "chunk": 4}, 8, 4),
        ("buffering-changes-bytes", "time", {"call": "write", "bytes": 10, "chunk": 1, "buffer": 8}, 210, 216),
        ("whole-buffers-copied", "copied", {"call": "write", "bytes": 10, "chunk": 1, "buffer": 8}, 10, 16),
        ("buffer-copies-again", "copied", {"call": "write", "bytes": 10, "chunk": 1, "buffer": 8}, 10, 20),
        ("buffer-ignored", "calls", {"call": "write", "bytes": 10, "chunk": 1, "buffer": 8}, 2, 10),
        ("mmap-costs-nothing", "time", {"call": "mmap", "bytes": 5000}, 1100, 100),
        ("mmap-costs-nothing", "faults", {"call": "mmap", "bytes": 5000}, 2, 0),
        ("faults-by-chunk", "faults", {"call": "mmap", "bytes": 5000, "chunk": 1000}, 2, 5),
        ("sendfile-copies-twice", "time", {"call": "sendfile", "bytes": 10, "chunk": 8}, 300, 320),
        ("batch-ignored", "calls", {"call": "io-uring-batch", "bytes": 10, "chunk": 2, "batch": 3}, 2, 5),
        ("kib-of-1000", "time", {"call": "write", "bytes": 1000, "chunk": 1000}, 1100, 1124),
        ("fault-around", "faults", {"call": "mmap", "bytes": 17 * 4096}, 17, 2),
    ],
)
def test_each_mistake_gives_its_number(
    mistake: str, measure: str, fields: dict[str, object], right: object, wrong: object
) -> None:
    trace = run(SIMULATOR.scenario({**fields, "costs": COSTS}))
    assert SIMULATOR.measure(measure).of(trace) == right
    assert under(trace, mistake, measure) == wrong


@pytest.mark.rule
def test_the_mistakes_about_counts_change_one_count() -> None:
    trace = move("mmap", bytes=5000, chunk=1000)
    right = m.counts(trace)
    assert under(trace, "syscall-is-context-switch", "counts") == {**right, "switches": 1}
    assert under(trace, "one-crossing-a-call", "counts") == {**right, "crossings": 1}
    assert under(trace, "faults-by-chunk", "counts") == {**right, "faults": 5}
    for mistake in ("whole-buffers-copied", "buffer-copies-again"):
        with pytest.raises(NoAnswer):
            under(trace, mistake, "copied")
    with pytest.raises(NoAnswer):
        under(move("read", bytes=5000), "faults-by-chunk", "faults")


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_the_calls_move_exactly_the_bytes(scenario: Scenario) -> None:
    trace = run(scenario)
    moved = sum(event.times * event.size for event in trace.events if event.kind in ("full", "short"))
    if scenario.call not in ("mmap", "io-uring-batch"):
        assert moved == scenario.bytes
    assert m.copied(trace) == m.copies(trace) * scenario.bytes


@pytest.mark.law
@given(scenarios(), st.integers(2, 5))
def test_larger_chunks_and_batches_never_need_more_calls(scenario: Scenario, factor: int) -> None:
    calls = m.calls(run(scenario))
    assert m.calls(run(replace(scenario, chunk=factor * scenario.chunk))) <= calls
    assert m.calls(run(replace(scenario, batch=factor * scenario.batch))) <= calls
    assert m.calls(run(replace(scenario, buffer=factor * scenario.unit))) <= calls


@pytest.mark.law
@given(scenarios())
def test_time_is_linear_in_the_costs(scenario: Scenario) -> None:
    costs = scenario.costs
    only = [
        replace(scenario, costs=Costs(syscall=costs.syscall, copy_per_kib=0, fault=0)),
        replace(scenario, costs=Costs(syscall=0, copy_per_kib=costs.copy_per_kib, fault=0)),
        replace(scenario, costs=Costs(syscall=0, copy_per_kib=0, fault=costs.fault)),
    ]
    assert m.time(run(scenario)) == sum(m.time(run(one)) for one in only)


@pytest.mark.law
@given(scenarios())
def test_the_worked_solutions_end_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    for measure in SIMULATOR.measures:
        steps, value = measure.steps(trace), measure.of(trace)
        if isinstance(value, dict):
            assert {step.key: step.value for step in steps if step.key is not None} == value, measure.name
        else:
            assert steps[-1].value == value, measure.name
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))
    assert SIMULATOR.scenario(json.loads(json.dumps(plain(scenario)))) == scenario


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.opinion("counted chunk by chunk")
@given(scenarios())
def test_a_program_that_moves_chunk_by_chunk_counts_the_same(scenario: Scenario) -> None:
    left, calls = scenario.bytes, 0
    if scenario.call == "mmap":
        calls = 1
    elif scenario.call == "io-uring-batch":
        while left > 0:
            calls += 1
            for _ in range(scenario.batch):
                left -= min(left, scenario.chunk)
    else:
        while left > 0:
            left -= min(left, scenario.unit)
            calls += 1
        calls += scenario.call != "write"
    assert m.calls(run(scenario)) == calls


LINUX = pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="no /proc/self/io: not Linux, or not permitted")
PAGES = pytest.mark.skipif(mmap.PAGESIZE != 4096, reason=f"pages of {mmap.PAGESIZE} bytes, the rule is for 4096")


def by_kernel(cases: list[Scenario]) -> list[int]:
    """What the kernel counts for each case, in a process of its own."""
    lines = "".join(json.dumps(plain(case)) + "\n" for case in cases)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-I", str(RUNNER), f"{folder}/file"]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=True)
    return [int(line) for line in done.stdout.split()]


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel: syscr and syscw of /proc/self/io")
@settings(max_examples=6)
@given(st.lists(scenarios(calls=("read", "write", "readv", "sendfile")), min_size=10, max_size=20))
def test_the_kernel_counts_the_same_calls(cases: list[Scenario]) -> None:
    plainly = [replace(case, buffer=0) for case in cases]
    assert by_kernel(plainly) == [m.calls(run(case)) for case in plainly]


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel and Python's buffered reader")
@settings(max_examples=6)
@given(st.lists(scenarios(calls=("read",)), min_size=10, max_size=20))
def test_the_kernel_counts_the_same_calls_through_a_buffer(cases: list[Scenario]) -> None:
    buffered = [replace(case, buffer=case.chunk + case.buffer) for case in cases]
    assert by_kernel(buffered) == [m.calls(run(case)) for case in buffered]


@LINUX
@PAGES
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel: minor faults of a mapping")
def test_the_kernel_counts_a_fault_for_each_page_that_is_written() -> None:
    sizes = (1, 4096, 4097, 40_960, 100_001, 1_000_000)
    cases = [Scenario(call="mmap", bytes=size) for size in sizes]
    assert by_kernel(cases) == [m.faults(run(case)) for case in cases]
