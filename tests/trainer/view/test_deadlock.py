"""Is a deadlock legible, however wide the terminal and whatever it can show?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.deadlock import SIMULATOR, run
from tests.sims.deadlock_cases import bankers, detections, drawn, graphs, lock_orders, wait_fors
from trainer.view import deadlock as view
from trainer.view.drawing import Frame, text_of, width_of

FRAMES = [Frame(width=width, ascii=ascii_) for width in (80, 40, 30) for ascii_ in (False, True)]
NOTHING: frozenset[str] = frozenset()


def example(name):
    return SIMULATOR.scenario(next(one for one in SIMULATOR.examples if one.name == name).scenario)


# By hand from the textbook's sequence: what is free grows by the allocation of each that finishes.
BANKER_80 = """\
  process    wants      free  fits  free then
  P1       (1 2 2)   (3 3 2)   yes    (5 3 2)
  P3       (0 1 1)   (5 3 2)   yes    (7 4 3)
  P0       (7 4 3)   (7 4 3)   yes    (7 5 3)
  P2       (6 0 0)   (7 5 3)   yes   (10 5 5)
  P4       (4 3 1)  (10 5 5)   yes   (10 5 7)"""

BANKER_40 = """\
  process  wants   free   then
  P1       1 2 2  3 3 2  5 3 2
> P3       0 1 1  5 3 2  7 4 3"""

RING_80 = """\
╭▸ T1 ─wants B─▶ T2
│  T2 ─wants C─▶ T3
╰─ T3 ─wants A─▶ T1
   T4 ─wants A─▶ T1
There is a cycle: T1 → T2 → T3 → T1."""

RING_ASCII = """\
,> T1 -wants B-> T2
|  T2 -wants C-> T3
`- T3 -wants A-> T1
   T4 -wants A-> T1
There is a cycle: T1 -> T2 -> T3 -> T1."""

REFUSED_80 = """\
P4: request (3 3 0) ≤ need (4 3 1): yes
P4: request (3 3 0) ≰ available (2 3 0): no"""


@pytest.mark.textbook("silberschatz-10 8.6.3.3")
def test_the_bankers_table_stands_row_by_row():
    trace = run(example("silberschatz"))
    assert text_of(view.draw(trace, Frame(width=80))) == BANKER_80
    assert text_of(view.draw(trace, Frame(width=40, ascii=True), 2)) == BANKER_40


@pytest.mark.rule
def test_the_cycle_is_bracketed_and_in_a_style_of_its_own():
    trace = run(example("wait-for"))
    drawing = view.draw(trace, Frame(width=80))
    assert text_of(drawing) == RING_80
    assert [one[0].style for one in drawing] == ["wrong", "wrong", "wrong", "", "wrong"]
    assert text_of(view.draw(trace, Frame(width=40, ascii=True))) == RING_ASCII


@pytest.mark.textbook("silberschatz-10 8.6.3.3")
def test_a_request_is_drawn_as_its_checks():
    fields = {"available": [2, 3, 0], "allocation": [[0, 1, 0], [3, 0, 2], [3, 0, 2], [2, 1, 1], [0, 0, 2]]}
    claims = [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]]
    asked = {"kind": "banker", **fields, "max": claims, "request": {"process": "P4", "amounts": [3, 3, 0]}}
    assert text_of(view.draw(run(SIMULATOR.scenario(asked)), Frame(width=80))) == REFUSED_80


@pytest.mark.rule
def test_the_cycle_is_not_given_away_before_it_is_told():
    trace = run(example("wait-for"))
    assert "╭" not in text_of(view.draw(trace, Frame(width=80), len(trace.events) - 1))


@pytest.mark.rule
def test_hidden_fields_are_not_shown():
    scenario = example("silberschatz")
    told = text_of(view.given(scenario, Frame(width=80), frozenset({"available", "max"})))
    assert "available" not in told
    assert "max" not in told
    assert "allocation" in told
    assert view.given(example("prevention"), Frame(width=80), frozenset({"change"})) == ()


@given(st.one_of(bankers(), detections(), wait_fors(), graphs(), lock_orders()), st.sampled_from(FRAMES))
@pytest.mark.law
def test_no_drawing_is_wider_than_its_frame_or_beyond_ascii(scenario, frame):
    _fits(scenario, frame)


@given(st.sampled_from([recipe.name for recipe in SIMULATOR.recipes]), st.integers(0, 500), st.sampled_from(FRAMES))
@pytest.mark.law
def test_what_the_recipes_draw_fits(recipe, seed, frame):
    _fits(drawn(recipe, seed), frame)


@pytest.mark.rule
@pytest.mark.parametrize("one", SIMULATOR.examples, ids=lambda one: one.name)
def test_every_example_fits_every_frame(one):
    for frame in FRAMES:
        _fits(SIMULATOR.scenario(one.scenario), frame)


def _fits(scenario, frame):
    trace = run(scenario)
    told = view.given(scenario, frame, NOTHING)
    for upto in (None, *range(len(trace.events) + 1)):
        drawing = told + view.draw(trace, frame, upto)
        assert width_of(drawing) <= frame.width
        assert not frame.ascii or text_of(drawing).isascii()
