"""Does a drawing keep to its frame, however narrow, and say everything when it cannot be a table?"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sims.declare import Example
from sims.fields import plain
from sims.listed import MODULES, simulator
from trainer.view.drawing import Frame, grid, paragraph, text_of, width_of
from trainer.view.listed import drawn, view

HEAD = ("thread", "core", "switch at", "to")
ROWS = [(1, 0, 10, 20), (2, 1, 10, 25)]


def test_a_table_that_fits_exactly_is_a_table() -> None:
    exact = width_of(grid(HEAD, ROWS, Frame()))
    assert text_of(grid(HEAD, ROWS, Frame(width=exact))).startswith("  thread  core")
    assert text_of(grid(HEAD, ROWS, Frame(width=exact - 1))).startswith("thread 1: core 0, switch at")


def test_spare_columns_are_left_out_only_where_there_is_no_room_and_that_helps() -> None:
    exact = width_of(grid(HEAD, ROWS, Frame()))
    assert "switch at" in text_of(grid(HEAD, ROWS, Frame(width=exact), spare=("switch at", "core")))
    assert text_of(grid(HEAD, ROWS, Frame(width=exact - 1), spare=("switch at", "core"))).splitlines() == [
        "  thread  core  to",
        "  1          0  20",
        "  2          1  25",
    ]
    assert "switch at 10" in text_of(grid(HEAD, ROWS, Frame(width=8), spare=("switch at", "core"))).replace("\n", " ")
    assert "switch at 10" in text_of(grid(HEAD, ROWS, Frame(width=20, plain=True), spare=("switch at",)))


def test_the_marked_row_stays_marked_where_a_column_is_left_out() -> None:
    lines = text_of(grid(HEAD, ROWS, Frame(width=20), mark=1, spare=("switch at", "core"))).splitlines()
    assert [line[0] for line in lines] == [" ", " ", "▸"]


def long_names(value: Any, names: dict[str, str]) -> Any:
    """The same scenario with names of sixteen characters."""
    if isinstance(value, dict):
        return {key: long_names(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [long_names(item, names) for item in value]
    return " ".join(names.get(word, word) for word in value.split(" ")) if isinstance(value, str) else value


def named(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield item["name"]
        yield from named(item)


EXAMPLES = [(name, example) for name in MODULES for example in simulator(name).examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}-{example.name}" for name, example in EXAMPLES])
def test_every_example_fits_at_80_40_and_30_columns_with_long_names_too(name: str, example: Example) -> None:
    declared = simulator(name)
    raw = json.loads(json.dumps(plain(declared.scenario(example.scenario))))
    names = {short: f"{short}-is-a-long-name"[:15] + chr(97 + at) for at, short in enumerate(dict.fromkeys(named(raw)))}
    for scenario in (raw, long_names(raw, names)):
        trace = declared.run(declared.scenario(scenario))
        for width in (80, 40, 30):
            for frame in (Frame(width), Frame(width, ascii=True), Frame(width, plain=True)):
                given = view(name).given(trace.scenario, frame, frozenset())
                picture = drawn(name, trace, frame)
                assert width_of(given) <= width, text_of(given)
                assert width_of(picture) <= width, text_of(picture)
                assert not frame.ascii or (text_of(given) + text_of(picture)).isascii()


def test_an_id_is_not_broken_at_its_hyphens() -> None:
    told = paragraph("8 0 7: if you stop counting at the first run (waiting-from-first-run)", Frame(40))
    assert text_of(told).split("\n") == ["8 0 7: if you stop counting at the first", "run (waiting-from-first-run)"]
