"""Does a skill ask good questions at a level? Drawn for many seeds, and each one tried.

For every seed: the same question again; the right answer accepted in each written form; each mistake judged wrong and
named; nonsense asked again; the text within 40 columns. Over all seeds: how often the mistakes show and tell each
other apart, how many tries it took, whether the answer can be guessed, and how often a slip is taken for a mistake.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from trainer.author.written import forms
from trainer.model import Misconception, Question, Skill, Unreadable
from trainer.quiz.draw import MOST_TRIES, CannotDraw, draw
from trainer.quiz.forms.draft import near
from trainer.quiz.judge import answer_text, fits, judge, read
from trainer.quiz.points import MISSING, found
from trainer.view.drawing import Frame, text_of
from trainer.view.listed import view

NONSENSE = ("", "?", "qqzz 77 xyzzy", "\x1b[31m")
NARROWEST = 40  # columns that every question must fit
WIDEST = 100  # columns of a line of output in an incident
AGAIN = 3  # seeds that are drawn twice
LONGEST = 15  # seconds of drawing for one skill and level; what takes longer is told and left
LEAST_FOR_RATES = 10  # seeds below which no rate is judged
SLIPS = (-2, -1, 1, 2)
MOST_MISREAD = 0.05
PAIRED = 5  # seeds whose slips are also compared with what two mistakes at once give: many runs each
UNEVEN = 4  # how much longer the longest run of a level may be than its shortest
GLANCE = 2  # steps that are seen at a glance: one less is no less effort


@dataclass(frozen=True, slots=True)
class Proof:
    """What the trial of one skill at one level found."""

    skill: str
    level: int
    seeds: int  # asked for
    drawn: int  # that gave a question
    kind: str  # of the answer
    form: str  # empty for an authored skill
    separated: float  # share of instances where every mistake shows, and no two give the same answer
    diagnoses: float  # share of instances where at least one mistake shows
    pairs: Mapping[str, float]  # "one other" -> share of the instances with both in which they give different answers
    tries: tuple[int, int]  # median and 99th percentile
    at_once: float  # share of instances that the first try gave
    guess: float  # share of the commonest right answer
    misread: float | None  # share of slips that are taken for a mistake; None where none could be made
    misread_as_two: float | None  # share of slips that fit no mistake, but two at once
    steps: tuple[int, int]  # least and most steps of the worked solution
    effort: tuple[int, int]  # least and most: steps of the trace, or of the worked solution where that is shorter
    ms: float  # median time per question
    unseen: tuple[str, ...]  # mistakes that showed in no instance of this level
    faults: tuple[tuple[str, str], ...]  # code, message


@dataclass(slots=True)
class _Seen:
    """What has been counted so far."""

    names: tuple[str, ...] = ()  # the skill's mistakes, conventions left out
    tries: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    effort: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    choices: int = 0  # how many answers are possible, where they can be counted
    whole: int = 0
    some: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    together: Counter[tuple[str, str]] = field(default_factory=Counter)
    apart: Counter[tuple[str, str]] = field(default_factory=Counter)
    kind: str = ""
    slips: int = 0
    judged: bool = False  # whether a slip must not be taken for a mistake: where the answer has several numbers
    misread: int = 0
    paired: int = 0  # slips that were compared with two mistakes at once
    misread_as_two: int = 0
    faults: dict[str, str] = field(default_factory=dict)  # code -> message of the first, one of each code

    def tell(self, code: str, message: str) -> None:
        self.faults.setdefault(code, message)


def prove(skill: Skill, level: int, seeds: Sequence[int], clock: Callable[[], float]) -> Proof:
    """Try a skill at a level; `clock` gives seconds."""
    seen = _Seen(names=_watched(skill))
    for count, seed in enumerate(seeds):
        start = clock()
        try:
            question = draw(skill, level, seed)
        except CannotDraw as cannot:
            seen.tell("cannot-draw", f"level {level}: {cannot}; widen the ranges, or drop a mistake that never shows")
            continue
        seen.seconds.append(clock() - start)
        if count < AGAIN and not _alike(draw(skill, level, seed), question):
            seen.tell("not-repeatable", f"{question.name} is another question when it is drawn again")
        _question(question, seen)
        if sum(seen.seconds) > LONGEST:
            message = f"level {level}: {len(seen.seconds)} questions took {sum(seen.seconds):.0f} s to draw"
            seen.tell("slow-to-draw", f"{message}; make the instances smaller, or list fewer mistakes")
            break
    _tests(skill, level, seen)
    if seen.tries:
        _rates(skill, level, seen)
    return _proof(skill, level, seeds, seen)


def _alike(one: Question, other: Question) -> bool:
    """Whether two questions are the same; functions, which are made anew each time, aside."""
    functions: dict[str, Any] = {"accepts": None, "follows": None, "pairs": None}
    return one._replace(**functions) == other._replace(**functions)


def _watched(skill: Skill) -> tuple[str, ...]:
    """The mistakes that must show: not those whose run is itself shown as flawed, conventions neither."""
    asks = skill.simulated
    return () if asks is None else tuple(id_ for id_ in asks.mistakes if id_ not in asks.options.get("flaw", ()))


# ── one question ────────────────────────────────────────────────────────────────────────────────────────────────


def _question(question: Question, seen: _Seen) -> None:
    seen.tries.append(question.tries)
    seen.steps.append(len(question.steps))
    run = len(question.steps) if question.trace is None else len(question.trace.events)
    seen.effort.append(min(run, len(question.steps)))
    seen.kind = question.answer.kind
    seen.answers[answer_text(question)] += 1
    seen.choices = len(question.answer.words) if question.answer.kind in ("word", "yes-no") else 0
    _accepted(question, seen)
    for mistake in question.mistakes:
        _named(question, mistake, seen)
    _pairs(question, seen)
    _refuses_nonsense(question, seen)
    _fits(question, seen)
    _slips(question, seen)
    for point in getattr(question.answer, "points", ()):
        if found(point, point.text) == MISSING:
            message = f"none of the terms {', '.join(point.terms)} stands in the point itself: {point.text[:60]!r}"
            seen.tell("unseen-point", message)


def _accepted(question: Question, seen: _Seen) -> None:
    for text in forms(question):
        try:
            verdict = judge(question, read(question, text))
        except Unreadable as why:
            seen.tell("right-refused", f"{question.name}: the right answer written {text!r} is not read: {why}")
            return
        if not verdict.right:
            right = answer_text(question)
            seen.tell("right-refused", f"{question.name}: {text!r} is judged wrong, although {right!r} is right")
            return


def _named(question: Question, mistake: Misconception, seen: _Seen) -> None:
    """The mistake's answer, typed, is wrong and known as this mistake."""
    value = mistake.value
    if isinstance(value, dict):  # a mistake may speak of one part of an answer: the others are right
        value = {**question.right, **value}
    text = question.answer.write(value)
    try:
        verdict = judge(question, read(question, text))
    except Unreadable as why:
        seen.tell("mistake-unread", f"{question.name}: {mistake.id} gives {text!r}, which cannot be typed: {why}")
        return
    if verdict.right:
        seen.tell("mistake-right", f"{question.name}: {mistake.id} gives {text!r}, which is judged right")
    elif mistake.id not in (*verdict.mistakes, *verdict.conventions):
        seen.tell("mistake-unnamed", f"{question.name}: {mistake.id} gives {text!r}, but is not named")


