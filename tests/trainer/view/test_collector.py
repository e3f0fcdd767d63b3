"""Are objects and pauses drawn truly, at every width?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.collector import SIMULATOR, Trace, run
from trainer.view import collector
from trainer.view.drawing import Frame, text_of, width_of

NOTHING: frozenset[str] = frozenset()
CYCLE = [{"name": "a", "refs": ["b"]}, {"name": "b", "refs": ["a", "c"]}, {"name": "c"}, {"name": "d"}]
RATES = {"kind": "mark-sweep", "allocation_rate": 1, "heap": 1000, "live": 600, "mark_cost": "1/10",
         "sweep_cost": "1/50", "time": 4000}  # fmt: skip


def ran(**raw: Any) -> Trace:
    return run(SIMULATOR.scenario(raw))


@pytest.mark.parametrize(
    "raw",
    [
        {"kind": "reference-counting", "objects": CYCLE, "roots": ["a", "d"], "mutations": ["drop a", "new long-name-of-16c", "drop d"]},
        {"kind": "generational", "nursery": 4, "heap": 5, "mutations": ["new a", "new b", "link a b", "drop b", "minor", "drop a", "new c"]},
        RATES,
        {**RATES, "time": "100000", "mark_cost": "1/3"},
        {**RATES, "live": 1000},
        {**RATES, "kind": "generational", "nursery": "50/7", "survival": "1/9"},
    ],
)  # fmt: skip
@given(st.integers(30, 100), st.booleans())
def test_nothing_is_wider_than_the_frame_and_ascii_stays_ascii(raw: dict[str, Any], width: int, ascii_: bool) -> None:
    frame = Frame(width=width, ascii=ascii_)
    trace = ran(**raw)
    drawings = [collector.given(trace.scenario, frame, NOTHING)]
    drawings += [collector.draw(trace, frame, upto) for upto in (None, *range(min(len(trace.events), 8) + 1))]
    for drawing in drawings:
        assert width_of(drawing) <= width
        assert not ascii_ or text_of(drawing).isascii()


def test_the_leaked_cycle_stands_there_unreachable() -> None:
    # a and b refer to each other, b to c; both variables are gone, d was freed at once
    trace = ran(kind="reference-counting", objects=CYCLE, roots=["a", "d"], mutations=["drop a", "drop d"])
    expected = ["a → b  not reachable", "b → a c  not reachable", "c  not reachable", "freed: d"]
    assert text_of(collector.draw(trace, Frame(width=40))) == "\n".join(expected)
    first = ["a > b  held", "b > a c", "c", "d  held", "freed: none", "> At the start nothing is freed."]
    assert text_of(collector.draw(trace, Frame(width=40, ascii=True), 1)) == "\n".join(first)


def test_pauses_stand_on_the_line_of_time() -> None:
    # two collections of 80 ms after 400 ms of computing each: 0–400, 400–480, 480–880, 880–960; 48 columns of 20 ms
    trace = ran(**{**RATES, "time": 800})
    expected = [
        " " + "─" * 20 + "█" * 4 + "─" * 20 + "█" * 4,
        "0 to 960 ms, pauses █",
        "     from ms  to ms  MB before  after",
        "  1      400    480       1000    600",
        "  2      880    960       1000    600",
    ]
    assert text_of(collector.draw(trace, Frame(width=50))) == "\n".join(expected)


@pytest.mark.parametrize("field", ["kind", "objects", "roots", "mutations"])
def test_a_hidden_field_is_not_given(field: str) -> None:
    raw: dict[str, Any] = {"kind": "mark-sweep", "objects": [{"name": "xx", "refs": ["yy"]}, {"name": "yy"}]}
    trace = ran(**raw, roots=["xx"], mutations=["new zz"])
    text = text_of(collector.given(trace.scenario, Frame(), frozenset({field})))
    told = {"kind": "mark-sweep", "objects": "xx → yy", "roots": "held by variables: xx", "mutations": "new zz"}
    assert told[field] not in text
    assert all(word in text for name, word in told.items() if name != field)


@pytest.mark.parametrize("field", ["live", "heap", "allocation_rate", "mark_cost", "sweep_cost", "time"])
def test_a_hidden_rate_is_not_given(field: str) -> None:
    text = text_of(collector.given(ran(**RATES).scenario, Frame(), frozenset({field})))
    told = {"live": "live", "heap": "heap", "allocation_rate": "allocates", "mark_cost": "marking",
            "sweep_cost": "sweeping", "time": "computes"}  # fmt: skip
    assert told[field] not in text
    assert all(word in text for name, word in told.items() if name != field)
