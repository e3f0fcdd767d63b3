"""Evidence of incidents of processes: hung, respawned, not reaped, in the way, crashed, waiting, asking the time.

Sources: man 1 ps; man 1 iostat; man 8 multipath; man 5 systemd.service; man 8 ss; man 5 proc; man 1 strace; Linux
kernel documentation (hung_task_timeout_secs, pids controller); Intel SDM volume 3, 4.7 (page-fault error code).
"""

from math import exp

from sims.evidence.declare import Evidence, Values
from sims.fields import Pick

SIGCHLD = 17


def _hung(pick: Pick) -> Values:
    """All paths of a multipath disk have failed: requests in the queue, none done; the CPU idles or waits (us, sy, id
    and wa sum to 100). The tasks in D make up the load, whose three means rise to it; the first report comes 120 s or
    more after the beginning and `minutes` before the uptime."""
    stuck, seconds, minutes = pick("stuck", 40, 160), pick("seconds", 120, 180), pick("minutes", 8, 25)
    hung, rest = 60 * minutes + seconds, pick("running", 10, 90) / 100
    load = [f"{stuck * (1 - exp(-hung / mean)) + rest:.2f}" for mean in (60, 300, 900)]
    pid, queue = pick("pid", 2000, 29_000), stuck + pick("flush", 3, 30)
    busy, wa = pick("busy", 2, 5), pick("wa", 20, 80)
    waits = ((pid, "postgres", "folio_wait_bit_common"), (pid + 14, "postgres", "wait_transaction_locked"))
    rows = [(912, "jbd2/dm-3-8", "jbd2_journal_commit_transaction"), *waits]
    return {
        "stuck": stuck,
        "seconds": seconds,
        "queue": queue,
        "pid": pid,
        "idle": 100 - busy,
        "cpu": f"us {busy - 1} sy 1 id {100 - busy - wa} wa {wa}",
        "load": ", ".join(load),
        "first": f"13:{67 - minutes}:{pick('at', 10, 30)}",
        "tasks": "\n".join(f"{one:>7} D {where:<32} {name}" for one, name, where in rows),
        "disk": f"{'dm-3':<10}{'0.00':>9}{'0.00':>9}{'0.00':>9}{'0.00':>8}{f'{queue}.00':>8}{'0.00':>9}{'100.00':>8}",
    }


def _hung_holds(shown: Values) -> bool:
    done, waiting = shown["disk"].split()[1], float(shown["disk"].split()[5])
    loads = [float(one) for one in shown["load"].split(", ")]
    loaded = abs(loads[0] - shown["stuck"]) < 1 and loads[0] > loads[1] > loads[2]
    idles = sum(map(int, shown["cpu"].split()[1::2])) == 100 and shown["idle"] > 90
    return bool(done == "0.00" and waiting > shown["stuck"] and loaded and idles)


def _respawn(pick: Pick) -> Values:
    """kill -9 ends a process; its supervisor starts another after `delay` seconds: a larger id, and as old as the
    pause of the shell without the delay."""
    old, pause = pick("pid", 3000, 20_000), pick("pause", 4, 8)
    delay, restarts = pick("delay", 1, 3), pick("restarts", 4, 30)
    new = old + pick("forks", 20, 400)
    age = f"00:{pause - delay:02d}"
    return {
        "old": old,
        "new": new,
        "pause": pause,
        "delay": delay,
        "restarts": restarts,
        "age": age,
        "row": f"{new:>7} {1:>7} Ssl  {age:>11} /opt/ingest/bin/ingest --queue orders",
    }


def _respawn_holds(shown: Values) -> bool:
    age = int(shown["age"][3:])
    return bool(shown["new"] > shown["old"] and 0 < age < shown["pause"] and age + shown["delay"] == shown["pause"])


def _zombies(pick: Pick) -> Values:
    """A parent that reaps one child a signal: its zombies and the live tasks of its group make up pids.max exactly;
    SIGCHLD is caught (bit 16 of SigCgt)."""
    most, live = 1024 * pick("limit", 2, 8), pick("live", 20, 60)
    parent, zombies = pick("parent", 700, 9000), most - live
    running = pick("running", 1, 3)
    others = (("D", 0), ("R", running), ("S", live + pick("others", 90, 240) - running), ("Z", zombies))
    return {
        "limit": most,
        "live": live,
        "zombies": zombies,
        "parent": parent,
        "states": "\n".join(f"{count:>7} {letter}" for letter, count in others if count),
        "by_parent": f"{zombies:>7} {parent}",
        "row": f"{parent:>7} {1:>4} Ss   {'runner':<15}",
        "caught": f"{1 << (SIGCHLD - 1) | 1 << 14 | 1 << 1:016x}",
    }


