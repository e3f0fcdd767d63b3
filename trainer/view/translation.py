"""How does an address find its way? Its bits as fields, the walk as a path of tables, the TLB beside it.

A1 read 0x3f80
  level 1   level 2    offset
     1111      1110    000000
       15        14       0x0
  L1[15] → L2[14] → frame 0x37 · physical 0xdc0
  2 table entries + data = 3 memory accesses
"""

from collections.abc import Sequence

from sims.fields import plain
from sims.translation import Paged, Rates, Segmented, Share, Trace, Translated
from sims.translation.quantities import table_sizes
from sims.translation.run import percent
from sims.translation.solutions import shown as shown_as
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

SCENARIO = Paged | Segmented | Rates
FULL = 4  # accesses that are drawn bit by bit; more of them are listed, one row each


# ── what is given ───────────────────────────────────────────────────────────────────────────────────────────────


def given(scenario: SCENARIO, frame: Frame, hidden: frozenset[str]) -> Drawing:
    """The machine, what is mapped, and the addresses, without the hidden fields."""
    if isinstance(scenario, Rates):
        return _given_rates(scenario, frame, hidden)
    facts = _segmented_facts(scenario) if isinstance(scenario, Segmented) else _paged_facts(scenario)
    facts |= _cost_facts(scenario)
    told = ", ".join(text for name, text in facts.items() if name not in hidden and text)
    rows = paragraph(told[:1].upper() + told[1:], frame) if told else ()
    if isinstance(scenario, Segmented) and "segments" not in hidden:
        rows += _segments(scenario, frame)
    if isinstance(scenario, Paged) and scenario.tables and "tables" not in hidden:
        rows += _mapped(scenario, frame)
    if scenario.accesses and "accesses" not in hidden:
        rows += _accesses(scenario, frame)
    return rows


def _paged_facts(scenario: Paged) -> dict[str, str]:
    bits = " + ".join(map(str, scenario.levels))
    levels = f"{len(scenario.levels)} levels with {bits} bits" if len(scenario.levels) > 1 else "one level"
    return {
        "virtual_bits": f"virtual addresses of {scenario.virtual_bits} bits",
        "physical_bits": f"physical ones of {scenario.physical_bits}",
        "page_bits": f"pages of {1 << scenario.page_bits} bytes",
        "levels": levels,
        "entry_bytes": f"entries of {scenario.entry_bytes} bytes",
        "tlb": _tlb_fact(scenario),
    }


def _tlb_fact(scenario: Paged) -> str:
    tlb = scenario.tlb
    if tlb is None:
        return "no TLB"
    shape = "fully associative" if tlb.sets == 1 else f"{tlb.sets} sets of {tlb.entries // tlb.sets}"
    tags = "tagged" if tlb.tagged else "untagged"
    several = len({access.space for access in scenario.accesses}) > 1
    return f"a TLB of {tlb.entries} entries, {shape}, {tlb.policy.upper()}" + (f", {tags}" if several else "")


def _segmented_facts(scenario: Segmented) -> dict[str, str]:
    size = 1 << scenario.offset_bits
    return {
        "virtual_bits": f"virtual addresses of {scenario.virtual_bits} bits",
        "physical_bits": f"physical ones of {scenario.physical_bits}",
        "segments": f"segments of at most {size:#x} bytes",
    }


def _cost_facts(scenario: Paged | Segmented) -> dict[str, str]:
    costs = scenario.costs
    parts = [f"memory {costs.memory} ns"]
    if isinstance(scenario, Paged) and scenario.tlb is not None:
        parts.append(f"TLB probe {costs.tlb} ns")
    if isinstance(scenario, Paged) and any(entry.frame is None or entry.flags != "rwxu" for entry in scenario.tables):
        parts.append(f"fault {costs.fault} ns")
    return {"costs": ", ".join(parts)} if scenario.accesses else {}


