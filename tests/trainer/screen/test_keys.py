"""Claims about what a typed line means, and about the line that says what can be typed."""

import pytest

from trainer.model import replace
from trainer.quiz.answers.sequence import SequenceAnswer
from trainer.screen.keys import ASKING, Command, Key, asked_word, asking_page, help_page, key_line, meant, typed
from trainer.screen.summary import keys_after
from trainer.view.drawing import Frame, text_of


@pytest.mark.rule
@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("?", Command.HELP),
        (":h", Command.HINT),
        (" :HINT ", Command.HINT),
        (":s", Command.SKIP),
        (":give  up", Command.GIVE_UP),
        (":u", Command.UNDO),
        (":q", Command.QUIT),
        ("hint", Command.HINT),
        ("q", Command.QUIT),
        ("236", None),
        ("nonsense", None),
        (":nonsense", None),
        ("??", Command.HELP),
        ("? quantum", Command.TERM),
        ("?quantum", Command.TERM),
        (":? quantum", Command.TERM),
    ],
)
def test_a_colon_makes_a_command_and_a_bare_word_does_where_it_is_no_answer(disk_question, text, command):
    assert meant(text, disk_question) is command


@pytest.mark.rule
def test_a_name_of_this_question_is_an_answer_never_a_command(disk_question):
    pages = replace(disk_question, answer=SequenceAnswer("page", ("h", "q", "s")))
    assert meant("q", pages) is None
    assert meant("h", pages) is None
    assert meant("u", pages) is Command.UNDO
    assert meant(":q", pages) is Command.QUIT


@pytest.mark.rule
def test_a_short_answer_may_be_any_word(short_question):
    assert meant("s", short_question) is None
    assert meant(":s", short_question) is Command.SKIP


@pytest.mark.rule
def test_a_typed_line_is_one_line_of_whole_characters():
    assert typed(" 1 2\n3\r\n") == "1 2 3"
    assert typed("a\udcffb") == "a\\xffb"


@pytest.mark.rule
def test_the_line_of_keys_is_said_shorter_then_gives_way_but_for_help_and_the_last():
    keys = keys_after(walks=True, more=True)
    assert [text_of(key_line(keys, Frame(width))) for width in (100, 80, 50, 40, 30)] == [
        "[enter] next  w worked out  r another  v step through  u undo  f report  ? keys  q save and quit",
        "[enter] next  w more  r another  v step  u undo  f report  ? keys  q quit",
        "[enter] next  w more  r another  ? keys  q quit",
        "[enter] next  w more  ? keys  q quit",
        "[enter] next  ? keys  q quit",
    ]


@pytest.mark.rule
def test_the_keys_while_a_question_is_open_fit_on_30_columns():
    assert text_of(key_line(ASKING, Frame(40))) == "? keys  :h hint  :s skip  :q quit"
    assert text_of(key_line(ASKING, Frame(30))) == "? keys  :h hint  :q quit"


@pytest.mark.rule
def test_plain_keys_are_a_sentence():
    assert text_of(key_line([Key("enter", "next"), Key("q", "quit")], Frame(plain=True))) == "Keys: enter next, q quit"


@pytest.mark.rule
def test_help_lists_every_key():
    assert text_of(help_page([Key("?", "keys"), Key(":h", "hint")])) == "  ?   keys\n  :h  hint"


@pytest.mark.rule
def test_a_short_answer_may_be_any_word_but_never_begins_with_a_question_mark(short_question):
    assert meant("? zombie", short_question) is Command.TERM
    assert meant("zombie?", short_question) is None


@pytest.mark.rule
@pytest.mark.parametrize(
    ("text", "word"), [("?", ""), ("?  ", ""), ("? working set ", "working set"), (":?LRU", "LRU"), ("LRU?", "")]
)
def test_the_word_asked_for_stands_behind_the_question_mark(text, word):
    assert asked_word(text) == word


@pytest.mark.rule
@pytest.mark.parametrize("width", [30, 40, 80])
def test_help_on_a_question_says_how_to_look_up_a_word_and_which_ones_there_are(width):
    page = text_of(asking_page(["quantum", "ready queue"], Frame(width)))
    assert "  ? WORD  what a word means\nWords in this question:" in page
    assert all(len(row) <= width for row in page.split("\n"))
    assert "Words" not in text_of(asking_page([], Frame(width)))
