"""How does one get to each figure of a translation? The steps of the worked solutions."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sims.declare import Step
from sims.translation.quantities import (
    effective_access_time,
    hit_rate,
    linear_table_bytes,
    reach,
    table_sizes,
    tlb_hits,
    tlb_misses,
    tlb_of,
    walk,
)
from sims.translation.run import Trace, Translated, percent, tell
from sims.translation.scenario import Paged, Rates, Segmented

Steps = Callable[..., tuple[Step, ...]]


def told(value: Callable[[Translated], Any], rule: str) -> Steps:
    """One step an access: what happened to it."""

    def steps(trace: Trace) -> tuple[Step, ...]:
        return tuple(
            Step(tell(trace, index), rule, value(event), event.name, index)
            for index, event in enumerate(trace.accesses)
        )

    return steps


def hit_string_steps(trace: Trace) -> tuple[Step, ...]:
    rule = "TLB: set = page mod sets; a miss fills the entry, a full set loses one"
    return tuple(
        Step(tell(trace, index), rule, event.tlb[:1].upper(), index, index)
        for index, event in enumerate(trace.accesses)
    )


def fields(trace: Trace, event: Translated) -> str:
    """The bits of the address, cut into fields: `1 | 0101`."""
    scenario = trace.scenario
    assert isinstance(scenario, Paged | Segmented)
    paged = isinstance(scenario, Paged)
    levels = scenario.levels if isinstance(scenario, Paged) else (scenario.select_bits,)
    low = scenario.page_bits if isinstance(scenario, Paged) else scenario.offset_bits
    cut = [f"{index:0{bits}b}" for index, bits in zip(event.indices, levels, strict=True) if bits or paged]
    return " | ".join([*cut, f"{event.offset:0{low}b}"])


def split_steps(value: Callable[[Translated], Any], key: Callable[[int, Translated], Any]) -> Steps:
    def steps(trace: Trace) -> tuple[Step, ...]:
        return tuple(
            Step(
                f"{event.name}: {event.address:#x} is {fields(trace, event)}: "
                f"{' '.join(map(str, event.indices))}, offset {event.offset:#x}.",
                "the low bits are the offset, the bits above it select, the top level first",
                value(event),
                key(index, event),
                index,
            )
            for index, event in enumerate(trace.accesses)
        )

    return steps


def walk_steps(trace: Trace, name: str) -> tuple[Step, ...]:
    rule = "a walk: the highest bits left give the index, the lower ones go on to the next level"
    at = next(index for index, event in enumerate(trace.accesses) if event.name == name)
    return tuple(
        Step(f"{level}: index {index}; {rest} is left below it.", rule, (level, index, rest), key, at)
        for key, (level, index, rest) in enumerate(walk(trace, name))
    )


def sum_of(trace: Trace, event: Translated) -> str:
    """How the time of an access adds up: `20 + 3 × 100`."""
    scenario = trace.scenario
    assert not isinstance(scenario, Rates)
    costs = scenario.costs
    parts = [f"probe {costs.tlb}"] if event.tlb and costs.tlb else []
    reads = event.walked + event.data
    parts += [f"{reads} × {costs.memory}"] if reads else []
    parts += [f"fault {costs.fault}"] if event.physical is None else []
    return " + ".join(parts) or "0"


def time_steps(trace: Trace) -> tuple[Step, ...]:
    rule = "time: the probe, one memory access a level walked, and the data access"
    return tuple(
        Step(f"{tell(trace, index)} {sum_of(trace, event)} = {event.cost} ns.", rule, event.cost, event.name, index)
        for index, event in enumerate(trace.accesses)
    )


def effective_steps(trace: Trace) -> tuple[Step, ...]:
    answer = effective_access_time(trace)
    rule = "effective access time: the mean over all accesses"
    if isinstance(trace.scenario, Rates):
        cases = tuple(
            Step(f"{tell(trace, index)} {percent(share.rate)} × {share.time} = {shown(part)} ns.", rule, part)
            for index, share in enumerate(trace.shares)
            for part in [share.rate * share.time]
        )
        return (*cases, Step(f"Together {shown(answer)} ns.", rule, answer))
    total, count = sum(event.cost for event in trace.accesses), len(trace.events)
    return (*time_steps(trace), Step(f"{total} ns over {count} accesses: {shown(answer)} ns.", rule, answer))


def shown(value: Fraction) -> str:
    """A mean as people read it: 140, 8199.8, 17/3."""
    for places in range(4):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return str(value)


def counted_steps(count: Callable[[Translated], int], what: str) -> Steps:
    def steps(trace: Trace) -> tuple[Step, ...]:
        made, total = [], 0
        for index, event in enumerate(trace.accesses):
            total += count(event)
            made.append(
                Step(f"{tell(trace, index)} {what} so far: {total}.", "one access after the other", total, None, index)
            )
        return tuple(made)

    return steps


hit_steps = counted_steps(lambda event: event.tlb == "hit", "TLB hits")


def rate_steps(trace: Trace) -> tuple[Step, ...]:
    rate, probes = hit_rate(trace), tlb_hits(trace) + tlb_misses(trace)
    return (*hit_steps(trace), Step(f"{tlb_hits(trace)} of {probes} probes hit.", "hit rate: hits over probes", rate))


def table_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [], 0
    for level, (count, size) in enumerate(table_sizes(trace.scenario), 1):
        total += count * size
        noun = "table" if count == 1 else "tables"
        says = f"Level {level}: {count} {noun} of {size} bytes. Together {total}."
        steps.append(Step(says, "a table exists where an entry above leads to it; it is always whole", total))
    return tuple(steps)


def linear_steps(trace: Trace) -> tuple[Step, ...]:
    answer, scenario = linear_table_bytes(trace), trace.scenario
    assert isinstance(scenario, Paged)
    bits = sum(scenario.levels)
    says = f"{scenario.virtual_bits} − {scenario.page_bits} = {bits} bits of page number: {1 << bits} entries."
    total = f"Of {scenario.entry_bytes} bytes each that is {answer} bytes."
    rule = "a linear table has an entry for every page, used or not"
    return (Step(says, rule, 1 << bits), Step(total, rule, answer))


def reach_steps(trace: Trace) -> tuple[Step, ...]:
    answer, entries = reach(trace), tlb_of(trace).entries
    says = f"{entries} entries, each for a page of {answer // entries} bytes: {answer} bytes."
    return (Step(says, "reach: entries × page size", answer),)
