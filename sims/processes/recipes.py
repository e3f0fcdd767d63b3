"""How are programs of processes drawn?"""

from sims.declare import Pick, Recipe
from sims.fields import flag, make, record, whole, word
from sims.processes.run import Scenario


@record
class Forks:
    """How many forks, and whether && and || stand between them."""

    forks: int = whole(1, 6, help="forks in the program")
    logic: bool = flag(help="whether one line joins some of the forks by && and ||")


@record
class Prints:
    """How many forks, and how the output is buffered."""

    forks: int = whole(1, 4, help="forks in the program")
    words: int = whole(1, 3, help="different words that are printed")
    buffering: str = word("line", "full", "none", help="when output leaves")
    guards: bool = flag(help="whether a print behind a fork may be for the child or the parent only")
    loose: bool = flag(help="whether a print may lack its end of line")
    flush: bool = flag(help="whether a flush stands somewhere behind the first line")
    exec: bool = flag(help="whether the last line is an exec in the child or the parent")


@record
class Family:
    """A first process with children, some of whom have children and end before them."""

    children: int = whole(1, 4, help="children of P0")
    grandchildren: int = whole(0, 2, help="the most children of a child")
    subreaper: bool = flag(help="whether P0 may be a subreaper")


@record
class Writers:
    """Forks, and who writes to how much of the memory."""

    pages: int = whole(1, 64, help="pages of P0")
    forks: int = whole(1, 3, help="forks in the program")


def _forks(wish: Forks, pick: Pick) -> Scenario:
    if not wish.logic:
        return make(Scenario, {"program": "\n".join(["fork"] * wish.forks)})
    joined = min(wish.forks, 2 + pick("joined", 0, 1))
    signs = [("&&", "||")[pick(f"sign.{n}", 0, 1)] for n in range(joined - 1)]
    lines = ["fork"] * (wish.forks - joined)
    expression = " ".join(["fork", *(f"{sign} fork" for sign in signs)])
    lines.insert(pick("place", 0, len(lines)), expression)
    return make(Scenario, {"program": "\n".join(lines)})


def _prints(wish: Prints, pick: Pick) -> Scenario:
    lines = ["fork"] * wish.forks
    for index in range(wish.words):
        place = pick(f"place.{index}", 0, len(lines))
        loose = wish.loose and pick(f"loose.{index}", 0, 1)
        text = f"print {'-n ' if loose else ''}{'abc'[index]}"
        who = ("", "child", "parent")[pick(f"who.{index}", 0, 2)]
        guarded = wish.guards and who and "fork" in lines[:place]
        lines.insert(place, f"if {who} {{ {text} }}" if guarded else text)
    if wish.flush:
        lines.insert(pick("flush", 1, len(lines)), "flush")
    if wish.exec:
        lines.append(f"if {('child', 'parent')[pick('exec', 0, 1)]} {{ exec }}")
    return make(Scenario, {"program": "\n".join(lines), "buffering": wish.buffering})


def _family(wish: Family, pick: Pick) -> Scenario:
    lines, waits = [], 0
    for index in range(wish.children):
        below = pick(f"below.{index}", 0, wish.grandchildren)
        inner = [f"fork; if child {{ {_end(pick, f'grandchild.{index}.{n}')} }}" for n in range(below)]
        inner.append(_end(pick, f"child.{index}"))
        lines.append(f"fork; if child {{ {'; '.join(inner)} }}")
        waits += pick(f"wait.{index}", 0, 1)
    adopts = wish.subreaper and pick("subreaper", 0, 1)
    program = "\n".join([*lines, *["wait"] * waits])
    return make(Scenario, {"program": program, "subreaper": ["P0"] if adopts else []})


def _end(pick: Pick, path: str) -> str:
    return ("exit", "pause", "exit")[pick(path, 0, 2)]


def _writers(wish: Writers, pick: Pick) -> Scenario:
    lines = []
    for index in range(wish.forks):
        lines.append("fork")
        count = pick(f"pages.{index}", 1, wish.pages)
        who = ("child", "parent", "")[pick(f"who.{index}", 0, 2)]
        lines.append(f"if {who} {{ touch {count} }}" if who else f"touch {count}")
    return make(Scenario, {"program": "\n".join(lines), "pages": wish.pages})


RECIPES = (
    Recipe("forks", Forks, _forks, "forks one under the other, or one line of them joined by && and ||"),
    Recipe("prints", Prints, _prints, "prints among forks"),
    Recipe("family", Family, _family, "children and grandchildren that end or sleep, and a parent that waits for some"),
    Recipe("writers", Writers, _writers, "forks, each followed by a write to some pages"),
)
