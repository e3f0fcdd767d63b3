"""Is there a source for what a simulator gives, and is it one of the pack's?"""

import re
from pathlib import Path

import pytest

from sims.listed import MODULES, simulator
from trainer.author.manual import manual

PACK = Path(__file__).parents[2] / "content" / "sources.yaml"
KNOWN = set(re.findall(r"^([a-z0-9-]+):", PACK.read_text(encoding="utf-8"), re.MULTILINE))
OUR_OWN = {
    ("paging", "parting"),
    ("thrashing", "core-speedup"),
    ("deadlock", "fewest-units"),
    ("deadlock", "most-processes"),
}


@pytest.mark.parametrize("name", MODULES)
def test_every_measure_names_a_source_of_the_pack_or_is_our_own(name: str) -> None:
    for measure in simulator(name).measures:
        first = measure.source.split(" ")[0].rstrip(";,")
        assert (name, measure.name) in OUR_OWN if not first else first in KNOWN, (measure.name, measure.source)


def test_a_mistake_says_where_the_right_way_stands() -> None:
    page = " ".join(manual(simulator("paging")).split())
    assert "hits over all references, hits and faults together. (a measure; for hit-rate) [ostep 22]" in page
