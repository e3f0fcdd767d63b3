"""Fitting: proved on later days, kept only where it foretells better, never worse than the default memory."""

from collections.abc import Sequence
from importlib.util import find_spec

import pytest

from tests.trainer.made import TODAY, review
from trainer.model import QuestionName, Review
from trainer.practice.curve import DEFAULT
from trainer.practice.fit import FEWEST, History, fit, histories, losses, offered, trainer
from trainer.practice.memory import AGAIN, GOOD, Memory
from trainer.quiz.stream import picker

FORGETFUL = (0.05, 0.2, 0.3, 1.0, *DEFAULT[4:8], 0.2, *DEFAULT[9:20], 0.5)  # holds little, and that for a short time


def learner(parameters: Sequence[float], skills: int = 40, days: int = 80) -> list[History]:
    """Somebody whose memory is exactly this, asked when the default memory says: [[(20780, 3), (20782, 1), …], …]."""
    pick, default, true = picker(QuestionName("learner", 1, 1, 1)), Memory(), Memory(tuple(parameters))
    made = []
    for number in range(skills):
        day, last, held, kept, history = TODAY + number % 20, TODAY, None, None, []
        while day < TODAY + days:
            chance = 0.7 if held is None else true.recall(held.stability, day - last)
            grade = GOOD if pick(f"{number}.{day}", 0, 999) < 1000 * chance else AGAIN
            if held is None or kept is None:
                held, kept = true.learn(grade, day), default.learn(grade, day)
            else:
                held = true.review(held.stability, held.difficulty, last, grade, day)
                kept = default.review(kept.stability, kept.difficulty, last, grade, day)
            history.append((day, grade))
            last, day = day, day + kept.interval
        made.append(history)
    return made


# ── the proof ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_log_loss_is_the_mean_of_minus_ln_of_the_chance_foretold() -> None:
    """After one good answer stability is 2.3065 days, and two days later recall 1.85 to the power −0.1542 = 0.9095."""
    (right,) = losses([[(0, GOOD), (2, GOOD)]], Memory(), 0, 9)
    (wrong,) = losses([[(0, GOOD), (2, AGAIN)]], Memory(), 0, 9)
    assert right == pytest.approx(0.0949, abs=5e-5)
    assert wrong == pytest.approx(2.402, abs=5e-3), "−ln(1 − 0.9095)"


@pytest.mark.rule
def test_the_true_memory_of_a_learner_is_kept_and_foretells_better() -> None:
    tried = fit(learner(FORGETFUL), lambda _: FORGETFUL)
    assert tried.parameters == FORGETFUL
    assert tried.after < tried.before
    assert tried.better > 0.05


@pytest.mark.rule
def test_parameters_that_foretell_no_better_are_not_kept() -> None:
    given = learner(DEFAULT)
    assert fit(given, lambda _: DEFAULT).parameters == ()
    assert fit(given, lambda _: FORGETFUL).parameters == ()


@pytest.mark.rule
def test_no_proof_sees_the_answers_that_it_foretells() -> None:
    seen: list[int] = []

    def train(given: Sequence[History]) -> Sequence[float]:
        seen.append(max(day for history in given for day, _ in history))
        return FORGETFUL

    given = learner(FORGETFUL)
    fit(given, train)
    days = sorted(day for history in given for day, _ in history)
    cuts = [days[len(days) * part // 6] for part in (3, 4, 5)]
    assert [last < cut for last, cut in zip(seen, cuts, strict=False)] == [True, True, True]
    assert seen[3] == days[-1], "the one that is kept is fitted to everything"


@pytest.mark.rule
def test_only_the_first_answer_of_a_day_counts_and_a_failure_above_the_reference_level_does_not() -> None:
    def one(number: int, day: int, **given: object) -> Review:
        return review(number, day=TODAY + day, **given)

    reviews = [
        one(1, 0, outcome="wrong"), one(2, 0), one(3, 2, level=2, outcome="wrong"), one(4, 2), one(5, 2, outcome="wrong"),
    ]  # fmt: skip
    assert histories(reviews) == [[(TODAY, AGAIN), (TODAY + 2, GOOD)]]


@pytest.mark.rule
def test_it_offers_itself_from_64_reviews_on_and_again_at_twice_as_many() -> None:
    assert [offered(count, None) for count in (FEWEST - 1, FEWEST)] == [False, True]
    assert [offered(count, {"reviews": 100, "parameters": []}) for count in (199, 200)] == [False, True]


# ── the optimiser ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(find_spec("fsrs_rs_python") is None, reason="the extra [fit] is not installed")
@pytest.mark.opinion("fsrs-rs-python")
def test_the_optimiser_finds_a_forgetful_learner_and_the_library_takes_its_parameters() -> None:
    tried = fit(learner(FORGETFUL, skills=60), trainer())
    assert tried.better > 0.03
    assert tried.parameters[2] < DEFAULT[2], "a first good answer lasts less long"
    assert Memory(tried.parameters).learn(GOOD, TODAY).stability == pytest.approx(tried.parameters[2])
