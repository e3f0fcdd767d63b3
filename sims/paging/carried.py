"""What do the frames hold next, if they hold now what somebody says? For a table that is filled row by row.

Loads and uses are read off the rows themselves, so that one wrong row is one slip and the rest follows from it.
Not for clock, second chance, nru, aging and random, whose choice hangs on more than the rows show.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sims.declare import NoAnswer
from sims.paging.run import Trace
from sims.paging.scenario import Scenario

EMPTY = "-"
Row = tuple[Any, ...]


class History(NamedTuple):
    """What the rows so far say of each frame."""

    scenario: Scenario
    row: Row  # what the frames hold now
    loaded: Sequence[int]  # the reference, from 0, at which its page came
    uses: Sequence[Sequence[int]]  # the references to its page since then


def next_frames(trace: Trace, rows: Sequence[Row]) -> Row | None:
    """The frames after the next reference; None after the last. Raises NoAnswer where the rows do not say."""
    scenario, at = trace.scenario, len(rows)
    if at >= len(scenario.references):
        return None
    page = scenario.references[at].page
    before = rows[-1] if rows else (EMPTY,) * scenario.frames
    if page in before:
        return tuple(before)
    frame = before.index(EMPTY) if EMPTY in before else _victim(scenario, rows)
    return (*before[:frame], page, *before[frame + 1 :])


def _victim(scenario: Scenario, rows: Sequence[Row]) -> int:
    if scenario.policy not in CHOOSES or scenario.misrule:
        raise NoAnswer(f"{scenario.policy}: the rows do not say what leaves")
    return CHOOSES[scenario.policy](_history(scenario, rows))


def _history(scenario: Scenario, rows: Sequence[Row]) -> History:
    before: Row = (EMPTY,) * scenario.frames
    loaded = [0] * scenario.frames
    uses: list[list[int]] = [[] for _ in range(scenario.frames)]
    for at, row in enumerate(rows):
        for frame, page in enumerate(row):
            if page != before[frame]:
                loaded[frame], uses[frame] = at, []
            if page == scenario.references[at].page:
                uses[frame].append(at)
        before = row
    return History(scenario, before, loaded, uses)


def _last(history: History, frame: int) -> int:
    return max((history.loaded[frame], *history.uses[frame]))


def _next(history: History, frame: int) -> int:
    """The next reference to the page in the frame; past the end where there is none."""
    at = max(_last(history, one) for one in range(len(history.row))) + 1
    ahead = (n for n, one in enumerate(history.scenario.references[at:], at) if one.page == history.row[frame])
    return next(ahead, len(history.scenario.references))


def _least(key: Callable[[History, int], Any]) -> Callable[[History], int]:
    """The frame with the least key, the lowest of equal ones."""
    return lambda history: min(range(len(history.row)), key=lambda frame: key(history, frame))


CHOOSES: dict[str, Callable[[History], int]] = {
    "fifo": _least(lambda history, frame: history.loaded[frame]),
    "lru": _least(_last),
    "mru": _least(lambda history, frame: -_last(history, frame)),
    "opt": _least(lambda history, frame: -_next(history, frame)),
    "lfu": _least(lambda history, frame: (len(history.uses[frame]), _last(history, frame))),
}
