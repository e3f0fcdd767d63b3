"""How does a command print? JSON on one line, or lines for people; nothing that could steer a terminal."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from trainer.screen.clean import clean
from trainer.view.drawing import Drawing, Frame, grid, text_of


def emit(value: Any) -> None:
    """One JSON value on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str = "") -> None:
    """A line for people."""
    sys.stdout.write(clean(text) + "\n")


def show(drawing: Drawing) -> None:
    """A drawing as plain text."""
    say(text_of(drawing))


def table(head: Sequence[str], rows: Iterable[Sequence[object]], frame: Frame) -> None:
    """Rows under heads, as wide as they are when piped."""
    show(grid(head, rows, frame))
