"""A session as a person has it: in a real pseudo-terminal, driven by waiting for text.

Keys that are typed before a question can be seen are dropped, so each test waits for the line of keys below it.
"""

import signal
import subprocess

import pexpect
import pytest

from tests.e2e.conftest import FCFS, LOOK, OSDRILL, OTHER_WAY, RIGHT

pytestmark = pytest.mark.pty

ASKED = "give up"  # in the line of keys below an open question
JUDGED = r"enter\].*next.*q.*quit"  # in the line of keys below a verdict


def answer(session, text):
    session.expect(ASKED)
    session.send(f"{text}\r")
    session.expect(JUDGED)


def ended(session, status=0):
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == status, session.before


# ── the main job ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_run_asks_at_once_and_then_says_where_answers_live(desk):
    session = desk.sit("quiz", "arms")
    session.expect_exact("osdrill · first question, no account, nothing to set up.")
    session.expect_exact("How many cylinders does the arm cross in all?")
    session.expect(ASKED)
    session.send(f"{RIGHT}\r")
    session.expect_exact(f"✓ Right: {RIGHT}")
    session.expect_exact("history.db")
    for command in ("osdrill quiz paging", "osdrill stats"):
        session.expect_exact(command)
    session.expect(JUDGED)
    session.send("q")
    session.expect_exact("1 question, 1 right")
    ended(session)
    assert desk.answers == [RIGHT]


def test_a_wrong_answer_is_named_with_its_mistake_and_drawn(desk):
    session = desk.sit("quiz", "arms")
    session.expect(ASKED)
    session.send(f"{LOOK}\r")
    session.expect_exact(f"Not quite: {RIGHT}")
    session.expect_exact(f"{LOOK} is what you get if the arm turns at the last request of a sweep.")
    session.expect_exact("The two ways part at step")
    session.expect_exact("seen again in 3 questions")
    session.expect(JUDGED)


def test_ten_questions_three_classic_mistakes_then_back_on_the_next_day(desk):
    session = desk.sit("quiz", "arms", "--count", "10")
    wrong = {
        2: (LOOK, "turns at the last request"),
        5: (OTHER_WAY, "sets out the other way"),
        7: (FCFS, "in order of arrival"),
    }
    for number in range(10):
        text, words = wrong.get(number, (RIGHT, "Right"))
        session.expect(ASKED)
        session.send(f"{text}\r")
        session.expect_exact(words)
        session.expect(JUDGED)
        session.send("\r")
    session.expect_exact("10 questions, 7 right")
    session.expect_exact("fcfs instead")
    session.send("\r")
    ended(session)
    again = desk.sit(OSDRILL_NOW="2026-11-24T09:00:00+01:00")
    again.expect(r"\d+ due, about \d+ minute")
    again.expect("not now")
    again.send("\r")
    again.expect_exact("How many cylinders")
    again.expect(ASKED)
    again.close(force=True)
    assert len(desk.answers) == 10


def test_hint_help_unreadable_input_and_giving_up(desk):
    session = desk.sit("quiz", "arms")
    session.expect(ASKED)
    session.send(":h\r")
    session.expect(r"Hint 1 of \d: ")
    session.expect(ASKED)
    session.send("?")
    session.expect(r"\? WORD.*what a word means")
    session.send(" cylinders\r")
    session.expect_exact("The tracks that lie under the heads")
    session.expect(ASKED)
    session.send("?\r")
    session.expect(r":s.*skip")
    session.expect(ASKED)
    session.send("many\r")
    session.expect_exact("It costs nothing.")
    session.expect(ASKED)
    session.send(":g\r")
    session.expect_exact(f"The answer: {RIGHT}")
    session.expect(JUDGED)


def test_undo_asks_the_same_question_again_and_the_history_forgets_nothing(desk):
    session = desk.sit("quiz", "arms")
    session.expect(r"arms\.scan-\d+")
    skill = session.match.group()
    answer(session, FCFS)
    session.send("u")
    session.expect_exact(f"Undone: {FCFS}")
    session.expect_exact(skill)
    answer(session, RIGHT)
    session.send("q")
    session.expect_exact("1 question, 1 right")
    ended(session)
    assert desk.answers == [FCFS, RIGHT]


