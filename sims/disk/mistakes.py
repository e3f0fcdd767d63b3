"""Which ways of the arm do people mistake for the right one?"""

from dataclasses import replace

from sims.declare import Mistake
from sims.disk.arm import Scenario
from sims.disk.measures import movement_without_return


def _look(scenario: Scenario) -> Scenario:
    policy = {"scan": "look", "c-scan": "c-look"}.get(scenario.policy, scenario.policy)
    return replace(scenario, policy=policy)


def _other_way(scenario: Scenario) -> Scenario:
    return replace(scenario, direction="down" if scenario.direction == "up" else "up")


def _other_tie(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="tie-turns") if scenario.policy == "sstf" else scenario


def _to_the_end(scenario: Scenario) -> Scenario:
    return replace(scenario, misrule="sweep-to-the-end") if scenario.policy in ("scan", "c-scan") else scenario


def _states_tie(_scenario: Scenario) -> str:
    return "Of two requests equally near, the arm takes the one in its current direction."


def _states_end(_scenario: Scenario) -> str:
    return "The last sweep stops at the last request; it does not go on to the edge."


MISTAKES = (
    Mistake(
        id="turns-at-last-request",
        clause="the arm turns at the last request of a sweep",
        says="That is LOOK. SCAN goes on to the edge of the disk before it turns.",
        rule=_look,
    ),
    Mistake(
        id="return-not-counted",
        clause="the return to the other side is not counted",
        says="The arm moves on its way back too, although it serves nothing.",
        measures={"movement": movement_without_return},
    ),
    Mistake(
        id="wrong-direction",
        clause="the arm sets out the other way",
        says="The question says in which direction the arm was moving.",
        rule=_other_way,
    ),
    Mistake(
        id="sstf-instead",
        clause="the arm always goes to the nearest request",
        says="That is SSTF.",
        rule=lambda scenario: replace(scenario, policy="sstf"),
    ),
    Mistake(
        id="fcfs-instead",
        clause="requests are served in order of arrival",
        says="That is FCFS.",
        rule=lambda scenario: replace(scenario, policy="fcfs"),
    ),
    Mistake(
        id="tie-turns",
        clause="the arm turns round when two requests are equally near",
        says="Both are read in textbooks; the question says which holds.",
        rule=_other_tie,
        convention=True,
        states=_states_tie,
    ),
    Mistake(
        id="sweep-to-the-end",
        clause="the last sweep goes on to the edge",
        says="Some books let every sweep end at the edge; the question says which holds.",
        rule=_to_the_end,
        asked=("movement",),
        convention=True,
        states=_states_end,
    ),
)
