"""How does a reference string go through the frames? One column a reference, folded where the frame is narrow.

    page        7  0  1  2  0
    frame 0     7  7  7 [2] 2
    frame 1        0  0  0  0
    frame 2           1  1  1
    fault       F  F  F  F  ·
    evicted              7

Under clock and second chance `*` marks a set reference bit and `▸` where the hand (the head of the queue) stands.
"""

from collections.abc import Sequence
from itertools import islice, repeat
from typing import NamedTuple

from sims.paging import Access, Scenario, Trace, tell
from sims.paging.run import hands, tables
from trainer.view.drawing import Drawing, Frame, Line, Span, line, paragraph

MOST = 400  # references that are drawn; of more the first ones, or those that lead to the one that is marked
CLOCKS = ("clock", "second-chance")
INTERRUPTED = ("nru", "aging")


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The policy, the frames, what the policy needs to know, and the reference string.

    Where the policy is hidden so is what only it needs: a reference bit would give clock away.
    """
    facts = {
        "policy": f"policy {scenario.policy}",
        "frames": _count(scenario.frames, "frame") + ", empty at the start",
        "load_bit": f"a load leaves the reference bit {scenario.load_bit}",
        "reset_every": f"clock interrupt after every {_count(scenario.reset_every, 'reference')}",
        "draws": "draws " + " ".join(map(str, scenario.draws)),
    }
    relevant = ("frames",) if "policy" in hidden else _relevant(scenario.policy)
    told = [facts[name] for name in relevant if name not in hidden]
    rows = paragraph(_sentence(told), frame) if told else ()
    if "references" in hidden:
        return rows
    string = " ".join(map(str, scenario.references[:MOST]))
    rows += paragraph(f"references: {string}", frame)
    return rows + _left_out(len(scenario.references) - MOST, frame)


def _left_out(count: int, frame: Frame) -> Drawing:
    return paragraph(f"… and {_count(count, 'more reference')}", frame, "dim") if count > 0 else ()


def _relevant(policy: str) -> tuple[str, ...]:
    """The fields that matter under the policy."""
    extra = {
        "random": ("draws",),
        **dict.fromkeys(CLOCKS, ("load_bit",)),
        **dict.fromkeys(INTERRUPTED, ("reset_every",)),
    }
    return ("policy", "frames", *extra.get(policy, ()))


def _sentence(facts: Sequence[str]) -> str:
    text = "; ".join(facts)
    return text[0].upper() + text[1:]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Column(NamedTuple):
    """What stands under one reference."""

    access: Access
    cells: tuple[str, ...]  # one a frame
    marked: bool


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The frame table. `upto`: how many references are shown; the last of them is marked and told."""
    shown = len(trace.events) if upto is None else min(upto, len(trace.events))
    first = 0 if upto is None else max(shown - MOST, 0)
    shown = min(shown, first + MOST)
    columns = _columns(trace, frame, range(first, shown), marked=-1 if upto is None else shown - 1)
    wide = 3 + max(len(str(access.page)) for access in trace.events)  # a blank before, a mark on either side
    labels = _labels(trace)
    room = _evenly(min(len(trace.events), MOST), (frame.width - max(map(len, labels))) // wide)
    rows: list[Line] = []
    for start in range(0, max(len(columns), 1), room):
        rows += [line("")] if start else []
        rows += _band(columns[start : start + room], labels, wide, frame)
    rows += _left_out(len(trace.events) - shown if upto is None else 0, frame)
    rows += _legend(trace, frame)
    if upto and shown:
        rows += paragraph(tell(trace, shown - 1), frame)
    return tuple(rows)


def _evenly(count: int, room: int) -> int:
    """Columns a band, so that the bands are about equally long."""
    bands = -(-count // max(room, 1))
    return -(-count // bands)


def _labels(trace: Trace) -> list[str]:
    """The heads of the rows; frames that are never reached are left out."""
    reached = 2 + max(access.frame for access in trace.events)
    frames = min(trace.scenario.frames, reached)
    return ["page", *(f"frame {number}" for number in range(frames)), "fault", "evicted"]


def _columns(trace: Trace, frame: Frame, shown: range, *, marked: int) -> list[Column]:
    clock = trace.scenario.policy in CLOCKS
    states = hands(trace) if clock else repeat((-1, ()))
    pointer = frame.glyph("▸", ">")
    columns = []
    after = islice(zip(tables(trace), states, strict=False), shown.start, shown.stop)
    for index, (held, (hand, bits)) in enumerate(after, shown.start):
        access = trace.events[index]
        cells = _clock_cells(held, hand, bits, pointer) if clock else _cells(held, access)
        columns.append(Column(access, cells, index == marked))
    return columns


def _cells(held: Sequence[int | None], access: Access) -> tuple[str, ...]:
    """The pages in the frames; the one just loaded in brackets."""
    loaded = -1 if access.hit else access.frame
    texts = ["" if page is None else str(page) for page in held]
    return tuple(f"[{text}]" if number == loaded else f"{text} " for number, text in enumerate(texts))


def _clock_cells(held: Sequence[int | None], hand: int, bits: Sequence[bool], pointer: str) -> tuple[str, ...]:
    """The pages in the frames, each with its bit; the pointer where the hand is."""
    texts = ["" if page is None else str(page) for page in held]
    return tuple(
        f"{pointer if number == hand else ''}{text}{'*' if bits[number] else ' '}" for number, text in enumerate(texts)
    )


def _page(access: Access) -> str:
    return f"{access.page}{'w' if access.write else ' '}"


def _band(columns: Sequence[Column], labels: list[str], wide: int, frame: Frame) -> list[Line]:
    """The rows of the table for these references."""
    left = max(map(len, labels))
    still = frame.glyph("· ", ". ")
    rows = [
        [_page(column.access) for column in columns],
        *([column.cells[number] for column in columns] for number in range(len(labels) - 3)),
        ["F " if not column.access.hit else still for column in columns],
        [_evicted(column.access) for column in columns],
    ]
    return [
        line(Span(label.ljust(left), "head" if label == "page" else "dim"), *_spans(label, row, columns, wide))
        for label, row in zip(labels, rows, strict=True)
    ]


def _spans(label: str, row: Sequence[str], columns: Sequence[Column], wide: int) -> list[Span]:
    return [Span(text.rjust(wide), _style(label, column)) for text, column in zip(row, columns, strict=True)]


def _style(label: str, column: Column) -> str:
    access = column.access
    if column.marked:
        return "mark"
    if label == "page":
        return "head"
    if label == "evicted" or access.hit:
        return ""
    return "strong" if label in ("fault", f"frame {access.frame}") else ""


def _evicted(access: Access) -> str:
    if access.victim is None:
        return ""
    return f"{access.victim}{'w' if access.dirty else ' '}"


def _legend(trace: Trace, frame: Frame) -> Drawing:
    """What the marks mean; only those that can occur."""
    parts = ["F fault"]
    if trace.scenario.policy in CLOCKS:
        parts.append("* reference bit set")
        parts.append("▸ hand" if trace.scenario.policy == "clock" else "▸ head of the queue")
    else:
        parts.append("[ ] just loaded")
    if any(access.write for access in trace.events):
        parts.append("w write (evicted: written back)")
    return paragraph(", ".join(parts), frame, "dim")
