"""Evidence of incidents on event loops, disks and latency.

Sources: man 1 iostat, pidstat, top; man 8 vmstat, lsof; man 1 df, du; Linux kernel documentation, /proc/sys/vm and
Pressure Stall Information; Node.js documentation, perf_hooks. Lines stand as the tools print them, with the columns
that say nothing here left out.
"""

from sims.evidence.declare import Evidence, Values, share
from sims.fields import Pick

# ── a loop that computes (I16) ──────────────────────────────────────────────────────────────────────────────────


def _loop(pick: Pick) -> Values:
    """One handler computes `export` ms at a stretch, `times` a minute: a share of the time in which nobody else is
    served. A request that comes then waits for the rest of it, so p99 of anything follows from share and length."""
    export, times, base = 10 * pick("export", 45, 95), pick("times", 9, 18), pick("base", 14, 24)
    busy = export * times  # ms of every 60,000
    p99 = export - export * 600 // busy
    rows = 1000 * (export // 4)
    return {
        "export": export,
        "times": times,
        "rows": rows,
        "p99": p99 + 2,
        "usual": pick("usual", 3, 8),
        "delay": f"loop delay ms: p50 {10 + pick('p50', 0, 2)}, p99 {p99}, max {export + 12}",
        "main": f"   2201 R {base + busy // 600:>5}.{pick('tenth', 0, 9)} node",
        "worker": f"   2206 S {pick('worker', 0, 2):>5}.{pick('tenth', 0, 9)} node",
        "cpu": base + busy // 600,
        "idle": 97 - (base + busy // 600) // 16,
        "database": pick("database", 4, 9),
    }


def _loop_holds(shown: Values) -> bool:
    busy = shown["export"] * shown["times"]
    waits = 0.01 < busy / 60_000 < 0.35 and shown["p99"] <= shown["export"]
    return bool(waits and shown["p99"] > 20 * shown["usual"] and shown["cpu"] < 60 and shown["database"] < 10)


# ── a pool of four (I17) ────────────────────────────────────────────────────────────────────────────────────────


def _pool(pick: Pick) -> Values:
    """Four threads hash for `hash` ms each, so 4000/hash hashes a second; `queue` entries wait before a file read,
    which then takes queue × hash / 4 ms, although its pages are cached. The main thread has little to do."""
    took, queue, main = 5 * pick("hash", 14, 30), 4 * pick("queue", 12, 30), pick("main", 9, 17)
    threads = "\n".join(f"   {4413 + n} R {96 + pick('busy', 0, 3):>5}.{pick('tenth', 0, 9)} node" for n in range(4))
    return {
        "hash": took,
        "queue": queue,
        "most": 4000 // took,
        "read": queue * took // 4 + 1,
        "main": main,
        "main_line": f"   4402 S {main:>5}.{pick('tenth', 0, 9)} node",
        "threads": threads,
        "delay": f"loop delay ms: p50 {pick('p50', 10, 11)}, p99 {pick('p99', 12, 16)}, max {pick('max', 19, 28)}",
        "cat": f"0.00{pick('cat', 1, 3)}",
    }


def _pool_holds(shown: Values) -> bool:
    waits = shown["read"] == shown["queue"] * shown["hash"] // 4 + 1
    return bool(waits and shown["read"] > 500 and shown["main"] < 20 and shown["threads"].count("\n") == 3)


# ── a volume with a cap (I30) ───────────────────────────────────────────────────────────────────────────────────


def _disk_line(rate: int, await_us: int, size: int, busy: int) -> str:
    """One line of `iostat -xzs`; aqu-sz is rate × await (Little)."""
    queue = rate * await_us / 1_000_000
    moved, await_ms = f"{rate * size}.00", f"{await_us / 1000:.2f}"
    return f"nvme1n1      {rate:>6}.00 {moved:>9}     0.00 {await_ms:>7} {size:>5}.00 {queue:>7.2f} {busy:>3}.00"


def _iowait(pick: Pick) -> Values:
    """The volume gives `cap` operations a second and no more: second by second the same rate, whatever waits. await
    and aqu-sz fit by Little's law; most of it is read by a backup."""
    cap, size, took = 1000 * pick("cap", 3, 4), 4 * pick("size", 2, 4), pick("await", 5, 8)
    lines = [
        _disk_line(cap - pick("off", 0, 4), 1000 * took + pick("us", 0, 400), size, 100 - pick("util", 0, 1))
        for _ in range(3)
    ]
    total = cap * size
    backup, wa = total * pick("backup", 78, 86) // 100, pick("wa", 24, 38)
    blocked, written = cap * took // 1000 - pick("b", 2, 4), pick("written", 200, 600)
    return {
        "cap": cap,
        "size": size,
        "lines": "\n".join(lines),
        "wa": wa,
        "vmstat": f"  1 {blocked:>2}    0    0 {total - written:>6} {written:>5}   6  4 {90 - wa:>2} {wa:>2}  0",
        "backup_line": f"  999   7714 {backup:>9}.00 {0:>8}.00 restic",
        "database_line": f"   26   1190 {total * 12 // 100:>9}.00 {written:>8}.00 postgres",
        "backup_share": share(backup, total),
        "before": 1000 + 10 * pick("before", 1, 40),
        "p99": 10 * pick("p99", 40, 90),
    }


def _iowait_holds(shown: Values) -> bool:
    lines = [line.split() for line in shown["lines"].split("\n")]
    capped = all(shown["cap"] - 5 < float(one[1]) <= shown["cap"] for one in lines)
    little = all(abs(float(one[1]) * float(one[4]) / 1000 - float(one[6])) < 0.05 for one in lines)
    return bool(capped and little and shown["before"] < shown["cap"] and int(shown["backup_share"]) > 75)


# ── write-back in bursts (I31) ──────────────────────────────────────────────────────────────────────────────────


def _stalls(pick: Pick) -> Values:
    """Dirty pages grow at `rate` MB/s for the 30 s of dirty_expire and stay below the background threshold; then
    write-back takes amount / speed seconds, and commits wait for a part of it."""
    rate, speed = pick("rate", 24, 40), pick("speed", 260, 380)
    amount = 30 * rate
    flush = 1000 * amount // speed
    start, rows = pick("start", 4, 9), []
    for n in range(8):
        dirty, under = rate * (5 * n + start if n < 6 else 5 * (n - 6) + 2), 0
        if n == 6:  # in the middle of it: a part is under way, a part has not been handed over yet
            under = pick("under", 60, 130)
            dirty += amount * pick("left", 40, 60) // 100 - under
        kilo = 1024 * dirty + pick("kb", 0, 900)
        rows.append(f"14:02:{5 * n + 3:02} Dirty: {kilo} kB Writeback: {1024 * under} kB")
    threshold = 1000 * pick("threshold", 5, 9)
    return {
        "rate": rate,
        "rows": "\n".join(rows),
        "flush": flush,
        "commit": flush * pick("commit", 35, 55) // 100,
        "usual": pick("usual", 2, 6),
        "available": 10 * threshold,
        "threshold": threshold,
        "amount": amount,
        "util": flush // 300,
    }


def _stalls_holds(shown: Values) -> bool:
    below = shown["amount"] + 10 * shown["rate"] < shown["threshold"]
    return bool(below and shown["usual"] * 50 < shown["commit"] < shown["flush"] < 5000)


# ── names gone, blocks kept (I38) ───────────────────────────────────────────────────────────────────────────────


def _deleted(pick: Pick) -> Values:
    """df's used is what du finds plus the size of the files that are open without a name (one large, one small)."""
    size, found, used = 100, pick("found", 24, 40), pick("used", 96, 99)
    log, gib = used - found - 1, 1024**3
    large, small = log * gib + pick("odd", 0, gib // 4), 1024 * pick("small", 40, 900)
    return {
        "df": f"/dev/sdb1       {size}G  {used}G  {size - used:>3}G  {used}% /var",
        "du": f"{found}G     /var",
        "log": log,
        "used": used,
        "found": found,
        "java": f"java  3301 app  7w  REG  8,17 {large:>11}     0 1311 /var/log/a.log (deleted)",
        "other": f"nginx  871 www 12u  REG  8,17 {small:>11}     0 1422 /var/tmp/b.{pick('b', 10, 99)} (deleted)",
    }


def _deleted_holds(shown: Values) -> bool:
    kept = int(shown["java"].split()[6]) / 1024**3
    return bool(abs(shown["used"] - shown["found"] - kept) <= 1.01 and shown["used"] <= 99 and len(shown["java"]) <= 78)


# ── a tail of 200 ms (I44) ──────────────────────────────────────────────────────────────────────────────────────


def _tail(pick: Pick) -> Values:
    """Slow requests take the usual time and one retransmission timeout of a little over 200 ms; 1 to 3 % of them are
    slow, all of them to one of four peers. Nothing on this host waits: pressure and throttling are zero."""
    usual, sent = pick("usual", 4, 9), 1000 * pick("sent", 40, 70)
    slow = sent * pick("slow", 11, 28) // 1000
    rto = 201 + pick("rto", 0, 4)
    peers = [f"10.4.0.{n + 11}" for n in range(4)]
    bad = pick("bad", 0, 3)
    lost = [slow - slow // 50 if n == bad else pick("lost", 0, slow // 200) for n in range(4)]
    rows = [
        f"{peer}:9000  rto:{rto} rtt:0.{pick('rtt', 3, 8)}  retrans:0/{n}" for peer, n in zip(peers, lost, strict=True)
    ]
    return {
        "usual": usual,
        "slow": slow,
        "sent": sent,
        "percent": share(slow, sent, 1),
        "p99": usual + rto + pick("p99", 0, 2),
        "rows": "\n".join(rows),
        "peer": peers[bad],
        "retrans": sum(lost),
        "cpu": pick("cpu", 28, 46),
    }


def _tail_holds(shown: Values) -> bool:
    lost = [int(row.rsplit("/", 1)[1]) for row in shown["rows"].split("\n")]
    one = max(lost) > 0.9 * sum(lost) and sum(lost) == shown["retrans"]
    return bool(one and shown["slow"] > shown["sent"] / 100 and 204 < shown["p99"] < 220)


# ── two minutes (I45) ───────────────────────────────────────────────────────────────────────────────────────────


def _two_minutes(pick: Pick) -> Values:
    """Memory is short: swap in both directions, little available, one process of most of the memory. The disk is busy
    with swap: bi and bo are what si and so move, and little more."""
    total = 15_800 + pick("total", 0, 200)
    used = total - pick("free", 150, 260) - pick("cache", 200, 320)
    cores, wa, rows = 8, pick("wa", 38, 52), []
    loads = (pick("one", 14, 19), pick("five", 7, 9), 2)
    for _ in range(3):
        si, so, us = pick("si", 9_000, 16_000), pick("so", 7_000, 13_000), pick("us", 6, 11)
        last = f"{us:>2}  9 {91 - us - wa:>2} {wa:>2}  0"
        bi, bo = si + pick("bi", 90, 400), so + pick("bo", 40, 300)
        rows.append(f"{pick('r', 1, 3):>2} {pick('b', 11, 19):>2} {si:>6} {so:>6} {bi:>6} {bo:>6} {last}")
    resident = used * pick("resident", 66, 74) // 100
    swap = pick("swap", 2600, 3600)
    return {
        "cores": cores,
        "load": ", ".join(f"{load}.{pick('digit', 10, 99)}" for load in loads),
        "wa": wa,
        "rows": "\n".join(rows),
        "mem": f"Mem:   {total:>9} {used:>9} {total - used - 200:>8} {200:>10} {pick('available', 180, 320):>10}",
        "swap": f"Swap:  {4095:>9} {swap:>9} {4095 - swap:>8}",
        "report": f"  8812 {resident:>6}M   {pick('age', 11, 19)}:0{pick('second', 1, 9)} reportd",
        "api": f"  1402 {used * 14 // 100:>6}M 3-04:11:5{pick('second', 0, 9)} api",
        "resident": resident,
        "total": total,
        "util": pick("util", 91, 99),
    }  # fmt: skip


def _two_minutes_holds(shown: Values) -> bool:
    lines = [[int(one) for one in row.split()] for row in shown["rows"].split("\n")]
    swaps = all(line[2] > 0.9 * line[4] and line[3] > 0.9 * line[5] for line in lines)
    whole = all(sum(line[6:]) == 100 for line in lines)
    return bool(swaps and whole and shown["resident"] > 0.6 * shown["total"])


EVIDENCE = (
    Evidence(
        name="loop",
        values=("export", "times", "rows", "p99", "usual", "delay", "main", "worker", "cpu", "idle", "database"),
        make=_loop,
        holds=_loop_holds,
        says="one handler holds the loop for 1 to 35 % of the time; every request's p99 is the rest of one such turn",
    ),
    Evidence(
        name="pool",
        values=("hash", "queue", "most", "read", "main", "main_line", "threads", "delay", "cat"),
        make=_pool,
        holds=_pool_holds,
        says="a cached file waits behind a queue of hashes on four busy threads; the loop is idle",
    ),
    Evidence(
        name="iowait",
        values=(
            "cap", "size", "lines", "wa", "vmstat", "backup_line", "database_line", "backup_share", "before", "p99",
        ),
        make=_iowait,
        holds=_iowait_holds,
        says="the rate stands at the volume's cap; await fits by Little's law; a backup makes three quarters of it",
    ),
    Evidence(
        name="stalls",
        values=("rate", "rows", "flush", "commit", "usual", "available", "threshold", "amount", "util"),
        make=_stalls,
        holds=_stalls_holds,
        says="dirty pages grow for 30 s below the background threshold, then a burst of write-back delays commits",
    ),
    Evidence(
        name="deleted",
        values=("df", "du", "log", "used", "found", "java", "other"),
        make=_deleted,
        holds=_deleted_holds,
        says="df's used is du's sum and the size of a deleted log that is open",
    ),
    Evidence(
        name="tail",
        values=("usual", "slow", "sent", "percent", "p99", "rows", "peer", "retrans", "cpu"),
        make=_tail,
        holds=_tail_holds,
        says="slow requests take 200 ms more, and nine in ten retransmissions go to one peer",
    ),
    Evidence(
        name="two-minutes",
        values=("cores", "load", "wa", "rows", "mem", "swap", "report", "api", "resident", "total", "util"),
        make=_two_minutes,
        holds=_two_minutes_holds,
        says="nearly all disk traffic is swap, and one process has most of the memory",
    ),
)  # fmt: skip
