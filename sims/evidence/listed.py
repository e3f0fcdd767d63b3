"""Which evidence is there? One line a file; imported when an incident of it is drawn."""

from functools import cache
from importlib import import_module

from sims.evidence.declare import Evidence

FILES = (
    "cpu",
    "container",
    "memory",
    "sums",
    "locks",
    "processes",
    "io",
    "sockets",
    "gc",
)


@cache
def _of(file: str) -> dict[str, Evidence]:
    found: tuple[Evidence, ...] = import_module(f"sims.evidence.{file}").EVIDENCE
    return {one.name: one for one in found}


def evidence(name: str) -> Evidence:
    """The evidence of that name, `cpu.throttling`. Raises KeyError."""
    file, _, rest = name.partition(".")
    if file not in FILES:
        raise KeyError(name)
    return _of(file)[rest]


def names() -> list[str]:
    """Every name, for messages."""
    return [f"{file}.{name}" for file in FILES for name in _of(file)]
