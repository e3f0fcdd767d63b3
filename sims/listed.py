"""Which simulators are there? One line each; a module is imported when its simulator is first asked for."""

from functools import cache
from importlib import import_module

from sims.declare import Simulator

MODULES = {
    "switching": "sims.switching",
    "collector": "sims.collector",
    "allocator": "sims.allocator",
    "scheduler": "sims.scheduler",
    "deadlock": "sims.deadlock",
    "descriptors": "sims.descriptors",
    "disk": "sims.disk",
    "syscalls": "sims.syscalls",
    "readiness": "sims.readiness",
    "processes": "sims.processes",
    "io": "sims.server",
    "paging": "sims.paging",
    "thrashing": "sims.thrashing",
    "translation": "sims.translation",
    "threads": "sims.threads",
}


@cache
def simulator(name: str) -> Simulator:
    """The simulator of that name. Raises KeyError."""
    declared = import_module(MODULES[name]).SIMULATOR
    assert isinstance(declared, Simulator)
    return declared
