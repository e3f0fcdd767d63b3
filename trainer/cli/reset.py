"""osdrill reset: begin a skill anew, its answers kept."""

import argparse

from trainer.cli.standing import skills_wanted, stand
from trainer.cli.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    skills_wanted(parser)


def run(options: argparse.Namespace, world: World) -> int:
    return stand("reset", options, world)
