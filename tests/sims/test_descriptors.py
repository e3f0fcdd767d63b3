"""Are descriptors numbered, shared and closed as Linux does it?"""

import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer, plain
from sims.descriptors import SIMULATOR, Operation, Scenario, Trace, run, tell
from sims.descriptors import measures as m
from sims.descriptors.scenario import SILENT, processes

WORKED = sorted((Path(__file__).parents[2] / "data" / "descriptors").glob("*.json"))
RUNNER = Path(__file__).parent / "kernel" / "descriptor_process.py"
CONTROL = 700  # control sockets stand here and above, beyond every limit of these tests


def calls(*lines: object, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"operations": list(lines), **fields}))


def results(*lines: object, **fields: object) -> list[object]:
    return [result for event in calls(*lines, **fields).events for result in event.results]


@st.composite
def scenarios(draw: st.DrawFn, least: int = 1) -> Scenario:
    """Calls of up to three processes: `open a cloexec, fork C1, C1: dup2 3 1, close 3, C1: exec, pipe, read 4 9`."""
    limit = draw(st.integers(4, 9))
    alive, lines = ["P"], []
    fds = st.sampled_from((3, 3, 3, 4, 4, 5, 6, 0, 1, 9))  # mostly open ones
    amounts = st.integers(1, 90)
    paths, flags = st.sampled_from("ab"), st.sampled_from(("", " cloexec"))
    for _ in range(draw(st.integers(least, 20))):
        op = draw(st.sampled_from((*CALLS, "open", "pipe", "read", "read", "write", "dup")))
        who = draw(st.sampled_from(alive))
        if op == "exit" and len(alive) == 1:
            continue
        if op == "fork":
            if len(alive) > 2:
                continue
            child = f"C{len(lines)}"
            lines.append(f"{who}: fork {child}")
            alive.append(child)
            continue
        takes = {"path": paths, "fd": fds, "to": fds, "bytes": amounts, "offset": st.integers(0, 500)}
        arguments = " ".join(str(draw(takes[name])) for name in CALLS[op])
        lines.append(f"{who}: {op} {arguments}{draw(flags) if op in ('open', 'pipe') else ''}")
        if op == "exit":
            alive.remove(who)
    raw = {
        "limit": limit,
        "files": [{"name": "a", "size": draw(st.integers(100, 300))}],
        "operations": lines or ["pipe"],
    }
    return SIMULATOR.scenario(raw)


