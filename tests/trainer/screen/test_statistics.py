"""Claims about the figures of weeks on a terminal: what stands where, at every width, in words as in pictures."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY
from tests.trainer.screen.test_page import TITLES, figures, words
from trainer.practice.mistakes import Held
from trainer.practice.stats import Load, Share, Statistics
from trainer.screen.statistics import statistics_drawing
from trainer.view.drawing import Frame, text_of, width_of

SHOWN = Frame(80)


def drawn(given: Statistics, frame: Frame = SHOWN) -> str:
    return text_of(statistics_drawing(given, frame, TITLES, words))


def part(text: str, begins: str) -> list[str]:
    """The lines from the one that begins so to the next empty one."""
    lines = text.split("\n")
    start = next(index for index, one in enumerate(lines) if one.strip().startswith(begins))
    return lines[start : lines.index("", start) if "" in lines[start:] else None]


@pytest.mark.rule
def test_the_first_line_says_how_much_how_well_and_how_steadily() -> None:
    """412 answers, 330 of them right, 9,000 s."""
    first = drawn(figures()).split("\n")[0]
    assert first == "412 answers, 80% right, 2 h 30 min · practised 5 of the last 7 days"


@pytest.mark.rule
def test_the_calendar_has_this_week_last_and_today_below_its_weekday() -> None:
    """TODAY is Monday 23 November 2026: one answer then, nine the Sunday before, none on the Saturday."""
    rows = part(drawn(figures(days=((TODAY - 1, 9), (TODAY, 1)))), "Aug")
    monday, saturday, sunday = rows[1], rows[6], rows[7]
    assert rows[0].split() == ["Aug", "Sep", "Oct", "Nov"], "sixteen weeks: the first begins on 10 August"
    assert (monday[-1], sunday[-1], saturday[-1]) == ("░", "█", "·")
    assert len(monday) == len(sunday) + 2 == 5 + 2 * 16 - 1, "this week has no Sunday yet"


@pytest.mark.rule
def test_the_calendar_grows_with_the_history_as_far_as_there_is_room() -> None:
    long = figures(days=((TODAY - 7 * 24, 1), (TODAY, 1)))
    assert len(part(drawn(long), "Jun")[1]) == 5 + 2 * 26 - 1
    assert len(part(drawn(long, Frame(40)), "Aug")[1]) == 5 + 2 * 16 - 1


@pytest.mark.rule
def test_the_days_to_come_are_a_table_and_four_weeks_of_steps() -> None:
    load = tuple(Load(TODAY + n, {0: 7, 2: 1, 27: 4}.get(n, 0), 90_000) for n in range(28))
    rows = part(drawn(figures(week=load[:7], forecast=load)), "due")
    assert rows[1].split() == ["today", "7", "2"]
    assert rows[3].split() == ["Wed", "25", "Nov", "1", "2"]
    assert rows[8] == "  4 weeks  █ ▂" + " " * 24 + "▅  most 7 a day"
    narrow = part(drawn(figures(week=load[:7], forecast=load), Frame(30)), "due")
    assert narrow[-2:] == ["  2 weeks  █ ▂", "           most 7 a day"]


@pytest.mark.rule
def test_topics_and_kinds_are_tables_of_their_own_with_the_same_columns() -> None:
    text = drawn(figures())
    topics, kinds = part(text, "topic"), part(text, "kind")
    assert [row.split()[0] for row in topics] == ["topic", "paging", "scheduling"]
    assert [row.split()[0] for row in kinds] == ["kind", "simulated"]
    assert topics[2].split() == ["scheduling", "212", "80%", "█" * 16 + "░" * 4, "14"]
    assert topics[0].index("answers") == kinds[0].index("answers")
    assert "█" not in "".join(part(drawn(figures(), Frame(63)), "topic")), "no bars where they would not fit"


@pytest.mark.rule
def test_the_weakest_skills_come_first_with_their_level_and_what_is_forgotten_too_often() -> None:
    """Elo 120: 1 / (1 + 10^(−0.3)) = 66.6 %; 260: 1 / (1 + 10^(−0.65)) = 81.7 %."""
    rows = part(drawn(figures()), "weakest")
    assert rows[1].split() == ["Waiting", "times", "2", "!", "67%"]
    assert rows[2].split() == ["Faults", "1", "82%"]
    assert rows[3].startswith("  !: forgotten far more often than foretold")
    assert rows[-1] == "  1 at level 1, 1 at level 2"


@pytest.mark.rule
def test_mistakes_open_ones_first_settled_ones_not_all() -> None:
    gone = [Held(f"slip-of-{letter}", ("a",), 2, TODAY - 40, TODAY - 20 - n, 2) for n, letter in enumerate("bcdefgh")]
    option = Held("option-2", ("b",), 2, TODAY - 9, TODAY - 3, 1)
    rows = part(drawn(figures(mistakes=(option, *gone))), "mistakes")
    assert rows[1] == "  open     Faults: option 2, last on 20 Nov", "a number says nothing without its question"
    assert rows[2] == "  settled  slip of b, last on 3 Nov"
    assert len(rows) == 1 + 1 + 5 + 1
    assert rows[-1].strip() == "and 2 settled before that"


@pytest.mark.rule
def test_self_marked_answers_alone_are_shown_too() -> None:
    """Six free answers of twelve had every point, and nothing else was answered."""
    empty = {"answers": 0, "right": 0, "topics": (), "kinds": (), "mistakes": (), "levels": (), "calibration": None}
    text = drawn(figures(**empty, lately=Share("", 0, 0, 0)))
    assert "marked by yourself, counted apart: 12 answers, 50%" in text
    assert "topic" not in text
    assert "Nothing practised yet" in drawn(figures(**empty, self_marked=Share("self-marked", 0, 0, 0)))


@pytest.mark.rule
def test_plain_says_in_words_what_is_drawn_elsewhere() -> None:
    text = drawn(figures(), Frame(100, plain=True))
    assert "Answers in the last two weeks: Tue 10 Nov 5, Thu 12 Nov 3, " in text, "n days ago 1 + n % 9"
    assert "topic paging: answers 200, right 80%, seconds each 30" in text
    assert "weakest Waiting times: level 2, right 67%, forgotten far more often than foretold" in text
    assert "open: fcfs instead, last on 21 Nov" in text
    assert not {*"░▒▓█▁▂▃▄▅▆▇"} & {*text}


@given(
    width=st.integers(30, 120), simple=st.booleans(), plain=st.booleans(), name=st.text(max_size=40),
    answers=st.integers(0, 10**6), days=st.integers(0, 200),
)  # fmt: skip
def test_nothing_is_wider_than_the_frame_and_ascii_is_ascii(
    width: int, simple: bool, plain: bool, name: str, answers: int, days: int
) -> None:
    made = figures(
        answers=answers, right=answers // 2, topics=(Share(name.replace("\n", ""), answers, answers // 2, answers),),
        days=tuple((TODAY - n, n + 1) for n in range(days, -1, -3)),
    )  # fmt: skip
    shown = statistics_drawing(replace(made, calibration=None), Frame(width, simple, plain), TITLES, words)
    assert width_of(shown) <= width
    if simple and name.isascii():
        assert text_of(shown).isascii()
