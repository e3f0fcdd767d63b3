"""Writes docs/simulators.md from the simulators' own declarations and from the marks in their tests.

python tools/docs.py           write it
python tools/docs.py --check   exit 1 when it is stale
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sims.declare import Simulator  # noqa: E402 — the checkout must be on the path first
from sims.listed import MODULES, simulator  # noqa: E402 — as above
from trainer.author.manual import manual  # noqa: E402 — as above
from trainer.cli.main import COMMANDS, usage  # noqa: E402 — as above

MARKS = ("textbook", "rule", "law", "opinion")
TITLES = {
    "textbook": "Textbook examples",
    "rule": "Rules, each with its test",
    "law": "Laws",
    "opinion": "Independent opinions",
}


class Claim(NamedTuple):
    """One test as evidence."""

    mark: str
    name: str
    source: str  # the mark's argument: a book, or who gives the opinion
    file: str


def claims(name: str) -> list[Claim]:
    """The marked tests of a simulator's test files, in order."""
    stems = {name, MODULES[name].rpartition(".")[2]}  # the simulator io lives in sims/server
    files = sorted({file for stem in stems for file in ROOT.glob(f"tests/sims/test_{stem}*.py")})
    return [claim for file in files for claim in _marked(file)]


def _marked(file: Path) -> Iterator[Claim]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            target = call.func if call else decorator
            if isinstance(target, ast.Attribute) and target.attr in MARKS:
                yield Claim(target.attr, node.name, _argument(call), file.relative_to(ROOT).as_posix())


def _argument(call: ast.Call | None) -> str:
    if call is None or not call.args or not isinstance(call.args[0], ast.Constant):
        return ""
    return str(call.args[0].value)


def simulators_page() -> str:
    """docs/simulators.md."""
    parts = [
        "# The simulators",
        "",
        "Made by `make docs` from the declarations in `sims/` and the marks in `tests/sims/`; a test fails when it is",
        "stale. `osdrill sim NAME --help` shows the same text.",
        "",
        "| simulator | question | textbook examples | rules | laws | independent opinions |",
        "|---|---|---|---|---|---|",
    ]
    parts += [_row(name) for name in MODULES]
    for name in MODULES:
        parts += ["", *_section(simulator(name))]
    return "\n".join(parts) + "\n"


def _row(name: str) -> str:
    found = claims(name)
    counts = [sum(claim.mark == mark for claim in found) for mark in MARKS]
    return f"| [{name}](#{name}) | {simulator(name).question} | {' | '.join(map(str, counts))} |"


def _section(declared: Simulator) -> Iterator[str]:
    yield from (f"## {declared.name}", "", "```text", manual(declared), "```")
    found = claims(declared.name)
    for mark in MARKS:
        mine = [claim for claim in found if claim.mark == mark]
        if not mine:
            continue
        yield from ("", f"**{TITLES[mark]}**", "")
        for claim in mine:
            says = claim.name.removeprefix("test_").replace("_", " ")
            source = f" ({claim.source})" if claim.source else ""
            yield f"- {says}{source}: `{claim.file}::{claim.name}`"


def commands_page() -> str:
    """docs/commands.md."""
    parts = ["# The commands", "", "Made by `make docs` from the commands' own help.", "", "```text", usage(), "```"]
    for name in COMMANDS:
        parts += ["", f"## osdrill {name}", "", "```text", help_of(name).rstrip(), "```"]
    return "\n".join(parts) + "\n"


def help_of(name: str) -> str:
    """What `osdrill NAME --help` prints, at 100 columns."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    code = "from trainer.cli.main import run; run()"
    call = [sys.executable, "-c", code, name, "--help"]
    return subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def coverage_page() -> str:
    """docs/coverage.md: claim to concepts to skills, and who serves each interview question and scenario."""
    from trainer.bank.load import builtin, load  # the built-in pack

    bank, _ = load([builtin()], None)
    concepts = [bank.concept(id_) for id_ in bank.concepts]
    skills = [bank.skill(id_) for id_ in bank.skills]
    simulated = sum(skill.simulated is not None for skill in skills)
    claims = bank.tables.claims
    listed = [json.loads(line) for line in (ROOT / "data" / "served.jsonl").read_text(encoding="utf-8").splitlines()]
    parts = [
        "# Coverage",
        "",
        "Made by `make docs` from the pack.",
        "",
        f"{len(concepts)} concepts, {simulated} simulated and {len(skills) - simulated} authored skills.",
        f"The glossary has {len(bank.tables.glossary)} words.",
        "",
        "## Claims of the page",
        "",
        _flags([claim["flag"] for claim in claims.values()]),
        "",
        "| claim | flag | concepts | skills |",
        "|---|---|---|---|",
    ]
    for id_, claim in claims.items():
        mine = [concept.id for concept in concepts if id_ in concept.claims]
        asking = " ".join(skill.id for skill in skills if skill.concept in mine)
        parts.append(f"| {id_} {claim['claim'].strip()} | {claim['flag']} | {' '.join(mine)} | {asking} |")
    parts += ["", "## Interview questions and scenarios", ""]
    rows = []
    for one in listed:
        serving = " ".join(concept.id for concept in concepts if one["id"] in concept.serves)
        asking = " ".join(skill.id for skill in skills if one["id"] in skill.serves)
        rows.append((one["id"], one["kind"], serving, asking))
    for kind in ("question", "scenario"):
        wanted = [row for row in rows if row[1] == kind]
        served = sum(bool(row[2] and row[3]) for row in wanted)
        parts.append(f"- {len(wanted)} {kind}s, {served} of them served by a concept and a skill")
    parts += ["", "| id | kind | concepts | skills |", "|---|---|---|---|"]
    parts += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(parts) + "\n"


def _flags(flags: list[str]) -> str:
    """How many claims of each flag there are."""
    counts = ", ".join(f"{flags.count(flag)} {flag}" for flag in dict.fromkeys(flags))
    return f"{len(flags)} claims: {counts}."


PAGES = {
    "docs/simulators.md": simulators_page,
    "docs/commands.md": commands_page,
    "docs/coverage.md": coverage_page,
}


def main() -> int:
    """0, or 1 when --check finds a page stale."""
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv[1:]:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print(f"{' '.join(stale)}: stale; make docs writes it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
