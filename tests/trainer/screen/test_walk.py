"""Claims about walking through a trace, and about the page that shows a place in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.quiz.judge import judge, read
from trainer.screen.walk import page, walk_of
from trainer.view.drawing import Frame, text_of, width_of


@pytest.fixture
def walk(disk_question):
    """The walk after the answer 640, which is FCFS instead of SSTF: the first movement differs."""
    return walk_of(disk_question, judge(disk_question, read(disk_question, "640")))


@pytest.mark.rule
def test_it_begins_before_the_first_event_and_stays_inside_the_trace(walk):
    assert walk.at == 0
    assert walk.moved("back").at == 0
    assert walk.moved("forward").at == 1
    assert walk.moved("last").at == walk.last == 8
    assert walk.moved("last").moved("forward").at == 8
    assert walk.moved("last").moved("first").at == 0
    assert walk.moved("nonsense") == walk


@pytest.mark.rule
def test_it_goes_to_the_event_where_the_traces_differ(walk):
    assert walk.moved("parts").at == 1


@pytest.mark.rule
def test_it_switches_to_the_mistaken_trace_and_back_at_the_same_place(walk):
    there = walk.to(3).moved("switch")
    assert (there.at, there.mistaken) == (3, True)
    assert there.shown is walk.other
    assert there.moved("switch") == walk.to(3)


@pytest.mark.rule
def test_without_a_mistake_there_is_nothing_to_switch_to(disk_question):
    walk = walk_of(disk_question, judge(disk_question, read(disk_question, "236")))
    assert walk.moved("switch") == walk
    assert walk.moved("parts") == walk


@pytest.mark.rule
def test_an_authored_question_has_no_walk(choice_question):
    assert walk_of(choice_question, None) is None


@pytest.mark.rule
def test_a_wrong_element_leads_to_the_event_that_settles_it(order_question):
    verdict = judge(order_question, read(order_question, "65 67 98 37 14 122 124 183"))
    assert walk_of(order_question, verdict).parts == 3


@pytest.mark.rule
def test_the_page_has_title_and_place_picture_sentence_and_keys(walk):
    rows = text_of(page(walk.to(1), Frame(80), 24)).split("\n")
    assert rows[0] == "Head movement under SSTF" + " " * 45 + "step 1 of 8".rjust(11)
    assert rows[1] == "─" * 80
    assert rows[-5] == "─" * 80
    assert rows[-4] == "At 0 the arm moves 53 → 65, to serve 65: 12."
    assert rows[-3] == "Here the mistaken way parts from the true one."
    assert rows[-1] == "→ forward  ← back  m mistaken  d parting  [home] first  [end] last  q leave"


@pytest.mark.rule
def test_the_mistaken_trace_says_that_it_is(walk):
    told = text_of(page(walk.moved("switch"), Frame(80), 24))
    assert "✗ Not so: requests are served in order of arrival." in told


@pytest.mark.law
@given(st.data(), st.sampled_from([30, 40, 50, 80, 120]), st.integers(8, 40), st.booleans(), st.integers(0, 9))
def test_a_page_fills_the_window_exactly(data, width, height, simple, at):
    """A page might be 40 columns by 12 lines, at the third event of the mistaken trace."""
    walk = data.draw(st.sampled_from(WALKS)).to(at)
    drawing = page(walk, Frame(width, simple), height)
    assert len(drawing) == height
    assert width_of(drawing) <= width
    assert not simple or text_of(drawing).isascii()


@pytest.mark.rule
def test_a_tall_picture_is_shown_around_the_marked_line(walk):
    drawing = page(walk.to(7), Frame(80), 12)
    assert any(span.style == "mark" for row in drawing for span in row)


@pytest.mark.rule
def test_both_ways_stand_one_below_the_other_up_to_the_same_step_where_there_is_room(walk):
    """SSTF goes 53 → 65 → 67, FCFS 53 → 98 → 183: two movements of each."""
    rows = text_of(page(walk.to(2), Frame(80), 40)).split("\n")
    mistaken = next(n for n, row in enumerate(rows) if row.startswith("✗ If requests are served in order of arrival:"))
    assert "65" in " ".join(rows[:mistaken])
    assert "183" not in " ".join(rows[:mistaken])
    assert "183" in " ".join(rows[mistaken:])
    assert "37" not in " ".join(rows[mistaken:])
    there = text_of(page(walk.to(2).moved("switch"), Frame(80), 40))
    assert there.index("183") < there.index("The true way:") < there.index("67")


@pytest.mark.rule
def test_a_low_window_shows_one_way_alone(walk):
    assert "✗ If" not in text_of(page(walk.to(8), Frame(80), 16))


WALKS: list = []


@pytest.fixture(autouse=True)
def _walks(walk):
    WALKS[:] = [walk, walk._replace(mistaken=True)]
