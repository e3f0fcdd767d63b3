"""osdrill learn: a concept, its drawn example, then its questions."""

import argparse
import sys
from typing import Any

from trainer.bank.load import Bank
from trainer.cli.joined import opened, session
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question
from trainer.practice.rooms import Wishes
from trainer.quiz.draw import CannotDraw, draw
from trainer.screen.concept import concept_drawing
from trainer.screen.paper import Paper, look
from trainer.screen.run import front_on, practise
from trainer.screen.summary import Opening
from trainer.screen.term import Terms
from trainer.screen.terminal import size_of
from trainer.view.listed import FEW, drawn

MORE = "Without a concept it is the next one whose prerequisites you hold."
EXAMPLE_SEED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("concept", nargs="?", metavar="CONCEPT", help="a concept's id, as osdrill concepts lists it")
    parser.add_argument("--json", action="store_true", help="as JSON: the note and its skills; nothing is asked")


def run(options: argparse.Namespace, world: World) -> int:
    bank, history = world.bank, opened(world)
    id_ = options.concept or following(bank, {card.skill for card in history.ledger.cards() if card.right})
    if id_ not in bank.concepts:
        import difflib  # noqa: PLC0415 — only a typo needs it

        close = difflib.get_close_matches(id_[:80], list(bank.concepts), 1, 0.5)
        hint = f" Did you mean {close[0]!r}?" if close else " osdrill concepts lists them."
        raise Refusal(f"no concept {id_[:80]!r}.{hint}", code="unknown-concept")
    concept = bank.concept(id_)
    skills = [skill for skill, entry in bank.skills.items() if entry.concept == id_]
    if options.json:
        emit({"id": id_, "title": concept.title, "text": concept.text, "sources": concept.sources, "skills": skills})
        return 0
    _note(world, id_, skills)
    if not skills:
        return 0
    sitting = session(world, history.ledger, Wishes(topics=(id_,), count=min(3, len(skills))))
    opening = Opening(data=str(world.database) if history.store else "")
    with front_on(sys.stdin, sys.stdout, _look(world)) as front:
        return practise(sitting, front, opening, terms=Terms(lambda: bank.tables))


def following(bank: Bank, held: set[str]) -> str:
    """The first concept, in the order of study, that has a skill not held while all that it requires is held."""
    by_concept: dict[str, list[str]] = {}
    for skill, entry in bank.skills.items():
        by_concept.setdefault(entry.concept, []).append(skill)

    def holds(concept: str) -> bool:
        return any(skill in held for skill in by_concept.get(concept, ()))

    for id_, concept in bank.concepts.items():
        if by_concept.get(id_) and not holds(id_) and all(holds(one) for one in concept.requires):
            return str(id_)
    return next(iter(bank.concepts), "")


def _look(world: World) -> Any:
    return look(
        world.environment,
        terminal=sys.stdin.isatty() and sys.stdout.isatty(),
        encoding=sys.stdout.encoding or "ascii",
        plain=world.settings["plain"],
        ascii=world.settings["ascii"],
        colour=world.settings["color"] != "never",
    )


def _note(world: World, id_: str, skills: list[str]) -> None:
    """The concept and the trace of a small instance of its first simulated skill."""
    paper = Paper(sys.stdout, _look(world), lambda: size_of(sys.stdout)[0])
    paper.show(concept_drawing(world.bank.concept(id_), paper.frame))
    example = _example(world.bank, skills)
    if example is not None and example.trace is not None:
        say("\nFor example:\n")
        show(drawn(example.simulator, example.trace, paper.frame, most=FEW))
    say()


def _example(bank: Bank, skills: list[str]) -> Question | None:
    for id_ in skills:
        if bank.skills[id_].kind == "simulated":
            try:
                return draw(bank.skill(id_), 1, EXAMPLE_SEED)
            except CannotDraw:
                continue
    return None
