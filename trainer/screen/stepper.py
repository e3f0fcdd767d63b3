"""How does one walk through a trace, full screen?

On the alternate screen, so that the scrollback is untouched; the only place that takes the whole screen. Drawn anew
for every key and every size.
"""

from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import Output

from trainer.screen.paper import WIDEST, Look, fragments
from trainer.screen.walk import Walk, page
from trainer.view.drawing import Frame

ESCAPE_SECONDS = 0.02  # an escape alone is a key after this time
KEYS = {
    "forward": ("right", "down", "space", "enter", "l", "j", "n"),
    "back": ("left", "up", "backspace", "h", "k", "b"),
    "first": ("home", "g", "0"),
    "last": ("end", "G", "$"),
    "parts": ("d",),
    "switch": ("m",),
}


class Stepper:
    """The viewer: a walk, and an application that shows it."""

    def __init__(self, walk: Walk, look: Look, *, input: Input, output: Output) -> None:  # noqa: A002 — as prompt-toolkit names it
        self.walk, self.look, self.output = walk, look, output
        self.app: Application[None] = Application(
            layout=Layout(Window(FormattedTextControl(self.text, show_cursor=False), wrap_lines=False)),
            key_bindings=self.bindings(),
            full_screen=True,
            input=input,
            output=output,
        )
        self.app.ttimeoutlen = ESCAPE_SECONDS
        self.app.timeoutlen = ESCAPE_SECONDS

    def text(self) -> StyleAndTextTuples:
        """The page for the size that the terminal has now."""
        size = self.output.get_size()
        frame = Frame(width=min(size.columns, WIDEST), ascii=self.look.ascii)
        rows: StyleAndTextTuples = [*fragments(page(self.walk, frame, size.rows), self.look)]
        return rows

    def bindings(self) -> KeyBindings:
        """Every key, by what it does."""
        bound = KeyBindings()
        for name, keys in KEYS.items():
            for key in keys:
                bound.add(key)(self.mover(name))
        for key in ("q", "escape", "v"):
            bound.add(key)(lambda event: event.app.exit())
        for key in ("c-c", "<sigint>"):
            bound.add(key)(lambda event: event.app.exit(exception=KeyboardInterrupt))
        bound.add("c-d")(lambda event: event.app.exit(exception=EOFError))
        bound.add("c-z")(lambda event: event.app.suspend_to_background())
        return bound

    def mover(self, name: str) -> Any:
        """A binding that moves the walk."""

        def move(_event: KeyPressEvent) -> None:
            self.walk = self.walk.moved(name)

        return move

    def run(self) -> None:
        """Show it until the learner leaves. Raises KeyboardInterrupt, EOFError."""
        self.app.run(set_exception_handler=False)
