"""A check tells every problem of a pack at once, and tries each skill by drawing it."""

import json
import shutil
import time
from pathlib import Path

import pytest

from trainer.author import proof
from trainer.author.check import check
from trainer.author.proof import prove
from trainer.author.written import forms
from trainer.bank.load import builtin, load
from trainer.cli.main import main
from trainer.model import Authored, Misconception, Option, Part, Simulated, Skill, replace
from trainer.quiz.draw import draw

PACK = Path(__file__).parent.parent / "bank" / "pack"
DISK = Simulated(
    simulator="disk",
    ask="movement",
    scenario={
        "policy": "scan",
        "cylinders": "100",
        "head": "30..70",
        "direction": "up | down",
        "requests": {"count": "4..5", "each": "0..99 distinct"},
    },
    mistakes=("wrong-direction", "fcfs-instead"),
)
SKILL = Skill("demo.movement", 1, "arm", "storage", "How far", "Under {policy}.", simulated=DISK)


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def codes(skill, seeds=20):
    """The codes that the trial of a skill tells."""
    return [code for code, _ in prove(skill, 1, range(seeds), time.perf_counter).faults]


def changed(**fields):
    """The skill with another simulated part."""
    return replace(SKILL, simulated=DISK._replace(**fields))


def test_a_skill_in_order_passes_its_trial():
    found = prove(SKILL, 1, range(20), time.perf_counter)
    assert found.faults == ()
    assert (found.drawn, found.separated, found.unseen) == (20, 1.0, ())
    assert 1 <= found.tries[0] <= found.tries[1]
    assert found.at_once == sum(draw(SKILL, 1, seed).tries == 1 for seed in range(20)) / 20
    assert found.ms > 0


def test_a_range_that_leaves_one_answer_is_guessable():
    fixed = {**DISK.scenario, "head": "50", "direction": "up", "requests": ["60", "40", "90"]}
    assert "guessable" in codes(changed(scenario=fixed))


def test_a_question_of_two_answers_is_told():
    two = changed(
        ask="order", form="backward", scenario={**DISK.scenario, "policy": "fcfs | sstf"}, options={"hide": "policy"}
    )
    assert "two-valued" in codes(two)
    three = changed(
        ask="order",
        form="backward",
        scenario={**DISK.scenario, "policy": "fcfs | sstf | scan"},
        options={"hide": "policy"},
    )
    assert "two-valued" not in codes(three)


def test_a_mistake_that_never_shows_is_told(pack):
    path = pack / "storage" / "disk.yaml"
    text = path.read_text().replace("sstf | scan", "fcfs").replace("wrong-direction", "sstf-instead")
    path.write_text(text)
    report = check(pack, seeds=10)
    told = [problem for problem in report.problems if problem.code == "never-shown"]
    assert [str(problem.place) for problem in told] == [f"{path}:2:5"]
    assert "fcfs-instead shows in none of 20 instances" in told[0].message


def test_mistakes_that_never_differ_are_told(monkeypatch):
    real = draw

    def twins(skill, level, seed):
        question = real(skill, level, seed)
        one, other = question.mistakes
        return replace(question, mistakes=(one, Misconception(other.id, one.value, other.clause, other.says)))

    monkeypatch.setattr(proof, "draw", twins)
    assert "never-apart" in codes(SKILL)


def test_how_often_each_pair_of_mistakes_is_told_apart_is_reported():
    found = prove(SKILL, 1, range(20), time.process_time)
    assert found.pairs == {"wrong-direction fcfs-instead": 1.0}
    assert (found.kind, found.form, found.diagnoses) == ("number", "forward", 1.0)
    assert prove(changed(mistakes=()), 1, range(20), time.process_time).diagnoses == 0


# ── slips ───────────────────────────────────────────────────────────────────────────────────────────────────────

WAITING = {
    "policy": "rr",
    "quantum": "2..4",
    "processes": {"count": "3", "arrival": "0..9 distinct sorted first 0", "burst": "2..9 distinct"},
}
WAITS = replace(SKILL, simulated=Simulated("scheduler", "waiting", scenario=WAITING, mistakes=("fcfs-instead",)))


