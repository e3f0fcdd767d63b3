"""Evidence of incidents in which the CPU, or the right to use it, is short.

Sources: Linux kernel documentation, Control Group v2 (cpu.max, cpu.stat); man 5 proc; man 8 vmstat; man 1 pidstat.
"""

from sims.evidence.declare import Evidence, Values, share
from sims.fields import Pick


def _throttling(pick: Pick) -> Values:
    """A quota of 1 to 4 CPUs a period of 100 ms; many threads use it up early, so that 25 to 45 % of the periods are
    throttled; the mean use stays at a third of the quota or less."""
    cpus, threads = pick("cpus", 1, 4), 16 * pick("threads", 2, 6)
    periods = pick("periods", 20_000, 60_000)
    throttled = periods * pick("throttled", 250, 450) // 1000
    usec = throttled * pick("wait", 40_000, 80_000)
    used = pick("used", 24, 33)
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
    enough = 0.25 <= shown["throttled"] / shown["periods"] <= 0.45
    waits = shown["throttled_usec"] / shown["throttled"] < 100_000 * shown["threads"]
    hot = shown["threads"] > 4 * shown["cpus"] and shown["p99"] > 5 * shown["usual"]
    return bool(enough and waits and hot)


EVIDENCE = (
    Evidence(
        name="throttling",
        values=(
            "cpus", "threads", "quota", "periods", "throttled", "throttled_usec", "throttled_share", "used", "p99",
            "usual",
        ),
        make=_throttling,
        holds=_throttling_holds,
        says="a quarter of the periods or more are throttled, although the mean use is low",
    ),
)  # fmt: skip
