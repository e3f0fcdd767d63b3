"""What does a descriptor scenario say? A limit, the files that exist, and system calls in order, each by a process.

    {"limit": 8, "files": [{"name": "a", "size": 100}],
     "operations": ["open a", "fork C", "C: read 3 10", "close 3", "dup2 1 2", "pipe cloexec"]}

An operation is one line of text, `PROCESS: call arguments`, or a mapping of the fields of `Operation`; a line without
a process is done by the first one, P.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sims.fields import (
    Fault,
    Maybe,
    Name,
    Text,
    Whole,
    custom,
    flag,
    make,
    many,
    maybe,
    misrule,
    name,
    plain,
    record,
    refuse,
    shown,
    whole,
    word,
)

FIRST = "P"
HIGHEST = 4095
PATH = re.compile(r"[A-Za-z0-9_./\-]{1,32}")

TAKES = {  # call -> its arguments, in the order of the text form
    "open": ("path",),
    "close": ("fd",),
    "dup": ("fd",),
    "dup2": ("fd", "to"),
    "pipe": (),
    "fork": ("child",),
    "exec": (),
    "read": ("fd", "bytes"),
    "write": ("fd", "bytes"),
    "lseek": ("fd", "offset"),
    "unlink": ("path",),
    "cloexec": ("fd",),
    "exit": (),
}
SILENT = ("fork", "exec", "exit")  # calls whose result is not asked for
MISRULES = (
    "next-number",
    "dup-own-offset",
    "fork-own-offset",
    "open-shares",
    "exec-closes-all",
    "exec-keeps-all",
    "dup-keeps-cloexec",
    "eof-at-first-close",
    "empty-is-eof",
    "close-closes-all",
    "limit-beyond-standard",
    "dup2-is-dup",
    "unlink-closes",
    "fork-shares-table",
)


class _Path:
    """A path: letters, digits, `_`, `.`, `/` and `-`; 32 characters at most."""

    def take(self, raw: Any) -> str:
        if not isinstance(raw, str) or not PATH.fullmatch(raw):
            raise refuse(f"must be a path such as a or log.txt, got {shown(raw)}")
        return str(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return "a path"


@record
class File:
    """A file that exists at the start."""

    name: str = custom(_Path(), help="path of the file")
    size: int = whole(0, 1_000_000, default=0, unit="bytes", help="its size")


@record
class Operation:
    """One system call. In text: `C: read 3 10`, `dup2 3 1`, `open a cloexec`."""

    op: str = word(*TAKES, help="the call; cloexec fd sets the close-on-exec flag (fcntl)")
    process: str = name(default=FIRST, help="who calls")
    path: str | None = maybe(_Path(), help="open (for reading and writing, created if need be), unlink")
    fd: int | None = maybe(Whole(0, HIGHEST), help="the descriptor that the call is given")
    to: int | None = maybe(Whole(0, HIGHEST), help="dup2: the number wanted")
    bytes: int | None = maybe(Whole(1, 16_384), unit="bytes", help="read, write: how many")
    offset: int | None = maybe(Whole(0, 1_000_000), unit="bytes", help="lseek: the new offset, from the start")
    child: str | None = maybe(Name(), help="fork: the name of the child")
    cloexec: bool = flag(help="open, pipe: with close-on-exec")

    def faults(self) -> Iterable[Fault]:
        for argument in ("path", "fd", "to", "bytes", "offset", "child"):
            wanted, there = argument in TAKES[self.op], getattr(self, argument) is not None
            if wanted != there:
                yield Fault(argument, f"{'is missing for' if wanted else 'is no argument of'} {self.op}")
        if self.cloexec and self.op not in ("open", "pipe"):
            yield Fault("cloexec", f"is no flag of {self.op}")

    def text(self) -> str:
        """The call as a line of text, without its process."""
        words = [self.op, *(str(getattr(self, argument)) for argument in TAKES[self.op])]
        return " ".join([*words, "cloexec"] if self.cloexec else words)


class OperationKind:
    """An operation as text or as a mapping."""

    def take(self, raw: Any) -> Operation:
        if isinstance(raw, Operation):
            return raw
        return make(Operation, parsed(raw) if isinstance(raw, str) else raw)

    def plain(self, value: Operation) -> Any:
        found: Mapping[str, Any] = plain(value)
        return {key: item for key, item in found.items() if item is not None and item is not False}

    def describe(self) -> str:
        return "`PROCESS: call arguments`, or {" + ", ".join(["op", "process", *_arguments()]) + "}"


def _arguments() -> list[str]:
    return ["path", "fd", "to", "bytes", "offset", "child", "cloexec"]


def parsed(line: str) -> dict[str, Any]:
    """The fields of an operation written as text. Raises Invalid."""
    process, colon, call = line.partition(":")
    words = (call if colon else line).split()
    found: dict[str, Any] = {"process": process.strip()} if colon else {}
    if not words or words[0] not in TAKES:
        raise refuse(f"expected one of {' '.join(TAKES)}, after `PROCESS:` if need be; got {shown(str(line))}")
    op, rest = words[0], words[1:]
    if rest and rest[-1] == "cloexec" and op in ("open", "pipe"):
        found["cloexec"] = True
        rest.pop()
    if len(rest) != len(TAKES[op]):
        wanted = " ".join([op, *(argument.upper() for argument in TAKES[op])])
        raise refuse(f"expected `{wanted}`, got {shown(str(line))}")
    return {**found, "op": op, **{key: Text(value) for key, value in zip(TAKES[op], rest, strict=True)}}


@record
class Scenario:
    """Calls in order. 0, 1 and 2 of the first process are its terminal."""

    limit: int = whole(3, HIGHEST + 1, default=16, help="RLIMIT_NOFILE: every number is below it")
    files: tuple[File, ...] = many(File, high=20, default=(), help="files that exist at the start")
    operations: tuple[Operation, ...] = many(OperationKind(), low=1, high=100, help="system calls in order")
    misrule: str = misrule(*MISRULES)

    def faults(self) -> Iterable[Fault]:
        """A process calls only between its fork and its exit, and names are new."""
        alive, known = {FIRST}, {FIRST}
        for index, operation in enumerate(self.operations):
            where = f"operations.{index}"
            if operation.process not in alive:
                reason = "has exited" if operation.process in known else "has not been forked yet"
                yield Fault(f"{where}.process", f"{operation.process} {reason}")
            if operation.op == "exit":
                alive.discard(operation.process)
            if operation.child is not None:
                if operation.child in known:
                    yield Fault(f"{where}.child", f"{operation.child} names two processes; give each its own name")
                alive.add(operation.child)
                known.add(operation.child)
        names = [file.name for file in self.files]
        yield from (
            Fault(f"files.{index}.name", f"{name_} names two files")
            for index, name_ in enumerate(names)
            if name_ in names[:index]
        )


def processes(scenario: Scenario) -> tuple[str, ...]:
    """Every process, in order of birth."""
    children = (operation.child for operation in scenario.operations if operation.child is not None)
    return (FIRST, *dict.fromkeys(children))


def result_names(scenario: Scenario) -> tuple[str, ...]:
    """A name for each result: the number of the call, from 1; a pipe has two, `4r` and `4w`."""
    names: list[str] = []
    for number, operation in enumerate(scenario.operations, 1):
        if operation.op not in SILENT:
            names += [f"{number}r", f"{number}w"] if operation.op == "pipe" else [str(number)]
    return tuple(names)


def opened_names(scenario: Scenario) -> tuple[str, ...]:
    """A name for each open file description: tty, and the calls that make one."""
    made = {name_ for name_ in result_names(scenario) if scenario.operations[_number(name_)].op in ("open", "pipe")}
    return ("tty", *(name_ for name_ in result_names(scenario) if name_ in made))


def _number(result: str) -> int:
    return int(result.rstrip("rw")) - 1


__all__ = ["FIRST", "File", "Maybe", "Operation", "Scenario", "opened_names", "processes", "result_names"]
