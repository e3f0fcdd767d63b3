"""What can be asked of too many threads?"""

from fractions import Fraction

from sims.declare import Measure, NoAnswer, Number, Step
from sims.switching.run import Scenario, Trace, tell


def efficiency(trace: Trace) -> Fraction:
    """The share of a busy lane's time that does work: quantum/(quantum + cost); 1 where nobody has to switch."""
    scenario = trace.scenario
    if scenario.runnable <= scenario.lanes:
        return Fraction(1)
    return Fraction(scenario.quantum, scenario.quantum + scenario.cost)


def switches(trace: Trace) -> int:
    """How many switches are charged."""
    return sum(each.switched for each in trace.events)


def makespan(trace: Trace) -> int:
    """The tick at which the last thread is done."""
    return max((each.end for each in trace.events), default=0)


def turns(scenario: Scenario) -> int:
    """Slices on one lane until it is a thread's turn again: ceil(runnable/lanes)."""
    return -(-scenario.runnable // scenario.lanes)


def round_(trace: Trace) -> int:
    """ticks from the start of a thread's slice to the start of its next one. Raises NoAnswer where nobody waits."""
    scenario = trace.scenario
    if scenario.runnable <= scenario.lanes:
        raise NoAnswer("every runnable thread has a lane of its own")
    return turns(scenario) * (scenario.quantum + scenario.cost)


def memory(trace: Trace) -> int:
    """KiB reserved for stacks."""
    scenario = trace.scenario
    if scenario.runtime == "kernel":
        return scenario.threads * scenario.stack_kib
    return scenario.threads * scenario.green_stack_kib + scenario.workers * scenario.stack_kib


def _efficiency_steps(trace: Trace) -> tuple[Step, ...]:
    scenario, value = trace.scenario, efficiency(trace)
    if scenario.runnable <= scenario.lanes:
        says = f"{scenario.runnable} runnable threads have {scenario.lanes} {_lanes(scenario)}: nobody has to switch."
    else:
        says = f"{scenario.quantum}/({scenario.quantum} + {scenario.cost}) = {value}."
    return (_runnable_step(scenario), Step(says, "efficiency: quantum/(quantum + cost)", value))


def _lanes(scenario: Scenario) -> str:
    return "cores" if scenario.runtime == "kernel" else "workers"


def _runnable_step(scenario: Scenario) -> Step:
    share, count = scenario.runnable_share, scenario.runnable
    says = f"{scenario.threads} × {share} = {scenario.threads * share}, so {count} are runnable; the rest sleep."
    return Step(says, "only runnable threads want a core", scenario.runnable)


def _switches_steps(trace: Trace) -> tuple[Step, ...]:
    value = switches(trace)
    rule = "a switch: a lane takes another thread than it last ran"
    charged = [n for n, each in enumerate(trace.events) if each.switched][:20]
    told = [Step(f"{tell(trace, n)} {count}.", rule, count, None, n) for count, n in enumerate(charged, 1)]
    dispatches = f"{len(trace.events)} dispatches, of which {len(trace.events) - value} cost no switch: {value}."
    return (_runnable_step(trace.scenario), *told, Step(dispatches, rule, value))


def _makespan_steps(trace: Trace) -> tuple[Step, ...]:
    value = makespan(trace)
    ends: dict[int, int] = {each.lane: n for n, each in enumerate(trace.events)}
    told = [Step(tell(trace, n), "the last slice of each lane", trace.events[n].end, None, n) for n in ends.values()]
    return (_runnable_step(trace.scenario), *told, Step(f"The last one ends at {value}.", "makespan", value))


def _round_steps(trace: Trace) -> tuple[Step, ...]:
    scenario, value = trace.scenario, round_(trace)
    count = turns(scenario)
    share = f"ceil({scenario.runnable}/{scenario.lanes}) = {count} turns on each of the {_lanes(scenario)}."
    says = f"{count} × ({scenario.quantum} + {scenario.cost}) = {value}."
    rule = "a round: from the start of a slice to the start of the next one"
    return (_runnable_step(scenario), Step(share, "turns: ceil(runnable/lanes)", count), Step(says, rule, value))


def _memory_steps(trace: Trace) -> tuple[Step, ...]:
    scenario, value = trace.scenario, memory(trace)
    if scenario.runtime == "kernel":
        says = f"{scenario.threads} × {scenario.stack_kib} = {value} KiB."
    else:
        green = f"{scenario.threads} × {scenario.green_stack_kib}"
        says = f"{green} + {scenario.workers} × {scenario.stack_kib} = {value} KiB."
    return (Step(says, "every thread has a stack, and every worker too", value),)


MEASURES = (
    Measure(
        name="efficiency",
        gives=Number(),
        of=efficiency,
        help="The share of time that does work while the runnable outnumber the cores: quantum/(quantum + cost).",
        asks="Which share of a core's time does work, as long as more threads are runnable than can run?",
        steps=_efficiency_steps,
        better="high",
        source="silberschatz-10 5.3.3",
    ),
    Measure(
        name="switches",
        gives=Number("switches"),
        of=switches,
        help="Dispatches of another thread than the core or worker last ran.",
        asks="How many switches are there?",
        steps=_switches_steps,
        better="low",
        source="silberschatz-10 5.3.3",
    ),
    Measure(
        name="makespan",
        gives=Number("ticks"),
        of=makespan,
        help="When the last runnable thread has done its work.",
        asks="When is the last thread done?",
        steps=_makespan_steps,
        better="low",
        source="ostep 7",
    ),
    Measure(
        name="round",
        gives=Number("ticks"),
        of=round_,
        help="From the start of a thread's slice to the start of its next: ceil(runnable/lanes) × (quantum + cost).",
        asks="How long is it from the start of a thread's slice to the start of its next one?",
        steps=_round_steps,
        better="low",
        source="silberschatz-10 5.3.3",
    ),
    Measure(
        name="memory",
        gives=Number("KiB"),
        of=memory,
        help="What is reserved for stacks, those of the workers included.",
        asks="How many KiB are reserved for stacks?",
        steps=_memory_steps,
        better="low",
        source="man-7-pthreads",
    ),
)
