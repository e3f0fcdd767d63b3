"""How does the arm's way look? One row a movement; beside it, where there is room, its place on the disk."""

from sims.disk import Move, Scenario, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph, width_of

_HEAD = ("move", "time", "from", "to", "moved")
_SCALE = 20  # columns: a scale narrower than this says nothing


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The queue, the head and the direction, without the hidden fields."""
    facts = {
        "policy": f"policy {scenario.policy}",
        "cylinders": f"cylinders 0 to {scenario.cylinders - 1}",
        "head": f"head at {scenario.head}",
        "direction": f"moving {scenario.direction}",
    }
    told = ", ".join(text for name, text in facts.items() if name not in hidden)
    if "requests" in hidden:
        return paragraph(told, frame)
    if any(request.arrival for request in scenario.requests):
        rows = [(n, r.cylinder, r.arrival) for n, r in enumerate(scenario.requests, 1)]
        return paragraph(told, frame) + grid(("request", "cylinder", "arrival"), rows, frame)
    queue = " ".join(str(request.cylinder) for request in scenario.requests)
    return paragraph(told, frame) + paragraph(f"queue: {queue}", frame)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The way of the arm, downwards in time. `upto`: how many movements are shown; the last of them is marked."""
    moves = trace.events if upto is None else trace.events[:upto]
    last = None if upto is None else len(moves) - 1
    rows = [(move.kind, move.start, move.origin, move.target, move.distance) for move in moves]
    table = grid(_HEAD, rows, frame, mark=last)
    room = frame.width - width_of(table) - 3
    if room < _SCALE or len(table) != len(moves) + 1:
        return table
    return (
        table[0],
        *(_beside(row, move, trace.scenario, frame, room) for row, move in zip(table[1:], moves, strict=True)),
    )


def _beside(row: Line, move: Move, scenario: Scenario, frame: Frame, room: int) -> Line:
    return line(
        *row, Span("  " + _scale(move, scenario.cylinders, frame, room), "run" if move.kind == "serve" else "dim")
    )


def _scale(move: Move, cylinders: int, frame: Frame, room: int) -> str:
    start, end = (point * (room - 1) // max(cylinders - 1, 1) for point in (move.origin, move.target))
    tip = frame.glyph("●", "o") if start == end else frame.glyph("▶", ">") if start < end else frame.glyph("◀", "<")
    shaft = frame.rule * abs(end - start)
    return " " * min(start, end) + (shaft + tip if start <= end else tip + shaft)
