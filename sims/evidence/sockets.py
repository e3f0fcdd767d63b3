"""Evidence of incidents with descriptors and connections.

Sources: man 8 ss; man 1 strace; man 5 proc; man 2 listen, accept; man 7 tcp, ip; man 2 epoll_ctl. Lines stand as the
tools print them, with the columns that say nothing here left out.
"""

from sims.evidence.declare import Evidence, Values
from sims.fields import Pick


def _counted(name: str, calls: int, errors: int, took: int, other: int) -> str:
    """A line of `strace -c`: share of the time, seconds, µs a call, calls, errors; took and other are µs in all."""
    part = f"{100 * took / (took + other):.2f}"
    return f"{part:>6} {took / 1_000_000:>11.6f} {took // calls:>11} {calls:>9} {errors or '':>9} {name}"


# ── a leak (I32) ────────────────────────────────────────────────────────────────────────────────────────────────


def _leak(pick: Pick) -> Values:
    """The count grows by one for each failed call, at flat traffic: count − base = failures, at all three times. The
    last stands at the limit of 1024."""
    base, first = pick("base", 110, 190), pick("first", 140, 260)
    second = first + pick("second", 180, 300)
    failures = (first, second, 1024 - base)
    rows = [
        f"{hour}:00  {base + failed:>6}  {failed:>6}  {120 + pick('rate', 0, 9):>5}/s"
        for hour, failed in zip((10, 12, 15), failures, strict=True)
    ]
    files = pick("files", 38, 60)
    return {
        "base": base,
        "rows": "\n".join(rows),
        "failures": failures[-1],
        "sockets": f"{1024 - files - 4:>7} socket",
        "files": f"{files:>7} /opt/app/lib",
        "rest": f"{4:>7} anon_inode",
        "open": 1024 - files - 4,
    }


def _leak_holds(shown: Values) -> bool:
    rows = [[int(one.strip("/s")) for one in row.split()[1:]] for row in shown["rows"].split("\n")]
    each = all(count - failed == shown["base"] for count, failed, _ in rows)
    grows = rows[0][0] < rows[1][0] < rows[2][0] == 1024
    flat = max(row[2] for row in rows) < 1.1 * min(row[2] for row in rows)
    whole = sum(int(shown[one].split()[0]) for one in ("sockets", "files", "rest")) == 1024
    return bool(each and grows and flat and whole)


# ── accept at the limit (I33) ───────────────────────────────────────────────────────────────────────────────────


def _accept_spin(pick: Pick) -> Values:
    """Every descriptor is used: limit − 7 clients, all established and busy; the backlog keeps who comes next. The
    loop asks some 100,000 times a second, and each accept4 fails."""
    limit = 1024 * pick("limit", 1, 4)
    waiting = pick("waiting", 60, 460)
    calls = 1000 * pick("calls", 70, 130)
    failed = calls + pick("failed", 0, 9)
    took, other = failed * 3 + pick("took", 0, 9999), failed * 2 + pick("other", 0, 9999)
    return {
        "limit": limit,
        "limits": f"Max open files            {limit:<21}524288               files",
        "clients": limit - 7,
        "listen": f"LISTEN {waiting:<6} 511          0.0.0.0:8443       0.0.0.0:*",
        "waiting": waiting,
        "wait": _counted("epoll_wait", failed, 0, took, other),
        "accept": _counted("accept4", failed, failed, other, took),
        "cpu": 97 + pick("cpu", 0, 2),
    }


def _accept_spin_holds(shown: Values) -> bool:
    calls, errors = shown["accept"].split()[3:5]
    return bool(calls == errors and shown["clients"] == shown["limit"] - 7 and 0 < shown["waiting"] < 512)


# ── who does not close (I34) ────────────────────────────────────────────────────────────────────────────────────


def _close_wait(pick: Pick) -> Values:
    """A new pool of `size` connections with each token, every ten minutes; the server ends idle ones after a minute.
    All have Recv-Q 1 (the end is unread) and one peer. An hour adds six pools."""
    size = pick("size", 8, 20)
    pools = pick("pools", 30, 60)
    number, port = 40 + pick("fd", 0, 30), 35_000 + 2 * pick("port", 0, 9_000)
    rows = [
        f"1      0      10.0.2.14:{port + 2 * n * pick('gap', 1, 40)} 10.0.3.7:8080 "
        f'users:(("java",pid=3301,fd={number + n}))'
        for n in range(4)
    ]
    return {
        "size": size,
        "then": pools * size,
        "now": (pools + 6) * size,
        "hour": 6 * size,
        "rows": "\n".join(rows),
        "pools": pools,
        "estab": pick("estab", 3, size),
    }


def _close_wait_holds(shown: Values) -> bool:
    unread = all(row.startswith("1 ") and len(row) <= 78 for row in shown["rows"].split("\n"))
    return bool(unread and shown["now"] - shown["then"] == shown["hour"] == 6 * shown["size"])


# ── no port left (I35) ──────────────────────────────────────────────────────────────────────────────────────────


def _ports(pick: Pick) -> Values:
    """More connections a second are wanted than 28,232 ports and 60 s allow (470). All but those in use now stand in
    TIME_WAIT to one destination; what fails is the rest of the rate."""
    ports, wanted, used = 28_232, 10 * pick("wanted", 60, 120), pick("used", 30, 90)
    waiting = ports - used
    others = pick("others", 20, 60)
    total, timewait = used + waiting + 2 * others, waiting + others
    closed = timewait + pick("closed", 1, 5)
    return {
        "wanted": wanted,
        "seconds": ports // wanted,
        "failed": wanted - ports // 60,
        "tcp": f"TCP:   {total} (estab {used + others}, closed {closed}, orphaned 0, timewait {timewait})",
        "to_one": waiting,
        "used": used,
        "minute": pick("minute", 10, 49),
    }


