"""Do the sentences and small figures of descriptors say what happened? Each case worked by hand."""

import pytest

from tests.sims.worded import steps, traced

FORKED = ["open a", "dup 3", "fork C", "C: close 3", "read 3 5", "close 9", "close 4"]


@pytest.mark.parametrize("simulator", ["descriptors"])
def test_a_table_is_told_by_the_calls_that_changed_it(simulator: str) -> None:
    """Those of the process itself and the fork that made it, without the one that failed."""
    trace = traced(simulator, operations=FORKED, files=[{"name": "a", "size": 9}])
    child, parent = (steps(simulator, "table", trace, process=name) for name in ("C", "P"))
    assert child == [
        "3. P forks C: the same numbers, the same open file descriptions.", "4. C: close 3 gives 0.", "0 names tty.",
        "1 names tty.", "2 names tty.", "4 names a.", "C at the end: 0 tty; 1 tty; 2 tty; 4 a.",
    ]  # fmt: skip
    assert [says.partition(".")[0] for says in parent[:5]] == ["1", "2", "3", "5", "7"]


@pytest.mark.parametrize("simulator", ["descriptors"])
def test_a_description_is_told_with_everybody_who_names_it(simulator: str) -> None:
    trace = traced(simulator, operations=[*FORKED, "open b", "close 4"], files=[{"name": "a", "size": 9}])
    assert steps(simulator, "references", trace) == [
        "The description tty: P 0, P 1, P 2, C 0, C 1, C 2. 6.", "The description 1: P 3, C 4. 2.",
        "The description 8: nobody. 0.",
    ]  # fmt: skip


@pytest.mark.parametrize("simulator", ["descriptors"])
def test_the_first_failure_is_told_with_the_calls_before_it(simulator: str) -> None:
    trace = traced(simulator, operations=FORKED, files=[{"name": "a", "size": 9}])
    says = steps(simulator, "first-failure", trace)
    assert [sentence.partition(".")[0] for sentence in says[:-1]] == ["1", "2", "3", "4", "5", "6"]
    assert says[-1] == "The first that fails is call 6."


@pytest.mark.parametrize("simulator", ["descriptors"])
def test_a_result_says_why(simulator: str) -> None:
    lines = ["open a", "dup2 3 1", "read 3 20", "read 3 1", "pipe", "fork C", "read 4 1", "close 5", "C: close 5",
             "read 4 1", "open b", "open b", "close 40"]  # fmt: skip
    trace = traced(simulator, limit=7, operations=lines, files=[{"name": "a", "size": 9}])
    says = steps(simulator, "results", trace)
    reasons = [sentence.partition(": ")[2].partition(": ")[2] for sentence in says]
    assert reasons == [
        "3 is the lowest that is free.", "1 now names what 3 names.",
        "the offset is the description's; 9 bytes are moved.", "there is nothing more, and nothing can come.",
        *["4 and 5 are the lowest that are free."] * 2, "there is nothing yet, and more may come.", "", "",
        "there is nothing more, and nothing can come.", "5 is the lowest that is free.",
        "6 is the lowest that is free.", "the number is not open for this, or not below the limit.",
    ]  # fmt: skip
