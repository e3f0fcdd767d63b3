"""The allocator simulator, declared: where does malloc put a block?"""

from sims.allocator.heap import Event, Heap, Live, Operation, Scenario, Trace, heap_after, run
from sims.allocator.measures import MEASURES, sentence
from sims.allocator.mistakes import MISTAKES
from sims.allocator.recipes import RECIPES
from sims.declare import Example, Rule, Simulator

__all__ = ["SIMULATOR", "Event", "Heap", "Live", "Operation", "Scenario", "Trace", "heap_after", "run", "tell"]

tell = sentence
_HOLES = [
    "a = malloc 100", "b = malloc 500", "c = malloc 200", "d = malloc 300", "e = malloc 600",
    "free a", "free c", "free e",
]  # fmt: skip

SIMULATOR = Simulator(
    name="allocator",
    question="Where does malloc put a block, and what is left of the heap?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("Requests are rounded up to align, then comes the header; addresses are the payload's.", "csapp-3 9.9.6"),
        Rule("The free list is in address order; ties go to the lowest address.", "ostep 17.3"),
        Rule("Of the blocks that fit: first takes the lowest, best the smallest, worst the largest.", "ostep 17.3"),
        Rule("Next fit goes on behind the last block that malloc gave out, then at the bottom.", "ostep 17.3"),
        Rule("What is left of a block after a split stays a free block, however small.", "csapp-3 9.9.8"),
        Rule("Buddy rounds request and header to a power of two; the smallest fitting block is halved.", "ostep 17.4"),
        Rule("A freed block is joined with free neighbours; under buddy only with its buddy.", "csapp-3 9.9.10"),
        Rule("realloc shrinks in place, grows into a free right neighbour, or moves.", "man-3-malloc"),
        Rule("Under buddy a block grows into its right buddies only.", "taocp-1 2.5"),
        Rule("free of null does nothing; realloc of null is malloc; a failed realloc keeps its block.", "man-3-malloc"),
        Rule("A second free and any use of freed memory are noted and change nothing here."),
        Rule("Searched: first and next fit stop at the block they take; best and worst examine all."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "first-fit",
            {"size": 1700, "fit": "first", "operations": [*_HOLES, "f = malloc 212", "g = malloc 80"]},
            "f goes into the 600 at the top, g into the hole of a.",
        ),
        Example(
            "best-fit",
            {"size": 1700, "fit": "best", "operations": [*_HOLES, "f = malloc 180", "g = malloc 80"]},
            "Each goes into the hole that it fills best, and leaves 20 bytes that serve nobody.",
            "ostep 17.3",
        ),
        Example(
            "buddy",
            {"size": 64, "fit": "buddy", "operations": ["a = malloc 7"]},
            "64 is halved three times to serve 7: 8, 16 and 32 stay free.",
            "ostep 17.4, figure 17.8",
        ),
        Example(
            "headers",
            {
                "size": 256,
                "header": 8,
                "align": 8,
                "operations": ["a = malloc 20", "b = malloc 33", "c = malloc 8", "free b", "realloc a 50"],
            },
            "a grows in place into the block that b leaves.",
            "csapp-3 9.9.6",
        ),
    ),
)
