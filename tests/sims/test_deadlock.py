"""Who can finish, who is deadlocked, where is the cycle: as the textbook says, and as plainer programs say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sims.deadlock import SIMULATOR, run, tell
from sims.deadlock.run import granted
from sims.deadlock.scenario import CHANGES, CONDITIONS, process_names
from sims.declare import Invalid, Limit, NoAnswer
from tests.sims.deadlock_cases import (
    BOOK,
    accepts,
    ask,
    make,
    mistaken,
    state_of,
)

WORKED = sorted((Path(__file__).parents[2] / "data" / "deadlock").glob("*.json"))


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(trace):
    """The trace as the worked examples write it: checks and turns."""
    rows = []
    for event in trace.events:
        if event.kind in ("need", "available"):
            rows.append([event.kind, event.process, list(event.amounts), list(event.limit)])
        else:
            rows.append([event.kind, event.process, list(event.before), list(event.after) if event.after else None])
    return rows


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
@pytest.mark.textbook("silberschatz-10 8.3.2, 8.6.3.3, 8.7.2")
def test_worked_examples_give_the_published_answers(path):
    case = json.loads(path.read_text())
    scenario = SIMULATOR.scenario(case["scenario"])
    trace = run(scenario)
    for name, value in case["measures"].items():
        found = SIMULATOR.measure(name).of(trace)
        found = {key: list(row) for key, row in found.items()} if isinstance(found, dict) else found
        assert (sorted(found) if isinstance(found, frozenset) else found) == value, name
    if "trace" in case:
        assert rows_of(trace) == case["trace"]
    for value in case.get("accepted", ()):
        assert accepts("safe-sequence", scenario, tuple(value)), value
    for value in case.get("refused", ()):
        assert not accepts("safe-sequence", scenario, tuple(value)), value
    for value in case.get("accepted_cycles", ()):
        assert accepts("cycle", scenario, tuple(value)), value
    for value in case.get("refused_cycles", ()):
        assert not accepts("cycle", scenario, tuple(value)), value


@pytest.mark.textbook("silberschatz-10 8.6.3.3: after P1's grant, P4 asks 3 3 0, P0 asks 0 2 0")
def test_the_textbooks_requests_are_granted_made_to_wait_and_refused():
    first = SIMULATOR.scenario({**BOOK, "request": {"process": "P1", "amounts": [1, 0, 2]}})
    assert ask("request-verdict", first) == "grant"
    after = granted(first)
    assert after.available == (2, 3, 0)
    for process, amounts, verdict in (("P4", (3, 3, 0), "wait"), ("P0", (0, 2, 0), "unsafe")):
        request = make("banker", **state_of(after), request={"process": process, "amounts": amounts})
        assert ask("request-verdict", request) == verdict


@pytest.mark.textbook("ostep 32.3: thread 1 locks L1 then L2, thread 2 locks L2 then L1")
def test_two_locks_in_two_orders_are_a_violation():
    scenario = make(
        "lock-order", threads=[{"steps": ["acquire L1", "acquire L2"]}, {"steps": ["acquire L2", "acquire L1"]}]
    )
    assert ask("order-violation", scenario) == ("L1", "L2")
    assert accepts("order-violation", scenario, ("L2", "L1"))
    assert not accepts("order-violation", scenario, ())


@pytest.mark.textbook(
    "silberschatz-10 exercise 8.21: 4 resources of one type, 3 processes of at most 2, are free of deadlock"
)
def test_four_units_are_enough_for_three_processes_of_two():
    scenario = make("bound", units=4, processes=3, most=2)
    assert ask("deadlock-free-bound", scenario) is True
    assert ask("fewest-units", scenario) == 4
    assert ask("most-processes", scenario) == 3
    assert ask("deadlock-free-bound", make("bound", units=3, processes=3, most=2)) is False


@pytest.mark.textbook("silberschatz-10 8.5.1 to 8.5.4, ostep 32.3, tanenbaum-4 6.6")
def test_each_change_breaks_one_of_the_four_conditions():
    broken = {change: ask("coffman", make("prevention", change=change)) for change in CHANGES}
    assert broken["spool"] == "mutual-exclusion"
    assert broken["request-all-at-once"] == "hold-and-wait"
    assert broken["trylock-and-back-off"] == "no-preemption"
    assert broken["order-resources"] == "circular-wait"
    assert set(broken.values()) == set(CONDITIONS)


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("amounts", "verdict"),
    [((2, 0, 0), "exceeds-need"), ((8, 0, 0), "exceeds-need"), ((1, 2, 3), "exceeds-need"), ((0, 0, 0), "grant")],
)
def test_need_is_checked_before_what_is_available(amounts, verdict):
    # P1 needs 1 2 2 and 3 3 2 are available: 2 is available but not needed; 8 is neither.
    assert (
        ask("request-verdict", SIMULATOR.scenario({**BOOK, "request": {"process": 1, "amounts": amounts}})) == verdict
    )


@pytest.mark.rule
def test_need_and_safety_are_asked_of_the_state_before_the_request():
    asked = SIMULATOR.scenario({**BOOK, "request": {"process": "P0", "amounts": [3, 3, 0]}})
    assert ask("request-verdict", asked) == "unsafe"
    assert ask("safe", asked) is True
    assert ask("need", asked)["P0"] == (7, 4, 3)


@pytest.mark.rule
def test_who_holds_nothing_is_not_deadlocked():
    scenario = make("detection", available=[0], allocation=[[1], [1], [0]], request=[[1], [1], [1]])
    assert ask("deadlocked", scenario) == {"P0", "P1"}
    assert mistaken("empty-handed-included", "deadlocked", scenario) == {"P0", "P1", "P2"}


@pytest.mark.rule
def test_who_waits_for_the_deadlocked_and_holds_something_is_deadlocked():
    scenario = make(
        "wait-for",
        threads=[{"holds": ["A"], "wants": "B"}, {"holds": ["B"], "wants": "A"}, {"holds": ["C"], "wants": "A"}],
    )
    assert ask("deadlocked", scenario) == {"T0", "T1", "T2"}
    assert mistaken("cycle-is-deadlock", "deadlocked", scenario) == {"T0", "T1"}


@pytest.mark.rule
def test_waiting_for_ones_own_lock_is_a_cycle_of_length_one():
    scenario = make("wait-for", threads=[{"name": "T1", "holds": ["A"], "wants": "A"}])
    assert ask("cycle", scenario) == ("T1",)
    assert ask("deadlocked", scenario) == {"T1"}
    assert accepts("cycle", scenario, ("T1", "T1"))


@pytest.mark.rule
def test_a_cycle_may_begin_at_any_node_and_end_at_its_first_but_not_run_backwards():
    example = next(example for example in SIMULATOR.examples if example.name == "wait-for")
    scenario = SIMULATOR.scenario(example.scenario)
    for right in (("T1", "T2", "T3"), ("T3", "T1", "T2"), ("T2", "T3", "T1", "T2")):
        assert accepts("cycle", scenario, right)
    for wrong in (("T1", "T3", "T2"), ("T1", "T2"), ("T4", "T1", "T2", "T3"), (), ("T1", "T2", "T3", "T1", "T2", "T3")):
        assert not accepts("cycle", scenario, wrong)


@pytest.mark.rule
def test_a_lock_given_back_before_the_next_is_taken_makes_no_order():
    scenario = make(
        "lock-order",
        threads=[
            {"steps": ["acquire A", "acquire B", "release B", "release A"]},
            {"steps": ["acquire B", "release B", "acquire A", "release A"]},
        ],
    )
    assert ask("order-violation", scenario) == ()
    assert accepts("order-violation", scenario, ())
    assert not accepts("order-violation", scenario, ("A", "B"))
    assert mistaken("releases-ignored", "order-violation", scenario) == ("A", "B")


@pytest.mark.rule
def test_three_locks_can_make_a_circle_without_any_two_in_both_orders():
    pairs = ["AB", "BC", "CA"]
    scenario = make("lock-order", threads=[{"steps": [f"acquire {a}", f"acquire {b}"]} for a, b in pairs])
    assert ask("order-violation", scenario) == ("A", "B", "C")
    assert mistaken("pairs-only", "order-violation", scenario) == ()


@pytest.mark.rule
def test_victims_are_the_cheapest_then_the_fewest_then_the_first():
    fields = {"available": [0], "allocation": [[1], [1], [2]], "request": [[2], [2], [2]]}
    assert ask("cheapest-victims", make("recovery", **fields, costs=[3, 3, 5])) == {"P2"}
    assert ask("cheapest-victims", make("recovery", **fields, costs=[2, 2, 5])) == {"P0", "P1"}
    tied = make("recovery", **fields, costs=[2, 3, 5])
    assert ask("cheapest-victims", tied) == {"P2"}  # 5 either way: one is fewer than two
    twins = make("recovery", available=[0], allocation=[[1], [1]], request=[[1], [1]], costs=[4, 4])
    assert ask("cheapest-victims", twins) == {"P0"}
    assert accepts("cheapest-victims", twins, frozenset({"P1"}))
    assert not accepts("cheapest-victims", twins, frozenset({"P0", "P1"}))
    assert not accepts("cheapest-victims", twins, frozenset())


@pytest.mark.rule
def test_without_a_deadlock_nobody_is_aborted():
    assert (
        ask("cheapest-victims", make("recovery", available=[1], allocation=[[1]], request=[[1]], costs=[1]))
        == frozenset()
    )


@pytest.mark.rule
def test_an_unsafe_state_has_no_safe_sequence():
    scenario = make("banker", available=[0], allocation=[[1], [1]], max=[[2], [2]])
    assert ask("safe", scenario) is False
    assert ask("safe-sequences", scenario) == 0
    with pytest.raises(NoAnswer):
        ask("safe-sequence", scenario)


@pytest.mark.rule
def test_counting_sequences_of_many_processes_is_quick_where_few_sets_can_finish_and_limited_else():
    # 300 processes hold one unit each; process n needs n + 1: it can finish only after all before it.
    chain = make("banker", available=[1], allocation=[[1]] * 300, max=[[n + 2] for n in range(300)])
    assert ask("safe-sequences", chain) == 1
    free = make("banker", available=[1], allocation=[[0]] * 40, max=[[1]] * 40)
    assert ask("safe", free) is True
    with pytest.raises(Limit):
        ask("safe-sequences", free)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ({"kind": "banker", "available": [1], "allocation": [[1]], "max": [[0]]}, ["max.0.0: must be at least the allocation (1), got 0"]),
        ({"kind": "banker", "available": [1, 1], "allocation": [[1]], "max": [[1, 1], [1]]}, ["allocation.0: must have one number a resource type, 2", "max: must have one row a process, 1", "max.1: must have one number"]),
        ({"kind": "banker", "available": [-1], "allocation": "x", "max": [[1]]}, ["available.0: must be 0 to", "allocation: must be a list"]),
        ({"kind": "banker", "available": [1], "allocation": [[0]], "max": [[1]], "request": {"process": "P7", "amounts": [1, 1]}}, ["request.process: P7 is no process here", "request.amounts: must have 1 numbers, got 2"]),
        ({"kind": "banker", "available": [1], "allocation": [[0]], "max": [[1]], "processes": ["A", "B"]}, ["processes: must hold 1 names, got 2"]),
        ({"kind": "detection", "available": [1], "allocation": [[1]], "request": [[3]], "max": [[2]]}, ["request.0: allocation and request together must stay within max"]),
        ({"kind": "wait-for", "threads": [{"holds": ["A"]}, {"holds": ["A"]}]}, ["threads.1.holds: A is held by T0 already"]),
        ({"kind": "wait-for", "threads": [{"name": "A", "wants": "A"}]}, ["threads: A: one name for two things"]),
        ({"kind": "graph", "resources": [{"instances": 1}], "processes": [{"holds": ["R0", "R0"], "wants": ["R9"]}]}, ["processes.0.wants: R9: no such resource", "resources.0.instances: must be at least the 2 held, got 1"]),
        ({"kind": "lock-order", "threads": [{"steps": ["acquire A", "release B"]}]}, ["threads.0.steps.1: B is not held here"]),
        ({"kind": "lock-order", "threads": [{"steps": ["take A"]}]}, ["threads.0.steps.0: must be `acquire LOCK` or `release LOCK`"]),
        ({"kind": "recovery", "available": [0], "allocation": [[1]], "request": [[1]], "costs": [1, 2]}, ["costs: must have one number a process, 1, got 2"]),
        ({"kind": "bankers"}, ["kind: expected one of banker detection wait-for graph lock-order recovery prevention bound"]),
    ],
)  # fmt: skip
def test_an_invalid_scenario_is_refused_with_every_bad_field_named(raw, faults):
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    for fault in faults:
        assert fault in str(refused.value)


# ── mistakes: the same simulator under one changed rule ─────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "measure", "gives"),
    [
        ("need-is-max", "need", {"P0": (7, 5, 3), "P1": (3, 2, 2), "P2": (9, 0, 2), "P3": (2, 2, 2), "P4": (4, 3, 3)}),
        ("need-is-allocation", "need", {"P0": (0, 1, 0), "P1": (2, 0, 0), "P2": (3, 0, 2), "P3": (2, 1, 1), "P4": (0, 0, 2)}),
        ("need-is-max", "safe", False),  # P1 (3 2 2), P3 finish: 7 4 3 are free, P0 wants 7 5 3, P2 9 A, P4 3 C … P4 fits; then 7 4 5
        ("no-give-back", "safe", False),  # only P1 and P3 fit into 3 3 2
        ("no-give-back", "safe-sequences", 0),
        ("available-includes-allocated", "safe-sequences", 120),  # 10 5 7 serve everybody at once: 5!
        ("one-safe-sequence", "safe-sequences", 1),
    ],
)  # fmt: skip
def test_each_mistake_about_the_banker_gives_its_own_answer(id_, measure, gives):
    assert mistaken(id_, measure, SIMULATOR.scenario(BOOK)) == gives


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "process", "amounts", "right", "gives"),
    [
        ("request-against-max", "P1", (2, 0, 0), "exceeds-need", "grant"),
        ("available-is-enough", "P0", (3, 3, 0), "unsafe", "grant"),
        ("check-skipped", "P0", (3, 3, 0), "unsafe", "grant"),
        ("check-skipped", "P1", (2, 0, 0), "exceeds-need", "grant"),
        ("check-skipped", "P1", (0, 0, 3), "exceeds-need", "wait"),
        ("check-skipped", "P4", (4, 3, 1), "wait", "grant"),  # on paper P4 then needs nothing, and finishes first
        ("available-includes-allocated", "P4", (4, 3, 1), "wait", "grant"),
        ("no-give-back", "P1", (1, 0, 2), "grant", "unsafe"),
        ("need-is-max", "P1", (1, 0, 2), "grant", "unsafe"),
    ],
)
def test_each_mistake_about_a_request_gives_its_own_verdict(id_, process, amounts, right, gives):
    scenario = SIMULATOR.scenario({**BOOK, "request": {"process": process, "amounts": amounts}})
    assert ask("request-verdict", scenario) == right
    assert mistaken(id_, "request-verdict", scenario) == gives


@pytest.mark.rule
def test_unsafe_is_not_deadlocked():
    scenario = make("detection", available=[1], allocation=[[1], [1]], request=[[1], [0]], max=[[3], [3]])
    assert ask("safe", scenario) is False
    assert ask("deadlocked", scenario) == frozenset()
    assert mistaken("unsafe-is-deadlocked", "deadlocked", scenario) == {"P0", "P1"}
    assert mistaken("waiting-is-deadlocked", "deadlocked", scenario) == frozenset()


@pytest.mark.rule
def test_a_cycle_with_several_instances_is_not_a_deadlock():
    example = next(example for example in SIMULATOR.examples if example.name == "cycle-without-deadlock")
    scenario = SIMULATOR.scenario(example.scenario)
    assert ask("deadlocked", scenario) == frozenset()
    assert mistaken("cycle-is-deadlock", "deadlocked", scenario) == {"P1", "P3"}
    assert mistaken("arrows-reversed", "cycle", scenario) == ("P1", "R2", "P3", "R1")


@pytest.mark.rule
def test_mistakes_about_victims():
    scenario = make("recovery", available=[0], allocation=[[1], [1], [2]], request=[[2], [2], [2]], costs=[1, 2, 4])
    assert ask("cheapest-victims", scenario) == {"P0", "P1"}
    assert mistaken("fewest-first", "cheapest-victims", scenario) == {"P2"}
    assert mistaken("abort-all", "cheapest-victims", scenario) == {"P0", "P1", "P2"}
    dear = replace(scenario, costs=(3, 3, 5))
    assert mistaken("cheapest-first", "cheapest-victims", dear) == {"P0", "P1"}


@pytest.mark.rule
def test_mistakes_about_bounds_and_conditions():
    scenario = make("bound", units=7, processes=3, most=3)
    assert [
        mistaken("full-claims-needed", name, scenario)
        for name in ("deadlock-free-bound", "fewest-units", "most-processes")
    ] == [False, 9, 2]
    assert [
        mistaken("no-unit-left", name, scenario) for name in ("deadlock-free-bound", "fewest-units", "most-processes")
    ] == [True, 6, 3]
    assert ask("most-processes", scenario) == 3
    for change in CHANGES:
        trace = run(make("prevention", change=change))
        given_ = []
        for mistake in SIMULATOR.mistakes:
            if "coffman" in mistake.measures:
                try:
                    given_.append(mistake.measures["coffman"](trace))
                except NoAnswer:
                    continue
        assert given_, change
        assert ask("coffman", trace.scenario) not in given_


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("example", SIMULATOR.examples, ids=lambda example: example.name)
def test_every_measure_ends_its_worked_solution_with_its_answer(example):
    scenario = SIMULATOR.scenario(example.scenario)
    trace = run(scenario)
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))
    for measure in SIMULATOR.measures:
        if measure.applies(scenario):
            value, steps = measure.of(trace), measure.steps(trace)
            if measure.name == "need":
                assert {step.key: step.value for step in steps} == value
            else:
                assert steps[-1].value == value, measure.name


@pytest.mark.rule
def test_a_scenario_reads_back_from_its_plain_form():
    from sims.fields import plain

    for example in SIMULATOR.examples:
        scenario = SIMULATOR.scenario(example.scenario)
        assert SIMULATOR.scenario(plain(scenario)) == scenario
        assert all(isinstance(name, str) for name in process_names(scenario))
