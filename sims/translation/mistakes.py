"""How do people get translation wrong? Bits cut at the wrong place, tables not counted, accesses added up wrongly."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sims.declare import Mistake, NoAnswer
from sims.translation.quantities import indices, linear_table_bytes, table_sizes, tlb_hits, tlb_misses, tlb_of, walk
from sims.translation.run import Trace
from sims.translation.scenario import Paged, Rates, Segmented

TIMES = ("access-times", "effective-access-time")
COUNTS = ("memory-accesses", *TIMES)
HITS = ("tlb-hits", "tlb-misses", "hit-rate", "hit-string")
Rule = Callable[[Any], Any]


def misruled(word: str, *kinds: type[Any]) -> Rule:
    """The rule that errs by `word` in these kinds of scenario; elsewhere nothing changes."""

    def rule(scenario: Any) -> Any:
        return replace(scenario, misrule=word) if isinstance(scenario, kinds) else scenario

    return rule


def _hexadecimal_as_decimal(scenario: Any) -> Any:
    if isinstance(scenario, Rates):
        return scenario
    digits = [f"{access.address:x}" for access in scenario.accesses]
    if not all(each.isdecimal() for each in digits):
        raise NoAnswer("an address has letters")
    accesses = [replace(access, address=int(each)) for access, each in zip(scenario.accesses, digits, strict=True)]
    return replace(scenario, accesses=tuple(accesses))


def _tlb_by_load(scenario: Any) -> Any:
    if not isinstance(scenario, Paged) or scenario.tlb is None:
        return scenario
    return replace(scenario, tlb=replace(scenario.tlb, policy="fifo" if scenario.tlb.policy == "lru" else "lru"))


def _one_set(scenario: Any) -> Any:
    if not isinstance(scenario, Paged) or scenario.tlb is None:
        return scenario
    return replace(scenario, tlb=replace(scenario.tlb, ways=None))


# ── another figure from the same trace ──────────────────────────────────────────────────────────────────────────


def _from_the_low_end(trace: Trace) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(reversed(row)) for row in indices(trace))


def _walk_from_the_low_end(trace: Trace, name: str) -> tuple[tuple[Any, ...], ...]:
    rows = walk(trace, name)
    return tuple((level, low[1], rest) for (level, _, rest), low in zip(rows, reversed(rows), strict=True))


def _rest_without_offset(trace: Trace, name: str) -> tuple[tuple[Any, ...], ...]:
    bits = trace.scenario.page_bits if isinstance(trace.scenario, Paged) else 0
    return tuple((level, index, hex(int(rest, 16) >> bits)) for level, index, rest in walk(trace, name))


def _last_level_only(trace: Trace) -> int:
    count, size = table_sizes(trace.scenario)[-1]
    return count * size


def _one_table_a_level(trace: Trace) -> int:
    return sum(size for _, size in table_sizes(trace.scenario))


def _entries_only(trace: Trace) -> int:
    assert isinstance(trace.scenario, Paged)
    return linear_table_bytes(trace) // trace.scenario.entry_bytes


def _offset_bits_as_entries(trace: Trace) -> int:
    assert isinstance(trace.scenario, Paged)
    return (1 << trace.scenario.page_bits) * trace.scenario.entry_bytes


def _hits_over_misses(trace: Trace) -> Fraction:
    if not tlb_misses(trace):
        raise NoAnswer("nothing misses")
    return Fraction(tlb_hits(trace), tlb_misses(trace))


def _miss_rate(trace: Trace) -> Fraction:
    return Fraction(tlb_misses(trace), tlb_hits(trace) + tlb_misses(trace))


def _entries_of_the_tlb(trace: Trace) -> int:
    return tlb_of(trace).entries


def _bytes_of_the_entries(trace: Trace) -> int:
    assert isinstance(trace.scenario, Paged)
    return tlb_of(trace).entries * trace.scenario.entry_bytes


def _states_fault_time(_scenario: Any) -> str:
    return "The time of a fault is the whole time of an access that faults."


MISTAKES = (
    Mistake(
        id="hexadecimal-as-decimal",
        clause="the digits of the address are read as decimal",
        says="0x marks hexadecimal: each digit is four bits.",
        rule=_hexadecimal_as_decimal,
        asked=("physical", "indices", "offset", "walk"),
    ),
    Mistake(
        id="offset-bits-from-pages",
        clause="the offset gets as many bits as there are for the page number",
        says="The page size gives the bits of the offset; the number of pages gives the bits of the page number.",
        rule=misruled("split-swapped", Paged),
        asked=("indices", "offset"),
    ),
    Mistake(
        id="index-from-wrong-end",
        clause="the lowest bits are taken for the top level",
        says="The top level is selected by the highest bits of the page number.",
        measures={"indices": _from_the_low_end, "walk": _walk_from_the_low_end},
    ),
    Mistake(
        id="offset-left-out",
        clause="only the bits of the page number are kept as the rest",
        says="The offset goes along to the end of the walk: what is left below the last level is the offset itself.",
        measures={"walk": _rest_without_offset},
    ),
    Mistake(
        id="frame-added",
        clause="the frame number is added to the offset",
        says="The frame number is the upper part of the address: frame × page size + offset.",
        rule=misruled("frame-added", Paged),
        asked=("physical",),
    ),
    Mistake(
        id="kernel-unchecked",
        clause="kernel mode is taken to pass every check",
        says="Kernel mode passes the user check. A page that is not writable is not writable for it either.",
        rule=misruled("kernel-unchecked", Paged),
        asked=("physical",),
    ),
    Mistake(
        id="last-level-only",
        clause="only the tables of the last level are counted",
        says="The tables above them take memory as well.",
        measures={"page-table-bytes": _last_level_only},
    ),
    Mistake(
        id="one-table-a-level",
        clause="one table is counted for each level",
        says="Below the top there is a table wherever an entry leads to one.",
        measures={"page-table-bytes": _one_table_a_level},
    ),
    Mistake(
        id="linear-for-levels",
        clause="an entry is counted for every page of the address space",
        says="That is the linear table. With levels, tables for unused stretches do not exist.",
        measures={"page-table-bytes": linear_table_bytes},
    ),
    Mistake(
        id="entries-for-bytes",
        clause="the size of an entry is forgotten",
        says="The table has that many entries; each takes several bytes.",
        measures={"linear-table-bytes": _entries_only},
    ),
    Mistake(
        id="offset-for-page-number",
        clause="the bits of the offset are taken for those of the page number",
        says="There is an entry for each page: 2 to the power of the bits above the offset.",
        measures={"linear-table-bytes": _offset_bits_as_entries},
    ),
    Mistake(
        id="miss-costs-one-access",
        clause="a miss is taken to cost one memory access, like a hit",
        says="A miss reads one entry a level before it gets to the data.",
        rule=misruled("walk-free", Paged, Rates),
        asked=COUNTS,
    ),
    Mistake(
        id="walk-is-one-access",
        clause="a walk is taken to read one entry, however many levels there are",
        says="A walk reads one entry of every level.",
        rule=misruled("walk-once", Paged, Rates),
        asked=COUNTS,
    ),
    Mistake(
        id="data-access-forgotten",
        clause="the data access after the walk is left out",
        says="The walk only finds the frame; then the data itself has to be read.",
        rule=misruled("no-data-access", Paged, Rates),
        asked=COUNTS,
    ),
    Mistake(
        id="probe-forgotten",
        clause="the time of the TLB probe is left out",
        says="Every access probes the TLB first, and pays for it on a hit and on a miss.",
        rule=misruled("probe-forgotten", Paged, Rates),
        asked=TIMES,
    ),
    Mistake(
        id="probe-counted-twice",
        clause="a miss pays for the probe twice",
        says="The probe is paid once; after the walk the translation is at hand.",
        rule=misruled("probe-twice", Paged, Rates),
        asked=TIMES,
    ),
    Mistake(
        id="tlb-miss-is-fault",
        clause="a TLB miss is taken for a page fault",
        says="On a miss the hardware walks the tables. A fault comes only if the page is not present, or not allowed.",
        rule=misruled("miss-faults", Paged, Rates),
        asked=("physical", *COUNTS),
    ),
    Mistake(
        id="no-flush",
        clause="the TLB keeps its entries when the address space changes",
        says="Without tags the entries of the other process would be taken for one's own; the TLB is emptied.",
        rule=misruled("never-flushed", Paged),
        asked=("physical", *HITS, *COUNTS),
    ),
    Mistake(
        id="other-tlb-policy",
        clause="the other replacement policy is used in the TLB",
        says="LRU goes by the last use, FIFO by the time of filling; the question says which holds.",
        rule=_tlb_by_load,
        asked=(*HITS, *COUNTS),
    ),
    Mistake(
        id="sets-ignored",
        clause="a translation may be in any entry of the TLB",
        says="Page mod sets names the set, and only its ways are searched and filled.",
        rule=_one_set,
        asked=(*HITS, *COUNTS),
    ),
    Mistake(
        id="hits-over-misses",
        clause="the hits are divided by the misses",
        says="A rate is over all probes, hits and misses together.",
        measures={"hit-rate": _hits_over_misses},
    ),
    Mistake(
        id="miss-rate-for-hit-rate",
        clause="the misses are divided by the probes",
        says="That is the miss rate; the hit rate is what remains to 1.",
        measures={"hit-rate": _miss_rate},
    ),
    Mistake(
        id="rates-swapped",
        clause="the hit rate is taken for the rate of misses",
        says="The hit rate belongs to the short way, without a walk.",
        rule=misruled("rates-swapped", Rates),
        asked=("effective-access-time",),
    ),
    Mistake(
        id="limit-inclusive",
        clause="the limit itself is taken for a valid offset",
        says="Offsets count from 0, so that a segment of limit bytes ends at limit − 1.",
        rule=misruled("limit-inclusive", Segmented),
        asked=("physical",),
    ),
    Mistake(
        id="down-as-up",
        clause="the offset is added to the base of a segment that grows down",
        says="There the offset counts from the far end: base + offset − segment size.",
        rule=misruled("down-as-up", Segmented),
        asked=("physical",),
    ),
    Mistake(
        id="reach-in-entries",
        clause="the entries are counted, not what they cover",
        says="Each entry covers a whole page.",
        measures={"reach": _entries_of_the_tlb},
    ),
    Mistake(
        id="reach-of-entries",
        clause="the size of the entries is taken for the size of the pages",
        says="Reach is what the entries cover, not what they take up.",
        measures={"reach": _bytes_of_the_entries},
    ),
    Mistake(
        id="fault-on-top",
        clause="the time of a fault is added to that of a normal access",
        says="Some books add the two; the question says which holds.",
        rule=misruled("fault-on-top", Rates),
        asked=("effective-access-time",),
        convention=True,
        states=_states_fault_time,
    ),
)
