"""Does a name still give the question that it gave? data/digests.txt keeps a digest of what each skill draws.

    python -m tools.digests           write the file; refused where a question changed and its revision did not
    python -m tools.digests --check   only say what is not as it is written there

A line is a skill and its revision, then a digest a level:   round-robin.waiting@1  1:0f9c2a41d07b 2:77e1…
A digest is over what a revision covers, for the seeds 1 to 3: form, scenario, numbers drawn, the answer's kind and the
right answer, mistakes and conventions with their answers. Wording is not in it. A learner's history names questions by
skill, revision, level and seed, so what a name gives may change only under another revision.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from sims.fields import plain
from trainer.bank.load import Bank, builtin, load
from trainer.model import Question, Skill
from trainer.quiz.authored import drawn
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.judge import answer_text
from trainer.quiz.stream import picker

FILE = Path(__file__).resolve().parent.parent / "data" / "digests.txt"
SEEDS = (1, 2, 3)
HEAD = "# Made by `make digests`; see tools/digests.py. What a name gives changes only under another revision.\n"


class Entry(NamedTuple):
    """What one skill gives."""

    revision: int
    levels: Mapping[int, str]  # level -> digest


Digests = dict[str, Entry]  # by skill


# ── what a question is ──────────────────────────────────────────────────────────────────────────────────────────


def digests(bank: Bank) -> Digests:
    """Every skill of the bank."""
    return {id_: entry(bank.skill(id_)) for id_ in sorted(bank.skills)}


def entry(skill: Skill) -> Entry:
    """One skill, level by level, so that a new level disturbs no other."""
    return Entry(skill.revision, {level: _digest(skill, level) for level in skill.levels})


def _digest(skill: Skill, level: int) -> str:
    said = json.dumps([_said(skill, level, seed) for seed in SEEDS], sort_keys=True, separators=(",", ":"))
    return blake2b(said.encode(), digest_size=6).hexdigest()


def _said(skill: Skill, level: int, seed: int) -> Any:
    try:
        question = draw(skill, level, seed)
    except CannotDraw:
        return None
    return question_said(skill, question)


def question_said(skill: Skill, question: Question) -> dict[str, Any]:
    """What a revision covers, as JSON has it."""
    written, asks = skill.authored, skill.simulated
    choices = getattr(question.answer, "choices", ())  # the two values that are compared
    right = {"short": "", "free": ""}.get(question.answer.kind, answer_text(question))  # of these it is wording
    return {
        "form": asks.form if asks else "",
        "asks": asks.ask if asks else "",
        "scenario": plain(question.scenario),
        "shown": plain(getattr(question.shown, "scenario", None)),
        "numbers": plain(drawn(written.evidence, picker(question.name))) if written and written.evidence else None,
        "answer": [question.answer.kind, *choices, right],
        "mistakes": _mistakes(question),
    }


def _mistakes(question: Question) -> dict[str, str]:
    """Mistake -> its answer; of a short answer the mistakes are wording too."""
    if question.answer.kind == "short":
        return {}
    return {one.id: question.answer.write(one.value) for one in question.mistakes}


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


def read(text: str) -> Digests:
    """What the file holds."""
    found: Digests = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, *levels = line.split()
            id_, _, revision = name.partition("@")
            found[id_] = Entry(int(revision), {int(one.partition(":")[0]): one.partition(":")[2] for one in levels})
    return found


def written(found: Digests) -> str:
    """The file for these."""
    return HEAD + "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Digests) -> Iterator[str]:
    for id_, one in sorted(found.items()):
        yield f"{id_}@{one.revision}  {' '.join(f'{level}:{digest}' for level, digest in sorted(one.levels.items()))}"


# ── comparing ───────────────────────────────────────────────────────────────────────────────────────────────────


def broken(kept: Digests, now: Digests) -> list[str]:
    """Where a name gives another question than it gave, in sentences that say what to do."""
    return [line for id_ in sorted(kept) if id_ in now for line in _broken(id_, kept[id_], now[id_])]


def _broken(id_: str, kept: Entry, now: Entry) -> Iterable[str]:
    if now.revision < kept.revision:
        yield f"{id_}: revision {now.revision} was {kept.revision}; a revision is never lowered"
    elif now.revision == kept.revision:
        for level, digest in kept.levels.items():
            if now.levels.get(level, digest) != digest:
                yield (
                    f"{id_}@{kept.revision}/{level} gives another question than it did: scenario, form, mistakes or "
                    f"answer changed. Raise its revision to {kept.revision + 1} and run `make digests`, or undo the "
                    "change"
                )


def unwritten(kept: Digests, now: Digests) -> list[str]:
    """What is allowed, but not in the file yet: new skills, levels and revisions, and those that are gone."""
    return [
        f"{id_} {why}: run `make digests`"
        for id_ in sorted({*kept, *now})
        if (why := _differs(kept.get(id_), now.get(id_)))
    ]


def _differs(kept: Entry | None, now: Entry | None) -> str:
    if kept is None:
        return "is new"
    if now is None:
        return "is gone"
    if now.revision != kept.revision:
        return f"has revision {now.revision}, {kept.revision} is written"
    if set(now.levels) != set(kept.levels):
        return f"has the levels {_listed(now)}, {_listed(kept)} are written"
    return ""


def _listed(one: Entry) -> str:
    return " ".join(map(str, sorted(one.levels)))


def main() -> int:
    """Write or check the file; exit status 1 where a question changed under its name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    bank, _ = load((builtin(),))
    kept, now = read(FILE.read_text(encoding="utf-8") if FILE.exists() else ""), digests(bank)
    wrong = broken(kept, now) + (unwritten(kept, now) if options.check else [])
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong or options.check:
        return 1 if wrong else 0
    FILE.write_text(written(now), encoding="utf-8")
    print(f"{FILE}: {len(now)} skills, {sum(len(one.levels) for one in now.values())} levels")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
