"""How is a date read and said?"""

from datetime import date

from trainer.cli.refusal import Refusal
from trainer.practice.days import date_of, day_of


def day_named(text: str) -> int:
    """The study day of `2027-01-20`. Raises Refusal."""
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise Refusal(f"expected a date such as 2027-01-20, got {text[:40]!r}", code="bad-date") from None


def short(day: int, today: int) -> str:
    """20 Jan; with its year where that is another than today's and not the next half year's."""
    when = date_of(day)
    named = f"{when.day} {when:%b}"
    return named if abs(day - today) < 183 else f"{named} {when.year}"
