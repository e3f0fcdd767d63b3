"""A long history for the benchmark: how long opening, choosing, recording and counting take, and how they grow."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from trainer.model import Review
from trainer.practice.days import date_of
from trainer.practice.fold import IDLE_MS, Fold
from trainer.practice.memory import Memory
from trainer.store.store import Store

FIRST_DAY = 18_000
REVIEWS = int(os.environ.get("OSDRILL_BENCH_REVIEWS", "1000000"))
CARDS = 10_000
BATCH = 50_000


def measured() -> Iterator[tuple[str, str, str]]:
    """(what, taken, wanted) for a tenth of the history and for the whole."""
    for reviews in (REVIEWS // 10, REVIEWS):
        with tempfile.TemporaryDirectory() as folder:
            yield from _rows(Path(folder) / "history.db", reviews, CARDS * reviews // REVIEWS)


def _rows(path: Path, reviews: int, cards: int) -> Iterator[tuple[str, str, str]]:
    fold = Fold(Memory())
    _made(path, fold, reviews, cards).close()
    size = f"{cards:,} cards, {reviews:,} reviews"
    taken, store = _timed(partial(Store.open, path, fold))
    yield f"open, {size}", f"{1000 * taken:.1f} ms", "under 10 ms, with the next"
    taken, _ = _timed(partial(store.due, FIRST_DAY + 400, 64))
    yield f"what is due, {size}", f"{1000 * taken:.1f} ms", ""
    taken, _ = _timed(partial(store.record, _review(reviews + 1)))
    yield f"record an answer, {size}", f"{1000 * taken:.1f} ms", ""
    taken, _ = _timed(partial(_counted, store))
    yield f"counts for stats, {size}", f"{taken:.2f} s", "under 2 s"
    taken, _ = _timed(store.rebuild)
    yield f"rebuild, {size}", f"{taken:.1f} s", "under 60 s"
    store.close()


def _counted(store: Store) -> None:
    store.tallies(IDLE_MS)
    store.foretold()
    list(store.mistaken())


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = call()
    return time.perf_counter() - start, made


def _made(path: Path, fold: Fold, reviews: int, cards: int) -> Store:
    """A store with that many reviews; in batches, skill by skill, so that each card is folded once."""
    store = Store.open(path, fold)
    each = reviews // cards
    batch: list[Review] = []
    for card in range(cards):
        batch += [_review(card * each + n, card, n) for n in range(each)]
        if len(batch) >= BATCH:
            store.adopt(batch)
            batch = []
    store.adopt(batch)
    return store


def _review(number: int, card: int = 0, n: int = 0) -> Review:
    """One answer in six is wrong; the days of a skill grow apart."""
    day = FIRST_DAY + n * (n + 3) // 2 + card % 7
    at = f"{date_of(day).isoformat()}T09:{number % 60:02}:{number // 60 % 60:02}.{number % 1_000_000:06}Z"
    wrong = (number * 7 + card) % 6 == 0
    return Review(
        id=str(UUID(int=number + 1)), skill=f"s{card:05}", revision=1, level=1, seed=number % 10_000,
        topic=f"t{card % 16}", concept=f"c{card // 3}", kind="simulated",
        scenario='{"simulator":"scheduler","measure":"waiting","scenario":{"policy":"rr","quantum":2}}',
        text="How long does each process wait?", answer="7 5 5", response="0 1 2" if wrong else "7 5 5",
        outcome="wrong" if wrong else "right", mistakes=("waiting-from-first-run",) if wrong else (), conventions=(),
        diverges_at="", hints=0, grade=1 if wrong else 3, at=at, offset=0, day=day, taken_ms=20_000, counts=True,
        predicted=0.9,
    )  # fmt: skip
