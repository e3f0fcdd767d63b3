"""How does the arm's way look? One row a movement, its place on a scale of cylinders."""

from sims.disk import Move, Scenario, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The queue, the head and the direction, without the hidden fields."""
    facts = {
        "policy": f"Policy {scenario.policy}",
        "cylinders": f"cylinders 0 to {scenario.cylinders - 1}",
        "head": f"head at {scenario.head}",
        "direction": f"moving {scenario.direction}",
    }
    told = ", ".join(text for name, text in facts.items() if name not in hidden)
    if any(request.arrival for request in scenario.requests):
        rows = [(n, r.cylinder, r.arrival) for n, r in enumerate(scenario.requests, 1)]
        return paragraph(told, frame) + grid(("request", "cylinder", "arrival"), rows, frame)
    queue = " ".join(str(request.cylinder) for request in scenario.requests)
    return paragraph(told, frame) + paragraph(f"queue: {queue}", frame)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The way of the arm, downwards in time. `upto`: how many movements are shown; the last of them is marked."""
    moves = trace.events if upto is None else trace.events[:upto]
    last = None if upto is None else len(moves) - 1
    room = frame.width - 26
    head = line(Span("  time   from     to  moved", "head"))
    rows = [_row(move, trace.scenario.cylinders, frame, room, index == last) for index, move in enumerate(moves)]
    return (head, *rows)


def _row(move: Move, cylinders: int, frame: Frame, room: int, marked: bool) -> Line:
    moved = abs(move.target - move.origin)
    numbers = f"{frame.glyph('▸', '>') if marked else ' '} {move.start:>4} {move.origin:>6} {move.target:>6}"
    note = {"serve": "", "end": " edge", "wrap": " back", "idle": " idle", "pass": ""}[move.kind]
    style = "mark" if marked else "dim" if move.kind == "wrap" else ""
    text = f"{numbers} {moved:>5}{note}"
    if room < 20:
        return line(Span(text, style))
    return line(Span(f"{text:<32}", style), Span(_scale(move, cylinders, frame, room - 8), "run"))


def _scale(move: Move, cylinders: int, frame: Frame, room: int) -> str:
    places = sorted(point * (room - 1) // max(cylinders - 1, 1) for point in (move.origin, move.target))
    up = move.target >= move.origin
    shaft = frame.rule * (places[1] - places[0])
    tip = frame.glyph("▶", ">") if up else frame.glyph("◀", "<")
    return " " * places[0] + (shaft + tip if up else tip + shaft)
