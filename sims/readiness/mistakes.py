"""How do people get readiness wrong? Each belief as another mode or one changed rule."""

from collections.abc import Callable
from dataclasses import replace

from sims.declare import Mistake, NoAnswer
from sims.readiness.run import Trace
from sims.readiness.scenario import Scenario

TOLD = ("waits", "stalled", "stalled-after-reads")


def _mode(before: str, after: str) -> Callable[[Scenario], Scenario]:
    """The scenario under another mode, where it has this one."""
    return lambda scenario: replace(scenario, mode=after) if scenario.mode == before else scenario


def _under(misrule: str, *modes: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule) if scenario.mode in modes else scenario


def _all_unread(trace: Trace) -> int:
    return trace.events[-1].unread


def _unread_after_reads(trace: Trace) -> dict[str, int]:
    found = (event for event in trace.events if event.happening.op in ("read", "drain"))
    return {str(event.number): event.unread for event in found}


def _what_was_left(trace: Trace) -> int:
    """What the last wait found and did not report."""
    silent = [n for n, event in enumerate(trace.events) if event.happening.op == "wait" and not event.result and n]
    if not silent:
        raise NoAnswer("every wait reports")
    return trace.events[silent[-1]].unread


MISTAKES = (
    Mistake(
        id="edge-tells-until-drained",
        clause="an edge-triggered socket is reported until it has been read empty",
        says="That is level-triggered. Edge mode tells once that something has come.",
        rule=_mode("edge", "level"),
        asked=TOLD,
    ),
    Mistake(
        id="level-tells-once",
        clause="a level-triggered socket is reported once for each arrival",
        says="That is edge-triggered. Level mode tells as long as anything is unread.",
        rule=_mode("level", "edge"),
        asked=TOLD,
    ),
    Mistake(
        id="oneshot-rearms-itself",
        clause="a one-shot socket is reported again by itself",
        says="After one report it is silent, whatever comes, until EPOLL_CTL_MOD re-arms it.",
        rule=_mode("oneshot", "level"),
        asked=TOLD,
    ),
    Mistake(
        id="oneshot-wakes-for-new-data",
        clause="new data wakes a one-shot socket that has been reported",
        says="That is edge-triggered. A one-shot socket is silent until it is re-armed.",
        rule=_mode("oneshot", "edge"),
        asked=TOLD,
    ),
    Mistake(
        id="edge-needs-empty-first",
        clause="new data is only an edge if the socket was empty before",
        says="Each arrival is a new edge, also on top of unread data.",
        rule=_under("edge-from-empty", "edge"),
        asked=TOLD,
    ),
    Mistake(
        id="rearm-forgets-pending",
        clause="re-arming waits for new data",
        says="EPOLL_CTL_MOD looks at the socket: what is unread is reported again.",
        rule=_under("rearm-forgets", "edge", "oneshot"),
        asked=TOLD,
    ),
    Mistake(
        id="one-report-an-arrival",
        clause="every arrival is reported by a wait of its own",
        says="There is no queue of events: what came before a wait is one report.",
        rule=_under("queued", "edge"),
        asked=TOLD,
    ),
    Mistake(
        id="edge-remembers-what-was-read",
        clause="an arrival is reported although its data has been read",
        says="The wait looks at the socket once more; with nothing unread there is nothing to report.",
        rule=_under("edge-remembers", "edge"),
        asked=TOLD,
    ),
    Mistake(
        id="unread-is-stalled",
        clause="everything unread is stalled",
        says="What the next wait will report is not lost, only late.",
        measures={"stalled": _all_unread, "stalled-after-reads": _unread_after_reads},
    ),
    Mistake(
        id="stalled-at-last-silence",
        clause="what the last silent wait left behind is counted",
        says="Later reads and arrivals change it; what counts is the end.",
        measures={"stalled": _what_was_left},
    ),
)
