"""What does a learner see after an answer?

Right or wrong, in words; the right answer under the learner's own; what the answer is what you get if; where it
parts from the truth; the picture; the worked solution; and the author's explanation. Pure: values in, drawing out.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sims.listed import simulator
from trainer.model import Misconception, Question, Response, Verdict
from trainer.screen.clean import clean
from trainer.screen.prose import prose
from trainer.screen.question import apart, numbered
from trainer.view.drawing import Drawing, Frame, Line, Span, line
from trainer.view.listed import FEW, drawn

MOST_STEPS = 9  # of a worked solution; of a longer one the first, those around the parting one, and the last
FEW_STEPS = 4  # where the picture tells the same


class Block(NamedTuple):
    """A part of what is said, and how well it can be spared in a low window: 0 not at all, 4 first."""

    rows: Drawing
    spare: int = 0


def verdict_drawing(question: Question, response: Response, verdict: Verdict, frame: Frame) -> Drawing:
    """Everything that is said to an answer."""
    return apart([block.rows for block in verdict_blocks(question, response, verdict, frame)])


def given_up_drawing(question: Question, frame: Frame) -> Drawing:
    """The solution for someone who gave up."""
    return apart([block.rows for block in given_up_blocks(question, frame)])


def verdict_blocks(question: Question, response: Response, verdict: Verdict, frame: Frame) -> list[Block]:
    """What is said to an answer, part by part."""
    blocks = [Block(_head(question, response, verdict, frame)), Block(_told(question, response, verdict, frame))]
    if not verdict.right:
        true, *table = _picture_blocks(question, frame)
        blocks += [true, Block(_contrast(question, verdict, frame), 3), *table]
        blocks.append(Block(_solution(question, response, verdict, frame), 2))
    return [block for block in (*blocks, Block(explained(question, frame))) if block.rows]


def given_up_blocks(question: Question, frame: Frame) -> list[Block]:
    """What is said to someone who gave up, part by part."""
    label = "Answer:" if frame.plain else "The answer:"
    head = prose(f"{label} {answer(question)}", frame, "strong")
    if question.answer.kind == "free":
        from trainer.screen.free import points_drawing  # noqa: PLC0415 — it imports this module

        head = prose("A good answer speaks of:", frame, "strong") + points_drawing(question, frame)
    solution = _solution(question, None, Verdict(right=False), frame)
    rest = [Block(_told_options(question, None, frame)), *_picture_blocks(question, frame), Block(solution, 2)]
    return [block for block in (Block(head), *rest, Block(explained(question, frame))) if block.rows]


def fitted(blocks: Sequence[Block], room: int | None) -> tuple[Drawing, Drawing]:
    """What is shown in `room` lines (None: no limit), and what is left out, to be asked for."""
    shown, left = list(blocks), []
    while room is not None and len(apart([block.rows for block in shown])) > room:
        spared = max(shown, key=lambda block: block.spare, default=None)
        if spared is None or not spared.spare:
            break
        shown.remove(spared)
        left.append(spared)
    in_order = [block.rows for block in blocks if block in left]
    return apart([block.rows for block in shown]), apart(in_order)


def answer(question: Question) -> str:
    """The right answer, names beside values; a fraction also as a decimal."""
    return written(question, question.right)


def written(question: Question, value: Any) -> str:
    """An answer as it is read best: P1=7 P2=5, 16/3 (5.33)."""
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_number(item)}" for name, item in value.items())
    if isinstance(value, Fraction):
        return _number(value)
    return clean(question.answer.write(value))


def _number(value: Any) -> str:
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value} ({float(value):.2f})"
    return clean(str(value))


def _head(question: Question, response: Response, verdict: Verdict, frame: Frame) -> Drawing:
    """The first line; under it, for a wrong answer, both answers one under the other."""
    if verdict.right:
        return prose(f"[right] {answer(question)}" if frame.plain else f"✓ Right: {answer(question)}", frame, "right")
    if frame.plain:
        mine = prose(f"Yours: {written(question, response.value)}", frame)
        return prose(f"[wrong] Answer: {answer(question)}", frame, "wrong") + mine
    beside = _beside(question, response, frame)
    if beside:
        return (*prose("✗ Not quite.", frame, "wrong"), *beside)
    return prose(f"✗ Not quite: {_named(question)}", frame, "wrong")


def _named(question: Question) -> str:
    """The right answer; an option with its text, since its number alone says little."""
    if question.answer.kind in ("choice", "step") and question.options:
        return f"{question.right}. {question.options[question.right - 1].text.strip()}"
    return answer(question)


def _beside(question: Question, response: Response, frame: Frame) -> Drawing:
    """The right answer and the learner's as columns; nothing where they have no elements, or no room."""
    right, mine = question.right, response.value
    heads: Sequence[str] = ()
    if isinstance(right, Mapping) and isinstance(mine, Mapping):
        heads, rows = [clean(str(name)) for name in right], [list(right.values()), [mine.get(name) for name in right]]
    elif question.answer.kind in ("hits", "sequence") and right and mine:
        rows = [list(right), list(mine)]
    else:
        return ()
    cells = [[clean(str(item)) for item in row] for row in rows]
    count = max(map(len, [heads, *cells]))
    padded = [[*row, *[""] * (count - len(row))] for row in (heads, *cells)]
    widths = [max(map(len, column)) for column in zip(*padded, strict=True)]
    if 9 + sum(widths) + 2 * len(widths) > frame.width or any(len(row) > 40 for row in cells):
        return ()
    return tuple(
        _compared(name, row, widths, padded[1] if name == "yours" else None, frame)
        for name, row in zip(("", "right", "yours"), padded, strict=True)
        if any(row)
    )


