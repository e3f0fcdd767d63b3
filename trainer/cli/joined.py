"""How do bank, store, memory and quiz come together? Here only; the rooms do not know each other."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question, QuestionName, Response, Skill, Verdict
from trainer.practice.curve import DEFAULT
from trainer.practice.fold import Fold
from trainer.practice.memory import RETENTION, Memory
from trainer.practice.rooms import Ledger, Settings, Wishes
from trainer.practice.session import Session, Tools
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.stream import picker
from trainer.store.errors import CannotSave
from trainer.store.store import Store

WIDTH = 80  # columns at which the history keeps a table
SHORT_SEEDS = 10_000  # a session draws short seeds: a name must be easy to copy


class Opened(NamedTuple):
    """The learner's history, and what is to be said about it."""

    ledger: Ledger
    store: Store | None  # None where nothing can be saved
    notice: str = ""  # for people; empty when all is well


def fold(kept: Mapping[str, Any]) -> Fold:
    """The fold from reviews to cards, under the settings kept with the history: the fitted memory, the goal."""
    parameters = (kept.get("memory") or {}).get("parameters") or DEFAULT
    return Fold(Memory(tuple(parameters), (kept.get("goal") or {}).get("retention", RETENTION)))


def opened(world: World, *, must_save: bool = False) -> Opened:
    """The history, ready to be read and written. Where it cannot be saved, a ledger in memory and a notice, or with
    `must_save` a Refusal; a damaged, newer or foreign file is refused untouched."""
    try:
        store = Store.open(world.database, fold({}), at=world.clock.now().utc, under=fold)
    except CannotSave as error:
        if must_save:
            raise Refusal(str(error), code="cannot-save") from None
        return Opened(_unsaved(), None, f"{error}. Your answers will not be saved.")
    if not store.saving:
        notice = f"{world.database} cannot be written"
        if must_save:
            raise Refusal(notice, code="cannot-save")
        return Opened(_unsaved(store), None, f"{notice}. Your answers will not be saved.")
    return Opened(store, store)


def practice_settings(world: World, ledger: Ledger) -> Settings:
    """What the learner set, as practice wants it."""
    goal, memory = ledger.setting("goal") or {}, ledger.setting("memory") or {}
    return Settings(
        minutes=world.settings["minutes"],
        rollover=world.settings["rollover"],
        exam=goal.get("day", -1),
        exam_topics=tuple(goal.get("topics", ())),
        parameters=tuple(memory.get("parameters", ())),
        retention=goal.get("retention", RETENTION),
    )


def folding(ledger: Ledger) -> Fold:
    """The fold under the settings that a ledger keeps."""
    return fold({name: ledger.setting(name) for name in ("memory", "goal")})


def session(world: World, ledger: Ledger, wishes: Wishes | None = None, seed: int | None = None) -> Session:
    """A session on this ledger; with a seed its questions repeat."""
    return Session(
        bank=world.bank,
        ledger=ledger,
        fold=folding(ledger),
        tools=tools(world, seed),
        settings=practice_settings(world, ledger),
        wishes=wishes,
    )


def tools(world: World, seed: int | None = None, drawn: Callable[..., Question] = draw) -> Tools:
    """What a session is given: how to draw and judge; the clock; ids and seeds."""
    return Tools(
        draw=drawn,
        judge=_judged,
        clock=world.clock.now,
        ids=_new_id,
        seeds=_seeds(seed),
        cannot_draw=CannotDraw,
        shows=_shown,
        part=_parting,
    )


def _judged(question: Question, response: Response) -> Verdict:
    from trainer.quiz.judge import judge  # noqa: PLC0415 — not before the first question

    return judge(question, response)


def _shown(question: Question) -> str:
    """The data of a question as they stand on the screen, indented, so that they keep their lines."""
    from trainer.screen.question import data_drawing  # noqa: PLC0415 — not before the first question
    from trainer.view.drawing import Frame, text_of  # noqa: PLC0415 — as above

    rows = text_of(data_drawing(question, Frame(WIDTH - 2))).split("\n")
    return "\n".join(f"  {row}".rstrip() for row in rows).strip("\n")


def _parting(skill: Skill, level: int, seeds: Iterator[int], candidates: Collection[str]) -> Question:
    from trainer.quiz.split import parting  # noqa: PLC0415 — only after a wrong answer that several mistakes fit

    return parting(skill, level, seeds, candidates)


def _new_id() -> str:
    import uuid  # noqa: PLC0415 — not before the first question

    return str(uuid.uuid4())


def _unsaved(base: Store | None = None) -> Ledger:
    from trainer.practice.unsaved import Unsaved  # noqa: PLC0415 — only where nothing can be saved

    return Unsaved(folding(base) if base else fold({}), base)


def _seeds(seed: int | None) -> Callable[[], int]:
    if seed is None:
        return lambda: int.from_bytes(os.urandom(8), "big") % SHORT_SEEDS
    pick = picker(QuestionName("session", 1, 1, seed))
    return lambda: pick("seed", 0, SHORT_SEEDS - 1)


__all__: list[Any] = ["Opened", "fold", "folding", "opened", "practice_settings", "session", "tools"]
