"""How does a deadlock look? The banker's table row by row; a graph with its cycle in a bracket of its own."""

from typing import Any

from sims.deadlock.run import Arc, Check, Found, Trace, Turn, show
from sims.deadlock.run import tell as _tell
from sims.deadlock.scenario import (
    CHANGES,
    Banker,
    Bound,
    Detection,
    Graph,
    LockOrder,
    Prevention,
    Recovery,
    Vector,
    WaitFor,
    process_names,
    resource_names,
)
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

Event = Check | Turn | Arc | Found


def given(scenario: Any, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """Who holds and wants what, without the hidden fields."""
    if isinstance(scenario, Banker | Detection | Recovery):
        return _matrices(scenario, frame, hidden)
    if isinstance(scenario, WaitFor):
        rows = [(t.name, " ".join(t.holds) or "nothing", t.wants or "nothing") for t in scenario.threads]
        return grid(("thread", "holds", "waits for"), rows, frame)
    if isinstance(scenario, Graph):
        return _given_graph(scenario, frame)
    if isinstance(scenario, LockOrder):
        return _given_paths(scenario, frame)
    if isinstance(scenario, Prevention):
        return () if "change" in hidden else paragraph(CHANGES[scenario.change][1], frame)
    return _given_bound(scenario, frame, hidden)


def _matrices(scenario: Banker | Detection | Recovery, frame: Frame, hidden: frozenset[str]) -> Drawing:
    columns = [("allocation", scenario.allocation)]
    if isinstance(scenario, Banker):
        columns.append(("max", scenario.max))
    else:
        columns.append(("request", scenario.request))
    if isinstance(scenario, Detection) and scenario.max:
        columns.append(("max", scenario.max))
    shown = [(title, matrix) for title, matrix in columns if title not in hidden]
    costs = scenario.costs if isinstance(scenario, Recovery) and "costs" not in hidden else ()
    rows: list[tuple[object, ...]] = []
    for index, name in enumerate(process_names(scenario)):
        rows.append((name, *(_units(matrix[index], frame) for _, matrix in shown), *costs[index : index + 1]))
    head = ("process", *(title for title, _ in shown), *(("cost",) if costs else ()))
    types = " ".join(resource_names(scenario))
    told = paragraph(f"resource types {types}", frame)
    if "available" not in hidden:
        told += paragraph(f"available {_units(scenario.available, frame)}", frame)
    told += grid(head, rows, frame)
    if isinstance(scenario, Banker) and scenario.request is not None and "request" not in hidden:
        told += paragraph(f"{scenario.request.process} asks for {_units(scenario.request.amounts, frame)}", frame)
    return told


def _units(vector: Vector, frame: Frame) -> str:
    """Units under each other: each as wide as two digits where the frame has room for it."""
    wide = frame.width >= 60 and not frame.plain
    return " ".join(f"{units:>2}" if wide else str(units) for units in vector)


def _given_graph(scenario: Graph, frame: Frame) -> Drawing:
    kinds = ", ".join(f"{one.name} has {one.instances}" for one in scenario.resources)
    rows = [
        (node.name, " ".join(node.holds) or "nothing", " ".join(node.wants) or "nothing") for node in scenario.processes
    ]
    return paragraph(f"units: {kinds}", frame) + grid(("process", "holds", "waits for"), rows, frame)


def _given_paths(scenario: LockOrder, frame: Frame) -> Drawing:
    drawing: Drawing = ()
    for path in scenario.threads:
        drawing += paragraph(f"{path.name}: {', '.join(path.steps)}", frame)
    return drawing


def _given_bound(scenario: Bound, frame: Frame, hidden: frozenset[str]) -> Drawing:
    facts = {
        "units": f"{scenario.units} units of one resource type",
        "processes": f"{scenario.processes} processes",
        "most": f"each holds {scenario.most} at most, asks for one at a time and gives back when it is done",
    }
    return paragraph("; ".join(text for name, text in facts.items() if name not in hidden) + ".", frame)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The reduction as a table, the graph as arrows with the cycle in a bracket. `upto`: how many events are shown."""
    events = trace.events if upto is None else trace.events[:upto]
    last = None if upto is None or not events else events[-1]
    drawing: Drawing = ()
    for check in (event for event in events if isinstance(event, Check)):
        drawing += _check(check, frame, marked=check is last)
    arcs = [event for event in events if isinstance(event, Arc)]
    if arcs:
        drawing += _arcs(arcs, _ring(trace) if _closed(events) else (), frame, last)
    turns = [event for event in events if isinstance(event, Turn)]
    if turns:
        drawing += _turns(turns, frame, last)
    for found in (event for event in events if isinstance(event, Found)):
        drawing += paragraph(found.says, frame, "wrong" if found.kind == "cycle" else "strong")
    return drawing


def _closed(events: tuple[Event, ...]) -> bool:
    """Whether the cycle has been told yet; before, no arrow is singled out."""
    return any(isinstance(event, Found) and event.kind == "cycle" for event in events)


def _ring(trace: Trace) -> tuple[str, ...]:
    return next((e.names for e in trace.events if isinstance(e, Found) and e.kind == "cycle"), ())


def _check(check: Check, frame: Frame, *, marked: bool) -> Drawing:
    sign = frame.glyph("≤", "<=") if check.passes else frame.glyph("≰", "!<=")
    what = "need" if check.kind == "need" else "available"
    style = "mark" if marked else "right" if check.passes else "wrong"
    answer = "yes" if check.passes else "no"
    return paragraph(
        f"{check.process}: request {show(check.amounts)} {sign} {what} {show(check.limit)}: {answer}", frame, style
    )


def _turns(turns: list[Turn], frame: Frame, last: Event | None) -> Drawing:
    """The reduction row by row; on a narrow frame without brackets, and what fits is seen from what is free then."""
    mark = next((index for index, turn in enumerate(turns) if turn is last), None)
    if frame.width < 60:
        short = [
            (turn.process, _units(turn.wants, frame), _units(turn.before, frame), _then(turn, frame)) for turn in turns
        ]
        return grid(("process", "wants", "free", "then"), short, frame, mark=mark)
    rows = [
        (turn.process, show(turn.wants), show(turn.before), "no" if turn.after is None else "yes", _then(turn, frame))
        for turn in turns
    ]
    return grid(("process", "wants", "free", "fits", "free then"), rows, frame, mark=mark)


def _then(turn: Turn, frame: Frame) -> str:
    if turn.after is None:
        return f"lacks {' '.join(turn.lacks)}"
    return show(turn.after) if frame.width >= 60 else _units(turn.after, frame)


def _arcs(arcs: list[Arc], ring: tuple[str, ...], frame: Frame, last: Event | None) -> Drawing:
    """The arrows of the cycle in order, bracketed; then the others."""
    place = {name: index for index, name in enumerate(ring)}
    on_cycle = sorted((arc for arc in arcs if ring and arc.on_cycle), key=lambda arc: place[arc.origin])
    firsts = {(arc.origin, arc.target): arc for arc in reversed(on_cycle)}
    cycle = [arc for arc in on_cycle if firsts[arc.origin, arc.target] is arc]
    rows: list[Line] = []
    for index, arc in enumerate(cycle):
        rows += _arrow(arc, _bracket(index, len(cycle), frame), frame, "wrong", marked=arc is last)
    for arc in arcs:
        if arc not in cycle:
            rows += _arrow(arc, "   ", frame, "", marked=arc is last)
    return tuple(rows)


def _bracket(index: int, count: int, frame: Frame) -> str:
    """The left side of the cycle: the last arrow leads back to the first."""
    if count == 1:
        return frame.glyph("↻▸ ", "(> ")
    if index == 0:
        return frame.glyph("╭▸ ", ",> ")
    return frame.glyph("╰─ ", "`- ") if index == count - 1 else frame.glyph("│  ", "|  ")


def _arrow(arc: Arc, bracket: str, frame: Frame, style: str, *, marked: bool) -> Drawing:
    tip = frame.glyph("▶", ">")
    word = {"waits": f"wants {arc.label}", "requests": "wants", "held-by": "held by", "before": f"then, in {arc.label}"}
    shaft = frame.rule
    text = f"{bracket}{arc.origin} {shaft}{word[arc.kind]}{shaft}{tip} {arc.target}"
    if len(text) > frame.width:
        return paragraph(_tell_short(arc), frame, style)
    return (line(Span(text, "mark" if marked else style)),)


def _tell_short(arc: Arc) -> str:
    return _tell(Trace(None, (arc,)), 0)
