"""Can anything that people type or send bring the readers down? Fuzzed with atheris, which follows coverage.

    python -m tools.fuzz TARGET [SECONDS]     TARGET: yaml | front | ranges | ask | answers | sim

Each target takes bytes and may refuse them in the way its reader documents; anything else it raises is a finding, and
atheris writes the bytes to crash-… in the current folder, whose folder `corpus` may hold examples to begin from.
Atheris is not a dependency: `pip install atheris` first.
"""

import contextlib
import json
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["trainer", "sims"]):
    from sims.declare import Invalid, Limit, NoAnswer
    from sims.listed import MODULES, simulator
    from trainer.bank import reader
    from trainer.bank.format import SkillFile
    from trainer.bank.front import front
    from trainer.bank.ranges import parse, parse_ask
    from trainer.bank.walk import walk
    from trainer.cli.refusal import Refusal
    from trainer.cli.sim import answered
    from trainer.model import AnswerKind, Point, Problem, Unreadable
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
    from trainer.quiz.points import found

NAMES = ("P0", "P1", "P2")
POINTS = (Point("Pages are copied on write.", ("copy on write", "never copied")),)
KINDS: tuple[AnswerKind, ...] = (
    NumberAnswer("KiB", others=("none",)),
    NumberAnswer("", 16),
    NumberAnswer("ticks", exact=False),
    VectorAnswer(NAMES, NumberAnswer("ticks")),
    RowsAnswer(NAMES, ("A", "B")),
    TableAnswer(("process", "start", "end"), "slice", frozenset({"p0", "p1"})),
    SequenceAnswer("process", NAMES),
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


def yaml(data: bytes) -> None:
    text = reader.decoded(data, "f.yaml")
    if not isinstance(text, Problem):
        root, problems = reader.read(text, "f.yaml")
        assert root is not None or problems
        if root is not None:
            walk(root, SkillFile, "f.yaml")


def header(data: bytes) -> None:
    text = reader.decoded(data, "f.md")
    if not isinstance(text, Problem):
        front(text, "f.md")


def ranges(data: bytes) -> None:
    """The first byte names a record, the second a field; the rest is what stands for it."""
    if len(data) < 2:
        return
    type_ = RECORDS[data[0] % len(RECORDS)]
    fields = list(type_.__dataclass_fields__)
    with contextlib.suppress(Invalid):
        parse({fields[data[1] % len(fields)]: _plain(data[2:])}, type_)


def ask(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        parse_ask(data.decode(errors="replace"))


def answers(data: bytes) -> None:
    """The first byte names a kind of answer. What is read is written, and reads back to the same."""
    text = data[1:].decode(errors="replace")
    kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    try:
        value = kind.read(text)
    except Unreadable:
        return
    assert kind.same(value, kind.read(kind.write(value))), (kind, text, value)
    if isinstance(kind, FreeAnswer):
        found(POINTS[0], text)


def sim(data: bytes) -> None:
    """The first byte names a simulator, the rest is a scenario in JSON."""
    try:
        raw = json.loads(data[1:])
    except (ValueError, RecursionError):
        return
    declared = simulator(list(MODULES)[data[0] % len(MODULES)])
    with contextlib.suppress(Invalid, Limit, NoAnswer, Refusal):
        answered(declared, raw, ())


def _plain(data: bytes) -> object:
    """A range: text, or a map or list in JSON whose scalars are text."""
    text = data.decode(errors="replace")
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return text


TARGETS: dict[str, Callable[[bytes], None]] = {
    "yaml": yaml,
    "front": header,
    "ranges": ranges,
    "ask": ask,
    "answers": answers,
    "sim": sim,
}


def main() -> None:
    """Fuzz one target for so many seconds."""
    target, *seconds = sys.argv[1:]
    limits = [f"-max_total_time={seconds[0]}"] if seconds else []
    atheris.Setup(
        [sys.argv[0], *limits, "corpus", "-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"], TARGETS[target]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
