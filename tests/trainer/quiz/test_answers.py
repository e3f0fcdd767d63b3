"""Answers: generous in form, strict in meaning; what a kind writes, it reads."""

import contextlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.model import AnswerKind, Unreadable
from trainer.quiz.answers.hits import HitsAnswer
from trainer.quiz.answers.number import NumberAnswer, tolerance
from trainer.quiz.answers.options import ChoiceAnswer, ChoicesAnswer, OrderAnswer
from trainer.quiz.answers.sequence import SequenceAnswer, SetAnswer
from trainer.quiz.answers.short import ShortAnswer
from trainer.quiz.answers.table import TableAnswer
from trainer.quiz.answers.vector import VectorAnswer
from trainer.quiz.answers.word import WordAnswer, YesNoAnswer

NAMES = ("P1", "P2", "P3")
NUMBER = NumberAnswer("ticks", exact=False)
VECTOR = VectorAnswer(NAMES, NUMBER, "process", "ticks")
SEQUENCE = SequenceAnswer("process", NAMES)
PAGES = SequenceAnswer("page")
SET = SetAnswer("process", NAMES)
HITS = HitsAnswer(5)
TABLE = TableAnswer(("process", "start", "end"), vocabulary=frozenset({"p1", "p2", "p3"}))
KINDS: tuple[AnswerKind, ...] = (
    NUMBER,
    NumberAnswer("", 16, ("not-present",)),
    VECTOR,
    SEQUENCE,
    PAGES,
    SET,
    HITS,
    TABLE,
    YesNoAnswer(),
    WordAnswer(("fcfs", "rr")),
    ChoiceAnswer(4),
    ChoicesAnswer(4),
    OrderAnswer(4),
    ShortAnswer(("epoll_wait", "epoll")),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.33", Fraction(533, 100)),
        ("16/3", Fraction(16, 3)),
        ("5 1/3", Fraction(16, 3)),
        ("-5 1/3", Fraction(-16, 3)),
        ("+4", 4),
        ("4.0", 4),
        (".5", Fraction(1, 2)),
        ("8,199.8", Fraction(81998, 10)),
        ("1,024", 1024),
        ("1 024", 1024),
        ("5,33", Fraction(533, 100)),
        ("0x1f40", 8000),
        ("0X1F40", 8000),
        ("3e6", 3_000_000),
        ("1.5e-3", Fraction(15, 10_000)),
        (" 12 ticks ", 12),
        ("1 tick", 1),
        ("−3", -3),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: Fraction) -> None:
    assert NUMBER.read(text) == value


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("bytes", "1.5 KiB", 1536),
        ("KiB", "1536 bytes", Fraction(3, 2)),
        ("bytes", "2 kB", 2000),
        ("ns", "8.2 µs", 8200),
        ("ms", "1 s", 1000),
        ("", "25 %", Fraction(1, 4)),
        ("%", "25%", 25),
        ("%", "25 percent", 25),
    ],
)
def test_a_unit_of_the_same_kind_is_converted(unit: str, text: str, value: Fraction) -> None:
    assert NumberAnswer(unit).read(text) == value


@pytest.mark.parametrize(("unit", "text"), [("KiB", "25 %"), ("ticks", "3 ms"), ("ms", "3 KiB"), ("%", "3 ms")])
def test_a_unit_of_another_kind_is_asked_again(unit: str, text: str) -> None:
    with pytest.raises(Unreadable):
        NumberAnswer(unit).read(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "five", "1/0", "4 6", "12 apples", "1e999", "0x", "--3", "1,2,3", "٣", "nan", "inf", "1_"]
)
def test_what_is_no_number_is_asked_again(text: str) -> None:
    with pytest.raises(Unreadable):
        NUMBER.read(text)


@pytest.mark.parametrize(
    ("right", "given_", "same"),
    [
        (Fraction(16, 3), Fraction(533, 100), True),  # rounded
        (Fraction(17, 3), Fraction(566, 100), True),  # cut off
        (Fraction(17, 3), Fraction(567, 100), True),
        (Fraction(17, 3), Fraction(57, 10), False),  # one decimal says too little
        (Fraction(17, 3), Fraction(17, 3), True),
        (7, 7, True),
        (7, Fraction(701, 100), False),  # whole numbers are exact
        (Fraction(5, 12), Fraction(42, 100), True),
        (Fraction(1, 600), Fraction(17, 10_000), True),  # two significant digits
        (Fraction(1, 600), Fraction(2, 1000), False),
    ],
)
def test_a_number_is_judged_to_two_decimals_or_two_digits(right: Fraction, given_: Fraction, same: bool) -> None:
    assert NUMBER.same(right, given_) is same


