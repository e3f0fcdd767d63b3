"""Does the real kernel make the same family? A program of `sims.processes` is run with fork, wait, exec and stdio.

Run as a script: a JSON scenario on standard input, a JSON observation on standard output. The script is the init of
its own little world: it is a subreaper, reaps whatever it adopts, and kills what is left. Processes are known by
their path (P0.2.1 is the first child of the second child of P0), which does not depend on timing.

P0 stops at its end until everybody else has blocked or ended; then zombies, orphans and shared pages are looked at.
"""

import ctypes
import json
import mmap
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from sims.fields import make
from sims.processes.program import Do, If, Logic, Loop
from sims.processes.run import Scenario

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.fdopen.restype = ctypes.c_void_p
LIBC.fputs.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
LIBC.fflush.argtypes = (ctypes.c_void_p,)
LIBC.setvbuf.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
PR_SET_CHILD_SUBREAPER = 36
BUFFERING = {"full": 0, "line": 1, "none": 2}  # _IOFBF, _IOLBF, _IONBF of glibc
REAL_PAGES = 16  # real pages for one page of the program: rounding of Pss cannot hide one
PATIENCE = 20.0  # seconds


class Me:
    """The process that runs the program: a copy in each forked child."""

    def __init__(self, scenario: Scenario, subreapers: list[str], ends: dict[str, int]) -> None:
        self.scenario, self.subreapers, self.ends = scenario, subreapers, ends
        self.path, self.born_as_child, self.forks = "P0", False, 0
        self.stdout = LIBC.fdopen(1, b"w")
        LIBC.setvbuf(self.stdout, None, BUFFERING[scenario.buffering], 4096)
        self.memory = mmap.mmap(-1, max(scenario.pages, 1) * REAL_PAGES * mmap.PAGESIZE, mmap.MAP_PRIVATE)
        self.memory.madvise(mmap.MADV_NOHUGEPAGE)
        self.touch(scenario.pages)
        self.begin()

    def report(self, word: str) -> None:
        os.write(self.ends["report"], f"{word} {os.getpid()} {self.path}\n".encode())

    def begin(self) -> None:
        if self.path in self.subreapers:
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.report("born")

    def touch(self, pages: int) -> None:
        for page in range(pages * REAL_PAGES):
            self.memory[page * mmap.PAGESIZE] = (self.memory[page * mmap.PAGESIZE] + 1) % 256

    def do(self, body: tuple[object, ...]) -> bool:
        value = True
        for node in body:
            value = self.one(node)
        return value

    def one(self, node: object) -> bool:
        if isinstance(node, Loop):
            for _ in range(node.times):
                self.do(node.body)
        elif isinstance(node, If):
            self.do(node.then if self.born_as_child == (node.who == "child") else node.other)
        elif isinstance(node, Logic):
            value = self.one(node.parts[0])
            for part in node.parts[1:]:
                value = (value and self.one(part)) if node.sign == "&&" else (value or self.one(part))
            return value
        else:
            assert isinstance(node, Do)
            return self.operation(node)
        return True

    def operation(self, do: Do) -> bool:
        if do.op == "fork":
            return self.fork()
        if do.op == "print":
            LIBC.fputs(f"{do.word}{chr(10) if do.ends_line else ' '}".encode(), self.stdout)
        elif do.op == "flush":
            LIBC.fflush(self.stdout)
        elif do.op == "touch":
            self.touch(do.pages)
        elif do.op == "wait":
            with suppress(ChildProcessError):
                os.wait()
        elif do.op == "pause":
            signal.pause()
        elif do.op == "exec":
            os.execv("/bin/sh", ["sh", "-c", (f"echo {do.word}; " if do.word else "") + self.last_words()])
        else:
            self.end()
        return True

    def last_words(self) -> str:
        return f"read x <&{self.ends['go']}" if self.path == "P0" else "exit 0"

    def fork(self) -> bool:
        self.forks += 1
        self.report("forks")
        if os.fork():
            self.born_as_child = False
            return True
        self.path, self.forks, self.born_as_child = f"{self.path}.{self.forks}", 0, True
        self.begin()
        return False

    def end(self) -> None:
        if self.scenario.pages and self.path != "P0":
            signal.pause()  # nobody gives up a share before the last write
        if self.path == "P0":
            os.read(self.ends["go"], 1)
        LIBC.exit(0)  # the C library's exit: it writes what is left in the buffer


