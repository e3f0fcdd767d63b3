"""Where does each address lead, and what does it cost? One event an access.

Paged      canonical? → TLB probe → walk, one entry a level → present? → allowed? → frame and offset
Segmented  in range? → segment → offset against the limit → base plus offset
Rates      one event for each share of the accesses: hit, miss, fault
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sims.translation.scenario import FLAGS, Access, Entry, Paged, Rates, Scenario, Segment, Segmented, Tlb

FAULTS = ("not-present", "protection", "non-canonical", "segmentation")


class Translated(NamedTuple):
    """What one access did."""

    name: str
    address: int
    indices: tuple[int, ...]  # one a level; segmented: the segment
    offset: int
    tlb: str  # hit | miss; empty without a TLB, and when the address is not canonical
    walked: int  # entries of tables read
    data: int  # 1 where the data itself is accessed, 0 on a fault
    result: str  # ok, or the fault
    frame: int | None  # where the walk or the TLB leads
    physical: int | None  # None on a fault
    cost: int  # ns
    flushed: bool = False  # the TLB was emptied before this access
    slot: tuple[int, int] | None = None  # (set, way) of the entry that hit or was filled
    evicted: tuple[int, int] | None = None  # (space, vpn) that lost its slot


class Share(NamedTuple):
    """One case of the closed form."""

    case: str  # hit | miss | fault
    rate: Fraction
    time: int  # ns, for one access of this case


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happened."""

    scenario: Scenario
    events: tuple[Translated, ...] | tuple[Share, ...]

    @property
    def accesses(self) -> tuple[Translated, ...]:
        """The events of a run over addresses."""
        return tuple(event for event in self.events if isinstance(event, Translated))

    @property
    def shares(self) -> tuple[Share, ...]:
        """The events of a closed form."""
        return tuple(event for event in self.events if isinstance(event, Share))


def run(scenario: Scenario) -> Trace:
    """One event for each access, in order.

    Checked in order: non-canonical, not-present, protection. An access that is not canonical probes and walks nothing.
    The probe is paid once, on a hit and on a miss. A walk reads one entry a level and stops at the first that is not
    present; then comes the data access. A fault adds its time, makes no data access and is not retried; what faults is
    not put into the TLB. Kernel mode passes the user check, not the write check. An untagged TLB is emptied when the
    space differs from that of the access before. A new entry takes the lowest invalid way of its set.
    """
    if isinstance(scenario, Paged):
        machine = _Machine(scenario)
        return Trace(scenario, tuple(machine.translate(access) for access in scenario.accesses))
    if isinstance(scenario, Segmented):
        return Trace(scenario, tuple(_segment(scenario, access) for access in scenario.accesses))
    return Trace(scenario, closed_form(scenario))


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────


def split(scenario: Paged, address: int) -> tuple[int, int]:
    """(vpn, offset) of an address; bits above virtual_bits are ignored."""
    bits = scenario.page_bits
    if scenario.misrule == "split-swapped":
        bits = scenario.virtual_bits - scenario.page_bits
    low = address & ((1 << scenario.virtual_bits) - 1)
    return low >> bits, low & ((1 << bits) - 1)


def indices_of(levels: Sequence[int], vpn: int) -> tuple[int, ...]:
    """The index into the table of each level, from the top."""
    indices = []
    for bits in reversed(levels):
        indices.append(vpn & ((1 << bits) - 1))
        vpn >>= bits
    return tuple(reversed(indices))


def is_canonical(scenario: Paged, address: int) -> bool:
    """x86-64: the bits from the highest virtual one upwards are equal. Elsewhere: below 2^virtual_bits."""
    if not scenario.canonical:
        return address < 1 << scenario.virtual_bits
    upper = address >> (scenario.virtual_bits - 1)
    return upper in (0, (1 << (65 - scenario.virtual_bits)) - 1)


def tables_by_level(scenario: Paged) -> tuple[frozenset[tuple[int, int]], ...]:
    """For each level the tables there are: (space, the bits of the vpn that lead to it). The top has one a space."""
    spaces = {entry.space for entry in scenario.tables} | {access.space for access in scenario.accesses} or {0}
    by_level = [frozenset((space, 0) for space in spaces)]
    below = sum(scenario.levels)
    for bits in scenario.levels[:-1]:
        below -= bits
        by_level.append(frozenset((entry.space, entry.vpn >> below) for entry in scenario.tables))
    return tuple(by_level)


