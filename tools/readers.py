"""What must every reader of this program withstand? One target a reader: bytes in, only what it documents out.

A target returns when the bytes were read, or refused in the way that the reader's docstring tells; anything else that
it raises is a finding. `tools/fuzz.py` drives the targets for hours, `tests/tools/test_readers.py` for seconds.

    TARGETS["answers"](b"\\x03 4 5 6")        the first byte says which kind of answer is asked for
    seeds("answers")                          bytes to begin from, made of the real content
"""

import contextlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sims.declare import Invalid
from sims.fields import plain
from sims.listed import MODULES, simulator
from trainer.bank import reader
from trainer.bank.files import listing
from trainer.bank.format import SkillFile
from trainer.bank.front import front
from trainer.bank.load import builtin, load
from trainer.bank.ranges import parse, parse_ask
from trainer.bank.walk import walk
from trainer.cli import sim as sim_command
from trainer.cli.clock import Clock
from trainer.cli.dates import day_named
from trainer.cli.joined import fold
from trainer.cli.main import main
from trainer.cli.named import parsed
from trainer.cli.refusal import Refusal
from trainer.cli.settings import settings
from trainer.model import AnswerKind, Point, Problem, Question, Skill, Unreadable
from trainer.quiz.answers.comparison import ComparisonAnswer
from trainer.quiz.answers.free import FreeAnswer
from trainer.quiz.answers.hits import HitsAnswer
from trainer.quiz.answers.number import NumberAnswer
from trainer.quiz.answers.options import ChoiceAnswer, ChoicesAnswer, OrderAnswer
from trainer.quiz.answers.parts import PartsAnswer
from trainer.quiz.answers.rows import RowsAnswer
from trainer.quiz.answers.sequence import SequenceAnswer, SetAnswer
from trainer.quiz.answers.short import ShortAnswer
from trainer.quiz.answers.table import TableAnswer
from trainer.quiz.answers.vector import VectorAnswer
from trainer.quiz.answers.word import WordAnswer, YesNoAnswer
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.judge import answer_text, judge, read
from trainer.quiz.points import FOUND, MAYBE, MISSING, found
from trainer.store.errors import CannotSave
from trainer.store.exchange import export_lines, import_lines
from trainer.store.rows import digest
from trainer.store.store import Store

Target = Callable[[bytes], None]

NAMES = ("P0", "P1", "P2")
POINTS = (Point("Pages are copied on write.", ("copy on write", "never copied", "x")),)
KINDS: tuple[AnswerKind, ...] = (
    NumberAnswer("KiB", others=("none",)),
    NumberAnswer("", 16),
    NumberAnswer("ticks", exact=False),
    NumberAnswer("%"),
    VectorAnswer(NAMES, NumberAnswer("ticks")),
    RowsAnswer(NAMES, ("A", "B")),
    TableAnswer(("process", "start", "end"), "slice", frozenset({"p0", "p1"})),
    SequenceAnswer("process", NAMES),
    SequenceAnswer("page"),
    SetAnswer("page"),
    HitsAnswer(5),
    YesNoAnswer(),
    WordAnswer(("safe", "not-present")),
    ChoiceAnswer(4),
    ChoicesAnswer(4),
    OrderAnswer(4),
    PartsAnswer((3, 2)),
    ShortAnswer(("context switch",)),
    ComparisonAnswer(("rr", "fcfs"), "ticks"),
    FreeAnswer(POINTS),
)
RECORDS = tuple(type_ for name in MODULES for type_ in simulator(name).scenarios)


# ── content ─────────────────────────────────────────────────────────────────────────────────────────────────────


def yaml(data: bytes) -> None:
    """A file of skills: text or a problem; a node or a problem; then every problem of form, none an exception."""
    text = reader.decoded(data, "f.yaml")
    if isinstance(text, Problem):
        return
    root, problems = reader.read(text, "f.yaml")
    assert root is not None or problems
    if root is not None:
        walk(root, SkillFile, "f.yaml")


