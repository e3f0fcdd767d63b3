"""What is asked next, in which order, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY
from tests.trainer.practice.bench import Entry, SmallBank, bank, card
from trainer.model import Card, Rating, replace
from trainer.practice.choose import (
    APART,
    SETTLES,
    Asked,
    Choice,
    Situation,
    choose,
    due_day,
    holding,
    pace,
    plan,
    room_for_new,
)
from trainer.practice.outlook import outlook, tomorrow
from trainer.practice.rooms import Settings, Wishes

BANK = bank()


def situation(*cards: Card, **given: object) -> Situation:
    return Situation(**{"bank": BANK, "cards": {one.skill: one for one in cards}, "day": TODAY, **given})  # type: ignore[arg-type]


def chosen(now: Situation) -> Choice:
    found = choose(now)
    assert found is not None
    return found


# ── the order of things ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_what_is_due_comes_before_what_is_new() -> None:
    choice = chosen(situation(card("t1c0s0", TODAY - 3)))
    assert (choice.skill, choice.reason.code) == ("t1c0s0", "due")
    assert choice.reason.says == "due for 3 days; recall now 88 %", "(1 + 0.9804 × 13 / 10) to the power −0.1542"


@pytest.mark.rule
def test_of_what_is_due_the_greatest_gain_a_minute_comes_first() -> None:
    weak, strong = card("t0c0s0", stability=4.0), card("t1c0s0", stability=100.0)
    assert chosen(situation(strong, weak)).skill == "t0c0s0"
    assert chosen(situation(strong, replace(weak, pace_ms=500_000))).skill == "t1c0s0"


@pytest.mark.rule
def test_a_wrong_answers_return_is_part_of_what_an_answer_takes() -> None:
    """In 30 days the weaker gains 16.7 points, right at 63 %: in 1.37 answers; the other 15.6, at 76 %: in 1.24."""
    weaker, other = card("t0c0s0", stability=0.5), card("t1c0s0", stability=2.0)
    assert chosen(situation(weaker, other)).skill == "t1c0s0", "12.6 points an answer before 12.2"


@pytest.mark.rule
def test_nothing_due_and_no_minutes_left_ends_the_day_unless_more_is_asked_for() -> None:
    done = situation(card("t0c0s0", TODAY + 5), spent_ms=15 * 60_000)
    assert choose(done) is None
    assert chosen(replace(done, wishes=Wishes(more=True))).reason.code == "more-new"


@pytest.mark.rule
def test_asked_for_more_there_is_always_something() -> None:
    everything = [card(skill, TODAY + 5, seen=TODAY) for skill in BANK.skills]
    now = situation(*everything, wishes=Wishes(count=10), asked=[Asked("t0c0s0", False), Asked("t1c0s0", False)])
    assert chosen(now).reason.code == "asked"
    assert chosen(now).skill not in ("t0c0s0", "t1c0s0")
    assert (
        chosen(situation(*(replace(one, seen=TODAY - 5) for one in everything), wishes=Wishes(count=1))).reason.code
        == "ahead"
    )


@pytest.mark.rule
def test_a_card_answered_in_the_future_is_due() -> None:
    assert chosen(situation(card("t0c0s0", TODAY + 4000, last=TODAY + 3650))).reason.code == "due"


@pytest.mark.rule
def test_a_skill_that_is_gone_from_the_bank_is_not_asked() -> None:
    assert chosen(situation(card("gone"))).skill != "gone"


@pytest.mark.rule
def test_put_off_and_skipped_skills_are_not_asked() -> None:
    now = situation(card("t0c0s0"), card("t1c0s0"), put_off={"t0c0s0": "suspend"}, skipped=frozenset({"t1c0s0"}))
    assert chosen(now).reason.code == "new"
    assert chosen(now).skill not in ("t0c0s0", "t1c0s0")


@pytest.mark.rule
def test_topic_concept_and_kind_narrow_the_choice() -> None:
    mixed = SmallBank([Entry("a", "x", "xa"), Entry("b", "y", "yb", kind="authored"), Entry("c", "y", "yc")])
    assert chosen(situation(bank=mixed, wishes=Wishes(topics=("y",)))).skill == "b"
    assert chosen(situation(bank=mixed, wishes=Wishes(topics=("yc",)))).skill == "c"
    assert chosen(situation(bank=mixed, wishes=Wishes(kind="authored"))).skill == "b"


# ── failures return ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_failed_skill_returns_three_questions_later() -> None:
    failed = card("t0c0s0", TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY)
    others = [card(f"t{t}c0s0") for t in (1, 2)]
    asked = [Asked("t0c0s0", True)]
    for n in range(APART - 1):
        choice = chosen(situation(failed, *others, asked=asked))
        assert choice.skill != "t0c0s0", n
        asked.append(Asked(choice.skill, False))
    back = chosen(situation(failed, *others, asked=asked))
    assert (back.skill, back.reason.says) == ("t0c0s0", "failed 3 questions ago")


@pytest.mark.rule
def test_a_failed_skill_returns_at_the_reference_level() -> None:
    failed = card("t0c0s0", again_today=TODAY, ratings=(Rating(1, 500.0, 9), Rating(2, 200.0, 2)))
    assert chosen(situation(failed)).level == 1
    assert chosen(situation(replace(failed, again_today=-1))).level == 2


@pytest.mark.rule
def test_where_nothing_else_is_left_a_failure_returns_sooner_rather_than_never() -> None:
    one = SmallBank([Entry("only", "t", "c")])
    failed = card("only", TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY)
    assert chosen(situation(failed, bank=one, asked=[Asked("only", True)])).skill == "only"


@pytest.mark.rule
def test_what_fails_again_and_again_is_left_for_tomorrow() -> None:
    one = SmallBank([Entry("only", "t", "c")])
    failed = card("only", TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY)
    assert choose(situation(failed, bank=one, asked=[Asked("only", True)] * 4)) is None


@pytest.mark.rule
def test_a_failure_waits_for_another_topic_where_its_own_was_asked_last() -> None:
    """t1c0s0 failed three questions ago, t1c0s1 was the last one; t0c0s1 is due."""
    failed = [
        card(id_, TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY, right=False) for id_ in ("t1c0s0", "t1c0s1")
    ]
    seen = card("t0c0s0", TODAY + 9, last=TODAY, seen=TODAY)
    asked = [Asked("t1c0s0", True), Asked("t0c0s0", False), Asked("t1c0s1", True)]
    now = situation(*failed, seen, card("t0c0s1"), asked=asked)
    assert (chosen(now).skill, chosen(now).reason.code) == ("t0c0s1", "due")


# ── new skills ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_new_skills_wait_for_their_prerequisites() -> None:
    known = [card(f"t{t}c0s{s}", TODAY + 9) for t in range(3) for s in range(2) if t]
    now = situation(*known, card("t0c0s0", TODAY + 9, right=False), card("t0c0s1", TODAY + 9, leech=True))
    offered = [one.skill for one in plan(now)]
    assert offered == ["t1c1s0", "t2c1s0"], "t0c0 was wrong the last time, or is a leech: t0c1 waits"


@pytest.mark.rule
def test_a_concept_without_skills_holds_when_what_it_requires_holds_and_circles_hold_nothing_back() -> None:
    chain = SmallBank([Entry("a", "t", "first"), Entry("b", "t", "last", requires=("middle",))])
    chain.concepts["middle"] = type(chain.concepts["first"])(requires=("first", "middle"), skills=())
    assert not holding(situation(bank=chain))("middle")
    assert holding(situation(card("a"), bank=chain))("middle")


@pytest.mark.rule
def test_one_new_skill_of_a_concept_a_day() -> None:
    assert [one.skill for one in plan(situation())] == ["t0c0s0", "t1c0s0", "t2c0s0"]
    begun = card("t0c0s0", TODAY + 2, first=TODAY, last=TODAY, seen=TODAY)
    assert "t0c0s1" not in [one.skill for one in plan(situation(begun))]


@pytest.mark.rule
def test_new_skills_are_admitted_by_minutes_not_by_count() -> None:
    assert room_for_new(situation(settings=Settings(minutes=15))) == 6  # 900 s / (3 × 45 s)
    slow = [card(f"t{n}c0s0", TODAY + 30, pace_ms=240_000) for n in range(3)]
    assert room_for_new(situation(*slow)) == 1
    assert room_for_new(situation(*(replace(one, due=TODAY) for one in slow))) == 0, "12 minutes are due already"


@pytest.mark.rule
def test_nothing_new_in_the_last_days_before_an_exam() -> None:
    assert choose(situation(settings=Settings(exam=TODAY + 2))) is None
    assert chosen(situation(settings=Settings(exam=TODAY + 3))).reason.code == "new"


@pytest.mark.rule
def test_no_interval_crosses_the_exam() -> None:
    far = card("t0c0s0", TODAY + 100)
    assert TODAY + 13 <= due_day(far, TODAY + 20) < TODAY + 20
    assert due_day(far, -1) == TODAY + 100
    assert due_day(replace(far, last=TODAY + 15), TODAY + 20) == TODAY + 100, "seen in the last week"


# ── interleaving ────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Some due cards, some failed today, some questions asked: t0c0s0 failed 2 ago, t1c1s0 due, …"""
    skills = draw(st.lists(st.sampled_from(sorted(BANK.skills)), unique=True, max_size=10))
    cards = {}
    for skill in skills:
        state = draw(st.sampled_from(["due", "later", "failed", "new-today"]))
        cards[skill] = {
            "due": card(skill, TODAY - draw(st.integers(0, 9)), stability=draw(st.floats(0.5, 50))),
            "later": card(skill, TODAY + 5, right=draw(st.booleans())),
            "failed": card(skill, TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY, right=False),
            "new-today": card(skill, TODAY + 1, first=TODAY, last=TODAY, seen=TODAY),
        }[state]
    seen = [skill for skill, one in cards.items() if one.seen == TODAY]
    asked = [Asked(skill, cards[skill].again_today == TODAY) for skill in draw(st.permutations(seen))]
    wishes = draw(st.sampled_from([Wishes(), Wishes(count=9)]))
    return situation(*cards.values(), asked=asked, wishes=wishes, spent_ms=draw(st.sampled_from([0, 10**9])))


