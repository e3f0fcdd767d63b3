"""How do the figures of weeks look in a browser, and on paper? One page, nothing fetched, light and dark.

    page(figures, titles, words)  ->  a whole HTML document with its drawings inside

Every text passes `_text`. Colour is never alone: each mark has its number as a title, each drawing a sentence.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files

from trainer.practice.days import date_of
from trainer.practice.level import chance
from trainer.practice.mistakes import Held
from trainer.practice.stats import Calibration, Load, Share, Statistics
from trainer.screen.clean import clean

MARK = "<!doctype html>\n<!-- osdrill stats -->"  # how a page begins; only such a file is replaced
CELL, GAP = 13, 3  # of the calendar
WEEKS = (16, 53)  # shown at least, at most
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
MOST_LEVELS, OPEN_ROWS = 200, 12  # rows of skills: at all, and without unfolding, so that paper shows them
SKILLS = 3  # named beside a mistake
Words = Callable[[Held], str]


def page(figures: Statistics, titles: Mapping[str, str], words: Words) -> str:
    """The whole document; `titles` by skill, `words` say what a mistake is."""
    parts = [_head(figures)]
    if figures.answers or figures.self_marked.answers:
        parts += [_pair(_calendar(figures), _memory(figures.calibration)), _due(figures), _shares(figures)]
        parts += [_mistakes(figures, titles, words), _levels(figures, titles)]
    else:
        parts.append("<p>Nothing practised yet. osdrill asks the first question.</p>")
    style = files("trainer.screen").joinpath("page.css").read_text(encoding="utf-8")
    return (
        f'{MARK}\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>osdrill, {date_of(figures.today)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(filter(None, parts))
        + "\n</main>\n</body>\n</html>\n"
    )


def _text(value: object) -> str:
    return escape(clean(str(value)))


def _head(figures: Statistics) -> str:
    share = f"{figures.right / figures.answers:.0%}" if figures.answers else "–"
    told = [
        (figures.answers, "answer" if figures.answers == 1 else "answers"),
        (share, "right"),
        (f"{figures.practised} of 7", "last days practised"),
        (figures.known, f"{_skills(figures.known)} held at 90% or more"),
        (figures.learning, f"{_skills(figures.learning)} being learnt"),
        (_duration(figures.taken_ms), "in all"),
    ]
    cells = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for value, name in told)
    day = date_of(figures.today)
    return f"<header><h1>osdrill</h1><p>{day:%A}, {day.day} {day:%B %Y}</p></header>\n<dl class=figures>{cells}</dl>"


def _skills(count: int) -> str:
    return "skill" if count == 1 else "skills"


def _duration(milliseconds: int) -> str:
    minutes = round(milliseconds / 60_000)
    if not minutes:
        return f"{round(milliseconds / 1000)} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _section(title: str, *inside: str) -> str:
    body = "\n".join(filter(None, inside))
    return f"<section>\n<h2>{_text(title)}</h2>\n{body}\n</section>" if body else ""


def _pair(*sections: str) -> str:
    """Beside each other where there is room."""
    return "\n".join(["<div class=pair>", *filter(None, sections), "</div>"])


def _svg(width: float, height: float, says: str, inside: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" aria-label="{_text(says)}">'
        f"{''.join(inside)}</svg>"
    )


def _label(x: float, y: float, text: object, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{_text(text)}</text>'


def _box(place: tuple[float, float, float, float], kind: str, title: str) -> str:
    x, y, width, height = place
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" class="{kind}">'
        f"<title>{_text(title)}</title></rect>"
    )


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _calendar(figures: Statistics) -> str:
    """One column a week, one row a weekday, this week last."""
    answers = dict(figures.days)
    monday = figures.today - date_of(figures.today).weekday()
    since = min(answers, default=figures.today)
    weeks = min(max(WEEKS[0], (monday - since) // 7 + 2), WEEKS[1])
    first = monday - 7 * (weeks - 1)
    shown = {day: answers.get(day, 0) for day in range(first, figures.today + 1)}
    most, step, left, top = max(shown.values()), CELL + GAP, 34, 20
    marks = [_label(0, top + row * step + CELL - 3, name) for row, name in enumerate(WEEKDAYS) if name]
    last = -4
    for week in range(weeks):
        begins = date_of(first + 7 * week)
        if (week == 0 or begins.month != date_of(first + 7 * week - 7).month) and week - last > 2:
            marks.append(_label(left + week * step, 12, f"{begins:%b}"))
            last = week
    for day, count in shown.items():
        week, row = divmod(day - first, 7)
        place = (left + week * step, top + row * step, CELL, CELL)
        marks.append(_box(place, f"h{_shade(count, most)}", f"{date_of(day)}: {_answers(count)}"))
    practised = sum(count > 0 for count in shown.values())
    own = figures.self_marked.answers
    apart = f" ({own} marked by yourself)" if own else ""
    says = (
        f"{_answers(sum(shown.values()))}{apart} on {_days(practised)} of the last {weeks} weeks, at most {most} a day"
    )
    drawn = _svg(left + weeks * step, top + 7 * step, says, marks)
    return _section("Days", f"<div class=wide>{drawn}</div>", f"<p>{_text(says)}.</p>")


def _shade(count: int, most: int) -> int:
    """0 none, 1 few, 4 many."""
    return 0 if not count else min(4, 1 + (count - 1) * 4 // max(most, 4))


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _due(figures: Statistics) -> str:
    """Four weeks to come, a bar a day, the number above it."""
    loads, width, height = figures.forecast, 24, 90
    most = max((load.cards for load in loads), default=0)
    if not most:
        return _section("What comes", "<p>Nothing is due in the next four weeks.</p>")
    marks = []
    for index, load in enumerate(loads):
        tall = height * load.cards / most
        x = index * width
        if load.cards:
            place = (x + 2, 16 + height - tall, width - 4, tall)
            marks += [_box(place, "bar", _load(load)), _label(x + width / 2, 12 + height - tall, load.cards, "middle")]
        if index % 7 == 0:
            day = date_of(load.day)
            marks.append(_label(x + 2, height + 32, "today" if not index else f"{day.day} {day:%b}"))
    marks.append(f'<path d="M0 {height + 16.5}H{width * len(loads)}" class="axis"/>')
    week = sum(load.cards for load in figures.week)
    minutes = -(-sum(load.taken_ms for load in figures.week) // 60_000)
    time = "1 minute" if minutes == 1 else f"{minutes} minutes"
    says = f"Due today {loads[0].cards}, in the seven days from today {week}, about {time} together"
    return _section(
        "What comes",
        f"<div class=wide>{_svg(width * len(loads), height + 38, says, marks)}</div>",
        f"<p>{_text(says)}.</p>",
    )


def _load(load: Load) -> str:
    return f"{date_of(load.day)}: {load.cards} due, about {-(-load.taken_ms // 60_000)} min"


# ── memory ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _memory(found: Calibration | None) -> str:
    """Foretold against observed, with the interval of each step; on the line they agree."""
    if found is None:
        return _section("Memory", "<p>From 50 reviews on, this shows whether what was foretold came true.</p>")
    size, pad = 220, 34

    def at(foretold: float, observed: float) -> tuple[float, float]:
        return pad + foretold * size, 8 + (1 - observed) * size

    marks = [f'<path d="M{pad} 8V{8 + size}H{pad + size}" class="axis"/>']
    marks.append(f'<path d="M{pad} {8 + size}L{pad + size} 8" class="even"/>')
    for step in (0, 0.5, 1):
        marks += [_label(pad - 4, 12 + (1 - step) * size, f"{step:.0%}", "end")]
        marks += [_label(pad + step * size, 24 + size, f"{step:.0%}", "middle")]
    for foretold, seen, reviews in found.steps:
        (x, low), (_, high), (_, y) = at(foretold, seen.low), at(foretold, seen.high), at(foretold, seen.share)
        title = f"foretold {foretold:.0%}, right {seen.share:.0%} of {reviews} ({seen.low:.0%} to {seen.high:.0%})"
        marks.append(f'<path d="M{x:g} {low:g}V{high:g}" class="span"/>')
        radius = min(7, 2 + reviews**0.5 / 4)
        marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="dot"><title>{_text(title)}</title></circle>')
    seen = found.observed
    agrees = "They agree" if found.holds else "They do not agree"
    says = (
        f"{found.foretold:.0%} foretold, {seen.share:.0%} right (95% interval {seen.low:.0%} to {seen.high:.0%}) "
        f"over {found.reviews} reviews. {agrees}."
    )
    axes = "Across: the chance foretold. Up: the share that was right, with its 95% interval."
    drawn = _svg(size + pad + 20, size + 30, says, marks)
    return _section("Memory", f"<p>{_text(says)}</p>", drawn, f"<p class=dim>{axes}</p>")


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int, kind: str = "") -> str:
    """A table of cells that are HTML already; the last `numbers` columns stand to the right."""
    first = len(head) - numbers

    def row(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if index >= first else ''}>{cell}</{tag}>" for index, cell in enumerate(cells)
        )

    body = "\n".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    if not body:
        return ""
    top = row([_text(one) for one in head], "th")
    inside = f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f'<div class=wide><table class="{kind}">\n{inside}\n</table></div>'


def _shares(figures: Statistics) -> str:
    head = ("topic", "", "right", "answers", "s each")
    topics = _table(head, map(_share, figures.topics), 3, "even-columns")
    kinds = _table(("kind", *head[1:]), map(_share, figures.kinds), 3, "even-columns")
    mine = figures.self_marked
    own = ""
    if mine.answers:
        own = f"Marked by yourself, counted apart from all of the above: {_answers(mine.answers)}, {mine.share:.0%}."
    return _section("Topics", topics, kinds, f"<p>{_text(own)}</p>" if own else "")


def _share(one: Share) -> Sequence[str]:
    says = f"{one.share:.0%} right"
    full = _box((0, 1, 160 * one.share, 10), "bar", says) if one.right else ""
    bar = _svg(160, 12, says, (_box((0, 1, 160, 10), "rest", says), full))
    return _text(one.name), bar, f"{one.share:.0%}", str(one.answers), f"{one.seconds:.0f}"


def _mistakes(figures: Statistics, titles: Mapping[str, str], words: Words) -> str:
    if not figures.mistakes:
        return ""
    rows = (_mistake(one, titles, words) for one in figures.mistakes)
    told = "<p>These fitted your answers to two different questions or more.</p>"
    return _section("Mistakes", told, _table(("mistake", "in", "now", "first", "last"), rows, 0, "mistakes"))


def _mistake(one: Held, titles: Mapping[str, str], words: Words) -> Sequence[str]:
    state = "settled" if one.settled else "<b>open</b>"
    skills = ", ".join(titles.get(skill, skill) for skill in one.skills[:SKILLS])
    more = f" and {len(one.skills) - SKILLS} more" if len(one.skills) > SKILLS else ""
    when = [f"<span class=day>{date_of(day)}</span>" for day in (one.first, one.last)]
    return _text(words(one)), _text(skills + more), state, *when


def _levels(figures: Statistics, titles: Mapping[str, str]) -> str:
    """By skill, the weakest first: the level it is at, and the share of right answers that its rating foretells."""
    weakest = sorted(figures.levels, key=lambda one: (one[2], one[0]))
    rows = [_level(one, titles, set(figures.leeches)) for one in weakest[:MOST_LEVELS]]
    if not rows:
        return ""
    head, more = ("skill", "level", "right, foretold"), len(weakest) - len(rows)
    note = "Hard: forgotten far more often than foretold." if figures.leeches else ""
    told = f"The weakest first. {note}".strip()
    rest = _table(head, rows[OPEN_ROWS:], 2) + (f"\n<p>And {more} more.</p>" if more else "")
    folded = f"<details>\n<summary>{len(weakest) - OPEN_ROWS} more</summary>\n{rest}\n</details>"
    shown = _table(head, rows[:OPEN_ROWS], 2)
    return _section("Skills", f"<p>{told}</p>", shown, folded if len(rows) > OPEN_ROWS else "")


def _level(one: tuple[str, int, float], titles: Mapping[str, str], leeches: Collection[str]) -> Sequence[str]:
    skill, level, elo = one
    return (
        _text(titles.get(skill, skill)) + (" <b>hard</b>" if skill in leeches else ""),
        str(level),
        f"{chance(elo):.0%}",
    )