CALLS = {
    "open": ("path",), "close": ("fd",), "dup": ("fd",), "dup2": ("fd", "to"), "pipe": (), "fork": (), "exec": (),
    "read": ("fd", "bytes"), "write": ("fd", "bytes"), "lseek": ("fd", "offset"), "unlink": ("path",),
    "cloexec": ("fd",), "exit": (),
}  # fmt: skip


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("tlpi 5.4, 5.5, 44.2; man-2-dup; man-7-pipe")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_documented_results(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        measure, *arguments = name.split()
        words = dict(argument.split("=") for argument in arguments)
        given_ = {key: int(value) if value.isdigit() else value for key, value in words.items()}
        assert plain(SIMULATOR.measure(measure).of(trace, **given_)) == expected, name


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_new_descriptor_is_the_lowest_free_number() -> None:
    assert results("open a", "open b", "close 3", "dup 4", "close 1", "pipe") == [3, 4, 0, 3, 0, 1, 5]


@pytest.mark.rule
def test_every_number_is_below_the_limit() -> None:
    assert results("open a", "dup 3", "open b", limit=5) == [3, 4, "EMFILE"]


@pytest.mark.rule
def test_a_pipe_takes_two_numbers_or_none() -> None:
    assert results("open a", "pipe", "open b", limit=5) == [3, "EMFILE", "EMFILE", 4]


@pytest.mark.rule
def test_an_open_that_fails_makes_no_file() -> None:
    assert results("open a", "open b", "unlink b", limit=4) == [3, "EMFILE", "ENOENT"]


@pytest.mark.rule
def test_dup2_beyond_the_limit_is_ebadf_not_emfile() -> None:
    assert results("open a", "dup2 3 8", "dup2 3 7", limit=8) == [3, "EBADF", 7]


@pytest.mark.rule
def test_dup2_of_a_number_onto_itself_does_nothing() -> None:
    trace = calls("open a cloexec", "dup2 3 3", "dup2 5 5", "exec")
    assert [event.results for event in trace.events] == [(3,), (3,), ("EBADF",), ()]
    assert m.table(trace, "P") == ((0, "tty"), (1, "tty"), (2, "tty"))


@pytest.mark.rule
def test_dup2_closes_what_the_number_named() -> None:
    trace = calls("open a", "open b", "dup2 3 4")
    assert m.table(trace, "P")[-1] == (4, "a")
    assert m.references(trace) == {"tty": 3, "1": 2, "2": 0}


@pytest.mark.rule
def test_dup_and_dup2_clear_close_on_exec() -> None:
    trace = calls("open a cloexec", "dup 3", "dup2 3 7", "exec")
    assert m.table(trace, "P")[3:] == ((4, "a"), (7, "a"))


@pytest.mark.rule
def test_fork_copies_the_flags_and_exec_closes_exactly_the_marked_ones() -> None:
    trace = calls("open a", "open b cloexec", "pipe", "cloexec 5", "fork C", "C: exec")
    assert m.table(trace, "C") == ((0, "tty"), (1, "tty"), (2, "tty"), (3, "a"), (6, "pipe1.w"))
    assert len(m.table(trace, "P")) == 7


@pytest.mark.rule
def test_dup_and_fork_share_the_offset_and_a_second_open_does_not() -> None:
    trace = calls("open a", "dup 3", "open a", "fork C", "C: read 4 30", files=[{"name": "a", "size": 100}])
    assert [m.offset(trace, fd) for fd in (3, 4, 5)] == [30, 30, 0]


@pytest.mark.rule
def test_the_end_of_a_pipe_comes_only_when_every_write_end_is_closed() -> None:
    trace = results("pipe", "fork C", "C: close 4", "read 3 5", "C: read 3 5", "close 4", "C: read 3 5")
    assert trace == [3, 4, 0, "would-block", "would-block", 0, 0]


@pytest.mark.rule
def test_a_write_without_a_reader_is_epipe() -> None:
    assert results("pipe", "write 4 5", "fork C", "close 3", "write 4 5", "C: exit", "write 4 5") == [
        3, 4, 5, 0, 5, "EPIPE",
    ]  # fmt: skip


@pytest.mark.rule
def test_what_is_in_the_pipe_is_read_before_its_end() -> None:
    assert results("pipe", "write 4 5", "close 4", "read 3 3", "read 3 3", "read 3 3") == [3, 4, 5, 0, 3, 2, 0]


@pytest.mark.rule
def test_each_end_of_a_pipe_works_one_way_and_has_no_offset() -> None:
    assert results("pipe", "read 4 1", "write 3 1", "lseek 3 0", "lseek 0 0") == [
        3, 4, "EBADF", "EBADF", "ESPIPE", "ESPIPE",
    ]  # fmt: skip


@pytest.mark.rule
def test_the_terminal_takes_writes_and_has_nothing_to_read() -> None:
    assert results("read 0 5", "write 1 5", "read 2 5") == ["would-block", 5, "would-block"]


@pytest.mark.rule
def test_an_unlinked_file_is_used_on_and_a_new_one_takes_its_name() -> None:
    lines = ("open a", "unlink a", "read 3 9", "open a", "read 4 9", "unlink b")
    assert results(*lines, files=[{"name": "a", "size": 5}]) == [3, 0, 5, 4, 0, "ENOENT"]


@pytest.mark.rule
def test_what_is_open_above_two_at_exit_has_leaked() -> None:
    trace = calls("open a", "fork C", "C: close 0", "C: open b", "C: pipe", "C: exit", "close 3")
    assert m.leaked(trace) == (("C", 3), ("C", 4), ("C", 5))
    assert m.leaked(calls("open a", "fork C")) == (("P", 3), ("C", 3))


@pytest.mark.rule
def test_would_block_is_no_failure() -> None:
    assert m.first_failure(calls("read 0 5", "pipe", "close 9", "close 9")) == 3
    assert m.first_failure(calls("read 0 5")) == "none"


@pytest.mark.rule
def test_an_offset_is_asked_of_the_first_process_only() -> None:
    assert m.offset(calls("open a", "close 3"), 3) == "EBADF"
    assert m.offset(calls("pipe"), 4) == "ESPIPE"
    with pytest.raises(NoAnswer):
        m.offset(calls("fork C", "exit"), 3)


@pytest.mark.rule
def test_a_pipe_that_could_fill_up_is_a_limit_and_not_a_guess() -> None:
    with pytest.raises(Limit, match="pipe1 would hold 30000 bytes"):
        calls("pipe", "write 4 15000", "write 4 15000")


@pytest.mark.rule
def test_an_operation_is_text_or_a_mapping() -> None:
    same = Operation(op="read", process="C", fd=3, bytes=10)
    assert calls("fork C", "C: read 3 10").scenario.operations[1] == same
    assert calls("fork C", {"op": "read", "process": "C", "fd": 3, "bytes": 10}).scenario.operations[1] == same
    assert same.text() == "read 3 10"
    assert Operation(op="open", path="a", cloexec=True).text() == "open a cloexec"


@pytest.mark.rule
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("opn a", "operations.0: expected one of open close"),
        ("", "operations.0: expected one of open close"),
        ("read 3", "operations.0: expected `read FD BYTES`, got 'read 3'"),
        ("close x", "operations.0.fd: must be a whole number"),
        ("close 3 cloexec", "operations.0: expected `close FD`"),
        ("read 3 0", "operations.0.bytes: must be 1 to 16384, got 0"),
        ("C: close 3", "operations.0.process: C has not been forked yet"),
        ({"op": "close", "fd": 3, "path": "a"}, "operations.0.path: is no argument of close"),
        ({"op": "close"}, "operations.0.fd: is missing for close"),
        ({"op": "close", "fd": 3, "cloexec": True}, "operations.0.cloexec: is no flag of close"),
        ("open a b", "expected `open PATH`"),
        ("open a*b", "must be a path such as a or log.txt"),
    ],
)
def test_a_bad_operation_is_refused_and_named(line: object, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        calls(line)
    assert message in str(refused.value)


@pytest.mark.rule
def test_a_process_calls_only_between_its_fork_and_its_exit() -> None:
    with pytest.raises(Invalid) as refused:
        calls("fork C", "fork C", "C: exit", "C: pipe", files=[{"name": "a"}, {"name": "a"}])
    assert [str(fault) for fault in refused.value.faults] == [
        "operations.1.child: C names two processes; give each its own name",
        "operations.3.process: C has exited",
        "files.1.name: a names two files",
    ]


def under(trace: Trace, mistake: str) -> Trace:
    rule = SIMULATOR.mistake(mistake).rule
    assert rule is not None
    return run(rule(trace.scenario))


CASES = [
    ("next-number-instead-of-lowest", ("open a", "close 3", "open b"), 3, 4),
    ("dup-has-own-offset", ("open a", "dup 3", "write 3 7", "read 4 7"), 0, 7),
    ("fork-copies-offset", ("open a", "fork C", "C: write 3 7", "read 3 7"), 0, 7),
    ("second-open-shares-offset", ("open a", "open a", "write 3 7", "read 4 7"), 7, 0),
    ("exec-closes-all", ("open a", "exec", "write 3 7"), 7, "EBADF"),
    ("exec-keeps-all", ("open a cloexec", "exec", "write 3 7"), "EBADF", 7),
    ("dup-keeps-cloexec", ("open a cloexec", "dup 3", "exec", "write 4 7"), 7, "EBADF"),
    ("eof-when-one-writer-closes", ("pipe", "fork C", "C: close 4", "read 3 7"), "would-block", 0),
    ("empty-pipe-is-eof", ("pipe", "read 3 7"), "would-block", 0),
    ("close-closes-every-copy", ("open a", "dup 3", "close 3", "write 4 7"), 7, "EBADF"),
    ("limit-beyond-standard", ("open a", "open b", "open c", "open d"), "EMFILE", 6),
    ("limit-reached-early", ("open a", "open b", "open c"), 5, "EMFILE"),
    ("dup2-is-dup", ("open a", "dup2 3 1"), 1, 4),
    ("unlink-closes", ("open a", "unlink a", "write 3 7"), 7, "EBADF"),
    ("fork-shares-table", ("open a", "fork C", "C: close 3", "write 3 7"), 7, "EBADF"),
]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("mistake", "lines", "right", "wrong"),
    CASES,
)
def test_each_mistake_changes_the_last_result(
    mistake: str, lines: tuple[str, ...], right: object, wrong: object
) -> None:
    trace = calls(*lines, limit=6)
    assert trace.events[-1].results == (right,)
    assert under(trace, mistake).events[-1].results == (wrong,)


