"""Are the sentences, the draws and the answers of the mistaken right where numbers meet? Each case worked by hand."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.deadlock import SIMULATOR, reduction, run, victims
from sims.deadlock.reduction import deadlocked, sequences, waiting
from sims.declare import Invalid, Limit, NoAnswer
from tests.sims.deadlock_cases import BOOK, accepts, ask, drawn, make, mistaken, seeded
from tests.sims.worded import steps, told

# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


def example(name: str) -> dict[str, Any]:
    return dict(next(one for one in SIMULATOR.examples if one.name == name).scenario)


@pytest.mark.textbook("silberschatz-10 8.6.3.3 and 8.7.2; the tables of data/deadlock")
def test_the_examples_are_the_books_tables() -> None:
    assert SIMULATOR.scenario(example("silberschatz")) == SIMULATOR.scenario(BOOK)
    asked = {**BOOK, "request": {"process": "P1", "amounts": [1, 0, 2]}}
    assert SIMULATOR.scenario(example("request")) == SIMULATOR.scenario(asked)
    found = SIMULATOR.scenario(example("detection"))
    # A 7, B 2, C 6 in all; P2 has asked for one more C
    assert found.allocation == ((0, 1, 0), (2, 0, 0), (3, 0, 3), (2, 1, 1), (0, 0, 2))
    assert found.request == ((0, 0, 0), (2, 0, 2), (0, 0, 1), (1, 0, 0), (0, 0, 2))
    assert ask("deadlocked", found) == {"P1", "P2", "P3", "P4"}


@pytest.mark.rule
def test_the_other_examples_give_what_they_say() -> None:
    answers = {
        ("wait-for", "cycle"): ("T1", "T2", "T3"),
        ("wait-for", "deadlocked"): {"T1", "T2", "T3"},
        ("cycle-without-deadlock", "deadlocked"): set(),
        ("cycle-without-deadlock", "cycle"): ("P1", "R1", "P3", "R2"),
        ("lock-order", "order-violation"): ("A", "B"),
        ("recovery", "cheapest-victims"): {"P2"},
        ("prevention", "coffman"): "circular-wait",
        ("bound", "fewest-units"): 4,
        ("bound", "most-processes"): 3,
    }
    for (name, measure), answer in answers.items():
        assert ask(measure, SIMULATOR.scenario(example(name))) == answer, (name, measure)


# ── sentences ───────────────────────────────────────────────────────────────────────────────────────────────────


def says(scenario: Any) -> list[str]:
    return told("deadlock", run(scenario))


def solved(measure: str, scenario: Any) -> list[str]:
    return steps("deadlock", measure, run(scenario))


@pytest.mark.rule
def test_an_edge_says_who_asks_and_who_holds() -> None:
    graph = make(
        "graph",
        resources=[{"name": "R1", "instances": 1}, {"name": "R2", "instances": 2}],
        processes=[{"name": "P1", "holds": ["R2"], "wants": ["R1"]}, {"name": "P2", "holds": ["R1"]}],
    )
    assert says(graph)[:4] == ["P1 asks for R1.", "R2 is held by P1.", "R1 is held by P2.", "There is no cycle."]
    waits = make("wait-for", threads=[{"name": "A1", "holds": ["L"]}, {"name": "A2", "holds": ["M"], "wants": "L"}])
    assert says(waits)[0] == "A2 waits for L, which A1 holds."
    order = make("lock-order", threads=[{"name": "T", "steps": ["acquire A", "acquire B"]}])
    assert says(order) == ["T acquires B while it holds A.", "There is no cycle."]


@pytest.mark.rule
def test_a_check_says_what_it_compares_with() -> None:
    def request(process: str, *amounts: int) -> list[str]:
        return says(SIMULATOR.scenario({**BOOK, "request": {"process": process, "amounts": list(amounts)}}))

    # P1 needs 1 2 2, P4 needs 4 3 1; 3 3 2 are available
    assert request("P1", 2, 0, 0) == ["P1 asks for (2 0 0), beyond its need (1 2 2): it is refused."]
    assert request("P4", 4, 3, 1) == [
        "P4 asks for (4 3 1), within its need (4 3 1).",
        "P4 asks for (4 3 1), beyond what is available (3 3 2): it must wait.",
    ]
    assert request("P1", 1, 0, 2)[:2] == [
        "P1 asks for (1 0 2), within its need (1 2 2).",
        "P1 asks for (1 0 2), within what is available (3 3 2).",
    ]


LACKING = {"available": [1, 2, 3], "allocation": [[1, 0, 0], [0, 1, 0]], "max": [[3, 2, 2], [1, 4, 4]]}


@pytest.mark.rule
def test_who_is_stuck_lacks_the_types_of_which_it_wants_more_than_is_free() -> None:
    """P0 needs 2 2 2: A only is short. P1 needs 1 3 4: B and C are."""
    sentences = [
        "P0 wants (2 2 2), free are (1 2 3): it lacks A.",
        "P1 wants (1 3 4), free are (1 2 3): it lacks B C.",
    ]
    scenario = make("banker", **LACKING, resources=["A", "B", "C"])
    assert says(scenario) == sentences
    for measure in ("safe", "work"):
        assert solved(measure, scenario)[:2] == sentences
    assert solved("safe", scenario)[-1] == "P0 P1 cannot finish: unsafe."


@pytest.mark.rule
def test_who_finishes_leaves_what_it_held() -> None:
    scenario = make("banker", available=[1, 0], allocation=[[0, 3], [2, 1]], max=[[3, 4], [3, 1]])
    assert says(scenario) == [
        "P1 wants (1 0), free are (1 0): it can finish; then (3 1) are free.",
        "P0 wants (3 1), free are (3 1): it can finish; then (3 4) are free.",
    ]
    assert solved("safe", scenario)[-1] == "All can finish: safe."
    assert solved("safe-sequence", scenario)[-1] == "One safe sequence is P1 P0."
    assert solved("work", scenario)[-1] == "In the end (3 4) is free."


@pytest.mark.rule
def test_safe_sequences_are_counted_by_who_begins() -> None:
    """2 1 are free. P0 wants just these, P1 fewer, P2 one B too many until P0 has given its B back."""
    scenario = make("banker", available=[2, 1], allocation=[[0, 1], [1, 0], [0, 0]], max=[[2, 2], [1, 1], [1, 2]])
    assert solved("safe-sequences", scenario) == [
        "2 begin with P0.",  # P1 P2, P2 P1
        "1 begin with P1.",  # P0 P2
        "Together 3; nobody else fits at the start.",
    ]


@pytest.mark.rule
def test_verdicts_and_the_deadlocked_are_said() -> None:
    for amounts, verdict in (([1, 0, 2], "grant"), ([2, 0, 0], "exceeds-need")):
        asked = SIMULATOR.scenario({**BOOK, "request": {"process": "P1", "amounts": amounts}})
        assert solved("request-verdict", asked)[-1] == f"The verdict is {verdict}."
    stuck = make("detection", available=[0], allocation=[[1], [1], [0]], request=[[1], [1], [1]])
    assert solved("deadlocked", stuck) == [
        "P2 waits too, but holds nothing: it is not part of it.",
        "P0 P1: none can go on.",
    ]
    assert says(stuck)[-1] == "P2 wants (1), free are (0): it lacks A, but it holds nothing that others wait for."
    fine = make("detection", available=[1], allocation=[[1]], request=[[1]])
    assert solved("deadlocked", fine)[-1] == "Everybody who holds can finish."


@pytest.mark.rule
def test_cycles_and_orders_are_said() -> None:
    ring = SIMULATOR.scenario(example("wait-for"))
    assert solved("cycle", ring) == [
        "T1 waits for B, which T2 holds.",
        "T2 waits for C, which T3 holds.",
        "T3 waits for A, which T1 holds.",
        "The cycle is T1 → T2 → T3 → T1.",
    ]
    assert [event.on_cycle for event in run(ring).events[:-1]] == [True, True, True, False]
    orderly = make("lock-order", threads=[{"name": "T", "steps": ["acquire A", "acquire B", "acquire C"]}])
    assert solved("order-violation", orderly) == [
        "T acquires B while it holds A.",
        "T acquires C while it holds A.",
        "T acquires C while it holds B.",
        "One order fits them all: none.",
    ]


@pytest.mark.rule
def test_victims_are_said_with_their_price() -> None:
    scenario = make(
        "recovery", available=[0], allocation=[[1], [1], [2], [0]], request=[[2], [2], [2], [1]], costs=[3, 3, 5, 9]
    )
    lines = solved("cheapest-victims", scenario)
    assert lines[-2] == "The costs: P0 3, P1 3, P2 5."
    assert lines[-1] == "Aborting P2 for 5 frees the rest; nothing cheaper does."
    assert says(scenario)[-1] == "Aborting P2 costs 5 and frees the rest."
    free = make("recovery", available=[1], allocation=[[1]], request=[[1]], costs=[1])
    assert solved("cheapest-victims", free)[-1] == "Nobody needs to be aborted."


# ── where numbers meet ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_table_follows_from_its_rows_only_if_they_are_a_table() -> None:
    trace, follows = run(SIMULATOR.scenario(BOOK)), SIMULATOR.measure("work").follows
    assert follows(trace, ()) == ("P1", 5, 3, 2)
    assert follows(trace, (("P1", 5, 3, 2),)) == ("P3", 7, 4, 3)
    assert follows(trace, (("P1", 9, 9, 9),)) == ("P0", 9, 10, 9)  # by its own numbers: P0 needs 7 4 3
    assert follows(trace, (("P1", 0, 0, 0),)) is None
    for rows in ((("P9", 5, 3, 2),), (("P1", "5", 3, 2),), (("P1", True, 3, 2),)):
        with pytest.raises(NoAnswer):
            follows(trace, rows)


@pytest.mark.rule
def test_the_mistaken_tables_of_the_banker() -> None:
    """One unit is free. P0 needs 3, P1 needs 1 and holds 1, P2 needs 2 and holds 1."""
    scenario = make("banker", available=[1], allocation=[[1], [1], [1]], max=[[4], [2], [3]])
    assert ask("work", scenario) == (("P1", 2), ("P2", 3), ("P0", 4))
    assert mistaken("max-given-back", "work", scenario) == (("P1", 3), ("P0", 7), ("P2", 10))
    ahead = make("banker", available=[1], allocation=[[1], [2], [1]], max=[[4], [3], [4]])
    assert ask("work", ahead) == (("P1", 3), ("P0", 4), ("P2", 5))
    assert mistaken("goes-on-down-the-list", "work", ahead) == (("P1", 3), ("P2", 4), ("P0", 5))


@pytest.mark.rule
def test_waiting_is_wanting_more_than_is_free() -> None:
    scenario = make("detection", available=[1, 1], allocation=[[1, 1], [0, 1]], request=[[1, 1], [1, 2]])
    assert mistaken("waiting-is-deadlocked", "deadlocked", scenario) == {"P1"}
    assert ask("deadlocked", scenario) == set()


@pytest.mark.rule
def test_only_two_locks_in_both_orders_are_a_pair() -> None:
    paths = ["AB", "BC", "CA", "DC", "CD"]
    scenario = make("lock-order", threads=[{"steps": [f"acquire {a}", f"acquire {b}"]} for a, b in paths])
    assert mistaken("pairs-only", "order-violation", scenario) == ("C", "D")


@pytest.mark.law
@given(st.integers(1, 12), st.integers(1, 12), st.integers(2, 6))
def test_a_bound_is_the_pigeonholes(units: int, processes: int, most: int) -> None:
    """Stuck is only: everybody holds one less than its most, and nothing is left."""
    scenario = make("bound", units=units, processes=processes, most=most)
    stuck = units <= processes * (most - 1)
    assert ask("deadlock-free-bound", scenario) is not stuck
    assert ask("most-processes", scenario) == max(n for n in range(units + 1) if n * (most - 1) < units)
    assert ask("fewest-units", scenario) == min(m for m in range(1, 99) if processes * (most - 1) < m)
    full, forgot = ("full-claims-needed", "no-unit-left")
    assert mistaken(full, "deadlock-free-bound", scenario) is (processes * most <= units)
    assert mistaken(forgot, "deadlock-free-bound", scenario) is (processes * (most - 1) <= units)
    assert mistaken(full, "most-processes", scenario) == max(n for n in range(units + 1) if n * most <= units)
    assert mistaken(forgot, "most-processes", scenario) == max(n for n in range(units + 1) if n * (most - 1) <= units)


@pytest.mark.rule
def test_sets_and_victims_are_tried_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes that all fit finish in 3! orders, by way of 2³ sets."""
    free = waiting(make("detection", available=[1], allocation=[[0]] * 3, request=[[0]] * 3))
    monkeypatch.setattr(reduction, "STATES", 8)
    assert sequences(free) == 6
    monkeypatch.setattr(reduction, "STATES", 7)
    with pytest.raises(Limit):
        sequences(free)
    # Cheapest first: nobody, P1 alone is 1, P0 alone 2, then both for 3 — the fourth set.
    both = make("recovery", available=[0], allocation=[[1], [1]], request=[[3], [3]], costs=[2, 1])
    monkeypatch.setattr(victims, "TRIES", 3)
    assert ask("cheapest-victims", both) == {"P0", "P1"}
    monkeypatch.setattr(victims, "TRIES", 1)
    with pytest.raises(Limit):
        victims.cheapest(both)


