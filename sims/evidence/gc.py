"""Evidence of incidents in heaps, collectors and allocators.

Sources: HotSpot's unified logging as JDK 17 prints it (gc, safepoint; with -Xlog:…::uptime, the cause cut out so that
the lines stay short); Go's gctrace (package runtime, Environment Variables), its columns 1-4 and 11-15; jcmd
GC.class_histogram; man 3 malloc_info; man 5 proc (meminfo); man 1 slabtop; Linux kernel documentation, SLUB.
"""

from sims.evidence.declare import Evidence, Values, share
from sims.fields import Pick

_MIB = 1 << 20


# ── garbage made faster (I18) ───────────────────────────────────────────────────────────────────────────────────


def _young(at: int, number: int, heap: tuple[int, int, int], micros: int) -> str:
    """A young collection; at: ms since the start; heap: MB before, after, capacity."""
    before, after, whole = heap
    pause = f"{micros / 1000:.3f}ms"
    return f"[{at // 1000}.{at % 1000:03}s] GC({number}) Pause Young (Normal) {before}M->{after}M({whole}M) {pause}"


def _youngs(pick: Pick, tag: str, start: tuple[int, int], gap: int, room: tuple[int, int]) -> list[str]:
    """Three young collections, `gap` ms apart; start: ms and number; room: MB live and MB between two of them."""
    live, eden = room
    lines = []
    for n in range(3):
        after = live + pick(f"{tag}-live{n}", 0, 9)
        used = live + eden + pick(f"{tag}-used{n}", 0, 15)
        at = start[0] + n * gap + pick(f"{tag}-at{n}", 0, gap // 20)
        lines.append(_young(at, start[1] + n, (used, after, 2048), pick(f"{tag}-pause{n}", 8000, 14_000)))
    return lines


def _allocation(pick: Pick) -> Values:
    """The same requests, the same live set, six to ten times the garbage a request: young collections come that much
    more often, and each is as short as before. Requests of 8 ms meet a pause of about 11 ms in less than 1 % of the
    cases before and in more than 1 % after: p99 grows by about a pause."""
    live, eden = pick("live", 260, 420), pick("eden", 900, 1200)
    rate, times = 100 * pick("rate", 4, 9), pick("times", 6, 10)
    gap = 100 * pick("gap", 36, 60)
    later = gap // times
    start = pick("start", 40_000, 90_000) * 100
    old = _youngs(pick, "old", (start, start // gap), gap, (live, eden))
    new = _youngs(pick, "new", (start // 2, start // 2 // later), later, (live, eden))
    p99 = pick("p99", 24, 40)
    values = {f"old_{n + 1}": old[n] for n in range(3)} | {f"new_{n + 1}": new[n] for n in range(3)}
    return values | {
        "requests": rate,
        "gap": f"{gap / 1000:.1f}",
        "later": f"{later / 1000:.2f}",
        "times": times,
        "live": live,
        "eden": eden,
        "kb": 1000 * eden * 1000 // gap // rate,
        "kb_later": 1000 * eden * 1000 // later // rate,
        "p99": p99,
        "p99_later": p99 + pick("p99-later", 9, 13),
        "met": f"{100 * (8 + 11) / gap:.1f}",
        "met_later": f"{100 * (8 + 11) / later:.1f}",
    }


def _young_parts(line: str) -> tuple[float, int, int]:
    """Seconds, MB before, MB after of a line of the log."""
    words = line.split()
    before, _, rest = words[5].partition("M->")
    return float(words[0][1:-2]), int(before), int(rest.split("M")[0])


def _allocation_holds(shown: Values) -> bool:
    old, new = ([_young_parts(str(shown[f"{name}_{n}"])) for n in (1, 2, 3)] for name in ("old", "new"))
    flat = max(each[2] for each in (*old, *new)) - min(each[2] for each in (*old, *new)) < 10
    oftener = (old[2][0] - old[0][0]) / (new[2][0] - new[0][0])
    meets = float(shown["met"]) < 1 < float(shown["met_later"]) and 8 < shown["p99_later"] - shown["p99"] < 14
    return bool(flat and oftener > 5 and shown["kb_later"] > 5 * shown["kb"] and meets)


# ── slow to stop (I18) ──────────────────────────────────────────────────────────────────────────────────────────


def _safepoint(reaching: int, at: int) -> str:
    return f"Reaching safepoint: {reaching} ns; At safepoint: {at} ns"


def _to_safepoint(pick: Pick) -> Values:
    """Pauses of the collector stay near 10 ms; two of four stops take 300 to 800 ms to begin, since one thread waits
    for a page of a mapped file and reaches no safepoint."""
    slow = [pick(f"slow{n}", 300_000_000, 800_000_000) for n in range(2)]
    reaching = [pick("r0", 80_000, 400_000), slow[0], pick("r2", 80_000, 400_000), slow[1]]
    at = [pick(f"at{n}", 7_000_000, 12_000_000) for n in range(4)]
    pid = pick("pid", 1200, 9000)
    return {
        **{f"line_{n + 1}": _safepoint(reaching[n], at[n]) for n in range(4)},
        "gc_1": f"{(at[0] - 150_000) / 1e6:.3f}",
        "gc_2": f"{(at[1] - 150_000) / 1e6:.3f}",
        "gc_3": f"{(at[2] - 150_000) / 1e6:.3f}",
        "gc_4": f"{(at[3] - 150_000) / 1e6:.3f}",
        "worst": f"{(max(slow) + at[1 + 2 * slow.index(max(slow))]) // 1_000_000}",
        "longest_gc": f"{max(at) / 1e6:.0f}",
        "pid": pid,
        "tid": pid + pick("tid", 20, 90),
        "mapped": pick("mapped", 40, 90),
    }


def _to_safepoint_holds(shown: Values) -> bool:
    rows = [
        [int(word) for word in str(shown[f"line_{n}"]).replace(";", "").split() if word.isdigit()] for n in (1, 2, 3, 4)
    ]
    slow = [row for row in rows if row[0] > 10 * row[1]]
    inside = all(float(shown[f"gc_{n}"]) * 1e6 < rows[n - 1][1] for n in (1, 2, 3, 4))
    return len(slow) == 2 and inside and int(shown["worst"]) >= 300


# ── no room under the limit (gc-08) ─────────────────────────────────────────────────────────────────────────────


def _go(number: int, at: int, spent: int, heap: tuple[int, int, int, int]) -> str:
    """Columns 1-4 and 11-15 of gctrace; heap: MB at start, at end, live, goal."""
    start, end, live, goal = heap
    return f"gc {number} @{at // 1000}.{at % 1000:03}s {spent}%: {start}->{end}->{live} MB, {goal} MB goal,"


def _no_room(pick: Pick) -> Values:
    """GOMEMLIMIT less some 60 MB for the rest is the goal. The live set has been the same for an hour, 40 to 80 MB
    below it: what is free is allocated in a fraction of a second, and in this hour the collector took 40 to 48 % of
    the CPU (the column holds the share since the start). Early on the goal is twice the live set (GOGC=100)."""
    limit = 512 * pick("limit", 3, 6)
    goal = limit - pick("rest", 55, 65)
    live = goal - pick("room", 40, 80)
    early = pick("early", 180, 300)
    rate = pick("rate", 180, 320)
    gap = 1000 * (goal - live) // rate
    base, hour = pick("at", 9_000_000, 15_000_000), 3_600_000
    wobble = [pick(f"w{n}", -4, 4) for n in range(4)]
    number = pick("number", 30_000, 50_000)
    more = hour // gap
    heaps = [(goal - pick(f"s{n}", 5, 12), goal - pick(f"e{n}", 0, 4), live + wobble[n], goal) for n in range(4)]
    spent, of_hour = pick("spent", 21, 28), pick("hourly", 40, 48)
    later = (spent * base + of_hour * hour) // (base + hour)
    small = (2 * early - pick("grow", 4, 9), 2 * early, early, 2 * early)
    return {
        "limit": limit,
        "first": _go(40, pick("first", 90_000, 160_000), 1, small),
        "hour_1": _go(number, base, spent, heaps[0]),
        "hour_2": _go(number + 1, base + gap, spent, heaps[1]),
        "now_1": _go(number + more, base + hour, later, heaps[2]),
        "now_2": _go(number + more + 1, base + hour + gap, later, heaps[3]),
        "live": live,
        "goal": goal,
        "room": goal - live,
        "gap": gap,
        "rate": rate,
        "spent": later,
        "of_hour": of_hour,
        "early": early,
        "double": 2 * (goal - live),
    }  # fmt: skip


def _no_room_holds(shown: Values) -> bool:
    lives = [int(str(shown[key]).split("->")[2].split()[0]) for key in ("hour_1", "hour_2", "now_1", "now_2")]
    flat = max(lives) - min(lives) < 10
    return bool(
        flat
        and all(shown["goal"] - each < 90 for each in lives)
        and shown["gap"] < 500
        and shown["spent"] < shown["of_hour"] < 50
    )


# ── a leak that can be reached (gc-13) ──────────────────────────────────────────────────────────────────────────


def _class(rank: int, count: int, size: int, name: str) -> str:
    """A row of GC.class_histogram."""
    return f"{rank:>4}: {count:>13} {count * size:>14}  {name}"


def _heap_leak(pick: Pick) -> Values:
    """Two histograms of live objects an hour apart: as many sessions more as there were logins, and a map node for
    each; everything else stays."""
    first, logins = pick("first", 200_000, 600_000), pick("logins", 60_000, 140_000)
    bytes_, carts = pick("bytes", 3_000_000, 4_000_000), pick("carts", 8000, 20_000)
    second = first + logins
    node = "j.u.concurrent.ConcurrentHashMap$Node"
    chars = 96 * first // 3 + 40 * bytes_ // 30
    return {
        "old_1": f"{1:>4}: {3 * first + bytes_ // 30:>13} {3 * chars + 20_000_000:>14}  [B",
        "old_2": _class(2, first, 48, "shop.Session"),
        "old_3": _class(3, first + 900, 32, node),
        "old_4": _class(4, carts, 56, "shop.Cart"),
        "new_1": f"{1:>4}: {3 * second + bytes_ // 30:>13} {3 * (chars + 32 * logins) + 20_000_000:>14}  [B",
        "new_2": _class(2, second, 48, "shop.Session"),
        "new_3": _class(3, second + 900, 32, node),
        "new_4": _class(4, carts + pick("more", -300, 300), 56, "shop.Cart"),
        "logins": logins,
        "grown": f"{logins * (48 + 32 + 96) / 1e6:.0f}",
        "pid": pick("pid", 1000, 9000),
    }


def _heap_leak_holds(shown: Values) -> bool:
    old, new = ([int(str(shown[f"{name}_{n}"]).split()[1]) for n in (1, 2, 3, 4)] for name in ("old", "new"))
    sizes = all(
        int(str(shown[f"{name}_{n}"]).split()[2]) == count * size
        for name in ("old", "new")
        for n, size in ((2, 48), (3, 32), (4, 56))
        for count in [int(str(shown[f"{name}_{n}"]).split()[1])]
    )
    heaviest = all(
        int(str(shown[f"{name}_{n}"]).split()[2]) > int(str(shown[f"{name}_{n + 1}"]).split()[2])
        for name in ("old", "new")
        for n in (1, 2, 3)
    )
    same = new[1] - old[1] == new[2] - old[2] == shown["logins"]
    return bool(sizes and heaviest and same and abs(new[3] - old[3]) < 400)


# ── freed, and kept by the arenas (I20) ─────────────────────────────────────────────────────────────────────────


def _arenas(pick: Pick) -> Values:
    """8 arenas a core. What the program uses is the same in the morning and in the evening; what the arenas hold has
    grown, and the difference is free. RSS is what the arenas hold, plus mapped blocks and the program itself."""
    cores = 8 * pick("cores", 1, 3)
    used = pick("used", 700, 1100) * _MIB + 16 * pick("used-odd", 0, 60_000)
    held = [used * pick("old", 125, 140) // 100, used * pick("new", 380, 520) // 100]
    held = [each // 4096 * 4096 for each in held]
    mapped = pick("mapped", 20, 60) * _MIB
    drift = 4096 * pick("drift", 1000, 5000)
    free = [held[0] - used, held[1] - used - drift]
    rss = [(each + mapped + 30 * _MIB) // 1024 for each in held]
    return {
        "threads": 12 * cores + pick("odd", 1, 9),
        "arenas": 8 * cores,
        "cores": cores,
        "rss_old": f"VmRSS:  {rss[0]:>8} kB",
        "rss_new": f"VmRSS:  {rss[1]:>8} kB",
        "rest_old": f'<total type="rest" count="{pick("c1", 20_000, 60_000)}" size="{free[0]}"/>',
        "rest_new": f'<total type="rest" count="{pick("c2", 200_000, 600_000)}" size="{free[1]}"/>',
        "mmap": f'<total type="mmap" count="{pick("c3", 9, 30)}" size="{mapped}"/>',
        "system_old": f'<system type="current" size="{held[0]}"/>',
        "system_new": f'<system type="current" size="{held[1]}"/>',
        "used_old": f"{used / 1e9:.2f}",
        "used_new": f"{(used + drift) / 1e9:.2f}",
        "held": f"{held[1] / 1e9:.1f}",
        "free": f"{free[1] / 1e9:.1f}",
        "free_share": share(free[1], held[1]),
        "pid": pick("pid", 1000, 9000),
    }


def _size(tag: str) -> int:
    return int(tag.split('size="')[1].strip('"/>'))


def _arenas_holds(shown: Values) -> bool:
    old, new = ((_size(str(shown[f"system_{n}"])), _size(str(shown[f"rest_{n}"]))) for n in ("old", "new"))
    used = old[0] - old[1], new[0] - new[1]
    rss = int(str(shown["rss_new"]).split()[1]) * 1024
    near = 0 < rss - new[0] - _size(str(shown["mmap"])) < 40 * _MIB
    same = abs(used[0] - used[1]) < used[0] // 20
    return bool(same and near and new[1] > 2 * used[1] and shown["arenas"] == 8 * shown["cores"])


# ── the kernel's own memory (I20) ───────────────────────────────────────────────────────────────────────────────


def _meminfo(name: str, kib: int) -> str:
    return f"{name + ':':<15} {kib:>8} kB"


def _slab(pick: Pick) -> Values:
    """Nobody's RSS explains it: anonymous memory is a fifth of the machine, slab that cannot be reclaimed a half. One
    cache holds nearly all of it, and nearly all of that comes from one line of a module."""
    total = 16_384_000 - pick("reserved", 100_000, 300_000)
    anon = total * pick("anon", 17, 22) // 100
    slabs = total * pick("slab", 42, 50) // 100 // 32
    size = slabs * 32
    unreclaimable = size + pick("rest", 150_000, 260_000)
    reclaimable = pick("reclaimable", 200_000, 400_000)
    cached = pick("cached", 1_200_000, 2_000_000)
    free = total - anon - unreclaimable - reclaimable - cached - 600_000
    objects = slabs * 32
    active = objects - pick("idle", 0, 90)
    leaked = active * pick("leaked", 960, 985) // 1000
    available = free + cached * 8 // 10 + reclaimable // 2
    return {
        "total": _meminfo("MemTotal", total),
        "available": _meminfo("MemAvailable", available),
        "anon": _meminfo("AnonPages", anon),
        "slab": _meminfo("Slab", unreclaimable + reclaimable),
        "reclaimable": _meminfo("SReclaimable", reclaimable),
        "unreclaimable": _meminfo("SUnreclaim", unreclaimable),
        "top_1": f"{objects:>7} {active:>7} {99:>3}%    1.00K {slabs:>6} {32:>8} {size:>9}K kmalloc-1k",
        "top_2": " 189000  188100  99%    0.19K   9000       21     36000K dentry",
        "traces": f"{leaked:>7} edr_event_alloc+0x44/0xd0 [edr_agent]",
        "other": f"{pick('other', 900, 4000):>7} __alloc_skb+0x8b/0x1a0",
        "gib": f"{size / (1 << 20):.1f}",
        "days": pick("days", 9, 40),
    }  # fmt: skip


def _slab_holds(shown: Values) -> bool:
    kib = {key: int(str(shown[key]).split()[1]) for key in ("total", "anon", "slab", "reclaimable", "unreclaimable")}
    sums = kib["slab"] == kib["reclaimable"] + kib["unreclaimable"]
    row = str(shown["top_1"]).split()
    size = int(row[6][:-1])
    fits = int(row[0]) == size == int(row[4]) * int(row[5]) and 0 < kib["unreclaimable"] - size < 300_000
    traced = int(str(shown["traces"]).split()[0]) / int(row[1])
    return sums and fits and 0.95 < traced < 1 and kib["unreclaimable"] > 2 * kib["anon"] * 9 // 10


# ── pauses and percentiles (gc-10) ──────────────────────────────────────────────────────────────────────────────


def _pauses(pick: Pick) -> Values:
    """A pause of P ms at every T ms, requests of S ms that come at any time: P/T of the time is lost, (S + P)/T of the
    requests meet a pause, and S/T ≥ 1 % of them meet all of it, so that p99 is S + P."""
    every = (800, 1000, 1250, 1600, 2000)[pick("every", 0, 4)]
    pause, work = (40, 50, 60)[pick("pause", 0, 2)], (20, 25, 30)[pick("work", 0, 2)]
    mean = pause * pause / 2 / every + work * pause / every
    return {
        "every": every,
        "pause": pause,
        "work": work,
        "lost": f"{100 * pause / every:.2f}",
        "met": f"{100 * (work + pause) / every:.2f}",
        "only_work": f"{100 * work / every:.2f}",
        "product": f"{100 * pause / (every - pause):.2f}",
        "p99": work + pause,
        "mean": f"{mean:.1f}",
    }


def _pauses_holds(shown: Values) -> bool:
    every, pause, work = shown["every"], shown["pause"], shown["work"]
    shares = abs(float(shown["met"]) - float(shown["lost"]) - float(shown["only_work"])) < 0.011
    return bool(shares and 100 * work >= every and pause > work and shown["p99"] == work + pause)


_VALUES = {  # the names that content may use
    "allocation": (
        "old_1 old_2 old_3 new_1 new_2 new_3 requests gap later times live eden kb kb_later p99 p99_later met met_later"
    ),
    "to-safepoint": "line_1 line_2 line_3 line_4 gc_1 gc_2 gc_3 gc_4 worst longest_gc pid tid mapped",
    "no-room": "limit first hour_1 hour_2 now_1 now_2 live goal room gap rate spent of_hour early double",
    "heap-leak": "old_1 old_2 old_3 old_4 new_1 new_2 new_3 new_4 logins grown pid",
    "arenas": (
        "threads arenas cores rss_old rss_new rest_old rest_new mmap system_old system_new used_old used_new held free "
        "free_share pid"
    ),
    "slab": "total available anon slab reclaimable unreclaimable top_1 top_2 traces other gib days",
    "pauses": "every pause work lost met only_work product p99 mean",
}

EVIDENCE = tuple(
    Evidence(name, tuple(_VALUES[name].split()), make, holds, says)
    for name, make, holds, says in (
        (
            "allocation",
            _allocation,
            _allocation_holds,
            "the live set stays, and young collections come six times as often or more",
        ),
        (
            "to-safepoint",
            _to_safepoint,
            _to_safepoint_holds,
            "half of the stops take ten times as long to begin as to do",
        ),
        ("no-room", _no_room, _no_room_holds, "the live set stays, less than 90 MB below the goal"),
        ("heap-leak", _heap_leak, _heap_leak_holds, "sessions and map nodes grow by the number of logins"),
        ("arenas", _arenas, _arenas_holds, "what is in use stays; what the arenas hold free is more than twice that"),
        ("slab", _slab, _slab_holds, "one cache is nearly all of the unreclaimable slab, from one line of a module"),
        ("pauses", _pauses, _pauses_holds, "a hundredth of the requests or more meet the whole pause"),
    )
)
