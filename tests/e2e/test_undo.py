"""Taking answers back, as far as one likes: from the summary too, in a real terminal and from a pipe."""

import pytest

from tests.e2e.conftest import FCFS, LOOK, OTHER_WAY, RIGHT
from tests.e2e.test_session import answer, ended, run

pytestmark = pytest.mark.pty


def test_every_answer_of_a_session_can_be_taken_back_from_the_summary(desk):
    session = desk.sit("quiz", "arms", "--count", "3")
    for text in (FCFS, LOOK, OTHER_WAY):
        answer(session, text)
        session.send("\r")
    session.expect_exact("3 questions, 0 right")
    session.expect("undo last answer")
    session.send("u")
    session.expect_exact(f"Undone: {OTHER_WAY}")
    for text in (LOOK, FCFS):
        session.expect("give up")
        session.send(":u\r")
        session.expect_exact(f"Undone: {text}")
    for _ in range(3):
        answer(session, RIGHT)
        session.send("\r")
    session.expect_exact("3 questions, 3 right")
    session.expect("undo last answer")
    session.send("\r")
    ended(session)
    assert desk.answers == [FCFS, LOOK, OTHER_WAY, RIGHT, RIGHT, RIGHT]
    history = run(desk, "", "history").stdout
    assert (history.count("undone)"), history.count("an answer undone: ")) == (3, 3)


def test_an_undo_in_a_pipe_goes_back_two_answers(desk):
    done = run(desk, f"{FCFS}\n{LOOK}\n:u\n:u\n{RIGHT}\n{RIGHT}\n{RIGHT}\n", "quiz", "arms", "--count", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index(f"Undone: {LOOK}") < done.stdout.index(f"Undone: {FCFS}")
    assert "3 questions, 3 right" in done.stdout
    assert run(desk, "", "db", "check").returncode == 0


def test_leaving_and_coming_back_goes_on_where_the_session_was_left(desk):
    session = desk.sit("quiz", "arms")
    session.expect(r"arms\.scan-\d+")
    failed = session.match.group()
    answer(session, FCFS)
    session.close(force=True)
    again = desk.sit(OSDRILL_NOW="2026-11-23T13:00:00+01:00")
    again.expect(r"1 due")
    again.expect("not now")
    again.send("\r")
    again.expect_exact(failed)
    again.expect("give up")
    again.close(force=True)
