"""Claims about what a learner sees after an answer."""

from functools import partial

import pytest

from sims.declare import Step
from trainer.bank.load import builtin, load
from trainer.model import Misconception, Option, replace
from trainer.quiz.answers.number import NumberAnswer
from trainer.quiz.answers.vector import VectorAnswer
from trainer.quiz.draw import draw
from trainer.quiz.judge import judge, read
from trainer.screen.verdict import fitted, given_up_drawing, verdict_blocks, verdict_drawing
from trainer.view.drawing import Frame, text_of, width_of
from trainer.view.listed import drawn

WIDTHS = (30, 40, 50, 80, 120)


def said(question, text, frame=None):
    response = read(question, text)
    return text_of(verdict_drawing(question, response, judge(question, response), frame or Frame()))


@pytest.mark.rule
def test_a_right_answer_is_said_in_one_line(disk_question):
    assert said(disk_question, "236") == "✓ Right: 236"


@pytest.mark.textbook("silberschatz-10 11.2")
def test_a_mistake_is_named_with_the_answer_that_it_gives(disk_question):
    rows = said(disk_question, "640").split("\n")
    assert rows[:3] == [
        "✗ Not quite: 236",
        "",
        "  640 is what you get if requests are served in order of arrival. That is FCFS.",
    ]
    assert rows[3:6] == [
        "  The two ways part at step 1:",
        "  right  At 0 the arm moves 53 → 65, to serve 65: 12.",
        "  other  At 0 the arm moves 53 → 98, to serve 98: 45.",
    ]


@pytest.mark.rule
def test_the_picture_and_the_worked_solution_follow(disk_question):
    told = said(disk_question, "640")
    assert text_of(drawn("disk", disk_question.trace, Frame())) in told
    assert "Together 236." in told


@pytest.mark.rule
def test_the_run_under_the_mistaken_rule_stands_below_the_true_one(disk_question):
    told = said(disk_question, "640")
    assert told.index("53   65     12") < told.index("✗ The run in that case:") < told.index("53   98     45")
    assert "in that case" not in said(disk_question, "236") + said(disk_question, "9")


@pytest.mark.rule
def test_an_answer_that_fits_nothing_claims_nothing(disk_question):
    told = said(disk_question, "5")
    assert told.startswith(f"✗ Not quite: 236\n\n{text_of(drawn('disk', disk_question.trace, Frame()))}")
    assert "what you get if" not in told


@pytest.mark.rule
def test_both_answers_of_a_sequence_stand_one_under_the_other(order_question):
    assert said(order_question, "65 67 98 37 14 122 124 183").split("\n")[:5] == [
        "✗ Not quite.",
        "  right  65  67  37  14  98  122  124  183",
        "  yours  65  67  98  37  14  122  124  183",
        "",
        "  First difference: element 3: 37, not 98",
    ]


@pytest.mark.rule
def test_hits_and_misses_stand_one_under_the_other(hits_question):
    assert said(hits_question, "MMHHM").split("\n")[:3] == [
        "✗ Not quite.",
        "  right  M  M  M  H  M",
        "  yours  M  M  H  H  M",
    ]


@pytest.fixture
def waiting_question(hits_question):
    """Waiting times by process: right 7 5 5, and the response times 0 1 2, of the sketch."""
    first = Misconception(
        "waiting-from-first-run",
        {"P1": 0, "P2": 1, "P3": 2},
        "you stop counting when a process first runs",
        "That is its response time.",
    )
    other = Misconception(
        "other-tie-rule",
        {"P1": 5, "P2": 5, "P3": 6},
        "the preempted process is queued first",
        "Both rules are in use.",
        convention=True,
    )
    return replace(
        hits_question,
        simulator="disk",
        conventions=("An arrival is queued before the process whose quantum ended.",),
        answer=VectorAnswer(("P1", "P2", "P3"), NumberAnswer("ticks")),
        right={"P1": 7, "P2": 5, "P3": 5},
        mistakes=(first, other),
    )


@pytest.mark.rule
def test_values_by_name_stand_under_their_names(waiting_question):
    assert said(waiting_question, "0 1 2").split("\n")[:6] == [
        "✗ Not quite.",
        "         P1  P2  P3",
        "  right   7   5   5",
        "  yours   0   1   2",
        "",
        "  0 1 2 is what you get if you stop counting when a process first runs. That is",
    ]


@pytest.mark.rule
def test_plain_says_answer_and_yours_by_name(waiting_question):
    told = said(waiting_question, "0 1 2", Frame(40, plain=True)).split("\n")
    assert told[:2] == ["[wrong] Answer: P1=7 P2=5 P3=5", "Yours: P1=0 P2=1 P3=2"]


