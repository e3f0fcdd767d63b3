"""What may a thread's program say?

One instruction a line, one step each; a label (`again:`) names the instruction after it.

    load r x          register r takes the shared variable x
    store x r+1       x takes an expression of the thread's registers: r, r+1, r-s, 5
    add x 1           x grows by an expression, atomically; on a register it is a step of the thread's own
    set r 0           a register takes an expression
    swap r x 1        atomically: r takes x, and x takes the expression (test-and-set)
    cas r x 0 1       atomically: if x is 0 it becomes 1 and r becomes 1, else r becomes 0 (compare-and-swap)
    lock m, unlock m  a mutex, free at the start
    acquire s, release s        a semaphore: acquire waits until it is above 0, and takes one
    wait c m          gives m back and sleeps on c; once woken, takes m again: two steps
    signal c, broadcast c       wakes who has slept longest, or all
    jump-if r==0 again, jump again      tests registers only; jump itself takes no step
    enter, leave      mark the critical section

Sources: Arpaci-Dusseau, OSTEP v1.10, ch. 26 to 31; POSIX.1-2024, pthread_cond_wait and pthread_mutex_unlock.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sims.fields import (
    NAME,
    Fault,
    Invalid,
    Many,
    Name,
    Whole,
    custom,
    many,
    misrule,
    name,
    record,
    refuse,
    whole,
    word,
)

MOST_STATES = 2_000_000
Values = tuple[tuple[str, int], ...]

OPERANDS: Mapping[str, tuple[str, ...]] = {
    "load": ("register", "shared"),
    "store": ("shared", "expression"),
    "add": ("target", "expression"),
    "set": ("register", "expression"),
    "swap": ("register", "shared", "expression"),
    "cas": ("register", "shared", "expression", "expression"),
    "lock": ("lock",),
    "unlock": ("lock",),
    "acquire": ("semaphore",),
    "release": ("semaphore",),
    "wait": ("condition", "lock"),
    "signal": ("condition",),
    "broadcast": ("condition",),
    "jump-if": ("test", "label"),
    "jump": ("label",),
    "enter": (),
    "leave": (),
}
_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,15}):\s*")
_TERM = re.compile(r"([+-]?)([A-Za-z][A-Za-z0-9_]{0,15}|[0-9]{1,6})")
_TEST = re.compile(r"([^=!<>]+)(==|!=|<=|>=|<|>)([^=!<>]+)")


class Instruction(NamedTuple):
    """One step of a program, as parsed."""

    op: str
    operands: tuple[str, ...]
    line: int  # index in the program as written
    text: str  # as shown, without its label


class Expression(NamedTuple):
    """A constant and registers with their signs."""

    constant: int
    terms: tuple[tuple[int, str], ...]


class Parsed(NamedTuple):
    """A program: its instructions, and where each label leads."""

    instructions: tuple[Instruction, ...]
    labels: Mapping[str, int]


def expression(text: str) -> Expression:
    """`r+1` as a constant and registers. Raises Invalid."""
    constant, terms, end = 0, [], 0
    for match in _TERM.finditer(text):
        sign = -1 if match[1] == "-" else 1
        if match.start() != end or (end and not match[1]):
            break
        end = match.end()
        if match[2].isdigit():
            constant += sign * int(match[2])
        else:
            terms.append((sign, match[2]))
    if not text or end != len(text):
        raise refuse(f"must be registers and numbers such as r+1, got {text[:24]!r}")
    return Expression(constant, tuple(terms))


def test(text: str) -> tuple[Expression, str, Expression]:
    """`r==0` as two expressions and the comparison between. Raises Invalid."""
    match = _TEST.fullmatch(text)
    if match is None:
        raise refuse(f"must be a comparison such as r==0, got {text[:24]!r}")
    return expression(match[1]), match[2], expression(match[3])


@lru_cache(maxsize=4096)
def parse(program: tuple[str, ...]) -> Parsed:
    """The program's instructions. Raises Invalid with a fault for each bad line."""
    instructions: list[Instruction] = []
    labels: dict[str, int] = {}
    faults: list[Fault] = []
    for line, raw in enumerate(program):
        text = raw.strip()
        while match := _LABEL.match(text):
            if match[1] in labels:
                faults.append(Fault(str(line), f"the label {match[1]} stands twice"))
            labels[match[1]] = len(instructions)
            text = text[match.end() :]
        if text:
            op, *operands = text.split()
            instructions.append(Instruction(op, tuple(operands), line, " ".join((op, *operands))))
    for instruction in instructions:
        faults += (Fault(str(instruction.line), message) for message in _wrong(instruction, labels))
    if not faults:
        faults += _circles(instructions, labels)
    if faults:
        raise Invalid(faults)
    return Parsed(tuple(instructions), labels)


def _circles(instructions: list[Instruction], labels: Mapping[str, int]) -> Iterator[Fault]:
    """Jumps that lead only to each other: a thread that got there would never take another step."""
    for one in instructions:
        seen: set[Instruction] = set()
        here: Instruction | None = one
        while here is not None and here.op == "jump" and here not in seen:
            seen.add(here)
            target = labels[here.operands[0]]
            here = instructions[target] if target < len(instructions) else None
        if here in seen:
            yield Fault(str(one.line), "jumps in a circle without a step")


