"""What does a word of the field mean? Its entry, to be read while a question is open or after `osdrill term`.

Nothing of the glossary is read before a word is asked for, or before the words of a question that has been painted
are wanted for completion.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from trainer.model import Question
from trainer.screen.prose import prose
from trainer.view.drawing import Drawing, Frame

Entry = Mapping[str, Any]


class Tables(Protocol):
    """What is needed of the bank's tables."""

    @property
    def glossary(self) -> Mapping[str, Entry]: ...
    @property
    def sources(self) -> Mapping[str, Entry]: ...


class _Nothing:
    glossary: Mapping[str, Entry] = {}
    sources: Mapping[str, Entry] = {}


class Terms:
    """The glossary while questions are asked, read when first needed."""

    def __init__(self, tables: Callable[[], Tables] = _Nothing) -> None:
        self._tables = tables

    @cached_property
    def tables(self) -> Tables:
        return self._tables()

    @cached_property
    def by_form(self) -> Mapping[str, str]:
        from trainer.bank.terms import index  # noqa: PLC0415 — not before a word is asked for

        return index(self.tables.glossary)

    def within(self, question: Question) -> tuple[str, ...]:
        """The words in a question that have an entry, in their order."""
        from trainer.bank.terms import within  # noqa: PLC0415 — as above

        return within("\n".join(_texts(question)), self.by_form)

    def drawing(self, text: str, frame: Frame) -> Drawing:
        """The entry that `text` names; where none is, what is like it."""
        from trainer.bank.terms import named, nearest  # noqa: PLC0415 — as above

        word = named(text, self.by_form)
        if word:
            return entry_drawing(word, self.tables.glossary[word], self.tables.sources, frame)
        close = nearest(text, self.by_form)
        hint = f"Did you mean {close[0]!r}?" if close else "osdrill term lists all words."
        return prose(f"No entry {text[:60]!r}. {hint} It costs nothing.", frame)


def _texts(question: Question) -> Sequence[str]:
    """All that a learner reads of a question; the parts of an incident stand in its text."""
    return (
        question.title,
        question.text,
        *question.conventions,
        question.asks,
        *(option.text for option in question.options),
    )


def entry_drawing(word: str, entry: Entry, sources: Mapping[str, Entry], frame: Frame) -> Drawing:
    """A word, what it means, what others call it, and who says so."""
    from trainer.bank.terms import cited  # noqa: PLC0415 — as above

    others = prose(f"Also: {', '.join(entry['synonyms'])}.", frame) if entry["synonyms"] else ()
    told = [cited(citation, sources) for citation in entry["sources"]]
    return (
        *prose(word, frame, "head"),
        *prose(entry["definition"], frame),
        *others,
        *(row for one in told for row in prose(f"Source: {one}.", frame, "dim")),
    )
