"""What can be asked of a server's run? Latencies, rates, threads, descriptors; exact numbers of one trace.

Times are in ticks and count from the first arrival where they measure the whole run; averages are exact. A refused
request has no latency and counts in no average.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from sims.declare import Limit, NoAnswer
from sims.server.run import Event, Trace, count_threads, run
from sims.server.scenario import Scenario

MOST_SEGMENTS = 1_000_000  # that one makespan-by-threads may run


def intervals(trace: Trace) -> tuple[tuple[int, int | None], ...]:
    """(arrival, completion) of each request in list order; completion None where it was refused."""
    ends = {event.request: event.end for event in trace.events if event.kind == "done"}
    return tuple((request.arrival, ends.get(index)) for index, request in enumerate(trace.scenario.requests))


def latencies(trace: Trace) -> tuple[int, ...]:
    """Completion minus arrival, of the completed requests in list order."""
    return tuple(end - start for start, end in intervals(trace) if end is not None)


def latency(trace: Trace) -> Mapping[str, int | str]:
    """Ticks from arrival to completion by request; the word `refused` where there is none."""
    found = zip(trace.scenario.requests, intervals(trace), strict=True)
    return {request.name: "refused" if end is None else end - start for request, (start, end) in found}


def average_latency(trace: Trace) -> Fraction:
    """Mean latency of the completed requests."""
    return Fraction(sum(latencies(trace)), len(latencies(trace)))


def p95_latency(trace: Trace) -> int:
    """The latency at rank ceil(0.95 n), counted from the shortest: nearest rank."""
    ordered = sorted(latencies(trace))
    return ordered[-(-95 * len(ordered) // 100) - 1]


def makespan(trace: Trace) -> int:
    """Ticks from the first arrival to the last completion."""
    return max(event.end for event in trace.events) - trace.events[0].start


def throughput(trace: Trace) -> Fraction:
    """Completed requests per tick of the makespan."""
    return Fraction(len(latencies(trace)), makespan(trace))


def busy(trace: Trace, kinds: tuple[str, ...] = ("cpu",)) -> int:
    """Ticks of all events of these kinds."""
    return sum(event.end - event.start for event in trace.events if event.kind in kinds)


def utilisation(trace: Trace) -> Fraction:
    """Share of the cores' time spent in CPU segments; switches and system calls are not work."""
    return Fraction(busy(trace), trace.scenario.cores * makespan(trace))


def threads(trace: Trace) -> int:
    """Threads (or loops) of the model; under thread-per-connection the most at once."""
    if trace.scenario.model == "thread-per-connection":
        return max_open(trace)
    return count_threads(trace.scenario)


def stack_memory(trace: Trace) -> int:
    """KiB of stack reserved: threads times the stack of each."""
    return threads(trace) * trace.scenario.stack_kib


def switches(trace: Trace) -> int:
    """How often a core changed thread; the first thread of each core is no change."""
    return sum(event.kind == "switch" for event in trace.events)


def syscalls(trace: Trace) -> int:
    """System calls: one for each I/O segment, one for each wake-up of a loop."""
    return sum(event.kind in ("call", "wake") for event in trace.events)


def refused(trace: Trace) -> int:
    """Connections that found the backlog full."""
    return sum(event.kind == "refused" for event in trace.events)


class Opening(NamedTuple):
    """A connection that opened or was completed, and how many are open after it."""

    place: int  # in trace.events
    event: Event
    now_open: int


def openings(trace: Trace) -> tuple[Opening, ...]:
    """Each opening and each completion, in order."""
    found, count = [], 0
    for index, event in enumerate(trace.events):
        if event.kind in ("open", "done"):
            count += 1 if event.kind == "open" else -1
            found.append(Opening(index, event, count))
    return tuple(found)


def max_open(trace: Trace) -> int:
    """The most connections open at once."""
    return max(opening.now_open for opening in openings(trace))


def in_flight_at(trace: Trace, t: int) -> int:
    """Requests that have arrived and are not done at t, the backlog included; [arrival, completion) is half-open."""
    return sum(end is not None and start <= t < end for start, end in intervals(trace))


def kept_waiting(trace: Trace, request: str) -> Mapping[int, int]:
    """Ticks that each other request, with a segment ready, waited while `request` held its loop, by list index."""
    names = [one.name for one in trace.scenario.requests]
    held = _held(trace, names.index(request))
    loop = names.index(request) % trace.scenario.loops
    delays: dict[int, int] = {}
    ready: dict[int, int] = {}
    for event in trace.events:
        if event.request % trace.scenario.loops != loop or names[event.request] == request:
            continue
        if event.kind in ("open", "io"):
            ready[event.request] = event.end
        elif event.kind == "cpu":
            since = ready.pop(event.request)
            waited = sum(max(0, min(end, event.start) - max(start, since)) for start, end in held)
            if waited:
                delays[event.request] = delays.get(event.request, 0) + waited
    return delays


def _held(trace: Trace, index: int) -> tuple[tuple[int, int], ...]:
    """The intervals in which the request's thread ran for it."""
    kinds = ("switch", "wake", "cpu", "call")
    mine = (e for e in trace.events if e.request == index and e.kind in kinds and e.thread is not None)
    return tuple((e.start, e.end) for e in mine)


def loop_blocked_by(trace: Trace, request: str) -> frozenset[str]:
    """The requests that had a segment ready and had to wait while `request` ran on their loop."""
    return frozenset(trace.scenario.requests[index].name for index in kept_waiting(trace, request))


def little(trace: Trace) -> Mapping[str, Fraction]:
    """Little's law: L (mean requests in flight), lambda (completions per tick), W (mean latency); L = lambda W.

    L is counted from the arrivals and completions, not from the other two.
    """
    moments = [(start, 1) for start, end in intervals(trace) if end is not None]
    moments += [(end, -1) for _, end in intervals(trace) if end is not None]
    area, inside, before = 0, 0, 0
    for moment, change in sorted(moments):
        area += inside * (moment - before)
        inside, before = inside + change, moment
    return {"L": Fraction(area, makespan(trace)), "lambda": throughput(trace), "W": average_latency(trace)}


def pool_size(trace: Trace) -> int:
    """Threads that keep the cores busy: cores × (1 + wait/compute), rounded up; from the sums over all requests."""
    cpu = sum(request.cpu for request in trace.scenario.requests)
    io = sum(request.io for request in trace.scenario.requests)
    return -(-trace.scenario.cores * (cpu + io) // cpu)


def with_threads(scenario: Scenario, count: int) -> Scenario:
    """The same requests on a pool of that many threads."""
    return replace(scenario, model="pool", threads=count)


def makespan_by_threads(trace: Trace, **span: int) -> tuple[int, ...]:
    """The makespan on a pool of `from`, …, `to` threads. Raises NoAnswer where `to` is below `from`, Limit where
    the runs together would have more than a million segments."""
    if span["to"] < span["from"]:
        raise NoAnswer("no thread counts")
    segments = sum(len(request.segments) for request in trace.scenario.requests) * (span["to"] - span["from"] + 1)
    if segments > MOST_SEGMENTS:
        raise Limit(f"the runs have {segments} segments; at most {MOST_SEGMENTS}")
    return tuple(makespan(run(with_threads(trace.scenario, count))) for count in range(span["from"], span["to"] + 1))
