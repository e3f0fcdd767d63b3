"""What does a server scenario say? Requests of alternating CPU and I/O segments, and the model that serves them.

    {"model": "pool", "threads": 2, "cores": 1, "requests": [{"segments": [1, 1, 1]}, {"segments": [1, 1, 1]}]}

Words: *segment* (a piece of CPU work or of waiting for I/O, in ticks), *open* (a connection that holds a
descriptor), *backlog* (the queue of connections that wait for a descriptor).
"""

from collections.abc import Iterable

from sims.fields import Fault, Whole, many, maybe, misrule, name, record, whole, word

MODELS = ("blocking", "thread-per-connection", "pool", "event-loop", "async-pool")
LONGEST = 1_000_000


@record
class Request:
    """One request, from its arrival to the end of its last segment."""

    name: str = name(help="short name of the request")
    arrival: int = whole(0, LONGEST, default=0, unit="ticks", help="when the connection arrives")
    segments: tuple[int, ...] = many(
        Whole(1, LONGEST), low=1, high=64, unit="ticks", help="lengths in turn: CPU, I/O, CPU, I/O, …"
    )

    @property
    def cpu(self) -> int:
        """Ticks of CPU work."""
        return sum(self.segments[::2])

    @property
    def io(self) -> int:
        """Ticks of waiting for I/O."""
        return sum(self.segments[1::2])


@record
class Scenario:
    """A server and what arrives at it."""

    model: str = word(*MODELS, help="how requests are given to threads")
    requests: tuple[Request, ...] = many(Request, low=1, high=10_000, named="R", help="requests in list order")
    cores: int = whole(1, 64, default=1, help="cores; one global queue of ready segments")
    threads: int = whole(1, 10_000, default=4, help="threads of `pool` and `async-pool`; the other models ignore it")
    loops: int = whole(1, 64, default=1, help="loops of `event-loop`; request i goes to loop i mod loops")
    switch_cost: int = whole(0, LONGEST, default=0, unit="ticks", help="core time whenever a core changes thread")
    syscall_cost: int = whole(
        0, LONGEST, default=0, unit="ticks", help="core time at the start of an I/O segment and at a loop's wake-up"
    )
    stack_kib: int = whole(0, 1_048_576, default=8192, unit="KiB", help="stack reserved for each thread")
    descriptor_limit: int | None = maybe(Whole(1, LONGEST), help="connections that may be open at once")
    backlog: int = whole(0, LONGEST, default=128, help="connections that may wait for a descriptor")
    misrule: str = misrule("io-one-at-a-time", "hog-apart")

    def faults(self) -> Iterable[Fault]:
        """More threads than requests are fine; a total that could pass 10¹² ticks is not."""
        total = sum(sum(request.segments) for request in self.requests)
        if total > LONGEST * LONGEST:
            yield Fault("requests", f"must take at most {LONGEST * LONGEST} ticks in all, got {total}")


def request_names(scenario: Scenario) -> tuple[str, ...]:
    """The names of the requests, in list order."""
    return tuple(request.name for request in scenario.requests)
