"""osdrill skills: which skills are there?"""

import argparse
from typing import Any

from sims.listed import simulator
from trainer.cli.out import emit, say
from trainer.cli.world import World
from trainer.model import Skill
from trainer.quiz.answers.listed import NAMES


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="only these topics")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    found = [world.bank.skill(id_) for id_, entry in world.bank.skills.items() if chosen(options.topics, entry.topic)]
    if options.json:
        emit([described(skill) for skill in found])
        return 0
    for topic in dict.fromkeys(skill.topic for skill in found):
        say(topic)
        for skill in found:
            if skill.topic == topic:
                levels = "" if len(skill.levels) == 1 else f", levels {skill.levels[0]}-{skill.levels[-1]}"
                say(f"  {skill.id:<36} {skill.title} ({skill.kind}{levels})")
    return 0


def chosen(topics: list[str], topic: str) -> bool:
    """Whether the topic is asked for; no topics ask for all."""
    return not topics or topic in topics


def described(skill: Skill) -> dict[str, Any]:
    """A skill as JSON has it."""
    result: dict[str, Any] = {
        "id": skill.id,
        "revision": skill.revision,
        "topic": skill.topic,
        "concept": skill.concept,
        "title": skill.title,
        "kind": skill.kind,
        "answer": skill.authored.answer if skill.authored else "",
        "mistakes": [],
        "conventions": [],
        "levels": list(skill.levels),
    }
    if skill.simulated:
        name = skill.simulated.ask.split()[0]
        result |= {
            "form": skill.simulated.form,
            "simulator": skill.simulated.simulator,
            "measure": name,
            "answer": NAMES[type(simulator(skill.simulated.simulator).measure(name).gives)],
            "mistakes": list(skill.simulated.mistakes),
            "conventions": list(skill.simulated.conventions),
        }
    return result
