"""Does everything that content refers to exist, and does it fit together? Problems at the entry that refers."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sims.evidence.listed import evidence, names
from sims.fields import nearest, shown
from trainer.bank import simulated
from trainer.bank.format import MOST_WORDS, AuthoredSkill, ConceptHeader, Manifest, SimulatedSkill, Term
from trainer.bank.gather import Entry, Gathered
from trainer.bank.reader import Mapping, Node
from trainer.bank.terms import bare, form
from trainer.bank.walk import at, unset
from trainer.model import Place, Problem

_KEYS_OF = {  # what an authored skill of each kind may hold; the others are told
    "choice": ("options",),
    "choices": ("options",),
    "short": ("accept", "wrong", "explanation"),
    "order": ("items", "explanation"),
    "parts": ("parts", "explanation"),
    "free": ("points", "explanation"),
}
_OPTIONAL = ("wrong",)
_CODE = re.compile(r"```.*?```|`[^`]*`|^(?: {4}|\$ ).*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[\[(?P<concept>[^][\n]+)\]\]|(?<!\!)\[[^][\n]+\]\((?P<page>[^()\s]+)\)")


def cross(gathered: Gathered) -> None:
    """Tell every problem between the entries, each at its entry."""
    _distinct(gathered.concepts, "concept")
    gathered.concepts = _first_of_each(gathered.concepts, gathered)
    _distinct(gathered.skills, "skill")
    known = {entry.said.id for entry in gathered.concepts} | gathered.broken_concepts
    for concept in gathered.concepts:
        _concept(concept, known, gathered)
    _cycles(gathered.concepts)
    for skill in gathered.skills:
        _skill(skill, known, gathered)
    _tables(gathered)


def _distinct(entries: Iterable[Entry[Any]], noun: str) -> None:
    seen: dict[str, Entry[Any]] = {}
    for entry in entries:
        first = seen.setdefault(entry.said.id, entry)
        if first is not entry:
            where = f"{first.file}:{first.node.line}"
            entry.tell(at(entry.node, "id"), "duplicate-id", f"id: {entry.said.id} is also a {noun} at {where}")


def _first_of_each(concepts: list[Entry[ConceptHeader]], gathered: Gathered) -> list[Entry[ConceptHeader]]:
    """The concepts without those whose id is taken; their problem stays told."""
    gathered.problems += [fault for entry in concepts for fault in entry.faults]
    return [entry for entry in concepts if not entry.faults]


# ── concepts ────────────────────────────────────────────────────────────────────────────────────────────────────


def _concept(entry: Entry[ConceptHeader], known: set[str], gathered: Gathered) -> None:
    said = entry.said
    for n, id_ in enumerate(said.requires):
        if id_ not in known:
            message = f"requires: {id_} is no concept here{nearest(id_, known)}"
            entry.tell(at(entry.node, f"requires.{n}"), "unknown-concept", message)
    for n, claim in enumerate(said.claims):
        if gathered.claims and claim not in gathered.claims:
            message = f"claims: {claim} is not in claims.yaml"
            entry.tell(at(entry.node, f"claims.{n}"), "unknown-claim", message)
    _sources(entry, gathered)
    _links(entry, known)
    words = len(entry.text.split())
    if not words or words > MOST_WORDS:
        message = f"has {words} words of text; 1 to {MOST_WORDS} are allowed"
        entry.faults.append(Problem(Place(entry.file, entry.line, 1), "too-long" if words else "empty", message))


def _links(entry: Entry[ConceptHeader], known: set[str]) -> None:
    """Links in the text lead to a concept, or to a page; what is code is none."""
    text = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), entry.text)
    for match in _LINK.finditer(text):
        target = (match["page"] or match["concept"]).strip()
        if target not in known and not re.match(r"https?://\S+$", target):
            line, column = text.count("\n", 0, match.start()), match.start() - text.rfind("\n", 0, match.start())
            message = f"link: {shown(target)} is no concept here{nearest(target, known)}"
            entry.faults.append(Problem(Place(entry.file, entry.line + line, column), "unknown-link", message))


def _cycles(concepts: list[Entry[ConceptHeader]]) -> None:
    """Each concept that requires itself by way of others: one problem a cycle, where the walk closes it."""
    entries = {entry.said.id: entry for entry in concepts}
    done: set[str] = set()
    for start in entries:
        path: list[str] = []
        left: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while left:
            id_, n = left.pop()
            del path[len(left) :]
            path.append(id_)
            requires = entries[id_].said.requires
            if n >= len(requires):
                done.add(id_)
                continue
            left.append((id_, n + 1))
            below = requires[n]
            if below in path:
                _cycle(entries[id_], n, [*path[path.index(below) :], below])
            elif below in entries and below not in done:
                left.append((below, 0))


def _cycle(entry: Entry[ConceptHeader], n: int, ids: list[str]) -> None:
    message = f"requires: a cycle: {' requires '.join(ids)}"
    entry.tell(at(entry.node, f"requires.{n}"), "cycle", message)


def _sources(entry: Entry[Any], gathered: Gathered) -> None:
    for n, citation in enumerate(entry.said.sources):
        id_ = citation.split()[0]
        if id_ not in gathered.sources and "sources.yaml" not in gathered.broken_tables:
            message = f"sources: {shown(id_)} is not in sources.yaml{nearest(id_, gathered.sources)}"
            entry.tell(at(entry.node, f"sources.{n}"), "unknown-source", message)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(gathered: Gathered) -> None:
    """Manifests name skills that exist; words of the glossary have sources, and names of their own."""
    skills = {skill.said.id for skill in gathered.skills}
    claimed: dict[str, str] = {}
    for entry in gathered.tables:
        first = unset(entry.said.first) if isinstance(entry.said, Manifest) else ""
        if first and first not in skills and not gathered.broken_skills:
            entry.tell(
                at(entry.node, "first"), "unknown-skill", f"first: {first} is no skill here{nearest(first, skills)}"
            )
        if entry.file.endswith("glossary.yaml"):
            _glossary(entry, claimed, gathered)


def _glossary(entry: Entry[dict[str, Term]], claimed: dict[str, str], gathered: Gathered) -> None:
    """`claimed`: the form of each name -> the word whose it is. A later pack may define a word anew."""
    assert isinstance(entry.node, Mapping)
    for key, node in entry.node.items:
        term = entry.said[key.text]
        _sources(Entry(term, node, entry.file, faults=entry.faults), gathered)
        for n, name in enumerate((key.text, *map(bare, term.synonyms))):
            other = claimed.setdefault(form(name), key.text)
            if form(other) != form(key.text):
                place = at(node, f"synonyms.{n - 1}") if n else key
                entry.tell(place, "same-name", f"{key.text}: {shown(name)} is also a name of {shown(other)}")


# ── skills ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _skill(entry: Entry[SimulatedSkill | AuthoredSkill], known: set[str], gathered: Gathered) -> None:
    said = entry.said
    if said.concept not in known:
        message = f"concept: {said.concept} is no concept here{nearest(said.concept, known)}"
        entry.tell(at(entry.node, "concept"), "unknown-concept", message)
    _sources(entry, gathered)
    if isinstance(said, SimulatedSkill):
        simulated.check(said, entry.node, entry.tell)
    else:
        _authored(said, entry.node, entry.tell)


Tell = Callable[[Node, str, str], None]


def _authored(said: AuthoredSkill, node: Node, tell: Tell) -> None:
    """What an authored skill of its kind needs."""
    assert isinstance(node, Mapping)
    wanted = _KEYS_OF[said.answer]
    for key in ("options", "items", "accept", "wrong", "parts", "points"):
        given = node.key(key)
        if given is not None and key not in wanted:
            tell(given, "unfit-key", f"{key}: does not belong to answer: {said.answer}; expected {' '.join(wanted)}")
    needed = [key for key in wanted if key not in _OPTIONAL]
    for key in needed:
        if node.key(key) is None:
            tell(node, "missing-key", f"{key}: is missing; answer: {said.answer} needs it")
    if said.answer in ("choice", "choices") and node.key("options"):
        _options(said, at(node, "options"), tell)
    if said.answer == "order" and node.key("items"):
        _alone(list(said.items), at(node, "items"), "items", tell)
    if said.answer == "short" and node.key("accept"):
        _accepted(said, node, tell)
    if said.answer == "parts" and node.key("parts"):
        _parts(said, at(node, "parts"), tell)
    if said.answer == "free" and node.key("points"):
        _alone([point.text for point in said.points], at(node, "points"), "points", tell)
    if node.key("evidence"):
        _evidence(said, node, tell)


def _options(said: AuthoredSkill, node: Node, tell: Tell) -> None:
    right = sum(option.right for option in said.options)
    if said.answer == "choice" and right != 1:
        tell(node, "right-options", f"options: exactly one must say right: true; {right} do")
    if said.answer == "choices" and not right > 0:
        tell(node, "right-options", "options: at least one must say right: true; none does")
    _alone([option.text for option in said.options], node, "options", tell)


def _parts(said: AuthoredSkill, node: Node, tell: Tell) -> None:
    """At least two parts, each with exactly one right option."""
    if len(said.parts) < 2:
        tell(node, "too-few", f"parts: at least two are needed, got {len(said.parts)}; answer: choice asks one")
    for n, part in enumerate(said.parts):
        right = sum(option.right for option in part.options)
        if right != 1:
            tell(at(node, str(n)), "right-options", f"parts.{n}: exactly one option must say right: true; {right} do")
        _alone([option.text for option in part.options], at(node, f"{n}.options"), f"parts.{n}.options", tell)


def _evidence(said: AuthoredSkill, node: Node, tell: Tell) -> None:
    """The evidence exists, and the text names its numbers and no others."""
    name = unset(said.evidence)
    if name not in names():
        message = f"evidence: {name} is no evidence; expected one of {' '.join(names())}{nearest(name, names())}"
        tell(at(node, "evidence"), "unknown-evidence", message)
        return
    given = evidence(name).values
    for where, text in _told(said):
        for key in re.findall(r"\{([a-z][a-z0-9_]*)\}", text):
            if key not in given:
                expected = f"expected some of {' '.join(given)}{nearest(key, given)}"
                tell(at(node, where), "unknown-field", f"{where}: {{{key}}} is no number of {name}; {expected}")


def _told(said: AuthoredSkill) -> Iterator[tuple[str, str]]:
    """Every text of an incident in which numbers are filled in, by its path."""
    yield "text", said.text
    yield "explanation", unset(said.explanation)
    options = [(f"options.{n}", option) for n, option in enumerate(said.options)]
    for n, part in enumerate(said.parts):
        yield f"parts.{n}.ask", part.ask
        options += [(f"parts.{n}.options.{m}", option) for m, option in enumerate(part.options)]
    for path, option in options:
        yield f"{path}.text", option.text
        yield f"{path}.why", option.why
    for n, wrong in enumerate(said.wrong):
        yield f"wrong.{n}.text", wrong.text
        yield f"wrong.{n}.why", wrong.why
    yield from ((f"accept.{n}", text) for n, text in enumerate(said.accept))
    yield from ((f"hints.{n}", text) for n, text in enumerate(said.hints))


def _alone(texts: list[str], node: Node, key: str, tell: Tell) -> None:
    """At least two, and no two equal."""
    if len(texts) < 2:
        tell(node, "too-few", f"{key}: at least two are needed, got {len(texts)}")
    for n, text in enumerate(texts):
        if text in texts[:n]:
            tell(at(node, str(n)), "same-option", f"{key}.{n}: {shown(text)} stands here twice")


def _accepted(said: AuthoredSkill, node: Node, tell: Tell) -> None:
    if not said.accept:
        tell(at(node, "accept"), "too-few", "accept: at least one accepted answer is needed")
    accepted = {text.casefold().strip() for text in said.accept}
    for n, wrong in enumerate(said.wrong):
        if wrong.text.casefold().strip() in accepted:
            tell(at(node, f"wrong.{n}"), "same-option", f"wrong.{n}: {shown(wrong.text)} is also accepted as right")