def slipping(monkeypatch, by):
    """Every question has a mistake whose answer is the right one with its first entry off by so much."""
    real = draw

    def drawn(skill, level, seed):
        question = real(skill, level, seed)
        (first, *_), (one, *_) = question.right, question.mistakes
        return replace(question, mistakes=(one._replace(value={**question.right, first: question.right[first] + by}),))

    monkeypatch.setattr(proof, "draw", drawn)


def test_slips_that_a_mistake_gives_are_counted(monkeypatch):
    assert prove(WAITS, 1, range(20), time.process_time).misread < 0.05
    slipping(monkeypatch, 1)
    found = prove(WAITS, 1, range(20), time.process_time)
    assert found.misread == 1 / 12  # one of four slips of one of three entries
    assert "slip-misread" in [code for code, _ in found.faults]
    slipping(monkeypatch, 9)
    assert prove(WAITS, 1, range(20), time.process_time).misread == 0


def test_slips_that_only_two_mistakes_at_once_give_are_counted_apart(monkeypatch):
    real = draw

    def drawn(skill, level, seed):
        question = real(skill, level, seed)
        first = next(iter(question.right))
        both = Misconception("a+b", {**question.right, first: question.right[first] - 2}, "both", "says")
        return replace(question, pairs=lambda: (both,))

    monkeypatch.setattr(proof, "draw", drawn)
    found = prove(WAITS, 1, range(20), time.process_time)
    assert found.misread_as_two == 1 / 12
    assert "slip-misread" not in [code for code, _ in found.faults]


def test_a_slip_of_a_number_is_measured_and_not_held_against_it(monkeypatch):
    real = draw

    def drawn(skill, level, seed):
        question = real(skill, level, seed)
        one, *_ = question.mistakes
        return replace(question, mistakes=(one._replace(value=question.right + 1),))

    monkeypatch.setattr(proof, "draw", drawn)
    found = prove(SKILL, 1, range(20), time.process_time)
    assert found.misread == 1 / 4
    assert "slip-misread" not in [code for code, _ in found.faults]


def test_instances_of_unlike_effort_are_told():
    rows = {**DISK.scenario, "requests": {"count": "2 | 30", "each": "0..99 distinct"}}
    told = dict(prove(changed(scenario=rows, mistakes=("wrong-direction",)), 1, range(20), time.process_time).faults)
    assert "more than fourfold" in told["uneven-effort"]


def test_a_skill_that_spends_all_its_tries_is_told():
    told = dict(
        prove(
            changed(scenario={**DISK.scenario, "policy": "fcfs"}, mistakes=("fcfs-instead", "sstf-instead")),
            1,
            range(10),
            time.perf_counter,
        ).faults
    )
    assert told["hard-to-draw"] == "level 1: most instances take all 120 draws: fcfs-instead never shows at this level"


def test_a_skill_that_takes_long_is_told_and_left():
    seconds = iter(range(0, 1000, 6))
    found = prove(SKILL, 1, range(50), lambda: float(next(seconds)))
    assert found.faults == (
        ("slow-to-draw", "level 1: 3 questions took 18 s to draw; make the instances smaller, or list fewer mistakes"),
    )
    assert found.drawn == 3


def test_a_skill_that_cannot_be_drawn_is_told():
    impossible = {**DISK.scenario, "cylinders": "10", "head": "30..70"}
    assert codes(changed(scenario=impossible)) == ["cannot-draw"]


def test_a_skill_without_a_mistake_diagnoses_nothing():
    assert "no-mistake-left" in codes(changed(mistakes=()))


def test_the_tests_of_a_skill_are_tried():
    right = prove(SKILL, 1, [1], time.perf_counter)
    assert right.faults == ()
    text = next(forms(draw(SKILL, 1, 1)))
    held = [
        {"seed": 1, "answer": text},
        {"seed": 1, "give": "x", "expect": "unreadable"},
        {"seed": 2, "give": "1", "expect": "wrong"},
    ]
    assert codes(replace(SKILL, tests=tuple(held)), 1) == []
    for test in (
        {"seed": 1, "answer": "-1"},
        {"seed": 1, "give": text, "expect": "wrong-direction"},
        {"seed": 1, "answer": "x"},
    ):
        assert codes(replace(SKILL, tests=(test,)), 1) == ["test-failed"]


def test_a_form_of_the_right_answer_that_is_refused_is_told(monkeypatch):
    monkeypatch.setattr(proof, "forms", lambda question: iter(["?!"]))
    assert "right-refused" in codes(SKILL, 1)


