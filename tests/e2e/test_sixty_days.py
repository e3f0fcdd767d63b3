"""Sixty study days by the real commands on real files: nothing acknowledged is lost, nothing else is there.

An answer is acknowledged when its verdict can be read. On the way: a history of the first release, sessions killed at
any moment, undo, a second machine and its merge, an upgrade to a later schema, a file that is destroyed and restored.
"""

import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import OSDRILL, RIGHT, ROOT

FIRST, DAYS = date(2026, 11, 24), 60
FIXTURE = ROOT / "tests/trainer/store/fixtures/v1.sql"
LATER = (  # the same program one release on: its schema has one table more
    sys.executable, "-c",
    (
        "import sys; from trainer.store import schema; schema.VERSION = 2; "
        "schema.STEPS['2'] = ('CREATE TABLE later (n INTEGER) STRICT', 'PRAGMA user_version = 2'); "
        "from trainer.cli.main import main; sys.exit(main())"
    ),
)  # fmt: skip
VERDICT = re.compile(r"\[right\] (\S+)|\[wrong\] Answer: \S+\nYours: (\S+)|Undone: (\S+)")
KILLED = {7: 0.0, 15: 0.002, 22: 0.01, 33: 0.03, 44: 0.005, 55: 0.02}  # day -> seconds after an answer was sent
UNDONE = {3, 17, 29, 41, 58}
AWAY = {25, 26, 27, 50}  # days without practice
UPGRADED, DESTROYED, BY_HAND = 40, 48, {5, 20, 35}


@dataclass
class Answered:
    """One acknowledged answer."""

    at: tuple[int, int]  # study day, hour
    response: str
    outcome: str
    withdrawn: bool = False


