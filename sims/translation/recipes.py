"""How are addresses drawn that lead somewhere? Mapped pages, a few that are not, and TLB runs with locality."""

from typing import Any

from sims.declare import Pick, Recipe
from sims.fields import Whole, flag, make, many, maybe, record, refuse, whole, word
from sims.translation.scenario import Paged, Segmented

TIMES = {"memory": (10, 200, 10), "tlb": (1, 20, 1)}  # low, high, step; ns


@record
class Walk:
    """A few addresses and the pages that they need; some pages are missing or protected."""

    levels: tuple[int, ...] = many(Whole(1, 12), low=1, high=4, help="index bits of each level, from the top")
    page_bits: int = whole(4, 16, unit="bits", help="bits of the offset")
    frame_bits: int = whole(2, 20, unit="bits", help="bits of a frame number")
    count: int = whole(1, 8, help="accesses")
    faulty: int = whole(0, 100, default=0, unit="%", help="chance that an access faults")
    decimal: bool = flag(help="addresses whose hexadecimal digits are all 0 to 9")


def draw_walk(given: Walk, pick: Pick) -> Paged:
    """Different pages in different frames; a faulty access finds no entry, no presence or no permission."""
    frames = Drawn(1 << given.frame_bits, pick)
    tables: dict[int, dict[str, Any]] = {}
    accesses = []
    for n in range(given.count):
        path = f"accesses.{n}"
        address = _address(given, path, pick)
        vpn = address >> given.page_bits
        write = pick(f"{path}.kind", 0, 2) == 0
        entry = tables.setdefault(vpn, {"vpn": vpn, "frame": frames.next(f"{path}.frame"), "flags": "rwxu"})
        if pick(f"{path}.faulty", 1, 100) <= given.faulty:
            write = _spoil(entry, write, pick(f"{path}.fault", 0, 2))
        kernel = given.faulty > 0 and pick(f"{path}.mode", 0, 3) == 0
        accesses.append(
            {
                "name": f"A{n + 1}",
                "address": address,
                "kind": "write" if write else "read",
                "mode": "kernel" if kernel else "user",
            }
        )
    bits = sum(given.levels) + given.page_bits
    geometry = {"virtual_bits": bits, "page_bits": given.page_bits, "levels": given.levels}
    memory = {"physical_bits": given.frame_bits + given.page_bits}
    rows = sorted(tables.values(), key=lambda entry: int(entry["vpn"]))
    return make(Paged, {**geometry, **memory, "tables": rows, "accesses": accesses})


def _spoil(entry: dict[str, Any], write: bool, how: int) -> bool:
    """Take something from the entry; whether the access is a write now."""
    if how == 0:
        entry["frame"] = None
    elif how == 1:
        entry["flags"] = "rxu"
        return True
    else:
        entry["flags"] = "rwx"
    return write


