"""Strategies and short ways to ask, for the tests of deadlock."""

import json
from hashlib import blake2b
from pathlib import Path

from hypothesis import strategies as st

from sims.deadlock import SIMULATOR, run
from sims.deadlock.reduction import System, plus
from sims.declare import Invalid


def make(kind, **fields):
    return SIMULATOR.scenario({"kind": kind, **fields})


def ask(measure, scenario):
    return SIMULATOR.measure(measure).of(run(scenario))


def accepts(measure, scenario, value):
    return SIMULATOR.measure(measure).accepts(run(scenario), value)


def mistaken(id_, measure, scenario):
    mistake = SIMULATOR.mistake(id_)
    return ask(measure, mistake.rule(scenario)) if mistake.rule else mistake.measures[measure](run(scenario))


def seeded(seed):
    def pick(path, low, high):
        return low + int(blake2b(f"{seed}{path}".encode()).hexdigest(), 16) % (high - low + 1)

    return pick


def drawn(recipe, seed, **parameters):
    """A scenario of the recipe, drawn again from other seeds where a draw gives none."""
    found = SIMULATOR.recipe(recipe)
    for attempt in range(20):
        try:
            return found.make(found.parameters(**parameters), seeded(f"{seed}/{attempt}"))
        except Invalid:
            continue
    return None


def units(width, high):
    return st.tuples(*[st.integers(0, high)] * width)


@st.composite
def systems(draw, most=6, types=3):
    """Any state with requests: `available (1, 0), P0 holds (0, 2) wants (1, 1), P1 holds (1, 0) wants (0, 1)`."""
    width, count = draw(st.integers(1, types)), draw(st.integers(1, most))
    rows = [(draw(units(width, 2)), draw(units(width, 3))) for _ in range(count)]
    names, kinds = tuple(f"P{n}" for n in range(count)), tuple("ABC"[:width])
    return System(names, kinds, draw(units(width, 2)), tuple(held for held, _ in rows), tuple(want for _, want in rows))


@st.composite
def bankers(draw):
    """Any banker's state: `available (2, 1), allocation (1, 0) (0, 1), max (1, 2) (2, 1)`."""
    system = draw(systems())
    claims = [plus(*rows) for rows in zip(system.allocation, system.wants, strict=True)]
    return make("banker", available=system.available, allocation=system.allocation, max=claims)


@st.composite
def detections(draw):
    """A state with claims, in which nobody asks beyond its claim."""
    system = draw(systems())
    extra = [draw(units(len(system.available), 2)) for _ in system.names]
    rows = zip(system.allocation, system.wants, extra, strict=True)
    claims = [plus(plus(held, want), more) for held, want, more in rows]
    return make("detection", available=system.available, allocation=system.allocation, request=system.wants, max=claims)


@st.composite
def wait_fors(draw, most=6):
    """Threads with a lock each that may want another's: `T0 holds A wants B, T1 holds B, T2 holds C wants A`."""
    count = draw(st.integers(1, most))
    locks = "ABCDEF"[:count]
    wants = [draw(st.sampled_from([None, *locks, "Z"])) for _ in range(count)]
    held = [draw(st.booleans()) for _ in range(count)]
    threads = [
        {"holds": [lock] if has else [], "wants": want} for lock, has, want in zip(locks, held, wants, strict=True)
    ]
    return make("wait-for", threads=threads)


@st.composite
def graphs(draw, single=False):
    """Resources with instances, held and wanted: `R0 x2, R1 x1; P0 holds R0 wants R1, P1 holds R1`."""
    kinds = [f"R{n}" for n in range(draw(st.integers(1, 3)))]
    left = {kind: 1 if single else draw(st.integers(1, 3)) for kind in kinds}
    resources = [{"name": kind, "instances": count} for kind, count in left.items()]
    processes = []
    for _ in range(draw(st.integers(1, 4))):
        holds = [kind for kind in draw(st.lists(st.sampled_from(kinds), max_size=2, unique=True)) if left[kind]]
        for kind in holds:
            left[kind] -= 1
        wants = draw(st.lists(st.sampled_from(kinds), max_size=2, unique=True))
        processes.append({"holds": holds, "wants": wants})
    return make("graph", resources=resources, processes=processes)


@st.composite
def lock_orders(draw):
    """Threads that take up to three of four locks and give them back at the end, or one at once."""
    threads = []
    for _ in range(draw(st.integers(1, 4))):
        taken = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3, unique=True))
        steps = [f"acquire {lock}" for lock in taken] + [f"release {lock}" for lock in reversed(taken)]
        if draw(st.booleans()):
            steps = [word for lock in taken for word in (f"acquire {lock}", f"release {lock}")]
        threads.append({"steps": steps})
    return make("lock-order", threads=threads)


BOOK = json.loads((Path(__file__).parents[2] / "data" / "deadlock" / "silberschatz-banker.json").read_text())[
    "scenario"
]


def state_of(scenario):
    """The fields of a banker's state, without a request."""
    return {"available": scenario.available, "allocation": scenario.allocation, "max": scenario.max}
