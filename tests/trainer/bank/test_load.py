"""The bank of several packs, and its compiled file: the same bank, made again when anything is wrong with it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.bank import compiled, files, gather
from trainer.bank.load import Bank, builtin, load
from trainer.model import Authored, Option, Place, Simulated, Skill, replace

PACK = Path(__file__).parent / "pack"
IDS = ["demo.movement", "demo.ssd", "demo.steps", "demo.word"]


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "bank.jsonl"


def whole(bank: Bank):
    """All that a bank holds."""
    return (
        [bank.skill(id_) for id_ in bank.skills],
        [bank.concept(id_) for id_ in bank.concepts],
        bank.skills,
        bank.concepts,
        bank.topics,
        bank.tables,
        bank.left_out,
    )


def held(cache: Path) -> Path:
    """The one compiled file."""
    (path,) = cache.parent.iterdir()
    return path


@pytest.fixture
def built(monkeypatch):
    """How often the bank is made from text."""
    from trainer.bank import build

    calls = []
    real = build.build
    monkeypatch.setattr(build, "build", lambda *given: calls.append(1) or real(*given))
    return calls


# ── the bank ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_skill_is_what_its_file_says(pack):
    bank, _ = load((pack,))
    skill = bank.skill("demo.movement")
    assert skill == Skill(
        id="demo.movement",
        revision=1,
        concept="arm",
        topic="storage",
        title="How far the arm moves",
        text="A disk arm serves these requests under {policy}.",
        simulated=Simulated(
            simulator="disk",
            ask="movement",
            scenario={
                "policy": "sstf | scan",
                "cylinders": "100",
                "head": "30..70",
                "direction": "up | down",
                "requests": {"count": "4..5", "each": "0..99 distinct"},
            },
            levels={2: {"requests": {"count": "6..8"}}},
            mistakes=("wrong-direction", "fcfs-instead"),
            conventions=("tie-turns",),
            say={"wrong-direction": "The text says where it was going."},
        ),
        sources=("silberschatz-10 11.2",),
        tests=({"seed": 1, "level": 1, "give": "none of it", "expect": "unreadable"},),
        place=Place(f"{pack}/storage/disk.yaml", 2, 5),
    )
    assert bank.skill("demo.steps").authored == Authored(
        answer="order",
        options=(Option("seek", right=True), Option("rotate", right=True), Option("transfer", right=True)),
        explanation="The arm moves, the platter turns, data flow.",
    )
    assert bank.skill("demo.word").authored.wrong == (Option("spin", why="That is the platter."),)
    with pytest.raises(KeyError):
        bank.skill("demo.none")


def test_a_light_entry_says_what_choosing_needs(pack):
    bank, _ = load((pack,))
    entry = bank.skills["demo.movement"]
    assert (entry.topic, entry.concept, entry.kind, entry.levels, entry.requires) == (
        "storage", "arm", "simulated", (1, 2), ("seek",),
    )  # fmt: skip
    assert bank.concepts["seek"].skills == ("demo.ssd", "demo.word", "demo.steps")
    assert bank.concept("arm").text == "The arm moves to the cylinder that is asked for."
    assert bank.topics == {"storage": "Storage"}
    assert bank.tables.glossary["cylinder"]["synonyms"] == ["track"]
    assert bank.tables.claims["S01"] == {"claim": "Disks turn.", "flag": "ok"}


def test_a_pack_may_refer_to_an_earlier_one(pack, tmp_path):
    other = tmp_path / "other"
    (other / "more").mkdir(parents=True)
    (other / "pack.yaml").write_text("id: other\ntitle: Other\nformat: 1\nlicense: MIT\n")
    (other / "more" / "a.yaml").write_text(
        "skills:\n  - id: more.one\n    revision: 1\n    concept: arm\n    title: T\n    answer: short\n    text: X\n"
        "    accept: [y]\n    explanation: Z\n    sources: [silberschatz-10 1]\n"
    )
    bank, problems = load((pack, other))
    assert problems == ()
    assert sorted(bank.skills) == [*IDS, "more.one"]
    assert bank.topics == {"storage": "Storage", "more": "More"}
    assert [problem.code for problem in load((other,))[1]] == ["unknown-concept", "unknown-source"]


def test_a_skill_of_a_broken_concept_is_left_out_without_a_second_message(pack):
    path = pack / "storage" / "seek.md"
    path.write_text(path.read_text().replace("title:", "titel:"))
    bank, problems = load((pack,))
    assert [problem.code for problem in problems] == ["unknown-key"]
    assert list(bank.skills) == ["demo.movement"]
    assert bank.left_out == 3


def test_a_folder_that_is_no_pack_is_told(tmp_path):
    assert [str(problem) for problem in load((tmp_path / "none",))[1]] == [
        f"{tmp_path}/none:1:1: no-pack: is no folder; a pack is a folder with a pack.yaml"
    ]
    assert [problem.code for problem in load((tmp_path,))[1]] == ["no-manifest"]


def test_nothing_outside_the_pack_is_read(pack, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("skills: []\n")
    (pack / "storage" / "link.yaml").symlink_to(secret)
    (pack / "away").symlink_to(tmp_path)
    (pack / "storage" / "sub").mkdir()
    (pack / "storage" / "odd.yml").write_text("a: b")
    (pack / "exam.yaml").write_text("a: b")
    os.mkfifo(pack / "storage" / "pipe.yaml")
    (pack / "README.md").write_text("is not read")
    (pack / ".hidden.yaml").write_text("is not read")
    bank, problems = load((pack,))
    assert [(problem.place.file.removeprefix(f"{pack}/"), problem.code) for problem in problems] == [
        ("away", "link"),
        ("exam.yaml", "stray-file"),
        ("storage/link.yaml", "link"),
        ("storage/odd.yml", "stray-file"),
        ("storage/pipe.yaml", "link"),
        ("storage/sub", "stray-file"),
    ]
    assert sorted(bank.skills) == IDS


def test_a_missing_libyaml_is_said_in_words(pack, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml.cyaml", None)
    gather.without_libyaml.cache_clear()
    try:
        bank, problems = load((pack,))
    finally:
        gather.without_libyaml.cache_clear()
    assert [problem.code for problem in problems] == ["no-libyaml"]
    assert "libyaml-dev" in problems[0].message
    assert bank.skills == {}


def test_the_built_in_pack_is_found_beside_the_code():
    assert (builtin() / "pack.yaml").is_file()


# ── the compiled file ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
def test_the_compiled_bank_is_the_same_bank(pack, cache, built):
    path = pack / "storage" / "disk.yaml"
    path.write_text(path.read_text().replace("answer: choice", "answer: choise"))
    first, problems = load((pack,), cache)
    second, again = load((pack,), cache)
    assert built == [1]
    assert whole(first) == whole(second)
    assert problems == again != ()


@pytest.mark.rule
def test_a_change_of_a_file_makes_it_anew(pack, cache, built):
    load((pack,), cache)
    path = pack / "storage" / "seek.md"
    path.write_text(path.read_text().replace("A seek", "One seek"))
    assert load((pack,), cache)[0].concepts["seek"].title == "One seek"
    (pack / "storage" / "disk.yaml").unlink()
    assert load((pack,), cache)[0].skills == {}
    assert len(built) == 3


def test_a_change_of_the_code_makes_it_anew(pack, cache, built, monkeypatch):
    load((pack,), cache)
    monkeypatch.setattr(files, "code_stamp", lambda: "another")
    load((pack,), cache)
    assert len(built) == 2


def test_two_sets_of_packs_do_not_take_turns(pack, cache, built, tmp_path):
    other = Path(shutil.copytree(PACK, tmp_path / "other"))
    for packs in ((pack,), (other,), (pack,), (other,)):
        load(packs, cache)
    assert len(built) == 2


DAMAGE = {
    "empty": lambda raw: b"",
    "cut in the header": lambda raw: raw[:500],
    "cut in the body": lambda raw: raw[:-100],
    "longer": lambda raw: raw + b"{}\n",
    "foreign": lambda raw: b'{"a": 1}\n[]\n',
    "no JSON": lambda raw: b"\x00\xff" * 400,
    "another format": lambda raw: raw.replace(b'"osdrill-bank":', b'"osdrill-bank":9', 1),
    "a list": lambda raw: b"[1, 2]\n" + raw,
    "nested": lambda raw: b"[" * 250 + raw,
    "odd lengths": lambda raw: raw.replace(b'"header":', b'"header":-', 1),
    "a pickle": lambda raw: b"\x80\x04\x95" + raw,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_made_again_without_a_word(pack, cache, built, damage, capsys):
    right = whole(load((pack,), cache)[0])
    path = held(cache)
    raw = path.read_bytes()
    path.write_bytes(DAMAGE[damage](raw))
    bank, problems = load((pack,), cache)
    assert whole(bank) == right
    assert problems == ()
    assert len(built) == 2
    assert path.read_bytes() == raw
    assert capsys.readouterr() == ("", "")


def test_a_damaged_skill_is_found_when_it_is_read(pack, cache, built):
    right = whole(load((pack,), cache)[0])
    path = held(cache)
    raw = path.read_bytes()
    at = raw.rindex(b"The arm moves, the platter")
    path.write_bytes(raw[:at] + b"?" + raw[at + 1 :])
    bank, _ = load((pack,), cache)
    assert len(built) == 1
    assert bank.skill("demo.steps").authored.explanation.startswith("The arm")
    assert len(built) == 2
    assert whole(bank) == right
    assert path.read_bytes() == raw


@pytest.mark.law
@given(st.data())
def test_any_flipped_byte_is_noticed(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("flip")
    cache = folder / "bank.jsonl"
    right = whole(load((PACK,), cache)[0])
    path = held(cache)
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    assert whole(load((PACK,), cache)[0]) == right


def test_where_nothing_can_be_written_the_bank_still_loads(pack, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    bank, problems = load((pack,), blocked / "bank.jsonl")
    assert (sorted(bank.skills), problems) == (IDS, ())


def test_a_folder_in_the_place_of_the_file_is_left_alone(pack, cache):
    load((pack,), cache)
    path = held(cache)
    path.unlink()
    path.mkdir()
    assert sorted(load((pack,), cache)[0].skills) == IDS
    assert [entry.name for entry in cache.parent.iterdir()] == [path.name]


def test_no_file_is_left_beside_it(pack, cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert sorted(load((pack,), cache)[0].skills) == IDS
    assert list(cache.parent.iterdir()) == []


def test_every_line_is_a_json_object(pack, cache):
    load((pack,), cache)
    lines = held(cache).read_bytes().splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert len(lines) == 2 + len(IDS) + 2 + 3


def test_a_skill_round_trips_with_every_field():
    skill = Skill(
        id="a", revision=2, concept="c", topic="t", title="é\n", text="", hints=("h",), sources=("s 1",), serves=("I01",),
        simulated=Simulated("disk", "at t=1", levels={3: {"x": ["1", {"y": "2"}]}}, options={"hide": "head"}),
        tests=({"seed": 1},), place=Place("f", 1, 2),
    )  # fmt: skip
    assert compiled.skill(json.loads(json.dumps(compiled.plain(skill)))) == skill
    other = replace(skill, simulated=None, authored=Authored("choice", (Option("a", right=True, why="b"),)))
    assert compiled.skill(json.loads(json.dumps(compiled.plain(other)))) == other


def test_from_the_compiled_file_nothing_heavy_is_imported(pack, cache):
    load((pack,), cache)
    script = (
        "import sys; from pathlib import Path; from trainer.bank.load import load;"
        f"bank, _ = load((Path({str(pack)!r}),), Path({str(cache)!r})); bank.skill('demo.movement');"
        "print([name for name in ('yaml', 'msgspec', 'importlib.metadata', 'importlib.resources', 'trainer.bank.build',"
        " 'sims.fields') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
