"""What do people believe of too many threads that is not so?"""

from dataclasses import replace
from fractions import Fraction

from sims.declare import Mistake, NoAnswer
from sims.switching.measures import round_
from sims.switching.run import Scenario, Trace


def _all_awake(scenario: Scenario) -> Scenario:
    return replace(scenario, runnable_share=Fraction(1))


def _one_lane(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="one-lane")


def _free_switches(scenario: Scenario) -> Scenario:
    return replace(scenario, switch_cost=0, green_switch_cost=0)


def _kernel_price(scenario: Scenario) -> Scenario:
    return replace(scenario, green_switch_cost=scenario.switch_cost)


def _charged(scenario: Scenario) -> Scenario:
    other = "charged" if scenario.first_dispatch == "free" else "free"
    return replace(scenario, first_dispatch=other)


def _states_first(scenario: Scenario) -> str:
    says = "costs nothing" if scenario.first_dispatch == "free" else "costs a switch too"
    return f"The first thread on each {'core' if scenario.runtime == 'kernel' else 'worker'} {says}."


def _charges_itself(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="charges-itself")


def _thrashing(trace: Trace) -> Fraction:
    """The cost multiplied by the number of runnable threads."""
    scenario = trace.scenario
    return Fraction(scenario.quantum, scenario.quantum + scenario.cost * scenario.runnable)


def _minus_the_cost(trace: Trace) -> Fraction:
    if trace.scenario.cost > trace.scenario.quantum:
        raise NoAnswer("less than nothing would be left")
    return 1 - Fraction(trace.scenario.cost, trace.scenario.quantum)


def _lost(trace: Trace) -> Fraction:
    return Fraction(trace.scenario.cost, trace.scenario.quantum + trace.scenario.cost)


def _every_dispatch(trace: Trace) -> int:
    return len(trace.events)


def _without_workers(trace: Trace) -> int:
    scenario = trace.scenario
    if scenario.runtime == "kernel":
        raise NoAnswer("there are no workers")
    return scenario.threads * scenario.green_stack_kib


def _kernel_stacks(trace: Trace) -> int:
    return trace.scenario.threads * trace.scenario.stack_kib


def _awake_stacks(trace: Trace) -> int:
    scenario = trace.scenario
    if scenario.runtime == "kernel":
        return scenario.runnable * scenario.stack_kib
    return scenario.runnable * scenario.green_stack_kib + scenario.workers * scenario.stack_kib


def _end_to_start(trace: Trace) -> int:
    return round_(trace) - trace.scenario.quantum


def _states_round(_scenario: Scenario) -> str:
    return "A round is counted from the start of a slice to the start of the thread's next one."


MISTAKES = (
    Mistake(
        id="sleepers-count-as-load",
        clause="threads that sleep are counted as load",
        says="A thread that waits for data or a lock wants no core. It costs memory, not time.",
        rule=_all_awake,
        asked=("efficiency", "switches", "makespan", "round"),
    ),
    Mistake(
        id="many-threads-thrash",
        clause="the cost of a switch grows with the number of threads",
        says="A switch costs the same with ten thousand threads as with ten. What grows is the wait for a turn.",
        measures={"efficiency": _thrashing},
    ),
    Mistake(
        id="cost-over-quantum",
        clause="the cost is divided by the quantum alone",
        says="The quantum and the switch together are the whole: divide by their sum.",
        measures={"efficiency": _minus_the_cost},
    ),
    Mistake(
        id="overhead-for-efficiency",
        clause="the share that is lost is given",
        says="That is the overhead. Efficiency is the share that does work.",
        measures={"efficiency": _lost},
    ),
    Mistake(
        id="switch-forgotten",
        clause="switches cost nothing",
        says="Every turn of another thread begins with a switch.",
        rule=_free_switches,
        asked=("makespan", "round"),
    ),
    Mistake(
        id="one-core-only",
        clause="all threads share one core",
        says="The turns are shared by all cores, or by all workers.",
        rule=_one_lane,
        asked=("switches", "makespan", "round"),
    ),
    Mistake(
        id="every-dispatch-is-a-switch",
        clause="every dispatch counts as a switch",
        says="The first thread of a core, and one that goes on because nobody waits, do not replace another thread.",
        measures={"switches": _every_dispatch},
    ),
    Mistake(
        id="going-on-is-charged",
        clause="a thread that goes on after its quantum is charged for a switch",
        says="If nobody waits, it goes on with a fresh quantum: nothing is switched.",
        rule=_charges_itself,
        asked=("switches", "makespan"),
    ),
    Mistake(
        id="green-pays-kernel-price",
        clause="a switch of green threads costs as much as one in the kernel",
        says="The runtime switches without entering the kernel: it saves few registers and changes no address space.",
        rule=_kernel_price,
        asked=("efficiency", "makespan", "round"),
    ),
    Mistake(
        id="green-needs-no-kernel-threads",
        clause="green threads need no kernel threads",
        says="Somebody has to run them: each worker is a kernel thread with a stack of its own.",
        measures={"memory": _without_workers},
    ),
    Mistake(
        id="green-stacks-are-large",
        clause="every green thread has the stack of a kernel thread",
        says="A green thread starts with a small stack that grows when it has to.",
        measures={"memory": _kernel_stacks},
    ),
    Mistake(
        id="only-the-awake-have-stacks",
        clause="only runnable threads have a stack",
        says="A thread that sleeps keeps its stack: that is where it goes on.",
        measures={"memory": _awake_stacks},
    ),
    Mistake(
        id="end-to-start",
        clause="a round is counted from the end of a slice",
        says="Both are in use: the wait between two slices, or the period of the turns. The question says which.",
        measures={"round": _end_to_start},
        convention=True,
        states=_states_round,
    ),
    Mistake(
        id="other-first-dispatch",
        clause="the first thread of each core is charged the other way",
        says="Both are in use; the question says which holds.",
        rule=_charged,
        asked=("switches", "makespan"),
        convention=True,
        states=_states_first,
    ),
)
