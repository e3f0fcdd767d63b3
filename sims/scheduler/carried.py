"""Which slice comes next, if the chart so far is what somebody says? For a chart that is filled slice by slice.

What is left of each process, and how the ready queue stands, are read off the slices; then the machine goes on from
there. For one core, without switch cost and I/O, under fcfs, sjf, srtf, priority and round robin.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sims.declare import Invalid, NoAnswer
from sims.scheduler.engine import run
from sims.scheduler.scenario import Process, Scenario
from sims.scheduler.trace import Trace

POLICIES = ("fcfs", "sjf", "srtf", "priority", "priority-preemptive", "rr")
Row = tuple[Any, ...]


def next_slice(trace: Trace, rows: Sequence[Row]) -> Row | None:
    """The slice after these: process, start, end, core; None when nobody has anything left. Raises NoAnswer where the
    slices do not say."""
    scenario = trace.scenario
    _can_be_carried(scenario, rows)
    left = {process.name: process.cpu for process in scenario.processes}
    for name, start, end, _core in rows:
        left[name] -= end - start
    now = rows[-1][2] if rows else 0
    waiting = [process for process in _queue(scenario, rows, now) if left[process.name] > 0]
    if not waiting:
        return None
    onward = tuple(
        replace(process, arrival=max(process.arrival, now), burst=left[process.name], bursts=()) for process in waiting
    )
    try:
        first = next(one for one in run(replace(scenario, processes=onward)).events if one.kind == "run")
    except Invalid as error:
        raise NoAnswer(str(error)) from None
    return (str(first.process), first.start, first.end, first.core)


def _can_be_carried(scenario: Scenario, rows: Sequence[Row]) -> None:
    """Raises NoAnswer unless the next slice hangs on these slices alone."""
    alone = scenario.cores == 1 and not scenario.switch_cost and all(len(one.parts) == 1 for one in scenario.processes)
    if not alone or scenario.policy not in POLICIES or scenario.misrule:
        raise NoAnswer("the slices do not say what comes next")
    known = {process.name for process in scenario.processes}
    times = [time for row in rows for time in row[1:3]]
    if not all(row[0] in known and row[3] == 0 for row in rows) or not all(type(time) is int for time in times):
        raise NoAnswer("these are no slices of this machine")
    if times != sorted(times) or any(row[1] == row[2] for row in rows):
        raise NoAnswer("the slices overlap, or take no time")


def _queue(scenario: Scenario, rows: Sequence[Row], now: int) -> list[Process]:
    """The processes in the order in which they stand, those that are done among them; those still to come last."""
    by_arrival = sorted(scenario.processes, key=lambda process: process.arrival)
    if scenario.policy != "rr":
        return by_arrival
    coming, line = list(by_arrival), list[Process]()
    for name, start, end, _core in rows:
        ran = next(process for process in scenario.processes if process.name == name)
        _arrive(coming, line, start)
        line = [process for process in line if process.name != name]
        if scenario.tie == "preempted-first":
            _arrive(coming, line, end - 1)
            line.append(ran)
            _arrive(coming, line, end)
        else:
            _arrive(coming, line, end)
            line.append(ran)
    _arrive(coming, line, now)
    return line + coming


def _arrive(coming: list[Process], line: list[Process], time: int) -> None:
    """Those who have come by then join the line."""
    while coming and coming[0].arrival <= time:
        line.append(coming.pop(0))
