"""What do the real epoll and the real reads return? `python -I -S epoll_process.py`, events on standard input.

The input is a JSON list of [mode, [[what happens, bytes or null], …]]; the output one list of results for each.
The process has 10 seconds of processor time and 64 descriptors; its socket never blocks.
"""

import json
import resource
import select
import socket
import sys

MODES = {"level": 0, "edge": select.EPOLLET, "oneshot": select.EPOLLONESHOT}


def watched(mode: str, events: list[tuple[str, int | None]]) -> list[int | str | None]:
    flags = select.EPOLLIN | MODES[mode]
    ours, theirs = socket.socketpair()
    with ours, theirs, select.epoll() as epoll:
        ours.setblocking(False)
        epoll.register(ours, flags)
        return [happened(op, count, ours, theirs, epoll, flags) for op, count in events]


def happened(
    op: str, count: int | None, ours: socket.socket, theirs: socket.socket, epoll: select.epoll, flags: int
) -> int | str | None:
    if op == "arrive":
        theirs.sendall(b"x" * (count or 0))
        return None
    if op == "wait":
        return len(epoll.poll(0))
    if op == "rearm":
        epoll.modify(ours, flags)
        return None
    try:
        return len(ours.recv(count or 1_000_000))
    except BlockingIOError:
        return "would-block"


resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
print(json.dumps([watched(mode, events) for mode, events in json.load(sys.stdin)]))
