"""What a learner says of a question is kept on this machine, and listed for whoever writes the questions."""

import json
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill
from trainer.store.reports import Report, keep, kept

ONE = Report("rr.waiting@1/1#7", {"quantum": 2}, "7 5 5", "7 5 4", "two ties", "2026-11-23T08:00:00.000000Z")


def test_a_report_is_kept_whole_and_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "data" / "reports.jsonl"
    assert kept(path) == []
    keep(path, ONE)
    keep(path, ONE._replace(says=""))
    with path.open("ab") as file:
        file.write(b'{"name": "rr.wai\n[1]\n\xff\n')
    keep(path, ONE)
    assert kept(path) == [ONE, ONE._replace(says=""), ONE]


def test_f_in_a_session_writes_one_and_reports_lists_it(osdrill: Osdrill, tmp_path: Path) -> None:
    done = osdrill("quiz", "storage", "--count", "1", "--seed", "4", stdin=":f the head is drawn twice\n:q\n")
    assert "Kept on this machine: " in done.out
    (report,) = osdrill("reports", "--json").json
    assert set(report) == {"name", "scenario", "answer", "right", "says", "at"}
    assert report["says"] == "the head is drawn twice"
    listed = osdrill("reports").out
    assert report["name"] in listed
    assert "the head is drawn twice" in listed
    assert osdrill("replay", report["name"]).code == 0
    (line,) = (tmp_path / ".local/share/osdrill/reports.jsonl").read_text().splitlines()
    assert json.loads(line) == report


def test_no_reports_is_said_and_is_fine(osdrill: Osdrill) -> None:
    assert (osdrill("reports").code, osdrill("reports").out) == (0, "no reports\n")
    assert osdrill("reports", "--json").json == []


def test_where_nothing_can_be_written_it_is_said(osdrill: Osdrill, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = osdrill("quiz", "storage", "--count", "1", stdin=":f odd\n", XDG_DATA_HOME=str(blocked))
    assert "The report could not be kept" in done.out


def test_unexplained_lists_wrong_answers_that_fit_nothing_by_skill(osdrill: Osdrill) -> None:
    name = osdrill("ask", "disk.movement", "--seed", "3", "--json").json["name"]
    mistake = next(iter(osdrill("show", name, "--json").json["mistakes"].values()))
    for response in ("99999", "99999", "88888", mistake):
        osdrill("grade", name, response, "--record", "--took-ms", "9000")
    (row,) = osdrill("stats", "--unexplained", "--json").json
    assert (row["skill"], row["unexplained"], row["wrong"]) == ("disk.movement", 3, 4)
    assert row["examples"][0]["name"] == name
    assert (row["examples"][0]["response"], row["examples"][0]["times"]) == ("99999", 2)
    assert name in osdrill("stats", "--unexplained").out


@pytest.mark.rule
def test_without_answers_nothing_is_unexplained(osdrill: Osdrill) -> None:
    assert osdrill("stats", "--unexplained", "--json").json == []
