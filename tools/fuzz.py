"""Can anything that people type or send bring the readers down? Fuzzed with atheris, which follows coverage.

    python -m tools.fuzz [--seconds 3600] [--keep FOLDER] [--record FILE] [TARGET …]

The targets are those of tools/readers.py, all of them when none is named; each gets an equal share of the seconds, in a
process of its own. Every finding is kept with its bytes below FOLDER, one a place in the code, and the search goes on.
`--record` writes the table of docs/fuzzing.md. Atheris is not a dependency: `pip install atheris` first.
"""

import argparse
import datetime as dt
import hashlib
import json
import platform
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- made by tools/fuzz.py -->", "<!-- until here -->"


class Result(NamedTuple):
    """What fuzzing one target came to."""

    target: str
    seconds: int
    executions: int
    findings: tuple[str, ...]  # where each was raised, and what


# ── one target, in this process ─────────────────────────────────────────────────────────────────────────────────


def fuzz(target: str, seconds: int, keep: Path) -> None:
    """Fuzz one target until the time is over; ends the process, as atheris does."""
    import atheris

    with atheris.instrument_imports(include=["trainer", "sims"]):
        from tools import readers
    run = readers.TARGETS[target]
    corpus, found = keep / target / "corpus", keep / target / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for data in readers.seeds(target):
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)

    def one(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:  # noqa: BLE001 — a finding is whatever the reader does not document
            _keep(found, data, error)

    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=3000"]
    limits += [f"-artifact_prefix={found}/", "-print_final_stats=1", "-close_fd_mask=1"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


def _keep(found: Path, data: bytes, error: Exception) -> None:
    """The bytes and the traceback, the first for each place in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    here = next(
        (
            frame
            for frame in reversed(frames)
            if str(ROOT) in frame.filename and not frame.filename.endswith(("readers.py", "fuzz.py"))
        ),
        frames[-1],
    )
    place = f"{Path(here.filename).name}-{here.lineno}-{type(error).__name__}"
    if not (found / f"{place}.txt").exists():
        (found / place).write_bytes(data)
        (found / f"{place}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")


# ── all targets ─────────────────────────────────────────────────────────────────────────────────────────────────


def every(targets: Sequence[str], seconds: int, keep: Path) -> Iterable[Result]:
    """Each target in a process of its own, one after the other; begun again where libFuzzer gave up."""
    for target in targets:
        start, executions = time.monotonic(), 0
        while (left := int(seconds / len(targets) - (time.monotonic() - start))) > 1:
            command = [sys.executable, "-m", "tools.fuzz", "--one", "--seconds", str(left), "--keep", str(keep), target]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
            counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
            executions += int(counted[1]) if counted else 0
            if counted is None:
                (keep / target / "stderr.txt").write_text(done.stderr[-20_000:], encoding="utf-8")
                break
        yield Result(target, round(time.monotonic() - start), executions, tuple(_found(keep / target / "found")))


def _found(folder: Path) -> Iterable[str]:
    """Each finding by its place, and what libFuzzer itself kept: timeouts and crashes of the interpreter."""
    if folder.is_dir():
        yield from sorted(file.stem for file in folder.glob("*.txt"))
        yield from sorted(file.name for file in folder.iterdir() if re.match(r"(crash|timeout|oom|leak)-", file.name))


def table(results: Sequence[Result]) -> str:
    """The results as Markdown."""
    cpu = platform.processor() or platform.machine()
    total = sum(one.executions for one in results)
    rows = [f"| {one.target} | {one.seconds} | {one.executions:,} | {len(one.findings)} |" for one in results]
    return "\n".join(
        [
            f"Run on {dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, Python {platform.python_version()}, {cpu}:",
            f"{total:,} executions in {sum(one.seconds for one in results) / 60:.0f} minutes.",
            "",
            "| Target | Seconds | Executions | Findings |",
            "|---|--:|--:|--:|",
            *rows,
        ]
    )


def record(file: Path, text: str) -> None:
    """Put the table between the two marks of the file."""
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def main() -> None:
    """Fuzz what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"))
    parser.add_argument("--record", type=Path)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        fuzz(options.targets[0], options.seconds, options.keep)
        return
    from tools.readers import TARGETS

    results = []
    options.keep.mkdir(parents=True, exist_ok=True)
    for one in every(options.targets or list(TARGETS), options.seconds, options.keep.resolve()):
        print(
            f"{one.target:<10} {one.executions:>10,} executions in {one.seconds} s, {len(one.findings)} findings",
            flush=True,
        )
        results.append(one)
        for each in one.findings:
            print(f"  {each}", flush=True)
        (options.keep / "results.json").write_text(json.dumps([each._asdict() for each in results]), encoding="utf-8")
    if options.record:
        record(options.record, table(results))


if __name__ == "__main__":
    main()
