"""The built-in bank as a whole: what is promised about it holds."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from trainer.author.whole import reading_ease, whole
from trainer.bank.load import Bank, builtin, load
from trainer.bank.terms import index, named
from trainer.model import Authored as Written
from trainer.model import Option, Place, Skill

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load([builtin()], None)[0]


def test_it_is_large_enough_and_every_concept_is_asked_in_more_than_one_way(bank: Bank) -> None:
    skills = [bank.skill(id_) for id_ in bank.skills]
    assert len(bank.concepts) >= 90
    assert sum(skill.simulated is not None for skill in skills) >= 150
    assert sum(skill.authored is not None for skill in skills) >= 350
    kinds = defaultdict(list)
    for skill in skills:
        kinds[skill.concept].append("simulated" if skill.simulated else skill.authored.answer)
    thin = [id_ for id_ in bank.concepts if len(kinds[id_]) < 3 or len(set(kinds[id_])) < 2]
    assert not thin


def test_every_interview_question_and_scenario_is_served_by_a_concept_and_a_skill(bank: Bank) -> None:
    concepts = {id_ for concept in bank.concepts for id_ in bank.concept(concept).serves}
    skills = {id_ for skill in bank.skills for id_ in bank.skill(skill).serves}
    wanted = [json.loads(line)["id"] for line in (ROOT / "data" / "served.jsonl").read_text().splitlines()]
    assert len(wanted) == 170 + 45
    assert not [id_ for id_ in wanted if id_ not in concepts or id_ not in skills]


def test_every_claim_is_covered_and_every_imprecise_one_is_tested(bank: Bank) -> None:
    concepts = [bank.concept(id_) for id_ in bank.concepts]
    asked = {bank.skills[id_].concept for id_ in bank.skills}
    assert len(bank.tables.claims) == 65
    for id_, claim in bank.tables.claims.items():
        mine = [concept.id for concept in concepts if id_ in concept.claims]
        assert mine, id_
        if claim["flag"] == "imprecise":
            assert any(concept in asked for concept in mine), id_


def test_at_least_45_incidents_draw_their_evidence(bank: Bank) -> None:
    drawn = [id_ for id_ in bank.skills if (written := bank.skill(id_).authored) and written.evidence]
    assert len(drawn) >= 45


# ── the check of a pack as a whole ──────────────────────────────────────────────────────────────────────────────


def choice(n: int, right: str, *wrong: str, text: str = "") -> Skill:
    options = (Option(right, True, "so"), *(Option(one, why="no") for one in wrong))
    text = text or f"{n} asks about {n * 7} and {n * 13} of {n * 17}"
    return Skill(f"s{n}", 1, "c", "t", f"title {n}", text, authored=Written("choice", options), place=Place("f", n, 1))


def test_twins_are_told_and_strangers_are_not(bank: Bank, tmp_path: Path) -> None:
    words = "a thread calls read on a socket that has no data; what does its core do now"
    twins = [
        choice(1, "it runs another", "it spins", text=words),
        choice(2, "it runs another", "it stops", text=words + "?"),
    ]
    assert [problem.code for problem in whole(tmp_path, bank, twins, bank)] == ["near-duplicate"]
    assert not list(whole(tmp_path, bank, [choice(1, "a", "b"), choice(2, "c", "d")], bank))


def test_reading_ease_is_flesch() -> None:
    """Ten words of one syllable in one sentence: 206.835 − 10.15 − 84.6 = 112.085."""
    assert reading_ease("the cat sat on the mat and it was big.") == pytest.approx(112.085)


# ── the glossary ────────────────────────────────────────────────────────────────────────────────────────────────

HOUSE_WORDS = (  # style.md, Names: one textbook word per idea, everywhere
    "process", "arrival", "burst", "remaining", "quantum", "ready queue", "slice", "turnaround", "response", "waiting",
    "page", "frame", "page table", "reference string", "fault", "victim", "resident set",
    "allocation", "max", "need", "available", "safe sequence",
)  # fmt: skip
OTHERS_WORDS = {  # style.md: synonyms that a question may mention
    "time slice": "quantum", "STCF": "SRTF", "SRTN": "SRTF", "miss": "fault",
}  # fmt: skip
WORDS_OF_THE_PAGE = (
    "process", "thread", "stack", "heap", "data segment", "IPC", "race condition", "mutex", "semaphore",
    "virtual memory", "virtual address", "swap", "garbage collection", "thrashing", "working set", "throughput",
    "blocking I/O", "non-blocking I/O", "event-driven", "epoll", "context switch", "thread pool", "green thread",
    "goroutine", "kernel space", "user space", "system call", "scheduler", "preemption", "file descriptor",
    "too many open files", "deadlock", "deadlock detection", "deadlock recovery", "deadlock prevention",
    "memory pressure", "stop the world", "memory leak", "starvation", "core", "synchronization primitive",
)  # fmt: skip


def test_the_words_of_the_house_and_of_the_page_are_defined(bank: Bank) -> None:
    by_form = index(bank.tables.glossary)
    assert not [word for word in HOUSE_WORDS if word not in bank.tables.glossary]
    assert {word: named(word, by_form) for word in OTHERS_WORDS} == OTHERS_WORDS
    assert not [word for word in WORDS_OF_THE_PAGE if not named(word, by_form)]
    assert len(bank.tables.glossary) >= 200


def test_a_definition_is_a_sentence_or_two(bank: Bank) -> None:
    for word, term in bank.tables.glossary.items():
        text = term["definition"]
        assert text.endswith("."), word
        assert len(text.split()) <= 50, word
