"""How do the figures of weeks look? Made to be looked at again tomorrow: few, true, and what comes next.

A pure function of the figures and the frame.
"""

from collections.abc import Iterator, Sequence

from trainer.practice.days import date_of
from trainer.practice.stats import Calibration, Load, Share, Statistics
from trainer.screen.clean import clean
from trainer.view.drawing import Drawing, Frame, Line, Span, grid, line, paragraph

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = (("·", "."), ("░", ":"), ("▒", "+"), ("▓", "*"), ("█", "#"))  # none, few, …, many
STEPS = ("▁▂▃▄▅▆▇█", "_.-:=+*#")
BAR = 20  # columns of a full bar


def statistics_drawing(figures: Statistics, frame: Frame) -> Drawing:
    """The whole page."""
    if not figures.answers:
        return paragraph("Nothing practised yet. osdrill asks the first question.", frame)
    parts = [_first(figures, frame), _calendar(figures, frame), _week(figures, frame), _topics(figures, frame)]
    parts += [_mistakes(figures, frame), _calibration(figures.calibration, frame)]
    rows: list[Line] = []
    for part in parts:
        if part:
            rows += [(), *part] if rows else part
    return tuple(rows)


def _first(figures: Statistics, frame: Frame) -> Drawing:
    share = figures.right / figures.answers
    minutes = round(figures.taken_ms / 60_000)
    told = f"{figures.answers} answers, {share:.0%} right, {_time(minutes)}"
    rows = paragraph(f"{told} · practised {figures.practised} of the last 7 days", frame, "strong")
    held = f"{_skills(figures.known)} held at 90 % or more today, {figures.learning} being learnt"
    rows += paragraph(held, frame)
    if figures.lately.answers and figures.lately.answers < figures.answers:
        rows += paragraph(f"last 30 days: {figures.lately.answers} answers, {figures.lately.share:.0%} right", frame)
    if figures.self_marked.answers:
        mine = figures.self_marked
        rows += paragraph(f"marked by yourself, counted apart: {mine.answers} answers, {mine.share:.0%}", frame)
    return rows


def _time(minutes: int) -> str:
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _skills(count: int) -> str:
    return "1 skill" if count == 1 else f"{count} skills"


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _calendar(figures: Statistics, frame: Frame) -> Drawing:
    """One column a week, one row a weekday, this week last; plain: the days with answers as a sentence."""
    answers = dict(figures.days)
    if frame.plain:
        lately = [(day, count) for day, count in figures.days if day > figures.today - 14]
        told = ", ".join(f"{date_of(day):%a %d %b} {count}" for day, count in lately)
        return paragraph(f"Answers in the last two weeks: {told or 'none'}.", frame)
    weeks = max(4, min(26, (frame.width - 8) // 2))
    monday = figures.today - date_of(figures.today).weekday()
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
    line_ = "".join(steps[load.cards * 7 // most] if load.cards else " " for load in figures.forecast)
    return (*table, line(Span("  4 weeks  ", "dim"), Span(line_, "run"), Span(f"  most {most} a day", "dim")))


def _day(load: Load, today: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(load.day - today, f"{date_of(load.day):%a %d %b}")


def _minutes(load: Load) -> int:
    return -(-load.taken_ms // 60_000)


# ── what ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _topics(figures: Statistics, frame: Frame) -> Drawing:
    rows = list(_shares((*figures.topics, *figures.kinds), frame))
    head = (
        ("topic", "answers", "right", "s each")
        if frame.plain or frame.width < 60
        else ("topic", "answers", "right", "", "s each")
    )
    return grid(head, rows, frame)


def _shares(shares: Sequence[Share], frame: Frame) -> Iterator[tuple[object, ...]]:
    for one in shares:
        figures = (clean(one.name), one.answers, f"{one.share:.0%}")
        bar = () if frame.plain or frame.width < 60 else (_bar(one.share, frame),)
        yield (*figures, *bar, f"{one.seconds:.0f}")


def _bar(share: float, frame: Frame) -> str:
    full = round(share * BAR)
    return (frame.glyph("█", "#") * full + frame.glyph("░", ".") * (BAR - full)).ljust(BAR)


def _mistakes(figures: Statistics, frame: Frame) -> Drawing:
    """The mistakes that fitted two different questions, and whether they went away."""
    if not figures.mistakes:
        return ()
    rows = [line(Span("mistakes seen twice or more", "head"))]
    for one in figures.mistakes:
        state = "settled" if one.settled else "open   "
        told = f"{state}  {clean(one.id).replace('-', ' ')}, last on {date_of(one.last):%d %b}"
        rows += paragraph(told, frame, "" if one.settled else "wait", indent="  ")
    return tuple(rows)


def _calibration(found: Calibration | None, frame: Frame) -> Drawing:
    if found is None:
        return ()
    low, high = f"{found.observed.low:.0%}", f"{found.observed.high:.0%}"
    verdict = "they agree" if found.holds else "they do not agree"
    told = f"memory: {found.foretold:.0%} foretold, {found.observed.share:.0%} right (95 % interval {low} to {high})"
    return paragraph(f"{told} over {found.reviews} reviews; {verdict}", frame)
