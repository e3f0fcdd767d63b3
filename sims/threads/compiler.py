"""How is a program turned into steps?

A program is compiled once to one function a step: state -> the state after it, or None while the thread must wait.
A jump has no step of its own, a wait has two.

A footprint says which shared things a step reads, writes or only adds to, as bit masks: two steps of different
threads whose footprints do not clash give the same state in either order, and neither enables nor disables the other.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sims.threads.program import Expression, Instruction, Scenario, expression, parse, test

State = tuple[int, ...]
Step = Callable[[State], State | None]
Value = Callable[[State], int]
_COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Footprint(NamedTuple):
    """Bit masks of shared variables, semaphores, locks and conditions."""

    reads: int = 0
    writes: int = 0
    adds: int = 0  # adding commutes with adding, and with nothing else

    def clashes(self, other: "Footprint") -> bool:
        """Whether the order of two such steps may matter."""
        return bool(
            self.writes & (other.reads | other.writes | other.adds)
            or self.reads & (other.writes | other.adds)
            or self.adds & (other.reads | other.writes)
        )

    def __or__(self, other: "Footprint") -> "Footprint":
        return Footprint(self.reads | other.reads, self.writes | other.writes, self.adds | other.adds)


@dataclass(frozen=True, slots=True)
class Place:
    """One step of a compiled program."""

    step: Step
    instruction: Instruction
    footprint: Footprint
    following: tuple[int, ...]  # places where the thread may stand afterwards
    access: tuple[str, str] = ("", "")  # load or store, and the variable: a plain access that can race


class Compiler:
    """One thread's program, step by step."""

    def __init__(self, scenario: Scenario, thread: int, slots: dict[str, int], bits: dict[str, int]) -> None:
        self.scenario, self.thread, self.slots, self.bits = scenario, thread, slots, bits
        self.name = scenario.threads[thread].name
        self.program = parse(scenario.threads[thread].program)
        self.base = len(scenario.threads) + 1
        self.starts: list[int] = []  # place of each instruction; a jump has none, a wait two
        count = 0
        for one in self.program.instructions:
            self.starts.append(count)
            count += {"jump": 0, "wait": 2}.get(one.op, 1)
        self.starts.append(count)

    def places(self) -> tuple[Place, ...]:
        found: list[Place] = []
        for index, one in enumerate(self.program.instructions):
            if one.op != "jump":
                found += _BUILD[one.op](self, one, self.after(index + 1))
        return tuple(found)

    def after(self, index: int) -> int:
        """The place of the instruction at `index`, jumps followed."""
        while index < len(self.program.instructions) and self.program.instructions[index].op == "jump":
            index = self.program.labels[self.program.instructions[index].operands[0]]
        return self.starts[index]

    def slot(self, name: str) -> int:
        """The register of that name, or else the shared thing."""
        own = f"{self.name}:{name}"
        return self.slots[own] if own in self.slots else self.slots[name]

    def value(self, each: Expression) -> Value:
        """The expression as a function of the state."""
        constant = each.constant
        if not each.terms:
            return lambda _s: constant
        if len(each.terms) == 1 and each.terms[0][0] == 1:
            only = self.slot(each.terms[0][1])
            return lambda s: s[only] + constant
        terms = [(sign, self.slot(register)) for sign, register in each.terms]
        return lambda s: constant + sum(sign * s[slot] for sign, slot in terms)


