"""Claims about the one function that every text passes on its way to the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.screen.clean import clean

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.rule
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("a\rb", r"a\rb"),
        ("a\tb", r"a\tb"),
        ("\x9b2J", r"\x9b2J"),
        ("\x7f", r"\x7f"),
        ("abc\u202edef", r"abc\u202edef"),
        ("P\u200b1", r"P\u200b1"),
        ("\ufeff", r"\ufeff"),
        ("\U000e0041", r"\U000e0041"),
        ("\ufe0f", r"\ufe0f"),
        ("\udc80", r"\udc80"),
        ("\u2028", r"\u2028"),
        ("\x85", r"\x85"),
    ],
)
def test_what_could_command_the_terminal_or_hide_is_shown_as_an_escape(text, shown):
    assert clean(text) == shown


@pytest.mark.rule
def test_newlines_accents_and_glyphs_stay_and_wide_spaces_become_plain_ones():
    assert clean("Größe ≥ 3\n│ ✓ 日本") == "Größe ≥ 3\n│ ✓ 日本"
    assert clean("a\u00a0b\u3000c") == "a b c"


@pytest.mark.law
@given(st.text(st.characters(), max_size=40))
def test_no_character_that_acts_or_hides_is_left(text):
    """A text might be 'P1\\x1b[2J\\u202e'."""
    assert all(ch == "\n" or unicodedata.category(ch) not in HIDDEN for ch in clean(text))


@pytest.mark.law
@given(st.text(st.characters(), max_size=40))
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@pytest.mark.law
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_printable_ascii_is_not_touched(text):
    assert clean(text) == text


@pytest.mark.law
@given(st.text(st.characters(), max_size=40))
def test_what_is_cleaned_can_always_be_encoded(text):
    clean(text).encode("utf-8")
