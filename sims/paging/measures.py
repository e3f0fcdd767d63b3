"""What can be asked of a paging trace? Counts, rates, the victims, the table, and the curve over frames.

References are counted from 1. Every measure is a function of the trace, with the steps of its worked solution.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

from sims.declare import Argument, HitString, Limit, Measure, NoAnswer, Number, SequenceOf, SetOf, Step, StepOf, TableOf
from sims.paging.carried import next_frames
from sims.paging.run import Trace, run, tables, tell
from sims.paging.scenario import FRAMES, LONGEST, Scenario

CELLS = 2_000_000
SILBERSCHATZ = "silberschatz-10 10.4"
RULE = {
    "fifo": "FIFO: the page loaded first leaves; a hit moves nothing",
    "lru": "LRU: the page whose last use is longest ago leaves",
    "opt": "OPT: the page used furthest in the future leaves",
    "clock": "clock: the hand clears set bits and stops at the first clear one",
    "second-chance": "second chance: a set bit at the head sends the page to the tail, cleared",
    "lfu": "LFU: the page used least often since its load leaves; ties by least recently used",
    "mru": "MRU: the page used last leaves",
    "nru": "NRU: the lowest class of R and M leaves; ties by lowest frame",
    "aging": "aging: the smallest counter leaves; ties by lowest frame",
    "random": "random: the draw, mod frames, names the frame",
}
COLD = "frames start empty: the first use of a page is a fault"


# ── the quantities ──────────────────────────────────────────────────────────────────────────────────────────────


def faults(trace: Trace) -> int:
    """References that find their page absent, first uses included."""
    return sum(not access.hit for access in trace.events)


def hits(trace: Trace) -> int:
    """References that find their page resident."""
    return sum(access.hit for access in trace.events)


def hit_rate(trace: Trace) -> Fraction:
    """Hits over all references."""
    return Fraction(hits(trace), len(trace.events))


def evictions(trace: Trace) -> int:
    """Faults that take a page's frame away."""
    return sum(access.victim is not None for access in trace.events)


def victims(trace: Trace) -> tuple[int, ...]:
    """The pages that leave, in order."""
    return tuple(access.victim for access in trace.events if access.victim is not None)


def hit_string(trace: Trace) -> str:
    """H for a hit and M for a fault, one a reference."""
    return "".join("H" if access.hit else "M" for access in trace.events)


def frames_after(trace: Trace) -> tuple[tuple[int | str, ...], ...]:
    """One row a reference: the page in each frame after it, `-` where a frame is empty. Raises Limit."""
    cells = len(trace.events) * trace.scenario.frames
    if cells > CELLS:
        raise Limit(f"the table has {cells} cells; at most {CELLS} are made")
    return tuple(tuple("-" if page is None else page for page in row) for row in tables(trace))


def parting(trace: Trace) -> int:
    """The first reference, from 1, at which the other of LRU and FIFO takes another page out. Raises NoAnswer."""
    return _first_apart(trace, frames_after(run(other_of_two(trace.scenario))))


def _first_apart(trace: Trace, other: tuple[tuple[int | str, ...], ...]) -> int:
    pairs = zip(frames_after(trace), other, strict=True)
    at = next((n for n, (mine, theirs) in enumerate(pairs, 1) if mine != theirs), None)
    if at is None:
        raise NoAnswer("the two do the same throughout")
    return at


def first_eviction(trace: Trace) -> int:
    """The first reference, from 1, at which a page leaves: where the two are believed to part. Raises NoAnswer."""
    return _first(trace, lambda access: access.victim is not None)


def first_hit(trace: Trace) -> int:
    """The first reference, from 1, that hits: only from there on the two know different things. Raises NoAnswer."""
    return _first(trace, lambda access: access.hit)


def _first(trace: Trace, holds: Any) -> int:
    at = next((n for n, access in enumerate(trace.events, 1) if holds(access)), None)
    if at is None:
        raise NoAnswer("there is none")
    return at


def other_of_two(scenario: Scenario) -> Scenario:
    """The scenario under the other of LRU and FIFO."""
    return replace(scenario, policy="fifo" if scenario.policy == "lru" else "lru")


