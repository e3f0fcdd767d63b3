"""A free answer from outside, field for field: graded, and in a piped session."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill

SKILL = """skills:
  - id: mine.cow
    revision: 1
    concept: mine
    title: Why fork is fast
    answer: free
    text: Why is fork fast?
    points:
      - {text: Pages are copied on write., terms: [copy on write, CoW]}
      - {text: "Only page tables are copied.", terms: [page table]}
      - {text: "exec would throw the copy away.", terms: [exec, throw away]}
    explanation: Nothing is copied that nobody writes to.
"""
NAME = "mine.cow@1/1#7"


@pytest.fixture
def pack(tmp_path: Path) -> str:
    folder = tmp_path / "mine"
    (folder / "mine").mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: mine\ntitle: Mine\nformat: 1\nlicense: MIT\n")
    (folder / "mine" / "mine.md").write_text("---\nid: mine\ntitle: Mine\n---\nIt is mine.\n")
    (folder / "mine" / "mine.yaml").write_text(SKILL)
    return str(folder)


def test_grade_says_what_was_found_and_neither_right_nor_wrong(osdrill: Osdrill, pack: str, tmp_path: Path) -> None:
    done = osdrill("--pack", pack, "grade", NAME, "pages are copied on write, not the page tables", "--json")
    assert done.code == 0
    assert done.json["correct"] is None
    assert [(point["text"], point["found"]) for point in done.json["points"]] == [
        ("Pages are copied on write.", "found"),
        ("Only page tables are copied.", "maybe"),
        ("exec would throw the copy away.", "not found"),
    ]
    assert {"answer", "mistakes", "conventions", "diverges_at", "says"} < set(done.json)
    assert not list(tmp_path.rglob("history.db"))


def test_grade_reads_nothing_as_no_answer_and_records_none(osdrill: Osdrill, pack: str) -> None:
    assert osdrill("--pack", pack, "grade", NAME, " ").code == 2
    done = osdrill("--pack", pack, "grade", NAME, "CoW", "--record", "--took-ms", "900")
    assert (done.code, "marked by its writer" in done.err) == (2, True)


def test_ask_does_not_show_the_points(osdrill: Osdrill, pack: str) -> None:
    asked = osdrill("--pack", pack, "ask", "mine.cow", "--seed", "7", "--json")
    assert asked.json["answer"]["kind"] == "free"
    assert "page table" not in asked.out
    assert "CoW" not in asked.out


def test_a_pipe_writes_then_says_how_sure_then_marks_each_point(osdrill: Osdrill, pack: str, tmp_path: Path) -> None:
    typed = "because pages are copied on write\nperhaps\n3\ny\nn\ny\n"
    done = osdrill("--pack", pack, "quiz", "mine", "--count", "1", stdin=typed)
    assert done.code == 0, done.err
    order = ["Why is fork fast?", "How sure are you", "3, fairly sure", "1 of 3, found:", "2 of 3, not found:"]
    places = [done.out.index(one) for one in order]
    assert places == sorted(places)
    assert "You marked 2 of 3 points as said." in done.out
    assert "Not said: Only page tables are copied." in done.out
    assert "1 question, 0 right, 1 self-marked" in done.out
    assert "%" not in done.out
    with sqlite3.connect(tmp_path / ".local/share/osdrill/history.db") as history:
        ((kind, outcome, grade),) = history.execute("select kind, outcome, grade from reviews")
        ((scenario,),) = history.execute("select scenario from shown")
    assert (kind, outcome, grade) == ("self-marked", "right", 2)
    assert json.loads(scenario)["confidence"] == 3


def test_a_pipe_that_ends_before_the_marks_records_nothing(osdrill: Osdrill, pack: str, tmp_path: Path) -> None:
    done = osdrill("--pack", pack, "quiz", "mine", "--count", "1", stdin="copied on write\n3\ny\n")
    assert done.code == 0
    assert "Nothing answered." in done.out
    assert not list(tmp_path.rglob("history.db"))


def test_the_check_finds_a_point_that_its_own_terms_do_not_show(osdrill: Osdrill, pack: str) -> None:
    assert osdrill("check", pack, "--seeds", "2").code == 0
    path = Path(pack) / "mine" / "mine.yaml"
    path.write_text(SKILL.replace("terms: [page table]", "terms: [segment]"))
    done = osdrill("check", pack, "--seeds", "2", "--json")
    assert [problem["code"] for problem in done.json["problems"]] == ["unseen-point"]
    path.write_text(SKILL.replace("answer: free", "answer: short"))
    assert {"unfit-key", "missing-key"} == {p["code"] for p in osdrill("check", pack, "--json").json["problems"]}


def test_new_begins_one_that_passes(osdrill: Osdrill, tmp_path: Path) -> None:
    begun = str(tmp_path / "pk" / "topic" / "why")
    assert osdrill("new", "skill", begun, "--answer", "free").code == 0
    assert osdrill("check", str(tmp_path / "pk"), "--seeds", "2").code == 0
