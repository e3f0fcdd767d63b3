"""How do people get descriptors wrong? Each belief as one changed rule of the kernel's tables."""

from collections.abc import Callable
from dataclasses import replace

from sims.declare import Mistake
from sims.descriptors.scenario import Scenario


def _under(misrule: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule)


def _lower_limit(scenario: Scenario) -> Scenario:
    return replace(scenario, limit=max(3, scenario.limit - 1))


MISTAKES = (
    Mistake(
        id="next-number-instead-of-lowest",
        clause="a new descriptor is one more than the highest ever used",
        says="A number that has been closed is free again, and the lowest free one is taken.",
        rule=_under("next-number"),
    ),
    Mistake(
        id="dup-has-own-offset",
        clause="dup makes a second open file with an offset of its own",
        says="dup makes another number for the same open file description; its offset is shared.",
        rule=_under("dup-own-offset"),
    ),
    Mistake(
        id="fork-copies-offset",
        clause="the child gets offsets of its own",
        says="fork copies the numbers; parent and child share each open file description and its offset.",
        rule=_under("fork-own-offset"),
    ),
    Mistake(
        id="second-open-shares-offset",
        clause="two opens of one file share an offset",
        says="Each open makes an open file description of its own, which begins at 0.",
        rule=_under("open-shares"),
    ),
    Mistake(
        id="exec-closes-all",
        clause="exec closes everything above 2",
        says="Descriptors stay open across exec unless they are marked close-on-exec.",
        rule=_under("exec-closes-all"),
    ),
    Mistake(
        id="exec-keeps-all",
        clause="exec keeps every descriptor",
        says="exec closes exactly those marked close-on-exec.",
        rule=_under("exec-keeps-all"),
    ),
    Mistake(
        id="dup-keeps-cloexec",
        clause="dup and dup2 copy the close-on-exec flag",
        says="The flag belongs to the descriptor, not to what it names; a duplicate starts without it.",
        rule=_under("dup-keeps-cloexec"),
    ),
    Mistake(
        id="eof-when-one-writer-closes",
        clause="the reader sees the end of file as soon as one write end is closed",
        says="The end comes when every write end is closed, in every process, the reader's own included.",
        rule=_under("eof-at-first-close"),
    ),
    Mistake(
        id="empty-pipe-is-eof",
        clause="reading an empty pipe gives 0",
        says="While a write end is open more may come: the read would block. 0 means that nothing can come.",
        rule=_under("empty-is-eof"),
    ),
    Mistake(
        id="close-closes-every-copy",
        clause="closing one descriptor closes all that name the same open file",
        says="close takes away one number. The open file lives while another number names it.",
        rule=_under("close-closes-all"),
    ),
    Mistake(
        id="limit-beyond-standard",
        clause="0, 1 and 2 do not count against the limit",
        says="The limit is on the number itself: every descriptor is below it, and 0, 1 and 2 take three.",
        rule=_under("limit-beyond-standard"),
    ),
    Mistake(
        id="limit-reached-early",
        clause="the highest number is the limit less two",
        says="Numbers start at 0, so the highest is the limit less one.",
        rule=_lower_limit,
    ),
    Mistake(
        id="dup2-is-dup",
        clause="dup2 takes the lowest free number",
        says="dup2 takes the number it is given, and closes what that named before.",
        rule=_under("dup2-is-dup"),
    ),
    Mistake(
        id="unlink-closes",
        clause="a file that has been unlinked cannot be used any more",
        says="unlink takes the name away. The file stays while an open file description refers to it.",
        rule=_under("unlink-closes"),
    ),
    Mistake(
        id="fork-shares-table",
        clause="parent and child have one table of descriptors",
        says="The child has a table of its own: a close or an open there does not change the parent's.",
        rule=_under("fork-shares-table"),
    ),
)
