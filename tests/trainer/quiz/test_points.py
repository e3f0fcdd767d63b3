"""Claims about what a free answer is seen to speak of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.model import Point
from trainer.quiz.answers.free import FreeAnswer
from trainer.quiz.points import FOUND, MAYBE, MISSING, found, stem

COW = Point("Pages are copied on the first write.", ("copy on write", "CoW", "first write"))
SWITCH = Point("The thread is switched out.", ("context switch", "preemption"))


@pytest.mark.rule
@pytest.mark.parametrize(
    "text",
    [
        "pages are copied on write",
        "Copy-on-write.",
        "it's CoW",
        "a copy is made at the first write",
        "copies on writes",
    ],
)
def test_a_term_is_found_in_any_form_of_its_words(text):
    assert found(COW, text) == FOUND


@pytest.mark.rule
@pytest.mark.parametrize(
    "text",
    ["pages are not copied on write", "the kernel doesn’t use CoW", "it never uses CoW", "CoW is not used", "no CoW"],
)
def test_a_negation_near_it_lowers_a_term_to_maybe(text):
    assert found(COW, text) == MAYBE


@pytest.mark.rule
@pytest.mark.parametrize("text", ["It does nothing at first. CoW comes later", "never mind, we know: the page is CoW"])
def test_a_negation_in_another_clause_or_far_off_does_not(text):
    assert found(COW, text) == FOUND


@pytest.mark.rule
def test_words_in_another_order_or_one_letter_mistyped_are_maybe():
    assert found(SWITCH, "it switches the context") == MAYBE
    assert found(SWITCH, "by preemtion") == MAYBE
    assert found(SWITCH, "by peremption") == MAYBE


@pytest.mark.rule
def test_what_speaks_of_something_else_is_not_found():
    assert found(SWITCH, "the page is written to the disk, the content is switched on") == MISSING
    assert found(COW, "") == MISSING


@pytest.mark.rule
def test_a_term_that_negates_is_found_as_it_stands():
    assert found(Point("It cannot block.", ("cannot block", "never blocks")), "the loop never blocks") == FOUND


@pytest.mark.rule
@pytest.mark.parametrize(
    "words",
    [
        "schedule schedules scheduled scheduling scheduler",
        "preempt preempted preempts preemption",
        "synchronise synchronized synchronization synchronising",
        "copy copies copied copying",
        "process processes processed",
        "buffer buffers buffered buffering",
        "run runs running",
        "cancel cancelled",
    ],
)
def test_the_forms_of_a_word_have_one_stem(words):
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.rule
def test_words_that_differ_keep_different_stems():
    words = [
        "page",
        "process",
        "thread",
        "lock",
        "wait",
        "write",
        "read",
        "cache",
        "frame",
        "fault",
        "status",
        "bus",
        "state",
    ]
    assert len({stem(word) for word in words}) == len(words)


@pytest.mark.law
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_one_of_three_and_more_text_after_it_takes_nothing_away(text, more):
    order = (MISSING, MAYBE, FOUND)
    before = found(COW, text)
    assert before in order
    assert order.index(found(COW, f"{text}.\n{more}")) >= order.index(before)


@pytest.mark.law
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_what_is_written_reads_back(text):
    kind = FreeAnswer((COW, SWITCH))
    assert kind.write(kind.read(kind.write(text))) == kind.write(text)


@pytest.mark.parametrize("term", ["", "->", "…"])
@pytest.mark.parametrize("text", ["pages are not", "", "->"])
def test_a_term_without_a_word_is_never_found(term, text):
    assert found(Point("x", (term,)), text) == MISSING
