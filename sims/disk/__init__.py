"""The disk simulator, declared: where does the arm go next?"""

from sims.declare import Example, Rule, Simulator
from sims.disk.arm import Move, Request, Scenario, Trace, run, tell
from sims.disk.measures import MEASURES
from sims.disk.mistakes import MISTAKES

__all__ = ["SIMULATOR", "Move", "Request", "Scenario", "Trace", "run", "tell"]

_QUEUE = [98, 183, 37, 122, 14, 124, 65, 67]

SIMULATOR = Simulator(
    name="disk",
    question="Where does the disk arm go next?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("One cylinder is one unit of time and of movement; serving takes no time.", "silberschatz-10 11.2"),
        Rule("FCFS serves in order of arrival; requests that arrive together in list order.", "silberschatz-10 11.2.1"),
        Rule("SSTF takes the shortest seek; a tie goes on in the current direction.", "silberschatz-9 10.4.2"),
        Rule("FCFS and SSTF choose when a request has been served and keep to it on the way."),
        Rule("The sweeping policies serve every request that they come past."),
        Rule("SCAN and C-SCAN go to the edge only if requests remain for afterwards.", "silberschatz-10 11.2.2"),
        Rule("The last sweep stops at the last request."),
        Rule("C-SCAN's return and C-LOOK's jump serve nothing and count as movement.", "silberschatz-10 11.2.3"),
        Rule("A request at the head's cylinder is served at once; an idle arm stays where it is."),
        Rule("Of requests for one cylinder the earlier in the list is served first."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    examples=(
        Example(
            "silberschatz",
            {"policy": "sstf", "cylinders": 200, "head": 53, "requests": _QUEUE},
            "SSTF crosses 236 cylinders where FCFS crosses 640.",
            "silberschatz-9 10.4.2",
        ),
        Example(
            "c-scan",
            {"policy": "c-scan", "cylinders": 200, "head": 53, "requests": _QUEUE},
            "The arm serves upwards only, and pays for the return.",
            "silberschatz-10 11.2.3",
        ),
    ),
)
