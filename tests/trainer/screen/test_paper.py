"""Claims about what is sent to a terminal, and about what it is taken to be able to show."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.screen.paper import STYLES, Look, Paper, fragments, look
from trainer.view.drawing import STYLES as DECLARED
from trainer.view.drawing import Span

UTF8 = {"LANG": "en_US.UTF-8", "TERM": "xterm-256color"}


def sent(drawing, **options):
    out = io.StringIO()
    Paper(out, Look(**options), lambda: 80).show(drawing)
    return out.getvalue()


@pytest.mark.rule
def test_every_style_of_a_drawing_has_its_code():
    assert set(STYLES) == set(DECLARED)


@pytest.mark.rule
def test_a_style_is_an_sgr_code_that_ends_with_its_span():
    assert sent(((Span("no", "wrong"), Span(" yes")),)) == "\x1b[1;31mno\x1b[0m yes\n"


@pytest.mark.rule
def test_without_colour_nothing_but_text_is_sent():
    assert sent(((Span("no", "wrong"), Span(" yes", "right")),), colour=False) == "no yes\n"


@pytest.mark.rule
def test_ascii_replaces_what_it_knows_and_escapes_the_rest():
    assert sent(((Span("P1 → 3 ≥ 2, größer"),),), ascii=True) == "P1 -> 3 >= 2, gr\\xf6\\xdfer\n"


@pytest.mark.rule
def test_escape_sequences_are_printed_not_obeyed():
    assert sent(((Span("a\x1b[2J\x07", "head"),),)) == "\x1b[1ma\\x1b[2J\\x07\x1b[0m\n"


@pytest.mark.rule
@pytest.mark.parametrize(
    ("environ", "options", "expected"),
    [
        (UTF8, {}, Look(plain=False, ascii=False, colour=True)),
        (UTF8 | {"NO_COLOR": "1"}, {}, Look(plain=False, ascii=False, colour=False)),
        (UTF8 | {"NO_COLOR": ""}, {}, Look(plain=False, ascii=False, colour=True)),
        (UTF8 | {"TERM": "dumb"}, {}, Look(plain=True, ascii=False, colour=False)),
        ({"LANG": "en_US.UTF-8"}, {}, Look(plain=True, ascii=False, colour=False)),
        (UTF8, {"terminal": False}, Look(plain=True, ascii=False, colour=False)),
        (UTF8, {"plain": True}, Look(plain=True, ascii=False, colour=False)),
        (UTF8, {"ascii": True}, Look(plain=False, ascii=True, colour=True)),
        (UTF8, {"colour": False}, Look(plain=False, ascii=False, colour=False)),
        (UTF8, {"encoding": "latin-1"}, Look(plain=False, ascii=True, colour=True)),
    ],
)
def test_what_the_terminal_can_show_follows_environment_and_flags(environ, options, expected):
    assert look(environ, **{"terminal": True, "encoding": "utf-8", **options}) == expected


@pytest.mark.rule
@pytest.mark.parametrize(
    ("locale", "ascii_only"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # Python put LC_CTYPE there itself (PEP 538)
        ({"LC_ALL": "POSIX"}, True),
        ({"LANG": "de_DE.ISO-8859-1", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.utf8@euro"}, False),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "UTF-8"}, False),  # as macOS has it
        ({}, False),  # nothing asked for: the stream is UTF-8, and so it is
    ],
)
def test_a_locale_that_is_not_utf_8_means_ascii(locale, ascii_only):
    assert look({"TERM": "xterm", **locale}, terminal=True, encoding="UTF-8").ascii is ascii_only


@pytest.mark.rule
@pytest.mark.parametrize(("columns", "width"), [(5, 20), (30, 30), (80, 80), (300, 100)])
def test_the_frame_is_as_wide_as_the_window_between_20_and_100(columns, width):
    assert Paper(io.StringIO(), Look(), lambda: columns).frame.width == width


@pytest.mark.rule
def test_the_same_drawing_for_prompt_toolkit_has_its_styles_and_line_breaks():
    drawing = ((Span("a", "head"),), (Span("b\x1b"),))
    assert fragments(drawing, Look()) == [("bold", "a"), ("", "\n"), ("", "b\\x1b")]


@pytest.mark.law
@given(st.text(st.characters(), max_size=30), st.sampled_from(list(STYLES)), st.booleans())
def test_only_our_own_codes_ever_reach_the_terminal(text, style, simple):
    """A text might be 'P1\\x1b[2J' in style 'head'."""
    result = sent(((Span(text.replace("\n", " "), style),),), ascii=simple)
    bare = result.replace(f"\x1b[{STYLES[style].sgr}m", "").replace("\x1b[0m", "")
    assert bare[-1] == "\n"
    assert all(character.isprintable() for character in bare[:-1])
    assert not simple or bare.isascii()
