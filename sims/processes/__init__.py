"""The processes simulator, declared: which processes does a program make, and what becomes of them?"""

from sims.declare import Example, Rule, Simulator
from sims.processes.measures import MEASURES
from sims.processes.mistakes import MISTAKES
from sims.processes.recipes import RECIPES
from sims.processes.run import Event, Scenario, Trace, run

__all__ = ["SIMULATOR", "Event", "Scenario", "Trace", "run", "tell"]


_SAYS = {
    "fork": "{process} forks {other}.",
    "skip": "{process} skips {words}: the result is settled.",
    "print": "{process} prints {words}, which stays in its buffer.",
    "write": "{process} writes {words}.",
    "exec": "{process} becomes another program{printing}{lost}.",
    "wait": "{process} waits: none of its children has ended.",
    "childless": "{process} waits for nobody: it has no children.",
    "reap": "{process} reaps {other}.",
    "adopt": "{process} adopts {other}.",
    "touch": "{process} writes to {words} of the pages and copies {pages}.",
    "quiet": "Every living process has blocked or ended, and P0 has not ended yet.",
    "exit": "{process} ends.",
    "pause": "{process} sleeps for good.",
}


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    words = " ".join(event.text)
    printing = f" that prints {event.other}" if event.other else ""
    lost = f"; {words} in its buffer is lost" if words else ""
    return _SAYS[event.kind].format(
        process=event.process, other=event.other, words=words, pages=event.pages, printing=printing, lost=lost
    )


SIMULATOR = Simulator(
    name="processes",
    question="Which processes does a program make, what do they print, and who is left?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("fork is true in the parent and false in the child; both go on behind it.", "man-2-fork"),
        Rule("&& binds tighter than ||; the right side is evaluated only if it still matters.", "c11 6.5.13, 6.5.14"),
        Rule("Processes are named in order of creation when each runs on until it blocks or ends: P0 is the first."),
        Rule("line: a print that ends its line is written at once. full: nothing before flush or exit.", "tlpi 13.2"),
        Rule("fork copies the buffer; exit and the end of the program write it; exec throws it away.", "tlpi 25.4"),
        Rule("wait reaps one child, blocks while none has ended, and returns at once without children.", "man-2-wait"),
        Rule(
            "A zombie has ended and is not reaped; counted when all have blocked or ended, before P0 ends.", "tlpi 26.2"
        ),
        Rule(
            "Who ends leaves its direct children, and only them, to its nearest subreaper, or to init.", "man-2-prctl"
        ),
        Rule("init reaps at once what it adopts; a subreaper has to wait for it like any parent.", "man-2-prctl"),
        Rule("A page written to while it is shared is copied: every writer copies but the last sharer.", "tlpi 24.2.2"),
        Rule("Copied pages are counted as if nobody ended before the last write."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example("three-forks", {"program": "loop 3 { fork }"}, "Three forks make eight processes.", "tlpi 24.2"),
        Example(
            "short-circuit",
            {"program": "fork && fork || fork"},
            "Five processes: the children of the first operand skip the second one.",
        ),
        Example(
            "buffer",
            {"program": "loop 2 { fork; print a }", "buffering": "full"},
            "Into a file a is printed 8 times, on a terminal 6 times.",
            "tlpi 25.4",
        ),
        Example(
            "orphan",
            {"program": "fork; if child { fork; if child { pause } exit }\nwait", "subreaper": "P0"},
            "P1 ends, and P0 adopts P2, because it is a subreaper.",
            "man-2-prctl",
        ),
        Example(
            "copy-on-write",
            {"program": "fork; if child { touch 3 } else { touch 5 }", "pages": 8},
            "P0 copies five of eight shared pages. P1 writes to three of these, with which it is then alone.",
            "tlpi 24.2.2",
        ),
    ),
)
