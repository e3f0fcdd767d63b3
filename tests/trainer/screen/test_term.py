"""Claims about the entry of a word, as it is shown while a question is open."""

import pytest

from trainer.model import replace
from trainer.screen.term import Terms
from trainer.view.drawing import Frame, text_of

SOURCES = {"book": {"title": "A book", "kind": "book", "edition": "10", "year": 2018}}
GLOSSARY = {
    "seek": {
        "definition": "Moving the arm\x1b[31m to a cylinder.",
        "sources": ["book 11.1"],
        "synonyms": ["seek time"],
    },
    "cylinder": {"definition": "Tracks.", "sources": ["book 11.1", "book"], "synonyms": []},
    "arm": {"definition": "It moves.", "sources": ["book"], "synonyms": []},
}


class Tables:
    sources, glossary = SOURCES, GLOSSARY


@pytest.mark.rule
def test_an_entry_has_definition_synonyms_and_sources_in_full():
    assert text_of(Terms(Tables).drawing("Cylinders", Frame())) == (
        "cylinder\nTracks.\nSource: A book, edition 10, 2018, section 11.1.\nSource: A book, edition 10, 2018."
    )
    assert "\nAlso: seek time.\n" in text_of(Terms(Tables).drawing("seek time", Frame()))


@pytest.mark.rule
def test_text_of_content_and_of_the_learner_is_cleaned():
    terms = Terms(Tables)
    assert "arm\\x1b[31m to" in text_of(terms.drawing("seek", Frame()))
    assert "\x1b" not in text_of(terms.drawing("\x1b[2J", Frame()))


@pytest.mark.rule
def test_an_unknown_word_is_answered_with_what_is_like_it_and_is_not_repeated_at_length():
    assert text_of(Terms(Tables).drawing("cylnder", Frame())).startswith("No entry 'cylnder'. Did you mean 'cylinder'?")
    assert len(text_of(Terms(Tables).drawing("x" * 5000, Frame()))) < 200


@pytest.mark.rule
@pytest.mark.parametrize("frame", [Frame(30), Frame(40, ascii=True), Frame(40, plain=True)])
def test_it_fits_a_narrow_window(frame):
    for word in GLOSSARY:
        assert all(len(row) <= frame.width for row in text_of(Terms(Tables).drawing(word, frame)).split("\n"))


@pytest.mark.rule
def test_the_words_of_a_question_stand_in_its_title_text_conventions_or_options(choice_question):
    bare = replace(choice_question, title="", text="", asks="", conventions=(), options=())
    terms = Terms(Tables)
    assert terms.within(bare) == ()
    for field, value in (
        ("title", "The arm"),
        ("text", "An arm."),
        ("asks", "Which arm?"),
        ("conventions", ("The arm turns.",)),
        ("options", (choice_question.options[0]._replace(text="The arm"),)),
    ):
        assert terms.within(replace(bare, **{field: value})) == ("arm",), field


@pytest.mark.rule
def test_the_glossary_is_not_read_before_it_is_needed():
    read = []
    Terms(lambda: read.append(1) or Tables)
    assert read == []
