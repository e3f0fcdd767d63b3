"""The docs are true: generated pages are current, and nothing that a user can call is undocumented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sims.listed import MODULES, simulator
from trainer.cli.main import COMMANDS
from trainer.quiz.answers.listed import NAMES
from trainer.quiz.forms.listed import MODULES as FORMS

ROOT = Path(__file__).resolve().parent.parent


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"## osdrill {command}\n" in text("docs/commands.md")


@pytest.mark.parametrize("name", MODULES)
def test_every_simulator_has_evidence_of_each_kind(name: str) -> None:
    page = text("docs/simulators.md")
    row = next(line for line in page.splitlines() if line.startswith(f"| [{name}]"))
    counts = [int(cell) for cell in row.split("|")[3:7]]
    textbook, _, laws, opinions = counts
    assert textbook >= 1
    assert laws >= 1
    assert opinions >= 1
    for measure in simulator(name).measures:
        assert f"  {measure.name}" in page


def test_every_answer_kind_is_documented() -> None:
    page = text("docs/machine-interface.md")
    for kind in {*NAMES.values(), "choice", "choices", "order", "short", "parts", "comparison"}:
        assert re.search(rf"\b{kind}\b", page), kind


def test_every_form_is_documented() -> None:
    page = text("docs/authoring.md")
    for form in FORMS:
        assert form in page, form


def test_the_architecture_names_every_room() -> None:
    page = text("docs/architecture.md")
    for room in (ROOT / "trainer").iterdir():
        if room.is_dir() and room.name not in ("__pycache__", "content"):
            assert f"`trainer/{room.name}/`" in page, room.name


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_nothing_names_the_workplace() -> None:
    """What stands in the checkout is for readers who have only the checkout."""
    words = ("/work/" + "shared", "simulators" + ".md section")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    for name in files:
        if name.endswith((".py", ".md", ".yaml", ".toml")) and name != "tests/test_docs.py":
            content = text(name)
            for word in words:
                assert word not in content, name
