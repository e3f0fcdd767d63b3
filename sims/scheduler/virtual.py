"""Who is eligible, and whose virtual deadline comes first? The queue of `eevdf`.

V = Σwv/Σw over ready and running; eligible iff v ≤ V; the deadline of a request is its v at the start plus
quantum × 1024/w. Whoever joins enters with v = V, so the exact fractions grow without end. They are kept to FINE
binary places and compared to COARSE: exact unless two different values lie within 2^-96 of each other.

A request runs to its end, so a ready process always asks for a whole quantum: among equal weights the smallest v has
the earliest deadline too. One heap a weight is therefore enough; there are 40 weights.

Source: Stoica and Abdel-Wahab, Earliest Eligible Virtual Deadline First, 1995; Linux since 6.6.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

from sims.scheduler.job import Core, Job, Place
from sims.scheduler.scenario import Scenario

FINE, COARSE = 192, 96  # binary places: kept, compared


def near(value: int) -> int:
    """The value as it is compared."""
    return (value + (1 << (FINE - COARSE - 1))) >> (FINE - COARSE)


class Eligible:
    """Earliest eligible virtual deadline first.

    On several cores every eligible process may be running; then the ready one with the smallest v goes first.
    """

    def __init__(self, scenario: Scenario, cores: Sequence[Core]) -> None:
        self.weight = [process.weight for process in scenario.processes]
        self.pace = {weight: (1024 << FINE) // weight for weight in self.weight}  # growth of v in a tick
        self.anyone = scenario.misrule == "ineligible-too"
        self.v = [0] * len(self.weight)
        self.cores, self.quantum = cores, scenario.quantum
        self.heaps: dict[int, list[tuple[int, int, Job]]] = {weight: [] for weight in self.weight}
        self.size = self.total = self.weighed = 0  # ready; Σw and Σwv of ready and running, v as of their last slice
        self.average = 0  # V when it was last computed

    def __len__(self) -> int:
        return self.size

    def virtual_time(self, now: int) -> int:
        """V; where nobody is there it stands still."""
        if self.total:
            grown = sum(w * self.pace[w] * c.ran(now) for c in self.cores if c.job for w in [self.weight[c.job.index]])
            self.average = (self.weighed + grown) // self.total
        return self.average

    def join(self, job: Job, now: int) -> Place:
        weight = self.weight[job.index]
        self.v[job.index] = self.virtual_time(now)
        self.total += weight
        self.weighed += weight * self.v[job.index]
        return self.expire(job)

    def expire(self, job: Job) -> Place:
        v, weight = self.v[job.index], self.weight[job.index]
        heappush(self.heaps[weight], (near(v), job.index, job))
        self.size += 1
        return (near(v + self.quantum * self.pace[weight]), job.index)

    def take(self, now: int) -> tuple[Job, None]:
        v_now = near(self.virtual_time(now))
        heads = [(weight, heap[0]) for weight, heap in self.heaps.items() if heap]
        eligible = [head for head in heads if head[1][0] <= v_now or self.anyone]
        if eligible:
            weight = min((near(self.v[i] + self.quantum * self.pace[w]), i, w) for w, (_, i, _) in eligible)[2]
        else:
            weight = min((v, index, weight) for weight, (v, index, _) in heads)[2]
        self.size -= 1
        return heappop(self.heaps[weight])[-1], None

    def granted(self, job: Job) -> int:
        del job
        return self.quantum

    def ran(self, job: Job, ticks: int) -> None:
        weight = self.weight[job.index]
        self.v[job.index] += ticks * self.pace[weight]
        self.weighed += weight * ticks * self.pace[weight]

    def leave(self, job: Job) -> None:
        weight = self.weight[job.index]
        self.total -= weight
        self.weighed -= weight * self.v[job.index]
