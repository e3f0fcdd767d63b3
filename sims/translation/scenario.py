"""What does a translation problem say? A way to translate, what is mapped, and which addresses are used.

Three kinds: `paged` (page tables, perhaps a TLB), `segmented` (base and limit), `rates` (no addresses: the closed form
of the access time from a hit rate). A scenario that names no kind is told by its fields.

Words: *virtual page number* (vpn), *frame*, *offset*, *index* (the part of the vpn that selects an entry of one table),
*walk* (reading one entry a level), *probe* (looking into the TLB). Units: bits, bytes, nanoseconds.

    make(Paged, {"virtual_bits": 6, "physical_bits": 7, "page_bits": 4, "tables": [{"vpn": 1, "frame": 7}],
                 "accesses": [21]})
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from sims.fields import (
    Fault,
    Whole,
    custom,
    flag,
    many,
    maybe,
    misrule,
    name,
    one,
    ratio,
    record,
    refuse,
    shown,
    whole,
    word,
)

FLAGS = {"read": "r", "write": "w", "execute": "x", "user": "u"}
WIDEST = 64
SLOWEST = 1_000_000_000_000
SLIPS = ("probe-forgotten", "probe-twice", "walk-free", "walk-once", "no-data-access", "miss-faults")  # in adding up
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "x86-64": {"virtual_bits": 48, "physical_bits": 52, "page_bits": 12, "levels": [9, 9, 9, 9], "entry_bytes": 8},
}


class FlagsKind:
    """What a page allows: letters out of rwxu, or the words read, write, execute, user."""

    def take(self, raw: Any) -> str:
        if isinstance(raw, str):
            letters = set(raw) - {"-"}
        elif isinstance(raw, Iterable):
            letters = {FLAGS.get(str(each), "?") for each in raw}
        else:
            letters = {"?"}
        if not letters <= set("rwxu"):
            raise refuse(f"must be letters out of rwxu (read, write, execute, user), got {shown(raw)}")
        return "".join(letter for letter in "rwxu" if letter in letters)

    def plain(self, value: str) -> str:
        return value or "-"

    def describe(self) -> str:
        return "letters out of rwxu: read, write, execute, user mode"


@record
class Entry:
    """One entry of the last level: where a page is, and what it allows."""

    vpn: int = whole(0, 2**52, help="virtual page number")
    frame: int | None = maybe(Whole(0, 2**52), help="frame it is in; none: its entry exists, but is not present")
    flags: str = custom(FlagsKind(), default="rwxu", help="what is allowed; u: in user mode too")
    space: int = whole(0, 999, default=0, help="address space (process) whose page it is")


@record
class Access:
    """One use of an address."""

    name: str = name(help="short name; A0, A1, … where there is none")
    address: int = whole(0, 2**64 - 1, help="virtual address; hexadecimal with 0x")
    kind: str = word("read", "write", "execute", default="read", help="what is done there")
    mode: str = word("user", "kernel", default="user", help="mode of the processor")
    space: int = whole(0, 999, default=0, help="address space that is active")


@record
class Tlb:
    """The cache of translations."""

    entries: int = whole(1, 65_536, unit="entries", help="translations it holds")
    ways: int | None = maybe(Whole(1, 65_536), help="entries a set; none: one set of all entries")
    policy: str = word("lru", "fifo", default="lru", help="which entry of a full set leaves")
    tagged: bool = flag(help="entries carry the address space, so that none need be flushed")

    def faults(self) -> Iterable[Fault]:
        if self.ways is not None and self.entries % self.ways:
            yield Fault("ways", f"must divide entries ({self.entries}), got {self.ways}")

    @property
    def sets(self) -> int:
        return 1 if self.ways is None else self.entries // self.ways


@record
class Costs:
    """What an access pays for."""

    memory: int = whole(0, SLOWEST, default=100, unit="ns", help="one memory access")
    tlb: int = whole(0, SLOWEST, default=0, unit="ns", help="one probe of the TLB")
    fault: int = whole(0, SLOWEST, default=8_000_000, unit="ns", help="one fault")


NO_COSTS = Costs()


def listed(raw: dict[str, Any]) -> dict[str, Any]:
    """The accesses as mappings: a bare address is an access with nothing else said."""
    accesses = raw.get("accesses")
    if isinstance(accesses, list | tuple):
        full = [{"address": each} if isinstance(each, int | str) else each for each in accesses]
        return {**raw, "accesses": full}
    return raw


@record
class Paged:
    """Page tables of one or more levels, perhaps with a TLB before them."""

    kind: str = word("paged", default="paged", help="translation by page tables")
    preset: str = word("custom", *PRESETS, default="custom", help="x86-64: 48 and 52 bits, 4 KiB pages, 9 9 9 9")
    virtual_bits: int = whole(1, WIDEST, unit="bits", help="bits of a virtual address")
    physical_bits: int = whole(1, WIDEST, unit="bits", help="bits of a physical address")
    page_bits: int = whole(1, 30, unit="bits", help="bits of the offset: log2 of the page size")
    levels: tuple[int, ...] = many(Whole(1, 32), low=1, high=6, help="index bits of each level, from the top")
    entry_bytes: int = whole(1, 64, default=8, unit="bytes", help="size of one entry of a table")
    tables: tuple[Entry, ...] = many(Entry, high=100_000, default=(), help="the pages that have an entry")
    accesses: tuple[Access, ...] = many(Access, high=100_000, default=(), named="A", help="the addresses, in order")
    tlb: Tlb | None = maybe(Tlb, help="the cache of translations, empty at the start")
    costs: Costs = one(Costs, default=NO_COSTS, help="times")
    misrule: str = misrule(*SLIPS, "split-swapped", "frame-added", "never-flushed", "kernel-unchecked")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        preset = PRESETS.get(str(raw.get("preset", "")), {})
        raw = listed({**preset, **raw})
        bits = [str(raw.get(field)) for field in ("virtual_bits", "page_bits")]
        if "levels" not in raw and all(each.isdecimal() and len(each) < 3 for each in bits):
            raw["levels"] = [int(bits[0]) - int(bits[1])]  # one level: a linear table
        return raw

    def faults(self) -> Iterable[Fault]:
        vpn_bits = self.virtual_bits - self.page_bits
        if sum(self.levels) != vpn_bits:
            yield Fault("levels", f"must add up to virtual_bits − page_bits ({vpn_bits}), got {sum(self.levels)}")
            return
        if self.physical_bits < self.page_bits:
            yield Fault("physical_bits", f"must be at least page_bits ({self.page_bits}), got {self.physical_bits}")
            return
        yield from self._entries(1 << vpn_bits, 1 << (self.physical_bits - self.page_bits))

    def _entries(self, pages: int, frames: int) -> Iterator[Fault]:
        seen: set[tuple[int, int]] = set()
        for index, entry in enumerate(self.tables):
            if entry.vpn >= pages:
                yield Fault(f"tables.{index}.vpn", f"must be below {pages}, got {entry.vpn}")
            if entry.frame is not None and entry.frame >= frames:
                yield Fault(f"tables.{index}.frame", f"must be below {frames}, got {entry.frame}")
            if (entry.space, entry.vpn) in seen:
                yield Fault(f"tables.{index}.vpn", f"page {entry.vpn} of space {entry.space} has an entry already")
            seen.add((entry.space, entry.vpn))

    @property
    def canonical(self) -> bool:
        """Whether addresses are canonical as on x86-64: the bits above the highest equal it."""
        return self.preset == "x86-64"


@record
class Segment:
    """A stretch of memory with a base and a limit."""

    base: int = whole(0, 2**62, help="physical address where offset 0 is; grows down: just above the first byte")
    limit: int = whole(0, 2**62, unit="bytes", help="bytes that are valid; 0: the segment is not in use")
    grows: str = word("up", "down", default="up", help="which way the segment grows")


@record
class Segmented:
    """Base and limit, chosen by the top bits of the address."""

    kind: str = word("segmented", default="segmented", help="translation by segments")
    virtual_bits: int = whole(1, WIDEST, unit="bits", help="bits of a virtual address")
    physical_bits: int = whole(1, WIDEST, unit="bits", help="bits of a physical address")
    segments: tuple[Segment, ...] = many(Segment, low=1, high=256, help="the segments, by number from 0")
    accesses: tuple[Access, ...] = many(Access, high=100_000, default=(), named="A", help="the addresses, in order")
    costs: Costs = one(Costs, default=NO_COSTS, help="times")
    misrule: str = misrule("limit-inclusive", "down-as-up")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return listed(raw)

    @property
    def select_bits(self) -> int:
        """Bits that select the segment: ceil(log2 n)."""
        return (len(self.segments) - 1).bit_length()

    @property
    def offset_bits(self) -> int:
        return self.virtual_bits - self.select_bits

    def faults(self) -> Iterable[Fault]:
        if self.offset_bits < 1:
            yield Fault("segments", f"{len(self.segments)} segments leave no offset in {self.virtual_bits} bits")
            return
        size, memory = 1 << self.offset_bits, 1 << self.physical_bits
        for index, segment in enumerate(self.segments):
            down = segment.grows == "down"
            low = segment.base - segment.limit if down else segment.base
            if segment.limit > size:
                yield Fault(f"segments.{index}.limit", f"must be at most {size}, got {segment.limit}")
            elif low < 0 or low + segment.limit > memory:
                yield Fault(f"segments.{index}.base", f"leaves the physical memory of {memory} bytes")


@record
class Rates:
    """No addresses: how often translation hits and faults, and what that costs."""

    kind: str = word("rates", default="rates", help="the closed form of the access time")
    hit_rate: Fraction = ratio(0, 1, help="share of accesses that hit the TLB")
    fault_rate: Fraction = ratio(0, 1, default=0, help="share of accesses that fault; a fault's time is the whole time")
    depth: int = whole(0, 6, default=1, unit="levels", help="levels of page tables that a miss walks")
    costs: Costs = one(Costs, default=NO_COSTS, help="times")
    misrule: str = misrule(*SLIPS, "rates-swapped", "fault-on-top")


Scenario = Paged | Segmented | Rates
