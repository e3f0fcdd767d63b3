"""What can be asked of the tables? Results, tables, offsets, references, leaks; at the end of the run."""

from collections.abc import Mapping

from sims.declare import NoAnswer
from sims.descriptors.run import Event, Opened, Result, Slot, Trace
from sims.descriptors.scenario import FIRST, SILENT, opened_names, processes

ERRORS = ("EMFILE", "EBADF", "EPIPE", "ENOENT", "ESPIPE")


def results(trace: Trace) -> Mapping[str, Result]:
    """What each call returns, by its number: a descriptor, bytes, 0, or an error; a pipe has two, 4r and 4w. Raises
    NoAnswer where no call returns anything."""
    pairs = (pair for event in trace.events for pair in zip(names(event), event.results, strict=True))
    found = dict(pairs)
    if not found:
        raise NoAnswer("no call returns anything")
    return found


def names(event: Event) -> tuple[str, ...]:
    """The names of the event's results."""
    if event.operation.op in SILENT:
        return ()
    return (f"{event.number}r", f"{event.number}w") if event.operation.op == "pipe" else (str(event.number),)


def final_table(trace: Trace, process: str) -> tuple[Slot, ...]:
    """The descriptors of a process at the end; none of one that has exited."""
    return dict(trace.events[-1].tables).get(process, ())


def final_opened(trace: Trace) -> Mapping[int, Opened]:
    """The open file descriptions that are left at the end, by id."""
    return {opened.id: opened for opened in trace.events[-1].opened}


def table(trace: Trace, process: str) -> tuple[tuple[int, str], ...]:
    """(descriptor, what it names) of a process at the end, in order of the numbers."""
    opened = final_opened(trace)
    return tuple((slot.fd, opened[slot.opened].label) for slot in final_table(trace, process))


def offset(trace: Trace, fd: int) -> Result:
    """The offset, in bytes, of the description that the first process's descriptor names at the end; EBADF where it
    is not open, ESPIPE where it has none. Raises NoAnswer when that process has exited."""
    if FIRST not in dict(trace.events[-1].tables):
        raise NoAnswer(f"{FIRST} has exited")
    slot = next((slot for slot in final_table(trace, FIRST) if slot.fd == fd), None)
    if slot is None:
        return "EBADF"
    found = final_opened(trace)[slot.opened].offset
    return "ESPIPE" if found is None else found


def references(trace: Trace) -> Mapping[str, int]:
    """Descriptors of all processes that name each open file description, by the call that made it; 0: it is gone, or
    was never made."""
    counts = dict.fromkeys(opened_names(trace.scenario), 0)
    for opened in trace.events[-1].opened:
        counts[opened.name] += opened.references
    return counts


def leaked(trace: Trace) -> tuple[tuple[str, int], ...]:
    """(process, descriptor) for everything above 2 that was still open when the process exited, or at the end."""
    left = {event.operation.process: event.left for event in trace.events if event.operation.op == "exit"}
    for process, slots in trace.events[-1].tables:
        left[process] = tuple(slot.fd for slot in slots if slot.fd > 2)
    return tuple((process, fd) for process in processes(trace.scenario) for fd in left.get(process, ()))


def first_failure(trace: Trace) -> Result:
    """The number of the first call that fails with an error, or `none`; would-block is no error."""
    return next((event.number for event in trace.events if failed(event)), "none")


def failed(event: Event) -> bool:
    """Whether the call failed."""
    return any(result in ERRORS for result in event.results)
