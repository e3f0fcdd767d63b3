"""How do people get schedules wrong? Each mistake is the same machine under another rule, or another measure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from sims.declare import Mistake, NoAnswer
from sims.scheduler import measures
from sims.scheduler.scenario import SLICED, Level, Scenario
from sims.scheduler.trace import Trace

Times = dict[str, int]
FEEDBACK = ("mlfq",)
RANKED = {"srtf": "sjf", "priority-preemptive": "priority"}
TIED = ("rr", "mlfq")  # the policies under which the order of an arrival and the end of a quantum matters


# ── other measures ──────────────────────────────────────────────────────────────────────────────────────────────


def by_process(name: str, of: Callable[[Trace], Times]) -> Mapping[str, Callable[[Trace], object]]:
    """The mistaken measure by process, its average, and for waiting its maximum."""
    given: dict[str, Callable[[Trace], object]] = {name: of, f"average-{name}": measures.averaged(of)}
    if name == "waiting":
        given["longest-wait"] = measures.longest(of)
    return given


def _waiting_from_zero(trace: Trace) -> Times:
    ends = measures.completion(trace)
    return measures.per_process(trace, lambda process: ends[process.name] - sum(process.parts))


def _waiting_with_io(trace: Trace) -> Times:
    if not any(process.io for process in trace.scenario.processes):
        raise NoAnswer("nobody does I/O")
    spent = measures.turnaround(trace)
    return measures.per_process(trace, lambda process: spent[process.name] - process.cpu)


def _one_too_few(of: Callable[[Trace], Times]) -> Callable[[Trace], Fraction]:
    def average(trace: Trace) -> Fraction:
        values = of(trace)
        if len(values) < 2:
            raise NoAnswer("there is one process only")
        return Fraction(sum(values.values()), len(values) - 1)

    return average


def _pulled(trace: Trace) -> dict[int, int]:
    """For the index of each event on one core, the idle ticks before it."""
    if trace.scenario.cores > 1 or not measures.idle(trace):
        raise NoAnswer("no idle time on a single core")
    lost, before = {}, 0
    for index, event in enumerate(trace.events):
        lost[index] = before
        before += event.end - event.start if event.kind == "idle" else 0
    return lost


def _chart_without_idle(trace: Trace) -> tuple[tuple[str, int, int, int], ...]:
    lost = _pulled(trace)
    return tuple(
        (str(event.process), event.start - lost[index], event.end - lost[index], event.core)
        for index, event in enumerate(trace.events)
        if event.kind == "run"
    )


def _completion_without_idle(trace: Trace) -> Times:
    lost = _pulled(trace)
    ends = {e.process: e.end - lost[index] for index, e in enumerate(trace.events) if e.then == "exit"}
    return measures.per_process(trace, lambda process: ends[process.name])


def _turnaround_without_idle(trace: Trace) -> Times:
    ends = _completion_without_idle(trace)
    spent = measures.per_process(trace, lambda process: ends[process.name] - process.arrival)
    if any(spent[process.name] < sum(process.parts) for process in trace.scenario.processes):
        raise NoAnswer("somebody would be done before it could be")
    return spent


def _waiting_without_idle(trace: Trace) -> Times:
    spent = _turnaround_without_idle(trace)
    return measures.per_process(trace, lambda process: spent[process.name] - sum(process.parts))


def _makespan_without_idle(trace: Trace) -> int:
    _pulled(trace)
    return measures.makespan(trace) - measures.idle(trace)


def _no_idle(trace: Trace) -> int:
    _pulled(trace)
    return 0


def _completed_at_last(trace: Trace) -> int:
    first, last = measures.span(trace)
    if not first:
        raise NoAnswer("the first arrival is at 0")
    return last


def _with_the_first(trace: Trace) -> int:
    return len(measures.dispatches(trace))


# ── other rules ─────────────────────────────────────────────────────────────────────────────────────────────────


def _all_at_zero(scenario: Scenario) -> Scenario:
    return replace(scenario, processes=tuple(replace(process, arrival=0) for process in scenario.processes))


def _longer_quantum(scenario: Scenario) -> Scenario:
    if scenario.policy in FEEDBACK:
        queues = tuple(Level(quantum=level.quantum + 1, allotment=level.allotment) for level in scenario.queues)
        return replace(scenario, queues=queues)
    return replace(scenario, quantum=scenario.quantum + 1) if scenario.policy in SLICED else scenario


def _upside_down(scenario: Scenario) -> Scenario:
    if scenario.policy not in ("priority", "priority-preemptive"):
        return scenario
    return replace(scenario, priority_order="high-first" if scenario.priority_order == "low-first" else "low-first")


def _nice_upside_down(scenario: Scenario) -> Scenario:
    if scenario.policy not in ("fair", "eevdf"):
        return scenario
    turned = tuple(replace(process, nice=max(min(-process.nice, 19), -20)) for process in scenario.processes)
    return replace(scenario, processes=turned)


def _costly_continuation(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="cost-on-continue") if scenario.switch_cost else scenario


def _equal_preempts(scenario: Scenario) -> Scenario:
    if scenario.policy not in RANKED or scenario.switch_cost:
        return scenario
    return replace(scenario, misrule="equal-preempts")


def _other_tie(scenario: Scenario) -> Scenario:
    if scenario.policy not in TIED:
        return scenario
    return replace(scenario, tie="preempted-first" if scenario.tie == "arrivals-first" else "arrivals-first")


def _misruled(word: str, *policies: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=word) if scenario.policy in policies else scenario


def _states_tie(scenario: Scenario) -> str:
    comes = "arrives"
    if any(process.io for process in scenario.processes):
        comes = "arrives, or returns from I/O,"
    where = "before" if scenario.tie == "arrivals-first" else "behind"
    return (
        f"A process that {comes} at the very moment a quantum ends is queued {where} the process whose quantum ended."
    )


MISTAKES = (
    Mistake(
        id="waiting-from-first-run",
        clause="you stop counting when a process first runs",
        says="That is its response time. Waiting goes on whenever it is ready and not running.",
        measures=by_process("waiting", measures.response),
    ),
    Mistake(
        id="arrival-forgotten",
        clause="you count from 0 and not from the arrival",
        says="A process cannot wait before it arrives: subtract its arrival.",
        measures={**by_process("waiting", _waiting_from_zero), **by_process("response", measures.first_run)},
    ),
    Mistake(
        id="turnaround-for-waiting",
        clause="you give the whole time from arrival to completion",
        says="That is turnaround. Waiting leaves out the time on the CPU and in I/O.",
        measures=by_process("waiting", measures.turnaround),
    ),
    Mistake(
        id="waiting-for-turnaround",
        clause="you give the time in the ready queue",
        says="That is waiting. Turnaround has the time on the CPU and in I/O in it.",
        measures=by_process("turnaround", measures.waiting),
    ),
    Mistake(
        id="waiting-for-response",
        clause="you add up all the waiting",
        says="Response ends at the first run; what a process waits afterwards does not belong to it.",
        measures=by_process("response", measures.waiting),
    ),
    Mistake(
        id="completion-for-turnaround",
        clause="you give the moment of completion",
        says="Turnaround counts from the arrival: completion minus arrival.",
        measures=by_process("turnaround", measures.completion),
    ),
    Mistake(
        id="io-counted-as-waiting",
        clause="you count the time in I/O as waiting",
        says="A process in I/O is blocked, not ready: it would not run even on an idle core.",
        measures=by_process("waiting", _waiting_with_io),
    ),
    Mistake(
        id="end-for-preemption",
        clause="every change of process is taken for a preemption",
        says="A process that has finished its burst, or waits for I/O, leaves by itself. Nobody takes its core away.",
        measures={"first-preemption": measures.first_shared},
    ),
    Mistake(
        id="full-quantum-for-preemption",
        clause="a slice of a whole quantum is taken to end by preemption",
        says="A burst that ends exactly with its quantum has ended: nothing is left of it that could be preempted.",
        measures={"first-preemption": measures.first_full_quantum},
    ),
    Mistake(
        id="arrival-for-preemption",
        clause="an arrival is taken to preempt whoever runs",
        says="An arrival joins the queue. Whether it gets the core at once is for the policy to say.",
        measures={"first-preemption": measures.first_arrival_during},
    ),
    Mistake(
        id="wrong-n",
        clause="you divide by one process too few",
        says="The average is over all processes, those that never waited too.",
        measures={
            "average-waiting": _one_too_few(measures.waiting),
            "average-turnaround": _one_too_few(measures.turnaround),
            "average-response": _one_too_few(measures.response),
        },
    ),
    Mistake(
        id="idle-lost",
        clause="the chart leaves out the time in which the core is idle",
        says="When nobody is ready the core waits for the next arrival; that time passes too.",
        measures={
            "gantt": _chart_without_idle,
            "completion": _completion_without_idle,
            **by_process("turnaround", _turnaround_without_idle),
            **by_process("waiting", _waiting_without_idle),
            "makespan": _makespan_without_idle,
            "idle": _no_idle,
            "utilisation": lambda trace: Fraction(measures.busy(trace), _makespan_without_idle(trace)),
            "throughput": lambda trace: Fraction(len(trace.scenario.processes), _makespan_without_idle(trace)),
        },
    ),
    Mistake(
        id="makespan-from-zero",
        clause="you count from 0 and not from the first arrival",
        says="Before the first arrival there is nothing to schedule.",
        measures={"makespan": _completed_at_last},
    ),
    Mistake(
        id="first-dispatch-counted",
        clause="you count the first dispatch as a switch too",
        says="A core that has run nobody yet has nobody to switch from.",
        measures={"context-switches": _with_the_first},
    ),
    Mistake(
        id="preemptions-for-switches",
        clause="you count only the switches away from a process that could have gone on",
        says="Those are preemptions. A core also changes process when one exits or starts I/O.",
        measures={"context-switches": measures.preemptions},
    ),
    Mistake(
        id="switches-for-preemptions",
        clause="you count every change of process on the core",
        says="A process that exits or starts I/O gives the core up by itself: that is a switch and no preemption.",
        measures={"preemptions": measures.context_switches},
    ),
    Mistake(
        id="all-arrive-at-zero",
        clause="all processes are there from 0 on",
        says="Who has not arrived yet cannot be chosen.",
        rule=_all_at_zero,
    ),
    Mistake(
        id="fcfs-instead",
        clause="the processes run in order of arrival, each to the end of its burst",
        says="That is FCFS.",
        rule=lambda scenario: replace(scenario, policy="fcfs"),
    ),
    Mistake(
        id="sjf-instead",
        clause="the shortest burst among the ready is taken",
        says="That is SJF; this policy does not look at the length of bursts.",
        rule=lambda scenario: scenario if scenario.policy == "srtf" else replace(scenario, policy="sjf"),
    ),
    Mistake(
        id="preemption-forgotten",
        clause="nobody is interrupted before the end of its burst",
        says="The policy is preemptive: someone better takes the core at once.",
        rule=lambda scenario: replace(scenario, policy=RANKED.get(scenario.policy, scenario.policy)),
    ),
    Mistake(
        id="preemption-added",
        clause="someone better takes the core at once",
        says="The policy is not preemptive: it decides only when the core becomes free.",
        rule=lambda scenario: replace(
            scenario, policy={better: worse for worse, better in RANKED.items()}.get(scenario.policy, scenario.policy)
        ),
    ),
    Mistake(
        id="quantum-off-by-one",
        clause="each process keeps the core one tick longer than its quantum",
        says="Intervals are half-open: a slice that starts at 4 with quantum 2 ends at 6, and at 6 the next one runs.",
        rule=_longer_quantum,
    ),
    Mistake(
        id="srtf-total-bursts",
        clause="whole bursts are compared and not what is left of them",
        says="SRTF compares what is left: a long process that is nearly done is a short one.",
        rule=_misruled("total-bursts", "srtf"),
    ),
    Mistake(
        id="equal-preempts",
        clause="an equal one takes the core too",
        says="Only someone strictly better preempts; a switch for an equal one gains nothing.",
        rule=_equal_preempts,
    ),
    Mistake(
        id="arrival-to-head",
        clause="a process that arrives goes to the head of the queue",
        says="Round robin is a queue: who comes stands at its tail.",
        rule=_misruled("arrival-to-head", "rr"),
    ),
    Mistake(
        id="priority-upside-down",
        clause="the numbers are read upside down",
        says="Systems differ in which end is urgent; the question says which.",
        rule=_upside_down,
    ),
    Mistake(
        id="switch-cost-forgotten",
        clause="switching costs nothing",
        says="Each dispatch of another process than the core last ran delays it by the cost of the switch.",
        rule=lambda scenario: replace(scenario, switch_cost=0),
    ),
    Mistake(
        id="switch-cost-on-continue",
        clause="the switch is paid even when the same process goes on",
        says="Its registers and its address space are still there: nothing has to be switched.",
        rule=_costly_continuation,
    ),
    Mistake(
        id="other-cores-idle",
        clause="there is one core only",
        says="Every core takes from the one queue.",
        rule=lambda scenario: replace(scenario, cores=1),
    ),
    Mistake(
        id="boost-forgotten",
        clause="nobody is ever moved back to the top",
        says="Every period all processes, those in I/O too, return to the top queue.",
        rule=lambda scenario: replace(scenario, boost=0),
    ),
    Mistake(
        id="allotment-renewed-by-io",
        clause="a process that starts I/O is given a new allotment",
        says="The allotment is kept across I/O; else a process could stay at the top by blocking just before it ends.",
        rule=_misruled("io-renews-allotment", "mlfq"),
    ),
    Mistake(
        id="preempted-to-tail",
        clause="who is preempted goes to the tail of its queue",
        says="It has not used its quantum: it keeps its place at the head, and what was left.",
        rule=_misruled("preempted-to-tail", "mlfq"),
    ),
    Mistake(
        id="tickets-from-one",
        clause="the tickets are counted from 1",
        says="They are counted from 0: with 3 and 2 tickets, 0 1 2 belong to the first and 3 4 to the second.",
        rule=_misruled("tickets-from-one", "lottery"),
    ),
    Mistake(
        id="more-tickets-longer-stride",
        clause="the pass grows faster with more tickets",
        says="The stride is the inverse of the tickets: more tickets, shorter strides, more turns.",
        rule=_misruled("more-tickets-longer-stride", "stride"),
    ),
    Mistake(
        id="nice-upside-down",
        clause="a higher nice value gets more of the CPU",
        says="To be nice is to let others go first: a higher value weighs less.",
        rule=_nice_upside_down,
    ),
    Mistake(
        id="eligibility-forgotten",
        clause="the earliest deadline wins, eligible or not",
        says="Who has had more than its due (v > V) is not eligible, however early its deadline.",
        rule=_misruled("ineligible-too", "eevdf"),
    ),
    Mistake(
        id="other-tie-rule",
        clause="the two change places when a process comes at the moment a quantum ends",
        says="Both are read in textbooks; the question says which holds.",
        rule=_other_tie,
        convention=True,
        states=_states_tie,
    ),
)
