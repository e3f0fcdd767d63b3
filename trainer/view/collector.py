"""How does garbage look? The objects and who refers to whom; or a line of time with the pauses in it."""

from sims.collector import SIMULATOR, Collection, Scenario, Trace
from sims.collector.scenario import Mutation, apply, reachable
from trainer.view.drawing import Drawing, Frame, Line, Span, cell, grid, line, paragraph

_RATES = (
    ("allocation_rate", "allocates {} MB/ms"),
    ("live", "live {} MB"),
    ("heap", "heap {} MB"),
    ("mark_cost", "marking {} ms/MB"),
    ("sweep_cost", "sweeping {} ms/MB"),
    ("nursery", "nursery {} MB"),
    ("survival", "survival {}"),
    ("promote_after", "promoted after {}"),
    ("time", "computes {} ms"),
)
_OF = {
    "mark-sweep": frozenset({"nursery", "survival", "promote_after"}),
    "generational": frozenset({"mark_cost", "sweep_cost"}),
}
_MOST = 40  # collections that are drawn one by one


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The graph and the mutations, or the rates, without the hidden fields."""
    kind = () if "kind" in hidden else (scenario.kind,)
    if not scenario.is_graph:
        silent = hidden | _OF[scenario.kind]
        facts = [text.format(cell(getattr(scenario, name))) for name, text in _RATES if name not in silent]
        return paragraph(", ".join((*kind, *facts)), frame)
    facts = list(kind)
    if scenario.kind == "generational":
        facts += [] if "nursery" in hidden else [f"nursery of {cell(scenario.nursery)} objects"]
        facts += [] if "promote_after" in hidden else [f"promoted after {scenario.promote_after}"]
    if scenario.heap is not None and "heap" not in hidden:
        facts.append(f"heap of {cell(scenario.heap)} objects")
    rows = paragraph(", ".join(facts), frame)
    if "objects" not in hidden:
        refs = {each.name: list(each.refs) for each in scenario.objects}
        rows += tuple(row for name in refs for row in _object(name, refs, set(), "", frame))
    if scenario.roots and "roots" not in hidden:
        rows += paragraph(f"held by variables: {' '.join(scenario.roots)}", frame)
    if scenario.mutations and "mutations" not in hidden:
        told = "; ".join(f"{n} {mutation}" for n, mutation in enumerate(scenario.mutations, 1))
        rows += paragraph(told, frame)
    return rows


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The objects after `upto` events, or at the end; or the collections so far on a line of time."""
    shown = trace.events if upto is None else trace.events[:upto]
    rows = _objects(trace, len(shown), frame) if trace.scenario.is_graph else _timeline(trace, len(shown), frame)
    if upto and shown:
        rows += paragraph(frame.glyph("▸ ", "> ") + SIMULATOR.tell(trace, len(shown) - 1), frame, "mark")
    return rows


# ── objects ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _objects(trace: Trace, count: int, frame: Frame) -> Drawing:
    refs = {each.name: list(each.refs) for each in trace.scenario.objects}
    roots, freed, old = set(trace.scenario.roots), list[str](), set[str]()
    for event in trace.graph[:count]:
        if event.kind == "new":
            refs[event.name] = []
        if event.kind not in ("start", "collect", "minor", "out-of-memory"):
            apply(Mutation(event.kind, event.name, event.other), refs, roots)
        freed += event.freed
        old |= set(event.promoted)
    near = set(reachable(sorted(roots), refs))
    rows: Drawing = ()
    for name in refs:
        if name not in freed:
            state = "old" if name in old else ""
            state += "" if name in near else (", " if state else "") + "not reachable"
            rows += _object(name, refs, roots, state, frame)
    return rows + paragraph(f"freed: {' '.join(freed) or 'none'}", frame, "dim")


def _object(name: str, refs: dict[str, list[str]], roots: set[str], state: str, frame: Frame) -> Drawing:
    arrow = f" {frame.arrow} " + " ".join(refs[name]) if refs[name] else ""
    notes = ", ".join(filter(None, ("held" if name in roots else "", state)))
    return paragraph(f"{name}{arrow}{'  ' + notes if notes else ''}", frame, "wait" if "not" in notes else "")


# ── a line of time ──────────────────────────────────────────────────────────────────────────────────────────────


def _timeline(trace: Trace, count: int, frame: Frame) -> Drawing:
    happened = [event for event in trace.events[: min(count, _MOST)] if isinstance(event, Collection)]
    told = f"{count} collections" if count != 1 else "1 collection"
    if not happened:
        return paragraph(f"{told}.", frame)
    rows = [(n, cell(e.start), cell(e.end), cell(e.before), cell(e.after)) for n, e in enumerate(happened, 1)]
    table = grid(("", "from ms", "to ms", "MB before", "after"), rows, frame)
    rest = paragraph(f"and {count - _MOST} more", frame, "dim") if count > _MOST else ()
    return (*_line_of_time(happened, frame), *table, *rest)


def _line_of_time(happened: list[Collection], frame: Frame) -> tuple[Line, ...]:
    """Computing as a line, pauses as blocks; each column is an equal stretch of time."""
    room, end = frame.width - 2, happened[-1].end
    columns = [frame.rule] * room
    for event in happened:
        first, last = int(event.start * room / end), int(event.end * room / end)
        for column in range(first, max(first + 1, last)):
            if column < room:
                columns[column] = frame.glyph("█", "#")
    if happened[0].kind == "minor":
        columns = [frame.glyph("┬", "+") if mark != frame.rule else mark for mark in columns]
    legend = "minor collections" if happened[0].kind == "minor" else "pauses"
    key = f"0 to {cell(end)} ms, {legend} {frame.glyph('┬', '+') if legend[0] == 'm' else frame.glyph('█', '#')}"
    return (line(" ", Span("".join(columns), "run")), *paragraph(key, frame, "dim"))
