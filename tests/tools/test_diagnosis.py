"""The tables of docs/diagnosis.md are what was measured, weighed by questions."""

import datetime as dt
from typing import Any

from tools import diagnosis


def proof(**given: Any) -> dict[str, Any]:
    """Ten questions of a skill, of which half show every mistake."""
    return {
        "skill": "a", "level": 1, "seeds": 10, "drawn": 10, "kind": "number", "form": "forward", "separated": 0.5, "diagnoses": 0.9,
        "pairs": {"x y": 1.0, "x z": 0.0}, "tries": [1, 7], "at_once": 0.6, "guess": 0.2, "misread": 0.4,
        "misread_as_two": None, "ms": 2.0, **given,
    }  # fmt: skip


def test_rates_are_weighed_by_the_questions_drawn() -> None:
    two = [proof(), proof(drawn=30, separated=1.0, tries=[3, 9], misread=None, pairs={})]
    assert diagnosis.row(two) == ("2", "40", "90.0%", "87.5%", "50.0%", "60.0%", "2, 9", "20.0%", "40.0%", "–")


def test_pairs_never_apart_and_authored_skills_are_told_and_left_out() -> None:
    report = {"proofs": [proof(), proof(form="", kind="choice")], "problems": [{"code": "mistake-right"}]}
    text = diagnosis.tables(report, 10, 1, dt.date(2026, 11, 30))
    assert "Measured on 2026-11-30 by `make diagnosis`: 10 seeds a level" in text
    assert "1 simulated skills at 1 levels, 10 questions" in text
    assert "in an instance that was kept: 1 skills" in text
    assert "no instance of a level tells apart: 1 of 2." in text
    assert "choice" not in text


def test_the_page_has_the_place_for_them() -> None:
    text = diagnosis.FILE.read_text(encoding="utf-8")
    assert text.index(diagnosis.BEGIN) < text.index(diagnosis.END)
    assert f"| {' | '.join(('answer', *diagnosis.HEAD))} |" in text, "run `make diagnosis`"