def state_of(pid: int) -> tuple[str, int] | None:
    """The state letter and the parent of a process; None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent, *_ = text.rpartition(")")[2].split()
    return state, int(parent)


class Watch:
    """The init of this world: reads the reports, reaps what it adopts, and waits for the quiet moment."""

    def __init__(self, report: int, first: int) -> None:
        self.report, self.first = report, first
        os.set_blocking(report, False)
        self.text = ""
        self.until = time.monotonic() + PATIENCE

    def reap(self) -> None:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def born(self) -> dict[str, int]:
        with suppress(BlockingIOError):
            self.text += os.read(self.report, 65536).decode()
        rows = [row.split() for row in self.text.split("\n")[:-1]]
        self.forked = sum(row[0] == "forks" for row in rows)
        return {path: int(pid) for word, pid, path in rows if word == "born"}

    def quiet(self) -> dict[str, tuple[str, int]]:
        """Path -> state and parent of everybody who is there, once nothing has moved for a while."""
        before, still = None, 0
        while still < 4:
            if time.monotonic() > self.until:
                raise TimeoutError("the family never came to rest")
            self.reap()
            born = self.born()
            now = {path: state for path, pid in born.items() if (state := state_of(pid))}
            at_rest = len(born) == self.forked + 1 and all(state in "SZ" for state, _ in now.values())
            still = still + 1 if at_rest and now == before else 0
            before = now
            time.sleep(0.004)
        assert before is not None
        return before

    def copies(self, pages: int, living: list[str]) -> int:
        """Frames in use beyond the first ones: the proportional shares of a mapping add up to its frames."""
        born, size = self.born(), pages * REAL_PAGES * mmap.PAGESIZE // 1024
        return round(sum(_share(born[path], size) for path in living) / (REAL_PAGES * mmap.PAGESIZE // 1024)) - pages


def _share(pid: int, size: int) -> int:
    """Pss in KiB of the one mapping of that size."""
    rows = [row.split() for row in Path(f"/proc/{pid}/smaps").read_text().splitlines()]
    at = [index for index, row in enumerate(rows) if row[:2] == ["Size:", str(size)]]
    assert len(at) == 1, f"{len(at)} mappings of {size} KiB"
    return next(int(row[1]) for row in rows[at[0] :] if row[0] == "Pss:")


def observe(raw: dict[str, object]) -> dict[str, object]:
    """What the kernel does with the scenario."""
    subreapers = list(raw.pop("subreaper_paths", []))  # type: ignore[call-overload]  # JSON from our own test
    scenario = make(Scenario, raw)
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    report, say = os.pipe()
    go, let_go = os.pipe()
    out, write = os.pipe()
    first = os.fork()
    if not first:
        os.dup2(write, 1)
        for end in (report, let_go, out, write):
            os.close(end)
        os.set_inheritable(go, True)
        me = Me(scenario, subreapers, {"report": say, "go": go})
        me.do(scenario.program.body)
        me.end()
    os.close(write)
    watch = Watch(report, first)
    try:
        seen = watch.quiet()
        born = watch.born()
        path_of = {pid: path for path, pid in born.items()}
        parent = {path: path_of.get(above, "init") for path, (_, above) in seen.items() if path != "P0"}
        living = [path for path, (state, _) in seen.items() if state != "Z"]
        copied = watch.copies(scenario.pages, living) if scenario.pages else 0
        os.write(let_go, b"\n")
        after = watch.quiet()
    finally:
        for path, pid in watch.born().items():
            state = state_of(pid)
            if state and (path != "P0" or state[0] != "Z"):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while any(state_of(pid) for pid in watch.born().values()) and time.monotonic() < deadline:
            watch.reap()
            time.sleep(0.002)
    text = b""
    while piece := os.read(out, 65536):
        text += piece
    return {
        "paths": sorted(born),
        "zombies": sorted(path for path, (state, _) in seen.items() if state == "Z"),
        "adopters": {path: parent[path] for path in living if path != "P0" and parent[path] != path.rpartition(".")[0]},
        "words": text.decode().split(),
        "copied": copied,
        "first_ended": "P0" not in after,
        "left": [path for path, pid in born.items() if state_of(pid)],
    }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps(observe(json.load(sys.stdin))))
