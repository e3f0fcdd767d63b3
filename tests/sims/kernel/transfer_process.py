"""Makes real transfers and counts them: `python -I transfer_process.py FILE`, one JSON case a line on stdin.

syscr and syscw of /proc/self/io, sampled with one read each: the difference less the read of the first sample.
"""

import io
import json
import mmap
import os
import resource
import sys


def sample(fd: int) -> dict[str, int]:
    lines = os.pread(fd, 4096, 0).decode().splitlines()
    return {name: int(value) for name, value in (line.split(": ") for line in lines)}


def transfer(case: dict[str, int | str], fd: int, out: int) -> None:
    chunk, size, buffer = int(case["chunk"]), int(case["bytes"]), int(case["buffer"])
    call = case["call"]
    if call == "read" and buffer:
        stream = io.BufferedReader(io.FileIO(fd, closefd=False), buffer_size=buffer)
        while len(stream.read(chunk)) == chunk:
            pass
        stream.detach()
    elif call == "read":
        while os.read(fd, chunk):
            pass
    elif call == "readv":
        parts = [bytearray((chunk + 1) // 2), bytearray(chunk // 2)]
        while os.readv(fd, parts):
            pass
    elif call == "sendfile":
        while os.sendfile(out, fd, None, chunk):
            pass
    else:
        content = b"x" * chunk
        for start in range(0, size, chunk):
            os.write(out, content[: size - start])


def touched(fd: int, size: int) -> int:
    """Faults of writing one byte to each page of a private mapping; written pages are mapped one by one."""
    with mmap.mmap(fd, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as area:
        pages = range(0, size, mmap.PAGESIZE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for start in pages:
            area[start] = 1
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def counted(case: dict[str, int | str], path: str, counter: int) -> int:
    size = int(case["bytes"])
    with open(path, "wb+") as file:  # noqa: PTH123 — the plain file, as the calls see it
        fd = file.fileno()
        if case["call"] == "mmap":
            os.write(fd, b"x" * size)
            return min(touched(fd, size) for _ in range(3))
        if case["call"] != "write":
            os.truncate(fd, size)
        out = os.open("/dev/null", os.O_WRONLY)
        before = sample(counter)
        transfer(case, fd, fd if case["call"] == "write" else out)
        after = sample(counter)
        os.close(out)
    written = case["call"] == "write"
    return after["syscw"] - before["syscw"] if written else after["syscr"] - before["syscr"] - 1


def main() -> None:
    counter = os.open("/proc/self/io", os.O_RDONLY)
    for line in sys.stdin:
        print(counted(json.loads(line), sys.argv[1], counter))


if __name__ == "__main__":
    main()
