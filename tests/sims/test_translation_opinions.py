"""Does a plainer machine translate alike?"""

from typing import Any

import pytest
from hypothesis import given

from sims.translation import Paged, run
from tests.sims.translation_cases import scenarios


def plainer(scenario: Paged) -> list[tuple[int | str, str, int]]:
    """(physical address or fault, TLB, memory accesses) of each access: tables as nested dicts, the TLB as a list."""
    roots: dict[int, dict[str, Any]] = {}
    for entry in scenario.tables:
        bits = f"{entry.vpn:0{sum(scenario.levels)}b}"
        table = roots.setdefault(entry.space, {})
        for width in scenario.levels[:-1]:
            table, bits = table.setdefault(bits[:width], {}), bits[width:]
        table[bits] = entry
    held: list[tuple[int, int, Any]] = []  # (space, vpn, entry), the one to leave first
    told: list[tuple[int | str, str, int]] = []
    before = None
    for access in scenario.accesses:
        tlb = scenario.tlb
        if tlb and not tlb.tagged and before not in (None, access.space):
            held = []
        before = access.space
        if access.address >= 2**scenario.virtual_bits:
            told.append(("non-canonical", "", 0))
            continue
        text = f"{access.address:0{scenario.virtual_bits}b}"
        vpn = int(text[: -scenario.page_bits], 2)
        found = next((one for one in held if one[:2] == (access.space, vpn)), None)
        reads, node = 0, found[2] if found else roots.get(access.space, {})
        rest = text
        for width in () if found else scenario.levels:
            reads += 1
            node, rest = node.get(rest[:width]), rest[width:]
            if node is None:
                break
        if node is None or node.frame is None:
            result: int | str = "not-present"
        elif {"read": "r", "write": "w", "execute": "x"}[access.kind] not in node.flags or (
            access.mode == "user" and "u" not in node.flags
        ):
            result = "protection"
        else:
            result = int(f"{node.frame:b}" + text[-scenario.page_bits :], 2)
        if tlb and found and tlb.policy == "lru":
            held = [one for one in held if one is not found] + [found]
        if tlb and not found and not isinstance(result, str):
            sets = tlb.entries // (tlb.ways or tlb.entries)
            rivals = [one for one in held if one[1] % sets == vpn % sets]
            if len(rivals) == (tlb.ways or tlb.entries):
                held.remove(rivals[0])
            held.append((access.space, vpn, node))
        told.append((result, "" if not tlb else "hit" if found else "miss", reads + (not isinstance(result, str))))
    return told


@pytest.mark.opinion("oracle from the definition")
@given(scenarios())
def test_a_plainer_machine_translates_alike(scenario: Paged) -> None:
    trace = run(scenario)
    ours = [
        (event.result if event.physical is None else event.physical, event.tlb, event.walked + event.data)
        for event in trace.accesses
    ]
    assert ours == plainer(scenario)
