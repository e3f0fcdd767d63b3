"""Which page leaves memory when another one must come in?

    make(Scenario, {"policy": "fifo", "frames": 3, "references": [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]})

scenario.py says what a problem is, policies.py who leaves, run.py what happens, measures.py what can be asked,
mistakes.py how people get it wrong, recipes.py how strings are drawn.

Sources: Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966;
Belady, Nelson, Shedler, An anomaly in space-time characteristics, CACM 12(6), 1969; Silberschatz, Galvin, Gagne,
Operating System Concepts, 10th ed., 10.4; Tanenbaum, Bos, Modern Operating Systems, 4th ed., 3.4.
"""

from sims.declare import Example, Rule, Simulator
from sims.paging.measures import MEASURES
from sims.paging.mistakes import MISTAKES
from sims.paging.recipes import RECIPES
from sims.paging.run import Access, Trace, bare, run, tell
from sims.paging.scenario import POLICIES, Reference, Scenario

__all__ = ["POLICIES", "SIMULATOR", "Access", "Reference", "Scenario", "Trace", "run", "tell"]

SILBERSCHATZ = "silberschatz-10 10.4"
TANENBAUM = "tanenbaum-4 3.4"
STRING = (7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1)
BELADY = (1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5)

SIMULATOR = Simulator(
    name="paging",
    question="Which page leaves?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    bare=bare,
    rules=(
        Rule("Frames start empty, and the first use of a page counts as a fault.", SILBERSCHATZ),
        Rule("A fault takes the lowest free frame; only when none is free does a page leave.", SILBERSCHATZ),
        Rule("FIFO: the page loaded first leaves; a hit moves nothing.", SILBERSCHATZ),
        Rule("LRU: the page whose last use is longest ago leaves.", SILBERSCHATZ),
        Rule("MRU: the page used last leaves."),
        Rule("OPT: the page used furthest in the future leaves, one never used again first.", "belady-1966"),
        Rule("OPT: of several pages never used again the one in the lowest frame leaves."),
        Rule("Questions that name victims or frames are drawn again when OPT meets such a tie."),
        Rule("Clock: the hand goes by frame from frame 0; it clears set bits and stops at a clear one.", TANENBAUM),
        Rule("Clock: the hand advances past every frame that it fills, free ones included.", TANENBAUM),
        Rule("Loading sets the reference bit (load_bit: set) or leaves it clear (load_bit: clear)."),
        Rule("Second chance is the same policy told as a queue: a set bit sends the head to the tail.", TANENBAUM),
        Rule("LFU: counts start at 1 on load and are lost on eviction; ties by least recently used."),
        Rule("NRU: R is set on load and use, M by a write; the lowest class RM leaves: 00, 01, 10, 11.", TANENBAUM),
        Rule("NRU: of pages in the lowest class the one in the lowest frame leaves."),
        Rule("Aging: 8 bits; at each clock interrupt shift right, insert R on the left, clear R.", TANENBAUM),
        Rule("Aging: a page just loaded has counter 0 and R set; the smallest counter leaves, ties by lowest frame."),
        Rule("NRU and aging: the clock interrupt comes before reference k × reset_every + 1, k = 1, 2, …."),
        Rule("Random: the draw, mod frames, names the frame; one draw an eviction."),
        Rule("A victim that was written to since its load is written back; resident dirty pages are not."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "silberschatz",
            {"policy": "lru", "frames": 3, "references": STRING},
            "LRU faults 12 times, where FIFO faults 15 times and OPT 9 times.",
            SILBERSCHATZ,
        ),
        Example(
            "belady",
            {"policy": "fifo", "frames": 4, "references": BELADY},
            "FIFO faults 10 times with 4 frames, and 9 times with 3.",
            "belady-1969",
        ),
        Example(
            "clock",
            {"policy": "clock", "frames": 3, "references": STRING},
            "The hand sweeps all three frames whenever every bit is set.",
            TANENBAUM,
        ),
        Example(
            "writes",
            {"policy": "nru", "frames": 3, "reset_every": 4, "references": [1, "2w", 3, 1, 4, "1w", 5, 2, "3w", 4, 1]},
            "A clean page leaves before a dirty one of the same age, and saves a write.",
            TANENBAUM,
        ),
        Example(
            "opt",
            {"policy": "opt", "frames": 3, "references": STRING},
            "No policy can do with fewer than 9 faults.",
            SILBERSCHATZ,
        ),
    ),
    recipes=RECIPES,
)
