"""What only the whole of a pack can show: each promise of the check, broken in a copy of a small pack."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from sims.evidence import declare
from trainer.author import balance as balance_of
from trainer.author import whole as whole_of
from trainer.author.balance import balance, lopsided, places_drawn
from trainer.author.check import check
from trainer.model import Authored, Option, Part, Place, Skill
from trainer.quiz.draw import draw

PACK = Path(__file__).parent.parent / "bank" / "pack"
DISK, ARM, SEEK = Path("storage/disk.yaml"), Path("storage/arm.md"), Path("storage/seek.md")
WHY = "Why does the order matter less on an SSD?"


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def changed(pack, file, old, new):
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(pack):
    """The problems of a pack, without drawing its skills: place below the pack, code, message."""
    return [
        (str(each.place).replace(f"{pack}/", ""), each.code, each.message) for each in check(pack).problems
    ]  # fmt: skip


def codes(pack):
    return [code for _, code, _ in told(pack)]


def test_the_small_pack_holds_together(pack):
    assert told(pack) == []


def test_a_claim_that_no_concept_covers_is_told(pack):
    changed(pack, ARM, "claims: [S01]\n", "")
    assert told(pack) == [
        ("claims.yaml:1:1", "uncovered-claim", "S01 is covered by no concept; name it in one's claims")
    ]


def test_a_concept_that_no_skill_asks_about_is_told(pack):
    (pack / "storage" / "platter.md").write_text("---\nid: platter\ntitle: It turns\n---\nA platter turns.\n")
    assert [(place, code) for place, code, _ in told(pack)] == [("storage/platter.md:1:1", "lonely-concept")]


def test_a_concept_is_found_in_a_file_of_another_name(pack):
    (pack / "storage" / "other.md").write_text("---\ntitle: It turns\nid: platter\n---\nA platter turns.\n")
    assert [(place, code) for place, code, _ in told(pack)] == [("storage/other.md:1:1", "lonely-concept")]


def test_a_concept_in_long_words_is_told(pack):
    hard = "Characteristically, electromechanical repositioning operations necessitate considerable anticipation. " * 8
    changed(pack, SEEK, "Moving the arm takes time.", hard)
    assert codes(pack) == ["hard-to-read"]


def test_two_questions_in_nearly_the_same_words_are_told_at_the_second(pack):
    text = (pack / DISK).read_text()
    again = text[text.index("  - id: demo.ssd") : text.index("  - id: demo.word")]
    (pack / DISK).write_text(text + again.replace("demo.ssd", "demo.ssd-again").replace("an SSD", "a new SSD"))
    assert [(place, code) for place, code, _ in told(pack)] == [("storage/disk.yaml:52:5", "near-duplicate")]


def test_two_skills_that_draw_and_ask_the_same_are_told_at_the_second(pack):
    text = (pack / DISK).read_text()
    again = text[text.index("  - id: demo.movement") : text.index("  - id: demo.ssd")]
    (pack / DISK).write_text(text + again.replace("demo.movement", "demo.again").replace("How far", "So far"))
    assert codes(pack) == ["near-duplicate"]
    changed(pack, DISK, "head: 30..70", "head: 30..71")
    assert codes(pack) == []


@pytest.mark.parametrize(
    "text",
    ["None of the above.", "All of these are right.", "Both of those.", "Option 1, but later.", "It is the above"],
)
def test_an_option_that_speaks_of_the_others_is_told(pack, text):
    changed(pack, DISK, "It is newer.", f'"{text}"')
    assert codes(pack) == ["all-of-the-above"]


def test_an_option_may_speak_of_all_of_something_else(pack):
    changed(pack, DISK, "It is newer.", "It keeps all of them in memory.")
    assert codes(pack) == []


# ── who serves what ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def listed(pack):
    """The pack, with a list beside it of one question, which a concept and a skill serve."""
    (pack.parent / "data").mkdir()
    (pack.parent / "data" / "served.jsonl").write_text(json.dumps({"id": "disk-01"}) + "\n")
    changed(pack, ARM, "claims: [S01]", "claims: [S01]\nserves: [disk-01]")
    changed(pack, DISK, "    answer: choice", "    answer: choice\n    serves: [disk-01]")
    return pack


def test_a_question_that_a_concept_and_a_skill_serve_is_served(listed):
    assert told(listed) == []


def test_a_question_that_no_concept_or_no_skill_serves_is_told(listed):
    changed(listed, ARM, "serves: [disk-01]\n", "")
    assert told(listed) == [
        ("pack.yaml:1:1", "unserved", "disk-01 is served by no concept; name it under serves of one that answers it")
    ]
    changed(listed, DISK, "    serves: [disk-01]\n", "")
    assert codes(listed) == ["unserved", "unserved"]


def test_what_is_served_must_be_listed(listed):
    changed(listed, DISK, "serves: [disk-01]", "serves: [disk-01, disk-02]")
    ((place, code, message),) = told(listed)
    assert (place, code) == ("storage/disk.yaml:25:5", "unknown-served")
    assert "Did you mean 'disk-01'?" in message


def test_a_line_of_the_list_that_is_none_is_told_at_its_place(listed):
    path = listed.parent / "data" / "served.jsonl"
    path.write_text(path.read_text() + "\n{\n[1]\n" + json.dumps({"id": 3}) + "\n" + "[" * 100_000 + "\n")
    assert [(place, code) for place, code, _ in told(listed)] == [
        (f"{path}:{number}:1", "bad-form") for number in (3, 4, 5, 6)
    ]


def test_a_pack_without_a_list_answers_to_the_built_in_one(pack):
    changed(pack, ARM, "claims: [S01]", "claims: [S01]\nserves: [I01]")
    assert told(pack) == []
    changed(pack, ARM, "serves: [I01]", "serves: [I99]")
    assert [(place, code) for place, code, _ in told(pack)] == [("storage/arm.md:1:1", "unknown-served")]


# ── explanations and evidence ───────────────────────────────────────────────────────────────────────────────────


def test_a_measure_without_a_worked_solution_explains_nothing(pack, monkeypatch):
    monkeypatch.setattr(whole_of, "draw", lambda *name: draw(*name)._replace(steps=()))
    assert [(place, code) for place, code, _ in told(pack)] == [("storage/disk.yaml:2:5", "unexplained")]


def test_evidence_whose_numbers_do_not_fit_the_cause_is_told(pack, monkeypatch):
    changed(pack, DISK, "    answer: choice", "    answer: choice\n    evidence: cpu.throttling")
    changed(pack, DISK, WHY, "Of {periods} periods {throttled} were throttled. Why?")
    assert told(pack) == []
    real = whole_of.evidence("cpu.throttling")
    assert isinstance(real, declare.Evidence)
    monkeypatch.setattr(whole_of, "evidence", lambda _name: real._replace(holds=lambda _numbers: False))
    ((place, code, message),) = told(pack)
    assert (place, code) == ("storage/disk.yaml:25:5", "unfit-evidence")
    assert real.says in message


def test_evidence_of_which_nothing_is_shown_is_told(pack):
    changed(pack, DISK, "    answer: choice", "    answer: choice\n    evidence: cpu.throttling")
    assert codes(pack) == ["unused-evidence"]


# ── the balance of options ──────────────────────────────────────────────────────────────────────────────────────


def choice(n, right, *wrong):
    options = (Option(right, True, "so"), *(Option(one, why="no") for one in wrong))
    return Skill(f"s{n}", 1, "c", "t", f"t {n}", f"q {n}", authored=Authored("choice", options), place=Place("f", n, 1))


def test_right_options_that_stand_out_by_length_are_counted_those_of_parts_too():
    parts = (Part("A?", (Option("aaa", True), Option("b"))), Part("B?", (Option("a", True), Option("bbb"))))
    incident = Skill("i", 1, "c", "t", "t", "q", authored=Authored("parts", parts=parts))
    skills = [choice(1, "the longest of them", "short", "short too"), choice(2, "ab", "abc", "a"), incident]
    assert balance(skills) == (4, 2, 1)


@pytest.mark.parametrize(("right", "code"), [("longer than both", "long-answers"), ("x", "short-answers")])
def test_a_right_option_that_is_too_often_the_longest_or_shortest_is_told(right, code):
    odd = [choice(n, right, "middling", "the middle") for n in range(17)]
    even = [choice(n, "middling", "x", "longer than both") for n in range(17, 40)]
    assert [found for found, _ in lopsided([*odd, *even])] == [code]  # 17 of 40 are more than 40 %
    assert list(lopsided([*odd[:16], *even, choice(40, "middling", "x", "longer than both")])) == []
    assert list(lopsided(odd)) == []  # too few to say


def test_right_options_come_to_stand_in_each_place_alike():
    skills = [choice(n, "a", "b", "c", "d") for n in range(50)]
    places = places_drawn(skills)[4]
    assert sum(places.values()) == 50 * balance_of.SEEDS
    assert set(places) == {1, 2, 3, 4}
    assert list(lopsided(skills[:30])) == []


def test_right_options_that_stay_where_they_were_written_are_told(monkeypatch):
    monkeypatch.setattr(balance_of, "draw", lambda skill, *_: draw(skill, 1, 0)._replace(right=1))
    ((code, message),) = lopsided([choice(n, "a", "b", "c") for n in range(10)])
    assert code == "one-place"
    assert "number 1 in 100% of 80 draws" in message


def test_parts_count_by_their_own_number_of_options():
    parts = (Part("A?", (Option("a", True), Option("b"))), Part("B?", (Option("a", True), Option("b"), Option("c"))))
    incident = Skill("i", 1, "c", "t", "t", "q", authored=Authored("parts", parts=parts))
    found = places_drawn([incident])
    assert {size: sum(places.values()) for size, places in found.items()} == {2: 8, 3: 8}
    assert isinstance(found[2], Counter)
