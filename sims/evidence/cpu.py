"""Evidence of incidents in which the CPU, or the right to use it, is short.

Sources: Linux kernel documentation, Control Group v2 (cpu.max, cpu.stat), CFS Bandwidth Control, networking/scaling;
man 5 proc; man 8 vmstat; man 1 mpstat, pidstat, strace. Lines stand as the tools print them,
with the columns that say nothing here left out.
"""

from sims.evidence.declare import Evidence, Values, share
from sims.fields import Pick


def _vmstat(r: int, b: int, interrupts: int, switches: int, split: tuple[int, int, int, int, int]) -> str:
    """One line of `vmstat 1` without its memory columns; split: us sy id wa st, which are 100 together."""
    us, sy, idle, wa, st = split
    return f"{r:>3} {b:>2} {interrupts:>6} {switches:>6} {us:>3} {sy:>2} {idle:>3} {wa:>2} {st:>2}"


def _whole(line: str) -> int:
    """us + sy + id + wa + st of a vmstat line."""
    return sum(map(int, line.split()[4:9]))


# ── throttling (I09) ────────────────────────────────────────────────────────────────────────────────────────────


def _throttling(pick: Pick) -> Values:
    """A quota of 1 to 4 CPUs a period of 100 ms; many threads use it up early, so that 25 to 45 % of the periods are
    throttled. Each of these used its whole quota, so the mean use is above their share, and still below 60 %."""
    cpus, threads = pick("cpus", 1, 4), 16 * pick("threads", 2, 6)
    periods = pick("periods", 20_000, 60_000)
    throttled = periods * pick("throttled", 250, 450) // 1000
    usec = throttled * pick("wait", 40_000, 80_000)
    used = 100 * throttled // periods + pick("used", 6, 14)
    return {
        "cpus": cpus,
        "threads": threads,
        "quota": cpus * 100_000,
        "periods": periods,
        "throttled": throttled,
        "throttled_usec": usec,
        "throttled_share": share(throttled, periods),
        "used": used,
        "p99": 20 * pick("p99", 35, 60),
        "usual": 10 * pick("usual", 3, 6),
    }


def _throttling_holds(shown: Values) -> bool:
    part = shown["throttled"] / shown["periods"]
    enough = 0.24 <= part <= 0.45 and 100 * part < shown["used"] < 60
    waits = shown["throttled_usec"] / shown["throttled"] < 100_000 * shown["threads"]
    hot = shown["threads"] > 4 * shown["cpus"] and shown["p99"] > 5 * shown["usual"]
    return bool(enough and waits and hot)


# ── load without use (I01) ──────────────────────────────────────────────────────────────────────────────────────


def _load_idle(pick: Pick) -> Values:
    """Most of the load is threads in state D behind an NFS server; they wait by schedule(), not io_schedule(), so
    that neither wa nor b counts them. Load rises: 1 minute above 5 above 15."""
    cores = 8 * pick("cores", 1, 4)
    python = cores * pick("python", 3, 5) + pick("odd", 0, 7)
    rsync = pick("rsync", 2, 9)
    stuck, running = python + rsync, pick("running", 1, 2)
    load = 100 * (stuck + running) - pick("behind", 10, 90)
    five, fifteen = load * pick("five", 70, 80) // 100, load * pick("fifteen", 35, 45) // 100
    us = pick("us", 1, 4)
    return {
        "cores": cores,
        "load": f"{load / 100:.2f}, {five / 100:.2f}, {fifteen / 100:.2f}",
        "vmstat": _vmstat(running, 0, 900 + pick("in", 0, 400), 1500 + pick("cs", 0, 900), (us, 1, 99 - us, 0, 0)),
        "python_line": f"{python:>7} D rpc_wait_bit_killable    python3",
        "rsync_line": f"{rsync:>7} D rpc_wait_bit_killable    rsync",
        "stuck": stuck,
        "rounded": stuck + running,
    }


def _load_idle_holds(shown: Values) -> bool:
    one, five, fifteen = map(float, str(shown["load"]).split(", "))
    near = 0 < shown["rounded"] - one < 1
    return bool(near and one > five > fifteen and one > 2 * shown["cores"] and _whole(shown["vmstat"]) == 100)


# ── one hot thread (I05) ────────────────────────────────────────────────────────────────────────────────────────


def _thread(tid: int, times: tuple[int, int, int], core: int, name: str) -> str:
    """A thread's line of `pidstat -u -t`; times: usr, system, wait, in hundredths of a per cent."""
    usr, system, _wait = times
    cells = "".join(f"{each / 100:>8.2f}" for each in (*times, usr + system))
    return f"{'-':>6} {tid:>6}{cells} {core:>4}  |__{name}"