class _Machine:
    """The tables and the TLB during a run."""

    def __init__(self, scenario: Paged) -> None:
        self.scenario = scenario
        self.entries = {(entry.space, entry.vpn): entry for entry in scenario.tables}
        self.tables = tables_by_level(scenario)
        flushes = scenario.misrule != "never-flushed"
        self.cache = _Cache(scenario.tlb, flushes) if scenario.tlb else None

    def translate(self, access: Access) -> Translated:
        scenario, cache = self.scenario, self.cache
        vpn, offset = split(scenario, access.address)
        flushed = cache.enter(access.space) if cache else False
        canonical = is_canonical(scenario, access.address)
        found = self.find(access, vpn) if canonical else Found(result="non-canonical")
        walked, data, cost = self.paid(found)
        return Translated(
            name=access.name,
            address=access.address,
            indices=indices_of(scenario.levels, vpn),
            offset=offset,
            tlb=found.tlb,
            walked=walked,
            data=data,
            result=found.result,
            frame=found.entry.frame if found.entry else None,
            physical=self.joined(found.entry, offset) if found.result == "ok" else None,
            cost=cost,
            flushed=flushed,
            slot=found.slot,
            evicted=found.evicted,
        )

    def paid(self, found: "Found") -> tuple[int, int, int]:
        """(entries read, data accesses, ns) of the access."""
        costs, rule = self.scenario.costs, self.scenario.misrule
        walked, data = found.walked, int(found.result == "ok")
        if rule in ("walk-free", "walk-once"):
            walked = min(walked, int(rule == "walk-once"))
        if rule == "no-data-access" and walked:
            data = 0
        probes = int(found.tlb != "")
        if rule == "probe-forgotten":
            probes = 0
        if rule == "probe-twice" and found.tlb == "miss":
            probes = 2
        cost = probes * costs.tlb + (walked + data) * costs.memory
        return walked, data, cost + (costs.fault if found.result != "ok" else 0)

    def find(self, access: Access, vpn: int) -> "Found":
        """Through the TLB if there is one, else by a walk."""
        if self.cache is None:
            entry, walked = self.walk(access.space, vpn)
            return Found("", entry, walked, self.verdict(entry, access))
        held = self.cache.probe(access.space, vpn)
        if held is not None:
            entry, slot = held
            return Found("hit", entry, 0, self.verdict(entry, access), slot)
        entry, walked = self.walk(access.space, vpn)
        result = self.verdict(entry, access)
        filled = self.cache.fill(access.space, vpn, entry) if entry and result == "ok" else (None, None)
        if self.scenario.misrule == "miss-faults":
            walked, result = 0, "not-present"
        return Found("miss", entry, walked, result, *filled)

    def walk(self, space: int, vpn: int) -> tuple[Entry | None, int]:
        """The entry of the last level, or None; and how many entries were read."""
        below, read = sum(self.scenario.levels), 1
        for bits, tables in zip(self.scenario.levels, self.tables[1:], strict=False):
            below -= bits
            if (space, vpn >> below) not in tables:
                return None, read
            read += 1
        return self.entries.get((space, vpn)), read

    def verdict(self, entry: Entry | None, access: Access) -> str:
        if entry is None or entry.frame is None:
            return "not-present"
        kernel = access.mode == "kernel"
        if kernel and self.scenario.misrule == "kernel-unchecked":
            return "ok"
        allowed = FLAGS[access.kind] in entry.flags and (kernel or "u" in entry.flags)
        return "ok" if allowed else "protection"

    def joined(self, entry: Entry | None, offset: int) -> int:
        """The physical address: the frame's number before the bits of the offset."""
        assert entry is not None
        assert entry.frame is not None
        if self.scenario.misrule == "frame-added":
            return entry.frame + offset
        return entry.frame << self.scenario.page_bits | offset


class Found(NamedTuple):
    """What the TLB or the walk gave."""

    tlb: str = ""
    entry: Entry | None = None
    walked: int = 0
    result: str = "ok"
    slot: tuple[int, int] | None = None
    evicted: tuple[int, int] | None = None


class _Cache:
    """The TLB: for each set its ways, the entry that leaves next first."""

    def __init__(self, tlb: Tlb, flushes: bool) -> None:
        self.tlb = tlb
        self.flushes = flushes and not tlb.tagged
        self.ways = tlb.entries // tlb.sets
        self.sets: dict[int, OrderedDict[tuple[int, int], tuple[int, Entry]]] = {}
        self.space: int | None = None

    def enter(self, space: int) -> bool:
        """Whether the change of address space emptied the TLB."""
        flush = self.flushes and self.space not in (None, space)
        self.space = space
        if flush:
            self.sets.clear()
        return flush

    def key(self, space: int, vpn: int) -> tuple[int, int]:
        return (space if self.tlb.tagged else 0, vpn)

    def probe(self, space: int, vpn: int) -> tuple[Entry, tuple[int, int]] | None:
        number = vpn % self.tlb.sets
        held = self.sets.setdefault(number, OrderedDict())
        key = self.key(space, vpn)
        if key not in held:
            return None
        if self.tlb.policy == "lru":
            held.move_to_end(key)
        way, entry = held[key]
        return entry, (number, way)

    def fill(self, space: int, vpn: int, entry: Entry) -> tuple[tuple[int, int], tuple[int, int] | None]:
        """The slot that is filled, and the (space, vpn) that loses it."""
        number = vpn % self.tlb.sets
        held = self.sets[number]
        way, evicted = len(held), None
        if way == self.ways:
            _, (way, gone) = held.popitem(last=False)
            evicted = (gone.space, gone.vpn)
        held[self.key(space, vpn)] = (way, entry)
        return (number, way), evicted


