"""What can be asked of the arm's way?"""

from sims.declare import Measure, NoAnswer, Number, SequenceOf, Step
from sims.disk.arm import Trace, tell

_RULE = {
    "fcfs": "FCFS: in order of arrival",
    "sstf": "SSTF: the shortest seek next; a tie goes on in the current direction",
    "scan": "SCAN: serve on the way to the edge, then turn",
    "c-scan": "C-SCAN: serve in one direction only, return from the edge to the other edge",
    "look": "LOOK: turn at the last request of the sweep",
    "c-look": "C-LOOK: serve in one direction only, jump back to the farthest request",
}


def order(trace: Trace) -> tuple[int, ...]:
    """The cylinders in the order in which they are served."""
    return tuple(move.target for move in trace.events if move.kind == "serve")


def movement(trace: Trace) -> int:
    """Cylinders crossed in all, the return of C-SCAN and the jump of C-LOOK included."""
    return sum(move.distance for move in trace.events)


def longest_wait(trace: Trace) -> int:
    """The longest time, in ticks, from a request's arrival to its service."""
    requests = trace.scenario.requests
    return max(move.end - requests[move.request].arrival for move in trace.events if move.request is not None)


def movement_without_return(trace: Trace) -> int:
    """Cylinders crossed while serving. Raises NoAnswer where the arm never returns."""
    if not any(move.kind == "return" for move in trace.events):
        raise NoAnswer("the arm never returns")
    return sum(move.distance for move in trace.events if move.kind != "return")


def _order_steps(trace: Trace) -> tuple[Step, ...]:
    served = [(index, move) for index, move in enumerate(trace.events) if move.kind == "serve"]
    rule = _RULE[trace.scenario.policy]
    return tuple(
        Step(f"At {move.origin} the next to be served is {move.target}.", rule, move.target, n, index)
        for n, (index, move) in enumerate(served)
    )


def _movement_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [], 0
    for index, move in enumerate(trace.events):
        total += move.distance
        says = f"{tell(trace, index)} Together {total}."
        steps.append(Step(says, _RULE[trace.scenario.policy], total, None, index))
    return tuple(steps)


def _wait_steps(trace: Trace) -> tuple[Step, ...]:
    steps, longest = [], 0
    for index, move in enumerate(trace.events):
        if move.request is not None:
            arrival = trace.scenario.requests[move.request].arrival
            longest = max(longest, move.end - arrival)
            wait = f"{move.target} is served at {move.end}, asked for at {arrival}: {move.end - arrival}."
            says = f"{wait} Longest so far: {longest}."
            steps.append(Step(says, "wait: service minus arrival", longest, None, index))
    return tuple(steps)


MEASURES = (
    Measure(
        name="order",
        gives=SequenceOf("cylinder"),
        of=order,
        help="The cylinders in the order in which they are served.",
        asks="In which order are the cylinders served?",
        steps=_order_steps,
        source="silberschatz-10 11.2",
    ),
    Measure(
        name="movement",
        gives=Number("cylinders"),
        of=movement,
        help="Cylinders crossed in all, the return of C-SCAN and the jump of C-LOOK included.",
        asks="How many cylinders does the arm cross in all?",
        steps=_movement_steps,
        better="low",
        source="silberschatz-10 11.2",
    ),
    Measure(
        name="longest-wait",
        gives=Number("ticks"),
        of=longest_wait,
        help="The longest time from a request's arrival to its service.",
        asks="How long does the request that waits longest wait?",
        steps=_wait_steps,
        better="low",
        source="silberschatz-10 11.2",
    ),
)
