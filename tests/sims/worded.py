"""What a simulator says of a scenario: for the tests that read its sentences."""

from typing import Any

from sims.listed import simulator as listed


def traced(name: str, **scenario: Any) -> Any:
    return listed(name).run(listed(name).scenario(scenario))


def told(name: str, trace: Any) -> list[str]:
    return [listed(name).tell(trace, index) for index in range(len(trace.events))]


def steps(name: str, measure: str, trace: Any, **given: Any) -> list[str]:
    return [step.says for step in listed(name).measure(measure).steps(trace, **given)]


def wrong(name: str, mistake: str, measure: str, trace: Any, **given: Any) -> Any:
    return listed(name).mistake(mistake).measures[measure](trace, **given)
