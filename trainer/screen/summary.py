"""What is said around the questions: at the first run, on coming back, when it is seen again, at the end? Pure."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from trainer.model import Card
from trainer.practice.choose import APART
from trainer.screen.keys import Key
from trainer.screen.prose import prose
from trainer.view.drawing import Drawing, Frame, Span, line

if TYPE_CHECKING:
    from trainer.practice.mistakes import Held
    from trainer.practice.outlook import Outlook
    from trainer.practice.session import Summary

MOST_MISTAKES = 3  # named in a summary; all of them are in the statistics
NAME_COLUMNS = 12
STARTING = (Key("enter", "to start"), Key("?", "keys"), Key("q", "not now"))


class Opening(NamedTuple):
    """What a session begins with; made by whoever knows the history."""

    first: bool = False  # nobody has practised here
    outlook: "Outlook | None" = None  # what is due; None: start at once
    minutes: int = 15  # that the learner wants to practise a day
    goal: str = ""  # "goal 20 Jan: on course"
    data: str = ""  # where the answers are kept; empty where they are not
    notices: tuple[str, ...] = ()  # what went wrong before: cannot be saved, broken skills left out


def first_drawing(frame: Frame) -> Drawing:
    """The first line of the first run."""
    return prose("osdrill · first question, no account, nothing to set up.", frame, "dim")


def due_drawing(opening: Opening, frame: Frame) -> Drawing:
    """What is due, in one line."""
    found = opening.outlook
    if found is None:
        return ()
    due = f"{found.due} due, about {_minutes(found.minutes)}" if found.due else "nothing due"
    new = f"{found.new} new {'fits' if found.new == 1 else 'fit'} in your {opening.minutes}" if found.new else ""
    return prose(" · ".join(filter(None, (due, new, opening.goal))), frame)


def after_first_drawing(opening: Opening, frame: Frame) -> Drawing:
    """Where answers are kept, and the three commands to know; said once, below the first verdict."""
    kept = f"Your answers are kept in {opening.data}." if opening.data else "Your answers are not kept."
    commands = (("osdrill", "what is due"), ("osdrill quiz paging", "one topic"), ("osdrill stats", "how it goes"))
    width = max(len(name) for name, _ in commands)
    rows = prose(kept, frame)
    if frame.plain or frame.width < width + 20:
        return rows + prose(", ".join(f"{name}: {says}" for name, says in commands) + ".", frame)
    return rows + tuple(line(Span(f"  {name:<{width}}", "strong"), f"  {says}") for name, says in commands)


def again_drawing(card: Card | None, day: int, late: bool, frame: Frame) -> Drawing:
    """When the skill is asked again; `late`: what failed today comes after what is due."""
    if card is None:
        return ()
    back = "later today" if late else f"in {APART} questions"
    when = back if card.again_today == day else in_days(card.due - day)
    return prose(f"seen again {when}, as a fresh instance", frame, "dim", indent="" if frame.plain else "  ")


def in_days(days: int) -> str:
    """A distance in study days, in words."""
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"


def summary_drawing(
    summary: "Summary", due: Callable[[str], str], titles: Callable[[str], str], frame: Frame
) -> Drawing:
    """What a session was. `due(skill)`: when it is asked next, in words; `titles(skill)`: its title."""
    count = f"{summary.asked} question{'' if summary.asked == 1 else 's'}"
    marked = f", {summary.self_marked} self-marked" if summary.self_marked else ""
    head = f"{count}, {summary.right} right{marked}, {_duration(summary.taken_ms)}"
    rows = _spread(head, f"practised {summary.practised} of the last 7 days", frame)
    for one in summary.settled[:MOST_MISTAKES]:
        rows += _named("settled", f"{named(one, titles)} (right {_times(one.right_since)} since)", frame)
    for one in summary.open[:MOST_MISTAKES]:
        rows += _named("open", f"{named(one, titles)}, asked again {due(one.skills[-1])}", frame)
    tomorrow = summary.tomorrow
    told = (
        f"tomorrow {tomorrow.due} due, about {_minutes(tomorrow.minutes)}" if tomorrow.due else "nothing due tomorrow"
    )
    return rows + _named("next", told, frame)


def named(held: "Held", titles: Callable[[str], str]) -> str:
    """A mistake in words; the options of a written question have no names, so that its title stands for them."""
    from trainer.practice.mistakes import numbered  # noqa: PLC0415 — only at the end of a session

    if numbered(held.id):
        return titles(held.skills[-1])
    return held.id.replace("-", " ")


def ended_drawing(asked: int, frame: Frame, *, saved: bool, piped: bool) -> Drawing:
    """The last words of a session that is left in the middle; how to go on."""
    if asked:
        kept = "saved" if saved else "not saved"
        return prose(f"{asked} answer{'' if asked == 1 else 's'} {kept}. osdrill goes on where you left.", frame)
    how = "in a terminal, or pipe one answer a line" if piped else "when you like"
    return prose(f"Nothing answered. To go on, run osdrill {how}.", frame)


def nothing_drawing(tomorrow: "Outlook", frame: Frame) -> Drawing:
    """Nothing is to be asked now; what can be done all the same."""
    later = f"Tomorrow {tomorrow.due}, about {_minutes(tomorrow.minutes)}. " if tomorrow.due else ""
    return prose(f"Nothing is due. {later}osdrill quiz --count 5 asks more now.", frame)


def _spread(left: str, right: str, frame: Frame) -> Drawing:
    """Both on one line where they fit."""
    room = frame.width - len(left) - len(right)
    if frame.plain or room < 2:
        return prose(left, frame, "strong") + prose(right, frame, "dim")
    return (line(Span(left, "strong"), " " * room, Span(right, "dim")),)


def _named(name: str, text: str, frame: Frame) -> Drawing:
    first = f"{name}: " if frame.plain else f"  {name:<{NAME_COLUMNS - 2}}"
    return prose(text, frame, indent="" if frame.plain else " " * len(first), first=first)


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _duration(milliseconds: int) -> str:
    seconds = round(milliseconds / 1000)
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def keys_after(*, walks: bool, more: bool) -> Sequence[Key]:
    """What can be done after a verdict. `more`: a part of it did not fit the window."""
    worked = (Key("w", "worked out", "more"),) if more else ()
    step = (Key("v", "step through", "step"),) if walks else ()
    end = (Key("u", "undo"), Key("f", "report"), Key("?", "keys"), Key("q", "save and quit", "quit"))
    return (Key("enter", "next"), *worked, Key("r", "another"), *step, *end)
