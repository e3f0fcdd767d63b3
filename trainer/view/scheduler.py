"""How does a schedule look? A Gantt chart with the ready queue under each step, and a table that fills as it goes.

One lane a core. The chart is cut into columns wherever a slice starts or ends; under each column stands the ready
queue as it is just before the column's end, head first. What does not fit goes on in further bands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import NamedTuple

from sims.scheduler.measures import first_run
from sims.scheduler.scenario import Process, Scenario
from sims.scheduler.telling import tell
from sims.scheduler.trace import Slice, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

MOST = 240  # columns of time drawn; a longer chart says how much is left out
ROWS = 40  # processes in a table
DEEP = 6  # names of a ready queue that stand one under another
DEFAULTS = {each.name: each.default for each in fields(Scenario)}
SLICED = ("rr", "lottery", "stride", "fair", "eevdf")
TITLES = {
    "fcfs": "First come, first served",
    "sjf": "Shortest job first",
    "srtf": "Shortest remaining time first",
    "rr": "Round robin",
    "priority": "Priority, not preemptive",
    "priority-preemptive": "Priority, preemptive",
    "mlfq": "Multi-level feedback queue",
    "lottery": "Lottery",
    "stride": "Stride",
    "fair": "Fair (a simplified CFS)",
    "eevdf": "Earliest eligible virtual deadline first",
}
URGENT = {"low-first": "a low number is urgent", "high-first": "a high number is urgent"}
CLAIMS = {"priority": "priority", "priority-preemptive": "priority", "lottery": "tickets", "stride": "tickets"}


# ── what the question gives ─────────────────────────────────────────────────────────────────────────────────────


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The policy, its parameters and the process table, without the hidden fields."""
    told = paragraph(", ".join(_facts(scenario, hidden)) + ".", frame)
    if "queues" not in hidden and _used(scenario, "queues", hidden, "mlfq"):
        told += tuple(row for text in _levels(scenario) for row in paragraph(text, frame))
    if "draws" not in hidden and _used(scenario, "draws", hidden, "lottery"):
        told += paragraph("draws: " + " ".join(map(str, scenario.draws[:60])), frame)
    return told + _asked(scenario, frame, hidden)


def _facts(scenario: Scenario, hidden: frozenset[str]) -> list[str]:
    facts = [] if "policy" in hidden else [TITLES[scenario.policy]]
    known = {
        "quantum": f"quantum {scenario.quantum}" if _used(scenario, "quantum", hidden, *SLICED) else "",
        "priority_order": URGENT[scenario.priority_order]
        if _used(scenario, "priority_order", hidden, "priority", "priority-preemptive")
        else "",
        "cores": f"{scenario.cores} cores" if scenario.cores > 1 else "one core",
        "switch_cost": f"switch cost {scenario.switch_cost}" if scenario.switch_cost else "",
        "boost": f"boost every {scenario.boost}" if scenario.boost and _used(scenario, "boost", hidden, "mlfq") else "",
    }
    facts += [text for name, text in known.items() if text and name not in hidden]
    facts = facts or ["Processes"]
    return [facts[0][0].upper() + facts[0][1:], *facts[1:]]


def _used(scenario: Scenario, name: str, hidden: frozenset[str], *policies: str) -> bool:
    """Whether the field is told: the policy uses it, or, where the policy is hidden, it is no default."""
    if "policy" in hidden:
        return bool(getattr(scenario, name) != DEFAULTS[name])
    return scenario.policy in policies


def _levels(scenario: Scenario) -> Iterable[str]:
    for index, level in enumerate(scenario.queues):
        allotment = "" if index == len(scenario.queues) - 1 else f", allotment {level.allowed}"
        yield f"queue {index}{' (top)' if not index else ''}: quantum {level.quantum}{allotment}"


