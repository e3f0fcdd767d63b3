"""Valid scheduling scenarios for properties, built directly."""

from typing import Any

from hypothesis import strategies as st

from sims.fields import make
from sims.scheduler import SIMULATOR
from sims.scheduler import measures as m
from sims.scheduler.engine import run
from sims.scheduler.scenario import POLICIES, Scenario, draws_needed
from sims.scheduler.trace import Trace


@st.composite
def processes(draw: st.DrawFn, io: bool = True, most: int = 5) -> list[dict[str, Any]]:
    """[{"arrival": 2, "bursts": [3, 1, 2], "priority": 1, "tickets": 4, "nice": 0}, …]"""
    made = []
    for _ in range(draw(st.integers(1, most))):
        parts = 1 + 2 * draw(st.integers(0, 2)) if io else 1
        made.append(
            {
                "arrival": draw(st.integers(0, 9)),
                "bursts": draw(st.lists(st.integers(1, 7), min_size=parts, max_size=parts)),
                "priority": draw(st.integers(0, 3)),
                "tickets": draw(st.integers(1, 5)),
                "nice": draw(st.sampled_from([0, 0, -5, 3, 5])),
            }
        )
    return made


@st.composite
def levels(draw: st.DrawFn) -> list[dict[str, int]]:
    """[{"quantum": 1}, {"quantum": 2, "allotment": 5}]"""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        level = {"quantum": draw(st.integers(1, 4))}
        if draw(st.booleans()):
            level["allotment"] = draw(st.integers(1, 6))
        made.append(level)
    return made


@st.composite
def scenarios(
    draw: st.DrawFn,
    policies: tuple[str, ...] = POLICIES,
    io: bool = True,
    cores: int = 3,
    cost: int = 2,
    most: int = 5,
    boosted: bool = True,
) -> Scenario:
    """Scenario(policy="rr", quantum=2, cores=2, switch_cost=1, processes=(Process(name="P0", …), …))"""
    raw: dict[str, Any] = {
        "policy": draw(st.sampled_from(policies)),
        "quantum": draw(st.integers(1, 5)),
        "cores": draw(st.integers(1, cores)),
        "switch_cost": draw(st.integers(0, cost)),
        "tie": draw(st.sampled_from(["arrivals-first", "preempted-first"])),
        "priority_order": draw(st.sampled_from(["low-first", "high-first"])),
        "processes": tuple({"name": f"P{i}", **p} for i, p in enumerate(draw(processes(io=io, most=most)))),
    }
    if raw["policy"] == "mlfq":
        raw["queues"] = draw(levels())
        raw["boost"] = draw(st.sampled_from([0, 0, 3, 5, 8])) if boosted else 0
    if raw["policy"] == "lottery":
        raw["draws"] = draw(drawn(raw))
    return made(raw)


def drawn(raw: dict[str, Any]) -> st.SearchStrategy[list[int]]:
    """As many numbers as the lottery needs."""
    needs = draws_needed(made({**raw, "policy": "fcfs"}))
    return st.lists(st.integers(0, 40), min_size=needs, max_size=needs)


def made(raw: dict[str, Any]) -> Scenario:
    """The scenario of a mapping."""
    return make(Scenario, raw)


def ran(policy: str, *processes: Any, **rest: Any) -> Trace:
    """The trace of processes given as burst, [arrival, burst] or mappings; they are called A, B, C, …"""
    made = []
    for letter, raw in zip("ABCDEFGH", processes, strict=False):
        record = {"burst": raw} if isinstance(raw, int) else raw
        record = {"arrival": raw[0], "burst": raw[1]} if isinstance(raw, list) else record
        made.append({"name": letter, **record})
    return run(SIMULATOR.scenario({"policy": policy, "processes": made, **rest}))


def chart(trace: Trace) -> str:
    """`A0-2 B2-4`, with the core where there are several: `A0-2@1`."""
    several = trace.scenario.cores > 1
    return " ".join(f"{n}{s}-{e}" + (f"@{c}" if several else "") for n, s, e, c in m.gantt(trace))


def raw_process(arrival: int, *bursts: int, **rest: Any) -> dict[str, Any]:
    return {"arrival": arrival, "bursts": list(bursts), **rest}
