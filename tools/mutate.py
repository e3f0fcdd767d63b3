"""Mutation testing of the simulators: changes the code a little, one change at a time, and asks whether a test sees it.

    make mutate                                   a sample of 70 mutants a simulator; about 15 minutes
    python tools/mutate.py --only disk --sample 200
    python tools/mutate.py --all                  every mutant: a day
    python tools/mutate.py --seed 2               another sample
    python tools/mutate.py --again                tests the survivors of the last run again, after tests were added
    python tools/mutate.py --page                 writes docs/mutation.md again from the last run
    python tools/mutate.py --anew --only disk --seed 3   a new sample of one simulator, in place of its last one

Works in a copy of the checkout in a temporary folder; the checkout is never changed. The mutants are cosmic-ray's
(tools/mutants.py); tools/mutation_run.py runs the tests. What the last run found is kept in the temporary folder of
the system, each simulator when it is done.
"""

import argparse
import contextlib
import json
import math
import os
import platform
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tools.mutants import Change, change, mutants
from tools.mutation_run import SECONDS_MORE, SLOW, TIMES, Tests

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutation.md"
REASONS = ROOT / "tools" / "mutation_reasons.json"
LAST = Path(tempfile.gettempdir()) / "osdrill-mutation.json"

# Fast test suites first, so that a short run reaches as many simulators as it can.
SIMULATORS = (
    "declarations", "syscalls", "switching", "readiness", "allocator", "disk", "server", "paging", "processes",
    "descriptors", "collector", "translation", "thrashing", "deadlock", "threads", "scheduler",
)  # fmt: skip
CARRIED = ("paging", "scheduler", "deadlock", "translation")  # whose tables tests/sims/test_carried.py asks about
DECLARED = {"server": "io"}  # a folder whose simulator has another name


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
    """What came of one simulator; `note` says why it was not tested, if it was not.

    `seed` and `before` (killed and counted) are those of a sample drawn anew, in place of an earlier one.
    """

    simulator: str
    mutants: int
    killed: int = 0
    timeouts: int = 0
    survivors: tuple[Survivor, ...] = ()
    note: str = ""
    seed: int | None = None
    before: tuple[int, int] | None = None

    @property
    def sampled(self) -> int:
        """The mutants that were tested."""
        return self.killed + len(self.survivors)

    @property
    def equivalent(self) -> int:
        """The survivors that no test could kill."""
        return sum(reason(one).startswith("Equivalent") for one in self.survivors)

    @property
    def counted(self) -> int:
        """The sampled mutants that are not equivalent."""
        return self.sampled - self.equivalent


@dataclass
class Run:
    """One run of this tool: what was asked for, and its results."""

    day: str
    seed: int
    sample: int | None
    minutes: float | None
    results: list[Result] = field(default_factory=list)


# ── testing ─────────────────────────────────────────────────────────────────────────────────────────────────────


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


def sources(copy: Path, simulator: str) -> tuple[str, ...]:
    """The files of one simulator; `declarations` is what all of them declare themselves with."""
    if simulator == "declarations":
        return ("sims/declare.py", "sims/fields.py")
    return tuple(sorted(str(path.relative_to(copy)) for path in (copy / "sims" / simulator).rglob("*.py")))


def tests(copy: Path, simulator: str) -> Tests:
    """The tests of one simulator: its own, those that ask the same of every simulator, and those of carried tables."""
    found = [
        path for name in (simulator, "every", "carried") for path in (copy / "tests" / "sims").glob(f"test_{name}*.py")
    ]
    return Tests(DECLARED.get(simulator, simulator), copy, sorted(str(path.relative_to(copy)) for path in found))


def tested(copy: Path, simulator: str, run: Run, stop: float) -> Result:
    """The result of one simulator; fewer mutants than asked for where the time is over."""
    every = mutants(copy, sources(copy, simulator))
    result = Result(simulator, len(every))
    if time.monotonic() > stop:
        return replace(result, note="not reached in the time given")
    random.Random(run.seed).shuffle(every)
    with tests(copy, simulator) as asked:
        if asked.failed:
            return replace(result, note=f"not tested: {asked.failed} failed without a mutation")
        for order, mutant in enumerate(every[: run.sample]):
            if time.monotonic() > stop:
                of = run.sample or len(every)
                return replace(result, note=f"{result.sampled} of {of} reached in the time given")
            result = one_more(result, order, change(copy, mutant), asked)
    return result


def one_more(result: Result, order: int, made: Change, asked: Tests) -> Result:
    """The result with one more mutant tested; one that is no Python does not count."""
    if not made.compiles:
        return result
    killer = asked.killer(made)
    if killer:
        return replace(result, killed=result.killed + 1, timeouts=result.timeouts + (killer == "timeout"))
    survivor = Survivor(made.mutant.file, made.mutant.start[0], made.old, made.new, order)
    print(f"  {survivor.file}:{survivor.line}  {survivor.old}  →  {survivor.new}", flush=True)
    return replace(result, survivors=(*result.survivors, survivor))