def _hot_loop(pick: Pick) -> Values:
    """One thread of a service takes one core for itself, in user mode; its wait for a core is near 0, the machine is
    three quarters idle or more. Four fifths of the samples are in the matcher of a regular expression."""
    cores, tgid = 8 * pick("cores", 1, 3), pick("tgid", 2100, 9800)
    hot = tgid + pick("tid", 3, 9)
    usr, matcher = pick("usr", 9850, 9970), pick("matcher", 7900, 8900)
    return {
        "cores": cores,
        "tgid": tgid,
        "hot_tid": hot,
        "hot": _thread(hot, (usr, pick("sys", 0, 30), pick("wait", 0, 20)), pick("core", 0, 7), "worker-2"),
        "cool": _thread(hot + 1, (pick("u2", 50, 250), pick("s2", 20, 90), 0), pick("c2", 0, 7), "worker-3"),
        "cooler": _thread(hot + 2, (pick("u3", 50, 250), pick("s3", 20, 90), 0), pick("c3", 0, 7), "worker-4"),
        "machine": f"{(usr + 500) / 100 / cores:.0f}",
        "first": f"{matcher / 100:>8.2f}%  worker-2  libpcre2-8.so.0.11.2  [.] match",
        "second": f"{pick('next', 300, 600) / 100:>8.2f}%  worker-2  libc.so.6             [.] __strlen_avx2",
        "matcher": f"{matcher / 100:.0f}",
    }


def _hot_loop_holds(shown: Values) -> bool:
    hot = str(shown["hot"]).split()
    alone = float(hot[2]) > 98 and float(hot[4]) < 1 and float(hot[5]) <= 100.3
    return alone and int(shown["machine"]) < 25 and float(str(shown["first"]).split("%")[0]) > 75


# ── small calls (I06) ───────────────────────────────────────────────────────────────────────────────────────────


def _call(seconds: float, whole: float, calls: int, errors: str, name: str) -> str:
    """A line of `strace -c`."""
    each = int(seconds * 1e6 / calls)
    return f"{100 * seconds / whole:>6.2f} {seconds:>11.6f} {each:>11} {calls:>9} {errors:>9} {name}"


def _small_calls(pick: Pick) -> Values:
    """Ten seconds of a process that reads one byte a call, slowed by strace: reads are nearly all of its calls; the
    machine's time is mostly sy, with few switches, since no call waits."""
    reads = pick("reads", 400_000, 700_000)
    writes, polls = reads // 5000, reads // 12_000
    times = [reads * pick("each", 18, 26) / 1e7, writes * 9e-6, polls * 11e-6]
    whole = sum(times)
    sy = pick("sy", 60, 72)
    us = pick("us", 12, 18)
    interrupts, switches = 4000 + pick("in", 0, 900), 3000 + pick("cs", 0, 900)
    return {
        "vmstat": _vmstat(pick("r", 5, 7), 0, interrupts, switches, (us, sy, 100 - us - sy, 0, 0)),
        "read_line": _call(times[0], whole, reads, "", "read"),
        "write_line": _call(times[1], whole, writes, "", "write"),
        "poll_line": _call(times[2], whole, polls, "", "epoll_wait"),
        "sy": sy,
        "us": us,
        "reads": f"{reads:,}",
        "rate": f"{reads // 10_000}",
        "larger": f"{-(-reads // 65_536)}",
        "pid": pick("pid", 1200, 9800),
    }  # fmt: skip


def _small_calls_holds(shown: Values) -> bool:
    read = str(shown["read_line"]).split()
    return bool(
        float(read[0]) > 99
        and int(read[3]) >= 400_000
        and shown["sy"] > 3 * shown["us"]
        and _whole(shown["vmstat"]) == 100
    )


# ── packets on one core (I07) ───────────────────────────────────────────────────────────────────────────────────


def _core(name: str, usr: int, system: int, soft: int) -> str:
    """A line of `mpstat -P ALL`: CPU %usr %sys %iowait %irq %soft %steal %idle; the arguments in hundredths."""
    cells = (usr, system, 0, 0, soft, 0, 10_000 - usr - system - soft)
    return f"{name:>4}" + "".join(f"{each / 100:>8.2f}" for each in cells)