def _pairs(question: Question, seen: _Seen) -> None:
    shown = {mistake.id: mistake for mistake in question.mistakes if not mistake.convention}
    seen.shown.update(shown.keys())
    seen.some += bool(shown)
    apart = True
    listed = [shown[id_] for id_ in seen.names if id_ in shown]
    for n, one in enumerate(listed):
        for other in listed[:n]:
            pair = (other.id, one.id)
            seen.together[pair] += 1
            differs = not near(question.answer, one.value, other.value)
            seen.apart[pair] += differs
            apart = apart and differs
    seen.whole += apart and len(listed) == len(seen.names)


def _refuses_nonsense(question: Question, seen: _Seen) -> None:
    for text in NONSENSE[:1] if question.answer.kind in ("short", "free") else NONSENSE:
        try:
            read(question, text)
        except Unreadable:
            continue
        seen.tell("nonsense-read", f"{question.name}: {text!r} is taken for an answer")


def _told(text: str) -> str:
    """The text without what is shown as it is: commands and their output break where the window ends."""
    paragraphs = text.split("\n\n")
    return " ".join(one for one in paragraphs if not any(row.startswith(("  ", "$ ")) for row in one.split("\n")))


def _commands(text: str) -> list[str]:
    """The lines of commands and their output."""
    shown = [one.split("\n") for one in text.split("\n\n")]
    return [row for rows in shown if any(one.startswith("$ ") for one in rows) for row in rows]


