"""How do people get thrashing wrong? A window that is none, memory forgotten, and cures that cure something else."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sims.declare import Mistake, NoAnswer
from sims.thrashing.measures import (
    cpu_utilisation,
    fault_rate,
    faults,
    runs,
    scenario_of,
    swap_traffic,
    used,
)
from sims.thrashing.memory import working_set
from sims.thrashing.run import Trace
from sims.thrashing.scenario import Model, Scenario

RUNS = ("fault-rate", "cpu-utilisation", "knee", "suspended", "swap-traffic")


def _replacement(wrong: str, right: str) -> Any:
    def rule(scenario: Any) -> Any:
        if isinstance(scenario, Scenario) and scenario.replacement == right:
            return replace(scenario, replacement=wrong)
        return scenario

    return rule


def _string(trace: Trace, process: str, t: int) -> tuple[int, ...]:
    string = next((each.string for each in scenario_of(trace).processes if each.name == process), ())
    if not 1 <= t <= len(string):
        raise NoAnswer(f"{process} has {len(string)} references")
    return string


def _whole_space(trace: Trace, process: str, t: int) -> frozenset[int]:
    return frozenset(_string(trace, process, t))


def _all_so_far(trace: Trace, process: str, t: int) -> frozenset[int]:
    return frozenset(_string(trace, process, t)[:t])


def _last_distinct(trace: Trace, process: str, t: int) -> frozenset[int]:
    latest = dict.fromkeys(reversed(_string(trace, process, t)[:t]))
    return frozenset(list(latest)[: scenario_of(trace).window])


def _without_t(trace: Trace, process: str, t: int) -> frozenset[int]:
    return working_set(_string(trace, process, t), t - 1, scenario_of(trace).window)


def _one_short(trace: Trace, process: str, t: int) -> frozenset[int]:
    return working_set(_string(trace, process, t), t, scenario_of(trace).window - 1)


def _never_falling(trace: Trace) -> Mapping[str, Fraction]:
    by_degree = cpu_utilisation(trace)
    return dict(zip(by_degree, accumulate(by_degree.values(), max), strict=True))


def _most_processes(trace: Trace) -> int:
    return scenario_of(trace).degrees[1]


def _without_overlap(trace: Trace) -> Mapping[str, Fraction]:
    time = scenario_of(trace).fault_time
    return {
        degree: Fraction(used(events), used(events) + faults(events) * time) for degree, events in runs(trace).items()
    }


def _distinct_over_references(trace: Trace) -> Fraction:
    scenario = scenario_of(trace)
    strings = [each.string for each in scenario.processes[: scenario.degrees[1]]]
    return Fraction(sum(len(set(string)) for string in strings), sum(map(len, strings)))


def _pages_in_only(trace: Trace) -> int:
    return sum(event.kind == "load" for event in trace.events)


def _twice_the_loads(trace: Trace) -> int:
    if swap_traffic(trace) == 2 * _pages_in_only(trace):
        raise NoAnswer("as many leave as come")
    return 2 * _pages_in_only(trace)


def _model(trace: Trace) -> Model:
    if not isinstance(trace.scenario, Model):
        raise NoAnswer("only the model has a share of waiting")
    return trace.scenario


def _added(trace: Trace) -> Fraction:
    model = _model(trace)
    return min(Fraction(1), model.processes * (1 - model.waiting))


def _idle_for_busy(trace: Trace) -> Fraction:
    model = _model(trace)
    return model.waiting**model.processes


def _busy_all_at_once(trace: Trace) -> Fraction:
    model = _model(trace)
    return 1 - (1 - model.waiting) ** model.processes


MISTAKES = (
    Mistake(
        id="utilisation-always-grows",
        clause="a further process is taken never to lower the utilisation",
        says="Beyond the knee each process more takes frames that the others need, and all of them wait for pages.",
        measures={"cpu-utilisation": _never_falling, "knee": _most_processes},
    ),
    Mistake(
        id="whole-address-space",
        clause="every page of the process is taken for its working set",
        says="The working set holds only the pages of the last Δ references.",
        measures={"working-set": _whole_space},
    ),
    Mistake(
        id="all-pages-so-far",
        clause="every page used so far is taken for the working set",
        says="What was used more than Δ references ago has left the window.",
        measures={"working-set": _all_so_far},
    ),
    Mistake(
        id="window-of-pages",
        clause="the window counts distinct pages, not references",
        says="Δ counts references. A page used twice takes two places in the window.",
        measures={"working-set": _last_distinct},
    ),
    Mistake(
        id="window-before-t",
        clause="the window ends before the reference itself",
        says="W(t, Δ) holds reference t: it covers t − Δ + 1 to t.",
        measures={"working-set": _without_t},
    ),
    Mistake(
        id="window-one-short",
        clause="the window is one reference too short",
        says="From t − Δ + 1 to t there are Δ references, both ends included.",
        measures={"working-set": _one_short},
    ),
    Mistake(
        id="faster-core-cures",
        clause="a core twice as fast is taken to halve the time",
        says="It shortens the references. The run waits for the paging device, which is as slow as before.",
        measures={"core-speedup": lambda _trace: Fraction(2)},
    ),
    Mistake(
        id="faster-core-is-useless",
        clause="a faster core is taken to change nothing at all",
        says="References do become faster; how much that helps depends on how long the core is the one waited for.",
        measures={"core-speedup": lambda _trace: Fraction(1)},
    ),
    Mistake(
        id="fault-holds-core",
        clause="the core is taken to wait during every fault",
        says="A fault blocks its process only; the core runs the others meanwhile.",
        measures={"cpu-utilisation": _without_overlap},
    ),
    Mistake(
        id="only-first-uses-fault",
        clause="only the first use of each page is counted as a fault",
        says="A page that had to leave faults again when it is used again.",
        measures={"fault-rate": _distinct_over_references},
    ),
    Mistake(
        id="hit-rate-for-fault-rate",
        clause="the references without a fault are divided by all",
        says="That is the hit rate; the fault rate is what remains to 1.",
        measures={"fault-rate": lambda trace: 1 - fault_rate(trace)},
    ),
    Mistake(
        id="pages-in-only",
        clause="only the pages brought in are counted",
        says="Pages that leave memory move as well.",
        measures={"swap-traffic": _pages_in_only},
    ),
    Mistake(
        id="every-load-evicts",
        clause="every page brought in is taken to push one out",
        says="As long as a frame is free, nothing has to leave.",
        measures={"swap-traffic": _twice_the_loads},
    ),
    Mistake(
        id="local-for-global",
        clause="each process replaces only its own pages",
        says="That is local replacement. Global LRU evicts the least recently used page of all processes.",
        rule=_replacement("local-lru", "global-lru"),
        asked=RUNS,
    ),
    Mistake(
        id="global-for-local",
        clause="a process may take the frames of the others",
        says="That is global replacement. Here each process has frames of its own.",
        rule=_replacement("global-lru", "local-lru"),
        asked=RUNS,
    ),
    Mistake(
        id="nobody-suspended",
        clause="all processes stay in memory and replace each other's pages",
        says="Under the working-set policy a process whose working set does not fit is suspended as a whole.",
        rule=_replacement("global-lru", "working-set"),
        asked=RUNS,
    ),
    Mistake(
        id="utilisations-added",
        clause="the shares of the processes are added up",
        says="They overlap: two processes that compute 20 % each do so partly at the same time, and one of them waits.",
        measures={"ideal-utilisation": _added},
    ),
    Mistake(
        id="idle-for-busy",
        clause="the time in which all processes wait is given",
        says="pⁿ is the time in which the core idles.",
        measures={"ideal-utilisation": _idle_for_busy},
    ),
    Mistake(
        id="busy-all-at-once",
        clause="the share of computing is raised to the number of processes, not that of waiting",
        says="The core idles only if all of them wait: the share of waiting is raised to the power n.",
        measures={"ideal-utilisation": _busy_all_at_once},
    ),
)
