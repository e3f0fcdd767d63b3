"""What can be practised? The bank of one or several packs, and every problem in them.

    bank, problems = load((builtin(),), cache=Path("/home/me/.cache/osdrill/bank.jsonl"))
    bank.skills["round-robin.waiting"].title      a light entry, from the index
    bank.skill("round-robin.waiting")             the skill, read when it is asked for

A skill with a problem is left out and counted; the rest works. Later packs may refer to the concepts and sources of
earlier ones. From the compiled file nothing but the standard library is imported.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from trainer.bank import compiled, files
from trainer.bank.compiled import Compiled, Damaged, Slot
from trainer.bank.files import builtin
from trainer.model import Concept, Place, Problem, Skill

__all__ = ["Bank", "ConceptEntry", "SkillEntry", "Tables", "builtin", "load"]


class SkillEntry(NamedTuple):
    """What choosing needs to know of a skill."""

    id: str
    revision: int
    topic: str
    concept: str
    kind: str  # simulated | authored
    title: str
    levels: tuple[int, ...]
    requires: tuple[str, ...]  # concepts that its concept requires


class ConceptEntry(NamedTuple):
    """What the map needs to know of a concept."""

    id: str
    topic: str
    title: str
    requires: tuple[str, ...]
    claims: tuple[str, ...]
    skills: tuple[str, ...]  # ids, in the order of the files
    sources: tuple[str, ...]


class Tables(NamedTuple):
    """The tables of the packs together, as the format describes their entries."""

    sources: Mapping[str, Mapping[str, Any]]  # id -> Source
    glossary: Mapping[str, Mapping[str, Any]]  # word -> Term
    claims: Mapping[str, Mapping[str, Any]]  # id -> Claim


class Bank:
    """The content, light until a skill is asked for. `left_out` counts the skills that have problems."""

    def __init__(self, made: Compiled, again: Callable[[], Compiled]) -> None:
        self._made, self._again = made, again
        self._index()

    def _index(self) -> None:
        header = self._made.header
        self.skills = {id_: _skill_entry(id_, *row) for id_, (_, row) in header["skills"].items()}
        self.concepts = {id_: _concept_entry(id_, *row) for id_, (_, row) in header["concepts"].items()}
        self.topics: Mapping[str, str] = header["topics"]  # folder -> title, in the order of study
        self.left_out: int = header["left_out"]
        self.first: str = header["first"]  # the skill to begin with; empty where the packs name none

    def skill(self, id_: str) -> Skill:
        """The skill of that id. Raises KeyError."""
        return compiled.skill(self._load("skills", id_))

    def concept(self, id_: str) -> Concept:
        """The concept of that id. Raises KeyError."""
        return compiled.concept(self._load("concepts", id_))

    @property
    def tables(self) -> Tables:
        """Sources, glossary and claims."""
        return Tables(*(self._load("tables", name) for name in Tables._fields))

    def _load(self, table: str, id_: str) -> Any:
        try:
            return self._made.load(Slot(*self._made.header[table][id_][0]))
        except Damaged:
            self._made = self._again()
            self._index()
            return self._made.load(Slot(*self._made.header[table][id_][0]))


def _skill_entry(id_: str, *row: Any) -> SkillEntry:
    """A row of the index, its lists as tuples again."""
    return SkillEntry._make((id_, *row[:5], tuple(row[5]), tuple(row[6])))


def _concept_entry(id_: str, topic: str, title: str, *lists: Any) -> ConceptEntry:
    return ConceptEntry(id_, topic, title, *map(tuple, lists))


def load(packs: Sequence[Path], cache: Path | None = None) -> tuple[Bank, tuple[Problem, ...]]:
    """The bank of these packs, and every problem in them, by file and line.

    `cache` is the compiled file (each set of packs adds a suffix of its own, so that two do not take turns); None:
    neither read nor written. What is broken in it, or cannot be written, is made again or ignored without a word.
    """
    found = files.listing(packs)
    stamp = {
        "packs": [str(pack) for pack in packs],
        "files": [list(file) for file in found],
        "code": files.code_stamp(),
    }
    path = None if cache is None else _of_packs(cache, packs)

    def again() -> Compiled:
        return _made(packs, found, stamp, path)

    held = None if path is None else compiled.opened(path, stamp)
    made = held or again()
    problems = tuple(Problem(Place(*place), code, message) for place, code, message in made.header["problems"])
    return Bank(made, again), problems


def _of_packs(cache: Path, packs: Sequence[Path]) -> Path:
    digest = crc32("\0".join(map(str, packs)).encode(errors="surrogatepass"))
    return cache.with_name(f"{cache.stem}-{digest:08x}.jsonl")


def _made(packs: Sequence[Path], found: list[files.Found], stamp: Mapping[str, Any], path: Path | None) -> Compiled:
    """The bank from the text of the packs."""
    from trainer.bank.build import build  # noqa: PLC0415 — imports yaml and msgspec, which a start does without

    made, length = build(packs, found, stamp)
    if path is not None:
        compiled.write(path, made, length)
    return made
