"""Which servers are worth a question? Requests drawn by count, rounds and lengths; and a loop with a CPU hog in it."""

from dataclasses import replace

from sims.declare import Pick, Recipe
from sims.fields import Whole, maybe, record, whole, word
from sims.server.scenario import MODELS, Request, Scenario

SERVER = (  # what a recipe passes on as it is
    "model",
    "cores",
    "threads",
    "loops",
    "switch_cost",
    "syscall_cost",
    "stack_kib",
    "descriptor_limit",
    "backlog",
)


@record
class Mixed:
    """Requests of one shape with drawn lengths."""

    model: str = word(*MODELS, help="how requests are given to threads")
    count: int = whole(1, 40, default=3, help="number of requests")
    rounds: int = whole(1, 8, default=2, help="CPU segments of each request, with an I/O segment between two")
    longest_cpu: int = whole(1, 1000, default=4, unit="ticks", help="longest CPU segment")
    longest_io: int = whole(1, 1000, default=6, unit="ticks", help="longest I/O segment")
    gap: int = whole(0, 1000, default=2, unit="ticks", help="longest time between two arrivals; 0: all at once")
    cores: int = whole(1, 64, default=1, help="cores")
    threads: int = whole(1, 1000, default=2, help="threads of a pool")
    loops: int = whole(1, 64, default=1, help="loops of an event loop")
    switch_cost: int = whole(0, 100, default=0, unit="ticks", help="cost of a change of thread")
    syscall_cost: int = whole(0, 100, default=0, unit="ticks", help="cost of a system call")
    stack_kib: int = whole(0, 1_048_576, default=8192, unit="KiB", help="stack reserved for each thread")
    descriptor_limit: int | None = maybe(Whole(1, 1000), help="connections that may be open at once")
    backlog: int = whole(0, 1000, default=128, help="connections that may wait for a descriptor")


def _request(index: int, arrival: int, shape: Mixed, pick: Pick) -> Request:
    longest = [shape.longest_io if at % 2 else shape.longest_cpu for at in range(2 * shape.rounds - 1)]
    segments = [pick(f"requests.{index}.segments.{at}", 1, most) for at, most in enumerate(longest)]
    return Request(name=f"R{index + 1}", arrival=arrival, segments=tuple(segments))


def _requests(shape: Mixed, pick: Pick) -> tuple[Request, ...]:
    requests, arrival = [], 0
    for index in range(shape.count):
        arrival += pick(f"requests.{index}.gap", 0, shape.gap) if index else 0
        requests.append(_request(index, arrival, shape, pick))
    return tuple(requests)


def make_mixed(shape: Mixed, pick: Pick) -> Scenario:
    """A server with those requests; the first arrives at 0."""
    return Scenario(requests=_requests(shape, pick), **{name: getattr(shape, name) for name in SERVER})


def make_hog(shape: Mixed, pick: Pick) -> Scenario:
    """The same, with one request that computes three times the longest CPU segment without a pause."""
    scenario = make_mixed(shape, pick)
    place = pick("hog", 0, max(0, shape.count - 2))
    old = scenario.requests[place]
    hog = replace(old, segments=(3 * shape.longest_cpu, *old.segments[1:]))
    return replace(scenario, requests=(*scenario.requests[:place], hog, *scenario.requests[place + 1 :]))


RECIPES = (
    Recipe("mixed", Mixed, make_mixed, "requests with drawn segments; the first arrives at 0"),
    Recipe("hog", Mixed, make_hog, "the same, and one request begins with a CPU segment three times the longest"),
)
