"""A backward question hides a field. What is shown beside it must not give the field away."""

import re
from collections import defaultdict

import pytest

from trainer.bank.load import Bank, builtin, load
from trainer.quiz.draw import draw
from trainer.quiz.judge import answer_text
from trainer.view.drawing import Frame, text_of
from trainer.view.listed import view

BANK, _ = load((builtin(),))
SEEDS = 40
OFTEN = 10  # instances of one look that should have more than one answer among them


def backward(bank: Bank) -> list[tuple[str, int]]:
    skills = map(bank.skill, (id_ for id_, entry in bank.skills.items() if entry.kind == "simulated"))
    return [(one.id, level) for one in skills if one.simulated.form == "backward" for level in one.levels]


@pytest.mark.parametrize(("id_", "level"), backward(BANK))
def test_what_is_shown_looks_alike_whatever_the_answer(id_: str, level: int) -> None:
    """ "Quantum 2" above the table of round robin alone would answer "which policy was it?"."""
    looks = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    for seed in range(SEEDS):
        question = draw(BANK.skill(id_), level, seed)
        given = text_of(view(question.simulator).given(question.scenario, Frame(200), question.hidden))
        rows = {re.sub(r"\b[A-Z]?\d+\b", "#", row) for row in [*given.split("\n"), *question.conventions]}
        look = "\n".join(sorted(re.sub(r" +", " ", row) for row in rows))
        looks[look].add(answer_text(question))
        count[look] += 1
    told = {look: answers for look, answers in looks.items() if count[look] >= OFTEN and len(answers) < 2}
    assert not told, "only one answer has this look"
