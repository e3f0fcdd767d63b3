"""Does every simulator's worked solution add up, say what it establishes, and end with the answer?"""

import functools
import math
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from sims.declare import HitString, MapOf, Number, OneOf, RowsOf, SequenceOf, SetOf, StepOf, TableOf, YesNo
from sims.listed import MODULES
from tests.sims import drawn

COUNT = {"threads": 4, "thrashing": 10}  # the slow ones; the others draw DRAWN
DRAWN = 40

NUMBER = r"\d+(?:\.\d+)?"
TERM = re.compile(rf"\s*(?:(?P<number>{NUMBER})|(?P<sign>\*\*|[-+*/()!]|ceil))")
SIGNS = str.maketrans({"×": "*", "−": "-"})

ELSEWHERE = {
    "efficiency", "leaked", "internal-waste", "address", "first-preemption", "stalled-after-reads", "copied-pages",
    "pool-size", "hit-rate",
}  # fmt: skip
"""Measures some of whose steps tell an event that leaves the value as it was, or its parts."""


@functools.cache
def answers(name: str) -> list[tuple[Any, Any, Any, Any]]:
    """Traces, measures, answers and worked solutions of one simulator."""
    found = drawn.answers(name, COUNT.get(name, DRAWN))
    return [(trace, measure, answer, measure.steps(trace, **given)) for trace, measure, given, answer in found]


def simulators(test: Any) -> Any:
    """A test of every simulator by its name."""
    return pytest.mark.parametrize("simulator", MODULES)(test)


# ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────


def evaluated(text: str) -> Fraction | None:
    """What a sum comes to; None where the text is no sum: words between its numbers are units."""
    text = re.sub(rf"({NUMBER}) %", r"(\1 / 100)", text.translate(SIGNS).replace("^", "**"))
    text = re.sub(r"\b(?!ceil\b)[A-Za-zλ_][\wλ]*", " ", text).strip()
    parts, at = [], 0
    while at < len(text):
        found = TERM.match(text, at)
        if found is None:
            return None
        parts.append(f"Fraction('{found['number']}')" if found["number"] else found["sign"])
        at = found.end()
    code = re.sub(r"Fraction\('(\d+)'\)!", r"Fraction(math.factorial(\1))", "".join(parts))
    try:
        return Fraction(eval(code, {"Fraction": Fraction, "math": math, "ceil": math.ceil})) if code else None
    except (SyntaxError, TypeError):
        return None


def sums(says: str) -> list[tuple[str, str]]:
    """The two sides of every equation between numbers: `2 × 3 = 6 calls; …` gives (`2 × 3`, `6`)."""
    found = []
    for sentence in re.split(r"[;:,]\s|\.\s|\.$", says):
        sides = sentence.split(" = ")
        for left, right in pairwise(sides):
            amount = re.match(rf"{NUMBER}(?:/\d+)?(?![\d/])", right)
            if amount and re.search(r"[-+×/^!(]", left.translate(SIGNS)):
                found.append((left, amount[0]))
    return found


def comes_to(left: str, right: str) -> bool:
    """Whether the sum is what it says, rounded to the decimals that are shown; or no sum."""
    value = evaluated(left)
    decimals = len(right.partition(".")[2])
    return value is None or abs(value - Fraction(right)) <= (Fraction(1, 2 * 10**decimals) if decimals else 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 × 4097", 8194),
        ("4096 bytes / 1024 × 50 ns", 200),
        ("400/(1/3)", 1200),
        ("(4/5)^2", Fraction(16, 25)),
        ("4! / (2! × 2!)", 6),
        ("ceil(0.95 × 9)", 9),
        ("1 − 388/608", Fraction(55, 152)),
        ("80 % × 120", 96),
        ("x", None),
        ("P1 waits 2–6", None),
    ],
)
def test_a_sum_is_read_as_it_is_written(text: str, value: Any) -> None:
    assert evaluated(text) == value


@pytest.mark.law
@simulators
def test_every_sum_in_a_sentence_comes_to_what_it_says(simulator: str) -> None:
    for _, measure, _, steps in answers(simulator):
        for step in steps:
            for left, right in sums(step.says):
                assert comes_to(left, right), (measure.name, step.says)


@pytest.mark.law
@simulators
def test_every_stretch_of_time_in_a_sentence_adds_up(simulator: str) -> None:
    """`waits 2–6 and 8–11 = 7`, `P1 writes 2, P2 writes 2 = 4`, `max (7 5) minus allocation (0 1) = (7 4)`."""
    for _, measure, _, steps in answers(simulator):
        for says in (step.says for step in steps):
            if found := re.search(r"((?:\d+–\d+(?:, | and )?)+) = (\d+)", says):
                spans = re.findall(r"(\d+)–(\d+)", found[1])
                assert sum(int(end) - int(start) for start, end in spans) == int(found[2]), (measure.name, says)
            if found := re.search(r"((?:\w+ writes \d+(?:, )?)+) = (\d+)", says):
                assert sum(map(int, re.findall(r"writes (\d+)", found[1]))) == int(found[2]), says
            if found := re.search(r"\(([\d ]+)\) minus \w+ \(([\d ]+)\) = \(([\d ]+)\)", says):
                rows = [[int(cell) for cell in group.split()] for group in found.groups()]
                assert all(a - b == c for a, b, c in zip(*rows, strict=True)), says


# ── what a step says ────────────────────────────────────────────────────────────────────────────────────────────


def shown(value: int | Fraction) -> set[str]:
    """The ways in which a sentence may write a number."""
    decimal = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return {str(value), decimal, hex(value) if isinstance(value, int) else str(value), f"{float(100 * value):g} %"}