# ── segments ────────────────────────────────────────────────────────────────────────────────────────────────────


def _segment(scenario: Segmented, access: Access) -> Translated:
    bits = scenario.offset_bits
    number = (access.address & ((1 << scenario.virtual_bits) - 1)) >> bits
    offset = access.address & ((1 << bits) - 1)
    result, physical = "non-canonical", None
    if access.address < 1 << scenario.virtual_bits:
        segment = scenario.segments[number] if number < len(scenario.segments) else None
        physical = _within(scenario, segment, offset) if segment else None
        result = "segmentation" if physical is None else "ok"
    data = int(physical is not None)
    cost = scenario.costs.memory if data else scenario.costs.fault
    return Translated(access.name, access.address, (number,), offset, "", 0, data, result, None, physical, cost)


def _within(scenario: Segmented, segment: Segment, offset: int) -> int | None:
    """The physical address of the offset, or None where it is beyond the limit."""
    size = 1 << scenario.offset_bits
    if segment.grows == "down" and scenario.misrule != "down-as-up":
        below = size - offset  # bytes below the base; 1 to size
        return segment.base - below if below <= segment.limit else None
    inclusive = scenario.misrule == "limit-inclusive"
    valid = offset < segment.limit or (inclusive and offset == segment.limit)
    return segment.base + offset if valid else None


# ── rates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def closed_form(scenario: Rates) -> tuple[Share, ...]:
    """The shares of hits, misses and faults, each with the time of one such access.

    A hit costs the probe and the data access, a miss the probe, one access a level and the data access; what faults
    takes the time of a fault and nothing else.
    """
    memory, probe, fault = scenario.costs.memory, scenario.costs.tlb, scenario.costs.fault
    rule = scenario.misrule
    hit, faulting = scenario.hit_rate, scenario.fault_rate
    if rule == "rates-swapped":
        hit = 1 - hit
    if rule == "probe-forgotten":
        probe = 0
    walk = {"walk-free": 0, "walk-once": min(1, scenario.depth)}.get(rule, scenario.depth) * memory
    missed = probe + walk + (0 if rule == "no-data-access" else memory)
    missed += probe if rule == "probe-twice" else 0
    if rule == "miss-faults":
        missed = probe + fault
    working = 1 if rule == "fault-on-top" else 1 - faulting
    shares = (
        Share("hit", working * hit, probe + memory),
        Share("miss", working * (1 - hit), missed),
        Share("fault", faulting, fault),
    )
    return tuple(share for share in shares if share.rate)


# ── in words ────────────────────────────────────────────────────────────────────────────────────────────────────


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    if isinstance(event, Share):
        return f"{percent(event.rate)} of the accesses are {_CASES[event.case]}: {event.time} ns each."
    start = f"{event.name}: {event.address:#x} "
    return start + (_segment_told(event) if isinstance(trace.scenario, Segmented) else _page_told(event))


_CASES = {"hit": "TLB hits", "miss": "TLB misses", "fault": "faults"}


def percent(rate: Fraction) -> str:
    """A share as people write it: 80 %, 0.1 %, or a fraction where it does not end."""
    hundred = 100 * rate
    if hundred.denominator == 1:
        return f"{hundred} %"
    places = next((n for n in range(1, 9) if (hundred * 10**n).denominator == 1), None)
    return str(rate) if places is None else f"{float(hundred):.{places}f} %"


def _segment_told(event: Translated) -> str:
    where = f"is segment {event.indices[0]}, offset {event.offset:#x}"
    if event.result == "non-canonical":
        return "is beyond the address space: non-canonical."
    if event.physical is None:
        return f"{where}: beyond the limit, a segmentation fault."
    return f"{where}, at physical {event.physical:#x}."


def _page_told(event: Translated) -> str:
    if event.result == "non-canonical":
        return "is non-canonical: a fault before any table is read."
    indices = " ".join(map(str, event.indices))
    noun = "index" if len(event.indices) == 1 else "indices"
    parts = [f"has {noun} {indices} and offset {event.offset:#x}"]
    if event.flushed:
        parts.insert(0, "finds the TLB flushed")
    if event.tlb:
        parts.append(f"TLB {event.tlb}")
    if event.walked:
        parts.append(f"{event.walked} table {'entry' if event.walked == 1 else 'entries'} read")
    parts.append(_ending(event))
    return "; ".join(parts) + "."


def _ending(event: Translated) -> str:
    if event.physical is None:
        return f"{event.result}, a fault"
    return f"frame {event.frame:#x}, physical {event.physical:#x}"
