"""A second scheduler, written from the definitions: tick by tick, plain lists, exact fractions, no cleverness.

It shares no code with sims.scheduler but the scenario. At each tick everything that falls on that instant happens in
the order of the specification; then every core works for one tick.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from sims.scheduler.scenario import Process, Scenario

PREEMPTIVE = ("srtf", "priority-preemptive", "mlfq")


@dataclass
class Body:
    """A process and everything that any policy may want to know of it."""

    index: int
    process: Process
    burst: int = 0  # which of its bursts
    left: int = 0  # ticks left of it
    io_until: int | None = None
    end: int | None = None
    first: int | None = None
    waited: int = 0
    level: int = 0
    used: int = 0  # CPU ticks used at this level
    slice_left: int = 0
    passed: Fraction = Fraction(0)  # pass, vruntime or v
    deadline: Fraction = Fraction(0)

    @property
    def name(self) -> str:
        return self.process.name


@dataclass
class Unit:
    """A core."""

    body: Body | None = None
    last: Body | None = None
    switching: int = 0
    lost: Body | None = None  # who was taken off at this very instant


@dataclass
class Outcome:
    """What was seen, tick by tick."""

    ticks: list[list[tuple[str, str] | None]] = field(default_factory=list)  # per tick, per core: (kind, process)
    ready: list[list[str]] = field(default_factory=list)
    switches: int = 0
    preemptions: int = 0
    bodies: list[Body] = field(default_factory=list)
    spread: list[Fraction] = field(default_factory=list)

    def gantt(self) -> list[tuple[str, int, int, int]]:
        rows = []
        for core in range(len(self.ticks[0])):
            for t, cells in enumerate(self.ticks):
                cell = cells[core]
                if cell is None or cell[0] != "run":
                    continue
                if rows and rows[-1][0] == cell[1] and rows[-1][2] == t and rows[-1][3] == core:
                    rows[-1] = (cell[1], rows[-1][1], t + 1, core)
                else:
                    rows.append((cell[1], t, t + 1, core))
        return sorted(rows, key=lambda row: (row[1], row[3]))


class Oracle:
    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        self.bodies = [Body(i, p, left=p.parts[0]) for i, p in enumerate(scenario.processes)]
        self.units = [Unit() for _ in range(scenario.cores)]
        self.ready: list[Body] = []  # for fcfs, rr and mlfq in order; else as a bag
        self.draws = list(scenario.draws)
        self.t = 0
        self.out = Outcome(bodies=self.bodies)

    # ── the policies, by definition ─────────────────────────────────────────────────────────────────────────────

    def pace(self, b: Body) -> Fraction:
        if self.s.policy == "stride":
            return Fraction(1, self.s.quantum * b.process.tickets)
        return Fraction(1024, b.process.weight)

    def present(self) -> list[Body]:
        return self.ready + [u.body for u in self.units if u.body]

    def virtual_time(self) -> Fraction | None:
        there = self.present()
        weight = sum(b.process.weight for b in there)
        return sum(b.process.weight * b.passed for b in there) / Fraction(weight) if there else None

    def merit(self, b: Body) -> int:
        """What preemption compares: lower is better."""
        if self.s.policy == "mlfq":
            return b.level
        if self.s.policy in ("sjf", "srtf"):
            return b.left
        return b.process.priority if self.s.priority_order == "low-first" else -b.process.priority

    def in_order(self) -> list[Body]:
        """The ready, as they would be served."""
        policy = self.s.policy
        if policy in ("fcfs", "rr"):
            return list(self.ready)
        if policy == "mlfq":
            return sorted(self.ready, key=lambda b: b.level)  # stable: within a level as they stand
        if policy == "lottery":
            return sorted(self.ready, key=lambda b: b.index)
        if policy in ("stride", "fair"):
            return sorted(self.ready, key=lambda b: (b.passed, b.index))
        if policy == "eevdf":
            return sorted(self.ready, key=lambda b: (b.deadline, b.index))
        return sorted(self.ready, key=lambda b: (self.merit(b), b.process.arrival, b.index))

    def choose(self) -> Body:
        order = self.in_order()
        if self.s.policy == "lottery":
            tickets = [b for b in order for _ in range(b.process.tickets)]
            return tickets[self.draws.pop(0) % len(tickets)]
        if self.s.policy == "eevdf":
            now = self.virtual_time()
            eligible = [b for b in order if b.passed <= now]
            return eligible[0] if eligible else min(order, key=lambda b: (b.passed, b.index))
        return order[0]

    def quantum_of(self, b: Body) -> int | None:
        if self.s.policy == "mlfq":
            return self.s.queues[b.level].quantum
        return self.s.quantum if self.s.policy in ("rr", "lottery", "stride", "fair", "eevdf") else None

    def used_up(self, b: Body) -> bool:
        last = len(self.s.queues) - 1
        return self.s.policy == "mlfq" and b.level < last and b.used >= self.s.queues[b.level].allowed

    def renew(self, b: Body, level: int) -> None:
        b.level, b.used = level, 0
        b.slice_left = self.s.queues[level].quantum

    # ── what happens at an instant ──────────────────────────────────────────────────────────────────────────────

    def boost(self) -> None:
        if self.s.policy != "mlfq" or not self.s.boost or self.t == 0 or self.t % self.s.boost:
            return
        self.ready = self.in_order()
        for b in self.bodies:
            if b.process.arrival < self.t and b.end is None:
                self.renew(b, 0)

    def bursts_end(self) -> None:
        for unit in self.units:
            b = unit.body
            if b is None or unit.switching or b.left:
                continue
            unit.body = None
            if b.burst == len(b.process.parts) - 1:
                b.end = self.t
                continue
            b.io_until = self.t + b.process.parts[b.burst + 1]
            if self.s.policy == "mlfq":
                if self.used_up(b):
                    self.renew(b, b.level + 1)
                elif not b.slice_left:
                    b.slice_left = self.s.queues[b.level].quantum

    def join(self, b: Body) -> None:
        policy = self.s.policy
        if policy in ("stride", "fair") and self.present():
            b.passed = max(b.passed, min(other.passed for other in self.present()))
        if policy == "eevdf":
            now = self.virtual_time()
            b.passed = Fraction(0) if now is None else now
            b.deadline = b.passed + self.s.quantum * self.pace(b)
        self.ready.append(b)

    def returns(self) -> None:
        for b in self.bodies:
            if b.io_until == self.t:
                b.io_until = None
                b.burst += 2
                b.left = b.process.parts[b.burst]
                self.join(b)

    def arrivals(self) -> None:
        for b in self.bodies:
            if b.process.arrival == self.t:
                if self.s.policy == "mlfq":
                    self.renew(b, 0)
                self.join(b)

    def quanta_end(self) -> None:
        for unit in self.units:
            b = unit.body
            if b is None or unit.switching or self.quantum_of(b) is None:
                continue
            if self.used_up(b):
                self.renew(b, b.level + 1)
            elif b.slice_left == 0:
                b.slice_left = self.quantum_of(b)
                b.deadline = b.passed + self.s.quantum * self.pace(b)
            else:
                continue
            unit.body, unit.lost = None, b
            self.ready.append(b)

    def preemption(self) -> None:
        if self.s.policy not in PREEMPTIVE:
            return
        while True:
            idle = sum(unit.body is None for unit in self.units)
            running = [u for u in self.units if u.body and not u.switching]
            order = self.in_order()
            if len(order) <= idle or not running:
                return
            worst = max(running, key=lambda u: (self.merit(u.body), self.units.index(u)))
            if self.merit(order[idle]) >= self.merit(worst.body):
                return
            worst.lost, worst.body = worst.body, None
            if self.s.policy == "mlfq":
                self.ready.insert(0, worst.lost)  # ahead of its level, with the quantum that is left
            else:
                self.ready.append(worst.lost)

    def dispatch(self) -> None:
        chosen = []
        while self.ready and len(chosen) < sum(unit.body is None for unit in self.units):
            b = self.choose_beside(chosen)
            self.ready.remove(b)
            chosen.append(b)
        for b in chosen:
            idle = [u for u in self.units if u.body is None]
            unit = next((u for u in idle if u.last is b), idle[0])
            if unit.lost not in (None, b):
                self.out.preemptions += 1
            if unit.last not in (None, b):
                self.out.switches += 1
                unit.switching = self.s.switch_cost
            unit.body = unit.last = b
            if self.s.policy != "mlfq":
                b.slice_left = self.quantum_of(b) or 0
        for unit in self.units:
            unit.lost = None

    def choose_beside(self, chosen: list[Body]) -> Body:
        """The next one, those already chosen counted among the running."""
        spare = [Unit(body=b) for b in chosen]
        self.units += spare
        b = self.choose()
        del self.units[len(self.units) - len(spare) :]
        return b

    def work(self) -> None:
        cells: list[tuple[str, str] | None] = []
        for unit in self.units:
            b = unit.body
            if b is None:
                cells.append(None)
            elif unit.switching:
                cells.append(("switch", b.name))
            else:
                cells.append(("run", b.name))
                b.first = self.t if b.first is None else b.first
        incoming = [u.body for u in self.units if u.body and u.switching]
        self.out.ticks.append(cells)
        self.out.ready.append([b.name for b in incoming + self.in_order()])
        for b in incoming + self.ready:
            b.waited += 1
        for unit in self.units:
            if unit.body and unit.switching:
                unit.switching -= 1
            elif unit.body:
                b = unit.body
                b.left -= 1
                b.slice_left -= 1
                b.used += 1
                b.passed += self.pace(b) if self.s.policy in ("stride", "fair", "eevdf") else 0

    def run(self) -> Outcome:
        while any(b.end is None for b in self.bodies):
            self.boost()
            self.bursts_end()
            if self.s.tie == "preempted-first":
                self.quanta_end()
            self.returns()
            self.arrivals()
            if self.s.tie == "arrivals-first":
                self.quanta_end()
            self.preemption()
            self.dispatch()
            if any(b.end is None for b in self.bodies):
                self.work()
            self.t += 1
        return self.out