def _zombies_holds(shown: Values) -> bool:
    full = shown["zombies"] + shown["live"] == shown["limit"]
    handled = int(shown["caught"], 16) >> (SIGCHLD - 1) & 1
    return bool(full and handled and f"{shown['zombies']} Z" in shown["states"] and shown["zombies"] > 1000)


def _port(pick: Pick) -> Values:
    """A child inherited the listening socket: it listens under its own descriptor, is older than the failed start,
    and the descriptor's flags lack O_CLOEXEC (02000000)."""
    port, child, fd = pick("port", 8000, 8999), pick("pid", 4000, 30_000), pick("fd", 5, 12)
    stopped, since = pick("stopped", 2, 9), pick("since", 20, 55)
    age = f"{since}:{pick('second', 10, 59)}"
    return {
        "port": port,
        "child": child,
        "fd": fd,
        "stopped": stopped,
        "since": since,
        "listening": f'LISTEN 0 511 0.0.0.0:{port} 0.0.0.0:* users:(("convert",pid={child},fd={fd}))',
        "row": f"{child:>7} {1:>7} S    {age:>11} /usr/bin/convert --watch",
        "flags": "04002",
    }


def _port_holds(shown: Values) -> bool:
    inherited = not int(shown["flags"], 8) & 0o2000000
    return bool(inherited and shown["since"] > shown["stopped"] and f"pid={shown['child']}" in shown["listening"])


def _crash(pick: Pick) -> Values:
    """Two crashes at one instruction, in two places because of address randomisation: ip minus the start of the
    mapping is equal, the address is a member's offset from null, far from sp; the error bits fit read or write."""
    member, writes = 8 * pick("member", 2, 30), pick("writes", 0, 1)
    inside, offset, size = 16 * pick("inside", 0x400, 0x6000) + 4, 0x1000 * pick("offset", 8, 60), 0x94000
    shown: dict[str, int | str] = {
        "at": f"{member:x}",
        "member": member,
        "did": ("reads", "writes")[writes],
        "error": 4 + 2 * writes,
        "offset": f"0x{offset:06x}",
        "inside": f"0x{inside:x}",
        "address": f"0x{offset + inside:x}",
    }
    for n in (1, 2):
        start = 0x5500_0000_0000 + 0x1000 * pick(f"start{n}", 0x100_0000, 0xEFF_FFFF)
        stack = 0x7FFC_0000_0000 + 16 * pick(f"stack{n}", 0x1000_0000, 0x2FFF_FFFF)
        pid = pick(f"pid{n}", 3000, 30_000)
        shown[f"ip{n}"] = f"{start + inside:012x}"
        shown[f"crash{n}"] = (
            f"api[{pid}]: segfault at {member:x} ip {start + inside:016x} sp {stack:016x}\n"
            f"  error {4 + 2 * writes} in api[{start:x}+{size:x}]"
        )
        shown[f"start{n}"] = f"{start:x}"
    return shown


def _crash_holds(shown: Values) -> bool:
    inside = {int(shown[f"ip{n}"], 16) - int(shown[f"start{n}"], 16) for n in (1, 2)}
    null = int(shown["at"], 16) == shown["member"] < 4096
    mapped = inside == {int(shown["inside"], 16)} and int(shown["inside"], 16) < 0x94000
    place = int(shown["offset"], 16) + int(shown["inside"], 16) == int(shown["address"], 16)
    return bool(null and mapped and place and shown["error"] == {"reads": 4, "writes": 6}[shown["did"]])


def _stuck(pick: Pick) -> Values:
    """A read (system call 0) on a TCP connection that is established here and unknown to the peer; nothing is queued
    and no timer runs. The descriptor is the same in all four places."""
    pid, fd, port = pick("pid", 2000, 30_000), pick("fd", 10, 60), pick("port", 33_000, 60_000)
    here, there = f"10.0.{pick('net', 1, 9)}.{pick('host', 2, 250)}", "10.0.20.5"
    stack = f"0x7ffd{pick('stack', 0x100000, 0xFFFFFF):06x}f0"
    inode, hours = pick("inode", 100_000, 999_999), pick("hours", 3, 30)
    return {
        "pid": pid,
        "fd": fd,
        "hours": hours,
        "here": here,
        "local": f"{here}:{port}",
        "inode": inode,
        "call": f"0 0x{fd:x} 0x7f3c{pick('buffer', 0x10000, 0xFFFFF):05x}010 0x2000 0x0 0x0 0x0 {stack} 0x7f3d0e91a88d",
        "socket": f'ESTAB 0 0 {here}:{port} {there}:5432 users:(("job",pid={pid},fd={fd}))',
    }