def fresh(simulators: tuple[str, ...], run: Run, last: Run | None = None) -> Run:
    """A new run over the simulators, kept after each; with `last`, its results take the place of theirs there."""
    stop = math.inf if run.minutes is None else time.monotonic() + 60 * run.minutes
    with copied() as copy:
        for simulator in simulators:
            begun = time.monotonic()
            result = tested(copy, simulator, run, stop)
            run.results.append(result)
            keep(renewed(last, run))
            took = f"{time.monotonic() - begun:.0f} s"
            print(f"{simulator}: {result.killed} of {result.sampled}, {took}. {result.note}", flush=True)
    return renewed(last, run)


def renewed(last: Run | None, run: Run) -> Run:
    """The last run with the simulators of a newer one in place of its own."""
    if last is None:
        return run
    newer = {one.simulator: replace(one, seed=run.seed) for one in run.results}
    results = [
        replace(newer[old.simulator], before=(old.killed, old.counted)) if old.simulator in newer else old
        for old in last.results
    ]
    return replace(last, results=results)


def again(run: Run, simulators: tuple[str, ...]) -> Run:
    """The last run, its survivors tested once more. A simulator whose mutants changed must be run afresh."""
    with copied() as copy:
        for place, result in enumerate(run.results):
            if result.survivors and result.simulator in simulators:
                run.results[place] = replace(result, survivors=tuple(looked(copy, result, run)))
                keep(run)
    return run


def looked(copy: Path, result: Result, run: Run) -> Iterator[Survivor]:
    """The survivors, each with whether a test sees it now. Those known to be equivalent are not tested."""
    every = mutants(copy, sources(copy, result.simulator))
    random.Random(run.seed if result.seed is None else result.seed).shuffle(every)
    with tests(copy, result.simulator) as asked:
        for survivor in result.survivors:
            made = change(copy, every[survivor.order]) if len(every) == result.mutants else None
            if made is None or reason(survivor).startswith("Equivalent"):
                yield survivor
                continue
            seen = bool(asked.killer(made))
            print(f"  {'seen' if seen else 'NOT '} {survivor.file}:{survivor.line} {survivor.old} → {survivor.new}")
            yield replace(survivor, seen_since=seen)


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(run: Run) -> None:
    """Keeps the run for `--again` and `--page`."""
    LAST.write_text(json.dumps(asdict(run), indent=1), encoding="utf-8")


