"""Which three hints lead to the answer? The rule, then first steps, then all but the last of the solution."""

from collections.abc import Sequence
from typing import Any

RUNGS = 3


def from_steps(steps: Sequence[Any]) -> tuple[str, ...]:
    """The rungs of the ladder; fewer where the solution is short."""
    if not steps:
        return ()
    rules = list(dict.fromkeys(step.rule for step in steps if step.rule))
    rungs = [f"The rule: {'; '.join(rules[:2])}."]
    first = max(1, len(steps) // 3)
    if len(steps) > 1:
        rungs.append(_told(steps[:first]))
    if len(steps) > first + 1:
        rungs.append(_told(steps[first:-1]))
    return tuple(rungs)


def _told(steps: Sequence[Any]) -> str:
    return "\n".join(step.says for step in steps)
