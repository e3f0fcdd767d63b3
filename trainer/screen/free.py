"""How does a learner mark a free answer? First how sure he is; then the points, one by one, with what was found.

Nothing here is right or wrong, and there is no percentage: the program shows where to look, the learner decides.
"""

from functools import partial

from trainer.model import Point, Question
from trainer.practice.marked import Marks, PointMark
from trainer.quiz.points import FOUND, MAYBE, found
from trainer.screen.front import Front
from trainer.screen.keys import Key
from trainer.screen.prose import prose
from trainer.screen.verdict import Block, explained
from trainer.view.drawing import Drawing, Frame

QUIT = Key("q", "leave, nothing is kept", "quit")
CONFIDENCE = (Key("1", "guessing"), Key("2", "unsure"), Key("3", "fairly sure"), Key("4", "certain"), QUIT)
MARKS = (Key("y", "I said it"), Key("n", "I did not"), QUIT)


def marked(front: Front, question: Question, text: str) -> Marks | None:
    """What the learner says of his own answer; None where he leaves."""
    front.say(partial(prose, "How sure are you of this, before you see the points?"))
    sure = front.choose(CONFIDENCE)
    if sure == QUIT.name:
        return None
    front.say(partial(prose, f"{sure}, {CONFIDENCE[int(sure) - 1].says}. Now the points:"))
    points: tuple[Point, ...] = question.answer.points  # type: ignore[attr-defined]  # only of a free answer
    marks: list[PointMark] = []
    for number, point in enumerate(points, 1):
        seen = found(point, text)
        front.say(partial(_point, f"{number} of {len(points)}", seen, point))
        key = front.choose(MARKS)
        if key == QUIT.name:
            return None
        marks.append(PointMark(point.text, seen, key == "y"))
    return Marks(int(sure), tuple(marks))


def marked_blocks(question: Question, marks: Marks, frame: Frame) -> list[Block]:
    """What is said once all points are marked."""
    head = prose(f"You marked {marks.shown} of {len(marks.points)} points as said.", frame, "strong")
    rows = tuple(row for point in marks.points for row in _marked(point, frame))
    return [block for block in (Block(head), Block(rows), Block(explained(question, frame))) if block.rows]


def points_drawing(question: Question, frame: Frame) -> Drawing:
    """The points as a list, for someone who gave up; nothing for another kind of answer."""
    points: tuple[Point, ...] = getattr(question.answer, "points", ())
    return tuple(row for point in points for row in prose(point.text, frame, indent="  ", first="- "))


def _point(number: str, seen: str, point: Point, frame: Frame) -> Drawing:
    style = {FOUND: "right", MAYBE: "wait"}.get(seen, "dim")
    return prose(f"{number}, {seen}:", frame, style) + prose(point.text, frame, indent="  ")


def _marked(point: PointMark, frame: Frame) -> Drawing:
    if frame.plain:
        return prose(f"{'Said' if point.marked else 'Not said'}: {point.text}", frame)
    mark, style = ("✓", "right") if point.marked else ("·", "dim")
    return prose(point.text, frame, style, indent="    ", first=frame.text(f"  {mark} "))
