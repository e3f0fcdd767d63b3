"""Does a pack hold together as a whole? What no single file can tell: claims and interview questions that nobody
serves, lonely concepts, twins, explanations, evidence, options that give themselves away.

Reading ease is Flesch's (1948): 206.835 − 1.015 × words a sentence − 84.6 × syllables a word; syllables are counted as
runs of vowels. Code between backquotes counts as one word.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sims.evidence.listed import evidence
from sims.fields import nearest
from trainer.author.balance import lopsided
from trainer.bank.load import Bank, builtin
from trainer.model import Concept, Place, Problem, QuestionName, Skill
from trainer.quiz.authored import drawn
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.stream import picker

EASE = 45  # below it a concept is hard to read
SAMPLE = 50  # words below which reading ease says nothing: one long word decides
TWINS = 0.6  # of the runs of three words that two questions share
SEEDS = 20  # instances whose evidence is drawn
SERVED = Path("data") / "served.jsonl"  # beside a pack: the questions and scenarios that `serves` may name
_ABOVE = re.compile(
    r"^(?:all|none|both|neither) of (?:the above|these|those)\b|\bthe above\b|\boptions? [1-9]\b", re.IGNORECASE
)


def whole(pack: Path, bank: Bank, skills: Sequence[Skill], under: Bank) -> Iterator[Problem]:
    """Every problem of the pack as a whole; `skills` are the pack's own, `under` is the bank without it."""
    concepts = [bank.concept(id_) for id_ in bank.concepts if id_ not in under.concepts]
    yield from _claims(pack, bank, under, concepts)
    if bank.left_out == under.left_out:  # of what is left out nobody knows about what it asks
        yield from _lonely(pack, concepts, skills)
    yield from _hard(pack, concepts)
    yield from _served(pack, concepts, skills)
    yield from _twins(skills)
    yield from _explained(skills)
    yield from _evidence(skills)
    yield from _above(skills)
    for code, message in lopsided(skills):
        yield Problem(Place(f"{pack}{os.sep}pack.yaml", 1, 1), code, message)


def _file(pack: Path, concept: Concept) -> Path:
    """Where a concept stands: in the file of its name, or in the one of its topic whose header says its id."""
    path = pack / concept.topic / f"{concept.id}.md"
    if path.exists():
        return path
    header = re.compile(rf"^id: *{re.escape(concept.id)} *$", re.MULTILINE)
    others = sorted((pack / concept.topic).glob("*.md"))
    return next((one for one in others if header.search(one.read_text(encoding="utf-8", errors="replace"))), path)


def _at(skill: Skill) -> Place:
    return skill.place or Place("", 1, 1)


def _claims(pack: Path, bank: Bank, under: Bank, concepts: Sequence[Concept]) -> Iterator[Problem]:
    covered = {claim for concept in concepts for claim in concept.claims}
    before = under.tables.claims
    for id_, claim in bank.tables.claims.items():
        if id_ not in covered and claim != before.get(id_):
            place = Place(f"{pack}{os.sep}claims.yaml", 1, 1)
            yield Problem(place, "uncovered-claim", f"{id_} is covered by no concept; name it in one's claims")


def _lonely(pack: Path, concepts: Sequence[Concept], skills: Sequence[Skill]) -> Iterator[Problem]:
    asked = {skill.concept for skill in skills}
    for concept in concepts:
        if concept.id not in asked:
            place = Place(str(_file(pack, concept)), 1, 1)
            yield Problem(place, "lonely-concept", f"no skill asks about {concept.id}; write one, or drop the concept")


def _hard(pack: Path, concepts: Sequence[Concept]) -> Iterator[Problem]:
    for concept in concepts:
        ease = reading_ease(concept.text)
        if ease < EASE and len(concept.text.split()) >= SAMPLE:
            message = f"reading ease is {ease:.0f}, at least {EASE} is wanted; shorter sentences, plainer words"
            yield Problem(Place(str(_file(pack, concept)), 1, 1), "hard-to-read", message)


def reading_ease(text: str) -> float:
    """Flesch's reading ease: 100 is a child's book, 60 a newspaper, 30 a paper in a journal."""
    plain = re.sub(r"`[^`]*`", "code", text)
    words = re.findall(r"[A-Za-z']+", plain)
    sentences = [one for one in re.split(r"[.?:]\s|\n\n", plain) if one.strip()]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    if not words or not sentences:
        return 100.0
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def _twins(skills: Sequence[Skill]) -> Iterator[Problem]:
    """Two questions that people wrote in nearly the same words."""
    told = [(skill, _runs(skill)) for skill in skills if skill.authored]
    for n, (skill, runs) in enumerate(told):
        for other, others in told[:n]:
            shared = len(runs & others) / max(1, min(len(runs), len(others)))
            if shared > TWINS:
                message = f"{skill.id} asks nearly what {other.id} asks ({shared:.0%} of its words); ask something else"
                yield Problem(_at(skill), "near-duplicate", message)
    asked: dict[str, Skill] = {}
    for skill in skills:
        if skill.simulated:
            first = asked.setdefault(_drawing(skill), skill)
            if first is not skill:
                message = f"{skill.id} draws and asks just what {first.id} does; change the ranges, or what is asked"
                yield Problem(_at(skill), "near-duplicate", message)


