"""Measures the speed that users feel, and writes docs/performance.md.

    make bench                      everything; a few minutes
    python tools/bench.py start     one part: start, draw, simulators, store

Each start is compared with a bare interpreter (`python -c pass`) in the same run, the two interleaved, so that a slow
or busy machine slows both. Medians.
"""

import gc
import os
import platform
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGE = ROOT / "docs" / "performance.md"
OSDRILL = Path(sys.executable).with_name("osdrill")


class Row(NamedTuple):
    """One line of a table."""

    what: str
    measured: str
    wanted: str


# ── start ───────────────────────────────────────────────────────────────────────────────────────────────────────


def starts(rounds: int = 25) -> Iterator[Row]:
    """How long until the command has answered, as multiples of a bare start."""
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder))
        first_question(environment)  # makes the compiled bank; a first run pays for it once
        calls: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: _timed([sys.executable, "-c", "pass"], environment),
            "osdrill --version": lambda: _timed([str(OSDRILL), "--version"], environment),
            "osdrill --help": lambda: _timed([str(OSDRILL), "--help"], environment),
            "first question visible in a pty": lambda: first_question(environment),
        }
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(rounds):
            for name, call in calls.items():
                times[name].append(call())
    bare = statistics.median(times["python -c pass"])
    wanted = {
        "osdrill --version": "under 3 ×",
        "osdrill --help": "under 3 ×",
        "first question visible in a pty": "under 8 ×",
    }
    for name, measured in times.items():
        middle = statistics.median(measured)
        yield Row(name, f"{middle * 1000:.0f} ms, {middle / bare:.1f} ×", wanted.get(name, ""))


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    return {**kept, "HOME": str(folder), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


def _timed(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def first_question(environment: dict[str, str]) -> float:
    """Seconds until the line that shows the form of an answer is on the terminal; the process is then killed."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(OSDRILL, [str(OSDRILL)], environment)
    seen = b""
    while b"like this:" not in seen:
        if not select.select([terminal], [], [], 20)[0]:
            raise TimeoutError(seen.decode(errors="replace"))
        seen += os.read(terminal, 65536)
    taken = time.perf_counter() - start
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(terminal)
    return taken


# ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def draws(seeds: int = 12) -> Iterator[Row]:
    """One question with its selection, over every simulated skill and level."""
    from trainer.bank.load import builtin, load
    from trainer.quiz.draw import draw

    bank, _ = load([builtin()], None)
    times: list[tuple[float, str]] = []
    for id_ in bank.skills:
        skill = bank.skill(id_)
        if skill.simulated is None:
            continue
        for level in skill.levels:
            for seed in range(seeds):
                start = time.perf_counter()
                question = draw(skill, level, seed)
                times.append((time.perf_counter() - start, str(question.name)))
    times.sort()
    middle, late = times[len(times) // 2][0], times[len(times) * 99 // 100][0]
    yield Row(f"drawing one question, median of {len(times)}", f"{middle * 1000:.1f} ms", "under 5 ms")
    yield Row("99th percentile", f"{late * 1000:.1f} ms", "under 50 ms")
    yield Row("slowest", f"{times[-1][0] * 1000:.0f} ms ({times[-1][1]})", "")


# ── simulators ──────────────────────────────────────────────────────────────────────────────────────────────────


def simulators() -> Iterator[Row]:
    """Events per second, and how the time grows when the scenario doubles. n log n grows by 2.1 to 2.3."""
    from tools.loads import LOADS

    for name, load in LOADS.items():
        small, large = load(load.size // 2), load(load.size)
        half, whole = _best(small), _best(large)
        rate = load.events(load.size) / whole
        yield Row(f"{name}, n = {load.size:,}", f"{rate:,.0f} /s", f"× {whole / half:.2f} when n doubles")


def _best(run: Callable[[], Any]) -> float:
    """Processor time, so that others on the machine do not count; without Python's collector, as timeit does it: its
    whole collections come at some sizes and not at others, and would be taken for growth."""
    times = []
    for _ in range(5):
        gc.collect()
        gc.disable()
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
        gc.enable()
    return max(min(times), 1e-6)  # a closed form takes no time that the clock would see


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────


def stores() -> Iterator[Row]:
    """A history of 10,000 cards and 1,000,000 reviews."""
    from tools.histories import measured

    for what, taken, wanted in measured():
        yield Row(what, taken, wanted)


PARTS: dict[str, tuple[str, Callable[[], Iterator[Row]]]] = {
    "start": ("Start", starts),
    "draw": ("Drawing a question", draws),
    "simulators": ("Simulators", simulators),
    "store": ("A long history", stores),
}

METHOD = """# Performance

`make bench` measures this page. Method: a start is the time from `exec` to the exit of the command, or, for the first
question, until its last line is on a pseudo-terminal; each round runs every command once, one after the other, beside
a bare `python -c pass`, and the medians are compared, so that a slow or busy machine slows both. Drawing is timed over
every simulated skill, level and twelve seeds. A simulator's row gives events per second at that size and by how much
the time grows when the size doubles: 2.0 is linear, 2.1 to 2.3 is n log n, 4 is quadratic. Times are processor time,
the best of five runs, with Python's own collector off; building the scenario is not counted.
"""


def main() -> int:
    """Measure the parts named on the command line, all of them by default, and print or write the page."""
    chosen = sys.argv[1:] or list(PARTS)
    tables = []
    for name in chosen:
        title, measure = PARTS[name]
        rows = list(measure())
        lines = [f"| {row.what} | {row.measured} | {row.wanted} |" for row in rows]
        tables.append(
            "\n".join([f"## {title}", "", "| what | measured | wanted, or growth |", "|---|---|---|", *lines])
        )
        print(tables[-1] + "\n", flush=True)
    if chosen == list(PARTS):
        machine = f"Measured on {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}."
        PAGE.write_text("\n".join([METHOD, machine, "", "\n\n".join(tables), ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
