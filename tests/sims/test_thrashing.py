"""Does a run that is short of memory behave as the textbook says, and as a plainer machine does?"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from sims.declare import Invalid, NoAnswer
from sims.fields import make, plain
from sims.thrashing import SIMULATOR, Model, run
from tests.sims.thrashing_cases import LOOP, WORKED, asked, kinds, mistaken, thrashing

# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 10.6.2, figure 10.22; tanenbaum-4 2.1.7, figure 2-6")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_sets_and_shares(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example.get("measures", {}).items():
        assert plain(asked(trace, name)) == expected, name
    for ask in example.get("ask", ()):
        assert sorted(asked(trace, "working-set", process=ask["process"], t=ask["t"])) == ask["working-set"]


@pytest.mark.textbook("silberschatz-10 10.6.1, figure 10.20")
def test_utilisation_rises_to_a_knee_and_then_falls_steeply() -> None:
    """The figure's shape, on loops of three pages in nine frames: three fit, four do not."""
    by_degree = list(asked(thrashing(*[LOOP] * 6, frames=9, fault_time=6), "cpu-utilisation").values())
    assert by_degree[0] < by_degree[1] < by_degree[2]
    assert all(share < by_degree[2] / 4 for share in by_degree[3:])


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_window_counts_references_and_holds_reference_t() -> None:
    trace = thrashing([1, 2, 1, 1, 3], window=3)
    sets = [sorted(asked(trace, "working-set", process="P0", t=t)) for t in (1, 2, 3, 4, 5)]
    assert sets == [[1], [1, 2], [1, 2], [1, 2], [1, 3]]
    assert sorted(mistaken("window-of-pages", trace, "working-set", process="P0", t=5)) == [1, 2, 3]
    assert sorted(mistaken("window-before-t", trace, "working-set", process="P0", t=5)) == [1, 2]
    assert sorted(mistaken("window-one-short", trace, "working-set", process="P0", t=4)) == [1]
    assert sorted(mistaken("all-pages-so-far", trace, "working-set", process="P0", t=2)) == [1, 2]
    assert sorted(mistaken("whole-address-space", trace, "working-set", process="P0", t=1)) == [1, 2, 3]
    for t in (0, 6):
        with pytest.raises(NoAnswer):
            asked(trace, "working-set", process="P0", t=t)


@pytest.mark.rule
def test_a_fault_takes_no_core_time_and_the_core_runs_the_others_meanwhile() -> None:
    trace = thrashing([0], [1, 1])
    assert kinds(trace, "fault", "load", "use") == [
        ("fault", 0, "P0", 0),
        ("load", 0, "P0", 0),
        ("fault", 0, "P1", 1),
        ("load", 5, "P1", 1),
        ("use", 5, "P0", 0),
        ("use", 10, "P1", 1),
        ("use", 11, "P1", 1),
    ]
    assert asked(trace, "cpu-utilisation")["2"] == Fraction(3, 12)
    assert mistaken("fault-holds-core", trace, "cpu-utilisation")["2"] == Fraction(3, 3 + 2 * 5)


@pytest.mark.rule
def test_the_core_takes_the_ready_in_turn_one_reference_each() -> None:
    trace = thrashing([0, 0, 0], [1, 1, 1], fault_time=1)
    assert [event.process for event in trace.events if event.kind == "use"] == ["P0", "P1"] * 3


@pytest.mark.rule
def test_a_page_that_comes_is_queued_before_a_reference_that_ends_at_the_same_instant() -> None:
    """P1's page comes at 10. P0 has used its page from 5 on, and ends a reference at 10: P1 goes first."""
    trace = thrashing([0] * 7, [1])
    at_ten = [event.process for event in trace.events if event.kind == "use" and event.start in (10, 11)]
    assert at_ten == ["P1", "P0"]


@pytest.mark.rule
def test_global_lru_takes_a_page_of_any_process_local_lru_only_its_own() -> None:
    strings = ([0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3])
    both = {"frames": 3, "fault_time": 2}
    assert all(len(event.left) == 0 or event.left[0][0] == "P1" for event in thrashing(*strings, **both).events)
    local = thrashing(*strings, **both, replacement="local-lru")
    assert [event.left for event in local.events if event.left] == [(("P1", 1),), (("P1", 2),)]


@pytest.mark.rule
def test_local_lru_gives_one_frame_more_to_the_first_listed() -> None:
    """Eight frames for three: 3 3 2. A loop of three fits into the first two shares, not into the last."""
    trace = thrashing(*[{"phases": [{"pages": 3, "references": 9}]}] * 3, frames=8, replacement="local-lru")
    faults = [
        sum(event.kind == "fault" and event.process == name for event in trace.events) for name in ("P0", "P1", "P2")
    ]
    assert faults == [3, 3, 9]


