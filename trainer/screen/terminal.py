"""How does a session use a real terminal? Prints at once, and loads prompt-toolkit when the question can be read.

Between two prompts the `Guard` keeps the keyboard quiet, so that keys typed while prompt-toolkit loads are kept and
not echoed.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from trainer.screen.front import Draw
from trainer.screen.guard import Guard
from trainer.screen.keys import Key, key_line
from trainer.screen.paper import Paper
from trainer.screen.walk import Walk
from trainer.view.drawing import text_of

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from trainer.screen.prompt import Prompt


def size_of(out: TextIO) -> tuple[int, int]:
    """Columns and rows of the terminal behind a stream; 80 by 24 where it does not say."""
    try:
        size = os.get_terminal_size(out.fileno())
    except (OSError, ValueError):
        return 80, 24
    return size.columns or 80, size.lines or 24


class Terminal:
    """A front on a terminal at both ends."""

    waits = True

    def __init__(self, paper: Paper, guard: Guard, source: TextIO) -> None:
        self.paper, self.guard, self.source = paper, guard, source
        self.draws: list[Draw] = []  # what the page holds, to draw it again for another width
        self.width = 0
        self.made: tuple[Input, Output, Prompt] | None = None

    @property
    def rows(self) -> int:
        return size_of(self.paper.out)[1]

    def page(self, draw: Draw) -> None:
        self.draws = [draw]
        self.width = self.paper.frame.width
        self.paper.show_apart(draw(self.paper.frame))
        self.guard.drop_typed()

    def say(self, draw: Draw) -> None:
        self.draws.append(draw)
        self.width = self.paper.frame.width
        self.paper.show(draw(self.paper.frame))

    def again(self) -> None:
        """The page for the width that the window has now; nothing where it looks the same."""
        frame, before = self.paper.frame, self.width
        self.width = frame.width
        old = type(frame)(before, frame.ascii, frame.plain)
        if any(text_of(draw(frame)) != text_of(draw(old)) for draw in self.draws):
            self.paper.show(((),))
            for draw in self.draws:
                self.paper.show(draw(frame))

    def first_key(self, keys: Sequence[Key]) -> str:
        self.paper.show(key_line(keys, self.paper.frame))
        known = {key.name for key in keys}
        while True:
            key = self.guard.read_key()
            if key in known:
                return key

    def ask(self, words: Sequence[str], keys: Sequence[Key]) -> str:
        self.paper.is_apart = False
        return self.prompt.ask(words, keys)

    def key(self, keys: Sequence[Key]) -> str:
        return self.prompt.key(keys)

    def walk(self, walk: Walk) -> None:
        from trainer.screen.stepper import Stepper  # noqa: PLC0415 — prompt-toolkit, not before the first question

        self.guard.alternate = True
        try:
            source, output, _ = self.toolkit
            Stepper(walk, self.paper.look, input=source, output=output).run()
        finally:
            self.guard.alternate = False

    @property
    def prompt(self) -> "Prompt":
        return self.toolkit[2]

    @property
    def toolkit(self) -> "tuple[Input, Output, Prompt]":
        """Prompt-toolkit's ends of this terminal and our prompt on them, made when first needed."""
        if self.made is None:
            from prompt_toolkit.data_structures import Size  # noqa: PLC0415 — as below
            from prompt_toolkit.input import create_input  # noqa: PLC0415 — not before the first question
            from prompt_toolkit.output.vt100 import Vt100_Output  # noqa: PLC0415 — as above

            from trainer.screen.prompt import Prompt  # noqa: PLC0415 — as above

            source = create_input(self.source)
            # Without cursor position requests: their late answers would be read as keys.
            output = Vt100_Output(self.paper.out, lambda: Size(*reversed(size_of(self.paper.out))), enable_cpr=False)
            self.made = source, output, Prompt(self.paper, self.again, input=source, output=output)
        return self.made