def write_backs(trace: Trace) -> int:
    """Victims that were written to since their load; pages still resident at the end are not counted."""
    return sum(access.dirty for access in trace.events)


def compulsory_faults(trace: Trace) -> int:
    """Faults at the first use of a page: the number of distinct pages."""
    return len({access.page for access in trace.events})


def resident_at(trace: Trace, i: int) -> frozenset[int]:
    """The pages in memory after reference i. Raises NoAnswer where there is no such reference."""
    _there(trace, i)
    held: dict[int, int] = {}
    for access in trace.events[:i]:
        held[access.frame] = access.page
    return frozenset(held.values())


def victim_at(trace: Trace, i: int) -> int | str:
    """The page that leaves at reference i, or `none`. Raises NoAnswer where there is no such reference."""
    _there(trace, i)
    victim = trace.events[i - 1].victim
    return "none" if victim is None else victim


def _there(trace: Trace, i: int) -> None:
    if not 1 <= i <= len(trace.events):
        raise NoAnswer(f"there are {len(trace.events)} references, no reference {i}")


def faults_by_frames(trace: Trace, **span: int) -> tuple[int, ...]:
    """The faults of the same string with `from`, from + 1, …, `to` frames. Raises NoAnswer and Limit."""
    return tuple(faults(run(scenario)) for scenario in by_frames(trace, **span))


def by_frames(trace: Trace, **span: int) -> tuple[Scenario, ...]:
    """The scenario with each number of frames. Raises NoAnswer (random: other evictions, other draws) and Limit."""
    first, last = span["from"], span["to"]
    if trace.scenario.policy == "random":
        raise NoAnswer("other frames need other draws")
    if not first <= last:
        raise NoAnswer("from is greater than to")
    work = (last - first + 1) * len(trace.events)
    if work > CELLS:
        raise Limit(f"the curve takes {work} references; at most {CELLS} are run")
    return tuple(replace(trace.scenario, frames=frames) for frames in range(first, last + 1))


def opt_tie(trace: Trace, **_arguments: int) -> bool:
    """Whether OPT chose among several pages that are never used again: then its victims are a matter of taste."""
    return any(choice is not None and choice.tied for choice in trace.choices)


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────


def rule_at(trace: Trace, index: int) -> str:
    """The rule that decides that reference."""
    access = trace.events[index]
    if access.hit:
        return "a page that is resident is a hit"
    return COLD if access.victim is None else RULE[trace.scenario.policy]


def _fault_steps(trace: Trace) -> tuple[Step, ...]:
    return _counted(trace, lambda access: not access.hit, "Faults")


def _hit_steps(trace: Trace) -> tuple[Step, ...]:
    return _counted(trace, lambda access: access.hit, "Hits")


def _counted(trace: Trace, counts: Any, what: str) -> tuple[Step, ...]:
    steps, total = [], 0
    for index, access in enumerate(trace.events):
        total += counts(access)
        says = f"{tell(trace, index)} {what} so far: {total}."
        steps.append(Step(says, rule_at(trace, index), total, None, index))
    return tuple(steps)


def _hit_rate_steps(trace: Trace) -> tuple[Step, ...]:
    rate = hit_rate(trace)
    says = f"{hits(trace)} of {len(trace.events)} references hit: {rate}."
    return (*_hit_steps(trace), Step(says, "hit rate: hits over all references", rate))


def _eviction_steps(trace: Trace) -> tuple[Step, ...]:
    return _only(trace, lambda access: access.victim is not None, "Evictions", "a fault with a free frame evicts none")


def _write_back_steps(trace: Trace) -> tuple[Step, ...]:
    return _only(trace, lambda access: access.dirty, "Write-backs", "only a victim written to is written back")


def _only(trace: Trace, counts: Any, what: str, rule: str) -> tuple[Step, ...]:
    steps, total = [], 0
    for index, access in enumerate(trace.events):
        if counts(access):
            total += 1
            steps.append(Step(f"{tell(trace, index)} {what} so far: {total}.", rule, total, None, index))
    return (*steps, Step(f"{what} in all: {total}.", rule, total))


