"""How is each question about descriptors worked out? Steps about these calls, the last of them the answer."""

from sims.declare import Step
from sims.descriptors.measures import (
    failed,
    final_opened,
    final_table,
    first_failure,
    leaked,
    names,
    offset,
    references,
    table,
)
from sims.descriptors.run import Event, Trace, tell, told

LOWEST = "a new descriptor is the lowest free number"
BELOW = "every number is below the limit: EMFILE"
SHARED = "the offset belongs to the open file description, which dup and fork share"
PIPE_END = "end of file only when every write end is closed, in every process"


def because(trace: Trace, event: Event) -> tuple[str, str]:
    """(why the call gives this here, the rule)."""
    op, result = event.operation.op, event.results[0] if event.results else ""
    if result == "EMFILE":
        return f"fewer numbers than needed are free below {trace.scenario.limit}", BELOW
    if result == "EBADF":
        return "the number is not open for this, or not below the limit", "EBADF: not an open descriptor"
    if op == "pipe":
        return f"{told(event.results)} are the lowest that are free", LOWEST
    if op in ("open", "dup"):
        return f"{told(event.results)} is the lowest that is free", LOWEST
    if op == "dup2":
        return f"{event.operation.to} now names what {event.operation.fd} names", "dup2: the number that was asked for"
    if op in ("read", "write"):
        return _moved(event)
    return "", "close, lseek and unlink give 0 or the new offset"


def _moved(event: Event) -> tuple[str, str]:
    op, result = event.operation.op, event.results[0]
    if result == "would-block":
        return "there is nothing yet, and more may come", "an empty pipe with a write end open would block"
    if result == "EPIPE":
        return "no read end is open any more", "EPIPE: a pipe without a read end"
    if op == "read" and result == 0:
        return "there is nothing more, and nothing can come", PIPE_END
    return f"the offset is the description's; {result} bytes are moved", SHARED


def results_steps(trace: Trace) -> tuple[Step, ...]:
    """One step a result."""
    steps = []
    for index, event in enumerate(trace.events):
        why, rule = because(trace, event)
        says = f"{tell(trace, index)[:-1]}: {why}." if why else tell(trace, index)
        for name, result in zip(names(event), event.results, strict=True):
            steps.append(Step(says, rule, result, name, index))
    return tuple(steps)


def table_steps(trace: Trace, process: str) -> tuple[Step, ...]:
    """What every call of the process changed, then its table."""
    mine = [
        Step(tell(trace, index), because(trace, event)[1], None, None, index)
        for index, event in enumerate(trace.events)
        if process in (event.operation.process, event.operation.child) and not failed(event)
    ]
    rows = table(trace, process)
    opened = final_opened(trace)
    last = [
        Step(f"{slot.fd} names {opened[slot.opened].label}.", "the table at the end", (slot.fd,), number)
        for number, slot in enumerate(final_table(trace, process))
    ]
    says = "; ".join(f"{fd} {label}" for fd, label in rows) or "nothing is open"
    return (*mine, *last, Step(f"{process} at the end: {says}.", "a table for each process", rows))


def offset_steps(trace: Trace, fd: int) -> tuple[Step, ...]:
    """Every call that moves the offset of what the descriptor names."""
    answer = offset(trace, fd)
    slot = next((slot for slot in final_table(trace, "P") if slot.fd == fd), None)
    steps: list[Step] = []
    before: int | None = 0  # a terminal or a pipe has no offset
    for index, event in enumerate(trace.events):
        found = next((one for one in event.opened if slot is not None and one.id == slot.opened), None)
        if found is not None and found.offset not in (before, None):
            says = f"{tell(trace, index)} The offset is now {found.offset}."
            steps.append(Step(says, SHARED, found.offset, None, index))
            before = found.offset
    return (*steps, Step(f"At the end {fd} stands at {answer}.", SHARED, answer))


def references_steps(trace: Trace) -> tuple[Step, ...]:
    """For each description, who names it."""
    slots = [(process, slot) for process, rows in trace.events[-1].tables for slot in rows]
    by_name = {opened.name: opened.id for opened in trace.events[-1].opened}
    steps = []
    for name, count in references(trace).items():
        who = ", ".join(f"{process} {slot.fd}" for process, slot in slots if slot.opened == by_name.get(name))
        says = f"The description {name}: {who or 'nobody'}. {count}."
        steps.append(Step(says, "a description lives while a descriptor names it", count, name))
    return tuple(steps)


def leaked_steps(trace: Trace) -> tuple[Step, ...]:
    """Who leaves what open."""
    rows = leaked(trace)
    rule = "leaked: above 2 and still open at exit"
    steps = [Step(f"{process} leaves {fd} open.", rule, (process, fd), n) for n, (process, fd) in enumerate(rows)]
    says = "; ".join(f"{process} {fd}" for process, fd in rows) or "none"
    return (*steps, Step(f"Leaked: {says}.", rule, rows))


def failure_steps(trace: Trace) -> tuple[Step, ...]:
    """The calls up to the first that fails."""
    first = first_failure(trace)
    shown = [index for index, event in enumerate(trace.events) if first == "none" or event.number <= int(first)]
    steps = [Step(tell(trace, i), because(trace, trace.events[i])[1], None, None, i) for i in shown]
    says = "No call fails: none." if first == "none" else f"The first that fails is call {first}."
    return (*steps, Step(says, "would-block is no failure", first))