@pytest.mark.law
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=4), st.integers(0, 3))
def test_safe_sequences_are_the_orders_that_can_be_walked(rows: list[tuple[int, int]], free: int) -> None:
    scenario = make(
        "banker", available=[free], allocation=[[held] for held, _ in rows], max=[[sum(row)] for row in rows]
    )
    names = tuple(f"P{n}" for n in range(len(rows)))
    walked = [order for order in permutations(names) if accepts("safe-sequence", scenario, order)]
    by_hand = []
    for order in permutations(range(len(rows))):
        work, fine = free, True
        for process in order:
            fine = fine and rows[process][1] <= work
            work += rows[process][0]
        by_hand += [tuple(f"P{n}" for n in order)] if fine else []
    assert walked == by_hand
    assert ask("safe-sequences", scenario) == len(by_hand)


# ── draws ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ranges(recipe: str, **parameters: Any) -> dict[str, tuple[int, int]]:
    """From where to where each draw is made, while the lowest is drawn each time."""
    asked: dict[str, tuple[int, int]] = {}

    def pick(path: str, low: int, high: int) -> int:
        asked[path] = (low, high)
        return low

    found = SIMULATOR.recipe(recipe)
    found.make(found.parameters(**parameters), pick)
    return asked


@pytest.mark.rule
@pytest.mark.parametrize(("processes", "most"), [(2, 2), (3, 2), (4, 3), (5, 4), (12, 11)])
def test_an_unsafe_state_has_two_stuck_and_leaves_one_who_can_finish(processes: int, most: int) -> None:
    assert ranges("banker", processes=processes, state="unsafe")["stuck"] == (2, most)
    assert "stuck" not in ranges("banker", processes=processes)


