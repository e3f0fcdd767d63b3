"""The deadlock simulator, declared: who waits for whom, and can everybody still finish?"""

from sims.deadlock.measures import MEASURES
from sims.deadlock.mistakes import MISTAKES
from sims.deadlock.recipes import RECIPES
from sims.deadlock.run import Trace, run, tell
from sims.deadlock.scenario import KINDS
from sims.declare import Example, Rule, Simulator

__all__ = ["SIMULATOR", "Trace", "run", "tell"]

_ALLOCATION = [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]]
_MAX = [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]]
_BANKER = {"kind": "banker", "available": [3, 3, 2], "allocation": _ALLOCATION, "max": _MAX}
_HELD = [[0, 1, 0], [2, 0, 0], [3, 0, 3], [2, 1, 1], [0, 0, 2]]

SIMULATOR = Simulator(
    name="deadlock",
    question="Who waits for whom, and can everybody still finish?",
    scenarios=KINDS,
    run=run,
    tell=tell,
    rules=(
        Rule("Need is max minus allocation.", "silberschatz-10 8.6.3"),
        Rule(
            "A process that fits finishes and gives back all that it held.",
            "silberschatz-10 8.6.3.1",
        ),
        Rule(
            "A state is safe if some order lets everybody have its whole need; every such order is right.",
            "silberschatz-10 8.6.1",
        ),
        Rule("The trace lets the first process of the list finish that fits; the verdict does not depend on it."),
        Rule(
            "A request is checked against need (exceeds-need), what is available (wait), then safety (unsafe, grant).",
            "silberschatz-10 8.6.3.2",
        ),
        Rule("Need and safety are asked of the state before the request; only a grant changes it."),
        Rule(
            "Deadlocked is everyone whom the reduction by requests cannot finish, except who holds nothing.",
            "silberschatz-10 8.7.2",
        ),
        Rule(
            "Unsafe is not deadlocked: a deadlock is about what is asked for now, safety about what may be asked for.",
            "silberschatz-10 8.6.1",
        ),
        Rule(
            "With one instance of each resource a cycle is a deadlock; with several it need not be.",
            "silberschatz-10 8.3.2",
        ),
        Rule("A thread that waits for a lock of its own is a cycle of length 1.", "man-3-pthread-mutex-lock"),
        Rule("A cycle may be told from any of its nodes, along the arrows: from who waits to what it waits for."),
        Rule(
            "Lock order is read from the code: a circle is a violation, whether the threads ever meet or not.",
            "kernel-lockdep",
        ),
        Rule("Victims: least total cost, then fewest, then list order.", "silberschatz-10 8.8.1"),
        Rule("n processes that ask for one unit at a time, at most k each, cannot deadlock over m iff n(k − 1) < m."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example("silberschatz", _BANKER, "A safe state with 16 safe sequences.", "silberschatz-10 8.6.3.3"),
        Example(
            "request",
            {**_BANKER, "request": {"process": "P1", "amounts": [1, 0, 2]}},
            "P1 may have one A and two C: the state afterwards is safe.",
            "silberschatz-10 8.6.3.3",
        ),
        Example(
            "detection",
            {
                "kind": "detection",
                "available": [0, 0, 0],
                "allocation": _HELD,
                "request": [[0, 0, 0], [2, 0, 2], [0, 0, 1], [1, 0, 0], [0, 0, 2]],
            },
            "P2 asks for one more C, and all but P0 are deadlocked.",
            "silberschatz-10 8.7.2",
        ),
        Example(
            "wait-for",
            {
                "kind": "wait-for",
                "threads": [
                    {"name": "T1", "holds": ["A"], "wants": "B"},
                    {"name": "T2", "holds": ["B"], "wants": "C"},
                    {"name": "T3", "holds": ["C"], "wants": "A"},
                    {"name": "T4", "wants": "A"},
                ],
            },
            "Three threads in a circle; T4 waits for them but holds nothing.",
        ),
        Example(
            "cycle-without-deadlock",
            {
                "kind": "graph",
                "resources": [{"name": "R1", "instances": 2}, {"name": "R2", "instances": 2}],
                "processes": [
                    {"name": "P1", "holds": ["R2"], "wants": ["R1"]},
                    {"name": "P2", "holds": ["R1"]},
                    {"name": "P3", "holds": ["R1"], "wants": ["R2"]},
                    {"name": "P4", "holds": ["R2"]},
                ],
            },
            "P1 and P3 are on a cycle, but P2 and P4 will give units back.",
            "silberschatz-10 8.3.2",
        ),
        Example(
            "lock-order",
            {
                "kind": "lock-order",
                "threads": [
                    {"name": "T1", "steps": ["acquire A", "acquire B", "release B", "release A"]},
                    {"name": "T2", "steps": ["acquire B", "acquire A", "release A", "release B"]},
                ],
            },
            "The two orders that make the classic deadlock possible.",
            "ostep 32.3",
        ),
        Example(
            "recovery",
            {
                "kind": "recovery",
                "available": [0],
                "allocation": [[1], [1], [2]],
                "request": [[2], [2], [2]],
                "costs": [3, 3, 5],
            },
            "Aborting P2 costs 5 and frees two units; P0 and P1 cost 6 together.",
        ),
        Example(
            "prevention",
            {"kind": "prevention", "change": "order-resources"},
            "Ordering the locks.",
            "silberschatz-10 8.5.4",
        ),
        Example(
            "bound",
            {"kind": "bound", "units": 4, "processes": 3, "most": 2},
            "Four units, three processes of at most two.",
        ),
    ),
)
