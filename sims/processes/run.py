"""Which processes does a program make, what do they print, and who is left?

Words: *P0* is the first process; the others are P1, P2, … in order of creation when a process runs on until it blocks
or ends, and then the one that has been ready longest. *Zombie*: has ended, and its parent has not waited for it.
*Orphan*: lives, and the process that forked it has ended. *Quiet moment*: every living process has blocked or ended,
and P0 is about to end. *init* reaps at once whatever it adopts.

    run(make(Scenario, {"program": "fork; fork"}))      4 processes: P0 forks P1 and P2, P1 forks P3

Source: Kerrisk, The Linux Programming Interface, ch. 24 to 28; fork(2), wait(2), exec(3), prctl(2).
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sims.declare import Fault, Limit
from sims.fields import custom, misrule, record, refuse, shown, whole, word
from sims.processes.program import Code, Program, ProgramKind, compiled

PROCESSES = 5_000  # more are refused with Limit, as fork refuses with EAGAIN
STEPS = 400_000
BUFFER = 4_096  # bytes of a stdio buffer; a fuller one would be written in the middle of a line


class _Names:
    """Process names, as a list or divided by spaces; none is empty."""

    def take(self, raw: Any) -> tuple[str, ...]:
        if raw is None or raw == "none":
            return ()
        names = tuple(raw.split()) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list | tuple) else (raw,)
        for name in names:
            if not (isinstance(name, str) and name[:1] == "P" and name[1:].isdecimal() and len(name) <= 5):
                raise refuse(f"expected process names such as P0 P2, or none, got {shown(name)}")
        return names

    def plain(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def describe(self) -> str:
        return "process names such as P0 P2, or none"


@record
class Scenario:
    """A program, how its output is buffered, and who adopts."""

    program: Program = custom(ProgramKind(), help="what every process runs, from where it was forked")
    buffering: str = word(
        "line", "full", "none", default="line", help="when output leaves: line = a terminal, full = a file"
    )
    subreaper: tuple[str, ...] = custom(_Names(), default=(), help="processes that adopt orphans below them")
    pages: int = whole(0, 64, default=0, unit="pages", help="pages of P0's memory; touch N writes to the first N")
    misrule: str = misrule(
        "only-p0-forks",
        "both-sides",
        "exec-flushes",
        "grandparent-adopts",
        "wait-reaps-all",
        "last-sharer-copies",
    )

    def faults(self) -> Iterable[Fault]:
        for do in self.program.operations():
            if do.pages > self.pages:
                yield Fault("pages", f"must be at least {do.pages}, which the program touches; got {self.pages}")
                return
        if self.subreaper and (unknown := set(self.subreaper) - set(_made(self))):
            yield Fault("subreaper", f"the program makes no process {' '.join(sorted(unknown))}")


def _made(scenario: "Scenario") -> Iterable[str]:
    """The names of the processes; all that are asked for where the run would pass its limit, which is told later."""
    machine = _Machine(scenario)
    try:
        machine.run()
    except Limit:
        return scenario.subreaper
    return machine.processes


class Event(NamedTuple):
    """Something that happened to a process.

    fork (other: the child) · skip (text: the operand not done) · print (text stays in the buffer) · write (text goes
    out) · exec (other: the program; text: what was lost) · wait (blocks) · childless (nobody to wait for) · reap
    (other: the child) · pause · touch (pages copied) · quiet · exit · adopt (other: the child)
    """

    kind: str
    process: str  # or init
    other: str = ""
    text: tuple[str, ...] = ()
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the processes did, in the order of one schedule."""

    scenario: Scenario
    events: tuple[Event, ...]