@given(st.fractions(0, 1000, max_denominator=60), st.fractions(0, 1000, max_denominator=60))
def test_numbers_kept_apart_are_never_both_right(right: Fraction, other: Fraction) -> None:
    if NUMBER.apart(right, other):
        between = (right + other) / 2
        assert not NUMBER.same(right, other)
        assert not (NUMBER.same(right, between) and NUMBER.same(other, between))
        assert abs(right - other) >= 2 * tolerance(right)


@pytest.mark.parametrize(
    "text",
    ["4 6 3", "4, 6, 3", "P1=4 P2=6 P3=3", "p3=3 p1=4 p2=6", "P1: 4, P2: 6, P3: 3", "P1 4 P2 6 P3 3", "(4; 6; 3)"],
)
def test_a_vector_is_read_by_place_or_by_name(text: str) -> None:
    assert VECTOR.read(text) == {"P1": 4, "P2": 6, "P3": 3}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4 6", "expected 3 values"),
        ("P1=4 P2=6", "no value for P3"),
        ("P1=4 P2=6 P9=3", "'P9' is no process here"),
        ("P1=4 P1=6 P2=1", "P1 is given twice"),
        ("4 6 x", "expected a number"),
    ],
)
def test_a_vector_of_another_shape_is_asked_again(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        VECTOR.read(text)


@pytest.mark.parametrize("text", ["P2 P1 P3", "<P2, P1, P3>", "p2 -> p1 -> p3", "P2→P1→P3", "[P2,P1,P3]"])
def test_a_sequence_is_read_with_any_dividers(text: str) -> None:
    assert SEQUENCE.read(text) == ("P2", "P1", "P3")


def test_nothing_is_written_none() -> None:
    assert SEQUENCE.read("none") == ()
    assert SET.read("{}") == frozenset()
    assert SET.write(frozenset()) == "none"
    assert TABLE.write(()) == "none"


def test_a_name_that_is_not_in_the_question_is_asked_again() -> None:
    with pytest.raises(Unreadable, match="'P7' is no process here; expected some of P1 P2 P3"):
        SEQUENCE.read("P1 P7")
    with pytest.raises(Unreadable, match="named twice"):
        SET.read("P1 P1")


@pytest.mark.parametrize("text", ["MMHMH", "m m h m h", "miss miss hit miss hit", "FFHFH", "MM HMH"])
def test_a_hit_string_is_read_in_letters_or_words(text: str) -> None:
    assert HITS.read(text) == "MMHMH"


def test_a_hit_string_has_one_letter_a_reference() -> None:
    with pytest.raises(Unreadable, match="expected 5 letters, one for each reference; got 4"):
        HITS.read("MMHM")


def test_a_table_is_read_row_by_row() -> None:
    assert TABLE.read("P1 0 2; P2 2 4;") == (("P1", 0, 2), ("P2", 2, 4))
    assert TABLE.same((("P1", 0, 2),), TABLE.read("p1, 0, 2"))
    with pytest.raises(Unreadable, match="a row has 3 cells"):
        TABLE.read("P1 0 2; P2 2")
    with pytest.raises(Unreadable, match="'P7' is neither a number nor a name of this question"):
        TABLE.read("P7 0 2")


def test_options_are_chosen_by_number_or_letter() -> None:
    assert ChoiceAnswer(4).read("b") == ChoiceAnswer(4).read("2.") == 2
    assert ChoicesAnswer(4).read("c, a") == frozenset({1, 3})
    assert OrderAnswer(3).read("3 1 2") == (3, 1, 2)
    for text in ("0", "5", "1 2", "e", "two"):
        with pytest.raises(Unreadable):
            ChoiceAnswer(4).read(text)
    for text in ("1 2", "1 2 2", "1 2 4"):
        with pytest.raises(Unreadable):
            OrderAnswer(3).read(text)


@pytest.mark.parametrize("text", ["epoll_wait", "EPOLL WAIT", "the epoll-wait.", " epoll "])
def test_a_short_answer_is_any_listed_synonym_in_any_form(text: str) -> None:
    kind = ShortAnswer(("epoll_wait", "epoll"))
    assert kind.same("epoll_wait", kind.read(text))


def test_a_short_answer_is_strict_in_meaning() -> None:
    kind = ShortAnswer(("epoll_wait", "epoll"))
    assert not kind.same("epoll_wait", kind.read("poll"))
    assert not kind.same("epoll_wait", kind.read("not epoll"))


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────

numbers = st.one_of(st.integers(-(10**9), 10**9), st.fractions(-1000, 1000, max_denominator=999))
values: dict[str, tuple[AnswerKind, st.SearchStrategy[Any]]] = {
    "number": (NUMBER, numbers),
    "hexadecimal": (KINDS[1], st.one_of(st.integers(0, 2**48), st.just("not-present"))),
    "vector": (VECTOR, st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))),
    "sequence": (SEQUENCE, st.permutations(NAMES).map(tuple)),
    "pages": (PAGES, st.lists(st.integers(0, 99)).map(tuple)),
    "set": (SET, st.frozensets(st.sampled_from(NAMES))),
    "hits": (HITS, st.text("HM", min_size=5, max_size=5)),
    "table": (TABLE, st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 99), numbers)).map(tuple)),
    "yes-no": (YesNoAnswer(), st.booleans()),
    "word": (KINDS[9], st.sampled_from(("fcfs", "rr"))),
    "choice": (ChoiceAnswer(4), st.integers(1, 4)),
    "choices": (ChoicesAnswer(4), st.frozensets(st.integers(1, 4))),
    "order": (OrderAnswer(4), st.permutations((1, 2, 3, 4)).map(tuple)),
    "short": (KINDS[13], st.sampled_from(("epoll_wait", "epoll"))),
}


