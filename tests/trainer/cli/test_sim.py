"""Does `osdrill sim` answer in order, for people and for programs, and refuse in words?"""

import json

import pytest

from tests.trainer.cli.conftest import Osdrill

LRU = '{"policy": "lru", "frames": 2, "references": [1, 2, 3]}'


def test_people_read_an_error_once_and_the_rest_still_runs(osdrill: Osdrill) -> None:
    done = osdrill("sim", "paging", "-", "--ask", "faults", stdin=LRU + '\n{"frames": 0}\n' + LRU)
    assert (done.code, done.out.count("faults: 3 faults"), "error" in done.out) == (2, 2, False)
    assert done.err.startswith("osdrill: line 2: policy: is missing")
    assert done.err.count("\n") == 1


def test_a_refused_line_has_its_place_among_the_answers(osdrill: Osdrill) -> None:
    bad = (
        "{",
        "[1]",
        '{"frames": ' + "9" * 5000 + "}",
        '{"a":' * 2000 + "1" + "}" * 2000,
        '{"frames": 1, "frames": 2}',
    )
    done = osdrill("sim", "paging", "-", "--json", "--ask", "faults", stdin="\n".join((LRU, *bad, LRU)))
    assert done.code == 2
    assert [line.get("measures") for line in done.lines] == [{"faults": 3}, *[None] * 5, {"faults": 3}]
    messages = [line["error"]["message"] for line in done.lines[1:-1]]
    assert messages[2:] == ["holds a number of too many digits", "is nested too deep", "is given twice"]
    assert done.lines[5]["error"]["where"] == "frames"


def test_a_first_line_that_is_refused_does_not_swallow_the_others(osdrill: Osdrill) -> None:
    done = osdrill("sim", "paging", "-", "--json", "--ask", "faults", stdin='{"frames": ' + "9" * 5000 + "}\n" + LRU)
    assert ["error" in line for line in done.lines] == [True, False]


@pytest.mark.parametrize(
    "asked", ["resident-at i=1 i=2", "resident-at i", "resident-at i=", "resident-at", "faults i=1"]
)
def test_arguments_of_a_measure_are_given_once_each(osdrill: Osdrill, asked: str) -> None:
    done = osdrill("sim", "paging", "--example", "clock", "--ask", asked, "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "bad-ask")
    assert done.err.startswith(f"osdrill: --ask: expected '{asked.partition(' ')[0]}")


def test_nothing_is_drawn_when_the_question_is_refused(osdrill: Osdrill) -> None:
    done = osdrill("sim", "paging", "-", "--ask", "resident-at", stdin=LRU)
    assert (done.code, done.out) == (2, "")
    done = osdrill("sim", "descriptors", "--example", "leak", "--ask", "table process=Z")
    assert (done.code, done.out) == (2, "")


def test_an_example_and_a_file_exclude_each_other(osdrill: Osdrill) -> None:
    done = osdrill("sim", "paging", "-", "--example", "clock", stdin=LRU)
    assert (done.code, done.err) == (2, "osdrill: give either '-' or --example, not both\n")
    assert osdrill("sim", "paging").err == "osdrill: expected a FILE, - or --example E; see osdrill sim --help\n"


def test_what_an_example_shows_is_wrapped(osdrill: Osdrill) -> None:
    out = osdrill("sim", "processes", "--example", "copy-on-write", COLUMNS="40").out
    assert max(map(len, out.splitlines())) <= 40
    assert "P0 copies five of eight shared pages. P1\nwrites to three of these" in out


def test_numbers_are_said_with_their_unit_and_as_decimals(osdrill: Osdrill) -> None:
    said = osdrill("sim", "scheduler", "--example", "shortest-remaining").out.splitlines()
    assert {"preemptions: 1 preemption", "average-waiting: 13/2 ticks (6.5)", "makespan: 26 ticks"} <= set(said)
    assert "throughput: 2/13 processes a tick (0.154)" in said
    assert "counts: 1=4, 2=2" in osdrill("sim", "threads", "--example", "lost-update").out.splitlines()


def test_a_measure_beyond_its_limit_says_so_and_the_others_are_given(osdrill: Osdrill) -> None:
    """20 processes that all fit in any order: 20! sequences over 2^20 sets."""
    rows = [[0]] * 20
    banker = json.dumps({"kind": "banker", "available": [1], "allocation": rows, "max": [[1]] * 20})
    measures = osdrill("sim", "deadlock", "-", "--json", stdin=banker).json["measures"]
    assert measures["safe-sequences"]["error"] == "limit"
    assert measures["safe"] is True


def test_threads_that_never_end_have_no_outcomes_to_count(osdrill: Osdrill) -> None:
    """T1 sleeps and nobody signals."""
    raw = json.dumps({"shared": {"x": 0}, "threads": [{"program": ["lock m", "wait c m", "unlock m"]}]})
    said = osdrill("sim", "threads", "-", stdin=raw).out.splitlines()
    assert {"outcomes: none", "counts: none", "interleavings: 0 interleavings", "deadlocks: yes"} <= set(said)
    assert osdrill("sim", "threads", "-", "--json", "--ask", "counts", stdin=raw).json["measures"] == {"counts": {}}


def test_people_are_shown_the_beginning_of_a_very_long_answer(osdrill: Osdrill) -> None:
    raw = json.dumps({"policy": "fifo", "frames": 3, "references": list(range(3_000))})
    out = osdrill("sim", "paging", "-", "--ask", "victims", stdin=raw).out
    assert out.rstrip().endswith("… (--json gives all of it)")
    assert len(out) < 60_000
    victims = osdrill("sim", "paging", "-", "--ask", "victims", "--json", stdin=raw).json["measures"]["victims"]
    assert victims == list(range(2_997))


@pytest.mark.parametrize("name", ["scheduler", "translation", "processes"])
def test_the_help_fits_the_terminal(osdrill: Osdrill, name: str) -> None:
    wide, narrow = osdrill("sim", name, "--help", COLUMNS="200").out, osdrill("sim", name, "--help", COLUMNS="40").out
    assert wide.split() == narrow.split()
    assert max(map(len, narrow.splitlines())) <= 40
    assert 80 < max(map(len, wide.splitlines())) <= 100
    ascii_ = osdrill("--ascii", "sim", name, "--help", COLUMNS="60").out
    assert ascii_.isascii()
    assert max(map(len, ascii_.splitlines())) <= 60
