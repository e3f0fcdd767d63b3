"""What does it cost to cross into the kernel? Calls, copies and faults of one transfer.

Source: Kerrisk, The Linux Programming Interface, 4.4, 13.1, 49 and 61.6; man pages read(2), sendfile(2), mmap(2).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sims.syscalls.scenario import PAGE, TO_THE_END, Scenario

FAULT_AROUND = 16  # pages that Linux maps around a fault where it may
COPIES = {"read": 1, "readv": 1, "write": 1, "io-uring-batch": 1, "sendfile": 0, "mmap": 0}


class Event(NamedTuple):
    """Calls or faults of one sort, together."""

    kind: str  # full | short | end | map | submit | fault
    times: int  # how many
    size: int  # bytes that each moves, or maps
    calls: int  # system calls among them
    copied: int  # bytes that the CPU copies, all together
    faults: int
    time: Fraction  # ns, all together


@dataclass(frozen=True, slots=True)
class Trace:
    """What a transfer needs, sort by sort."""

    scenario: Scenario
    events: tuple[Event, ...]


def run(scenario: Scenario) -> Trace:
    """The parts of the transfer, in order.

    read, readv and sendfile go on to the end of the file: one call more returns 0. write knows how much it has.
    mmap is one call; then each page that is touched first faults, one page a fault. io-uring-batch hands over `batch`
    reads with one call; it knows the size and reads nothing at the end. A library's buffer makes each read or write as
    large as the buffer. Nothing has to wait, so no call is a context switch.
    """
    make = {"mmap": _mapped, "io-uring-batch": _batched}.get(scenario.call, _moved)
    return Trace(scenario, tuple(event for event in make(scenario) if event.times))


def _event(scenario: Scenario, kind: str, count: int, size: int, *, calls: bool = True) -> Event:
    """`count` calls of `size` bytes each; or faults."""
    copies = 2 if scenario.misrule == "sendfile-copies" and scenario.call == "sendfile" else COPIES[scenario.call]
    copied = copies * count * size
    costs = scenario.costs
    each = costs.syscall if calls else costs.fault
    time = count * each + Fraction(copied, 1024) * costs.copy_per_kib
    return Event(kind, count, size, count if calls else 0, copied, 0 if calls else count, time)


def _moved(scenario: Scenario) -> tuple[Event, ...]:
    """Full calls, a short one for the rest, and one that finds the end of the file."""
    full, rest = divmod(scenario.bytes, scenario.unit)
    if scenario.misrule == "rounded-down":
        rest = 0
    size = scenario.unit if scenario.misrule == "whole-buffers" else rest
    end = scenario.call in TO_THE_END and scenario.misrule != "no-end"
    return (
        _event(scenario, "full", full, scenario.unit),
        _event(scenario, "short", int(rest > 0), size),
        _event(scenario, "end", int(end), 0),
    )


def _mapped(scenario: Scenario) -> tuple[Event, ...]:
    """One call, then a fault for each page."""
    pages = -(-scenario.bytes // PAGE)
    if scenario.misrule == "fault-around":
        pages = -(-pages // FAULT_AROUND)
    faults = 0 if scenario.misrule == "no-faults" else pages
    return (_event(scenario, "map", 1, 0), _event(scenario, "fault", faults, 0, calls=False))


def _batched(scenario: Scenario) -> tuple[Event, ...]:
    """Calls with a full batch of reads, and one with the rest."""
    reads = scenario.bytes // scenario.chunk
    if scenario.misrule != "rounded-down":
        reads = -(-scenario.bytes // scenario.chunk)
    full, rest = divmod(reads, scenario.batch)
    size = scenario.batch * scenario.chunk
    left = max(0, scenario.bytes - full * size)
    if not rest and full:  # the last batch is full of reads, but its last read may be short
        return (
            _event(scenario, "submit", full - 1, size),
            _event(scenario, "submit", 1, scenario.bytes - (full - 1) * size),
        )
    return (_event(scenario, "submit", full, size), _event(scenario, "submit", int(rest > 0), left))


def tell(trace: Trace, index: int) -> str:
    """One sentence on the part."""
    event, call = trace.events[index], trace.scenario.call
    calls = f"{event.times} call{'s' if event.times > 1 else ''}"
    sentences = {
        "full": f"{calls} of {call} move{'s' if event.times == 1 else ''} {event.size} bytes each.",
        "short": f"One {call} moves the last {event.size} bytes.",
        "end": f"One {call} returns 0: the end of the file.",
        "map": "One mmap maps the file; nothing is read yet.",
        "fault": f"{event.times} page{'s' if event.times > 1 else ''} fault when first touched.",
        "submit": f"{calls} of io_uring_enter hand over reads of {event.size} bytes each.",
    }
    exact = event.time.denominator == 1
    return f"{sentences[event.kind]} {event.time if exact else f'About {round(event.time)}'} ns."
