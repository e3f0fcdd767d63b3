"""The machine interface, used from outside, field for field as documented."""

import json

import pytest

from tests.trainer.cli.conftest import Osdrill

SCAN = {
    "policy": "scan",
    "cylinders": 200,
    "head": 53,
    "direction": "down",
    "requests": [98, 183, 37, 122, 14, 124, 65, 67],
}
ASKED = {"name", "skill", "level", "seed", "title", "text", "conventions", "answer", "scenario"}


def test_skills_lists_every_skill_with_its_fields(osdrill: Osdrill) -> None:
    skills = osdrill("skills", "--json").json
    by_id = {skill["id"]: skill for skill in skills}
    disk = by_id["disk.order"]
    assert (disk["kind"], disk["form"], disk["simulator"], disk["measure"], disk["answer"]) == (
        "simulated", "forward", "disk", "order", "sequence",
    )  # fmt: skip
    common = {"id", "revision", "topic", "concept", "title", "kind", "answer", "mistakes", "conventions", "levels"}
    for skill in skills:
        more = {"form", "simulator", "measure"} if skill["kind"] == "simulated" else set()
        assert set(skill) == common | more
        assert all(isinstance(level, int) for level in skill["levels"])
    assert by_id["disk.sstf-starves"]["kind"] == "authored"


def test_concepts_lists_every_concept_with_its_fields(osdrill: Osdrill) -> None:
    concepts = osdrill("concepts", "--json").json
    known = {concept["id"] for concept in concepts}
    for concept in concepts:
        assert set(concept) == {"id", "topic", "title", "claims", "requires", "skills", "sources"}
        assert set(concept["requires"]) <= known
    disk = next(concept for concept in concepts if concept["id"] == "disk-scheduling")
    assert "disk.order" in disk["skills"]


def test_ask_shows_what_the_learner_is_shown_and_never_the_answer(osdrill: Osdrill) -> None:
    asked = osdrill("ask", "disk.order", "--level", "2", "--seed", "7", "--json").json
    assert set(asked) == ASKED
    assert asked["name"] == "disk.order@1/2#7" or asked["name"].endswith("/2#7")
    assert (asked["skill"], asked["level"], asked["seed"]) == ("disk.order", 2, 7)
    assert set(asked["answer"]) <= {"kind", "example", "unit"}
    shown = osdrill("show", asked["name"], "--json").json
    assert shown["answer"] not in json.dumps({**asked, "scenario": {}})


def test_ask_lists_the_options_of_a_choice(osdrill: Osdrill) -> None:
    asked = osdrill("ask", "disk.sstf-starves", "--seed", "1", "--json").json
    assert len(asked["options"]) >= 3
    assert "scenario" not in asked
    assert all(isinstance(option, str) for option in asked["options"])


def test_show_gives_answer_mistakes_measure_explanation_and_trace(osdrill: Osdrill) -> None:
    name = osdrill("ask", "disk.order", "--seed", "7", "--json").json["name"]
    shown = osdrill("show", name, "--json").json
    assert {*ASKED, "answer", "mistakes", "measure", "explanation", "trace"} <= set(shown)
    assert shown["measure"] == "order"
    assert isinstance(shown["answer"], str)
    assert shown["trace"][0]["kind"]
    ran = osdrill("sim", "disk", "-", "--json", stdin=json.dumps(shown["scenario"])).json
    assert " ".join(map(str, ran["measures"]["order"])) == shown["answer"]


def test_grade_accepts_the_answer_and_names_each_mistake(osdrill: Osdrill) -> None:
    name = osdrill("ask", "disk.order", "--seed", "7", "--json").json["name"]
    shown = osdrill("show", name, "--json").json
    right = osdrill("grade", name, shown["answer"], "--json")
    assert right.code == 0
    assert right.json["correct"] is True
    spread = osdrill("grade", name, *shown["answer"].split(), "--json")
    assert spread.json["correct"] is True
    for mistake, answer in shown["mistakes"].items():
        graded = osdrill("grade", name, answer, "--json")
        assert graded.code == 0
        assert set(graded.json) == {"correct", "answer", "mistakes", "conventions", "diverges_at", "says"}
        assert graded.json["correct"] is False
        assert mistake in [*graded.json["mistakes"], *graded.json["conventions"]]
        assert graded.json["answer"] == shown["answer"]
        assert set(graded.json["diverges_at"]) == {"in", "index", "says"}


@pytest.mark.parametrize("response", ["-3", "-x", "--what", "nonsense \x1b[2J"])
def test_what_grade_cannot_read_exits_2_with_the_form_of_an_answer(osdrill: Osdrill, response: str) -> None:
    name = osdrill("ask", "disk.movement", "--seed", "7", "--json").json["name"]
    graded = osdrill("grade", name, response, "--json")
    if response == "-3":  # a number, though a wrong one
        assert graded.code == 0
        return
    assert graded.code == 2
    assert graded.json["error"]["code"] == "unreadable"
    assert set(graded.json["error"]) == {"code", "where", "message"}
    assert "\x1b" not in graded.err
    assert graded.err.count("\n") == 1


