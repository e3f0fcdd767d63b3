"""Does a simulated skill fit its simulator? Its measure, ranges at every level, mistakes, text and tests."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sims.declare import Argument, Measure, Simulator
from sims.fields import Fault, Invalid, nearest, specs
from sims.listed import MODULES, simulator
from trainer.bank import forms
from trainer.bank.format import SimulatedSkill
from trainer.bank.ranges import ends, merged, parse, parse_ask
from trainer.bank.reader import Node
from trainer.bank.walk import at, unset

Tell = Callable[[Node, str, str], None]
NAMED = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
VERDICTS = ("right", "wrong", "unreadable")


def check(said: SimulatedSkill, node: Node, tell: Tell) -> None:
    """Tell every problem of the skill at its node."""
    if said.simulate not in MODULES:
        message = f"simulate: {said.simulate} is no simulator; expected one of {' '.join(sorted(MODULES))}"
        tell(at(node, "simulate"), "unknown-simulator", message + nearest(said.simulate, MODULES))
        return
    declared = simulator(said.simulate)
    measure = _measure(said, declared, node, tell)
    _mistakes(said, declared, measure, node, tell)
    if unset(said.recipe) and not any(recipe.name == said.recipe for recipe in declared.recipes):
        names = " ".join(recipe.name for recipe in declared.recipes) or "none"
        tell(
            at(node, "recipe"),
            "unknown-recipe",
            f"recipe: {said.recipe} is no recipe of {said.simulate}; it has {names}",
        )
        return
    _scenario(said, declared, node, tell)
    forms.check(said, declared, measure, node, tell)
    _text(said, declared, node, tell)
    _tests(said, node, tell)


def _measure(said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> Measure | None:
    """The measure that is asked, when its arguments are well."""
    where = at(node, "ask")
    try:
        asked = parse_ask(said.ask)
    except Invalid as invalid:
        for fault in invalid.faults:
            tell(where, "bad-argument", f"ask: {fault}")
        return None
    names = {measure.name: measure for measure in declared.measures}
    if asked.measure not in names:
        message = f"ask: {asked.measure} is no measure of {said.simulate}; expected one of {' '.join(names)}"
        tell(where, "unknown-measure", message + nearest(asked.measure, names))
        return None
    measure = names[asked.measure]
    wanted = {argument.name: argument for argument in measure.arguments}
    for key, range_ in asked.arguments.items():
        if key not in wanted:
            listed = " ".join(wanted) or "none"
            tell(where, "bad-argument", f"ask: {key} is no argument of {measure.name}; it has {listed}")
        elif wanted[key].names is None:
            _argument(wanted[key], list(ends(range_)), where, tell)
    for key in wanted.keys() - asked.arguments.keys():
        tell(where, "bad-argument", f"ask: {key} is missing: {measure.name} {key}=…; {wanted[key].help}")
    return measure


def _argument(wanted: Argument, given: list[Any], where: Node, tell: Tell) -> None:
    low, high = wanted.low, wanted.high
    bad = [value for value in given if not isinstance(value, int) or not low <= value <= high]
    if bad:
        tell(where, "bad-argument", f"ask: {wanted.name} must be a whole number from {low} to {high}, got {bad[0]}")


def _mistakes(said: SimulatedSkill, declared: Simulator, measure: Measure | None, node: Node, tell: Tell) -> None:
    known = {mistake.id: mistake for mistake in declared.mistakes}
    for key, listed, convention in (("mistakes", said.mistakes, False), ("conventions", said.conventions, True)):
        fitting = [id_ for id_, mistake in known.items() if mistake.convention == convention]
        for n, id_ in enumerate(listed):
            where, noun = at(node, f"{key}.{n}"), key.removesuffix("s")
            if id_ not in known:
                message = f"{key}: {id_} is no {noun} of {said.simulate}; expected one of {' '.join(fitting)}"
                tell(where, f"unknown-{noun}", message + nearest(id_, fitting))
            elif known[id_].convention != convention:
                other = "convention" if known[id_].convention else "mistake"
                tell(where, f"unknown-{noun}", f"{key}: {id_} is a {other}; put it under {other}s")
            elif measure is not None and not known[id_].applies_to(measure.name):
                tell(where, "unfit-mistake", f"{key}: {id_} is no {noun} for the measure {measure.name}")
            elif id_ in listed[:n]:
                tell(where, "same-mistake", f"{key}: {id_} stands here twice")
    for id_ in said.say:
        if id_ not in (*said.mistakes, *said.conventions):
            tell(at(node, f"say.{id_}"), "unknown-mistake", f"say: {id_} is not among the mistakes of this skill")


def _scenario(said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> None:
    """The ranges at every level; a fault that level 1 has too is told once."""
    base = _faults(said, declared, said.scenario)
    _tell_faults(base, at(node, "scenario"), tell)
    for level, over in said.levels.items():
        known = tuple(fault.where for fault in base)
        faults = _faults(said, declared, merged(said.scenario, over))
        fresh = [fault for fault in faults if not any(f"{fault.where}.".startswith(f"{where}.") for where in known)]
        _tell_faults(fresh, at(node, f"levels.{level}"), tell)


def _faults(said: SimulatedSkill, declared: Simulator, ranges: Mapping[str, Any]) -> tuple[Fault, ...]:
    try:
        recipe = unset(said.recipe)
        parse(ranges, declared.recipe(recipe).parameters if recipe else declared.kind_of(ranges))
    except Invalid as invalid:
        return invalid.faults
    return ()


def _tell_faults(faults: tuple[Fault, ...] | list[Fault], node: Node, tell: Tell) -> None:
    for fault in faults:
        tell(at(node, fault.where), "bad-range", str(fault))


def _text(said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> None:
    """What stands in braces is a field of the scenario."""
    known = [spec.name for type_ in declared.scenarios for spec in specs(type_) if not spec.hidden]
    for name in dict.fromkeys(NAMED.findall(said.text)):
        if name not in known:
            message = (
                f"text: {{{name}}} is no field of {said.simulate}; expected one of {' '.join(dict.fromkeys(known))}"
            )
            tell(at(node, "text"), "unknown-field", message + nearest(name, known))


def _tests(said: SimulatedSkill, node: Node, tell: Tell) -> None:
    levels = {1, *said.levels}
    for n, test in enumerate(said.tests):
        where = at(node, f"tests.{n}")
        given, expect = unset(test.give), unset(test.expect)
        if bool(unset(test.answer)) == bool(given) or bool(given) != bool(expect):
            tell(where, "bad-test", f"tests.{n}: needs either answer, or give and expect")
        if test.level not in levels:
            tell(where, "bad-test", f"tests.{n}: this skill has no level {test.level}")
        ids = (*VERDICTS, *said.mistakes, *said.conventions)
        if expect and expect not in ids:
            message = f"tests.{n}: expect is one of {' '.join(ids)}, got {expect}"
            tell(at(node, f"tests.{n}.expect"), "bad-test", message + nearest(expect, ids))
