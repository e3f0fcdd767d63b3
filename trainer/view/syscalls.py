"""How does the price of a transfer look? A cost table: a row for each sort of call or fault, and the sum."""

from fractions import Fraction

from sims.syscalls import Scenario, Trace, tell
from trainer.view.drawing import Drawing, Frame, Span, cell, grid, line, paragraph

SORTS = {
    "full": "full call",
    "short": "last call",
    "end": "end of file",
    "map": "mmap",
    "submit": "batch",
    "fault": "page fault",
}


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The file, the way it is moved, and the costs; without the hidden fields."""
    facts = [("call", f"Call {scenario.call}"), ("bytes", f"{scenario.bytes} bytes"), ("chunk", _chunk(scenario))]
    if scenario.buffer:
        facts.append(("buffer", f"through a library's buffer of {scenario.buffer}"))
    if scenario.call == "io-uring-batch":
        facts.append(("batch", f"{scenario.batch} reads a batch"))
    told = ", ".join(text for name, text in facts if name not in hidden)
    drawing = paragraph(f"{told}.", frame) if told else ()
    costs = scenario.costs
    rows = [("system call", costs.syscall), ("copying 1 KiB", costs.copy_per_kib), ("page fault", costs.fault)]
    return drawing if "costs" in hidden else drawing + grid(("cost of a", "ns"), rows, frame)


def _chunk(scenario: Scenario) -> str:
    return f"{scenario.chunk} at a time"


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The table, its sum, and where the time goes. `upto`: how many rows are shown; the last of them is marked."""
    events = trace.events if upto is None else trace.events[:upto]
    rows: list[tuple[object, ...]] = [
        (SORTS[event.kind], event.times, event.size, event.copied, _ns(event.time)) for event in events
    ]
    if upto is None:
        moved = sum(event.copied for event in events)
        rows.append(("together", sum(event.times for event in events), "", moved, _ns(_sum(trace))))
    head = ("sort", "times", "bytes each", "copied", "ns")
    table = grid(head, rows, frame, mark=None if upto is None else len(events) - 1, spare=("bytes each", "copied"))
    if upto is None:
        return table + _shares(trace, frame)
    return table + (paragraph(tell(trace, len(events) - 1), frame, "mark") if events else ())


def _sum(trace: Trace) -> Fraction:
    return sum((event.time for event in trace.events), Fraction(0))


def _ns(value: Fraction) -> str:
    """Nanoseconds with at most one decimal place, marked where that rounds."""
    tenths = value * 10
    if tenths.denominator == 1:
        return cell(value) if value.denominator == 1 else f"{tenths.numerator // 10}.{tenths.numerator % 10}"
    return f"~{round(value)}"


def _shares(trace: Trace, frame: Frame) -> Drawing:
    """One bar for calls, copying and faults: their share of the time."""
    costs, whole = trace.scenario.costs, _sum(trace)
    if not whole:
        return ()
    copied = sum(event.copied for event in trace.events)
    shares = (
        ("calls", Fraction(sum(event.calls for event in trace.events) * costs.syscall)),
        ("copying", Fraction(copied, 1024) * costs.copy_per_kib),
        ("faults", Fraction(sum(event.faults for event in trace.events) * costs.fault)),
    )
    room = frame.width - 18
    rows: Drawing = ()
    for name, took in shares:
        share = took / whole
        bar = frame.glyph("█", "#") * int(share * room)
        rows += (line(Span(f"  {name:<8} {int(share * 100):>3} % "), Span(bar, "run")),)
    return rows
