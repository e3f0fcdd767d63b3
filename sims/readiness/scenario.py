"""What does a readiness scenario say? A way of being told, and what happens to one socket, in order.

    {"mode": "edge", "events": ["arrive 10", "wait", "read 4", "wait", "drain", "rearm", "wait"]}

An event is one line of text, or a mapping: {"op": "arrive", "bytes": 10}.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sims.fields import Fault, Text, Whole, make, many, maybe, misrule, record, refuse, shown, word
from sims.fields import plain as plain_value

MODES = ("level", "edge", "oneshot")
OPS = {"arrive": True, "read": True, "drain": False, "wait": False, "rearm": False}  # op -> takes bytes?
LARGEST = 65_536


@record
class Happening:
    """One thing that happens to the socket."""

    op: str = word(*OPS, help="arrive n, read n, drain (read until it would block), wait (without time), rearm")
    bytes: int | None = maybe(Whole(1, LARGEST), unit="bytes", help="arrive, read: how many")

    def faults(self) -> Iterable[Fault]:
        if OPS[self.op] and self.bytes is None:
            yield Fault("bytes", f"is missing for {self.op}")
        if not OPS[self.op] and self.bytes is not None:
            yield Fault("bytes", f"is no argument of {self.op}")

    def text(self) -> str:
        """The event as a line of text."""
        return self.op if self.bytes is None else f"{self.op} {self.bytes}"


class _HappeningKind:
    """An event as text or as a mapping."""

    def take(self, raw: Any) -> Happening:
        if isinstance(raw, Happening):
            return raw
        return make(Happening, parsed(raw) if isinstance(raw, str) else raw)

    def plain(self, value: Happening) -> Any:
        found: Mapping[str, Any] = plain_value(value)
        return {key: item for key, item in found.items() if item is not None}

    def describe(self) -> str:
        return "`arrive N`, `read N`, `drain`, `wait` or `rearm`; or {op, bytes}"


def parsed(line: str) -> dict[str, Any]:
    """The fields of an event written as text. Raises Invalid."""
    words = line.split()
    if not words or words[0] not in OPS or len(words) != 1 + OPS[words[0]]:
        raise refuse(f"expected `arrive N`, `read N`, `drain`, `wait` or `rearm`, got {shown(str(line))}")
    return {"op": words[0], **({"bytes": Text(words[1])} if OPS[words[0]] else {})}


@record
class Scenario:
    """One socket that is watched for reading; nothing has arrived at the start."""

    mode: str = word(*MODES, help="level-triggered, edge-triggered (EPOLLET), or one-shot (EPOLLONESHOT)")
    events: tuple[Happening, ...] = many(_HappeningKind(), low=1, high=200, help="what happens, in order")
    misrule: str = misrule("edge-from-empty", "rearm-forgets", "queued", "edge-remembers")


def numbers(scenario: Scenario, *ops: str) -> tuple[str, ...]:
    """The numbers, from 1, of the events of these kinds."""
    return tuple(str(number) for number, event in enumerate(scenario.events, 1) if event.op in ops)


def wait_names(scenario: Scenario) -> tuple[str, ...]:
    """The numbers of the waits."""
    return numbers(scenario, "wait")


def read_names(scenario: Scenario) -> tuple[str, ...]:
    """The numbers of the reads."""
    return numbers(scenario, "read", "drain")
