"""Is an interleaving legible, however wide the terminal and whatever it can show?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid
from sims.threads import SIMULATOR, run
from tests.sims.deadlock_cases import seeded
from tests.sims.threads_cases import blocking, straight
from trainer.view import threads as view
from trainer.view.drawing import Frame, text_of, width_of

FRAMES = [Frame(width=width, ascii=ascii_) for width in (80, 40, 30) for ascii_ in (False, True)]
NOTHING: frozenset[str] = frozenset()


def example(name):
    return SIMULATOR.scenario(next(one for one in SIMULATOR.examples if one.name == name).scenario)


# By hand: both load 0 before either stores; each stores 1.
LOST = """\
  T1           T2           x
  load r x: 0               0
               load r x: 0  0
  store x r+1               1
               store x r+1  1
All threads are done: x = 1."""

GIVEN = """\
At the start x = 0. Registers hold 0.
  T1           T2
  lock m       load r x
  load r x     store x r+1
  store x r+1
  unlock m"""

# By hand: T2 signals when nobody sleeps; T1 falls asleep afterwards.
STUCK_40 = """\
  T1        T2        ready
            lock m        0
            signal c      0
            unlock m      0
  lock m                  0
> wait c m                0
    gives m back, sleeps on c"""


@pytest.mark.textbook("ostep 26.3, figure 26.7: two threads lose an update")
def test_a_lost_update_stands_in_two_columns_with_the_variable_beside():
    trace = run(example("lost-update"))
    assert text_of(view.draw(trace, Frame(width=80))) == LOST
    assert text_of(view.draw(trace, Frame(width=40, ascii=True))) == LOST


@pytest.mark.rule
def test_a_deadlock_is_told_and_the_last_step_shown_is_marked():
    trace = run(example("lost-signal"))
    assert text_of(view.draw(trace, Frame(width=40, ascii=True), 5)) == STUCK_40
    last = view.draw(trace, Frame(width=40))[-1]
    assert last[0].text == "Nobody can go on: T1 waits for ever."
    assert last[0].style == "wrong"


@pytest.mark.rule
def test_where_columns_find_no_room_the_name_stands_before_each_step():
    trace = run(example("lost-update"))
    assert text_of(view.draw(trace, Frame(width=24))).splitlines()[0].split() == ["step", "x"]
    drawn = text_of(view.draw(run(example("if-around-wait")), Frame(width=40)))
    assert "C1 wait c m" in drawn


@pytest.mark.rule
def test_programs_stand_side_by_side_and_equal_ones_once():
    assert text_of(view.given(example("lock-on-one-side"), Frame(width=80), NOTHING)) == GIVEN
    assert "T1, T2" in text_of(view.given(example("lost-update"), Frame(width=80), NOTHING))


@pytest.mark.rule
def test_hidden_fields_are_not_shown():
    told = text_of(view.given(example("lost-update"), Frame(width=80), frozenset({"shared", "threads"})))
    assert told == "Registers hold 0."


@given(st.one_of(straight(), blocking()), st.sampled_from(FRAMES))
@pytest.mark.law
def test_no_drawing_is_wider_than_its_frame_or_beyond_ascii(scenario, frame):
    _fits(scenario, frame)


@given(st.sampled_from(SIMULATOR.recipes), st.integers(0, 200), st.sampled_from(FRAMES))
@pytest.mark.law
def test_what_the_recipes_draw_fits(recipe, seed, frame):
    try:
        _fits(recipe.make(recipe.parameters(), seeded(seed)), frame)
    except Invalid:
        return


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
