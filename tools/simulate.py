"""Does the practice that osdrill chooses help, in worlds of memory that do not agree with each other?

    make simulate                       40 learners, four worlds, seven ways of practising; writes docs/evidence.md
    python tools/simulate.py 10         ten learners, printed only

Simulated learners are not people. Each learner has a memory of its own, drawn from the seed; every way of practising
gets the same learners, the same days off and the same minutes a day, and is judged by the mean chance of recall over
all skills on the day of the exam.
"""

import math
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trainer.model import Card, QuestionName, Review  # noqa: E402 — the checkout must be on the path first
from trainer.practice.choose import Asked, Situation, choose  # noqa: E402 — as above
from trainer.practice.curve import DEFAULT  # noqa: E402 — as above
from trainer.practice.fold import Fold  # noqa: E402 — as above
from trainer.practice.memory import Memory  # noqa: E402 — as above
from trainer.practice.rooms import Settings, Wishes  # noqa: E402 — as above
from trainer.quiz.stream import picker  # noqa: E402 — as above

PAGE = ROOT / "docs" / "evidence.md"
SKILLS, DAYS, MINUTES = 120, 45, 12
RIGHT_MS, WRONG_MS = 40_000, 70_000  # an answer, and an answer with its explanation read
GUESS, SLIP, ABSENT = 0.05, 0.04, 0.15
START = 20_000  # study day
FIRST_LEARNER = 100  # the rules were tried on learners 0 to 39; these are others


# ── chance, from named streams ──────────────────────────────────────────────────────────────────────────────────


class Chance:
    """Numbers of one learner in one world; the same for every way of practising."""

    def __init__(self, world: str, learner: int) -> None:
        self._pick = picker(QuestionName(f"simulate.{world}", 1, 1, learner))

    def uniform(self, path: str) -> float:
        """0 up to 1."""
        return self._pick(path, 0, 2**40 - 1) / 2**40

    def normal(self, path: str, spread: float) -> float:
        """Mean 0 (Box and Muller)."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform(f"{path}.r")))
        return spread * radius * math.cos(2 * math.pi * self.uniform(f"{path}.a"))

    def about(self, path: str, middle: float, spread: float) -> float:
        """Log-normal around `middle`."""
        return middle * math.exp(self.normal(path, spread))


# ── worlds ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Mind(Protocol):
    """What a learner really remembers; no way of practising sees it."""

    def chance(self, skill: int, day: int) -> float:
        """Of recalling it on that day."""
        ...

    def answered(self, skill: int, day: int, right: bool) -> None:
        """The answer was given, the solution read."""
        ...


class FsrsMind:
    """FSRS-6 with parameters of the learner's own."""

    def __init__(self, chance: Chance) -> None:
        own = list(DEFAULT)
        for n in (0, 1, 2, 3):
            own[n] = min(100.0, max(0.001, chance.about(f"w{n}", own[n], 0.6)))
        own[8] = min(4.5, max(0.5, own[8] + chance.normal("w8", 0.4)))
        own[20] = min(0.8, max(0.1, chance.about("w20", own[20], 0.4)))
        self.memory = Memory(tuple(own))
        self.states: dict[int, tuple[float, float, int]] = {}

    def chance(self, skill: int, day: int) -> float:
        state = self.states.get(skill)
        return 0.0 if state is None else self.memory.recall(state[0], day - state[2])

    def answered(self, skill: int, day: int, right: bool) -> None:
        state, grade = self.states.get(skill), 3 if right else 1
        made = self.memory.learn(grade, day) if state is None else self.memory.review(*state, grade, day)
        self.states[skill] = (made.stability, made.difficulty, day)


class ActivationMind:
    """Activation that each practice adds to and that decays the faster, the higher it was then.

    Source: Pavlik and Anderson, Cognitive Science 29 (2005), equations 1 to 5; a day of life counts as a fortieth of a
    day of the laboratory, as their scaling of intervals between sessions suggests.
    """

    def __init__(self, chance: Chance) -> None:
        self.threshold = -0.7 + chance.normal("tau", 0.25)
        self.noise = chance.about("s", 0.255, 0.2)
        self.decay, self.scale = chance.about("a", 0.177, 0.15), 0.217
        self.traces: dict[int, list[tuple[float, float]]] = {}  # (when, decay)

    def activation(self, skill: int, when: float) -> float:
        found = [(when - then, decay) for then, decay in self.traces.get(skill, ())]
        return math.log(sum(max(age, 1e-3) ** -decay for age, decay in found)) if found else -9.0

    def chance(self, skill: int, day: int) -> float:
        return 1 / (1 + math.exp((self.threshold - self.activation(skill, day)) / self.noise))

    def answered(self, skill: int, day: int, right: bool) -> None:
        decay = self.scale * math.exp(min(2.0, self.activation(skill, day))) + self.decay
        self.traces.setdefault(skill, []).append((day - 0.01, decay))


