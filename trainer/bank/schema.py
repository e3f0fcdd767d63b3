"""What do editors need to complete and complain? JSON Schemas, made from the structs and the simulators' declarations.

schemas()["skills.json"]   for pack/TOPIC/*.yaml; a file names it in its first line:
                           # yaml-language-server: $schema=../.schema/skills.json
"""

from typing import Any

import msgspec

from sims.declare import Simulator
from sims.fields import Spec, specs
from sims.listed import MODULES, simulator
from trainer.bank.format import AuthoredSkill, Claims, ConceptHeader, Glossary, Manifest, SimulatedSkill, Sources

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = ["string", "number", "boolean", "null"]  # our reader takes every scalar as text; an editor's does not


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by the name of its file."""
    return {
        "skills.json": _skills(),
        "concept.json": _schema(ConceptHeader),
        "pack.json": _schema(Manifest),
        "sources.json": _schema(Sources),
        "glossary.json": _schema(Glossary),
        "claims.json": _schema(Claims),
    }


def _schema(type_: Any) -> dict[str, Any]:
    made: dict[str, Any] = _loose(msgspec.json.schema(type_, ref_template="#/$defs/{name}"))
    return {"$schema": DIALECT, **made}


def _skills() -> dict[str, Any]:
    (simulated, authored), defs = msgspec.json.schema_components(
        (SimulatedSkill, AuthoredSkill), ref_template="#/$defs/{name}"
    )
    by_simulator = [
        {"if": {"properties": {"simulate": {"const": name}}}, "then": {"properties": _declared(simulator(name))}}
        for name in MODULES
    ]
    defs = _loose(defs)
    defs["SimulatedSkill"]["allOf"] = by_simulator
    defs["SimulatedSkill"]["properties"]["simulate"] = {"enum": list(MODULES), "description": "the simulator"}
    skill = {"if": {"required": ["simulate"]}, "then": simulated, "else": authored}
    return {
        "$schema": DIALECT,
        "title": "SkillFile",
        "type": "object",
        "properties": {"skills": {"type": "array", "items": skill, "minItems": 1}},
        "required": ["skills"],
        "additionalProperties": False,
        "$defs": defs,
    }


def _declared(declared: Simulator) -> dict[str, Any]:
    """What a skill of this simulator may say: fields, measures, mistakes, conventions, recipes."""
    fields = {spec.name: _field(spec) for type_ in declared.scenarios for spec in specs(type_) if not spec.hidden}
    parameters = {spec.name: _field(spec) for recipe in declared.recipes for spec in specs(recipe.parameters)}
    scenario = {"type": "object", "properties": {**parameters, **fields}}
    mistakes = [mistake.id for mistake in declared.mistakes if not mistake.convention]
    conventions = [mistake.id for mistake in declared.mistakes if mistake.convention]
    measures = "|".join(measure.name for measure in declared.measures)
    return {
        "scenario": scenario,
        "levels": {"additionalProperties": scenario},
        "ask": {"pattern": f"^({measures})( |$)", "description": f"one of {measures.replace('|', ', ')}"},
        "mistakes": {"items": {"enum": mistakes}},
        "conventions": {"items": {"enum": conventions}},
        "recipe": {"enum": [recipe.name for recipe in declared.recipes]},
    }


def _field(spec: Spec) -> dict[str, str]:
    """A field may hold any range; what it accepts is told in words, and checked by `osdrill check`."""
    unit = f" ({spec.unit})" if spec.unit else ""
    return {"description": f"{spec.help}{unit}: {spec.kind.describe()}"}


def _loose(schema: Any) -> Any:
    """The schema where a text may look like a number: `edition: 10`."""
    if isinstance(schema, list):
        return [_loose(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _loose(value) for key, value in schema.items()}
    if made.get("type") == "string" and "pattern" not in made:
        made["type"] = _TEXT
    return made
