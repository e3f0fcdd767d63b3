"""How well was a free answer, by its writer's own marks?

    good    every point
    hard    more than half of the points, or every point with a hint
    again   otherwise, or only with the last hint

What was marked is kept with the review, beside how sure the writer was before seeing the points:

    {"confidence": 3, "points": [{"text": "…", "found": "maybe", "marked": true}]}

Nobody but the learner judged it: such reviews are of the kind `self-marked`, kept apart in every figure.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from trainer.practice.memory import AGAIN, GOOD, HARD

SELF_MARKED = "self-marked"


class PointMark(NamedTuple):
    """One key point: what the program saw of it, and what the writer says."""

    text: str
    found: str  # found | maybe | not found
    marked: bool  # the writer: it is in my answer


class Marks(NamedTuple):
    """A free answer, marked."""

    confidence: int  # 1 guessing to 4 certain, said before the points were seen
    points: tuple[PointMark, ...]

    @property
    def shown(self) -> int:
        """How many points the writer marked as said."""
        return sum(point.marked for point in self.points)


def grade(marked: Sequence[bool], hints: int = 0, rungs: int = 0) -> int:
    """1 again to 3 good; never easy. `hints` taken of `rungs`."""
    if 2 * sum(marked) <= len(marked) or (rungs and hints >= rungs):
        return AGAIN
    return GOOD if all(marked) and not hints else HARD


def written(marks: Marks) -> str:
    """The marks as the review keeps them, in its `scenario`."""
    points = [point._asdict() for point in marks.points]
    return json.dumps({"confidence": marks.confidence, "points": points}, ensure_ascii=False, separators=(",", ":"))