def test_every_mistake_has_its_case() -> None:
    assert {case[0] for case in CASES} == {mistake.id for mistake in SIMULATOR.mistakes}


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_every_descriptor_is_below_the_limit_and_new_ones_are_the_lowest(scenario: Scenario) -> None:
    before: dict[str, set[int]] = {"P": {0, 1, 2}}
    for event in run(scenario).events:
        tables = {process: {slot.fd for slot in slots} for process, slots in event.tables}
        assert all(fd < scenario.limit for table in tables.values() for fd in table)
        if event.operation.op in ("open", "dup", "pipe") and not m.failed(event):
            held = before[event.operation.process]
            lowest = [fd for fd in range(scenario.limit) if fd not in held][: len(event.results)]
            assert list(event.results) == lowest
        before = tables


@pytest.mark.law
@given(scenarios())
def test_references_count_the_rows_of_all_tables(scenario: Scenario) -> None:
    for event in run(scenario).events:
        rows = [slot.opened for _, slots in event.tables for slot in slots]
        assert {one.id: one.references for one in event.opened} == {id_: rows.count(id_) for id_ in set(rows)}


@pytest.mark.law
@given(scenarios())
def test_a_call_that_fails_changes_nothing(scenario: Scenario) -> None:
    before = None
    for event in run(scenario).events:
        if before is not None and (m.failed(event) or event.results == ("would-block",)):
            assert (event.tables, event.opened) == before
        before = (event.tables, event.opened)


