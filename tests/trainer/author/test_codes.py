"""Every problem that can be told is explained, and nothing else."""

import ast
import json
from pathlib import Path

import pytest

from trainer.author.codes import CODES
from trainer.cli.main import main

ROOT = Path(__file__).parent.parent.parent.parent
TELLERS = ("tell", "Problem")


def told(path):
    """The codes that a module can tell: constants beside `tell(` and `Problem(`, and in its tables of messages."""
    words = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
    return words


@pytest.mark.law
def test_every_explained_code_is_told_somewhere():
    sources = [*(ROOT / "trainer" / "bank").glob("*.py"), *(ROOT / "trainer" / "author").glob("*.py")]
    words = set().union(*(told(path) for path in sources if path.name != "codes.py"))
    built = {f"unknown-{noun}" for noun in ("mistake", "convention")}
    assert set(CODES) - words - built == set()


@pytest.mark.law
def test_every_told_code_is_explained():
    for folder in ("bank", "author"):
        for path in (ROOT / "trainer" / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in TELLERS:
                    for given in node.args:
                        if isinstance(given, ast.Constant) and isinstance(given.value, str) and _is_code(given.value):
                            assert given.value in CODES, (path.name, given.value)


def _name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_code(text):
    return "-" in text and " " not in text and text.replace("-", "").isalnum()


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_begins_with_a_sentence_and_goes_on(code):
    first, *rest = CODES[code].split("\n")
    assert first.endswith(".")
    assert rest
    assert all(len(line) <= 120 for line in (first, *rest))


def test_the_command_explains_a_code_or_lists_all(capsys):
    assert main(["explain", "never-apart"]) == 0
    assert capsys.readouterr().out.startswith("Two mistakes give the same answer in every instance.\n")
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CODES)
    assert main(["explain", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == CODES
    assert main(["explain", "tab", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "tab"


def test_the_command_names_the_nearest_code(capsys):
    assert main(["explain", "never-appart"]) == 2
    assert "Did you mean 'never-apart'?" in capsys.readouterr().err