def _wrong(instruction: Instruction, labels: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with one instruction by itself."""
    op, operands = instruction.op, instruction.operands
    if op not in OPERANDS:
        yield f"{op[:16]!r} is no instruction; expected one of {' '.join(OPERANDS)}"
        return
    wanted = OPERANDS[op]
    if len(operands) != len(wanted):
        yield f"must be {' '.join((op, *(one.upper() for one in wanted)))}, got {instruction.text[:40]!r}"
        return
    for kind, operand in zip(wanted, operands, strict=True):
        try:
            _take(kind, operand, labels)
        except Invalid as invalid:
            yield str(invalid)


def _take(kind: str, operand: str, labels: Mapping[str, int]) -> None:
    if kind == "expression":
        expression(operand)
    elif kind == "test":
        test(operand)
    elif kind == "label" and operand not in labels:
        raise refuse(f"there is no label {operand[:24]!r}")
    elif not NAME.fullmatch(operand):
        raise refuse(f"must be a short name, got {operand[:24]!r}")


class _ValuesKind:
    """Names with whole numbers: {x: 0, y: 5}."""

    def take(self, raw: Any) -> Values:
        pairs = list(raw.items()) if isinstance(raw, Mapping) else raw
        if isinstance(pairs, str) or not isinstance(pairs, Iterable):
            raise refuse("must be a mapping of names to whole numbers")
        pairs = list(pairs)
        if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            raise refuse("must be a mapping of names to whole numbers")
        faults, taken = [], []
        for key, value in pairs:
            try:
                taken.append((Name().take(key), Whole(-1_000_000, 1_000_000).take(value)))
            except Invalid as invalid:
                faults += [fault.under(str(key)[:16]) for fault in invalid.faults]
        if faults:
            raise Invalid(faults)
        return tuple(taken)

    def plain(self, value: Values) -> dict[str, int]:
        return dict(value)

    def describe(self) -> str:
        return "{name: whole number, …}"


class _Line:
    """One line of a program; parsed with the whole program."""

    def take(self, raw: Any) -> str:
        if not isinstance(raw, str) or len(raw) > 80:
            raise refuse(f"must be an instruction such as `load r x`, got {str(raw)[:40]!r}")
        return str(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return " | ".join(OPERANDS)


@record
class Thread:
    """One thread and its program."""

    name: str = name()
    program: tuple[str, ...] = custom(Many(_Line(), 0, 200), help="instructions in order, one step each")

    def faults(self) -> Iterable[Fault]:
        try:
            parse(self.program)
        except Invalid as invalid:
            yield from (fault.under("program") for fault in invalid.faults)


@record
class Scenario:
    """Threads that share variables."""

    shared: Values = custom(_ValuesKind(), help="shared variables and their first values")
    threads: tuple[Thread, ...] = many(Thread, low=1, high=8, named="T", help="the threads, in order")
    semaphores: Values = custom(_ValuesKind(), default=(), help="semaphores and their first values")
    observe: tuple[str, ...] = custom(
        Many(Name(), 0, 20), default=(), help="the shared variables that make up an outcome; none named: all"
    )
    volatile: tuple[str, ...] = custom(
        Many(Name(), 0, 20), default=(), help="shared variables declared volatile: it changes nothing here"
    )
    memory: str = word("sequential", default="sequential", help="all threads see one order of all steps")
    schedule: tuple[str, ...] = custom(
        Many(Name(), 0, 2000), default=(), help="the thread that takes each step; none: the trace picks a telling one"
    )
    limit: int = whole(1, MOST_STATES, default=300_000, unit="states", help="states explored at most")
    misrule: str = misrule("signal-remembered")

    def faults(self) -> Iterable[Fault]:
        shared = [one for one, _ in self.shared]
        for field in ("shared", "semaphores"):
            names = [one for one, _ in getattr(self, field)]
            if len(set(names)) != len(names):
                yield Fault(field, "each name may stand once")
        for field in ("observe", "volatile"):
            for index, one in enumerate(getattr(self, field)):
                if one not in shared:
                    yield Fault(f"{field}.{index}", f"{one} is no shared variable; expected one of {' '.join(shared)}")
        yield from (Fault(f"semaphores.{one}", f"must be 0 or more, got {n}") for one, n in self.semaphores if n < 0)
        named = {thread.name for thread in self.threads}
        strange = sorted(set(self.schedule) - named)
        if strange:
            yield Fault("schedule", f"{' '.join(strange)}: no such thread")
        yield from _uses(self)


def _uses(scenario: Scenario) -> Iterator[Fault]:
    """Names that an instruction uses for what they are not."""
    shared = {one for one, _ in scenario.shared}
    semaphores = {one for one, _ in scenario.semaphores}
    for index, thread in enumerate(scenario.threads):
        instructions = parse(thread.program).instructions
        locks = {one.operands[0] for one in instructions if one.op == "lock"}
        for one in instructions:
            for message in _misuse(one, shared, semaphores, locks):
                yield Fault(f"threads.{index}.program.{one.line}", message)


def _misuse(one: Instruction, shared: set[str], semaphores: set[str], locks: set[str]) -> Iterator[str]:
    for kind, operand in zip(OPERANDS[one.op], one.operands, strict=True):
        if kind == "shared" and operand not in shared:
            yield f"{operand} is no shared variable; name it under shared"
        elif kind == "register" and operand in shared:
            yield f"{operand} is a shared variable; a register is wanted"
        elif kind == "semaphore" and operand not in semaphores:
            yield f"{operand} is no semaphore; name it under semaphores"
        elif kind in ("expression", "test"):
            used = sorted(shared & set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", operand)))
            if used:
                yield f"{' '.join(used)}: load a shared variable into a register first"
    if one.op == "wait" and one.operands[1] not in locks:
        yield f"the thread never locks {one.operands[1]}; wait needs it held"


def observed(scenario: Scenario) -> tuple[str, ...]:
    """The shared variables that make up an outcome, in order."""
    return scenario.observe or tuple(one for one, _ in scenario.shared)


def thread_names(scenario: Scenario) -> tuple[str, ...]:
    """The names of the threads, in order."""
    return tuple(thread.name for thread in scenario.threads)
