"""Forms: the same declarations, asked both ways. Each answer is found again here from the definition."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from sims.listed import simulator
from tests.trainer.quiz.test_draw import skill
from trainer.bank.load import builtin, load
from trainer.model import Question, Simulated, Skill
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.judge import judge, read

DISK = simulator("disk")
POLICIES = "fcfs | sstf | scan | look"
seeds = st.integers(0, 2**32 - 1)
few = profile(max_examples=25)


def order(question: Question, **changed: Any) -> Any:
    return DISK.measure("order").of(DISK.run(replace(question.scenario, **changed)))


@few
@given(seeds)
def test_backward_shows_what_only_one_value_gives(seed: int) -> None:
    question = draw(
        skill("order", "backward", scenario={"policy": "fcfs | sstf | look"}, options={"hide": "policy"}), 1, seed
    )
    seen = order(question)
    assert " ".join(map(str, seen)) in question.asks
    assert [one for one in ("fcfs", "sstf", "look") if order(question, policy=one) == seen] == [question.right]
    assert "policy" in question.hidden
    assert judge(question, read(question, question.right.upper())).right


def test_backward_refuses_values_that_look_alike() -> None:
    """SCAN and LOOK serve in the same order: no instance can tell them apart by it."""
    alike = skill("order", "backward", scenario={"policy": "scan | look"}, options={"hide": "policy"})
    with pytest.raises(CannotDraw):
        draw(alike, 1, 0)


def test_backward_takes_every_value_that_gives_what_is_shown_for_right() -> None:
    """The quantum is drawn from 2 to 4 and so is found from the chart; where 4 is as long as every burst, 5 is too."""
    processes = {"count": "3", "arrival": "0..2 sorted first 0", "burst": "2..4 distinct"}
    ranges = {"policy": "rr", "quantum": "2..4", "processes": processes}
    asks = Simulated("scheduler", "gantt", "backward", ranges, options={"hide": "quantum"})
    one = Skill("a.b", 1, "c", "t", "T", "Which?", simulated=asks)
    rr = simulator("scheduler")
    questions = (question for seed in range(200) if (question := draw(one, 1, seed)).right == 4)
    question = next(one for one in questions if max(each.burst for each in one.scenario.processes) <= 4)
    for quantum, right in ((2, False), (3, False), (4, True), (5, True), (9, True)):
        same = rr.run(replace(question.scenario, quantum=quantum)).events == question.trace.events
        assert judge(question, read(question, str(quantum))).right is right
        assert same is right or quantum > 4  # the events may name the quantum; the chart is the same
    for text in ("0", "-1", "7/2"):
        assert not judge(question, read(question, text)).right


def test_backward_refuses_more_values_than_it_can_run() -> None:
    wide = skill("order", "backward", scenario={"head": "0..99"}, options={"hide": "head"})
    with pytest.raises(CannotDraw):
        draw(wide, 1, 0)


@few
@given(seeds)
def test_compare_asks_for_the_better_one_and_the_difference(seed: int) -> None:
    question = draw(
        skill("movement", "compare", scenario={"policy": POLICIES}, options={"compare": "policy"}, mistakes=()), 1, seed
    )
    movement = DISK.measure("movement").of
    one, other = (movement(DISK.run(replace(question.scenario, policy=name))) for name in question.answer.choices)
    wins = question.answer.choices[0] if one < other else question.answer.choices[1]
    assert judge(question, read(question, f"{wins} by {abs(one - other)}")).right
    assert not judge(question, read(question, f"{wins} {abs(one - other) + 1}")).right
    assert wins in question.asks


@few
@given(seeds)
def test_counterfactual_names_who_overlooks_the_change(seed: int) -> None:
    asks = {"options": {"change": {"policy": "sstf"}}, "mistakes": ()}
    question = draw(skill("movement", "counterfactual", scenario={"policy": "fcfs"}, **asks), 1, seed)
    movement = DISK.measure("movement").of
    before = movement(DISK.run(question.scenario))
    assert question.right == movement(DISK.run(replace(question.scenario, policy="sstf")))
    assert str(before) in question.asks
    assert judge(question, read(question, str(before))).mistakes == ("change-overlooked",)


@few
@given(seeds)
def test_flaw_asks_for_the_first_step_that_the_rule_forbids(seed: int) -> None:
    asks = {"options": {"flaw": ["fcfs-instead"]}, "mistakes": ("sstf-instead", "wrong-direction")}
    question = draw(skill("order", "flaw", scenario={"policy": "look"}, **asks), 1, seed)
    wrong = DISK.run(replace(question.scenario, policy="fcfs"))
    right = DISK.run(question.scenario)
    first = next(n for n, pair in enumerate(zip(wrong.events, right.events, strict=False)) if pair[0] != pair[1])
    assert question.right == first + 1
    assert question.shown.events == wrong.events
    assert len(question.options) == len(wrong.events)
    for mistake in question.mistakes:
        assert mistake.value != question.right


def test_a_form_without_what_it_needs_cannot_be_drawn() -> None:
    with pytest.raises(CannotDraw):
        draw(skill("order", "possible"), 1, 0)
    with pytest.raises(CannotDraw):
        draw(skill("order", "compare", options={"compare": "policy"}), 1, 0)


@pytest.mark.rule
def test_the_steps_of_a_flawed_run_do_not_say_by_which_rule_they_were_taken() -> None:
    """Under clock, "last used longest ago" at the first victim would be the answer."""
    bank, _ = load((builtin(),))
    skill, told = bank.skill("clock.wrong-step"), simulator("paging")
    for seed in range(20):
        question = draw(skill, 1, seed)
        texts = [option.text for option in question.options]
        victims = [text for text in texts if " leaves frame " in text]
        assert victims
        assert all(re.fullmatch(r".*page \d+ leaves frame \d+( and is written back)?\.", text) for text in victims)
        assert "clear bit" in told.tell(question.trace, question.right - 1), "the solution gives the reason"


@pytest.mark.rule
def test_the_steps_of_a_flawed_run_are_numbered_once() -> None:
    bank, _ = load((builtin(),))
    for id_ in ("descriptors.wrong-number", "readiness.wrong-report"):
        texts = [option.text for option in draw(bank.skill(id_), 1, 3).options]
        assert texts
        assert not [text for text in texts if re.match(r"\d+\. ", text)]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "asked"),
    [
        ("paging.better-policy", "Which policy gives fewer faults, "),
        ("disk.better-policy", "Which policy gives the lower movement, "),
        ("io.better-model", "Which number of threads gives the lower average latency, "),
    ],
)
def test_compare_counts_what_can_be_counted(id_: str, asked: str) -> None:
    bank, _ = load((builtin(),))
    assert asked in draw(bank.skill(id_), 1, 1).asks