def _victim_steps(trace: Trace) -> tuple[Step, ...]:
    evicting = [index for index, access in enumerate(trace.events) if access.victim is not None]
    if not evicting:
        return (Step("Every fault finds a free frame: no page leaves.", COLD, ()),)
    rule = RULE[trace.scenario.policy]
    return tuple(
        Step(tell(trace, index), rule, trace.events[index].victim, key, index) for key, index in enumerate(evicting)
    )


def _hit_string_steps(trace: Trace) -> tuple[Step, ...]:
    return tuple(
        Step(tell(trace, index), rule_at(trace, index), "H" if access.hit else "M", index, index)
        for index, access in enumerate(trace.events)
    )


def _table_steps(trace: Trace) -> tuple[Step, ...]:
    return tuple(
        Step(f"{tell(trace, index)} In memory: {_row(row)}.", rule_at(trace, index), row, index, index)
        for index, row in enumerate(frames_after(trace))
    )


def _row(row: tuple[int | str, ...]) -> str:
    return " ".join(map(str, row))


def _parting_steps(trace: Trace) -> tuple[Step, ...]:
    at, other = parting(trace), run(other_of_two(trace.scenario))
    mine, theirs = trace.scenario.policy.upper(), other.scenario.policy.upper()
    evicting = [n for n in range(at) if trace.events[n].victim is not None]
    same = tuple(
        Step(f"{tell(trace, n)} {theirs} takes the same.", rule_at(trace, n), None, None, n) for n in evicting[:-1]
    )
    says = f"{tell(trace, at - 1)} {theirs} would take page {other.events[at - 1].victim}: here {mine} and it part."
    return (*same, Step(says, f"{RULE['lru']}; {RULE['fifo']}", at, None, at - 1))


def _compulsory_steps(trace: Trace) -> tuple[Step, ...]:
    steps: list[Step] = []
    seen: set[int] = set()
    for index, access in enumerate(trace.events):
        if access.page not in seen:
            seen.add(access.page)
            says = f"Reference {index + 1} is the first to page {access.page}. First uses so far: {len(seen)}."
            steps.append(Step(says, COLD, len(seen), None, index))
    return tuple(steps)


def _resident_steps(trace: Trace, i: int) -> tuple[Step, ...]:
    answer = resident_at(trace, i)
    told = tuple(
        Step(
            tell(trace, index), rule_at(trace, index), frozenset(page for page in row if page is not None), None, index
        )
        for index, row in enumerate(islice(tables(trace), i - 1))
    )
    pages = " ".join(map(str, sorted(answer)))
    last = f"{tell(trace, i - 1)} In memory: {pages}."
    return (*told, Step(last, rule_at(trace, i - 1), answer, None, i - 1))


def _victim_at_steps(trace: Trace, i: int) -> tuple[Step, ...]:
    answer = victim_at(trace, i)
    before = " ".join(map(str, sorted(resident_at(trace, i - 1)))) if i > 1 else "nothing"
    frames = trace.scenario.frames
    return (
        Step(f"Before reference {i} the {frames} frames hold {before}.", "frames start empty", before),
        Step(tell(trace, i - 1), rule_at(trace, i - 1), answer, None, i - 1),
    )


def _curve_steps(trace: Trace, **span: int) -> tuple[Step, ...]:
    steps = []
    for key, scenario in enumerate(by_frames(trace, **span)):
        count = faults(run(scenario))
        says = f"With {scenario.frames} {'frame' if scenario.frames == 1 else 'frames'}: {count} faults."
        steps.append(Step(says, RULE[scenario.policy], count, key))
    return tuple(steps)


# ── the declarations ────────────────────────────────────────────────────────────────────────────────────────────


def frame_columns(scenario: Scenario) -> tuple[str, ...]:
    """The columns of the table: one a frame."""
    return tuple(f"frame-{frame}" for frame in range(scenario.frames))


def _references(trace: Trace) -> tuple[str, ...]:
    """The references to choose from; what they do is for the learner to find."""
    return tuple(f"reference {n} to page {access.page}" for n, access in enumerate(trace.events, 1))


def not_random(scenario: Scenario) -> bool:
    """Whether the policy needs no draws."""
    return scenario.policy != "random"


