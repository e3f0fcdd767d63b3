"""osdrill stats: what you practised, what is due, which mistakes return."""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.cli.joined import Opened, folding, opened, session
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.practice.days import date_of
from trainer.practice.fit import offered
from trainer.practice.mistakes import Held, numbered
from trainer.practice.stats import Statistics, sources, statistics
from trainer.quiz.authored import believed
from trainer.screen.statistics import statistics_drawing
from trainer.view.drawing import paragraph


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unexplained", action="store_true", help="the wrong answers that no known mistake gives")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--json", action="store_true", help="as JSON")
    way.add_argument("--html", metavar="FILE", help="as one page for a browser or for paper, written to FILE")


def run(options: argparse.Namespace, world: World) -> int:
    if options.unexplained:
        from trainer.cli import unexplained  # noqa: PLC0415 — only who asks for it

        return unexplained.run(world, as_json=options.json)
    history = opened(world)
    figures = gathered(world, history)
    if options.html:
        write_page(Path(options.html), figures, world)
        answers = "1 answer" if figures.answers == 1 else f"{figures.answers} answers"
        say(f"{options.html}: {answers}, as a page.")
        return 0
    memory = history.ledger.setting("memory") or {}
    reviews = sum(card.reps for card in history.ledger.cards())
    if options.json:
        fitted = bool(memory.get("parameters"))
        emit({**as_json(figures), "fit": {"reviews": reviews, "offered": offered(reviews, memory), "fitted": fitted}})
        return 0
    frame = world.frame()
    show(statistics_drawing(figures, frame, titles(world), words(world)))
    if offered(reviews, memory):
        told = f"{reviews} reviews: osdrill fit can fit the memory to you, and keeps it only if it foretells better."
        show(((), *paragraph(told, frame)))
    return 0


def titles(world: World) -> dict[str, str]:
    """The title of each skill."""
    return {id_: entry.title for id_, entry in world.bank.skills.items()}


def words(world: World) -> Callable[[Held], str]:
    """What a mistake is, in words: its own name, or the text of the wrong option that was taken for right."""

    def said(mistake: Held) -> str:
        if not numbered(mistake.id):
            return mistake.id.replace("-", " ")
        skill = mistake.skills[-1]
        text = believed(world.bank.skill(skill), mistake.id) if skill in world.bank.skills else ""
        return f"“{text}”" if text else "one wrong option"

    return said


def write_page(path: Path, figures: Statistics, world: World) -> None:
    """Write the page; in place of an older one, but of nothing else. Raises Refusal."""
    from trainer.screen.page import MARK, page  # noqa: PLC0415 — only for a page

    try:
        if path.exists() and not path.read_bytes().startswith(MARK.encode()):
            raise Refusal("is there already, and no page of osdrill stats", code="file-exists", where=str(path))
        making = path.with_name(f".{path.name}.making")
        making.write_text(page(figures, titles(world), words(world)), encoding="utf-8")
        making.replace(path)
    except OSError as error:
        raise Refusal(f"cannot be written: {error.strerror}", code="cannot-write", where=str(path)) from None


def gathered(world: World, history: Opened) -> Statistics:
    """The figures of this study day."""
    now, fold = session(world, history.ledger).situation(), folding(history.ledger)
    return statistics(
        sources(history.ledger),
        now.day,
        lambda card: fold.predicted(card, now.day),
        due=now.due_day,
        only=world.bank.skills,
    )


def as_json(figures: Statistics) -> dict[str, Any]:
    """The figures as JSON has them; study days as dates."""
    plain = dataclasses.asdict(figures)
    plain["today"] = date_of(figures.today).isoformat()
    plain["days"] = {date_of(day).isoformat(): answers for day, answers in figures.days}
    for name in ("week", "forecast"):
        plain[name] = [{**load._asdict(), "day": date_of(load.day).isoformat()} for load in getattr(figures, name)]
    for name in ("topics", "kinds"):
        plain[name] = [share._asdict() for share in getattr(figures, name)]
    for name in ("lately", "self_marked"):
        plain[name] = getattr(figures, name)._asdict()
    for mistake, found in zip(plain["mistakes"], figures.mistakes, strict=True):
        mistake |= {"settled": found.settled, "first": date_of(found.first).isoformat()}
        mistake["last"] = date_of(found.last).isoformat()
    plain["levels"] = [{"skill": skill, "level": level, "elo": elo} for skill, level, elo in figures.levels]
    return plain
