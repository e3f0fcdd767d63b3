"""Where does malloc put a block, and what is left of the heap?

Words: *block* (what the heap is divided into: header and payload), *request* (bytes asked for), *address* (of the
payload, from 0), *free list* (the free blocks in address order). Everything is in bytes.

    a = malloc 24 with header 8, align 8: a block of 32 bytes at 0, address 8

Source: Bryant, O'Hallaron, Computer Systems, 3rd ed., 9.9; Knuth, The Art of Computer Programming, vol. 1, 2.5;
OSTEP, ch. 17 (free-space management).
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sims.declare import Fault
from sims.fields import NAME, flag, many, misrule, record, refuse, shown, whole, word

FITS = ("first", "best", "worst", "next", "buddy")
LARGEST = 1 << 24


class Operation(NamedTuple):
    """One line of the program."""

    op: str  # malloc | free | realloc | use
    name: str  # of the variable that holds the address
    bytes: int = 0  # malloc, realloc

    def __str__(self) -> str:
        if self.op == "malloc":
            return f"{self.name} = malloc {self.bytes}"
        return f"{self.op} {self.name}" + (f" {self.bytes}" if self.bytes else "")


class _OperationKind:
    """An operation, as text."""

    def take(self, raw: Any) -> Operation:
        if isinstance(raw, Operation):
            return raw
        words = raw.replace("=", " = ").split() if isinstance(raw, str) else []
        match words:
            case [name, "=", "malloc", size]:
                return Operation("malloc", _name(name), _bytes(size))
            case ["realloc", name, size]:
                return Operation("realloc", _name(name), _bytes(size))
            case ["free" | "use" as op, name]:
                return Operation(op, _name(name))
        raise refuse(f"must be 'a = malloc 24', 'free a', 'realloc a 40' or 'use a', got {shown(raw)}")

    def plain(self, value: Operation) -> str:
        return str(value)

    def describe(self) -> str:
        return "a = malloc BYTES | free a | realloc a BYTES | use a"


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise refuse(f"must name a variable such as a or list-2, got {shown(text)}")
    return text


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 8 or not 1 <= int(text) <= LARGEST:
        raise refuse(f"must ask for 1 to {LARGEST} bytes, got {shown(text)}")
    return int(text)


@record
class Scenario:
    """A heap, its rules, and what a program asks of it."""

    size: int = whole(1, LARGEST, unit="bytes", help="bytes of the heap, all free at the start")
    fit: str = word(*FITS, default="first", help="which free block serves a request")
    header: int = whole(0, 64, default=0, unit="bytes", help="in front of every payload; a multiple of align")
    align: int = whole(1, 64, default=1, unit="bytes", help="requests are rounded up to a multiple of this")
    coalesce: bool = flag(default=True, help="whether a freed block is joined with free neighbours (buddy: its buddy)")
    operations: tuple[Operation, ...] = many(
        _OperationKind(), low=1, high=4_000, help="what the program does, in order"
    )
    misrule: str = misrule("block-address", "no-split", "merges-right-only", "realloc-moves", "any-neighbour-merges")

    def faults(self) -> Iterable[Fault]:
        if self.header % self.align:
            yield Fault("header", f"must be a multiple of align ({self.align}), got {self.header}")
        if self.fit == "buddy" and self.size & (self.size - 1):
            yield Fault("size", f"must be a power of two for buddy, got {self.size}")
        known: set[str] = set()
        for index, operation in enumerate(self.operations):
            if operation.op != "malloc" and operation.name not in known:
                yield Fault(f"operations.{index}", f"{operation.name} was never allocated before")
            known.add(operation.name)


class Event(NamedTuple):
    """What one operation did."""

    operation: Operation
    outcome: (
        str  # placed | failed | freed | null | double-free | grown | shrunk | stays | moved | used | use-after-free
    )
    start: int = -1  # of the block that it concerns, after the operation; -1 for none
    size: int = 0  # of that block
    address: int = -1  # of the payload
    searched: int = 0  # free blocks examined


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of every operation."""

    scenario: Scenario
    events: tuple[Event, ...]


