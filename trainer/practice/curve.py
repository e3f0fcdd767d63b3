"""How well will it be remembered on a given day? FSRS-6 as closed formulas, for planning.

Nothing here changes a card: `memory` does, through the library, and a test holds the two equal. These few lines are
kept apart because planning must not wait for the library to load, and asks thousands of times.

Words: *stability*, the days after which recall has fallen to 90 %; *difficulty*, 1 to 10; *recall*, a probability.
Source: open-spaced-repetition, The Algorithm, FSRS-6.
"""

from collections.abc import Sequence
from math import exp

DEFAULT = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
LEAST = 0.001  # days; no stability falls below it


def recall(stability: float, elapsed: int, parameters: Sequence[float] = DEFAULT) -> float:
    """The chance of a right answer `elapsed` days after the last review; 0 before there was one."""
    if stability <= 0:
        return 0.0
    decay = -parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    return float((1 + factor * max(0, elapsed) / stability) ** decay)


def stronger(stability: float, difficulty: float, now: float, parameters: Sequence[float] = DEFAULT) -> float:
    """The stability after a right answer (good) at recall `now`."""
    w = parameters
    grown: float = exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (exp((1 - now) * w[10]) - 1)
    return stability * (1 + grown)


def weaker(stability: float, difficulty: float, now: float, parameters: Sequence[float] = DEFAULT) -> float:
    """The stability after a wrong answer at recall `now`."""
    w = parameters
    long: float = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp((1 - now) * w[14])
    return max(LEAST, min(long, stability / exp(w[17] * w[18])))


def gain(stability: float, difficulty: float, elapsed: int, ahead: int, parameters: Sequence[float] = DEFAULT) -> float:
    """What asking it now adds to the recall expected `ahead` days from now.

    A right answer (likely as recall says) makes it stronger, a wrong one weaker but fresh; without the question it
    goes on fading. Never tested before: the whole of what a first success would leave.
    """
    if stability <= 0:
        return recall(parameters[2], ahead, parameters)
    now = recall(stability, elapsed, parameters)
    right = recall(stronger(stability, difficulty, now, parameters), ahead, parameters)
    wrong = recall(weaker(stability, difficulty, now, parameters), ahead, parameters)
    return now * right + (1 - now) * wrong - recall(stability, elapsed + ahead, parameters)
