"""Who runs when? Processes, cores, and eleven policies that bring them together."""

from collections.abc import Callable
from typing import Any

from sims.declare import Argument, Gives, MapOf, Measure, Number, SequenceOf, SetOf, Simulator, StepOf, TableOf
from sims.scheduler import measures as m
from sims.scheduler import telling as t
from sims.scheduler.carried import next_slice
from sims.scheduler.engine import run
from sims.scheduler.mistakes import MISTAKES
from sims.scheduler.rules import EXAMPLES, RULES
from sims.scheduler.scenario import Scenario, names

__all__ = ["SIMULATOR"]

CRITERIA = "silberschatz-10 5.2"
TICKS = Number("ticks")
MOMENT = Argument("t", "the moment asked about, in ticks", high=100_000_000)


def _measure(name: str, gives: Gives, of: Callable[..., Any], steps: t.Steps, **rest: Any) -> Measure:
    return Measure(name=name, gives=gives, of=of, steps=steps, **rest)


def _by_process(name: str, of: Callable[..., Any], help_: str, asks: str, better: str = "low") -> Measure:
    gives = MapOf(TICKS, names)
    return _measure(name, gives, of, t.each(name), help=help_, asks=asks, better=better, source=CRITERIA)


def _average(name: str, of: Callable[..., Any]) -> Measure:
    return _measure(
        f"average-{name}",
        TICKS,
        m.averaged(of),
        t.averaging(name),
        help=f"The mean {name} time over all processes, exact.",
        asks=f"What is the average {name} time?",
        better="low",
        source=CRITERIA,
    )


SIMULATOR = Simulator(
    name="scheduler",
    question="Who runs when?",
    scenarios=(Scenario,),
    run=run,
    tell=t.tell,
    rules=RULES,
    measures=(
        _by_process("completion", m.completion, "When each process exits.", "When is each process completed?"),
        _by_process(
            "turnaround",
            m.turnaround,
            "Completion minus arrival.",
            "How long is each process's turnaround, from arrival to completion?",
        ),
        _by_process(
            "waiting",
            m.waiting,
            "Time in the ready queue: turnaround minus CPU minus I/O.",
            "How long does each process wait in the ready queue?",
        ),
        _by_process("response", m.response, "First run minus arrival.", "How long until each process first runs?"),
        _average("turnaround", m.turnaround),
        _average("waiting", m.waiting),
        _average("response", m.response),
        _measure(
            "gantt",
            TableOf(("process", "start", "end", "core"), "slice"),
            m.gantt,
            t.slicing,
            help="The slices in order of start: process, start, end, core. Adjacent slices of one process are one.",
            asks="Which slices does the chart have? Give process, start, end and core of each.",
            follows=next_slice,
            source="silberschatz-10 5.3.1",
        ),
        _measure(
            "completion-order",
            SequenceOf("process", names),
            m.completion_order,
            t.finishing,
            help="The processes in the order in which they exit; at one instant, the lower core first.",
            asks="In which order are the processes completed?",
            source="ostep 7.2",
        ),
        _measure(
            "context-switches",
            Number("switches"),
            m.context_switches,
            t.switching,
            help="Dispatches of another process than the core last ran; the first on each core is none.",
            asks="How many context switches are there? The first dispatch on a core is none.",
            better="low",
            source="silberschatz-10 3.2.3",
        ),
        _measure(
            "preemptions",
            Number("preemptions"),
            m.preemptions,
            t.displacing,
            help="How often a process with burst left gives its core to another.",
            asks="How often does a process that has not finished its burst lose its core to another?",
            source="silberschatz-10 5.1.3",
        ),
        _measure(
            "first-preemption",
            StepOf(m.slices_told),
            m.first_preemption,
            t.first_displaced,
            help="The first slice at whose end a process that has burst left loses its core to another.",
            asks="Which is the first slice that ends although its process has burst left?",
            source="silberschatz-10 5.1.3",
        ),
        _measure(
            "utilisation",
            Number(),
            m.utilisation,
            t.utilising,
            help="The part of the cores' time, from the first arrival to the last completion, in which processes run.",
            asks="Which part of the time, from the first arrival to the last completion, do processes run?",
            better="high",
            source=CRITERIA,
        ),
        _measure(
            "throughput",
            Number("processes a tick"),
            m.throughput,
            t.passing,
            help="Processes divided by the makespan.",
            asks="How many processes are completed a tick, from the first arrival to the last completion?",
            better="high",
            source=CRITERIA,
        ),
        _measure(
            "idle",
            TICKS,
            m.idle,
            t.counting_idle,
            help="Ticks in which a core neither runs nor switches, from the first arrival to the last completion.",
            asks="For how many ticks is a core idle, from the first arrival to the last completion?",
            better="low",
            source="silberschatz-10 5.2",
        ),
        _measure(
            "makespan",
            TICKS,
            m.makespan,
            t.spanning,
            help="Ticks from the first arrival to the last completion.",
            asks="How many ticks are there from the first arrival to the last completion?",
            better="low",
            source="pinedo-5 2.1",
        ),
        _measure(
            "longest-wait",
            TICKS,
            m.longest(m.waiting),
            t.greatest,
            help="The greatest total waiting time of a process.",
            asks="How long does the process wait that waits longest in all?",
            better="low",
            source="silberschatz-10 5.2",
        ),
        _measure(
            "running-at",
            SetOf("process", names),
            m.running_at,
            t.standing,
            help="Who runs at t; the slice that starts at t does.",
            asks="Who runs at {t}?",
            arguments=(MOMENT,),
            source="silberschatz-10 5.3.1",
        ),
        _measure(
            "ready-at",
            SequenceOf("process", names),
            m.ready_at,
            t.queueing,
            help="Who waits for a core at t, in the order of the queue, after all that happens at t.",
            asks="Who waits for a core at {t}, head of the queue first?",
            arguments=(MOMENT,),
            source="silberschatz-10 3.2.1",
        ),
        _measure(
            "share",
            Number(),
            m.share,
            t.sharing,
            help="The part of the interval from … to in which a process runs.",
            asks="Which part of the time from {from} to {to} does {name} run?",
            arguments=(
                Argument("name", "the process", names=names),
                Argument("from", "start of the interval, in ticks", high=100_000_000),
                Argument("to", "end of the interval, in ticks", high=100_000_000),
            ),
            source="ostep 9.1",
        ),
    ),
    mistakes=MISTAKES,
    examples=EXAMPLES,
)