def _fits(question: Question, seen: _Seen) -> None:
    for text in (
        question.title,
        question.text,
        question.asks,
        *question.conventions,
        *(o.text for o in question.options),
    ):
        longest = max(_told(text).split() or [""], key=len)
        if len(longest) > NARROWEST - 4:
            seen.tell("too-wide", f"{question.name}: {longest[:50]!r} does not fit {NARROWEST} columns")
        widest = max(_commands(text), key=len, default="")
        if len(widest) > WIDEST:
            seen.tell("too-wide", f"{question.name}: {widest[:50]!r} is longer than {WIDEST} columns")
    if not question.simulator:
        return
    for frame in (Frame(80), Frame(NARROWEST), Frame(NARROWEST, ascii=True)):
        for row in text_of(view(question.simulator).given(question.scenario, frame, question.hidden)).split("\n"):
            if len(row) > frame.width:
                seen.tell("too-wide", f"{question.name}: {row[:50]!r} does not fit {frame.width} columns")


def _slips(question: Question, seen: _Seen) -> None:
    """One entry of the answer off by one or two, or two neighbours swapped: is the result taken for a mistake?"""
    slipped = [one for one in _slipped(question) if question.accepts is None or not question.accepts(one)]
    read_as = [bool(fits(question, one)) for one in slipped]
    seen.slips += len(slipped)
    seen.judged = question.answer.kind in ("vector", "table") or _numeric(question)
    seen.misread += sum(read_as)
    if slipped and len(seen.tries) <= PAIRED:
        pairs = question.pairs()
        seen.paired += len(slipped)
        seen.misread_as_two += sum(
            not known and any(question.answer.same(two.value, one) for two in pairs)
            for one, known in zip(slipped, read_as, strict=True)
        )


def _numeric(question: Question) -> bool:
    """Whether it is a sequence of numbers; of a few names two mistakes differ by a swap as often as by anything."""
    return question.answer.kind == "sequence" and all(type(each) is int for each in question.right)


def _slipped(question: Question) -> Iterator[Any]:
    """Every answer that is one slip away from the right one; nothing for kinds in which there are no slips."""
    right, kind = question.right, question.answer.kind
    if kind == "vector":
        yield from ({**right, key: right[key] + by} for key in right if type(right[key]) is int for by in SLIPS)
    elif kind == "number" and isinstance(right, int | Fraction):
        yield from (right + Fraction(by, right.denominator) for by in SLIPS)
    elif kind == "hits":
        yield from (right[:n] + ("M" if one == "H" else "H") + right[n + 1 :] for n, one in enumerate(right))
    elif _numeric(question):
        yield from ((*right[:n], right[n] + by, *right[n + 1 :]) for n in range(len(right)) for by in SLIPS)
    elif kind == "sequence":
        swapped = ((*right[:n], right[n + 1], right[n], *right[n + 2 :]) for n in range(len(right) - 1))
        yield from (one for one in swapped if one != right)
    elif kind == "table":
        yield from _slipped_cells(right)


def _slipped_cells(right: Any) -> Iterator[Any]:
    """A table with one of its whole numbers off, each in turn."""
    named = isinstance(right, Mapping)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in (right.values() if named else right)]
    for at, row in enumerate(rows):
        for n, cell in enumerate(row):
            for by in SLIPS if type(cell) is int else ():
                changed = [*rows[:at], (*row[:n], cell + by, *row[n + 1 :]), *rows[at + 1 :]]
                yield dict(zip(right, changed, strict=True)) if named else tuple(changed)


# ── over all questions ──────────────────────────────────────────────────────────────────────────────────────────


def _tests(skill: Skill, level: int, seen: _Seen) -> None:
    """What the author wrote down for single seeds."""
    for n, test in enumerate(skill.tests):
        if test.get("level", 1) == level:
            _test(skill, level, n, dict(test), seen)


def _test(skill: Skill, level: int, n: int, test: dict[str, Any], seen: _Seen) -> None:
    try:
        question = draw(skill, level, test["seed"])
    except CannotDraw:
        return seen.tell("test-failed", f"tests.{n}: seed {test['seed']} gives no question")
    try:
        verdict = judge(question, read(question, test.get("answer") or test["give"]))
    except Unreadable:
        found: tuple[str, ...] = ("unreadable",)
    else:
        found = ("right",) if verdict.right else ("wrong", *verdict.mistakes, *verdict.conventions)
    expected = test.get("expect", "right")
    if expected not in found:
        right = f"; the right answer is {answer_text(question)!r}" if "answer" in test else ""
        seen.tell("test-failed", f"tests.{n}: {question.name} is {' '.join(found)}, not {expected}{right}")
    return None


