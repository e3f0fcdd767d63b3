"""How does memory run out? Utilisation against degree with its knee, and each working set over time.

degree  utilisation
     1  ███████████████░░░░░    10/13
     2  ████████████████▌░░░    ◂ knee
working set of the last 6 references, over each process's own time
    P1  123333333333
"""

from fractions import Fraction

from sims.thrashing import Event, Model, Scenario, Trace, tell
from sims.thrashing.measures import cpu_utilisation, knee
from sims.thrashing.memory import working_set
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONG = 40  # references of a process that are written out; longer strings are told by their pages


# ── what is given ───────────────────────────────────────────────────────────────────────────────────────────────


def given(scenario: Scenario | Model, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """Memory, device, replacement, and the references of each process, without the hidden fields."""
    if isinstance(scenario, Model):
        facts = {
            "processes": f"{scenario.processes} processes in memory",
            "waiting": f"each waits for I/O {_share(scenario.waiting)} of its time, independently of the others",
        }
        return paragraph(_sentence(facts, hidden), frame)
    facts = {
        "frames": _count(scenario.frames, "frame"),
        "replacement": f"replacement {scenario.replacement}",
        "window": f"window of {_count(scenario.window, 'reference')}",
        "fault_time": f"a fault takes {_count(scenario.fault_time, 'tick')} of the paging device",
    }
    if scenario.replacement != "working-set":
        del facts["window"]  # only asking for a working set needs it then, and that question names it
    rows = paragraph(_sentence(facts, hidden), frame)
    if "processes" in hidden:
        return rows
    for process in scenario.processes:
        rows += paragraph(f"{process.name}: {_string(process.string)}", frame)
    return rows


def _sentence(facts: dict[str, str], hidden: frozenset[str]) -> str:
    text = "; ".join(text for name, text in facts.items() if name not in hidden)
    return text[:1].upper() + text[1:]


def _string(string: tuple[int, ...]) -> str:
    """The reference string; a long one by its beginning, when it goes round and round."""
    if len(string) <= LONG:
        return " ".join(map(str, string))
    lap = next((n for n in range(1, LONG) if string == (string[:n] * len(string))[: len(string)]), 0)
    if lap:
        return f"{' '.join(map(str, string[:lap]))} over and over, {len(string)} references"
    return f"{' '.join(map(str, string[:LONG]))} … {len(string)} references"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _share(share: Fraction) -> str:
    hundred = 100 * share
    return f"{hundred} %" if hundred.denominator == 1 else str(share)


# ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The curve and the working sets; with `upto` what memory holds after that many events, the last one told."""
    if isinstance(trace.scenario, Model):
        return _model_curve(trace.scenario, frame)
    if upto is not None:
        return _moment(trace, trace.scenario, frame, min(upto, len(trace.events)))
    return _curve(trace, frame) + _sets(trace.scenario, frame)


def _curve(trace: Trace, frame: Frame) -> Drawing:
    by_degree, best = cpu_utilisation(trace), str(knee(trace))
    rows = [_bar(degree, share, frame, "knee" if degree == best else "") for degree, share in by_degree.items()]
    return (line(Span("degree  utilisation", "head")), *rows)


def _bar(degree: str, share: Fraction, frame: Frame, note: str) -> Line:
    """One degree: a bar as long as its utilisation, and the number."""
    room = max(4, min(50, frame.width - 25))
    full = round(share * room)
    mark = f" {frame.glyph('◂', '<')} {note}" if note else ""
    return line(
        f"{degree:>6}  ",
        Span(frame.glyph("█", "#") * full, "run"),
        Span(frame.glyph("░", ".") * (room - full), "dim"),
        Span(f" {float(share):.3f}{mark}", "strong" if note else ""),
    )


def _model_curve(model: Model, frame: Frame) -> Drawing:
    """1 − pⁿ for n up to the number asked for, at most the last twelve."""
    first = max(1, model.processes - 11)
    rows = [
        _bar(str(n), 1 - model.waiting**n, frame, "asked" if n == model.processes else "")
        for n in range(first, model.processes + 1)
    ]
    return (*paragraph("degree  utilisation in the model", frame, "head"), *rows)


def _sets(scenario: Scenario, frame: Frame) -> Drawing:
    """The size of each working set after every reference, a digit each (A is 10); folded to the width."""
    rows = list(paragraph(f"size of the working set, window {scenario.window}, a digit a reference", frame, "head"))
    left = 2 + max(len(process.name) for process in scenario.processes)
    room = max(8, frame.width - left)
    for process in scenario.processes[: scenario.degrees[1]]:
        string = process.string
        shown = min(len(string), 4 * room)
        sizes = [len(working_set(string, t, scenario.window)) for t in range(1, shown + 1)]
        digits = "".join(DIGITS[size] if size < len(DIGITS) else "+" for size in sizes)
        for start in range(0, shown, room):
            label = process.name if not start else ""
            rows.append(line(Span(f"{label:<{left}}", "dim"), digits[start : start + room]))
        if shown < len(string):
            rows += paragraph(f"the first {shown} of {len(string)} references", frame, "dim", " " * left)
    return tuple(rows)


def _moment(trace: Trace, scenario: Scenario, frame: Frame, shown: int) -> Drawing:
    """Who holds which pages, who waits, after that many events."""
    held: dict[str, list[int]] = {process.name: [] for process in scenario.processes[: scenario.degrees[1]]}
    state = dict.fromkeys(held, "ready")
    for event in trace.events[:shown]:
        _apply(event, held, state)
    rows = [(name, " ".join(map(str, pages)), state[name]) for name, pages in held.items()]
    last = trace.events[shown - 1].process if shown else None
    mark = next((n for n, name in enumerate(held) if name == last), None)
    used = sum(map(len, held.values()))
    head = paragraph(f"{used} of {_count(scenario.frames, 'frame')} taken", frame)
    told = paragraph(tell(trace, shown - 1), frame) if shown else ()
    return head + grid(("process", "pages", "state"), rows, frame, mark=mark) + told


STATES = {"use": "ready", "fault": "waits", "load": "waits", "suspend": "suspended", "resume": "ready", "exit": "ended"}


def _apply(event: Event, held: dict[str, list[int]], state: dict[str, str]) -> None:
    for name, page in event.left:
        held[name].remove(page)
    if event.kind == "load" and event.page is not None:
        held[event.process].append(event.page)
    if event.kind == "exit":
        held[event.process].clear()
    state[event.process] = STATES.get(event.kind, state[event.process])
