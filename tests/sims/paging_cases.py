"""Memories to try: built by hand, and drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sims.fields import make
from sims.paging import POLICIES, SIMULATOR, Reference, Scenario, Trace, run

WORKED = sorted((Path(__file__).parents[2] / "data" / "paging").glob("*.json"))
STRING = (7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1)
BELADY = (1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5)
ONLINE = tuple(policy for policy in POLICIES if policy != "opt")


def paging(policy: str, frames: int, *references: int | str, **more: Any) -> Trace:
    raw = {"policy": policy, "frames": frames, "references": list(references), **more}
    return run(SIMULATOR.scenario(raw))


def asked(trace: Trace, measure: str, **arguments: int) -> Any:
    return SIMULATOR.measure(measure).of(trace, **arguments)


def mistaken(id_: str, trace: Trace, measure: str, **arguments: int) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace, **arguments)
    return asked(run(mistake.rule(trace.scenario)), measure, **arguments)


@st.composite
def scenarios(draw: st.DrawFn, policies: Sequence[str] = POLICIES, longest: int = 30) -> Scenario:
    """Small memories: `nru, 3 frames, 4 1w 4 0 2w 1, reset every 2`."""
    page = st.builds(Reference, page=st.integers(0, 7), write=st.booleans())
    references = tuple(draw(st.lists(page, min_size=1, max_size=longest)))
    policy = draw(st.sampled_from(list(policies)))
    drawn = st.lists(st.integers(0, 20), min_size=len(references), max_size=len(references))
    return make(
        Scenario,
        {
            "policy": policy,
            "frames": draw(st.integers(1, 6)),
            "references": references,
            "load_bit": draw(st.sampled_from(("set", "clear"))),
            "reset_every": draw(st.integers(1, 8)),
            "draws": draw(drawn) if policy == "random" else (),
        },
    )


def plain_fifo(string: Sequence[int], frames: int) -> str:
    """FIFO with a list: as plain as it can be."""
    queue: list[int] = []
    marks = ""
    for page in string:
        marks += "H" if page in queue else "M"
        if page not in queue:
            queue = [*queue[-(frames - 1) :], page] if frames > 1 else [page]
    return marks
