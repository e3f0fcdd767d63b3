"""Evidence of incidents in which a container ends, or does not want to.

Sources: Linux kernel documentation, Control Group v2 (memory.max, memory.events); man 7 pid_namespaces; man 5 proc
(SigCgt); the java command, Native Memory Tracking.
"""

from sims.evidence.declare import Evidence, Values
from sims.fields import Pick

# ── killed at the limit (I24) ───────────────────────────────────────────────────────────────────────────────────


def _oom_killed(pick: Pick) -> Values:
    """A JVM whose heap and all the rest together are more than memory.max; the heap alone is less. At the kill its
    anonymous memory was a few MiB below the limit: page tables and kernel memory count too."""
    limit = 1024 * pick("limit", 2, 4)
    heap = limit * pick("heap", 74, 80) // 100
    parts = {"meta": pick("meta", 150, 210), "code": pick("code", 80, 130), "gc": pick("gc", 60, 110)}
    threads = 10 * pick("threads", 15, 26)
    direct = limit - heap - sum(parts.values()) - threads + pick("over", 60, 180)
    direct = max(direct, 90)
    total = heap + sum(parts.values()) + threads + direct
    pid, virtual = pick("pid", 3000, 29_000), 3 * limit * 1024 + 4 * pick("vm", 0, 90_000)
    anon = limit * 1024 - 4 * pick("kib", 3500, 6500)
    return {
        "limit": limit,
        "bytes": limit * 1024 * 1024,
        "heap": heap,
        "heap_line": f"{'Java Heap':<16}{heap:>6}",
        "meta_line": f"{'Metaspace':<16}{parts['meta']:>6}",
        "thread_line": f"{'Thread':<16}{threads:>6}",
        "code_line": f"{'Code':<16}{parts['code']:>6}",
        "gc_line": f"{'GC':<16}{parts['gc']:>6}",
        "direct_line": f"{'Other (direct)':<16}{direct:>6}",
        "total": total,
        "over": total - limit,
        "kills": pick("kills", 2, 9),
        "max_events": 1000 * pick("max", 3, 40) + pick("odd", 0, 999),
        "killed": f"Killed process {pid} (java) total-vm:{virtual}kB, anon-rss:{anon}kB",
        "pause": pick("pause", 20, 90),
    }  # fmt: skip


def _oom_killed_holds(shown: Values) -> bool:
    lines = ("heap_line", "meta_line", "thread_line", "code_line", "gc_line", "direct_line")
    total = sum(int(str(shown[line]).split()[-1]) for line in lines)
    anon = int(str(shown["killed"]).split("anon-rss:")[1][:-2])
    below = 0.97 < anon / (shown["limit"] * 1024) < 1
    return bool(below and total == shown["total"] > shown["limit"] > shown["heap"] and shown["over"] >= 60)


# ── SIGTERM and PID 1 (I43) ─────────────────────────────────────────────────────────────────────────────────────


def _pid_one(pick: Pick) -> Values:
    """A shell is PID 1 and waits for its child: SigCgt has bit 16 (SIGCHLD) and not bit 14 (SIGTERM). The stop takes
    the grace period and a little, and ends with 137."""
    grace, child = 10 * pick("grace", 1, 3), pick("child", 7, 19)
    return {
        "grace": grace,
        "real": f"0m{grace}.{pick('ms', 180, 690)}s",
        "first": f"{1:>5} {0:>5} /bin/sh /app/start.sh",
        "second": f"{child:>5} {1:>5} /app/server --port 8080",
        "child": child,
        "caught": f"SigCgt: {1 << 16:016x}",
        "lost": pick("lost", 12, 90),
    }


def _pid_one_holds(shown: Values) -> bool:
    caught = int(str(shown["caught"]).split()[1], 16)
    took = float(str(shown["real"])[2:-1])
    return not caught & 1 << 14 and shown["grace"] < took < shown["grace"] + 1 and shown["child"] > 1


EVIDENCE = (
    Evidence(
        name="oom-killed",
        values=(
            "limit", "bytes", "heap", "heap_line", "meta_line", "thread_line", "code_line", "gc_line", "direct_line",
            "total", "over", "kills", "max_events", "killed", "pause",
        ),
        make=_oom_killed,
        holds=_oom_killed_holds,
        says="heap and the rest together are above the limit, the heap alone is below it",
    ),
    Evidence(
        name="pid-one",
        values=("grace", "real", "first", "second", "child", "caught", "lost"),
        make=_pid_one,
        holds=_pid_one_holds,
        says="SigCgt lacks SIGTERM, and the stop takes the whole grace period",
    ),
)  # fmt: skip