class Live(NamedTuple):
    """An allocated block."""

    size: int
    request: int
    name: str


@dataclass(frozen=True, slots=True)
class Heap:
    """The heap at one moment."""

    free: dict[int, int]  # start -> size, in address order
    live: dict[int, Live]  # start -> block, in address order


def run(scenario: Scenario) -> Trace:
    """What every operation does, in order.

    A request is rounded up to a multiple of `align`, then the header is added; buddy rounds this up to a power of
    two. first: the lowest free block that is large enough. best: the smallest such, worst: the largest, next: the
    first one that starts at or behind the end of the last block given out, then from the bottom; ties to the lowest
    address. What is left of a block stays free. A freed block is joined with its free neighbours, under buddy with
    its buddy. realloc shrinks and grows in place where it can, into a free right neighbour (buddy: its right buddies);
    else it is malloc, copy, free, and when that malloc fails the old block stays. free and realloc of a failed
    malloc's null do nothing and malloc; a second free, and any use of freed memory, is noted and changes nothing.

    The free list is searched block by block, as the rule says: n operations cost up to n × free blocks.
    """
    machine = _Machine(scenario)
    return Trace(scenario, tuple(machine.do(operation) for operation in scenario.operations))


def heap_after(trace: Trace, upto: int | None = None) -> Heap:
    """The heap after the first `upto` operations, or after all."""
    machine = _Machine(trace.scenario)
    for operation in trace.scenario.operations[:upto]:
        machine.do(operation)
    free = {start: machine.free_size[start] for start in machine.free}
    return Heap(free, dict(sorted(machine.live.items())))


