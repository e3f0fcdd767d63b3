"""docs/authoring.md says every key of the format, and its example is a pack that passes the check."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from sims.fields import specs
from sims.listed import MODULES, simulator
from trainer.author.check import check
from trainer.bank import format as content
from trainer.bank.schema import schemas

DOCS = (Path(__file__).parent.parent.parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")
STRUCTS = [
    struct
    for struct in vars(content).values()
    if isinstance(struct, type) and issubclass(struct, content.Strict) and struct is not content.Strict
]
BLOCKS = re.findall(r"```(?:yaml|markdown)\n(.*?)```", DOCS, re.DOTALL)


@pytest.mark.law
@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_key_is_documented(struct):
    for key in struct.__struct_fields__:
        assert re.search(rf"`{key}`|\b{key}:\s", DOCS), key


@pytest.mark.law
def test_every_word_of_a_key_is_documented():
    words = {word for struct in STRUCTS for each in struct.__annotations__.values() for word in _words(each)}
    assert {"forward", "choice", "book"} <= words
    for word in words:
        assert f"`{word}`" in DOCS, word


def _words(type_):
    info = msgspec.inspect.type_info(type_)
    for each in getattr(info, "types", (info,)):
        if isinstance(each, msgspec.inspect.LiteralType):
            yield from each.values


@pytest.mark.parametrize("word", ["distinct", "sorted", "first N", "unlike-last", "2..9", "2..10 step 2", "none"])
def test_the_grammar_of_ranges_is_documented(word):
    assert f"`{word}`" in DOCS


def test_the_examples_of_the_docs_are_a_pack_that_passes(tmp_path):
    simulated, authored, free, concept, manifest, sources, glossary = BLOCKS
    pack = tmp_path / "my-pack"
    files = {
        "disks/a.yaml": simulated,
        "disks/b.yaml": authored,
        "disks/c.yaml": free,
        "disks/my-disk.md": concept,
        "pack.yaml": manifest,
        "sources.yaml": sources,
        "glossary.yaml": glossary,
    }
    for name, text in files.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text)
    report = check(pack, seeds=20)
    assert report.problems == ()
    assert (report.skills, report.concepts) == (3, 1)


# ── the schemas ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_schema_of_skills_knows_every_key_and_every_field():
    schema = schemas()["skills.json"]
    defs = schema["$defs"]
    assert set(defs["SimulatedSkill"]["properties"]) == set(content.SimulatedSkill.__struct_fields__)
    assert set(defs["AuthoredSkill"]["properties"]) == set(content.AuthoredSkill.__struct_fields__)
    told = {each["if"]["properties"]["simulate"]["const"]: each["then"] for each in defs["SimulatedSkill"]["allOf"]}
    assert set(told) == set(MODULES)
    for name, then in told.items():
        fields = then["properties"]["scenario"]["properties"]
        for type_ in simulator(name).scenarios:
            assert {spec.name for spec in specs(type_) if not spec.hidden} <= set(fields)


def test_every_reference_of_a_schema_exists():
    for name, schema in schemas().items():
        text = json.dumps(schema)
        for reference in re.findall(r'"#/\$defs/(\w+)"', text):
            assert reference in schema["$defs"], (name, reference)
        assert schema["$schema"].startswith("https://json-schema.org/")
