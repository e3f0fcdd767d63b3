"""Which answer kind does what a measure gives call for? One line each.

The file of a kind is loaded when a question first needs it: the first question needs two of them.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

from sims.declare import Gives, HitString, MapOf, Number, OneOf, RowsOf, SequenceOf, SetOf, StepOf, TableOf, YesNo
from sims.fields import plain
from trainer.model import AnswerKind

Maker = Callable[[Any, Any, Any], AnswerKind]  # (gives, scenario, the right answer) -> the kind for this question


def _made(file: str, name: str, *given: Any, **named: Any) -> AnswerKind:
    made: AnswerKind = getattr(import_module(f"trainer.quiz.answers.{file}"), name)(*given, **named)
    return made


def _number(gives: Number, _scenario: Any, right: Any) -> AnswerKind:
    exact = not isinstance(right, Fraction) or right.denominator == 1
    return _made("number", "NumberAnswer", gives.unit, gives.base, gives.words, exact)


def _vector(gives: MapOf, scenario: Any, right: Any) -> AnswerKind:
    names = gives.names(scenario)
    values = [right[name] for name in names]
    first = next(iter(values), 0)
    sample = next((value for value in values if isinstance(value, Fraction) and value.denominator != 1), first)
    item = answer_kind(gives.item, scenario, sample)
    return _made("vector", "VectorAnswer", names, item, gives.noun, getattr(gives.item, "unit", ""))


def _sequence(gives: SequenceOf, scenario: Any, _right: Any) -> AnswerKind:
    return _made("sequence", "SequenceAnswer", gives.noun, gives.names(scenario) if gives.names else None)


def _set(gives: SetOf, scenario: Any, _right: Any) -> AnswerKind:
    return _made("sequence", "SetAnswer", gives.noun, gives.names(scenario) if gives.names else None)


def _table(gives: TableOf, scenario: Any, right: Any) -> AnswerKind:
    columns = gives.columns(scenario) if callable(gives.columns) else gives.columns
    return _made("table", "TableAnswer", columns, gives.noun, frozenset(_words_in((right, plain(scenario)))))


def _words_in(value: Any) -> Iterator[str]:
    """Every word of the right answer and of the scenario: what a cell may hold."""
    if isinstance(value, str):
        yield from (word.casefold() for word in value.split())
    elif isinstance(value, Mapping):
        yield from _words_in(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _words_in(item)


def _rows(gives: RowsOf, scenario: Any, _right: Any) -> AnswerKind:
    return _made("rows", "RowsAnswer", gives.names(scenario), gives.columns(scenario), gives.noun)


def _hits(_gives: HitString, _scenario: Any, right: Any) -> AnswerKind:
    return _made("hits", "HitsAnswer", len(right))


def _yes_no(_gives: YesNo, _scenario: Any, _right: Any) -> AnswerKind:
    return _made("word", "YesNoAnswer")


def _word(gives: OneOf, scenario: Any, _right: Any) -> AnswerKind:
    return _made("word", "WordAnswer", (*(gives.names(scenario) if gives.names else ()), *gives.words))


def _step(_gives: StepOf, _scenario: Any, right: int) -> AnswerKind:
    return _made(
        "options", "ChoiceAnswer", right, kind="step"
    )  # so many at least; a form that has the trace says how many there are


KINDS: dict[type[Any], Maker] = {
    Number: _number,
    MapOf: _vector,
    SequenceOf: _sequence,
    SetOf: _set,
    TableOf: _table,
    RowsOf: _rows,
    HitString: _hits,
    YesNo: _yes_no,
    OneOf: _word,
    StepOf: _step,
}

NAMES: dict[type[Any], str] = {
    Number: "number",
    MapOf: "vector",
    SequenceOf: "sequence",
    SetOf: "set",
    TableOf: "table",
    RowsOf: "table",
    HitString: "hits",
    YesNo: "yes-no",
    OneOf: "word",
    StepOf: "step",
}


def answer_kind(gives: Gives, scenario: Any, right: Any) -> AnswerKind:
    """The answer kind for this question."""
    return KINDS[type(gives)](gives, scenario, right)