def needed(scenario: Scenario, request: int) -> int:
    """Bytes of the smallest block that serves the request."""
    rounded = -(-request // scenario.align) * scenario.align + scenario.header
    return rounded if scenario.fit != "buddy" else 1 << (rounded - 1).bit_length()


class _Machine:
    """The state of a run. A variable holds the start of a block, or None: null."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.free = [0]  # starts, sorted
        self.free_size = {0: scenario.size}
        self.live: dict[int, Live] = {}
        self.pointers: dict[str, int | None] = {}
        self.dangling: set[str] = set()  # variables whose block was freed
        self.rover = 0  # next fit: end of the last block given out

    def do(self, operation: Operation) -> Event:
        if operation.op == "malloc":
            return self.malloc(operation)
        start = self.pointers[operation.name]
        if start is None:
            return self.malloc(operation) if operation.op == "realloc" else Event(operation, "null")
        if operation.name in self.dangling:
            return Event(operation, "double-free" if operation.op == "free" else "use-after-free")
        if operation.op == "use":
            return self.told(operation, "used", start)
        return self.free_block(operation, start) if operation.op == "free" else self.realloc(operation, start)

    def told(self, operation: Operation, outcome: str, start: int, searched: int = 0) -> Event:
        header = 0 if self.scenario.misrule == "block-address" else self.scenario.header
        return Event(operation, outcome, start, self.live[start].size, start + header, searched)

    # ── malloc ──────────────────────────────────────────────────────────────────────────────────────────────────

    def malloc(self, operation: Operation) -> Event:
        need = needed(self.scenario, operation.bytes)
        start, searched = self.found(need)
        self.dangling.discard(operation.name)
        if start is None:
            self.pointers[operation.name] = None
            return Event(operation, "failed", searched=searched)
        size = self.take(start)
        whole_hole = self.scenario.misrule == "no-split" and self.scenario.fit != "buddy"
        if not whole_hole or start + size == self.scenario.size:
            size = self.split(start, size, need)
        self.live[start] = Live(size, operation.bytes, operation.name)
        self.pointers[operation.name] = start
        self.rover = start + size
        return self.told(operation, "placed", start, searched)

    def found(self, need: int) -> tuple[int | None, int]:
        """The free block that serves, and how many were examined."""
        fit = self.scenario.fit
        if fit in ("first", "next"):
            at = bisect_left(self.free, self.rover) if fit == "next" else 0
            for count, start in enumerate(self.free[at:] + self.free[:at], 1):
                if self.free_size[start] >= need:
                    return start, count
            return None, len(self.free)
        fitting = [(self.free_size[start], start) for start in self.free if self.free_size[start] >= need]
        if not fitting:
            return None, len(self.free)
        best = min(fitting) if fit != "worst" else max(fitting, key=lambda block: (block[0], -block[1]))
        return best[1], len(self.free)

    def take(self, start: int) -> int:
        del self.free[bisect_left(self.free, start)]
        return self.free_size.pop(start)

    def give(self, start: int, size: int) -> None:
        insort(self.free, start)
        self.free_size[start] = size

    def split(self, start: int, size: int, need: int) -> int:
        """Cut a block down to what is needed; what is left over is free."""
        if self.scenario.fit != "buddy":
            if size > need:
                self.give(start + need, size - need)
            return need
        while size > need:
            size //= 2
            self.give(start + size, size)
        return size

    # ── free ────────────────────────────────────────────────────────────────────────────────────────────────────

    def free_block(self, operation: Operation, start: int) -> Event:
        event = self.told(operation, "freed", start)
        self.release(start)
        self.dangling.add(operation.name)
        return event

    def release(self, start: int) -> None:
        size = self.live.pop(start).size
        if self.scenario.coalesce and self.scenario.fit == "buddy":
            start, size = self.joined_with_buddies(start, size)
        elif self.scenario.coalesce:
            start, size = self.joined_with_neighbours(start, size)
        self.give(start, size)

    def joined_with_neighbours(self, start: int, size: int) -> tuple[int, int]:
        if start + size in self.free_size:
            size += self.take(start + size)
        at = bisect_left(self.free, start)
        below = self.free[at - 1] if at else start
        if at and below + self.free_size[below] == start and self.scenario.misrule != "merges-right-only":
            size += self.take(below)
            start = below
        return start, size

    def joined_with_buddies(self, start: int, size: int) -> tuple[int, int]:
        while size < self.scenario.size:
            buddy = start ^ size
            if self.free_size.get(buddy) != size and self.scenario.misrule == "any-neighbour-merges":
                buddy = 2 * start - buddy
            if self.free_size.get(buddy) != size:
                break
            self.take(buddy)
            start, size = min(start, buddy), 2 * size
        return start, size

    # ── realloc ─────────────────────────────────────────────────────────────────────────────────────────────────

    def realloc(self, operation: Operation, start: int) -> Event:
        need, old = needed(self.scenario, operation.bytes), self.live[start]
        room = old.size if need <= old.size else self.room(start, old.size, need)
        if need > room or self.scenario.misrule == "realloc-moves":
            return self.moved(operation, start)
        self.swallow(start + old.size, start + room)
        size = self.split(start, room, need)
        after = start + size
        self.live[start] = Live(size, operation.bytes, operation.name)
        if size < old.size and self.scenario.coalesce and after in self.free_size and self.scenario.fit != "buddy":
            self.give(*self.joined_with_neighbours(after, self.take(after)))
        outcome = "grown" if size > old.size else "shrunk" if size < old.size else "stays"
        return self.told(operation, outcome, start)

    def room(self, start: int, size: int, need: int) -> int:
        """How large the block could become in place: into one free right neighbour, or its right buddies."""
        if self.scenario.fit != "buddy":
            return size + self.free_size.get(start + size, 0)
        while size < need and not start & size and self.free_size.get(start + size) == size:
            size *= 2
        return size

    def swallow(self, start: int, end: int) -> None:
        while start < end:
            start += self.take(start)

    def moved(self, operation: Operation, start: int) -> Event:
        event = self.malloc(operation)
        if event.outcome == "failed":
            self.pointers[operation.name] = start
            return event
        self.release(start)
        return event._replace(outcome="moved")
