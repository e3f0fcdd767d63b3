"""Which view draws which simulator's traces? One line each; imported when first drawn."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from sims.listed import simulator
from trainer.view.drawing import Drawing, Frame, paragraph

MODULES = {
    "switching": "trainer.view.switching",
    "collector": "trainer.view.collector",
    "allocator": "trainer.view.allocator",
    "scheduler": "trainer.view.scheduler",
    "descriptors": "trainer.view.descriptors",
    "deadlock": "trainer.view.deadlock",
    "disk": "trainer.view.disk",
    "syscalls": "trainer.view.syscalls",
    "readiness": "trainer.view.readiness",
    "processes": "trainer.view.processes",
    "io": "trainer.view.server",
    "paging": "trainer.view.paging",
    "threads": "trainer.view.threads",
    "thrashing": "trainer.view.thrashing",
    "translation": "trainer.view.translation",
}


MOST = 1_000  # sentences of a whole trace; the rest is counted
FEW = 40  # sentences of an example, or of a run under a verdict


class View(NamedTuple):
    """What a view module offers."""

    given: Callable[[Any, Frame, frozenset[str]], Drawing]  # (scenario, frame, hidden fields): the question's data
    draw: Callable[[Any, Frame, int | None], Drawing]  # (trace, frame, events shown or None for all)


def view(name: str) -> View:
    """The view of that simulator. Raises KeyError."""
    module = import_module(MODULES[name])
    return View(module.given, module.draw)


def sentences(name: str, trace: Any, frame: Frame, upto: int | None = None, *, most: int = MOST) -> Drawing:
    """The trace in plain sentences, one an event: for `--plain` and for screen readers."""
    tell = simulator(name).tell
    count = min(len(trace.events), most) if upto is None else min(upto, len(trace.events))
    told = tuple(row for index in range(count) for row in paragraph(tell(trace, index), frame))
    rest = len(trace.events) - count if upto is None else 0
    return told + (paragraph(f"And {rest} more events.", frame) if rest else ())


def drawn(name: str, trace: Any, frame: Frame, upto: int | None = None, *, most: int = MOST) -> Drawing:
    """The trace as the frame can show it: a picture, or at `most` so many sentences where it is plain."""
    return sentences(name, trace, frame, upto, most=most) if frame.plain else view(name).draw(trace, frame, upto)
