"""How does one practise where nothing can be saved? Reviews and cards in memory, on top of what can be read."""

from collections.abc import Iterable, Mapping
from typing import Any

from trainer.model import Card, Instant, Review, replace
from trainer.practice import mistakes, stats
from trainer.practice.days import microseconds
from trainer.practice.fold import Fold
from trainer.practice.rooms import Ledger


class Unsaved:
    """A ledger that is gone when the program ends. `base` is what could be read; it is not written."""

    def __init__(self, fold: Fold, base: Ledger | None = None) -> None:
        self.fold, self.base = fold, base
        self._cards = {card.skill: card for card in base.cards()} if base else {}
        self._reviews: list[Review] = []
        self._withdrawn: set[str] = set()

    def due(self, day: int, limit: int = -1) -> list[Card]:
        """As the store has it."""
        due = [one for one in self._cards.values() if one.due <= day or one.again_today == day or one.last > day]
        ordered = sorted(due, key=lambda card: (card.due, card.skill))
        return ordered if limit < 0 else ordered[:limit]

    def card(self, skill: str) -> Card | None:
        return self._cards.get(skill)

    def cards(self) -> list[Card]:
        return [self._cards[skill] for skill in sorted(self._cards)]

    def reviews(self, *, skill: str | None = None, since: int | None = None) -> Iterable[Review]:
        """What could be read, then what was answered here."""
        both = [*(self.base.reviews(skill=skill, since=since) if self.base else ()), *self._reviews]
        return [
            one
            for one in both
            if one.id not in self._withdrawn and skill in (None, one.skill) and (since is None or one.day >= since)
        ]

    def put_off(self, day: int) -> Mapping[str, str]:
        return self.base.put_off(day) if self.base else {}

    def setting(self, name: str) -> Any:
        return self.base.setting(name) if self.base else None

    def record(self, review: Review) -> Card:
        """Fold it in."""
        before = self._reviews[-1].order if self._reviews else max((one.order for one in self.reviews()), default=0)
        self._reviews.append(replace(review, order=max(microseconds(review.at), before + 1)))
        card = self._cards[review.skill] = self.fold(self._cards.get(review.skill), review)
        return card

    def withdraw(self, review: Review, *, id_: str, at: Instant, day: int) -> Card | None:  # noqa: ARG002 — the ledger's
        """Fold what is left of the skill."""
        self._withdrawn.add(review.id)
        card = self.fold.all(self.reviews(skill=review.skill))
        if card is None:
            self._cards.pop(review.skill, None)
        else:
            self._cards[review.skill] = card
        return card

    def tallies(self, most_ms: int) -> list[stats.Tally]:
        return stats.tally(self.reviews(), most_ms)

    def foretold(self) -> list[stats.Foretold]:
        return stats.foretold(self.reviews())

    def mistaken(self) -> Iterable[mistakes.Shown]:
        return [mistakes.shown_by(one) for one in self.reviews() if one.mistakes]

    def rights_after(self, skill: str, order: int) -> int:
        return mistakes.rights_after(self.reviews(skill=skill), skill, order)
