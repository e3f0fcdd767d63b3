"""plan, goal, skip, suspend, resume, reset and history: by the real commands, on a history of a few answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill, Result

MONDAY, TUESDAY = "2026-11-23T09:00:00+01:00", "2026-11-24T09:00:00+01:00"
Answer = Callable[..., Result]


@pytest.fixture
def answer(osdrill: Osdrill) -> Answer:
    """answer(skill, response="", now=MONDAY, seed=7): record an answer; without a response the right one."""

    def call(skill: str, response: str = "", now: str = MONDAY, seed: int = 7) -> Result:
        name = osdrill("ask", skill, "--seed", str(seed), "--json").json["name"]
        given = response or osdrill("show", name, "--json").json["answer"]
        return osdrill("grade", name, given, "--record", "--took-ms", "20000", "--json", OSDRILL_NOW=now)

    return call


# ── plan ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_first_of_the_plan_is_what_a_session_asks_first(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order", "1")
    plan = osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json
    assert (plan["day"], plan["plan"][0]["skill"]) == ("2026-11-24", "disk.order")
    asked = osdrill("quiz", stdin="", OSDRILL_NOW=TUESDAY)
    assert plan["plan"][0]["title"] in " ".join(asked.out.split())


@pytest.mark.rule
def test_the_plan_says_of_each_skill_why_this_and_why_now(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order", "1")
    plan = osdrill("plan", OSDRILL_NOW=TUESDAY).out
    assert plan.startswith("2026-11-24: 1 to ask again, ")
    assert "1. disk.order: " in plan
    assert "due today; recall now " in plan
    assert "new; what it builds on holds, and it fits the day's minutes" in plan
    codes = {one["code"] for one in osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json["plan"]}
    assert codes == {"due", "new"}


@pytest.mark.rule
def test_with_no_minutes_left_the_plan_says_when_something_is_due_next(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order")
    plan = osdrill("plan", OSDRILL_NOW=MONDAY, OSDRILL_MINUTES="1").out
    assert plan.startswith("Nothing is left for today, 2026-11-23.")
    assert "Next is due on 25 Nov." in plan or "Next is due on " in plan


# ── skip, suspend, resume, reset ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_suspended_skill_is_not_planned_until_it_is_resumed(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order", "1")
    assert osdrill("suspend", "disk.order", OSDRILL_NOW=MONDAY).out == (
        "disk.order: not asked until osdrill resume disk.order\n"
    )
    plan = osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json
    assert plan["left_out"] == {"disk.order": "suspend"}
    assert "disk.order" not in [one["skill"] for one in plan["plan"]]
    assert "disk.order (suspended)" in osdrill("plan", OSDRILL_NOW=TUESDAY).out
    assert osdrill("resume", "disk.order", OSDRILL_NOW=TUESDAY).out == "disk.order: asked again when it is due\n"
    assert osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json["plan"][0]["skill"] == "disk.order"
    again = osdrill("resume", "disk.order", OSDRILL_NOW=TUESDAY)
    assert (again.code, "nothing changed" in again.out) == (0, True)


@pytest.mark.rule
def test_a_skipped_skill_is_back_on_the_next_study_day(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order", "1")
    osdrill("skip", "disk.order", OSDRILL_NOW=TUESDAY)
    assert osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json["left_out"] == {"disk.order": "skip"}
    wednesday = osdrill("plan", "--json", OSDRILL_NOW="2026-11-25T09:00:00+01:00").json
    assert (wednesday["plan"][0]["skill"], wednesday["left_out"]) == ("disk.order", {})


@pytest.mark.rule
def test_a_reset_skill_is_new_again_and_its_answers_stay(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order")
    osdrill("reset", "disk.order", OSDRILL_NOW=TUESDAY)
    history = osdrill("history", "disk.order", "--json").json
    assert [one["what"] for one in history] == ["answer", "reset"]
    planned = {one["skill"]: one["code"] for one in osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json["plan"]}
    assert planned.get("disk.order", "new") == "new"
    assert osdrill("db", "check").code == 0


@pytest.mark.rule
def test_an_unknown_skill_is_refused_before_anything_is_done(osdrill: Osdrill) -> None:
    done = osdrill("suspend", "disk.order", "disk.ordre", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "unknown-skill")
    assert "Did you mean 'disk.order'?" in done.err
    assert osdrill("history", "--json").json == []


# ── history ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_history_lists_answers_with_the_name_that_replays_them(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.movement", "1")
    answer("disk.order")
    (first, second) = osdrill("history").out.splitlines()
    assert first.startswith("2026-11-23  wrong    disk.movement@")
    assert second.startswith("2026-11-23  right    disk.order@")
    (line,) = osdrill("history", "disk.order", "--json").json
    assert (line["what"], line["outcome"], line["withdrawn"]) == ("answer", "right", False)
    replayed = osdrill("replay", line["name"], "--json").json
    assert [one["response"] for one in replayed["answered"]] == [line["response"]]
    assert len(osdrill("history", "--last", "1").out.splitlines()) == 2


@pytest.mark.rule
def test_an_answer_undone_in_a_session_is_marked_in_the_history(osdrill: Osdrill) -> None:
    done = osdrill("quiz", "storage", "--count", "3", stdin=":g\n:u\n:g\n", OSDRILL_NOW=MONDAY)
    assert "Undone: gave up" in done.out
    history = osdrill("history", "--json").json
    assert [(one["what"], one.get("withdrawn")) for one in history] == [
        ("answer", True),
        ("withdraw", None),
        ("answer", False),
    ]
    assert "(undone)" in osdrill("history").out


@pytest.mark.rule
def test_a_failed_skill_of_an_interrupted_session_comes_back_in_the_next(osdrill: Osdrill) -> None:
    """The input ends after one answer, as a closed window ends it."""
    osdrill("quiz", "storage", stdin=":g\n", OSDRILL_NOW=MONDAY)
    (failed,) = osdrill("history", "--json").json
    first = osdrill("plan", "--json", OSDRILL_NOW="2026-11-23T11:00:00+01:00").json["plan"][0]
    assert (first["skill"], first["code"]) == (failed["skill"], "again")
    again = osdrill("quiz", stdin="", OSDRILL_NOW="2026-11-23T11:00:00+01:00")
    assert first["title"] in " ".join(again.out.split())


# ── goal ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_goal_is_kept_forecast_and_taken_off(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order")
    said = osdrill("goal", "2027-01-20", OSDRILL_NOW=MONDAY)
    assert said.out.startswith("Goal: 2027-01-20, 58 days from now; 90% of ")
    found = osdrill("goal", "--json", OSDRILL_NOW=TUESDAY).json
    assert (found["goal"]["day"], found["goal"]["days"]) == ("2027-01-20", 57)
    forecast = found["forecast"]
    assert forecast["begun"] == 1
    assert forecast["known_without_practice"] < forecast["known_today"] <= 1
    assert forecast["on_course"] == (forecast["takes_minutes"] <= forecast["minutes"])
    assert osdrill("plan", "--json", OSDRILL_NOW=TUESDAY).json["goal"] == "2027-01-20"
    assert osdrill("goal", "--off").out == "The goal is off.\n"
    assert osdrill("goal", "--json").json == {"goal": None, "forecast": None}


@pytest.mark.rule
def test_a_goal_that_cannot_be_reached_says_so_and_what_is(osdrill: Osdrill) -> None:
    said = osdrill("goal", "2026-11-25", OSDRILL_NOW=MONDAY).out
    assert "Not possible in 2 days: at most about 0 of " in said, "nothing new is begun in the last three days"
    assert "With 15 minutes a day: about 0 known on the day" in said
    few = osdrill("goal", "2027-01-20", "--topics", "paging", OSDRILL_NOW=MONDAY, OSDRILL_MINUTES="1").out
    assert "Not with the minutes you have set." in few or "On course." in few


@pytest.mark.rule
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("2026-11-23",), "bad-date"),
        (("2026-13-01",), "bad-date"),
        (("2099-01-01",), "bad-date"),
        (("2027-01-20", "--topics", "pagign"), "unknown-topic"),
        (("2027-01-20", "--retention", "1"), "usage"),
        (("2027-01-20", "--off"), "usage"),
        (("--retention", "0.8"), "usage"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_and_nothing_is_kept(
    osdrill: Osdrill, arguments: tuple[str, ...], code: str
) -> None:
    refused = osdrill("goal", *arguments, "--json", OSDRILL_NOW=MONDAY)
    assert (refused.code, refused.json["error"]["code"]) == (2, code)
    assert osdrill("goal", "--json").json["goal"] is None


@pytest.mark.rule
def test_a_higher_retention_brings_everything_back_sooner_and_the_cards_stay_the_fold(
    osdrill: Osdrill, answer: Answer
) -> None:
    answer("disk.order")

    def due() -> str:
        (load,) = [one for one in osdrill("stats", "--json", OSDRILL_NOW=MONDAY).json["forecast"] if one["cards"]]
        return str(load["day"])

    before = due()
    osdrill("goal", "2027-01-20", "--retention", "0.97", OSDRILL_NOW=MONDAY)
    assert due() < before
    assert osdrill("db", "check").code == 0
    osdrill("goal", "--off")
    assert due() == before


@pytest.mark.rule
def test_the_first_line_says_how_the_goal_stands(osdrill: Osdrill, answer: Answer) -> None:
    answer("disk.order", "1")
    osdrill("goal", "2027-01-20", "--topics", "disk-scheduling", OSDRILL_NOW=MONDAY)
    said = osdrill(stdin="", OSDRILL_NOW=TUESDAY, COLUMNS="200").out
    assert "· goal 20 Jan: on course" in said


@pytest.mark.rule
def test_every_answer_in_json_is_one_value(osdrill: Osdrill) -> None:
    for arguments in (("plan",), ("goal",), ("history",), ("skip", "disk.order"), ("db", "check"), ("db", "rebuild")):
        json.loads(osdrill(*arguments, "--json", OSDRILL_NOW=MONDAY).out)


@pytest.mark.rule
def test_the_page_of_statistics_replaces_an_older_one_and_nothing_else(
    osdrill: Osdrill, answer: Answer, tmp_path: Path
) -> None:
    answer("disk.order")
    file, letter = tmp_path / "stats.html", tmp_path / "letter.html"
    assert osdrill("stats", "--html", str(file)).out == f"{file}: 1 answer, as a page.\n"
    first = file.read_text(encoding="utf-8")
    answer("disk.movement")
    osdrill("stats", "--html", str(file))
    assert file.read_text(encoding="utf-8") != first
    letter.write_text("Dear")
    refused = osdrill("stats", "--html", str(letter))
    assert (refused.code, letter.read_text()) == (2, "Dear")
    assert osdrill("stats", "--html", str(tmp_path / "none" / "stats.html")).code == 2
