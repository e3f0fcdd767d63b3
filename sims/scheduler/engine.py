"""Who runs when? The machine: an agenda of what is due, a ready queue, and cores.

    run(make(Scenario, {"policy": "rr", "quantum": 4, "processes": [{"burst": 24}, {"burst": 3}, {"burst": 3}]}))

The agenda is a heap of (time, phase, order, stamp): its order is the order within an instant.
"""

from heapq import heapify, heappop, heappush

from sims.declare import Limit
from sims.scheduler.feedback import Feedback
from sims.scheduler.job import Core, Job
from sims.scheduler.policies import QUEUES, Ranked
from sims.scheduler.scenario import Scenario
from sims.scheduler.trace import Change, Slice, Trace

BOOST, BURST_END, EARLY_QUANTUM_END, RETURN, ARRIVAL, QUANTUM_END, SWITCHED = range(7)
PREEMPTIVE = ("srtf", "priority-preemptive", "mlfq")
STEPS = 2_000_000  # entries of the agenda; more raises Limit


def run(scenario: Scenario) -> Trace:
    """All slices until the last process has exited. Raises Limit past STEPS boosts, bursts and quanta.

    Within an instant: boost; ends of bursts, which exit or start I/O; returns from I/O, in list order; arrivals, in
    list order; ends of quanta, by core; preemption; dispatch. With `preempted-first` ends of quanta come before
    returns. A burst that ends exactly with its quantum has ended. Only strictly better preempts; it takes the core
    that runs the worst process, of equal ones the highest number. Who is dispatched gets the core it had last, if
    that is idle and has run nobody else since, otherwise the idle core with the lowest number.
    """
    machine = _Machine(scenario)
    machine.go()
    slices = sorted(machine.slices, key=lambda event: (event.start, event.core))
    return Trace(scenario, tuple(_with_idle(slices, scenario)), tuple(machine.log))


