"""How do too many threads look? A lane for each core, and how far each is busy."""

from sims.switching import Scenario, Slice, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, cell, grid, line, paragraph

_NAMES = "123456789abcdefghijklmnopqrstuvwxyz"
_ROWS = 24  # slices, and lanes, that are drawn one by one


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """Threads, cores and prices, without the hidden fields."""
    green = scenario.runtime == "green"
    facts = {
        "threads": f"{scenario.threads} {'green ' if green else ''}threads",
        "runnable_share": f"{cell(scenario.runnable_share)} of them runnable" if scenario.runnable_share != 1 else "",
        "cores": f"{scenario.cores} cores" if scenario.cores > 1 else "1 core",
        "workers": f"{scenario.workers} workers" if green else "",
        "work": f"each computes {scenario.work} ticks",
        "quantum": f"quantum {scenario.quantum}",
        "switch_cost": f"a switch costs {scenario.switch_cost}" + (" in the kernel" if green else ""),
        "green_switch_cost": f"a switch costs {scenario.green_switch_cost} in the runtime" if green else "",
        "stack_kib": f"a thread's stack is {scenario.stack_kib} KiB"
        if not green
        else f"a worker's stack is {scenario.stack_kib} KiB",
        "green_stack_kib": f"a green thread's stack is {scenario.green_stack_kib} KiB" if green else "",
    }
    return paragraph(", ".join(text for name, text in facts.items() if text and name not in hidden), frame)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The lanes, tick by tick where they fit; else the first slices as a table and the share of work as bars."""
    slices = trace.events[:upto]
    if not slices:
        return paragraph("No thread has run.", frame)
    end = max(each.end for each in slices)
    lanes = sorted({each.lane for each in slices})
    small = trace.scenario.runnable <= len(_NAMES) and end + 9 <= frame.width and len(lanes) <= _ROWS
    if small:
        return (*_lanes(trace.scenario, slices, lanes, end, frame), *_legend(trace.scenario, frame))
    return (*_bars(trace.scenario, slices, lanes, end, frame), *_table(trace.scenario, slices, frame, upto is not None))


def _word(scenario: Scenario) -> str:
    return "core" if scenario.runtime == "kernel" else "worker"


def _lanes(scenario: Scenario, slices: tuple[Slice, ...], lanes: list[int], end: int, frame: Frame) -> tuple[Line, ...]:
    columns = {lane: [frame.glyph("·", ".")] * end for lane in lanes}
    for each in slices:
        columns[each.lane][each.begin : each.start] = [frame.glyph("▒", ":")] * (each.start - each.begin)
        columns[each.lane][each.start : each.end] = [_NAMES[each.thread - 1]] * (each.end - each.start)
    return tuple(
        line(Span(f"{_word(scenario):<6}{lane:>2} ", "head"), Span("".join(columns[lane]), "run")) for lane in lanes
    )


def _legend(scenario: Scenario, frame: Frame) -> Drawing:
    switch = f"{frame.glyph('▒', ':')} a switch, " if scenario.cost else ""
    return paragraph(f"one column a tick; {switch}{frame.glyph('·', '.')} idle", frame, "dim")


def _bars(scenario: Scenario, slices: tuple[Slice, ...], lanes: list[int], end: int, frame: Frame) -> tuple[Line, ...]:
    """One bar a lane: the share of the time so far that was work; the share lost to switches behind it."""
    work = dict.fromkeys(lanes, 0)
    lost = dict.fromkeys(lanes, 0)
    for each in slices:
        work[each.lane] += each.end - each.start
        lost[each.lane] += each.start - each.begin
    room = max(4, frame.width - 26)
    rows = []
    for lane in lanes[:_ROWS]:
        full, switching = work[lane] * room // end, -(-lost[lane] * room // end)
        bar = frame.glyph("█", "#") * full + frame.glyph("▒", ":") * min(switching, room - full)
        share = f"{100 * work[lane] / end:.2f} %"
        rows.append(line(Span(f"{_word(scenario)} {lane:<4}", "head"), Span(bar.ljust(room), "run"), f" {share:>8}"))
    return tuple(rows)


def _table(scenario: Scenario, slices: tuple[Slice, ...], frame: Frame, marked: bool) -> Drawing:
    shown = slices[-_ROWS:] if marked else slices[:_ROWS]
    rows = [(each.thread, each.lane, each.begin, each.start, each.end) for each in shown]
    head = ("thread", _word(scenario), "switch at", "runs from", "to")
    rest = len(slices) - len(shown)
    note = paragraph(f"and {rest} slices {'before' if marked else 'more'}", frame, "dim") if rest else ()
    return (*grid(head, rows, frame, mark=len(rows) - 1 if marked else None, spare=("switch at",)), *note)
