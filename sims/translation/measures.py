"""What can be asked of a translation? Addresses and their parts, TLB hits, bytes of tables, and times."""

from typing import Any

from sims.declare import Argument, HitString, MapOf, Measure, Number, TableOf
from sims.translation.quantities import (
    access_times,
    effective_access_time,
    hit_rate,
    hit_string,
    indices,
    linear_table_bytes,
    memory_accesses,
    next_level,
    offset,
    page_table_bytes,
    physical,
    reach,
    tlb_hits,
    tlb_misses,
    walk,
)
from sims.translation.run import FAULTS
from sims.translation.scenario import Paged, Rates, Segmented
from sims.translation.solutions import (
    counted_steps,
    effective_steps,
    hit_steps,
    hit_string_steps,
    linear_steps,
    rate_steps,
    reach_steps,
    split_steps,
    table_steps,
    time_steps,
    told,
    walk_steps,
)

SILBERSCHATZ = "silberschatz-10 9.3"


def names(scenario: Any) -> tuple[str, ...]:
    """The names of the accesses."""
    return tuple(access.name for access in scenario.accesses)


def columns(scenario: Any) -> tuple[str, ...]:
    """The columns of the table of indices."""
    if isinstance(scenario, Segmented):
        return ("segment",)
    return tuple(f"level-{number}" for number in range(1, len(scenario.levels) + 1))


def has_accesses(scenario: Any) -> bool:
    """Whether there are addresses to translate."""
    return not isinstance(scenario, Rates) and bool(scenario.accesses)


def has_probes(scenario: Any) -> bool:
    """Whether there is a TLB, and something that it is asked for."""
    return isinstance(scenario, Paged) and scenario.tlb is not None and bool(scenario.accesses)


def has_tlb(scenario: Any) -> bool:
    """Whether there is a TLB."""
    return isinstance(scenario, Paged) and scenario.tlb is not None


def is_paged(scenario: Any) -> bool:
    """Whether there are page tables."""
    return isinstance(scenario, Paged)


def has_time(scenario: Any) -> bool:
    """Whether there is an access time to average."""
    return isinstance(scenario, Rates) or has_accesses(scenario)


MEASURES = (
    Measure(
        name="physical",
        gives=MapOf(Number(base=16, words=FAULTS), names, "access"),
        of=physical,
        help="The physical address of each access, or its fault: not-present, protection, non-canonical, segmentation.",
        asks="Which physical address does each access reach, or which fault does it end in?",
        steps=told(
            lambda event: event.result if event.physical is None else event.physical,
            "physical address: the frame number before the bits of the offset",
        ),
        applies=has_accesses,
        source=SILBERSCHATZ,
    ),
    Measure(
        name="indices",
        gives=TableOf(columns, "access"),
        of=indices,
        help="The index into the table of each level, from the top; with segments the number of the segment.",
        asks="Which index does each address give at each level, from the top?",
        steps=split_steps(lambda event: event.indices, lambda index, _: index),
        applies=has_accesses,
        source="silberschatz-10 9.4.1",
    ),
    Measure(
        name="walk",
        gives=TableOf(("level", "index", "rest"), "level"),
        of=walk,
        help="Level by level: the index that the address gives, and the bits of the address that are left below it.",
        asks="Walk the tables for {name}: at each level (the top is level-1) the index, and what is left below it.",
        steps=walk_steps,
        arguments=(Argument("name", "the access", names=names),),
        applies=lambda scenario: is_paged(scenario) and has_accesses(scenario),
        follows=next_level,
        source="silberschatz-10 9.4.1",
    ),
    Measure(
        name="offset",
        gives=MapOf(Number(base=16), names, "access"),
        of=offset,
        help="The offset of each address in its page or segment.",
        asks="What is the offset of each address?",
        steps=split_steps(lambda event: event.offset, lambda _, event: event.name),
        applies=has_accesses,
        source=SILBERSCHATZ,
    ),
    Measure(
        name="memory-accesses",
        gives=Number("accesses"),
        of=memory_accesses,
        help="Accesses to memory in all: entries of tables, and the data.",
        asks="How many times is memory accessed in all, tables included?",
        steps=counted_steps(lambda event: event.walked + event.data, "Memory accesses"),
        better="low",
        applies=has_accesses,
        source="silberschatz-10 9.3.2",
    ),
    Measure(
        name="tlb-hits",
        gives=Number("hits"),
        of=tlb_hits,
        help="Probes that find the translation in the TLB.",
        asks="How many accesses hit the TLB?",
        steps=hit_steps,
        better="high",
        applies=has_probes,
        source="ostep 19.1",
    ),
    Measure(
        name="tlb-misses",
        gives=Number("misses"),
        of=tlb_misses,
        help="Probes that do not find the translation in the TLB.",
        asks="How many accesses miss the TLB?",
        steps=counted_steps(lambda event: event.tlb == "miss", "TLB misses"),
        better="low",
        applies=has_probes,
        source="ostep 19.1",
    ),
    Measure(
        name="hit-rate",
        gives=Number(),
        of=hit_rate,
        help="TLB hits over probes.",
        asks="What is the hit rate of the TLB, as a fraction?",
        steps=rate_steps,
        better="high",
        applies=has_probes,
        source="ostep 19.2",
    ),
    Measure(
        name="hit-string",
        gives=HitString(),
        of=hit_string,
        help="H for a TLB hit, M for a miss, one an access.",
        asks="Which accesses hit the TLB (H), which miss (M)?",
        steps=hit_string_steps,
        applies=has_probes,
        source="ostep 19.2",
    ),
    Measure(
        name="access-times",
        gives=MapOf(Number("ns"), names, "access"),
        of=access_times,
        help="What each access takes, probe, walk, data and fault together.",
        asks="How long does each access take, in ns?",
        steps=time_steps,
        applies=has_accesses,
        source="silberschatz-10 9.3.2",
    ),
    Measure(
        name="effective-access-time",
        gives=Number("ns"),
        of=effective_access_time,
        help="The mean time of an access: over the run, or in closed form from a hit rate.",
        asks="What is the effective access time, in ns?",
        steps=effective_steps,
        better="low",
        applies=has_time,
        source="silberschatz-10 9.3.2",
    ),
    Measure(
        name="page-table-bytes",
        gives=Number("bytes"),
        of=page_table_bytes,
        help="Bytes of all the tables that the mapped pages need.",
        asks="How many bytes do the page tables take in all?",
        steps=table_steps,
        better="low",
        applies=is_paged,
        source="ostep 20.3",
    ),
    Measure(
        name="linear-table-bytes",
        gives=Number("bytes"),
        of=linear_table_bytes,
        help="Bytes of one table with an entry for every page, for each address space.",
        asks="How many bytes would a linear page table take?",
        steps=linear_steps,
        applies=is_paged,
        source="silberschatz-10 9.4.1",
    ),
    Measure(
        name="reach",
        gives=Number("bytes"),
        of=reach,
        help="Bytes that a full TLB covers: entries times page size.",
        asks="How many bytes does the full TLB cover?",
        steps=reach_steps,
        better="high",
        applies=has_tlb,
        source="silberschatz-10 10.9.3",
    ),
)
