"""When does epoll tell of a socket? Level: while there is something. Edge: when something comes. One shot: once.

Source: Kerrisk, The Linux Programming Interface, 63.1.1 and 63.4.6; epoll(7); fs/eventpoll.c.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sims.readiness.scenario import Happening, Scenario


class Event(NamedTuple):
    """What happened, what it returned, and how things stand after it."""

    number: int  # from 1
    happening: Happening
    result: int | str | None  # wait: 1 or 0; read, drain: bytes or would-block; else None
    unread: int  # bytes in the socket afterwards
    will_tell: bool  # would a wait right after this one report the socket?


@dataclass(frozen=True, slots=True)
class Trace:
    """What every wait and read returned."""

    scenario: Scenario
    events: tuple[Event, ...]


def run(scenario: Scenario) -> Trace:
    """Every event with its result. A wait does not sleep: it returns 1 if the socket is reported, else 0.

    Level: reported while anything is unread. Edge: reported once after data has come; what came before a wait is one
    event; new data counts even if old data is unread; data that was read before the wait is not reported. One shot:
    reported as in level mode, then not again until it is re-armed. Re-arming (EPOLL_CTL_MOD) reports what is unread
    again, in edge mode too. `read` takes what is there, up to its bytes; `drain` takes everything.
    """
    socket = _Socket(scenario)
    return Trace(scenario, tuple(socket.step(number, event) for number, event in enumerate(scenario.events, 1)))


class _Socket:
    """The socket and its place in the interest list. `pending`: how often a wait may still report it in edge mode."""

    def __init__(self, scenario: Scenario) -> None:
        self.mode, self.misrule = scenario.mode, scenario.misrule
        self.unread = 0
        self.pending = 0
        self.enabled = True  # one shot: not yet reported since it was armed
        self.enabled_by_data = False  # only a mistake: re-armed, but waiting for new data

    def step(self, number: int, event: Happening) -> Event:
        result = getattr(self, f"do_{event.op}")(event.bytes or 0)
        return Event(number, event, result, self.unread, self.ready())

    def ready(self) -> bool:
        """Whether a wait would report the socket now."""
        if self.mode == "edge":
            return self.pending > 0 and (self.unread > 0 or self.misrule == "edge-remembers")
        return self.enabled and self.unread > 0

    def do_arrive(self, count: int) -> None:
        if self.misrule == "queued":
            self.pending += 1
        elif self.misrule != "edge-from-empty" or not self.unread:
            self.pending = 1
        self.unread += count
        self.enabled = self.enabled or self.enabled_by_data

    def do_read(self, count: int) -> int | str:
        taken = min(count, self.unread)
        self.unread -= taken
        return taken or "would-block"

    def do_drain(self, _count: int) -> int | str:
        return self.do_read(self.unread)

    def do_wait(self, _count: int) -> int:
        told = self.ready()
        self.pending = max(0, self.pending - 1) if self.misrule == "queued" else 0
        if told and self.mode == "oneshot":
            self.enabled = False
        return int(told)

    def do_rearm(self, _count: int) -> None:
        forgets = self.misrule == "rearm-forgets" and self.unread > 0
        self.enabled, self.enabled_by_data = self.enabled or not forgets, forgets
        if self.unread and not forgets:
            self.pending = max(self.pending, 1)


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    count, left = event.happening.bytes, f"{event.unread} unread"
    sentences = {
        "arrive": f"{count} bytes arrive: {left}.",
        "read": f"The application reads {count}: {event.result}, {left}.",
        "drain": f"The application reads until it would block: {event.result}, {left}.",
        "rearm": f"The socket is re-armed, with {left}.",
        "wait": f"A wait returns {event.result}: {'the socket is reported' if event.result else 'nothing to report'}.",
    }
    return f"{event.number}. {sentences[event.happening.op]}"
