"""Do the sentences and small figures of locks and banks say what happened? Each case worked by hand."""

import pytest

from sims.listed import simulator as listed
from tests.sims.worded import told, traced


@pytest.mark.parametrize("simulator", ["deadlock"])
def test_the_worst_case_is_one_unit_less_for_everybody(simulator: str) -> None:
    says = told(simulator, traced("deadlock", kind="bound", units=10, processes=3, most=4))
    assert says == ["In the worst case each of 3 processes holds 3 and wants one more: 9 units are held."]


@pytest.mark.parametrize("simulator", ["deadlock"])
def test_one_unit_more_than_the_worst_case_lets_somebody_finish(simulator: str) -> None:
    says: set[str] = set()
    for units in (9, 10):
        trace = traced(simulator, kind="bound", units=units, processes=3, most=4)
        for measure in listed(simulator).measures:
            if measure.applies(trace.scenario):
                says |= {step.says for step in measure.steps(trace)}
    assert {"One more lets somebody finish: 10.", "9 is less than 10: a unit is left, and somebody finishes."} <= says
    assert "9 units are not more than 9: all can be held with everybody waiting." in says