def offered(now: Situation) -> set[str]:
    return {one.skill for one in plan(now) if one.reason.says != "failed just now"}


@pytest.mark.law
@given(now=situations())
def test_never_two_of_a_topic_in_a_row_while_there_is_a_choice(now: Situation) -> None:
    choice = choose(now)
    if choice is None or not now.asked:
        return
    topic = BANK.skills[now.asked[-1].skill].topic
    others = {skill for skill in offered(now) if BANK.skills[skill].topic != topic}
    assert BANK.skills[choice.skill].topic != topic or not others


@pytest.mark.law
@given(now=situations())
def test_a_failure_never_returns_within_three_questions_while_anything_else_can_be_asked(now: Situation) -> None:
    choice = choose(now)
    if choice is not None and now.since.get(choice.skill, APART) < APART:
        assert not offered(now)


@pytest.mark.law
@given(now=situations())
def test_a_choice_is_repeatable_and_never_of_a_skill_that_may_not_be_asked(now: Situation) -> None:
    choice = choose(now)
    assert choice == choose(now)
    if choice:
        hidden = replace(now, skipped=frozenset({choice.skill}))
        again = choose(hidden)
        assert again is None or again.skill != choice.skill


@pytest.mark.law
@given(now=situations())
def test_nothing_is_left_due_when_the_day_is_done(now: Situation) -> None:
    if choose(now) is None:
        assert outlook(now).due == 0


