"""How do people get deadlocks wrong? Mostly one changed rule; else another measure of the same trace."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sims.deadlock.graph import adjacency, edges, knots
from sims.deadlock.graph import cycle as ring
from sims.deadlock.measures import request_verdict
from sims.deadlock.reduction import claimed, deadlocked, fits, need, plus, reduce, waiting
from sims.deadlock.run import Check, Trace, granted
from sims.deadlock.scenario import Banker, Detection, Graph, LockOrder, Recovery, Vector, WaitFor, process_names
from sims.deadlock.victims import fewest, greedy
from sims.declare import Mistake, NoAnswer

SAFETY = ("safe", "safe-sequence", "safe-sequences", "request-verdict", "work")
REDUCED = (*SAFETY, "deadlocked")
NEIGHBOURS = {
    "spool": "no-preemption",  # the printer is not taken from anybody; nobody has it alone any more
    "share-read-only": "no-preemption",
    "lock-free": "no-preemption",
    "request-all-at-once": "circular-wait",  # it looks like an order, but nobody waits while holding
    "one-global-lock": "circular-wait",
    "release-before-requesting": "no-preemption",  # given back of one's own accord, not taken
    "take-away-on-wait": "mutual-exclusion",  # one at a time still has it
    "trylock-and-back-off": "hold-and-wait",
    "abort-and-roll-back": "hold-and-wait",
    "order-resources": "hold-and-wait",  # threads still hold one lock while they wait for the next
    "order-by-address": "hold-and-wait",
}


def _misrule(word: str, *kinds: type[Any]) -> Any:
    """The same scenario under a mistaken rule; unchanged where the rule plays no part."""
    return lambda scenario: replace(scenario, misrule=word) if isinstance(scenario, kinds) else scenario


def _all_counted(scenario: Any) -> Any:
    """The units that are held are counted as available as well."""
    if not isinstance(scenario, Banker | Detection | Recovery):
        return scenario
    total = scenario.available
    for row in scenario.allocation:
        total = plus(total, row)
    return replace(scenario, available=total)


def _claims_as_requests(scenario: Any) -> Any:
    """Everybody asks for the rest of its claim now."""
    return replace(scenario, request=need(scenario)) if isinstance(scenario, Detection) and scenario.max else scenario


def _held_for_need(trace: Trace) -> Mapping[str, Vector]:
    return dict(zip(process_names(trace.scenario), trace.scenario.allocation, strict=True))


def _one(trace: Trace) -> int:
    if reduce(claimed(trace.scenario)).stuck:
        raise NoAnswer("there is no safe sequence to take for the only one")
    return 1


def _max_given_back(trace: Trace) -> tuple[tuple[Any, ...], ...]:
    system, scenario = claimed(trace.scenario), trace.scenario
    reduction = reduce(system._replace(allocation=scenario.max))
    return tuple((system.names[finish.process], *finish.after) for finish in reduction.finished)


def _down_the_list(trace: Trace) -> tuple[tuple[Any, ...], ...]:
    """Round after round from the top to the end of the list."""
    system = claimed(trace.scenario)
    free, left = system.available, list(range(len(system.names)))
    rows: list[tuple[Any, ...]] = []
    while True:
        before = len(rows)
        for process in tuple(left):
            if fits(system.wants[process], free):
                free = plus(free, system.allocation[process])
                left.remove(process)
                rows.append((system.names[process], *free))
        if len(rows) == before:
            return tuple(rows)


def _check_skipped(trace: Trace) -> str:
    """The verdict without the check that decides. Raises NoAnswer for a request that passes all of them."""
    verdict, scenario = request_verdict(trace), trace.scenario
    if verdict == "grant":
        raise NoAnswer("no check fails")
    if verdict == "unsafe":
        return "grant"
    if verdict == "exceeds-need" and not fits(scenario.request.amounts, scenario.available):
        return "wait"
    return "unsafe" if reduce(claimed(granted(scenario))).stuck else "grant"


def _on_a_cycle(trace: Trace) -> frozenset[str]:
    """Everyone on a cycle, whatever instances are left."""
    if not isinstance(trace.scenario, Graph | WaitFor):
        raise NoAnswer("there is no graph here")
    names = set(process_names(trace.scenario))
    return frozenset(node for knot in knots(adjacency(edges(trace.scenario))) for node in knot if node in names)


def _everyone_waiting(trace: Trace) -> frozenset[str]:
    """Everyone who wants what is not free, deadlocked or not."""
    system = waiting(trace.scenario)
    return frozenset(
        name
        for name, wants in zip(system.names, system.wants, strict=True)
        if any(a > b for a, b in zip(wants, system.available, strict=True))
    )


def _everyone_left(trace: Trace) -> frozenset[str]:
    """Those that hold nothing as well."""
    system = waiting(trace.scenario)
    return frozenset(system.names[process] for process in reduce(system).stuck)


def _against_the_arrows(trace: Trace) -> tuple[str, ...]:
    found = ring(adjacency(edges(trace.scenario)))
    if not found:
        raise NoAnswer("the graph has no cycle")
    return (found[0], *reversed(found[1:]))


def _pairs_only(trace: Trace) -> tuple[str, ...]:
    """Only two locks taken in both orders count."""
    before = {(edge.origin, edge.target) for edge in edges(trace.scenario)}
    both = [(a, b) for a, b in before if (b, a) in before]
    return min(both, default=())


def _all_aborted(trace: Trace) -> frozenset[str]:
    names = process_names(trace.scenario)
    return frozenset(names[process] for process in deadlocked(waiting(trace.scenario)))


def _greedily_aborted(trace: Trace) -> frozenset[str]:
    names = process_names(trace.scenario)
    return frozenset(names[process] for process in greedy(trace.scenario))


def _fewest_aborted(trace: Trace) -> frozenset[str]:
    names = process_names(trace.scenario)
    return frozenset(names[process] for process in fewest(trace.scenario))


def _neighbour(trace: Trace) -> str:
    """The condition for which each change is often mistaken."""
    return NEIGHBOURS[trace.scenario.change]


def _without_safety(trace: Trace) -> str:
    failed = next((event for event in trace.events if isinstance(event, Check) and not event.passes), None)
    return "grant" if failed is None else "exceeds-need" if failed.kind == "need" else "wait"


MISTAKES = (
    Mistake(
        id="need-is-max",
        clause="each process is taken to need its whole max",
        says="It holds a part of it already: need is max minus allocation.",
        rule=_misrule("need-is-max", Banker),
        asked=("need", *SAFETY),
    ),
    Mistake(
        id="need-is-allocation",
        clause="what is held is given for what is needed",
        says="Allocation is what a process has; need is what it may still ask for: max minus allocation.",
        measures={"need": _held_for_need},
    ),
    Mistake(
        id="no-give-back",
        clause="a process that finishes gives nothing back",
        says="Who finishes returns all that it held, so what is available grows by its allocation.",
        rule=_misrule("no-give-back", Banker, Detection),
        asked=REDUCED,
    ),
    Mistake(
        id="max-given-back",
        clause="a process that finishes gives back its whole max",
        says="The rest of its max came from what was free. What is free grows by what it held before: its allocation.",
        measures={"work": _max_given_back},
    ),
    Mistake(
        id="goes-on-down-the-list",
        clause="the search goes on down the list instead of beginning at the top again",
        says="After each process that finishes the search begins at the top: someone passed over before may fit now.",
        measures={"work": _down_the_list},
    ),
    Mistake(
        id="request-against-max",
        clause="the request is compared with max, not with need",
        says="The claim covers what the process holds already; only its need is left to ask for.",
        rule=_misrule("request-against-max", Banker),
        asked=("request-verdict",),
    ),
    Mistake(
        id="available-includes-allocated",
        clause="the units that processes hold are counted as available",
        says="Available is what nobody holds.",
        rule=_all_counted,
        asked=(*REDUCED, "cheapest-victims"),
    ),
    Mistake(
        id="check-skipped",
        clause="the check that decides is left out",
        says="Need, then what is available, then safety: the first that fails gives the verdict.",
        measures={"request-verdict": _check_skipped},
    ),
    Mistake(
        id="available-is-enough",
        clause="a request is granted as soon as enough is available",
        says="The banker grants it only if the state afterwards is safe.",
        measures={"request-verdict": _without_safety},
    ),
    Mistake(
        id="unsafe-is-deadlocked",
        clause="everybody is taken to ask for its whole claim now",
        says="That is unsafe, not deadlocked: a deadlock is about what they wait for at this moment.",
        rule=_claims_as_requests,
        asked=("deadlocked",),
    ),
    Mistake(
        id="one-safe-sequence",
        clause="there is taken to be one safe sequence",
        says="Whenever two processes fit at once, either may go first: several orders are safe.",
        measures={"safe-sequences": _one},
    ),
    Mistake(
        id="cycle-is-deadlock",
        clause="everybody on a cycle is taken to be deadlocked",
        says="With several instances of a resource another holder may give one back, and the cycle opens.",
        measures={"deadlocked": _on_a_cycle},
    ),
    Mistake(
        id="waiting-is-deadlocked",
        clause="everybody who waits is taken to be deadlocked",
        says="Who waits for somebody that can finish only waits.",
        measures={"deadlocked": _everyone_waiting},
    ),
    Mistake(
        id="empty-handed-included",
        clause="processes that hold nothing are counted as well",
        says="They may wait for ever, but nobody waits for them; they are victims of the deadlock, not part of it.",
        measures={"deadlocked": _everyone_left},
    ),
    Mistake(
        id="arrows-reversed",
        clause="the arrows are followed backwards",
        says="An arrow leads from the one who waits to what it waits for.",
        measures={"cycle": _against_the_arrows},
    ),
    Mistake(
        id="releases-ignored",
        clause="a lock is taken to be held until the thread ends",
        says="Only locks that are still held when the next one is taken make an order.",
        rule=_misrule("releases-ignored", LockOrder),
        asked=("order-violation",),
    ),
    Mistake(
        id="pairs-only",
        clause="only two locks taken in both orders count",
        says="Three threads can close a circle of three locks although no two of them are taken in both orders.",
        measures={"order-violation": _pairs_only},
    ),
    Mistake(
        id="abort-all",
        clause="every deadlocked process is aborted",
        says="That ends it too, but aborting some of them is often enough.",
        measures={"cheapest-victims": _all_aborted},
    ),
    Mistake(
        id="cheapest-first",
        clause="the cheapest process is aborted, then the next, until the rest is free",
        says="The cheapest set need not hold the cheapest process: it may free nobody.",
        measures={"cheapest-victims": _greedily_aborted},
    ),
    Mistake(
        id="fewest-first",
        clause="the fewest processes are aborted, whatever they cost",
        says="The total cost decides first; the number only between equal costs.",
        measures={"cheapest-victims": _fewest_aborted},
    ),
    Mistake(
        id="neighbouring-condition",
        clause="the change is taken for one that breaks a neighbouring condition",
        says="Ask what has become impossible: having it alone, holding while waiting, keeping it, or the circle.",
        measures={"coffman": _neighbour},
    ),
    Mistake(
        id="full-claims-needed",
        clause="every process must be able to have its whole claim at once",
        says="One process that can finish is enough: it gives back all it has.",
        measures={
            "deadlock-free-bound": lambda trace: trace.scenario.processes * trace.scenario.most <= trace.scenario.units,
            "fewest-units": lambda trace: trace.scenario.processes * trace.scenario.most,
            "most-processes": lambda trace: trace.scenario.units // trace.scenario.most,
        },
    ),
    Mistake(
        id="no-unit-left",
        clause="the one unit that must be left over is forgotten",
        says="If all units are held and everybody lacks one, nobody can go on: one more is needed.",
        measures={
            "deadlock-free-bound": lambda trace: (
                trace.scenario.processes * (trace.scenario.most - 1) <= trace.scenario.units
            ),
            "fewest-units": lambda trace: trace.scenario.processes * (trace.scenario.most - 1),
            "most-processes": lambda trace: trace.scenario.units // (trace.scenario.most - 1),
        },
    ),
)