def _load(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, target, source = c.thread, c.slot(one.operands[0]), c.slots[one.operands[1]]

    def step(s: State) -> State:
        new = list(s)
        new[pc], new[target] = after, s[source]
        return tuple(new)

    mark = Footprint(reads=c.bits[one.operands[1]])
    return [Place(step, one, mark, (after,), ("load", one.operands[1]))]


def _assign(c: Compiler, one: Instruction, after: int) -> list[Place]:
    """store and set: an expression into a slot."""
    pc, target, value = c.thread, c.slot(one.operands[0]), c.value(expression(one.operands[1]))

    def step(s: State) -> State:
        new = list(s)
        new[pc], new[target] = after, value(s)
        return tuple(new)

    if one.op == "set":
        return [Place(step, one, Footprint(), (after,))]
    mark = Footprint(writes=c.bits[one.operands[0]])
    return [Place(step, one, mark, (after,), ("store", one.operands[0]))]


def _add(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, target, value = c.thread, c.slot(one.operands[0]), c.value(expression(one.operands[1]))

    def step(s: State) -> State:
        new = list(s)
        new[pc] = after
        new[target] += value(s)
        return tuple(new)

    return [Place(step, one, Footprint(adds=c.bits.get(one.operands[0], 0)), (after,))]


def _swap(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, register, target = c.thread, c.slot(one.operands[0]), c.slots[one.operands[1]]
    value = c.value(expression(one.operands[2]))

    def step(s: State) -> State:
        new = list(s)
        new[pc], new[register], new[target] = after, s[target], value(s)
        return tuple(new)

    return [Place(step, one, Footprint(writes=c.bits[one.operands[1]]), (after,))]


def _cas(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, register, target = c.thread, c.slot(one.operands[0]), c.slots[one.operands[1]]
    old, fresh = (c.value(expression(operand)) for operand in one.operands[2:])

    def step(s: State) -> State:
        new = list(s)
        new[pc] = after
        if s[target] == old(s):
            new[register], new[target] = 1, fresh(s)
        else:
            new[register] = 0
        return tuple(new)

    return [Place(step, one, Footprint(writes=c.bits[one.operands[1]]), (after,))]


def _lock(c: Compiler, one: Instruction, after: int) -> list[Place]:
    lock = f"lock {one.operands[0]}"
    return [Place(_taking(c, c.slots[lock], after), one, Footprint(writes=c.bits[lock]), (after,))]


def _taking(c: Compiler, lock: int, after: int) -> Step:
    """Takes the lock when it is free. Its own holder waits for ever: the lock is not recursive."""
    pc, me = c.thread, c.thread + 1

    def step(s: State) -> State | None:
        if s[lock]:
            return None
        new = list(s)
        new[pc], new[lock] = after, me
        return tuple(new)

    return step


def _unlock(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, me, lock = c.thread, c.thread + 1, c.slots[f"lock {one.operands[0]}"]

    def step(s: State) -> State:
        new = list(s)
        new[pc] = after
        if s[lock] == me:  # unlocking what one does not hold fails (EPERM) and changes nothing
            new[lock] = 0
        return tuple(new)

    return [Place(step, one, Footprint(writes=c.bits[f"lock {one.operands[0]}"]), (after,))]


def _acquire(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, semaphore = c.thread, c.slots[f"semaphore {one.operands[0]}"]

    def step(s: State) -> State | None:
        if s[semaphore] <= 0:
            return None
        new = list(s)
        new[pc] = after
        new[semaphore] -= 1
        return tuple(new)

    return [Place(step, one, Footprint(writes=c.bits[f"semaphore {one.operands[0]}"]), (after,))]


def _release(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, semaphore = c.thread, c.slots[f"semaphore {one.operands[0]}"]

    def step(s: State) -> State:
        new = list(s)
        new[pc] = after
        new[semaphore] += 1
        return tuple(new)

    return [Place(step, one, Footprint(adds=c.bits[f"semaphore {one.operands[0]}"]), (after,))]


def sleepers(code: int, base: int) -> list[int]:
    """The threads (from 1) that sleep on a condition, the longest first."""
    found = []
    while code > 0:
        code, thread = divmod(code, base)
        found.append(thread)
    return found


def _wait(c: Compiler, one: Instruction, after: int) -> list[Place]:
    """Two steps: give the lock back and fall asleep; once woken, take the lock again."""
    condition, lock = (f"condition {one.operands[0]}", f"lock {one.operands[1]}")
    pc, me, base, queue, mutex = c.thread, c.thread + 1, c.base, c.slots[condition], c.slots[lock]
    again = c.starts[c.program.instructions.index(one)] + 1
    take = _taking(c, mutex, after)

    def sleep(s: State) -> State:
        new = list(s)
        if s[mutex] != me:  # without the lock the call fails (EPERM) and changes nothing
            new[pc] = after
        elif s[queue] < 0:  # only under the mistake that signals are remembered
            new[pc] = after
            new[queue] += 1
        else:
            new[pc], new[mutex] = again, 0
            new[queue] = s[queue] + me * base ** len(sleepers(s[queue], base))
        return tuple(new)

    def wake(s: State) -> State | None:
        return None if me in sleepers(s[queue], base) else take(s)

    taken = one._replace(text=f"(take {one.operands[1]} again)")
    both = Footprint(writes=c.bits[condition] | c.bits[lock])
    woken = Footprint(reads=c.bits[condition], writes=c.bits[lock])
    return [Place(sleep, one, both, (again, after)), Place(wake, taken, woken, (after,))]


def _signal(c: Compiler, one: Instruction, after: int) -> list[Place]:
    pc, base, queue = c.thread, c.base, c.slots[f"condition {one.operands[0]}"]
    everyone, remembered = one.op == "broadcast", c.scenario.misrule == "signal-remembered"

    def step(s: State) -> State:
        new = list(s)
        new[pc] = after
        if s[queue] > 0:
            new[queue] = 0 if everyone else s[queue] // base
        elif remembered and not everyone:
            new[queue] -= 1
        return tuple(new)

    return [Place(step, one, Footprint(writes=c.bits[f"condition {one.operands[0]}"]), (after,))]


def _jump_if(c: Compiler, one: Instruction, after: int) -> list[Place]:
    left, sign, right = test(one.operands[0])
    compare, first, second = _COMPARE[sign], c.value(left), c.value(right)
    pc, target = c.thread, c.after(c.program.labels[one.operands[1]])

    def step(s: State) -> State:
        new = list(s)
        new[pc] = target if compare(first(s), second(s)) else after
        return tuple(new)

    return [Place(step, one, Footprint(), (target, after))]


def _mark(c: Compiler, one: Instruction, after: int) -> list[Place]:
    """enter and leave: whether the thread is in its critical section."""
    pc, inside, there = c.thread, c.slots[f"inside {c.name}"], int(one.op == "enter")

    def step(s: State) -> State:
        new = list(s)
        new[pc], new[inside] = after, there
        return tuple(new)

    return [Place(step, one, Footprint(), (after,))]


_BUILD: dict[str, Callable[[Compiler, Instruction, int], list[Place]]] = {
    "load": _load,
    "store": _assign,
    "set": _assign,
    "add": _add,
    "swap": _swap,
    "cas": _cas,
    "lock": _lock,
    "unlock": _unlock,
    "acquire": _acquire,
    "release": _release,
    "wait": _wait,
    "signal": _signal,
    "broadcast": _signal,
    "jump-if": _jump_if,
    "enter": _mark,
    "leave": _mark,
}
