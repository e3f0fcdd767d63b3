"""osdrill ask: one question, without its answer."""

import argparse
import secrets

from trainer.cli.named import as_asked, drawn
from trainer.cli.out import emit, show
from trainer.cli.world import World
from trainer.screen.question import question_drawing

SHORT_SEEDS = 10_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("skill", metavar="SKILL", help="a skill's id, as osdrill skills lists it")
    parser.add_argument("--level", type=int, default=1, help="1 is the reference level")
    parser.add_argument("--seed", type=int, help="0 to 4294967295; without it one is drawn")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    seed = secrets.randbelow(SHORT_SEEDS) if options.seed is None else options.seed
    question = drawn(world.skill(options.skill), options.level, seed)
    if options.json:
        emit(as_asked(question))
    else:
        show(question_drawing(question, world.frame()))
    return 0