# ── leeches ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_leech_is_led_back_to_its_weakest_prerequisite_then_asked_with_a_worked_example() -> None:
    leech = card("t0c1s0", leech=True)
    first, second = card("t0c0s0", TODAY + 9, stability=50.0), card("t0c0s1", TODAY + 9, stability=5.0)
    back = chosen(situation(leech, first, second))
    assert (back.skill, back.reason.code, back.worked) == ("t0c0s1", "leads-back", False)
    seen = [replace(one, seen=TODAY) for one in (first, second)]
    itself = chosen(situation(leech, *seen))
    assert (itself.skill, itself.worked) == ("t0c1s0", True)


# ── outlook ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_outlook_counts_what_is_due_its_minutes_and_what_new_fits() -> None:
    now = situation(card("t0c0s0"), card("t1c0s0", pace_ms=0), card("t2c0s0", TODAY + 1), card("gone"))
    found = outlook(now)
    assert (found.due, found.due_ms, found.minutes) == (2, 65_000, 2)
    assert found.new == 6, "one of each concept; 835 s have room for 13 at 3 × 20 s"
    assert tomorrow(now).due == 3


# ── before an exam ──────────────────────────────────────────────────────────────────────────────────────────────


def examined(days: int, recent: tuple[float, ...] = ()) -> Situation:
    """Six of twelve skills answered, all due today; the exam `days` ahead."""
    whole = bank(3, 2, 2)
    known = [card(skill, due=TODAY, recent=recent) for skill in list(whole.skills)[::2]]
    return situation(*known, bank=whole, settings=Settings(minutes=600, exam=TODAY + days))


