"""How is a hostile value refused: in time, in a message that can be read, and without losing a bad field?"""

from fractions import Fraction
from typing import Any

import pytest

from sims.declare import Invalid
from sims.fields import MOST_FAULTS, Many, Ratio, Whole
from sims.listed import simulator

SHARE = Ratio(Fraction(0), Fraction(1_000))


@pytest.mark.parametrize(
    "raw", ["1e99999999", "1e-99999999", "1E+9999", "1/3/4", "0x10", "1_000", "inf", "nan", "", "/", "."]
)
def test_a_number_that_would_fill_the_memory_is_no_number(raw: str) -> None:
    with pytest.raises(Invalid, match="must be a number from 0 to 1000"):
        SHARE.take(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0.25, Fraction(1, 4)),
        (1e-7, Fraction(1, 10**7)),
        ("1/3", Fraction(1, 3)),
        (" 2.50 ", Fraction(5, 2)),
        (".5", Fraction(1, 2)),
        ("1e2", 100),
        (Fraction(2, 7), Fraction(2, 7)),
    ],
)
def test_an_exact_number_is_taken_as_written(raw: Any, value: Fraction) -> None:
    assert SHARE.take(raw) == value


def test_a_number_of_many_digits_is_not_printed_whole() -> None:
    for kind in (Whole(0, 9), SHARE):
        with pytest.raises(Invalid) as refused:
            kind.take(10**4000)
        assert len(str(refused.value)) < 100


def test_a_long_list_of_bad_items_has_a_message_of_bounded_length() -> None:
    with pytest.raises(Invalid) as refused:
        Many(Whole(0, 9), 0, 10**6).take(["x"] * 10**6)
    assert len(refused.value.faults) == MOST_FAULTS + 2
    assert refused.value.faults[-1].message == f"holds more that is wrong behind item {MOST_FAULTS}"


@pytest.mark.parametrize("name", ["collector", "switching", "translation", "thrashing"])
def test_no_simulator_computes_a_power_of_ten_that_never_ends(name: str) -> None:
    field = {
        "collector": {"kind": "mark-sweep", "allocation_rate": "1e99999999", "heap": 10, "time": 1},
        "switching": {"threads": 1, "work": 1, "quantum": 1, "runnable_share": "1e-99999999"},
        "translation": {"kind": "rates", "hit_rate": "1e-99999999"},
        "thrashing": {"kind": "model", "waiting": "1e-99999999", "processes": 2},
    }[name]
    with pytest.raises(Invalid, match="must be a number"):
        simulator(name).scenario(field)


@pytest.mark.parametrize("shared", [[0], [[]], ["x"], [None], [{}], [["a", 1, 2]], "x", 7, {"x": "y"}, {"2": 1}])
def test_shared_variables_of_a_wrong_shape_are_refused(shared: Any) -> None:
    raw = {"shared": shared, "threads": [{"program": ["load r x"]}]}
    with pytest.raises(Invalid, match="shared"):
        simulator("threads").scenario(raw)
