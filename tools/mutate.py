"""Mutation testing of the simulators: changes the code a little, one change at a time, and asks whether a test sees it.

    make mutate                                   a sample of 12 mutants a simulator; about 25 minutes
    python tools/mutate.py --only disk --sample 40
    python tools/mutate.py --all                  every mutant: days
    python tools/mutate.py --minutes 10           stops in time; the page says what was not reached
    python tools/mutate.py --again                tests the survivors of the last run again, after tests were added
    python tools/mutate.py --page                 writes docs/mutation.md again from the last run

Works in a copy of the checkout in a temporary folder; the checkout is never changed. The mutants come from cosmic-ray.
What the last run found is kept beside the copy, in the temporary folder of the system.
"""

import argparse
import ast
import contextlib
import json
import math
import os
import platform
import random
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import use_db

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutation.md"
REASONS = ROOT / "tools" / "mutation_reasons.json"
LAST = Path(tempfile.gettempdir()) / "osdrill-mutation.json"

# Fast test suites first, so that a short run reaches as many simulators as it can.
SIMULATORS = (
    "syscalls", "switching", "readiness", "allocator", "disk", "server", "paging", "scheduler",
    "processes", "descriptors", "collector", "translation", "thrashing", "deadlock", "threads",
)  # fmt: skip

DECLARATIONS = {"Simulator", "Measure", "Mistake", "Rule", "Example"}
"""Calls that only declare: their words and numbers are not behaviour."""

TIMES_UNMUTATED, SECONDS_MORE = 3, 10
"""A mutant's tests may take three times as long as the unmutated ones, and ten seconds."""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test saw; `order` is its place in the seed's sequence."""

    file: str
    line: int
    old: str
    new: str
    order: int
    seen_since: bool = False


@dataclass(frozen=True)
class Result:
    """What came of one simulator; `note` says why it was not tested, if it was not."""

    simulator: str
    mutants: int
    killed: int = 0
    timeouts: int = 0
    survivors: tuple[Survivor, ...] = ()
    note: str = ""

    @property
    def sampled(self) -> int:
        """The mutants that were tested."""
        return self.killed + len(self.survivors)


@dataclass
class Run:
    """One run of this tool: what was asked for, and its results."""

    day: str
    seed: int
    sample: int | None
    minutes: float | None
    results: list[Result] = field(default_factory=list)


# ── which mutants ───────────────────────────────────────────────────────────────────────────────────────────────


def mutants(copy: Path, simulator: str) -> list[Any]:
    """All mutants of a simulator's behaviour, in a fixed order. Declarations and annotations are left out."""
    files = sorted((copy / "sims" / simulator).rglob("*.py"))
    with use_db(str(copy / f"{simulator}.sqlite")) as session:
        init(files, session, {})
        found = [mutation for item in session.work_items for mutation in item.mutations]
    silent = {path: silent_spans(path.read_text(encoding="utf-8")) for path in files}
    kept = [one for one in found if not trivial(one) and not within(one.start_pos, silent[one.module_path])]
    return sorted(kept, key=lambda one: (str(one.module_path), one.start_pos, one.operator_name, one.occurrence))


def trivial(mutation: Any) -> bool:
    """Whether a comparison becomes `is`: with numbers and short strings that is no change, or only a warning."""
    return str(mutation.operator_name).endswith(("_Is", "_IsNot")) and "Comparison" in mutation.operator_name


Span = tuple[tuple[int, int], tuple[int, int]]


def silent_spans(source: str) -> list[Span]:
    """Where a change is no change of behaviour: declarations, and annotations (most fail on import)."""
    tree, lines, spans = ast.parse(source), source.splitlines(), []

    def place(line: int, byte: int) -> tuple[int, int]:
        return line, len(lines[line - 1].encode()[:byte].decode())

    for node in ast.walk(tree):
        for one in silent_parts(node):
            assert one.end_lineno is not None
            assert one.end_col_offset is not None
            spans.append((place(one.lineno, one.col_offset), place(one.end_lineno, one.end_col_offset)))
    return spans


def silent_parts(node: ast.AST) -> Iterator[ast.expr]:
    """The parts of a node that only declare or annotate."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECLARATIONS:
        yield node
    elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    elif isinstance(node, ast.FunctionDef) and node.returns is not None:
        yield node.returns
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr):
        yield node.value  # an alias of a union of types


def within(position: tuple[int, int], spans: list[Span]) -> bool:
    """Whether a position lies in one of the spans."""
    return any(start <= tuple(position) < end for start, end in spans)


# ── testing them ────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """A copy of the checkout, as the current folder; gone afterwards."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="osdrill-mutate-") as folder:
        copy = Path(folder).resolve() / "osdrill"
        left_out = shutil.ignore_patterns(".*", "__pycache__", "sqlite*", "dist", "build")
        shutil.copytree(ROOT, copy, ignore=left_out)
        os.chdir(copy)
        os.environ["HYPOTHESIS_PROFILE"] = "ci"
        try:
            yield copy
        finally:
            os.chdir(before)


