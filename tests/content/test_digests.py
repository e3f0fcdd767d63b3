"""A name gives the question that it always gave: golden digests of what every skill draws, level by level."""

from pathlib import Path
from typing import Any

import pytest

from tests.trainer.quiz.test_draw import choice, skill
from tools import digests
from tools.digests import Entry, broken, entry, unwritten
from trainer.bank.load import builtin, load
from trainer.model import Option, replace


def test_every_name_gives_what_it_gave() -> None:
    """A failure names the skill: raise its revision where scenario, form, mistakes or answer changed, and run
    `make digests`."""
    kept = digests.read(digests.FILE.read_text(encoding="utf-8"))
    now = digests.digests(load((builtin(),))[0])
    assert (broken(kept, now), unwritten(kept, now)) == ([], [])


KEPT = {"a.b": Entry(2, {1: "11", 2: "22"})}


@pytest.mark.rule
@pytest.mark.parametrize(
    ("now", "stands"),
    [
        ({"a.b": Entry(2, {1: "11", 2: "22"})}, ""),
        ({"a.b": Entry(2, {1: "11", 2: "23"})}, "a.b@2/2 gives another question than it did"),
        ({"a.b": Entry(1, {1: "11", 2: "22"})}, "a.b: revision 1 was 2"),
        ({"a.b": Entry(3, {1: "91", 2: "92"})}, ""),
        ({"a.b": Entry(2, {1: "11", 2: "22", 3: "33"})}, ""),
        ({"a.b": Entry(2, {1: "11"})}, ""),
        ({}, ""),
    ],
)
def test_only_a_changed_question_under_its_old_revision_is_wrong(now: digests.Digests, stands: str) -> None:
    found = broken(KEPT, now)
    assert [line[: len(stands)] for line in found] == ([stands] if stands else [])


@pytest.mark.rule
def test_what_is_new_or_gone_is_told_until_it_is_written() -> None:
    now = {"a.b": Entry(3, {1: "91", 2: "92"}), "c": Entry(1, {1: "1"})}
    assert unwritten(KEPT, now) == [
        "a.b has revision 3, 2 is written: run `make digests`",
        "c is new: run `make digests`",
    ]
    level = {"a.b": Entry(2, {1: "11", 2: "22", 3: "33"})}
    assert unwritten(KEPT, level) == ["a.b has the levels 1 2 3, 1 2 are written: run `make digests`"]
    assert unwritten(KEPT, {}) == ["a.b is gone: run `make digests`"]
    assert unwritten(KEPT, dict(KEPT)) == []


def test_the_file_reads_back() -> None:
    assert digests.read(digests.written(KEPT)) == KEPT


@pytest.mark.rule
def test_what_a_revision_covers_moves_the_digest_and_wording_does_not() -> None:
    one = skill(levels={2: {"head": "30..40"}})
    asks: Any = one.simulated
    same = entry(one)
    assert set(same.levels) == {1, 2}
    assert entry(replace(one, title="Other", text="In other words.", hints=("a hint",))) == same
    assert entry(replace(one, simulated=replace(asks, say={"fcfs-instead": "Other words."}))) == same
    third = entry(replace(one, simulated=replace(asks, levels={**asks.levels, 3: {"head": "50..60"}})))
    assert {1: third.levels[1], 2: third.levels[2]} == same.levels
    for change in (
        {"scenario": {**asks.scenario, "head": "20..81"}},
        {"mistakes": asks.mistakes[:2]},
        {"ask": "movement"},
        {"form": "backward", "options": {"hide": "direction"}},
    ):
        assert entry(replace(one, simulated=replace(asks, **change))).levels != same.levels, change
    moved = entry(replace(one, simulated=replace(asks, levels={2: {"head": "30..41"}})))
    assert moved.levels[1] == same.levels[1]
    assert moved.levels[2] != same.levels[2]


@pytest.mark.rule
def test_of_a_written_question_the_place_of_the_right_option_is_covered_not_its_words() -> None:
    one = choice()
    written: Any = one.authored
    words = replace(written, options=tuple(replace(option, text=option.text * 2) for option in written.options))
    assert entry(replace(one, authored=words)) == entry(one)
    other = (written.options[1], written.options[0], written.options[2])
    assert entry(replace(one, authored=replace(written, options=other))) != entry(one)
    assert entry(replace(one, authored=replace(written, options=(*written.options, Option("four"))))) != entry(one)


def test_writing_is_refused_where_a_question_changed_and_else_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "digests.txt"
    monkeypatch.setattr(digests, "FILE", file)
    monkeypatch.setattr("sys.argv", ["digests"])
    monkeypatch.setattr(digests, "digests", lambda _bank: {"a.b": Entry(2, {1: "11", 2: "22", 3: "33"})})
    file.write_text(digests.written({"a.b": Entry(2, {1: "changed"})}), encoding="utf-8")
    assert digests.main() == 1
    assert "a.b@2/1 gives another question" in capsys.readouterr().err
    assert "changed" in file.read_text(encoding="utf-8")
    file.write_text(digests.written(KEPT), encoding="utf-8")
    assert digests.main() == 0
    assert "3:33" in file.read_text(encoding="utf-8")
