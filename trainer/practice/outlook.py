"""What is waiting, and how long will it take? The line that `osdrill` alone shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.practice import choose
from trainer.practice.choose import Situation


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a study day holds."""

    due: int  # skills to be asked again
    due_ms: int  # and how long that takes, by their own paces
    new: int  # skills that fit beside them

    @property
    def minutes(self) -> int:
        """Rounded up: never less than it takes."""
        return -(-self.due_ms // 60_000)


def outlook(now: Situation) -> Outlook:
    """What is waiting in this situation, whose cards are all the learner's."""
    waiting = {one.skill for one in (*choose.again(now), *choose.due(now))}
    paces = [(skill, now.cards[skill].pace_ms) for skill in waiting]
    return Outlook(len(waiting), took(paces), sum(1 for _ in choose.new(now)))


def took(paces: Iterable[tuple[str, int]]) -> int:
    """How long it takes to ask these skills, in ms."""
    return sum(pace or choose.PACE_MS for _, pace in paces)


def tomorrow(now: Situation) -> Outlook:
    """What the next study day will hold if nothing more is asked today; no new ones are counted."""
    later = [
        (card.skill, card.pace_ms)
        for card in now.cards.values()
        if now.due_day(card) <= now.day + 1 and now.may(card.skill)
    ]
    return Outlook(len(later), took(later), 0)
