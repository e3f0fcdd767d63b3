"""Claims about setting what a person wrote to a width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.screen.prose import prose
from trainer.view.drawing import Frame, text_of, width_of


def rows(text, width=20, **more):
    return text_of(prose(text, Frame(width), **more)).split("\n")


@pytest.mark.rule
def test_lines_of_a_paragraph_flow_together():
    assert rows("one two\nthree four five\n\nsix") == ["one two three four", "five", "", "six"]


@pytest.mark.rule
def test_what_is_shown_keeps_its_lines():
    assert rows("$ ulimit -n\n1024") == ["$ ulimit -n", "1024"]
    assert rows("int main() {\n  fork();\n}") == ["int main() {", "  fork();", "}"]


@pytest.mark.rule
def test_items_of_a_list_hang_under_their_own_text():
    assert rows("- first of all things\n- second") == ["- first of all", "  things", "- second"]
    assert rows("1. first of all things") == ["1. first of all", "   things"]


@pytest.mark.rule
def test_the_first_line_may_begin_with_a_label():
    assert rows("one two three four five", first="a: ", indent="   ") == ["a: one two three", "   four five"]


@pytest.mark.rule
def test_text_is_cleaned_before_it_is_measured():
    assert rows("aa\x1bbb ccccccccc ddd") == [r"aa\x1bbb ccccccccc", "ddd"]


@pytest.mark.law
@given(st.text(st.characters(), max_size=120), st.sampled_from([20, 30, 40, 80]), st.sampled_from(["", "  ", "     "]))
def test_no_line_is_wider_than_the_frame(text, width, indent):
    """A text might be '- a\\n\\n$ b\\x1b[2J …'."""
    assert width_of(prose(text, Frame(width), indent=indent)) <= max(width, 16 + len(indent))


@pytest.mark.law
@given(st.lists(st.sampled_from(["page", "frame", "P1", "12", "-", "two-level"]), min_size=1, max_size=30))
def test_no_word_is_lost(words):
    """Words might be 'page 12 two-level P1'."""
    assert text_of(prose(" ".join(words), Frame(20))).split() == words


@pytest.mark.rule
def test_a_command_with_the_time_before_it_keeps_its_lines_too():
    text = "Seen twice.\n\n08:00 $ cat load\n0.50\n18:00 $ cat load\n9.75"
    assert text_of(prose(text, Frame(80))).split("\n")[2:] == ["08:00 $ cat load", "0.50", "18:00 $ cat load", "9.75"]
