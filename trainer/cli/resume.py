"""osdrill resume: ask a skill again that was skipped or suspended."""

import argparse

from trainer.cli.standing import skills_wanted, stand
from trainer.cli.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    skills_wanted(parser)


def run(options: argparse.Namespace, world: World) -> int:
    return stand("resume", options, world)
