"""osdrill grade: judge an answer to a question. Records nothing, unless told to."""

import argparse
from collections.abc import Sequence
from typing import Any

from trainer.cli.named import question
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question, Unreadable, Verdict
from trainer.quiz.judge import answer_text, judge
from trainer.quiz.judge import read as read_answer

HELP = """usage: osdrill grade NAME RESPONSE… [--json] [--record --took-ms N]

Judges RESPONSE (one argument or many; it may begin with -) as an answer to the question NAME.

  --json         as JSON
  --record       keep it in your history, as if you had answered it in a session
  --took-ms N    how long the answer took, in milliseconds (with --record)"""


def read(rest: Sequence[str]) -> argparse.Namespace:
    """The options; a response may begin with `-`, so that nothing but our own three words is taken for an option."""
    words = list(rest)
    if words[:1] in (["--help"], ["-h"]):
        say(HELP)
        raise SystemExit(0)
    options = argparse.Namespace(json=False, record=False, took_ms=None, name="", response="")
    answer: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--":
            answer += words
            break
        if word in ("--json", "--record"):
            setattr(options, word[2:], True)
        elif word == "--took-ms":
            options.took_ms = _milliseconds(words)
        else:
            answer.append(word)
    if len(answer) < 2:
        raise Refusal(f"expected NAME and RESPONSE\n{HELP.splitlines()[0]}", code="usage")
    options.name, options.response = answer[0], " ".join(answer[1:])
    if options.record and options.took_ms is None:
        raise Refusal("--record needs --took-ms N, the time the answer took", code="usage")
    return options


def _milliseconds(words: list[str]) -> int:
    text = words.pop(0) if words else ""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refusal(f"expected milliseconds after --took-ms, got {text[:20]!r}", code="usage")
    return int(text)


def run(options: argparse.Namespace, world: World) -> int:
    asked = question(world, options.name)
    try:
        response = read_answer(asked, options.response)
    except Unreadable as unreadable:
        raise Refusal(f"{unreadable}; like this: {asked.answer.example}", code="unreadable", where="RESPONSE") from None
    if asked.answer.kind == "free":
        return _free(asked, response.value, options)
    verdict = judge(asked, response)
    if options.record:
        from trainer.cli.recording import record  # noqa: PLC0415 — grading alone needs no store

        record(world, asked, options.response, options.took_ms)
    if options.json:
        emit(graded(asked, verdict))
    else:
        say("Right." if verdict.right else f"Not quite: {answer_text(asked)}.\n{verdict.says}".rstrip())
    return 0


def _free(asked: Question, text: str, options: argparse.Namespace) -> int:
    """What was found of each point; whether the answer is right, its writer says. Never recorded."""
    from trainer.quiz.points import found  # noqa: PLC0415 — few questions need it

    if options.record:
        raise Refusal("a free answer is marked by its writer, in a session; it cannot be recorded here", code="usage")
    points = [{"text": point.text, "found": found(point, text)} for point in getattr(asked.answer, "points", ())]
    if options.json:
        nothing: dict[str, Any] = {"mistakes": [], "conventions": [], "diverges_at": None, "says": ""}
        emit({"correct": None, "answer": answer_text(asked), "points": points, **nothing})
    else:
        for point in points:
            say(f"{point['found']}: {point['text']}")
    return 0


def graded(asked: Question, verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON has it."""
    where = verdict.diverges_at
    return {
        "correct": verdict.right,
        "answer": answer_text(asked),
        "mistakes": list(verdict.mistakes),
        "conventions": list(verdict.conventions),
        "diverges_at": None if where is None else {"in": where.where, "index": where.index, "says": where.says},
        "says": verdict.says,
        **({"slips": list(verdict.slips)} if asked.follows is not None else {}),
    }
