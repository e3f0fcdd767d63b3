"""Does a pack hold together as a whole? What no single file can tell: claims, lonely concepts, twins, options.

Reading ease is Flesch's (1948): 206.835 − 1.015 × words a sentence − 84.6 × syllables a word; syllables are counted as
runs of vowels. Code between backquotes counts as one word.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from trainer.bank.load import Bank
from trainer.model import Concept, Option, Place, Problem, Skill

EASE = 45  # below it a concept is hard to read
SAMPLE = 50  # words below which reading ease says nothing: one long word decides
TWINS = 0.6  # of the runs of three words that two questions share
LONGEST = 0.4  # most of the choices in which the right option may be the longest
ENOUGH = 40  # choices, before their balance says anything


def whole(pack: Path, bank: Bank, skills: Sequence[Skill], under: Bank) -> Iterator[Problem]:
    """Every problem of the pack as a whole; `skills` are the pack's own, `under` is the bank without it."""
    concepts = [bank.concept(id_) for id_ in bank.concepts if _file(pack, bank.concept(id_)).exists()]
    yield from _claims(pack, bank, under, concepts)
    yield from _concepts(pack, concepts, skills)
    yield from _twins(skills)
    yield from _balance(pack, skills)


def _file(pack: Path, concept: Concept) -> Path:
    return pack / concept.topic / f"{concept.id}.md"


def _claims(pack: Path, bank: Bank, under: Bank, concepts: Sequence[Concept]) -> Iterator[Problem]:
    covered = {claim for concept in concepts for claim in concept.claims}
    before = under.tables.claims
    for id_, claim in bank.tables.claims.items():
        if id_ not in covered and claim != before.get(id_):
            place = Place(f"{pack}{os.sep}claims.yaml", 1, 1)
            yield Problem(place, "uncovered-claim", f"{id_} is covered by no concept; name it in one's claims")


def _concepts(pack: Path, concepts: Sequence[Concept], skills: Sequence[Skill]) -> Iterator[Problem]:
    asked = {skill.concept for skill in skills}
    for concept in concepts:
        place = Place(str(_file(pack, concept)), 1, 1)
        if concept.id not in asked:
            yield Problem(place, "lonely-concept", f"no skill asks about {concept.id}; write one, or drop the concept")
        ease = reading_ease(concept.text)
        if ease < EASE and len(concept.text.split()) >= SAMPLE:
            message = f"reading ease is {ease:.0f}, at least {EASE} is wanted; shorter sentences, plainer words"
            yield Problem(place, "hard-to-read", message)


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
                yield Problem(skill.place or Place("", 1, 1), "near-duplicate", message)


def _runs(skill: Skill) -> frozenset[tuple[str, ...]]:
    """The runs of three words of a question; a short one counts with its title and right option."""
    assert skill.authored is not None
    right = [option.text for option in skill.authored.options if option.right]
    words = re.findall(r"\w+", f"{skill.title} {skill.text} {' '.join(right)}".casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


class Balance(NamedTuple):
    """How the right options of the choices of a pack stand out."""

    choices: int
    longest: int  # in which the right option is the longest by itself


def balance(skills: Sequence[Skill]) -> Balance:
    """Over all choices of one right option, incidents' parts included."""
    choices = [options for skill in skills for options in _choices(skill)]
    longest = sum(_is_longest(options) for options in choices)
    return Balance(len(choices), longest)


def _choices(skill: Skill) -> Iterator[Sequence[Option]]:
    written = skill.authored
    if written is not None and written.answer == "choice":
        yield written.options
    if written is not None:
        yield from (part.options for part in written.parts)


def _is_longest(options: Sequence[Option]) -> bool:
    lengths: Mapping[bool, list[int]] = {
        right: [len(option.text) for option in options if option.right is right] for right in (True, False)
    }
    return bool(lengths[True] and lengths[False]) and max(lengths[True]) > max(lengths[False])


def _balance(pack: Path, skills: Sequence[Skill]) -> Iterator[Problem]:
    found = balance(skills)
    if found.choices >= ENOUGH and found.longest > LONGEST * found.choices:
        share = found.longest / found.choices
        message = (
            f"the right option is the longest in {share:.0%} of {found.choices} choices, at most {LONGEST:.0%} may be"
        )
        yield Problem(
            Place(f"{pack}{os.sep}pack.yaml", 1, 1), "long-answers", f"{message}; shorten it, or lengthen others"
        )
