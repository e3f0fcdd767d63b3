"""What does a session need of whoever sits before it? Pages, answers and keys; on a terminal or line by line."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from trainer.screen.keys import Key
from trainer.view.drawing import Drawing, Frame

if TYPE_CHECKING:
    from trainer.screen.walk import Walk

Draw = Callable[[Frame], Drawing]  # drawn again when the window changes its width


class Front(Protocol):
    """Where drawings go and answers come from. A reader raises EOFError at the end, KeyboardInterrupt on Ctrl-C."""

    @property
    def waits(self) -> bool:
        """Whether there is someone to wait for: a person presses a key to go on, a pipe does not."""
        ...

    @property
    def rows(self) -> int | None:
        """Lines that can be seen at once; None where that does not matter."""
        ...

    def page(self, draw: Draw) -> None:
        """Begin a page: a question, a verdict. Keys typed before it can be seen are dropped."""
        ...

    def say(self, draw: Draw) -> None:
        """Go on with the page: a hint, a message."""
        ...

    def first_key(self, keys: Sequence[Key]) -> str:
        """One of the keys, before the first question: nothing large may be loaded for it."""
        ...

    def ask(self, words: Sequence[str], keys: Sequence[Key]) -> str:
        """A line as typed, not empty. `words`: what completion offers."""
        ...

    def more(self) -> str:
        """A further line of the answer; empty where it has ended, always from a pipe."""
        ...

    def key(self, keys: Sequence[Key]) -> str:
        """The name of one of the keys. A pipe is not asked: the first."""
        ...

    def choose(self, keys: Sequence[Key]) -> str:
        """The name of one of the keys, from a pipe as well: a part of the answer, one a line."""
        ...

    def walk(self, walk: "Walk") -> None:
        """Let the learner walk through a trace."""
        ...
