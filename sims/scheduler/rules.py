"""Which rules hold, and which schedules are worth a look?"""

from sims.declare import Example, Rule

SILBERSCHATZ = "silberschatz-10 5.3"
STRIDE = "Waldspurger and Weihl, Stride Scheduling, 1995"
EEVDF = "Stoica and Abdel-Wahab, EEVDF, 1995"

RULES = (
    Rule("Times are whole ticks, intervals half-open: at t, the slice that starts at t runs."),
    Rule(
        "Within an instant: boost; ends of bursts, which exit or start I/O; returns from I/O, in list order; arrivals, "
        "in list order; ends of quanta, by core; preemption; dispatch."
    ),
    Rule(
        "With tie preempted-first the ends of quanta come before the returns from I/O and the arrivals.",
        "ostep scheduling homework",
    ),
    Rule("A burst that ends exactly with its quantum has ended; a burst is CPU time until I/O or exit.", SILBERSCHATZ),
    Rule("Adjacent slices of one process on one core are one slice."),
    Rule("I/O needs no core; the I/O of different processes overlaps freely.", SILBERSCHATZ),
    Rule("FCFS and round robin keep one queue, in the order in which processes become ready.", SILBERSCHATZ),
    Rule("SJF takes the shortest next burst; who runs is not interrupted.", "silberschatz-10 5.3.2"),
    Rule(
        "SRTF compares what is left of the current burst; only strictly less preempts.",
        "silberschatz-10 5.3.2; ostep 7",
    ),
    Rule(
        "Priority takes the most urgent; the preemptive kind preempts for a strictly more urgent one only.",
        SILBERSCHATZ,
    ),
    Rule("Ties of SJF, SRTF and priority: the earlier arrival of the process, then list order."),
    Rule("With priority_order low-first a low number is urgent.", "silberschatz-10 5.3.4"),
    Rule("When nobody else is ready a process goes on with a fresh quantum: no switch, no preemption.", SILBERSCHATZ),
    Rule("Who is dispatched gets the idle core with the lowest number, or its last one if nobody has had it since."),
    Rule("Preemption takes the core that runs the worst process, of equal ones the highest number."),
    Rule("The ready queue is one for all cores."),
    Rule(
        "The switch cost occupies the core before the slice whenever it starts another process than it last ran, idle "
        "time between or not; the first dispatch of each core is free.",
        "ostep 7",
    ),
    Rule(
        "Quantum, slice and response begin after the switch. The incoming process waits meanwhile and cannot be "
        "displaced; what arrives during it waits for its end. Switching is neither utilisation nor idle time."
    ),
    Rule(
        "MLFQ: the highest queue that is not empty, round robin within it; new processes enter at the top.", "ostep 8"
    ),
    Rule(
        "MLFQ: the allotment is CPU time at a level, kept across I/O and preemption. Used up: to the tail of the next "
        "queue with a new one. In the last queue it renews itself and only the quantum counts.",
        "ostep 8",
    ),
    Rule(
        "MLFQ: at the end of its quantum a process goes to the tail of its own queue; after I/O too, with the quantum "
        "that was left. Someone in a higher queue preempts at once; who is preempted keeps its place at the head, and "
        "what was left of its quantum."
    ),
    Rule(
        "MLFQ: a boost falls at every whole multiple of its period, from the first on. It moves everyone to the top, "
        "the highest queue first, whoever runs ahead of its level, and renews quantum and allotment.",
        "ostep 8",
    ),
    Rule(
        "Lottery: one draw a dispatch, also when one process is ready. The winner holds ticket draw mod the tickets of "
        "the ready, counted in list order from 0, and keeps the core for one quantum.",
        "ostep 9; Waldspurger and Weihl, Lottery Scheduling, 1994",
    ),
    Rule(
        "Stride: the smallest pass runs for one quantum. Pass grows by time / (quantum × tickets), exact. Who arrives "
        "or returns takes the greater of its own and the smallest pass among ready and running, as of that moment; one "
        "after the other where several do. Ties by list order.",
        STRIDE,
    ),
    Rule(
        "fair is a simplified CFS: no slices in proportion to a latency, no credit for sleepers. The smallest virtual "
        "runtime runs for one quantum; it grows by time × 1024 / weight. Who joins takes the greater of its own and "
        "the minimum. It decides only at the end of a slice, at blocking or exit. Ties by list order.",
        "ostep 9; kernel sched_prio_to_weight",
    ),
    Rule(
        "EEVDF: V = Σwv / Σw over ready and running; eligible iff v ≤ V; deadline = v at the start of the request + "
        "quantum × 1024 / w. Who joins enters with v = V and a new request. The earliest eligible deadline runs to the "
        "end of its request. Ties by list order. (Linux since 6.6 also keeps lag over sleep.)",
        EEVDF,
    ),
    Rule("EEVDF on several cores: where no ready process is eligible the one with the smallest v runs."),
    Rule("Waiting = turnaround − CPU − I/O. Makespan, utilisation, throughput and idle count from the first arrival."),
)

