"""Named streams: the same on every machine, one field moves no other."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.model import QuestionName
from trainer.quiz.stream import picker, shuffled

NAME = QuestionName("round-robin.waiting", 1, 1, 7)
names = st.builds(
    QuestionName,
    st.text("abc.-", min_size=1, max_size=8),
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)


@given(names, st.integers(-50, 50), st.integers(0, 1000))
def test_the_same_name_draws_the_same_value_within_the_range(name: QuestionName, low: int, more: int) -> None:
    first, second = picker(name)("x", low, low + more), picker(name)("x", low, low + more)
    assert first == second
    assert low <= first <= low + more


def test_a_draw_is_the_hash_of_its_name_as_documented() -> None:
    """Derived from the description alone: blake2b over the name, the try, the path and the counter."""
    digest = blake2b(b"round-robin.waiting\x001\x001\x007\x000\x00quantum\x000", digest_size=8).digest()
    assert picker(NAME)("quantum", 0, 99) == int.from_bytes(digest, "big") % 100


def test_drawing_another_field_moves_no_field() -> None:
    alone = [picker(NAME)(f"processes.{n}.burst", 0, 10**6) for n in range(5)]
    pick = picker(NAME)
    mixed = []
    for n in range(5):
        pick("quantum", 1, 4)
        mixed.append(pick(f"processes.{n}.burst", 0, 10**6))
        pick(f"processes.{n}.arrival", 0, 9)
    assert mixed == alone


def test_the_stream_of_one_path_goes_on() -> None:
    pick = picker(NAME)
    assert len({pick("x", 0, 10**9) for _ in range(50)}) == 50


def test_tries_seeds_levels_and_revisions_are_streams_of_their_own() -> None:
    others = [
        QuestionName("a", 1, 1, 0),
        QuestionName("a", 2, 1, 0),
        QuestionName("a", 1, 2, 0),
        QuestionName("a", 1, 1, 1),
    ]
    drawn = {picker(name, attempt)("x", 0, 2**40) for name in others for attempt in (0, 1)}
    assert len(drawn) == 8


def test_every_value_comes_up_about_as_often() -> None:
    """Chi-squared with 5 degrees of freedom: 20.5 is the 99.9 % point."""
    counts = [0] * 6
    for seed in range(6000):
        counts[picker(QuestionName("die", 1, 1, seed))("face", 0, 5)] += 1
    assert sum((count - 1000) ** 2 / 1000 for count in counts) < 20.5


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw from 3 to 2"):
        picker(NAME)("x", 3, 2)


@given(names, st.integers(0, 30))
def test_a_shuffle_is_a_permutation(name: QuestionName, count: int) -> None:
    assert sorted(shuffled(count, picker(name), "options")) == list(range(count))
