"""Does a test see a mutant? Runs the tests of one simulator in forked processes, so that each mutant costs little.

The process of `Tests` has loaded pytest and hypothesis, never sims. It forks two sorts of children:

- the *keeper*, one a simulator, has collected the unmutated tests. For a mutant inside a function it forks again,
  puts the mutated code into the function, and runs the tests that reach the function;
- a *fresh* one for a mutant of a module's own lines (a field's limit, a table), which imports everything mutated.

The checkout's copy on disk is never changed. Tests that killed a mutant of the same function go first, then those
of the same file, then the quick ones.
"""

import contextlib
import cProfile
import functools
import gc
import importlib.machinery
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import networkx as nx  # noqa: F401 — loaded once, for the tests that use it
import pytest

from tools.mutants import Change

OPTIONS = ["-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not kernel"]
TIMES, SECONDS_MORE = 2, 1
"""Processor time that a mutant's tests may take: twice that of the unmutated ones, which a profile slows down by half,
and a second more; each single test, and all together."""

SLOW = 5.0
"""Tests that take longer than this many seconds, profiled, are left out: a survivor would cost too much. That can only
make the killed share smaller."""

MEMORY = 2 * 2**30  # bytes; a mutant that wants more is killed by it

CACHED = type(functools.cache(len))
LATE = (signal.SIGXCPU, signal.SIGPROF, signal.SIGKILL)

Place = tuple[str, int]  # file, first line of a function


# ── in the children ─────────────────────────────────────────────────────────────────────────────────────────────