def run(scenario: Scenario) -> Trace:
    """The processes' doings until every one has ended or sleeps for good. Raises Limit.

    `fork` is true in the parent; && binds tighter than ||. `wait` returns at once without children, and reaps the
    child that ended first. exit, and the end of the program, write the buffer; exec throws it away. Who ends leaves
    its direct children, and only them, to its nearest ancestor that is a subreaper, else to init. A page that is
    written to is copied unless the writer is the last one that shares it; nobody gives its share up before the last
    write. P0 ends last, after the quiet moment.
    """
    machine = _Machine(scenario)
    machine.run()
    return Trace(scenario, tuple(machine.events))


@dataclass(slots=True)
class _Process:
    """A process, and where it stands in the program."""

    name: str
    parent: str
    frames: list[int]  # page -> frame
    pc: int = 0
    value: bool = True  # of the last operation
    child: bool = False  # what the last fork returned as
    rounds: tuple[int, ...] = ()  # left in the loops around it
    buffer: tuple[str, ...] = ()
    state: str = "ready"  # ready | waiting | paused | held | zombie | gone
    children: list[str] = field(default_factory=list)  # not yet reaped, in order of creation or adoption
    ended: list[str] = field(default_factory=list)  # of them, those that have ended, in order of ending


class _Machine:
    """The state of a run."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.code = scenario, compiled(scenario.program)
        first = _Process("P0", "", list(range(scenario.pages)))
        self.processes = {"P0": first}
        self.sharers = dict.fromkeys(first.frames, 1)
        self.marked: set[tuple[str, int]] = set()  # pages write-protected by a fork: for last-sharer-copies
        self.ready: deque[_Process] = deque([first])
        self.events: list[Event] = []
        self.steps = 0

    def run(self) -> None:
        first = self.processes["P0"]
        while self.ready:
            process = self.ready.popleft()
            process.state = "ready"
            while process.state == "ready":
                self.step(process)
        self.tell("quiet", "P0")
        if first.state == "held":
            self.end(first)

    def tell(self, kind: str, process: str, other: str = "", text: tuple[str, ...] = (), pages: int = 0) -> None:
        self.events.append(Event(kind, process, other, text, pages))

    def step(self, process: _Process) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise Limit(f"the program takes more than {STEPS} steps")
        code = self.code[process.pc]
        process.pc += 1
        if code.do is not None:
            process.value = True
            getattr(self, "do_" + code.op)(process, code)  # do_fork, do_print, …: the grammar knows no other names
        elif code.op == "end":
            self.finish(process)
        else:
            self.jump(process, code)

    def jump(self, process: _Process, code: Code) -> None:
        if code.op == "enter":
            process.rounds = (*process.rounds, code.rounds)
        elif code.op == "again":
            *outer, left = process.rounds
            process.rounds = (*outer, left - 1) if left > 1 else tuple(outer)
            process.pc = code.target if left > 1 else process.pc
        elif code.op == "jump":
            process.pc = code.target
        elif code.op == "branch":
            process.pc = process.pc if process.child == (code.word == "child") else code.target
        elif process.value == (code.op == "when") and self.scenario.misrule != "both-sides":
            self.tell("skip", process.name, text=(code.word,))
            process.pc = code.target

    # ── operations ──────────────────────────────────────────────────────────────────────────────────────────────

    def do_fork(self, process: _Process, _code: Code) -> None:
        if self.scenario.misrule == "only-p0-forks" and process.name != "P0":
            return
        if len(self.processes) == PROCESSES:
            raise Limit(f"the program makes more than {PROCESSES} processes")
        name = f"P{len(self.processes)}"
        child = _Process(
            name, process.name, process.frames.copy(), process.pc, False, True, process.rounds, process.buffer
        )
        process.child = False
        self.processes[name] = child
        process.children.append(name)
        for page, frame in enumerate(process.frames):
            self.sharers[frame] += 1
            self.marked |= {(process.name, page), (name, page)}
        self.ready.append(child)
        self.tell("fork", process.name, name)

    def do_print(self, process: _Process, code: Code) -> None:
        assert code.do is not None
        process.buffer += (code.do.word,)
        if sum(map(len, process.buffer)) + len(process.buffer) > BUFFER:
            raise Limit(f"{process.name} prints more than the {BUFFER} bytes that a buffer holds")
        full_line = self.scenario.buffering == "line" and code.do.ends_line
        if full_line or self.scenario.buffering == "none":
            self.do_flush(process, code)
        else:
            self.tell("print", process.name, text=(code.do.word,))

    def do_flush(self, process: _Process, _code: Code) -> None:
        if process.buffer:
            self.tell("write", process.name, text=process.buffer)
            process.buffer = ()

    def do_touch(self, process: _Process, code: Code) -> None:
        assert code.do is not None
        copied = sum(self.copied(process, page) for page in range(code.do.pages))
        self.tell("touch", process.name, text=(str(code.do.pages),), pages=copied)

    def copied(self, process: _Process, page: int) -> bool:
        """Whether a write to the page copies it; the frame is then the process's own."""
        frame = process.frames[page]
        protected = (process.name, page) in self.marked
        self.marked.discard((process.name, page))
        if self.sharers[frame] == 1:
            return protected and self.scenario.misrule == "last-sharer-copies"
        self.sharers[frame] -= 1
        process.frames[page] = own = len(self.sharers)
        self.sharers[own] = 1
        return True

    def do_pause(self, process: _Process, _code: Code) -> None:
        process.state = "paused"
        self.tell("pause", process.name)

    def do_wait(self, process: _Process, _code: Code) -> None:
        if process.ended:
            for child in process.ended if self.scenario.misrule == "wait-reaps-all" else process.ended[:1]:
                self.reap(process.name, child)
                process.children.remove(child)
            process.ended = [child for child in process.ended if child in process.children]
        elif process.children:
            process.state = "waiting"
            process.pc -= 1  # the wait is done again when somebody has ended
            self.tell("wait", process.name)
        else:
            self.tell("childless", process.name)

    def do_exec(self, process: _Process, code: Code) -> None:
        assert code.do is not None
        if self.scenario.misrule == "exec-flushes":
            self.do_flush(process, code)
        self.tell("exec", process.name, code.do.word, process.buffer)
        process.buffer = ()
        if code.do.word:
            self.tell("write", process.name, text=(code.do.word,))
        self.finish(process)

    def do_exit(self, process: _Process, _code: Code) -> None:
        self.finish(process)

    # ── ends ────────────────────────────────────────────────────────────────────────────────────────────────────

    def finish(self, process: _Process) -> None:
        if process.name == "P0":
            process.state = "held"
        else:
            self.end(process)

    def end(self, process: _Process) -> None:
        self.do_flush(process, self.code[-1])
        self.tell("exit", process.name)
        process.state = "zombie"
        for name in process.children:
            self.adopt(process, self.processes[name])
        process.children = []
        process.ended = []
        self.notify(process)

    def adopt(self, parent: _Process, child: _Process) -> None:
        child.parent = self.adopter(parent)
        self.tell("adopt", child.parent, child.name)
        if child.parent != "init":
            self.processes[child.parent].children.append(child.name)
        if child.state == "zombie":
            self.notify(child)

    def adopter(self, parent: _Process) -> str:
        """Who adopts the children of one that ends."""
        if self.scenario.misrule == "grandparent-adopts":
            return parent.parent or "init"
        above = parent.parent
        while above in self.processes and above not in self.scenario.subreaper:
            above = self.processes[above].parent
        return above if above in self.processes else "init"

    def notify(self, process: _Process) -> None:
        """Tell the parent that the process has ended: init and P0's shell reap it at once."""
        parent = self.processes.get(process.parent)
        if parent is None:
            self.reap(process.parent or "shell", process.name)
            return
        parent.ended.append(process.name)
        if parent.state == "waiting":
            parent.state = "ready"
            self.ready.append(parent)

    def reap(self, reaper: str, name: str) -> None:
        self.processes[name].state = "gone"
        self.tell("reap", reaper, name)
