"""How does a server's time look? One lane a thread or loop, one a request: CPU solid, waiting hollow."""

from collections.abc import Iterable
from itertools import pairwise, zip_longest

from sims.server import Event, Scenario, Trace, tell
from sims.server.run import KEEPS_REQUEST, count_threads
from trainer.view.drawing import Drawing, Frame, grid, line, paragraph
from trainer.view.lanes import Lane, Look, Piece, chart

LOOKS = {
    "cpu": Look("█", "#", "CPU", "run"),
    "io": Look("░", ".", "I/O", "wait"),
    "queue": Look("·", "w", "ready, has to wait", "dim"),
    "cost": Look("▒", "%", "switch or system call", "dim"),
    "backlog": Look("b", "b", "backlog", "dim"),
    "refused": Look("×", "x", "refused", "wrong"),
}
KINDS = {"cpu": "cpu", "io": "io", "switch": "cost", "wake": "cost", "call": "cost"}


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The model and its sizes, then the requests with their segments; without the hidden fields.

    Where the model is hidden its sizes are too: that there are loops, or threads, would give it away.
    """
    unsaid = hidden | {"threads", "loops"} if "model" in hidden else hidden
    told = "; ".join(text for name, text in _facts(scenario) if name not in unsaid)
    return paragraph(f"{told}." if told else "", frame) + (() if "requests" in hidden else _requests(scenario, frame))


def _facts(scenario: Scenario) -> Iterable[tuple[str, str]]:
    yield "model", f"Model {scenario.model}"
    if scenario.model in ("pool", "async-pool"):
        yield "threads", _count(scenario.threads, "thread")
    if scenario.model == "event-loop":
        yield "loops", _count(scenario.loops, "loop")
    yield "cores", _count(scenario.cores, "core")
    if scenario.switch_cost:
        yield "switch_cost", f"a switch of threads costs {scenario.switch_cost}"
    if scenario.syscall_cost:
        yield "syscall_cost", f"a system call costs {scenario.syscall_cost}"
    if scenario.descriptor_limit is not None:
        yield "descriptor_limit", f"at most {_count(scenario.descriptor_limit, 'open connection')}"
        yield "backlog", f"a backlog of {scenario.backlog}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _requests(scenario: Scenario, frame: Frame) -> Drawing:
    longest = max(len(request.segments) for request in scenario.requests)
    head = ("request", "arrival", *(("I/O" if at % 2 else "CPU") for at in range(longest)))
    columns = zip_longest(*(request.segments for request in scenario.requests))
    cells = list(zip(*columns, strict=True))
    rows = [(request.name, request.arrival, *cells[at]) for at, request in enumerate(scenario.requests)]
    short = [(one.name, one.arrival, " ".join(map(str, one.segments))) for one in scenario.requests]
    full = grid(head, rows, frame)
    if frame.plain or len(full) == len(rows) + 1:
        return full
    return grid((*head[:2], "CPU I/O CPU …"), short, frame)  # no room for a column each


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The lanes of the threads or loops, then those of the requests. `upto`: how many events are shown; the last of
    them is told in a sentence."""
    events = trace.events if upto is None else trace.events[:upto]
    first, last = trace.events[0].start, max(event.end for event in trace.events)
    lanes = [*_threads(trace.scenario, events), *_by_request(trace.scenario, events)]
    told: Drawing = (line(""),)
    if upto is not None and events:
        told = paragraph(f"{frame.glyph('▸', '>')} {tell(trace, len(events) - 1)}", frame, "mark")
    return chart(lanes, LOOKS, frame, first, last) + (told if upto is not None else ())


def _threads(scenario: Scenario, events: tuple[Event, ...]) -> list[Lane]:
    """A lane for each thread or loop; none where a request has a thread of its own: its lane would be the same."""
    if scenario.model == "thread-per-connection":
        return []
    noun = "loop" if scenario.model == "event-loop" else "thread"
    mine: dict[int, list[Event]] = {number: [] for number in range(min(count_threads(scenario), 100))}
    for event in events:
        if event.thread in mine and event.kind in KINDS:
            mine[event.thread].append(event)
    keeps = scenario.model in KEEPS_REQUEST
    return [Lane(f"{noun} {number}", _pieces(scenario, found, keeps)) for number, found in mine.items()]


def _pieces(scenario: Scenario, events: list[Event], keeps: bool) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    before: Event | None = None
    for event in events:
        if keeps and before is not None and before.request == event.request and before.end < event.start:
            pieces.append(Piece(before.end, event.start, "queue"))
        name = scenario.requests[event.request].name if event.kind == "cpu" else ""
        pieces.append(Piece(event.start, event.end, KINDS[event.kind], name))
        before = event
    return tuple(pieces)


def _by_request(scenario: Scenario, events: tuple[Event, ...]) -> list[Lane]:
    mine: list[list[Event]] = [[] for _ in scenario.requests]
    for event in events:
        mine[event.request].append(event)
    return [Lane(request.name, _life(found)) for request, found in zip(scenario.requests, mine, strict=True)]


def _life(events: list[Event]) -> tuple[Piece, ...]:
    pieces = [Piece(event.start, event.start + 1, "refused") for event in events if event.kind == "refused"]
    for before, event in pairwise(events):
        if before.end < event.start:
            pieces.append(Piece(before.end, event.start, "backlog" if before.kind == "backlog" else "queue"))
        if event.kind in KINDS:
            pieces.append(Piece(event.start, event.end, KINDS[event.kind]))
    return tuple(pieces)
