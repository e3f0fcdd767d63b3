"""How does a session go without a terminal to command? Plain text out, one line in for each answer.

For pipes, for `TERM=dumb` and for `--plain`, where a screen reader follows what is printed. Nothing is redrawn, no
key is awaited: where a person sits there, keys are typed and followed by Enter.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from trainer.screen.front import Draw
from trainer.screen.keys import Key, key_line, typed
from trainer.screen.paper import Paper
from trainer.view.listed import sentences

if TYPE_CHECKING:
    from trainer.screen.walk import Walk

LONGEST = 65_536  # characters of a line that are kept; an answer is far shorter


class Lines:
    """A front that reads lines. `waits`: the lines come from a person."""

    rows = None

    def __init__(self, paper: Paper, source: TextIO, *, waits: bool) -> None:
        self.paper, self.source, self.waits = paper, source, waits

    def page(self, draw: Draw) -> None:
        self.paper.show_apart(draw(self.paper.frame))

    def say(self, draw: Draw) -> None:
        self.paper.show(draw(self.paper.frame))

    def first_key(self, keys: Sequence[Key]) -> str:
        return self.key(keys)

    def ask(self, words: Sequence[str], keys: Sequence[Key]) -> str:  # noqa: ARG002 — nothing completes here
        while True:
            text = typed(self.line("Your answer (? for keys): " if self.waits else ""))
            if text:
                return text

    def more(self) -> str:
        return typed(self.line("More (an empty line ends): ")) if self.waits else ""

    def key(self, keys: Sequence[Key]) -> str:
        return self.choose(keys) if self.waits else keys[0].name

    def choose(self, keys: Sequence[Key]) -> str:
        known = {key.name for key in keys}
        while True:
            self.say(lambda frame: key_line(keys, frame))
            text = typed(self.line("Key: " if self.waits else "")).casefold().removeprefix(":") or "enter"
            if text in known:
                return text

    def walk(self, walk: "Walk") -> None:
        self.say(lambda frame: sentences(walk.simulator, walk.trace, frame))

    def line(self, prompt: str) -> str:
        """The next line, at most LONGEST characters of it. Raises EOFError when there is none."""
        if prompt:
            self.paper.out.write(prompt)
            self.paper.out.flush()
        self.paper.is_apart = False
        text = self.source.readline(LONGEST)
        if not text:
            raise EOFError
        rest = text
        while rest and not rest.endswith("\n"):
            rest = self.source.readline(LONGEST)
        return text
