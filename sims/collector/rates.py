"""How often does a collector run, and how long does the program stand still?

Between two collections the program allocates what is free, heap − live, at its rate. A collection marks the live data
and sweeps the whole heap. `time` is time in which the program computes; pauses come on top.

Source: Jones, Hosking, Moss, The Garbage Collection Handbook, 2nd ed., ch. 2.
"""

from fractions import Fraction
from typing import NamedTuple

from sims.collector.scenario import Scenario
from sims.declare import Limit, NoAnswer

COLLECTIONS = 100_000


class Collection(NamedTuple):
    """One collection."""

    kind: str  # collect | minor
    start: Fraction  # ms, pauses included
    end: Fraction
    before: Fraction  # MB in use
    after: Fraction


def free(scenario: Scenario) -> Fraction:
    """MB that can be allocated between two collections. Raises NoAnswer where there is nothing."""
    assert scenario.heap is not None
    live = Fraction(0) if scenario.misrule == "live-forgotten" else scenario.live
    if scenario.live >= scenario.heap:
        raise NoAnswer("the live data does not fit: out of memory")
    return scenario.heap - live


def rate(scenario: Scenario) -> Fraction:
    """The allocation rate."""
    assert scenario.allocation_rate is not None
    return scenario.allocation_rate


def pause(scenario: Scenario) -> Fraction:
    """ms of one full collection: mark_cost × live + sweep_cost × heap."""
    assert scenario.heap is not None
    marked = {"mark-heap": scenario.heap, "live-not-marked": Fraction(0)}.get(scenario.misrule, scenario.live)
    swept = Fraction(0) if scenario.misrule == "no-sweep" else scenario.heap
    return scenario.mark_cost * marked + scenario.sweep_cost * swept


def collection_count(scenario: Scenario) -> int:
    """Full collections of mark-sweep in `time`, or minor collections of generational. Rounded down."""
    assert scenario.time is not None
    if scenario.kind == "mark-sweep":
        return int(scenario.time * rate(scenario) / free(scenario))
    assert scenario.nursery is not None
    return int(scenario.time * rate(scenario) / scenario.nursery)


def rate_events(scenario: Scenario) -> tuple[Collection, ...]:
    """Every collection, in order. Raises Limit. None where the live data does not fit."""
    try:
        count = collection_count(scenario)
        room = free(scenario)
    except NoAnswer:
        return ()
    if count > COLLECTIONS:
        raise Limit(f"{count} collections; at most {COLLECTIONS} are simulated")
    return tuple(_fulls(scenario, count, room) if scenario.kind == "mark-sweep" else _minors(scenario, count))


def _fulls(scenario: Scenario, count: int, room: Fraction) -> list[Collection]:
    assert scenario.heap is not None
    length, apart = pause(scenario), room / rate(scenario)
    starts = [n * (apart + length) + apart for n in range(count)]
    return [Collection("collect", start, start + length, scenario.heap, scenario.live) for start in starts]


def _minors(scenario: Scenario, count: int) -> list[Collection]:
    assert scenario.nursery is not None
    apart = scenario.nursery / rate(scenario)
    kept = scenario.survival * scenario.nursery
    return [Collection("minor", n * apart, n * apart, scenario.nursery, kept) for n in range(1, count + 1)]