def _ports_holds(shown: Values) -> bool:
    full = shown["to_one"] + shown["used"] == 28_232
    return bool(full and shown["wanted"] > 470 and shown["failed"] == shown["wanted"] - 470)


# ── a slow acceptor (I36) ───────────────────────────────────────────────────────────────────────────────────────


def _backlog(pick: Pick) -> Values:
    """One thread accepts and asks the DNS for each client's name: 1000 / lookup connections a second at most, fewer
    than come. The queue is full: Recv-Q is one above its limit of 128, as Linux counts."""
    lookup = pick("lookup", 9, 16)
    most = 1000 // lookup
    coming, before = most + pick("more", 15, 60), 1000 * pick("before", 9, 60)
    dropped = 6 * (coming - most) * pick("dropped", 14, 30)  # in a minute, with the clients' retries
    client = 40_000 + pick("client", 0, 20_000)
    trace = [
        f"accept4(5, {{sin_port=htons({client + n})...}}, [16], 0) = {31 + n} <0.0000{pick('a', 12, 29)}>\n"
        f"connect(41, {{sin_port=htons(53), ...}}, 16) = 0 <0.0000{pick('c', 14, 31)}>\n"
        f"poll([{{fd=41, events=POLLIN}}], 1, 5000) = 1 <0.{lookup - 1:03}{pick('p', 600, 990)}>"
        for n in range(2)
    ]
    return {
        "lookup": lookup,
        "most": most,
        "coming": coming,
        "listen": "LISTEN 129    128          0.0.0.0:8080       0.0.0.0:*",
        "before": f"TcpExtListenOverflows           {before:<18} 0.0",
        "after": f"TcpExtListenOverflows           {before + dropped:<18} 0.0",
        "dropped": dropped,
        "trace": "\n".join(trace),
        "cpu": pick("cpu", 3, 8),
    }


def _backlog_holds(shown: Values) -> bool:
    wide = max(len(line) for line in shown["trace"].split("\n")) <= 78
    return bool(
        wide
        and shown["coming"] > shown["most"] >= 1000 // 16
        and shown["dropped"] > 60 * (shown["coming"] - shown["most"])
    )


# ── a herd (I37) ────────────────────────────────────────────────────────────────────────────────────────────────


def _herd(pick: Pick) -> Values:
    """`workers` processes, each with an epoll instance of its own on one listening socket, wake for a connection; all
    but one get EAGAIN. Calls are connections × those awake, errors are calls − connections."""
    workers, taken = 8 * pick("workers", 2, 6), 100 * pick("taken", 20, 40)
    awake = workers - pick("busy", 2, 5)
    calls = taken * awake
    waits = calls + pick("waits", 100, 900)
    took, other = calls * 11 + pick("took", 0, 9999), waits * 9 + pick("other", 0, 9999)
    switches = 2 * (calls // 10) + pick("cs", 500, 1500)
    return {
        "workers": workers,
        "awake": awake,
        "taken": taken,
        "rate": taken // 10,
        "accept": _counted("accept4", calls, calls - taken, took, other),
        "wait": _counted("epoll_wait", waits, 0, other, took),
        "calls": calls,
        "errors": calls - taken,
        "switches": switches,
        "vmstat": f"{pick('r', 4, 9):>3}  0 {pick('in', 1200, 2600):>6} {switches:>6}  4  3 93  0  0",
    }  # fmt: skip


def _herd_holds(shown: Values) -> bool:
    each = shown["calls"] == shown["taken"] * shown["awake"] and shown["errors"] == shown["calls"] - shown["taken"]
    return bool(each and 0.5 * shown["workers"] < shown["awake"] < shown["workers"] <= 48)


EVIDENCE = (
    Evidence(
        name="leak",
        values=("base", "rows", "failures", "sockets", "files", "rest", "open"),
        make=_leak,
        holds=_leak_holds,
        says="the count above its base equals the failed calls at each time, while traffic is flat",
    ),
    Evidence(
        name="accept-spin",
        values=("limit", "limits", "clients", "listen", "waiting", "wait", "accept", "cpu"),
        make=_accept_spin,
        holds=_accept_spin_holds,
        says="all accept4 calls fail, all descriptors but seven are clients, and connections wait in the backlog",
    ),
    Evidence(
        name="close-wait",
        values=("size", "then", "now", "hour", "rows", "pools", "estab"),
        make=_close_wait,
        holds=_close_wait_holds,
        says="connections in CLOSE_WAIT with their end unread grow by one pool every ten minutes",
    ),
    Evidence(
        name="ports",
        values=("wanted", "seconds", "failed", "tcp", "to_one", "used", "minute"),
        make=_ports,
        holds=_ports_holds,
        says="every port to one destination is in use or in TIME_WAIT; the rate is above 470 a second",
    ),
    Evidence(
        name="backlog",
        values=("lookup", "most", "coming", "listen", "before", "after", "dropped", "trace", "cpu"),
        make=_backlog,
        holds=_backlog_holds,
        says="connections come faster than the one accepting thread, with a lookup for each, can take them",
    ),
    Evidence(
        name="herd",
        values=(
            "workers", "awake", "taken", "rate", "accept", "wait", "calls", "errors", "switches", "vmstat",
        ),
        make=_herd,
        holds=_herd_holds,
        says="each connection makes all idle workers call accept4, and all but one fail",
    ),
)  # fmt: skip
