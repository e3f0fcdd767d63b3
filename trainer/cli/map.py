"""osdrill map: the concepts, what stands on what, and which you hold."""

import argparse

from trainer.cli.joined import opened
from trainer.cli.out import emit, say
from trainer.cli.skills import chosen
from trainer.cli.world import World
from trainer.model import Card

MARKS = {"held": ("●", "*"), "learning": ("◐", "+"), "new": ("○", "-")}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="only these topics")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    bank = world.bank
    cards = {card.skill: card for card in opened(world).ledger.cards()}
    skills: dict[str, list[str]] = {}
    for id_, skill in bank.skills.items():
        skills.setdefault(skill.concept, []).append(id_)
    states = {id_: state([cards[one] for one in skills.get(id_, ()) if one in cards]) for id_ in bank.concepts}
    shown = {id_: entry for id_, entry in bank.concepts.items() if chosen(options.topics, entry.topic)}
    if options.json:
        emit([{"id": id_, "state": states[id_], "requires": list(entry.requires)} for id_, entry in shown.items()])
        return 0
    glyph = 1 if world.frame().ascii else 0
    for topic in dict.fromkeys(entry.topic for entry in shown.values()):
        mine = {id_: entry for id_, entry in shown.items() if entry.topic == topic}
        held = sum(states[id_] == "held" for id_ in mine)
        say(f"{bank.topics.get(topic, topic)}: {held} of {len(mine)} held")
        for id_, entry in mine.items():
            after = f"   after {' '.join(entry.requires)}" if entry.requires else ""
            say(f"  {MARKS[states[id_]][glyph]} {id_:<32}{after}".rstrip())
    marks = "  ".join(f"{MARKS[one][glyph]} {one}" for one in MARKS)
    say(f"\n{marks}   osdrill learn CONCEPT opens one")
    return 0


def state(cards: list[Card]) -> str:
    """held: every skill answered was right the last time it counted, and one at least; learning; new."""
    if not cards:
        return "new"
    return "held" if all(card.right and not card.leech for card in cards) else "learning"
