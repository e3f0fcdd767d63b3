"""Which wrong number does each mistake give? Worked by hand from the sentence that describes the mistake."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from sims.listed import simulator as listed


class Case(NamedTuple):
    """A question, its right answer, and the answers of those who err."""

    simulator: str
    scenario: Mapping[str, Any]
    measure: str
    right: Any
    wrong: Mapping[str, Any]
    given: Mapping[str, int | str] = {}


# Silberschatz 10.4: FIFO loads 7 0 1, then 12 times a page leaves; six different pages, five hits.
STRING = {"policy": "fifo", "frames": 3, "references": [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]}
BELADY = {"policy": "fifo", "frames": 3, "references": [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]}
# 1w 2w; 3 takes the place of 1 (dirty); 2 is a hit; 4w takes the place of 3 (clean); at the end 2 and 4 are dirty
WRITES = {"policy": "lru", "frames": 2, "references": ["1w", "2w", 3, 2, "4w", "4w"]}

PAGING = [
    Case("paging", STRING, "evictions", 12, {"faults-for-evictions": 15}),
    Case("paging", STRING, "faults", 15, {"compulsory-not-counted": 9, "replacements-for-faults": 12}),
    Case(
        "paging", STRING, "hit-rate", Fraction(1, 4),
        {"fault-rate-for-hit-rate": Fraction(3, 4), "hit-rate-wrong-total": Fraction(1, 3),
         "rate-without-compulsory": Fraction(5, 14)},
    ),
    Case("paging", STRING, "compulsory-faults", 6, {"evictions-for-compulsory": 12, "frames-for-compulsory": 3}),
    Case("paging", STRING, "victims", (7, 0, 1, 2, 3, 0, 4, 2, 3, 0, 1, 2),
         {"loaded-for-victims": (2, 3, 0, 4, 2, 3, 0, 1, 2, 7, 0, 1)}),
    Case("paging", BELADY, "faults-by-frames", (9, 10), {"more-frames-never-hurt": (9, 9)}, {"from": 3, "to": 4}),
    Case("paging", BELADY, "faults-by-frames", (12, 9, 10, 5), {"more-frames-never-hurt": (12, 9, 9, 5)},
         {"from": 2, "to": 5}),
    Case(
        "paging", {"policy": "fifo", "frames": 2, "references": [1, 2, 1, 3, 2]}, "frames-after",
        ((1, "-"), (1, 2), (1, 2), (3, 2), (3, 2)),
        {"frames-as-queue": ((1, "-"), (2, 1), (2, 1), (3, 2), (3, 2))},
    ),
    Case("paging", WRITES, "write-backs", 1,
         {"every-write-goes-back": 4, "every-victim-goes-back": 2, "dirty-at-end-counted": 3}),
    Case(  # 3 takes the place of 1 under both; then LRU, which saw the hit, would let 3 go, and FIFO 2
        "paging", {"policy": "lru", "frames": 2, "references": [1, 2, 3, 2, 4]}, "parting", 5,
        {"parting-at-first-eviction": 3, "parting-at-first-hit": 4},
    ),
]  # fmt: skip

# 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1; the first uses are 1st, 2nd, 3rd, 4th, 6th and 8th
MARKS = "MMMMHMMMMMMHHMMHHMMM"
PAGING += [
    Case("paging", STRING, "hit-string", MARKS,
         {"compulsory-not-counted": "HHHHHHMHMMMHHMMHHMMM", "replacements-for-faults": "HHHMHMMMMMMHHMMHHMMM"}),
    Case("paging", STRING, "hits", 5, {"compulsory-not-counted": 11, "replacements-for-faults": 8}),
    Case("paging", STRING, "hit-rate", Fraction(1, 4),
         {"compulsory-not-counted": Fraction(11, 20), "replacements-for-faults": Fraction(2, 5)}),
    Case("paging", BELADY, "faults-by-frames", (9, 10),
         {"compulsory-not-counted": (4, 5), "replacements-for-faults": (6, 6)}, {"from": 3, "to": 4}),
]  # fmt: skip

# A computes 0–2; B, there since 1, computes 2–5, waits 5–7, computes 7–8
TWO = {"model": "blocking", "requests": [{"name": "A", "segments": [2]},
                                         {"name": "B", "arrival": 1, "segments": [3, 2, 1]}]}  # fmt: skip
FOUR = {"model": "pool", "requests": [{"name": f"R{n}", "segments": [1, 1, 1]} for n in range(4)]}
SERVER = [
    Case("io", TWO, "latency", {"A": 2, "B": 7},
         {"queueing-forgotten": {"A": 2, "B": 6}, "completion-for-latency": {"A": 2, "B": 8},
          "latency-to-first-run": {"A": 0, "B": 1}}),
    Case("io", TWO, "average-latency", Fraction(9, 2),
         {"queueing-forgotten": 4, "completion-for-latency": 5, "latency-to-first-run": Fraction(1, 2)}),
    Case("io", TWO, "p95-latency", 7, {"queueing-forgotten": 6, "completion-for-latency": 8, "p95-rank-cut": 2}),
    # twenty requests of 1 to 20 ticks, one after the other: the 19th is done after 1 + 2 + … + 19
    Case("io", {"model": "blocking", "requests": [{"name": f"R{n}", "segments": [n]} for n in range(1, 21)]},
         "p95-latency", 190, {"queueing-forgotten": 19, "completion-for-latency": 190, "p95-rank-cut": 190}),
    Case("io", FOUR, "makespan-by-threads", (12, 8, 9, 8),
         {"more-threads-never-slower": (12, 8, 8, 8), "work-divided-by-threads": (12, 6, 4, 3), "threads-speed-up-the-pool": (12, 6, 6, 3)}, {"from": 1, "to": 4}),
    Case("io", FOUR, "makespan-by-threads", (8, 9), {"work-divided-by-threads": (6, 4), "threads-speed-up-the-pool": (6, 6)}, {"from": 2, "to": 3}),
]  # fmt: skip

ONE_FRAME = {"frames": 1, "processes": [{"name": "P1", "references": [1, 1, 2, 1]}]}
WALKED = {"frames": 9, "window": 3, "processes": [{"name": "P1", "references": [5, 6, 1, 2, 7]}]}  # at t = 4: 6 1 2
MODEL = {"kind": "model", "waiting": "4/5", "processes": 4}
THRASHING = [
    Case(
        "thrashing", WALKED, "working-set", {6, 1, 2},
        {"whole-address-space": {5, 6, 1, 2, 7}, "all-pages-so-far": {5, 6, 1, 2}, "window-one-short": {1, 2},
         "window-before-t": {5, 6, 1}},
        {"process": "P1", "t": 4},
    ),
    Case("thrashing", ONE_FRAME, "fault-rate", Fraction(3, 4),
         {"only-first-uses-fault": Fraction(1, 2), "hit-rate-for-fault-rate": Fraction(1, 4)}),
    Case("thrashing", MODEL, "ideal-utilisation", Fraction(369, 625), {"busy-all-at-once": Fraction(624, 625)}),
]  # fmt: skip

TLB = {"entries": 2, "policy": "lru"}
PAGED = {
    "virtual_bits": 10, "physical_bits": 10, "page_bits": 4, "levels": [3, 3], "entry_bytes": 8, "tlb": TLB,
    "tables": [{"vpn": 0b100110, "frame": 5}],
    "accesses": [{"name": f"A{n}", "address": 0b1001101011} for n in (1, 2, 3)],
}  # fmt: skip
TRANSLATION = [
    Case("translation", PAGED, "linear-table-bytes", 512, {"entries-for-bytes": 64, "offset-for-page-number": 128}),
    Case("translation", PAGED, "hit-rate", Fraction(2, 3),
         {"hits-over-misses": 2, "miss-rate-for-hit-rate": Fraction(1, 3)}),
    Case("translation", PAGED, "reach", 32, {"reach-in-entries": 2, "reach-of-entries": 16}),
    Case(  # 100 110 1011: what is left after 100 is 110 1011, after 110 it is 1011
        "translation", PAGED, "walk", (("level-1", 4, "0x6b"), ("level-2", 6, "0xb")),
        {"offset-left-out": (("level-1", 4, "0x6"), ("level-2", 6, "0x0")), "index-from-wrong-end": (("level-1", 6, "0x6b"), ("level-2", 4, "0xb"))},
        {"name": "A1"},
    ),
    Case("translation", PAGED, "indices", ((4, 6), (4, 6), (4, 6)), {"index-from-wrong-end": ((6, 4), (6, 4), (6, 4))}),
]  # fmt: skip

# Quantum 2: P0 ends with its quantum at 2; P1 is preempted at 4; P2, there since 1, runs 4 to 5; P1 ends at 6.
SLICES = {
    "policy": "rr", "quantum": 2,
    "processes": [{"name": "P0", "burst": 2}, {"name": "P1", "burst": 3}, {"name": "P2", "arrival": 1, "burst": 1}],
}  # fmt: skip
SCHEDULER = [
    Case(
        "scheduler", SLICES, "first-preemption", 2,
        {"end-for-preemption": 1, "full-quantum-for-preemption": 1, "arrival-for-preemption": 1},
    )
]  # fmt: skip

BANKER = {  # Silberschatz 8.6.3.3
    "kind": "banker", "available": [3, 3, 2],
    "allocation": [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]],
    "max": [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]],
}  # fmt: skip
DEADLOCK = [
    Case(
        "deadlock", BANKER, "work",
        (("P1", 5, 3, 2), ("P3", 7, 4, 3), ("P0", 7, 5, 3), ("P2", 10, 5, 5), ("P4", 10, 5, 7)),
        {
            "max-given-back": (("P1", 6, 5, 4), ("P2", 15, 5, 6), ("P0", 22, 10, 9), ("P3", 24, 12, 11),
                               ("P4", 28, 15, 14)),
            "goes-on-down-the-list": (("P1", 5, 3, 2), ("P3", 7, 4, 3), ("P4", 7, 4, 5), ("P0", 7, 5, 5),
                                      ("P2", 10, 5, 7)),
        },
    )
]  # fmt: skip

CASES = [*PAGING, *SERVER, *THRASHING, *TRANSLATION, *SCHEDULER, *DEADLOCK]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("simulator", "case"), [pytest.param(one.simulator, one, id=f"{one.simulator}-{one.measure}") for one in CASES]
)
def test_each_mistake_gives_its_number(simulator: str, case: Case) -> None:
    declared = listed(simulator)
    trace, measure = declared.run(declared.scenario(case.scenario)), declared.measure(case.measure)
    assert measure.of(trace, **case.given) == case.right
    for name, value in case.wrong.items():
        assert declared.mistake(name).measures[case.measure](trace, **case.given) == value, name


# ── mistakes that run the same simulator under another rule ──────────────────────────────────────────────────────

INSTEAD = [  # simulator, mistake, the field, where it shows, what it becomes
    ("paging", "fifo-moves-on-hit", "policy", ("fifo",), "lru"),
    ("paging", "lru-by-load-time", "policy", ("lru",), "fifo"),
    ("paging", "opt-looks-back", "policy", ("opt",), "lru"),
    ("paging", "mru-for-lru", "policy", ("lru",), "mru"),
    ("paging", "lru-for-mru", "policy", ("mru",), "lru"),
    ("paging", "lfu-is-lru", "policy", ("lfu",), "lru"),
    ("paging", "clock-is-fifo", "policy", ("clock", "second-chance"), "fifo"),
    ("paging", "clock-is-lru", "policy", ("clock", "second-chance"), "lru"),
    ("paging", "aging-is-lru", "policy", ("aging",), "lru"),
    ("thrashing", "local-for-global", "replacement", ("global-lru",), "local-lru"),
    ("thrashing", "global-for-local", "replacement", ("local-lru",), "global-lru"),
]
BASES = {"paging": STRING, "thrashing": ONE_FRAME}
WORDS = {
    "policy": ("fifo", "lru", "opt", "clock", "second-chance", "lfu", "mru", "nru", "aging"),
    "replacement": ("global-lru", "local-lru", "working-set"),
}


@pytest.mark.rule
@pytest.mark.parametrize(("simulator", "mistake", "field", "where", "other"), INSTEAD, ids=str)
def test_another_policy_stands_in_where_the_mistake_is_made_and_nowhere_else(
    simulator: str, mistake: str, field: str, where: tuple[str, ...], other: str
) -> None:
    declared = listed(simulator)
    rule = declared.mistake(mistake).rule
    assert rule is not None
    for word in WORDS[field]:
        scenario = declared.scenario({**BASES[simulator], field: word})
        assert rule(scenario) == (replace(scenario, **{field: other}) if word in where else scenario), word


@pytest.mark.rule
@pytest.mark.parametrize("simulator", ["paging"])
def test_the_interrupt_comes_one_reference_late_only_where_there_is_one(simulator: str) -> None:
    declared = listed(simulator)
    rule = declared.mistake("interrupt-one-late").rule
    assert rule is not None
    for word in WORDS["policy"]:
        scenario = declared.scenario({**STRING, "policy": word, "reset_every": 5})
        assert rule(scenario).reset_every == (6 if word in ("nru", "aging") else 5), word


@pytest.mark.rule
@pytest.mark.parametrize("simulator", ["threads"])
def test_every_combination_of_final_values_is_more_than_what_can_happen(simulator: str) -> None:
    """Store one's own, then load the other's: of the four combinations 0 and 0 cannot happen."""
    declared = listed(simulator)
    programs = [["store x 1", "load r y", "store a r"], ["store y 1", "load r x", "store b r"]]
    threads = [{"name": f"T{n}", "program": lines} for n, lines in enumerate(programs, 1)]
    raw = {"shared": {"x": 0, "y": 0, "a": 0, "b": 0}, "threads": threads, "observe": ["a", "b"]}
    trace = declared.run(declared.scenario(raw))
    right = declared.measure("final-states").of(trace)
    wrong = declared.mistake("every-combination").measures["final-states"](trace)
    assert len(right) == 3
    assert len(wrong) == 4
    assert set(right) < set(wrong)
