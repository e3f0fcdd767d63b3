"""osdrill preview: a file of content as a learner will see it, then what is behind it."""

import argparse
import sys
import time
from pathlib import Path

from trainer.author.proof import prove
from trainer.bank.load import Bank, builtin, load
from trainer.cli.named import drawn
from trainer.cli.out import say, show
from trainer.cli.refusal import Refusal
from trainer.cli.show import answered
from trainer.cli.world import World
from trainer.model import Skill
from trainer.view.drawing import Frame, paragraph

MORE = "FILE is a file of skills or a concept within a pack. In a terminal, n shows the next seed and q ends."
ODDS = 20  # seeds over which the odds are told


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="PACK/TOPIC/NAME.yaml or PACK/TOPIC/NAME.md")
    parser.add_argument("--skill", default="", metavar="ID", help="which skill of the file; default: its first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", type=int, default=1)


def run(options: argparse.Namespace, world: World) -> int:
    path: Path = options.file
    if not path.is_file():
        raise Refusal("is no file", code="unreadable", where=str(path))
    bank, told = _loaded(path)
    for line in told:
        say(line)
    if path.suffix == ".md":
        return _concept(bank, path, world.frame()) or (1 if told else 0)
    skills = [skill for skill in map(bank.skill, bank.skills) if skill.place and Path(skill.place.file) == path]
    if not skills:
        raise Refusal("holds no skill without a problem; osdrill check says more", code="no-skill", where=str(path))
    skill = _chosen(skills, options.skill, path)
    _seeds(skill, options.level, options.seed, world.frame())
    others = [each.id for each in skills if each is not skill]
    if others:
        say(f"also in this file: {' '.join(others)}")
    return 1 if told else 0


def _loaded(path: Path) -> tuple[Bank, list[str]]:
    """The bank with the file's pack, and the problems of the file."""
    pack = path.parent.parent
    packs = (pack,) if pack.resolve() == builtin().resolve() else (builtin(), pack)
    bank, problems = load(packs)
    return bank, [str(problem) for problem in problems if Path(problem.place.file) == path]


def _concept(bank: Bank, path: Path, frame: Frame) -> int:
    topic = path.parent.name
    for id_, entry in bank.concepts.items():
        concept = bank.concept(id_) if entry.topic == topic else None
        if concept and concept.text and concept.text in path.read_text(encoding="utf-8").replace("\r\n", "\n"):
            show(paragraph(f"{concept.title}\n\n{concept.text}", frame))
            say(
                f"\n{len(concept.text.split())} words; requires {' '.join(concept.requires) or 'nothing'}; "
                f"skills {' '.join(entry.skills) or 'none yet'}"
            )
            return 0
    raise Refusal("cannot be shown; osdrill check says more", code="no-concept", where=str(path))


def _chosen(skills: list[Skill], id_: str, path: Path) -> Skill:
    if not id_:
        return skills[0]
    found = next((skill for skill in skills if skill.id == id_), None)
    if found is None:
        known = " ".join(skill.id for skill in skills)
        raise Refusal(f"no skill {id_[:60]!r} here; expected one of {known}", code="unknown-skill", where=str(path))
    return found


def _seeds(skill: Skill, level: int, seed: int, frame: Frame) -> None:
    """One seed after the other, as long as the author asks for the next."""
    odds = _odds(skill, level)
    while True:
        question = drawn(skill, level, seed)
        answered(question, frame)
        tries = "1 try" if question.tries == 1 else f"{question.tries} tries"
        say(f"\n{question.name}, found in {tries}; {odds}" if skill.simulated else f"\n{question.name}")
        if not (sys.stdin.isatty() and sys.stdout.isatty()) or not _next():
            return
        seed += 1


def _odds(skill: Skill, level: int) -> str:
    if skill.authored or level not in skill.levels:
        return ""
    proof = prove(skill, level, range(ODDS), time.process_time)
    unseen = f"; never shown: {' '.join(proof.unseen)}" if proof.unseen else ""
    tries = f"tries {proof.tries[0]}, 99th percentile {proof.tries[1]}"
    return f"over {ODDS} seeds {proof.separated:.0%} told all mistakes apart ({tries}){unseen}"


def _next() -> bool:
    try:
        return input("n next seed, q quit › ").strip().casefold() in ("", "n")
    except EOFError:
        return False
