"""Who leaves the terminal as it was found, whatever happens?

A `Guard` keeps the terminal quiet while a session runs: no echo, keys at once, so that what is typed while a question
is painted does not litter it. It puts everything back at the end, before it is stopped (Ctrl-Z) and when a signal
ends the process; every answer is committed by then, so that dying at once loses nothing.
"""

import contextlib
import os
import select
import signal
import termios
from collections.abc import Callable
from types import FrameType
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_SANE = b"\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[0m"  # no bracketed paste, lines wrap, a visible cursor, no style
_MAIN_SCREEN, _ALTERNATE_SCREEN = b"\x1b[?1049l", b"\x1b[?1049h"
_ESCAPE_SECONDS = 0.02  # what follows an escape within this time belongs to it


class Guard:
    """A context in which the terminal is quiet, and after which it is as before."""

    def __init__(self, keyboard: int, screen: int) -> None:
        self.keyboard, self.screen = keyboard, screen
        self.alternate = False  # whether the alternate screen is on: the step viewer says so
        self.before: list[Any] = []
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> "Guard":
        self.before = termios.tcgetattr(self.keyboard)
        for number in ENDING:
            self.handle(number, self.end)
        self.handle(signal.SIGTSTP, self.stop)
        self.quiet()
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        self.restore()

    def handle(self, number: int, handler: Callable[[int, FrameType | None], None]) -> None:
        """Take a signal, unless whoever started us had it ignored (nohup)."""
        before = signal.getsignal(number)
        if before is not signal.SIG_IGN:
            self.handlers[number] = before
            signal.signal(number, handler)

    def quiet(self) -> None:
        """No echo, no waiting for Enter; Ctrl-C, Ctrl-Z still send their signals."""
        attributes = [*self.before[:6], list(self.before[6])]
        attributes[0] &= ~termios.ICRNL  # Enter is one key, also when typed before prompt-toolkit reads
        attributes[3] &= ~(termios.ECHO | termios.ICANON)
        attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self.keyboard, termios.TCSANOW, attributes)

    def restore(self) -> None:
        """The terminal as it was found. A terminal that is gone needs nothing."""
        with contextlib.suppress(OSError, termios.error):
            os.write(self.screen, (_MAIN_SCREEN if self.alternate else b"") + _SANE)
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self.keyboard, termios.TCSADRAIN, self.before)

    def end(self, number: int, _frame: FrameType | None) -> None:
        """Leave the terminal sane and die of the signal, as whoever sent it expects."""
        self.restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def stop(self, number: int, _frame: FrameType | None) -> None:
        """Stop with a sane terminal; go on as it was. Prompt-toolkit may be in its own mode at this moment."""
        current = termios.tcgetattr(self.keyboard)
        self.restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self.stop)
        if self.alternate:
            os.write(self.screen, _ALTERNATE_SCREEN)
        termios.tcsetattr(self.keyboard, termios.TCSANOW, current)

    def drop_typed(self) -> None:
        """Forget the keys that were typed before there was something to answer."""
        with contextlib.suppress(termios.error):
            termios.tcflush(self.keyboard, termios.TCIFLUSH)

    def read_key(self) -> str:
        """One key: a character, `enter`, or empty for one that means nothing here. Raises EOFError on Ctrl-D."""
        first = os.read(self.keyboard, 1)
        if first in (b"", b"\x04"):
            raise EOFError
        if first == b"\x1b":
            self.skip_sequence()
            return ""
        if first in (b"\r", b"\n"):
            return "enter"
        return first.decode("ascii", "replace") if first < b"\x7f" else ""

    def skip_sequence(self) -> None:
        """Read what belongs to an escape: `[A` of an arrow, the letter of an Alt key, nothing after Escape alone."""
        kind = self.soon()
        if kind in (b"[", b"O"):
            while (one := self.soon()) and not b"@" <= one <= b"~":
                pass

    def soon(self) -> bytes:
        """The next byte, if it is there at once."""
        return os.read(self.keyboard, 1) if select.select([self.keyboard], [], [], _ESCAPE_SECONDS)[0] else b""