def test_before_an_exam_new_ones_are_begun_at_a_pace_that_leaves_none_unseen() -> None:
    """Six are unseen; with (13 − 3) × 0.8 = 8 days to begin them, one a day."""
    assert pace(examined(13, recent=(0.9,) * 5)) == 1
    assert chosen(examined(13, recent=(0.9,) * 5)).reason.code == "new"


def test_nothing_new_is_pressed_in_while_less_is_right_than_was_foretold() -> None:
    """Of five recalls of 90 % foretold, three were right: 3 < 0.85 × 4.5."""
    forgetful = examined(13, recent=(0.9, -0.9, 0.9, -0.9, 0.9))
    assert pace(forgetful) == 0
    assert chosen(forgetful).reason.code == "due"


def test_before_an_exam_what_is_still_held_comes_first_while_less_is_right_than_was_foretold() -> None:
    """Of 30 recalls of 90 % foretold 18 were right: 18 < 0.85 × 27; one more would not be evidence enough below 30."""
    forgotten = (0.9, -0.9, 0.9, -0.9, 0.9)
    for recent, first in ((forgotten, "t1c0s0"), ((0.9,) * 5, "t0c0s0"), (forgotten[:4], "t0c0s0")):
        known = [card(skill, TODAY + 9, recent=recent) for skill in list(BANK.skills)[-4:]]
        weak, strong = (card(f"t{n}c0s0", stability=s, recent=recent) for n, s in enumerate((2.0, 100.0)))
        now = situation(weak, strong, *known, settings=Settings(exam=TODAY + SETTLES - 1))
        assert chosen(now).skill == first, recent
        assert chosen(replace(now, settings=Settings())).skill == "t0c0s0", "without an exam everything due is asked"


def test_before_an_exam_a_failure_returns_after_what_is_due_while_what_is_learnt_stays() -> None:
    """30 recalls of 90 % foretold: all right, then 18 of them; then too few to tell."""
    forgotten = (0.9, -0.9, 0.9, -0.9, 0.9)
    for recent, first in (((0.9,) * 5, "t1c0s0"), (forgotten, "t0c0s0"), ((0.9,) * 4, "t0c0s0")):
        known = [card(skill, TODAY + 9, recent=recent, seen=TODAY) for skill in list(BANK.skills)[-4:]]
        failed = card("t0c0s0", TODAY + 1, last=TODAY, seen=TODAY, again_today=TODAY, recent=recent)
        now = situation(
            failed, card("t1c0s0", recent=recent), *known, settings=Settings(exam=TODAY + SETTLES - 1),
            asked=[Asked("t0c0s0", True), *(Asked(one.skill, False) for one in known[:3])],
        )  # fmt: skip
        assert chosen(now).skill == plan(now)[0].skill == first, recent
        assert {one.skill for one in plan(now)} == {"t0c0s0", "t1c0s0"}, "it returns today all the same"
        assert chosen(replace(now, settings=Settings())).skill == "t0c0s0", "without an exam it comes first"


def test_no_more_is_begun_before_an_exam_than_the_days_minutes_have_room_for() -> None:
    """Six unseen in (4 − 3) × 0.8 days, at least one: six today; at 2 × 20 s each, 3 minutes have room for four."""
    soon = examined(4, recent=(0.9,) * 5)
    assert pace(soon) == 6
    assert pace(replace(soon, settings=Settings(minutes=3, exam=TODAY + 4))) == 4
    assert pace(replace(soon, settings=Settings(minutes=3, exam=TODAY + 4), spent_ms=150_000)) == 0


def test_the_pace_waits_for_evidence_and_stops_before_the_exam() -> None:
    assert pace(examined(13, recent=(0.9,) * 4)) == 0  # 24 answers foretold, 30 wanted
    assert pace(examined(SETTLES - 1, recent=(0.9,) * 5)) == 0