def test_another_instance_and_stepping_through_full_screen(desk):
    session = desk.sit("quiz", "arms")
    answer(session, FCFS)
    session.send("v")
    session.expect_exact("\x1b[?1049h")
    session.expect(r"step 0 of")
    session.send("d")
    session.expect_exact("Here the mistaken way parts from the true one.")
    session.send("m")
    session.expect_exact("Not so: requests are served in order of arrival.")
    session.send("q")
    session.expect_exact("\x1b[?1049l")
    session.expect(JUDGED)
    session.send("r")
    session.expect_exact("How many cylinders")
    session.expect(ASKED)


def test_another_size_draws_the_question_anew(desk):
    session = desk.sit("quiz", "arms")
    session.expect("─{80}")
    session.expect(ASKED)
    session.setwinsize(20, 50)
    session.expect("[^─]─{50}[^─]")
    session.expect_exact("The arm serves these requests by SCAN.")
    answer(session, FCFS)
    session.send("q")
    ended(session)


# ── how it can end ──────────────────────────────────────────────────────────────────────────────────────────────


def test_ctrl_c_leaves_at_once_with_everything_saved(desk):
    session = desk.sit("quiz", "arms")
    answer(session, RIGHT)
    session.send("\r")
    session.expect(ASKED)
    session.sendintr()
    session.expect_exact("1 answer saved. osdrill goes on where you left.")
    ended(session, 130)


def test_ctrl_d_ends_with_the_summary(desk):
    session = desk.sit("quiz", "arms")
    answer(session, RIGHT)
    session.send("\r")
    session.expect(ASKED)
    session.send("\x04")
    session.expect_exact("1 question, 1 right")
    ended(session)


def test_after_a_kill_everything_is_there_but_the_open_question(desk):
    session = desk.sit("quiz", "arms")
    answer(session, FCFS)
    session.send("\r")
    answer(session, RIGHT)
    session.send("\r")
    session.expect(ASKED)
    session.send("12")
    session.kill(signal.SIGKILL)
    session.expect(pexpect.EOF)
    assert desk.answers == [FCFS, RIGHT]
    again = desk.sit()
    again.expect(r"1 due, about 1 minute")
    again.expect("not now")
    again.send("q")
    ended(again)


@pytest.fixture
def between(desk):
    """osdrill between two reports of the terminal's settings; the session, and the pid of osdrill."""
    command = f"stty -g; {OSDRILL[0]} -c '{OSDRILL[2]}' quiz arms; status=$?; echo; echo ended $status; stty -g"

    def start(**more):
        session = desk.sit("-c", command, command=("sh",), **more)
        session.expect(r"([0-9a-f]+(?::[0-9a-f]+){5,})\r\n")
        before = session.match.group(1)
        session.expect(ASKED)
        found = subprocess.run(["pgrep", "-P", str(session.pid)], capture_output=True, text=True, check=True)
        return session, int(found.stdout.split()[0]), before

    return start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(between, number):
    import os

    session, pid, before = between()
    os.kill(pid, number)
    session.expect(r"ended (\d+)\r\n([0-9a-f:]+)\r\n")
    assert session.match.group(1) == str(128 + number)
    assert session.match.group(2) == before


def test_leaving_leaves_the_terminal_as_it_was(between):
    session, _, before = between()
    session.send(":q\r")
    session.expect(r"ended (\d+)\r\n([0-9a-f:]+)\r\n")
    assert session.match.groups() == ("0", before)


def test_ctrl_z_gives_a_sane_shell_and_fg_goes_on(desk):
    shell = desk.sit("--norc", "--noediting", "-i", command=("bash",), PS1="ready> ")
    shell.expect_exact("ready> ")
    shell.sendline(f"{OSDRILL[0]} -c '{OSDRILL[2]}' quiz arms")
    shell.expect(ASKED)
    shell.send("23")
    shell.send("\x1a")
    shell.expect("Stopped")
    shell.expect_exact("ready> ")
    shell.sendline("stty -a | tr ';' '\\n'; echo do''ne")
    shell.expect("done\r\n")
    assert " echo " in shell.before
    assert " icanon" in shell.before
    shell.sendline("fg")
    shell.expect_exact("How many cylinders does the arm cross in all?")
    shell.expect(ASKED)
    shell.send("6\r")
    shell.expect_exact(f"Right: {RIGHT}")
    shell.expect(JUDGED)
    shell.send("q")
    shell.expect_exact("ready> ")


