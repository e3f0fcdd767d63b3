"""Where are a learner's reports on questions kept? As JSON lines beside the history, for whoever writes the content.

    {"name": "rr.waiting@1/1#7", "scenario": {…}, "answer": "7 5 5", "right": "7 5 4", "says": "…", "at": "…Z"}

A line that was cut off or is none of ours is passed over.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple


class Report(NamedTuple):
    """What somebody says about a question."""

    name: str  # of the question
    scenario: Any  # as JSON has it; None for an authored question
    answer: str  # as typed; empty where it was not answered yet
    right: str  # what we hold to be right
    says: str  # a line of the learner's, or nothing
    at: str  # UTC instant


def keep(path: Path, report: Report) -> None:
    """Append a report, and wait for the disk. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(report._asdict(), ensure_ascii=False).encode(errors="backslashreplace")
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def kept(path: Path) -> list[Report]:
    """All reports, in order; none where there is no file. Raises OSError."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [one for one in map(_read, file) if one is not None]


def _read(line: bytes) -> Report | None:
    try:
        raw = json.loads(line)
        return Report(**{name: raw[name] for name in Report._fields})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
