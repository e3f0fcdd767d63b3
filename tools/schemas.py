"""Can an editor complete and complain? Writes the built-in pack's JSON Schemas, and the line that names them.

    python -m tools.schemas           write content/.schema/, and a first line into each file that has none
    python -m tools.schemas --check   only say what is missing or stale; exit status 1 where something is

The schemas are made from the structs that read content and from the simulators' declarations (trainer/bank/schema.py),
as `osdrill new` does for another pack.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from trainer.bank.schema import schemas

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
FOLDER = ".schema"
LINE = "# yaml-language-server: $schema={}\n"


def wanted(content: Path) -> Iterator[tuple[Path, str]]:
    """Each file that should be otherwise, with its text as it should be."""
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
        path = content / FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path, text
    for path in sorted([*content.glob("*.yaml"), *content.glob("*/*.yaml")]):
        text, line = path.read_text(encoding="utf-8"), modeline(path, content)
        if line and not text.startswith(line):
            yield path, line + without(text)


def modeline(path: Path, content: Path) -> str:
    """The first line that a file should have; empty where there is no schema for it."""
    if path.parent != content:
        return LINE.format(f"../{FOLDER}/skills.json")
    return LINE.format(f"{FOLDER}/{path.stem}.json") if f"{path.stem}.json" in schemas() else ""


def without(text: str) -> str:
    """The text without a first line of this kind that names another schema."""
    first, _, rest = text.partition("\n")
    return rest if first.startswith("# yaml-language-server:") else text


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = list(wanted(CONTENT))
    for path, text in stale:
        if options.check:
            print(f"{path.relative_to(ROOT)} is stale: run `make schemas`", file=sys.stderr)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
