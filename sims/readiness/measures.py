"""What can be asked of the socket? What waits and reads return, and what is left unread for ever."""

from collections.abc import Mapping
from typing import TypeVar

from sims.declare import NoAnswer, Step
from sims.readiness.run import Event, Trace, tell

V = TypeVar("V")
RULES = {
    "level": "level: told while anything is unread",
    "edge": "edge: told once after data has come or the socket was re-armed",
    "oneshot": "one shot: told once, then silent until re-armed",
}


def waits(trace: Trace) -> Mapping[str, int]:
    """1 or 0 for each wait, by its number among the events. Raises NoAnswer where nobody waits."""
    found = (event for event in trace.events if event.happening.op == "wait")
    return _some({str(event.number): int(event.result or 0) for event in found}, "waits")


def reads(trace: Trace) -> Mapping[str, int | str]:
    """Bytes, or would-block, for each read and drain, by its number. Raises NoAnswer where nobody reads."""
    found = (event for event in trace.events if event.happening.op in ("read", "drain"))
    return _some({str(event.number): event.result for event in found if event.result is not None}, "reads")


def _some(found: dict[str, V], what: str) -> dict[str, V]:
    """The same, unless it is empty. Raises NoAnswer."""
    if not found:
        raise NoAnswer(f"there are no {what}")
    return found


def stalled(trace: Trace) -> int:
    """Bytes unread at the end that no wait will report if nothing more arrives."""
    last = trace.events[-1]
    return 0 if last.will_tell else last.unread


def stalled_after_reads(trace: Trace) -> Mapping[str, int]:
    """For each read and drain, by its number: bytes that would be stalled if it were the last event. Raises NoAnswer
    where nobody reads."""
    found = (event for event in trace.events if event.happening.op in ("read", "drain"))
    return _some({str(event.number): 0 if event.will_tell else event.unread for event in found}, "reads")


def why(trace: Trace, event: Event) -> str:
    """Why this wait returns what it does."""
    before = trace.events[event.number - 2] if event.number > 1 else None
    unread = before.unread if before else 0
    if not unread:
        return "nothing is unread"
    if event.result:
        return f"{unread} bytes are unread" + ("" if trace.scenario.mode == "level" else " and not yet told of")
    return f"{unread} bytes are unread, but they have been told of"


def wait_steps(trace: Trace) -> tuple[Step, ...]:
    """One step an event; those of the waits settle the answer."""
    steps = []
    for index, event in enumerate(trace.events):
        if event.happening.op == "wait":
            says = f"{tell(trace, index)[:-1]}; {why(trace, event)}."
            steps.append(Step(says, RULES[trace.scenario.mode], event.result, str(event.number), index))
        else:
            steps.append(Step(tell(trace, index), "what is unread", event.unread, None, index))
    return tuple(steps)


def read_steps(trace: Trace) -> tuple[Step, ...]:
    """One step an arrival or read."""
    steps = []
    for index, event in enumerate(trace.events):
        if event.happening.op in ("read", "drain"):
            steps.append(Step(tell(trace, index), "a read takes what is there", event.result, str(event.number), index))
        elif event.happening.op == "arrive":
            steps.append(Step(tell(trace, index), "what is unread", event.unread, None, index))
    return tuple(steps)


def stalled_steps(trace: Trace) -> tuple[Step, ...]:
    """What is unread at the end, and whether the next wait would tell of it."""
    last = trace.events[-1]
    would = "would report it" if last.will_tell else "would return 0"
    says = f"At the end {last.unread} bytes are unread; another wait {would}: {stalled(trace)} stalled."
    return (*wait_steps(trace), Step(says, RULES[trace.scenario.mode], stalled(trace)))


def after_steps(trace: Trace) -> tuple[Step, ...]:
    """One step an event; those of the reads settle the answer."""
    steps = []
    for index, event in enumerate(trace.events):
        reading = event.happening.op in ("read", "drain")
        key = str(event.number) if reading else None
        value = 0 if reading and event.will_tell else event.unread
        would = "a wait would report them" if event.will_tell else "no wait would report them"
        says = tell(trace, index) if not reading or not event.unread else f"{tell(trace, index)[:-1]}; {would}."
        steps.append(Step(says, RULES[trace.scenario.mode], value, key, index))
    return tuple(steps)
