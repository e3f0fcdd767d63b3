"""Drawing: the same name gives the same question; the right answer and the mistakes tell each other apart."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.disk import Scenario
from sims.listed import simulator
from trainer.model import Authored, Option, Part, Question, Simulated, Skill
from trainer.quiz.authored import believed
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.judge import judge, read

DISK: Mapping[str, Any] = {
    "policy": "scan",
    "cylinders": 100,
    "head": "20..80",
    "direction": "up | down",
    "requests": {"count": "5..6", "each": "0..99 distinct"},
}


def skill(ask: str = "order", form: str = "forward", **given: Any) -> Skill:
    scenario = {**DISK, **given.pop("scenario", {})}
    mistakes = given.pop("mistakes", ("wrong-direction", "sstf-instead", "fcfs-instead"))
    text = "A disk with {cylinders} cylinders, the head at {head}."
    asks = Simulated("disk", ask, form, scenario, mistakes=mistakes, **given)
    return Skill("disk.test", 1, "disk-scheduling", "storage", "Disk", text, simulated=asks)


def choice(answer: str = "choice", **given: Any) -> Skill:
    options = (Option("one", right=True, why="so"), Option("two", why="no"), Option("three", why="never"))
    written = Authored(answer, **{"options": options, "explanation": "Because.", **given})
    return Skill("a.choice", 1, "c", "t", "Choice", "Which?", authored=written)


seeds = st.integers(0, 2**32 - 1)


@given(seeds)
def test_the_same_name_gives_the_same_question(seed: int) -> None:
    first, second = draw(skill(), 1, seed), draw(skill(), 1, seed)
    assert first.scenario == second.scenario
    assert first.right == second.right
    assert [one.value for one in first.mistakes] == [one.value for one in second.mistakes]


def test_seeds_give_different_questions() -> None:
    assert len({draw(skill(), 1, seed).scenario for seed in range(50)}) == 50


@given(seeds)
def test_the_right_answer_is_what_the_simulator_says(seed: int) -> None:
    question = draw(skill("movement"), 1, seed)
    disk = simulator("disk")
    assert question.right == disk.measure("movement").of(disk.run(question.scenario))
    assert judge(question, read(question, str(question.right))).right


@given(seeds)
def test_no_mistake_of_a_question_gives_the_right_answer_and_all_differ(seed: int) -> None:
    question = draw(skill(), 1, seed)
    values = [question.right, *(one.value for one in question.mistakes)]
    assert len(values) == 4
    assert len(set(values)) == 4


@given(seeds)
def test_each_mistake_is_judged_wrong_and_named(seed: int) -> None:
    question = draw(skill("movement"), 1, seed)
    for mistake in question.mistakes:
        verdict = judge(question, read(question, question.answer.write(mistake.value)))
        assert not verdict.right
        assert mistake.id in verdict.mistakes
        assert mistake.clause in verdict.says


def test_a_mistake_that_gives_the_right_answer_everywhere_is_never_listed() -> None:
    """With one request, every policy serves the same."""
    alone = skill(scenario={"requests": {"count": 1, "each": "0..99"}})
    assert draw(alone, 1, 5).mistakes == ()


def test_the_first_wrong_step_of_a_rule_mistake_is_shown_in_the_trace() -> None:
    question = draw(skill(), 1, 1)
    fcfs = next(one for one in question.mistakes if one.id == "fcfs-instead")
    verdict = judge(question, read(question, question.answer.write(fcfs.value)))
    assert verdict.diverges_at is not None
    index = verdict.diverges_at.index
    assert verdict.diverges_at.where == "trace"
    assert question.trace.events[:index] == fcfs.trace.events[:index]
    assert question.trace.events[index] != fcfs.trace.events[index]


def test_a_sequence_that_fits_nothing_parts_at_its_first_wrong_element() -> None:
    question = draw(skill(), 1, 1)
    right = question.right
    mistaken = {one.value for one in question.mistakes}
    for swapped in range(len(right) - 1):
        given_ = (*right[:swapped], right[swapped + 1], right[swapped], *right[swapped + 2 :])
        if given_ not in mistaken:
            verdict = judge(question, read(question, " ".join(map(str, given_))))
            assert verdict.diverges_at is not None
            assert (verdict.diverges_at.where, verdict.diverges_at.index) == ("answer", swapped)


def test_a_convention_that_would_change_the_answer_is_stated_even_if_unlisted() -> None:
    """Head 50, requests 40 and 60: SSTF meets a tie at once; the books differ on who is next."""
    tie = {"policy": "sstf", "head": 50, "direction": "up", "requests": [40, 60, 90]}
    question = draw(skill(scenario=tie, mistakes=()), 1, 0)
    assert len(question.conventions) == 1
    assert "direction" in question.conventions[0]
    plain = draw(skill(scenario={**tie, "requests": [45, 60, 90]}, mistakes=()), 1, 0)
    assert plain.conventions == ()


def test_the_answer_under_the_other_convention_is_wrong_in_kinder_words() -> None:
    tie = {"policy": "sstf", "head": 50, "direction": "up", "requests": [40, 60, 90]}
    question = draw(skill(scenario=tie, mistakes=(), conventions=("tie-turns",)), 1, 0)
    verdict = judge(question, read(question, "40 60 90"))
    assert not verdict.right
    assert (verdict.mistakes, verdict.conventions) == ((), ("tie-turns",))
    assert "right under the other rule" in verdict.says


def test_the_text_names_the_fields_and_nothing_else_in_braces_is_touched() -> None:
    plain = skill()
    question = draw(Skill(**{**_fields(plain), "text": "{cylinders} {head} {nothing} {0} {head!r}"}), 1, 2)
    assert question.text == f"100 {question.scenario.head} {{nothing}} {{0}} {{head!r}}"


def _fields(of: Skill) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of._fields}


def test_a_level_is_merged_map_by_map() -> None:
    asks = {"levels": {2: {"requests": {"count": 8}}}}
    question = draw(skill(**asks), 2, 3)
    assert isinstance(question.scenario, Scenario)
    assert len(question.scenario.requests) == 8
    assert question.scenario.cylinders == 100


def test_hints_climb_from_the_rule_to_all_but_the_last_step() -> None:
    question = draw(skill(), 1, 4)
    assert len(question.hints) == 3
    assert question.hints[0].startswith("The rule:")
    assert question.steps[-1].says not in "\n".join(question.hints)


def test_what_cannot_be_drawn_says_so() -> None:
    with pytest.raises(CannotDraw, match=r"disk\.test@1/1#0: no instance in 120 tries"):
        draw(skill("movement", mistakes=(), scenario={"head": 200}), 1, 0)


@pytest.mark.parametrize("answer", ["choice", "choices"])
@given(seed=seeds)
def test_options_are_shuffled_and_each_wrong_one_has_its_explanation(answer: str, seed: int) -> None:
    question: Question = draw(choice(answer), 1, seed)
    place = [option.text for option in question.options].index("one") + 1
    assert judge(question, read(question, str(place))).right
    wrong = 1 + place % 3
    given_ = str(wrong) if answer == "choice" else f"{place} {wrong}"
    verdict = judge(question, read(question, given_))
    assert not verdict.right
    assert question.options[wrong - 1].why in verdict.says


@given(seeds)
def test_a_wrong_option_keeps_its_id_and_its_text_wherever_it_is_shown(seed: int) -> None:
    """`two` and `three` are the options 2 and 3 of the content; a history would else mix up what was believed."""
    parts = (Part("First?", (Option("a", why="no"), Option("b", right=True), Option("c", why="no"))),)
    for skill_ in (choice(), choice("choices"), choice("parts", options=(), parts=parts)):
        question = draw(skill_, 1, seed)
        for mistake in question.mistakes:
            text = believed(skill_, mistake.id)
            if skill_.authored and skill_.authored.answer == "parts":
                assert f"{mistake.value['A']}. {text}" in question.text
                assert text == {"A1": "a", "A3": "c"}[mistake.id]
            else:
                shown = mistake.value if isinstance(mistake.value, int) else max(mistake.value - question.right)
                assert question.options[shown - 1].text == text == {"option-2": "two", "option-3": "three"}[mistake.id]


def test_a_mistake_without_a_text_of_its_own_has_none() -> None:
    assert [believed(choice(), id_) for id_ in ("option-1", "option-4", "option-0", "fcfs-instead", "B1")] == [""] * 5
    assert believed(choice("short", options=(), accept=("x",), wrong=(Option("y", why="no"),)), "wrong-1") == "y"
    assert believed(skill(), "option-2") == ""


def test_every_place_holds_the_right_option_about_as_often() -> None:
    places = [draw(choice(), 1, seed).right for seed in range(600)]
    assert all(150 < places.count(place) < 250 for place in (1, 2, 3))


@given(seeds)
def test_an_order_is_never_shown_solved(seed: int) -> None:
    question = draw(choice("order", options=tuple(map(Option, ("a", "b", "c", "d")))), 1, seed)
    assert [question.options[number - 1].text for number in question.right] == ["a", "b", "c", "d"]
    assert question.right != (1, 2, 3, 4)


def test_a_short_answer_knows_its_wrong_answers() -> None:
    asks = choice("short", options=(), accept=("epoll_wait", "epoll"), wrong=(Option("select", why="It scans all."),))
    question = draw(asks, 1, 0)
    assert judge(question, read(question, "epoll wait")).right
    assert judge(question, read(question, "SELECT")).says == "It scans all."
    assert judge(question, read(question, "fork")).says == ""


def test_two_mistakes_at_once_are_both_named_when_no_single_one_fits() -> None:
    """C-LOOK 10 60 90, head 50 up: 50→60→90, jump to 10. Down: 50→10, jump to 90, 90→60. The jump not counted and the
    other way: 40 + 30 = 70; the mistakes alone give 120 + … and 40."""
    asks = skill(
        "movement",
        scenario={"policy": "c-look", "head": 50, "direction": "up", "requests": [10, 60, 90]},
        mistakes=("wrong-direction", "return-not-counted"),
    )
    question = draw(asks, 1, 0)
    assert question.right == 10 + 30 + 80
    verdict = judge(question, read(question, str(40 + 30)))
    assert verdict.mistakes == ("wrong-direction", "return-not-counted")
    assert "the arm sets out the other way, and the return" in verdict.says
