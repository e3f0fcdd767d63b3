"""What does a system-call scenario say? So many bytes, moved by one kind of call, a chunk at a time.

    {"call": "read", "bytes": 10000, "chunk": 4096}  ->  two full calls, a short one, one at the end of the file

A program asks for `chunk` bytes; a library with a `buffer` asks the kernel for at least that much at a time.
"""

from sims.fields import misrule, one, record, whole, word

CALLS = ("read", "write", "readv", "sendfile", "mmap", "io-uring-batch")
BUFFERED = ("read", "write")  # calls that a library's buffer makes larger
TO_THE_END = ("read", "readv", "sendfile")  # calls repeated until one returns 0
PAGE = 4096  # bytes


@record
class Costs:
    """What things cost, in nanoseconds."""

    syscall: int = whole(0, 1_000_000, default=100, unit="ns", help="one system call, in and out")
    copy_per_kib: int = whole(0, 1_000_000, default=50, unit="ns", help="copying 1024 bytes")
    fault: int = whole(0, 1_000_000, default=500, unit="ns", help="one page fault that needs no disk")


@record
class Scenario:
    """A transfer. The data are in the page cache: no call has to wait."""

    call: str = word(*CALLS, help="how the bytes are moved")
    bytes: int = whole(1, 2**40, unit="bytes", help="size of the file")
    chunk: int = whole(1, 2**30, default=PAGE, unit="bytes", help="bytes that the program asks for at a time")
    buffer: int = whole(
        0, 2**30, default=0, unit="bytes", help="the library's buffer (read, write); a call moves the larger of both"
    )
    batch: int = whole(1, 32_768, default=1, help="reads handed over by one call of io-uring-batch")
    costs: Costs = one(Costs, default=Costs(), help="what a call, a copied KiB and a fault cost")
    misrule: str = misrule("no-end", "rounded-down", "whole-buffers", "no-faults", "sendfile-copies", "fault-around")

    @property
    def unit(self) -> int:
        """Bytes that one call is asked to move."""
        return max(self.chunk, self.buffer) if self.call in BUFFERED else self.chunk
