"""What can be asked of a collector?"""

from fractions import Fraction

from sims.collector.rates import collection_count, free, pause, rate
from sims.collector.run import Trace, tell
from sims.collector.scenario import Mutation, Scenario, apply, reachable
from sims.declare import Measure, NoAnswer, Number, SetOf, Step

# ── a graph ─────────────────────────────────────────────────────────────────────────────────────────────────────


def objects(scenario: Scenario) -> tuple[str, ...]:
    """Every object of the scenario, in order of creation."""
    return (*(each.name for each in scenario.objects), *(m.name for m in scenario.mutations if m.op == "new"))


def _made(trace: Trace) -> list[str]:
    start = [each.name for each in trace.scenario.objects]
    return start + [event.name for event in trace.graph if event.kind == "new"]


def collected(trace: Trace) -> frozenset[str]:
    """The objects that are freed."""
    return frozenset(name for event in trace.graph for name in event.freed)


def survivors(trace: Trace) -> frozenset[str]:
    """The objects that are in memory at the end."""
    return frozenset(_made(trace)) - collected(trace)


def in_reach(trace: Trace) -> frozenset[str]:
    """The objects that the program can still reach at the end."""
    refs = {each.name: list(each.refs) for each in trace.scenario.objects}
    roots = set(trace.scenario.roots)
    for event in trace.graph:
        if event.kind == "new":
            refs[event.name] = []
        if event.kind not in ("start", "collect", "minor", "out-of-memory"):
            apply(Mutation(event.kind, event.name, event.other), refs, roots)
    return frozenset(reachable(sorted(roots), refs))


def leaked_cycles(trace: Trace) -> frozenset[str]:
    """The garbage that reference counting never frees: cycles, and what they refer to."""
    return survivors(trace) - in_reach(trace)


def promoted(trace: Trace) -> frozenset[str]:
    """The objects that are in the old generation at the end."""
    return frozenset(name for event in trace.graph for name in event.promoted) - collected(trace)


# ── rates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def collections(trace: Trace) -> int:
    """How many collections there are; for generational rates, minor ones."""
    if trace.scenario.is_graph:
        return sum(event.kind in ("collect", "minor") for event in trace.graph)
    return collection_count(trace.scenario)


def longest_pause(trace: Trace) -> Fraction:
    """ms of the longest pause; every full collection takes as long. Raises NoAnswer without a collection."""
    if not collection_count(trace.scenario):
        raise NoAnswer("there is no collection")
    return pause(trace.scenario)


def pause_total(trace: Trace) -> Fraction:
    """ms of all pauses together."""
    return collection_count(trace.scenario) * pause(trace.scenario)


def overhead(trace: Trace) -> Fraction:
    """The share of the time that goes into collections: pause/(pause + (heap − live)/rate)."""
    stop = pause(trace.scenario)
    return stop / (stop + free(trace.scenario) / rate(trace.scenario))


def promotion_rate(trace: Trace) -> Fraction:
    """MB/ms that reach the old generation: rate × survival^promote_after."""
    return rate(trace.scenario) * trace.scenario.survival**trace.scenario.promote_after


def out_of_memory(trace: Trace) -> int | str:
    """When memory runs out: the mutation, from 1; for rates 0 where the live data does not fit; or never."""
    if trace.scenario.is_graph:
        return next((event.operation for event in trace.graph if event.kind == "out-of-memory"), "never")
    assert trace.scenario.heap is not None
    return 0 if trace.scenario.live >= trace.scenario.heap else "never"


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────

_RULE = {
    "reference-counting": "counting: an object is freed when its last reference goes",
    "mark-sweep": "tracing: what cannot be reached from a root is freed",
    "generational": "a minor collection frees garbage of the nursery that nothing old refers to",
}


def _freed_steps(trace: Trace) -> list[Step]:
    rule = _RULE[trace.scenario.kind]
    return [
        Step(tell(trace, n), rule, None, None, n)
        for n, event in enumerate(trace.graph)
        if event.freed or event.promoted or event.kind in ("collect", "minor", "drop", "unlink")
    ]


def _listed(names: frozenset[str]) -> str:
    return " ".join(sorted(names)) or "none"


