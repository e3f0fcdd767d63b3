"""Does every simulator accept what packs and stored histories rely on, and refuse the value just beyond?"""

import dataclasses
import importlib
import inspect
import json
import pkgutil
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import sims.listed
from sims.declare import Invalid, Simulator
from sims.fields import REQUIRED, Many, Maybe, One, Ratio, Spec, Whole, plain, specs
from tests.sims import drawn

LIMITS = Path(__file__).with_name("limits.txt")
EVERY = pytest.mark.parametrize("simulator", sims.listed.MODULES)


def declared(name: str) -> Simulator:
    return sims.listed.simulator(name)


def records(name: str) -> list[type[Any]]:
    """The records of a simulator: its scenarios, its recipes' parameters, and the records inside them."""
    found: list[type[Any]] = []
    coming = [*declared(name).scenarios, *(recipe.parameters for recipe in declared(name).recipes)]
    while coming:
        record = coming.pop(0)
        if record not in found:
            found.append(record)
            inner = (innermost(spec.kind) for spec in specs(record))
            coming += [kind.type for kind in inner if isinstance(kind, One)]
    return found


def innermost(kind: Any) -> Any:
    while isinstance(kind, Many | Maybe):
        kind = kind.item if isinstance(kind, Many) else kind.kind
    return kind


def fields(name: str) -> Iterator[tuple[str, Spec]]:
    for record in records(name):
        for spec in specs(record):
            if not spec.hidden:
                yield f"{name} {record.__name__}.{spec.name}", spec


def default(spec: Spec) -> str:
    if spec.default is REQUIRED:
        return "required"
    return json.dumps(plain(spec.default) if dataclasses.is_dataclass(spec.default) else spec.kind.plain(spec.default))


@pytest.mark.rule
@EVERY
def test_packs_and_histories_may_rely_on_limits_and_defaults(simulator: str) -> None:
    lines = LIMITS.read_text(encoding="utf-8").splitlines()
    promised = [line for line in lines if line.startswith(f"{simulator} ")]
    assert [f"{where} | {spec.kind.describe()} | {default(spec)}" for where, spec in fields(simulator)] == promised


def around(kind: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs of the last value that is accepted and the first that is not."""
    if isinstance(kind, Maybe):
        yield from around(kind.kind)
    elif isinstance(kind, Whole):
        yield from ((kind.low, kind.low - 1), (kind.high, kind.high + 1))
    elif isinstance(kind, Ratio):
        yield from ((kind.low, kind.low - Fraction(1, 10**6)), (kind.high, kind.high + Fraction(1, 10**6)))


@pytest.mark.rule
@EVERY
def test_a_field_takes_both_its_limits_and_nothing_beyond_them(simulator: str) -> None:
    for where, spec in fields(simulator):
        for inside, outside in around(spec.kind):
            assert spec.kind.take(inside) == inside, where
            with pytest.raises(Invalid):
                spec.kind.take(outside)


@pytest.mark.rule
@EVERY
def test_a_default_is_a_value_that_the_field_accepts(simulator: str) -> None:
    for where, spec in fields(simulator):
        if spec.default is not REQUIRED:
            assert spec.kind.take(spec.default) == spec.default, where


@pytest.mark.rule
@EVERY
def test_what_a_simulator_makes_cannot_be_changed(simulator: str) -> None:
    """Scenarios, events and traces are frozen: measures, views and stored questions share them."""
    package = importlib.import_module(sims.listed.MODULES[simulator])
    modules = [
        importlib.import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__)
    ]
    made = {one for module in modules for _, one in inspect.getmembers(module, dataclasses.is_dataclass)}
    mine = [one for one in made if one.__module__.startswith(package.__name__)]
    assert mine
    for one in mine:
        assert one.__dataclass_params__.frozen or one.__name__.startswith("_"), one


@pytest.mark.law
@EVERY
def test_a_scenario_survives_being_written_and_read(simulator: str) -> None:
    for scenario in drawn.scenarios(simulator, 40):
        assert declared(simulator).scenario(json.loads(json.dumps(plain(scenario)))) == scenario


@pytest.mark.rule
@EVERY
def test_names_are_kebab_case_and_unique(simulator: str) -> None:
    one = declared(simulator)
    for names in (
        [measure.name for measure in one.measures],
        [mistake.id for mistake in one.mistakes],
        [example.name for example in one.examples],
        [recipe.name for recipe in one.recipes],
    ):
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names), names
    for measure in one.measures:
        assert one.measure(measure.name) is measure
    for mistake in one.mistakes:
        assert one.mistake(mistake.id) is mistake


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@EVERY
def test_a_convention_states_the_rule_in_force(simulator: str) -> None:
    """In whole sentences, or not at all where the scenario has nothing to which the rule applies."""
    for mistake in declared(simulator).mistakes:
        assert mistake.convention == (mistake.states is not None), mistake.id
        assert (mistake.rule is None) == bool(mistake.measures), mistake.id
        if mistake.states is not None:
            for scenario in drawn.scenarios(simulator, 10):
                assert re.fullmatch(r"([A-Z0-9].*[.])?", mistake.states(scenario), re.DOTALL), mistake.id


# ── recipes ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@EVERY
def test_a_recipe_asks_for_each_number_once_and_within_its_range(simulator: str) -> None:
    """Each field has a stream of its own: asked twice, a path would give the same number twice."""
    for recipe in declared(simulator).recipes:
        for seed in range(12):
            chance, asked = random.Random(seed), set()

            def pick(path: str, low: int, high: int) -> int:
                assert low <= high, (recipe.name, path)  # noqa: B023 — called in this round only
                assert path not in asked, (recipe.name, path)  # noqa: B023
                asked.add(path)  # noqa: B023
                return chance.randint(low, high)  # noqa: B023

            try:
                made = recipe.make(drawn.parameters(recipe.parameters, chance), pick)
            except Invalid:
                continue
            assert isinstance(made, declared(simulator).scenarios)


@pytest.mark.law
@EVERY
@pytest.mark.parametrize("end", ["low", "high"])
def test_a_recipe_stands_the_least_and_the_most_of_every_draw(simulator: str, end: str) -> None:
    for recipe in declared(simulator).recipes:
        for seed in range(6):
            try:
                wish = drawn.parameters(recipe.parameters, random.Random(seed))
                made = recipe.make(wish, lambda _path, low, high: low if end == "low" else high)
            except Invalid:
                continue
            assert isinstance(made, declared(simulator).scenarios)