def concept(data: bytes) -> None:
    """A concept: its header and its text."""
    text = reader.decoded(data, "f.md")
    if not isinstance(text, Problem):
        parts, problems = front(text, "f.md")
        assert parts.header is not None or problems


def pack(data: bytes) -> None:
    """A whole pack whose one topic has this file: all of the checks across files, from text to skills."""
    place = _folder() / "pack"
    (place / "topic").mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text('id: fuzzed\ntitle: "Fuzzed"\nformat: 1\nlicense: MIT\n', encoding="utf-8")
    (place / "topic" / "one.md").write_text("---\nid: one\ntitle: One\n---\nOne idea.\n", encoding="utf-8")
    (place / "topic" / "skills.yaml").write_bytes(data)
    bank, _ = load((place,))
    for id_ in bank.skills:
        bank.skill(id_)


def ranges(data: bytes) -> None:
    """The first byte names a record, the second a field; the rest is what stands for it."""
    if len(data) < 2:
        return
    type_ = RECORDS[data[0] % len(RECORDS)]
    fields = list(type_.__dataclass_fields__)
    with contextlib.suppress(Invalid):
        parse({fields[data[1] % len(fields)]: _plain(data[2:])}, type_)


def ask(data: bytes) -> None:
    """What a skill asks: a measure with ranges for its arguments."""
    with contextlib.suppress(Invalid):
        parse_ask(data.decode(errors="replace"))


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def answers(data: bytes) -> None:
    """The first byte names a kind of answer. What is read is written, and reads back to the same."""
    text = data[1:].decode(errors="replace")
    kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    try:
        value = kind.read(text)
    except Unreadable:
        return
    written = kind.write(value)
    assert "\n" not in written, (kind.kind, written)
    again = kind.read(written)
    assert kind.write(again) == written, (kind.kind, text, written)
    assert kind.same(value, again) or isinstance(kind, FreeAnswer | ShortAnswer), (kind.kind, text, value)


def judged(data: bytes) -> None:
    """The first byte names a real question: whatever can be read is judged, and the verdict keeps its promises."""
    asked = _questions()
    question = asked[data[0] % len(asked)] if data else asked[0]
    try:
        response = read(question, data[1:].decode(errors="replace"))
    except Unreadable:
        return
    verdict = judge(question, response)
    known = {one.id for one in question.mistakes}
    assert not verdict.right or not (verdict.mistakes or verdict.conventions)
    assert set(verdict.conventions) <= known
    assert verdict.says or not verdict.right


def points(data: bytes) -> None:
    """A free answer, after the first byte of another kind: the terms and the text both, divided by a newline."""
    terms, _, text = data.decode(errors="replace").partition("\n")
    assert found(Point("x", tuple(terms.split(","))), text) in (FOUND, MAYBE, MISSING)


# ── the command line ────────────────────────────────────────────────────────────────────────────────────────────


def sim(data: bytes) -> None:
    """The first byte names a simulator, its highest bit chooses JSON; the rest is what `osdrill sim NAME FILE` gets."""
    file = _folder() / "scenario"
    file.write_bytes(data[1:])
    first = data[0] if data else 0
    options = ["--json"] if first < 128 else []
    assert _called("sim", list(MODULES)[first % len(MODULES)], str(file), *options) in (0, 2)


