"""Is the comparison fair? Equal minutes, equal luck, and baselines that do what their authors say."""

import math

import pytest

from tools import simulate
from tools.simulate import (
    DAYS,
    MINUTES,
    START,
    WAYS,
    WORLDS,
    WRONG_MS,
    ActivationMind,
    Chance,
    DefaultFsrs,
    FastMind,
    FsrsMind,
    Leitner,
    Sm2,
    SpacedMind,
    course,
)

LUCK = Chance("test", 1)


def days_between(way: simulate.Dated, answers: str) -> list[int]:
    """The intervals that a way of practising gives to one skill; R right, W wrong, each answered when it is due."""
    day, found = START, []
    for one in answers:
        way.answered(0, day, one == "R", 1000)
        found.append(way.due[0] - day)
        day = way.due[0]
    return found


# ── equal means ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("world", WORLDS)
def test_every_way_that_asks_until_the_time_is_used_gets_the_same_minutes(world: str) -> None:
    """A day's overrun is taken from the next day: over all days nobody is more than one answer ahead."""
    used = {way: course(world, way, 3).minutes * DAYS for way in ("random", "Leitner", "SM-2", "osdrill")}
    assert max(used.values()) - min(used.values()) <= WRONG_MS / 60_000
    assert max(used.values()) <= MINUTES * DAYS


@pytest.mark.rule
def test_a_course_is_the_same_each_time_and_another_learner_has_another() -> None:
    one = course("activation", "random", 3)
    assert course("activation", "random", 3) == one
    assert course("activation", "random", 4) != one


@pytest.mark.rule
def test_only_osdrill_is_told_the_day_of_the_exam() -> None:
    assert WAYS["osdrill"](LUCK).settings.exam == START + DAYS  # type: ignore[attr-defined]
    assert not any(hasattr(make(LUCK), "settings") for name, make in WAYS.items() if name != "osdrill")


@pytest.mark.rule
def test_the_page_is_the_one_that_is_written_and_says_what_simulated_learners_are_not() -> None:
    page = simulate.PAGE.read_text(encoding="utf-8")
    assert page.startswith(simulate.HEAD.replace("{learners}", "40"))
    assert "**Simulated learners are not people.**" in page
    for world in WORLDS:
        assert [row.split("|")[1].strip() for row in page.split(f"## {world}\n")[1].split("\n")[3:10]] == [*WAYS]


# ── baselines ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.opinion("Wozniak, SuperMemo 2")
def test_sm_2_waits_one_day_six_days_then_two_and_a_half_times_as_long() -> None:
    """I(1) = 1, I(2) = 6, I(n) = I(n-1) × EF rounded up, EF 2.5; after a wrong answer from the beginning, same EF."""
    assert days_between(Sm2(LUCK), "RRRRWRRR") == [1, 6, 15, 38, 1, 1, 6, 15]


@pytest.mark.opinion("Leitner")
def test_leitners_boxes_double_and_a_wrong_answer_goes_back_to_the_first() -> None:
    assert days_between(Leitner(LUCK), "RRRRRRRWR") == [1, 2, 4, 8, 16, 32, 32, 1, 2]


@pytest.mark.opinion("FSRS-6, default parameters")
def test_default_fsrs_first_waits_as_long_as_its_initial_stability() -> None:
    """w2 = 2.3065 days after a right first answer, w0 = 0.212 after a wrong one: at 90 % the interval is the stability."""
    assert days_between(DefaultFsrs(LUCK), "R") == [2]
    assert days_between(DefaultFsrs(LUCK), "W") == [1]


# ── worlds ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("mind", [FsrsMind, ActivationMind, FastMind, SpacedMind])
def test_nothing_is_known_before_it_was_met_and_everything_fades(mind: type[simulate.FastMind]) -> None:
    made = mind(LUCK)
    assert made.chance(0, START) < 1e-6
    made.answered(0, START, True)
    chances = [made.chance(0, START + day) for day in (1, 2, 5, 20)]
    assert chances == sorted(chances, reverse=True)
    assert 0 < chances[-1] < chances[0] <= 1
    assert made.chance(1, START + 1) < 1e-6, "another skill"


@pytest.mark.rule
def test_in_the_fast_world_half_is_gone_after_the_half_life_and_a_success_lengthens_it() -> None:
    mind = FastMind(LUCK)
    mind.first, mind.growth = 2.0, 1.5
    mind.answered(0, START, True)
    assert mind.chance(0, START + 2) == 0.5
    mind.answered(0, START + 2, True)
    assert mind.chance(0, START + 5) == 0.5, "three days now"
    mind.answered(0, START + 5, False)
    assert mind.states[0][0] == pytest.approx(2.1), "shorter by 0.7"


@pytest.mark.rule
def test_a_second_success_on_a_day_counts_in_one_fast_world_and_not_in_the_other() -> None:
    for make, half in ((FastMind, 3.0), (SpacedMind, 2.0)):
        mind = make(LUCK)
        mind.first, mind.growth = 2.0, 1.5
        mind.answered(0, START, True)
        mind.answered(0, START, True)
        assert mind.states[0][0] == half
        mind.answered(0, START + 1, True)
        assert mind.states[0][0] == half * 1.5


@pytest.mark.opinion("Pavlik and Anderson 2005, equations 1 to 5")
def test_activation_is_the_log_of_faded_practice_and_decay_follows_it() -> None:
    """One practice a = 0.177 at d = 0.177: m = ln t^−d; the second decays by 0.217 e^m + 0.177."""
    mind = ActivationMind(LUCK)
    mind.threshold, mind.noise, mind.decay = -0.7, 0.255, 0.177
    mind.answered(0, 0, True)
    first = 0.217 * math.exp(-9.0) + 0.177
    activation = -first * math.log(10.01)
    assert mind.activation(0, 10) == pytest.approx(activation)
    assert mind.chance(0, 10) == pytest.approx(1 / (1 + math.exp((-0.7 - activation) / 0.255)))
    mind.answered(0, 10, True)
    assert mind.traces[0][1][1] == pytest.approx(0.217 * math.exp(activation) + 0.177)