def _softirq_core(pick: Pick) -> Values:
    """Four cores; all interrupts of the one receive queue go to one of them, which spends 94 % or more in softirq."""
    busy = pick("busy", 0, 3)
    usr = [pick(f"usr{n}", 800, 1900) for n in range(4)]
    sys_ = [pick(f"sys{n}", 150, 400) for n in range(4)]
    soft = [pick(f"soft{n}", 0, 60) for n in range(4)]
    usr[busy], sys_[busy], soft[busy] = pick("u", 30, 120), pick("s", 50, 200), pick("soft", 9450, 9700)
    mean = [sum(each) // 4 for each in (usr, sys_, soft)]
    counts = [pick(f"irq{n}", 0, 40) for n in range(4)]
    counts[busy] = pick("irq", 180_000_000, 480_000_000)
    return {
        "all": _core("all", *mean),
        "cpu0": _core("0", usr[0], sys_[0], soft[0]),
        "cpu1": _core("1", usr[1], sys_[1], soft[1]),
        "cpu2": _core("2", usr[2], sys_[2], soft[2]),
        "cpu3": _core("3", usr[3], sys_[3], soft[3]),
        "irq": " 41:" + "".join(f"{each:>11}" for each in counts) + "  eth0-rx-0",
        "busy": busy,
        "mean_soft": f"{mean[2] / 100:.0f}",
        "drops": pick("drops", 2000, 9000),
    }


def _softirq_core_holds(shown: Values) -> bool:
    rows = [str(shown[f"cpu{n}"]).split() for n in range(4)]
    counts = [int(each) for each in str(shown["irq"]).split()[1:5]]
    busy = shown["busy"]
    one = float(rows[busy][5]) > 94 and all(float(row[5]) < 1 for row in rows if row is not rows[busy])
    return bool(
        one and counts[busy] > 1_000_000 * sum(each > 1000 for each in counts) and int(shown["mean_soft"]) <= 25
    )


# ── steal (I08) ─────────────────────────────────────────────────────────────────────────────────────────────────


def _steal(pick: Pick) -> Values:
    """A burstable machine whose credits ran out: st rises, the processes' own CPU time a request stays."""
    st, us, sy = pick("st", 24, 42), pick("us", 38, 46), pick("sy", 5, 9)
    hour, minute = pick("hour", 8, 16), pick("minute", 10, 40)
    cpu_ms, before = pick("cpu_ms", 6, 14), 5 * pick("before", 6, 12)
    wait = pick("more", 1, 3)
    return {
        "before_line": _vmstat(2, 0, 2100, 3900, (us - 3, sy, 103 - us - sy, 0, 0)),
        "after_line": _vmstat(pick("r", 5, 9), 0, 2000, 3600, (us, sy, 100 - us - sy - st, 0, st)),
        "st": st,
        "began": f"{hour:02}:{minute:02}",
        "credit_1": f"{hour:02}:{minute - 10:02}   {pick('credit', 3, 9)}.{pick('tenth', 1, 9)}",
        "credit_2": f"{hour:02}:{minute - 5:02}   1.{pick('left', 1, 9)}",
        "credit_3": f"{hour:02}:{minute:02}   0.0",
        "cpu_ms": cpu_ms,
        "p99_before": before,
        "p99": before * (2 + wait) - pick("less", 1, 9),
    }


def _steal_holds(shown: Values) -> bool:
    lines = str(shown["before_line"]), str(shown["after_line"])
    falls = [float(str(shown[f"credit_{n}"]).split()[1]) for n in (1, 2, 3)]
    whole = all(_whole(line) == 100 for line in lines) and min(map(int, lines[1].split())) >= 0
    return bool(whole and falls[0] > falls[1] > falls[2] == 0 and shown["p99"] > 2 * shown["p99_before"])


# ── the run queue (I10) ─────────────────────────────────────────────────────────────────────────────────────────


def _run_queue(pick: Pick) -> Values:
    """A batch of 3 to 5 workers a core beside a service. A thread of the service runs its usual time and waits for a
    core r/cores - 1 times as long; schedstat before and after 10 s shows both."""
    cores = 4 * pick("cores", 1, 4)
    workers = cores * pick("workers", 3, 5)
    runnable = workers + pick("others", 1, 4)
    ran = pick("ran", 800, 1500) * 1_000_000 + pick("ns", 0, 999_999)
    waited = ran * (runnable - cores) // cores
    first, before = pick("first", 10**11, 9 * 10**11), pick("before", 10**9, 9 * 10**9)
    turns = pick("turns", 200_000, 900_000)
    us = pick("us", 92, 95)
    interrupts, switches = 9000 + pick("in", 0, 999), 14_000 + pick("cs", 0, 4000)
    return {
        "cores": cores,
        "workers": workers,
        "vmstat": _vmstat(runnable, 0, interrupts, switches, (us, 100 - us, 0, 0, 0)),
        "stat_1": f"{first} {before} {turns}",
        "stat_2": f"{first + ran} {before + waited} {turns + pick('more', 900, 2400)}",
        "ran": f"{ran / 1e9:.1f}",
        "waited": f"{waited / 1e9:.1f}",
        "psi": f"some avg10={pick('psi', 9650, 9890) / 100:.2f} avg60={pick('psi60', 7200, 9000) / 100:.2f}",
        "p99_before": 5 * pick("p99", 6, 12),
        "times": 4 + pick("times", 1, 5),
    }  # fmt: skip


def _run_queue_holds(shown: Values) -> bool:
    one, two = ([int(each) for each in str(shown[key]).split()] for key in ("stat_1", "stat_2"))
    ran, waited = two[0] - one[0], two[1] - one[1]
    queued = int(str(shown["vmstat"]).split()[0])
    whole = ran + waited <= 10**10 and _whole(shown["vmstat"]) == 100
    return bool(whole and waited > ran and queued > 3 * shown["cores"])


# ── a storm of switches (I11) ───────────────────────────────────────────────────────────────────────────────────


def _switches(tid: int, own: int, forced: int, name: str) -> str:
    """A thread's line of `pidstat -wt`; the rates in hundredths."""
    return f"{'-':>6} {tid:>6} {own / 100:>10.2f} {forced / 100:>10.2f}  |__{name}"


def _switch_storm(pick: Pick) -> Values:
    """32 to 96 workers that hand one mutex round: each gives its core up thousands of times a second, nobody is
    preempted. Their sum is nearly the machine's cs, as each also wakes from idle."""
    cores, workers = 8 * pick("cores", 1, 2), 16 * pick("workers", 2, 6)
    each = pick("each", 260_000, 340_000) // workers
    cs = workers * each + pick("rest", 9000, 22_000)
    sy, us = pick("sy", 55, 66), pick("us", 9, 15)
    tgid = pick("tgid", 1400, 8800)
    own = [100 * each + pick(f"own{n}", -9000, 9000) for n in range(3)]
    lines = [_switches(tgid + 9 + n, own[n], pick(f"forced{n}", 0, 900), f"worker-{n}") for n in range(3)]
    return {
        "cores": cores,
        "workers": workers,
        "vmstat_1": _vmstat(3, 0, 6200, 8000 + pick("cs", 0, 900), (41, 6, 53, 0, 0)),
        "vmstat_2": _vmstat(pick("r", 9, 24), 0, 61_000 + pick("in", 0, 9000), cs, (us, sy, 100 - us - sy, 0, 0)),
        "line_1": lines[0],
        "line_2": lines[1],
        "line_3": lines[2],
        "futex": pick("futex", 90, 97),
        "pid": tgid,
        "each": each,
        "before": 100 * pick("rate", 60, 90),
        "after": 100 * pick("after", 18, 35),
    }  # fmt: skip


def _switch_storm_holds(shown: Values) -> bool:
    cs = int(str(shown["vmstat_2"]).split()[3])
    rows = [str(shown[f"line_{n}"]).split() for n in (1, 2, 3)]
    own = all(float(row[2]) > 100 * float(row[3]) for row in rows)
    fits = 0.85 < shown["workers"] * shown["each"] / cs < 1 and shown["after"] < shown["before"] / 1.5
    return bool(own and fits and _whole(shown["vmstat_2"]) == _whole(shown["vmstat_1"]) == 100)


_VALUES = {  # the names that content may use
    "throttling": "cpus threads quota periods throttled throttled_usec throttled_share used p99 usual",
    "load-idle": "cores load vmstat python_line rsync_line stuck rounded",
    "hot-loop": "cores tgid hot_tid hot cool cooler machine first second matcher",
    "small-calls": "vmstat read_line write_line poll_line sy us reads rate larger pid",
    "softirq-core": "all cpu0 cpu1 cpu2 cpu3 irq busy mean_soft drops",
    "steal": "before_line after_line st began credit_1 credit_2 credit_3 cpu_ms p99_before p99",
    "run-queue": "cores workers vmstat stat_1 stat_2 ran waited psi p99_before times",
    "switch-storm": "cores workers vmstat_1 vmstat_2 line_1 line_2 line_3 futex pid each before after",
}

EVIDENCE = tuple(
    Evidence(name, tuple(_VALUES[name].split()), make, holds, says)
    for name, make, holds, says in (
        (
            "throttling",
            _throttling,
            _throttling_holds,
            "a quarter of the periods or more are throttled, and the mean use is above that share and below 60 %",
        ),
        (
            "load-idle",
            _load_idle,
            _load_idle_holds,
            "the load is the threads in D and the running ones; nobody computes",
        ),
        ("hot-loop", _hot_loop, _hot_loop_holds, "one thread has a core for itself in user mode, and waits for none"),
        (
            "small-calls",
            _small_calls,
            _small_calls_holds,
            "nearly all calls are reads of one byte, and sy is most of it",
        ),
        ("softirq-core", _softirq_core, _softirq_core_holds, "one core of four takes all packets of the only queue"),
        ("steal", _steal, _steal_holds, "st begins when the credits end, and the CPU time of a request stays"),
        (
            "run-queue",
            _run_queue,
            _run_queue_holds,
            "three runnable threads a core and more; they wait longer than run",
        ),
        ("switch-storm", _switch_storm, _switch_storm_holds, "the workers' own switches add up to nearly all of cs"),
    )
)