def _called(*arguments: str) -> int:
    """The exit status of a command whose output nobody reads. It may not end in an exception."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return main(list(arguments))


def measures(data: bytes) -> None:
    """The first byte names a simulator, the rest is what stands after `--ask`."""
    declared = simulator(list(MODULES)[data[0] % len(MODULES)]) if data else simulator(next(iter(MODULES)))
    for example in declared.examples:
        with contextlib.suppress(Refusal):
            json.dumps(sim_command.answered(declared, example.scenario, (data[1:].decode(errors="replace"),)))


def names(data: bytes) -> None:
    """The name of a question; what is read is written the same way."""
    text = data.decode(errors="replace")
    with contextlib.suppress(Refusal):
        name = parsed(text)
        assert parsed(str(name)) == name


def times(data: bytes) -> None:
    """An instant of OSDRILL_NOW, and the day of a goal."""
    text = data.decode(errors="replace")
    with contextlib.suppress(Refusal):
        Clock(text).now()
    with contextlib.suppress(Refusal):
        day_named(text)


def config(data: bytes) -> None:
    """The file of settings."""
    file = _folder() / "config.toml"
    file.write_bytes(data)
    with contextlib.suppress(Refusal):
        settings({}, {}, file)


# ── histories ───────────────────────────────────────────────────────────────────────────────────────────────────


def lines(data: bytes) -> None:
    """An export that is taken in: refused line by line, or kept; what is kept folds, and can be exported again.

    Digests are put right, so that the reader sees what a forged file can hold.
    """
    folder = _folder()
    for file in folder.glob("history*"):
        file.unlink()
    text = "\n".join(map(_signed, data.decode(errors="replace").split("\n")))
    with Store.open(folder / "history.db", fold({}), under=fold) as store:
        try:
            import_lines(store, text.split("\n"))
        except CannotSave:
            return
        kept = list(export_lines(store))
        assert import_lines(store, kept).new == 0
        store.rebuild()


def _signed(line: str) -> str:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return line
    kind = next((one for one in ("review", "event", "setting") if isinstance(raw, dict) and one in raw), None)
    if kind is None:
        return line
    with contextlib.suppress(RecursionError, TypeError, ValueError):
        return json.dumps({kind: raw[kind], "digest": digest(raw[kind]).hex()})
    return line


# ── what the targets stand on ───────────────────────────────────────────────────────────────────────────────────

TARGETS: dict[str, Target] = {
    "yaml": yaml,
    "concept": concept,
    "pack": pack,
    "ranges": ranges,
    "ask": ask,
    "answers": answers,
    "judged": judged,
    "points": points,
    "sim": sim,
    "measures": measures,
    "names": names,
    "times": times,
    "config": config,
    "lines": lines,
}

_kept: dict[str, Any] = {}


def _folder() -> Path:
    """A folder of this process, in memory where there is such a file system; removed at its end by `clear`."""
    if "folder" not in _kept:
        shared = Path("/dev/shm")
        _kept["folder"] = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
    folder: Path = _kept["folder"]
    return folder


def clear() -> None:
    """Remove what the targets wrote."""
    if "folder" in _kept:
        shutil.rmtree(_kept.pop("folder"), ignore_errors=True)


def _questions() -> list[Question]:
    """One question of each kind of answer, form and simulator of the built-in pack, at most 250."""
    if "questions" not in _kept:
        found_: dict[tuple[str, ...], Question] = {}
        for skill in _skills():
            asks = skill.simulated
            try:
                question = draw(skill, 1, 1)
            except CannotDraw:
                continue
            key = (
                question.answer.kind,
                question.simulator,
                question.measure if asks else "",
                asks.form if asks else "",
            )
            found_.setdefault(key, question)
        _kept["questions"] = list(found_.values())[:250]
    questions: list[Question] = _kept["questions"]
    return questions


def _skills() -> Iterator[Skill]:
    bank, _ = load((builtin(),))
    yield from map(bank.skill, bank.skills)


def _plain(data: bytes) -> object:
    """A range: text, or a map or list in JSON whose scalars are text."""
    text = data.decode(errors="replace")
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return text


# ── where to begin ──────────────────────────────────────────────────────────────────────────────────────────────


def seeds(target: str) -> list[bytes]:
    """Bytes that the reader takes, made of the built-in pack and the simulators' examples."""
    if target not in _kept:
        _kept[target] = list(_SEEDS[target]())
    found_: list[bytes] = _kept[target]
    return found_


def _content(ending: str) -> Iterator[bytes]:
    for file in listing((builtin(),)):
        path = file.path((builtin(),))
        if file.topic and path.suffix == ending:
            yield from _pieces(path.read_bytes())


def _pieces(data: bytes) -> Iterator[bytes]:
    """A file of skills as the list of its first items; longer examples only slow the search."""
    items = data.split(b"\n  - id: ")
    yield b"\n  - id: ".join(items[:2])[:4096]