@pytest.mark.law
@given(scenarios())
def test_nobody_changes_the_table_of_another_process(scenario: Scenario) -> None:
    before = {"P": None}
    for event in run(scenario).events:
        tables = dict(event.tables)
        for process, table in tables.items():
            if process != event.operation.process and before.get(process) is not None:
                assert table == before[process]
        before = tables


@pytest.mark.law
@given(scenarios(), st.integers(1, 5))
def test_a_higher_limit_changes_nothing_before_the_first_emfile_or_ebadf(scenario: Scenario, more: int) -> None:
    low, high = run(scenario), run(replace(scenario, limit=scenario.limit + more))
    for one, other in zip(low.events, high.events, strict=True):
        if one.results != other.results:
            assert set(one.results) <= {"EMFILE", "EBADF"}
            break


@pytest.mark.law
@given(scenarios())
def test_a_scenario_reads_back_from_its_json_form(scenario: Scenario) -> None:
    assert SIMULATOR.scenario(json.loads(json.dumps(plain(scenario)))) == scenario


@pytest.mark.law
@given(scenarios())
def test_the_worked_solutions_end_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    arguments = {"table": {"process": "P"}, "offset": {"fd": 3}}
    for measure in SIMULATOR.measures:
        try:
            value = measure.of(trace, **arguments.get(measure.name, {}))
        except NoAnswer:
            continue
        steps = measure.steps(trace, **arguments.get(measure.name, {}))
        keyed = {step.key: step.value for step in steps if step.key is not None}
        if isinstance(value, dict):
            assert {name: keyed[name] for name in value} == value, measure.name
        else:
            assert steps[-1].value == value, measure.name
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


@pytest.mark.law
@pytest.mark.parametrize("recipe", [recipe.name for recipe in SIMULATOR.recipes])
@given(data=st.data())
def test_a_recipe_makes_valid_scenarios_from_any_draws(recipe: str, data: st.DataObject) -> None:
    declared = SIMULATOR.recipe(recipe)
    scenario = declared.make(
        declared.parameters(), lambda path, low, high: data.draw(st.integers(low, high), label=path)
    )
    assert run(scenario).events


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and pipe2: Linux")