def _collected_steps(trace: Trace) -> tuple[Step, ...]:
    value = collected(trace)
    return (*_freed_steps(trace), Step(f"Freed in all: {_listed(value)}.", _RULE[trace.scenario.kind], value))


def _survivors_steps(trace: Trace) -> tuple[Step, ...]:
    value = survivors(trace)
    return (*_freed_steps(trace), Step(f"In memory at the end: {_listed(value)}.", _RULE[trace.scenario.kind], value))


def _leaked_steps(trace: Trace) -> tuple[Step, ...]:
    value = leaked_cycles(trace)
    rule = "a cycle keeps its own counts above zero"
    within = Step(f"The program can still reach: {_listed(in_reach(trace))}.", "reachable: from a variable", None)
    return (*_freed_steps(trace), within, Step(f"Neither freed nor reachable: {_listed(value)}.", rule, value))


def _promoted_steps(trace: Trace) -> tuple[Step, ...]:
    value = promoted(trace)
    rule = f"promoted after {trace.scenario.promote_after} collections survived"
    return (*_freed_steps(trace), Step(f"Old at the end: {_listed(value)}.", rule, value))


def _collections_steps(trace: Trace) -> tuple[Step, ...]:
    value, scenario = collections(trace), trace.scenario
    if scenario.is_graph:
        told = [step for step in _freed_steps(trace) if _is_collection(trace, step)]
        return (
            *told,
            Step(f"{value} collections.", "when the heap or the nursery is full, when asked, at the end", value),
        )
    room = free(scenario) if scenario.kind == "mark-sweep" else scenario.nursery
    says = f"{rate(scenario) * (scenario.time or 0)} MB are allocated, {room} between two collections: {value}."
    return (Step(says, "collections: time × rate/free, rounded down", value),)


def _is_collection(trace: Trace, step: Step) -> bool:
    return step.event is not None and trace.graph[step.event].kind in ("collect", "minor")


def _pause_step(scenario: Scenario) -> Step:
    value = pause(scenario)
    says = f"{scenario.mark_cost} × {scenario.live} + {scenario.sweep_cost} × {scenario.heap} = {value} ms."
    return Step(says, "pause: mark_cost × live + sweep_cost × heap", value)


def _longest_steps(trace: Trace) -> tuple[Step, ...]:
    return (_pause_step(trace.scenario),)


def _total_steps(trace: Trace) -> tuple[Step, ...]:
    count, value = collection_count(trace.scenario), pause_total(trace)
    says = f"{count} × {pause(trace.scenario)} = {value} ms."
    total = Step(says, "every collection pauses as long", value)
    return (*_collections_steps(trace), _pause_step(trace.scenario), total)


def _part(value: Fraction) -> str:
    """A number as part of a quotient or power: a fraction in brackets."""
    return str(value) if value.denominator == 1 else f"({value})"


def _overhead_steps(trace: Trace) -> tuple[Step, ...]:
    scenario, value = trace.scenario, overhead(trace)
    apart, stop = free(scenario) / rate(scenario), pause(scenario)
    between = Step(
        f"{_part(free(scenario))}/{_part(rate(scenario))} = {apart} ms.",
        "between two collections: (heap − live)/rate",
        apart,
    )
    share = Step(f"{_part(stop)}/({stop} + {apart}) = {value}.", "overhead: pause/(pause + time between)", value)
    return (_pause_step(scenario), between, share)


def _promotion_steps(trace: Trace) -> tuple[Step, ...]:
    scenario, value = trace.scenario, promotion_rate(trace)
    says = f"{rate(scenario)} × {_part(scenario.survival)}^{scenario.promote_after} = {value} MB/ms."
    return (Step(says, "promoted: what survives promote_after minor collections", value),)


def _memory_steps(trace: Trace) -> tuple[Step, ...]:
    value = out_of_memory(trace)
    if trace.scenario.is_graph:
        ends = [event for event in trace.graph if event.kind == "out-of-memory"]
        says = f"Mutation {value} finds no room for {ends[0].name}." if ends else "Every new object finds room."
        return (*_freed_steps(trace), Step(says, "out of memory: full after a full collection", value))
    relation = "do not fit" if value == 0 else "fit"
    says = f"{trace.scenario.live} MB live {relation} into {trace.scenario.heap}: {value}."
    return (Step(says, "out of memory: live ≥ heap", value),)


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


