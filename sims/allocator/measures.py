"""What can be asked of a heap?"""

from collections.abc import Callable
from fractions import Fraction

from sims.allocator.heap import Event, Scenario, Trace, heap_after, needed
from sims.declare import MapOf, Measure, Number, SetOf, Step, TableOf

_FIT = {
    "first": "first fit: the lowest free block that is large enough",
    "best": "best fit: the smallest free block that is large enough, ties to the lowest address",
    "worst": "worst fit: the largest free block, ties to the lowest address",
    "next": "next fit: the first fitting block behind the last one given out, then from the bottom",
    "buddy": "buddy: request and header to a power of two, the smallest block that serves is halved",
}


def sentence(trace: Trace, index: int) -> str:
    """One sentence on the operation."""
    event, scenario = trace.events[index], trace.scenario
    request = needed(scenario, event.operation.bytes) if event.operation.bytes else 0
    examined = f"{event.searched} examined" if event.searched else ""
    block = f"bytes {event.start} to {event.start + event.size - 1}"
    name = event.operation.name
    says = {
        "placed": f"{request} bytes are needed; the block is {block}, the address {event.address}; {examined}",
        "moved": f"{request} bytes are needed; copied to {block}, address {event.address}, and the old block is freed",
        "failed": f"{request} bytes are needed; no free block is large enough",
        "freed": f"{block} are free again",
        "null": "the address is null; nothing happens",
        "double-free": f"{name} was freed before; nothing changes",
        "use-after-free": f"{name} was freed before; whoever has the memory now is damaged",
        "used": f"{name} is at {event.address}",
        "grown": f"it grows in place to {block}",
        "shrunk": f"it shrinks in place to {block}",
        "stays": f"{request} bytes are needed; the block of {event.size} stays as it is",
    }[event.outcome]
    return f"{event.operation}: {says}."


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────


def address(trace: Trace) -> dict[str, int | str]:
    """Variable -> the address that its last malloc or realloc gave, or fails."""
    found: dict[str, int | str] = {}
    for event in trace.events:
        if event.operation.bytes and event.outcome != "use-after-free":
            found[event.operation.name] = "fails" if event.outcome == "failed" else event.address
    return found


def free_list(trace: Trace) -> tuple[tuple[int, int], ...]:
    """The free blocks at the end: start and size, in address order."""
    return tuple(heap_after(trace).free.items())


def largest_free(trace: Trace) -> int:
    """Bytes of the largest free block at the end; 0 if nothing is free."""
    return max(heap_after(trace).free.values(), default=0)


def fragmentation(trace: Trace) -> Fraction:
    """1 − largest/total free at the end; 0 if nothing is free."""
    free = heap_after(trace).free.values()
    return 1 - Fraction(max(free), sum(free)) if free else Fraction(0)


def searched(trace: Trace) -> int:
    """Free blocks examined in all."""
    return sum(event.searched for event in trace.events)


def internal_waste(trace: Trace) -> int:
    """Bytes of the blocks in use at the end that nobody asked for: headers, rounding, what buddy adds."""
    return sum(block.size - block.request for block in heap_after(trace).live.values())


def leaked(trace: Trace) -> int:
    """Bytes asked for that are never freed."""
    return sum(block.request for block in heap_after(trace).live.values())


def _where(outcome: str) -> Callable[[Trace], frozenset[int]]:
    def of(trace: Trace) -> frozenset[int]:
        return frozenset(n for n, event in enumerate(trace.events, 1) if event.outcome == outcome)

    return of


failed = _where("failed")
double_free = _where("double-free")
use_after_free = _where("use-after-free")


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────


def _told(trace: Trace, wanted: Callable[[Event], bool]) -> list[Step]:
    rule = _FIT[trace.scenario.fit]
    return [Step(sentence(trace, n), rule, None, None, n) for n, event in enumerate(trace.events) if wanted(event)]


def _changes(event: Event) -> bool:
    return event.outcome not in ("null", "used", "stays", "double-free", "use-after-free")


def _address_steps(trace: Trace) -> tuple[Step, ...]:
    final = address(trace)
    last = {event.operation.name: n for n, event in enumerate(trace.events) if event.operation.bytes}
    steps = []
    for n, event in enumerate(trace.events):
        name = event.operation.name
        settled = last.get(name) == n
        if _changes(event) or settled:
            value, key = (final[name], name) if settled else (None, None)
            steps.append(Step(sentence(trace, n), _FIT[trace.scenario.fit], value, key, n))
    return tuple(steps)


def _free_list_steps(trace: Trace) -> tuple[Step, ...]:
    rows = free_list(trace)
    says = "; ".join(f"{size} at {start}" for start, size in rows) or "none"
    return (*_told(trace, _changes), Step(f"Free at the end: {says}.", "the free list is in address order", rows))


def _largest_steps(trace: Trace) -> tuple[Step, ...]:
    value = largest_free(trace)
    return (*_free_list_steps(trace), Step(f"The largest of them: {value}.", "the largest free block", value))


def _fragmentation_steps(trace: Trace) -> tuple[Step, ...]:
    value, total = fragmentation(trace), sum(size for _, size in free_list(trace))
    says = f"1 − {largest_free(trace)}/{total} = {value}." if total else "Nothing is free: 0."
    return (*_free_list_steps(trace), Step(says, "fragmentation: 1 − largest/total free", value))


