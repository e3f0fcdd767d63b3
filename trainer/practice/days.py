"""On which study day does a moment fall?

A study day is the local date of (instant − rollover hour): an answer at 01:30 still belongs to yesterday. Days are
counted from 1970-01-01. The offset is the one that was in force at the instant, so that changing clocks and flights
need no time-zone data, and a day once stored never moves.

    study_day("2026-11-23T02:59:59.000000Z", offset=60, rollover=4)  ->  the 22nd: 03:59:59 local time
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

ROLLOVER = 4  # hour of local time at which a study day begins
EPOCH = date(1970, 1, 1)
LAST = date(9000, 1, 1).toordinal() - EPOCH.toordinal()  # days beyond it, of a broken clock, are taken as it


def microseconds(utc: str) -> int:
    """The instant, ISO 8601 with Z, as microseconds since 1970."""
    return (datetime.fromisoformat(utc) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def study_day(utc: str, offset: int, rollover: int = ROLLOVER) -> int:
    """Days since 1970-01-01; `offset` in minutes east of UTC, `rollover` in hours."""
    return (microseconds(utc) // 60_000_000 + offset - rollover * 60) // (24 * 60)


def date_of(day: int) -> date:
    """The calendar date of a study day."""
    return EPOCH + timedelta(days=min(day, LAST))


def day_of(when: date) -> int:
    """The study day of a calendar date."""
    return when.toordinal() - EPOCH.toordinal()


@lru_cache(maxsize=4096)  # a history has few days and asks for them a million times
def noon(day: int) -> datetime:
    """Noon UTC of a study day: whole days apart for whole study days, whatever the clocks did."""
    return datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=min(day, LAST))
