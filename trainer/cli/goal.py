"""osdrill goal: a day on which it must be known; what that takes, and what is to be expected."""

import argparse
from typing import Any

from trainer.cli.dates import day_named
from trainer.cli.joined import Opened, opened, session
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.practice.choose import Situation
from trainer.practice.days import date_of
from trainer.practice.goal import MOST_MINUTES, Forecast, forecast
from trainer.practice.memory import RETENTION
from trainer.store.store import Store
from trainer.view.drawing import paragraph

MORE = "Without a date it shows the goal that is set, and how it stands."
FARTHEST = 1_100  # days
LEAST, MOST = 0.7, 0.97


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("date", nargs="?", metavar="DATE", help="the day of the exam, such as 2027-01-20")
    parser.add_argument("--topics", nargs="+", default=[], metavar="TOPIC", help="only these topics or concepts")
    parser.add_argument("--retention", type=float, metavar="R", help=f"share to be known on that day ({RETENTION})")
    parser.add_argument("--off", action="store_true", help="no goal")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    changes = options.off or options.date
    if options.off and (options.date or options.topics or options.retention):
        raise Refusal("--off takes nothing else", code="usage")
    if not changes and (options.topics or options.retention):
        raise Refusal("--topics and --retention need a date: osdrill goal 2027-01-20 …", code="usage")
    history = opened(world, must_save=bool(changes))
    if changes:
        assert history.store is not None  # must_save
        keep(history.store, None if options.off else wanted(options, world, history))
    told(options, world, history)
    return 0


def wanted(options: argparse.Namespace, world: World, history: Opened) -> dict[str, Any]:
    """The goal that was asked for. Raises Refusal."""
    today, day = session(world, history.ledger).day, day_named(options.date)
    if not today < day <= today + FARTHEST:
        raise Refusal(
            f"expected a day after today, {date_of(today)}, and within three years, got {options.date}", code="bad-date"
        )
    retention = RETENTION if options.retention is None else options.retention
    if not LEAST <= retention <= MOST:
        raise Refusal(f"expected {LEAST} to {MOST} after --retention, got {retention}", code="usage")
    bank = world.bank
    for topic in options.topics:
        if topic not in bank.topics and topic not in bank.concepts:
            known = " ".join(bank.topics)
            raise Refusal(f"no topic or concept {topic[:40]!r}; the topics are {known}", code="unknown-topic")
    return {"day": day, "topics": options.topics, "retention": retention}


def keep(store: Store, goal: dict[str, Any] | None) -> None:
    """Keep the goal; where it aims at another retention, every card is folded anew."""
    before = store.setting("goal") or {}
    store.set("goal", goal)
    if before.get("retention", RETENTION) != (goal or {}).get("retention", RETENTION):
        store.rebuild()


def told(options: argparse.Namespace, world: World, history: Opened) -> None:
    """Say what is set and how it stands."""
    goal = history.ledger.setting("goal")
    now = session(world, history.ledger).situation()
    found = forecast(now) if goal and now.exam >= 0 else None
    if options.json:
        emit(as_json(now, goal, found))
    elif not goal:
        say("No goal is set. osdrill goal 2027-01-20 sets one." if not options.off else "The goal is off.")
    elif found is None:
        say(f"The goal of {date_of(goal['day'])} is past. osdrill goal --off ends it; osdrill goal DATE sets another.")
    else:
        for line in sentences(now, found):
            show(paragraph(line, world.frame()))


def sentences(now: Situation, found: Forecast) -> list[str]:
    """The forecast for people: what is aimed at, where it leads, what it takes, what is if it cannot be."""
    days, aimed = now.exam - now.day, now.settings.retention
    about = f" ({', '.join(now.settings.exam_topics)})" if now.settings.exam_topics else ""
    said = [
        f"Goal: {date_of(now.exam)}, {_days(days)} from now{about}; {aimed:.0%} of {found.skills} skills known.",
        f"So far {found.begun} begun. Known today: about {found.now:.0f}; on the day, unpractised: {found.left:.0f}.",
    ]
    with_mine = f"With {found.minutes} minutes a day: about {found.course.known:.0f} known on the day"
    with_mine += f", {found.skills - found.course.begun} never seen." if found.course.begun < found.skills else "."
    if not found.skills:
        return [said[0], "There is nothing to learn for it."]
    if found.takes is None:
        best = f"at most about {found.best.known:.0f} of {found.skills} known, even with {MOST_MINUTES} minutes a day"
        return [*said, f"Not possible in {_days(days)}: {best}.", with_mine]
    if found.on_course:
        return [*said, f"On course. {with_mine} It takes about {_minutes(found.takes)} a day."]
    behind = f"It takes about {_minutes(found.takes)} a day (osdrill config says where minutes are set)."
    return [*said, f"Not with the minutes you have set. {with_mine}", behind]


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def as_json(now: Situation, goal: dict[str, Any] | None, found: Forecast | None) -> dict[str, Any]:
    """The goal and its forecast as JSON has them; null where there is none."""
    result: dict[str, Any] = {"goal": None, "forecast": None}
    if goal:
        result["goal"] = {**goal, "day": date_of(goal["day"]).isoformat(), "days": goal["day"] - now.day}
    if found:
        result["forecast"] = {
            "skills": found.skills,
            "begun": found.begun,
            "known_today": round(found.now, 1),
            "known_without_practice": round(found.left, 1),
            "minutes": found.minutes,
            "known": round(found.course.known, 1),
            "seen": found.course.begun,
            "takes_minutes": found.takes,
            "possible": found.takes is not None,
            "known_at_best": round(found.best.known, 1),
            "on_course": found.on_course,
        }
    return result
