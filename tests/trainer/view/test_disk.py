"""Is the arm's way drawn truly, at every width?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.disk import SIMULATOR, Request, Scenario, run
from trainer.view import disk
from trainer.view.drawing import Frame, text_of, width_of

NOTHING: frozenset[str] = frozenset()


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Disks of every size: `look, 1000000 cylinders, head 7, requests 3 and 999999 at 12`."""
    cylinders = draw(st.sampled_from((1, 2, 200, 1_000_000)))
    place = st.integers(0, cylinders - 1)
    asked = st.builds(Request, cylinder=place, arrival=st.sampled_from((0, 0, 12, 1_000_000)))
    return Scenario(
        policy=draw(st.sampled_from(("fcfs", "sstf", "scan", "c-scan", "look", "c-look"))),
        cylinders=cylinders,
        head=draw(place),
        direction=draw(st.sampled_from(("up", "down"))),
        requests=tuple(draw(st.lists(asked, min_size=1, max_size=9))),
    )


@given(scenarios(), st.integers(30, 100), st.booleans())
def test_nothing_is_wider_than_the_frame_and_ascii_stays_ascii(scenario: Scenario, width: int, ascii_: bool) -> None:
    frame = Frame(width=width, ascii=ascii_)
    trace = run(scenario)
    drawings = [disk.given(scenario, frame, NOTHING)]
    drawings += [disk.draw(trace, frame, upto) for upto in (None, *range(len(trace.events) + 1))]
    for drawing in drawings:
        assert width_of(drawing) <= width
        assert not ascii_ or text_of(drawing).isascii()


def test_the_way_of_look_is_drawn_beside_the_numbers() -> None:
    # 53 → 98 → 14 on 100 cylinders; the scale has 22 columns, cylinder c stands in column c * 21 // 99
    raw = {"policy": "look", "cylinders": 100, "head": 53, "requests": [98, 14]}
    trace = run(SIMULATOR.scenario(raw))
    assert text_of(disk.draw(trace, Frame(width=55), 2)) == "\n".join(
        [
            "  move   time  from  to  moved",
            "  serve     0    53  98     45" + " " * 2 + " " * 11 + "─" * 9 + "▶",
            "▸ serve    45    98  14     84" + " " * 2 + " " * 2 + "◀" + "─" * 18,
        ]
    )
    narrow = text_of(disk.draw(trace, Frame(width=40, ascii=True), 1))
    assert narrow == "  move   time  from  to  moved\n> serve     0    53  98     45"


@pytest.mark.parametrize("field", ["policy", "head", "direction", "requests"])
def test_a_hidden_field_is_not_given(field: str) -> None:
    raw = {"policy": "look", "cylinders": 1000, "head": 531, "direction": "down", "requests": [977]}
    text = text_of(disk.given(SIMULATOR.scenario(raw), Frame(), frozenset({field})))
    told = {"policy": "look", "head": "531", "direction": "down", "requests": "977"}
    assert told[field] not in text
    assert all(word in text for name, word in told.items() if name != field)
