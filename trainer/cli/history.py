"""osdrill history: what you answered, and how to see any of it again."""

import argparse
from typing import Any

from trainer.cli.joined import opened
from trainer.cli.out import emit, say
from trainer.cli.replay import named
from trainer.cli.standing import known
from trainer.cli.world import World
from trainer.model import Review
from trainer.practice.days import date_of
from trainer.practice.mistakes import numbered
from trainer.store.rows import Event, event_plain, plain
from trainer.store.store import Store

MORE = "osdrill replay NAME shows a question exactly as it was, also when its skill has changed or is gone."
LAST = 20
SAID = {"skip": "skipped for the day", "suspend": "suspended", "resume": "resumed", "reset": "begun anew"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("skill", nargs="?", metavar="SKILL", help="only this skill, all of it")
    parser.add_argument("--last", type=int, metavar="N", help=f"the last N (default {LAST}; 0 all)")
    parser.add_argument("--json", action="store_true", help="as JSON, complete")


def run(options: argparse.Namespace, world: World) -> int:
    history = opened(world)
    store = history.store or getattr(history.ledger, "base", None)
    if options.skill is not None:
        known(options.skill, world, history)
    last = options.last if options.last is not None else (0 if options.skill or options.json else LAST)
    happened = told(store, options.skill, last) if isinstance(store, Store) else []
    shown = happened[-last:] if last > 0 else happened
    withdrawn = {one.review for one in happened if isinstance(one, Event)}
    if options.json:
        emit([as_json(one, withdrawn) for one in shown])
        return 0
    for one in shown:
        say(line(one, withdrawn))
    if len(shown) == last:
        say("What was before that: osdrill history --last 0")
    if not happened:
        say("Nothing answered yet.")
    return 0


def told(store: Store, skill: str | None, last: int = 0) -> list[Review | Event]:
    """Answers and what was done to skills, oldest first: at least the `last` ones; 0 all.

    Only as many days are read as are needed: a long history has a million answers.
    """
    events = [one for one in store.events() if skill in (None, one.skill)]
    newest = max((card.seen for card in store.cards()), default=0)
    for since in (newest - 7, newest - 60, newest - 400, None) if last else (None,):
        reviews = store.reviews(skill=skill, since=since, withdrawn=True)
        both: list[Review | Event] = [*reviews, *(one for one in events if since is None or one.day >= since)]
        if since is None or len(both) >= last:
            break
    return sorted(both, key=lambda one: (one.order, one.id))


def line(one: Review | Event, withdrawn: set[str | None]) -> str:
    """2026-11-23  right   round-robin.waiting@1/1#7  7 5 5"""
    day = date_of(one.day).isoformat()
    if isinstance(one, Event):
        return f"{day}  {SAID.get(one.kind, 'an answer undone')}: {one.skill}"
    named_ones = [id_ for id_ in one.mistakes if not numbered(id_)]  # an option's number is in the response already
    marks = [*named_ones, *one.conventions, *(["undone"] if one.id in withdrawn else [])]
    said = f"{day}  {one.outcome:<7}  {named(one)}  {one.response[:60]}"
    return f"{said.rstrip()}  ({', '.join(marks)})" if marks else said.rstrip()


def as_json(one: Review | Event, withdrawn: set[str | None]) -> dict[str, Any]:
    """An answer or an event, whole."""
    if isinstance(one, Event):
        return {"what": one.kind, **event_plain(one)}
    return {"what": "answer", "name": str(named(one)), "withdrawn": one.id in withdrawn, **plain(one)}
