"""What is the state of a run, and where does it begin?

A state is one flat tuple of whole numbers: where each thread stands, the registers, the shared variables, the
semaphores, who holds each lock (0: nobody, 1: the first thread, …), and who sleeps on each condition (a number to
the base threads + 1, the longest sleeper in its last digit).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sims.threads.compiler import Compiler, Place, State, Step
from sims.threads.program import Expression, Instruction, Parsed, Scenario, expression, parse, test


@dataclass(frozen=True, slots=True)
class Machine:
    """A scenario, compiled."""

    scenario: Scenario
    start: State
    places: tuple[tuple[Place, ...], ...]  # by thread
    slots: dict[str, int]  # "x", "T1:r", "lock m", "semaphore s", "condition c" -> index in the state

    @property
    def code(self) -> tuple[tuple[Step, ...], ...]:
        """The steps by thread; the last one, at the end of the program, never goes on."""
        return tuple((*(place.step for place in places), _ended) for places in self.places)

    @property
    def ends(self) -> State:
        """Where each thread stands when it is done."""
        return tuple(len(places) for places in self.places)

    def completed(self, state: State) -> bool:
        """Whether every thread is done."""
        return state[: len(self.places)] == self.ends

    def value(self, state: State, slot: str) -> int:
        """What the slot holds."""
        return state[self.slots[slot]]


def _ended(_state: State) -> State | None:
    return None


@lru_cache(maxsize=64)
def machine(scenario: Scenario) -> Machine:
    """The scenario compiled."""
    slots, start = _layout(scenario)
    bits = {slot: 1 << index for index, slot in enumerate(slots)}
    compilers = [Compiler(scenario, index, slots, bits) for index in range(len(scenario.threads))]
    first = tuple(one.after(0) for one in compilers)  # a program may begin with a jump
    return Machine(scenario, first + start[len(first) :], tuple(one.places() for one in compilers), slots)


def _layout(scenario: Scenario) -> tuple[dict[str, int], State]:
    """The place of everything in the state, and the first state."""
    slots: dict[str, int] = {}
    start = [0] * len(scenario.threads)

    def add(slot: str, value: int) -> None:
        if slot not in slots:
            slots[slot] = len(start)
            start.append(value)

    programs = [(thread.name, parse(thread.program)) for thread in scenario.threads]
    for thread, program in programs:
        for register in _registers(program, {one for one, _ in scenario.shared}):
            add(f"{thread}:{register}", 0)
    for one, value in scenario.shared:
        add(one, value)
    for one, value in scenario.semaphores:
        add(f"semaphore {one}", value)
    for thread, program in programs:
        for instruction in program.instructions:
            for slot in _things(instruction, thread):
                add(slot, 0)
    return slots, tuple(start)


def _registers(program: Parsed, shared: set[str]) -> Iterable[str]:
    for one in program.instructions:
        if one.op in ("load", "set", "swap", "cas") or (one.op == "add" and one.operands[0] not in shared):
            yield one.operands[0]
        for each in _expressions(one):
            yield from (register for _, register in each.terms)


def _expressions(one: Instruction) -> tuple[Expression, ...]:
    if one.op == "jump-if":
        left, _, right = test(one.operands[0])
        return left, right
    if one.op in ("store", "add", "set"):
        return (expression(one.operands[1]),)
    return tuple(map(expression, one.operands[2:])) if one.op in ("swap", "cas") else ()


def _things(one: Instruction, thread: str) -> tuple[str, ...]:
    if one.op in ("enter", "leave"):
        return (f"inside {thread}",)
    if one.op in ("lock", "unlock"):
        return (f"lock {one.operands[0]}",)
    if one.op in ("signal", "broadcast"):
        return (f"condition {one.operands[0]}",)
    return (f"condition {one.operands[0]}", f"lock {one.operands[1]}") if one.op == "wait" else ()
