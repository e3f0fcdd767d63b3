"""Machines to try: built by hand, and drawn."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sims.fields import make, plain
from sims.translation import SIMULATOR, Paged, Trace, run

WORKED = sorted((Path(__file__).parents[2] / "data" / "translation").glob("*.json"))


def paged(*accesses: Any, tables: Sequence[Mapping[str, Any]] = (), **more: Any) -> Trace:
    """16 pages of 16 bytes, pages 0 to 3 in frames 8 to 11 unless said otherwise."""
    entries = list(tables) or [{"vpn": page, "frame": 8 + page} for page in range(4)]
    raw = {"virtual_bits": 8, "physical_bits": 8, "page_bits": 4, "levels": [2, 2], "tables": entries}
    return run(
        make(Paged, {**raw, "accesses": list(accesses), "costs": {"memory": 100, "tlb": 10, "fault": 9000}, **more})
    )


def pages(*numbers: int, **tlb: Any) -> Trace:
    """Accesses to these pages through a TLB."""
    return paged(*(16 * number for number in numbers), tlb={"entries": 2, **tlb})


def asked(trace: Trace, measure: str) -> Any:
    return SIMULATOR.measure(measure).of(trace)


def mistaken(id_: str, trace: Trace, measure: str) -> Any:
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](trace)
    return asked(run(mistake.rule(trace.scenario)), measure)


@st.composite
def scenarios(draw: st.DrawFn, mapped: bool = False) -> Paged:
    """Small machines: `levels 2 1, page 3 → frame 1 without u, A0 write 0x1a in kernel mode, TLB of 2`."""
    levels = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    page_bits, frame_bits = draw(st.integers(1, 4)), 4
    room = 1 << sum(levels)
    page, space = st.integers(0, room - 1), st.integers(0, 1)
    every = [(where, number) for where in range(2) for number in range(room)]
    present = every if mapped else sorted(draw(st.sets(st.tuples(space, page), max_size=12)))
    frame = st.integers(0, 15) if mapped else st.none() | st.integers(0, 15)
    flags = st.just("rwxu") if mapped else st.sampled_from(("rwxu", "rwx", "rxu", "r", "-"))
    tables = [{"space": where, "vpn": vpn, "frame": draw(frame), "flags": draw(flags)} for where, vpn in present]
    past = 0 if mapped else 2
    access = st.fixed_dictionaries(
        {
            "address": st.integers(0, (room << page_bits) - 1 + past),
            "kind": st.sampled_from(("read", "write", "execute")),
            "mode": st.sampled_from(("user", "kernel")),
            "space": space,
        }
    )
    ways = draw(st.sampled_from((1, 2, None)))
    tlb = {
        "entries": draw(st.sampled_from((2, 4))),
        "ways": ways,
        "policy": draw(st.sampled_from(("lru", "fifo"))),
        "tagged": draw(st.booleans()),
    }
    raw = {"virtual_bits": sum(levels) + page_bits, "physical_bits": frame_bits + page_bits, "page_bits": page_bits}
    costs = {"memory": draw(st.integers(0, 50)), "tlb": draw(st.integers(0, 9)), "fault": draw(st.integers(0, 999))}
    accesses = draw(st.lists(access, min_size=1, max_size=12))
    more = {"tlb": draw(st.sampled_from((None, tlb))), "costs": costs, "accesses": accesses}
    return make(Paged, {**raw, "levels": levels, "tables": tables, **more})


def shape(scenario: Paged) -> dict[str, Any]:
    raw = plain(scenario)
    assert isinstance(raw, dict)
    return raw
