"""Runs to try: built by hand, and drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sims.fields import make
from sims.thrashing import SIMULATOR, Scenario, Trace, run

WORKED = sorted((Path(__file__).parents[2] / "data" / "thrashing").glob("*.json"))
LOOP = {"phases": [{"pages": 3, "references": 60}]}


def thrashing(*strings: Any, **more: Any) -> Trace:
    """Processes P0, P1, … with these references; 4 frames and faults of 5 ticks unless said otherwise."""
    return run(make(Scenario, {"frames": 4, "fault_time": 5, "processes": list(strings), **more}))


def asked(trace: Trace, measure: str, **arguments: Any) -> Any:
    return SIMULATOR.measure(measure).of(trace, **arguments)


def mistaken(id_: str, trace: Trace, measure: str, **arguments: Any) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace, **arguments)
    return asked(run(mistake.rule(trace.scenario)), measure, **arguments)


def kinds(trace: Trace, *wanted: str) -> list[tuple[str, int, str, int | None]]:
    return [(event.kind, event.start, event.process, event.page) for event in trace.events if event.kind in wanted]


@st.composite
def scenarios(draw: st.DrawFn, replacements: Sequence[str] = ("global-lru", "local-lru", "working-set")) -> Scenario:
    """Small mixes: `local-lru, 5 frames, window 3, faults of 2, P0: 0 1 1 0, P1: 2 0 2`."""
    string = st.lists(st.integers(0, 4), min_size=1, max_size=12)
    strings = draw(st.lists(string, min_size=1, max_size=4))
    return make(
        Scenario,
        {
            "processes": strings,
            "frames": draw(st.integers(len(strings), 12)),
            "replacement": draw(st.sampled_from(list(replacements))),
            "window": draw(st.integers(1, 6)),
            "fault_time": draw(st.integers(1, 6)),
        },
    )


def strings_of(scenario: Scenario) -> list[tuple[int, ...]]:
    return [process.string for process in scenario.processes]