class Plugin:
    """Chooses and orders the tests; tells the first failure through `said` and ends the process there."""

    def __init__(self, simulator: str, order: Callable[[str], Any], slow: Collection[str] = ()) -> None:
        self.simulator, self.order, self.slow = simulator, order, slow
        self.said: Callable[[Any], None] | None = None

    def pytest_collection(self) -> None:
        """Few examples, and no shrinking: whether a test fails is all that is asked. It comes after conftest."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutate", hypothesis.settings.get_profile("ci"), phases=phases, max_examples=30
        )
        hypothesis.settings.load_profile("mutate")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves out what a test of all simulators asks of another one."""
        mine = [
            item
            for item in items
            if parameter(item, "simulator") in (None, self.simulator) and item.nodeid not in self.slow
        ]
        items[:] = sorted(mine, key=lambda item: self.order(item.nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first failure ends the process."""
        if report.failed and self.said is not None:
            self.said(report.nodeid)
            os._exit(0)


def parameter(item: pytest.Item, name: str) -> str | None:
    """A parameter of a parametrized test."""
    return getattr(item, "callspec", None) and item.callspec.params.get(name)  # type: ignore[attr-defined]


class Keeper(Plugin):
    """Runs the tests once, noting what they reach and how long they take; then answers for one mutant a line."""

    def __init__(self, simulator: str, root: Path, asked: Any, answers: Any) -> None:
        super().__init__(simulator, lambda _nodeid: 0)
        self.root, self.asked, self.answers = root, asked, answers
        self.reached: dict[str, set[Place]] = {}  # by test; "" is the import of the tests
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.importing = self.noting("")
        self.modules, self.caches = 0, list[Any]()

    def answer(self, what: Any) -> None:
        """One line to the parent."""
        self.answers.write(json.dumps(what) + "\n")
        self.answers.flush()

    @contextlib.contextmanager
    def noting(self, test: str) -> Iterator[None]:
        """Which functions of sims are called meanwhile."""
        profile = cProfile.Profile(builtins=False)
        with profile:
            yield
        codes = [entry.code for entry in profile.getstats() if isinstance(entry.code, types.CodeType)]
        mine = [code for code in codes if code.co_filename.startswith(f"{self.root}/sims/")]
        self.reached.setdefault(test, set()).update((code.co_filename, code.co_firstlineno) for code in mine)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The unmutated tests must pass."""
        if self.said is None and report.failed:
            self.failed.append(report.nodeid)
        super().pytest_runtest_logreport(report)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All tests once; then the mutants."""
        self.importing.__exit__(None, None, None)
        signal.signal(signal.SIGPROF, too_slow)
        for item in session.items:
            self.forget()
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, SLOW)
            with self.noting(item.nodeid):
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.seconds[item.nodeid] = time.process_time() - begun
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        failed = next((test for test in self.failed if self.seconds[test] < SLOW), "")
        self.answer({"failed": failed, "seconds": self.seconds, "tests": len(session.items)})
        items = {item.nodeid: item for item in session.items}
        self.living = [one for one in gc.get_objects() if isinstance(one, types.FunctionType | CACHED)]
        gc.freeze()  # forks share what is there; it hides from gc.get_objects
        for line in self.asked:
            self.one(session, items, json.loads(line))
        return True

    def forget(self) -> None:
        """Empties every cache: what one test has kept, another one reaches too."""
        if len(sys.modules) != self.modules:
            self.modules = len(sys.modules)
            self.caches = [one for one in gc.get_objects() if isinstance(one, CACHED)]
        for one in self.caches:
            one.cache_clear()

    def reaching(self, file: str, lines: tuple[int, int]) -> list[str] | None:
        """The tests that call a function of these lines; None where an import calls it, which is over here."""
        first, last = lines

        def reaches(test: str) -> bool:
            return any(where == file and first <= line <= last for where, line in self.reached[test])

        return None if reaches("") else [test for test in self.seconds if self.seconds[test] < SLOW and reaches(test)]

    def one(self, session: pytest.Session, items: dict[str, pytest.Item], asked: dict[str, Any]) -> None:
        """One mutant; `?` where only a fresh process can tell."""
        tests = self.reaching(str(self.root / asked["file"]), tuple(asked["lines"]))
        if tests is None:
            self.answer("?")
            return
        ranks = asked["ranks"]
        tests.sort(key=lambda test: (-ranks.get(test, 0), self.seconds[test]))
        seconds = TIMES * sum(self.seconds[test] for test in tests) + SECONDS_MORE
        self.answer(forked(seconds, lambda said: self.tried(session, [items[one] for one in tests], asked, said)))

    def tried(self, session: Any, items: list[Any], asked: dict[str, Any], said: Callable[[Any], None]) -> None:
        """In the grandchild: the mutated code, and the tests on it."""
        if not put(self.living, str(self.root / asked["file"]), asked["old"], asked["new"]):
            said("?")
            return
        self.said = said
        for item in items:
            signal.setitimer(
                signal.ITIMER_PROF, TIMES * self.seconds[item.nodeid] + SECONDS_MORE
            )  # its end ends the process
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        said("")


def too_slow(_number: int, _frame: types.FrameType | None) -> None:
    """Ends a test that takes too long."""
    pytest.skip("slow")


def put(living: list[Any], file: str, old: str, new: str) -> bool:
    """Puts the mutated code into every function that has the old one. False where that cannot be done."""
    pairs = list(changed(compile(old, file, "exec"), compile(new, file, "exec")))
    found = False
    for one in living:
        if isinstance(one, CACHED):
            one.cache_clear()  # what was kept may come from the old code
        elif one.__code__.co_filename == file:
            code = next((after for before, after in pairs if before == one.__code__), None)
            if code is not None and code.co_freevars == one.__code__.co_freevars:
                one.__code__, found = code, True
    return found


def changed(old: types.CodeType, new: types.CodeType) -> Iterator[tuple[types.CodeType, types.CodeType]]:
    """The functions whose code differs, old and new."""
    olds, news = ([one for one in code.co_consts if isinstance(one, types.CodeType)] for code in (old, new))
    for before, after in zip(olds, news, strict=True):
        if before != after:
            yield before, after
            yield from changed(before, after)


class Mutated(importlib.machinery.SourceFileLoader):
    """Imports one module from the mutated source; put on sys.meta_path."""

    def __init__(self, root: Path, file: str, source: str) -> None:
        self.module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.source = source
        super().__init__(self.module, str(root / file))

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """The mutated module only."""
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self)
            if fullname == self.module
            else None
        )

    def get_code(self, fullname: str) -> types.CodeType:
        """The mutated code; nothing is cached."""
        return compile(self.source, self.path, "exec")


def forked(seconds: float, work: Callable[[Callable[[Any], None]], None]) -> str:
    """What `work` says in a forked process with so much processor time: the killer's name, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(writing, seconds, work)
    os.close(writing)
    over = time.monotonic() + 10 * seconds + 30  # the wall clock, for a mutant that sleeps
    answer, ended = b"", False
    while not ended:
        ready, _, _ = select.select([reading], [], [], max(0.0, over - time.monotonic()))
        if not ready:
            break
        part = os.read(reading, 65536)
        answer, ended = answer + part, not part
    os.close(reading)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if answer:
        return str(json.loads(answer))
    late = not ended or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in LATE)
    return "timeout" if late else "crash"


def _work(writing: int, seconds: float, work: Callable[[Callable[[Any], None]], None]) -> None:
    """The forked process; never returns."""
    limit = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:

        def said(what: Any) -> None:
            os.write(writing, json.dumps(what).encode())

        work(said)
    finally:
        os._exit(1)


# ── in the parent ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Tests:
    """The tests of one simulator in a copy of the checkout; a context manager."""

    simulator: str
    root: Path
    files: list[str]  # of tests, relative to the root
    failed: str = ""  # a test that fails without a mutation
    seconds: dict[str, float] = field(default_factory=dict)
    kills: dict[Any, Counter[str]] = field(default_factory=dict)  # by file, and by file and function

    def __enter__(self) -> "Tests":
        asked, ask = os.pipe()
        answers, answer = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            os.close(ask)
            os.close(answers)
            self.keep(asked, answer)
        os.close(asked)
        os.close(answer)
        self.ask, self.answers = os.fdopen(ask, "w"), os.fdopen(answers)
        first = self.answers.readline()
        told: dict[str, Any] = json.loads(first) if first else {"failed": "the import", "seconds": {}}
        self.failed, self.seconds = told["failed"], told["seconds"]
        return self

    def __exit__(self, *_: object) -> None:
        self.ask.close()
        self.answers.close()
        os.waitpid(self.child, 0)

    def keep(self, asked: int, answer: int) -> None:
        """The keeper's process; never returns."""
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        try:
            with os.fdopen(asked) as reading, os.fdopen(answer, "w") as writing:
                keeper = Keeper(self.simulator, self.root, reading, writing)
                keeper.importing.__enter__()  # the loop ends it
                pytest.main([*OPTIONS, *self.files], plugins=[keeper])
        finally:
            os._exit(0)

    def killer(self, change: Change) -> str:
        """The test that sees the change, or what ended it (timeout, crash, the import); empty if nothing did."""
        killer = "?" if change.function is None else self.kept(change)
        if killer == "?":
            killer = self.fresh(change)
        for key in (change.mutant.file, (change.mutant.file, change.function)):
            self.kills.setdefault(key, Counter())[killer] += 1
        return killer

    def ranks(self, change: Change) -> dict[str, int]:
        """How often each test killed: a mutant of this function counts more than any of this file."""
        same_file = self.kills.get(change.mutant.file, Counter())
        same = self.kills.get((change.mutant.file, change.function), Counter())
        return {test: 1000 * same[test] + number for test, number in same_file.items() if test in self.seconds}

    def kept(self, change: Change) -> str:
        """The keeper's answer."""
        mutant = {"file": change.mutant.file, "lines": change.function, "old": change.before, "new": change.source}
        self.ask.write(json.dumps({**mutant, "ranks": self.ranks(change)}) + "\n")
        self.ask.flush()
        line = self.answers.readline()
        if not line:
            raise RuntimeError(f"the keeper of {self.simulator} has ended at {change.mutant}")
        return str(json.loads(line))

    def fresh(self, change: Change) -> str:
        """The answer of a process that imports everything anew."""
        ranks = self.ranks(change)

        def work(said: Callable[[Any], None]) -> None:
            sys.meta_path.insert(0, Mutated(self.root, change.mutant.file, change.source))
            slow = {test for test, took in self.seconds.items() if took >= SLOW}
            plugin = Plugin(self.simulator, lambda test: (-ranks.get(test, 0), self.seconds.get(test, 0)), slow)
            plugin.said = said
            status = pytest.main([*OPTIONS, *self.files], plugins=[plugin])
            said("" if status == pytest.ExitCode.OK else "the import")

        return forked(TIMES * sum(took for took in self.seconds.values() if took < SLOW) + 2 * SECONDS_MORE, work)
