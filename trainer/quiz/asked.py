"""What does `ask:` come to in this instance? The measure, with its arguments drawn: `running-at t=3..9`."""

from typing import Any

from sims.declare import NoAnswer, Simulator
from trainer.bank.ranges import parse_ask
from trainer.quiz.forms.draft import Asked
from trainer.quiz.sample import one
from trainer.quiz.stream import Pick


def asked(simulator: Simulator, ask: str, scenario: Any, pick: Pick) -> Asked:
    """What is asked of this scenario. Raises NoAnswer where a drawn name is none of the scenario's, Invalid and
    KeyError where the line does not fit the measure (the bank's check has refused that before)."""
    line = parse_ask(ask)
    measure = simulator.measure(line.measure)
    arguments: dict[str, Any] = {}
    for argument in measure.arguments:
        range_, path = line.arguments[argument.name], f"ask.{argument.name}"
        value = one(range_, pick, path)
        if argument.names is not None:
            names = argument.names(scenario)
            value = names[pick(path, 0, len(names) - 1)] if value == "any" else str(value)
            if value not in names:
                raise NoAnswer(f"{argument.name}: {value} is no name here")
        arguments[argument.name] = value
    return Asked(simulator, measure, arguments)