def kept() -> Run:
    """The last run. Raises FileNotFoundError if there was none."""
    stored = json.loads(LAST.read_text(encoding="utf-8"))
    results = [
        Result(
            **{
                **one,
                "survivors": tuple(Survivor(**survivor) for survivor in one["survivors"]),
                "before": tuple(one["before"]) if one.get("before") else None,
            }
        )
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
    late = f"{result.killed} ({result.timeouts} by timeout)" if result.timeouts else str(result.killed)
    left = len(result.survivors) - result.equivalent
    counts = (result.mutants, result.sampled, late, result.equivalent, left)
    before = "" if result.before is None else f"before: {result.before[0]} of {result.before[1]}"
    anew = "" if result.seed is None else f"seed {result.seed}"
    notes = "; ".join(filter(None, (result.note, anew, before)))
    cells = (result.simulator, *counts, share(result.killed, result.counted), notes)
    return "| " + " | ".join(map(str, cells)) + " |"


def reason(survivor: Survivor) -> str:
    """Why no test saw the change, if somebody has looked."""
    reasons: dict[str, str] = json.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    return reasons.get(f"{survivor.file}: {survivor.new}", "Not looked into yet.")


def survivor_lines(run: Run, *, equivalent: bool) -> Iterator[str]:
    """Each survivor with its reason."""
    for survivor in (one for result in run.results for one in result.survivors):
        if reason(survivor).startswith("Equivalent") == equivalent:
            since = " Killed since by a new test." if survivor.seen_since else ""
            change = f"`{survivor.old}` → `{survivor.new}`"
            yield f"- `{survivor.file}:{survivor.line}`: {change}. {reason(survivor)}{since}"


def weighed(results: list[Result]) -> str:
    """The share over all mutants of the simulators, each simulator with the weight of its number of mutants."""
    every = sum(one.mutants for one in results)
    mean = sum(one.mutants * one.killed / one.counted for one in results) / every
    spread = sum(
        (one.mutants / every) ** 2 * (low := one.killed / one.counted) * (1 - low) / one.counted for one in results
    )
    half = 1.959964 * math.sqrt(spread)
    return f"{mean:.1%} ({mean - half:.1%} to {min(1.0, mean + half):.1%})"


def anew_lines(run: Run) -> Iterator[str]:
    """Which rows come from samples drawn anew."""
    names = [one.simulator for one in run.results if one.seed is not None]
    if names:
        yield f"- Drawn anew, by the seed in their row, after tests were added: {', '.join(names)}. Their figures"
        yield f"  before that, by seed {run.seed}, stand there too; the sums below have the new ones. The tests were"
        yield "  written with the survivors of other samples in sight, none of this one; two samples of one simulator"
        yield "  share a few mutants by chance."


def page(run: Run) -> str:
    """docs/mutation.md, whole."""
    tried = [result for result in run.results if result.counted]
    killed, counted = sum(one.killed for one in tried), sum(one.counted for one in tried)
    since = sum(survivor.seen_since for one in tried for survivor in one.survivors)
    asked = "every mutant" if run.sample is None else f"{run.sample} mutants a simulator, drawn by seed {run.seed}"
    limit = "" if run.minutes is None else f", {run.minutes:g} minutes in all"
    versions = f"cosmic-ray {version('cosmic-ray')}, pytest {version('pytest')}, Python {platform.python_version()}"
    more = (
        [f"Tests added after the run kill {since} of the survivors; no figure here counts them.", ""] if since else []
    )
    return "\n".join(
        [
            "# Do the simulators' tests see a fault?",
            "",
            "Written by `make mutate` (tools/mutate.py). A mutant is the code with one small change: another operator,",
            "another number, a condition turned round, a loop that never runs. A mutant that no test sees survives.",
            "",
            f"- Run on {run.day}: {asked}{limit}. {versions}.",
            *anew_lines(run),
            "- Tests: `tests/sims/test_NAME*.py`, and what `test_every*.py` and `test_carried.py` ask of this",
            '  simulator, without those that ask the kernel (`-m "not kernel"`) and those that take longer than',
            f"  {SLOW:g} seconds; the properties derandomized, 30 examples each, not shrunk. A mutant inside a",
            "  function meets the tests that reach the function. A mutant with which a test takes more than",
            f"  {TIMES} times the processor time of the unmutated code, and {SECONDS_MORE} second, is killed:",
            "  by timeout.",
            "- `declarations` is `sims/declare.py` and `sims/fields.py`, which every simulator is declared with.",
            "- Not mutated: declarations (`Simulator`, `Measure`, `Mistake`, `Rule`, `Example`: words and sources; a",
            "  function written inside one is mutated), annotations, `slots`, `strict`, `@cache`, and the incidents'",
            "  evidence (`sims/evidence`, which is no simulator). No comparison is turned into `is`, and none with a",
            "  word into `<` or `>`: which word sorts first is an accident.",
            "- Limits and defaults of fields are held by `tests/sims/limits.txt`, a transcription of the declarations",
            "  that packs and histories rely on: it sees that one changed, not that one was wrong from the start.",
            "- The share is of the mutants that are not equivalent; its interval is Wilson's, 95 %. Equivalent is a",
            "  survivor only if it is listed below with the reason why no test could tell it from the code. The",
            "  reasons were found by reading; a mutant that is no Python at all is not counted as sampled.",
            "",
            "| Simulator | Mutants in all | Sampled | Killed | Equivalent | Survived | Killed share (95 %) | |",
            "|---|--:|--:|--:|--:|--:|---|---|",
            *map(row, run.results),
            "",
            f"Together {killed} of {counted} sampled mutants that are not equivalent were killed:",
            f"{share(killed, counted)}. With each simulator weighing as much as it has mutants: {weighed(tried)}.",
            "",
            *more,
            "## Survivors",
            "",
            *survivor_lines(run, equivalent=False),
            "",
            "## Equivalent mutants",
            "",
            *survivor_lines(run, equivalent=True),
            "",
        ]
    )


def main() -> None:
    """Runs what the command line asks for, and writes the page."""
    ask = argparse.ArgumentParser(description="Mutation testing of sims/; writes docs/mutation.md")
    ask.add_argument("--all", action="store_true", help="every mutant")
    ask.add_argument("--only", choices=SIMULATORS, action="append", help="this simulator; may be repeated; no page")
    ask.add_argument("--sample", type=int, default=70, help="mutants a simulator (70)")
    ask.add_argument("--seed", type=int, default=1, help="which sample (1); a larger sample holds the smaller one")
    ask.add_argument("--minutes", type=float, help="start no mutant after this time")
    ask.add_argument("--again", action="store_true", help="test the survivors of the last run again")
    ask.add_argument("--anew", action="store_true", help="a new sample of --only, in place of theirs in the last run")
    ask.add_argument("--page", action="store_true", help="write the page again from the last run")
    asked = ask.parse_args()
    simulators = tuple(asked.only or SIMULATORS)
    if asked.page or asked.again:
        run = again(kept(), simulators) if asked.again else kept()
    else:
        sample = None if asked.all else asked.sample
        day = date.today().isoformat()  # noqa: DTZ011 the day as the person at the machine has it
        last = kept() if asked.anew else None
        run = fresh(simulators, Run(day, asked.seed, sample, asked.minutes), last)
    if asked.anew or not asked.only:
        PAGE.write_text(page(run), encoding="utf-8")


if __name__ == "__main__":
    main()