def _rates(skill: Skill, level: int, seen: _Seen) -> None:
    drawn = len(seen.tries)
    if skill.simulated and not seen.shown and not skill.simulated.conventions:
        seen.tell("no-mistake-left", f"level {level}: in {drawn} instances no mistake shows; a question must diagnose")
    if drawn < LEAST_FOR_RATES:
        return
    if statistics.median(seen.tries) >= MOST_TRIES:
        unseen = " ".join(id_ for id_ in seen.names if not seen.shown[id_])
        why = f"{unseen} never shows at this level" if unseen else "the mistakes seldom show together"
        seen.tell("hard-to-draw", f"level {level}: most instances take all {MOST_TRIES} draws: {why}")
    _never_apart(level, drawn, seen)
    _guessable(skill, level, drawn, seen)
    ordered = sorted(seen.effort)
    least, most = ordered[drawn // 20], ordered[-1 - drawn // 20]  # a rare one at either end is nobody's fault
    if most > UNEVEN * max(least, GLANCE):
        message = f"level {level}: runs mostly take from {least} to {most} steps, more than fourfold; narrow the ranges"
        seen.tell("uneven-effort", message)
    misread = seen.misread / seen.slips if seen.slips else 0
    chance = 2.33 * (MOST_MISREAD * (1 - MOST_MISREAD) / seen.slips) ** 0.5 if seen.slips else 0
    if seen.judged and misread > MOST_MISREAD + chance:
        message = f"level {level}: {misread:.0%} of the slips by one or two give a mistake's answer, at most 5 % may"
        seen.tell("slip-misread", message)


def _never_apart(level: int, drawn: int, seen: _Seen) -> None:
    same = [f"{one} and {other}" for (one, other), n in seen.together.items() if n and not seen.apart[one, other]]
    if same:
        message = f"level {level}: {', '.join(same)} give the same answer in all of {drawn} instances; drop one"
        seen.tell("never-apart", message)


def _guessable(skill: Skill, level: int, drawn: int, seen: _Seen) -> None:
    """No right answer in more than the greater of 40 % and 1.2/n of the instances, beyond what chance explains."""
    if skill.authored:
        return
    if seen.choices == 2:
        message = f"level {level}: of two answers one is right by chance; ask for the reason, or for what shows it"
        seen.tell("two-valued", message)
    bound = max(0.4, 1.2 / seen.choices if seen.choices else 0)
    answer, times = seen.answers.most_common(1)[0]
    allowed = bound * drawn + 2.33 * (bound * (1 - bound) * drawn) ** 0.5 if bound < 1 else drawn
    if times > allowed:
        message = f"level {level}: the answer is {answer!r} in {times} of {drawn} instances; vary what decides it"
        seen.tell("guessable", message)


def _proof(skill: Skill, level: int, seeds: Sequence[int], seen: _Seen) -> Proof:
    drawn = len(seen.tries)
    tries = sorted(seen.tries) or [0]
    return Proof(
        skill=skill.id,
        level=level,
        seeds=len(seeds),
        drawn=drawn,
        kind=seen.kind,
        form=skill.simulated.form if skill.simulated else "",
        separated=seen.whole / drawn if drawn else 0.0,
        diagnoses=seen.some / drawn if drawn else 0.0,
        pairs={f"{one} {other}": seen.apart[one, other] / n for (one, other), n in seen.together.items()},
        tries=(int(statistics.median(tries)), tries[min(len(tries) - 1, len(tries) * 99 // 100)]),
        at_once=seen.tries.count(1) / drawn if drawn else 0.0,
        guess=seen.answers.most_common(1)[0][1] / drawn if drawn else 1.0,
        misread=seen.misread / seen.slips if seen.slips else None,
        misread_as_two=seen.misread_as_two / seen.paired if seen.paired else None,
        steps=(min(seen.steps, default=0), max(seen.steps, default=0)),
        effort=(min(seen.effort, default=0), max(seen.effort, default=0)),
        ms=round(statistics.median(seen.seconds) * 1000, 3) if seen.seconds else 0.0,
        unseen=tuple(id_ for id_ in seen.names if not seen.shown[id_]),
        faults=tuple(seen.faults.items()),
    )