class Kernel:
    """Real processes that make the calls, one control socket each."""

    def __init__(self, scenario: Scenario, folder: str) -> None:
        self.scenario = scenario
        self.ours: dict[str, socket.socket] = {}
        self.numbers: dict[str, int] = {}
        self.pids: dict[str, int] = {}
        self.files: dict[str, object] = {}
        pairs = [socket.socketpair() for _ in processes(scenario)]
        keep = []
        for number, (process, (one, other)) in enumerate(zip(processes(scenario), pairs, strict=True)):
            one.settimeout(10)
            fd = fcntl.fcntl(other.fileno(), fcntl.F_DUPFD, CONTROL + number)
            other.close()
            self.ours[process], self.numbers[process] = one, fd
            keep.append(fd)
        self.terminal, tty = socket.socketpair()
        tty.setblocking(False)
        self.child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(RUNNER), str(scenario.limit), str(self.numbers["P"])],
            stdin=tty, stdout=tty, stderr=tty, pass_fds=keep, cwd=folder, start_new_session=True,
        )  # fmt: skip
        tty.close()
        for fd in keep:
            os.close(fd)
        self.pids["P"] = int(self.hear("P"))

    def hear(self, process: str) -> str:
        return self.ours[process].recv(200).decode().strip()

    def step(self, operation: Operation) -> list[object]:
        """The real results of the call."""
        who = operation.process
        if operation.op == "fork":
            assert operation.child is not None
            self.ours[who].send(f"fork {self.numbers[operation.child]}".encode())
            self.pids[operation.child] = int(self.hear(operation.child))
            return []
        self.ours[who].send(operation.text().encode())
        if operation.op == "exit":
            self.wait_for_exit(self.pids.pop(who))
            return []
        if operation.op == "exec":
            self.hear(who)
            return []
        return [int(word) if word.isdigit() else word for word in self.hear(who).split()]

    def wait_for_exit(self, pid: int) -> None:
        """Until its descriptors are closed: a zombie has none."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                    return
            except (FileNotFoundError, ProcessLookupError):
                return
            time.sleep(0.001)
        pytest.fail(f"process {pid} did not exit")

    def table(self, process: str) -> dict[int, tuple[int | None, bool]]:
        """descriptor -> (offset, close-on-exec), below the limit, as /proc has it."""
        folder = Path(f"/proc/{self.pids[process]}/fdinfo")
        found = {}
        for path in folder.iterdir():
            if int(path.name) < self.scenario.limit:
                lines = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
                target = (folder.parent / "fd" / path.name).readlink()
                offset = int(lines["pos"]) if str(target).startswith("/") else None
                found[int(path.name)] = (offset, bool(int(lines["flags"], 8) & os.O_CLOEXEC))
        return found

    def stop(self) -> None:
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(10)
        self.terminal.close()
        for one in self.ours.values():
            one.close()


@contextmanager
def kernel(scenario: Scenario) -> Iterator[Kernel]:
    """Real processes in a fresh folder; killed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        for file in scenario.files:
            (Path(folder) / file.name).write_bytes(b"x" * file.size)
        real = Kernel(scenario, folder)
        try:
            yield real
        finally:
            real.stop()


def agree(scenario: Scenario) -> None:
    """Every result, and the tables after every call, are the kernel's."""
    trace = run(scenario)
    with kernel(scenario) as real:
        for event in trace.events:
            found = real.step(event.operation)
            assert found == list(event.results), f"{event.number}. {event.operation.process}: {event.operation.text()}"
            offsets = {opened.id: opened.offset for opened in event.opened}
            for process, slots in event.tables:
                assert real.table(process) == {slot.fd: (offsets[slot.opened], slot.cloexec) for slot in slots}


def enough_numbers() -> bool:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] > CONTROL + 10


ENOUGH = pytest.mark.skipif(not enough_numbers(), reason=f"the hard limit on descriptors is below {CONTROL + 10}")


@LINUX
@ENOUGH
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel")
@settings(max_examples=40)
@given(scenarios(least=8))
def test_the_kernel_gives_the_same_results_and_tables(scenario: Scenario) -> None:
    agree(scenario)


@LINUX
@ENOUGH
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel")
@pytest.mark.parametrize(
    "raw",
    [example.scenario for example in SIMULATOR.examples]
    + [
        {"limit": 5, "operations": ["open a", "pipe", "dup 3", "dup 3", "dup2 3 5", "dup2 3 4", "open b"]},
        {"operations": ["pipe cloexec", "dup 4", "fork C", "C: exec", "C: write 5 9", "close 4", "close 5", "read 3 99"]},
        {"operations": ["pipe", "fork C", "fork D", "C: close 3", "D: close 3", "close 3", "C: write 4 1", "exit"]},
        {"files": [{"name": "a", "size": 50}], "operations": ["open a", "unlink a", "read 3 60", "open a", "lseek 3 9"]},
    ],
    ids=lambda raw: raw["operations"][0] + "…" + raw["operations"][-1],
)  # fmt: skip
def test_the_kernel_agrees_on_the_examples(raw: dict[str, object]) -> None:
    agree(SIMULATOR.scenario(raw))


@LINUX
@ENOUGH
@pytest.mark.kernel
@pytest.mark.opinion("the Linux kernel")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_kernel_contradicts_each_mistake(case: tuple[str, tuple[str, ...], object, object]) -> None:
    agree(SIMULATOR.scenario({"limit": 6, "operations": list(case[1])}))


def test_silent_calls_have_no_result() -> None:
    assert [event.results for event in calls("fork C", "C: exec", "C: exit").events] == [()] * 3
    assert set(SILENT) == {"fork", "exec", "exit"}
