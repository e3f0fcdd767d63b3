"""osdrill new: begin a skill, a concept or a pack with files that already pass the check."""

import argparse
from pathlib import Path

from trainer.author.new import ANSWERS, CannotWrite, new_concept, new_pack, new_skill
from trainer.cli.out import say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World

MORE = "PATH is PACK/TOPIC/NAME for a skill or a concept, and the folder for a pack."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("skill", "concept", "pack"))
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--simulator", default="", metavar="NAME", help="of a simulated skill (osdrill sim lists them)")
    parser.add_argument(
        "--answer",
        default="",
        choices=("", *ANSWERS),
        metavar="KIND",
        help=f"of an authored skill: {' '.join(ANSWERS)}",
    )
    parser.add_argument("--concept", default="", metavar="ID", help="of the skill; default: its own name")


def run(options: argparse.Namespace, _world: World) -> int:
    path: Path = options.path
    try:
        if options.what == "pack":
            written, pack = new_pack(path), path
        elif options.what == "concept":
            written, pack = new_concept(path), path.parent.parent
        else:
            chosen = {"simulate": options.simulator, "answer": options.answer, "concept": options.concept}
            written, pack = new_skill(path, **chosen), path.parent.parent
    except CannotWrite as cannot:
        raise Refusal(str(cannot), code="cannot-write") from None
    for one in written:
        if one.suffix != ".json":
            say(f"wrote {one}")
    say(f"next: osdrill check {pack}")
    return 0
