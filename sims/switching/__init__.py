"""The switching simulator, declared: what do too many threads cost?"""

from sims.declare import Example, Rule, Simulator
from sims.switching.measures import MEASURES
from sims.switching.mistakes import MISTAKES
from sims.switching.run import Scenario, Slice, Trace, run, tell

__all__ = ["SIMULATOR", "Scenario", "Slice", "Trace", "run", "tell"]

SIMULATOR = Simulator(
    name="switching",
    question="What do too many threads cost?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("Only runnable threads want a core: threads × runnable_share, rounded up. The others sleep for good."),
        Rule("One queue, first come first served; ended slices go to its end by core.", "silberschatz-10 5.3.3"),
        Rule("A free core takes the thread that it ran last if that is next, else the lowest free core takes it."),
        Rule("A switch is charged when a core takes another thread than it last ran.", "silberschatz-10 5.3.3"),
        Rule("The first thread of each core is free, unless first_dispatch is charged."),
        Rule("The switch comes before the slice and is not part of the quantum."),
        Rule("A thread goes on with a fresh quantum when nobody waits: no switch."),
        Rule(
            "green: threads run on workers, at most one a core, and switch at the runtime's cost.",
            "silberschatz-10 4.3.3",
        ),
        Rule(
            "efficiency: quantum/(quantum + cost) while the runnable outnumber the cores, else 1.",
            "silberschatz-10 5.3.3",
        ),
        Rule("A round is ceil(runnable/lanes) × (quantum + cost), from start to start."),
        Rule("Memory is what is reserved for stacks; a worker is a kernel thread.", "man-7-pthreads"),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "ten-thousand",
            {"threads": 10_000, "cores": 4, "work": 3000, "quantum": 3000, "switch_cost": 5},
            "In microseconds: 0.17 % of the time is lost to switching, but a turn comes every 7.5 s.",
        ),
        Example(
            "three-on-one",
            {"threads": 3, "cores": 1, "work": 4, "quantum": 2, "switch_cost": 1},
            "Six slices, five switches: a third of the time goes into switching while all three run.",
            "silberschatz-10 5.3.3",
        ),
        Example(
            "asleep",
            {"threads": 40, "cores": 2, "work": 6, "quantum": 3, "switch_cost": 1, "runnable_share": "1/10"},
            "Of 40 threads 4 are runnable: the others cost memory only.",
        ),
        Example(
            "green",
            {
                "threads": 6,
                "cores": 2,
                "work": 6,
                "quantum": 3,
                "switch_cost": 3,
                "runtime": "green",
                "workers": 2,
                "green_switch_cost": 1,
            },
            "Six green threads on two workers: the same turns at a third of the price.",
            "silberschatz-10 4.3.3",
        ),
    ),
)
