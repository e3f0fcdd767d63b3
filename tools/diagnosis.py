"""How well do the built-in pack's questions diagnose? Measured, and written into docs/diagnosis.md.

    python -m tools.diagnosis [--seeds 200] [--jobs 1]      draw everything, then write the tables (make diagnosis)
    python -m tools.diagnosis --from REPORT                 write them from what `osdrill check --json` gave

Only what stands between the two marks of the file is replaced.
"""

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "diagnosis.md"
BEGIN, END = "<!-- measured by tools/diagnosis.py -->", "<!-- until here -->"
FORMS = ("forward", "backward", "compare", "counterfactual", "flaw", "possible")
HEAD = (
    "levels",
    "drawn",
    "some shown",
    "all shown",
    "pairs apart",
    "at once",
    "tries",
    "commonest",
    "slips",
    "slips as two",
)

Proof = dict[str, Any]  # as `osdrill check --json` gives it


def measured(seeds: int, jobs: int) -> dict[str, Any]:
    """What `osdrill check` finds over the built-in pack."""
    command = [sys.executable, "-c", "from trainer.cli.main import run; run()"]
    command += ["check", str(ROOT / "content"), "--seeds", str(seeds), "--jobs", str(jobs), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def tables(report: dict[str, Any], seeds: int, jobs: int, today: dt.date) -> str:
    """What stands between the marks."""
    proofs = [one for one in report["proofs"] if one["form"] and one["drawn"]]
    drawn = sum(one["drawn"] for one in proofs)
    skills = len({one["skill"] for one in proofs})
    right = sum(problem["code"] == "mistake-right" for problem in report["problems"])
    unnamed = sum(problem["code"] == "mistake-unnamed" for problem in report["problems"])
    lines = [
        f"Measured on {today:%Y-%m-%d} by `make diagnosis`: {seeds} seeds a level, {jobs} at a time, {machine()}.",
        f"{skills} simulated skills at {len(proofs)} levels, {drawn:,} questions.",
        "",
        f"- A mistake whose answer is right, in an instance that was kept: {right} skills and levels.",
        f"- A mistake whose answer, typed, is not named: {unnamed}.",
        f"- Pairs of mistakes that no instance of a level tells apart: {_never(proofs)} of {_pairs(proofs)}.",
        f"- Processor time a question: {_times(proofs)}.",
        "",
        "By what is asked for:",
        "",
        *_table("answer", _by(proofs, "kind")),
        "",
        "By form:",
        "",
        *_table("form", sorted(_by(proofs, "form"), key=lambda one: FORMS.index(one[0]))),
    ]
    return "\n".join(lines)


def machine() -> str:
    """Python and processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"Python {platform.python_version()} on {os.cpu_count()} cores, {model or platform.machine()}"


def _by(proofs: Sequence[Proof], key: str) -> list[tuple[str, list[Proof]]]:
    found: dict[str, list[Proof]] = defaultdict(list)
    for one in proofs:
        found[one[key]].append(one)
    return sorted(found.items(), key=lambda one: -len(one[1]))


def _table(first: str, groups: Iterable[tuple[str, list[Proof]]]) -> Iterator[str]:
    yield f"| {' | '.join((first, *HEAD))} |"
    yield f"|---|{'--:|' * len(HEAD)}"
    for name, proofs in groups:
        yield f"| {name} | {' | '.join(row(proofs))} |"


def row(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """One group: every rate is weighed by the questions that were drawn."""
    tries = statistics.median(one["tries"][0] for one in proofs)
    apart = [share for one in proofs for share in one["pairs"].values()]
    return (
        str(len(proofs)),
        f"{sum(one['drawn'] for one in proofs):,}",
        _share(proofs, "diagnoses"),
        _share(proofs, "separated"),
        f"{statistics.fmean(apart):.1%}" if apart else "–",
        _share(proofs, "at_once"),
        f"{tries:g}, {max(one['tries'][1] for one in proofs)}",
        _share(proofs, "guess"),
        _share(proofs, "misread"),
        _share(proofs, "misread_as_two"),
    )


def _share(proofs: Sequence[Proof], key: str) -> str:
    found = [(one[key], one["drawn"]) for one in proofs if one[key] is not None]
    weight = sum(drawn for _, drawn in found)
    return f"{sum(value * drawn for value, drawn in found) / weight:.1%}" if weight else "–"


def _pairs(proofs: Sequence[Proof]) -> int:
    return sum(len(one["pairs"]) for one in proofs)


def _never(proofs: Sequence[Proof]) -> int:
    return sum(share == 0 for one in proofs for share in one["pairs"].values())


def _times(proofs: Sequence[Proof]) -> str:
    times = sorted(one["ms"] for one in proofs)
    slowest = max(proofs, key=lambda one: one["ms"])
    last = times[len(times) * 99 // 100]
    return f"median {statistics.median(times):.1f} ms, 99 % below {last:.0f} ms, slowest {slowest['skill']}"


def main() -> int:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--from", dest="report", type=Path, metavar="REPORT")
    options = parser.parse_args()
    report = json.loads(options.report.read_text()) if options.report else measured(options.seeds, options.jobs)
    seeds = max(one["seeds"] for one in report["proofs"])
    text = tables(report, seeds, options.jobs, dt.datetime.now(tz=dt.UTC).date())
    before, _, rest = FILE.read_text(encoding="utf-8").partition(BEGIN)
    FILE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    for problem in report["problems"]:
        print(f"{problem['file']}:{problem['line']}: {problem['code']}: {problem['message']}", file=sys.stderr)
    print(f"{FILE}: {len(report['proofs'])} skills and levels, {len(report['problems'])} problems")
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
