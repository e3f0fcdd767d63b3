"""How does a heap look? A map of its bytes, and the blocks with their sizes."""

from sims.allocator import SIMULATOR, Heap, Live, Scenario, Trace, heap_after
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The heap's rules and the operations, numbered from 1, without the hidden fields."""
    facts = {
        "size": f"heap of {scenario.size} bytes",
        "fit": f"{scenario.fit} fit" if scenario.fit != "buddy" else "buddy",
        "header": f"header {scenario.header}" if scenario.header else "no headers",
        "align": f"align {scenario.align}" if scenario.align > 1 else "",
        "coalesce": "" if scenario.coalesce else "free neighbours are not joined",
    }
    told = paragraph(", ".join(text for name, text in facts.items() if text and name not in hidden), frame)
    if "operations" in hidden:
        return told
    rows = [f"{n:>3}  {operation}" for n, operation in enumerate(scenario.operations, 1)]
    widest = max(map(len, rows)) + 2
    if widest > frame.width:
        return told + tuple(row for text in rows for row in paragraph(text, frame))
    across = max(1, min((frame.width - 1) // widest, -(-len(rows) // 4)))
    down = -(-len(rows) // across)
    lines = ("".join(row.ljust(widest) for row in rows[at::down]).rstrip() for at in range(down))
    return told + tuple(line(text) for text in lines)


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The heap after `upto` operations, or after all; the operation just done is told and its block marked."""
    heap = heap_after(trace, upto)
    told: Drawing = ()
    touched = -1
    if upto:
        event = trace.events[min(upto, len(trace.events)) - 1]
        touched = event.start
        told = paragraph(frame.glyph("▸ ", "> ") + SIMULATOR.tell(trace, min(upto, len(trace.events)) - 1), frame)
    rows = [(start, size, what) for start, size, what in _blocks(heap)]
    mark = next((n for n, (start, size, _) in enumerate(rows) if start <= touched < start + size), None)
    return (_map(trace.scenario, heap, frame), *grid(("start", "size", "holds"), rows, frame, mark=mark), *told)


def _blocks(heap: Heap) -> list[tuple[int, int, str]]:
    free = [(start, size, "free") for start, size in heap.free.items()]
    live = [(start, block.size, f"{block.name}: {block.request}") for start, block in heap.live.items()]
    return sorted(free + live)


def _map(scenario: Scenario, heap: Heap, frame: Frame) -> Line:
    """One row: each column stands for a part of the heap and shows who holds the byte in its middle."""
    room = min(frame.width - 2, scenario.size)
    cells: list[Span] = [Span(frame.bar, "dim")]
    holders = sorted([(start, None) for start in heap.free] + [(start, block) for start, block in heap.live.items()])
    at = 0
    for column in range(room):
        byte = (2 * column + 1) * scenario.size // (2 * room)
        while at + 1 < len(holders) and holders[at + 1][0] <= byte:
            at += 1
        cells.append(_cell(holders[at], byte, scenario, frame))
    return line(*cells, Span(frame.bar, "dim"))


def _cell(holder: tuple[int, Live | None], byte: int, scenario: Scenario, frame: Frame) -> Span:
    start, block = holder
    if block is None:
        return Span(frame.glyph("░", "."), "dim")
    if byte - start < scenario.header:
        return Span(frame.glyph("▓", "#"), "wait")
    return Span(block.name[0], "run")