def _searched_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [], 0
    for n, event in enumerate(trace.events):
        total += event.searched
        if event.operation.bytes:
            says = f"{sentence(trace, n)[:-1]}: {total} in all."
            steps.append(Step(says, _FIT[trace.scenario.fit], total, None, n))
    return tuple(steps)


def _waste_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [Step("Only blocks in use at the end count.", _WASTE, 0)], 0
    for start, block in heap_after(trace).live.items():
        total += block.size - block.request
        says = (
            f"{block.name} at {start}: {block.size} − {block.request} = {block.size - block.request}; {total} so far."
        )
        steps.append(Step(says, _WASTE, total))
    return tuple(steps)


_WASTE = "internal waste: the block minus the bytes asked for"


def _leaked_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [Step("Every block that was freed is left out.", _LEAK, 0)], 0
    for block in heap_after(trace).live.values():
        total += block.request
        steps.append(Step(f"{block.name} still holds {block.request} bytes: {total} so far.", _LEAK, total))
    return tuple(steps)


_LEAK = "leaked: allocated and never freed"


def _where_steps(outcome: str) -> Callable[[Trace], tuple[Step, ...]]:
    def steps(trace: Trace) -> tuple[Step, ...]:
        found = _where(outcome)(trace)
        told = _told(trace, lambda event: event.outcome == outcome or _changes(event))
        says = f"Operations: {' '.join(map(str, sorted(found)))}." if found else "None of the operations."
        return (*told, Step(says, "operations are numbered from 1", found))

    return steps


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


def _variables(scenario: Scenario) -> tuple[str, ...]:
    return tuple(dict.fromkeys(operation.name for operation in scenario.operations))


def _has(op: str) -> Callable[[Scenario], bool]:
    return lambda scenario: any(operation.op == op for operation in scenario.operations)


MEASURES = (
    Measure(
        name="address",
        gives=MapOf(Number(words=("fails",)), _variables, "variable"),
        of=address,
        help="The address that the last malloc or realloc of each variable gave, or fails.",
        asks="Which address does each variable get (its last, if it gets several)?",
        steps=_address_steps,
        applies=_has("malloc"),
        source="csapp-3 9.9",
    ),
    Measure(
        name="free-list",
        gives=TableOf(("start", "size"), "block"),
        of=free_list,
        help="The free blocks at the end, in address order.",
        asks="Which blocks are free at the end: start and size, in address order?",
        steps=_free_list_steps,
        source="ostep 17.2",
    ),
    Measure(
        name="fragmentation",
        gives=Number(),
        of=fragmentation,
        help="1 − largest/total free at the end; 0 if nothing is free.",
        asks="How fragmented is the free memory at the end: 1 − largest/total?",
        steps=_fragmentation_steps,
        better="low",
        source="csapp-3 9.9.4",
    ),
    Measure(
        name="largest-free",
        gives=Number("bytes"),
        of=largest_free,
        help="The largest free block at the end.",
        asks="How large is the largest free block at the end?",
        steps=_largest_steps,
        better="high",
        source="csapp-3 9.9.4",
    ),
    Measure(
        name="searched",
        gives=Number("blocks"),
        of=searched,
        help="Free blocks examined in all; best and worst fit, and a search in vain, examine every one.",
        asks="How many free blocks are examined in all?",
        steps=_searched_steps,
        applies=lambda scenario: scenario.fit != "buddy" and _has("malloc")(scenario),
        better="low",
        source="ostep 17.3",
    ),
    Measure(
        name="failed",
        gives=SetOf("operation"),
        of=failed,
        help="The operations, numbered from 1, for which no free block is large enough.",
        asks="Which operations fail (numbered from 1)?",
        steps=_where_steps("failed"),
        source="csapp-3 9.9.4",
    ),
    Measure(
        name="leaked",
        gives=Number("bytes"),
        of=leaked,
        help="Bytes asked for that are never freed.",
        asks="How many bytes that were asked for are never freed?",
        steps=_leaked_steps,
        better="low",
        source="ostep 14.4",
    ),
    Measure(
        name="double-free",
        gives=SetOf("operation"),
        of=double_free,
        help="The operations, numbered from 1, that free what was freed before.",
        asks="Which operations free memory that was freed before (numbered from 1)?",
        steps=_where_steps("double-free"),
        source="ostep 14.4",
    ),
    Measure(
        name="use-after-free",
        gives=SetOf("operation"),
        of=use_after_free,
        help="The operations, numbered from 1, that use or resize memory that was freed.",
        asks="Which operations use memory that was freed before (numbered from 1)?",
        steps=_where_steps("use-after-free"),
        source="ostep 14.4",
    ),
    Measure(
        name="internal-waste",
        gives=Number("bytes"),
        of=internal_waste,
        help="Bytes of the blocks in use at the end that nobody asked for: headers, rounding, what buddy adds.",
        asks="How many bytes of the blocks in use at the end did nobody ask for, headers included?",
        steps=_waste_steps,
        better="low",
        source="csapp-3 9.9.4",
    ),
)
