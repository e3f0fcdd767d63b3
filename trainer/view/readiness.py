"""How does readiness look? A timeline downwards: what happens, what is unread, what a wait is told."""

from sims.readiness import Event, Scenario, Trace, tell
from trainer.view.drawing import Drawing, Frame, Line, Span, line, paragraph

MODES = {"level": "level-triggered", "edge": "edge-triggered (EPOLLET)", "oneshot": "one-shot (EPOLLONESHOT)"}
HEAD = "    event          unread  returns"


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The mode and the events, without the hidden fields."""
    told = () if "mode" in hidden else paragraph(f"The socket is watched {MODES[scenario.mode]}.", frame)
    if "events" in hidden:
        return told
    lines = enumerate(scenario.events, 1)
    return told + tuple(line(Span(f"  {number:>2}  {event.text()}")) for number, event in lines)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The timeline. A wait that reports is marked, and so is one that leaves bytes untold. `upto`: how many events
    are shown; the last of them is told in a sentence."""
    events = trace.events if upto is None else trace.events[:upto]
    most = max((event.unread for event in trace.events), default=0)
    rows = tuple(_row(event, frame, most, upto is not None and event is events[-1]) for event in events)
    told = paragraph(tell(trace, len(events) - 1), frame, "mark") if upto and events else ()
    return (line(Span(HEAD[: frame.width], "head")), *rows, *told)


def _row(event: Event, frame: Frame, most: int, marked: bool) -> Line:
    here = frame.glyph("▸", ">") if marked else " "
    text = f"{here}{event.number:>2}  {event.happening.text():<14} {event.unread:>6}  {_returns(event, frame)}"
    room = frame.width - len(HEAD) - 8
    style = "right" if event.happening.op == "wait" and event.result else ""
    if room < 8 or not most:
        return line(Span(text[: frame.width], style))
    bar = -(-event.unread * room // most)
    return line(Span(f"{text:<{len(HEAD) + 7}}", style), Span(" " + frame.glyph("░", ".") * bar, "wait"))


def _returns(event: Event, frame: Frame) -> str:
    """What the call returns; a wait that is silent although something is unread says so."""
    if event.result is None:
        return ""
    if event.happening.op != "wait":
        return str(event.result)
    if event.result:
        return f"1 {frame.glyph('●', '*')}"
    return "0 untold" if event.unread else "0"
