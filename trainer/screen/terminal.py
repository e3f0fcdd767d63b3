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
from trainer.view.drawing import text_of

if TYPE_CHECKING:
    from trainer.screen.prompt import Prompt
    from trainer.screen.walk import Walk


def size_of(out: TextIO) -> tuple[int, int]:
    """Columns and rows of the terminal behind a stream; of no terminal what COLUMNS says, else 80 by 24."""
    try:
        size = os.get_terminal_size(out.fileno())
    except (OSError, ValueError):
        import shutil  # noqa: PLC0415 — only without a terminal

        size = shutil.get_terminal_size()
    return size.columns or 80, size.lines or 24


class Terminal:
    """A front on a terminal at both ends."""

    waits = True

    def __init__(self, paper: Paper, guard: Guard, source: TextIO) -> None:
        self.paper, self.guard, self.source = paper, guard, source
        self.draws: list[Draw] = []  # what the page holds, to draw it again for another width
        self.width = 0
        self.made: Prompt | None = None

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

    def resized(self) -> None:
        """The page for the width that the window has now; nothing where it looks the same."""
        frame, before = self.paper.frame, self.width
        old = type(frame)(before, frame.ascii, frame.plain)
        if any(text_of(draw(frame)) != text_of(draw(old)) for draw in self.draws):
            self.back()

    def back(self) -> None:
        """The page once more."""
        self.width = self.paper.frame.width
        self.paper.is_apart = False
        self.paper.show_apart(tuple(row for draw in self.draws for row in draw(self.paper.frame)))

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

    def more(self) -> str:
        return self.prompt.more()

    def key(self, keys: Sequence[Key]) -> str:
        return self.prompt.key(keys)

    choose = key

    def walk(self, walk: "Walk") -> None:
        from trainer.screen.stepper import Stepper  # noqa: PLC0415 — prompt-toolkit, not before the first question

        self.guard.alternate = True
        try:
            Stepper(walk, self.paper.look, input=self.prompt.input, output=self.prompt.output).run()
        finally:
            self.guard.alternate = False

    @property
    def prompt(self) -> "Prompt":
        """Our prompt on prompt-toolkit's two ends of this terminal, made when first needed."""
        if self.made is None:
            from prompt_toolkit.data_structures import Size  # noqa: PLC0415 — not before the first question
            from prompt_toolkit.input import create_input  # noqa: PLC0415 — as above
            from prompt_toolkit.output.vt100 import Vt100_Output  # noqa: PLC0415 — as above

            from trainer.screen.prompt import Prompt  # noqa: PLC0415 — as above

            source = create_input(self.source)
            # Without cursor position requests: their late answers would be read as keys.
            output = Vt100_Output(self.paper.out, lambda: Size(*reversed(size_of(self.paper.out))), enable_cpr=False)
            self.made = Prompt(self.paper, input=source, output=output, resized=self.resized, back=self.back)
        return self.made