def number(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


@pytest.mark.law
@simulators
def test_a_step_says_the_number_that_it_establishes(simulator: str) -> None:
    for _, measure, _, steps in answers(simulator):
        for step in steps:
            if number(step.value) and measure.name not in ELSEWHERE and step.value >= 0:
                words = re.findall(r"0x[0-9a-f]+|\d+(?:[./]\d+)?(?: %)?", step.says.replace(",", ""))
                assert shown(step.value) & {*words, *(word.removesuffix(" %") for word in words)}, (
                    measure.name, step.says, step.value,
                )  # fmt: skip


@pytest.mark.law
@simulators
def test_the_last_step_of_a_set_names_its_members(simulator: str) -> None:
    for _, measure, answer, steps in answers(simulator):
        if isinstance(measure.gives, SetOf) and steps[-1].value == answer:
            for item in answer:
                assert re.search(rf"(?<![\w-]){re.escape(str(item))}\b", steps[-1].says), (measure.name, steps[-1])
            if not answer:
                assert re.search(r"\b(no(?:ne|body|thing)?|every(?:body)?)\b", steps[-1].says, re.IGNORECASE), (
                    measure.name,
                    steps[-1],
                )


@pytest.mark.law
@simulators
def test_a_worked_solution_ends_with_the_answer(simulator: str) -> None:
    """By its last step, or by the steps that settle one element each."""
    for _, measure, right, steps in answers(simulator):
        answer: Any = right
        settled = {step.key: step.value for step in steps if step.key is not None}
        elements = dict(answer) if hasattr(answer, "items") else None
        if isinstance(answer, tuple | str):
            elements = dict(enumerate(answer))
        last = steps[-1].value
        if measure.name == "outcomes":  # its last step shows the ends as a person writes them
            last, answer = ({str(end).replace(" ", "") for end in ends} for ends in (last, answer))
        assert last == answer or settled == elements, (measure.name, answer, steps)


@pytest.mark.law
@simulators
def test_a_step_is_a_sentence_about_an_event_that_happened(simulator: str) -> None:
    for trace, measure, _, steps in answers(simulator):
        for step in steps:
            assert re.fullmatch(r"\S.*[.!?]", step.says, re.DOTALL), (measure.name, step.says)
            assert not re.search(r"None\b(?! of)|Fraction|\{|  ", step.says), (measure.name, step.says)
            assert step.rule
            if step.event is not None:
                assert 0 <= step.event < len(trace.events), (measure.name, step)


@pytest.mark.law
@simulators
def test_every_event_is_told_in_a_sentence(simulator: str) -> None:
    declared = drawn.simulator(simulator)
    for trace in drawn.traces(simulator, COUNT.get(simulator, DRAWN)):
        for index in range(len(trace.events)):
            says = declared.tell(trace, index)
            assert re.fullmatch(r"\S.*[.!?]", says, re.DOTALL), says
            assert not re.search(r"None\b(?! of)|Fraction|\{|  ", says), says


@pytest.mark.law
@simulators
def test_an_answer_is_what_its_measure_says_that_it_gives(simulator: str) -> None:
    for trace, measure, answer, _ in answers(simulator):
        assert fits(measure.gives, answer, trace), (measure.name, measure.gives, answer)


def fits(gives: Any, answer: Any, trace: Any) -> bool:
    """Whether the answer is of the kind that is declared, with the names of this scenario."""
    scenario = trace.scenario
    names = gives.names(scenario) if getattr(gives, "names", None) else ()
    match gives:
        case Number():
            return number(answer) or answer in gives.words
        case MapOf():
            return tuple(answer) == names and all(fits(gives.item, value, trace) for value in answer.values())
        case SequenceOf() | SetOf():
            return all(item in names if gives.names else type(item) is int or "=" in item for item in answer)
        case TableOf():
            columns = gives.columns(scenario) if callable(gives.columns) else gives.columns
            return all(len(row) == len(columns) for row in answer)
        case RowsOf():
            return tuple(answer) == names and all(len(row) == len(gives.columns(scenario)) for row in answer.values())
        case HitString():
            return set(answer) <= {"H", "M"}
        case YesNo():
            return isinstance(answer, bool)
        case OneOf():
            return answer in (*names, *gives.words)
        case StepOf():
            return 1 <= answer <= len(gives.told(trace) if gives.told else trace.events)
    return False


@pytest.mark.law
@simulators
def test_what_is_accepted_is_the_answer_at_least(simulator: str) -> None:
    chosen = [(trace, m, answer) for trace, m, answer, _ in answers(simulator) if m.accepts and not m.arguments]
    for trace, measure, answer in chosen:
        assert measure.accepts(trace, answer), (measure.name, answer)


def test_the_checks_have_something_to_check() -> None:
    """Sums are said by these simulators at least; a check that finds none would pass for nothing."""
    for name in ("switching", "collector", "scheduler", "syscalls", "io", "translation", "threads", "allocator"):
        found = [one for *_, steps in answers(name) for step in steps for one in sums(step.says)]
        assert sum(evaluated(left) is not None for left, _ in found) >= 3, name


@pytest.mark.law
@pytest.mark.parametrize("simulator", ["paging", "descriptors", "readiness"])
def test_a_step_numbers_its_event_from_one(simulator: str) -> None:
    """`Reference 3, page …` and `3. P: open a …` are about the third event."""
    numbered = 0
    for _, measure, _, steps in answers(simulator):
        for step in steps:
            number = re.match(r"(?:Reference )?(\d+)(?:\. |, | is )", step.says)
            if number and step.event is not None:
                assert int(number[1]) == step.event + 1, (measure.name, step.says)
                assert type(step.event) is int
                numbered += 1
    assert numbered > 20
