"""Evidence: every number made, consistent with the cause, the same from the same seed."""

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from sims.evidence.listed import evidence, names
from trainer.model import QuestionName
from trainer.quiz.stream import picker


@pytest.mark.parametrize("name", names())
@profile(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_numbers_are_all_made_and_fit_the_cause(name: str, seed: int) -> None:
    one = evidence(name)
    shown = one.make(picker(QuestionName("incident", 1, 1, seed)))
    assert set(shown) == set(one.values)
    assert one.holds(shown), (one.says, shown)
    assert all(isinstance(value, int | str) for value in shown.values())
    assert shown == one.make(picker(QuestionName("incident", 1, 1, seed)))


def test_seeds_draw_different_numbers() -> None:
    for name in names():
        drawn = {str(evidence(name).make(picker(QuestionName("incident", 1, 1, seed)))) for seed in range(20)}
        assert len(drawn) > 10, name
