"""What time is it? The only reader of the clock.

`OSDRILL_NOW=2026-11-23T09:00:00+01:00` sets where the clock starts, for tests and demonstrations; it then goes on as
time passes.
"""

import time
from datetime import UTC, datetime, timedelta

from trainer.cli.refusal import Refusal
from trainer.model import Instant

FIRST, LAST = 1970, 8999  # years that can be set; what is near either end of the calendar has no UTC, or no tomorrow


class Clock:
    """Wall time with its offset, and monotonic time for durations."""

    def __init__(self, start: str = "") -> None:
        self._monotonic = time.monotonic()
        self._start = _parsed(start) if start else None

    def now(self) -> Instant:
        """This moment."""
        passed = time.monotonic()
        if self._start is None:
            moment = datetime.now().astimezone()
        else:
            moment = self._start + timedelta(seconds=passed - self._monotonic)
        offset = moment.utcoffset() or timedelta()
        utc = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return Instant(utc, round(offset.total_seconds() / 60), passed)


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not FIRST <= moment.year <= LAST:
        form = "an instant with its offset such as 2026-11-23T09:00:00+01:00"
        message = f"expected {form}, of the years {FIRST} to {LAST}, got {text[:40]!r}"
        raise Refusal(message, code="bad-clock", where="OSDRILL_NOW")
    return moment
