"""osdrill reports: what you reported with f while you practised; for whoever writes the questions."""

import argparse

from sims.fields import plain
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question
from trainer.store.reports import Report, keep, kept

MORE = "In a session, f below a verdict or :f at a question writes one. They stay on this machine, in a file of lines."
FILE = "reports.jsonl"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    path = world.data / FILE
    try:
        reports = kept(path)
    except OSError as error:
        raise Refusal(f"cannot be read: {error.strerror}", code="unreadable", where=str(path)) from None
    if options.json:
        emit([report._asdict() for report in reports])
        return 0
    for report in reports:
        say(f"{report.at[:10]} {report.name}")
        if report.answer:
            say(f"  answered {report.answer!r}, held right {report.right!r}")
        if report.says:
            say(f"  {report.says}")
    count = f"{len(reports)} report{'' if len(reports) == 1 else 's'}"
    say(f"{count} in {path}; osdrill replay NAME shows a question" if reports else "no reports")
    return 0


def write(world: World, question: Question, answer: str, says: str) -> str:
    """Keep a report; what became of it, in a sentence."""
    path = world.data / FILE
    scenario = None if question.scenario is None else plain(question.scenario)
    right = question.answer.write(question.right)
    report = Report(str(question.name), scenario, answer, right, says, world.clock.now().utc)
    try:
        keep(path, report)
    except OSError as error:
        return f"The report could not be kept: {error.strerror}."
    return f"Kept on this machine: {question.name}. osdrill reports lists it."
