"""How does a family of processes look? A tree of who forked whom, and what became of each."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sims.processes import SIMULATOR, Event, Scenario, Trace
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph, width_of

LINE = 24  # words of output that are shown one by one
_STYLE = {"zombie": "wrong", "lives": "run", "waits": "wait", "sleeps": "wait"}


def given(scenario: Scenario, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The program, and what is said about output, adoption and memory, without the hidden fields."""
    operations = list(scenario.program.operations())
    facts = {
        "buffering": f"buffering: {scenario.buffering}" if any(do.word for do in operations) else "",
        "subreaper": f"subreaper: {' '.join(scenario.subreaper)}" if scenario.subreaper else "",
        "pages": f"memory: {scenario.pages} pages" if scenario.pages else "",
    }
    told = ", ".join(text for name, text in facts.items() if text and name not in hidden)
    rows: Drawing = paragraph(told, frame) if told else ()
    if "program" in hidden:
        return rows
    for text in str(scenario.program).split("\n"):
        rows += paragraph(text.strip(), frame, indent="  " + " " * (len(text) - len(text.lstrip())))
    return rows


class _Seen(NamedTuple):
    """What is known of the processes after some events."""

    parent: dict[str, str]  # who forked it
    state: dict[str, str]
    adopter: dict[str, str]
    buffer: dict[str, tuple[str, ...]]
    copied: dict[str, int]  # pages
    output: list[str]


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """The tree and the output. `upto`: after how many events; None: the states at the quiet moment, all output."""
    seen = _after(trace.events if upto is None else trace.events[:upto], to_the_end=upto is not None)
    rows = _tree(seen, frame)
    if seen.output:
        rows += paragraph("output: " + _printed(seen.output), frame)
    if upto:
        told = SIMULATOR.tell(trace, min(upto, len(trace.events)) - 1)
        rows += paragraph(frame.glyph("▸ ", "> ") + told, frame, "mark")
    return rows


def _printed(words: list[str]) -> str:
    """The words in order; of many, equal ones in a row are counted."""
    if len(words) <= LINE:
        return " ".join(words)
    runs = [(word, len(list(same))) for word, same in groupby(words)]
    return ", ".join(f"{word} {times} times" if times > 1 else word for word, times in runs)


def _after(events: tuple[Event, ...], *, to_the_end: bool) -> _Seen:
    seen = _Seen({"P0": ""}, {"P0": "lives"}, {}, {}, {}, [])
    quiet = False
    for event in events:
        quiet = quiet or event.kind == "quiet"
        if event.kind == "write":
            seen.output.extend(event.text)
        if to_the_end or not quiet:
            _note(seen, event)
    if not to_the_end:
        seen.buffer.clear()  # what P0 still holds at the quiet moment stands in the output
    return seen


_STATES = {"wait": "waits", "pause": "sleeps", "exit": "zombie", "childless": "lives", "exec": "lives"}


def _note(seen: _Seen, event: Event) -> None:
    name, other = event.process, event.other
    if event.kind == "fork":
        seen.parent[other], seen.state[other] = name, "lives"
        seen.buffer[other] = seen.buffer.get(name, ())
    elif event.kind == "reap":
        seen.state[other] = "reaped"
        if name in seen.state and seen.state[name] == "waits":
            seen.state[name] = "lives"
    elif event.kind == "adopt":
        seen.adopter[other] = name
    elif event.kind == "print":
        seen.buffer[name] = seen.buffer.get(name, ()) + event.text
    elif event.kind == "touch":
        seen.copied[name] = seen.copied.get(name, 0) + event.pages
    elif event.kind in ("write", "exec"):
        seen.buffer[name] = ()
    if event.kind in _STATES:
        seen.state[name] = _STATES[event.kind]


def _tree(seen: _Seen, frame: Frame) -> Drawing:
    order = list(_depth_first(seen.parent))
    if max(3 * depth + len(name) for name, depth, _ in order) <= frame.width:
        for brief in (False, True):
            rows = tuple(_labelled(seen, name, stem, brief) for name, stem in _stems(order, frame))
            if width_of(rows) <= frame.width:
                return rows
    table = [(name, seen.parent[name], _words(seen, name)) for name, _, _ in order]
    return grid(("process", "forked by", "state"), table, frame)


def _depth_first(parent: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    """Name, depth, and whether it is its parent's last child; children follow their parent."""
    below: dict[str, list[str]] = {}
    for name, above in parent.items():
        below.setdefault(above, []).append(name)
    stack = [("P0", 0, True)]
    while stack:
        name, depth, last = stack.pop()
        yield name, depth, last
        children = below.get(name, [])[::-1]
        stack += [(child, depth + 1, index == 0) for index, child in enumerate(children)]


def _stems(order: list[tuple[str, int, bool]], frame: Frame) -> Iterator[tuple[str, str]]:
    trunks: list[str] = []  # by depth: what runs down beside the later rows
    for name, depth, last in order:
        fork = frame.glyph("└─ ", "`- ") if last else frame.glyph("├─ ", "|- ")
        yield name, "".join(trunks[1:depth]) + (fork if depth else "")
        trunks[depth:] = ["   " if last else frame.glyph("│  ", "|  ")]


def _labelled(seen: _Seen, name: str, stem: str, brief: bool) -> Line:
    state = Span("  " + (seen.state[name] if brief else _words(seen, name)), _STYLE.get(seen.state[name], "dim"))
    return line(Span(stem, "dim"), Span(name, "strong"), state)


def _words(seen: _Seen, name: str) -> str:
    words = [seen.state[name]]
    if seen.adopter.get(name) == "init" and words == ["reaped"]:
        words = ["reaped by init"]
    elif name in seen.adopter:
        words.append(f"adopted by {seen.adopter[name]}")
    if seen.copied.get(name):
        words.append(f"{seen.copied[name]} copied")
    if seen.buffer.get(name):
        words.append(f"buffer: {' '.join(seen.buffer[name])}")
    return ", ".join(words)
