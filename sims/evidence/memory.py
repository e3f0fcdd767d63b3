"""Evidence of incidents in which memory is short, or only looks so.

Sources: man 1 free, ps; man 5 proc; man 8 vmstat, numastat; Linux kernel documentation (PSI, /proc/sys/vm,
transparent huge pages); Redis documentation (INFO). Lines stand as the tools print them, with the columns that say
nothing here left out.
"""

from collections.abc import Sequence

from sims.evidence.declare import Evidence, Values, share
from sims.fields import Pick

_PAGE = 4  # KiB
_COLUMNS = ("r", "b", "swpd", "free", "cache", "si", "so", "bi", "bo", "us", "sy", "id", "wa")


def _free(total: int, available: int, free: int, shared: int) -> str:
    """The line Mem: of `free -m`; as procps 4 has it, used is total less available, and some pages of the cache
    (shared ones, and those in use) are not available."""
    cache = available - free + shared + (available - free) // 16
    return f"Mem:  {total:>10} {total - available:>10} {free:>10} {shared:>10} {cache:>10} {available:>10}"


def _swap(total: int, used: int) -> str:
    return f"Swap: {total:>10} {used:>10} {total - used:>10}"


def _sizes(line: str) -> list[int]:
    return [int(cell) for cell in line.split()[1:]]


def _vmstat(rb: Sequence[int], memory: Sequence[int], flow: Sequence[int], split: Sequence[int]) -> str:
    """A line of `vmstat 1` without buff, in and cs; memory: swpd free cache; flow: si so bi bo; split: us sy id wa."""
    front = " ".join(f"{one:>2}" for one in rb) + "".join(f" {one:>8}" for one in memory)
    return front + "".join(f" {one:>6}" for one in flow) + "".join(f" {one:>2}" for one in split)


def _stat(line: str) -> dict[str, int]:
    cells = [int(cell) for cell in line.split()]
    return dict(zip(_COLUMNS, cells, strict=True))


def _pressure(kind: str, percent: int, total: int) -> str:
    """A line of /proc/pressure/memory; percent of the last ten seconds, in hundredths."""
    minute, five = percent * 9 // 10, percent * 6 // 10
    return f"{kind} avg10={percent / 100:.2f} avg60={minute / 100:.2f} avg300={five / 100:.2f} total={total}"


# ── RSS added up (I21) ──────────────────────────────────────────────────────────────────────────────────────────


def _added_rss(pick: Pick) -> Values:
    """Eight to eleven processes forked from one, with much in common: the sum of RSS exceeds the RAM, the sum of PSS
    is a third of it."""
    count, common = pick("count", 8, 11), pick("common", 1_150_000, 1_400_000)
    own = [pick(f"own{n}", 60_000, 150_000) for n in range(count)]
    rss = [common + each for each in own]
    pss = common + sum(own) + pick("rest", 300_000, 500_000)
    first = pick("pid", 2100, 8000)
    rows = [f"{first + n:>7} {rss[n] + 700_000 + 4096 * n:>7} {rss[n]:>7} gunicorn" for n in range(3)]
    total = 7_900
    available = total - pss // 1024 - pick("kernel", 350, 450)
    return {
        "count": count,
        "one": rows[0],
        "two": rows[1],
        "three": rows[2],
        "sum_rss": sum(rss),
        "sum_gib": f"{sum(rss) / 1024**2:.1f}",
        "pss": pss,
        "pss_gib": f"{pss / 1024**2:.1f}",
        "common_gib": f"{common / 1024**2:.1f}",
        "mem": _free(total, available, pick("free", 900, 1400), 12),
        "available": available,
    }


def _added_rss_holds(shown: Values) -> bool:
    total, used = _sizes(shown["mem"])[:2]
    impossible = shown["sum_rss"] / 1024 > total
    return bool(impossible and shown["pss"] / 1024 < used < total / 2 and used + shown["available"] == total)


# ── no free memory (I22) ────────────────────────────────────────────────────────────────────────────────────────


