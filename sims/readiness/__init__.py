"""When is the application told? The simulator `readiness`: level, edge and one shot, on one socket."""

from sims.declare import Example, MapOf, Measure, Number, Rule, Simulator
from sims.readiness import measures as m
from sims.readiness.mistakes import MISTAKES
from sims.readiness.recipes import RECIPES
from sims.readiness.run import Event, Trace, run, tell
from sims.readiness.scenario import MODES, Happening, Scenario, read_names, wait_names

__all__ = ["MODES", "SIMULATOR", "Event", "Happening", "Scenario", "Trace", "run", "tell"]

SOURCE = "man-7-epoll"

MEASURES = (
    Measure(
        name="waits",
        gives=MapOf(Number(), wait_names, "wait"),
        of=m.waits,
        help="What each wait returns, by its number: 1 if the socket is reported, 0 if not.",
        asks="What does each wait return: 1 (the socket is reported) or 0?",
        steps=m.wait_steps,
        source=SOURCE,
    ),
    Measure(
        name="reads",
        gives=MapOf(Number("bytes", words=("would-block",)), read_names, "read"),
        of=m.reads,
        help="What each read or drain returns, by its number: bytes, or would-block.",
        asks="How many bytes does each read or drain return (or would-block)?",
        steps=m.read_steps,
        source="man-2-read",
    ),
    Measure(
        name="stalled",
        gives=Number("bytes"),
        of=m.stalled,
        help="Bytes unread at the end of which no wait will tell, if nothing more arrives.",
        asks="How many unread bytes will no wait ever report, if nothing more arrives?",
        steps=m.stalled_steps,
        better="low",
        source=SOURCE,
    ),
    Measure(
        name="stalled-after-reads",
        gives=MapOf(Number("bytes"), read_names, "read"),
        of=m.stalled_after_reads,
        help="For each read or drain, by its number: bytes that would be stalled if it were the last event.",
        asks="After each read or drain: how many unread bytes would no wait report, if nothing more arrived?",
        steps=m.after_steps,
        better="low",
        source=SOURCE,
    ),
)

SIMULATOR = Simulator(
    name="readiness",
    question="When is the application told that it can read?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=(
        Rule("Level: a wait reports the socket while anything is unread.", SOURCE),
        Rule("Edge: a wait reports it once after data has come, whatever is left unread then.", SOURCE),
        Rule("Edge: arrivals before a wait are one event.", SOURCE),
        Rule("Edge: new data is reported even if old data is still unread.", SOURCE),
        Rule("Data that has been read before the wait is not reported, in any mode.", "linux-eventpoll"),
        Rule("One shot: after one report the socket is silent until it is re-armed.", SOURCE),
        Rule("Re-arming (EPOLL_CTL_MOD) reports what is unread again, in edge mode too.", "linux-eventpoll"),
        Rule("A wait does not sleep here: it returns 1 or 0 at once."),
        Rule("A read takes what is there, up to its bytes; a drain reads until it would block."),
    ),
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "edge-stall",
            {"mode": "edge", "events": ["arrive 10", "wait", "read 4", "wait"]},
            "Six bytes stay in the socket and nobody is told of them.",
            SOURCE,
        ),
        Example(
            "level",
            {"mode": "level", "events": ["arrive 10", "wait", "read 4", "wait", "drain", "wait"]},
            "The same reads, level-triggered: told again until everything is read.",
            SOURCE,
        ),
        Example(
            "oneshot",
            {"mode": "oneshot", "events": ["arrive 3", "wait", "arrive 3", "wait", "rearm", "wait", "drain", "wait"]},
            "Silent after one report, also for new data, until it is re-armed.",
            SOURCE,
        ),
    ),
)
