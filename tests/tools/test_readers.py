"""Whatever is typed or sent, the readers take it or refuse it. Here for seconds; `tools/fuzz.py` goes on for hours."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import readers
from trainer.quiz.answers.short import ShortAnswer


@pytest.fixture(scope="module", autouse=True)
def cleared() -> Iterator[None]:
    yield
    readers.clear()


@pytest.mark.parametrize("target", readers.TARGETS)
def test_what_the_search_begins_from_is_withstood(target: str) -> None:
    found = readers.seeds(target)
    assert found
    for data in found:
        readers.TARGETS[target](data)


def like(data: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with a piece replaced by other bytes."""

    def changed(ends: tuple[int, int], put: bytes) -> bytes:
        low, high = sorted(end % (len(data) + 1) for end in ends)
        return data[:low] + put + data[high:]

    return st.builds(changed, st.tuples(st.integers(0, 4096), st.integers(0, 4096)), st.binary(max_size=12))


@pytest.mark.law
@pytest.mark.parametrize("target", readers.TARGETS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_near_to_it_is_withstood_too(target: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(readers.seeds(target)))
    readers.TARGETS[target](data.draw(like(seed) | st.binary(max_size=64)))


def test_a_short_answer_of_several_lines_is_written_on_one() -> None:
    kind = ShortAnswer(("context switch",))
    assert kind.write(kind.read("context\n\n switch")) == "context switch"
