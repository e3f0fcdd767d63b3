"""How does an author begin? With a commented file that already passes the check.

A simulated skill begins as a copy of a built-in one on the same simulator, under a new id; so its ranges draw, and
its mistakes show. A missing pack.yaml, concept or schema is written beside it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sims.listed import MODULES, simulator
from trainer.bank.load import Bank, builtin, load
from trainer.bank.schema import schemas
from trainer.model import Simulated, Skill, replace
from trainer.quiz.draw import draw
from trainer.quiz.judge import answer_text

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ANSWERS = ("choice", "choices", "short", "order", "parts", "free")
SCHEMAS = ".schema"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./()+=-]*( [A-Za-z0-9_./()+=|-]+)*")


class CannotWrite(Exception):
    """What was asked for cannot be begun; the message says why."""


def new_skill(path: Path, *, simulate: str = "", answer: str = "", concept: str = "") -> list[Path]:
    """Write pack/TOPIC/NAME.yaml with one skill, and what it needs. The files written. Raises CannotWrite."""
    path = path.with_suffix(".yaml")
    pack, name = _place(path)
    bank, _ = load((builtin(), pack) if pack.is_dir() else (builtin(),))
    concept = concept or name
    if answer:
        text = _authored(name, concept, answer)
    else:
        text = _simulated(_model(bank, simulate or next(iter(MODULES))), name, concept)
    files = {path: text}
    if concept not in bank.concepts:
        files[path.with_name(f"{concept}.md")] = _concept(concept)
    return _write(_pack_files(pack) | files, path)


def new_concept(path: Path) -> list[Path]:
    """Write pack/TOPIC/NAME.md and a question about it. The files written. Raises CannotWrite."""
    path = path.with_suffix(".md")
    pack, name = _place(path)
    question = _authored(f"{name}-asked", name, "choice")  # a concept that nobody asks about fails the check
    return _write({**_pack_files(pack), path: _concept(name), path.with_suffix(".yaml"): question}, path)


def new_pack(pack: Path) -> list[Path]:
    """Write a pack's manifest, its list of sources and the schemas. The files written. Raises CannotWrite."""
    if not ID.fullmatch(pack.resolve().name):
        raise CannotWrite(f"{pack.resolve().name!r} is no id of a pack: lower-case letters and digits with - between")
    return _write(_pack_files(pack), pack / "pack.yaml")


def _place(path: Path) -> tuple[Path, str]:
    """The pack and the name that a path pack/TOPIC/NAME stands for."""
    for part in (path.stem, path.parent.name):
        if not ID.fullmatch(part):
            wanted = "expected PACK/TOPIC/NAME, names of lower-case letters and digits with - between"
            raise CannotWrite(f"{part!r} is no name: {wanted}")
    return path.parent.parent, path.stem


def _write(files: Mapping[Path, str], asked: Path) -> list[Path]:
    """Write the files that are not there yet. Raises CannotWrite where the one that was asked for is."""
    if asked.exists():
        raise CannotWrite(f"{asked} is there already; nothing was written")
    fresh = [path for path in files if path == asked or not path.exists()]
    try:
        for path in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{error.filename} cannot be written: {error.strerror}") from error
    return fresh


def _pack_files(pack: Path) -> dict[Path, str]:
    name = pack.resolve().name
    id_ = name if ID.fullmatch(name) else "my-pack"
    manifest = f"""# yaml-language-server: $schema={SCHEMAS}/pack.json
# What this pack is. Its folders are its topics.
id: {id_}
title: {_title(id_)}
format: 1
license: CC-BY-SA-4.0
authors: []
"""
    sources = f"""# yaml-language-server: $schema={SCHEMAS}/sources.json
# Where facts come from: ID: {{title, kind: book|man|kernel|paper|spec|web, edition, year}}.
# Skills and concepts cite an id and the place: ostep 7.2. The built-in pack's sources can be cited too.
example: {{title: "Replace this by a book, a manual page or a paper", kind: book, year: 2026}}
"""
    made = {pack / SCHEMAS / name: json.dumps(schema, indent=1) + "\n" for name, schema in schemas().items()}
    return {pack / "pack.yaml": manifest, pack / "sources.yaml": sources, **made}


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


# ── texts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _concept(name: str) -> str:
    return f"""---
id: {name}
title: {_title(name)}
requires: []                             # concepts that come before this one
sources: []                              # from sources.yaml: [ostep 7.2]
---
What it is, in two or three sentences that are true as they stand. At most 300 words in all.

**In production.** Why it matters, with a number.

**See it.** A command, and what to look for in its output.

**Often believed.** The common wrong belief, and what is the case.
"""


def _model(bank: Bank, simulate: str) -> Skill:
    """The built-in skill to begin from: asked forward, with the most levels."""
    if simulate not in MODULES:
        raise CannotWrite(f"no simulator {simulate[:40]!r}; expected one of {' '.join(MODULES)}")
    skills = [bank.skill(id_) for id_, entry in bank.skills.items() if entry.kind == "simulated"]
    fitting = [one for one in skills if one.simulated and one.simulated.simulator == simulate]
    forward = [one for one in fitting if one.simulated and one.simulated.form == "forward"]
    if not forward:
        raise CannotWrite(f"no built-in skill on {simulate} to begin from; copy one of another simulator")
    return max(forward, key=lambda one: len(one.levels))


