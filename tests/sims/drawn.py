"""Scenarios of every simulator: its examples, what its recipes make, and examples with some fields drawn anew."""

import functools
import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sims.declare import Invalid, Limit, NoAnswer, Recipe, Simulator
from sims.fields import Flag, Many, Maybe, One, Ratio, Text, Whole, Word, plain, specs
from sims.listed import simulator

NOTHING = object()


def traces(name: str, count: int = 40) -> Iterator[Any]:
    """Traces of one simulator; nothing that passes a limit."""
    declared = simulator(name)
    for scenario in scenarios(name, count):
        small = replace(scenario, limit=min(scenario.limit, 1_500)) if name == "threads" else scenario
        try:
            yield declared.run(small)
        except Limit:
            continue


@functools.cache
def scenarios(name: str, count: int) -> tuple[Any, ...]:
    """The examples, then `count` others, the same ones each time."""
    declared, chance = simulator(name), random.Random(name)
    examples = [declared.scenario(example.scenario) for example in declared.examples]
    made = [one for seed in range(count // 2) for one in made_by_recipes(declared, seed, count)]
    changed = [other for _ in range(count) for other in [changes(declared, chance.choice(examples), chance)] if other]
    return (*examples, *made[:count], *changed)


def made_by_recipes(declared: Simulator, seed: int, count: int) -> list[Any]:
    """One scenario of each recipe that makes one."""
    share = max(1, len(declared.recipes) * (seed + 1))
    if share > count + len(declared.recipes):
        return []
    found = (make(recipe, random.Random(f"{recipe.name} {seed}")) for recipe in declared.recipes)
    return [one for one in found if one is not None]


def make(recipe: Recipe, chance: random.Random) -> Any:
    """What the recipe makes of drawn parameters; None where it refuses ten draws."""
    for _ in range(10):
        try:
            return recipe.make(
                parameters(recipe.parameters, chance), lambda _path, low, high: chance.randint(low, high)
            )
        except Invalid:
            continue
    return None


def parameters(record: type[Any], chance: random.Random) -> Any:
    """A record with small values. Raises Invalid."""
    drawn = {spec.name: value(spec.kind, chance) for spec in specs(record) if not spec.hidden}
    return record(**{key: one for key, one in drawn.items() if one is not NOTHING})


def changes(declared: Simulator, example: Any, chance: random.Random) -> Any:
    """The example with about a third of its fields drawn anew; None where ten tries are refused."""
    record = type(example)
    for _ in range(10):
        raw = {spec.name: getattr(example, spec.name) for spec in specs(record) if not spec.hidden}
        for spec in specs(record):
            if spec.name in raw and chance.random() < 0.35:
                drawn = value(spec.kind, chance)
                raw[spec.name] = raw[spec.name] if drawn is NOTHING else drawn
        try:
            return record(**raw)
        except Invalid:
            continue
    return None


def value(kind: Any, chance: random.Random) -> Any:
    """A small value of a kind; NOTHING for a kind that only its simulator knows."""
    if isinstance(kind, Whole):
        return chance.randint(kind.low, min(kind.high, kind.low + chance.choice((3, 12, 60))))
    if isinstance(kind, Ratio):
        return min(kind.high, kind.low + Fraction(chance.randint(0, 12), 12))
    if isinstance(kind, Word):
        return chance.choice(kind.words)
    if isinstance(kind, Flag):
        return chance.random() < 0.5
    if isinstance(kind, Maybe):
        return None if chance.random() < 0.3 else value(kind.kind, chance)
    if isinstance(kind, One):
        drawn = {spec.name: value(spec.kind, chance) for spec in specs(kind.type) if not spec.hidden}
        return {key: one for key, one in drawn.items() if one is not NOTHING}
    if isinstance(kind, Many):
        items = [value(kind.item, chance) for _ in range(chance.randint(kind.low, min(kind.high, kind.low + 6)))]
        return NOTHING if NOTHING in items else items
    return NOTHING


def arguments(measure: Any, scenario: Any, chance: random.Random) -> dict[str, Any]:
    """Arguments for a measure that takes some."""
    return {
        one.name: chance.choice(one.names(scenario))
        if one.names
        else chance.randint(one.low, min(one.high, one.low + 20))
        for one in measure.arguments
    }


def answers(name: str, count: int = 40) -> Iterator[tuple[Any, Any, dict[str, Any], Any]]:
    """Every measure that has an answer for a trace: the trace, the measure, its arguments, the answer."""
    chance = random.Random(name)
    for trace in traces(name, count):
        for measure in simulator(name).measures:
            if not measure.applies(trace.scenario):
                continue
            try:
                given = arguments(measure, trace.scenario, chance)
                answer = measure.of(trace, **given)
            except (NoAnswer, Limit, IndexError):
                continue
            yield trace, measure, given, answer


__all__ = ["Text", "answers", "changes", "make", "parameters", "plain", "scenarios", "traces", "value"]
