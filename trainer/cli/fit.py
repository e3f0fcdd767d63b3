"""osdrill fit: fit the memory to this learner, and keep it only if it foretells better."""

import argparse
from typing import Any

from trainer.cli.db import store_of
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.practice.fit import FEWEST, Train, Tried, fit, histories, trainer
from trainer.store.store import Store

MORE = "The fitted parameters decide when a skill is due again, until the next fit or --off."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--off", action="store_true", help="back to the default parameters")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    with store_of(world) as store:
        if options.off:
            changed = keep(store, None)
            if options.json:
                emit({"kept": False, "changed": changed})
            else:
                say(f"The default memory holds again; {_cards(changed)} came out different.")
            return 0
        train = installed()
        given = histories(store.counted())
        reviews = sum(map(len, given))
        if reviews < FEWEST:
            told = f"needs {FEWEST} reviews that count (the first of a skill on a day); there are {reviews}"
            raise Refusal(told, code="too-few", where="fit")
        store.backup(world.clock.now().utc)
        tried = fit(given, train)
        changed = keep(store, {"parameters": list(tried.parameters), "reviews": tried.reviews, "better": tried.better})
    if options.json:
        emit(as_json(tried, changed))
    else:
        for line in sentences(tried, changed):
            say(line)
    return 0


def installed() -> Train:
    """The optimiser. Raises Refusal that says how to install it."""
    try:
        return trainer()
    except ImportError:
        told = "needs an optimiser that is not installed: pip install 'osdrill[fit]' (or: pip install fsrs-rs-python)"
        raise Refusal(told, code="not-installed", where="fit") from None


def keep(store: Store, memory: dict[str, Any] | None) -> int:
    """Keep the memory and fold every card anew; how many came out different."""
    store.set("memory", memory)
    return store.rebuild()


def sentences(tried: Tried, changed: int) -> list[str]:
    """What it came to, for people."""
    proof = f"log loss {tried.before:.4f} by the default memory, {tried.after:.4f} by the fitted one"
    tested = f"Fitted to {tried.reviews} reviews, proved on {tried.tested} later ones: {proof}."
    if not tried.tested:
        return [f"None of the {tried.reviews} reviews could be foretold yet; the default memory stays."]
    if not tried.parameters:
        return [tested, "That is no better, so the default memory holds."]
    return [tested, f"That is {tried.better:.1%} lower, so it is kept; {_cards(changed)} came out different."]


def _cards(count: int) -> str:
    return "1 card" if count == 1 else f"{count} cards"


def as_json(tried: Tried, changed: int) -> dict[str, Any]:
    """What it came to, as JSON has it."""
    return {
        "kept": bool(tried.parameters),
        "reviews": tried.reviews,
        "tested": tried.tested,
        "log_loss_default": tried.before,
        "log_loss_fitted": tried.after,
        "better": tried.better,
        "parameters": list(tried.parameters),
        "changed": changed,
    }
