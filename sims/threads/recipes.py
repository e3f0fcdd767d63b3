"""How are programs drawn? Increments, updates, waits, handovers, locks in two orders, flags."""

from typing import Any

from sims.declare import Recipe
from sims.fields import Pick, flag, make, record, refuse, whole, word
from sims.threads.machine import machine
from sims.threads.program import Scenario

MOST_DRAWN = 400  # steps of a drawn schedule


@record
class IncrementParameters:
    """Threads that count up one variable."""

    threads: int = whole(2, 6, default=2, help="number of threads")
    times: int = whole(1, 6, default=1, help="increments of each thread")
    increment: str = word("load-store", "load-add-store", "atomic", default="load-store", help="steps of an increment")
    locked: str = word("none", "all", "all-but-one", default="none", help="which threads take a lock around each one")
    volatile: bool = flag(help="the variable is declared volatile")
    first: int = whole(-100, 100, default=0, help="the variable's first value")
    schedule: bool = flag(help="draw a schedule too, to be followed")


@record
class UpdateParameters:
    """Threads that each add an amount of their own to one variable, once."""

    threads: int = whole(2, 4, default=2, help="number of threads")
    first: int = whole(-100, 100, default=10, help="the variable's first value")
    most: int = whole(1, 50, default=9, help="greatest amount, up or down")
    locked: str = word("none", "all", "all-but-one", default="none", help="which threads take a lock around it")
    schedule: bool = flag(help="draw a schedule too, to be followed")


@record
class FlagsParameters:
    """Two threads, each storing one variable and then reading the other's."""

    first: int = whole(0, 9, default=0, help="first value of both variables")


@record
class WaitingParameters:
    """Consumers that wait for items, producers that signal each item."""

    consumers: int = whole(1, 3, default=2, help="threads that take one item each")
    producers: int = whole(1, 3, default=2, help="threads that make one item each")
    test: str = word("if", "while", default="while", help="what stands around the wait")
    wake: str = word("signal", "broadcast", default="signal", help="how a producer wakes")


@record
class HandoverParameters:
    """One thread waits for another to be ready."""

    flag: str = word("flag", "none", default="none", help="whether the fact is kept in a variable as well")
    signallers: int = whole(1, 3, default=1, help="threads that signal once each")
    waiters: int = whole(1, 3, default=1, help="threads that wait once each")


@record
class GuardParameters:
    """Two threads that touch several variables, each guarded in its own way."""

    variables: int = whole(2, 5, default=3, help="number of shared variables")


@record
class SemaphoreParameters:
    """Threads that each add an amount of their own between acquire and release."""

    threads: int = whole(2, 3, default=2, help="number of threads")
    semaphore: int = whole(0, 3, default=1, help="the semaphore's first value")
    first: int = whole(-100, 100, default=10, help="the variable's first value")
    most: int = whole(1, 50, default=9, help="greatest amount, up or down")


@record
class LocksParameters:
    """Threads that take two locks each."""

    threads: int = whole(2, 4, default=2, help="number of threads")
    order: str = word("circle", "ascending", default="circle", help="whether the orders close a circle")


@record
class GateParameters:
    """Threads that keep each other out by a flag."""

    threads: int = whole(2, 3, default=2, help="number of threads")
    gate: str = word("test-then-set", "compare-and-swap", "mutex", default="test-then-set", help="how they enter")


@record
class BufferParameters:
    """Producers and consumers of a buffer of one place, that wait for each other."""

    consumers: int = whole(1, 2, default=2, help="threads that take one item")
    producers: int = whole(1, 2, default=2, help="threads that put one item")
    conditions: str = word("one", "two", default="one", help="one condition for both roles, or one each")


def _increment(kind: str, register: str, amount: int) -> list[str]:
    if kind == "atomic":
        return [f"add x {amount}"]
    if kind == "load-store":
        return [f"load {register} x", f"store x {register}{amount:+d}"]
    return [f"load {register} x", f"add {register} {amount}", f"store x {register}"]


def _guarded(lines: list[str], locked: str, *, last: bool) -> list[str]:
    return lines if locked == "none" or (locked == "all-but-one" and last) else ["lock m", *lines, "unlock m"]


def _threads(programs: list[list[str]]) -> list[dict[str, Any]]:
    return [{"name": f"T{index + 1}", "program": lines} for index, lines in enumerate(programs)]


def increments(parameters: IncrementParameters, pick: Pick) -> Scenario:
    """T threads, N increments each."""
    count = parameters.threads
    once = _increment(parameters.increment, "r", 1)
    programs = [_guarded(once, parameters.locked, last=index == count - 1) * parameters.times for index in range(count)]
    fields = {"shared": {"x": parameters.first}, "threads": _threads(programs)}
    scenario = make(Scenario, {**fields, "volatile": ["x"] if parameters.volatile else []})
    return _followed(scenario, pick) if parameters.schedule else scenario


