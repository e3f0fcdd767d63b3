"""Which families do people mistake for the right one?"""

from collections.abc import Callable
from dataclasses import replace

from sims.declare import Mistake, NoAnswer
from sims.processes.measures import children, left, processes, tree
from sims.processes.run import Scenario, Trace


def _under(misrule: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule)


def _unbuffered(scenario: Scenario) -> Scenario:
    return replace(scenario, buffering="none")


def _twice_the_forks(trace: Trace) -> int:
    """Two processes for each fork that P0 does."""
    forks = sum(parent == "P0" for parent in tree(trace).values())
    if not forks:
        raise NoAnswer("P0 does not fork")
    return 2 * forks


def _zombies_as_orphans(trace: Trace) -> frozenset[str]:
    return frozenset(left(trace).zombies)


def _orphans_as_zombies(trace: Trace) -> int:
    return len(left(trace).orphans)


def _chain(trace: Trace) -> dict[str, str]:
    """Every process forked by the one named before it."""
    forked = list(tree(trace))
    return dict(zip(forked, ["P0", *forked], strict=False))


def _nothing_copied(_trace: Trace) -> int:
    return 0


def _all_copied(trace: Trace) -> int:
    return trace.scenario.pages * children(trace)


MISTAKES = (
    Mistake(
        id="only-the-parent-forks",
        clause="only the first process does the forks, so that k forks make k + 1 processes",
        says="A child goes on behind the fork that made it, and does all later forks too.",
        rule=_under("only-p0-forks"),
        asked=("processes", "children", "output"),
    ),
    Mistake(
        id="two-a-fork",
        clause="every fork of the first process counts for two processes, so that k forks make 2k",
        says="Each fork doubles all who come to it: k forks that everybody does make 2 to the k.",
        measures={"processes": _twice_the_forks, "children": _twice_the_forks},
    ),
    Mistake(
        id="first-counted-as-child",
        clause="the first process is counted as a child",
        says="2 to the k processes are one that was there before and 2 to the k minus 1 children.",
        measures={"children": processes},
    ),
    Mistake(
        id="first-forgotten",
        clause="the first process is not counted",
        says="The process that called fork first is one of them.",
        measures={"processes": children},
    ),
    Mistake(
        id="both-sides-evaluated",
        clause="both sides of && and || are always evaluated",
        says="fork gives 0 in the child, which is false: && then skips its right side, || skips it in the parent.",
        rule=_under("both-sides"),
        asked=("processes", "children", "output", "output-order", "zombies"),
    ),
    Mistake(
        id="all-from-the-first",
        clause="the first process forks all the others",
        says="A child goes on behind the fork that made it, so it does the later forks too, as a parent of its own.",
        measures={"tree": lambda trace: dict.fromkeys(tree(trace), "P0")},
    ),
    Mistake(
        id="each-forks-the-next",
        clause="each process forks the next one",
        says="The parent goes on as well: it forks again while its child forks.",
        measures={"tree": _chain},
    ),
    Mistake(
        id="buffer-forgotten",
        clause="the unflushed buffer is forgotten",
        says="What is still in the stdio buffer is part of the memory: fork copies it, and both write it in the end.",
        rule=_unbuffered,
        asked=("output", "output-order"),
    ),
    Mistake(
        id="exec-flushes",
        clause="exec writes the buffer out first",
        says="exec replaces the whole memory, and with it what stdio had not written yet.",
        rule=_under("exec-flushes"),
        asked=("output", "output-order"),
    ),
    Mistake(
        id="orphans-to-the-grandparent",
        clause="the grandparent adopts the orphans",
        says="The nearest ancestor that declared itself a subreaper adopts; without one it is init.",
        rule=_under("grandparent-adopts"),
        asked=("adopters", "zombies"),
    ),
    Mistake(
        id="zombie-is-orphan",
        clause="zombies and orphans are taken for the same",
        says="A zombie has ended and waits for its parent. An orphan lives on, and its parent has ended.",
        measures={"zombies": _orphans_as_zombies, "orphans": _zombies_as_orphans},
    ),
    Mistake(
        id="wait-reaps-all",
        clause="one wait reaps every child that has ended",
        says="wait reaps one child. Whoever has three children waits three times.",
        rule=_under("wait-reaps-all"),
        asked=("zombies",),
    ),
    Mistake(
        id="child-shares-memory",
        clause="parent and child share one memory",
        says="They share pages only until one of them writes: then the writer gets a copy.",
        measures={"copied-pages": _nothing_copied},
    ),
    Mistake(
        id="fork-copies-everything",
        clause="fork copies the whole memory",
        says="fork copies the page tables. A page is copied when somebody writes to it while it is shared.",
        measures={"copied-pages": _all_copied},
    ),
    Mistake(
        id="last-sharer-copies",
        clause="every writer copies, the last one too",
        says="Who is alone with a page writes to it in place: there is nobody left to protect it from.",
        rule=_under("last-sharer-copies"),
        asked=("copied-pages",),
    ),
)