def _simulated(model: Skill, name: str, concept: str) -> str:
    asks = model.simulated
    assert asks is not None
    return "\n".join((*_head(name, concept), *_drawn(asks), *_asked(model, asks, name))) + "\n"


def _head(name: str, concept: str) -> Iterator[str]:
    yield f"# yaml-language-server: $schema=../{SCHEMAS}/skills.json"
    yield "# One skill or several. docs/authoring.md explains every key; `osdrill check PACK` proves them."
    yield "skills:"
    yield _line(f"  - id: {name}", "never changes: a learner's history hangs on it")
    yield _line("    revision: 1", "raise it when a seed would give another question")
    yield _line(f"    concept: {concept}", "a concept of this pack or of the built-in one")
    yield f"    title: {_title(name)}"


def _drawn(asks: Simulated) -> Iterator[str]:
    help_ = f"`osdrill sim {asks.simulator} --help`: fields, measures, mistakes"
    yield _line(f"    simulate: {asks.simulator}", help_)
    if asks.recipe:
        yield _line(f"    recipe: {asks.recipe}", "then `scenario` holds ranges for its parameters")
    yield _line("    scenario:", "ranges: 5, 2..9, 2..10 step 2, a | b, {count: 3..4, FIELD: RANGE}")
    yield from (f"      {key}: {flow(value)}" for key, value in asks.scenario.items())
    if asks.levels:
        yield _line("    levels:", "merged over the scenario; a list or a scalar replaces")
        yield from (f"      {level}: {flow(over)}" for level, over in sorted(asks.levels.items()))


def _asked(model: Skill, asks: Simulated, name: str) -> Iterator[str]:
    declared = simulator(asks.simulator)
    others = [measure.name for measure in declared.measures if measure.name != asks.ask.split()[0]]
    yield _line(f"    ask: {asks.ask}", f"also {', '.join(others[:4])}, …" if others else "")
    yield f"    mistakes: {flow(list(asks.mistakes))}"
    yield f"    conventions: {flow(list(asks.conventions))}"
    yield _line("    say:", "your own words for a mistake; without them the simulator's")
    first = (*asks.mistakes, *asks.conventions)[0]
    yield f"      {first}: {flow(asks.say.get(first) or declared.mistake(first).says)}"
    yield _line("    text: |", "{field} is replaced by that field of the scenario")
    yield from (f"      {line}" if line else "" for line in model.text.strip().split("\n"))
    yield f"    sources: {flow(list(model.sources))}"
    yield _line("    tests:", "what one seed must give; `osdrill ask` and `show` print it")
    question = draw(_renamed(model, name), 1, 1)
    yield f"      - {{seed: 1, answer: {json.dumps(answer_text(question), ensure_ascii=False)}}}"


def _renamed(model: Skill, name: str) -> Skill:
    return replace(model, id=name, revision=1, tests=())


def _line(text: str, comment: str) -> str:
    return f"{text:<40} # {comment}" if comment else text


def flow(value: Any) -> str:
    """A plain value on one line, quoted where the reader wants it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


_ANSWERS = {
    "choice": """    options:                             # right: true stands at the right one; every option says why
      - {text: The right statement., right: true, why: Because it is so.}
      - {text: A statement that people believe., why: What is wrong with it.}
      - {text: Another such statement., why: What is wrong with that.}
""",
    "choices": """    options:                             # right: true stands at each right one; every option says why
      - {text: A right statement., right: true, why: Because it is so.}
      - {text: Another right statement., right: true, why: Because that is so too.}
      - {text: A statement that people believe., why: What is wrong with it.}
""",
    "short": """    accept: [the word, its synonym]      # the first is the one that is shown
    wrong:                               # answers that people give
      - {text: another word, why: What that word means.}
    explanation: Why it is the word.
""",
    "order": """    items: [first, second, third]        # in the right order
    explanation: Why this order.
""",
    "parts": """    parts:                               # several choices about one text, each with one right option
      - ask: Which resource is short?
        options:
          - {text: The right one., right: true, why: Because it is so.}
          - {text: The one that people suspect., why: What is wrong with it.}
      - ask: What is the cause?
        options:
          - {text: A cause that people name., why: What is wrong with it.}
          - {text: The right one., right: true, why: Because it is so.}
    explanation: What happened, from the evidence.
""",
    "free": """    points:                              # what a good answer speaks of; the learner marks each
      - {text: The first thing to be said., terms: [first thing, "a synonym of it"]}
      - {text: The second thing to be said., terms: [second thing]}
    explanation: What a good answer would say, in two or three sentences.
""",
}


def _authored(name: str, concept: str, answer: str) -> str:
    if answer not in ANSWERS:
        raise CannotWrite(f"no kind of answer {answer[:40]!r}; expected one of {' '.join(ANSWERS)}")
    head = "\n".join(_head(name, concept))
    return f"""{head}
    answer: {answer}
    text: |
      The question, as a good interviewer would ask it.
{_ANSWERS[answer]}    sources: []                          # from sources.yaml: [ostep 7.2]
"""
