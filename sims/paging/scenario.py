"""What does a paging problem say? A policy, a number of frames and a reference string.

Words: *page*, *frame* (numbered from 0), *reference string*, *reference* (a use of a page, counted from 1 in what
people read), *write* (a reference that leaves the page dirty; written `7w`).

    make(Scenario, {"policy": "lru", "frames": 3, "references": [7, 0, "1w", 2]})
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sims.fields import Fault, Whole, many, misrule, record, refuse, shown, whole, word

POLICIES = ("fifo", "lru", "opt", "clock", "second-chance", "lfu", "mru", "nru", "aging", "random")
FRAMES = 1024
HIGHEST = 999_999
LONGEST = 1_000_000
WRITTEN = re.compile(r"([0-9]{1,6})(w?)")


class Reference(NamedTuple):
    """One use of a page."""

    page: int
    write: bool = False

    def __str__(self) -> str:
        return f"{self.page}w" if self.write else str(self.page)


class ReferenceKind:
    """A page number; with a `w` behind it a write."""

    def take(self, raw: Any) -> Reference:
        if isinstance(raw, Reference):
            return raw
        if type(raw) is int and 0 <= raw <= HIGHEST:
            return Reference(raw)
        match = WRITTEN.fullmatch(raw) if isinstance(raw, str) else None
        if match is None:
            raise refuse(f"must be a page from 0 to {HIGHEST}, or a write such as 7w, got {shown(raw)}")
        return Reference(int(match[1]), bool(match[2]))

    def plain(self, value: Reference) -> int | str:
        return str(value) if value.write else value.page

    def describe(self) -> str:
        return f"a page from 0 to {HIGHEST}; 7w is a write to page 7"


@record
class Scenario:
    """Which pages a process uses, how many frames it has, and how the page that leaves is chosen."""

    policy: str = word(*POLICIES, help="how the page that leaves is chosen")
    frames: int = whole(1, FRAMES, unit="frames", help="physical frames, all empty at the start")
    references: tuple[Reference, ...] = many(
        ReferenceKind(), low=1, high=LONGEST, help="the reference string: pages in order of use"
    )
    load_bit: str = word(
        "set", "clear", default="set", help="clock, second-chance: the reference bit of a page just loaded"
    )
    reset_every: int = whole(
        1, LONGEST, default=4, unit="references", help="nru, aging: references between two clock interrupts"
    )
    draws: tuple[int, ...] = many(
        Whole(0, 2**32 - 1), high=LONGEST, default=(), help="random: one draw an eviction; draw mod frames leaves"
    )
    misrule: str = misrule("hand-stays", "tie-by-load", "counts-kept", "modified-first")

    def faults(self) -> Iterable[Fault]:
        if self.policy == "random":
            short = _draws_run_out(self)
            if short:
                left = len(self.references) - short + 1
                yield Fault(
                    "draws",
                    f"must hold one draw an eviction: {len(self.draws)} are used up before reference {short}; "
                    f"{left} more are always enough",
                )


def _draws_run_out(scenario: Scenario) -> int:
    """The reference, counted from 1, whose eviction has no draw left; 0 if there is none."""
    held: list[int] = []
    resident: set[int] = set()
    draws = iter(scenario.draws)
    for count, (page, _) in enumerate(scenario.references, 1):
        if page in resident:
            continue
        if len(held) < scenario.frames:
            held.append(page)
        else:
            draw = next(draws, None)
            if draw is None:
                return count
            frame = draw % scenario.frames
            resident.remove(held[frame])
            held[frame] = page
        resident.add(page)
    return 0
