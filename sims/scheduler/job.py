"""What does a run keep about a process and about a core?"""

from sims.scheduler.scenario import LONGEST, Process

FOREVER = LONGEST * LONGEST  # ticks
Place = tuple[int, ...]  # where someone stands in the ready queue, lowest first


class Job:
    """A process on its way through its bursts."""

    __slots__ = ("at", "core", "index", "left", "parts", "process")

    def __init__(self, index: int, process: Process) -> None:
        self.index = index  # its place in the list
        self.process = process
        self.parts = process.parts
        self.at = 0  # which burst it is in
        self.left = self.parts[0]  # ticks of that burst, as of the start of its slice
        self.core = -1  # the core it last ran on


class Core:
    """A core: who has it, and since when."""

    __slots__ = ("begun", "job", "last", "number", "stamp", "start")

    def __init__(self, number: int) -> None:
        self.number = number
        self.job: Job | None = None  # who has it, or is being switched in
        self.last: Job | None = None  # who had it last, or has it
        self.start = 0  # when the quantum began; in the future while the core is switching
        self.begun = 0  # when the slice began: earlier where the same process went on
        self.stamp = 0  # raised to call off what the agenda still holds for this core

    def ran(self, now: int) -> int:
        """Ticks that its process has run since `start`."""
        return max(now - self.start, 0) if self.job is not None else 0
