"""A process that makes real system calls when told to: `python -I -S descriptor_process.py LIMIT CONTROL`.

Each line on the control socket is one call, each line back its result. The control sockets stand at numbers above
the limit, so that they take no number from the calls. Calls go through libc: Python's own wrappers set close-on-exec.
"""

import ctypes
import errno
import os
import resource
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.lseek.restype = ctypes.c_long
LIBC.lseek.argtypes = (ctypes.c_int, ctypes.c_long, ctypes.c_int)
LIBC.read.restype = LIBC.write.restype = ctypes.c_ssize_t
NAMES = {errno.EAGAIN: "would-block"}


def result(value: int) -> str:
    if value >= 0:
        return str(value)
    number = ctypes.get_errno()
    return NAMES.get(number, errno.errorcode[number])


def pipe(cloexec: bool) -> str:
    ends = (ctypes.c_int * 2)()
    flags = os.O_NONBLOCK | (os.O_CLOEXEC if cloexec else 0)
    failed = result(LIBC.pipe2(ends, flags))
    return f"{ends[0]} {ends[1]}" if failed == "0" else f"{failed} {failed}"


def call(op: str, words: list[str]) -> str:
    cloexec = words[-1:] == ["cloexec"]
    numbers = [int(word) for word in words if word.isdigit()]
    if op == "open":
        flags = os.O_RDWR | os.O_CREAT | (os.O_CLOEXEC if cloexec else 0)
        return result(LIBC.open(words[0].encode(), flags, 0o600))
    if op == "pipe":
        return pipe(cloexec)
    if op == "unlink":
        return result(LIBC.unlink(words[0].encode()))
    if op == "read":
        return result(LIBC.read(numbers[0], ctypes.create_string_buffer(numbers[1]), numbers[1]))
    if op == "write":
        return result(LIBC.write(numbers[0], b"x" * numbers[1], numbers[1]))
    if op == "lseek":
        return result(LIBC.lseek(numbers[0], numbers[1], os.SEEK_SET))
    if op == "cloexec":
        return result(LIBC.fcntl(numbers[0], 2, 1))
    return result(getattr(LIBC, op)(*numbers))


def serve(limit: int, control: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    while line := os.read(control, 200).decode():
        op, *words = line.split()
        if op == "fork":
            if os.fork() == 0:
                control = int(words[0])
                os.write(control, f"{os.getpid()}\n".encode())
            continue
        if op == "exec":
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            os.execv(sys.executable, [sys.executable, "-I", "-S", __file__, str(limit), str(control)])
        if op == "exit":
            os._exit(0)
        os.write(control, call(op, words).encode() + b"\n")


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.write(int(sys.argv[2]), f"{os.getpid()}\n".encode())
    serve(int(sys.argv[1]), int(sys.argv[2]))
