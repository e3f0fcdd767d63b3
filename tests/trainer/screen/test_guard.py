"""Claims about leaving a terminal as it was found: in a pseudo-terminal of our own, in a process of its own."""

import contextlib
import os
import pty
import select
import signal
import termios
import time

import pytest

from trainer.screen.guard import Guard

WAIT = 10.0  # seconds after which a test gives up; nothing sleeps
LOCAL, INPUT = 3, 0


class Child:
    """A process that holds a Guard on a pseudo-terminal and does what `body` says."""

    def __init__(self, body):
        self.parent, self.tty = pty.openpty()
        self.before = termios.tcgetattr(self.tty)
        self.pid = os.fork()
        if self.pid == 0:
            self.live(body)
        self.said = b""

    def live(self, body):
        """The child's whole life. It never returns into pytest."""
        status = 1
        with contextlib.suppress(BaseException):
            os.setsid()
            os.dup2(self.tty, 0)
            os.dup2(self.tty, 1)
            with Guard(0, 1) as guard:
                body(guard)
            status = 0
        os._exit(status)

    def until(self, wanted):
        end = time.monotonic() + WAIT
        while wanted not in self.said:
            ready = select.select([self.parent], [], [], max(end - time.monotonic(), 0))[0]
            assert ready, f"never saw {wanted!r}, only {self.said!r}"
            self.said += os.read(self.parent, 1000)

    def end(self):
        """How it ended; waits for it."""
        status = os.waitpid(self.pid, 0)[1]
        self.pid = 0
        return status

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.end()
        os.close(self.parent)
        os.close(self.tty)


@pytest.fixture
def child():
    """body -> a Child that does it, and is gone when the test is over."""
    made = []

    def make(body):
        made.append(Child(body))
        return made[-1]

    yield make
    for one in made:
        one.close()


def waiting(_guard):
    os.write(1, b"ready")
    while True:
        signal.pause()


def is_quiet(attributes):
    return not attributes[LOCAL] & (termios.ECHO | termios.ICANON)


@pytest.mark.pty
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_that_ends_the_process_leaves_the_terminal_as_it_was(child, number):
    session = child(waiting)
    session.until(b"ready")
    assert is_quiet(termios.tcgetattr(session.tty))
    os.kill(session.pid, number)
    session.until(b"\x1b[?25h")
    assert os.WTERMSIG(session.end()) == number
    assert termios.tcgetattr(session.tty) == session.before


@pytest.mark.pty
def test_an_exception_leaves_the_terminal_as_it_was(child):
    def fail(_guard):
        os.write(1, b"ready")
        raise KeyboardInterrupt

    session = child(fail)
    session.until(b"ready")
    session.end()
    assert termios.tcgetattr(session.tty) == session.before


@pytest.mark.pty
def test_the_alternate_screen_is_left_when_a_signal_ends_the_viewer(child):
    def viewing(guard):
        guard.alternate = True
        waiting(guard)

    session = child(viewing)
    session.until(b"ready")
    os.kill(session.pid, signal.SIGTERM)
    session.until(b"\x1b[?1049l")
    session.end()


@pytest.mark.pty
def test_keys_typed_before_are_dropped_and_keys_typed_after_are_kept(child):
    def read(guard):
        os.write(1, b"ready")
        select.select([0], [], [])
        guard.drop_typed()
        os.write(1, b"painted")
        os.write(1, f"<{guard.read_key()}{guard.read_key()}{guard.read_key()}>".encode())

    session = child(read)
    session.until(b"ready")
    os.write(session.parent, b"abc")
    session.until(b"painted")
    os.write(session.parent, b"x\x1b[A\r")
    session.until(b"<xenter>")
    assert b"abc" not in session.said
    session.end()


@pytest.mark.pty
def test_ctrl_d_is_the_end(child):
    def read(guard):
        os.write(1, b"ready")
        try:
            guard.read_key()
        except EOFError:
            os.write(1, b"over")

    session = child(read)
    session.until(b"ready")
    os.write(session.parent, b"\x04")
    session.until(b"over")
    session.end()


@pytest.mark.pty
def test_a_stopped_session_leaves_a_sane_terminal_and_goes_on_quietly(child):
    session = child(waiting)
    session.until(b"ready")
    os.kill(session.pid, signal.SIGTSTP)
    session.until(b"\x1b[?25h")
    # The child leads an orphaned group, where the kernel lets SIGTSTP pass: it goes on at once, quiet again.
    end = time.monotonic() + WAIT
    while not is_quiet(termios.tcgetattr(session.tty)):
        assert time.monotonic() < end
    os.kill(session.pid, signal.SIGTERM)
    session.end()
    assert termios.tcgetattr(session.tty) == session.before


@pytest.mark.rule
def test_an_ignored_signal_stays_ignored():
    parent, tty = pty.openpty()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Guard(tty, tty):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
        os.close(parent)
        os.close(tty)
