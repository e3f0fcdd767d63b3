"""Large scenarios for the benchmark, one a policy or kind; deterministic, from a small generator of its own."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from sims.listed import simulator

Scenario = dict[str, Any]


class Load:
    """A scenario of any size, and how many events it has.

    `varied` is a field without influence on the run that is another each time, where a simulator keeps what it found.
    """

    def __init__(
        self,
        name: str,
        size: int,
        make: Callable[[int], Scenario],
        events: Callable[[int], int] = int,
        varied: str = "",
    ) -> None:
        self.name, self.size, self.make, self.events, self.varied = name, size, make, events, varied
        self.turn = count(1)

    def __call__(self, size: int) -> Callable[[], Any]:
        """A run of that size, its scenario already built; all events are made."""
        declared = simulator(self.name)
        scenario = declared.scenario(self.make(size))
        if not self.varied:
            return lambda: len(declared.run(scenario).events)
        base = getattr(scenario, self.varied)
        return lambda: len(declared.run(replace(scenario, **{self.varied: base - next(self.turn)})).events)


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


def _io(model: str) -> Callable[[int], Scenario]:
    """As many requests as the core can serve, and hardly more."""

    def make(size: int) -> Scenario:
        waits = numbers(size, 40)
        requests = [{"arrival": 3 * n, "segments": [1, wait + 1, 1]} for n, wait in enumerate(waits)]
        return {"model": model, "threads": 16, "requests": requests, "switch_cost": 0}

    return make


def _allocator(fit: str) -> Callable[[int], Scenario]:
    """Blocks of many sizes, every other one freed as soon as the next is there: holes of all sizes remain."""

    def make(size: int) -> Scenario:
        lines: list[str] = []
        for n, length in enumerate(numbers(size // 3, 200)):
            lines += [f"a{n} = malloc {length + 1}", f"b{n} = malloc {length // 2 + 1}", f"free a{n}"]
        return {"size": 2**20, "fit": fit, "operations": lines}

    return make


def _collector(kind: str) -> Callable[[int], Scenario]:
    """A list that grows at one end and is dropped in between."""

    def make(size: int) -> Scenario:
        lines: list[str] = []
        for n in range(size // 4):
            lines += [f"new a{n}", f"new b{n}", f"link a{n} b{n}", f"drop a{n}" if n % 2 else f"drop b{n}"]
        return (
            {"kind": kind, "mutations": lines, "nursery": 50}
            if kind == "generational"
            else {"kind": kind, "mutations": lines}
        )

    return make


def _banker(size: int) -> Scenario:
    held, wanted = numbers(3 * size, 4, 1), numbers(3 * size, 9, 2)
    allocation = [held[n : n + 3] for n in range(0, 3 * size, 3)]
    most = [[a + b for a, b in zip(row, wanted[3 * n : 3 * n + 3], strict=True)] for n, row in enumerate(allocation)]
    return {"kind": "banker", "available": [9, 9, 9], "allocation": allocation, "max": most}


def _thrashing(replacement: str) -> Callable[[int], Scenario]:
    def make(size: int) -> Scenario:
        strings = [[page // 40 * 5 + page % 5 for page in numbers(size // 4, 200, seed)] for seed in range(1, 5)]
        return {"frames": 64, "replacement": replacement, "window": 30, "processes": strings}

    return make


def _translation(size: int) -> Scenario:
    pages = [{"vpn": vpn, "frame": vpn} for vpn in range(1024)]
    bits = {"virtual_bits": 32, "physical_bits": 32, "page_bits": 12, "levels": [10, 10]}
    accesses = [number * 64 for number in numbers(size, 1024 * 64)]
    return {**bits, "tables": pages, "accesses": accesses, "tlb": {"entries": 64, "ways": 4}}


def _side(size: int) -> int:
    """Steps of each of three threads that together have about `size` states."""
    side: float = size ** (1 / 3)
    return round(side) - 1


def _threads(size: int) -> Scenario:
    program = ["load r x"] * _side(size)
    return {"shared": {"x": 1}, "threads": [{"program": program}] * 3, "limit": 2_000_000}


def _processes(size: int) -> Scenario:
    program = f"loop {min(size, 64)} {{ loop {max(size // 64, 1)} {{ fork; if child {{ exit }} }} }}"
    return {"program": program}


def _descriptors(size: int) -> Scenario:
    return {"limit": 64, "operations": ["open a", "dup 3", "read 3 1", "close 4"] * (size // 4)}


def _readiness(size: int) -> Scenario:
    return {"mode": "edge", "events": ["arrive 9", "wait", "read 5", "wait"] * (size // 4)}


def _switching(size: int) -> Scenario:
    """Two slices a thread."""
    return {"threads": size // 2, "cores": 16, "work": 4, "quantum": 3, "switch_cost": 1}


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
    **{f"io {model}": Load("io", 10_000, _io(model)) for model in ("pool", "event-loop", "thread-per-connection")},
    **{f"allocator {fit}": Load("allocator", 3_000, _allocator(fit)) for fit in ("first", "best", "next", "buddy")},
    **{f"collector {kind}": Load("collector", 1_000, _collector(kind))
       for kind in ("reference-counting", "mark-sweep", "generational")},
    "deadlock banker": Load("deadlock", 1_000, _banker),
    **{f"thrashing {way}": Load("thrashing", 20_000, _thrashing(way)) for way in ("global-lru", "working-set")},
    "translation": Load("translation", 100_000, _translation),
    "threads, states": Load("threads", 200_000, _threads, lambda size: (_side(size) + 1) ** 3, varied="limit"),
    "processes": Load("processes", 4_096, _processes),
    "descriptors": Load("descriptors", 100, _descriptors),
    "readiness": Load("readiness", 200, _readiness),
    "syscalls, bytes": Load("syscalls", 10**8, lambda size: {"call": "read", "bytes": size, "chunk": 1}),
    "switching": Load("switching", 100_000, _switching, varied="stack_kib"),
}  # fmt: skip
