"""How do people get threads wrong? Mostly a program read as another program; else a sum done wrongly."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import factorial

from sims.declare import Mistake, NoAnswer
from sims.threads import rewriting
from sims.threads.explore import LONGEST, counts, full, label, one_by_one, outcomes
from sims.threads.machine import machine
from sims.threads.program import observed, thread_names
from sims.threads.races import raced
from sims.threads.run import Trace

FINAL = ("outcomes", "final-states", "possible", "minimum", "maximum")
WHAT = (*FINAL, "interleavings", "deadlocks", "mutual-exclusion", "race")


def _ends(trace: Trace) -> list[tuple[int, ...]]:
    return [values for _, values in one_by_one(trace.scenario)]


def _whole_counts(trace: Trace) -> Mapping[str, int]:
    ends = _ends(trace)
    return {label(one, observed(trace.scenario)): ends.count(one) for one in sorted(outcomes(trace.scenario))}


def _equally_likely(trace: Trace) -> Mapping[str, int]:
    found = counts(trace.scenario)
    share, rest = divmod(sum(found.values()), len(found))
    if rest:
        raise NoAnswer("the interleavings cannot be shared out evenly")
    return {label(one, observed(trace.scenario)): share for one in found}


def _whole_outcomes(trace: Trace) -> frozenset[int]:
    return frozenset(one[0] for one in _ends(trace))


def _lengths(trace: Trace) -> list[int]:
    return [len(places) for places in machine(trace.scenario).places]


def _range(trace: Trace) -> range:
    """N to NT: at least what one thread adds, at most what all add. Only for equal increments of one variable."""
    name = observed(trace.scenario)[0]
    start = dict(trace.scenario.shared)[name]
    alone = [
        replace(trace.scenario, threads=(thread,), observe=(name,), schedule=()) for thread in trace.scenario.threads
    ]
    finals = [one_by_one(one)[0][1][0] - start for one in alone]
    if len(set(finals)) != 1 or finals[0] <= 0:
        raise NoAnswer("the threads do not all add the same")
    return range(start + finals[0], start + finals[0] * len(finals) + 1)


def _by_itself(trace: Trace) -> int:
    """What the variable holds if each thread adds to it in turn."""
    return _ends(trace)[0][0]


def _last_store(trace: Trace) -> int:
    """What the thread that ends last would leave if it ran alone."""
    if not trace.scenario.schedule:
        raise NoAnswer("no schedule is given")
    last = trace.scenario.schedule[-1]
    thread = next(one for one in trace.scenario.threads if one.name == last)
    return _by_itself(Trace(replace(trace.scenario, threads=(thread,), schedule=()), ()))


def _permuted(trace: Trace) -> int:
    return factorial(sum(_lengths(trace)))


def _product(trace: Trace) -> int:
    lengths = _lengths(trace)
    total = 1
    for length in lengths:
        total *= length
    return total


def _in_turn(trace: Trace) -> tuple[str, ...]:
    """Each thread goes on as far as it can, the first one first, until nobody can."""
    compiled, names = machine(trace.scenario), thread_names(trace.scenario)
    state, steps = compiled.start, list[str]()
    able = True
    while able and len(steps) <= LONGEST:
        able = False
        for thread, code in enumerate(compiled.code):
            while (after := code[state[thread]](state)) is not None and len(steps) <= LONGEST:
                state, able = after, True
                steps.append(names[thread])
    return tuple(steps)


def _shared_and_changed(trace: Trace) -> frozenset[str]:
    """The variables that two threads touch and one of them changes, locks and atomic steps or not."""
    touched: dict[str, set[int]] = {}
    changed: set[str] = set()
    shared = {name for name, _ in trace.scenario.shared}
    for thread, places in enumerate(machine(trace.scenario).places):
        for place in places:
            for name in shared.intersection(place.instruction.operands):
                touched.setdefault(name, set()).add(thread)
                if place.instruction.op != "load":
                    changed.add(name)
    return frozenset(name for name, threads in touched.items() if len(threads) > 1 and name in changed)


def _locked_somewhere(trace: Trace) -> frozenset[str]:
    """The variables that are touched under a lock by some thread."""
    found: set[str] = set()
    shared = {name for name, _ in trace.scenario.shared}
    for places in machine(trace.scenario).places:
        held = 0
        for place in places:
            held += {"lock": 1, "unlock": -1}.get(place.instruction.op, 0)
            if held:
                found |= shared.intersection(place.instruction.operands)
    return frozenset(found)


def _combinations(trace: Trace) -> tuple[tuple[int, ...], ...]:
    """Every value of each variable with every value of the others."""
    rows = outcomes(trace.scenario)
    if not rows:
        raise NoAnswer("no schedule lets all threads finish")
    return tuple(sorted(product(*({row[column] for row in rows} for column in range(len(observed(trace.scenario)))))))


MISTAKES = (
    Mistake(
        id="increment-is-one-step",
        clause="x++ is taken to be one step",
        says="It is a load and a store at least; another thread can step in between.",
        rule=rewriting.one_step_increments,
        asked=WHAT,
    ),
    Mistake(
        id="between-n-and-nt",
        clause="the result is taken to lie between one thread's increments and all of them",
        says="A store can write back a value loaded long before: one thread can undo nearly all that others did.",
        measures={
            "outcomes": lambda trace: frozenset(_range(trace)),
            "minimum": lambda trace: _range(trace)[0],
            "possible": lambda trace, value: value in _range(trace),
        },
    ),
    Mistake(
        id="lock-on-one-side",
        clause="a lock in some of the threads is taken to protect against all",
        says="A lock stops only those who take it.",
        rule=rewriting.locked_everywhere,
        asked=WHAT,
    ),
    Mistake(
        id="if-around-wait",
        clause="an `if` around a wait is taken to do what a `while` does",
        says="Between the signal and the waking another thread can take what was signalled: test again.",
        rule=rewriting.checked_again,
        asked=WHAT,
    ),
    Mistake(
        id="one-condition-for-both",
        clause="a signal is taken to wake the right one of two kinds of waiters",
        says="It wakes who has slept longest, whatever that thread waits for: use two conditions, or broadcast.",
        rule=rewriting.everyone_woken,
        asked=WHAT,
    ),
    Mistake(
        id="signal-remembered",
        clause="a signal without a waiter is taken to be remembered",
        says="A condition variable has no memory: who waits afterwards sleeps. A semaphore remembers.",
        rule=lambda scenario: replace(scenario, misrule="signal-remembered"),
        asked=WHAT,
    ),
    Mistake(
        id="volatile-helps",
        clause="volatile is taken to make an increment one step",
        says="Volatile makes the compiler load and store each time; the two remain two steps.",
        rule=rewriting.volatile_increments,
        asked=WHAT,
    ),
    Mistake(
        id="check-and-set-is-one-step",
        clause="testing a flag and setting it are taken to be one step",
        says="Both threads can test it before either sets it. That takes test-and-set or compare-and-swap.",
        rule=rewriting.check_and_set,
        asked=WHAT,
    ),
    Mistake(
        id="semaphore-is-mutex",
        clause="a semaphore is taken to let one thread in, whatever it starts with",
        says="It lets in as many as it starts with: 1 makes it a lock, 2 lets two in, 0 nobody until a release.",
        rule=lambda scenario: replace(scenario, semaphores=tuple((name, 1) for name, _ in scenario.semaphores)),
        asked=WHAT,
    ),
    Mistake(
        id="sharing-is-a-race",
        clause="two threads that touch one variable are taken to race, whatever orders them",
        says="A lock that both take keeps their accesses apart, and atomic steps do not count as a race.",
        measures={"race": lambda trace: bool(_shared_and_changed(trace)), "raced-variables": _shared_and_changed},
    ),
    Mistake(
        id="lock-is-enough",
        clause="a variable that some thread touches under a lock is taken to be safe",
        says="A lock stops only those who take it: every access needs it, the reading ones too.",
        measures={"raced-variables": lambda trace: raced(full(trace.scenario)) - _locked_somewhere(trace)},
    ),
    Mistake(
        id="every-combination",
        clause="every final value of one variable is taken to go with every value of the others",
        says="One order of all steps produces them together; some combinations would need two orders at once.",
        measures={"final-states": _combinations},
    ),
    Mistake(
        id="threads-run-whole",
        clause="the threads are taken to run one after the other",
        says="They interleave step by step; nothing keeps one of them going to its end.",
        measures={
            "outcomes": _whole_outcomes,
            "final-states": lambda trace: tuple(sorted(set(_ends(trace)))),
            "counts": _whole_counts,
            "interleavings": lambda trace: len(one_by_one(trace.scenario)),
            "possible": lambda trace, value: value in _whole_outcomes(trace),
            "minimum": lambda trace: min(_whole_outcomes(trace)),
            "maximum": lambda trace: max(_whole_outcomes(trace)),
            "deadlock-schedule": _in_turn,
            "shortest-schedule": lambda trace, outcome: one_by_one(trace.scenario)[0][0],  # noqa: ARG005 — any outcome
        },
    ),
    Mistake(
        id="equally-likely",
        clause="every outcome is taken to have the same number of interleavings",
        says="Outcomes differ in how many ways lead to them.",
        measures={"counts": _equally_likely},
    ),
    Mistake(
        id="own-order-forgotten",
        clause="all steps are permuted freely",
        says="A thread's own steps keep their order: divide by the permutations of each thread's steps.",
        measures={"interleavings": _permuted},
    ),
    Mistake(
        id="steps-multiplied",
        clause="the numbers of steps are multiplied",
        says="That counts pairs of steps, not orders of all steps.",
        measures={"interleavings": _product},
    ),
    Mistake(
        id="no-update-lost",
        clause="every increment is taken to add to what is there when it is stored",
        says="It stores what was loaded plus its own; what others stored in between is lost.",
        measures={"final-value": _by_itself},
    ),
    Mistake(
        id="last-thread-counts",
        clause="only the thread that ends last is taken to count",
        says="It overwrites only what was stored after its load; what it loaded holds the rest.",
        measures={"final-value": _last_store},
    ),
)
