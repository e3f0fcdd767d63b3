"""Which beliefs about a server are another way to count? Other functions of the right run."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from sims.declare import Mistake, NoAnswer
from sims.server import measures as m
from sims.server.run import Trace, run
from sims.server.scenario import Scenario, request_names


def _served(trace: Trace) -> list[int]:
    """Indices of the completed requests."""
    return [index for index, (_, end) in enumerate(m.intervals(trace)) if end is not None]


def _by_name(trace: Trace, values: Mapping[int, int]) -> dict[str, int | str]:
    names = enumerate(trace.scenario.requests)
    return {request.name: values.get(index, "refused") for index, request in names}


def _service(trace: Trace) -> dict[int, int]:
    return {index: sum(trace.scenario.requests[index].segments) for index in _served(trace)}


def _completion(trace: Trace) -> dict[int, int]:
    return {index: m.intervals(trace)[index][1] or 0 for index in _served(trace)}


def _response(trace: Trace) -> dict[int, int]:
    found: dict[int, int] = {}
    for event in trace.events:
        if event.kind == "cpu" and event.request not in found:
            found[event.request] = event.start - trace.scenario.requests[event.request].arrival
    return found


def _average(values: Mapping[int, int]) -> Fraction:
    return Fraction(sum(values.values()), len(values))


def _p95(values: Mapping[int, int]) -> int:
    return sorted(values.values())[-(-95 * len(values) // 100) - 1]


def _rank_cut(trace: Trace) -> int:
    ordered = sorted(m.latencies(trace))
    return ordered[max(1, 95 * len(ordered) // 100) - 1]


def _over_all(trace: Trace) -> Fraction:
    if not m.refused(trace):
        raise NoAnswer("nobody is refused")
    return Fraction(sum(m.latencies(trace)), len(trace.scenario.requests))


def _on_clock(trace: Trace) -> int:
    return max(event.end for event in trace.events)


def _overhead(trace: Trace) -> Fraction:
    work = m.busy(trace, ("cpu", "switch", "wake", "call"))
    return Fraction(work, trace.scenario.cores * m.makespan(trace))


def _one_core(trace: Trace) -> Fraction:
    return Fraction(m.busy(trace), m.makespan(trace))


def _every_request_a_thread(trace: Trace) -> int:
    return len(trace.scenario.requests)


def _stack_for_everyone(trace: Trace) -> int:
    return len(trace.scenario.requests) * trace.scenario.stack_kib


def _every_segment(trace: Trace) -> int:
    return sum(event.kind == "cpu" for event in trace.events)


def _with_the_first(trace: Trace) -> int:
    cores = {event.core for event in trace.events if event.core is not None}
    return m.switches(trace) + len(cores)


def _io_only(trace: Trace) -> int:
    if trace.scenario.model != "event-loop":
        raise NoAnswer("no loop wakes up")
    return sum(event.kind == "call" for event in trace.events)


def _one_a_request(trace: Trace) -> int:
    return len(_served(trace))


def _all_present(trace: Trace) -> int:
    moments = [(start, 1) for start, end in m.intervals(trace) if end is not None]
    moments += [(end, -1) for _, end in m.intervals(trace) if end is not None]
    most = inside = 0
    for _, change in sorted(moments):
        inside += change
        most = max(most, inside)
    return most


def _closed(trace: Trace, t: int) -> int:
    return sum(end is not None and start <= t <= end for start, end in m.intervals(trace))


def _peak_for_mean(trace: Trace) -> dict[str, Fraction]:
    return {**m.little(trace), "L": Fraction(_all_present(trace))}


def _without_queueing(trace: Trace) -> dict[str, Fraction]:
    law, service = m.little(trace), _average(_service(trace))
    return {**law, "W": service, "L": law["lambda"] * service}


def _ratio(trace: Trace) -> tuple[int, int, int]:
    requests = trace.scenario.requests
    return trace.scenario.cores, sum(r.cpu for r in requests), sum(r.io for r in requests)


def _wait_alone(trace: Trace) -> int:
    cores, cpu, io = _ratio(trace)
    return -(-cores * io // cpu)


def _upside_down(trace: Trace) -> int:
    cores, cpu, io = _ratio(trace)
    if not io:
        raise NoAnswer("nobody waits")
    return -(-cores * (cpu + io) // io)


def _never_slower(trace: Trace, **span: int) -> tuple[int, ...]:
    values = m.makespan_by_threads(trace, **span)
    return tuple(min(values[: index + 1]) for index in range(len(values)))


def _divided(trace: Trace, **span: int) -> tuple[int, ...]:
    m.makespan_by_threads(trace, **span)
    _, cpu, io = _ratio(trace)
    return tuple(-(-(cpu + io) // count) for count in range(span["from"], span["to"] + 1))


def _speeding_up(trace: Trace, **span: int) -> tuple[int, ...]:
    m.makespan_by_threads(trace, **span)
    counts = range(span["from"], span["to"] + 1)
    cores = [min(64, max(trace.scenario.cores, count)) for count in counts]
    pools = (replace(m.with_threads(trace.scenario, n), cores=c) for n, c in zip(counts, cores, strict=True))
    return tuple(m.makespan(run(pool)) for pool in pools)


def _everyone_there(trace: Trace, request: str) -> frozenset[str]:
    """The other requests of the loop that are in flight at any moment of the named one's life."""
    names = request_names(trace.scenario)
    index = names.index(request)
    spans = m.intervals(trace)
    start, end = spans[index]
    if end is None:
        raise NoAnswer("refused")
    found = (
        name
        for at, (name, (come, gone)) in enumerate(zip(names, spans, strict=True))
        if at != index and gone is not None and come < end and gone > start
        if at % trace.scenario.loops == index % trace.scenario.loops
    )
    return frozenset(found)