@pytest.mark.rule
def test_under_working_set_a_page_leaves_with_the_window() -> None:
    trace = thrashing([0, 1, 1, 0], window=2, replacement="working-set")
    assert [event.left for event in trace.events if event.kind == "release"] == [(("P0", 0),)]
    assert [event.page for event in trace.events if event.kind == "fault"] == [0, 1, 0]


@pytest.mark.rule
def test_the_last_admitted_is_suspended_first_and_resumed_when_its_set_fits() -> None:
    loop = {"phases": [{"pages": 2, "references": 8}]}
    trace = thrashing(*[loop] * 3, frames=4, window=4, replacement="working-set")
    assert asked(trace, "suspended") == {"P2"}
    order = [(event.kind, event.process) for event in trace.events if event.kind in ("suspend", "resume", "exit")]
    assert order == [("suspend", "P2"), ("exit", "P0"), ("resume", "P2"), ("exit", "P1"), ("exit", "P2")]


@pytest.mark.rule
def test_the_suspended_are_resumed_in_the_order_of_admission() -> None:
    loop = {"phases": [{"pages": 2, "references": 8}]}
    trace = thrashing(*[loop] * 4, frames=4, window=4, replacement="working-set")
    order = [(event.kind, event.process) for event in trace.events if event.kind in ("suspend", "resume")]
    assert order == [("suspend", "P3"), ("suspend", "P2"), ("resume", "P2"), ("resume", "P3")]


@pytest.mark.rule
def test_a_process_that_is_alone_and_does_not_fit_replaces_its_own_pages() -> None:
    trace = thrashing([0, 1, 2, 0], frames=2, window=4, replacement="working-set")
    assert [event.left for event in trace.events if event.left] == [(("P0", 0),), (("P0", 1),)]
    assert asked(trace, "suspended") == frozenset()


@pytest.mark.rule
def test_swap_traffic_counts_pages_in_and_pages_out_but_not_those_of_a_process_that_ends() -> None:
    trace = thrashing([0, 1, 2], frames=2)
    assert asked(trace, "swap-traffic") == 3 + 1
    assert mistaken("pages-in-only", trace, "swap-traffic") == 3
    assert mistaken("every-load-evicts", trace, "swap-traffic") == 6


@pytest.mark.rule
def test_the_knee_is_the_smallest_degree_with_the_highest_utilisation() -> None:
    trace = thrashing(*[LOOP] * 5, frames=9, fault_time=6)
    assert asked(trace, "knee") == 3
    assert mistaken("utilisation-always-grows", trace, "knee") == 5
    grown = mistaken("utilisation-always-grows", trace, "cpu-utilisation")
    assert grown["5"] == grown["3"] == asked(trace, "cpu-utilisation")["3"]


@pytest.mark.rule
def test_a_faster_core_hardly_helps_who_thrashes() -> None:
    """One process that faults at each of 60 references: 60 × (1 + 6) ticks against 60 × (½ + 6)."""
    trace = thrashing(LOOP, frames=2, fault_time=6)
    assert asked(trace, "core-speedup") == Fraction(14, 13)
    assert mistaken("faster-core-cures", trace, "core-speedup") == 2


@pytest.mark.rule
def test_the_slowest_paging_device_can_be_asked_too() -> None:
    """One reference, one fault of a million ticks: 1,000,001 ticks against 1,000,000½."""
    trace = thrashing([0], fault_time=1_000_000)
    assert asked(trace, "core-speedup") == Fraction(2_000_002, 2_000_001)


@pytest.mark.rule
def test_the_model_raises_waiting_to_the_number_of_processes() -> None:
    trace = run(make(Model, {"waiting": "0.5", "processes": 3}))
    assert asked(trace, "ideal-utilisation") == Fraction(7, 8)
    assert mistaken("utilisations-added", trace, "ideal-utilisation") == 1
    assert mistaken("idle-for-busy", trace, "ideal-utilisation") == Fraction(1, 8)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    for raw, where in (
        ({"frames": 0, "processes": [[0]]}, "frames"),
        ({"frames": 1, "processes": [[0], [1]], "replacement": "local-lru"}, "frames"),
        ({"frames": 2, "processes": [[0]], "degree": [1, 2]}, "degree"),
        ({"frames": 2, "processes": [{"name": "A"}]}, "processes.0.references"),
        ({"frames": 2, "processes": [[-1]]}, "processes.0.references.0"),
        ({"frames": 2, "processes": [[0]], "window": 0}, "window"),
        ({"waiting": 2, "processes": 1}, "waiting"),
    ):
        with pytest.raises(Invalid) as caught:
            SIMULATOR.scenario(raw)
        assert [fault.where for fault in caught.value.faults] == [where]
