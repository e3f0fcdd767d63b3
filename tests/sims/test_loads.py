"""Does the benchmark have a row for every simulator, and does each run?"""

import pytest

from sims.listed import MODULES
from tools.loads import LOADS, Load

SMALL = 40  # events, about


def test_every_simulator_has_a_load() -> None:
    assert {load.name for load in LOADS.values()} == set(MODULES)


@pytest.mark.parametrize("load", LOADS.values(), ids=list(LOADS))
def test_a_load_runs_and_grows_with_its_size(load: Load) -> None:
    few, many = load(SMALL)(), load(SMALL * 2)()
    assert many > few or load.name == "syscalls"
