"""Which wrong answers does no known mistake explain? The most frequent ones show where a mistake is missing.

    unexplained(reviews)  ->  [Unexplained("lru.faults", wrong=9, answers=40, examples=(Example(…), …)), …]

Counted by skill, the one with the most first; under it the answers that came most often to the same question. Given up
or self-marked answers are none.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from trainer.model import QuestionName, Review

MOST_EXAMPLES = 3  # of one skill


class Example(NamedTuple):
    """One wrong answer to one question."""

    name: str  # of the question: `osdrill replay` shows it
    response: str
    right: str
    times: int


class Unexplained(NamedTuple):
    """What one skill's wrong answers leave open."""

    skill: str
    unexplained: int  # wrong answers that fit nothing
    wrong: int  # wrong answers in all
    examples: tuple[Example, ...]


def unexplained(reviews: Iterable[Review]) -> list[Unexplained]:
    """Skills with wrong answers that fit nothing, the most frequent first."""
    wrong: Counter[str] = Counter()
    open_: dict[str, Counter[tuple[QuestionName, str, str]]] = {}
    for one in reviews:
        if one.outcome != "wrong" or one.kind == "self-marked":
            continue
        wrong[one.skill] += 1
        if not one.mistakes and not one.conventions:
            name = QuestionName(one.skill, one.revision, one.level, one.seed)
            open_.setdefault(one.skill, Counter())[name, " ".join(one.response.split()), one.answer] += 1
    rows = [Unexplained(skill, sum(found.values()), wrong[skill], _examples(found)) for skill, found in open_.items()]
    return sorted(rows, key=lambda row: (-row.unexplained, row.skill))


def _examples(found: "Counter[tuple[QuestionName, str, str]]") -> tuple[Example, ...]:
    most = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_EXAMPLES]
    return tuple(Example(str(name), response, right, times) for (name, response, right), times in most)