@pytest.mark.rule
def test_an_answer_right_under_another_rule_is_told_the_rule_of_this_question(waiting_question):
    told = said(waiting_question, "5 5 6")
    assert "5 5 6 is right under the other rule, where the preempted process is queued first." in told.replace(
        "\n  ", " "
    )
    assert "This question states: An arrival is queued before the process whose quantum ended." in told.replace(
        "\n  ", " "
    )


@pytest.mark.rule
def test_every_option_is_marked_in_words_and_has_its_reason(choice_question):
    assert (
        said(choice_question, "3", Frame(60))
        == """\
✗ Not quite: 2. It runs another thread, or idles if none is
ready.

  1. It checks the socket in a loop until data arrives.
     That is polling.
✓ 2. It runs another thread, or idles if none is ready.
     The thread left the run queue.
✗ 3. It waits, and cannot be used until data arrives.
     The thread sleeps; the core does not.

The interrupt that brings the data makes the thread ready
again."""
    )


@pytest.mark.rule
def test_plain_marks_options_with_words(choice_question):
    told = said(choice_question, "3", Frame(plain=True))
    assert "Not right: 1. It checks" in told
    assert "Right: 2. It runs" in told
    assert "Yours: 3. It waits" in told


@pytest.mark.rule
def test_items_to_order_are_shown_in_the_right_order(ordering_question):
    told = said(ordering_question, "1 2 3")
    assert told.index("3. run") < told.index("2. sleep") < told.index("1. wake")


@pytest.mark.rule
def test_giving_up_shows_the_answer_and_the_way_to_it(disk_question):
    told = text_of(given_up_drawing(disk_question, Frame()))
    assert told.startswith("The answer: 236\n")
    assert "Together 236." in told


@pytest.mark.rule
def test_a_fraction_is_also_shown_as_a_decimal(disk_question):
    from fractions import Fraction

    question = replace(disk_question, right=Fraction(16, 3), answer=NumberAnswer("ticks", exact=False))
    assert said(question, "5").startswith("✗ Not quite: 16/3 (5.33)")


@pytest.mark.rule
def test_escape_sequences_in_an_answer_are_shown_not_obeyed(short_question, printed):
    response = read(short_question, "\x1b[2Jwiped")
    shown = printed(partial(verdict_drawing, short_question, response, judge(short_question, response)), plain=True)
    assert r"Yours: \x1b[2Jwiped" in shown


@pytest.mark.law
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("simple", [False, True])
@pytest.mark.parametrize("plain", [False, True])
def test_no_verdict_is_wider_than_the_frame_and_ascii_is_ascii(
    disk_question, order_question, choice_question, waiting_question, hits_question, width, simple, plain
):
    answers = [(disk_question, "640"), (order_question, "1 2"), (choice_question, "1"), (hits_question, "MMMMM")]
    for question, text in answers:
        response = read(question, text)
        drawing = verdict_drawing(question, response, judge(question, response), Frame(width, simple, plain))
        assert width_of(drawing) <= width, text_of(drawing)
        assert not simple or text_of(drawing).isascii()


@pytest.mark.rule
def test_a_long_solution_shows_its_beginning_the_parting_step_and_its_end(order_question):
    long = replace(order_question, steps=tuple(Step(f"step {n}", "the rule") for n in range(20)))
    rows = [row.strip() for row in said(long, "1 2").split("\n")]
    told = [row for row in rows if row.startswith(("step", "…"))]
    assert told == ["step 0", "step 1", "step 2", "…", "step 18", "step 19"]


@pytest.mark.rule
def test_an_option_with_control_characters_is_cleaned(choice_question):
    evil = replace(choice_question, options=(Option("a\x1bb", why="c\u200bd"), *choice_question.options[1:]))
    told = said(evil, "1")
    assert r"a\x1bb" in told
    assert r"c\u200bd" in told


@pytest.mark.rule
@pytest.mark.parametrize(
    ("room", "seen", "unseen"), [(12, ["core  │"], ["turnaround", "▸ P"]), (17, ["core  │", "▸ P"], ["turnaround"])]
)
def test_a_low_window_spares_the_table_then_the_solution_and_the_chart_last(room, seen, unseen):
    """Four lines of head, three of diagnosis, three of chart, four of solution, five of table, empty lines between."""
    bank, _ = load((builtin(),))
    question = draw(bank.skill("round-robin.waiting"), 1, 1)
    mistake = next(one for one in question.mistakes if one.id == "waiting-from-first-run")
    response = read(question, question.answer.write(mistake.value))
    shown, left = fitted(verdict_blocks(question, response, judge(question, response), Frame()), room)
    assert len(shown) <= room
    assert [word for word in seen if word not in text_of(shown)] == []
    assert [word for word in unseen if word in text_of(shown) or word not in text_of(left)] == []