EXAMPLES = (
    Example(
        "convoy",
        {
            "policy": "fcfs",
            "processes": [{"name": "P1", "burst": 24}, {"name": "P2", "burst": 3}, {"name": "P3", "burst": 3}],
        },
        "Two short processes wait for a long one: 17 on average, 3 if the long one came last.",
        "silberschatz-10 5.3.1",
    ),
    Example(
        "round-robin",
        {
            "policy": "rr",
            "quantum": 2,
            "processes": [
                {"name": "P1", "burst": 5},
                {"name": "P2", "arrival": 1, "burst": 3},
                {"name": "P3", "arrival": 2, "burst": 4},
            ],
        },
        "P3 arrives at the moment P1's quantum ends, and is queued before it.",
    ),
    Example(
        "shortest-remaining",
        {
            "policy": "srtf",
            "processes": [
                {"name": "P1", "burst": 8},
                {"name": "P2", "arrival": 1, "burst": 4},
                {"name": "P3", "arrival": 2, "burst": 9},
                {"name": "P4", "arrival": 3, "burst": 5},
            ],
        },
        "P2 takes the core from P1 at 1: average waiting 6.5, where SJF gives 7.75.",
        "silberschatz-10 5.3.2",
    ),
    Example(
        "feedback",
        {
            "policy": "mlfq",
            "boost": 20,
            "processes": [
                {"name": "batch", "burst": 18},
                {"name": "editor", "arrival": 3, "bursts": [1, 4, 1, 4, 1]},
            ],
        },
        "The editor blocks before its allotment is used up and stays near the top; the batch job sinks.",
        "ostep 8",
    ),
    Example(
        "two-cores",
        {
            "policy": "rr",
            "quantum": 3,
            "cores": 2,
            "switch_cost": 1,
            "processes": [
                {"name": "A", "burst": 7},
                {"name": "B", "burst": 4},
                {"name": "C", "arrival": 1, "burst": 5},
                {"name": "D", "arrival": 2, "bursts": [2, 3, 2]},
            ],
        },
        "One queue, two cores; every change of process costs its core a tick.",
    ),
    Example(
        "lottery",
        {
            "policy": "lottery",
            "quantum": 2,
            "draws": [7, 0, 3, 9, 4, 2, 8, 1],
            "processes": [{"name": "A", "tickets": 3, "burst": 6}, {"name": "B", "tickets": 1, "burst": 6}],
        },
        "A holds three tickets of four; B still wins now and then.",
        "ostep 9",
    ),
    Example(
        "fair",
        {
            "policy": "fair",
            "quantum": 3,
            "processes": [{"name": "A", "nice": -5, "burst": 12}, {"name": "B", "burst": 6}],
        },
        "At nice -5 a process weighs 3121 against 1024: about three slices of four.",
        "ostep 9",
    ),
)
