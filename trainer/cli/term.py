"""osdrill term: what does a word of the field mean, who says so, and which concepts treat it?"""

import argparse
from collections.abc import Collection, Mapping
from typing import Any

from trainer.bank.load import Bank
from trainer.bank.terms import cited, index, mentions, named, names, nearest
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.screen.prose import prose
from trainer.screen.term import entry_drawing

MORE = "A synonym finds it too, and the plural. Without a word all are listed. While a question is open: ? WORD."
MOST_CONCEPTS = 6


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="WORD", help="a word of the field, such as working set")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    glossary = world.bank.tables.glossary
    if not options.words:
        _list(glossary, as_json=options.json)
        return 0
    word = _found(" ".join(options.words), glossary)
    concepts = treating(world.bank, list(names(word, glossary[word])), glossary[word]["sources"])
    if options.json:
        emit(_plain(word, world.bank, concepts))
        return 0
    frame = world.frame()
    show(entry_drawing(word, glossary[word], world.bank.tables.sources, frame))
    if concepts:
        said = ", ".join(f"{world.bank.concepts[id_].title} ({id_})" for id_ in concepts)
        show(prose(f"Concepts: {said}.", frame))
    return 0


def _found(text: str, glossary: Mapping[str, Any]) -> str:
    """The word whose entry `text` names. Raises Refusal."""
    by_form = index(glossary)
    word = named(text, by_form)
    if word:
        return word
    close = nearest(text, by_form)
    hint = f" Did you mean {close[0]!r}?" if close else " osdrill term lists all words."
    raise Refusal(f"no word {text[:80]!r} in the glossary.{hint}", code="unknown-term")


def _list(glossary: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit([{"term": word, **entry} for word, entry in glossary.items()])
        return
    for word, entry in glossary.items():
        say(f"{word}{' (' + ', '.join(entry['synonyms']) + ')' if entry['synonyms'] else ''}")


def _plain(word: str, bank: Bank, concepts: list[str]) -> dict[str, Any]:
    entry, sources = bank.tables.glossary[word], bank.tables.sources
    return {
        "term": word,
        "definition": entry["definition"],
        "synonyms": list(entry["synonyms"]),
        "sources": list(entry["sources"]),
        "cited": [cited(citation, sources) for citation in entry["sources"]],
        "concepts": concepts,
    }


def treating(bank: Bank, called: list[str], citations: Collection[str] = ()) -> list[str]:
    """The concepts that treat what is called so: first those that name it in their title or id, then those that rest
    on the same section of a source, then those that name it more than once, the most often first. Where there are
    none: any that name it at all."""
    placed = {citation for citation in citations if " " in citation}
    ranked: list[tuple[bool, bool, int, str]] = []
    for id_, entry in bank.concepts.items():
        text = bank.concept(id_).text
        is_titled = any(mentions(f"{entry.title}\n{id_.replace('-', ' ')}", name) for name in called)
        is_near = bool(placed.intersection(entry.sources))
        ranked.append((not is_titled, not is_near, -sum(mentions(text, name) for name in called), id_))
    clear = [one for one in ranked if not one[0] or not one[1] or one[2] < -1]
    found = clear or [one for one in ranked if one[2] < 0]
    return [one[-1] for one in sorted(found)[:MOST_CONCEPTS]]
