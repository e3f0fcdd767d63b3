"""What can be asked of a transfer? Calls, crossings, copies, faults, time; and the ways beside each other."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from sims.declare import Step
from sims.syscalls.run import COPIES, Trace, run, tell
from sims.syscalls.scenario import CALLS, PAGE

COUNTED = ("calls", "crossings", "copies", "faults", "switches")


def calls(trace: Trace) -> int:
    """System calls in all."""
    return sum(event.calls for event in trace.events)


def crossings(trace: Trace) -> int:
    """Changes between user and kernel mode: into the kernel and out of it, for each call."""
    return 2 * calls(trace)


def copies(trace: Trace) -> int:
    """How often the CPU copies each byte between kernel and program."""
    return COPIES[trace.scenario.call]


def copied(trace: Trace) -> int:
    """Bytes that the CPU copies between kernel and program."""
    return sum(event.copied for event in trace.events)


def faults(trace: Trace) -> int:
    """Page faults."""
    return sum(event.faults for event in trace.events)


def switches(trace: Trace) -> int:
    """Context switches: none, since nothing has to wait."""
    del trace
    return 0


def time(trace: Trace) -> Fraction:
    """Nanoseconds in all."""
    return sum((event.time for event in trace.events), Fraction(0))


def per_byte(trace: Trace) -> Fraction:
    """Nanoseconds a byte."""
    return time(trace) / trace.scenario.bytes


def counts(trace: Trace) -> Mapping[str, int]:
    """calls, crossings, copies, faults and switches."""
    return dict(zip(COUNTED, (f(trace) for f in (calls, crossings, copies, faults, switches)), strict=True))


def calls_each_way(trace: Trace) -> Mapping[str, int]:
    """System calls for the same bytes, by kind of call."""
    return {call: calls(run(replace(trace.scenario, call=call))) for call in CALLS}


def time_each_way(trace: Trace) -> Mapping[str, Fraction]:
    """Nanoseconds for the same bytes, by kind of call."""
    return {call: time(run(replace(trace.scenario, call=call))) for call in CALLS}


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────

RULES = {
    "full": "calls: bytes over the size of a call, rounded up",
    "short": "calls: bytes over the size of a call, rounded up",
    "end": "read to the end of the file: the last call returns 0",
    "map": "mmap: one call",
    "fault": f"mmap: a fault for each page of {PAGE} bytes",
    "submit": "io_uring: one call for a batch",
}


def part_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a part, with the calls so far."""
    total, steps = 0, []
    for index, event in enumerate(trace.events):
        total += event.calls
        steps.append(Step(f"{tell(trace, index)} Calls so far: {total}.", RULES[event.kind], total, None, index))
    return tuple(steps)


def call_steps(trace: Trace) -> tuple[Step, ...]:
    """The parts, then their sum."""
    return (*part_steps(trace), Step(f"Together {calls(trace)} calls.", "calls: the sum", calls(trace)))


def crossing_steps(trace: Trace) -> tuple[Step, ...]:
    """The calls, then twice as many crossings."""
    says = f"2 × {calls(trace)} = {crossings(trace)} crossings."
    return (*part_steps(trace), Step(says, "crossings: in and out, for each call", crossings(trace)))


def copy_steps(trace: Trace) -> tuple[Step, ...]:
    """What the kind of call copies."""
    call, count = trace.scenario.call, copies(trace)
    says = f"{call} copies each byte {count} times between kernel and program."
    return (Step(says, "copies: read and write 1, sendfile and mmap 0", count),)


def copied_steps(trace: Trace) -> tuple[Step, ...]:
    """Copies times bytes."""
    says = f"{copies(trace)} × {trace.scenario.bytes} = {copied(trace)} bytes."
    return (*copy_steps(trace), Step(says, "copied: copies × bytes", copied(trace)))


def fault_steps(trace: Trace) -> tuple[Step, ...]:
    """Pages, where the file is mapped."""
    if trace.scenario.call != "mmap":
        return (Step("Nothing is mapped: 0 faults.", RULES["fault"], 0),)
    says = f"{trace.scenario.bytes} bytes are {faults(trace)} pages of {PAGE}: {faults(trace)} faults."
    return (Step(says, RULES["fault"], faults(trace)),)


def time_steps(trace: Trace) -> tuple[Step, ...]:
    """Calls, copies, faults, and the sum."""
    costs = trace.scenario.costs
    copying = Fraction(copied(trace), 1024) * costs.copy_per_kib
    crossing, faulting = calls(trace) * costs.syscall, faults(trace) * costs.fault
    says = f"{crossing} + {copying} + {faulting} = {time(trace)} ns."
    return (
        *part_steps(trace),
        Step(f"{calls(trace)} calls × {costs.syscall} ns = {crossing} ns.", "time of the calls", crossing),
        Step(f"{copied(trace)} bytes / 1024 × {costs.copy_per_kib} ns = {copying} ns.", "a KiB is 1024 bytes", copying),
        Step(f"{faults(trace)} faults × {costs.fault} ns = {faulting} ns.", "time of the faults", faulting),
        Step(says, "time: calls + copies + faults", time(trace)),
    )


def per_byte_steps(trace: Trace) -> tuple[Step, ...]:
    """The time, then over the bytes."""
    says = f"{time(trace)} / {trace.scenario.bytes} = {per_byte(trace)} ns a byte."
    return (*time_steps(trace), Step(says, "per byte: time over bytes", per_byte(trace)))


def count_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a count."""
    reasons = {
        "calls": "the parts together",
        "crossings": "into the kernel and out again",
        "copies": "by the CPU, of each byte",
        "faults": f"pages of {PAGE} bytes of a mapping",
        "switches": "nothing has to wait: the same thread goes on",
    }
    steps = tuple(Step(f"{name}: {value}.", reasons[name], value, name) for name, value in counts(trace).items())
    return (*part_steps(trace), *steps)


def way_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a kind of call: how many."""
    return tuple(
        Step(f"{call}: {count} calls.", "calls of each kind", count, call)
        for call, count in calls_each_way(trace).items()
    )


def time_way_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a kind of call: how long."""
    return tuple(
        Step(f"{call}: {took} ns.", "time: calls + copies + faults", took, call)
        for call, took in time_each_way(trace).items()
    )