def _given_rates(scenario: Rates, frame: Frame, hidden: frozenset[str]) -> Drawing:
    costs = scenario.costs
    rows = [("TLB hit rate", percent(scenario.hit_rate), "hit_rate")] if scenario.hit_rate != 1 else []
    rows += [("fault rate", percent(scenario.fault_rate), "fault_rate")] if scenario.fault_rate else []
    rows += [("levels of page tables", str(scenario.depth), "depth")] if scenario.hit_rate != 1 else []
    rows.append(("memory access", f"{costs.memory} ns", "costs"))
    rows += [("TLB probe", f"{costs.tlb} ns", "costs")] if costs.tlb else []
    rows += [("fault, whole", f"{costs.fault} ns", "costs")] if scenario.fault_rate else []
    return grid(("quantity", "value"), [row[:2] for row in rows if row[2] not in hidden], frame)


def _mapped(scenario: Paged, frame: Frame) -> Drawing:
    several = len({entry.space for entry in scenario.tables}) > 1
    head = ["page", "frame", "flags", *(["space"] if several else [])]
    rows = [
        [
            f"{entry.vpn:#x}",
            "not present" if entry.frame is None else f"{entry.frame:#x}",
            entry.flags or "-",
            *([entry.space] if several else []),
        ]
        for entry in scenario.tables
    ]
    return grid(head, rows, frame)


def _segments(scenario: Segmented, frame: Frame) -> Drawing:
    rows = [
        (number, f"{each.base:#x}", f"{each.limit:#x}", each.grows) for number, each in enumerate(scenario.segments)
    ]
    return grid(("segment", "base", "limit", "grows"), rows, frame)


def _accesses(scenario: Paged | Segmented, frame: Frame) -> Drawing:
    """The addresses; kind, mode and space only where they differ from a read in user mode in space 0."""
    accesses = scenario.accesses
    usual = {"kind": "read", "mode": "user", "space": 0}
    extra = [name for name, value in usual.items() if any(getattr(access, name) != value for access in accesses)]
    rows = [
        [access.name, f"{access.address:#x}", *(plain(getattr(access, name)) for name in extra)] for access in accesses
    ]
    return grid(["access", "address", *extra], rows, frame)


# ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────


def draw(trace: Trace, frame: Frame, upto: int | None = None) -> Drawing:
    """Each access with its bits and its way. `upto`: how many are shown; the last of them is marked."""
    shown = len(trace.events) if upto is None else min(upto, len(trace.events))
    if isinstance(trace.scenario, Rates):
        return _shares(trace.shares[:shown], frame)
    rows: list[Line] = []
    if len(trace.events) > FULL:
        rows += _listed(trace, frame, shown, None if upto is None else shown - 1)
    else:
        for index, event in enumerate(trace.accesses[:shown]):
            rows += _access(trace.scenario, event, frame, marked=upto is not None and index == shown - 1)
    if isinstance(trace.scenario, Paged) and trace.scenario.tlb is not None:
        rows += _tlb(trace.scenario, trace.accesses[:shown], frame)
    if isinstance(trace.scenario, Paged) and not trace.events:
        rows += _tables(trace.scenario, frame)
    return tuple(rows)


def _listed(trace: Trace, frame: Frame, shown: int, mark: int | None) -> Drawing:
    """Many accesses, one row each."""
    events = trace.accesses[:shown]
    tlb = isinstance(trace.scenario, Paged) and trace.scenario.tlb is not None
    head = ["access", "address", "index", "offset", *(["TLB"] if tlb else []), "leads to", "memory", "ns"]
    rows = [
        [
            event.name,
            f"{event.address:#x}",
            ".".join(map(str, event.indices)),
            f"{event.offset:#x}",
            *([event.tlb + (" (flushed)" if event.flushed else "")] if tlb else []),
            event.result if event.physical is None else f"{event.physical:#x}",
            event.walked + event.data,
            event.cost,
        ]
        for event in events
    ]
    return grid(head, rows, frame, mark=mark, spare=("index", "offset", "memory", "ns"))


