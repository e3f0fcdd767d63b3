"""osdrill stats --unexplained: the wrong answers that no known mistake gives."""

from typing import Any

from trainer.cli.joined import opened
from trainer.cli.out import emit, say
from trainer.cli.world import World
from trainer.practice.unexplained import Unexplained, unexplained


def run(world: World, *, as_json: bool) -> int:
    """Print them, by skill, the most frequent first."""
    found = unexplained(opened(world).ledger.reviews())
    if as_json:
        emit([_plain(one) for one in found])
        return 0
    for one in found:
        say(f"{one.skill}: {one.unexplained} of {one.wrong} wrong answers fit no known mistake")
        for example in one.examples:
            times = "once" if example.times == 1 else f"{example.times} times"
            say(f"  {example.name}  {example.response!r} {times}, right is {example.right!r}")
    if not found:
        say("every wrong answer fits a known mistake, or there is none yet")
    return 0


def _plain(one: Unexplained) -> dict[str, Any]:
    return {**one._asdict(), "examples": [example._asdict() for example in one.examples]}