def _stuck_holds(shown: Values) -> bool:
    call = shown["call"].split()
    same = int(call[1], 16) == shown["fd"] and f"fd={shown['fd']})" in shown["socket"]
    return bool(call[0] == "0" and same and shown["socket"].split()[1:3] == ["0", "0"] and shown["hours"] > 2)


def _clock(pick: Pick) -> Values:
    """strace -c over ten seconds: nearly all calls ask the time, seconds are calls by microseconds, the shares follow;
    the clock source is one that the vDSO cannot read."""
    calls = {"clock_gettime": 10_000 * pick("clock", 18, 36), "epoll_wait": 20 * pick("waits", 60, 120)}
    calls |= {"sendto": 20 * pick("sends", 40, 90), "recvfrom": 20 * pick("receives", 40, 90)}
    each = {"clock_gettime": pick("slow", 2, 4), "epoll_wait": 5, "sendto": 9, "recvfrom": 3}
    spent = {name: calls[name] * each[name] for name in calls}
    whole = sum(spent.values())
    rows = [
        f"{100 * spent[name] / whole:6.2f} {spent[name] / 1e6:11.6f} {each[name]:11d} {calls[name]:9d} {'':9} {name}"
        for name in sorted(calls, key=lambda name: -spent[name])
    ]
    sys = pick("sys", 28, 45)
    return {
        "calls": calls["clock_gettime"],
        "share": f"{100 * spent['clock_gettime'] / whole:.0f}",
        "table": "\n".join(rows),
        "usr": pick("usr", 20, 30),
        "sys": sys,
        "before": pick("before", 3, 6),
        "source": ("hpet", "acpi_pm")[pick("source", 0, 1)],
        "skewed": pick("core", 0, 7),
    }


def _clock_holds(shown: Values) -> bool:
    rows = [row.split() for row in shown["table"].split("\n")]
    total = sum(float(row[0]) for row in rows)
    fits = all(abs(float(row[1]) - int(row[2]) * int(row[3]) / 1e6) < 1e-6 for row in rows)
    first = rows[0][4] == "clock_gettime" and float(rows[0][0]) > 90
    return bool(99.9 < total < 100.1 and fits and first and shown["sys"] > 4 * shown["before"])


EVIDENCE = (
    Evidence(
        name="hung",
        values=("stuck", "seconds", "queue", "pid", "idle", "cpu", "first", "load", "tasks", "disk"),
        make=_hung,
        holds=_hung_holds,
        says="requests are queued and none is done; the tasks in D make up the load, and the CPU idles",
    ),
    Evidence(
        name="respawn",
        values=("old", "new", "pause", "delay", "restarts", "age", "row"),
        make=_respawn,
        holds=_respawn_holds,
        says="the process has another id, and is younger than the kill",
    ),
    Evidence(
        name="zombies",
        values=("limit", "live", "zombies", "parent", "states", "by_parent", "row", "caught"),
        make=_zombies,
        holds=_zombies_holds,
        says="zombies and live tasks fill pids.max, and the parent has a handler for SIGCHLD",
    ),
    Evidence(
        name="port",
        values=("port", "child", "fd", "stopped", "since", "listening", "row", "flags"),
        make=_port,
        holds=_port_holds,
        says="the listener is a child older than the stop, with a descriptor that is not close-on-exec",
    ),
    Evidence(
        name="crash",
        values=(
            "at", "member", "did", "error", "offset", "inside", "address", "ip1", "ip2", "crash1", "crash2", "start1",
            "start2",
        ),
        make=_crash,
        holds=_crash_holds,
        says="both crashes are at one instruction, at a small offset from null, and the error bits fit",
    ),
    Evidence(
        name="stuck",
        values=("pid", "fd", "hours", "here", "local", "inode", "call", "socket"),
        make=_stuck,
        holds=_stuck_holds,
        says="the call is read on the descriptor of an established connection with empty queues and no timer",
    ),
    Evidence(
        name="clock",
        values=("calls", "share", "table", "usr", "sys", "before", "source", "skewed"),
        make=_clock,
        holds=_clock_holds,
        says="seconds are calls by time per call, shares sum to 100, and asking the time takes over 90 %",
    ),
)  # fmt: skip
