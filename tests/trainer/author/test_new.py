"""What `osdrill new` writes passes the check as it stands, and never writes over anything."""

import pytest

from sims.listed import MODULES
from trainer.author.check import check
from trainer.author.new import ANSWERS, CannotWrite, flow, new_concept, new_pack, new_skill
from trainer.bank.load import builtin, load
from trainer.bank.reader import read
from trainer.bank.walk import plain
from trainer.cli.main import main


def on(bank, simulator):
    """Whether a built-in skill asks this simulator forward."""
    skills = [bank.skill(id_).simulated for id_ in bank.skills]
    return any(one and one.simulator == simulator and one.form == "forward" for one in skills)


@pytest.mark.parametrize("simulator", MODULES)
def test_a_simulated_skill_passes_the_check_as_it_is_written(tmp_path, simulator):
    bank, _ = load((builtin(),))
    path = tmp_path / "mine" / "topic" / "first-one"
    if not on(bank, simulator):
        with pytest.raises(CannotWrite, match="to begin from"):
            new_skill(path, simulate=simulator)
        return
    written = new_skill(path, simulate=simulator)
    assert path.with_suffix(".yaml") in written
    report = check(tmp_path / "mine", seeds=5)
    assert report.problems == ()
    assert (report.skills, report.concepts) == (1, 1)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_authored_skill_passes_the_check_as_it_is_written(tmp_path, answer):
    new_skill(tmp_path / "mine" / "topic" / "a", answer=answer)
    report = check(tmp_path / "mine", seeds=5)
    assert (report.problems, report.skills, report.concepts) == ((), 1, 1)


def test_a_concept_and_a_pack_pass_the_check(tmp_path):
    new_pack(tmp_path / "mine")
    new_concept(tmp_path / "mine" / "topic" / "idea")
    report = check(tmp_path / "mine")
    assert (report.problems, report.files, report.concepts, report.skills) == ((), 4, 1, 1)


def test_a_skill_may_belong_to_a_concept_that_is_there(tmp_path):
    concept = next(iter(load((builtin(),))[0].concepts))
    written = new_skill(tmp_path / "mine" / "topic" / "a", answer="short", concept=concept)
    assert [path.name for path in written if path.suffix == ".md"] == []
    assert check(tmp_path / "mine").problems == ()


def test_nothing_is_written_over(tmp_path):
    path = tmp_path / "mine" / "topic" / "a"
    new_skill(path, answer="short")
    (tmp_path / "mine" / "topic" / "a.md").write_text("mine")
    with pytest.raises(CannotWrite, match="is there already"):
        new_skill(path, answer="short")
    with pytest.raises(CannotWrite, match="is there already"):
        new_concept(path)
    with pytest.raises(CannotWrite, match="is there already"):
        new_pack(tmp_path / "mine")
    assert (tmp_path / "mine" / "topic" / "a.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["topic/Name", "To pic/name", "topic/na me", "topic/-"])
def test_a_name_that_is_no_id_is_refused(tmp_path, name):
    with pytest.raises(CannotWrite, match="is no name"):
        new_concept(tmp_path / "mine" / name)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(CannotWrite, match="cannot be written"):
        new_concept(tmp_path / "mine" / "topic" / "a")


@pytest.mark.parametrize(
    "value", ["a", "2..4", "fcfs | sjf", "a: b", "{x}", "x #y", "-", "é", "", 'q"uote', ["a", {"b": "c, d"}]]
)
def test_a_value_on_one_line_reads_back(value):
    node, problems = read(f"k: {flow(value)}", "f")
    assert problems == []
    assert plain(node) == {"k": value}


def test_the_command_says_what_it_wrote_and_what_comes_next(tmp_path, capsys):
    pack = tmp_path / "mine"
    assert main(["new", "skill", str(pack / "topic" / "a"), "--answer", "choice"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"wrote {pack}/pack.yaml",
        f"wrote {pack}/sources.yaml",
        f"wrote {pack}/topic/a.yaml",
        f"wrote {pack}/topic/a.md",
        f"next: osdrill check {pack}",
    ]
    assert main(["new", "skill", str(pack / "topic" / "a"), "--answer", "choice"]) == 2
    assert main(["new", "skill", str(pack / "topic" / "b"), "--simulator", "disc"]) == 2
    assert "no simulator 'disc'" in capsys.readouterr().err
