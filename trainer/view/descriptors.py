"""How do descriptor tables look? The calls with their results, each process's numbers, and what they name."""

from sims.descriptors import Event, Opened, Scenario, Slot, Trace, tell
from trainer.view.drawing import Drawing, Frame, Span, grid, line, paragraph


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The limit, the files and the calls, without the hidden fields."""
    facts = []
    if "limit" not in hidden:
        facts.append(f"RLIMIT_NOFILE is {scenario.limit}.")
    if scenario.files and "files" not in hidden:
        facts.append("Files: " + ", ".join(f"{file.name} ({file.size} bytes)" for file in scenario.files) + ".")
    told = paragraph(" ".join(facts), frame) if facts else ()
    return told if "operations" in hidden else told + _calls(scenario, (), frame, None)


def _calls(scenario: Scenario, events: tuple[Event, ...], frame: Frame, mark: int | None) -> Drawing:
    """The calls; with their results, and only as many, where there are events for them."""
    several = any(operation.op == "fork" for operation in scenario.operations)
    texts = [f"{op.process}: {op.text()}" if several else op.text() for op in scenario.operations]
    results = [" ".join(map(str, event.results)) for event in events]
    wide = max(map(len, texts))
    rows: Drawing = ()
    for index, text in enumerate(texts[: len(events)] if events else texts):
        here = frame.glyph("▸", ">") if index == mark else " "
        result = results[index] if events else ""
        start = f"{here}{index + 1:>3}  {text:<{wide}}"
        if len(start) + len(result) + 2 <= frame.width:
            rows += (line(Span(start), Span(f"  {result}", "strong")),)
        else:
            rows += paragraph(f"{here}{index + 1:>3}  {text}  {result}".rstrip(), frame)
    return rows


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The calls so far with their results, then the tables after the last of them. `upto`: how many calls are shown;
    the last of them is marked."""
    events = trace.events if upto is None else trace.events[:upto]
    if not events:
        return paragraph("Nothing has been called yet: 0, 1 and 2 are the terminal.", frame)
    last = events[-1]
    mark = None if upto is None else len(events) - 1
    calls = _calls(trace.scenario, events, frame, mark)
    told = () if mark is None else paragraph(tell(trace, mark), frame, "mark")
    return calls + told + (line(""),) + _tables(last, frame) + (line(""),) + _opened(last, frame)


def _tables(event: Event, frame: Frame) -> Drawing:
    """One block a process: `P  0 tty   1 tty   3* 1:a`; a star marks close-on-exec."""
    names = {opened.id: short(opened) for opened in event.opened}
    marked = any(slot.cloexec for _, slots in event.tables for slot in slots)
    rows: Drawing = (line(Span(f"tables{' (* close-on-exec)' if marked else ''}", "head")),)
    for process, slots in event.tables:
        cells = [f"{_number(slot)} {names[slot.opened]}" for slot in slots] or ["nothing open"]
        rows += _block(f"  {process:<4}", cells, frame)
    return rows


def _block(label: str, cells: list[str], frame: Frame) -> Drawing:
    """The cells beside their label, on as many lines as they need."""
    lines = [""]
    for cell in cells:
        if lines[-1] and len(label) + len(lines[-1]) + len(cell) + 3 > frame.width:
            lines.append("")
        lines[-1] += f"{'   ' if lines[-1] else ''}{cell}"
    starts = [label, *([" " * len(label)] * (len(lines) - 1))]
    return tuple(line(Span((start + text)[: frame.width])) for start, text in zip(starts, lines, strict=True))


def _number(slot: Slot) -> str:
    return f"{slot.fd}{'*' if slot.cloexec else ''}"


def short(opened: Opened) -> str:
    """A description as the tables name it: `tty`, `4:a` (made by call 4), `1r:pipe1.r`."""
    return opened.label if opened.name == "tty" else f"{opened.name}:{opened.label}"


def _opened(event: Event, frame: Frame) -> Drawing:
    """The open file descriptions: where they stand and who names them."""
    columns: list[tuple[str, list[object]]] = [
        ("open file", [short(opened) for opened in event.opened]),
        ("offset", [opened.offset for opened in event.opened]),
        ("in pipe", [opened.waiting for opened in event.opened]),
        ("named by", [_named_by(event, opened) for opened in event.opened]),
    ]
    shown = [(title, cells) for title, cells in columns if any(cell is not None for cell in cells)]
    rows = zip(*(cells for _, cells in shown), strict=True)
    return grid([title for title, _ in shown], rows, frame)


def _named_by(event: Event, opened: Opened) -> str:
    found = []
    for process, slots in event.tables:
        mine = [str(slot.fd) for slot in slots if slot.opened == opened.id]
        if mine:
            found.append(f"{process} {' '.join(mine)}")
    return ", ".join(found)
