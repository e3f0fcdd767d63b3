"""The run of a collector, over a graph or over rates."""

from dataclasses import dataclass

from sims.collector.graph import Event, graph_events
from sims.collector.rates import Collection, rate_events
from sims.collector.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened: to the objects of a graph, or collection by collection."""

    scenario: Scenario
    events: tuple[Event, ...] | tuple[Collection, ...]

    @property
    def graph(self) -> tuple[Event, ...]:
        """The events of a graph."""
        return tuple(event for event in self.events if isinstance(event, Event))


def run(scenario: Scenario) -> Trace:
    """The events of the graph, or the collections that the rates lead to; see graph.py and rates.py. Raises Limit."""
    return Trace(scenario, graph_events(scenario) if scenario.is_graph else rate_events(scenario))


def tell(trace: Trace, index: int) -> str:
    """One sentence on the event."""
    event = trace.events[index]
    if isinstance(event, Collection):
        if event.kind == "minor":
            return f"At {event.start} ms a minor collection: {event.before} MB, of which {event.after} survive."
        return f"From {event.start} to {event.end} ms a collection: {event.before} MB in use, {event.after} afterwards."
    freed = f"{' '.join(event.freed)} freed" if event.freed else "nothing is freed"
    promoted = f"; {' '.join(event.promoted)} promoted" if event.promoted else ""
    return {
        "start": f"At the start {freed}.",
        "new": f"A variable holds the new object {event.name}.",
        "hold": f"A variable holds {event.name}.",
        "link": f"{event.name} refers to {event.other}.",
        "unlink": f"{event.name} no longer refers to {event.other}: {freed}.",
        "drop": f"The variable lets go of {event.name}: {freed}.",
        "collect": f"A full collection: {freed}{promoted}.",
        "minor": f"A minor collection: {freed}{promoted}.",
        "out-of-memory": f"There is no room for {event.name}: out of memory.",
    }[event.kind]
