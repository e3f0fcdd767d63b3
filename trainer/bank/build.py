"""How does the text of packs become a bank? Gathered, checked across files, put into compiled form.

A skill that has any problem is left out and counted; a concept with a broken reference keeps the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from trainer.bank import compiled, forms
from trainer.bank.compiled import Body, Compiled
from trainer.bank.cross import cross
from trainer.bank.files import Found
from trainer.bank.format import AuthoredSkill, ConceptHeader, OptionEntry, SimulatedSkill
from trainer.bank.gather import Entry, Gathered, gather
from trainer.bank.walk import unset
from trainer.model import Authored, Concept, Option, Part, Place, Point, Problem, Simulated, Skill


def build(packs: Sequence[Path], found: Sequence[Found], stamp: Mapping[str, Any]) -> tuple[Compiled, int]:
    """The compiled bank in memory, and the length of its body in bytes."""
    gathered = gather(packs, found)
    cross(gathered)
    concept_ids = {entry.said.id for entry in gathered.concepts}
    kept = [entry for entry in gathered.skills if not entry.faults and entry.said.concept in concept_ids]
    skills = [_skill(entry) for entry in kept]
    concepts = [_concept(entry) for entry in gathered.concepts]
    entries: tuple[Entry[Any], ...] = (*gathered.skills, *gathered.concepts, *gathered.tables)
    faults = [fault for entry in entries for fault in entry.faults]
    body = Body()
    header = {
        "stamp": stamp,
        "problems": [_problem(problem) for problem in _sorted(gathered.problems + faults)],
        "left_out": gathered.broken_skills + len(gathered.skills) - len(kept),
        "topics": _topics(gathered),
        "first": next((unset(said.first) for said in gathered.manifests if unset(said.first)), ""),
        "concepts": _concept_rows(concepts, skills, body),
        "skills": _skill_rows(concepts, skills, body),
        "tables": {
            name: (body.add(msgspec.to_builtins(table)),)
            for name, table in (
                ("sources", gathered.sources),
                ("glossary", gathered.glossary),
                ("claims", gathered.claims),
            )
        },
    }
    return body.compiled(header), body.length


def _problem(problem: Problem) -> tuple[tuple[str, int, int], str, str]:
    place = problem.place
    return (place.file, place.line, place.column), problem.code, problem.message


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.place.file, problem.place.line, problem.place.column))


def _topics(gathered: Gathered) -> dict[str, str]:
    """Folder -> title: first those that a manifest names, in its order, then the others by name."""
    there = {entry.topic for entries in (gathered.skills, gathered.concepts) for entry in entries}
    named = {topic: title for manifest in gathered.manifests for topic, title in manifest.topics.items()}
    rest = {topic: topic.replace("-", " ").capitalize() for topic in sorted(there - named.keys())}
    return {topic: title for topic, title in {**named, **rest}.items() if topic in there}


def _concept_rows(concepts: Sequence[Concept], skills: Sequence[Skill], body: Body) -> dict[str, Any]:
    of: dict[str, list[str]] = {}
    for skill in skills:
        of.setdefault(skill.concept, []).append(skill.id)
    return {
        concept.id: (
            body.add(compiled.plain(concept)),
            (concept.topic, concept.title, concept.requires, concept.claims, of.get(concept.id, ()), concept.sources),
        )
        for concept in concepts
    }


def _skill_rows(concepts: Sequence[Concept], skills: Sequence[Skill], body: Body) -> dict[str, Any]:
    requires = {concept.id: concept.requires for concept in concepts}
    return {
        skill.id: (
            body.add(compiled.plain(skill)),
            (
                skill.revision,
                skill.topic,
                skill.concept,
                skill.kind,
                skill.title,
                skill.levels,
                requires.get(skill.concept, ()),
            ),
        )
        for skill in skills
    }


# ── structs into the values that travel ─────────────────────────────────────────────────────────────────────────


def _concept(entry: Entry[ConceptHeader]) -> Concept:
    said = entry.said
    return Concept(
        id=said.id,
        topic=entry.topic,
        title=said.title,
        text=entry.text,
        requires=tuple(said.requires),
        claims=tuple(said.claims),
        sources=tuple(said.sources),
        serves=tuple(said.serves),
    )


def _skill(entry: Entry[SimulatedSkill | AuthoredSkill]) -> Skill:
    said = entry.said
    simulated = isinstance(said, SimulatedSkill)
    return Skill(
        id=said.id,
        revision=said.revision,
        concept=said.concept,
        topic=entry.topic,
        title=said.title,
        text=said.text,
        simulated=_simulated(said) if isinstance(said, SimulatedSkill) else None,
        authored=_authored(said) if isinstance(said, AuthoredSkill) else None,
        hints=() if said.hints == "generated" or not simulated else tuple(said.hints),
        sources=tuple(said.sources),
        serves=tuple(said.serves),
        tests=tuple(msgspec.to_builtins(test) for test in said.tests) if isinstance(said, SimulatedSkill) else (),
        place=Place(entry.file, entry.node.line, entry.node.column),
    )


def _simulated(said: SimulatedSkill) -> Simulated:
    return Simulated(
        simulator=said.simulate,
        ask=said.ask,
        form=said.form,
        scenario=said.scenario,
        recipe=unset(said.recipe),
        levels=said.levels,
        options=forms.options(said),
        mistakes=tuple(said.mistakes),
        conventions=tuple(said.conventions),
        say=said.say,
    )


def _authored(said: AuthoredSkill) -> Authored:
    ordered = tuple(Option(text, right=True) for text in said.items)
    return Authored(
        answer=said.answer,
        options=ordered or _options(said.options),
        accept=tuple(said.accept),
        wrong=tuple(Option(each.text, why=each.why) for each in said.wrong),
        parts=tuple(Part(part.ask, _options(part.options)) for part in said.parts),
        points=tuple(Point(each.text, tuple(each.terms)) for each in said.points),
        evidence=unset(said.evidence),
        explanation=unset(said.explanation),
        hints=tuple(said.hints),
    )


def _options(said: Iterable[OptionEntry]) -> tuple[Option, ...]:
    return tuple(Option(each.text, each.right, each.why) for each in said)