def updates(parameters: UpdateParameters, pick: Pick) -> Scenario:
    """Each thread adds another amount, so that every set of lost updates shows."""
    programs: list[list[str]] = []
    used: set[int] = set()
    for index in range(parameters.threads):
        amount = pick(f"amount.{index}", 1, parameters.most) * (1 if pick(f"up.{index}", 0, 2) else -1)
        if amount in used:
            raise refuse("two threads drew the same amount")
        used.add(amount)
        last = index == parameters.threads - 1
        programs.append(_guarded(_increment("load-store", "r", amount), parameters.locked, last=last))
    scenario = make(Scenario, {"shared": {"x": parameters.first}, "threads": _threads(programs)})
    return _followed(scenario, pick) if parameters.schedule else scenario


def _followed(scenario: Scenario, pick: Pick) -> Scenario:
    """The scenario with a schedule that runs to the end, each step drawn among the threads that can go on."""
    compiled = machine(scenario)
    names = [thread.name for thread in scenario.threads]
    state, schedule = compiled.start, list[str]()
    while not compiled.completed(state) and len(schedule) < MOST_DRAWN:
        able = [thread for thread, code in enumerate(compiled.code) if code[state[thread]](state) is not None]
        if not able:
            raise refuse("the drawn schedule ends in a deadlock")
        thread = able[pick(f"schedule.{len(schedule)}", 0, len(able) - 1)]
        schedule.append(names[thread])
        state = compiled.code[thread][state[thread]](state) or state
    return make(Scenario, {**_fields(scenario), "schedule": schedule})


def _fields(scenario: Scenario) -> dict[str, Any]:
    return {"shared": scenario.shared, "threads": scenario.threads, "volatile": scenario.volatile}


def flags(parameters: FlagsParameters, pick: Pick) -> Scenario:
    """Store one, load the other, keep what was seen: the test of sequential consistency."""
    stored = [parameters.first + pick(f"stored.{index}", 1, 5) for index in range(2)]
    programs = [
        [f"store x {stored[0]}", "load r y", "store a r"],
        [f"store y {stored[1]}", "load r x", "store b r"],
    ]
    shared = {"x": parameters.first, "y": parameters.first, "a": 0, "b": 0}
    return make(Scenario, {"shared": shared, "threads": _threads(programs), "observe": ["a", "b"]})


def waiting(parameters: WaitingParameters, pick: Pick) -> Scenario:
    """Who takes an item that is not there adds an amount of its own to `under`."""
    if parameters.producers < parameters.consumers:
        raise refuse("needs a producer for each consumer")
    again = ["jump again"] if parameters.test == "while" else []
    consumer = ["lock m", "again: load r items", "jump-if r>0 take", "wait c m", *again]
    consumer += ["take: load r items", "jump-if r>0 fine", "add under {fine}", "fine: store items r-1", "unlock m"]
    producer = ["lock m", "load r items", "store items r+1", f"{parameters.wake} c", "unlock m"]
    fines = [5 * index + pick(f"fine.{index}", 1, 4) for index in range(parameters.consumers)]
    consumers = [[line.format(fine=fine) for line in consumer] for fine in fines]
    programs = consumers + [producer] * parameters.producers
    names = [f"C{n + 1}" for n in range(parameters.consumers)] + [f"P{n + 1}" for n in range(parameters.producers)]
    threads = [{"name": name, "program": lines} for name, lines in zip(names, programs, strict=True)]
    return make(Scenario, {"shared": {"items": 0, "under": 0}, "threads": threads, "observe": ["under"]})


def handover(parameters: HandoverParameters, pick: Pick) -> Scenario:
    """A bare signal can come too early; a fact in a variable cannot be missed."""
    kept = parameters.flag == "flag"
    waiter = ["lock m", "wait c m", "unlock m"]
    signaller = ["lock m", "signal c", "unlock m"]
    if kept:
        waiter = ["lock m", "again: load r ready", "jump-if r>0 go", "wait c m", "jump again", "go: unlock m"]
        signaller = ["lock m", "store ready 1", "broadcast c", "unlock m"]
    programs = [waiter] * parameters.waiters + [signaller] * parameters.signallers
    turned = programs[::-1] if pick("turned", 0, 1) else programs
    begun = [["add begun 1", *lines] if pick(f"begun.{n}", 0, 1) else lines for n, lines in enumerate(turned)]
    return make(Scenario, {"shared": {"ready": 0, "begun": 0}, "threads": _threads(begun)})


GUARDS: tuple[tuple[str, tuple[list[str], list[str]]], ...] = (
    ("none", (["load r {v}", "store {v} r+1"], ["load r {v}", "store {v} r+1"])),
    ("both", (["lock m", "load r {v}", "store {v} r+1", "unlock m"], ["lock m", "load r {v}", "unlock m"])),
    ("one", (["lock m", "load r {v}", "store {v} r+1", "unlock m"], ["load r {v}"])),
    ("atomic", (["add {v} 1"], ["add {v} 1"])),
    ("reading", (["load r {v}"], ["load r {v}"])),
    ("own", (["load r {v}", "store {v} r+1"], [])),
)


