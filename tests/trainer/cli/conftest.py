"""osdrill as a program of its own: real arguments, real streams, a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Result(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Osdrill = Callable[..., Result]


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment with a home of its own."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "xterm", "COLUMNS": "80"}
    return {**kept, **more}


@pytest.fixture
def osdrill(tmp_path: Path) -> Osdrill:
    """osdrill(*arguments, stdin=b"", **environment) -> Result"""

    def call(*arguments: str, stdin: bytes | str = b"", **more: str) -> Result:
        command: Sequence[str] = (sys.executable, "-c", "from trainer.cli.main import run; run()", *arguments)
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command, input=data, capture_output=True, env=environment(tmp_path, **more), timeout=120, check=False
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
