"""Does the real kernel find the cycle that the simulator finds?

Two processes lock one byte each of a file with POSIX record locks and then wait for the other's byte. Linux follows
the chain of waiters in fcntl(F_SETLKW) and refuses the request that would close a cycle with EDEADLK.
Source: fcntl(2), F_SETLKW and EDEADLK; Linux, fs/locks.c, posix_locks_deadlock.
"""

import errno
import fcntl
import json
import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from sims.deadlock import SIMULATOR, run

SECONDS = 10
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how fcntl finds a deadlock among record locks")


class Locker:
    """A child process that takes and waits for bytes of a file when told to; killed by an alarm of its own."""

    def __init__(self, path):
        order_in, self.order = os.pipe()
        self.answer, answer_out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                signal.alarm(SECONDS)
                os.close(self.order)
                os.close(self.answer)
                obey(path, order_in, answer_out)
            finally:
                os._exit(0)
        os.close(order_in)
        os.close(answer_out)

    def tell(self, verb, byte):
        """Gives the order, and waits until the child is about to carry it out."""
        os.write(self.order, json.dumps([verb, byte]).encode() + b"\n")
        assert self.heard() == "asking"

    def heard(self, seconds=SECONDS):
        """The next line of the child; None if it says nothing in that time (it waits in the kernel)."""
        said = b""
        while not said.endswith(b"\n"):
            if not select.select([self.answer], [], [], seconds)[0]:
                return None
            said += os.read(self.answer, 1)
        return said.decode().strip()

    def close(self):
        os.close(self.order)
        os.close(self.answer)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def obey(path, order_in, answer_out):
    """The child's loop: lock (waiting if need be) or unlock one byte, and say what came of it."""
    with path.open("r+b") as file, os.fdopen(order_in) as orders:
        for order in orders:
            verb, byte = json.loads(order)
            os.write(answer_out, b"asking\n")
            how = fcntl.LOCK_EX if verb == "lock" else fcntl.LOCK_UN
            try:
                fcntl.lockf(file, how, 1, byte)
                said = "done"
            except OSError as error:
                said = "EDEADLK" if error.errno == errno.EDEADLK else str(error)
            os.write(answer_out, said.encode() + b"\n")


def waits(locker):
    """Whether the child sleeps without having answered: in fcntl, for between asking and answering it has no other
    reason to sleep. Looked at until it does."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        state = Path(f"/proc/{locker.pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "S":
            return not select.select([locker.answer], [], [], 0)[0]
        time.sleep(0.005)
    return False


@pytest.fixture
def lockers(tmp_path):
    path = tmp_path / "locks"
    path.write_bytes(b"AB C")
    children = [Locker(path) for _ in range(3)]
    yield children
    for child in children:
        child.close()


def threads(*rows):
    named = [{"name": name, "holds": holds, "wants": wants} for name, holds, wants in rows]
    return SIMULATOR.scenario({"kind": "wait-for", "threads": named})


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the kernel: fcntl(F_SETLKW) gives EDEADLK")
def test_the_kernel_refuses_the_request_that_closes_the_cycle(lockers):
    first, second, _ = lockers
    for child, byte in ((first, 0), (second, 1)):
        child.tell("lock", byte)
        assert child.heard() == "done"
    first.tell("lock", 1)
    assert waits(first)
    before = threads(("T1", ["A"], "B"), ("T2", ["B"], None))
    assert SIMULATOR.measure("deadlocked").of(run(before)) == frozenset()
    second.tell("lock", 0)
    after = threads(("T1", ["A"], "B"), ("T2", ["B"], "A"))
    assert SIMULATOR.measure("cycle").of(run(after)) == ("T1", "T2")
    assert second.heard() == "EDEADLK"
    second.tell("unlock", 1)
    assert second.heard() == "done"
    assert first.heard() == "done"


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the kernel: fcntl(F_SETLKW) gives EDEADLK")
def test_the_kernel_finds_a_cycle_of_three(lockers):
    for byte, child in enumerate(lockers):
        child.tell("lock", byte)
        assert child.heard() == "done"
    lockers[0].tell("lock", 1)
    assert waits(lockers[0])
    lockers[1].tell("lock", 2)
    assert waits(lockers[1])
    chain = threads(("T1", ["A"], "B"), ("T2", ["B"], "C"), ("T3", ["C"], None))
    assert SIMULATOR.measure("deadlocked").of(run(chain)) == frozenset()
    lockers[2].tell("lock", 0)
    assert lockers[2].heard() == "EDEADLK"
    ring = threads(("T1", ["A"], "B"), ("T2", ["B"], "C"), ("T3", ["C"], "A"))
    assert SIMULATOR.measure("cycle").of(run(ring)) == ("T1", "T2", "T3")


@LINUX
@pytest.mark.kernel
@pytest.mark.opinion("the kernel: fcntl(F_SETLKW) waits where there is no cycle")
def test_the_kernel_lets_a_request_wait_that_closes_no_cycle(lockers):
    first, second, _ = lockers
    first.tell("lock", 0)
    assert first.heard() == "done"
    second.tell("lock", 0)
    assert waits(second)
    assert second.heard(0) is None
    first.tell("unlock", 0)
    assert first.heard() == "done"
    assert second.heard() == "done"
