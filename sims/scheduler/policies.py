"""How does each policy choose among the ready?

Each policy is a ready queue of its own kind, found in QUEUES under its name. A queue is told what happens and says
who is next; it knows nothing of events. `join`, `expire` and (where someone better preempts) `displace` return the
place in which the process then stands, lowest first, so that the queue can be shown later.

    fcfs rr                        Fifo      order of entering
    sjf srtf priority …            Ranked    smallest rank, then earlier arrival, then list order
    mlfq                           Feedback  highest level, then order of entering
    lottery                        Lottery   a number drawn
    stride fair                    Lowest    smallest pass (virtual runtime), then list order
    eevdf                          Eligible  earliest deadline among the eligible, then list order
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from math import lcm
from typing import Protocol

from sims.scheduler.feedback import Feedback
from sims.scheduler.job import FOREVER, Core, Job, Place
from sims.scheduler.scenario import Scenario
from sims.scheduler.virtual import Eligible


class Queue(Protocol):
    """The ready queue as the machine sees it."""

    def __len__(self) -> int: ...

    def join(self, job: Job, now: int) -> Place:
        """It arrives, or returns from I/O."""

    def expire(self, job: Job) -> Place:
        """Its quantum has ended."""

    def take(self, now: int) -> tuple[Job, int | None]:
        """Who runs next, and the number drawn for it, if any."""

    def granted(self, job: Job) -> int:
        """Ticks until its quantum ends, from the start of its slice."""

    def ran(self, job: Job, ticks: int) -> None:
        """It has run so long; called before expire, displace and leave."""

    def leave(self, job: Job) -> None:
        """It blocks or exits."""


class Fifo:
    """First come, first served: `fcfs`, and with a quantum `rr`."""

    def __init__(self, scenario: Scenario, _cores: Sequence[Core]) -> None:
        self.line: deque[Job] = deque()
        self.quantum = scenario.quantum if scenario.policy == "rr" else FOREVER
        self.to_head = scenario.misrule == "arrival-to-head"
        self.entered = 0

    def __len__(self) -> int:
        return len(self.line)

    def join(self, job: Job, now: int) -> Place:
        del now
        if not self.to_head:
            return self.expire(job)
        self.entered += 1
        self.line.appendleft(job)
        return (-1, -self.entered)

    def expire(self, job: Job) -> Place:
        self.entered += 1
        self.line.append(job)
        return (1, self.entered)

    def take(self, now: int) -> tuple[Job, None]:
        del now
        return self.line.popleft(), None

    def granted(self, job: Job) -> int:
        del job
        return self.quantum

    def ran(self, job: Job, ticks: int) -> None: ...

    def leave(self, job: Job) -> None: ...


class Ranked:
    """Smallest rank first: `sjf`, `srtf`, `priority`, `priority-preemptive`."""

    def __init__(self, scenario: Scenario, _cores: Sequence[Core]) -> None:
        self.heap: list[tuple[int, int, int, Job]] = []
        self.rank = RANKS[_ranking(scenario)]
        self.latest_first = -1 if scenario.misrule == "equal-preempts" else 1

    def __len__(self) -> int:
        return len(self.heap)

    def join(self, job: Job, now: int) -> Place:
        del now
        return self.displace(job)

    def expire(self, job: Job) -> Place:
        return self.displace(job)

    def displace(self, job: Job) -> Place:
        sign = self.latest_first
        place = (self.rank(job, job.left), sign * job.process.arrival, sign * job.index)
        heappush(self.heap, (*place, job))
        return place

    def take(self, now: int) -> tuple[Job, None]:
        del now
        return heappop(self.heap)[-1], None

    def granted(self, job: Job) -> int:
        del job
        return FOREVER

    def ran(self, job: Job, ticks: int) -> None: ...

    def leave(self, job: Job) -> None: ...

    def best(self) -> int:
        return self.heap[0][0]


def _ranking(scenario: Scenario) -> str:
    if scenario.policy in ("sjf", "srtf"):
        return "whole-burst" if scenario.misrule == "total-bursts" else "left"
    return scenario.priority_order


RANKS: Mapping[str, Callable[[Job, int], int]] = {
    "left": lambda _job, left: left,
    "whole-burst": lambda job, _left: job.parts[job.at],
    "low-first": lambda job, _left: job.process.priority,
    "high-first": lambda job, _left: -job.process.priority,
}


class Lottery:
    """A number drawn picks a ticket: `lottery`. The tickets of the ready stand in list order, in a Fenwick tree."""

    def __init__(self, scenario: Scenario, _cores: Sequence[Core]) -> None:
        self.quantum = scenario.quantum
        self.draws = iter(scenario.draws)
        self.from_one = scenario.misrule == "tickets-from-one"
        self.jobs: dict[int, Job] = {}
        self.sums = [0] * (1 << len(scenario.processes).bit_length())
        self.total = 0

    def __len__(self) -> int:
        return len(self.jobs)

    def join(self, job: Job, now: int) -> Place:
        del now
        return self.expire(job)

    def expire(self, job: Job) -> Place:
        self.jobs[job.index] = job
        self.add(job.index, job.process.tickets)
        return (job.index,)

    def add(self, index: int, tickets: int) -> None:
        self.total += tickets
        node = index + 1
        while node < len(self.sums):
            self.sums[node] += tickets
            node += node & -node

    def holder(self, ticket: int) -> int:
        """The index of the process that holds this ticket of the ready ones, counted from 0."""
        node, step = 0, len(self.sums) // 2
        while step:
            if node + step < len(self.sums) and self.sums[node + step] <= ticket:
                node += step
                ticket -= self.sums[node]
            step //= 2
        return node

    def take(self, now: int) -> tuple[Job, int]:
        del now
        draw = next(self.draws)
        ticket = draw % self.total
        if self.from_one:
            ticket = (draw - 1) % self.total
        job = self.jobs.pop(self.holder(ticket))
        self.add(job.index, -job.process.tickets)
        return job, draw

    def granted(self, job: Job) -> int:
        del job
        return self.quantum

    def ran(self, job: Job, ticks: int) -> None: ...

    def leave(self, job: Job) -> None: ...


class Lowest:
    """Who has had the least of its due: `stride` by pass, `fair` by virtual runtime.

    Both are exact: whole numbers of 1/(least common multiple of the claims).
    """

    def __init__(self, scenario: Scenario, cores: Sequence[Core]) -> None:
        claims = [p.tickets if scenario.policy == "stride" else p.weight for p in scenario.processes]
        whole = lcm(*claims)
        inverted = scenario.misrule == "more-tickets-longer-stride"
        self.pace = claims if inverted else [whole // claim for claim in claims]  # growth in a tick
        self.passed = [0] * len(claims)
        self.cores, self.quantum = cores, scenario.quantum
        self.heap: list[tuple[int, int, Job]] = []

    def __len__(self) -> int:
        return len(self.heap)

    def join(self, job: Job, now: int) -> Place:
        """It goes on from where the least of the ready and the running stands, if that is further."""
        others = [self.passed[c.job.index] + self.pace[c.job.index] * c.ran(now) for c in self.cores if c.job]
        if self.heap:
            others.append(self.heap[0][0])
        if others:
            self.passed[job.index] = max(self.passed[job.index], min(others))
        return self.expire(job)

    def expire(self, job: Job) -> Place:
        place = (self.passed[job.index], job.index)
        heappush(self.heap, (*place, job))
        return place

    def take(self, now: int) -> tuple[Job, None]:
        del now
        return heappop(self.heap)[-1], None

    def granted(self, job: Job) -> int:
        del job
        return self.quantum

    def ran(self, job: Job, ticks: int) -> None:
        self.passed[job.index] += self.pace[job.index] * ticks

    def leave(self, job: Job) -> None: ...


QUEUES: Mapping[str, Callable[[Scenario, Sequence[Core]], Queue]] = {
    "fcfs": Fifo,
    "rr": Fifo,
    "sjf": Ranked,
    "srtf": Ranked,
    "priority": Ranked,
    "priority-preemptive": Ranked,
    "mlfq": Feedback,
    "lottery": Lottery,
    "stride": Lowest,
    "fair": Lowest,
    "eevdf": Eligible,
}
