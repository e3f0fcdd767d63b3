"""How is a skill put off, taken back or begun anew? What skip, suspend, resume and reset have in common.

Each is a row of the history, beside the answers: nothing is overwritten.
"""

import argparse
import uuid

from trainer.cli.joined import Opened, opened, session
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.store.rows import Event

SAYS = {
    "skip": "not asked again today",
    "suspend": "not asked until osdrill resume {skill}",
    "resume": "asked again when it is due",
    "reset": "begins anew, as if never answered; its answers stay in osdrill history {skill}",
}


def skills_wanted(parser: argparse.ArgumentParser) -> None:
    """The arguments of each of these commands."""
    parser.add_argument("skills", nargs="+", metavar="SKILL", help="osdrill skills lists them")
    parser.add_argument("--json", action="store_true", help="as JSON")


def stand(kind: str, options: argparse.Namespace, world: World) -> int:
    """Do it with each of the skills. Raises Refusal before anything is done where one is unknown."""
    history = opened(world, must_save=True)
    skills = list(dict.fromkeys(options.skills))
    for skill in skills:
        known(skill, world, history)
    if kind == "reset" and history.store is not None:
        history.store.backup(world.clock.now().utc)  # the only one of them that no command takes back
    changed = {skill: _done(kind, skill, world, history) for skill in skills}
    if options.json:
        emit([{"skill": skill, "done": kind, "changed": changed[skill]} for skill in skills])
        return 0
    for skill in skills:
        nothing = "was neither skipped nor suspended" if kind == "resume" else "has no answers yet"
        say(f"{skill}: {SAYS[kind].format(skill=skill) if changed[skill] else nothing + '; nothing changed'}")
    return 0


def known(skill: str, world: World, history: Opened) -> None:
    """Raises Refusal for a skill that is neither in the bank nor in the history."""
    if history.ledger.card(skill) is None and not any(True for _ in history.ledger.reviews(skill=skill)):
        world.skill(skill)


def _done(kind: str, skill: str, world: World, history: Opened) -> bool:
    """Whether there was anything to do."""
    if history.store is None:
        raise Refusal("cannot be saved", code="cannot-save")
    now, day = world.clock.now(), session(world, history.ledger).day
    if kind == "resume" and skill not in history.store.put_off(day):
        return False
    if kind == "reset" and history.store.card(skill) is None:
        return False
    history.store.add(Event(str(uuid.uuid4()), kind, skill, now.utc, now.offset, day))
    return True
