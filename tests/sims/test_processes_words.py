"""Do the sentences and small figures of a program's processes say what happened? Each case worked by hand."""

import pytest

from sims.declare import Invalid, NoAnswer
from sims.fields import specs
from sims.listed import simulator as listed
from tests.sims.worded import traced


@pytest.mark.parametrize("simulator", ["processes"])
def test_what_came_before_a_fork_does_not_order_what_comes_after_it(simulator: str) -> None:
    order = listed(simulator).measure("output-order").of
    assert order(traced(simulator, program="print a\nprint b\nprint c")) == ("a", "b", "c")
    with pytest.raises(NoAnswer, match="may change places"):
        order(traced(simulator, program="print a\nfork\nif child { print b } else { print c }"))
    waited = "print a\nfork\nif child { print b } else { wait; print c }"
    assert order(traced(simulator, program=waited)) == ("a", "b", "c")


@pytest.mark.parametrize("simulator", ["processes"])
def test_process_names_are_p_and_up_to_four_digits(simulator: str) -> None:

    kind = next(spec.kind for spec in specs(listed(simulator).scenarios[0]) if spec.name == "subreaper")
    assert [kind.take(raw) for raw in ("P0", ["P9999"], "P0 P12", "none", None)] == [
        ("P0",), ("P9999",), ("P0", "P12"), (), (),
    ]  # fmt: skip
    for name in ("P", "p1", "P10000", "Q1", "P1x"):
        with pytest.raises(Invalid):
            kind.take(name)


@pytest.mark.parametrize("simulator", ["processes"])
def test_loops_run_as_often_as_they_say(simulator: str) -> None:
    for program, count in (("loop 1 { print a }", 1), ("loop 3 { print a }", 3), ("loop 2 { loop 3 { print a } }", 6)):
        trace = traced(simulator, program=program)
        assert dict(listed(simulator).measure("output").of(trace)) == {"a": count}, program


@pytest.mark.parametrize("simulator", ["processes"])
@pytest.mark.parametrize("two", ["print a; print c", "print a"])
def test_words_of_two_processes_have_no_order_of_their_own(simulator: str, two: str) -> None:
    """The parent and the child both print a; the c of one of them may come before or after the other's a."""
    other = "print a" if two != "print a" else "print a; print c"
    with pytest.raises(NoAnswer, match="may change places"):
        listed(simulator).measure("output-order").of(
            traced(simulator, program=f"fork\nif child {{ {two} }} else {{ {other} }}")
        )
