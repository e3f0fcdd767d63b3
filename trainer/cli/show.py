"""osdrill show: one question with its answer, its mistakes' answers and its trace."""

import argparse

from trainer.cli.named import question, with_answer
from trainer.cli.out import emit, say, show
from trainer.cli.world import World
from trainer.screen.question import question_drawing
from trainer.view.listed import drawn


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="skill@revision/level#seed")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    asked = question(world, options.name)
    if options.json:
        emit(with_answer(asked))
        return 0
    frame = world.frame()
    show(question_drawing(asked, frame))
    say(f"\nAnswer: {asked.answer.write(asked.right)}\n")
    if asked.trace is not None:
        show(drawn(asked.simulator, asked.trace, frame))
    say(asked.explanation or "\n".join(step.says for step in asked.steps))
    for one in asked.mistakes:
        kind = "under the other convention" if one.convention else "if"
        say(f"  {asked.answer.write(one.value)}: {kind} {one.clause} ({one.id})")
    return 0
