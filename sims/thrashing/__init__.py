"""What happens when the working sets of all processes no longer fit into memory?

    make(Scenario, {"frames": 6, "fault_time": 10, "processes": [{"phases": [{"pages": 3, "references": 12}]}] * 3})

scenario.py says what a problem is, memory.py which page leaves, run.py what happens, measures.py what can be asked,
mistakes.py how people get it wrong, recipes.py how it is drawn.

Sources: Denning, The working set model for program behavior, CACM 11(5), 1968; Silberschatz, Galvin, Gagne, Operating
System Concepts, 10th ed., 10.6; Tanenbaum, Bos, Modern Operating Systems, 4th ed., 2.1.7 (the probabilistic model).
"""

from sims.declare import Example, Rule, Simulator
from sims.thrashing.measures import MEASURES
from sims.thrashing.mistakes import MISTAKES
from sims.thrashing.recipes import RECIPES
from sims.thrashing.run import Event, Trace, run, tell
from sims.thrashing.scenario import Model, Phase, Process, Scenario

__all__ = ["SIMULATOR", "Event", "Model", "Phase", "Process", "Scenario", "Trace", "run", "tell"]

SILBERSCHATZ = "silberschatz-10 10.6"
LOOP = {"phases": [{"pages": 3, "references": 60}]}

SIMULATOR = Simulator(
    name="thrashing",
    question="What happens when memory runs out?",
    scenarios=(Scenario, Model),
    run=run,
    tell=tell,
    rules=(
        Rule("W(t, Δ): the pages of a process's references t − Δ + 1 to t, in its own virtual time.", "denning-1968"),
        Rule("A reference costs one tick of the core; the core takes the ready processes in turn, one reference each."),
        Rule("A fault takes no time on the core and blocks its process; the core runs the others meanwhile."),
        Rule("One paging device serves the faults in their order; a frame is found when service begins."),
        Rule("A page that has come counts as just used; its process joins the tail of the ready queue and uses it."),
        Rule("At one instant: end of service, end of a reference, start of service, resumption, dispatch."),
        Rule("Global LRU: the least recently used page of all processes leaves.", "silberschatz-10 10.5.3"),
        Rule("Local LRU: frames div n frames each, one more for the first listed (frames mod n).", SILBERSCHATZ),
        Rule("Working set: a page leaves memory when it leaves its process's working set.", "denning-1968"),
        Rule("Working set: with no frame free the last admitted process is suspended with all its pages."),
        Rule("It is resumed, in order of admission, when the frames that its working set needs are free."),
        Rule("A process that is alone and does not fit replaces its own least recently used page."),
        Rule("Degree d: the first d processes run, all from time 0 to their ends."),
        Rule("Utilisation: references made over the time until the last process ends."),
        Rule("Model: the core idles only while all n processes wait, pⁿ of the time.", "tanenbaum-4 2.1.7"),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "knee",
            {"frames": 9, "fault_time": 6, "processes": [LOOP] * 6},
            "Three loops of three pages fit into nine frames; with a fourth, nearly every reference faults.",
            SILBERSCHATZ,
        ),
        Example(
            "working-set",
            {"frames": 9, "fault_time": 6, "window": 6, "replacement": "working-set", "processes": [LOOP] * 6},
            "The same processes: three are suspended until the others end, and the utilisation stays.",
            "denning-1968",
        ),
        Example(
            "local",
            {"frames": 10, "fault_time": 6, "replacement": "local-lru", "processes": [LOOP] * 4},
            "Each process has its own frames: two of the four keep their loops, two thrash by themselves.",
            "silberschatz-10 10.5.3",
        ),
        Example(
            "model",
            {"waiting": "0.8", "processes": 4},
            "With 80 % waiting, four processes keep the core busy for 59 % of the time.",
            "tanenbaum-4 2.1.7",
        ),
    ),
    recipes=RECIPES,
)