@pytest.mark.rule
def test_locks_outside_the_circle_are_neighbours_or_any_later_ones() -> None:
    for circle, threads in ((5, 6), (6, 8), (4, 5)):
        asked = ranges("lock-order", threads=threads, circle=circle)
        assert asked[f"low.{circle}"] == (0, circle - 2)  # its neighbour is a lock too
        assert f"high.{circle}" not in asked
    asked = ranges("lock-order", threads=3, circle=0)
    assert [asked[f"low.{n}"] for n in range(3)] == [(0, 1)] * 3  # of A B C
    assert [asked[f"high.{n}"] for n in range(3)] == [(1, 2)] * 3


@pytest.mark.rule
def test_a_thread_holds_one_or_two_locks_and_waits_for_one_of_its_targets() -> None:
    asked = ranges("wait-for", threads=4, cycle=3)
    assert {asked[f"two.{n}"] for n in range(4)} == {(0, 1)}
    last = next(path for path in asked if path.startswith("wants."))
    assert asked[last] == (-1, 2)  # nobody, or one of the three before it


@pytest.mark.law
@pytest.mark.parametrize("outcome", ["deadlock", "cycle-only", "free"])
@pytest.mark.parametrize("seed", range(12))
def test_a_drawn_graph_has_the_outcome_that_is_asked_for(outcome: str, seed: int) -> None:
    scenario = drawn("graph", seed, outcome=outcome)
    if scenario is None:
        return
    assert any(node.wants for node in scenario.processes)
    dead = bool(deadlocked(waiting(scenario)))
    try:
        ring = bool(ask("cycle", scenario))
    except NoAnswer:
        ring = False
    assert (dead, ring) in {"deadlock": [(True, True)], "cycle-only": [(False, True)], "free": [(False, False)]}[
        outcome
    ]


