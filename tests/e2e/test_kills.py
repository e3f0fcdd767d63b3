"""osdrill itself is killed at random moments of a session: what it acknowledged is there, and at most one answer more.

Every answer is a number of its own, so that the history can be compared with what was read, answer by answer.
OSDRILL_KILLS sets how many sessions are killed (300 in `make check-all`).
"""

import os
import re
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import OSDRILL, ROOT
from trainer.model import QuestionName
from trainer.quiz.stream import picker

KILLS = int(os.environ.get("OSDRILL_KILLS", "10"))
EACH = 40  # answers that wait in the pipe; no session comes to their end
VERDICT = re.compile(r"^Yours: (\d+)$", re.MULTILINE)


class Killed:
    """A home in which sessions are begun and killed."""

    def __init__(self, home: Path, pack: Path, cache: Path) -> None:
        self.home = home
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "COLUMNS": "80",
            "OSDRILL_PACKS": str(pack), "XDG_CACHE_HOME": str(cache), "OSDRILL_NOW": "2026-11-23T09:00:00+01:00",
        }  # fmt: skip

    def session(self, first: int, read: int, after: float) -> list[str]:
        """The answers that were acknowledged before it was killed, so many seconds after `read` of them were read."""
        given = "".join(f"{number}\n" for number in range(first, first + EACH))
        with subprocess.Popen(
            [*OSDRILL, "quiz", "arms", "--count", str(EACH + 1)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=self.environment, text=True,
        ) as started:  # fmt: skip
            assert started.stdin is not None
            assert started.stdout is not None
            started.stdin.write(given)
            started.stdin.flush()
            said = ""
            while len(VERDICT.findall(said)) < read:
                line = started.stdout.readline()
                assert line, said
                said += line
            time.sleep(after)
            started.kill()
            said += started.stdout.read()
        return VERDICT.findall(said)

    def kept(self) -> list[str]:
        """Every answer in the file, in its order."""
        database = self.home / ".local/share/osdrill/history.db"
        if not database.exists():
            return []
        with sqlite3.connect(database) as history:
            if not history.execute("SELECT 1 FROM sqlite_schema WHERE name = 'shown'").fetchone():
                return []
            return [row[0] for row in history.execute("SELECT response FROM shown ORDER BY n")]

    def check(self) -> None:
        done = subprocess.run(
            [*OSDRILL, "db", "check"], env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.rule
def test_osdrill_killed_at_any_moment_of_a_session_keeps_what_it_acknowledged(
    tmp_path: Path, pack: Path, cache: Path
) -> None:
    machine, pick = Killed(tmp_path, pack, cache), picker(QuestionName("kills", 1, 1, 0))
    kept: list[str] = []
    for kill in range(KILLS):
        read = pick("read", 0, 6)
        said = machine.session(1000 + EACH * kill, read, pick("after", 0, 40 if read else 900) / 1000)
        found = machine.kept()
        new = found[len(kept) :]
        assert found[: len(kept)] == kept, kill
        assert new[: len(said)] == said, kill
        assert len(new) <= len(said) + 1, "at most the one on its way"
        kept = found
    machine.check()
    assert len(kept) > 2 * KILLS
