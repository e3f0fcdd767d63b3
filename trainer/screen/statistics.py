"""How do the figures of weeks look? Made to be looked at again tomorrow: few, true, and what comes next.

A pure function of the figures and the frame.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from trainer.practice.days import date_of
from trainer.practice.level import chance
from trainer.practice.mistakes import Held, numbered
from trainer.practice.stats import Calibration, Load, Share, Statistics
from trainer.screen.clean import clean
from trainer.screen.prose import prose
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = (("·", "."), ("░", ":"), ("▒", "+"), ("▓", "*"), ("█", "#"))  # none, few, …, many
STEPS = ("▁▂▃▄▅▆▇█", "_.-:=+*#")
BAR = 20  # columns of a full bar
WITH_BARS = 64  # columns from which on a table has bars
WEEKS = (16, 26)  # of the calendar: shown at least where there is room, at most
WEAKEST, SETTLED = 5, 5  # skills, and settled mistakes, shown; all of them on the page for a browser
HARD = "forgotten far more often than foretold"
Words = Callable[[Held], str]


def statistics_drawing(figures: Statistics, frame: Frame, titles: Mapping[str, str], words: Words) -> Drawing:
    """The whole page. `titles` by skill; `words` say what a mistake is."""
    if not figures.answers and not figures.self_marked.answers:
        return paragraph("Nothing practised yet. osdrill asks the first question.", frame)
    parts = [_first(figures, frame), _calendar(figures, frame), _week(figures, frame)]
    parts += [_shares("topic", figures.topics, figures, frame), _shares("kind", figures.kinds, figures, frame)]
    parts += [_levels(figures, frame, titles), _mistakes(figures, frame, titles, words)]
    parts.append(_calibration(figures.calibration, frame))
    rows: list[Line] = []
    for part in parts:
        if part:
            rows += [(), *part] if rows else part
    return tuple(rows)


def _first(figures: Statistics, frame: Frame) -> Drawing:
    share = figures.right / figures.answers if figures.answers else 0
    told = f"{_answers(figures.answers)}, {share:.0%} right, {_time(figures.taken_ms)}"
    rows = paragraph(f"{told} · practised {figures.practised} of the last 7 days", frame, "strong")
    held = f"{_skills(figures.known)} held at 90% or more today, {figures.learning} being learnt"
    rows += paragraph(held, frame)
    if figures.lately.answers and figures.lately.answers < figures.answers:
        rows += paragraph(f"last 30 days: {_answers(figures.lately.answers)}, {figures.lately.share:.0%} right", frame)
    if figures.self_marked.answers:
        mine = figures.self_marked
        rows += paragraph(f"marked by yourself, counted apart: {_answers(mine.answers)}, {mine.share:.0%}", frame)
    return rows


def _time(milliseconds: int) -> str:
    minutes = round(milliseconds / 60_000)
    if not minutes:
        return f"{round(milliseconds / 1000)} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _skills(count: int) -> str:
    return "1 skill" if count == 1 else f"{count} skills"


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _calendar(figures: Statistics, frame: Frame) -> Drawing:
    """One column a week, one row a weekday, this week last; plain: the days with answers as a sentence."""
    answers = dict(figures.days)
    if frame.plain:
        lately = [(day, count) for day, count in figures.days if day > figures.today - 14]
        told = ", ".join(f"{_date(day, weekday=True)} {count}" for day, count in lately)
        return paragraph(f"Answers in the last two weeks: {told or 'none'}.", frame)
    monday = figures.today - date_of(figures.today).weekday()
    since = (monday - min(answers, default=monday)) // 7 + 2  # one before the first answer
    weeks = max(4, min(max(WEEKS[0], since), WEEKS[1], (frame.width - 8) // 2))
    starts = [monday - 7 * back for back in range(weeks - 1, -1, -1)]
    most = max((answers.get(day, 0) for start in starts for day in range(start, start + 7)), default=0)
    rows: list[Line] = [line(Span("     " + _months(starts), "dim"))]
    for weekday, name in enumerate(WEEKDAYS):
        days = [start + weekday for start in starts]
        cells = " ".join(" " if day > figures.today else _shade(answers.get(day, 0), most, frame) for day in days)
        rows.append(line(Span(f"{name if weekday % 2 == 0 else '':<5}", "dim"), Span(cells.rstrip(), "run")))
    return tuple(rows)


def _months(starts: Sequence[int]) -> str:
    """The month above the week in which it begins; two columns a week, three letters a month."""
    text = ""
    for index, start in enumerate(starts):
        first = index == 0 or date_of(start).month != date_of(starts[index - 1]).month
        if first and len(text) <= 2 * index:
            text = text.ljust(2 * index) + f"{date_of(start):%b}"
    return text[: 2 * len(starts)]


def _shade(answers: int, most: int, frame: Frame) -> str:
    step = 0 if not answers else 1 + (answers - 1) * 4 // max(most, 4)
    return frame.glyph(*SHADES[min(step, 4)])


def _week(figures: Statistics, frame: Frame) -> Drawing:
    """What the next days hold; the four weeks as one line of steps."""
    rows = [(_day(load, figures.today), load.cards, _minutes(load)) for load in figures.week]
    table = grid(("due", "skills", "minutes"), rows, frame)
    most = max(load.cards for load in figures.forecast)
    if frame.plain or not most:
        return table
    steps = frame.glyph(*STEPS) if not frame.ascii else STEPS[1]
    weeks = max(1, min(len(figures.forecast), frame.width - 11) // 7)
    bars = "".join(steps[load.cards * 7 // most] if load.cards else " " for load in figures.forecast[: 7 * weeks])
    label, told = f"  {weeks} week{'s' if weeks > 1 else ' '}  ", f"most {most} a day"
    if len(label) + len(bars) + 2 + len(told) > frame.width:
        return (*table, line(Span(label, "dim"), Span(bars, "run")), line(Span(" " * len(label) + told, "dim")))
    return (*table, line(Span(label, "dim"), Span(bars, "run"), Span(f"  {told}", "dim")))


def _day(load: Load, today: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(load.day - today, _date(load.day, weekday=True))


def _date(day: int, *, weekday: bool = False) -> str:
    when = date_of(day)
    return f"{when:%a} {when.day} {when:%b}" if weekday else f"{when.day} {when:%b}"


def _minutes(load: Load) -> int:
    return -(-load.taken_ms // 60_000)


# ── what ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _shares(name: str, shares: Sequence[Share], figures: Statistics, frame: Frame) -> Drawing:
    """Answers, share right and time of each; the tables of topics and of kinds have the same columns."""
    if not shares:
        return ()
    bars = not frame.plain and frame.width >= WITH_BARS
    wide = 0 if frame.plain else max(len(clean(one.name)) for one in (*figures.topics, *figures.kinds))
    head = (name, "answers", "right", *([""] if bars else []), "seconds each" if frame.plain else "s each")
    return grid(head, [_share(one, wide, frame, bars=bars) for one in shares], frame)


def _share(one: Share, wide: int, frame: Frame, *, bars: bool) -> tuple[object, ...]:
    bar = (_bar(one.share, frame),) if bars else ()
    return (clean(one.name).ljust(wide), one.answers, f"{one.share:.0%}", *bar, f"{one.seconds:.0f}")


def _bar(share: float, frame: Frame) -> str:
    full = round(share * BAR)
    return (frame.glyph("█", "#") * full + frame.glyph("░", ".") * (BAR - full)).ljust(BAR)


def _levels(figures: Statistics, frame: Frame, titles: Mapping[str, str]) -> Drawing:
    """How many skills are at each level; the weakest, with the share of right answers that their rating foretells."""
    if not figures.levels:
        return ()
    counted = Counter(level for _, level, _ in figures.levels)
    told = ", ".join(f"{count} at level {level}" for level, count in sorted(counted.items()))
    weakest = sorted(figures.levels, key=lambda one: (one[2], one[0]))[:WEAKEST]
    room = frame.width - 20  # beside two columns of numbers
    leeches = set(figures.leeches)
    rows = [
        (_clipped(clean(titles.get(skill, skill)), room, frame), level, _foretold(elo, skill in leeches, frame))
        for skill, level, elo in weakest
    ]
    table = grid(("weakest", "level", "right"), rows, frame)
    hard = any(skill in leeches for skill, _, _ in weakest) and not frame.plain
    indent = "" if frame.plain else "  "
    note = prose(f"!: {HARD}; osdrill leads back to what it builds on", frame, "dim", indent=indent) if hard else ()
    return (*table, *note, *prose(told, frame, indent=indent))


def _foretold(elo: float, hard: bool, frame: Frame) -> str:
    if frame.plain:
        return f"{chance(elo):.0%}{f', {HARD}' if hard else ''}"
    return f"{'! ' if hard else ''}{chance(elo):.0%}"


def _clipped(text: str, room: int, frame: Frame) -> str:
    most = max(room, 12)
    return text if frame.plain or len(text) <= most else text[: most - 3].rstrip() + "..."


def _mistakes(figures: Statistics, frame: Frame, titles: Mapping[str, str], words: Words) -> Drawing:
    """The mistakes that fitted two different questions, and whether they went away: the latest first, open ones all."""
    if not figures.mistakes:
        return ()
    rows = list(paragraph("mistakes seen in two questions or more", frame, "head"))
    settled = [one for one in figures.mistakes if one.settled]
    for one in [one for one in figures.mistakes if not one.settled] + settled[:SETTLED]:
        state = "settled" if one.settled else "open"
        first = f"{state}: " if frame.plain else f"  {state:<9}"
        told, indent = f"{_named(one, titles, words)}, last on {_date(one.last)}", "" if frame.plain else " " * 11
        rows += prose(told, frame, "" if one.settled else "wait", indent=indent, first=first)
    if len(settled) > SETTLED:
        indent = "" if frame.plain else " " * 11
        rows += prose(f"and {len(settled) - SETTLED} settled before that", frame, "dim", indent=indent)
    return tuple(rows)


def _named(one: Held, titles: Mapping[str, str], words: Words) -> str:
    skill = one.skills[-1]
    return f"{titles.get(skill, skill)}: {words(one)}" if numbered(one.id) else words(one)


def _calibration(found: Calibration | None, frame: Frame) -> Drawing:
    if found is None:
        return ()
    low, high = f"{found.observed.low:.0%}", f"{found.observed.high:.0%}"
    verdict = "they agree" if found.holds else "they do not agree"
    told = f"memory: {found.foretold:.0%} foretold, {found.observed.share:.0%} right (95% interval {low} to {high})"
    return paragraph(f"{told} over {found.reviews} reviews; {verdict}", frame)
