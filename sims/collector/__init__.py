"""The collector simulator, declared: which objects are freed, when, and what does it cost?"""

from sims.collector.graph import Event
from sims.collector.measures import MEASURES
from sims.collector.mistakes import MISTAKES
from sims.collector.rates import Collection
from sims.collector.recipes import RECIPES
from sims.collector.run import Trace, run, tell
from sims.collector.scenario import Mutation, Object, Scenario
from sims.declare import Example, Rule, Simulator

__all__ = ["SIMULATOR", "Collection", "Event", "Mutation", "Object", "Scenario", "Trace", "run", "tell"]

SIMULATOR = Simulator(
    name="collector",
    question="Which objects are freed, when, and what does it cost?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("Either an object graph is given (objects, roots, mutations) or rates (allocation_rate, live, heap, …)."),
        Rule("Counting frees an object when its last reference goes, then what only it held.", "gc-handbook-2 5.1"),
        Rule("A cycle of garbage, and what it refers to, is never freed by counting.", "gc-handbook-2 5.5"),
        Rule("mark-sweep frees what no variable reaches: at collect, when full, and at the end.", "gc-handbook-2 2"),
        Rule("A minor collection sees the nursery only: at minor, when it is full, at the end.", "gc-handbook-2 9"),
        Rule("What an old object refers to survives a minor collection, even if that is garbage.", "gc-handbook-2 9.8"),
        Rule("An object is promoted when it has survived promote_after collections.", "gc-handbook-2 9.4"),
        Rule("If the survivors of a minor collection still fill the nursery, all of them are promoted."),
        Rule("A new object that finds the heap full after a full collection is out of memory."),
        Rule("Rates: time × rate/(heap − live) collections, rounded down; time does not include the pauses."),
        Rule("Rates: a pause is mark_cost × live + sweep_cost × heap.", "gc-handbook-2 2"),
        Rule("Rates: overhead is pause/(pause + (heap − live)/rate); out of memory when live ≥ heap."),
        Rule("Rates: a minor collection every nursery/rate; rate × survival^promote_after is promoted."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "cycle",
            {
                "kind": "reference-counting",
                "objects": [
                    {"name": "a", "refs": ["b"]},
                    {"name": "b", "refs": ["a", "c"]},
                    {"name": "c"},
                    {"name": "d"},
                ],
                "roots": ["a", "d"],
                "mutations": ["drop a", "drop d"],
            },
            "d is freed at once; a and b keep each other's counts above zero, and c with them.",
            "gc-handbook-2 5.5",
        ),
        Example(
            "tracing",
            {
                "kind": "mark-sweep",
                "objects": [
                    {"name": "a", "refs": ["b"]},
                    {"name": "b", "refs": ["a", "c"]},
                    {"name": "c"},
                    {"name": "d"},
                ],
                "roots": ["a", "d"],
                "mutations": ["drop a"],
            },
            "The cycle is freed: no variable reaches it.",
            "gc-handbook-2 2.2",
        ),
        Example(
            "generations",
            {
                "kind": "generational",
                "nursery": 4,
                "mutations": ["new a", "new b", "link a b", "drop b", "minor", "new c", "drop c", "drop a"],
            },
            "a and b grew old before they became garbage: no minor collection frees them.",
            "gc-handbook-2 9.8",
        ),
        Example(
            "rates",
            {
                "kind": "mark-sweep",
                "allocation_rate": 1,
                "heap": 1000,
                "live": 600,
                "mark_cost": "1/10",
                "sweep_cost": "1/50",
                "time": 4000,
            },
            "400 MB between two collections, each of 80 ms: a sixth of all time.",
        ),
    ),
)
