"""osdrill stats: what you practised, what is due, which mistakes return."""

import argparse
import dataclasses
from typing import Any

from trainer.cli.joined import Opened, fold, opened, practice_settings
from trainer.cli.out import emit, show
from trainer.cli.world import World
from trainer.practice.days import date_of, study_day
from trainer.practice.fold import IDLE_MS
from trainer.practice.mistakes import Shown, held, held_in
from trainer.practice.stats import Foretold, Sources, Statistics, Tally, foretold, statistics, tally
from trainer.screen.statistics import statistics_drawing


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    figures = gathered(world, opened(world))
    if options.json:
        emit(as_json(figures))
    else:
        show(statistics_drawing(figures, world.frame()))
    return 0


def gathered(world: World, history: Opened) -> Statistics:
    """The figures of this study day."""
    now, rollover = world.clock.now(), practice_settings(world).rollover
    today = study_day(now.utc, now.offset, rollover)
    folding = fold()
    return statistics(sources(history), today, lambda card: folding.predicted(card, today), only=world.bank.skills)


def sources(history: Opened) -> Sources:
    """Counts: by the database itself where there is one, else from the reviews in memory."""
    store = history.store
    if store is not None:
        return Sources(
            [Tally(*row) for row in store.tallies(IDLE_MS)],
            [Foretold(*row) for row in store.foretold()],
            store.cards(),
            held((Shown(*row) for row in store.mistaken()), store.rights_after),
        )
    reviews = list(history.ledger.reviews())
    return Sources(tally(reviews), foretold(reviews), history.ledger.cards(), held_in(reviews))


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