@pytest.mark.law
@pytest.mark.parametrize("seed", range(6))
def test_drawn_circles_are_as_long_as_asked(seed: int) -> None:
    for length in (2, 3, 4, 5):
        assert len(ask("cycle", drawn("wait-for", seed, threads=6, cycle=length))) == length
        assert len(ask("order-violation", drawn("lock-order", seed, threads=6, circle=length))) == length
        assert len(ask("deadlocked", drawn("detection", seed, processes=6, deadlocked=length))) == length
    assert ask("order-violation", drawn("lock-order", seed, threads=4, circle=0)) == ()
    assert ask("safe", drawn("banker", seed, processes=5, state="safe")) is True
    assert ask("safe", drawn("banker", seed, processes=5, state="unsafe")) is False


@pytest.mark.rule
def test_a_step_that_is_none_is_refused() -> None:
    for step in ("acquire", "acquire A B", "take A", "release", 5, ""):
        with pytest.raises(Invalid, match=r"threads\.0\.steps\.0"):
            make("lock-order", threads=[{"steps": [step]}])


@pytest.mark.rule
def test_who_asks_may_be_told_by_name_or_by_place() -> None:
    state = {"available": [1], "allocation": [[0], [0]], "max": [[1], [1]], "processes": ["X", "Y"]}
    for process, name in ((0, "X"), (1, "Y"), ("Y", "Y")):
        scenario = make("banker", **state, request={"process": process, "amounts": [1]})
        assert scenario.request.process == name
    for process in (2, -1, "P0"):
        with pytest.raises(Invalid, match=r"request\.process"):
            make("banker", **state, request={"process": process, "amounts": [1]})


