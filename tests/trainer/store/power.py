"""What is on the disk after the power failed? Everything that was synced; of the rest, any part.

SQLite writes through its file system functions (`sqlite3_vfs`). While `recorded()` is on, those of the library that
Python itself uses are wrapped: every write, truncation, sync and deletion is noted and then done.

    with recorded() as log:
        …                                # answers; log.say("…") for each one that was acknowledged
    with recorded(room=7) as log:
        …                                # the disk takes seven writes and is full from then on
    states(log, folder, moment, dice)    # files as they may be found when the power failed at that moment

The model: a sync of a file keeps all that was written to it before; what was written since may be there whole, in part
(by sectors of 512 bytes) or not at all, in any combination. A deletion is sure with the next sync of any file. The
shared-memory file is left out: SQLite makes it again.
"""

import ctypes
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SECTOR = 512
FULL = 13  # SQLITE_FULL
WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
OPEN = ctypes.CFUNCTYPE(  # the name as it is: SQLite keeps the pointer while the file is open, a copy would be gone
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
DELETE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)


class FileSystem(ctypes.Structure):
    """The beginning of `sqlite3_vfs`. Source: sqlite.org, C interface, OS Interface Object."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
    ]


class Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3. Source: sqlite.org, C interface, OS Interface File Virtual Methods Object."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p),
        ("sync", ctypes.c_void_p),
        ("rest", ctypes.c_void_p * 13),  # file size to unfetch, as they are
    ]


class Step(NamedTuple):
    """One thing that happened to a file."""

    kind: str  # write | truncate | sync | delete | said
    path: str = ""
    at: int = 0  # offset written at, or the size truncated to
    content: bytes = b""


@dataclass
class Log:
    """Everything in its order."""

    steps: list[Step] = field(default_factory=list)
    room: int = 1 << 60  # writes that the disk takes

    def say(self, word: str) -> None:
        """An acknowledgement, on its way to the learner."""
        self.steps.append(Step("said", word))

    def said(self, moment: int) -> list[str]:
        """What was acknowledged before the power failed."""
        return [step.path for step in self.steps[:moment] if step.kind == "said"]


def library() -> Any:
    """The SQLite that Python uses, or None where its functions cannot be reached."""
    import _sqlite3

    try:
        found = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        found.sqlite3_vfs_find.restype = ctypes.POINTER(FileSystem)
        found.sqlite3_libversion.restype = ctypes.c_char_p
    except (AttributeError, OSError):
        return None
    return found if found.sqlite3_libversion().decode() == sqlite3.sqlite_version else None


@contextmanager
def recorded(room: int = 1 << 60) -> Iterator[Log]:
    """Note what SQLite does to its files; after `room` writes each further one fails as on a full disk."""
    log, system = Log(room=room), library().sqlite3_vfs_find(None).contents
    opening, deleting = OPEN(system.open), DELETE(system.delete)
    kept: dict[int, Methods] = {}  # the wrapped methods, by the address of the ones they stand for
    names: dict[int, str] = {}  # open files, by the address of their handle

    def open_(vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:
        code = opening(vfs, name, file, flags, out)
        methods = ctypes.c_void_p.from_address(file)
        if not code and name and methods.value:
            names[file] = ctypes.string_at(name).decode()
            if methods.value not in kept:
                kept[methods.value] = _wrapped(methods.value, names, log)
            methods.value = ctypes.addressof(kept[methods.value])
        return int(code)

    def delete(vfs: int, name: bytes, directory: int) -> int:
        log.steps.append(Step("delete", name.decode()))
        return int(deleting(vfs, name, directory))

    ours, before = (OPEN(open_), DELETE(delete)), (system.open, system.delete)
    system.open, system.delete = (ctypes.cast(one, ctypes.c_void_p).value for one in ours)
    try:
        yield log
    finally:
        system.open, system.delete = before


_alive: list[Any] = []  # functions that C still points to


def _wrapped(address: int, names: dict[int, str], log: Log) -> Methods:
    """A copy of these methods that notes and then does."""
    copy = Methods.from_buffer_copy(Methods.from_address(address))
    write, truncate, sync = WRITE(copy.write), TRUNCATE(copy.truncate), SYNC(copy.sync)

    def noted(do: Callable[..., int], step: Callable[..., Step]) -> Callable[..., int]:
        def doing(file: int, *given: int) -> int:
            made = step(names[file], *given)
            if made.kind == "write":
                log.room -= 1
                if log.room < 0:
                    return FULL
            log.steps.append(made)
            return do(file, *given)

        return doing

    made = (
        WRITE(noted(write, lambda name, data, size, at: Step("write", name, at, ctypes.string_at(data, size)))),
        TRUNCATE(noted(truncate, lambda name, size: Step("truncate", name, size))),
        SYNC(noted(sync, lambda name, flags: Step("sync", name))),
    )
    _alive.append((made, copy))
    copy.write, copy.truncate, copy.sync = (ctypes.cast(one, ctypes.c_void_p).value for one in made)
    return copy


# ── what is found afterwards ────────────────────────────────────────────────────────────────────────────────────


def left(log: Log, moment: int, luck: Callable[[], bool]) -> dict[str, bytes]:
    """Path -> content, when the power failed after so many steps. `luck()` says whether an unsynced piece is there."""
    sure: dict[str, bytearray | None] = {}
    loose: dict[str, list[Step]] = {}
    for step in log.steps[:moment]:
        if step.kind == "sync":
            for path, steps in loose.items():
                gone = max((n for n, one in enumerate(steps) if one.kind == "delete"), default=-1)
                surely = len(steps) if path == step.path else gone + 1
                _do(sure, path, steps[:surely], lambda: True)
                del steps[:surely]
        elif step.kind != "said":
            loose.setdefault(step.path, []).append(step)
    for path, steps in loose.items():
        _do(sure, path, steps, luck)
    return {path: bytes(content) for path, content in sure.items() if content is not None}


def _do(files: dict[str, bytearray | None], path: str, steps: list[Step], luck: Callable[[], bool]) -> None:
    for step in steps:
        if step.kind == "delete":
            if not luck():
                return  # the old file is still there: what was written to a later one of that name is not
            files[path] = None
            continue
        content = files.get(path)
        if content is None:
            content = files[path] = bytearray()
        if step.kind == "truncate":
            if luck():
                del content[step.at :]
                content.extend(bytes(step.at - len(content)))
            continue
        for start in range(0, len(step.content), SECTOR):
            if luck():
                _put(content, step.at + start, step.content[start : start + SECTOR])


def _put(content: bytearray, at: int, piece: bytes) -> None:
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(piece)] = piece


def laid_down(files: dict[str, bytes], folder: Path) -> None:
    """Write them into a folder, as they would be found."""
    folder.mkdir(parents=True)
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
