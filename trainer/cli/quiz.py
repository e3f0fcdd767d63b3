"""osdrill, osdrill quiz: what is due, then a session."""

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from trainer.bank.load import Bank
from trainer.cli.joined import Opened, opened, session
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.practice.rooms import Wishes
from trainer.screen.paper import look
from trainer.screen.run import front_on, practise
from trainer.screen.summary import Opening
from trainer.screen.term import Terms
from trainer.view.drawing import Drawing, Frame

if TYPE_CHECKING:
    import argparse

    from trainer.model import Question
    from trainer.practice.outlook import Outlook
    from trainer.practice.session import Session

MORE = "Alone, osdrill says what is due and Enter starts."
MOST_SEED = 2**32 - 1
UNASKED: dict[str, Any] = {"topics": [], "count": None, "minutes": None, "level": None, "seed": None, "kind": None}


def arguments(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument(
        "topics", nargs="*", metavar="TOPIC", help="only these topics or concepts; osdrill skills lists them"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--count", type=_whole(1, 10_000), metavar="N", help="so many questions")
    length.add_argument("--minutes", type=_whole(1, 1_440), metavar="M", help="about so many minutes")
    parser.add_argument("--level", type=_whole(1, 9), metavar="N", help="at this level; 1 is the reference")
    parser.add_argument("--seed", type=_whole(0, MOST_SEED), metavar="S", help="the same session again")
    parser.add_argument("--kind", choices=("simulated", "authored"), help="only these questions")


def _whole(low: int, high: int) -> Any:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            from argparse import ArgumentTypeError  # noqa: PLC0415 — loaded by then

            raise ArgumentTypeError(f"expected {low} to {high}, got {text[:20]!r}")
        return int(text)

    return read


def run(options: Any, world: World) -> int:
    bank = world.bank
    topics = tuple(_topic(one, bank) for one in options.topics)
    if not bank.skills:
        raise Refusal("the bank has no skill that can be asked; osdrill check says why", code="empty-bank")
    wishes = Wishes(topics, options.kind or "", options.level, options.count, options.minutes)
    history = opened(world)
    sitting = session(world, history.ledger, wishes, options.seed)
    is_first = not history.ledger.cards()
    alone = options.alone and not is_first
    opening = Opening(
        first=is_first,
        outlook=_outlook(sitting) if alone else None,
        minutes=sitting.settings.minutes,
        goal=_goal(sitting) if alone and sitting.settings.exam >= 0 else "",
        data=str(world.database) if history.store else "",
        notices=_notices(world, history),
    )
    colour = world.settings["color"] != "never"
    shown = look(
        world.environment,
        terminal=sys.stdin.isatty() and sys.stdout.isatty(),
        encoding=sys.stdout.encoding or "ascii",
        plain=world.settings["plain"],
        ascii=world.settings["ascii"],
        colour=colour,
    )
    with front_on(sys.stdin, sys.stdout, shown) as front:
        status = practise(
            sitting,
            front,
            opening,
            lambda frame: _statistics(world, history, frame),
            partial(_report, world),
            terms=Terms(lambda: bank.tables),
        )
    _finish(world, history, bool(sitting.done))
    return status


def _outlook(sitting: "Session") -> "Outlook":
    from trainer.practice.outlook import outlook  # noqa: PLC0415 — only where the first line says what is due

    return outlook(sitting.situation())


def _goal(sitting: "Session") -> str:
    """`goal 20 Jan: on course`; empty when it is past."""
    from trainer.cli.dates import short  # noqa: PLC0415 — only who has a goal pays for it
    from trainer.practice.goal import on_course  # noqa: PLC0415 — as above

    now = sitting.situation()
    if now.exam < 0:
        return ""
    return f"goal {short(now.exam, now.day)}: {'on course' if on_course(now) else 'behind, osdrill goal says more'}"


def _topic(name: str, bank: Bank) -> str:
    """The topic or concept of that name. Raises Refusal."""
    if name in bank.topics or name in bank.concepts:
        return name
    import difflib  # noqa: PLC0415 — only a typo needs it

    close = difflib.get_close_matches(name[:80], [*bank.topics, *bank.concepts], 1, 0.5)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    known = " ".join(bank.topics)
    raise Refusal(f"no topic or concept {name[:40]!r}; the topics are {known}.{hint}", code="unknown-topic")


def _notices(world: World, history: Opened) -> tuple[str, ...]:
    """What went wrong before: nothing can be saved; skills of added packs that are left out."""
    told = [history.notice] if history.notice else []
    left = world.bank.left_out
    if left:
        skills = "1 skill is" if left == 1 else f"{left} skills are"
        told.append(f"{skills} left out, because something is wrong with them: osdrill check PACK says what.")
    return tuple(told)


def _statistics(world: World, history: Opened, frame: Frame) -> Drawing:
    from trainer.cli.stats import gathered, titles, words  # noqa: PLC0415 — only when asked for
    from trainer.screen.statistics import statistics_drawing  # noqa: PLC0415 — as above

    return statistics_drawing(gathered(world, history), frame, titles(world), words(world))


def _report(world: World, question: "Question", answer: str, says: str) -> str:
    from trainer.cli.reports import write  # noqa: PLC0415 — only when something is reported

    return write(world, question, answer, says)


def _finish(world: World, history: Opened, practised: bool) -> None:
    """Back up at the end of a session; everything was saved before."""
    if history.store is not None:
        if practised:
            history.store.backup(world.clock.now().utc)
        history.store.close()