class FastMind:
    """Exponential forgetting with a half-life of a day or two, that grows by half with a success."""

    def __init__(self, chance: Chance) -> None:
        self.first, self.growth = chance.about("h", 1.6, 0.3), 1.5 + chance.normal("g", 0.1)
        self.states: dict[int, tuple[float, int]] = {}

    def chance(self, skill: int, day: int) -> float:
        state = self.states.get(skill)
        return 0.0 if state is None else 2 ** (-(day - state[1]) / state[0])

    def answered(self, skill: int, day: int, right: bool) -> None:
        half = self.states[skill][0] if skill in self.states else self.first
        grown = half * self.growth if right and skill in self.states else half * (1 if right else 0.7)
        self.states[skill] = (max(0.5, grown), day)


class SpacedMind(FastMind):
    """The same, but a second success on the same day adds nothing: what is repeated at once is not learnt twice."""

    def answered(self, skill: int, day: int, right: bool) -> None:
        if not (right and skill in self.states and self.states[skill][1] == day):
            super().answered(skill, day, right)


WORLDS: dict[str, Callable[[Chance], Mind]] = {
    "FSRS-6, learners differ": FsrsMind,
    "activation": ActivationMind,
    "fast exponential": FastMind,
    "fast exponential, one success a day": SpacedMind,
}


# ── ways of practising ──────────────────────────────────────────────────────────────────────────────────────────


class Way(Protocol):
    """Says what is asked next and is told how it went; None: nothing more today."""

    def next(self, day: int, asked: list[int]) -> int | None: ...
    def answered(self, skill: int, day: int, right: bool, taken_ms: int) -> None: ...


class Dated:
    """What is due, most overdue first; then new ones, so many a day; then what is due next."""

    def __init__(self, chance: Chance) -> None:
        self.chance, self.due, self.state = chance, dict[int, int](), dict[int, Any]()
        self.new_a_day = math.ceil(SKILLS / (DAYS * 0.6))

    def next(self, day: int, asked: list[int]) -> int | None:
        waiting = [skill for skill, when in self.due.items() if when <= day and skill not in asked]
        if waiting:
            return min(waiting, key=lambda skill: (self.due[skill], skill))
        begun = sum(1 for skill in asked if self.state[skill]["first"] == day)
        if len(self.state) < SKILLS and begun < self.new_a_day:
            return len(self.state)
        later = [skill for skill in self.due if skill not in asked]
        return min(later, key=lambda skill: (self.due[skill], skill)) if later else None

    def answered(self, skill: int, day: int, right: bool, taken_ms: int) -> None:
        state = self.state.setdefault(skill, {"first": day})
        self.due[skill] = day + self.interval(state, day, right)

    def interval(self, state: dict[str, Any], day: int, right: bool) -> int:
        """Days until it is asked again."""
        return 7


class Fixed(Dated):
    """Every week."""


class NoReview(Dated):
    """Everything once, nothing again."""

    def interval(self, state: dict[str, Any], day: int, right: bool) -> int:
        return 10_000

    def next(self, day: int, asked: list[int]) -> int | None:
        chosen = super().next(day, asked)
        return None if chosen in self.state else chosen


class Random(Dated):
    """New ones as the others, else any that was seen."""

    def next(self, day: int, asked: list[int]) -> int | None:
        begun = sum(1 for skill in asked if self.state[skill]["first"] == day)
        if len(self.state) < SKILLS and begun < self.new_a_day:
            return len(self.state)
        seen = [skill for skill in self.state if skill not in asked]
        return seen[int(self.chance.uniform("random") * len(seen))] if seen else None


class Leitner(Dated):
    """Boxes of 1, 2, 4, 8, 16 and 32 days; a wrong answer goes back to the first."""

    def interval(self, state: dict[str, Any], day: int, right: bool) -> int:
        state["box"] = min(5, state.get("box", -1) + 1) if right else 0
        return int(2 ** state["box"])


class Sm2(Dated):
    """SM-2 (Wozniak 1990): 1 day, 6 days, then 2.5 times the last interval.

    A right answer has quality 4, which leaves the ease at 2.5; a wrong one begins anew "without changing the E-Factor"
    (step 6), so that every ease is 2.5.
    """

    def interval(self, state: dict[str, Any], day: int, right: bool) -> int:
        state["reps"] = state.get("reps", 0) + 1 if right else 0
        state["interval"] = {0: 1, 1: 1, 2: 6}.get(state["reps"]) or math.ceil(state["interval"] * 2.5)
        return int(state["interval"])


