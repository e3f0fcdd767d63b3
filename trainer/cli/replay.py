"""osdrill replay: a question again by its name, with its answer, its trace and what you answered."""

import argparse
import json
from typing import Any

from sims.declare import Invalid, Limit
from sims.listed import MODULES, simulator
from trainer.cli.joined import opened
from trainer.cli.named import drawn, parsed, with_answer
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.show import answered
from trainer.cli.world import World
from trainer.model import QuestionName, Review
from trainer.practice.days import date_of
from trainer.screen.prose import prose
from trainer.view.drawing import Frame
from trainer.view.listed import drawn as picture

MORE = "An older revision, or a skill that is gone, comes from your own history."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="skill@revision/level#seed, as every question shows it")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    name = parsed(options.name)
    mine = [one for one in opened(world).ledger.reviews(skill=name.skill) if named(one) == name]
    frame = world.frame()
    entry = world.bank.skills.get(name.skill)
    if entry is not None and entry.revision == name.revision:
        question = drawn(world.skill(name.skill), name.level, name.seed)
        if options.json:
            emit({**with_answer(question), "answered": [as_json(one) for one in mine]})
            return 0
        answered(question, frame)
    elif mine:
        if options.json:
            emit({"name": str(name), **as_json(mine[-1]), "text": mine[-1].text, "answer": mine[-1].answer})
            return 0
        from_history(mine[-1], frame)
    else:
        raise Refusal(
            "is neither in the bank as it is now nor in your history", code="unknown-name", where=options.name
        )
    for one in mine:
        said = one.response or "gave up"
        say(f"{date_of(one.day).isoformat()}: {said} ({one.outcome}, {one.taken_ms / 1000:.0f} s)")
    return 0


def named(review: Review) -> QuestionName:
    """The name of the question that was answered."""
    return QuestionName(review.skill, review.revision, review.level, review.seed)


def as_json(review: Review) -> dict[str, Any]:
    """What was answered, and when."""
    return {
        "id": review.id,
        "at": review.at,
        "response": review.response,
        "outcome": review.outcome,
        "mistakes": list(review.mistakes),
        "conventions": list(review.conventions),
        "taken_ms": review.taken_ms,
    }


def from_history(review: Review, frame: Frame) -> None:
    """The question as it was shown then, its answer, and its trace if the simulator still runs it."""
    show(prose(review.text, frame))
    say(f"\nAnswer: {review.answer}\n")
    kept = json.loads(review.scenario) if review.scenario else {}
    name = kept.get("simulator", "")
    if name not in MODULES:
        return
    try:
        declared = simulator(name)
        trace = declared.run(declared.scenario(kept["scenario"]))
    except (Invalid, Limit) as error:
        say(f"(the trace can no longer be drawn: {error})")
        return
    show(picture(name, trace, frame))