def guards(parameters: GuardParameters, pick: Pick) -> Scenario:
    """Each variable is guarded by a lock on both sides, on one side, by atomic steps, by nothing, or only read."""
    names = "abcde"[: parameters.variables]
    programs: list[list[str]] = [[], []]
    for name in names:
        _, pair = GUARDS[pick(f"guard.{name}", 0, len(GUARDS) - 1)]
        turned = pick(f"turned.{name}", 0, 1)
        for thread in range(2):
            programs[thread] += [line.format(v=name) for line in pair[thread ^ turned]]
    return make(Scenario, {"shared": dict.fromkeys(names, 0), "threads": _threads(programs)})


def semaphore(parameters: SemaphoreParameters, pick: Pick) -> Scenario:
    """As many threads at a time as the semaphore starts with."""
    amounts = {"threads": parameters.threads, "first": parameters.first, "most": parameters.most}
    drawn = updates(make(UpdateParameters, amounts), pick)
    programs = [["acquire s", *thread.program, "release s"] for thread in drawn.threads]
    fields = {"shared": drawn.shared, "semaphores": {"s": parameters.semaphore}, "threads": _threads(programs)}
    return make(Scenario, fields)


def locks(parameters: LocksParameters, pick: Pick) -> Scenario:
    """Each thread takes its two locks and gives them back."""
    names = "ABCD"[: max(parameters.threads, 2)]
    programs = []
    for index in range(parameters.threads):
        first, second = names[index], names[(index + 1) % len(names)]
        if parameters.order == "ascending" and first > second:
            first, second = second, first
        between = ["add x 1"] if pick(f"work.{index}", 0, 1) else []
        programs.append([f"lock {first}", *between, f"lock {second}", f"unlock {second}", f"unlock {first}"])
    return make(Scenario, {"shared": {"x": 0}, "threads": _threads(programs)})


def gate(parameters: GateParameters, pick: Pick) -> Scenario:  # noqa: ARG001 — nothing is left to draw
    """A critical section behind a flag, tested and set in two steps or in one, or behind a mutex."""
    opening = {
        "test-then-set": ["again: load r flag", "jump-if r!=0 again", "store flag 1"],
        "compare-and-swap": ["again: cas r flag 0 1", "jump-if r==0 again"],
        "mutex": ["lock m"],
    }[parameters.gate]
    closing = ["unlock m"] if parameters.gate == "mutex" else ["store flag 0"]
    program = [*opening, "enter", "leave", *closing]
    return make(Scenario, {"shared": {"flag": 0}, "threads": _threads([program] * parameters.threads)})


def buffer(parameters: BufferParameters, pick: Pick) -> Scenario:  # noqa: ARG001 — as above
    """One place; who finds it full or empty waits."""
    full, empty = ("c", "c") if parameters.conditions == "one" else ("full", "empty")
    program = {
        "C": ["lock m", "again: load r full", "jump-if r==1 go", f"wait {full} m", "jump again", "go: store full 0"],
        "P": ["lock m", "again: load r full", "jump-if r==0 go", f"wait {empty} m", "jump again", "go: store full 1"],
    }
    ending = {"C": [f"signal {empty}", "unlock m"], "P": [f"signal {full}", "unlock m"]}
    if parameters.consumers != parameters.producers:
        raise refuse("needs as many consumers as producers")
    names = [f"{role}{n + 1}" for role in "CP" for n in range(parameters.consumers)]
    threads = [{"name": name, "program": [*program[name[0]], *ending[name[0]]]} for name in names]
    return make(Scenario, {"shared": {"full": 0}, "threads": threads})


RECIPES = (
    Recipe("increments", IncrementParameters, increments, "Threads that count up one variable."),
    Recipe("updates", UpdateParameters, updates, "Threads that each add another amount to one variable."),
    Recipe("flags", FlagsParameters, flags, "Each of two threads stores a variable and loads the other's."),
    Recipe("waiting", WaitingParameters, waiting, "Consumers wait for items; `if` or `while` around the wait."),
    Recipe("handover", HandoverParameters, handover, "One thread waits for a signal of another."),
    Recipe("guards", GuardParameters, guards, "Variables guarded by a lock, by half a lock, by nothing."),
    Recipe("semaphore", SemaphoreParameters, semaphore, "Threads that add between acquire and release."),
    Recipe("locks", LocksParameters, locks, "Threads that take two locks each, in a circle or not."),
    Recipe("gate", GateParameters, gate, "A critical section behind a flag or a mutex."),
    Recipe("buffer", BufferParameters, buffer, "A buffer of one place, one condition or two."),
)
