"""osdrill term, and looking a word up while a question is open, as a learner calls them."""

import pytest

from tests.trainer.cli.conftest import Osdrill


def test_a_word_is_told_with_its_synonyms_its_source_in_full_and_its_concepts(osdrill: Osdrill) -> None:
    result = osdrill("term", "quantum", COLUMNS="200")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == "quantum"
    assert "time slice" in lines[2]
    silberschatz = "Operating System Concepts (Silberschatz, Galvin, Gagne), edition 10, 2018, section 5.3.3"
    assert f"Source: {silberschatz}." in lines
    assert "(round-robin)" in lines[-1]


@pytest.mark.parametrize(
    ("words", "term"),
    [
        (["STCF"], "SRTF"),
        (["srtn"], "SRTF"),
        (["Time", "slices"], "quantum"),
        (["miss"], "fault"),
        (["working-sets"], "working set"),
        (["fork()"], "fork"),
    ],
)
def test_a_synonym_another_case_and_the_plural_find_it(osdrill: Osdrill, words: list[str], term: str) -> None:
    assert osdrill("term", *words, "--json").json["term"] == term


def test_a_typo_is_helped_with_and_refused(osdrill: Osdrill) -> None:
    result = osdrill("term", "quantm")
    assert (result.code, result.out) == (2, "")
    assert "Did you mean 'quantum'?" in result.err
    assert osdrill("term", "xyzzy", "--json").json["error"]["code"] == "unknown-term"


def test_without_a_word_all_are_listed(osdrill: Osdrill) -> None:
    lines = osdrill("term").out.splitlines()
    entries = osdrill("term", "--json").json
    assert len(lines) == len(entries) >= 200
    assert "quantum (time slice, time quantum)" in lines
    assert {"term", "definition", "sources", "synonyms"} == set(entries[0])


def test_an_entry_as_json_has_its_fields(osdrill: Osdrill) -> None:
    entry = osdrill("term", "SRTF", "--json").json
    assert set(entry) == {"term", "definition", "synonyms", "sources", "cited", "concepts"}
    assert "srtf" in entry["concepts"]
    assert entry["sources"][0] == "silberschatz-10 5.3.2"
    assert "section 5.3.2" in entry["cited"][0]


def test_the_concepts_are_those_that_name_it_or_rest_on_the_same_section(osdrill: Osdrill) -> None:
    assert osdrill("term", "page fault", "--json").json["concepts"][0] == "demand-paging"  # Silberschatz 10.2, both
    assert osdrill("term", "semaphore", "--json").json["concepts"][0] == "semaphore"


def test_a_word_is_looked_up_while_a_question_waits_and_nothing_is_recorded(osdrill: Osdrill) -> None:
    result = osdrill("--plain", "quiz", "scheduling", "--seed", "3", "--count", "1", stdin="? STCF\n? quantm\n")
    assert "SRTF\n" in result.out
    assert "Did you mean 'quantum'?" in result.out
    assert "Nothing answered." in result.out
    assert osdrill("history", "--json").json == []
