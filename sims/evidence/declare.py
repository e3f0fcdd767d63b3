"""How does an incident's evidence declare itself?

def _throttling(pick: Pick) -> Values:
    cpus, threads = pick("cpus", 1, 4), 16 * pick("threads", 2, 6)
    periods = pick("periods", 20_000, 60_000)
    throttled = periods * pick("share", 25, 45) // 100
    return {"quota": cpus * 100_000, "periods": periods, "throttled": throttled, "threads": threads}
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sims.fields import Pick

Values = Mapping[str, Any]  # int or str: as the evidence prints them


class Evidence(NamedTuple):
    """The numbers of one incident."""

    name: str
    values: tuple[str, ...]  # the names that content may use, all of them made
    make: Callable[[Pick], Values]
    holds: Callable[[Values], bool]  # whether the numbers fit each other and the cause: the check proves it
    says: str  # what holds, in a sentence: "a quarter of the periods and more are throttled while the mean stays low"


def share(part: int, whole: int, digits: int = 0) -> str:
    """part of whole in per cent, as tools print it."""
    return f"{100 * part / whole:.{digits}f}"
