"""Does a skill give its form what the form needs? Each form has at most one key of its own.

forward       nothing                    backward  hide: FIELD          compare   compare: FIELD
counterfactual  change: {FIELD: RANGE}   flaw      flaw: [MISTAKE, …]   possible  nothing
"""

from collections.abc import Callable, Mapping
from typing import Any

from sims.declare import Measure, Number, SetOf, Simulator
from sims.fields import Invalid, nearest
from trainer.bank.format import SimulatedSkill
from trainer.bank.ranges import merged, parse, size
from trainer.bank.reader import Mapping as MappingNode
from trainer.bank.reader import Node
from trainer.bank.spans import Range
from trainer.bank.walk import at, unset

Tell = Callable[[Node, str, str], None]
KEYS = {"backward": "hide", "compare": "compare", "counterfactual": "change", "flaw": "flaw"}


def options(said: SimulatedSkill) -> dict[str, Any]:
    """What the skill gives its form, by key."""
    given = {key: unset(getattr(said, key), None) for key in KEYS.values()}
    return {key: value for key, value in given.items() if value is not None}


def check(said: SimulatedSkill, declared: Simulator, measure: Measure | None, node: Node, tell: Tell) -> None:
    """Tell every problem of the form at the skill's node."""
    assert isinstance(node, MappingNode)
    wanted = KEYS.get(said.form)
    for key in options(said):
        if key != wanted:
            belongs = next(form for form, own in KEYS.items() if own == key)
            where = node.key(key) or node
            tell(where, "unfit-key", f"{key}: belongs to form: {belongs}, not to form: {said.form}")
    if wanted is not None and wanted not in options(said):
        tell(node, "missing-key", f"{wanted}: is missing; form: {said.form} needs it")
    elif said.form in _CHECKS:
        _CHECKS[said.form](said, declared, node, tell)
    if measure is not None and (why := _unfit(said.form, measure)):
        tell(at(node, "form"), "unfit-form", f"form: {said.form} cannot ask {measure.name}: {why}")


def _unfit(form: str, measure: Measure) -> str:
    """Why the form cannot ask this measure; empty where it can."""
    if form == "compare" and not (isinstance(measure.gives, Number) and measure.better):
        return "it is no number of which one direction is better"
    if form == "possible" and not isinstance(measure.gives, SetOf) and measure.accepts is None:
        return "it gives no set, and accepts no several sequences"
    return ""


def _field(key: str, said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> None:
    """The key names a field that has at least two values to choose from, at every level."""
    name, where = getattr(said, key), at(node, key)
    if f"{{{name}}}" in said.text:
        tell(at(node, "text"), "shows-hidden", f"text: {{{name}}} shows what form: {said.form} asks for")
    for level in sorted({1, *said.levels}):
        ranges = merged(said.scenario, said.levels.get(level, {}))
        try:
            parts = parse(ranges, declared.kind_of(ranges)).fields
        except Invalid:
            continue  # told with the scenario
        part = parts.get(name)
        if part is None:
            message = f"{key}: {name} is no field of the scenario; expected one of {' '.join(parts)}"
            tell(where, "bad-range", message + nearest(name, parts))
            return
        if not isinstance(part, Range) or size(part) < 2:
            tell(where, "bad-range", f"{key}: {name} needs a range of at least two values at level {level}")
            return


def _change(said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> None:
    change: Mapping[str, Any] = unset(said.change, {})
    where = at(node, "change")
    if len(change) != 1:
        tell(where, "bad-range", f"change: changes exactly one field, got {len(change)}")
        return
    for level in sorted({1, *said.levels}):
        ranges = merged(said.scenario, said.levels.get(level, {}))
        try:
            parse(ranges, declared.kind_of(ranges))
        except Invalid:
            continue  # told with the scenario
        try:
            parse({**ranges, **change}, declared.kind_of(ranges))
        except Invalid as invalid:
            for fault in invalid.faults:
                tell(at(where, fault.where), "bad-range", f"change: {fault}")
            return


def _flaw(said: SimulatedSkill, declared: Simulator, node: Node, tell: Tell) -> None:
    rules = {mistake.id for mistake in declared.mistakes if mistake.rule is not None and not mistake.convention}
    for n, id_ in enumerate(unset(said.flaw, [])):
        if id_ not in rules:
            message = f"flaw: {id_} is no mistaken rule of {said.simulate}; expected some of {' '.join(sorted(rules))}"
            tell(at(node, f"flaw.{n}"), "unknown-mistake", message + nearest(id_, rules))


_CHECKS: dict[str, Callable[[SimulatedSkill, Simulator, Node, Tell], None]] = {
    "backward": lambda *given: _field("hide", *given),
    "compare": lambda *given: _field("compare", *given),
    "counterfactual": _change,
    "flaw": _flaw,
}