def _ranges() -> Iterator[bytes]:
    for n, type_ in enumerate(RECORDS):
        fields = list(type_.__dataclass_fields__)
        for m in range(len(fields)):
            for text in (
                "5",
                "2..9",
                "2..10 step 2",
                "none",
                "fcfs | sjf",
                '{"count": "3..4", "each": "0..9 distinct"}',
            ):
                yield bytes((n, m)) + text.encode()


def _asks() -> Iterator[bytes]:
    yield from {skill.simulated.ask.encode() for skill in _skills() if skill.simulated}


def _answers() -> Iterator[bytes]:
    for n, kind in enumerate(KINDS):
        yield bytes((n,)) + kind.example.encode()
    for text in ("1.5 KiB", "0x1f40", "1/3", "1,024", "1e3", "P0=1 P1=2 P2=3", "P0 0 2; P1 2 4", "none", "A1 B2"):
        yield from (bytes((n,)) + text.encode() for n in range(len(KINDS)))


def _judged() -> Iterator[bytes]:
    for n, question in enumerate(_questions()[:256]):
        yield bytes((n,)) + answer_text(question).encode()
        yield from (bytes((n,)) + question.answer.write(one.value).encode() for one in question.mistakes[:1])


def _sims() -> Iterator[bytes]:
    for n, name in enumerate(MODULES):
        for example in simulator(name).examples:
            text = json.dumps(plain(simulator(name).scenario(example.scenario))).encode()
            yield bytes((n,)) + text
            yield bytes((128 + (n - 128) % len(MODULES),)) + text  # drawn


def _measures() -> Iterator[bytes]:
    for n, name in enumerate(MODULES):
        for measure in simulator(name).measures:
            yield bytes((n,)) + " ".join([measure.name, *(f"{one.name}=1" for one in measure.arguments)]).encode()


def _lines() -> Iterator[bytes]:
    common = {"id": "a", "order": 1, "skill": "x.y", "at": "2026-11-23T09:00:00.000000Z", "offset": 60, "day": 20780}
    review = {
        **common, "revision": 1, "level": 1, "seed": 7, "topic": "t", "concept": "x", "kind": "simulated",
        "outcome": "wrong", "mistakes": ["m"], "conventions": [], "hints": 0, "grade": 1, "taken_ms": 900,
        "counts": True, "predicted": 0.5, "scenario": "{}", "text": "?", "answer": "1", "response": "2",
        "diverges_at": "",
    }  # fmt: skip
    yield b'{"osdrill": 1, "what": "history"}\n' + json.dumps({"review": review, "digest": ""}).encode()
    for kind in ("withdraw", "suspend", "resume", "reset", "skip"):
        event = {**common, "kind": kind, "review": "a" if kind == "withdraw" else None}
        yield json.dumps({"event": event, "digest": ""}).encode()
    for name, value in (("goal", {"day": 20800, "topics": [], "retention": 0.9}), ("memory", {"parameters": [0.2]})):
        yield json.dumps({"setting": {"name": name, "value": value}, "digest": ""}).encode()


def _fixed(*texts: str) -> Callable[[], Iterator[bytes]]:
    return lambda: iter([text.encode() for text in texts])


_SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "yaml": lambda: _content(".yaml"),
    "concept": lambda: _content(".md"),
    "pack": lambda: _content(".yaml"),
    "ranges": _ranges,
    "ask": _asks,
    "answers": _answers,
    "judged": _judged,
    "points": _fixed(
        "copy on write,page fault\nThe pages are not copied; on write a page fault copies one.", "a b,c\nb a c"
    ),
    "sim": _sims,
    "measures": _measures,
    "names": _fixed("round-robin.waiting@1/1#7", "a@1/1#4294967295"),
    "times": _fixed(
        "2026-11-23T09:00:00+01:00", "2027-01-20", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"
    ),
    "config": _fixed('minutes = 15\nplain = true\npacks = "/x"\n', "rollover = 4"),
    "lines": _lines,
}