def _asked(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    several = any(len(process.parts) > 1 for process in scenario.processes)
    columns = ["arrival", "bursts" if several else "burst"]
    columns += [name for name in ("priority", "tickets", "nice") if _matters(scenario, name, hidden)]
    rows = [
        [process.name, *(_cell(process, name, f"processes.{index}.{name}", hidden) for name in columns)]
        for index, process in enumerate(scenario.processes[:ROWS])
    ]
    heads = ["CPU I/O CPU …" if name == "bursts" else name for name in columns]
    return grid(["process", *heads], rows, frame) + _left_out(len(scenario.processes) - ROWS, "processes", frame)


def _matters(scenario: Scenario, name: str, hidden: frozenset[str]) -> bool:
    if "policy" not in hidden:
        return CLAIMS.get(scenario.policy, "nice" if scenario.policy in ("fair", "eevdf") else "") == name
    default = {"priority": 0, "tickets": 1, "nice": 0}[name]
    return any(getattr(process, name) != default for process in scenario.processes)


def _cell(process: Process, name: str, path: str, hidden: frozenset[str]) -> object:
    if name in hidden or path in hidden or f"processes.{name}" in hidden:
        return "?"
    return " ".join(map(str, process.parts)) if name in ("burst", "bursts") else getattr(process, name)


def _left_out(count: int, what: str, frame: Frame) -> Drawing:
    return paragraph(f"… and {count} more {what}", frame, "dim") if count > 0 else ()


# ── what happened ───────────────────────────────────────────────────────────────────────────────────────────────


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The chart and the table. `upto`: how many events are shown; the last of them is marked, and told below."""
    events = trace.events if upto is None else trace.events[:upto]
    blank: Drawing = ((),)
    drawn = _chart(trace, events, frame, marked=upto is not None)
    if upto is not None and events:
        drawn += blank + paragraph(tell(trace, len(events) - 1), frame, "mark")
    return drawn + (blank if drawn else ()) + _results(trace, events, frame)


class _Column(NamedTuple):
    """A stretch of time in which no core changes hands."""

    start: int
    end: int
    width: int
    ready: tuple[str, ...]


def _chart(trace: Trace, events: Sequence[Slice], frame: Frame, *, marked: bool) -> Drawing:
    if not events:
        return ()
    times = sorted({time for event in events for time in (event.start, event.end)})
    shown = times[: MOST + 1]
    label = 7 if trace.scenario.cores <= 10 else 8
    room = frame.width - 2 - label - len(str(shown[-1]))
    columns, flat = _columns(trace, shown, events, room)
    lanes = [[event for event in events if event.core == core] for core in range(trace.scenario.cores)]
    last = events[-1] if marked else None
    rows: list[Line] = []
    for band in _bands(columns, room):
        chart = _Band(band, frame, label)
        rows += [()] if rows else []
        rows.append(chart.scale())
        rows += [chart.lane(lane, core, last, several=len(lanes) > 1) for core, lane in enumerate(lanes)]
        rows += chart.queue(flat=flat)
    return tuple(rows) + _legend(events, frame) + _left_out(len(times) - len(shown), "columns", frame)


def _legend(events: Sequence[Slice], frame: Frame) -> Drawing:
    if all(event.kind != "switch" for event in events):
        return ()
    return paragraph(f"{frame.glyph('░', ':')} switching to the next process", frame, "dim", indent="  ")


def _columns(trace: Trace, times: Sequence[int], events: Sequence[Slice], room: int) -> tuple[list[_Column], bool]:
    """The columns, and whether the ready queue stands on one row of each (else one name under another)."""
    names = _names_ending(events)
    widest = max(room - 1, 1)
    for flat in (True, False):
        columns = []
        for start, end in pairwise(times):
            ready = _ready(trace, end - 1)
            queue = len(" ".join(ready)) if flat else max(map(len, ready), default=0)
            least = max(len(str(start)), queue, names.get(start, 0), 1)
            columns.append(_Column(start, end, min(least, widest), ready))
        total = sum(column.width + 1 for column in columns)
        if flat and total <= room:
            return _stretched(columns, room - total), flat
    return columns, False


def _names_ending(events: Sequence[Slice]) -> dict[int, int]:
    """For the start of each slice the columns that its name needs."""
    needs: dict[int, int] = {}
    for event in events:
        if event.kind == "run":
            needs[event.start] = max(needs.get(event.start, 0), len(str(event.process)))
    return needs


def _stretched(columns: Sequence[_Column], spare: int) -> list[_Column]:
    """Wider columns for longer times, as far as there is room."""
    wanted = [max(min(2 * (c.end - c.start), 12) - c.width, 0) for c in columns]
    if sum(wanted) > spare:
        return list(columns)
    return [column._replace(width=column.width + more) for column, more in zip(columns, wanted, strict=True)]


def _ready(trace: Trace, time: int) -> tuple[str, ...]:
    queue = trace.ready_at(time)
    hidden = max(len(queue.names) - DEEP, 0) + queue.more
    return (*queue.names[:DEEP], f"+{hidden}") if hidden else queue.names


def _bands(columns: Sequence[_Column], room: int) -> Iterable[list[_Column]]:
    band: list[_Column] = []
    used = 0
    for column in columns:
        if band and used + column.width + 1 > room:
            yield band
            band, used = [], 0
        band.append(column)
        used += column.width + 1
    yield band


class _Band:
    """The columns that stand side by side."""

    def __init__(self, columns: list[_Column], frame: Frame, label: int) -> None:
        self.columns, self.frame, self.label = columns, frame, label
        self.start, self.end = columns[0].start, columns[-1].end

    def titled(self, title: str) -> Span:
        return Span("  " + title.ljust(self.label - 1), "head")

    def scale(self) -> Line:
        """The times, each over the bar where it stands."""
        marks = "".join(str(column.start).ljust(column.width + 1) for column in self.columns)
        return line(self.titled(""), Span(marks + str(self.end), "dim"))

    def lane(self, events: Sequence[Slice], core: int, last: Slice | None, *, several: bool) -> Line:
        spans = [self.titled(f"core {core}" if several else "core")]
        covered = self.start
        for event in events:
            start, end = max(event.start, self.start), min(event.end, self.end)
            if start < end:
                spans += self.gap(covered, start)
                spans += [Span(self.frame.bar), self.box(event, self.width(start, end), event is last)]
                covered = end
        spans += self.gap(covered, self.end)
        return line(*spans, Span(self.frame.bar))

    def gap(self, start: int, end: int) -> list[Span]:
        """Time of which nothing is known yet."""
        return [Span(self.frame.bar + " " * self.width(start, end))] if start < end else []

    def width(self, start: int, end: int) -> int:
        within = [column.width for column in self.columns if start <= column.start and column.end <= end]
        return sum(within) + len(within) - 1

    def box(self, event: Slice, width: int, marked: bool) -> Span:
        if event.kind == "switch":
            return Span(self.frame.glyph("░", ":") * width, "mark" if marked else "wait")
        if event.kind == "idle":
            text = "idle" if width >= 4 else self.frame.glyph("·", ".")
            return Span(text.center(width), "mark" if marked else "dim")
        return Span(str(event.process)[:width].center(width), "mark" if marked else "run")

    def queue(self, *, flat: bool) -> list[Line]:
        """The ready queue under each column: on one row, or one name under another."""
        if flat:
            cells = [[" ".join(column.ready) for column in self.columns]]
        else:
            deep = max(1, *(len(column.ready) for column in self.columns))
            cells = [[(column.ready[row : row + 1] or ("",))[0] for column in self.columns] for row in range(deep)]
        return [self.queue_row("ready" if not row else "", texts) for row, texts in enumerate(cells)]

    def queue_row(self, title: str, texts: Sequence[str]) -> Line:
        spans = [self.titled(title)]
        for column, text in zip(self.columns, texts, strict=True):
            spans += [Span(self.frame.bar), Span(text[: column.width].center(column.width), "wait")]
        return line(*spans, Span(self.frame.bar))


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────

WIDE = ("process", "arrival", "CPU", "I/O", "completion", "turnaround", "waiting", "response")
NARROW = ("name", "arr", "end", "turn", "wait", "resp")


def _results(trace: Trace, events: Sequence[Slice], frame: Frame) -> Drawing:
    """What is known of each process after these events; what is not known yet is left open."""
    ends = {event.process: event.end for event in events if event.then == "exit"}
    seen = {event.process for event in events if event.kind == "run"}
    starts = {name: start for name, start in first_run(trace).items() if name in seen}
    wide = frame.width >= 70
    busy = any(process.io for process in trace.scenario.processes)
    processes = trace.scenario.processes[:ROWS]
    rows = []
    for process in processes:
        needs = [process.cpu, process.io][: 1 + busy] if wide else []
        reached = _reached(process, ends.get(process.name), starts.get(process.name))
        rows.append([process.name, process.arrival, *needs, *reached])
    heads = [head for head in WIDE if busy or head != "I/O"] if wide else NARROW
    return grid(heads, rows, frame) + _left_out(len(trace.scenario.processes) - ROWS, "processes", frame)


def _reached(process: Process, end: int | None, start: int | None) -> tuple[int | None, ...]:
    """Completion, turnaround, waiting and response, as far as they are known."""
    turnaround = None if end is None else end - process.arrival
    waiting = None if turnaround is None else turnaround - sum(process.parts)
    return end, turnaround, waiting, None if start is None else start - process.arrival
