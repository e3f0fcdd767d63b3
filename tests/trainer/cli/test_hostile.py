"""What fuzzing found: each was a traceback once, and is refused now in one line."""

import json

import pytest

from tests.trainer.cli.conftest import Osdrill
from tests.trainer.made import review
from trainer.store.rows import digest, plain


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_at_an_end_of_the_calendar_is_refused(osdrill: Osdrill, now: str) -> None:
    done = osdrill("stats", OSDRILL_NOW=now)
    assert done.code == 2
    assert "OSDRILL_NOW: expected an instant" in done.err


BANKER = {"kind": "banker", "available": [1], "allocation": [[0]], "max": [[1]]}


def test_a_measure_of_another_kind_of_scenario_is_refused_by_its_name(osdrill: Osdrill) -> None:
    done = osdrill("sim", "deadlock", "-", "--json", "--ask", "cycle", stdin=json.dumps(BANKER, indent=1))
    assert done.code == 2
    assert done.json["error"]["code"] == "bad-ask"
    assert done.json["error"]["message"] == "'cycle' cannot be asked of this scenario"


def test_a_measure_of_a_name_that_is_not_there_is_refused_with_those_that_are(osdrill: Osdrill) -> None:
    done = osdrill("sim", "scheduler", "-", "--ask", "running-at t=99999999", stdin='{"processes": [{"burst": 3}]}')
    assert done.code == 2
    accesses = {"virtual_bits": 8, "physical_bits": 8, "page_bits": 4, "levels": [4], "accesses": [{"address": 5}]}
    done = osdrill("sim", "translation", "-", "--ask", "walk name=nobody", stdin=json.dumps(accesses, indent=1))
    assert done.code == 2
    assert "name: expected A0, got 'nobody'" in done.err


def signed(kind: str, record: object) -> str:
    return json.dumps({kind: record, "digest": digest(record).hex()})  # type: ignore[arg-type]  # forged


EVENT = {
    "id": "e", "order": 1, "kind": "skip", "review": None, "skill": "a", "at": "2026-11-23T09:00:00.000000Z",
    "offset": 0, "day": 20780,
}  # fmt: skip
FORGED = [
    ("event", {**EVENT, "kind": "sing"}),
    ("event", {**EVENT, "id": ["e"]}),
    ("event", {**EVENT, "kind": "withdraw"}),
    ("event", {**EVENT, "review": "e"}),
    ("event", {**EVENT, "order": 2**63}),
    ("event", {**EVENT, "at": "yesterday"}),
    *(
        ("review", {**plain(review()), name: value})
        for name, value in [
            ("order", 2**64), ("grade", 5), ("outcome", "splendid"), ("mistakes", "abc"), ("mistakes", [1]),
            ("day", 10**9), ("at", "2026-11-23"), ("predicted", float("nan")), ("level", True), ("text", "\ud800"),
        ]
    ),
    ("setting", {"name": ["goal"], "value": {}}),
    ("setting", {"name": "goal", "value": {"day": "soon", "topics": [], "retention": 0.9}}),
    ("setting", {"name": "goal", "value": {"day": 10**9, "topics": [], "retention": 0.9}}),
    ("setting", {"name": "memory", "value": {"parameters": [1.0]}}),
    ("setting", {"name": "memory", "value": {"parameters": [1e9] * 21}}),
    ("setting", {"name": "memory", "value": [1]}),
    ("setting", {"name": "colour", "value": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "record"), FORGED)
def test_a_line_that_was_forged_is_refused_and_the_history_still_opens(
    osdrill: Osdrill, kind: str, record: object
) -> None:
    lines = [signed("review", {**plain(review()), "id": "good"}), signed(kind, record)]
    done = osdrill("db", "import", "-", "--json", stdin="\n".join(lines))
    assert (done.code, done.json["new"], len(done.json["refused"])) == (2, 1, 1), done.err
    assert osdrill("stats", "--json").code == 0


def test_an_answer_that_holds_another_alphabets_line_ends_comes_back(osdrill: Osdrill) -> None:
    text = "one\u2028two\x85three\x0cfour"
    line = json.dumps(
        {"review": (made := {**plain(review()), "response": text}), "digest": digest(made).hex()}, ensure_ascii=False
    )
    done = osdrill("db", "import", "-", "--json", stdin=line)
    assert (done.code, done.json["new"]) == (0, 1)
    assert osdrill("db", "import", "-", "--json", stdin=osdrill("db", "export", "-").out).json["known"] == 1
