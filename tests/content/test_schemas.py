"""Each file of the built-in pack names a schema that is there and current, so that editors complete and complain."""

from pathlib import Path

from tools.schemas import CONTENT, FOLDER, ROOT, modeline, wanted, without


def test_every_file_names_its_schema_and_every_schema_is_current() -> None:
    stale = [path.relative_to(ROOT).as_posix() for path, _ in wanted(CONTENT)]
    assert not stale, "run `make schemas`"


def test_the_line_leads_to_the_schema() -> None:
    for path in (CONTENT / "pack.yaml", CONTENT / "memory" / "address.yaml"):
        name = modeline(path, CONTENT).split("=")[1].strip()
        assert (path.parent / name).resolve().parent == (CONTENT / FOLDER).resolve()


def test_a_file_without_the_line_or_with_another_gets_it(tmp_path: Path) -> None:
    (tmp_path / "disks").mkdir()
    texts = {"disks/a.yaml": "skills: []\n", "disks/b.yaml": "# yaml-language-server: $schema=x.json\nskills: []\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {path.relative_to(tmp_path).as_posix(): text for path, text in wanted(tmp_path)}
    assert {found[name] for name in texts} == {"# yaml-language-server: $schema=../.schema/skills.json\nskills: []\n"}
    assert set(found) - set(texts) == {
        f"{FOLDER}/{name}.json" for name in ("skills", "concept", "pack", "sources", "glossary", "claims")
    }
    assert without("skills: []\n") == "skills: []\n"
