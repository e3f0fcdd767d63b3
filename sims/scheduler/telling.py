"""How is a schedule told? One plain sentence an event, and the steps of each worked solution.

At 4 P2 runs until 6, then its quantum ends; ready: P3 P1.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from sims.declare import Step
from sims.scheduler import measures
from sims.scheduler.trace import Ready, Slice, Trace

ENDS = {
    "exit": " and is done",
    "io": ", then starts I/O",
    "quantum": ", then its quantum ends",
    "preempted": ", then is preempted",
    None: "",
}


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    several = trace.scenario.cores > 1
    which = f"core {event.core}" if several else "the core"
    if event.kind == "idle":
        return f"From {event.start} to {event.end} {which} is idle: no process is ready for it."
    ready = _ready(trace, event)
    if event.kind == "switch":
        return f"From {event.start} to {event.end} {which} switches to {event.process}{ready}."
    place = f" on {which}" if several else ""
    return f"At {event.start} {event.process} runs{place} until {event.end}{ENDS[event.then]}{ready}."


def _ready(trace: Trace, event: Slice) -> str:
    stages = trace.changes(event.start, event.end)
    first = f"; ready: {listed(stages[0][1])}" if stages[0][1].names else ""
    later = [f"from {time} {listed(queue)}" for time, queue in stages[1:3]]
    if len(stages) > 3:
        later = [f"by {stages[-1][0]} {listed(stages[-1][1])}"]
    if not later:
        return first or "; nobody else is ready"
    return (f"{first}, " if first else "; ready: ") + ", ".join(later)


def listed(queue: Ready) -> str:
    """A ready queue in words: `P3 P1`."""
    more = f" and {queue.more} more" if queue.more else ""
    return (" ".join(queue.names) or "nobody") + more


# ── where the time of a process goes ────────────────────────────────────────────────────────────────────────────


def waits(trace: Trace) -> Mapping[str, list[tuple[int, int]]]:
    """For each process the intervals in which it waits for a core, from its slices and bursts alone."""
    found: dict[str, list[tuple[int, int]]] = {process.name: [] for process in trace.scenario.processes}
    since = {process.name: process.arrival for process in trace.scenario.processes}
    returns = {process.name: iter(process.parts[1::2]) for process in trace.scenario.processes}
    for event in measures.runs(trace):
        name = str(event.process)
        if event.start > since[name]:
            found[name].append((since[name], event.start))
        since[name] = event.end + (next(returns[name]) if event.then == "io" else 0)
    return found


def spans(intervals: list[tuple[int, int]]) -> str:
    """`2–6 and 8–11`."""
    parts = [f"{start}–{end}" for start, end in intervals]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────

Steps = Callable[..., tuple[Step, ...]]
RULES = {
    "completion": "completion: the end of the last slice",
    "turnaround": "turnaround = completion − arrival",
    "waiting": "waiting: time in the ready queue = turnaround − CPU − I/O",
    "response": "response = first run − arrival",
}
POLICY_RULES = {
    "fcfs": "FCFS: in the order in which they become ready; who runs is not interrupted",
    "sjf": "SJF: the shortest next burst; who runs is not interrupted",
    "srtf": "SRTF: the least left of the burst; only strictly less preempts",
    "rr": "round robin: the head of the queue, for one quantum, then to the tail",
    "priority": "priority: the most urgent; who runs is not interrupted",
    "priority-preemptive": "preemptive priority: the most urgent; only strictly more urgent preempts",
    "mlfq": "MLFQ: the head of the highest queue that is not empty",
    "lottery": "lottery: draw mod the tickets of the ready, counted in list order from 0",
    "stride": "stride: the smallest pass; it grows by time / tickets",
    "fair": "fair: the smallest virtual runtime; it grows by time × 1024 / weight",
    "eevdf": "EEVDF: the earliest deadline among those with v ≤ V",
}


def _completion(trace: Trace) -> Iterator[tuple[str, int, str]]:
    pieces: dict[str, list[tuple[int, int]]] = {}
    for event in measures.runs(trace):
        pieces.setdefault(str(event.process), []).append((event.start, event.end))
    for name, end in measures.completion(trace).items():
        yield name, end, f"{name} runs {spans(pieces[name])}: completed at {end}."


def _turnaround(trace: Trace) -> Iterator[tuple[str, int, str]]:
    ends, arrivals = measures.completion(trace), measures.per_process(trace, lambda process: process.arrival)
    for name, value in measures.turnaround(trace).items():
        yield name, value, f"{name} is completed at {ends[name]} and arrived at {arrivals[name]}: {value}."


def _waiting(trace: Trace) -> Iterator[tuple[str, int, str]]:
    intervals = waits(trace)
    for name, value in measures.waiting(trace).items():
        yield name, value, f"{name} waits {spans(intervals[name])} = {value}." if value else f"{name} never waits: 0."


def _response(trace: Trace) -> Iterator[tuple[str, int, str]]:
    starts, arrivals = measures.first_run(trace), measures.per_process(trace, lambda process: process.arrival)
    for name, value in measures.response(trace).items():
        yield name, value, f"{name} first runs at {starts[name]} and arrived at {arrivals[name]}: {value}."


SENTENCES = {"completion": _completion, "turnaround": _turnaround, "waiting": _waiting, "response": _response}


def each(kind: str) -> Steps:
    """The steps of a measure by process: one a process."""

    def steps(trace: Trace) -> tuple[Step, ...]:
        return tuple(Step(says, RULES[kind], value, name) for name, value, says in SENTENCES[kind](trace))

    return steps


def averaging(kind: str) -> Steps:
    """The steps of an average: each value, then the division."""

    def steps(trace: Trace) -> tuple[Step, ...]:
        single = each(kind)(trace)
        total = sum(step.value for step in single)
        value = Fraction(total, len(single))
        parts = f"({' + '.join(str(step.value) for step in single)})" if len(single) <= 12 else str(total)
        says = f"{parts} / {len(single)} = {value}."
        return (*single, Step(says, "the sum over all processes, divided by their number", value))

    return steps


def greatest(trace: Trace) -> tuple[Step, ...]:
    """The steps of the longest wait."""
    single = each("waiting")(trace)
    most = max(single, key=lambda step: step.value)
    return (*single, Step(f"{most.key} waits longest: {most.value}.", "the greatest of the waiting times", most.value))


def slicing(trace: Trace) -> tuple[Step, ...]:
    """The steps of the chart: one a slice."""
    running = [(index, event) for index, event in enumerate(trace.events) if event.kind == "run"]
    rule = POLICY_RULES[trace.scenario.policy]
    rows = measures.gantt(trace)
    return tuple(Step(tell(trace, i), rule, rows[n], n, i) for n, (i, _) in enumerate(running))


def first_displaced(trace: Trace) -> tuple[Step, ...]:
    """The steps to the first preemption: one a slice, up to it."""
    last = measures.first_preemption(trace)
    running = [(index, event) for index, event in enumerate(trace.events) if event.kind == "run"][:last]
    left = {process.name: process.cpu for process in trace.scenario.processes}
    steps = []
    for number, (index, event) in enumerate(running, 1):
        left[str(event.process)] -= event.end - event.start
        rest = left[str(event.process)]
        says = f"{event.process} runs {event.start} to {event.end}; {rest} of its CPU time is left."
        steps.append(Step(says, "preempted: a process loses its core with burst left", number, None, index))
    return tuple(steps)


def finishing(trace: Trace) -> tuple[Step, ...]:
    """The steps of the completion order: one an exit."""
    ends = measures.completion(trace)
    order = measures.completion_order(trace)
    return tuple(Step(f"{name} exits at {ends[name]}.", RULES["completion"], name, n) for n, name in enumerate(order))


def switching(trace: Trace) -> tuple[Step, ...]:
    """The steps of the context switches: one a dispatch, the first on a core counted as none."""
    rule = "a switch: a core starts another process than it last ran; its first dispatch is none"
    seen: set[int] = set()
    steps, count = [], 0
    for index, event in measures.dispatches(trace):
        count += event.core in seen
        free = "" if event.core in seen else ", the first on its core"
        seen.add(event.core)
        steps.append(Step(f"At {event.start} {event.process} is dispatched{free}: {count}.", rule, count, None, index))
    return tuple(steps)


def displacing(trace: Trace) -> tuple[Step, ...]:
    """The steps of the preemptions: one each, and the sum."""
    rule = "a preemption: a process with burst left gives its core to another"
    found = measures.preempted(trace)
    steps = [
        Step(f"At {time} {name} has burst left and gives up the core: {n}.", rule, n)
        for n, (time, name) in enumerate(found, 1)
    ]
    return (*steps, Step(f"Preemptions: {len(found)}.", rule, len(found)))


def counting_idle(trace: Trace) -> tuple[Step, ...]:
    """The steps of the idle time: one a gap, and the sum."""
    rule = "idle: a core neither runs nor switches, between first arrival and last completion"
    steps, total = [], 0
    for index, event in enumerate(trace.events):
        if event.kind == "idle":
            total += event.end - event.start
            core = f"core {event.core}" if trace.scenario.cores > 1 else "the core"
            says = f"From {event.start} to {event.end} {core} is idle: together {total}."
            steps.append(Step(says, rule, total, None, index))
    return (*steps, Step(f"Idle: {total}.", rule, total))


def spanning(trace: Trace) -> tuple[Step, ...]:
    """The steps of the makespan."""
    first, last = measures.span(trace)
    return (
        Step(f"The first arrival is at {first}.", "makespan: from the first arrival", first),
        Step(f"The last process exits at {last}.", "makespan: to the last completion", last),
        Step(f"{last} − {first} = {last - first}.", "makespan = last completion − first arrival", last - first),
    )


def utilising(trace: Trace) -> tuple[Step, ...]:
    """The steps of the utilisation."""
    busy, length, cores = measures.busy(trace), measures.makespan(trace), trace.scenario.cores
    value = measures.utilisation(trace)
    over = f"{length} × {cores}" if cores > 1 else str(length)
    return (
        Step(f"The processes need {busy} ticks of CPU.", "busy: the CPU bursts together", busy),
        *spanning(trace)[-1:],
        Step(f"{busy} / ({over}) = {value}.", "utilisation = busy / (cores × makespan)", value),
    )


def passing(trace: Trace) -> tuple[Step, ...]:
    """The steps of the throughput."""
    value, count = measures.throughput(trace), len(trace.scenario.processes)
    says = f"{count} processes in {measures.makespan(trace)} ticks: {value}."
    return (*spanning(trace)[-1:], Step(says, "throughput = processes / makespan", value))


def standing(trace: Trace, t: int) -> tuple[Step, ...]:
    """The steps of who runs at t."""
    value = measures.running_at(trace, t)
    rule = "half-open: at t the slice that starts at t runs"
    steps = [
        Step(f"{event.process} runs from {event.start} to {event.end}.", rule, str(event.process), None, index)
        for index, event in enumerate(trace.events)
        if event.kind == "run" and event.start <= t < event.end
    ]
    return (*steps, Step(f"At {t} runs: {' '.join(sorted(value)) or 'none'}.", rule, value))


def queueing(trace: Trace, t: int) -> tuple[Step, ...]:
    """The steps of who is ready at t: every change of the queue up to then, the last few of them in words."""
    value = measures.ready_at(trace, t)
    words = {
        "arrive": "arrives",
        "return": "is back from I/O",
        "expire": "has used its quantum",
        "displace": "is preempted",
    }
    entering = [change for change in trace.log if change.time <= t and change.kind in words][-8:]
    steps = [
        Step(f"At {c.time} {c.process} {words[c.kind]} and is ready.", "who becomes ready is queued", c.process)
        for c in entering
    ]
    rule = POLICY_RULES[trace.scenario.policy]
    return (*steps, Step(f"Ready at {t}: {' '.join(value) or 'none'}.", rule, value))


def sharing(trace: Trace, **asked: Any) -> tuple[Step, ...]:
    """The steps of a share."""
    value = measures.share(trace, **asked)
    start, end = asked["from"], asked["to"]
    ticks = value * (end - start)
    return (
        Step(f"{asked['name']} runs {ticks} ticks between {start} and {end}.", "half-open intervals", ticks),
        Step(f"{ticks} / {end - start} = {value}.", "share = its ticks / length of the interval", value),
    )
