"""What can be asked of a schedule: the quantities, each a function of the trace.

Times are ticks, intervals half-open, averages exact fractions. Waiting is turnaround − CPU − I/O: what a process
spends ready, a switch towards it included. Makespan, utilisation, throughput and idle time count from the first
arrival to the last completion. Source: Silberschatz 10th ed., 5.2 (scheduling criteria).
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from sims.declare import NoAnswer, mean
from sims.scheduler.scenario import Process
from sims.scheduler.trace import Slice, Trace

Times = dict[str, int]


def runs(trace: Trace) -> Iterator[Slice]:
    """The slices in which a process runs, in order."""
    return (event for event in trace.events if event.kind == "run")


def per_process(trace: Trace, of: Callable[[Process], int]) -> Times:
    """`of` each process, in list order."""
    return {process.name: of(process) for process in trace.scenario.processes}


def completion(trace: Trace) -> Times:
    """When each process exits."""
    ends = {event.process: event.end for event in trace.events if event.then == "exit"}
    return per_process(trace, lambda process: ends[process.name])


def turnaround(trace: Trace) -> Times:
    """Completion minus arrival."""
    ends = completion(trace)
    return per_process(trace, lambda process: ends[process.name] - process.arrival)


def waiting(trace: Trace) -> Times:
    """Time spent ready: turnaround minus CPU minus I/O."""
    spent = turnaround(trace)
    return per_process(trace, lambda process: spent[process.name] - sum(process.parts))


def first_run(trace: Trace) -> Times:
    """When each process first runs."""
    starts: dict[str | None, int] = {}
    for event in runs(trace):
        starts.setdefault(event.process, event.start)
    return per_process(trace, lambda process: starts[process.name])


def response(trace: Trace) -> Times:
    """First run minus arrival."""
    starts = first_run(trace)
    return per_process(trace, lambda process: starts[process.name] - process.arrival)


def first_preemption(trace: Trace) -> int:
    """The first slice of the chart, from 1, at whose end a process with burst left loses its core. Raises NoAnswer."""
    return _first_slice(trace, lambda event: event.then in ("preempted", "quantum"))


def first_shared(trace: Trace) -> int:
    """The first slice, from 1, after which another process runs: taken for preempted although it may have ended."""
    slices = tuple(runs(trace))
    return _first_slice(trace, lambda event: event is not slices[-1])


def first_full_quantum(trace: Trace) -> int:
    """The first slice, from 1, that takes a whole quantum: taken for preempted although the burst may have ended."""
    return _first_slice(trace, lambda event: event.end - event.start >= trace.scenario.quantum)


def first_arrival_during(trace: Trace) -> int:
    """The first slice, from 1, in which another process arrives: taken for preempting. Raises NoAnswer."""
    arrivals = [process.arrival for process in trace.scenario.processes]
    return _first_slice(trace, lambda event: any(event.start < arrival <= event.end for arrival in arrivals))


def _first_slice(trace: Trace, holds: Callable[[Slice], bool]) -> int:
    number = next((n for n, event in enumerate(runs(trace), 1) if holds(event)), None)
    if number is None:
        raise NoAnswer("there is no such slice")
    return number


def slices_told(trace: Trace) -> tuple[str, ...]:
    """The slices to choose from: who ran from when to when, not why it ended."""
    return tuple(f"{event.process} runs {event.start} to {event.end}" for event in runs(trace))


def averaged(of: Callable[[Trace], Mapping[str, int]]) -> Callable[[Trace], Fraction]:
    """The measure that gives the exact average of `of`."""
    return lambda trace: mean(of(trace))


def longest(of: Callable[[Trace], Mapping[str, int]]) -> Callable[[Trace], int]:
    """The measure that gives the greatest value of `of`."""
    return lambda trace: max(of(trace).values())


def gantt(trace: Trace) -> tuple[tuple[str, int, int, int], ...]:
    """The slices: process, start, end, core."""
    return tuple((str(event.process), event.start, event.end, event.core) for event in runs(trace))


def completion_order(trace: Trace) -> tuple[str, ...]:
    """Who exits first, second, …; of two at one instant the one on the lower core first."""
    exits = sorted((event.end, event.core, str(event.process)) for event in trace.events if event.then == "exit")
    return tuple(process for _, _, process in exits)


def dispatches(trace: Trace) -> tuple[tuple[int, Slice], ...]:
    """Index and event of each dispatch of another process than the core last ran; the first on a core is among them."""
    last: dict[int, str | None] = {}
    found = []
    for index, event in enumerate(trace.events):
        if event.kind != "idle" and last.get(event.core) != event.process:
            found.append((index, event))
            last[event.core] = event.process
    return tuple(found)


def context_switches(trace: Trace) -> int:
    """Dispatches of another process than the core last ran; the first on each core is none."""
    return len(dispatches(trace)) - len({event.core for event in trace.events if event.kind != "idle"})


def preempted(trace: Trace) -> tuple[tuple[int, str], ...]:
    """When and who: a process with burst left gives its core to another."""
    ended = [(event.end, str(event.process)) for event in runs(trace) if event.then == "quantum"]
    displaced = [(change.time, str(change.process)) for change in trace.log if change.kind == "displace"]
    return tuple(sorted(ended + displaced))


def preemptions(trace: Trace) -> int:
    """How often a process with burst left gives its core to another."""
    return len(preempted(trace))


def span(trace: Trace) -> tuple[int, int]:
    """First arrival and last completion."""
    first = min(process.arrival for process in trace.scenario.processes)
    return first, max(event.end for event in trace.events)


def makespan(trace: Trace) -> int:
    """Ticks from the first arrival to the last completion."""
    first, last = span(trace)
    return last - first


def busy(trace: Trace) -> int:
    """CPU time of all processes together."""
    return sum(process.cpu for process in trace.scenario.processes)


def utilisation(trace: Trace) -> Fraction:
    """The part of the cores' time in which processes run; switching is no part of it."""
    return Fraction(busy(trace), trace.scenario.cores * makespan(trace))


def throughput(trace: Trace) -> Fraction:
    """Processes completed a tick."""
    return Fraction(len(trace.scenario.processes), makespan(trace))


def idle(trace: Trace) -> int:
    """Ticks in which a core neither runs nor switches, of all cores together."""
    return sum(event.end - event.start for event in trace.events if event.kind == "idle")


def running_at(trace: Trace, t: int) -> frozenset[str]:
    """Who runs at t; the slice that starts at t does, the one that ends at t does not."""
    return frozenset(str(event.process) for event in runs(trace) if event.start <= t < event.end)


def ready_at(trace: Trace, t: int) -> tuple[str, ...]:
    """Who waits for a core at t, head of the queue first; one that is being switched in stands before it."""
    return trace.ready_names(t)


def share(trace: Trace, **asked: Any) -> Fraction:
    """The part of [from, to) in which the process `name` runs. The arguments are `name`, `from` and `to`."""
    name, start, end = asked["name"], asked["from"], asked["to"]
    if start >= end:
        raise NoAnswer("the interval is empty")
    within = (min(event.end, end) - max(event.start, start) for event in runs(trace) if event.process == name)
    return Fraction(sum(max(ticks, 0) for ticks in within), end - start)
