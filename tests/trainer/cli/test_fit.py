"""osdrill fit, on a history of many answers."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill
from tests.trainer.made import instant, review
from tests.trainer.practice.test_fit import FORGETFUL, learner
from trainer.cli.joined import fold
from trainer.store.store import Store

NOW = "2027-02-20T09:00:00+00:00"
HAS_EXTRA = pytest.mark.skipif(find_spec("fsrs_rs_python") is None, reason="the extra [fit] is not installed")


def lived(home: Path, skills: int) -> None:
    """A history of a forgetful learner in that home."""
    reviews = [
        (day, skill, grade) for skill, history in enumerate(learner(FORGETFUL, skills)) for day, grade in history
    ]
    with Store.open(home / ".local/share/osdrill/history.db", fold({})) as store:
        store.adopt(
            review(
                number, f"disk.skill-{skill}", day, grade=grade, outcome="right" if grade > 1 else "wrong",
                at=instant(day, minute=skill % 60, microsecond=number), order=number,
            )
            for number, (day, skill, grade) in enumerate(sorted(reviews), 1)
        )  # fmt: skip


@HAS_EXTRA
@pytest.mark.rule
def test_a_fit_that_foretells_better_is_kept_and_used_everywhere(osdrill: Osdrill, tmp_path: Path) -> None:
    lived(tmp_path, 60)
    assert "osdrill fit can fit the memory to you" in osdrill("stats", OSDRILL_NOW=NOW).out
    before = osdrill("db", "export").out
    done = osdrill("fit", OSDRILL_NOW=NOW)
    assert (done.code, "lower, so it is kept; 60 cards came out different." in done.out) == (0, True), done
    stats = osdrill("stats", "--json", OSDRILL_NOW=NOW).json["fit"]
    assert (stats["fitted"], stats["offered"]) == (True, False)
    assert osdrill("db", "check").code == 0, "the cards are the fold under the fitted memory"
    lines = [json.loads(line) for line in osdrill("db", "export").out.splitlines()]
    (kept,) = [line["setting"]["value"] for line in lines if "setting" in line]
    assert (len(kept["parameters"]), kept["better"] > 0.03) == (21, True)
    other = str(tmp_path / "other")
    osdrill("db", "import", "-", stdin=osdrill("db", "export").out, HOME=other)
    assert osdrill("db", "check", HOME=other).code == 0, "and on another machine"
    assert osdrill("fit", "--off", "--json").json == {"kept": False, "changed": 60}
    assert (osdrill("db", "export").out, osdrill("db", "check").code) == (before, 0)


@HAS_EXTRA
@pytest.mark.rule
def test_an_answer_after_the_fit_is_folded_under_it(osdrill: Osdrill, tmp_path: Path) -> None:
    lived(tmp_path, 60)
    osdrill("fit", OSDRILL_NOW=NOW)
    name = osdrill("ask", "disk.order", "--seed", "7", "--json").json["name"]
    right = osdrill("show", name, "--json").json["answer"]
    osdrill("grade", name, right, "--record", "--took-ms", "20000", OSDRILL_NOW=NOW)
    assert osdrill("db", "check").code == 0


@pytest.mark.rule
def test_too_few_reviews_are_refused_with_their_number(osdrill: Osdrill, tmp_path: Path) -> None:
    lived(tmp_path, 2)
    (tmp_path / "shim").mkdir()
    (tmp_path / "shim/fsrs_rs_python.py").write_text("")
    refused = osdrill("fit", "--json", PYTHONPATH=f"{Path.cwd()}:{tmp_path / 'shim'}")
    assert (refused.code, refused.json["error"]["code"]) == (2, "too-few")
    assert "needs 64 reviews that count (the first of a skill on a day); there are " in refused.err


@pytest.mark.rule
def test_without_the_extra_it_says_how_to_install_it(osdrill: Osdrill, tmp_path: Path) -> None:
    (tmp_path / "fsrs_rs_python.py").write_text("raise ImportError('not here')\n")
    refused = osdrill("fit", PYTHONPATH=f"{tmp_path}:{Path.cwd()}")
    assert (refused.code, refused.err.count("\n"), "pip install 'osdrill[fit]'" in refused.err) == (2, 1, True)