def test_grade_records_only_when_told_to(osdrill: Osdrill) -> None:
    name = osdrill("ask", "disk.order", "--seed", "7", "--json").json["name"]
    osdrill("grade", name, "1 2 3", "--json")
    assert osdrill("replay", name, "--json").json["answered"] == []
    kept = osdrill(
        "grade", name, *osdrill("show", name, "--json").json["answer"].split(), "--record", "--took-ms", "4200"
    )
    assert kept.code == 0
    answered = osdrill("replay", name, "--json").json["answered"]
    assert [(one["outcome"], one["taken_ms"]) for one in answered] == [("right", 4200)]
    assert osdrill("grade", name, "1", "--record").code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", "no.such-skill", "--json"), "unknown-skill"),
        (("ask", "disk.order", "--level", "77", "--json"), "no-level"),
        (("ask", "disk.order", "--seed", "-1", "--json"), "bad-seed"),
        (("show", "disk.order", "--json"), "bad-name"),
        (("show", "disk.order@99/1#7", "--json"), "other-revision"),
        (("grade", "disk.order@1/1#99999999999", "1", "--json"), "bad-name"),
        (("sim", "nothing", "-", "--json"), "unknown-simulator"),
        (("sim", "disk", "/no/such/file", "--json"), "unreadable-file"),
        (("sim", "disk", "-", "--ask", "nothing", "--json"), "unknown-measure"),
        (("replay", "gone.skill@1/1#1", "--json"), "unknown-name"),
        (("ask", "disk.order", "--sed", "1", "--json"), "usage"),
    ],
)
def test_an_error_is_one_line_for_people_and_data_with_json(
    osdrill: Osdrill, arguments: tuple[str, ...], code: str
) -> None:
    result = osdrill(*arguments, stdin=json.dumps(SCAN))
    assert result.code == 2
    assert result.json["error"]["code"] == code
    assert result.err.startswith("osdrill: ")
    assert "Traceback" not in result.err


def test_sim_answers_line_by_line_and_goes_on_after_a_refused_one(osdrill: Osdrill) -> None:
    lines = [SCAN, {**SCAN, "head": 900}, {"policy": "fcfs"}, {**SCAN, "policy": "fcfs"}]
    text = "\n".join(json.dumps(line) for line in lines) + "\nnot json\n"
    result = osdrill("sim", "disk", "-", "--json", "--ask", "movement", stdin=text)
    assert result.code == 2
    first, head, missing, last, broken = result.lines
    assert first["measures"] == {"movement": 236}  # Silberschatz, 10th ed., 11.2.2
    assert last["measures"] == {"movement": 640}  # 11.2.1
    assert head["error"]["where"] == "head"
    assert set(missing["error"]["where"].split()) == {"cylinders", "head", "requests"}
    assert broken["error"]["code"] == "bad-json"
    assert first["scenario"]["direction"] == "down"
    assert first["simulator"] == "disk"
    assert len(first["trace"]) == 9


def test_sim_reads_one_scenario_as_yaml_or_as_json_over_many_lines(osdrill: Osdrill) -> None:
    yaml = "policy: scan\ncylinders: 200\nhead: 53\ndirection: down\nrequests: [98, 183, 37, 122, 14, 124, 65, 67]\n"
    for text in (yaml, json.dumps(SCAN, indent=2)):
        result = osdrill("sim", "disk", "-", "--json", stdin=text)
        assert result.code == 0
        assert result.json["measures"]["movement"] == 236


def test_sim_fills_in_defaults_and_names(osdrill: Osdrill) -> None:
    raw = {"policy": "rr", "quantum": 4, "processes": [{"burst": 24}, {"burst": 3}, {"burst": 3}]}
    ran = osdrill("sim", "scheduler", "-", "--json", stdin=json.dumps(raw)).json
    assert ran["measures"]["average-waiting"] == "17/3"  # Silberschatz, 10th ed., 5.3.3
    assert ran["measures"]["waiting"] == {"P0": 6, "P1": 4, "P2": 7}
    assert ran["scenario"]["cores"] == 1
    assert "running-at" not in ran["measures"]
    asked = osdrill("sim", "scheduler", "-", "--json", "--ask", "running-at t=5", stdin=json.dumps(raw)).json
    assert list(asked["measures"]) == ["running-at t=5"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "", "a: *b", '{"policy": 1e999}', "\x00"])
def test_hostile_scenarios_are_refused_in_one_line(osdrill: Osdrill, text: str) -> None:
    result = osdrill("sim", "disk", "-", "--json", stdin=text)
    assert result.code == 2
    assert "error" in result.lines[0]
    assert "Traceback" not in result.err
    assert result.err.count("\n") == 1


def test_every_reporting_command_has_json(osdrill: Osdrill) -> None:
    for arguments in (("config",), ("skills",), ("concepts",), ("stats",)):
        result = osdrill(*arguments, "--json")
        assert result.code == 0, result.err
        json.loads(result.out)
