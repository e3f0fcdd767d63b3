"""Which beliefs about a server are another rule? The same requests under a server that works as people think."""

from dataclasses import replace

from sims.declare import Mistake
from sims.server.run import count_threads
from sims.server.scenario import Scenario

RUN = ("latency", "average-latency", "p95-latency", "makespan", "throughput", "utilisation", "little", "in-flight-at")
TIMES = (*RUN, "makespan-by-threads")  # this one runs pools of its own, whatever the model


def _burn(scenario: Scenario) -> Scenario:
    requests = tuple(replace(request, segments=(sum(request.segments),)) for request in scenario.requests)
    return replace(scenario, requests=requests)


def _core_a_thread(scenario: Scenario) -> Scenario:
    return replace(scenario, cores=min(64, max(scenario.cores, count_threads(scenario))))


def _hog_apart(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="hog-apart") if scenario.model == "event-loop" else scenario


def _asynchronous(scenario: Scenario) -> Scenario:
    if scenario.model != "event-loop":
        return scenario
    return replace(scenario, model="async-pool", threads=len(scenario.requests))


def _no_switch(scenario: Scenario) -> Scenario:
    return replace(scenario, switch_cost=0)


def _no_syscall(scenario: Scenario) -> Scenario:
    return replace(scenario, syscall_cost=0)


RULE_MISTAKES = (
    Mistake(
        id="io-does-not-overlap",
        clause="the I/O of one request waits until the I/O of another is over",
        says="Waiting needs nobody: any number of requests can wait for their I/O at the same time.",
        rule=lambda scenario: replace(scenario, misrule="io-one-at-a-time"),
        asked=TIMES,
    ),
    Mistake(
        id="one-after-another",
        clause="each request is finished before the next one begins",
        says="That is one blocking thread. Here others go on while a request waits for its I/O.",
        rule=lambda scenario: replace(scenario, model="blocking"),
        asked=RUN,
    ),
    Mistake(
        id="blocked-threads-burn-cpu",
        clause="a request keeps its core while it waits for its I/O",
        says="A blocked thread is off the core; somebody else runs there until the I/O is over.",
        rule=_burn,
        asked=tuple(name for name in TIMES if name != "utilisation"),
    ),
    Mistake(
        id="threads-speed-up-cpu",
        clause="every thread has a core of its own",
        says="CPU segments share the cores. More threads than cores do not make them faster.",
        rule=_core_a_thread,
        asked=RUN,
    ),
    Mistake(
        id="hog-delays-only-itself",
        clause="a long computation in the loop delays nobody but itself",
        says="The loop runs a segment to its end; until then every other request of this loop waits.",
        rule=_hog_apart,
        asked=RUN,
    ),
    Mistake(
        id="non-blocking-is-asynchronous",
        clause="the computations of one loop go on side by side in the background",
        says="Non-blocking only means that a call returns at once. The loop itself runs every CPU segment, one by one.",
        rule=_asynchronous,
        asked=RUN,
    ),
    Mistake(
        id="switch-cost-forgotten",
        clause="changing the thread on a core costs nothing",
        says="Each change of thread keeps the core for the cost of a switch first.",
        rule=_no_switch,
        asked=TIMES,
    ),
    Mistake(
        id="syscall-cost-forgotten",
        clause="system calls cost nothing",
        says="The start of each I/O, and each wake-up of a loop, takes the core for the cost of a system call.",
        rule=_no_syscall,
        asked=TIMES,
    ),
    Mistake(
        id="backlog-forgotten",
        clause="whoever finds no free descriptor is refused at once",
        says="Connections wait in the backlog first; only when it is full is anyone refused.",
        rule=lambda scenario: replace(scenario, backlog=0),
        asked=("refused", "latency"),
    ),
    Mistake(
        id="descriptors-unlimited",
        clause="every connection is opened when it arrives",
        says="Over the descriptor limit a connection waits until another one is done.",
        rule=lambda scenario: replace(scenario, descriptor_limit=None),
        asked=(*RUN, "max-open", "refused"),
    ),
)
