"""Which numbers do descriptors get, and what do they name? The kernel's tables, one call at a time.

A *descriptor* is a number in a process's table; it names an *open file description*, which has the offset; that
names a *file* or a pipe. dup and fork make further names of one description, open makes a new description.

Source: Kerrisk, The Linux Programming Interface, 5.4 and 5.5; man pages open(2), dup(2), pipe(7), fork(2), execve(2).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from sims.declare import Limit
from sims.descriptors.scenario import FIRST, Operation, Scenario

PIPE_HOLDS = 28_672  # bytes that fit into a Linux pipe of 64 KiB however they are cut into writes

Result = int | str


class Slot(NamedTuple):
    """One row of a descriptor table."""

    fd: int
    opened: int  # id of the open file description
    cloexec: bool


class Opened(NamedTuple):
    """An open file description at some moment."""

    id: int
    name: str  # tty, or the call that made it: `2`, `4r`
    label: str  # what it names: tty, a path, pipe1.r
    offset: int | None  # bytes; None for the terminal and for pipes
    references: int  # descriptors that name it, of all processes
    waiting: int | None = None  # bytes in the pipe


class Event(NamedTuple):
    """A call, its results, and the tables after it."""

    number: int  # from 1
    operation: Operation
    results: tuple[Result, ...]  # one; two for a pipe; none for fork, exec and exit
    tables: tuple[tuple[str, tuple[Slot, ...]], ...]  # by living process
    opened: tuple[Opened, ...]  # those with references
    left: tuple[int, ...] = ()  # exit: descriptors above 2 that were still open


@dataclass(frozen=True, slots=True)
class Trace:
    """What every call returned and did."""

    scenario: Scenario
    events: tuple[Event, ...]


@dataclass(slots=True, eq=False)
class _File:
    label: str
    size: int = 0
    gone: bool = False  # unlinked


@dataclass(slots=True, eq=False)
class _Pipe:
    label: str
    waiting: int = 0
    closed: set[str] = field(default_factory=set)  # ends of which some descriptor was closed; only a mistake looks


@dataclass(slots=True, eq=False)
class _Opened:
    id: int
    name: str
    file: _File | None = None  # None and no pipe: the terminal
    pipe: _Pipe | None = None
    end: str = ""  # r or w, of a pipe
    offset: int = 0
    references: int = 0

    @property
    def label(self) -> str:
        if self.pipe is not None:
            return f"{self.pipe.label}.{self.end}"
        return "tty" if self.file is None else self.file.label


@dataclass(slots=True)
class _Entry:
    opened: _Opened
    cloexec: bool = False


class _Refused(Exception):
    """The call fails with this error."""


def run(scenario: Scenario) -> Trace:
    """Every call with its results.

    A new descriptor is the lowest free number; every number is below the limit (EMFILE for open, dup and pipe; dup2
    to a number at or above it is EBADF). pipe takes two numbers or none. dup and dup2 name the same description and
    clear close-on-exec; dup2(a, a) does nothing. fork copies the table, flags included, and shares the descriptions.
    exec closes exactly the marked descriptors. An empty pipe with a write end open anywhere would block; without
    one it is at its end. A pipe without read ends gives EPIPE (SIGPIPE is ignored). unlink takes the name, not the
    file. The terminal's reads would block. Raises Limit when a pipe would hold more than 28 KiB.
    """
    kernel = _Kernel(scenario)
    return Trace(scenario, tuple(kernel.step(number, op) for number, op in enumerate(scenario.operations, 1)))


class _Kernel:
    """The tables. `misrule` makes it err in one way."""

    def __init__(self, scenario: Scenario) -> None:
        self.misrule = scenario.misrule
        self.limit = scenario.limit + (3 if self.misrule == "limit-beyond-standard" else 0)
        self.names = {file.name: _File(file.name, file.size) for file in scenario.files}
        self.opened: list[_Opened] = []
        self.pipes = 0
        tty = self.describe("tty")
        tty.references = 3
        self.tables: dict[str, dict[int, _Entry]] = {FIRST: {fd: _Entry(tty) for fd in range(3)}}
        self.highest = {FIRST: 2}  # only the mistake of the next number looks at it

    def step(self, number: int, operation: Operation) -> Event:
        self.number, self.process = number, operation.process
        self.table = self.tables[operation.process]
        left = tuple(sorted(fd for fd in self.table if fd > 2)) if operation.op == "exit" else ()
        try:
            results = self.call(operation)
        except _Refused as refused:
            results = (str(refused),) * (2 if operation.op == "pipe" else 1)
        return Event(number, operation, results, self.all_tables(), self.all_opened(), left)

    def call(self, operation: Operation) -> tuple[Result, ...]:
        result = getattr(self, f"do_{operation.op}")(operation)
        return result if isinstance(result, tuple) else (result,)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────

    def all_tables(self) -> tuple[tuple[str, tuple[Slot, ...]], ...]:
        return tuple(
            (process, tuple(Slot(fd, table[fd].opened.id, table[fd].cloexec) for fd in sorted(table)))
            for process, table in self.tables.items()
        )

    def all_opened(self) -> tuple[Opened, ...]:
        return tuple(
            Opened(
                one.id,
                one.name,
                one.label,
                None if one.file is None else one.offset,
                one.references,
                None if one.pipe is None else one.pipe.waiting,
            )
            for one in self.opened
            if one.references
        )

    def describe(self, name: str, file: _File | None = None, pipe: _Pipe | None = None, end: str = "") -> _Opened:
        """A new open file description."""
        made = _Opened(len(self.opened), name, file, pipe, end)
        self.opened.append(made)
        return made

    def free(self, count: int = 1) -> list[int]:
        """The lowest free numbers. Raises _Refused EMFILE."""
        start = self.highest[self.process] + 1 if self.misrule == "next-number" else 0
        found = [fd for fd in range(start, self.limit) if fd not in self.table][:count]
        if len(found) < count:
            raise _Refused("EMFILE")
        return found

    def put(self, fd: int, opened: _Opened, cloexec: bool = False) -> int:
        self.table[fd] = _Entry(opened, cloexec)
        opened.references += 1
        self.highest[self.process] = max(self.highest[self.process], fd)
        return fd

    def get(self, fd: int | None) -> _Entry:
        """The entry of a descriptor. Raises _Refused EBADF."""
        if fd not in self.table:
            raise _Refused("EBADF")
        return self.table[fd]

    def drop(self, table: dict[int, _Entry], fd: int) -> None:
        opened = table.pop(fd).opened
        opened.references -= 1
        if opened.pipe is not None:
            opened.pipe.closed.add(opened.end)

    def ends(self, pipe: _Pipe, end: str) -> int:
        """Descriptors that name this end of the pipe."""
        return sum(one.references for one in self.opened if one.pipe is pipe and one.end == end)

    # ── calls ───────────────────────────────────────────────────────────────────────────────────────────────────

    def do_open(self, operation: Operation) -> int:
        (fd,) = self.free()
        path = operation.path or ""
        file = self.names.setdefault(path, _File(path))
        same = [one for one in self.opened if one.file is file and one.references]
        if self.misrule == "open-shares" and same:
            return self.put(fd, same[0], operation.cloexec)
        return self.put(fd, self.describe(str(self.number), file), operation.cloexec)

    def do_pipe(self, operation: Operation) -> tuple[int, int]:
        read, write = self.free(2)
        self.pipes += 1
        pipe = _Pipe(f"pipe{self.pipes}")
        self.put(read, self.describe(f"{self.number}r", pipe=pipe, end="r"), operation.cloexec)
        return read, self.put(write, self.describe(f"{self.number}w", pipe=pipe, end="w"), operation.cloexec)

    def do_close(self, operation: Operation) -> int:
        opened = self.get(operation.fd).opened
        if self.misrule == "close-closes-all":
            for table in self.tables.values():
                for fd in [fd for fd, entry in table.items() if entry.opened is opened and fd != operation.fd]:
                    self.drop(table, fd)
        self.drop(self.table, operation.fd or 0)
        return 0

    def do_dup(self, operation: Operation) -> int:
        entry = self.get(operation.fd)
        return self.again(self.free()[0], entry)

    def do_dup2(self, operation: Operation) -> int:
        entry, to = self.get(operation.fd), operation.to or 0
        if self.misrule == "dup2-is-dup":
            return self.again(self.free()[0], entry)
        if to >= self.limit:
            raise _Refused("EBADF")
        if to != operation.fd:
            if to in self.table:
                self.drop(self.table, to)
            self.again(to, entry)
        return to

    def again(self, fd: int, entry: _Entry) -> int:
        """One more descriptor for what the entry names; close-on-exec is cleared."""
        opened = self.copied(entry.opened) if self.misrule == "dup-own-offset" else entry.opened
        return self.put(fd, opened, entry.cloexec and self.misrule == "dup-keeps-cloexec")

    def copied(self, opened: _Opened) -> _Opened:
        """Under two mistakes: a description of its own, with the offset of the moment."""
        if opened.file is None:
            return opened
        made = self.describe(opened.name, opened.file)
        made.offset = opened.offset
        return made

    def do_fork(self, operation: Operation) -> tuple[()]:
        child = operation.child or ""
        parent, self.table, self.process = self.table, {}, child
        self.highest[child] = self.highest[operation.process]
        self.tables[child] = parent if self.misrule == "fork-shares-table" else self.table
        for fd, entry in parent.items() if self.tables[child] is self.table else ():
            opened = self.copied(entry.opened) if self.misrule == "fork-own-offset" else entry.opened
            self.put(fd, opened, entry.cloexec)
        return ()

    def do_exec(self, _operation: Operation) -> tuple[()]:
        for fd in sorted(self.table):
            marked = self.table[fd].cloexec and self.misrule != "exec-keeps-all"
            if marked or (self.misrule == "exec-closes-all" and fd > 2):
                self.drop(self.table, fd)
        return ()

    def do_exit(self, operation: Operation) -> tuple[()]:
        del self.tables[operation.process]
        if all(table is not self.table for table in self.tables.values()):
            for fd in sorted(self.table):
                self.drop(self.table, fd)
        return ()

    def do_cloexec(self, operation: Operation) -> int:
        self.get(operation.fd).cloexec = True
        return 0

    def do_unlink(self, operation: Operation) -> int:
        file = self.names.pop(operation.path or "", None)
        if file is None:
            raise _Refused("ENOENT")
        file.gone = True
        return 0

    def do_lseek(self, operation: Operation) -> int:
        opened = self.usable(operation)
        if opened.file is None:
            raise _Refused("ESPIPE")
        opened.offset = operation.offset or 0
        return opened.offset

    def do_read(self, operation: Operation) -> Result:
        opened, wanted = self.usable(operation), operation.bytes or 0
        if opened.pipe is not None:
            return self.read_pipe(opened, wanted)
        if opened.file is None:
            return "would-block"
        count = max(0, min(wanted, opened.file.size - opened.offset))
        opened.offset += count
        return count

    def read_pipe(self, opened: _Opened, wanted: int) -> Result:
        pipe = opened.pipe
        assert pipe is not None
        if opened.end == "w":
            raise _Refused("EBADF")
        if not pipe.waiting:
            ended = not self.ends(pipe, "w") or (self.misrule == "eof-at-first-close" and "w" in pipe.closed)
            return 0 if ended or self.misrule == "empty-is-eof" else "would-block"
        count = min(wanted, pipe.waiting)
        pipe.waiting -= count
        return count

    def do_write(self, operation: Operation) -> int:
        opened, count = self.usable(operation), operation.bytes or 0
        if opened.pipe is not None:
            self.write_pipe(opened, count)
        elif opened.file is not None:
            opened.offset += count
            opened.file.size = max(opened.file.size, opened.offset)
        return count

    def write_pipe(self, opened: _Opened, count: int) -> None:
        pipe = opened.pipe
        assert pipe is not None
        if opened.end == "r":
            raise _Refused("EBADF")
        if not self.ends(pipe, "r"):
            raise _Refused("EPIPE")
        if pipe.waiting + count > PIPE_HOLDS:
            raise Limit(f"{pipe.label} would hold {pipe.waiting + count} bytes; {PIPE_HOLDS} at most, it never fills")
        pipe.waiting += count

    def usable(self, operation: Operation) -> _Opened:
        """What a call on a descriptor works on. Raises _Refused EBADF."""
        opened = self.get(operation.fd).opened
        if self.misrule == "unlink-closes" and opened.file is not None and opened.file.gone:
            raise _Refused("EBADF")
        return opened


def told(results: tuple[Result, ...]) -> str:
    """The results in a sentence: `3`, `3 and 4`."""
    return " and ".join(map(str, dict.fromkeys(results)))


def tell(trace: Trace, index: int) -> str:
    """One sentence on the call."""
    event = trace.events[index]
    who, op = event.operation.process, event.operation
    if op.op == "fork":
        return f"{event.number}. {who} forks {op.child}: the same numbers, the same open file descriptions."
    if op.op == "exec":
        return f"{event.number}. {who} executes another program: descriptors marked close-on-exec are closed."
    if op.op == "exit":
        left = f"; still open were {' '.join(map(str, event.left))}" if event.left else ""
        return f"{event.number}. {who} exits and all its descriptors are closed{left}."
    return f"{event.number}. {who}: {op.text()} gives {told(event.results)}."
