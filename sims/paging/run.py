"""What happens at each reference? A hit, a load into a free frame, or a load in place of a victim.

Scenario ── run ──▶ Trace: one Access a reference, and the Choice behind each eviction
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sims.paging.policies import BY_NAME, Choice
from sims.paging.scenario import Scenario


class Access(NamedTuple):
    """What one reference did."""

    page: int
    write: bool
    hit: bool
    frame: int  # where the page is afterwards
    victim: int | None = None  # the page that left; None on a hit and when a free frame was taken
    dirty: bool = False  # the victim had been written to since its load, and is written back


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happened. `events[i]` is reference i + 1; `choices[i]` says why its victim left."""

    scenario: Scenario
    events: tuple[Access, ...]
    choices: tuple[Choice | None, ...]  # apart from the events: two rules may choose the same for other reasons


def run(scenario: Scenario) -> Trace:
    """One access for each reference.

    Frames start empty, so first uses are faults; a fault takes the lowest free frame, and a victim's frame only
    when none is free. FIFO does not move a page on a hit. MRU evicts the page of the reference before. OPT: ties
    (pages never used again) by lowest frame. Clock: the hand goes by frame from frame 0 and past each frame it
    fills. LFU: counts begin at 1 on load and end with eviction; ties by least recently used. NRU and aging: the
    clock interrupt comes before references reset_every + 1, 2 × reset_every + 1, …; ties by lowest frame. Random:
    one draw an eviction, draw mod frames.
    """
    memory = _Memory(scenario)
    for at, (page, write) in enumerate(scenario.references):
        memory.policy.tick(at)
        frame = memory.frame_of.get(page)
        if frame is None:
            memory.fault(page, write)
        else:
            memory.hit(page, write, frame)
    return Trace(scenario, tuple(memory.events), tuple(memory.choices))


class _Memory:
    """The state of a run."""

    def __init__(self, scenario: Scenario) -> None:
        self.policy = BY_NAME[scenario.policy](scenario)
        self.frame_of: dict[int, int] = {}
        self.held = [-1] * scenario.frames
        self.dirty = [False] * scenario.frames
        self.events: list[Access] = []
        self.choices: list[Choice | None] = []

    def hit(self, page: int, write: bool, frame: int) -> None:
        self.policy.use(frame)
        self.dirty[frame] |= write
        self.events.append(Access(page, write, True, frame))
        self.choices.append(None)

    def fault(self, page: int, write: bool) -> None:
        choice, victim, lost = None, None, False
        frame = len(self.frame_of)  # the lowest free one: frames fill in order, and none is ever given back
        if frame == len(self.held):
            choice = self.policy.choose()
            frame = choice.frame
            victim, lost = self.held[frame], self.dirty[frame]
            del self.frame_of[victim]
        self.frame_of[page], self.held[frame], self.dirty[frame] = frame, page, write
        self.policy.load(frame)
        self.events.append(Access(page, write, False, frame, victim, lost))
        self.choices.append(choice)


def tables(trace: Trace) -> Iterator[tuple[int | None, ...]]:
    """The page in each frame after every reference, in order; None where a frame is empty."""
    held: list[int | None] = [None] * trace.scenario.frames
    for access in trace.events:
        held[access.frame] = access.page
        yield tuple(held)


def hands(trace: Trace) -> Iterator[tuple[int, tuple[bool, ...]]]:
    """Clock and second-chance: the hand (the head of the queue) and the reference bits after every reference."""
    frames = trace.scenario.frames
    loaded = trace.scenario.load_bit == "set"
    stays = trace.scenario.misrule == "hand-stays"
    hand, bits = 0, [False] * frames
    for access, choice in zip(trace.events, trace.choices, strict=True):
        for frame in choice.passed if choice else ():
            bits[frame] = False
        bits[access.frame] = access.hit or loaded
        if not access.hit:
            hand = access.frame if stays else (access.frame + 1) % frames
        yield hand, tuple(bits)


def tell(trace: Trace, index: int) -> str:
    """One sentence on the reference, with the reason for the victim."""
    access = trace.events[index]
    told = bare(trace, index)
    return told if access.victim is None else f"{told[:-1]}, {reason(trace, index)}."


def bare(trace: Trace, index: int) -> str:
    """One sentence on the reference: what happens, and not by which rule."""
    access = trace.events[index]
    what = f"Reference {index + 1}, {'a write to ' if access.write else ''}page {access.page}"
    if access.hit:
        return f"{what}: a hit in frame {access.frame}."
    if access.victim is None:
        return f"{what}: a fault; frame {access.frame} is free and takes it."
    back = " and is written back" if access.dirty else ""
    return f"{what}: a fault; page {access.victim} leaves frame {access.frame}{back}."


def reason(trace: Trace, index: int) -> str:
    """Why the victim at that event was the one to leave: `loaded longest ago, at reference 2`."""
    choice = trace.choices[index]
    assert choice is not None
    return WHY[trace.scenario.policy](trace, choice)


def _furthest(trace: Trace, choice: Choice) -> str:
    if choice.by < len(trace.events):
        return f"used furthest in the future, at reference {choice.by + 1}"
    also = "; so are others, and it is in the lowest frame" if choice.tied else ""
    return f"never used again{also}"


def _hand(_trace: Trace, choice: Choice) -> str:
    passed = f", having cleared {_bits(choice)}" if choice.passed else ""
    return f"where the hand finds a clear bit{passed}"


def _queue(_trace: Trace, choice: Choice) -> str:
    passed = f", {_bits(choice)} cleared and sent to the tail before" if choice.passed else ""
    return f"at the head of the queue with its bit clear{passed}"


def _bits(choice: Choice) -> str:
    frames = " ".join(map(str, choice.passed))
    return f"that of frame {frames}" if len(choice.passed) == 1 else f"those of frames {frames}"


WHY: dict[str, Callable[[Trace, Choice], str]] = {
    "fifo": lambda _, choice: f"loaded longest ago, at reference {choice.by + 1}",
    "lru": lambda _, choice: f"last used longest ago, at reference {choice.by + 1}",
    "mru": lambda _, choice: f"used last, at reference {choice.by + 1}",
    "opt": _furthest,
    "clock": _hand,
    "second-chance": _queue,
    "lfu": lambda _, choice: f"used least often, {choice.by} {'time' if choice.by == 1 else 'times'}",
    "nru": lambda _, choice: f"in the lowest class, R {choice.by >> 1} M {choice.by & 1}",
    "aging": lambda _, choice: f"with the smallest counter, {choice.by:08b}",
    "random": lambda trace, choice: f"since {choice.by} mod {trace.scenario.frames} is {choice.frame}",
}