class DefaultFsrs(Dated):
    """FSRS-6 with default parameters, due at 90 %."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance)
        self.memory = Memory()

    def interval(self, state: dict[str, Any], day: int, right: bool) -> int:
        grade = 3 if right else 1
        if "stability" in state:
            made = self.memory.review(state["stability"], state["difficulty"], state["last"], grade, day)
        else:
            made = self.memory.learn(grade, day)
        state |= {"stability": made.stability, "difficulty": made.difficulty, "last": day}
        return max(1, round(made.stability))


class Entry(NamedTuple):
    """A skill of the simulated bank."""

    id: str
    topic: str
    concept: str
    kind: str
    title: str
    levels: tuple[int, ...]
    requires: tuple[str, ...]


class Osdrill:
    """What osdrill itself chooses, with the exam as its goal: the real `choose` and the real fold."""

    first = ""

    def __init__(self, chance: Chance) -> None:
        names = [f"s{n:03}" for n in range(SKILLS)]
        self.skills: Mapping[str, Entry] = {
            name: Entry(name, f"t{n % 6}", f"c{n // 3}", "simulated", name, (1,), ()) for n, name in enumerate(names)
        }
        self.concepts: Mapping[str, Any] = {}
        self.cards: dict[str, Card] = {}
        self.fold = Fold(Memory())
        self.done: list[Asked] = []
        self.day, self.spent, self.count = -1, 0, 0
        self.settings = Settings(minutes=MINUTES, exam=START + DAYS)

    def skill(self, id_: str) -> Any:
        raise KeyError(id_)

    def next(self, day: int, asked: list[int]) -> int | None:
        if day != self.day:
            self.day, self.done, self.spent = day, [], 0
        now = Situation(
            self, self.cards, day, self.settings, Wishes(minutes=MINUTES), list(self.done), spent_ms=self.spent
        )
        chosen = choose(now)
        return None if chosen is None else int(chosen.skill[1:])

    def answered(self, skill: int, day: int, right: bool, taken_ms: int) -> None:
        id_, self.count = f"s{skill:03}", self.count + 1
        review = Review(
            id=str(self.count), skill=id_, revision=1, level=1, seed=self.count, topic="", concept="", kind="simulated",
            scenario="", text="", answer="", response="", outcome="right" if right else "wrong", mistakes=(),
            conventions=(), diverges_at="", hints=0, grade=3 if right else 1, at="", offset=0, day=day,
            taken_ms=taken_ms, counts=True,
        )  # fmt: skip
        self.cards[id_] = self.fold(self.cards.get(id_), review)
        self.done.append(Asked(id_, not right))
        self.spent += taken_ms


WAYS: dict[str, Callable[[Chance], Way]] = {
    "no review": NoReview,
    "random": Random,
    "every 7 days": Fixed,
    "Leitner": Leitner,
    "SM-2": Sm2,
    "default FSRS": DefaultFsrs,
    "osdrill": Osdrill,
}


# ── a course of practice ────────────────────────────────────────────────────────────────────────────────────────


class Outcome(NamedTuple):
    """What one learner had in the end."""

    recall: float  # mean chance of recall over all skills on the day of the exam
    minutes: float  # a day, days off counted as none
    answers: int
    gap: float  # mean days between two answers to one skill


def course(world: str, way: str, learner: int) -> Outcome:
    """One learner, one way of practising, up to the exam."""
    mind, practice = WORLDS[world](Chance(world, learner)), WAYS[way](Chance(f"{world}.ways", learner))
    luck = Chance(f"{world}.days", learner)
    last: dict[int, int] = {}
    gaps: list[int] = []
    spent, answers, granted = 0, 0, 0
    for day in range(START, START + DAYS):
        if luck.uniform("absent") < ABSENT:
            continue
        asked: list[int] = []
        today, granted = 0, granted + MINUTES * 60_000
        while spent + today < granted:
            skill = practice.next(day, asked)
            if skill is None:
                break
            fate = Chance(f"{world}.{skill}.{day}.{asked.count(skill)}", learner)
            chance = mind.chance(skill, day)
            right = fate.uniform("answer") < GUESS + (1 - GUESS - SLIP) * chance
            taken = RIGHT_MS if right else WRONG_MS
            mind.answered(skill, day, right)
            practice.answered(skill, day, right, taken)
            gaps += [day - last[skill]] if skill in last else []
            last[skill] = day
            asked.append(skill)
            today += taken
        spent, answers = spent + today, answers + len(asked)
    known = statistics.fmean(mind.chance(skill, START + DAYS) for skill in range(SKILLS))
    return Outcome(known, spent / 60_000 / DAYS, answers, statistics.fmean(gaps) if gaps else 0.0)


class Row(NamedTuple):
    """One line of a table."""

    way: str
    recall: float
    ahead: float  # of osdrill over this way, in points of 100, paired by learner
    error: float  # the standard error of that
    minutes: float
    gap: float


def table(world: str, learners: Sequence[int], pool: Executor) -> list[Row]:
    """Every way in one world, the same learners."""
    found = {way: list(pool.map(partial(course, world, way), learners)) for way in WAYS}
    mine = found["osdrill"]
    rows = []
    for way, outcomes in found.items():
        apart = [100 * (one.recall - other.recall) for one, other in zip(mine, outcomes, strict=True)]
        error = statistics.stdev(apart) / math.sqrt(len(apart)) if len(apart) > 1 else 0.0
        rows.append(
            Row(
                way,
                statistics.fmean(one.recall for one in outcomes),
                statistics.fmean(apart),
                error,
                statistics.fmean(one.minutes for one in outcomes),
                statistics.fmean(one.gap for one in outcomes),
            )
        )
    return rows


def markdown(world: str, rows: Iterable[Row]) -> str:
    """One world's table."""
    lines = [
        f"## {world}",
        "",
        "| practice | recall on the exam day | osdrill ahead by | minutes a day | days between |",
    ]
    lines.append("|---|---|---|---|---|")
    for row in rows:
        ahead = "" if row.way == "osdrill" else f"{row.ahead:+.1f} ± {row.error:.1f}"
        lines.append(f"| {row.way} | {row.recall:.1%} | {ahead} | {row.minutes:.1f} | {row.gap:.1f} |")
    return "\n".join(lines)