def _access(scenario: Paged | Segmented, event: Translated, frame: Frame, *, marked: bool) -> Drawing:
    pointer = frame.glyph("▸ ", "> ") if marked else ""
    head = paragraph(f"{pointer}{event.name} {event.address:#x}", frame, "mark" if marked else "head")
    way = _way(scenario, event, frame)
    return (*head, *_fields(scenario, event, frame), *paragraph(way, frame, indent="  "))


def _fields(scenario: Paged | Segmented, event: Translated, frame: Frame) -> Drawing:
    """The bits of the address under the names of the fields; one a row where they do not fit beside each other."""
    paged = isinstance(scenario, Paged)
    widths = scenario.levels if isinstance(scenario, Paged) else (scenario.select_bits,)
    low = scenario.page_bits if isinstance(scenario, Paged) else scenario.offset_bits
    names = [f"level {number}" for number in range(1, len(widths) + 1)] if paged else ["segment"]
    cells = [
        (name, f"{index:0{bits}b}", str(index)) for name, bits, index in zip(names, widths, event.indices, strict=True)
    ]
    cells.append(("offset", f"{event.offset:0{low}b}", f"{event.offset:#x}"))
    columns = [max(map(len, cell)) for cell in cells]
    if sum(columns) + 2 * len(columns) > frame.width or frame.plain:
        return grid(("field", "bits", "value"), cells, frame)
    styles = ("dim", "strong", "")
    return tuple(
        line(Span("".join(f"  {cell[row]:>{width}}" for cell, width in zip(cells, columns, strict=True)), style))
        for row, style in enumerate(styles)
    )


def _way(scenario: Paged | Segmented, event: Translated, frame: Frame) -> str:
    """The path of tables, where it ends, and what it took."""
    arrow = f" {frame.arrow} "
    end = event.result if event.physical is None else f"physical {event.physical:#x}"
    if isinstance(scenario, Segmented):
        return f"segment {event.indices[0]}{arrow}{end}"
    if event.result == "non-canonical":
        return end
    steps = [f"TLB {event.tlb}"] if event.tlb else []
    steps += [f"L{level}[{index}]" for level, index in enumerate(event.indices[: event.walked], 1)]
    steps += [f"frame {event.frame:#x}"] if event.frame is not None else []
    flushed = "TLB flushed; " if event.flushed else ""
    reads = event.walked + event.data
    noun = "memory access" if reads == 1 else "memory accesses"
    return f"{flushed}{arrow.join([*steps, end])}; {reads} {noun}, {event.cost} ns"


def _tlb(scenario: Paged, events: Sequence[Translated], frame: Frame) -> Drawing:
    """What the TLB holds after these accesses."""
    assert scenario.tlb is not None
    slots: dict[tuple[int, int], str] = {}
    spaces = {access.name: access.space for access in scenario.accesses}
    for event in events:
        if event.flushed:
            slots.clear()
        if event.slot is not None and event.tlb == "miss":
            vpn = (event.address & ((1 << scenario.virtual_bits) - 1)) >> scenario.page_bits
            space = f" (space {spaces[event.name]})" if scenario.tlb.tagged else ""
            slots[event.slot] = f"{vpn:#x} {frame.arrow} {event.frame:#x}{space}"
    rows = [(f"{number}.{way}", slots[number, way]) for number, way in sorted(slots)]
    if not rows:
        return (line(Span("TLB: empty", "dim")),)
    return grid(("TLB set.way", "page, frame"), rows, frame)


def _tables(scenario: Paged, frame: Frame) -> Drawing:
    """How many tables there are at each level, and what they take."""
    rows = [
        (f"level {level}", count, size, count * size) for level, (count, size) in enumerate(table_sizes(scenario), 1)
    ]
    return grid(("", "tables", "bytes each", "bytes"), rows, frame)


def _shares(shares: Sequence[Share], frame: Frame) -> Drawing:
    rows = [(share.case, percent(share.rate), share.time, shown_as(share.rate * share.time)) for share in shares]
    return grid(("case", "share", "ns", "share × ns"), rows, frame)
