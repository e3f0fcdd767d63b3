"""What does a scheduling problem say: which policy, which processes, which rules?

    make(Scenario, {"policy": "rr", "quantum": 2, "processes": [{"burst": 5}, {"arrival": 1, "bursts": [2, 4, 1]}]})

Words: *burst* (CPU time until a process blocks or ends), *bursts* (CPU, I/O, CPU, …), *quantum* (the longest time on
the core before the scheduler decides again), *allotment* (CPU time at one level of a feedback queue), *tickets* and
*nice* (claims to a share of the CPU). Every time is in whole ticks.
"""

from collections.abc import Iterable

from sims.declare import Fault
from sims.fields import Whole, many, maybe, misrule, name, record, whole, word

POLICIES = (
    "fcfs",
    "sjf",
    "srtf",
    "rr",
    "priority",
    "priority-preemptive",
    "mlfq",
    "lottery",
    "stride",
    "fair",
    "eevdf",
)
SLICED = ("rr", "lottery", "stride", "fair", "eevdf")  # the policies that use `quantum`
LONGEST = 1_000_000  # ticks
WEIGHTS = (  # nice -20 to 19, kernel/sched/core.c sched_prio_to_weight
    *(88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916),
    *(9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277),
    *(1024, 820, 655, 526, 423, 335, 272, 215, 172, 137),
    *(110, 87, 70, 56, 45, 36, 29, 23, 18, 15),
)


@record
class Process:
    """One process: when it comes, what it needs, what it may claim."""

    name: str = name(help="short name; P0, P1, … where none is given")
    arrival: int = whole(0, LONGEST, default=0, unit="ticks", help="when it becomes ready for the first time")
    burst: int | None = maybe(
        Whole(1, LONGEST), default=None, unit="ticks", help="CPU time; the short form of bursts: [n]"
    )
    bursts: tuple[int, ...] = many(
        Whole(1, LONGEST), high=199, default=(), unit="ticks", help="CPU, I/O, CPU, …: begins and ends with CPU"
    )
    priority: int = whole(-LONGEST, LONGEST, default=0, help="for the priority policies; see priority_order")
    tickets: int = whole(1, 10_000, default=1, unit="tickets", help="for lottery and stride")
    nice: int = whole(-20, 19, default=0, help="for fair and eevdf; a lower one weighs more")

    def faults(self) -> Iterable[Fault]:
        if self.burst is None and not self.bursts:
            yield Fault("burst", "is missing; give burst, or bursts: CPU, I/O, CPU, …")
        elif self.burst is not None and self.bursts and self.bursts != (self.burst,):
            yield Fault("burst", "give burst or bursts, not both")
        elif len(self.bursts) % 2 == 0 and self.bursts:
            yield Fault("bursts", f"must begin and end with CPU, so their number is odd; got {len(self.bursts)}")

    @property
    def parts(self) -> tuple[int, ...]:
        """CPU, I/O, CPU, …, in ticks, whichever form was given."""
        return self.bursts or (self.burst or 0,)

    @property
    def cpu(self) -> int:
        """CPU time in all, in ticks."""
        return sum(self.parts[::2])

    @property
    def io(self) -> int:
        """I/O time in all, in ticks."""
        return sum(self.parts[1::2])

    @property
    def weight(self) -> int:
        """The kernel's weight for its nice value; 1024 for nice 0."""
        return WEIGHTS[self.nice + 20]


@record
class Level:
    """One queue of a multi-level feedback queue."""

    quantum: int = whole(1, LONGEST, unit="ticks", help="longest time on the core before the tail of this queue")
    allotment: int | None = maybe(
        Whole(1, LONGEST), default=None, unit="ticks", help="CPU time before the next level; none: the quantum"
    )

    @property
    def allowed(self) -> int:
        """CPU time at this level, in ticks."""
        return self.quantum if self.allotment is None else self.allotment


LEVELS = (Level(quantum=1), Level(quantum=2), Level(quantum=4))


@record
class Scenario:
    """Processes, a machine, and the rule by which the one runs the others."""

    policy: str = word(*POLICIES, help="how the next process is chosen")
    quantum: int = whole(1, LONGEST, default=1, unit="ticks", help="for rr, lottery, stride, fair and eevdf")
    cores: int = whole(1, 64, default=1, unit="cores", help="cores that share one ready queue")
    switch_cost: int = whole(0, LONGEST, default=0, unit="ticks", help="time to start another process on a core")
    tie: str = word(
        "arrivals-first",
        "preempted-first",
        default="arrivals-first",
        help="who is queued first when a process comes at the moment a quantum ends",
    )
    priority_order: str = word("low-first", "high-first", default="low-first", help="which priority is urgent")
    queues: tuple[Level, ...] = many(Level, low=1, high=16, default=LEVELS, help="mlfq: the queues, top first")
    boost: int = whole(0, LONGEST, default=0, unit="ticks", help="mlfq: period of the boost to the top; 0: never")
    draws: tuple[int, ...] = many(
        Whole(0, 2**32 - 1), high=LONGEST, default=(), help="lottery: the numbers drawn, one a dispatch"
    )
    processes: tuple[Process, ...] = many(Process, low=1, high=100_000, named="P", help="who wants to run")
    misrule: str = misrule(
        "total-bursts",
        "equal-preempts",
        "cost-on-continue",
        "tickets-from-one",
        "more-tickets-longer-stride",
        "ineligible-too",
        "io-renews-allotment",
        "preempted-to-tail",
        "arrival-to-head",
    )

    def faults(self) -> Iterable[Fault]:
        if self.policy == "lottery" and len(self.draws) < (needs := draws_needed(self)):
            yield Fault("draws", f"must hold {needs} numbers, one a dispatch, got {len(self.draws)}")


def draws_needed(scenario: Scenario) -> int:
    """Dispatches under lottery, whoever wins: the quanta that each CPU burst takes."""
    quantum = scenario.quantum
    return sum(-(-burst // quantum) for process in scenario.processes for burst in process.parts[::2])


def names(scenario: Scenario) -> tuple[str, ...]:
    """The processes' names, in list order."""
    return tuple(process.name for process in scenario.processes)