class _Machine:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.jobs = [Job(index, process) for index, process in enumerate(scenario.processes)]
        self.cores = [Core(number) for number in range(scenario.cores)]
        self.queue = QUEUES[scenario.policy](scenario, self.cores)
        self.graded = self.queue if isinstance(self.queue, Ranked | Feedback) else None
        self.preemptive = scenario.policy in PREEMPTIVE
        self.free = set(range(scenario.cores))
        self.vacated: set[int] = set()  # cores whose quantum ended at this instant, their slice still open
        self.alive = len(self.jobs)
        self.now = 0
        self.agenda = [(job.process.arrival, ARRIVAL, job.index, 0) for job in self.jobs]
        self.slices: list[Slice] = []
        self.log: list[Change] = []
        early = scenario.tie == "preempted-first"
        self.quantum_end = EARLY_QUANTUM_END if early else QUANTUM_END
        if scenario.boost and scenario.policy == "mlfq":
            self.agenda.append((scenario.boost, BOOST, 0, 0))
        heapify(self.agenda)

    def go(self) -> None:
        steps = 0
        while self.alive:
            self.now = self.agenda[0][0]
            while self.agenda and self.agenda[0][0] == self.now:
                self.happen(*heappop(self.agenda)[1:])
                steps += 1
            if steps > STEPS:
                raise Limit(f"more than {STEPS} boosts, bursts and quanta; use a longer quantum or fewer processes")
            self.dispatch()

    def happen(self, phase: int, order: int, stamp: int) -> None:
        if phase == BOOST:
            self.boost()
        elif phase == ARRIVAL:
            self.enter("arrive", self.jobs[order])
        elif phase == RETURN:
            self.back_from_io(self.jobs[order])
        elif self.cores[order].stamp != stamp:
            return  # called off: the core was taken away, or a boost renewed the quantum
        elif phase == BURST_END:
            self.burst_ends(self.cores[order])
        elif phase in (EARLY_QUANTUM_END, QUANTUM_END):
            self.quantum_ends(self.cores[order])

    # ── what can happen ─────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, kind: str, job: Job) -> None:
        place = self.queue.join(job, self.now)
        self.log.append(Change(self.now, kind, job.process.name, place))

    def back_from_io(self, job: Job) -> None:
        job.at += 2
        job.left = job.parts[job.at]
        self.enter("return", job)

    def burst_ends(self, core: Core) -> None:
        job = self.give_up(core)
        self.queue.leave(job)
        if job.at + 1 == len(job.parts):
            self.alive -= 1
            self.close(core, "exit")
        else:
            heappush(self.agenda, (self.now + job.parts[job.at + 1], RETURN, job.index, 0))
            self.close(core, "io")

    def quantum_ends(self, core: Core) -> None:
        job = self.give_up(core)
        place = self.queue.expire(job)
        self.log.append(Change(self.now, "expire", job.process.name, place))
        self.vacated.add(core.number)

    def boost(self) -> None:
        holding = [core for core in self.cores if core.job]
        for core in holding:
            self.account(core)
        assert isinstance(self.queue, Feedback)
        self.queue.boost(self.now, [core.job for core in holding if core.job])
        for core in holding:
            self.plan(core)
        self.log.append(Change(self.now, "boost", None))
        due = self.now + self.scenario.boost
        if not holding and not len(self.queue) and self.agenda:  # nobody is there: on to the boost before anyone is
            due = max(due, -(-self.agenda[0][0] // self.scenario.boost) * self.scenario.boost)
        heappush(self.agenda, (due, BOOST, 0, 0))

    # ── cores ───────────────────────────────────────────────────────────────────────────────────────────────────

    def account(self, core: Core) -> Job:
        """Brings what its process has run up to now."""
        job = core.job
        assert job is not None
        ticks = core.ran(self.now)
        job.left -= ticks
        self.queue.ran(job, ticks)
        core.start += ticks
        return job

    def give_up(self, core: Core) -> Job:
        job = self.account(core)
        core.job = None
        core.stamp += 1
        self.free.add(core.number)
        return job

    def close(self, core: Core, then: str) -> None:
        """The slice ends now. One without a tick (displaced as its switch ended) is none."""
        assert core.last is not None
        if self.now > core.begun:
            self.slices.append(Slice("run", core.last.process.name, core.begun, self.now, core.number, then))

    def dispatch(self) -> None:
        """Fills the idle cores, and displaces who is worse than the best of the ready."""
        chosen: list[Job] = []
        while len(self.queue):
            if len(chosen) < len(self.free):
                job, draw = self.queue.take(self.now)
                self.log.append(Change(self.now, "take", job.process.name, draw=draw))
                chosen.append(job)
            elif not (self.preemptive and self.displace_worst()):
                break
        for job in chosen:
            self.start(job, self.core_for(job))

    def displace_worst(self) -> bool:
        """Whether the best of the ready takes a core away."""
        running = [(core, core.job) for core in self.cores if core.job and core.start <= self.now]
        if self.graded is None or not running:
            return False
        ranks = [(self.graded.rank(job, job.left - core.ran(self.now)), core.number) for core, job in running]
        worst, number = max(ranks)
        best = self.graded.best()
        if best > worst or (best == worst and self.scenario.misrule != "equal-preempts"):
            return False
        job = self.give_up(self.cores[number])
        self.close(self.cores[number], "preempted")
        self.log.append(Change(self.now, "displace", job.process.name, self.graded.displace(job)))
        return True

    def core_for(self, job: Job) -> Core:
        if job.core in self.free and self.cores[job.core].last is job:
            return self.cores[job.core]
        return self.cores[min(self.free)]

    def start(self, job: Job, core: Core) -> None:
        cost = self.cost(job, core)
        goes_on = core.last is job and core.number in self.vacated and not cost
        if core.number in self.vacated and not goes_on:
            self.close(core, "quantum")
        self.vacated.discard(core.number)
        self.free.discard(core.number)
        core.job, core.last, core.start = job, job, self.now + cost
        job.core = core.number
        if not goes_on:
            core.begun = core.start
        if cost:
            self.slices.append(Slice("switch", job.process.name, self.now, core.start, core.number))
            heappush(self.agenda, (core.start, SWITCHED, core.number, core.stamp))
        self.plan(core)

    def cost(self, job: Job, core: Core) -> int:
        """Ticks before its slice: none for the first on a core, nor for the process that the core ran last."""
        if core.last is None or (core.last is job and self.scenario.misrule != "cost-on-continue"):
            return 0
        return self.scenario.switch_cost

    def plan(self, core: Core) -> None:
        """Puts the end of the burst or of the quantum on the agenda, whichever comes first."""
        assert core.job is not None
        core.stamp += 1
        granted = self.queue.granted(core.job)
        phase = BURST_END if core.job.left <= granted else self.quantum_end
        due = core.start + min(core.job.left, granted)
        heappush(self.agenda, (due, phase, core.number, core.stamp))


def _with_idle(slices: list[Slice], scenario: Scenario) -> list[Slice]:
    """The slices with the gaps of each core between the first arrival and the last exit."""
    begin = min(process.arrival for process in scenario.processes)
    end = max(event.end for event in slices)
    idle = []
    free_from = [begin] * scenario.cores
    for event in slices:
        if event.start > free_from[event.core]:
            idle.append(Slice("idle", None, free_from[event.core], event.start, event.core))
        free_from[event.core] = event.end
    idle += [Slice("idle", None, since, end, core) for core, since in enumerate(free_from) if since < end]
    return sorted(slices + idle, key=lambda event: (event.start, event.core)) if idle else slices
