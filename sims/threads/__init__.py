"""The threads simulator, declared: what can happen when threads share variables?"""

from sims.declare import Example, Rule, Simulator
from sims.threads.measures import MEASURES
from sims.threads.mistakes import MISTAKES
from sims.threads.program import Scenario
from sims.threads.recipes import RECIPES
from sims.threads.run import Trace, run, tell

__all__ = ["SIMULATOR", "Scenario", "Trace", "run", "tell"]

_ONCE = ["load r x", "store x r+1"]
_TAKE = ["lock m", "again: load r items", "jump-if r>0 take", "wait c m"]
_TAKE += ["take: load r items", "jump-if r>0 fine", "add under 1", "fine: store items r-1", "unlock m"]
_MAKE = ["lock m", "load r items", "store items r+1", "signal c", "unlock m"]

SIMULATOR = Simulator(
    name="threads",
    question="What can happen when threads share variables?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("Memory is sequentially consistent: all threads see one order of all steps.", "lamport-1979"),
        Rule("Any thread that can go on may take the next step; each instruction is one step.", "ostep 26.3"),
        Rule(
            "`load r x` and `store x r+1` are a step each, so an increment is two; `add x 1` is atomic.", "ostep 26.3"
        ),
        Rule("Registers begin with 0; tests and expressions use registers only; `jump` takes no step."),
        Rule("A lock is not recursive: who locks its own lock waits for ever.", "man-3-pthread-mutex-lock"),
        Rule(
            "Unlocking, or waiting with, a lock that one does not hold changes nothing (EPERM).",
            "man-3-pthread-mutex-lock",
        ),
        Rule("`acquire` waits until the semaphore is above 0 and takes one; `release` gives one.", "ostep 31.1"),
        Rule(
            "`wait` gives its lock back and sleeps in one step; woken, it takes the lock in another (Mesa).",
            "ostep 30.2",
        ),
        Rule("There are no spurious wake-ups here; POSIX allows them.", "man-3-pthread-cond-wait"),
        Rule("`signal` wakes who has slept longest and is lost if nobody sleeps; `broadcast` wakes all.", "ostep 30.1"),
        Rule("An outcome is what the observed variables hold when all threads are done; a deadlock has none."),
        Rule("A deadlock: nobody can go on, and somebody is not done."),
        Rule("A race: two threads whose next steps are plain accesses to one variable, one of them a store."),
        Rule("Interleavings are counted as schedules; where a loop may go round for ever there is no number."),
        Rule(
            "The trace shows one schedule: the one given; or into a deadlock, a violation, an outcome of no serial run."
        ),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "lost-update",
            {"shared": {"x": 0}, "threads": [{"name": "T1", "program": _ONCE}, {"name": "T2", "program": _ONCE}]},
            "Two increments of two steps: 6 interleavings, 4 of them lose an update.",
            "ostep 26.3",
        ),
        Example(
            "twice",
            {
                "shared": {"x": 0},
                "threads": [{"name": "T1", "program": _ONCE * 2}, {"name": "T2", "program": _ONCE * 2}],
            },
            "70 interleavings; 2 comes out in 32, 3 in 32, 4 in 6.",
        ),
        Example(
            "lock-on-one-side",
            {
                "shared": {"x": 0},
                "threads": [
                    {"name": "T1", "program": ["lock m", *_ONCE, "unlock m"]},
                    {"name": "T2", "program": _ONCE},
                ],
            },
            "The lock of T1 does not stop T2.",
        ),
        Example(
            "two-locks",
            {
                "shared": {"x": 0},
                "threads": [
                    {"name": "T1", "program": ["lock A", "lock B", "add x 1", "unlock B", "unlock A"]},
                    {"name": "T2", "program": ["lock B", "lock A", "add x 1", "unlock A", "unlock B"]},
                ],
            },
            "Two steps are enough for a deadlock.",
            "ostep 32.3",
        ),
        Example(
            "if-around-wait",
            {
                "shared": {"items": 0, "under": 0},
                "observe": ["under"],
                "threads": [
                    {"name": "C1", "program": _TAKE},
                    {"name": "C2", "program": _TAKE},
                    {"name": "P1", "program": _MAKE},
                    {"name": "P2", "program": _MAKE},
                ],
            },
            "With `if` around the wait a consumer takes an item that another has taken before.",
            "ostep 30.2",
        ),
        Example(
            "lost-signal",
            {
                "shared": {"ready": 0},
                "threads": [
                    {"name": "T1", "program": ["lock m", "wait c m", "unlock m"]},
                    {"name": "T2", "program": ["lock m", "signal c", "unlock m"]},
                ],
            },
            "If T2 signals first, T1 sleeps for ever.",
            "ostep 30.1",
        ),
    ),
)