def _address(given: Walk, path: str, pick: Pick) -> int:
    bits = sum(given.levels) + given.page_bits
    if not given.decimal:
        return pick(path, 0, (1 << bits) - 1)
    digits = [pick(f"{path}.digit.{n}", 0, min(9, (1 << min(4, bits - 4 * n)) - 1)) for n in range(-(-bits // 4))]
    return sum(digit << (4 * n) for n, digit in enumerate(digits))


class Drawn:
    """Different numbers below a limit, in drawn order."""

    def __init__(self, below: int, pick: Pick) -> None:
        self.below, self.pick = below, pick
        self.taken: set[int] = set()

    def next(self, path: str) -> int:
        """A number that was not drawn before; the next free one where the pick was. Raises Invalid when none is."""
        if len(self.taken) == self.below:
            raise refuse(f"needs more than {self.below} different numbers")
        number = self.pick(path, 0, self.below - 1)
        while number in self.taken:
            number = (number + 1) % self.below
        self.taken.add(number)
        return number


@record
class Run:
    """A run over few pages with a small TLB; nothing faults."""

    count: int = whole(2, 30, help="accesses")
    pages: int = whole(2, 16, unit="pages", help="pages in use, numbered from 0")
    levels: tuple[int, ...] = many(Whole(1, 9), low=1, high=4, help="index bits of each level, from the top")
    page_bits: int = whole(4, 12, default=8, unit="bits", help="bits of the offset")
    entries: int = whole(1, 16, unit="entries", help="entries of the TLB")
    ways: int | None = maybe(Whole(1, 16), help="entries a set; none: fully associative")
    policy: str = word("lru", "fifo", default="lru", help="which entry of a full set leaves")
    tagged: bool = flag(help="entries carry the address space")
    spaces: int = whole(1, 3, default=1, help="address spaces that take turns")
    again: int = whole(0, 100, default=50, unit="%", help="chance that an access stays in one of the last two pages")


def draw_run(given: Run, pick: Pick) -> Paged:
    """Accesses by page, with locality; each space maps every page to a frame of its own."""
    space, last = 0, [0, 1]
    accesses = []
    for n in range(given.count):
        path = f"accesses.{n}"
        if given.spaces > 1 and n and pick(f"{path}.switch", 1, 4) == 1:
            space = (space + 1) % given.spaces
        near = pick(f"{path}.again", 1, 100) <= given.again
        page = last[pick(f"{path}.near", 0, 1)] if near else pick(f"{path}.page", 0, given.pages - 1)
        last = [page, last[0]] if page != last[0] else last
        offset = pick(f"{path}.offset", 0, (1 << given.page_bits) - 1)
        accesses.append({"name": f"A{n + 1}", "address": page << given.page_bits | offset, "space": space})
    tables = [
        {"vpn": page, "frame": space * given.pages + page, "space": space}
        for space in range(given.spaces)
        for page in range(given.pages)
    ]
    bits = sum(given.levels) + given.page_bits
    tlb = {"entries": given.entries, "ways": given.ways, "policy": given.policy, "tagged": given.tagged}
    raw = {"virtual_bits": bits, "physical_bits": bits + 4, "page_bits": given.page_bits, "levels": given.levels}
    costs = {key: step * pick(key, low // step, high // step) for key, (low, high, step) in TIMES.items()}
    return make(Paged, {**raw, "tables": tables, "accesses": accesses, "tlb": tlb, "costs": costs})


@record
class Tables:
    """A sparse address space: clusters of pages, as code, heap and stack make them."""

    levels: tuple[int, ...] = many(Whole(2, 24), low=1, high=4, help="index bits of each level, from the top")
    page_bits: int = whole(4, 16, unit="bits", help="bits of the offset")
    entry_bytes: int = whole(1, 16, unit="bytes", help="size of one entry")
    clusters: int = whole(0, 6, help="stretches of mapped pages")
    pages: int = whole(1, 6, unit="pages", help="pages of each stretch")


def draw_tables(given: Tables, pick: Pick) -> Paged:
    """Stretches at drawn places; they may meet."""
    room = 1 << sum(given.levels)
    pages: dict[int, None] = {}
    for n in range(given.clusters):
        start = pick(f"clusters.{n}", 0, room - 1)
        pages.update(dict.fromkeys((start + k) % room for k in range(given.pages)))
    bits = sum(given.levels) + given.page_bits
    raw = {"virtual_bits": bits, "physical_bits": bits, "page_bits": given.page_bits, "levels": given.levels}
    tables = [{"vpn": vpn, "frame": n} for n, vpn in enumerate(sorted(pages))]
    return make(Paged, {**raw, "entry_bytes": given.entry_bytes, "tables": tables})


@record
class Segments:
    """A few segments, the last of which grows down, and addresses around their limits."""

    segments: int = whole(2, 4, help="segments")
    offset_bits: int = whole(4, 12, unit="bits", help="bits of the offset in a segment")
    count: int = whole(1, 6, help="accesses")


def draw_segments(given: Segments, pick: Pick) -> Segmented:
    """Segments that do not overlap; half of the addresses lie exactly at a limit or beside it."""
    size, last = 1 << given.offset_bits, given.segments - 1
    limits = [pick(f"segments.{n}.limit", size // 4, size - 1) for n in range(given.segments)]
    segments = []
    for n, limit in enumerate(limits):
        low = 2 * n * size + pick(f"segments.{n}.base", 0, size - 1)
        up = {"base": low, "limit": limit}
        segments.append(up if n < last else {"base": low + limit, "limit": limit, "grows": "down"})
    accesses = []
    for n in range(given.count):
        number = pick(f"accesses.{n}.segment", 0, last)
        edge = limits[number] if number < last else size - limits[number]
        near = pick(f"accesses.{n}.near", 0, 3)
        offset = [edge - 1, edge, pick(f"accesses.{n}.offset", 0, size - 1), edge // 2][near]
        accesses.append({"name": f"A{n + 1}", "address": number * size + max(0, min(offset, size - 1))})
    bits = given.offset_bits + (given.segments - 1).bit_length()
    memory = (2 * given.segments * size).bit_length()
    raw = {"virtual_bits": bits, "physical_bits": memory, "segments": segments}
    return make(Segmented, {**raw, "accesses": accesses})


RECIPES = (
    Recipe("walk", Walk, draw_walk, "addresses with the pages that they need, some missing or protected"),
    Recipe("tlb-run", Run, draw_run, "accesses with locality and a small TLB; nothing faults"),
    Recipe("tables", Tables, draw_tables, "a sparse address space, without accesses"),
    Recipe("segments", Segments, draw_segments, "segments and addresses around their limits"),
)
