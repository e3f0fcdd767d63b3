"""How much, where to, how often? The figures of a translation, each a function of the trace.

Times are nanoseconds, averages exact fractions. Maps are by access, in the order of the accesses.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sims.declare import NoAnswer
from sims.translation.run import Trace, tables_by_level
from sims.translation.scenario import Paged, Rates, Tlb


def physical(trace: Trace) -> Mapping[str, int | str]:
    """The physical address of each access, or its fault."""
    return {event.name: event.result if event.physical is None else event.physical for event in trace.accesses}


def indices(trace: Trace) -> tuple[tuple[int, ...], ...]:
    """The index into the table of each level, from the top; segmented: the segment. One row an access."""
    return tuple(event.indices for event in trace.accesses)


def offset(trace: Trace) -> Mapping[str, int]:
    """The offset of each address in its page or segment."""
    return {event.name: event.offset for event in trace.accesses}


def memory_accesses(trace: Trace) -> int:
    """Accesses to memory in all: entries of tables, and data."""
    return sum(event.walked + event.data for event in trace.accesses)


def tlb_hits(trace: Trace) -> int:
    """Probes that find the translation."""
    return sum(event.tlb == "hit" for event in trace.accesses)


def tlb_misses(trace: Trace) -> int:
    """Probes that do not."""
    return sum(event.tlb == "miss" for event in trace.accesses)


def hit_rate(trace: Trace) -> Fraction:
    """TLB hits over probes. Raises NoAnswer where nothing was probed."""
    probes = tlb_hits(trace) + tlb_misses(trace)
    if not probes:
        raise NoAnswer("the TLB was never probed")
    return Fraction(tlb_hits(trace), probes)


def hit_string(trace: Trace) -> str:
    """H or M for each access. Raises NoAnswer where one does not probe."""
    if any(event.tlb == "" for event in trace.accesses):
        raise NoAnswer("an address that is not canonical is not looked up")
    return "".join("H" if event.tlb == "hit" else "M" for event in trace.accesses)


def access_times(trace: Trace) -> Mapping[str, int]:
    """What each access takes, in ns."""
    return {event.name: event.cost for event in trace.accesses}


def effective_access_time(trace: Trace) -> Fraction:
    """The mean time of an access in ns: over the run, or in closed form from the rates. Raises NoAnswer."""
    if isinstance(trace.scenario, Rates):
        return sum((share.rate * share.time for share in trace.shares), Fraction(0))
    if not trace.events:
        raise NoAnswer("there is no access")
    return Fraction(sum(event.cost for event in trace.accesses), len(trace.events))


def page_table_bytes(trace: Trace) -> int:
    """Bytes of all tables that the entries need: one top table a space, and a table below where one is led to."""
    return sum(count * size for count, size in table_sizes(trace.scenario))


def table_sizes(scenario: Any) -> tuple[tuple[int, int], ...]:
    """(tables, bytes of one) for each level. Raises NoAnswer without page tables."""
    if not isinstance(scenario, Paged):
        raise NoAnswer("there are no page tables")
    tables = tables_by_level(scenario)
    return tuple(
        (len(each), (1 << bits) * scenario.entry_bytes) for bits, each in zip(scenario.levels, tables, strict=True)
    )


def linear_table_bytes(trace: Trace) -> int:
    """Bytes of one table with an entry for every page, for each space. Raises NoAnswer without page tables."""
    scenario = trace.scenario
    if not isinstance(scenario, Paged):
        raise NoAnswer("there are no page tables")
    return (1 << sum(scenario.levels)) * scenario.entry_bytes * len(tables_by_level(scenario)[0])


def reach(trace: Trace) -> int:
    """Bytes that a full TLB covers. Raises NoAnswer without a TLB."""
    tlb = tlb_of(trace)
    assert isinstance(trace.scenario, Paged)
    return tlb.entries << trace.scenario.page_bits


def tlb_of(trace: Trace) -> Tlb:
    """The TLB. Raises NoAnswer where there is none."""
    tlb = trace.scenario.tlb if isinstance(trace.scenario, Paged) else None
    if tlb is None:
        raise NoAnswer("there is no TLB")
    return tlb


def walk(trace: Any, name: str) -> tuple[tuple[str, int, str], ...]:
    """One row a level from the top: the index at that level, and what is left of the address below it."""
    scenario = trace.scenario
    event = next(event for event in trace.accesses if event.name == name)
    return tuple(
        (f"level-{level}", index, hex(_below(event.address, width)))
        for level, (index, width) in enumerate(zip(event.indices, _widths(scenario), strict=True), 1)
    )


def next_level(trace: Any, rows: Sequence[tuple[Any, ...]], name: str) -> tuple[str, int, str] | None:
    """The row of the next level, cut from what the rows so far have left; None below the last. Raises NoAnswer."""
    widths = _widths(trace.scenario)
    if len(rows) >= len(widths):
        return None
    address = next(event.address for event in trace.accesses if event.name == name)
    rest = rows[-1][-1] if rows else _below(address, sum(trace.scenario.levels) + trace.scenario.page_bits)
    if type(rest) is not int or rest < 0:
        raise NoAnswer("nothing can be cut from that")
    width = widths[len(rows)]
    return (f"level-{len(rows) + 1}", rest >> width, hex(_below(rest, width)))


def _widths(scenario: Any) -> tuple[int, ...]:
    """How many bits of an address lie below the index of each level, from the top."""
    total = scenario.page_bits + sum(scenario.levels)
    return tuple(total - sum(scenario.levels[: level + 1]) for level in range(len(scenario.levels)))


def _below(address: int, bits: int) -> int:
    return address & ((1 << bits) - 1)