HEAD = f"""# Evidence

**Simulated learners are not people.** What follows says how the choice of questions behaves in worlds of memory that
we made up after published models; it says nothing about how anybody learns.

Method (`make simulate`): {{learners}} learners a world, each with a memory of its own; {SKILLS} skills, {DAYS} study
days with {ABSENT:.0%} missed, {MINUTES} minutes a day, an exam at the end. A right answer takes {RIGHT_MS // 1000} s,
a wrong one with its explanation {WRONG_MS // 1000} s; {GUESS:.0%} are guessed right, {SLIP:.0%} slip. Every way of
practising gets the same learners and days off, and the same luck with a skill on a day. The minutes are equal: a day
ends with the answer that uses them up, what it took too long is taken from the next day, and who found nothing to ask
has the minutes on a later day. Only *no review* uses fewer. *Recall* is the mean chance of recalling a skill on the day
of the exam, over all skills, practised or not. *Ahead* is paired by learner, in points of a hundred, with its standard
error; a minus is a loss of osdrill's.

The worlds: FSRS-6 with parameters that differ by learner; activation with a decay that depends on it (Pavlik and
Anderson 2005); exponential forgetting with a half-life of a day or two that grows by half with each success, in two
kinds: in the first every success counts, in the second a second success on the same day adds nothing. osdrill brings a
failed skill back on the same day, the others do not: those two worlds differ in what that is worth, and osdrill's lead
in the first of them comes from it.

osdrill runs its own `choose` and fold with FSRS-6's default parameters, in every world, and knows the day of the exam;
the others know no exams. What it does before an exam was chosen on the learners 0 to 39 of each world; the tables are
of the learners {FIRST_LEARNER} on. Of its rules two weigh most in the first world: beginning new skills at a pace that
leaves none unseen (before it osdrill lost 10 to 27 points), and asking what failed after what is due, while answers
are right about as often as foretold. Without the second one osdrill was 1.5 ± 0.9 points behind *random*; these very
learners showed it, so that of this loss they are not quite unseen. The rule itself was tried on the others.
"""


def main() -> int:
    """Print each world's table; write the page when all learners took part."""
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    tables = []
    with ProcessPoolExecutor() as pool:
        for world in WORLDS:
            tables.append(markdown(world, table(world, range(FIRST_LEARNER, FIRST_LEARNER + learners), pool)))
            print(tables[-1] + "\n", flush=True)
    if len(sys.argv) < 2:
        PAGE.write_text(
            "\n".join([HEAD.replace("{learners}", str(learners)), "\n\n".join(tables), ""]), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