def _drawing(skill: Skill) -> str:
    """What decides which questions a simulated skill asks."""
    asks = skill.simulated
    assert asks is not None
    said = [asks.simulator, asks.ask, asks.form, asks.recipe, dict(asks.scenario), dict(asks.options)]
    return json.dumps(said, sort_keys=True, default=str)


def _runs(skill: Skill) -> frozenset[tuple[str, ...]]:
    """The runs of three words of a question; a short one counts with its title and right option."""
    assert skill.authored is not None
    right = [option.text for option in skill.authored.options if option.right]
    words = re.findall(r"\w+", f"{skill.title} {skill.text} {' '.join(right)}".casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _served(pack: Path, concepts: Sequence[Concept], skills: Sequence[Skill]) -> Iterator[Problem]:
    """`serves` names what there is; and what stands in a list beside this very pack is served by a concept and a skill.

    The list is the pack's own, else the one of the built-in pack; an installed osdrill has none, and then nothing can
    be said.
    """
    own = pack.resolve().parent / SERVED
    path = next((one for one in (own, builtin().resolve().parent / SERVED) if one.is_file()), None)
    if path is None:
        return
    wanted: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        id_ = _listed(line)
        if id_:
            wanted.append(id_)
        elif line.strip() and path == own:
            message = 'expected a JSON object with an id: {"id": "disk-01"}'
            yield Problem(Place(str(path), number, 1), "bad-form", message)
    by_concept = [(concept.serves, Place(str(_file(pack, concept)), 1, 1)) for concept in concepts]
    by_skill = [(skill.serves, _at(skill)) for skill in skills]
    for ids, place in (*by_concept, *by_skill):
        for id_ in ids:
            if id_ not in wanted:
                yield Problem(place, "unknown-served", f"serves: {id_} is not in {path.name}{nearest(id_, wanted)}")
    if path != own:
        return
    for noun, entries in (("concept", by_concept), ("skill", by_skill)):
        there = {id_ for ids, _ in entries for id_ in ids}
        for id_ in wanted:
            if id_ not in there:
                message = f"{id_} is served by no {noun}; name it under serves of one that answers it"
                yield Problem(Place(f"{pack}{os.sep}pack.yaml", 1, 1), "unserved", message)


def _listed(line: str) -> str:
    """The id of a line of the list; empty where it has none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    id_ = said.get("id") if isinstance(said, dict) else None
    return id_ if isinstance(id_, str) else ""


def _explained(skills: Sequence[Skill]) -> Iterator[Problem]:
    """After every answer there is something to read: the author's words, or steps of a worked solution."""
    for skill in skills:
        if skill.simulated is None:
            continue  # the reader has asked for options' reasons, or an explanation
        try:
            question = draw(skill, 1, 0)
        except CannotDraw:
            continue  # the trial tells it
        if not question.steps and not question.explanation:
            message = f"{skill.id}: {question.measure} has no worked solution; ask a measure that has one"
            yield Problem(_at(skill), "unexplained", message)


def _evidence(skills: Sequence[Skill]) -> Iterator[Problem]:
    """The numbers of an incident fit each other and the cause, and the incident shows some of them."""
    for skill in skills:
        written = skill.authored
        if written is None or not written.evidence:
            continue
        holds = evidence(written.evidence).holds
        for seed in range(SEEDS):
            numbers = drawn(written.evidence, picker(QuestionName(skill.id, skill.revision, 1, seed)))
            if not holds(numbers):
                says = evidence(written.evidence).says
                message = f"{skill.id}: the numbers of {written.evidence} do not fit at seed {seed}: {says}"
                yield Problem(_at(skill), "unfit-evidence", message)
                break
        if not re.search(r"\{[a-z][a-z0-9_]*\}", skill.text):
            message = f"{skill.id}: the text shows no number of {written.evidence}; name some, or drop evidence"
            yield Problem(_at(skill), "unused-evidence", message)


def _above(skills: Sequence[Skill]) -> Iterator[Problem]:
    """Options that speak of the others, or of their numbers: they are shuffled, and some say more than one thing."""
    for skill in skills:
        written = skill.authored
        if written is None or written.answer == "order":
            continue
        for option in (*written.options, *(option for part in written.parts for option in part.options)):
            if _ABOVE.search(option.text):
                message = f"{skill.id}: {option.text[:60]!r} speaks of other options; they stand in any order"
                yield Problem(_at(skill), "all-of-the-above", message)
