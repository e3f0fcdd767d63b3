"""Which rows of a table are slips, and which follow from the learner's own? One slip costs one slip.

A measure that says what follows from the rows so far is judged row by row: a row is a slip when it does not follow
from the learner's own rows before it, right or wrong as those may be.

    slips(question, rows)  ->  (2,)      row 3 does not follow; the rows after it do, from row 3 as it was given
"""

from typing import Any

from sims.declare import NoAnswer
from trainer.model import Question


def slips(question: Question, given: Any) -> tuple[int, ...]:
    """The rows, from 0, that do not follow from those before them; one after the last where a row is missing. Nothing
    for a question that is not asked row by row."""
    if question.follows is None:
        return ()
    rows = tuple(given)
    found = [n for n, row in enumerate(rows) if not _same(question, expected(question, rows[:n]), row)]
    if not found and expected(question, rows) is not None:
        found.append(len(rows))
    return tuple(found)


def expected(question: Question, rows: tuple[Any, ...]) -> Any:
    """The row that comes after these; None where they are all. Where nothing follows, the one that is right."""
    try:
        return question.follows(rows)
    except NoAnswer:
        return question.right[len(rows)] if len(rows) < len(question.right) else None


def _same(question: Question, wanted: Any, row: Any) -> bool:
    return wanted is not None and question.answer.same((wanted,), (row,))


def told(question: Question, given: Any, found: tuple[int, ...]) -> str:
    """The slips in a sentence, and what came of them; empty where nothing carries on from one."""
    if not found:
        return ""
    rows = tuple(given)
    carried = [n for n in range(found[0] + 1, len(rows)) if n not in found]
    if not carried:
        return ""
    noun = getattr(question.answer, "noun", "row")
    verb = "is a slip" if len(found) == 1 else "are slips"
    many = "follows from it and is right" if len(carried) == 1 else "follow from it and are right"
    return f"{_named(noun, found)} {verb}; {_named(noun, carried, first=False)} {many}."


def _named(noun: str, indices: "tuple[int, ...] | list[int]", *, first: bool = True) -> str:
    """`Row 3`, `rows 4 to 6`, `rows 3, 5 and 7`, counted from 1."""
    numbers = [n + 1 for n in indices]
    word = noun if len(numbers) == 1 else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    word = word.capitalize() if first else word
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{word} {numbers[0]} to {numbers[-1]}"
    *most, last = map(str, numbers)
    return f"{word} {', '.join(most)} and {last}" if most else f"{word} {last}"
