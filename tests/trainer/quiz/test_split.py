"""Splitting: after an answer that two mistakes fit, an instance in which they differ."""

from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.quiz.test_draw import skill
from trainer.quiz.draw import draw
from trainer.quiz.split import parting, told_apart

BOTH = ("wrong-direction", "sstf-instead")


@given(st.integers(0, 10_000))
def test_the_chosen_instance_tells_the_candidates_apart(start: int) -> None:
    """Few requests: the two often give the same number, so that a first instance may not tell them apart."""
    asks = skill("movement", scenario={"requests": {"count": 2, "each": "0..99 distinct"}}, mistakes=BOTH)
    question = parting(asks, 1, iter(range(start, start + 100)), BOTH)
    assert told_apart(question, BOTH) == 2
    values = {one.value for one in question.mistakes if one.id in BOTH}
    assert len(values) == 2


def test_without_candidates_it_is_the_first_seed() -> None:
    assert parting(skill(), 1, iter([5, 6, 7]), ()).name == draw(skill(), 1, 5).name
