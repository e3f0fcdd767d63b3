"""`osdrill preview` shows a file as a learner will see it, and what is behind it."""

import shutil
import sys
from pathlib import Path

import pytest

from trainer.cli.main import main

PACK = Path(__file__).parent.parent / "bank" / "pack"


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def test_a_skill_is_shown_with_its_answer_mistakes_and_odds(pack, capsys):
    assert main(["preview", str(pack / "storage" / "disk.yaml"), "--seed", "3"]) == 0
    out = capsys.readouterr().out
    for part in (
        "How far the arm moves",
        "Answer: ",
        "(fcfs-instead)",
        "demo.movement@1/1#3",
        "over 20 seeds 100% told",
    ):
        assert part in out
    assert "also in this file: demo.ssd demo.word demo.steps" in out


def test_another_skill_of_the_file_is_shown_when_named(pack, capsys):
    path = str(pack / "storage" / "disk.yaml")
    assert main(["preview", path, "--skill", "demo.word"]) == 0
    assert "What is the movement of the arm called?" in capsys.readouterr().out
    assert main(["preview", path, "--skill", "demo.none"]) == 2
    assert "expected one of demo.movement" in capsys.readouterr().err


def test_a_concept_is_shown_with_its_words_counted(pack, capsys):
    assert main(["preview", str(pack / "storage" / "arm.md")]) == 0
    out = capsys.readouterr().out
    assert "The arm moves to the cylinder" in out
    assert "10 words; requires seek; skills demo.movement" in out


def test_the_problems_of_the_file_are_told_first(pack, capsys):
    path = pack / "storage" / "disk.yaml"
    path.write_text(path.read_text().replace("answer: choice", "answer: choise"))
    assert main(["preview", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith(f"{path}:29:13: bad-choice: ")


def test_n_shows_the_next_seed_until_the_end_of_input(pack, capsys, monkeypatch):
    keys = iter(["n", "", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(keys))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["preview", str(pack / "storage" / "disk.yaml")]) == 0
    out = capsys.readouterr().out
    assert [f"#{seed}, found" in out for seed in (1, 2, 3, 4)] == [True, True, True, False]


def test_what_cannot_be_shown_is_refused(pack, capsys):
    assert main(["preview", str(pack / "none.yaml")]) == 2
    (pack / "storage" / "bad.yaml").write_text("skills: [\n")
    assert main(["preview", str(pack / "storage" / "bad.yaml")]) == 2
    assert "osdrill check says more" in capsys.readouterr().err
