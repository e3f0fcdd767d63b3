"""What do people believe of collectors that is not so?"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from sims.collector.measures import objects
from sims.collector.rates import free, pause, rate
from sims.collector.run import Trace
from sims.collector.scenario import Scenario
from sims.declare import Mistake, NoAnswer


def _under(misrule: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule)


def _traced(scenario: Scenario) -> Scenario:
    return replace(scenario, kind="mark-sweep") if scenario.is_graph else scenario


def _counted(scenario: Scenario) -> Scenario:
    return replace(scenario, kind="reference-counting") if scenario.is_graph else scenario


def _a_collection_more(scenario: Scenario) -> Scenario:
    return replace(scenario, promote_after=scenario.promote_after + 1)


def _promoted_at_once(scenario: Scenario) -> Scenario:
    return replace(scenario, promote_after=1)


def _nothing(_trace: Trace) -> frozenset[str]:
    return frozenset()


def _everything(trace: Trace) -> frozenset[str]:
    return frozenset(objects(trace.scenario))


def _when_full(trace: Trace) -> Fraction:
    """ms until the free part of the heap is used up once."""
    return free(trace.scenario) / rate(trace.scenario)


def _at_the_first_full_heap(trace: Trace) -> int:
    """The mutation that finds the heap full if nothing were ever freed."""
    count = len(trace.scenario.objects)
    for n, mutation in enumerate(trace.scenario.mutations, 1):
        count += mutation.op == "new"
        if trace.scenario.heap is not None and count > trace.scenario.heap:
            return n
    raise NoAnswer("the heap is never full")


def _memory_or_leak(trace: Trace) -> int | Fraction:
    return _at_the_first_full_heap(trace) if trace.scenario.is_graph else _when_full(trace)


def _once_more(trace: Trace) -> int:
    if trace.scenario.is_graph:
        raise NoAnswer("nothing is rounded")
    assert trace.scenario.time is not None
    apart = free(trace.scenario) if trace.scenario.kind == "mark-sweep" else trace.scenario.nursery
    assert apart is not None
    return -int(-trace.scenario.time * rate(trace.scenario) // apart)


def _mutator_only(trace: Trace) -> Fraction:
    """Pauses over the time between, not over all time."""
    return pause(trace.scenario) * rate(trace.scenario) / free(trace.scenario)


def _died_young(trace: Trace) -> Fraction:
    return rate(trace.scenario) * (1 - trace.scenario.survival) ** trace.scenario.promote_after


MISTAKES = (
    Mistake(
        id="heap-drives-marking",
        clause="the size of the heap drives the cost of marking",
        says="Marking walks over what is live. A larger heap only makes it rarer.",
        rule=_under("mark-heap"),
        asked=("pause-total", "longest-pause", "overhead"),
    ),
    Mistake(
        id="live-only-frequency",
        clause="more live data only means more frequent collections",
        says="Each collection marks all that is live, so more live data makes each pause longer as well.",
        rule=_under("live-not-marked"),
        asked=("pause-total", "longest-pause", "overhead"),
    ),
    Mistake(
        id="live-forgotten",
        clause="the whole heap can be allocated between two collections",
        says="What is live stays. Only heap minus live can be allocated before the next collection.",
        rule=_under("live-forgotten"),
        asked=("collections", "pause-total", "overhead"),
    ),
    Mistake(
        id="sweep-forgotten",
        clause="sweeping is not counted",
        says="Sweeping walks over the whole heap, garbage and all.",
        rule=_under("no-sweep"),
        asked=("pause-total", "longest-pause", "overhead"),
    ),
    Mistake(
        id="collections-rounded-up",
        clause="the collection that has not begun yet is counted",
        says="The last stretch of allocation does not fill the heap.",
        measures={"collections": _once_more},
    ),
    Mistake(
        id="overhead-of-computing-time",
        clause="the pause is divided by the time between two collections alone",
        says="Overhead is a share of all time: the pause belongs to the whole too.",
        measures={"overhead": _mutator_only},
    ),
    Mistake(
        id="cycles-freed-by-counting",
        clause="counting frees cycles as well",
        says="In a cycle each count stays above zero, although nobody outside refers to it.",
        rule=_traced,
        asked=("survivors", "collected", "leaked-cycles"),
    ),
    Mistake(
        id="referenced-survives",
        clause="an object survives as long as anything refers to it",
        says="What refers to it may be garbage itself. Tracing begins at the roots.",
        rule=_counted,
        asked=("survivors", "collected"),
    ),
    Mistake(
        id="roots-only",
        clause="only what a variable holds survives",
        says="What a live object refers to is live as well, along every chain of references.",
        rule=_under("roots-only"),
        asked=("survivors", "collected"),
    ),
    Mistake(
        id="the-system-collects",
        clause="nothing is freed before the operating system takes the memory back",
        says="The operating system knows pages, not objects. The runtime frees objects.",
        measures={"survivors": _everything, "collected": _nothing},
    ),
    Mistake(
        id="minor-frees-all-garbage",
        clause="a minor collection frees all garbage",
        says="It looks at the nursery only. Old garbage stays, and keeps what it refers to.",
        rule=_traced,
        asked=("survivors", "collected"),
    ),
    Mistake(
        id="promote-age-off-by-one",
        clause="objects are promoted one collection later",
        says="promote_after counts the collections survived: at that number an object is promoted.",
        rule=_a_collection_more,
        asked=("survivors", "collected", "promoted", "promotion-rate"),
    ),
    Mistake(
        id="promoted-at-once",
        clause="every survivor of one collection is promoted",
        says="Only who has survived promote_after collections moves to the old generation.",
        rule=_promoted_at_once,
        asked=("survivors", "collected", "promoted", "promotion-rate"),
    ),
    Mistake(
        id="dead-promoted",
        clause="the share that dies is taken for the share that survives",
        says="survival is what is still live after a minor collection.",
        measures={"promotion-rate": _died_young},
    ),
    Mistake(
        id="pressure-is-a-leak",
        clause="a full heap counts as out of memory",
        says="A full heap starts a collection. Memory has run out when nothing can be freed.",
        measures={"out-of-memory": _memory_or_leak},
    ),
)
