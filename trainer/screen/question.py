"""How does a question look before anybody has answered it?

Title with skill and level, the text, the data that it is about, the conventions, what is asked, and the form of the
answer with an example. A pure function of the question and the frame: nothing here knows a terminal.
"""

from trainer.model import Option, Question
from trainer.screen.clean import clean
from trainer.screen.prose import prose
from trainer.view.drawing import Drawing, Frame, Line, Span, line
from trainer.view.listed import drawn, view

GAP = 5  # columns between the question and the form of its answer


def question_drawing(question: Question, frame: Frame) -> Drawing:
    """The whole question, down to the line above the prompt."""
    parts = [_text(question, frame), data_drawing(question, frame), _rules(question, frame), _options(question, frame)]
    body = apart([*(part for part in parts if part), _asks(question, frame)])
    return apart([title(question, frame), body]) if frame.plain else title(question, frame) + body


def apart(blocks: list[Drawing]) -> Drawing:
    """The blocks under each other, an empty line between them."""
    rows: list[Line] = []
    for block in blocks:
        rows += [(), *block] if rows else block
    return tuple(rows)


def title(question: Question, frame: Frame) -> Drawing:
    """What is practised on the left, skill and level on the right, a rule below; plain: one sentence."""
    name, place = frame.text(clean(question.title)), frame.text(f"{question.name.skill} · level {question.name.level}")
    if frame.plain:
        return prose(f"{name}. Skill {question.name.skill}, level {question.name.level}.", frame)
    rule = line(Span(frame.rule * frame.width, "dim"))
    room = frame.width - len(name) - len(place)
    if room >= 2:
        return (line(Span(name, "head"), " " * room, Span(place, "dim")), rule)
    return (*prose(name, frame, "head"), *prose(place, frame, "dim"), rule)


def _text(question: Question, frame: Frame) -> Drawing:
    return prose(question.text, frame) if question.text else ()


def data_drawing(question: Question, frame: Frame) -> Drawing:
    """What the question is about: the scenario without what is hidden, or a trace that belongs to the question."""
    if not question.simulator:
        return ()
    given = view(question.simulator).given(question.scenario, frame, question.hidden)
    if question.shown is None:
        return given
    return apart([given, drawn(question.simulator, question.shown, frame)])


def _rules(question: Question, frame: Frame) -> Drawing:
    label = "Rule: " if frame.plain else ""
    return tuple(row for rule in question.conventions for row in prose(label + rule, frame))


def _options(question: Question, frame: Frame) -> Drawing:
    return tuple(row for n, option in enumerate(question.options, 1) for row in numbered(n, option, frame))


def numbered(number: int, option: Option, frame: Frame, lead: str = "", style: str = "") -> Drawing:
    """An option under its number, further lines under its text."""
    first = f"{lead or '  '}{number}. "
    return prose(option.text, frame, style, indent=" " * len(first), first=first)


def _asks(question: Question, frame: Frame) -> Drawing:
    """What is asked, and beside it, or below where there is no room, what an answer looks like."""
    form = frame.text(clean(f"like this: {question.answer.example}"))
    unit = getattr(question.answer, "unit", "")
    if unit and unit.casefold().removesuffix("s") not in question.asks.casefold():
        form = f"in {frame.text(clean(unit))}, {form}"
    if frame.plain:
        return prose(f"Question: {question.asks}", frame) + prose(f"Answer {form}", frame)
    rows = prose(question.asks, frame, "strong")
    last = rows[-1] if rows else ()
    used = sum(len(span.text) for span in last)
    if used + GAP + len(form) <= frame.width:
        return (*rows[:-1], (*last, Span(" " * GAP), Span(form, "dim")))
    return rows + prose(form, frame, "dim")
