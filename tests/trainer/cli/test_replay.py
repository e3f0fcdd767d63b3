"""Any question of the past is shown exactly as it was, also after its skill was revised or removed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trainer.cli.conftest import Osdrill

# The queue of Silberschatz 11.2, head at 53: SCAN towards 0 moves 53 down and 183 up, 236; by LOOK 39 and 169 are 208.
SKILL = """\
skills:
  - id: arms.scan
    revision: {revision}
    concept: arms
    title: {title}
    simulate: disk
    scenario:
      {{policy: scan, cylinders: 200, head: {head}, direction: down, requests: [98, 183, 37, 122, 14, 124, 65, 67]}}
    ask: movement
    mistakes: [turns-at-last-request]
    text: The arm stands at {{head}} and serves these requests by SCAN.
    sources: [silberschatz-10 11.2]
"""
NAME = "arms.scan@1/1#7"
Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(revision, head): the pack as it is now; write(): without the skill."""
    folder = tmp_path / "pack"
    (folder / "arms").mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: arms\ntitle: Arms\nformat: 1\nlicense: MIT\ntopics: {arms: Arms}\n")
    (folder / "arms" / "arms.md").write_text("---\nid: arms\ntitle: The arm of a disk\n---\nThe arm moves.\n")

    def call(revision: int = 0, head: int = 53, title: str = "The arm") -> None:
        text = SKILL.format(revision=revision, head=head, title=title) if revision else "skills: []\n"
        (folder / "arms" / "scan.yaml").write_text(text)

    return call


@pytest.fixture
def answered(osdrill: Osdrill, write: Write, tmp_path: Path) -> Osdrill:
    """osdrill with the pack, and one wrong answer given under revision 1."""

    def call(*arguments: str, **more: str) -> object:
        return osdrill(
            *arguments, OSDRILL_PACKS=str(tmp_path / "pack"), OSDRILL_NOW="2026-11-23T09:00:00+01:00", **more
        )

    write(revision=1)
    assert call("grade", NAME, "208", "--record", "--took-ms", "9000").code == 0  # type: ignore[attr-defined]
    return call  # type: ignore[return-value]


@pytest.mark.rule
@pytest.mark.parametrize("change", [{"revision": 2, "head": 100, "title": "Another arm"}, {}], ids=["revised", "gone"])
def test_a_past_question_is_replayed_as_it_was(answered: Osdrill, write: Write, change: dict[str, object]) -> None:
    before = answered("replay", NAME).out
    write(**change)
    replayed = answered("replay", NAME)
    assert replayed.code == 0, replayed.err
    requests = "98 183 37 122 14 124 65 67"
    for said in ("The arm stands at 53 and serves", requests, "Answer: 236", "2026-11-23: 208 (wrong, 9 s)"):
        assert said in before, said
        assert said in replayed.out, said
    drawing = next(row for row in before.splitlines() if row.startswith("  serve   177"))
    assert drawing in replayed.out.splitlines(), "the trace is drawn from the scenario that the history keeps"
    as_json = answered("replay", NAME, "--json").json
    assert (as_json["answer"], as_json["response"], as_json["mistakes"]) == ("236", "208", ["turns-at-last-request"])
    assert "stands at 53" in as_json["text"]


@pytest.mark.rule
def test_the_history_of_a_skill_that_is_gone_can_still_be_read(answered: Osdrill, write: Write) -> None:
    write()
    assert answered("history", "arms.scan").out == f"2026-11-23  wrong    {NAME}  208  (turns-at-last-request)\n"
    assert answered("stats", "--json").json["answers"] == 1
    assert answered("plan").code == 0


@pytest.mark.rule
def test_what_was_never_answered_and_is_not_in_the_bank_cannot_be_replayed(answered: Osdrill, write: Write) -> None:
    write(revision=2)
    refused = answered("replay", "arms.scan@1/1#8")
    assert refused.code == 2
    assert "neither in the bank as it is now nor in your history" in refused.err
