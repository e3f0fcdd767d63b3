"""osdrill plan: what is asked today, skill by skill: why this, why now."""

import argparse
from typing import Any

from trainer.cli.dates import short
from trainer.cli.joined import opened, session
from trainer.cli.out import emit, say, show
from trainer.cli.world import World
from trainer.practice.choose import PACE_MS, Choice, Situation, plan
from trainer.practice.days import date_of
from trainer.screen.prose import prose

MORE = "In the order in which a session asks it, as long as every answer is right."
SHOWN = 20  # skills, without --all
INDENT = 5  # columns for the number


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help=f"all of it, not only the first {SHOWN}")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    history = opened(world)
    now = session(world, history.ledger).situation()
    chosen = plan(now)
    if options.json:
        emit(as_json(now, chosen))
        return 0
    if history.notice:
        say(history.notice)
    frame = world.frame()
    for line in lines(now, chosen, most=len(chosen) if options.all else SHOWN):
        first = line[: INDENT if line.startswith(" ") else 0]
        show(prose(line[len(first) :], frame, indent=" " * len(first), first=first))
    return 0


def lines(now: Situation, chosen: list[Choice], most: int) -> list[str]:
    """The plan for people."""
    said = [_head(now, chosen)]
    for number, one in enumerate(chosen[:most], 1):
        level = f", level {one.level}" if one.level > 1 else ""
        worked = "; a worked example first, for it is forgotten far more often than foretold" if one.worked else ""
        said += [f"{number:>3}. {one.skill}{level}: {now.bank.skills[one.skill].title}"]
        said += [f"     {one.reason.says}{worked}"]
    if len(chosen) > most:
        said.append(f"     and {len(chosen) - most} more: osdrill plan --all")
    if off := [id_ for id_ in now.put_off if id_ in now.bank.skills]:
        said.append(f"Left out: {', '.join(f'{id_} ({_off(now.put_off[id_])})' for id_ in sorted(off)[:most])}")
    if not chosen and (coming := next_day(now)) is not None:
        said.append(f"Next is due on {short(coming, now.day)}. osdrill quiz --count 5 asks more now.")
    return said


def _head(now: Situation, chosen: list[Choice]) -> str:
    new = sum(one.reason.code == "new" for one in chosen)
    minutes = -(-sum(_takes(now, one) for one in chosen) // 60_000)
    goal = f" Goal: {short(now.exam, now.day)}." if now.exam >= 0 else ""
    if not chosen:
        return f"Nothing is left for today, {date_of(now.day)}.{goal}"
    count = f"{len(chosen) - new} to ask again, {new} new"
    mine = now.settings.minutes
    told = f"about {minutes} of your {mine} minutes" if minutes <= mine else f"about {minutes} minutes; you set {mine}"
    return f"{date_of(now.day)}: {count}, {told}.{goal}"


def _takes(now: Situation, one: Choice) -> int:
    card = now.cards.get(one.skill)
    return (card.pace_ms if card else 0) or PACE_MS


def _off(kind: str) -> str:
    return {"suspend": "suspended", "skip": "skipped today"}[kind]


def next_day(now: Situation) -> int | None:
    """The study day on which something is due next; None where nothing ever is."""
    return min((now.due_day(card) for card in now.cards.values() if now.may(card.skill)), default=None)


def as_json(now: Situation, chosen: list[Choice]) -> dict[str, Any]:
    """The plan as JSON has it."""
    return {
        "day": date_of(now.day).isoformat(),
        "minutes": now.settings.minutes,
        "spent_ms": now.spent_ms,
        "goal": date_of(now.exam).isoformat() if now.exam >= 0 else None,
        "plan": [_described(now, one) for one in chosen],
        "left_out": dict(now.put_off),
    }


def _described(now: Situation, one: Choice) -> dict[str, Any]:
    entry, card = now.bank.skills[one.skill], now.cards.get(one.skill)
    described = {
        "skill": one.skill,
        "title": entry.title,
        "topic": entry.topic,
        "level": one.level,
        "code": one.reason.code,
        "says": one.reason.says,
        "worked": one.worked,
        "takes_ms": _takes(now, one),
    }
    if card is not None:
        described["due"] = date_of(now.due_day(card)).isoformat()
        described["recall"] = round(now.recall(card), 4) if card.reps else None
    return described
