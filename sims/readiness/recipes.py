"""Which events on a socket are worth a question? Arrivals, short reads and waits in a drawn order."""

from sims.declare import Pick, Recipe
from sims.fields import flag, make, record, whole, word
from sims.readiness.scenario import MODES, Scenario


@record
class Story:
    """How long and how varied the story is."""

    mode: str = word(*MODES, help="how the socket is watched")
    count: int = whole(3, 40, default=7, help="number of events after the first arrival")
    longest: int = whole(2, 500, default=20, unit="bytes", help="largest arrival")
    rearming: bool = flag(default=True, help="whether the socket is re-armed in between")


def make_story(story: Story, pick: Pick) -> Scenario:
    """The first bytes arrive, then waits, short reads, drains, arrivals and re-arming; the last event is a wait."""
    unread = pick("first", 2, story.longest)
    lines = [f"arrive {unread}"]
    while len(lines) < story.count:
        line, unread = _next(story, lines[-1], unread, pick, len(lines))
        lines.append(line)
    return make(Scenario, {"mode": story.mode, "events": [*lines, "wait"]})


def _next(story: Story, last: str, unread: int, pick: Pick, place: int) -> tuple[str, int]:
    """(the next event, bytes unread after it)."""
    kind = pick(f"events.{place}.kind", 0, 9)
    if kind <= 2 or (kind <= 4 and not last.startswith("wait")):
        return "wait", unread
    if kind <= 6 and unread > 1 and not last.startswith("read"):
        count = pick(f"events.{place}.read", 1, unread - 1)
        return f"read {count}", unread - count
    if kind == 7 and unread:
        return "drain", 0
    if kind == 8 and story.rearming and story.mode != "level" and last != "rearm":
        return "rearm", unread
    count = pick(f"events.{place}.arrive", 1, story.longest)
    return f"arrive {count}", unread + count


RECIPES = (Recipe("story", Story, make_story, "arrivals, short reads, drains and waits in a drawn order"),)
