"""How are reference strings drawn that chance would hardly give? With locality, and with Belady's anomaly.

Of random strings of 12 references at most one in 500 shows Belady's anomaly, so the cores below were searched for
(by changing Belady's own string one reference at a time); a draw renames their pages and repeats some references at
once, which adds hits but no fault.
"""

from sims.declare import Pick, Recipe
from sims.fields import make, record, whole, word
from sims.paging.scenario import POLICIES, Reference, Scenario

# FIFO faults more often with one frame more: from 3 to 4 frames, from 4 to 5. One digit a page.
ANOMALIES = {
    3: (
        "012301401234", "012301401524", "012301401534", "012301401254", "0123014041234", "0123014010234",
        "0121301401234", "0123412012340", "0123014012324", "0123013401234", "0123014014234", "0123014101234",
        "0121301405134", "0123014041524", "0123014012540", "0123021401254", "0123101401534", "0102301405134",
        "0123201401524", "01230104012343", "01230321401234", "01230141012434", "01203013401234", "01230314012543",
        "01023412512045", "01232412012530",
    ),
    4: (
        "012340150123425", "012340150124345", "012340150123145", "012340150312345", "012340135012345",
        "012340152012345", "012134015012345", "012343015012345", "012134015061345", "012340156012453",
        "012340154061235", "012340153012365", "012340150126545", "012304015062145",
    ),
}  # fmt: skip


@record
class Locality:
    """A process that stays among a few pages and now and then moves on."""

    policy: str = word(*POLICIES, help="how the page that leaves is chosen")
    frames: int = whole(1, 64, unit="frames", help="physical frames")
    count: int = whole(1, 1_000, unit="references", help="length of the reference string")
    pages: int = whole(2, 100, unit="pages", help="pages of the process, numbered from 0")
    near: int = whole(2, 50, default=3, unit="pages", help="pages in use at a time")
    stay: int = whole(0, 100, default=75, unit="%", help="chance that a reference stays among them")
    writes: int = whole(0, 100, default=0, unit="%", help="chance that a reference is a write")
    load_bit: str = word("set", "clear", default="set", help="clock, second-chance: the bit of a page just loaded")
    reset_every: int = whole(1, 1_000, default=4, unit="references", help="nru, aging: between clock interrupts")


def draw_locality(given: Locality, pick: Pick) -> Scenario:
    """A string without immediate repeats; `near` pages at a time, each of which a far reference may replace."""
    near = min(given.near, given.pages)
    window = _distinct("near", near, given.pages, pick)
    references: list[Reference] = []
    for n in range(given.count):
        path = f"references.{n}"
        last = references[-1].page if references else -1
        page = _next(given, window, last, path, pick)
        if page not in window:
            window = [*window[1:], page]
        write = given.writes > 0 and pick(f"{path}.write", 1, 100) <= given.writes
        references.append(Reference(page, write))
    drawn = given.count if given.policy == "random" else 0
    shared = {name: getattr(given, name) for name in ("policy", "frames", "load_bit", "reset_every")}
    draws = [pick(f"draws.{n}", 0, 99) for n in range(drawn)]
    return make(Scenario, {**shared, "references": references, "draws": draws})


def _next(given: Locality, window: list[int], last: int, path: str, pick: Pick) -> int:
    near = [page for page in window if page != last]
    far = [page for page in range(given.pages) if page != last and page not in window]
    stays = pick(f"{path}.stay", 1, 100) <= given.stay
    pages = near if near and (stays or not far) else far
    return pages[pick(f"{path}.page", 0, len(pages) - 1)]


def _distinct(path: str, count: int, below: int, pick: Pick) -> list[int]:
    """`count` different numbers below `below`, in drawn order."""
    left = list(range(below))
    return [left.pop(pick(f"{path}.{n}", 0, len(left) - 1)) for n in range(count)]


@record
class Anomaly:
    """A string for which FIFO faults more often with one frame more."""

    frames: int = whole(3, 4, default=3, unit="frames", help="the smaller number of frames")
    pages: int = whole(7, 100, default=9, unit="pages", help="pages are named 0 to pages − 1")
    repeats: int = whole(0, 8, default=1, help="references that are repeated at once; they are hits")


def draw_anomaly(given: Anomaly, pick: Pick) -> Scenario:
    """One of the cores with its pages renamed and some references repeated."""
    cores = ANOMALIES[given.frames]
    core = cores[pick("core", 0, len(cores) - 1)]
    names = _distinct("names", 7, given.pages, pick)
    pages = [names[int(digit)] for digit in core]
    for n in range(given.repeats):
        at = pick(f"repeats.{n}", 0, len(pages) - 1)
        pages.insert(at, pages[at])
    return make(Scenario, {"policy": "fifo", "frames": given.frames, "references": pages})


RECIPES = (
    Recipe(
        name="locality",
        parameters=Locality,
        make=draw_locality,
        help="a reference string with locality, for every policy; draws included for random",
    ),
    Recipe(
        name="belady",
        parameters=Anomaly,
        make=draw_anomaly,
        help="FIFO and a string that faults more often with frames + 1 than with frames",
    ),
)
