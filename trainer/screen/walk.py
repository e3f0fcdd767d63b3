"""Where in a trace does the step viewer stand, and what does it show there?

A `Walk` is a position in the true trace or in the one of the mistake; a key gives another walk; `page` draws it for a
screen of any size. Pure: the viewer on the terminal is trainer/screen/stepper.py.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sims.listed import simulator
from trainer.model import Question, Verdict
from trainer.screen.clean import clean
from trainer.screen.keys import Key, key_line
from trainer.screen.prose import prose
from trainer.screen.verdict import chart, mistaken_run
from trainer.view.drawing import Drawing, Frame, Line, Span, line, text_of
from trainer.view.listed import drawn

SENTENCE_ROWS = 3  # under the picture: what happened in this step


class Walk(NamedTuple):
    """A place in a trace. `at` events are shown; 0 is before the first."""

    title: str
    simulator: str
    trace: Any
    at: int = 0
    other: Any = None  # the trace under the mistaken rule, where the answer showed one
    clause: str = ""  # the mistaken rule in words: "the arm goes to the nearest request"
    parts: int | None = None  # how many events are shown at the first one that differs
    mistaken: bool = False  # whether the mistaken trace is shown

    @property
    def shown(self) -> Any:
        """The trace that is shown."""
        return self.other if self.mistaken else self.trace

    @property
    def last(self) -> int:
        """How many events there are to show."""
        return len(self.shown.events)

    def to(self, at: int) -> "Walk":
        """The same walk at another place, inside the trace."""
        return self._replace(at=min(max(at, 0), self.last))

    def moved(self, key: str) -> "Walk":
        """Where this key leads; an unknown key nowhere else."""
        move = _MOVES.get(key)
        return move(self) if move else self


def _switched(walk: Walk) -> Walk:
    return walk._replace(mistaken=not walk.mistaken).to(walk.at) if walk.other is not None else walk


_MOVES: dict[str, Callable[[Walk], Walk]] = {
    "forward": lambda walk: walk.to(walk.at + 1),
    "back": lambda walk: walk.to(walk.at - 1),
    "first": lambda walk: walk.to(0),
    "last": lambda walk: walk.to(walk.last),
    "parts": lambda walk: walk if walk.parts is None else walk.to(walk.parts),
    "switch": _switched,
}


def walk_of(question: Question, verdict: Verdict | None) -> Walk | None:
    """The walk through this question's trace; None where there is none. It begins before the first event."""
    if question.trace is None or not question.trace.events or not question.simulator:
        return None
    fit = mistaken_run(question, verdict) if verdict else None
    return Walk(
        title=question.title,
        simulator=question.simulator,
        trace=question.trace,
        other=fit.trace if fit else None,
        clause=fit.clause if fit else "",
        parts=_parts(question, verdict),
    )


def _parts(question: Question, verdict: Verdict | None) -> int | None:
    """How many events to show, so that the last is the one where the answer parts from the truth."""
    where = verdict.diverges_at if verdict else None
    if where is None:
        return None
    if where.where == "trace":
        return where.index + 1
    steps = question.steps
    if where.where == "answer":
        key = _key(question.right, where.index)
        steps = tuple(step for step in steps if step.key == key)[:1]
    else:
        steps = steps[where.index : where.index + 1]
    return steps[0].event + 1 if steps and steps[0].event is not None else None


def _key(right: Any, index: int) -> Any:
    return list(right)[index] if isinstance(right, dict) and index < len(right) else index


def page(walk: Walk, frame: Frame, height: int) -> Drawing:
    """The whole screen: title and place, the picture, what happened, the keys; `height` lines exactly."""
    head = _head(walk, frame)
    picture = drawn(walk.simulator, walk.shown, frame, walk.at)
    said = _filled(_said(walk, frame, picture), SENTENCE_ROWS)
    below = (line(Span(frame.rule * frame.width, "dim")), *said, *_keys(walk, frame))
    room = max(height - len(head) - len(below), 1)
    both = _both(walk, frame, picture)
    seen = both if both and len(both) <= room else _seen(picture, room)
    return (*head, *_filled(seen, room), *below)[:height]


def _both(walk: Walk, frame: Frame, picture: Drawing) -> Drawing:
    """The picture, and below it the other way up to the same step; nothing where there is no other way."""
    if walk.other is None:
        return ()
    there = walk.moved("switch")
    name = "The true way" if there.mistaken is False else f"✗ If {walk.clause}"
    style = "right" if there.mistaken is False else "wrong"
    other = chart(drawn(walk.simulator, there.shown, frame, there.at))
    return (*chart(picture), (), *prose(f"{name}:", frame, style), *other)


def _head(walk: Walk, frame: Frame) -> Drawing:
    place = f"step {walk.at} of {walk.last}"
    name = frame.text(clean(walk.title))
    room = frame.width - len(place) - 2
    short = name if len(name) <= room else name[: max(room - len(frame.text("…")), 0)] + frame.text("…")
    space = " " * (frame.width - len(short) - len(place))
    rows: Drawing = (line(Span(short, "head"), space, Span(place, "dim")),)
    if walk.mistaken:
        rows += prose(f"✗ Not so: {walk.clause}.", frame, "wrong")
    return (*rows, line(Span(frame.rule * frame.width, "dim")))


def _said(walk: Walk, frame: Frame, picture: Drawing) -> Drawing:
    """What happened in this step, unless the picture says so itself; and whether the answer parts here."""
    if walk.at == 0:
        return prose("Before the first step.", frame, "dim")
    said = prose(simulator(walk.simulator).tell(walk.shown, walk.at - 1), frame)
    if _bare(said) in _bare(picture):
        said = ()
    if walk.at != walk.parts:
        return said
    whose = "the mistaken way parts from the true one" if walk.other is not None else "your answer parts from it"
    return said + prose(f"Here {whose}.", frame, "mark")


def _bare(drawing: Drawing) -> str:
    return " ".join(text_of(drawing).split())


def _keys(walk: Walk, frame: Frame) -> Drawing:
    forward, back = frame.text("→"), frame.text("←")
    keys = [Key(forward, "forward"), Key(back, "back"), Key("home", "first"), Key("end", "last")]
    if walk.parts is not None:
        keys.insert(2, Key("d", "where it parts", "parting"))
    if walk.other is not None:
        keys.insert(
            2,
            Key("m", "the true way" if walk.mistaken else "the mistaken way", "true" if walk.mistaken else "mistaken"),
        )
    return key_line([*keys, Key("q", "leave")], frame)


def _seen(picture: Drawing, room: int) -> Drawing:
    """The part of a tall picture around its marked line, or its end."""
    if len(picture) <= room:
        return picture
    marked = [n for n, row in enumerate(picture) if any(span.style == "mark" for span in row)]
    focus = marked[-1] if marked else len(picture) - 1
    start = min(max(focus - room // 2, 0), len(picture) - room)
    return picture[start : start + room]


def _filled(rows: Drawing, count: int) -> Drawing:
    """Exactly `count` lines."""
    empty: Line = ()
    return (*rows[:count], *(empty for _ in range(count - len(rows))))