@pytest.mark.rule
def test_processes_that_want_one_unit_each_have_no_greatest_number() -> None:
    measure = SIMULATOR.measure("most-processes")
    for most in (1, 2, 3):
        assert measure.applies(make("bound", units=4, processes=3, most=most)) is (most > 1)
    assert not measure.applies(SIMULATOR.scenario(BOOK))
    with pytest.raises(NoAnswer):
        ask("most-processes", make("bound", units=4, processes=3, most=1))


@pytest.mark.law
@pytest.mark.parametrize("seed", range(8))
def test_drawn_claims_cover_what_is_held_and_wanted_and_nearly_all_there_is(seed: int) -> None:
    found = SIMULATOR.recipe("detection")
    parameters = found.parameters(processes=5, resources=2, deadlocked=3, claims=True)
    scenario = found.make(parameters, seeded(seed))
    units = [sum(column) for column in zip(scenario.available, *scenario.allocation, strict=True)]
    for rows in zip(scenario.max, scenario.allocation, scenario.request, strict=True):
        for claim, held, wanted, total in zip(*rows, units, strict=True):
            assert claim in {max(held + wanted, total), max(held + wanted, total - 1)}


@pytest.mark.rule
def test_aborting_the_cheapest_first_goes_on_until_nobody_is_left() -> None:
    """Each holds one and wants three more: not even two units let one of them go on."""
    both = make("recovery", available=[0], allocation=[[1], [1]], request=[[3], [3]], costs=[2, 1])
    assert mistaken("cheapest-first", "cheapest-victims", both) == {"P0", "P1"}
    nobody = make("recovery", available=[1], allocation=[[1]], request=[[1]], costs=[1])
    assert mistaken("cheapest-first", "cheapest-victims", nobody) == set()