def _nobody(trace: Trace, request: str) -> frozenset[str]:
    del trace, request
    return frozenset()


def _states_work(_scenario: Scenario) -> str:
    return "Utilisation counts CPU segments only; switches and system calls are not work."


MEASURE_MISTAKES = (
    Mistake(
        id="queueing-forgotten",
        clause="only a request's own segments are added up",
        says="A request also waits for a thread and for a core; latency is all of it.",
        measures={
            "latency": lambda trace: _by_name(trace, _service(trace)),
            "average-latency": lambda trace: _average(_service(trace)),
            "p95-latency": lambda trace: _p95(_service(trace)),
            "little": _without_queueing,
        },
    ),
    Mistake(
        id="completion-for-latency",
        clause="the moment of completion is given, with the arrival forgotten",
        says="Latency runs from the arrival: completion minus arrival.",
        measures={
            "latency": lambda trace: _by_name(trace, _completion(trace)),
            "average-latency": lambda trace: _average(_completion(trace)),
            "p95-latency": lambda trace: _p95(_completion(trace)),
            "makespan": _on_clock,
        },
    ),
    Mistake(
        id="latency-to-first-run",
        clause="the clock stops when a request first computes",
        says="That is its response time. Latency runs to the end of the last segment.",
        measures={
            "latency": lambda trace: _by_name(trace, _response(trace)),
            "average-latency": lambda trace: _average(_response(trace)),
        },
    ),
    Mistake(
        id="refused-in-average",
        clause="the refused requests count in the divisor",
        says="A refused request has no latency; divide by the completed ones.",
        measures={"average-latency": _over_all},
    ),
    Mistake(
        id="longest-for-p95",
        clause="the longest latency is given",
        says="That is the maximum. The 95th percentile is the latency at rank ceil(0.95 n).",
        measures={"p95-latency": lambda trace: max(m.latencies(trace))},
    ),
    Mistake(
        id="p95-rank-cut",
        clause="the rank 0.95 n is rounded down",
        says="Nearest rank rounds up, so that at least 95 % are no slower.",
        measures={"p95-latency": _rank_cut},
    ),
    Mistake(
        id="cores-forgotten",
        clause="the work is divided by the time alone",
        says="There was core time of cores × makespan.",
        measures={"utilisation": _one_core},
    ),
    Mistake(
        id="connections-need-threads",
        clause="every connection needs a thread of its own",
        says="Only under thread-per-connection. A pool or a loop serves any number of connections with its threads.",
        measures={"threads": _every_request_a_thread, "stack-memory": _stack_for_everyone},
    ),
    Mistake(
        id="every-segment-a-switch",
        clause="every CPU segment counts as a switch",
        says="A core switches only when it changes thread; the same thread may go on after its I/O.",
        measures={"switches": _every_segment},
    ),
    Mistake(
        id="first-dispatch-counted",
        clause="the first thread on each core counts as a switch",
        says="Nothing ran there before: the first one is no change.",
        measures={"switches": _with_the_first},
    ),
    Mistake(
        id="wake-ups-forgotten",
        clause="the loop's own waits are not counted",
        says="Each time the loop had nothing ready it waited in a system call too.",
        measures={"syscalls": _io_only},
    ),
    Mistake(
        id="one-call-a-request",
        clause="each request makes one system call",
        says="Each I/O segment begins with a system call of its own.",
        measures={"syscalls": _one_a_request},
    ),
    Mistake(
        id="backlog-counted-open",
        clause="connections in the backlog count as open",
        says="A connection in the backlog has no descriptor yet.",
        measures={"max-open": _all_present},
    ),
    Mistake(
        id="interval-closed",
        clause="a request that is done at that very moment still counts",
        says="Intervals are half-open: at its completion a request is no longer in flight.",
        measures={"in-flight-at": _closed},
    ),
    Mistake(
        id="peak-for-mean",
        clause="L is the most requests in flight at once",
        says="L is the mean over time: the area under the curve divided by the makespan.",
        measures={"little": _peak_for_mean},
    ),
    Mistake(
        id="pool-of-cores",
        clause="a pool has as many threads as cores, however long they wait",
        says="While threads wait for I/O their cores would idle: cores × (1 + wait/compute).",
        measures={"pool-size": lambda trace: trace.scenario.cores},
    ),
    Mistake(
        id="wait-alone",
        clause="the size is cores × wait/compute",
        says="The one thread that computes counts too: 1 + wait/compute.",
        measures={"pool-size": _wait_alone},
    ),
    Mistake(
        id="ratio-upside-down",
        clause="the size is cores × (1 + compute/wait)",
        says="The longer the wait, the more threads: the wait is above the line.",
        measures={"pool-size": _upside_down},
    ),
    Mistake(
        id="more-threads-never-slower",
        clause="a larger pool is never slower",
        says="One thread more can bring a worse order on the cores, and the last request ends later.",
        measures={"makespan-by-threads": _never_slower},
    ),
    Mistake(
        id="work-divided-by-threads",
        clause="all the time is divided by the number of threads",
        says="CPU segments share the cores, and a request cannot be split.",
        measures={"makespan-by-threads": _divided},
    ),
    Mistake(
        id="threads-speed-up-the-pool",
        clause="every thread of the pool has a core of its own",
        says="The cores stay as many as they are; more threads only hide waits.",
        measures={"makespan-by-threads": _speeding_up},
    ),
    Mistake(
        id="blocks-nobody",
        clause="a request in the loop delays only itself",
        says="The loop runs a segment to its end; until then everyone who is ready on it waits.",
        measures={"loop-blocked-by": _nobody},
    ),
    Mistake(
        id="everyone-there",
        clause="everybody who is in flight at the same time waits",
        says="Only who is ready waits for the loop. Waiting for I/O goes on undisturbed.",
        measures={"loop-blocked-by": _everyone_there},
    ),
    Mistake(
        id="overhead-as-work",
        clause="switches and system calls count as work",
        says="Monitoring tools count them as busy time; the question says what counts here.",
        measures={"utilisation": _overhead},
        convention=True,
        states=_states_work,
    ),
)
