"""osdrill show: one question with its answer, its mistakes' answers and its trace."""

import argparse

from trainer.cli.named import question, with_answer
from trainer.cli.out import emit, say, show
from trainer.cli.world import World
from trainer.model import Question
from trainer.screen.question import question_drawing
from trainer.view.drawing import Frame, paragraph
from trainer.view.listed import drawn


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="skill@revision/level#seed")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    asked = question(world, options.name)
    if options.json:
        emit(with_answer(asked))
    else:
        answered(asked, world.frame())
    return 0


def answered(asked: Question, frame: Frame) -> None:
    """The question, its answer, its picture, the worked solution and what each mistake gives."""
    show(question_drawing(asked, frame))
    say(f"\nAnswer: {asked.answer.write(asked.right)}\n")
    if asked.trace is not None:
        show(drawn(asked.simulator, asked.trace, frame))
        say()
    show(paragraph(asked.explanation or "\n".join(step.says for step in asked.steps), frame))
    if asked.simulator and asked.mistakes:
        say()
        for one in asked.mistakes:
            told = "under the other convention, where" if one.convention else "if"
            show(paragraph(f"{asked.answer.write(one.value)}: {told} {one.clause} ({one.id})", frame))