def _compared(name: str, row: Sequence[str], widths: Sequence[int], right: Sequence[str] | None, frame: Frame) -> Line:
    cells = [
        Span(f"  {frame.text(text).rjust(width)}", "wrong" if right and text != right[place] else "")
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return line(Span(f"  {name:<5}", "dim"), *cells)


def _told(question: Question, response: Response, verdict: Verdict, frame: Frame) -> Drawing:
    """The diagnosis: what gives this answer, the rule that this question states, or the first difference."""
    if question.options and question.answer.kind != "step":
        return _told_options(question, response, frame)
    indent = "" if frame.plain else "  "
    rows = prose(verdict.says, frame, indent=indent) if verdict.says and not verdict.right else ()
    if verdict.conventions:
        rows += prose(f"This question states: {' '.join(question.conventions)}", frame, indent=indent)
    return rows + _parting(question, verdict, frame, indent)


def _parting(question: Question, verdict: Verdict, frame: Frame, indent: str) -> Drawing:
    """Where the answer parts from the truth; for two traces what happens in the one and in the other."""
    parts = verdict.diverges_at
    if parts is None or (parts.where == "solution" and not frame.plain):
        return ()  # the step is marked in the worked solution
    if parts.where != "trace":
        lead = "First difference" if parts.where == "answer" else "It parts here"
        return prose(f"{lead}: {parts.says}", frame, indent=indent)
    rows = prose(f"The two ways part at step {parts.index + 1}:", frame, indent=indent)
    for name, told in (("right", parts.says), ("other", _otherwise(question, verdict, parts.index))):
        label = f"{indent}{name}: " if frame.plain else f"{indent}{name}  "
        rows += prose(told, frame, indent=" " * (0 if frame.plain else len(label)), first=label) if told else ()
    return rows


def _otherwise(question: Question, verdict: Verdict, index: int) -> str:
    """What happens at that step under the mistaken rule; empty where nothing does."""
    fit = mistaken_run(question, verdict)
    if fit is None or index >= len(fit.trace.events):
        return ""
    return simulator(question.simulator).tell(fit.trace, index)


def mistaken_run(question: Question, verdict: Verdict) -> Misconception | None:
    """The first mistake or convention that gives the answer and has a run of its own."""
    fits = [one for one in question.mistakes if one.id in (*verdict.mistakes, *verdict.conventions)]
    return next((one for one in fits if one.trace is not None), None)


def _contrast(question: Question, verdict: Verdict, frame: Frame) -> Drawing:
    """The run under the mistaken rule, to stand below the true one; where nothing is drawn, the parting step tells."""
    fit = mistaken_run(question, verdict)
    if fit is None or frame.plain or not question.simulator:
        return ()
    picture = chart(drawn(question.simulator, fit.trace, frame))
    return (*prose("✗ The run in that case:", frame, "wrong", indent="  "), *picture)


def chart(picture: Drawing) -> Drawing:
    """A picture without what stands below it, such as a process table."""
    return picture[: picture.index(())] if () in picture else picture


def _told_options(question: Question, response: Response | None, frame: Frame) -> Drawing:
    """Each option, marked, with the reason for it or against it. For an order: the items in the right order."""
    if question.answer.kind == "order":
        order = [question.options[number - 1] for number in question.right]
        rows = [numbered(number, option, frame) for number, option in zip(question.right, order, strict=True)]
        return tuple(one for row in rows for one in row)
    mine = response.value if response else None
    chosen = mine if isinstance(mine, frozenset) else {mine}
    return tuple(row for n in range(1, len(question.options) + 1) for row in _option(question, n, n in chosen, frame))


def _option(question: Question, number: int, chosen: bool, frame: Frame) -> Drawing:
    option = question.options[number - 1]
    if frame.plain:
        lead, style = ("Right: " if option.right else "Yours: " if chosen else "Not right: "), ""
    else:
        mark, style = ("✓", "right") if option.right else ("✗", "wrong") if chosen else (" ", "dim")
        lead = frame.text(f"{mark} ")
    rows = numbered(number, option, frame, lead, style)
    return rows + (prose(option.why, frame, indent="     ") if option.why else ())


def _picture(question: Question, frame: Frame) -> Drawing:
    """The trace as it really went; as sentences only where the worked solution does not tell it already."""
    if question.trace is None or not question.simulator:
        return ()
    if not frame.plain:
        return drawn(question.simulator, question.trace, frame)
    if _narrates(question):
        return ()
    return (line("What happens:"), *drawn(question.simulator, question.trace, frame, most=FEW))


def _picture_blocks(question: Question, frame: Frame) -> list[Block]:
    """The picture; what is drawn beside it, such as the process table, is the first that a low window spares."""
    picture = _picture(question, frame)
    top = picture if frame.plain else chart(picture)
    return [Block(top, 1), Block(picture[len(top) + 1 :], 4)]


def _narrates(question: Question) -> bool:
    """Whether the worked solution tells every event, as the picture does."""
    return {step.event for step in question.steps}.issuperset(range(len(question.trace.events)))


def _solution(question: Question, response: Response | None, verdict: Verdict, frame: Frame) -> Drawing:
    """The worked solution, the step where the answer parts from it marked, the learner's own values beside it."""
    parts = verdict.diverges_at
    at = parts.index if parts is not None and parts.where == "solution" else None
    if parts is not None and parts.where == "answer" and response is not None:
        wrong = (n for n, step in enumerate(question.steps) if _mine(step, question.right, response.value))
        at = next(wrong, None)
    rows: Drawing = (line("Worked out:"),) if frame.plain and question.steps else ()
    pictured = question.trace is not None and not frame.plain and _narrates(question)
    for index in _kept(len(question.steps), at, FEW_STEPS if pictured else MOST_STEPS):
        gap = (line(Span(frame.text("  …"), "dim")),)
        rows += gap if index is None else _step(question, response, index, at, frame)
    return rows


def _kept(count: int, at: int | None, most: int) -> list[int | None]:
    """Which steps are shown; None is a gap."""
    if count <= most:
        return list(range(count))
    middle = at if at is not None else 1
    shown = sorted({0, 1, middle - 1, middle, middle + 1, count - 2, count - 1} & set(range(count)))
    rows: list[int | None] = []
    for index in shown:
        if rows and rows[-1] != index - 1:
            rows.append(None)
        rows.append(index)
    return rows


def _step(question: Question, response: Response | None, index: int, at: int | None, frame: Frame) -> Drawing:
    step = question.steps[index]
    mine = _mine(step, question.right, response.value if response else None)
    lead = frame.glyph("▸ ", "> ") if index == at else "  "
    return prose(step.says + (f"  (yours: {mine})" if mine else ""), frame, indent="    ", first=lead)


def _mine(step: Any, right: Any, mine: Any) -> str:
    """What the learner said for the element that this step settles, where it is another value."""
    if isinstance(right, Mapping) and isinstance(mine, Mapping) and step.key in right:
        wrong = mine.get(step.key)
        return "" if wrong == right[step.key] else clean(str(wrong))
    if not (isinstance(right, tuple | str) and isinstance(mine, tuple | str) and type(step.key) is int):
        return ""
    inside = 0 <= step.key < min(len(right), len(mine))
    return clean(str(mine[step.key])) if inside and right[step.key] != mine[step.key] else ""


def explained(question: Question, frame: Frame) -> Drawing:
    """The author's explanation."""
    return prose(question.explanation, frame) if question.explanation else ()
