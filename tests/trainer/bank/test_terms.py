"""Claims about finding an entry of the glossary by what people call it, and about those in a text."""

import pytest

from trainer.bank.terms import cited, form, index, mentions, named, nearest, within

GLOSSARY = {
    "quantum": {"definition": "…", "sources": ["a 1"], "synonyms": ["time slice"]},
    "SRTF": {"definition": "…", "sources": ["a 1"], "synonyms": ["STCF (OSTEP)", "shortest remaining time first"]},
    "LOOK": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "page": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "page fault": {"definition": "…", "sources": ["a 1"], "synonyms": ["fault (x86)"]},
    "page table": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "policy": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "process": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "fork": {"definition": "…", "sources": ["a 1"], "synonyms": []},
    "user time": {"definition": "…", "sources": ["a 1"], "synonyms": ["us"]},
    "/proc": {"definition": "…", "sources": ["a 1"], "synonyms": []},
}
INDEX = index(GLOSSARY)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("quantum", "quantum"),
        (" Quantum? ", "quantum"),
        ("time-slices", "quantum"),
        ("stcf", "SRTF"),
        ("page faults", "page fault"),
        ("Page_Fault", "page fault"),
        ("policies", "policy"),
        ("processes", "process"),
        ("process", "process"),
        ("fork()", "fork"),
        ("us", "user time"),
        ("/PROC", "/proc"),
        ("OSTEP", ""),
        ("pages of a table", ""),
        ("", ""),
    ],
)
def test_case_hyphens_brackets_and_the_plural_do_not_matter(text, word):
    assert named(text, INDEX) == word


@pytest.mark.rule
def test_what_does_not_matter_is_left_out_once_and_for_all():
    for text in ("Copy-on-write", "fork()", "Belady’s “anomaly”", "a.b"):
        assert form(form(text)) == form(text)


@pytest.mark.rule
def test_the_words_of_a_text_come_in_its_order_and_the_longest_name_wins():
    text = "Under SRTF a page fault, then page tables, again a page-fault: which page, and which time slice?"
    assert within(text, INDEX) == ("SRTF", "page fault", "page table", "page", "quantum")


@pytest.mark.rule
def test_in_a_text_an_abbreviation_counts_in_capitals_and_a_column_name_not_at_all():
    assert within("let us look at LOOK", INDEX) == ("LOOK",)
    assert within("let us look", INDEX) == ()
    assert within("all the data.", index({"data segment": {"synonyms": [".data"]}})) == ()
    assert within("it was so", index({"iowait": {"synonyms": ["wa"]}})) == ()


@pytest.mark.rule
def test_nothing_is_found_in_an_empty_glossary():
    assert within("a page", {}) == ()
    assert nearest("page", {}) == ()


@pytest.mark.rule
def test_a_typo_leads_to_the_word_by_any_of_its_names():
    assert nearest("quantm", INDEX) == ("quantum",)
    assert nearest("time slise", INDEX) == ("quantum",)
    assert nearest("zebra", INDEX) == ()


@pytest.mark.rule
def test_mentions_are_whole_words_in_singular_or_plural():
    assert mentions("A page, two pages, a page fault; pager, homepage.", "page") == 3
    assert mentions("Copy on write is copy-on-write.", "copy-on-write") == 2
    assert mentions("Look at LOOK.", "LOOK") == 1


@pytest.mark.rule
@pytest.mark.parametrize(
    ("citation", "told"),
    [
        ("osc 5.3.3", "Concepts (S, G, G), edition 10, 2018, section 5.3.3"),
        ("osc 5", "Concepts (S, G, G), edition 10, 2018, chapter 5"),
        ("osc", "Concepts (S, G, G), edition 10, 2018"),
        ("doc cpu", "Kernel documentation, 6.12, cpu"),
        ("gone 5.3", "gone 5.3"),
    ],
)
def test_a_source_is_told_with_title_edition_and_place(citation, told):
    sources = {
        "osc": {"title": "Concepts (S, G, G)", "kind": "book", "edition": "10", "year": 2018},
        "doc": {"title": "Kernel documentation", "kind": "kernel", "version": "6.12"},
    }
    assert cited(citation, sources) == told
