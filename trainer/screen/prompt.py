"""How are answers and keys read on a real terminal? With prompt-toolkit, below what was printed.

Question, answer and verdict stay in the scrollback; only the line being typed and the line of keys below it are
redrawn. Importing this module imports prompt-toolkit, which takes longer than everything before the first question
together: trainer/screen/terminal.py does so when the question can be read.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Sequence

from prompt_toolkit.application import Application, in_terminal, run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.completion import display_completions_like_readline
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Dimension,
    FormattedTextControl,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import Output

from trainer.screen.front import Draw
from trainer.screen.keys import Key, asking_page, key_line, typed
from trainer.screen.paper import Paper, fragments
from trainer.screen.stepper import ESCAPE_SECONDS

MORE = (Key("enter", "on an empty line ends the answer", "alone ends"), Key(":q", "quit"))
LOOK_UP = "? "  # a word for completion that begins so is one to look up
SETTLE_SECONDS = 0.15  # a window that is being dragged is left alone until it keeps its size


class Names(Completer):
    """Completes a name of the answer, word by word; behind `?` a word to look up, which may be several."""

    def __init__(self, words: Sequence[str]) -> None:
        self.asked = [word for word in words if word.startswith(LOOK_UP)]
        self.names = WordCompleter([word for word in words if word not in self.asked], ignore_case=True, WORD=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        text = document.text_before_cursor
        if not text.startswith("?"):
            yield from self.names.get_completions(document, complete_event)
            return
        begun = LOOK_UP + text[1:].lstrip().casefold()
        for word in self.asked:
            if word.casefold().startswith(begun):
                yield Completion(word, -len(text), display=word.removeprefix(LOOK_UP))


class Prompt:
    """Reads lines and keys. `resized` and `back` print the page anew: for another width, and after Ctrl-Z and fg."""

    def __init__(
        self,
        paper: Paper,
        *,
        input: Input,  # noqa: A002 — as prompt-toolkit names it
        output: Output,
        resized: Callable[[], None],
        back: Callable[[], None],
    ) -> None:
        self.paper, self.input, self.output = paper, input, output
        self.print_resized, self.print_back = resized, back
        self.width = paper.frame.width
        self.settling = False

    def ask(self, words: Sequence[str], keys: Sequence[Key]) -> str:
        """One line, not empty. Raises EOFError on Ctrl-D, KeyboardInterrupt on Ctrl-C."""
        return self.line(words, keys, self.paper.frame.glyph("› ", "> "))

    def more(self) -> str:
        """A further line of the same answer; empty where it has ended."""
        return self.line((), MORE, self.paper.frame.glyph("… ", ". "), empty=True)

    def line(self, words: Sequence[str], keys: Sequence[Key], mark: str, *, empty: bool = False) -> str:
        """A line behind `mark`, with the keys below it, or all of them once it begins with `?`; `empty`: whether it
        may be."""
        buffer = Buffer(completer=Names(words), multiline=False, accept_handler=_accepted)
        is_help = Condition(lambda: buffer.text.startswith("?") and not empty)
        line = Window(
            BufferControl(buffer, input_processors=[BeforeInput(mark)]), wrap_lines=True, dont_extend_height=True
        )
        below = ConditionalContainer(self.keys(keys), ~is_done & ~is_help)
        page = ConditionalContainer(self.help(words), ~is_done & is_help)
        return typed(self.run(HSplit([line, below, page]), _line_bindings(self.bindings(), buffer, empty=empty)))

    def key(self, keys: Sequence[Key]) -> str:
        """The name of one of the keys, pressed alone."""
        bound = self.bindings()
        for key in keys:
            bound.add(key.name)(_leaves(key.name))
        return self.run(HSplit([self.keys(keys)]), bound, erase=True)

    def keys(self, keys: Sequence[Key]) -> Window:
        """The line that says which keys are valid now."""

        return Window(self.drawn(lambda frame: key_line(keys, frame)), height=Dimension.exact(1))

    def help(self, words: Sequence[str]) -> Window:
        """All that can be typed, and the words that can be looked up."""
        asked = [word.removeprefix(LOOK_UP) for word in words if word.startswith(LOOK_UP)]
        return Window(self.drawn(lambda frame: asking_page(asked, frame)), height=Dimension(min=1), wrap_lines=False)

    def drawn(self, draw: Draw) -> FormattedTextControl:
        """A drawing for the width that the window has now."""

        def text() -> StyleAndTextTuples:
            rows: StyleAndTextTuples = [*fragments(draw(self.paper.frame), self.paper.look)]
            return rows

        return FormattedTextControl(text)

    def run(self, container: HSplit, bound: KeyBindings, *, erase: bool = False) -> str:
        """Show the container until a binding gives a result."""
        self.width = self.paper.frame.width
        app: Application[str] = Application(
            layout=Layout(container),
            key_bindings=bound,
            erase_when_done=erase,
            input=self.input,
            output=self.output,
            after_render=self.rendered,
        )
        app.ttimeoutlen = ESCAPE_SECONDS
        return app.run(set_exception_handler=False)

    def bindings(self) -> KeyBindings:
        """What every prompt knows: interrupt, end, stop."""
        bound = KeyBindings()
        for key in ("c-c", "<sigint>"):
            bound.add(key)(lambda event: event.app.exit(exception=KeyboardInterrupt))
        bound.add("c-d")(lambda event: event.app.exit(exception=EOFError))
        bound.add("c-z")(lambda _event: run_in_terminal(self.stopped))
        return bound

    def stopped(self) -> None:
        """Stop the job, the whole of it (`make quiz`); once it goes on, print the page that was left."""
        os.kill(0, signal.SIGTSTP)
        self.print_back()

    def rendered(self, app: Application[str]) -> None:
        """After every redraw: has the window another width?"""
        if self.paper.frame.width != self.width and not self.settling and not app.is_done:
            self.settling = True
            app.create_background_task(self.resized())

    async def resized(self) -> None:
        """Print the page again, once the window keeps its size."""
        while self.width != self.paper.frame.width:
            self.width = self.paper.frame.width
            await asyncio.sleep(SETTLE_SECONDS)
        async with in_terminal():
            self.print_resized()
        self.settling = False


def _accepted(_buffer: Buffer) -> bool:
    return True  # keep the text: it stays in the scrollback


def _leaves(result: str) -> Callable[[KeyPressEvent], None]:
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(result=result)

    return leave


def _line_bindings(bound: KeyBindings, buffer: Buffer, *, empty: bool) -> KeyBindings:
    bound.add("tab")(display_completions_like_readline)

    @bound.add("enter")
    def _(event: KeyPressEvent) -> None:
        if empty or buffer.text.strip():
            event.app.exit(result=buffer.text)

    @bound.add("c-d")
    def _(event: KeyPressEvent) -> None:
        if buffer.text:
            buffer.delete()
        else:
            event.app.exit(exception=EOFError)

    return bound
