"""How do people get paging wrong? Another policy in place of the one asked, or another count of the same trace."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sims.declare import Mistake, NoAnswer
from sims.paging.measures import (
    compulsory_faults,
    evictions,
    faults,
    faults_by_frames,
    first_eviction,
    first_hit,
    hits,
    victims,
)
from sims.paging.run import Trace, run
from sims.paging.scenario import Scenario

CLOCKS = ("clock", "second-chance")
Rule = Callable[[Scenario], Scenario]


def instead(policies: tuple[str, ...], other: str) -> Rule:
    """The rule that takes `other` where the policy is one of these; elsewhere nothing changes."""

    def rule(scenario: Scenario) -> Scenario:
        return replace(scenario, policy=other) if scenario.policy in policies else scenario

    return rule


def misruled(policies: tuple[str, ...], word: str) -> Rule:
    """The rule that errs by `word` where the policy is one of these; elsewhere nothing changes."""

    def rule(scenario: Scenario) -> Scenario:
        return replace(scenario, misrule=word) if scenario.policy in policies else scenario

    return rule


def _other_load_bit(scenario: Scenario) -> Scenario:
    if scenario.policy not in CLOCKS:
        return scenario
    return replace(scenario, load_bit="clear" if scenario.load_bit == "set" else "set")


def _interrupt_one_late(scenario: Scenario) -> Scenario:
    if scenario.policy not in ("nru", "aging"):
        return scenario
    return replace(scenario, reset_every=scenario.reset_every + 1)


# ── another count of the same trace ─────────────────────────────────────────────────────────────────────────────


def _faults_without_first_uses(trace: Trace) -> int:
    return faults(trace) - compulsory_faults(trace)


def _first_uses_hit(trace: Trace) -> str:
    seen: set[int] = set()
    marks = []
    for access in trace.events:
        marks.append("H" if access.hit or access.page not in seen else "M")
        seen.add(access.page)
    return "".join(marks)


def _rate_with_first_uses_as_hits(trace: Trace) -> Fraction:
    return 1 - Fraction(_faults_without_first_uses(trace), len(trace.events))


def _rate_without_first_uses(trace: Trace) -> Fraction:
    left = len(trace.events) - compulsory_faults(trace)
    if not left:
        raise NoAnswer("every reference is a first use")
    return Fraction(hits(trace), left)


def _curve_of(count: Callable[[Trace], int]) -> Callable[..., tuple[int, ...]]:
    def curve(trace: Trace, **span: int) -> tuple[int, ...]:
        full = faults_by_frames(trace, **span)
        frames = range(span["from"], span["to"] + 1)
        runs = (run(replace(trace.scenario, frames=number)) for number in frames)
        return tuple(total - faults(one) + count(one) for total, one in zip(full, runs, strict=True))

    return curve


def _never_rising(trace: Trace, **span: int) -> tuple[int, ...]:
    return tuple(accumulate(faults_by_frames(trace, **span), min))


def _only_replacements_miss(trace: Trace) -> str:
    return "".join("H" if access.victim is None else "M" for access in trace.events)


def _newest_first(trace: Trace) -> tuple[tuple[int | str, ...], ...]:
    """The table of someone who shifts every page along, newest on top: frames do not move."""
    held: list[int] = []
    rows: list[tuple[int | str, ...]] = []
    for access in trace.events:
        if access.victim is not None:
            held.remove(access.victim)
        if not access.hit:
            held.insert(0, access.page)
        rows.append((*held, *("-" for _ in range(trace.scenario.frames - len(held)))))
    return tuple(rows)


def _pages_loaded(trace: Trace) -> tuple[int, ...]:
    return tuple(access.page for access in trace.events if access.victim is not None)


def _writes(trace: Trace) -> int:
    return sum(access.write for access in trace.events)


def _dirty_at_the_end_too(trace: Trace) -> int:
    dirty: dict[int, bool] = {}
    for access in trace.events:
        dirty[access.frame] = access.write or (access.hit and dirty[access.frame])
    return sum(access.dirty for access in trace.events) + sum(dirty.values())


def _states_load_bit(scenario: Scenario) -> str:
    if scenario.policy not in CLOCKS:
        return ""
    if scenario.load_bit == "set":
        return "Loading a page sets its reference bit."
    return "A page just loaded has its reference bit clear; only a later hit sets it."


def _states_all_references(_scenario: Scenario) -> str:
    return "The rate is over all references, first uses included."


def _states_lfu_tie(_scenario: Scenario) -> str:
    return "Of pages used equally often, the least recently used leaves."


def _states_lfu_count(_scenario: Scenario) -> str:
    return "A page's count begins at 1 when it is loaded and is lost when it is evicted."


Values = dict[str, Callable[..., Any]]
COLD_MISSED: Values = {
    "faults": _faults_without_first_uses,
    "hit-rate": _rate_with_first_uses_as_hits,
    "hits": lambda trace: hits(trace) + compulsory_faults(trace),
    "hit-string": _first_uses_hit,
    "faults-by-frames": _curve_of(_faults_without_first_uses),
}
REPLACEMENTS: Values = {
    "faults": evictions,
    "hits": lambda trace: len(trace.events) - evictions(trace),
    "hit-string": _only_replacements_miss,
    "hit-rate": lambda trace: 1 - Fraction(evictions(trace), len(trace.events)),
    "faults-by-frames": _curve_of(evictions),
}


def _hits_over_faults(trace: Trace) -> Fraction:
    return Fraction(hits(trace), faults(trace))


def _fault_rate(trace: Trace) -> Fraction:
    return Fraction(faults(trace), len(trace.events))


MISTAKES = (
    Mistake(
        id="compulsory-not-counted",
        clause="the first use of a page is not counted as a fault",
        says="Frames start empty, so the first use of a page is a fault as well.",
        measures=COLD_MISSED,
    ),
    Mistake(
        id="replacements-for-faults",
        clause="only the faults that evict a page are counted",
        says="A fault that finds a free frame is a fault too: the page had to be read.",
        measures=REPLACEMENTS,
    ),
    Mistake(
        id="faults-for-evictions",
        clause="every fault is taken to evict a page",
        says="As long as a frame is free, a fault evicts nothing.",
        measures={"evictions": faults},
    ),
    Mistake(
        id="hit-rate-wrong-total",
        clause="the hits are divided by the faults",
        says="A rate is a part of the whole: hits over all references, hits and faults together.",
        measures={"hit-rate": _hits_over_faults},
    ),
    Mistake(
        id="fault-rate-for-hit-rate",
        clause="the faults are divided by the references",
        says="That is the fault rate. The hit rate is what remains to 1.",
        measures={"hit-rate": _fault_rate},
    ),
    Mistake(
        id="more-frames-never-hurt",
        clause="a further frame is taken never to add a fault",
        says="That holds for stack algorithms such as LRU and OPT. FIFO can fault more often with more frames.",
        measures={"faults-by-frames": _never_rising},
    ),
    Mistake(
        id="parting-at-first-eviction",
        clause="the two are taken to part as soon as a page leaves",
        says="Until a page was used again, the one loaded first is also the one used longest ago: both evict it.",
        measures={"parting": first_eviction},
    ),
    Mistake(
        id="parting-at-first-hit",
        clause="the hit itself is taken for the difference",
        says="A hit changes what LRU knows. It shows only when a page has to leave.",
        measures={"parting": first_hit},
    ),
    Mistake(
        id="loaded-for-victims",
        clause="the pages that come in are listed",
        says="The victims are the pages that leave to make room.",
        measures={"victims": _pages_loaded},
    ),
    Mistake(
        id="frames-as-queue",
        clause="pages move from frame to frame as newer ones are loaded",
        says="A page stays in its frame until it is evicted; the new page takes the frame of the victim.",
        measures={"frames-after": _newest_first},
    ),
    Mistake(
        id="every-write-goes-back",
        clause="every write is taken to go to disk",
        says="A write only makes the page dirty. It goes to disk once, when the page is evicted.",
        measures={"write-backs": _writes},
    ),
    Mistake(
        id="dirty-at-end-counted",
        clause="pages that are dirty at the end are counted",
        says="A dirty page that is still resident has not been written back.",
        measures={"write-backs": _dirty_at_the_end_too},
    ),
    Mistake(
        id="every-victim-goes-back",
        clause="every evicted page is written to disk",
        says="A clean page has its copy on disk already and is dropped.",
        measures={"write-backs": lambda trace: len(victims(trace))},
    ),
    Mistake(
        id="evictions-for-compulsory",
        clause="the faults that evict a page are counted as compulsory",
        says="Compulsory faults are the first uses of pages, whatever the policy and the number of frames.",
        measures={"compulsory-faults": evictions},
    ),
    Mistake(
        id="frames-for-compulsory",
        clause="only the faults that fill the empty frames are counted as compulsory",
        says="The first use of a page is compulsory also when the frames are full by then.",
        measures={"compulsory-faults": lambda trace: faults(trace) - evictions(trace)},
    ),
    Mistake(
        id="fifo-moves-on-hit",
        clause="a hit makes the page young again",
        says="That is LRU. FIFO goes by the time of loading; a hit moves nothing.",
        rule=instead(("fifo",), "lru"),
    ),
    Mistake(
        id="lru-by-load-time",
        clause="the page that was loaded first leaves",
        says="That is FIFO. LRU goes by the last use, and every hit is a use.",
        rule=instead(("lru",), "fifo"),
    ),
    Mistake(
        id="opt-looks-back",
        clause="the page whose last use is longest ago leaves",
        says="That is LRU. OPT looks forward: the page whose next use is furthest away leaves.",
        rule=instead(("opt",), "lru"),
    ),
    Mistake(
        id="mru-for-lru",
        clause="the page used last leaves",
        says="That is MRU. Least recently used means that its last use is longest ago.",
        rule=instead(("lru",), "mru"),
    ),
    Mistake(
        id="lru-for-mru",
        clause="the page whose last use is longest ago leaves",
        says="That is LRU. MRU evicts the page that was used last.",
        rule=instead(("mru",), "lru"),
    ),
    Mistake(
        id="lfu-is-lru",
        clause="the page whose last use is longest ago leaves",
        says="That is LRU. LFU counts the uses since the load; recency only breaks ties.",
        rule=instead(("lfu",), "lru"),
    ),
    Mistake(
        id="clock-is-fifo",
        clause="the reference bits are ignored",
        says="That is FIFO. A page whose bit is set is passed over once, and its bit cleared.",
        rule=instead(CLOCKS, "fifo"),
    ),
    Mistake(
        id="clock-is-lru",
        clause="the page whose last use is longest ago leaves",
        says="That is LRU. Clock has one bit a page, and the hand decides who is looked at first.",
        rule=instead(CLOCKS, "lru"),
    ),
    Mistake(
        id="hand-stays",
        clause="the hand stays at the frame that was just filled",
        says="The hand advances past a frame that it fills, so the newest page is looked at last.",
        rule=misruled(("clock",), "hand-stays"),
    ),
    Mistake(
        id="modified-before-referenced",
        clause="a modified page counts for more than a referenced one",
        says="R counts more than M: a page modified long ago leaves before a clean one in use.",
        rule=misruled(("nru",), "modified-first"),
    ),
    Mistake(
        id="interrupt-one-late",
        clause="the clock interrupt comes one reference late",
        says="It comes before references k × n + 1, counted from 1: after every n references.",
        rule=_interrupt_one_late,
    ),
    Mistake(
        id="aging-is-lru",
        clause="the page whose last use is longest ago leaves",
        says="That is LRU. Aging knows only in which intervals a page was used, not when within one.",
        rule=instead(("aging",), "lru"),
    ),
    Mistake(
        id="other-load-bit",
        clause="the reference bit of a page just loaded is the other way round",
        says="Textbooks differ in whether loading sets the bit; the question says which holds.",
        rule=_other_load_bit,
        convention=True,
        states=_states_load_bit,
    ),
    Mistake(
        id="lfu-tie-by-load",
        clause="of pages used equally often the one loaded first leaves",
        says="Textbooks break this tie by load or by last use; the question says which holds.",
        rule=misruled(("lfu",), "tie-by-load"),
        convention=True,
        states=_states_lfu_tie,
    ),
    Mistake(
        id="lfu-count-kept",
        clause="a page's count is kept while it is out of memory",
        says="Some count over the whole run, some since the load; the question says which holds.",
        rule=misruled(("lfu",), "counts-kept"),
        convention=True,
        states=_states_lfu_count,
    ),
    Mistake(
        id="rate-without-compulsory",
        clause="first uses are left out of the total",
        says="OSTEP gives this figure too, as the rate modulo compulsory misses; here every reference counts.",
        measures={"hit-rate": _rate_without_first_uses},
        convention=True,
        states=_states_all_references,
    ),
)