MEASURES = (
    Measure(
        name="faults",
        gives=Number("faults"),
        of=faults,
        help="References whose page is absent; the first use of a page counts.",
        asks="How many page faults occur?",
        steps=_fault_steps,
        better="low",
        source=SILBERSCHATZ,
    ),
    Measure(
        name="hits",
        gives=Number("hits"),
        of=hits,
        help="References whose page is resident.",
        asks="How many references hit?",
        steps=_hit_steps,
        better="high",
        source="ostep 22.1",
    ),
    Measure(
        name="hit-rate",
        gives=Number(),
        of=hit_rate,
        help="Hits over all references.",
        asks="What is the hit rate, as a fraction of all references?",
        steps=_hit_rate_steps,
        better="high",
        source="ostep 22",
    ),
    Measure(
        name="evictions",
        gives=Number("evictions"),
        of=evictions,
        help="Faults that take a page's frame away; a fault that finds a free frame is none.",
        asks="How many pages are evicted?",
        steps=_eviction_steps,
        better="low",
        source="silberschatz-10 10.4.1",
    ),
    Measure(
        name="victims",
        gives=SequenceOf("page"),
        of=victims,
        help="The pages that leave, in order.",
        asks="Which pages are evicted, in order?",
        steps=_victim_steps,
        tied=opt_tie,
        source="silberschatz-10 10.4.1",
    ),
    Measure(
        name="hit-string",
        gives=HitString(),
        of=hit_string,
        help="H for a hit, M for a fault, one a reference.",
        asks="Which references hit (H), which fault (M)?",
        steps=_hit_string_steps,
        source="ostep 22.2",
    ),
    Measure(
        name="frames-after",
        gives=TableOf(frame_columns, "reference"),
        of=frames_after,
        help="The page in each frame after every reference, `-` where a frame is empty.",
        asks="What do the frames hold after each reference?",
        steps=_table_steps,
        tied=opt_tie,
        follows=next_frames,
        source="silberschatz-10 10.4.2",
    ),
    Measure(
        name="parting",
        gives=StepOf(_references),
        of=parting,
        help="Under LRU: the first reference at which FIFO would evict another page; and the other way round.",
        asks="LRU and FIFO do the same at first. Which is the first reference at which they evict different pages?",
        steps=_parting_steps,
        applies=lambda scenario: scenario.policy in ("lru", "fifo"),
    ),
    Measure(
        name="write-backs",
        gives=Number("pages"),
        of=write_backs,
        help="Victims that were written to since their load; what is resident at the end is not counted.",
        asks="How many pages are written back to disk?",
        steps=_write_back_steps,
        better="low",
        tied=opt_tie,
        source=SILBERSCHATZ,
    ),
    Measure(
        name="compulsory-faults",
        gives=Number("faults"),
        of=compulsory_faults,
        help="Faults at the first use of a page: no policy and no number of frames avoids them.",
        asks="How many of the faults are compulsory (first uses)?",
        steps=_compulsory_steps,
        source="ostep 22",
    ),
    Measure(
        name="resident-at",
        gives=SetOf("page"),
        of=resident_at,
        help="The pages in memory after reference i.",
        asks="Which pages are in memory after reference {i} (counted from 1)?",
        steps=_resident_steps,
        arguments=(Argument("i", "the reference, counted from 1", 1, LONGEST),),
        tied=opt_tie,
        source="silberschatz-10 10.4.1",
    ),
    Measure(
        name="victim-at",
        gives=Number("", words=("none",)),
        of=victim_at,
        help="The page that leaves at reference i, or none.",
        asks="Which page is evicted at reference {i} (counted from 1; none if no page leaves)?",
        steps=_victim_at_steps,
        arguments=(Argument("i", "the reference, counted from 1", 1, LONGEST),),
        tied=opt_tie,
        source="silberschatz-10 10.4.1",
    ),
    Measure(
        name="faults-by-frames",
        gives=SequenceOf("count"),
        of=faults_by_frames,
        help="The faults of the same string with from, from + 1, …, to frames: the curve.",
        asks="How many faults occur with each number of frames from {from} to {to}?",
        steps=_curve_steps,
        arguments=(
            Argument("from", "the smallest number of frames", 1, FRAMES),
            Argument("to", "the greatest number of frames", 1, FRAMES),
        ),
        applies=not_random,
        source="belady-1969",
    ),
)