def _graph(scenario: Scenario) -> bool:
    return scenario.is_graph


def _counting(scenario: Scenario) -> bool:
    return scenario.is_graph and scenario.kind == "reference-counting"


def _aging(scenario: Scenario) -> bool:
    return scenario.is_graph and scenario.kind == "generational"


def _collects(scenario: Scenario) -> bool:
    return scenario.kind != "reference-counting"


def _pauses(scenario: Scenario) -> bool:
    return not scenario.is_graph and scenario.kind == "mark-sweep"


def _promotes(scenario: Scenario) -> bool:
    return not scenario.is_graph and scenario.kind == "generational"


MEASURES = (
    Measure(
        name="survivors",
        gives=SetOf("object", objects),
        of=survivors,
        help="The objects that are in memory at the end.",
        asks="Which objects are still in memory at the end?",
        steps=_survivors_steps,
        applies=_graph,
        source="gc-handbook-2 2",
    ),
    Measure(
        name="collected",
        gives=SetOf("object", objects),
        of=collected,
        help="The objects that are freed.",
        asks="Which objects are freed?",
        steps=_collected_steps,
        applies=_graph,
        source="gc-handbook-2 2",
    ),
    Measure(
        name="leaked-cycles",
        gives=SetOf("object", objects),
        of=leaked_cycles,
        help="The garbage that reference counting never frees: cycles, and what only they refer to.",
        asks="Which objects can no longer be reached and are never freed?",
        steps=_leaked_steps,
        applies=_counting,
        better="low",
        source="gc-handbook-2 5.5",
    ),
    Measure(
        name="promoted",
        gives=SetOf("object", objects),
        of=promoted,
        help="The objects in the old generation at the end.",
        asks="Which objects are in the old generation at the end?",
        steps=_promoted_steps,
        applies=_aging,
        source="gc-handbook-2 9",
    ),
    Measure(
        name="collections",
        gives=Number("collections"),
        of=collections,
        help="How many collections there are; for generational rates, minor ones. Rounded down.",
        asks="How many collections are there?",
        steps=_collections_steps,
        applies=_collects,
        better="low",
        source="gc-handbook-2 2",
    ),
    Measure(
        name="pause-total",
        gives=Number("ms"),
        of=pause_total,
        help="The pauses of all collections together.",
        asks="How long do all collections together take?",
        steps=_total_steps,
        applies=_pauses,
        better="low",
        source="gc-handbook-2 2",
    ),
    Measure(
        name="longest-pause",
        gives=Number("ms"),
        of=longest_pause,
        help="The longest pause: mark_cost × live + sweep_cost × heap.",
        asks="How long is the longest pause?",
        steps=_longest_steps,
        applies=_pauses,
        better="low",
        source="gc-handbook-2 2",
    ),
    Measure(
        name="overhead",
        gives=Number(),
        of=overhead,
        help="The share of all time that goes into collections: pause/(pause + (heap − live)/rate).",
        asks="Which share of all time goes into collections?",
        steps=_overhead_steps,
        applies=_pauses,
        better="low",
        source="gc-handbook-2 2",
    ),
    Measure(
        name="promotion-rate",
        gives=Number("MB/ms"),
        of=promotion_rate,
        help="What reaches the old generation: rate × survival^promote_after.",
        asks="How much reaches the old generation, in MB/ms?",
        steps=_promotion_steps,
        applies=_promotes,
        better="low",
        source="gc-handbook-2 9",
    ),
    Measure(
        name="out-of-memory",
        gives=Number("", words=("never",)),
        of=out_of_memory,
        help="When memory runs out: at which mutation, from 1; for rates 0 if the live data does not fit; or never.",
        asks="At which mutation does memory run out (numbered from 1, or never)?",
        steps=_memory_steps,
        applies=lambda scenario: scenario.heap is not None,
        source="gc-handbook-2 2",
    ),
)
