"""osdrill check: is a pack of content fit to be practised?"""

import argparse
import dataclasses
import os
import sys
import time
from pathlib import Path
from typing import Any

from trainer.author.check import Report, check
from trainer.author.proof import Proof
from trainer.bank.load import builtin
from trainer.cli.out import emit, say, table
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Problem

MORE = "Every problem is told as file:line:column: code: message. Exit status 1 when there is one."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pack", nargs="?", type=Path, metavar="PACK", help="the folder of a pack; default: the built-in one"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=20,
        metavar="N",
        help="questions drawn a skill and level (default 20; 0: read only)",
    )
    parser.add_argument("--table", action="store_true", help="what the trial of each skill and level found")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    pack = options.pack or builtin()
    if not pack.is_dir():
        raise Refusal("is no folder; a pack is a folder with a pack.yaml", code="no-pack", where=str(pack))
    if options.seeds < 0:
        raise Refusal(f"must be 0 or more, got {options.seeds}", code="usage", where="--seeds")
    jobs = options.jobs or os.cpu_count() or 1
    progress = _Bar() if sys.stderr.isatty() and not options.json else None
    report = check(pack, seeds=options.seeds, jobs=jobs, clock=time.process_time, progress=progress)
    if progress:
        progress.clear()
    if options.json:
        emit(described(report))
    else:
        _told(report, options, world)
    return 1 if report.problems else 0


def described(report: Report) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "problems": [_problem(problem) for problem in report.problems],
        "files": report.files,
        "concepts": report.concepts,
        "skills": report.skills,
        "left_out": report.left_out,
        "proofs": [dataclasses.asdict(proof) for proof in report.proofs],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "message": problem.message,
    }


def _told(report: Report, options: argparse.Namespace, world: World) -> None:
    for problem in report.problems:
        say(str(problem))
    if options.table and report.proofs:
        table(HEAD, map(_row, report.proofs), world.frame(width=200))
        say()
    say(_summary(report))
    if report.problems:
        code = report.problems[0].code
        say(f"osdrill explain {code} says more")


def _summary(report: Report) -> str:
    drawn = sum(proof.drawn for proof in report.proofs)
    held = f"{_count(report.skills, 'skill')}, {_count(report.concepts, 'concept')}, {_count(drawn, 'question')} drawn"
    if not report.problems:
        return f"no problem in {_count(report.files, 'file')}: {held}"
    found = f"{_count(len(report.problems), 'problem')} in {report.bad_files} of {_count(report.files, 'file')}"
    left = f"; {_count(report.left_out, 'skill')} left out" if report.left_out else ""
    return f"{found}: {held}{left}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


HEAD = (
    "skill", "level", "drawn", "apart %", "pairs %", "tries", "p99", "commonest %", "slips %", "effort", "steps", "ms",
)  # fmt: skip


def _row(proof: Proof) -> tuple[object, ...]:
    return (
        proof.skill,
        proof.level,
        proof.drawn,
        round(100 * proof.separated),
        round(100 * min(proof.pairs.values())) if proof.pairs else "",
        *proof.tries,
        round(100 * proof.guess),
        "" if proof.misread is None else round(100 * proof.misread, 1),
        _range(proof.effort),
        _range(proof.steps),
        proof.ms,
    )


def _range(ends: tuple[int, int]) -> str:
    low, high = ends
    return str(low) if low == high else f"{low}-{high}"


class _Bar:
    """A bar on standard error, drawn again in place."""

    def __call__(self, done: int, of: int) -> None:
        full = 30 * done // of
        sys.stderr.write(f"\r{'#' * full}{'.' * (30 - full)} {done}/{of}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        sys.stderr.write(f"\r{' ' * 60}\r")
        sys.stderr.flush()
