"""Which instance settles which mistake it is? Where several fit an answer, the next question must part them.

seeds_that_part(skill, 1, seeds, {"fcfs-instead", "arrival-forgotten"})
"""

from collections.abc import Collection, Iterable

from trainer.model import Question, Skill
from trainer.quiz.draw import draw
from trainer.quiz.forms.draft import near

SEEDS_TRIED = 12


def parting(skill: Skill, level: int, seeds: Iterable[int], candidates: Collection[str]) -> Question:
    """The question, among those of the first seeds, in which most of the candidates give an answer of their own.

    Raises CannotDraw as `draw` does; with fewer than two candidates it is the first seed's question.
    """
    tried = iter(seeds)
    best = draw(skill, level, next(tried))
    for _ in range(SEEDS_TRIED - 1):
        if told_apart(best, candidates) == len(candidates):
            break
        other = draw(skill, level, next(tried))
        if told_apart(other, candidates) > told_apart(best, candidates):
            best = other
    return best


def told_apart(question: Question, candidates: Collection[str]) -> int:
    """How many of the candidates have an answer in this question that no other candidate gives."""
    here = [one for one in question.mistakes if one.id in candidates]
    return sum(
        not any(near(question.answer, one.value, other.value) for other in here if other.id != one.id) for one in here
    )
