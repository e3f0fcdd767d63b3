"""What is written in the packs, file by file? Structs with the nodes they came from, and the problems of form.

What refers to what is the business of trainer.bank.cross.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from trainer.bank import files, reader
from trainer.bank.files import Found
from trainer.bank.format import (
    AuthoredSkill,
    Claim,
    Claims,
    ConceptHeader,
    Glossary,
    Manifest,
    SimulatedSkill,
    SkillEntry,
    SkillFile,
    Source,
    Sources,
    Term,
)
from trainer.bank.front import front
from trainer.bank.reader import Mapping, Node, Scalar
from trainer.bank.walk import MISSING, walk
from trainer.model import Place, Problem

T = TypeVar("T")


@dataclass(slots=True)
class Entry(Generic[T]):
    """Something that a pack says, and where."""

    said: T
    node: Node
    file: str
    topic: str = ""
    text: str = ""  # of a concept
    line: int = 1  # where that text begins
    faults: list[Problem] = field(default_factory=list)

    def tell(self, node: Node, code: str, message: str) -> None:
        """A problem at a node of this entry."""
        self.faults.append(Problem(Place(self.file, node.line, node.column), code, message))


@dataclass(slots=True)
class Gathered:
    """All that the packs say."""

    problems: list[Problem] = field(default_factory=list)
    skills: list[Entry[SimulatedSkill | AuthoredSkill]] = field(default_factory=list)
    concepts: list[Entry[ConceptHeader]] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    manifests: list[Manifest] = field(default_factory=list)
    tables: list[Entry[Any]] = field(default_factory=list)  # manifests and glossaries as they stand, for their places
    broken_skills: int = 0  # left out already
    broken_concepts: set[str] = field(default_factory=set)  # their ids, as far as they can be known
    broken_tables: set[str] = field(default_factory=set)  # of which entries may be missing: sources.yaml


TABLES = {"sources.yaml": Sources, "glossary.yaml": Glossary, "claims.yaml": Claims}


@functools.cache
def without_libyaml() -> str:
    """Why nothing can be read: PyYAML is not there, or was built without libyaml. Empty when all is well."""
    try:
        import yaml.cyaml  # noqa: F401, PLC0415 — whether it can be imported is the question
    except ImportError:
        return (
            "content is read by libyaml, which this PyYAML was built without; install a wheel of PyYAML, or libyaml-dev"
        )
    return ""


def gather(packs: Sequence[Path], found: Sequence[Found]) -> Gathered:
    """Read every file of the packs."""
    gathered = Gathered()
    if why := without_libyaml():
        gathered.problems.append(Problem(Place(str(packs[0]) if packs else "-", 1, 1), "no-libyaml", why))
        return gathered
    for index, pack in enumerate(packs):
        _pack(pack, {file.name for file in found if file.pack == index and not file.topic}, gathered)
    for file in found:
        _file(file, packs, gathered)
    return gathered


def _pack(pack: Path, names: set[str], gathered: Gathered) -> None:
    place = Place(str(pack), 1, 1)
    if not pack.is_dir():
        gathered.problems.append(Problem(place, "no-pack", "is no folder; a pack is a folder with a pack.yaml"))
    elif "pack.yaml" not in names:
        message = "has no pack.yaml; `osdrill new pack` writes one"
        gathered.problems.append(Problem(place, "no-manifest", message))


def _file(found: Found, packs: Sequence[Path], gathered: Gathered) -> None:
    path = found.path(packs)
    file = str(path)
    wrong = files.problem(found, file)
    raw = wrong or reader.contents(path, file)
    text = raw if isinstance(raw, Problem) else reader.decoded(raw, file)
    if isinstance(text, Problem):
        gathered.problems.append(text)
        _unread(found, gathered)
    elif found.name.endswith(".md"):
        _concept(text, found, file, gathered)
    else:
        root, problems = reader.read(text, file)
        gathered.problems += problems
        if root is None:
            _unread(found, gathered)
        elif found.topic:
            _skills(root, found, file, gathered)
        else:
            _table(root, found, file, gathered)


def _unread(found: Found, gathered: Gathered) -> None:
    """A file that cannot be read: what stands in it may be referred to."""
    if found.topic and found.name.endswith(".md"):
        gathered.broken_concepts.add(found.name.removesuffix(".md"))
    elif found.topic:
        gathered.broken_skills += 1
    gathered.broken_tables.add(found.name)


def _concept(text: str, found: Found, file: str, gathered: Gathered) -> None:
    said, problems = front(text, file)
    gathered.problems += problems
    header: Any = MISSING
    if said.header is not None:
        header, more = walk(said.header, ConceptHeader, file)
        gathered.problems += more
    if header is MISSING or said.header is None:
        id_ = said.header.get("id") if isinstance(said.header, Mapping) else None
        gathered.broken_concepts |= {found.name.removesuffix(".md"), id_.text if isinstance(id_, Scalar) else ""}
        return
    gathered.concepts.append(Entry(header, said.header, file, found.topic, said.text, said.line))


def _skills(root: Node, found: Found, file: str, gathered: Gathered) -> None:
    """The skills of a file: each for itself, so that one broken skill leaves the others."""
    whole, problems = walk(root, SkillFile, file)
    gathered.problems += problems
    items = root.get("skills") if isinstance(root, Mapping) else None
    if not isinstance(items, reader.Sequence):
        gathered.broken_skills += 1
        return
    told = whole.skills if whole is not MISSING else [walk(item, SkillEntry, file)[0] for item in items.items]
    for node, said in zip(items.items, told, strict=True):
        if said is MISSING:
            gathered.broken_skills += 1
        else:
            gathered.skills.append(Entry(said, node, file, found.topic))


def _table(root: Node, found: Found, file: str, gathered: Gathered) -> None:
    type_: Any = TABLES.get(found.name, Manifest)
    said, problems = walk(root, type_, file)
    gathered.problems += problems
    if said is MISSING:
        gathered.broken_tables.add(found.name)
        return
    gathered.tables.append(Entry(said, root, file))
    match found.name:
        case "pack.yaml":
            gathered.manifests.append(said)
        case "sources.yaml":
            gathered.sources |= said
        case "glossary.yaml":
            gathered.glossary |= said
        case _:
            gathered.claims |= said
