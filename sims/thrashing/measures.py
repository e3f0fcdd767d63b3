"""What can be asked of a thrashing run? Working sets, faults, and utilisation against the number of processes.

Utilisation is the share of the makespan in which the core makes references: an exact fraction.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sims.declare import Argument, Limit, MapOf, Measure, NoAnswer, Number, SetOf, Step
from sims.thrashing.memory import working_set
from sims.thrashing.run import Event, Trace, at_degree, tell
from sims.thrashing.scenario import LONGEST, Model, Scenario

DENNING = "denning-1968"
MOST_WORK = 2_000_000


def running(scenario: Any) -> bool:
    """Whether processes are simulated."""
    return isinstance(scenario, Scenario)


def modelled(scenario: Any) -> bool:
    """Whether it is the probabilistic model."""
    return isinstance(scenario, Model)


def by_working_set(scenario: Any) -> bool:
    """Whether processes can be suspended."""
    return isinstance(scenario, Scenario) and scenario.replacement == "working-set"


def scenario_of(trace: Trace) -> Scenario:
    """The scenario of a run. Raises NoAnswer for the model."""
    if isinstance(trace.scenario, Model):
        raise NoAnswer("the model runs no processes")
    return trace.scenario


def names(scenario: Any) -> tuple[str, ...]:
    """The names of the processes that run at the greatest degree."""
    return tuple(process.name for process in scenario.processes[: scenario.degrees[1]])


def degrees(scenario: Any) -> tuple[str, ...]:
    """The degrees that are compared."""
    low, high = scenario.degrees
    return tuple(str(degree) for degree in range(low, high + 1))


# ── the quantities ──────────────────────────────────────────────────────────────────────────────────────────────


def working_set_at(trace: Trace, process: str, t: int) -> frozenset[int]:
    """W(t, Δ) of the process. Raises NoAnswer where it has no such reference."""
    scenario = scenario_of(trace)
    string = next((each.string for each in scenario.processes if each.name == process), ())
    if not 1 <= t <= len(string):
        raise NoAnswer(f"{process} has {len(string)} references")
    return working_set(string, t, scenario.window)


def faults(events: tuple[Event, ...]) -> int:
    """Faults of a run."""
    return sum(event.kind == "fault" for event in events)


def used(events: tuple[Event, ...]) -> int:
    """References made in a run."""
    return sum(event.kind == "use" for event in events)


def fault_rate(trace: Trace) -> Fraction:
    """Faults over references, at the greatest degree."""
    scenario_of(trace)
    return Fraction(faults(trace.events), used(trace.events))


def utilisation_of(events: tuple[Event, ...]) -> Fraction:
    """The share of the makespan in which the core makes references."""
    return Fraction(used(events), max(event.end for event in events))


def cpu_utilisation(trace: Trace) -> Mapping[str, Fraction]:
    """Utilisation at each degree. Raises NoAnswer for the model, Limit where the runs are too long."""
    return {degree: utilisation_of(events) for degree, events in runs(trace).items()}


def runs(trace: Trace) -> dict[str, tuple[Event, ...]]:
    """The events at each degree. Raises Limit."""
    scenario = scenario_of(trace)
    low, high = scenario.degrees
    work = len(trace.events) * (high - low + 1)
    if work > MOST_WORK:
        raise Limit(f"the runs have some {work} events; at most {MOST_WORK} are made")
    made = {str(degree): at_degree(scenario, degree) for degree in range(low, high)}
    return {**made, str(high): trace.events}


def knee(trace: Trace) -> int:
    """The smallest degree with the highest utilisation."""
    by_degree = cpu_utilisation(trace)
    return int(max(by_degree, key=lambda degree: by_degree[degree]))


def suspended(trace: Trace) -> frozenset[str]:
    """The processes that are suspended at some time, at the greatest degree."""
    scenario_of(trace)
    return frozenset(event.process for event in trace.events if event.kind == "suspend")


def swap_traffic(trace: Trace) -> int:
    """Pages brought in, and pages that leave before their process ends, at the greatest degree."""
    scenario_of(trace)
    return sum((event.kind == "load") + len(event.left) for event in trace.events)


def core_speedup(trace: Trace) -> Fraction:
    """Makespan now over makespan with a core twice as fast; the paging device stays as it is.

    A core twice as fast is the same run in half ticks, with a device that takes twice as many of them.
    """
    scenario = scenario_of(trace)
    faster = at_degree(scenario, scenario.degrees[1], fault_time=2 * scenario.fault_time)
    return 2 * Fraction(makespan(trace.events), makespan(faster))


def makespan(events: tuple[Event, ...]) -> int:
    """The tick at which the last process ends."""
    return max(event.end for event in events)


def ideal_utilisation(trace: Trace) -> Fraction:
    """1 − pⁿ: the core idles only while all n processes wait. Raises NoAnswer for a run."""
    if not isinstance(trace.scenario, Model):
        raise NoAnswer("only the model has a share of waiting")
    return 1 - trace.scenario.waiting**trace.scenario.processes


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────


def _window_steps(trace: Trace, process: str, t: int) -> tuple[Step, ...]:
    scenario, answer = scenario_of(trace), working_set_at(trace, process, t)
    string = next(each.string for each in scenario.processes if each.name == process)
    first = max(1, t - scenario.window + 1)
    seen = " ".join(map(str, string[first - 1 : t]))
    pages = " ".join(map(str, sorted(answer)))
    rule = "W(t, Δ): the pages of the last Δ references, t included"
    return (
        Step(f"The window holds references {first} to {t} of {process}: {seen}.", rule, first),
        Step(f"Its pages: {pages}.", rule, answer),
    )


def _counting(kinds: str, what: str) -> Callable[[Trace], tuple[Step, ...]]:
    """One step for each event of that kind."""

    def steps(trace: Trace) -> tuple[Step, ...]:
        found = [(index, event) for index, event in enumerate(trace.events) if event.kind == kinds]
        return tuple(
            Step(
                f"{tell(trace, index)} {what} so far: {count}.",
                "one paging device, faults in order",
                count,
                None,
                index,
            )
            for count, (index, _) in enumerate(found, 1)
        )

    return steps


_fault_steps = _counting("fault", "Faults")


def _rate_steps(trace: Trace) -> tuple[Step, ...]:
    rate = fault_rate(trace)
    says = f"{faults(trace.events)} faults in {used(trace.events)} references: {rate}."
    return (*_fault_steps(trace), Step(says, "fault rate: faults over references", rate))


def _utilisation_steps(trace: Trace) -> tuple[Step, ...]:
    rule = "utilisation: references made, over the time until the last process ends"
    return tuple(
        Step(
            f"Degree {degree}: {used(events)} references in {makespan(events)} ticks, faults: {faults(events)}; "
            f"utilisation {utilisation_of(events)}.",
            rule,
            utilisation_of(events),
            degree,
        )
        for degree, events in runs(trace).items()
    )


def _knee_steps(trace: Trace) -> tuple[Step, ...]:
    answer = knee(trace)
    says = f"The highest utilisation is reached at degree {answer} first."
    steps = (step._replace(key=None) for step in _utilisation_steps(trace))
    return (*steps, Step(says, "knee: the smallest degree with the highest utilisation", answer))


def _suspended_steps(trace: Trace) -> tuple[Step, ...]:
    answer = suspended(trace)
    rule = "working-set: the last admitted is suspended first"
    told = tuple(
        Step(tell(trace, index), rule, event.process, None, index)
        for index, event in enumerate(trace.events)
        if event.kind == "suspend"
    )
    return (*told, Step(f"Suspended: {' '.join(sorted(answer)) or 'none'}.", rule, answer))


def _traffic_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [], 0
    for index, event in enumerate(trace.events):
        moved = (event.kind == "load") + len(event.left)
        if moved:
            total += moved
            steps.append(Step(f"{tell(trace, index)} Together {total}.", "pages in and pages out", total, None, index))
    return tuple(steps)


def _speedup_steps(trace: Trace) -> tuple[Step, ...]:
    answer, now = core_speedup(trace), makespan(trace.events)
    rule = "a faster core shortens the references, not the faults"
    return (
        Step(f"The run takes {now} ticks, {used(trace.events)} of them on the core.", rule, now),
        Step(f"With references of half a tick it takes {now / answer}: {answer} times less.", rule, answer),
    )


def _model_steps(trace: Trace) -> tuple[Step, ...]:
    answer, model = ideal_utilisation(trace), trace.scenario
    assert isinstance(model, Model)
    rule = "the core idles only while all processes wait at once"
    idle = 1 - answer
    share = model.waiting if model.waiting.denominator == 1 else f"({model.waiting})"
    return (
        Step(f"All {model.processes} wait with probability {share}^{model.processes} = {idle}.", rule, idle),
        Step(f"The core is busy the rest of the time: 1 − {idle} = {answer}.", rule, answer),
    )


# ── the declarations ────────────────────────────────────────────────────────────────────────────────────────────

MEASURES = (
    Measure(
        name="working-set",
        gives=SetOf("page"),
        of=working_set_at,
        help="W(t, Δ): the pages of the process's references t − Δ + 1 to t, in its own virtual time.",
        asks="What is the working set of {process} after its reference {t} (counted from 1)?",
        steps=_window_steps,
        arguments=(
            Argument("process", "a process", names=names),
            Argument("t", "its reference, counted from 1", 1, LONGEST),
        ),
        applies=running,
        source=DENNING,
    ),
    Measure(
        name="fault-rate",
        gives=Number(),
        of=fault_rate,
        help="Faults over references, at the greatest degree.",
        asks="What is the fault rate, as a fraction of all references?",
        steps=_rate_steps,
        better="low",
        applies=running,
        source="silberschatz-10 10.6.3",
    ),
    Measure(
        name="cpu-utilisation",
        gives=MapOf(Number(), degrees, "degree"),
        of=cpu_utilisation,
        help="The share of the time in which the core makes references, at each degree.",
        asks="What is the utilisation of the core with each number of processes?",
        steps=_utilisation_steps,
        better="high",
        applies=running,
        source="silberschatz-10 10.6.1",
    ),
    Measure(
        name="knee",
        gives=Number("processes"),
        of=knee,
        help="The smallest degree with the highest utilisation.",
        asks="With how many processes is the utilisation of the core highest (the smallest such number)?",
        steps=_knee_steps,
        applies=running,
        source="silberschatz-10 10.6.1",
    ),
    Measure(
        name="suspended",
        gives=SetOf("process", names),
        of=suspended,
        help="The processes that are suspended at some time, at the greatest degree.",
        asks="Which processes are suspended at some time?",
        steps=_suspended_steps,
        applies=by_working_set,
        source=DENNING,
    ),
    Measure(
        name="swap-traffic",
        gives=Number("pages"),
        of=swap_traffic,
        help="Pages brought in, and pages that leave before their process ends, at the greatest degree.",
        asks="How many pages are moved, in and out together?",
        steps=_traffic_steps,
        better="low",
        applies=running,
        source="silberschatz-10 10.6.1",
    ),
    Measure(
        name="core-speedup",
        gives=Number(),
        of=core_speedup,
        help="How many times shorter the run is with a core twice as fast and the same paging device.",
        asks="How many times shorter would the run be with a core twice as fast and the same paging device?",
        steps=_speedup_steps,
        better="high",
        applies=running,
    ),
    Measure(
        name="ideal-utilisation",
        gives=Number(),
        of=ideal_utilisation,
        help="1 − pⁿ: Tanenbaum's model, in which processes wait independently and memory is no matter.",
        asks="What is the utilisation of the core in the probabilistic model?",
        steps=_model_steps,
        better="high",
        applies=modelled,
        source="tanenbaum-4 2.1.7",
    ),
)