def command(copy: Path, simulator: str) -> str:
    """The tests of one simulator, as a command line."""
    tests = [str(path.relative_to(copy)) for path in sorted((copy / "tests" / "sims").glob(f"test_{simulator}*.py"))]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not kernel"]
    return shlex.join([sys.executable, "-m", "pytest", *options, *tests])


def tested(copy: Path, simulator: str, run: Run, stop: float) -> Result:
    """The result of one simulator; fewer mutants than asked for where the time is over."""
    every = mutants(copy, simulator)
    if time.monotonic() > stop:
        return Result(simulator, len(every), note="not reached in the time given")
    begun = time.monotonic()
    outcome, _ = run_tests(command(copy, simulator), 300)
    seconds = time.monotonic() - begun
    if outcome != "survived":
        return Result(simulator, len(every), note="not tested: its tests failed without a mutation")
    random.Random(run.seed).shuffle(every)
    total = len(every)
    result = Result(simulator, total)
    for order, mutation in enumerate(every[: run.sample]):
        if time.monotonic() > stop:
            return replace(result, note=f"{result.sampled} of {run.sample or total} reached in the time given")
        result = one_more(result, order, mutation, copy, TIMES_UNMUTATED * seconds + SECONDS_MORE)
    return result


def one_more(result: Result, order: int, mutation: Any, copy: Path, limit: float) -> Result:
    """The result with one more mutant tested. Raises RuntimeError if it could not be made."""
    work = mutate_and_test([mutation], command(copy, result.simulator), limit)
    if work.test_outcome not in ("killed", "survived"):
        raise RuntimeError(f"{mutation}: {work.output}")
    if work.test_outcome == "killed":
        late = int(work.output == "timeout")
        return replace(result, killed=result.killed + 1, timeouts=result.timeouts + late)
    changed = [line for line in work.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    old = " ⏎ ".join(line[1:].strip() for line in changed if line[0] == "-")
    new = " ⏎ ".join(line[1:].strip() for line in changed if line[0] == "+")
    file = str(Path(mutation.module_path).relative_to(copy))
    survivor = Survivor(file, mutation.start_pos[0], old, new, order)
    print(f"  {file}:{survivor.line}  {old}  →  {new}", flush=True)
    return replace(result, survivors=(*result.survivors, survivor))


def fresh(simulators: tuple[str, ...], run: Run) -> Run:
    """A new run over the simulators, kept after each."""
    stop = math.inf if run.minutes is None else time.monotonic() + 60 * run.minutes
    with copied() as copy:
        for simulator in simulators:
            result = tested(copy, simulator, run, stop)
            run.results.append(result)
            keep(run)
            print(f"{simulator}: {result.killed} of {result.sampled} killed, {result.note or 'done'}", flush=True)
    return run


def again(run: Run) -> Run:
    """The last run, its survivors tested once more. A simulator whose files changed in length must be run afresh."""
    with copied() as copy:
        for place, result in enumerate(run.results):
            if not result.survivors:
                continue
            every = mutants(copy, result.simulator)
            if len(every) != result.mutants:
                print(f"{result.simulator} has changed since: not tested again")
                continue
            random.Random(run.seed).shuffle(every)
            run.results[place] = replace(result, survivors=tuple(looked(copy, result, every)))
            keep(run)
    return run


def looked(copy: Path, result: Result, every: list[Any]) -> Iterator[Survivor]:
    """The survivors, each with whether a test sees it now. Those known to be equivalent are not tested."""
    for survivor in result.survivors:
        if reason(survivor).startswith("Equivalent"):
            yield survivor
            continue
        work = mutate_and_test([every[survivor.order]], command(copy, result.simulator), 300)
        yield replace(survivor, seen_since=work.test_outcome == "killed")


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(run: Run) -> None:
    """Keeps the run for `--again` and `--page`."""
    LAST.write_text(json.dumps(asdict(run), indent=1), encoding="utf-8")


def kept() -> Run:
    """The last run. Raises FileNotFoundError if there was none."""
    stored = json.loads(LAST.read_text(encoding="utf-8"))
    results = [
        Result(**{**one, "survivors": tuple(Survivor(**survivor) for survivor in one["survivors"])})
        for one in stored.pop("results")
    ]
    return Run(**stored, results=results)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), both ends between 0 and 1; the whole range for nothing seen."""
    if not of:
        return 0.0, 1.0
    z = 1.959964
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(killed: int, of: int) -> str:
    """The killed share with its interval, in per cent."""
    low, high = wilson(killed, of)
    return f"{killed / of:.0%} ({low:.0%} to {high:.0%})" if of else "–"


def row(result: Result) -> str:
    """One line of the table."""
    left = len(result.survivors)
    late = f"{result.killed} ({result.timeouts} by timeout)" if result.timeouts else str(result.killed)
    cells = (result.simulator, result.mutants, result.sampled, late, left, share(result.killed, result.sampled))
    return "| " + " | ".join(map(str, cells)) + f" | {result.note} |"


def reason(survivor: Survivor) -> str:
    """Why no test saw the change, if somebody has looked."""
    reasons: dict[str, str] = json.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    return reasons.get(f"{survivor.file}: {survivor.new}", "Not looked into yet.")


def survivor_lines(run: Run) -> Iterator[str]:
    """Each survivor with its reason."""
    for survivor in (one for result in run.results for one in result.survivors):
        since = " Killed since by a new test." if survivor.seen_since else ""
        change = f"`{survivor.old}` → `{survivor.new}`"
        yield f"- `{survivor.file}:{survivor.line}`: {change}. {reason(survivor)}{since}"


def page(run: Run) -> str:
    """docs/mutation.md, whole."""
    tried = [result for result in run.results if result.sampled]
    killed, sampled = sum(one.killed for one in tried), sum(one.sampled for one in tried)
    left = [survivor for one in tried for survivor in one.survivors]
    since = sum(survivor.seen_since for survivor in left)
    same = sum(reason(survivor).startswith("Equivalent") for survivor in left)
    asked = "every mutant" if run.sample is None else f"{run.sample} mutants a simulator by seed {run.seed}"
    limit = "" if run.minutes is None else f", {run.minutes:g} minutes in all"
    versions = f"cosmic-ray {version('cosmic-ray')}, pytest {version('pytest')}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Do the simulators' tests see a fault?",
            "",
            "Written by `make mutate` (tools/mutate.py). A mutant is the code with one small change: another operator,",
            "another number, a condition turned round, a loop that never runs. A mutant that no test sees survives.",
            "",
            f"- Run on {run.day}: {asked}{limit}. {versions}.",
            '- Tests: `tests/sims/test_NAME*.py`, without those that ask the kernel (`-m "not kernel"`),',
            "  the properties derandomized (profile `ci`), stopped at the first failure. A mutant whose tests take",
            f"  more than {TIMES_UNMUTATED} times as long as the unmutated ones and {SECONDS_MORE} seconds is killed.",
            "- Not mutated: declarations (`Simulator`, `Measure`, `Mistake`, `Rule`, `Example`: words and sources),",
            "  annotations, and the files of evidence (`sims/evidence`). No comparison is turned into `is`.",
            "- The interval is Wilson's, 95 %. Equivalent mutants count as survivors.",
            "",
            "| Simulator | Mutants in all | Sampled | Killed | Survived | Killed share (95 %) | |",
            "|---|--:|--:|--:|--:|--:|---|",
            *map(row, run.results),
            "",
            f"Together {killed} of {sampled} sampled mutants were killed: {share(killed, sampled)}. This speaks of the",
            f"simulators with a sample only, each weighing what its sample weighs. Survivors: {sampled - killed}; of",
            f"these {since} are killed by tests added after the run, which the table does not count,",
            f"and {same} are equivalent: no test could kill them.",
            "",
            "## Survivors",
            "",
            *survivor_lines(run),
            "",
        ]
    )


def main() -> None:
    """Runs what the command line asks for, and writes the page."""
    ask = argparse.ArgumentParser(description="Mutation testing of sims/; writes docs/mutation.md")
    ask.add_argument("--all", action="store_true", help="every mutant")
    ask.add_argument("--only", choices=SIMULATORS, action="append", help="this simulator; may be repeated")
    ask.add_argument("--sample", type=int, default=12, help="mutants a simulator (12)")
    ask.add_argument("--seed", type=int, default=1, help="which sample (1); a larger sample holds the smaller one")
    ask.add_argument("--minutes", type=float, help="start no mutant after this time")
    ask.add_argument("--again", action="store_true", help="test the survivors of the last run again")
    ask.add_argument("--page", action="store_true", help="write the page again from the last run")
    asked = ask.parse_args()
    if asked.page or asked.again:
        run = again(kept()) if asked.again else kept()
    else:
        sample = None if asked.all else asked.sample
        day = date.today().isoformat()  # noqa: DTZ011 the day as the person at the machine has it
        run = fresh(tuple(asked.only or SIMULATORS), Run(day, asked.seed, sample, asked.minutes))
    PAGE.write_text(page(run), encoding="utf-8")


if __name__ == "__main__":
    main()