@dataclass
class Machine:
    """A home with its history, and what its commands have acknowledged."""

    home: Path
    pack: Path
    cache: Path
    hour: int
    program: tuple[str, ...] = OSDRILL
    told: list[Answered] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.home / ".local/share/osdrill/history.db"

    def environment(self, day: int) -> dict[str, str]:
        when = FIRST + timedelta(days=day)
        return {
            "PATH": "/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "COLUMNS": "80",
            "OSDRILL_PACKS": str(self.pack), "XDG_CACHE_HOME": str(self.cache),
            "OSDRILL_NOW": f"{when.isoformat()}T{self.hour:02}:00:00+01:00",
        }  # fmt: skip

    def run(self, day: int, *arguments: str, given: str = "", status: int = 0) -> str:
        done = subprocess.run(
            [*self.program, *arguments], input=given, env=self.environment(day), capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == status, (arguments, done.stderr)
        return done.stdout + done.stderr

    def acknowledge(self, day: int, said: str) -> None:
        """Read what was acknowledged from what was printed."""
        for right, wrong, undone in VERDICT.findall(said):
            if undone:
                last = next(one for one in reversed(self.told) if not one.withdrawn)
                assert last.response == undone
                last.withdrawn = True
            else:
                self.told.append(Answered((day, self.hour), right or wrong, "right" if right else "wrong"))

    def practise(self, day: int, answers: list[str]) -> None:
        """A session from a pipe, to its end."""
        count = sum(one != ":u" for one in answers) - answers.count(":u")
        said = self.run(day, "quiz", "arms", "--count", str(count), given="\n".join(answers) + "\n")
        before = len(self.told)
        self.acknowledge(day, said)
        assert len(self.told) - before == sum(one != ":u" for one in answers)

    def killed(self, day: int, answers: list[str], after: float) -> None:
        """A session killed a moment after its last answer was sent: that one may be kept or not."""
        started = subprocess.Popen(
            [*self.program, "quiz", "arms"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=self.environment(day), text=True, bufsize=1,
        )  # fmt: skip
        assert started.stdin is not None
        assert started.stdout is not None
        said = ""
        for answer in answers[:-1]:
            started.stdin.write(answer + "\n")
            expected = f"[right] {answer}\n" if answer == RIGHT else f"Yours: {answer}\n"
            while not (line := started.stdout.readline()).endswith(expected):
                assert line, said
                said += line
            said += line
        started.stdin.write(answers[-1] + "\n")
        try:
            started.wait(after)
        except subprocess.TimeoutExpired:
            started.kill()
        said += started.stdout.read()
        started.wait()
        started.stdin.close()
        started.stdout.close()
        self.acknowledge(day, said)
        self.settle(day, answers[-1])

    def settle(self, day: int, last: str) -> None:
        """The answer that was cut off: kept whole although its verdict was never seen, or not there at all."""
        found = self.history(day)
        if len(found) == len(self.told) + 1:
            self.told.append(Answered((day, self.hour), last, "right" if last == RIGHT else "wrong"))
        assert found == [(one.response, one.outcome, one.withdrawn) for one in self.told]

    def history(self, day: int) -> list[tuple[str, str, bool]]:
        """Every answer of the arms, as osdrill history has it."""
        found = json.loads(self.run(day, "history", "--json"))
        return [
            (one["response"], one["outcome"], one["withdrawn"])
            for one in found
            if one["what"] == "answer" and one["skill"].startswith("arms.")
        ]


def answers_of(day: int, count: int = 4) -> list[str]:
    """The answers of a day: four in five right, each wrong one a number of its own."""
    return [RIGHT if (day * 7 + n * 3) % 5 else str(2000 + day * 10 + n) for n in range(count)]


def lay_down(path: Path) -> int:
    """A history as the first release left it; how many answers it holds."""
    path.parent.mkdir(parents=True)
    first = sqlite3.connect(path)
    first.executescript(FIXTURE.read_text(encoding="utf-8"))
    (count,) = first.execute("SELECT count(*) FROM reviews").fetchone()
    first.close()
    return int(count)


def by_hand(machine: Machine, day: int) -> None:
    """An answer recorded by another front end."""
    said = machine.run(day, "ask", "arms.scan-3", "--seed", str(day), "--json")
    name = json.loads(said)["name"]
    machine.run(day, "grade", name, "331", "--record", "--took-ms", "9000")
    machine.told.append(Answered((day, machine.hour), "331", "wrong"))


def a_day(machine: Machine, day: int) -> None:
    """What happens on a study day."""
    answers = answers_of(day)
    if day in KILLED:
        machine.killed(day, answers, KILLED[day])
    elif day in UNDONE:
        machine.practise(day, [*answers[:2], ":u", *answers[2:]])
    else:
        machine.practise(day, answers)
    if day in BY_HAND:
        by_hand(machine, day)


@pytest.mark.rule
def test_after_sixty_study_days_the_history_is_what_was_acknowledged(tmp_path: Path, pack: Path, cache: Path) -> None:
    desk = Machine(tmp_path / "desk", pack, cache, hour=9)
    train = Machine(tmp_path / "train", pack, cache, hour=18)
    earlier = lay_down(desk.database)
    for day in range(DAYS):
        if day in AWAY:
            continue
        if day == UPGRADED:
            upgraded(desk, train, day)
        if day == DESTROYED:
            destroyed(desk, day)
        a_day(desk, day)
        if day in range(28, 34):
            a_day(train, day)
        if day == 36:
            desk.run(day, "db", "merge", str(train.database))
            desk.told = sorted([*desk.told, *train.told], key=lambda one: one.at)
    last = DAYS - 1
    assert desk.history(last) == [(one.response, one.outcome, one.withdrawn) for one in desk.told]
    assert len(desk.told) > 200
    found = json.loads(desk.run(last, "db", "check", "--json"))
    assert (found["found"], found["answers"]) == ([], len(desk.told) + earlier)
    assert json.loads(desk.run(last, "db", "rebuild", "--json"))["changed"] == 0
    train.run(last, "db", "merge", str(desk.database))
    assert exported(train, last) == exported(desk, last)


def exported(machine: Machine, day: int) -> list[str]:
    """Every answer and event; a goal is each machine's own."""
    return [line for line in machine.run(day, "db", "export").splitlines() if '"setting"' not in line]


def upgraded(desk: Machine, train: Machine, day: int) -> None:
    """From here on the later release; the one before it refuses the file, and does not touch it."""
    desk.program = train.program = LATER
    desk.run(day, "plan")
    before = desk.database.read_bytes()
    desk.program = OSDRILL
    assert "written by a newer osdrill" in desk.run(day, "quiz", status=2)
    assert desk.database.read_bytes() == before
    desk.program = LATER


def destroyed(desk: Machine, day: int) -> None:
    """Every page after the first is gone; the command that is named brings every answer back."""
    for side in ("-wal", "-shm"):
        desk.database.with_name(desk.database.name + side).unlink(missing_ok=True)
    desk.database.write_bytes(desk.database.read_bytes()[:4096] + bytes(40_960))
    assert "osdrill db restore" in desk.run(day, "quiz", status=2)
    desk.run(day, "db", "restore", "--yes")
