"""Who is at which level of a feedback queue, and with what left? The queue of `mlfq`.

Source: Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 8.
"""

from collections import deque
from collections.abc import Sequence

from sims.scheduler.job import FOREVER, Core, Job, Place
from sims.scheduler.scenario import Scenario


class Feedback:
    """A multi-level feedback queue: `mlfq`. Level 0 is the top.

    Levels, quanta and allotments of those who do not run are brought up to date when they are next looked at, so
    that a boost costs only as much as the processes that had been demoted.
    """

    def __init__(self, scenario: Scenario, _cores: Sequence[Core]) -> None:
        self.queues, self.period = scenario.queues, scenario.boost
        self.misrule = scenario.misrule
        self.lines: list[deque[Job]] = [deque() for _ in scenario.queues]
        count = len(scenario.processes)
        self.level = [0] * count
        self.quantum = [0] * count  # ticks left of the quantum; 0: not yet given
        self.allotment = [0] * count  # ticks left at this level
        self.boosted = [-1] * count  # number of the last boost that it has felt
        self.entered = self.size = 0

    def __len__(self) -> int:
        return self.size

    def join(self, job: Job, now: int) -> Place:
        if not self.feel_boost(job, now) and self.misrule == "io-renews-allotment":
            self.settle(job, self.level[job.index])
        return self.expire(job)

    def expire(self, job: Job) -> Place:
        return self.enter(job, 1)

    def displace(self, job: Job) -> Place:
        return self.enter(job, 1 if self.misrule == "preempted-to-tail" else -1)

    def enter(self, job: Job, end: int) -> Place:
        """Into its level's queue: at the tail (1) or at the head (-1)."""
        level = self.level[job.index]
        (self.lines[level].append if end == 1 else self.lines[level].appendleft)(job)
        self.entered += 1
        self.size += 1
        return (level, end, end * self.entered)

    def take(self, now: int) -> tuple[Job, None]:
        job = self.lines[self.best()].popleft()
        self.size -= 1
        self.feel_boost(job, now)
        return job, None

    def settle(self, job: Job, level: int) -> None:
        """Gives it a fresh quantum and allotment at this level; in the last queue the allotment never runs out."""
        self.level[job.index] = level
        self.quantum[job.index] = self.queues[level].quantum
        last = level == len(self.queues) - 1
        self.allotment[job.index] = FOREVER if last else self.queues[level].allowed

    def feel_boost(self, job: Job, now: int) -> bool:
        """Takes it to the top if a boost has come since it was last looked at."""
        number = now // self.period if self.period else 0
        felt = self.boosted[job.index] != number
        if felt:
            self.boosted[job.index] = number
            self.settle(job, 0)
        return felt

    def granted(self, job: Job) -> int:
        return min(self.quantum[job.index], self.allotment[job.index])

    def ran(self, job: Job, ticks: int) -> None:
        self.quantum[job.index] -= ticks
        self.allotment[job.index] -= ticks
        level = self.level[job.index]
        if not self.allotment[job.index]:
            self.settle(job, level + 1)
        elif not self.quantum[job.index]:
            self.quantum[job.index] = self.queues[level].quantum

    def leave(self, job: Job) -> None: ...

    def rank(self, job: Job, left: int) -> int:
        del left
        return self.level[job.index]

    def best(self) -> int:
        return next(level for level, line in enumerate(self.lines) if line)

    def boost(self, now: int, running: Sequence[Job]) -> None:
        for line in self.lines[1:]:
            self.lines[0].extend(line)
            line.clear()
        for job in running:
            self.feel_boost(job, now)
