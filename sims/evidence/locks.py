"""Evidence of incidents in which threads wait for each other, and the numbers of a few short questions about locks.

Sources: man 1 perf-stat, perf-sched, perf-c2c; man 1 jcmd; gdb's manual; Go's net/http/pprof; Little's law.
"""

from collections.abc import Callable
from itertools import permutations

from sims.evidence.declare import Evidence, Values
from sims.fields import Pick

CORES = 16


def _contention(pick: Pick) -> Values:
    """One monitor is held for `hold` µs of every request; two to three times as much is computed outside. Both loads
    run at 97 to 99.5 % of 1/hold; latency is threads/rate; all but the holder and those outside are blocked."""
    hold = 20 * pick("hold", 20, 40)
    outside = hold * pick("outside", 20, 30) // 10
    few, many = ((1_000_000 // hold) * pick(name, 970, 995) // 1000 for name in ("few", "many"))
    clock = 10 * many * (hold + outside) / 1000 + pick("overhead", 800, 1500)
    switches = 20 * many + pick("switches", 2000, 6000)
    return {
        "hold": hold,
        "ceiling": 1_000_000 // hold,
        "few": f"      8   {few:>10,}   {8000 / few:>9.1f} ms",
        "many": f"     64   {many:>10,}   {64000 / many:>9.1f} ms",
        "clock": f"{clock:>18,.2f} msec task-clock         #  {clock / 10_000:6.3f} CPUs utilized",
        "switches": f"{switches:>18,}      context-switches   #  {switches / clock:6.3f} K/sec",
        "used": round(clock / 100 / CORES),
        "blocked": 64 - 1 - round(many * outside / 1_000_000),
        "lock": f"0x{0x70B000000 + 8 * pick('lock', 100_000, 2_000_000):016x}",
        "few_rate": few,
        "many_rate": many,
    }


def _contention_holds(shown: Values) -> bool:
    below = all(0.96 <= shown[name] / shown["ceiling"] <= 1 for name in ("few_rate", "many_rate"))
    return bool(below and shown["used"] <= 35 and 58 <= shown["blocked"] <= 62)


def _false_sharing(pick: Pick) -> Values:
    """Eight counters of 8 bytes from the start of one 64-byte line; threads slow each other down as they are added.
    Four threads count 100 million each, 4 instructions a turn, at 3 GHz; the line is hit at one offset a thread."""
    alone = pick("alone", 380, 480)
    two, four, eight = alone * pick("two", 28, 36) // 100, alone * pick("four", 20, 26) // 100, alone * 17 // 100
    instructions = 1_600_000_000 + pick("instructions", 400_000, 900_000)
    cycles = 4 * 3_000_000_000 * 400 // four + pick("cycles", 0, 90_000_000)
    line, first = 64 * pick("line", 0x15_0000_0000, 0x15_4000_0000), 10 * pick("first", 300, 900) + 1
    parts = [25 + pick("part", -3, 3), 24, 26]
    parts.append(100 - sum(parts))
    rows = [f"  {part:>5} %  0x{8 * n:<6x}  {first + n}  count_loop" for n, part in enumerate(parts)]
    return {
        "table": "\n".join(f"  {n:>7}   {rate:>10}" for n, rate in ((1, alone), (2, two), (4, four), (8, eight))),
        "address": f"0x{line:x}",
        "row0": rows[0],
        "row1": rows[1],
        "row2": rows[2],
        "row3": rows[3],
        "instructions": f"{instructions:>18,}      instructions       #  {instructions / cycles:5.2f}  insn per cycle",
        "cycles": f"{cycles:>18,}      cycles",
        "switches": f"{pick('switches', 9, 40):>18,}      context-switches",
        "hitm": pick("hitm", 93, 98),
        "alone": alone,
        "four": four,
    }


def _false_sharing_holds(shown: Values) -> bool:
    shares = [int(shown[f"row{n}"].split()[0]) for n in range(4)]
    return bool(int(shown["address"], 16) % 64 == 0 and sum(shares) == 100 and 3 * shown["four"] < shown["alone"])


def _deadlock(pick: Pick) -> Values:
    """Three threads form a circle over three accounts; a fourth holds a lock outside it and waits for one of theirs."""
    base = pick("base", 4300, 9000)
    lwps = [base + step for step in (1, 3, 4, 6)]
    order = list(permutations(lwps))[pick("roles", 0, 23)]
    first, step = pick("first", 11, 60), pick("step", 2, 8)
    p, q, r, s = (first + step * n for n in (0, 1, 2, 3))
    held_wanted = dict(zip(order, ((p, q), (q, r), (r, p), (s, p)), strict=True))
    threads, frames = [], []
    for lwp in lwps:
        held, wanted = held_wanted[lwp]
        threads.append(f'Thread {lwp - base + 1} (LWP {lwp}) "worker-{lwp - base}":')
        frames.append(f"#3  0x000055d1c0a41b2e in transfer (from={held}, to={wanted}) at bank.cc:88")
    ring = sorted(order[:3])
    return {
        "pid": base,
        "bt": "\n".join(f"{thread}\n{frame}" for thread, frame in zip(threads, frames, strict=True)),
        "owners": "\n".join(
            f"(gdb) p accounts[{account}].lock.__data.__owner\n${n} = {owner}"
            for n, (account, owner) in enumerate(zip((p, q, r, s), order, strict=True), 1)
        ),
        "ring": f"{ring[0]}, {ring[1]} and {ring[2]}",
        "all": "all four: " + ", ".join(str(lwp) for lwp in lwps),
        "pair": " and ".join(str(lwp) for lwp in sorted(order[1:3])),
        "others": "{}, {} and {}".format(*sorted((order[0], order[2], order[3]))),
        "outside": order[3],
        "waits_for": order[0],
        "idle": pick("idle", 20, 60),
        "switches": pick("switches", 20_000, 90_000),
    }


def _deadlock_holds(shown: Values) -> bool:
    owners = [int(line.split("= ")[1]) for line in shown["owners"].splitlines()[1::2]]
    accounts = [int(line.split("[")[1].split("]")[0]) for line in shown["owners"].splitlines()[::2]]
    owner = dict(zip(accounts, owners, strict=True))
    waits = {}
    for head, frame in zip(shown["bt"].splitlines()[::2], shown["bt"].splitlines()[1::2], strict=True):
        lwp, held = int(head.split("LWP ")[1].split(")")[0]), int(frame.split("from=")[1].split(",")[0])
        waits[lwp] = owner[int(frame.split("to=")[1].split(")")[0])]
        if owner[held] != lwp:
            return False
    ring = {int(word) for word in shown["ring"].replace(",", "").split() if word != "and"}
    return {waits[lwp] for lwp in ring} == ring and waits[shown["outside"]] in ring and shown["outside"] not in ring


def _pool(pick: Pick) -> Values:
    """Each request holds a connection while it calls a slow service. Capacity is pool/held; the wait for a connection
    is (threads - pool) x held / pool, and stays below the pool's timeout of 30 s."""
    pool = 2 * pick("pool", 5, 15)
    threads = pool * pick("threads", 8, 10)
    before, held = 10 * pick("before", 12, 20), 100 * pick("held", 15, 30)
    capacity = 1000 * pool // before
    return {
        "pool": pool,
        "threads": threads,
        "waiting": threads - pool,
        "before": before,
        "held": f"{held / 1000:.1f}",
        "capacity": capacity,
        "now": f"{1000 * pool / held:.0f}",
        "arrive": capacity * pick("arrive", 40, 60) // 100,
        "wait": f"{(threads - pool) * held / pool / 1000:.0f}",
        "database": pick("database", 2, 6),
        "cpu": pick("cpu", 3, 8),
    }


def _pool_holds(shown: Values) -> bool:
    runs_dry = int(shown["now"]) < shown["arrive"] < shown["capacity"]
    return bool(runs_dry and int(shown["wait"]) < 30 and shown["waiting"] + shown["pool"] == shown["threads"])


def _inversion(pick: Pick) -> Values:
    """One core. The logger (FIFO 10) holds the lock; the sensor (80) wakes, runs and blocks on it; the encoder (50)
    preempts the logger. The sensor's wait is the logger's two stretches and the encoder's whole run. Times in µs."""
    pid = pick("pid", 700, 2900)
    before, short = pick("before", 800, 2000), pick("short", 30, 80)
    one, encoder, two = pick("one", 100, 400), 10 * pick("encoder", 2000, 2800), pick("two", 100, 500)
    clock = 1_000_000 * pick("clock", 100, 900) + pick("start", 1000, 90_000)
    waited = one + encoder + two
    rows = (
        ("logger", pid + 3, before, pick("slept", 20_000, 90_000), 4, before),
        ("sensor", pid, short, 10_000 - pick("ran", 200, 400), 5, short),
        ("logger", pid + 3, one, short, 0, one),
        ("encoder", pid + 2, encoder, 33_000 - pick("coded", 20_000, 28_000), 6, encoder),
        ("logger", pid + 3, two, encoder, 0, two),
        ("sensor", pid, 150, waited, 3, 150),
    )
    lines = []
    for name, tid, passed, wait, delay, run in rows:
        clock += passed
        lines.append(
            f"{clock / 1e6:>15.6f} [0002]  {f'{name}[{tid}]':<14}"
            f"  {wait / 1e3:>9.3f}  {delay / 1e3:>9.3f}  {run / 1e3:>8.3f}"
        )
    return {
        "pid": pid,
        "sensor": f"{pid:>7} FF      80   2 S    sensor",
        "encoder": f"{pid + 2:>7} FF      50   2 S    encoder",
        "logger": f"{pid + 3:>7} FF      10   2 S    logger",
        "rows": "\n".join(lines),
        "waited": f"{waited / 1000:.1f}",
        "middle": f"{encoder / 1000:.1f}",
        "inside": f"{(one + two) / 1000:.1f}",
    }


def _inversion_holds(shown: Values) -> bool:
    runs = [(line.split()[2].split("[")[0], *map(float, line.split()[3:])) for line in shown["rows"].splitlines()]
    inside = sum(run for name, _wait, _delay, run in runs[2:5])
    return bool(abs(runs[5][1] - inside) < 0.002 and inside > 15 and runs[4][1] == runs[3][3])


def _leak(pick: Pick) -> Values:
    """One goroutine is left by each timeout: as many are blocked at one line as the log counts timeouts. Each keeps
    5 to 9 KiB; the kernel threads stay few."""
    hours, rate = pick("hours", 20, 60), pick("rate", 10, 30)
    leaked = 60 * hours * rate + pick("odd", 0, 59)
    others, each = pick("others", 120, 300), pick("each", 5, 9)
    pc = 0x6B0000 + pick("pc", 0x1000, 0xEFFF)
    return {
        "hours": hours,
        "leaked": leaked,
        "others": others,
        "total": leaked + others,
        "rss": f"{150_000 + others * 20 + leaked * each:>8} kB",
        "rss_mb": round((150_000 + others * 20 + leaked * each) / 1000),
        "threads": pick("threads", 14, 23),
        "each": each,
        "pcs": f"0x43e1d6 0x40a1ec 0x409c97 0x{pc:x} 0x470121",
        "pc": f"0x{pc - 1:x}",
        "line": pick("line", 40, 99),
        "load": pick("load", 300, 900),
    }


def _leak_holds(shown: Values) -> bool:
    return bool(shown["total"] - shown["others"] == shown["leaked"] and shown["leaked"] > 50 * shown["others"])


def _entities(pick: Pick) -> Values:
    """Kernel threads of three processes on one core; the second switches among its own."""
    a, users, c = pick("a", 2, 4), pick("users", 5, 9), pick("c", 2, 5)
    entities = a + 1 + c
    return {
        "a": a, "users": users, "c": c, "entities": entities, "below": entities * users,
        "right": f"1/{entities * users}", "whole": f"1/{entities}", "per_process": f"1/{3 * users}",
        "per_thread": f"1/{a + users + c}",
    }  # fmt: skip


def _overlap(pick: Pick) -> Values:
    """Requests that compute, then wait longer than all of them compute together."""
    n, cpu = pick("n", 3, 6), pick("cpu", 5, 20)
    wait = n * cpu + 5 * pick("wait", 1, 20)
    return {
        "n": n, "cpu": cpu, "wait": wait, "right": n * cpu + wait, "sequential": n * (cpu + wait),
        "parallel": cpu + wait, "no_wait": n * cpu,
    }  # fmt: skip


def _spinning(pick: Pick) -> Values:
    """Threads, each on a core of its own, that reach one spinlock at once."""
    threads, hold = pick("threads", 4, 12), pick("hold", 3, 9)
    spun = hold * threads * (threads - 1) // 2
    return {
        "threads": threads, "hold": hold, "spun": spun, "done": threads * hold, "last": (threads - 1) * hold,
        "twice": 2 * spun,
    }  # fmt: skip


def _ageing(pick: Pick) -> Values:
    """A job that gains one step of priority for each stretch of waiting; 0 is the most urgent."""
    stream, seconds = pick("stream", 5, 15), 5 * pick("seconds", 1, 6)
    start = stream + pick("steps", 12, 35)
    return {
        "stream": stream, "start": start, "seconds": seconds, "steps": start - stream,
        "level": (start - stream) * seconds, "wins": (start - stream + 1) * seconds, "zero": start * seconds,
    }  # fmt: skip


def _units(pick: Pick) -> Values:
    """Four processes that take units of one type one at a time, up to a limit each."""
    most = [pick(f"most.{n}", 2, 7) for n in range(4)]
    return {
        "a": most[0], "b": most[1], "c": most[2], "d": most[3], "claims": sum(most), "worst": sum(most) - 4,
        "right": sum(most) - 3, "largest": max(most),
    }  # fmt: skip


def _ceiling(pick: Pick) -> Values:
    """A lock that is held for part of each request, on more cores than it can keep busy."""
    hold, cores = (200, 250, 400, 500, 800, 1000)[pick("hold", 0, 5)], 4 * pick("cores", 3, 8)
    return {
        "hold": hold, "outside": 3 * hold, "cores": cores, "right": 1_000_000 // hold,
        "no_lock": cores * 1_000_000 // (4 * hold), "each": cores * 1_000_000 // hold, "alone": 1_000_000 // (4 * hold),
    }  # fmt: skip


def _apart(*names: str) -> Callable[[Values], bool]:
    return lambda shown: len({shown[name] for name in names}) == len(names)


EVIDENCE = (
    Evidence(
        "contention",
        (
            "hold", "ceiling", "few", "many", "clock", "switches", "used", "blocked", "lock", "few_rate", "many_rate",
        ),
        _contention,
        _contention_holds,
        "both loads run just below 1/hold, with two thirds of the cores idle and nearly all threads blocked",
    ),
    Evidence(
        "false-sharing",
        (
            "table", "address", "row0", "row1", "row2", "row3", "instructions", "cycles", "switches", "hitm", "alone",
            "four",
        ),
        _false_sharing,
        _false_sharing_holds,
        "the address is that of a line, the shares sum to 100, and four threads do less than a third of one",
    ),
    Evidence(
        "deadlock",
        (
            "pid", "bt", "owners", "ring", "all", "pair", "others", "outside", "waits_for", "idle", "switches",
        ),
        _deadlock,
        _deadlock_holds,
        "who waits for whose lock makes a circle of three, and the fourth hangs on it from outside",
    ),
    Evidence(
        "pool",
        (
            "pool", "threads", "waiting", "before", "held", "capacity", "now", "arrive", "wait", "database", "cpu",
        ),
        _pool,
        _pool_holds,
        "the pool could serve the load before, cannot now, and the wait is below its timeout",
    ),
    Evidence(
        "inversion",
        ("pid", "sensor", "encoder", "logger", "rows", "waited", "middle", "inside"),
        _inversion,
        _inversion_holds,
        "the sensor's wait is the sum of what ran meanwhile, nearly all of it the encoder",
    ),
    Evidence(
        "leak",
        (
            "hours", "leaked", "others", "total", "rss", "rss_mb", "threads", "each", "pcs", "pc", "line", "load",
        ),
        _leak,
        _leak_holds,
        "as many goroutines are blocked at one line as there were timeouts",
    ),
    Evidence(
        "entities",
        ("a", "users", "c", "entities", "below", "right", "whole", "per_process", "per_thread"),
        _entities,
        _apart("right", "whole", "per_process", "per_thread"),
        "the right share and the wrong ones differ",
    ),
    Evidence(
        "overlap",
        ("n", "cpu", "wait", "right", "sequential", "parallel", "no_wait"),
        _overlap,
        _apart("right", "sequential", "parallel", "no_wait"),
        "the right time and the wrong ones differ",
    ),
    Evidence(
        "spinning",
        ("threads", "hold", "spun", "done", "last", "twice"),
        _spinning,
        _apart("spun", "done", "last", "twice"),
        "the right sum and the wrong ones differ",
    ),
    Evidence(
        "ageing",
        ("stream", "start", "seconds", "steps", "level", "wins", "zero"),
        _ageing,
        _apart("level", "wins", "zero"),
        "the right time and the wrong ones differ",
    ),
    Evidence(
        "units",
        ("a", "b", "c", "d", "claims", "worst", "right", "largest"),
        _units,
        _apart("claims", "worst", "right", "largest"),
        "the right number and the wrong ones differ",
    ),
    Evidence(
        "ceiling",
        ("hold", "outside", "cores", "right", "no_lock", "each", "alone"),
        _ceiling,
        _apart("right", "no_lock", "each", "alone"),
        "the right rate and the wrong ones differ",
    ),
)  # fmt: skip
