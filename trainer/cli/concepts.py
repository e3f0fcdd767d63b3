"""osdrill concepts: which ideas are there, and what stands on what?"""

import argparse

from trainer.cli.out import emit, say
from trainer.cli.skills import chosen
from trainer.cli.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="only these topics")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    skills: dict[str, list[str]] = {}
    for id_, entry in world.bank.skills.items():
        skills.setdefault(entry.concept, []).append(id_)
    found = [world.bank.concept(id_) for id_ in world.bank.concepts]
    found = [concept for concept in found if chosen(options.topics, concept.topic)]
    if options.json:
        emit(
            [
                {
                    "id": concept.id,
                    "topic": concept.topic,
                    "title": concept.title,
                    "claims": list(concept.claims),
                    "requires": list(concept.requires),
                    "skills": skills.get(concept.id, []),
                    "sources": list(concept.sources),
                }
                for concept in found
            ]
        )
        return 0
    for concept in found:
        after = f", after {' '.join(concept.requires)}" if concept.requires else ""
        say(f"{concept.topic + '/' + concept.id:<44} {concept.title} ({len(skills.get(concept.id, []))} skills{after})")
    return 0
