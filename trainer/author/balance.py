"""Can the right option be told by its looks? By its length, or by where it stands, over all choices of a pack."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trainer.model import Option, Skill
from trainer.quiz.draw import draw

MOST = 0.4  # of the choices in which the right option may be the longest, or the shortest
ENOUGH = 40  # choices, before their balance says anything
SEEDS = 8  # draws of each question, to see where its right option comes to stand
SPREAD = 4  # standard deviations from an even share of the places: chance alone passes it once in 30,000


class Balance(NamedTuple):
    """How the right options of the choices of a pack stand out."""

    choices: int
    longest: int  # in which the right option is the longest by itself
    shortest: int  # in which it is the shortest by itself


def balance(skills: Sequence[Skill]) -> Balance:
    """Over all choices of one right option, incidents' parts included."""
    choices = [_lengths(options) for skill in skills for options in _choices(skill)]
    longest = sum(bool(right and wrong) and max(right) > max(wrong) for right, wrong in choices)
    shortest = sum(bool(right and wrong) and min(right) < min(wrong) for right, wrong in choices)
    return Balance(len(choices), longest, shortest)


def _choices(skill: Skill) -> Iterator[Sequence[Option]]:
    written = skill.authored
    if written is not None and written.answer == "choice":
        yield written.options
    if written is not None:
        yield from (part.options for part in written.parts)


def _lengths(options: Sequence[Option]) -> tuple[list[int], list[int]]:
    """The lengths of the right options and of the wrong ones."""
    told = [(option.right, len(option.text)) for option in options]
    return [length for right, length in told if right], [length for right, length in told if not right]


def lopsided(skills: Sequence[Skill]) -> Iterator[tuple[str, str]]:
    """Code and message of each way in which the right options stand out."""
    found = balance(skills)
    if found.choices >= ENOUGH:
        for code, count, what, cure in (
            ("long-answers", found.longest, "longest", "shorten it, or lengthen others"),
            ("short-answers", found.shortest, "shortest", "say in it what decides, or shorten others"),
        ):
            if count > MOST * found.choices:
                share = f"{count / found.choices:.0%} of {found.choices} choices, at most {MOST:.0%} may be"
                yield code, f"the right option is the {what} in {share}; {cure}"
    for size, places in sorted(places_drawn(skills).items()):
        drawn = sum(places.values())
        place, count = places.most_common(1)[0]
        if count > drawn / size + SPREAD * math.sqrt(drawn * (1 / size) * (1 - 1 / size)):
            share = f"{count / drawn:.0%} of {drawn} draws, {1 / size:.0%} would be even"
            yield "one-place", f"of {size} options the right one is number {place} in {share}; options must be shuffled"


def places_drawn(skills: Sequence[Skill]) -> Mapping[int, Counter[int]]:
    """Number of options -> where the right one stands, counted over seeds."""
    found: dict[int, Counter[int]] = {}
    for skill in skills:
        sizes = [len(options) for options in _choices(skill)]
        for seed in range(SEEDS if sizes else 0):
            right = draw(skill, 1, seed).right
            for size, place in zip(sizes, right.values() if isinstance(right, Mapping) else [right], strict=True):
                found.setdefault(size, Counter())[place] += 1
    return found