@pytest.mark.parametrize("kind", values)
@given(data=st.data())
def test_what_a_kind_writes_it_reads_back(kind: str, data: st.DataObject) -> None:
    answer, strategy = values[kind]
    value = data.draw(strategy)
    assert answer.read(answer.write(value)) == value
    assert answer.same(value, value)
    assert "\n" not in answer.write(value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
@given(text=st.one_of(st.text(), st.text("P123=:;,-/. xehHM%'", max_size=30)))
def test_any_text_is_read_or_asked_again(kind: AnswerKind, text: str) -> None:
    """Nothing but Unreadable may come out of a reader; what is read can be written."""
    with contextlib.suppress(Unreadable):
        kind.write(kind.read(text))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_book_is_no_answer(kind: AnswerKind) -> None:
    with pytest.raises(Unreadable, match="characters long"):
        kind.read("1 " * 100_000)


@given(st.fixed_dictionaries({name: st.integers(0, 9) for name in NAMES}), st.integers(0, 2), st.integers(1, 9))
def test_the_first_wrong_element_is_named(right: dict[str, int], place: int, more: int) -> None:
    name = NAMES[place]
    parts = VECTOR.parts(right, {**right, name: right[name] + more})
    assert parts == (place, f"{name}: {right[name]}, not {right[name] + more}")
    assert VECTOR.parts(right, right) is None


@pytest.mark.rule
@pytest.mark.parametrize("text", ["4" * 30, "0x" + "f" * 25, "1e99", "1e-99", "9" * 29 + " TiB"])
def test_a_number_of_too_many_digits_is_asked_again_or_reads_back(text):
    kind = NumberAnswer("bytes", 16)
    try:
        value = kind.read(text)
    except Unreadable:
        return
    assert kind.read(kind.write(value)) == value


@pytest.mark.rule
def test_a_short_answer_that_is_a_number_may_be_written_in_any_way_with_a_listed_unit():
    kind = ShortAnswer(("40100", "40100 bytes"))
    for text in ("40,100", "40 100", "40100.0", " 40100 Bytes.", "40,100 bytes"):
        assert kind.same("40100", text), text
    for text in ("40100 KiB", "401", "4010", "0x9ca4"):
        assert not kind.same("40100", text), text
    assert kind.same("20100", "20,100 bytes"), "a listed wrong answer is known in every form too"
    assert not kind.same("20100", "40,100 bytes"), "and is never the right one"
    assert not kind.same("20100", "20100 KiB"), "nor one in a unit that the question does not have"
    assert (kind.numeric, kind.example) == (True, "12")
    assert not ShortAnswer(("0x1234", "1234")).same("0x1234", "4660"), "hexadecimal digits are no decimal number"
    assert not ShortAnswer(("1:1", "one to one")).numeric


@pytest.mark.parametrize("text", ["not-present", "Not present", "not_present", "NOT  PRESENT"])
def test_a_word_of_two_parts_is_read_however_they_are_joined(text: str) -> None:
    assert WordAnswer(("safe", "not-present")).read(text) == "not-present"