def _full_cache(pick: Pick) -> Values:
    """Little is free, most is cache, two thirds are available; nothing is swapped in or out and nobody stalls."""
    total, free = 31_800, pick("free", 180, 420)
    available = pick("available", 19_000, 23_000)
    shared, old = pick("shared", 40, 120), pick("old", 60, 190)
    cache = (available - free + shared + (available - free) // 16) * 1024
    reads = [pick("read0", 0, 90), pick("read1", 0, 90)]
    lines = [
        _vmstat(
            (pick(f"r{n}", 1, 3), 0), (old * 1024, free * 1024 - 40 * n, cache), (0, 0, reads[n], 420 + 31 * n), cpu
        )
        for n, cpu in enumerate(((11, 3, 86, 0), (9, 3, 88, 0)))
    ]
    return {
        "mem": _free(total, available, free, shared),
        "swap": _swap(2047, old),
        "vmstat1": lines[0],
        "vmstat2": lines[1],
        "some": _pressure("some", 0, pick("total", 90_000, 800_000)),
        "free": free,
        "free_share": share(free, total, 1),
        "available": available,
        "available_share": share(available, total),
        "old": old,
    }


def _full_cache_holds(shown: Values) -> bool:
    total, used, free, _shared, cache, available = _sizes(shown["mem"])
    quiet = all(_stat(shown[line])[flow] == 0 for line in ("vmstat1", "vmstat2") for flow in ("si", "so", "wa"))
    return quiet and free < total / 50 and available > total / 2 and used + available == total and cache < total


# ── the machine out of memory (I23) ─────────────────────────────────────────────────────────────────────────────


def _task(pid: int, rss: int, adjust: int, name: str) -> str:
    return f"[{pid:>7}] {rss:>8} {0:>8} {adjust:>13} {name}"


def _host_oom(pick: Pick) -> Values:
    """16 GiB without swap: a service of a constant size is killed, since it is the largest; a report that grew to a
    little less is the cause. The pages of all tasks and of the kernel are what there is."""
    pages, kernel = 4_050_000, pick("kernel", 110_000, 130_000)
    java, small = pick("java", 1_990_000, 2_080_000), (pick("db", 52_000, 66_000), 4_870, 1_240)
    report = pages - kernel - java - sum(small)
    pid = pick("pid", 1500, 3900)
    return {
        "pid": pid,
        "report_pid": pid + 5210,
        "java_line": _task(pid, java, 0, "java"),
        "report_line": _task(pid + 5210, report, 0, "report"),
        "db_line": _task(pid - 310, small[0], -900, "postgres"),
        "agent_line": _task(pid - 412, small[1], 0, "node_exporter"),
        "ssh_line": _task(pid - 520, small[2], -1000, "sshd"),
        "rss_kb": java * _PAGE,
        "java_pages": java,
        "java_gib": f"{java * _PAGE / 1024**2:.1f}",
        "java_wrong": f"{java / 1024**2:.1f}",
        "report_gib": f"{report * _PAGE / 1024**2:.1f}",
        "before_gib": f"{pick('before', 9, 14) / 10:.1f}",
        "minutes": pick("minutes", 25, 55),
    }


def _host_oom_holds(shown: Values) -> bool:
    rss = {name: int(str(shown[f"{name}_line"]).split("]")[1].split()[0]) for name in ("java", "report", "db")}
    grown = float(shown["report_gib"]) > 4 * float(shown["before_gib"])
    return grown and rss["java"] > rss["report"] > 10 * rss["db"] and rss["java"] * _PAGE == shown["rss_kb"]


# ── a swap storm (I25) ──────────────────────────────────────────────────────────────────────────────────────────


def _swap_storm(pick: Pick) -> Values:
    """Twice the workers of yesterday: what they use did fit, and does not now. Traffic both ways, blocked threads,
    nearly no user time."""
    workers, each = pick("workers", 12, 16), pick("each", 780, 860)
    before, after = workers * each, 2 * workers * each
    swapped = (after - 15_000) * 1024
    lines = []
    for n in range(3):
        inward, out = pick(f"in{n}", 21_000, 38_000), pick(f"out{n}", 19_000, 36_000)
        us, sy, idle = pick(f"us{n}", 2, 6), pick(f"sy{n}", 7, 13), pick(f"id{n}", 0, 6)
        memory = (swapped + 3000 * n, pick(f"free{n}", 110_000, 150_000), pick(f"cache{n}", 180_000, 240_000))
        flow = (inward, out, inward + pick(f"bi{n}", 200, 900), out + pick(f"bo{n}", 50, 400))
        split = (us, sy, idle, 100 - us - sy - idle)
        lines.append(_vmstat((pick(f"r{n}", 0, 2), pick(f"b{n}", 14, 26)), memory, flow, split))
    full = pick("full", 5600, 7200)
    return {
        "workers": workers,
        "now": 2 * workers,
        "each": each,
        "before_gib": f"{before / 1024:.1f}",
        "after_gib": f"{after / 1024:.1f}",
        "vmstat1": lines[0],
        "vmstat2": lines[1],
        "vmstat3": lines[2],
        "some": _pressure("some", full + 2300, pick("some", 700_000_000, 900_000_000)),
        "full": _pressure("full", full, pick("total", 400_000_000, 600_000_000)),
        "full_share": full // 100,
    }


def _swap_storm_holds(shown: Values) -> bool:
    rows = [_stat(shown[f"vmstat{n}"]) for n in (1, 2, 3)]
    both = all(row["si"] > 10_000 and row["so"] > 10_000 and row["b"] > 10 and row["us"] < 10 for row in rows)
    whole = all(row["us"] + row["sy"] + row["id"] + row["wa"] == 100 and row["bi"] >= row["si"] for row in rows)
    return both and whole and float(shown["before_gib"]) < 14 and float(shown["after_gib"]) > 18


# ── thrashing without swap (I26) ────────────────────────────────────────────────────────────────────────────────


def _refaults(pick: Pick) -> Values:
    """No swap; one process holds nearly all memory, the file cache is down to some hundred MiB, and its pages come
    back thousands of times a second: what is read is what refaults."""
    total, free = 15_900, pick("free", 86, 117)
    mem = _free(total, pick("available", 170, 260), free, 8)
    rate, start = pick("rate", 38_000, 52_000), pick("start", 8_000_000, 60_000_000)
    faults, held = pick("majors", 900_000, 4_000_000), pick("held", 14_300, 14_600)
    per = pick("per", 2600, 4200)
    us, sy = pick("us", 2, 5), pick("sy", 12, 20)
    line = (0, free * 1024, _sizes(mem)[4] * 1024)
    cpu = (us, sy, 1, 99 - us - sy)
    return {
        "mem": mem,
        "swap": _swap(0, 0),
        "vmstat": _vmstat((2, pick("b", 16, 34)), line, (0, 0, rate * _PAGE + pick("bi", 500, 2500), 36), cpu),
        "refault1": start,
        "refault2": start + 10 * rate,
        "rate": rate,
        "mib": rate * _PAGE // 1024,
        "major1": faults,
        "major2": faults + 10 * per,
        "per": per,
        "held": held,
        "held_gib": f"{held / 1024:.1f}",
    }


def _refaults_holds(shown: Values) -> bool:
    row = _stat(shown["vmstat"])
    read = (shown["refault2"] - shown["refault1"]) / 10 * _PAGE
    quiet = row["si"] == row["so"] == row["swpd"] == 0 and row["bo"] < 100
    return bool(quiet and 0.95 < read / row["bi"] <= 1 and shown["held"] > 0.88 * _sizes(shown["mem"])[0])


# ── compaction in the request's way (I27) ───────────────────────────────────────────────────────────────────────


def _compaction(pick: Pick) -> Values:
    """Two looks ten seconds apart: hundreds of threads stopped to compact, most of them in vain; hardly anyone stopped
    to reclaim, and a third of the memory is available."""
    stall, failed = pick("stall", 900, 2400), pick("failed", 70, 90)
    at = pick("at", 100_000, 800_000)
    fail = stall * failed // 100
    total, available = 63_900, pick("available", 21_000, 26_000)
    direct, fallback = pick("direct", 0, 6), fail + pick("fallback", 10, 90)
    return {
        "mem": _free(total, available, pick("free", 1500, 2600), 300),
        "alloc1": at // 90,
        "alloc2": at // 90 + direct,
        "stall1": at,
        "stall2": at + stall,
        "fail1": at * 4 // 5,
        "fail2": at * 4 // 5 + fail,
        "fallback1": at * 6 // 5,
        "fallback2": at * 6 // 5 + fallback,
        "stalls": stall // 10,
        "failed": share(fail, stall),
        "direct": direct,
        "some": _pressure("some", pick("some", 700, 1500), at * 1900),
        "usual": pick("usual", 8, 14),
        "p99": 10 * pick("p99", 18, 42),
    }


def _compaction_holds(shown: Values) -> bool:
    stalls, fails = shown["stall2"] - shown["stall1"], shown["fail2"] - shown["fail1"]
    return bool(
        stalls > 100 * (shown["alloc2"] - shown["alloc1"])
        and stalls / 2 < fails <= shown["fallback2"] - shown["fallback1"]
        and _sizes(shown["mem"])[5] > 20_000
    )


# ── a snapshot by fork (I28) ────────────────────────────────────────────────────────────────────────────────────


def _snapshot(pick: Pick) -> Values:
    """Redis of 16 to 26 GiB: page tables of 8 bytes a page, copied in some 11 to 14 ms a GiB; what clients write while
    the child saves is a quarter to a half of the data."""
    rss = pick("rss", 16 * 1024, 26 * 1024) * 1024
    tables = rss // _PAGE * 8 // 1024 + pick("upper", 40, 160)
    fork = rss * pick("rate", 1100, 1400) * 10 // 1024**2
    copied = rss * pick("copied", 25, 50) // 100
    used = rss * 96 // 100
    return {
        "used": f"{used / 1024**2:.2f}G",
        "seconds": rss // 1024 // pick("speed", 90, 130),
        "cow": copied * 1024 + 4096 * pick("odd", 0, 255),
        "cow_gib": f"{copied / 1024**2:.1f}",
        "fork": fork,
        "fork_ms": f"{fork / 1000:.0f}",
        "rss": rss,
        "rss_gib": f"{rss / 1024**2:.1f}",
        "tables": tables,
        "tables_mib": tables // 1024,
        "peak_gib": f"{(rss + copied) / 1024**2:.1f}",
        "minutes": 5 * pick("minutes", 2, 4),
    }


def _snapshot_holds(shown: Values) -> bool:
    each = shown["fork"] / 1000 / (shown["rss"] / 1024**2)
    share_of_tables = shown["tables"] / (shown["rss"] / 512)
    return bool(10 < each < 15 and 1 < share_of_tables < 1.01 and shown["cow"] / 1024 < 0.51 * shown["rss"])


# ── memory on the other node (I29) ──────────────────────────────────────────────────────────────────────────────


def _event(count: int, name: str, note: str = "") -> str:
    """A line of `perf stat`."""
    return f"{count:>16,}   {name:<17}{note}".rstrip()


def _far_memory(pick: Pick) -> Values:
    """Nearly all memory of a process is on node 0, its threads on both: half of the loads that reach memory go to the
    other node. The TLB hits, so it is not the cause."""
    near, far = 100 * pick("near", 52_000, 90_000), 100 * pick("far", 300, 900)
    loads = pick("loads", 600_000_000, 900_000_000)
    remote = loads * pick("remote", 460, 499) // 1000
    lookups = loads * pick("lookups", 90, 110)
    misses = lookups * pick("misses", 8, 25) // 10_000
    note = f"# {100 * misses / lookups:>6.2f}% of all dTLB cache accesses"

    def row(name: str, one: int, two: int) -> str:
        return f"{name:<16}{one / 100:>16.2f}{two / 100:>16.2f}{(one + two) / 100:>16.2f}"

    return {
        "threads": 2 * pick("cores", 16, 32),
        "private": row("Private", near, far),
        "heap": row("Heap", 412, 38),
        "total": row("Total", near + 412, far + 38),
        "loads": _event(loads, "node-loads"),
        "remote": _event(remote, "node-load-misses"),
        "lookups": _event(lookups, "dTLB-loads"),
        "misses": _event(misses, "dTLB-load-misses", note),
        "remote_share": share(remote, loads),
        "near_share": share(near, near + far),
        "miss_share": share(misses, lookups, 2),
        "slower": pick("slower", 35, 60),
    }


def _far_memory_holds(shown: Values) -> bool:
    one, two, both = map(float, str(shown["private"]).split()[1:])
    half = 40 < int(shown["remote_share"]) < 51
    return half and abs(one + two - both) < 0.02 and one > 50 * two and float(shown["miss_share"]) < 0.3


_LISTED = (
    ("added-rss", _added_rss, _added_rss_holds, "the sum of RSS exceeds the RAM, that of PSS is a third of it"),
    ("full-cache", _full_cache, _full_cache_holds, "little is free, half and more available, and nobody waits"),
    ("host-oom", _host_oom, _host_oom_holds, "the largest task is killed, another one has grown"),
    (
        "swap-storm",
        _swap_storm,
        _swap_storm_holds,
        "the workers fitted before they were doubled, and swap both ways now",
    ),
    ("refaults", _refaults, _refaults_holds, "what is read is what refaults, and nothing is swapped"),
    ("compaction", _compaction, _compaction_holds, "threads stop to compact, not to reclaim"),
    ("snapshot", _snapshot, _snapshot_holds, "page tables, fork time and copied pages fit the size of the process"),
    ("far-memory", _far_memory, _far_memory_holds, "memory is on one node, half of the loads come from the other"),
)

EVIDENCE = tuple(
    Evidence(name, tuple(make(lambda _path, low, _high: low)), make, holds, says) for name, make, holds, says in _LISTED
)
