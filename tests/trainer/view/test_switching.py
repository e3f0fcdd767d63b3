"""Are many threads drawn truly, at every width?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.switching import SIMULATOR, Trace, run
from trainer.view import switching
from trainer.view.drawing import Frame, text_of, width_of

NOTHING: frozenset[str] = frozenset()


def ran(**raw: Any) -> Trace:
    return run(SIMULATOR.scenario(raw))


@given(
    st.sampled_from((1, 3, 40, 300)),
    st.sampled_from((1, 2, 64, 1024)),
    st.sampled_from((1, 4, 10_000_000)),
    st.sampled_from((0, 1, 10_000_000)),
    st.sampled_from(("kernel", "green")),
    st.integers(30, 100),
    st.booleans(),
)
def test_nothing_is_wider_than_the_frame_and_ascii_stays_ascii(
    threads: int, cores: int, work: int, cost: int, runtime: str, width: int, ascii_: bool
) -> None:
    frame = Frame(width=width, ascii=ascii_)
    trace = ran(threads=threads, cores=cores, work=work, quantum=max(1, work // 2), switch_cost=cost, runtime=runtime)
    drawings = [switching.given(trace.scenario, frame, NOTHING)]
    drawings += [switching.draw(trace, frame, upto) for upto in (None, *range(min(len(trace.events), 30) + 1))]
    for drawing in drawings:
        assert width_of(drawing) <= width
        assert not ascii_ or text_of(drawing).isascii()


def test_three_threads_on_one_core_are_a_lane_with_the_switches_in_it() -> None:
    # slices 0–2, 3–5, 6–8, 9–11, 12–14, 15–17 with a switch of one tick before each but the first
    trace = ran(threads=3, cores=1, work=4, quantum=2, switch_cost=1)
    expected = ["core   0 11▒22▒33▒11▒22▒33", "one column a tick; ▒ a switch, · idle"]
    assert text_of(switching.draw(trace, Frame(width=40))) == "\n".join(expected)
    plainer = ["core   0 11:22", "one column a tick; : a switch, . idle"]
    assert text_of(switching.draw(trace, Frame(width=40, ascii=True), 2)) == "\n".join(plainer)


def test_an_idle_core_is_dotted() -> None:
    trace = ran(threads=3, cores=2, work=2, quantum=2, switch_cost=0)
    expected = ["core   0 1133", "core   1 22··", "one column a tick; · idle"]
    assert text_of(switching.draw(trace, Frame(width=40))) == "\n".join(expected)


def test_ten_thousand_threads_are_bars_and_the_first_slices() -> None:
    # each core: 2500 slices of 3000 and 2499 switches of 5, of which the bar shows 54 columns
    trace = ran(threads=10_000, cores=4, work=3000, quantum=3000, switch_cost=5)
    rows = text_of(switching.draw(trace, Frame(width=80))).split("\n")
    assert rows[0] == "core 0   " + "█" * 53 + "▒" + "  99.83 %"
    assert rows[5].split() == ["1", "0", "0", "0", "3000"]
    assert rows[-1] == "and 9976 slices more"


@pytest.mark.parametrize("field", ["threads", "cores", "work", "quantum", "switch_cost", "stack_kib", "runnable_share"])
def test_a_hidden_field_is_not_given(field: str) -> None:
    trace = ran(threads=44, cores=3, work=77, quantum=22, switch_cost=9, stack_kib=555, runnable_share="1/11")
    text = text_of(switching.given(trace.scenario, Frame(), frozenset({field})))
    told = {"threads": "44 threads", "cores": "3 cores", "work": "77 ticks", "quantum": "quantum 22",
            "switch_cost": "costs 9", "stack_kib": "555", "runnable_share": "1/11"}  # fmt: skip
    assert told[field] not in text.replace("\n", " ")
    assert all(word in text.replace("\n", " ") for name, word in told.items() if name != field)
