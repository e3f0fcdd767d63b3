"""How do bank, store, memory and quiz come together? Here only; the rooms do not know each other."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Question, QuestionName, Response, Verdict
from trainer.practice.fold import Fold
from trainer.practice.memory import Memory
from trainer.practice.rooms import Ledger, Settings, Wishes
from trainer.practice.session import Session, Tools
from trainer.quiz.draw import CannotDraw, draw
from trainer.quiz.stream import picker
from trainer.store.errors import CannotSave, Damaged, StoreError
from trainer.store.store import Store

SHORT_SEEDS = 10_000  # a session draws short seeds: a name must be easy to copy


@dataclass(frozen=True, slots=True)
class Opened:
    """The learner's history, and what is to be said about it."""

    ledger: Ledger
    store: Store | None  # None where nothing can be saved
    notice: str = ""  # for people; empty when all is well


def fold() -> Fold:
    """The fold from reviews to cards, under this learner's memory parameters."""
    return Fold(Memory())


def opened(world: World, *, must_save: bool = False) -> Opened:
    """The history, ready to be read and written. Where it cannot be saved, a ledger in memory and a notice, or with
    `must_save` a Refusal; a damaged, newer or foreign file is refused untouched."""
    folding = fold()
    try:
        store = Store.open(world.database, folding, at=world.clock.now().utc)
    except CannotSave as error:
        if must_save:
            raise Refusal(str(error), code="cannot-save") from None
        return Opened(_unsaved(), None, f"{error}. Your answers will not be saved.")
    except Damaged as damaged:
        raise Refusal(str(damaged), code="damaged") from None
    except StoreError as error:
        raise Refusal(str(error), code="store") from None
    if not store.saving:
        notice = f"{world.database} cannot be written"
        if must_save:
            raise Refusal(notice, code="cannot-save")
        return Opened(_unsaved(store), None, f"{notice}. Your answers will not be saved.")
    return Opened(store, store)


def practice_settings(world: World) -> Settings:
    """What the learner set, as practice wants it."""
    return Settings(minutes=world.settings["minutes"], rollover=world.settings["rollover"])


def session(world: World, ledger: Ledger, wishes: Wishes | None = None, seed: int | None = None) -> Session:
    """A session on this ledger; with a seed its questions repeat."""
    return Session(
        bank=world.bank,
        ledger=ledger,
        fold=fold(),
        tools=tools(world, seed),
        settings=practice_settings(world),
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
    )


def _judged(question: Question, response: Response) -> Verdict:
    from trainer.quiz.judge import judge  # noqa: PLC0415 — not before the first question

    return judge(question, response)


def _new_id() -> str:
    import uuid  # noqa: PLC0415 — not before the first question

    return str(uuid.uuid4())


def _unsaved(base: Store | None = None) -> Ledger:
    from trainer.practice.unsaved import Unsaved  # noqa: PLC0415 — only where nothing can be saved

    return Unsaved(fold(), base)


def _seeds(seed: int | None) -> Callable[[], int]:
    if seed is None:
        return lambda: int.from_bytes(os.urandom(8), "big") % SHORT_SEEDS
    pick = picker(QuestionName("session", 1, 1, seed))
    return lambda: pick("seed", 0, SHORT_SEEDS - 1)


__all__: list[Any] = ["Opened", "fold", "opened", "practice_settings", "session", "tools"]