def test_a_question_that_changes_is_told(monkeypatch):
    seeds = iter(range(100))
    monkeypatch.setattr(proof, "draw", lambda skill, level, seed: draw(skill, level, next(seeds)))
    assert "not-repeatable" in codes(SKILL, 1)


def test_a_word_wider_than_the_screen_is_told():
    assert "too-wide" in codes(replace(SKILL, text="x" * 60), 1)


def test_authored_skills_are_tried_too():
    options = (Option("yes", right=True, why="w"), Option("no", why="w"), Option("perhaps", why="w"))
    authored = Skill("a", 1, "c", "t", "T", "Is it?", authored=Authored("choice", options))
    assert codes(authored) == []


def test_a_mistake_in_one_part_of_an_incident_is_tried_in_a_whole_answer():
    options = (Option("yes", right=True, why="w"), Option("no", why="w"))
    incident = Authored("parts", parts=(Part("Is it?", options), Part("And this?", options)), explanation="E")
    assert codes(Skill("a", 1, "c", "t", "T", "Look.", authored=incident)) == []


@pytest.mark.law
def test_every_written_form_of_a_right_answer_is_accepted_over_the_built_in_pack():
    bank, _ = load((builtin(),))
    for id_ in bank.skills:
        told = prove(bank.skill(id_), 1, [7], time.perf_counter).faults
        assert "right-refused" not in [code for code, _ in told], told


# ── the report ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_report_counts_what_the_pack_holds(pack):
    report = check(pack, seeds=2)
    assert (report.problems, report.files, report.skills, report.concepts, report.left_out) == ((), 7, 4, 2, 0)
    assert [(each.skill, each.level) for each in report.proofs] == [
        ("demo.movement", 1), ("demo.movement", 2), ("demo.ssd", 1), ("demo.word", 1), ("demo.steps", 1),
    ]  # fmt: skip


def test_two_processes_find_the_same(pack):
    def found(report):
        return [replace(each, ms=0.0) for each in report.proofs]

    seen = []
    one, two = check(pack, seeds=3), check(pack, seeds=3, jobs=2, progress=lambda done, of: seen.append((done, of)))
    assert found(one) == found(two)
    assert seen == [(n, 5) for n in range(1, 6)]


def test_only_the_problems_of_the_pack_itself_are_told(pack):
    path = pack / "storage" / "disk.yaml"
    path.write_text(path.read_text().replace("answer: choice", "answer: choise"))
    report = check(pack)
    assert [problem.code for problem in report.problems] == ["bad-choice"]
    assert (report.skills, report.left_out, report.bad_files) == (3, 1, 1)


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_says_each_problem_and_ends_with_1(pack, capsys):
    assert main(["check", str(pack), "--seeds", "2", "--jobs", "1"]) == 0
    assert capsys.readouterr().out.startswith("no problem in 7 files: 4 skills, 2 concepts, 10 questions drawn")
    path = pack / "storage" / "disk.yaml"
    path.write_text(path.read_text().replace("answer: choice", "answer: choise"))
    assert main(["check", str(pack), "--seeds", "0"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"{path}:29:13: bad-choice: answer: expected one of choice choices free order parts short")
    assert out[1:] == [
        "1 problem in 1 of 7 files: 3 skills, 2 concepts, 0 questions drawn; 1 skill left out",
        "osdrill explain bad-choice says more",
    ]


def test_the_command_gives_json_and_a_table(pack, capsys):
    assert main(["check", str(pack), "--seeds", "2", "--jobs", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == []
    assert found["proofs"][0]["skill"] == "demo.movement"
    assert main(["check", str(pack), "--seeds", "2", "--jobs", "1", "--table"]) == 0
    assert capsys.readouterr().out.split("\n")[0].split() == [
        "skill", "level", "drawn", "apart", "%", "pairs", "%", "tries", "p99", "commonest", "%", "slips", "%", "effort", "steps", "ms",
    ]  # fmt: skip


def test_the_command_refuses_what_is_no_pack(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none")]) == 2
    assert main(["check", str(tmp_path), "--seeds", "-1"]) == 2
    assert main(["check", str(tmp_path)]) == 1
    assert "no-manifest" in capsys.readouterr().out
