"""Answers of several lines in a real pseudo-terminal: a table row by row, a free answer marked by its writer."""

import sqlite3

import pytest

pytestmark = pytest.mark.pty

ASKED, MORE, JUDGED = "give up", "on an empty line ends", r"enter\].*next.*q.*quit"
SKILLS = """skills:
  - id: rows.need
    revision: 1
    concept: rows
    title: What is still needed
    simulate: deadlock
    recipe: banker
    scenario: {processes: 3, resources: 2}
    ask: need
    mistakes: [need-is-max]
    text: A banker knows these.
  - id: rows.why
    revision: 1
    concept: rows
    title: In words
    answer: free
    text: Why is fork fast?
    points:
      - {text: Pages are copied on write., terms: [copy on write]}
      - {text: Only page tables are copied., terms: [page table]}
    explanation: Nothing is copied that nobody writes to.
"""


@pytest.fixture
def rows(tmp_path):
    folder = tmp_path / "rows"
    (folder / "rows").mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: rows\ntitle: Rows\nformat: 1\nlicense: MIT\n")
    (folder / "rows" / "rows.md").write_text("---\nid: rows\ntitle: Rows\n---\nRow by row.\n")
    (folder / "rows" / "rows.yaml").write_text(SKILLS)
    return str(folder)


def test_a_free_answer_is_written_then_weighed_then_marked_point_by_point(desk, rows):
    session = desk.sit("quiz", "rows", "--kind", "authored", "--count", "1", OSDRILL_PACKS=rows)
    session.expect(ASKED)
    session.send("Pages are copied on write.\r")
    session.expect(MORE)
    session.send("Nothing else is.\r")
    session.expect(MORE)
    session.send("\r")
    session.expect("certain.*leave")
    session.send("3")
    session.expect("1 of 2, found:")
    session.expect("I said it")
    session.send("y")
    session.expect("2 of 2, not found:")
    session.expect("I said it")
    session.send("n")
    session.expect_exact("You marked 1 of 2 points as said.")
    session.expect(JUDGED)
    session.send("f")
    session.expect("What is wrong with it")
    session.expect(MORE)
    session.send("the second point is vague\r")
    session.expect("Kept on this machine")
    session.expect(JUDGED)
    session.send("q")
    session.expect_exact("1 self-marked")
    with sqlite3.connect(desk.home / ".local/share/osdrill/history.db") as history:
        ((kind, grade),) = history.execute("select kind, grade from reviews")
    assert (kind, grade) == ("self-marked", 1)
    assert desk.answers == ["Pages are copied on write.\nNothing else is."]


def test_a_table_is_typed_row_by_row(desk, rows):
    session = desk.sit("quiz", "rows", "--kind", "simulated", "--count", "1", OSDRILL_PACKS=rows)
    session.expect(ASKED)
    session.send("99 0\r")
    session.expect(MORE)
    session.send("1\r")
    session.expect_exact("Not taken: a row has 2 numbers")
    session.expect(MORE)
    session.send("0 99\r")
    session.expect(MORE)
    session.send("P2 99 99\r")
    session.expect("cells are right; the first wrong")
    session.expect(JUDGED)
    session.send("q")
    assert desk.answers == ["99 0\n0 99\nP2 99 99"]
