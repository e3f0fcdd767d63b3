"""How is each measure of a server's run worked out? Steps about this run, the last of them the answer."""

from fractions import Fraction

from sims.declare import Step
from sims.server.measures import (
    average_latency,
    busy,
    intervals,
    kept_waiting,
    latencies,
    latency,
    little,
    loop_blocked_by,
    makespan,
    makespan_by_threads,
    openings,
    p95_latency,
    pool_size,
    stack_memory,
    threads,
    throughput,
    utilisation,
)
from sims.server.run import Trace, tell


def story(trace: Trace, index: int) -> str:
    """The life of one request: `computes 0–1, I/O 1–4, computes 5–6`."""
    words = {"cpu": "computes", "io": "I/O"}
    mine = (event for event in trace.events if event.request == index and event.kind in words)
    return ", ".join(f"{words[event.kind]} {event.start}–{event.end}" for event in mine)


def latency_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a request: its way and its latency."""
    steps = []
    values = latency(trace)
    for index, request in enumerate(trace.scenario.requests):
        value = values[request.name]
        says = f"{request.name} arrives at {request.arrival} and is refused."
        if value != "refused":
            says = f"{request.name} arrives at {request.arrival}, {story(trace, index)}: {value}."
        steps.append(Step(says, "latency: completion minus arrival", value, request.name))
    return tuple(steps)


def average_steps(trace: Trace) -> tuple[Step, ...]:
    """The latencies, then their mean."""
    values = latencies(trace)
    total = sum(values)
    last = f"Together {total} over {len(values)} completed requests: {Fraction(total, len(values))}."
    return (*latency_steps(trace), Step(last, "average: the sum over the number of completed", average_latency(trace)))


def p95_steps(trace: Trace) -> tuple[Step, ...]:
    """The latencies, then the one at the rank."""
    ordered = sorted(latencies(trace))
    rank = -(-95 * len(ordered) // 100)
    says = f"In order: {' '.join(map(str, ordered))}. The rank is ceil(0.95 × {len(ordered)}) = {rank}: "
    return (*latency_steps(trace), Step(f"{says}{ordered[rank - 1]}.", "p95: nearest rank", p95_latency(trace)))


def makespan_steps(trace: Trace) -> tuple[Step, ...]:
    """When each request is done; the last of them counts."""
    steps, first = [], trace.events[0].start
    for index, event in enumerate(trace.events):
        if event.kind == "done":
            name = trace.scenario.requests[event.request].name
            says = f"{name}: {story(trace, event.request)}. Done {event.end - first} after the first arrival."
            steps.append(Step(says, "makespan: first arrival to last completion", event.end - first, None, index))
    return tuple(steps)


def throughput_steps(trace: Trace) -> tuple[Step, ...]:
    """The makespan, then the rate."""
    done, time = len(latencies(trace)), makespan(trace)
    last = f"{done} requests in {time} ticks: {throughput(trace)}."
    return (*makespan_steps(trace), Step(last, "throughput: completed over makespan", throughput(trace)))


def utilisation_steps(trace: Trace) -> tuple[Step, ...]:
    """The work, the time there was, the share."""
    work, time, cores = busy(trace), makespan(trace), trace.scenario.cores
    says = f"{work} ticks of CPU segments on {cores} × {time} ticks of core time: {utilisation(trace)}."
    total = Step(f"The CPU segments take {work} ticks.", "work: CPU segments only", work)
    return (*makespan_steps(trace), total, Step(says, "utilisation: work over cores × makespan", utilisation(trace)))


def thread_steps(trace: Trace) -> tuple[Step, ...]:
    """What the model needs."""
    model, count = trace.scenario.model, threads(trace)
    reasons = {
        "blocking": "One thread serves everybody",
        "pool": "The pool has its threads, however many connections are open",
        "async-pool": "The pool has its threads, however many connections are open",
        "event-loop": "Each loop is one thread, however many connections are open",
        "thread-per-connection": f"At most {count} connections are open at once, a thread each",
    }
    return (Step(f"{reasons[model]}: {count}.", f"threads of {model}", count),)


def stack_steps(trace: Trace) -> tuple[Step, ...]:
    """Threads times stack."""
    says = f"{threads(trace)} × {trace.scenario.stack_kib} KiB = {stack_memory(trace)} KiB."
    return (*thread_steps(trace), Step(says, "stack memory: a stack for each thread", stack_memory(trace)))


def count_steps(trace: Trace, kinds: tuple[str, ...], rule: str) -> tuple[Step, ...]:
    """One step for each event of these kinds, counted."""
    found = [index for index, event in enumerate(trace.events) if event.kind in kinds]
    steps = tuple(Step(f"{tell(trace, i)} That makes {n}.", rule, n, None, i) for n, i in enumerate(found, 1))
    return steps or (Step("It never happens: 0.", rule, 0),)


def switch_steps(trace: Trace) -> tuple[Step, ...]:
    """Each change of thread."""
    return count_steps(trace, ("switch",), "switch: a core changes thread; its first thread is none")


def syscall_steps(trace: Trace) -> tuple[Step, ...]:
    """Each start of an I/O and each wake-up."""
    return count_steps(trace, ("call", "wake"), "system calls: each I/O, and each wake-up of a loop")


def refused_steps(trace: Trace) -> tuple[Step, ...]:
    """Each refusal."""
    return count_steps(trace, ("refused",), "refused: every descriptor in use and the backlog full")


def open_steps(trace: Trace) -> tuple[Step, ...]:
    """The connections open after each opening and completion, and the most so far."""
    steps, most = [], 0
    for index, event, count in openings(trace):
        most = max(most, count)
        name = trace.scenario.requests[event.request].name
        verb = "opens" if event.kind == "open" else "is done"
        says = f"At {event.end} {name} {verb}: {count} open. The most so far is {most}."
        steps.append(Step(says, "open: from its opening to its completion", most, None, index))
    return tuple(steps)


def flight_steps(trace: Trace, t: int) -> tuple[Step, ...]:
    """Who is in flight at t."""
    count, steps = 0, []
    for request, (start, end) in zip(trace.scenario.requests, intervals(trace), strict=True):
        inside = end is not None and start <= t < end
        count += inside
        until = "refused" if end is None else f"in flight [{start}, {end})"
        says = f"{request.name}: {until}; at {t} {'yes' if inside else 'no'}. That makes {count}."
        steps.append(Step(says, "in flight: arrived and not done", count))
    return tuple(steps)


def blocked_steps(trace: Trace, request: str) -> tuple[Step, ...]:
    """Who waits for the loop while the request runs on it."""
    names = trace.scenario.requests
    rule = "a loop runs one segment at a time, to its end"
    steps = [
        Step(f"{names[index].name} is ready and waits {ticks} while {request} runs.", rule, ticks, names[index].name)
        for index, ticks in kept_waiting(trace, request).items()
    ]
    who = " ".join(sorted(loop_blocked_by(trace, request))) or "nobody"
    return (*steps, Step(f"So {request} keeps waiting: {who}.", rule, loop_blocked_by(trace, request)))


def little_steps(trace: Trace) -> tuple[Step, ...]:
    """W from the latencies, λ from the makespan, L from both."""
    law = little(trace)
    return (
        *throughput_steps(trace)[-1:],
        Step(f"λ = {law['lambda']} completions per tick.", "λ: completed over makespan", law["lambda"], "lambda"),
        Step(f"W = {law['W']} ticks, the mean latency.", "W: mean latency", law["W"], "W"),
        Step(f"L = λW = {law['lambda']} × {law['W']} = {law['L']} in flight.", "Little's law", law["L"], "L"),
    )


def pool_steps(trace: Trace) -> tuple[Step, ...]:
    """Wait and compute, then the size."""
    cpu = sum(request.cpu for request in trace.scenario.requests)
    io = sum(request.io for request in trace.scenario.requests)
    exact = Fraction(trace.scenario.cores * (cpu + io), cpu)
    says = f"{trace.scenario.cores} × (1 + {io}/{cpu}) = {exact}, so {pool_size(trace)} threads."
    return (
        Step(f"The requests compute {cpu} ticks and wait {io}.", "wait/compute over all requests", Fraction(io, cpu)),
        Step(says, "pool size: cores × (1 + wait/compute)", pool_size(trace)),
    )


def by_threads_steps(trace: Trace, **span: int) -> tuple[Step, ...]:
    """One step a thread count."""
    return tuple(
        Step(f"With {count} thread{'s' * (count != 1)}: {value} ticks.", "each run is one of its own", value, index)
        for index, (count, value) in enumerate(
            zip(range(span["from"], span["to"] + 1), makespan_by_threads(trace, **span), strict=True)
        )
    )
