"""The rooms joined as the commands join them: real content, real drawing and judging, a ledger in memory."""

import itertools
from pathlib import Path

import pytest

from tests.trainer.made import TODAY
from tests.trainer.practice.bench import HandClock
from trainer.bank.load import Bank, builtin, load
from trainer.cli.joined import fold, tools
from trainer.cli.world import World
from trainer.model import Skill
from trainer.practice.choose import Choice, Reason
from trainer.practice.curve import DEFAULT
from trainer.practice.rooms import Wishes
from trainer.practice.session import Session
from trainer.practice.unsaved import Unsaved
from trainer.quiz.draw import draw
from trainer.quiz.split import told_apart

SKILL, BOTH = "readiness.stalled", ("unread-is-stalled", "edge-needs-empty-first")
FREE = 5_000  # seeds from here on are not among those that were looked at


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load((builtin(),), tmp_path_factory.mktemp("cache") / "bank.jsonl")[0]


@pytest.fixture(scope="module")
def alike(bank: Bank) -> list[int]:
    """Three seeds whose questions cannot tell the two mistakes apart: both give the same wrong answer."""
    found = (seed for seed in range(400) if same_answer(bank.skill(SKILL), seed))
    return list(itertools.islice(found, 3))


def same_answer(skill: Skill, seed: int) -> bool:
    question = draw(skill, 1, seed)
    return {one.id for one in question.mistakes} >= {*BOTH} and told_apart(question, BOTH) == 0


def sitting(bank: Bank, seeds: list[int], **given: object) -> Session:
    made = tools(World(environment={}))._replace(clock=HandClock(), **given)  # type: ignore[arg-type]
    more = itertools.chain(seeds, itertools.count(FREE))
    folding = fold({})
    ledger = Unsaved(folding)
    return Session(
        bank=bank, ledger=ledger, fold=folding, tools=made._replace(seeds=lambda: next(more)), wishes=Wishes(count=9)
    )


def value_of(session: Session, mistake: str) -> str:
    """What the mistake gives in the question now asked."""
    question = session.question
    assert question is not None
    return question.answer.write(next(one.value for one in question.mistakes if one.id == mistake))


def asked(session: Session, seed: int) -> None:
    session.ask(draw(session.bank.skill(SKILL), 1, seed), Choice(SKILL, 1, Reason("asked", "for the test")))


@pytest.mark.rule
def test_a_session_that_makes_the_same_mistake_twice_is_given_an_instance_that_settles_which_one_it_is(
    bank: Bank, alike: list[int]
) -> None:
    """Both mistakes fit twice; the next seed would leave it open a third time, and is passed over."""
    first, second, third = alike
    session = sitting(bank, [third])
    for seed in (first, second):
        asked(session, seed)
        verdict = session.answer(value_of(session, BOTH[0]))
        assert {*BOTH} <= {*verdict.mistakes}
    settling = session.another()
    assert settling.name.seed != third
    assert told_apart(settling, BOTH) == 2
    assert session.answer(value_of(session, BOTH[1])).mistakes == (BOTH[1],)


@pytest.mark.rule
def test_after_a_mistake_that_stands_alone_the_next_seed_is_taken_as_it_comes(bank: Bank, alike: list[int]) -> None:
    session = sitting(bank, [alike[0]])
    asked(session, FREE)
    session.give_up()
    assert session.another().name.seed == alike[0]


@pytest.mark.rule
def test_a_right_answer_in_between_leaves_nothing_to_settle(bank: Bank, alike: list[int]) -> None:
    session = sitting(bank, [alike[1]])
    asked(session, alike[0])
    session.answer(value_of(session, BOTH[0]))
    asked(session, FREE)
    question = session.question
    assert question is not None
    assert session.answer(question.answer.write(question.right)).right
    assert session.another().name.seed == alike[1]


@pytest.mark.rule
def test_the_fold_takes_the_fitted_memory_and_the_goals_retention_from_the_kept_settings() -> None:
    assert fold({}).memory.parameters == DEFAULT
    fitted = [*DEFAULT[:-1], 0.2]
    kept = fold({"memory": {"parameters": fitted}, "goal": {"retention": 0.95, "day": TODAY}})
    assert (list(kept.memory.parameters), kept.memory.retention) == (fitted, 0.95)


def test_seeds_of_a_session_repeat_with_its_seed() -> None:
    world = World(environment={"HOME": str(Path("/nonexistent"))})
    first, second = tools(world, 7).seeds, tools(world, 7).seeds
    assert [first() for _ in range(5)] == [second() for _ in range(5)]