# ── other terminals, and none ───────────────────────────────────────────────────────────────────────────────────


def test_a_dumb_terminal_is_plain_and_answers_are_lines(desk):
    session = desk.sit("quiz", "arms", TERM="dumb")
    session.expect_exact("Question: How many cylinders does the arm cross in all?")
    session.expect_exact("Your answer (? for keys): ")
    session.sendline(FCFS)
    session.expect_exact(f"[wrong] Answer: {RIGHT}")
    session.expect_exact("Keys: enter next")
    session.sendline("q")
    session.expect_exact("1 question, 0 right")
    session.expect(pexpect.EOF)
    assert "\x1b" not in session.before


def test_a_c_locale_gets_ascii(desk):
    session = desk.sit("quiz", "arms", LANG="C")
    session.expect(ASKED)
    assert session.before.isascii()
    session.send(f"{FCFS}\r")
    session.expect(JUDGED)
    assert session.before.isascii()
    session.send("v")
    session.expect(r"step 0 of")
    session.expect("first")
    assert session.before.isascii()


def test_thirty_columns_are_enough(desk):
    session = desk.sit("quiz", "arms", columns=30)
    session.expect("[^─]─{30}[^─]")
    session.expect("quit")
    session.send(f"{FCFS}\r")
    session.expect_exact("640 is what you get if")
    session.expect(JUDGED)
    session.send("q")
    ended(session)


def test_no_colour_sends_no_colour(desk):
    session = desk.sit("quiz", "arms", NO_COLOR="1")
    session.expect(ASKED)
    session.send(f"{FCFS}\r")
    session.expect(JUDGED)
    assert "\x1b[1;31m" not in session.before


def run(desk, text, *arguments, **environment):
    return subprocess.run(
        [*OSDRILL, *arguments], input=text, env={**desk.environment, **environment}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_no_input_shows_one_question_says_how_to_go_on_and_is_fine(desk):
    done = run(desk, "", "quiz", "arms")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Question: ") == 1
    assert "To go on, run osdrill in a terminal, or pipe one answer a\nline." in done.stdout


def test_a_pipe_is_as_wide_as_columns_says(desk):
    told = run(desk, f"{FCFS}\n", "quiz", "arms", "--count", "1", COLUMNS="40").stdout
    assert max(map(len, told.split("\n"))) <= 40


def test_piped_answers_are_read_line_by_line(desk):
    done = run(desk, f"{FCFS}\nnonsense\n{RIGHT}\n", "quiz", "arms", "--count", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 questions, 1 right" in done.stdout
    assert "\x1b" not in done.stdout
    assert desk.answers == [FCFS, RIGHT]


def test_escape_sequences_and_broken_bytes_in_an_answer_are_shown_not_obeyed(desk):
    done = subprocess.run(
        [*OSDRILL, "quiz", "arms", "--count", "1"], input=b"\x1b[2J\xff\xfe\n236\n", env=desk.environment,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout
    assert b"\\x1b[2J" in done.stdout
    assert b"Traceback" not in done.stderr


# ── before the first question ───────────────────────────────────────────────────────────────────────────────────

LATE = (
    "prompt_toolkit",
    "sqlite_utils",
    "fsrs",
    "yaml",
    "msgspec",
    "importlib.metadata",
    "importlib.resources",
    "rich",
)
WATCHED = f"""
import sys
from trainer.cli.main import main
from trainer.screen import lines, terminal

def told(paint):
    def page(self, draw):
        paint(self, draw)
        print("late:", [name for name in {LATE!r} if name in sys.modules], file=sys.stderr, flush=True)
        sys.exit(7)
    return page

for front in (lines.Lines, terminal.Terminal):
    front.page = told(front.page)
sys.exit(main())
"""


def test_when_the_first_question_is_painted_nothing_large_is_loaded(desk):
    """The second run and later: the bank is compiled, the history is there. And the very first, but for the bank."""
    assert run(desk, "", "skills").returncode == 0  # compiles the bank
    for _ in range(2):
        session = desk.sit("quiz", "arms", command=(OSDRILL[0], "-c", WATCHED))
        session.expect(r"late: (\[.*?\])")
        assert session.match.group(1) == "[]"
        session.expect(pexpect.EOF)
        assert run(desk, f"{RIGHT}\n", "quiz", "arms", "--count", "1").returncode == 0
