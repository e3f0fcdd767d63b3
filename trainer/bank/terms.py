"""What does a word of the field mean? Entries of the glossary by any name they go by, and the ones in a text.

    index(glossary)["time slice"]              "quantum"
    named("Time-slices", index(glossary))      "quantum"
    within("Under round robin …", index(…))    ("round robin", …), in the order of the text

A synonym may end in brackets that say whose it is: `STCF (OSTEP)` is found as STCF. Case, hyphens, quotes and the
brackets of a call do not matter, nor does the plural of the last word. Standard library only: a question is open.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Glossary = Mapping[str, Mapping[str, Any]]
_WHOSE = re.compile(r"(?<=\S) +\([^()]*\)$")
_WORD = re.compile(r"[\w.:/+'’-]*[\w+]")
_FORM = str.maketrans({"-": " ", "_": " ", "’": "'", "(": " ", ")": " ", '"': " ", "?": " ", ",": " "})


def form(text: str) -> str:
    """The text without what does not matter when names are compared."""
    return " ".join(text.casefold().translate(_FORM).split()).rstrip(".:;!")


def bare(synonym: str) -> str:
    """A synonym without the brackets that say whose it is."""
    return _WHOSE.sub("", synonym)


def names(word: str, term: Mapping[str, Any]) -> Iterator[str]:
    """Every name of an entry, its own first."""
    yield word
    yield from map(bare, term["synonyms"])


def index(glossary: Glossary) -> dict[str, str]:
    """The form of each name -> the word whose entry it is; where two claim one, the first."""
    found: dict[str, str] = {}
    for word in glossary:
        found.setdefault(form(word), word)
    for word, term in glossary.items():
        for name in names(word, term):
            for one in _singular(form(name)):
                found.setdefault(one, word)
    return found


def named(text: str, by_form: Mapping[str, str]) -> str:
    """The word of the entry that `text` names; empty where none is."""
    return next((by_form[one] for one in _singular(form(text)) if one in by_form), "")


def _singular(text: str) -> Iterator[str]:
    """The text itself, then what it may be the plural of."""
    yield text
    if text.endswith("s") and not text.endswith("ss"):
        yield text[:-1]
        if text.endswith("es"):
            yield text[:-2]
        if text.endswith("ies"):
            yield text[:-3] + "y"


def within(text: str, by_form: Mapping[str, str]) -> tuple[str, ...]:
    """The words whose entries `text` names, each once, in its order; of names that overlap the longest.

    Here an abbreviation counts in capitals only (LOOK is a policy, look is not), and a name of one or two letters,
    such as a column of vmstat, does not count.
    """
    words = [word for word in _WORD.findall(text.replace("-", " ").replace("_", " ")) if form(word)]
    longest: dict[str, int] = {}  # first word of a name -> words of the longest such name
    for name in by_form:
        first, *rest = name.split()
        longest[first] = max(longest.get(first, 0), 1 + len(rest))
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        most = longest.get(form(words[at]), 1)  # a plural in the first place stands alone
        size = next((n for n in range(most, 0, -1) if _said(words[at : at + n], by_form)), 0)
        if size:
            found[_said(words[at : at + size], by_form)] = None
        at += size or 1
    return tuple(found)


def _said(words: Sequence[str], by_form: Mapping[str, str]) -> str:
    """The word of the entry that these words of a text name; empty where they name none."""
    name = next((one for one in _singular(form(" ".join(words))) if one in by_form), "")
    if len(name) < 3:
        return ""
    word = by_form[name]
    is_shouted = len(words) == 1 and word.isupper() and word.isalpha()
    return "" if is_shouted and not words[0].rstrip("s").isupper() else word


def mentions(text: str, name: str) -> int:
    """How often a text names it, in singular or plural; an abbreviation in capitals only."""
    parts = [re.escape(part) for part in re.split(r"[ _-]+", name) if part]
    case = 0 if name.isupper() and name.isalpha() else re.IGNORECASE
    return len(re.findall(rf"(?<!\w){'[ _-]+'.join(parts)}(?:s|es)?(?!\w)", text, case))


def nearest(text: str, by_form: Mapping[str, str], most: int = 1) -> Sequence[str]:
    """The words whose names look most like `text`, for "did you mean"."""
    import difflib  # noqa: PLC0415 — only a typo needs it

    close = difflib.get_close_matches(form(text)[:80], by_form, most + 2, 0.7)
    return tuple(dict.fromkeys(by_form[one] for one in close))[:most]


def cited(citation: str, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """A source in full: title, edition, version, year, then the place in it."""
    id_, _, place = citation.partition(" ")
    source = sources.get(id_)
    if source is None:
        return citation
    edition = source.get("edition")
    told = (
        source["title"],
        f"edition {edition}" if edition else "",
        str(source.get("version") or ""),
        str(source.get("year") or ""),
        _place(place),
    )
    return ", ".join(part for part in told if part)


def _place(place: str) -> str:
    """`section 5.3.3`, `chapter 8`; what is no number as it stands."""
    number = re.fullmatch(r"\d+((?:\.\d+)*)", place)
    if number is None:
        return place
    return f"section {place}" if number[1] else f"chapter {place}"
