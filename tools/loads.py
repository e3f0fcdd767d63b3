"""Large scenarios for the benchmark, one a policy; deterministic, from a small generator of its own."""

from collections.abc import Callable
from typing import Any

from sims.listed import simulator

Scenario = dict[str, Any]


class Load:
    """A scenario of any size, and how many events it has."""

    def __init__(
        self, name: str, size: int, make: Callable[[int], Scenario], events: Callable[[int], int] = int
    ) -> None:
        self.name, self.size, self.make, self.events = name, size, make, events

    def __call__(self, size: int) -> Callable[[], Any]:
        """A run of that size, its scenario already built."""
        declared = simulator(self.name)
        scenario = declared.scenario(self.make(size))
        return lambda: declared.run(scenario)


def numbers(count: int, below: int, seed: int = 1) -> list[int]:
    """A plain linear congruential sequence (Knuth's MMIX constants), high bits."""
    found, state = [], seed
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        found.append((state >> 33) % below)
    return found


def _scheduler(policy: str, **more: Any) -> Callable[[int], Scenario]:
    def make(size: int) -> Scenario:
        gaps, bursts, ranks = numbers(size, 8, 1), numbers(size, 9, 2), numbers(size, 40, 3)
        arrival, processes = 0, []
        for gap, burst, rank in zip(gaps, bursts, ranks, strict=True):
            processes.append(
                {"arrival": arrival, "burst": burst + 1, "priority": rank, "tickets": rank + 1, "nice": rank - 20}
            )
            arrival += gap
        draws = {"draws": numbers(20 * size, 10_000, 4)} if policy == "lottery" else {}
        return {"policy": policy, "processes": processes, **more, **draws}

    return make


def _paging(policy: str, **more: Any) -> Callable[[int], Scenario]:
    def make(size: int) -> Scenario:
        draws = {"draws": numbers(size, 64, 5)} if policy == "random" else {}
        return {"policy": policy, "frames": 64, "references": numbers(size, 200), **more, **draws}

    return make


def _disk(policy: str) -> Callable[[int], Scenario]:
    return lambda size: {"policy": policy, "cylinders": 1_000_000, "head": 0, "requests": numbers(size, 1_000_000)}


QUANTUM = {"quantum": 3}
LOADS: dict[str, Load] = {
    **{
        f"scheduler {policy}": Load("scheduler", 10_000, _scheduler(policy, **more))
        for policy, more in {
            "fcfs": {}, "sjf": {}, "srtf": {}, "rr": QUANTUM, "priority": {}, "priority-preemptive": {}, "mlfq": {},
            "lottery": QUANTUM, "stride": QUANTUM, "fair": QUANTUM, "eevdf": QUANTUM,
        }.items()
    },
    **{
        f"paging {policy}": Load("paging", 100_000, _paging(policy, **more))
        for policy, more in {
            "fifo": {}, "lru": {}, "opt": {}, "mru": {}, "clock": {}, "second-chance": {}, "lfu": {},
            "nru": {"reset_every": 50}, "aging": {"reset_every": 50}, "random": {},
        }.items()
    },
    **{f"disk {policy}": Load("disk", 10_000, _disk(policy)) for policy in ("fcfs", "sstf", "scan", "c-look")},
}  # fmt: skip
