"""Is a pack of content fit to be practised? Every problem at once, with its place; then each skill on trial.

report = check(Path("mypack"), seeds=20, jobs=2, clock=clock)
report.problems   what is wrong, by file and line
report.proofs     what the trial of each skill at each level found
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from trainer.author.proof import LEAST_FOR_RATES, Proof, prove
from trainer.author.whole import whole
from trainer.bank.files import listing
from trainer.bank.load import builtin, load
from trainer.model import Place, Problem, Skill

Clock = Callable[[], float]
Progress = Callable[[int, int], None]  # (done, in all)


def no_clock() -> float:
    """Where nobody asks for times."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found."""

    problems: tuple[Problem, ...]
    files: int
    skills: int  # that can be practised
    left_out: int  # skills with problems of form
    concepts: int
    proofs: tuple[Proof, ...] = ()

    @property
    def bad_files(self) -> int:
        """How many files have a problem."""
        return len({problem.place.file for problem in self.problems})


def check(
    pack: Path, *, seeds: int = 0, jobs: int = 1, clock: Clock = no_clock, progress: Progress | None = None
) -> Report:
    """Read the pack from its text, and draw each skill at each level with `seeds` seeds (0: read only).

    A pack may refer to the built-in one; only its own problems are told. `clock` gives seconds for the time per
    question.
    """
    inside = builtin().resolve()
    below = () if pack.resolve() == inside else (builtin(),)
    bank, problems = load((*below, pack))
    under, _ = load(below)
    own = f"{pack}{os.sep}"
    problems = tuple(each for each in problems if each.place.file == str(pack) or each.place.file.startswith(own))
    skills = [skill for skill in map(bank.skill, bank.skills) if skill.place and skill.place.file.startswith(own)]
    proofs = tuple(_proofs(skills, range(seeds), jobs, clock, progress)) if seeds else ()
    return Report(
        problems=(*problems, *whole(pack, bank, skills, under), *_faults(proofs, skills)),
        files=len(listing((pack,))),
        skills=len(skills),
        left_out=bank.left_out - under.left_out,
        concepts=len(bank.concepts) - len(under.concepts),
        proofs=proofs,
    )


def _proofs(
    skills: Sequence[Skill], seeds: range, jobs: int, clock: Clock, progress: Progress | None
) -> Iterator[Proof]:
    """The trials, over `jobs` processes; in the order of the skills."""
    tasks = [(skill, level) for skill in skills for level in skill.levels]
    if jobs < 2 or len(tasks) < 2:
        for done, (skill, level) in enumerate(tasks, 1):
            yield prove(skill, level, seeds, clock)
            if progress:
                progress(done, len(tasks))
        return
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(prove, skill, level, seeds, clock) for skill, level in tasks]
        _watch(futures, progress)
        for (skill, level), future in zip(tasks, futures, strict=True):
            if (error := future.exception()) is not None:
                error.add_note(f"while {skill.id} was on trial at level {level}")
            yield future.result()


def _watch(futures: Sequence[Future[Proof]], progress: Progress | None) -> None:
    for done, _ in enumerate(as_completed(futures), 1):
        if progress:
            progress(done, len(futures))


def _faults(proofs: Sequence[Proof], skills: Sequence[Skill]) -> Iterator[Problem]:
    by_skill: dict[str, list[Proof]] = {}
    for proof in proofs:
        by_skill.setdefault(proof.skill, []).append(proof)
    for skill in skills:
        place = skill.place or Place("", 1, 1)
        for proof in by_skill.get(skill.id, ()):
            for code, message in proof.faults:
                yield Problem(place, code, f"{skill.id}: {message}")
        if message := _never_shown(by_skill.get(skill.id, ())):
            yield Problem(place, "never-shown", f"{skill.id}: {message}")


def _never_shown(proofs: Sequence[Proof]) -> str:
    """The mistakes that show at no level, in a sentence; empty where there are none or too few instances."""
    drawn = sum(proof.drawn for proof in proofs)
    if drawn < LEAST_FOR_RATES or any(code == "no-mistake-left" for proof in proofs for code, _ in proof.faults):
        return ""
    unseen = set.intersection(*(set(proof.unseen) for proof in proofs))
    listed = " ".join(id_ for id_ in proofs[0].unseen if id_ in unseen)
    return f"{listed} shows in none of {drawn} instances; widen the ranges, or drop it" if listed else ""
