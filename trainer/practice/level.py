"""At which level is a skill asked? At the one where about four answers in five are right.

Each level of a skill has an Elo rating of the learner against it: 0 is an even match, 241 is 80 % right. A right
answer moves it up a little, a wrong one down by four times as much, so that it rests where 80 % are right. A level
not answered yet is rated a step below the one before it. The reference level (1) decides about memory.
"""

from collections.abc import Iterable, Sequence

from trainer.model import Rating

AIM = 0.8  # share of right answers
START = 200.0  # the rating at the reference level before any answer: 76 %
STEP = 100.0  # what a higher level is rated below the one before it
PULL, SETTLED = 120.0, 80.0  # how far one answer moves a rating: at first, and after ten answers
REFERENCE = 1


def chance(elo: float) -> float:
    """The share of right answers that a rating foretells."""
    return float(1 / (1 + 10 ** (-elo / 400)))


def rating(ratings: Iterable[Rating], level: int) -> float:
    """The rating at a level, from the levels answered so far."""
    known = {one.level: one.elo for one in ratings}
    below = [one for one in known if one <= level]
    if not below:
        return START - STEP * (level - REFERENCE)
    return known[max(below)] - STEP * (level - max(below))


def after(ratings: Sequence[Rating], level: int, score: float) -> tuple[Rating, ...]:
    """The ratings after an answer at that level: score 1 right, ½ right with a hint, 0 wrong."""
    answers = next((one.answers for one in ratings if one.level == level), 0)
    before = rating(ratings, level)
    pull = PULL if answers < 10 else SETTLED
    moved = Rating(level, before + pull * (score - chance(before)), answers + 1)
    return tuple(sorted([*(one for one in ratings if one.level != level), moved]))


def level_for(ratings: Sequence[Rating], levels: Sequence[int]) -> int:
    """The level to ask: climbing while a level is foretold at 80 % or more, the one that comes nearest to it."""
    best = levels[0]
    for level in levels:
        expected = chance(rating(ratings, level))
        if abs(expected - AIM) < abs(chance(rating(ratings, best)) - AIM):
            best = level
        if expected < AIM:
            break
    return best
