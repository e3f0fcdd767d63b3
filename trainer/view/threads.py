"""How does an interleaving look? One column a thread, one step a line, the shared variables beside it."""

from textwrap import wrap

from sims.threads.program import Scenario, observed
from sims.threads.run import Ended, Taken, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, line, paragraph

LEAST_COLUMN = 12  # characters; below that the threads share one column
GAP = 2


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The shared variables and the programs, side by side where there is room."""
    told = ""
    if "shared" not in hidden:
        told = "; ".join(f"{name} = {value}" for name, value in (*scenario.shared, *scenario.semaphores))
    drawing = paragraph(f"At the start {told}. Registers hold 0." if told else "Registers hold 0.", frame)
    if scenario.volatile and "volatile" not in hidden:
        drawing += paragraph(f"volatile: {' '.join(scenario.volatile)}", frame)
    if "threads" not in hidden:
        drawing += _programs(scenario, frame)
    if scenario.schedule and "schedule" not in hidden:
        drawing += paragraph(f"Steps are taken by {' '.join(scenario.schedule)}.", frame)
    if scenario.observe and "observe" not in hidden:
        drawing += paragraph(f"An outcome is the final {', '.join(observed(scenario))}.", frame)
    return drawing


def _programs(scenario: Scenario, frame: Frame) -> Drawing:
    groups: dict[tuple[str, ...], list[str]] = {}
    for thread in scenario.threads:
        groups.setdefault(thread.program, []).append(thread.name)
    titles = [", ".join(names) for names in groups.values()]
    columns = [[frame.text(text) for text in program] for program in groups]
    widths = [max(map(len, (title, *lines))) for title, lines in zip(titles, columns, strict=True)]
    if frame.plain or sum(widths) + GAP * (len(widths) + 1) > frame.width:
        drawing: Drawing = ()
        for title, lines in zip(titles, columns, strict=True):
            drawing += paragraph(f"{title}: {'; '.join(lines) or 'nothing'}", frame)
        return drawing
    rows = [line(Span(_row(titles, widths), "head"))]
    for index in range(max(map(len, columns))):
        cells = [lines[index] if index < len(lines) else "" for lines in columns]
        rows.append(line(_row(cells, widths)))
    return tuple(rows)


def _row(cells: list[str], widths: list[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The schedule downwards. `upto`: how many events are shown; the last of them is marked."""
    events = trace.events if upto is None else trace.events[:upto]
    steps = [event for event in events if isinstance(event, Taken)]
    last = None if upto is None else len(events) - 1
    names = [thread.name for thread in trace.scenario.threads]
    beside = _Beside(trace, frame)
    room = frame.width - 2 - beside.width
    column = room // len(names) - GAP
    longest = max((len(_cell(event)) for event in trace.events if isinstance(event, Taken)), default=0)
    if column >= max(LEAST_COLUMN, longest, *map(len, names)):
        width = min(column, max(longest, *map(len, names)))
        rows = _columns(steps, names, beside, frame, width=width, last=last)
    else:
        rows = _single(steps, names, beside, frame, last=last)
    for event in events:
        if isinstance(event, Ended):
            rows += paragraph(event.says, frame, "wrong" if event.kind in ("deadlock", "violation") else "strong")
    return rows


class _Beside:
    """The shared variables in columns of their own, as wide as their widest value."""

    def __init__(self, trace: Trace, frame: Frame) -> None:
        self.names = [name for name, _ in trace.scenario.shared]
        rows = [dict(event.shared) for event in trace.events if isinstance(event, Taken)] + [
            dict(trace.scenario.shared)
        ]
        self.widths = [max(len(name), *(len(str(row[name])) for row in rows)) for name in self.names]
        self.width = sum(self.widths) + GAP * (len(self.names) + 1)
        self.shown = self.width <= frame.width // 2
        if not self.shown:
            self.width = 0

    def head(self) -> str:
        return self._cells([name.rjust(width) for name, width in zip(self.names, self.widths, strict=True)])

    def row(self, step: Taken) -> str:
        values = (str(value) for _, value in step.shared)
        return self._cells([value.rjust(width) for value, width in zip(values, self.widths, strict=True)])

    def _cells(self, cells: list[str]) -> str:
        return "  " + "  ".join(cells) if self.shown and cells else ""


def _cell(step: Taken) -> str:
    """The instruction, and what a register has got by it: `load r x: 0`."""
    value = step.note.rpartition(" = ")[2] if step.note.count(" = ") == 1 and "," not in step.note else ""
    return f"{step.text}: {value}" if value and step.text.split()[0] in ("load", "swap", "cas", "set") else step.text


def _columns(
    steps: list[Taken], names: list[str], beside: _Beside, frame: Frame, *, width: int, last: int | None
) -> Drawing:
    """A column a thread."""
    gap = " " * GAP
    rows: list[Line] = [line(Span("  " + gap.join(name.ljust(width) for name in names) + beside.head(), "head"))]
    for index, step in enumerate(steps):
        cells = [(_cell(step) if name == step.thread else "").ljust(width) for name in names]
        rows.append(_line(gap.join(cells) + beside.row(step), frame, index == last))
        rows += _note(step, names.index(step.thread) * (width + GAP), frame)
    return tuple(rows)


def _note(step: Taken, indent: int, frame: Frame) -> Drawing:
    """What happened besides: a sleep, a waking. Registers and locks are told by the instruction itself."""
    if not any(word in step.note for word in ("sleeps", "wakes", "critical", "kept")):
        return ()
    start = " " * min(indent + 4, max(frame.width - 24, 2))
    return tuple(
        line(Span(text, "dim"))
        for text in wrap(frame.text(step.note), frame.width, initial_indent=start, subsequent_indent=start)
    )


def _single(steps: list[Taken], names: list[str], beside: _Beside, frame: Frame, *, last: int | None) -> Drawing:
    """One column for all: the name, then the instruction; shifted for each thread as far as there is room."""
    title = max(map(len, (*names, "")))
    longest = max((len(_cell(step)) for step in steps), default=4)
    room = frame.width - 2 - beside.width
    if beside.shown and room < title + 1 + min(longest, 16):
        beside.shown, beside.width = False, 0
        room = frame.width - 2
    shift = min(6, max(room - title - 1 - longest, 0) // max(len(names) - 1, 1))
    width = min(title + 1 + longest + shift * (len(names) - 1), room)
    rows: list[Line] = [line(Span("  " + "step".ljust(width) + beside.head(), "head"))]
    for index, step in enumerate(steps):
        indent = shift * names.index(step.thread)
        text = f"{' ' * indent}{step.thread.ljust(title)} {_cell(step)}"[:width]
        rows.append(_line(text.ljust(width) + beside.row(step), frame, index == last))
        rows += _note(step, indent + title + 1, frame)
    return tuple(rows)


def _line(text: str, frame: Frame, marked: bool) -> Line:
    mark = frame.glyph("▸ ", "> ") if marked else "  "
    return line(Span((mark + frame.text(text)).rstrip(), "mark" if marked else ""))
