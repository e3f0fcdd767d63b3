"""What an end-to-end test starts with: a home of its own, a pack whose answers are published, a terminal."""

import os
import sqlite3
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
OSDRILL = (sys.executable, "-c", "import sys; from trainer.cli.main import main; sys.exit(main())")
WAIT = 20  # seconds after which a text is given up; nothing sleeps

# The queue of Silberschatz 11.2, head at 53, cylinders 0 to 199, SCAN towards 0: 53 down and 183 up are 236.
# By LOOK 39 and 169 are 208; the other way 146 and 185 are 331; first come, first served 640.
RIGHT, LOOK, OTHER_WAY, FCFS = "236", "208", "331", "640"
SKILL = """\
  - id: arms.scan-{n}
    revision: 1
    concept: arms
    title: The arm, {n}
    simulate: disk
    scenario:
      policy: scan
      cylinders: 200
      head: 53
      direction: down
      requests: [98, 183, 37, 122, 14, 124, 65, 67]
    ask: movement
    mistakes: [turns-at-last-request, wrong-direction, fcfs-instead]
    text: The arm serves these requests by SCAN.
    sources: [silberschatz-10 11.2]
"""


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    """A pack with one topic, `arms`, of twelve skills that all ask the textbook's example."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "pack.yaml").write_text("id: arms\ntitle: Arms\nformat: 1\nlicense: MIT\ntopics: {arms: Arms}\n")
    (folder / "arms").mkdir()
    (folder / "arms" / "arms.md").write_text("---\nid: arms\ntitle: The arm of a disk\n---\nThe arm moves.\n")
    skills = "".join(SKILL.format(n=n) for n in range(12))
    (folder / "arms" / "scan.yaml").write_text(f"skills:\n{skills}")
    return folder


class Desk:
    """One person's machine: a home, settings, and terminals to sit at."""

    def __init__(self, home, pack, cache):
        self.home, self.open = home, []
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT), "OSDRILL_PACKS": str(pack), "XDG_CACHE_HOME": str(cache), "OSDRILL_NOW": "2026-11-23T09:00:00+01:00",
        }  # fmt: skip

    def sit(self, *arguments, columns=80, rows=24, command=OSDRILL, **environment):
        """A terminal in which osdrill runs."""
        session = pexpect.spawn(
            command[0], [*command[1:], *arguments], env={**self.environment, **environment}, cwd=str(self.home),
            dimensions=(rows, columns), timeout=WAIT, encoding="utf-8", codec_errors="replace",
        )  # fmt: skip
        self.open.append(session)
        return session

    @property
    def answers(self):
        """What was answered, in order, as the history holds it."""
        with sqlite3.connect(self.home / ".local/share/osdrill/history.db") as history:
            return [row[0] for row in history.execute("select response from shown order by n")]


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """The compiled bank, shared: only the first test waits for it."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def desk(tmp_path, pack, cache):
    made = Desk(tmp_path, pack, cache)
    yield made
    for session in made.open:
        session.close(force=True)
