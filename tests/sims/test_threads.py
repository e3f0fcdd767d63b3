"""Is every interleaving there, once, and nothing else?"""

import json
from dataclasses import replace
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer
from sims.threads import SIMULATOR, Scenario, explore, run
from sims.threads.explore import counts, label, outcomes, replay
from sims.threads.machine import machine
from sims.threads.program import observed
from tests.sims.threads_cases import ONCE, THREE, ask, mistaken, threads

WORKED = sorted((Path(__file__).parents[2] / "data" / "threads").glob("*.json"))


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
@pytest.mark.textbook("ostep 26.3; counts by enumeration, see data/threads")
def test_worked_examples_give_the_published_numbers(path):
    case = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(case["scenario"]))
    for name, value in case["measures"].items():
        found = SIMULATOR.measure(name).of(trace)
        assert (sorted(found) if isinstance(found, frozenset) else found) == value, name
    if "trace" in case:
        steps = [event for event in trace.events if event.kind == "step"]
        assert [[step.thread, step.text, step.shared[0][1], step.note] for step in steps] == case["trace"]


@pytest.mark.textbook("closed form: 12!/(4! 4! 4!) = 34650")
def test_three_threads_of_two_increments_have_34650_interleavings():
    scenario = threads(*[ONCE * 2] * 3)
    assert ask("interleavings", scenario) == 34_650 == factorial(12) // factorial(4) ** 3
    assert ask("minimum", scenario) == 2


@pytest.mark.textbook("two threads of five increments end between 2 and 10")
def test_two_threads_of_five_increments_can_end_with_2_to_10():
    scenario = threads(ONCE * 5, ONCE * 5)
    assert ask("outcomes", scenario) == frozenset(range(2, 11))
    assert ask("possible", scenario, value=2) is True
    assert ask("possible", scenario, value=1) is False


@pytest.mark.textbook("increments in three steps: (2,1) 20 {1: 18, 2: 2}; (2,2) 924 {2: 702, 3: 216, 4: 6}")
def test_increments_in_three_steps_lose_more():
    assert counts(threads(THREE, THREE)) == {(1,): 18, (2,): 2}
    assert counts(threads(THREE * 2, THREE * 2)) == {(2,): 702, (3,): 216, (4,): 6}


@pytest.mark.textbook("ostep 30.2, figures 30.8 and 30.9")
def test_an_if_around_the_wait_lets_a_consumer_take_what_is_gone():
    recipe = SIMULATOR.recipe("waiting")
    drawn = {test: recipe.make(recipe.parameters(test=test), lambda _path, low, _high: low) for test in ("if", "while")}
    assert ask("outcomes", drawn["if"]) == {0, 1, 6}  # either of the two, never both
    assert ask("outcomes", drawn["while"]) == {0}


@pytest.mark.textbook("ostep 30.2, figures 30.10 to 30.12")
def test_one_condition_for_producers_and_consumers_can_leave_all_asleep():
    recipe = SIMULATOR.recipe("buffer")
    drawn = {
        word: recipe.make(recipe.parameters(conditions=word), lambda _path, low, _high: low) for word in ("one", "two")
    }
    assert ask("deadlocks", drawn["one"]) is True
    assert ask("deadlocks", drawn["two"]) is False


@pytest.mark.textbook("lamport-1979: x = y = 0; each thread stores one and loads the other; both cannot load 0")
def test_sequential_memory_never_lets_both_loads_miss_both_stores():
    scenario = threads(
        ["store x 1", "load r y", "store a r"],
        ["store y 1", "load r x", "store b r"],
        shared={"x": 0, "y": 0, "a": 0, "b": 0},
        observe=["a", "b"],
    )
    assert ask("final-states", scenario) == ((0, 1), (1, 0), (1, 1))
    assert ask("outcomes", scenario) == {"a=0,b=1", "a=1,b=0", "a=1,b=1"}


PETERSON = [
    "store {me} 1", "store turn {other}", "again: load r {you}", "jump-if r==0 in", "load s turn",
    "jump-if s=={other} again", "in: enter", "leave", "store {me} 0",
]  # fmt: skip


@pytest.mark.textbook("ostep 28.5 (Peterson's algorithm); Peterson 1981")
def test_petersons_algorithm_excludes_and_naive_flags_do_not():
    programs = [
        [line.format(me=me, you=you, other=other) for line in PETERSON]
        for me, you, other in (("a", "b", 1), ("b", "a", 0))
    ]
    both = threads(*programs, shared={"a": 0, "b": 0, "turn": 0})
    assert ask("mutual-exclusion", both) is False
    assert ask("deadlocks", both) is False
    gate = SIMULATOR.recipe("gate")
    naive = gate.make(gate.parameters(gate="test-then-set"), lambda _path, low, _high: low)
    assert ask("mutual-exclusion", naive) is True


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_add_on_a_shared_variable_is_atomic():
    assert ask("outcomes", threads(["add x 1"], ["add x 1"])) == {2}
    assert ask("interleavings", threads(["add x 1"], ["add x 1"])) == 2


@pytest.mark.rule
def test_a_signal_without_a_waiter_is_lost():
    scenario = threads(["lock m", "wait c m", "unlock m"], ["signal c"])
    assert ask("deadlocks", scenario) is True
    assert mistaken("signal-remembered", "deadlocks", scenario) is False


@pytest.mark.rule
def test_a_signal_wakes_the_longest_sleeper():
    waits = ["lock m", "wait c m", "unlock m"]
    scenario = threads([*waits, "store x 1"], [*waits, "store x 2"], ["lock m", "signal c", "unlock m"])
    asleep = ("T1", "T1", "T2", "T2", "T3", "T3", "T3")
    assert len(replay(scenario, (*asleep, "T1"))) == 9
    assert len(replay(scenario, (*asleep, "T2"))) == 8
    other_way = ("T2", "T2", "T1", "T1", "T3", "T3", "T3")
    assert len(replay(scenario, (*other_way, "T2"))) == 9


@pytest.mark.rule
def test_broadcast_wakes_all_and_each_takes_the_lock_in_turn():
    waits = ["lock m", "wait c m", "unlock m"]
    scenario = threads(waits, waits, ["lock m", "broadcast c", "unlock m"])
    woken = ("T1", "T1", "T2", "T2", "T3", "T3")
    assert len(replay(scenario, (*woken, "T1"))) == 7  # the lock is still T3's
    assert len(replay(scenario, (*woken, "T3", "T1", "T2"))) == 9  # T2 must wait for T1
    assert len(replay(scenario, (*woken, "T3", "T1", "T1", "T2", "T2"))) == 12


@pytest.mark.rule
def test_a_woken_waiter_does_not_run_before_others_may_take_the_lock():
    scenario = threads(
        ["lock m", "wait c m", "store x 1", "unlock m"],
        ["lock m", "signal c", "unlock m"],
        ["lock m", "store x 2", "unlock m"],
    )
    assert ask("outcomes", scenario) == {1, 2}


@pytest.mark.rule
def test_a_lock_is_not_recursive():
    assert ask("deadlocks", threads(["lock m", "lock m"])) is True


@pytest.mark.rule
def test_unlocking_what_one_does_not_hold_changes_nothing():
    scenario = threads(
        ["lock m", "load r x", "store x r+1", "unlock m"], ["unlock m", "lock m", "load r x", "store x r+1", "unlock m"]
    )
    assert ask("outcomes", scenario) == {2}


@pytest.mark.rule
def test_waiting_without_the_lock_changes_nothing():
    scenario = threads(["wait c m", "lock m", "unlock m", "store x 1"])
    assert ask("outcomes", scenario) == {1}


@pytest.mark.rule
def test_acquire_waits_until_the_semaphore_is_above_zero():
    scenario = threads(["acquire s", "store x 1"], ["release s"], semaphores={"s": 0})
    assert ask("interleavings", scenario) == 1
    assert ask("deadlocks", threads(["acquire s"], semaphores={"s": 0})) is True


@pytest.mark.rule
def test_compare_and_swap_tells_whether_it_swapped():
    scenario = threads(["cas r x 0 5", "store y r"], ["cas r x 0 6", "store z r"], shared={"x": 0, "y": 9, "z": 9})
    assert ask("final-states", scenario) == ((5, 1, 0), (6, 0, 1))


@pytest.mark.rule
def test_swap_gives_the_old_value():
    scenario = threads(["swap r x 1", "store a r"], ["swap r x 1", "store b r"], shared={"x": 0, "a": 9, "b": 9})
    assert ask("final-states", scenario) == ((1, 0, 1), (1, 1, 0))


@pytest.mark.rule
def test_a_jump_takes_no_step_and_a_test_takes_one():
    assert ask("interleavings", threads(["jump on", "on: add x 1"], ["add x 1"])) == 2
    assert ask("interleavings", threads(["jump-if r==0 on", "on: add x 1"], ["add x 1"])) == 3
    assert ask("outcomes", threads(["jump on", "store x 9", "on: add x 1"])) == {1}
    looped = threads(["again: add r 1", "jump-if r<3 again", "store x r"])
    assert ask("interleavings", looped) == 1
    assert ask("outcomes", looped) == {3}


@pytest.mark.rule
def test_a_loop_that_may_spin_for_ever_has_no_number_of_interleavings_but_outcomes():
    scenario = threads(["again: load r x", "jump-if r==0 again"], ["store x 1"])
    assert ask("outcomes", scenario) == {1}
    with pytest.raises(NoAnswer, match="infinitely many"):
        ask("counts", scenario)


@pytest.mark.rule
def test_a_loop_on_the_way_to_nowhere_does_not_spoil_the_count():
    stuck = ["load r x", "jump-if r==0 out", "for: jump-if r>0 for", "out: set r 0"]
    assert ask("interleavings", threads(stuck, ["store x 1"])) == 3  # of C(5,1) orders those that load before the store


@pytest.mark.rule
def test_too_many_states_are_a_clear_error():
    with pytest.raises(Limit, match="more than 100 states"):
        run(threads(*[ONCE * 3] * 3, limit=100))


@pytest.mark.rule
def test_outcomes_are_known_where_counts_pass_the_limit():
    work = [f"load r{n} a{{}}" for n in range(6)]
    programs = [[line.format(t) for line in work] for t in range(5)]
    scenario = threads(*programs, shared={f"a{t}": t for t in range(5)}, limit=1_000)
    assert ask("outcomes", scenario) == {"a0=0,a1=1,a2=2,a3=3,a4=4"}
    with pytest.raises(Limit):
        ask("counts", scenario)


def test_that_the_limit_is_passed_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five measures that need every state; a search that fails takes seconds."""
    searches, search = [], explore._explore
    monkeypatch.setattr(explore, "_explore", lambda *given: searches.append(given) or search(*given))
    scenario = threads(
        *[[f"load r a{t}", f"load s a{t}"] for t in range(6)], shared={f"a{t}": 7 for t in range(6)}, limit=99
    )
    trace = run(scenario)
    searches.clear()
    for name in ("counts", "interleavings", "race", "raced-variables", "deadlock-schedule"):
        with pytest.raises(Limit, match="more than 99 states"):
            SIMULATOR.measure(name).of(trace)
    assert searches == []


@pytest.mark.rule
def test_a_race_is_two_plain_accesses_next_at_once():
    assert ask("race", threads(ONCE, ONCE)) is True
    assert ask("race", threads(["load r x"], ["load r x"])) is False
    assert ask("race", threads(["add x 1"], ["add x 1"])) is False
    locked = ["lock m", *ONCE, "unlock m"]
    assert ask("race", threads(locked, locked)) is False
    assert ask("race", threads(locked, ONCE)) is True


@pytest.mark.rule
def test_races_are_told_by_variable():
    scenario = threads(
        ["lock m", "store a 1", "unlock m", "store b 1", "add c 1", "load r d", "lock m", "store e 1", "unlock m"],
        ["load r e", "load r d", "add c 1", "load r b", "lock m", "load r a", "unlock m"],
        shared=dict.fromkeys("abcde", 0),
    )
    assert ask("raced-variables", scenario) == {"b", "e"}
    assert mistaken("lock-is-enough", "raced-variables", scenario) == {"b"}
    assert mistaken("sharing-is-a-race", "raced-variables", scenario) == {"a", "b", "c", "e"}


@pytest.mark.rule
def test_volatile_changes_nothing():
    plain, volatile = threads(ONCE, ONCE), threads(ONCE, ONCE, volatile=["x"])
    assert counts(plain) == counts(volatile)
    assert mistaken("volatile-helps", "outcomes", volatile) == {2}
    assert mistaken("volatile-helps", "outcomes", plain) == {1, 2}


@pytest.mark.rule
def test_a_schedule_that_cannot_be_followed_ends_where_it_cannot():
    trace = run(threads(["lock m"], ["lock m"], schedule=["T1", "T2"]))
    assert trace.events[-1] == ("stopped", "T2 cannot go on here: the schedule ends.")
    with pytest.raises(NoAnswer):
        SIMULATOR.measure("final-value").of(trace)


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ({"shared": {}, "threads": []}, ["threads: must hold 1 to 8 items, got 0"]),
        ({"shared": {"x": "a"}, "threads": [{"program": ["nop"]}]}, ["shared.x: must be a whole number", "threads.0.program.0: 'nop' is no instruction"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["load r"]}]}, ["threads.0.program.0: must be load REGISTER SHARED"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["load r y", "store x r+"]}]}, ["program.1: must be registers and numbers"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["load r y"]}]}, ["threads.0.program.0: y is no shared variable"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["store x x+1"]}]}, ["program.0: x: load a shared variable into a register first"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["load x x"]}]}, ["program.0: x is a shared variable; a register is wanted"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["wait c m"]}]}, ["the thread never locks m"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["acquire s"]}]}, ["s is no semaphore"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["jump-if r=0 a"]}]}, ["must be a comparison such as r==0", "there is no label 'a'"]),
        ({"shared": {"x": 0}, "threads": [{"program": ["a: a: jump a"]}]}, ["the label a stands twice"]),
        ({"shared": {"x": 0}, "threads": [{"program": []}], "observe": ["y"], "volatile": ["z"], "schedule": ["T9"]}, ["observe.0: y is no shared", "volatile.0: z is no", "schedule: T9: no such thread"]),
        ({"shared": {"x": 0}, "threads": [{"program": []}], "semaphores": {"s": -1}, "memory": "relaxed"}, ["memory: expected one of sequential"]),
    ],
)  # fmt: skip
@pytest.mark.rule
def test_an_invalid_scenario_is_refused_with_every_bad_field_named(raw, faults):
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    for fault in faults:
        assert fault in str(refused.value)


@pytest.mark.rule
def test_a_program_that_only_jumps_in_a_circle_is_refused():
    with pytest.raises(Invalid, match=r"threads\.0\.program\.0: jumps in a circle without a step"):
        run(threads(["a: jump a"]))


# ── mistakes: the same simulator over another program ───────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("id_", "measure", "scenario", "gives"),
    [
        ("increment-is-one-step", "outcomes", threads(ONCE * 2, ONCE * 2), {4}),
        ("increment-is-one-step", "outcomes", threads(THREE, THREE), {2}),
        ("increment-is-one-step", "outcomes", threads(["load r x", "add r 2", "store x r+3"], ["add x 1"]), {6}),
        ("between-n-and-nt", "outcomes", threads(ONCE * 3, ONCE * 3), {3, 4, 5, 6}),
        ("between-n-and-nt", "minimum", threads(ONCE * 3, ONCE * 3), 3),
        ("lock-on-one-side", "outcomes", threads(["lock m", *ONCE, "unlock m"], ONCE), {2}),
        ("lock-on-one-side", "race", threads(["lock m", *ONCE, "unlock m"], ONCE), False),
        ("threads-run-whole", "outcomes", threads(["load r x", "store x r+3"], ["load r x", "store x r-1"]), {2}),
        ("threads-run-whole", "interleavings", threads(ONCE, ONCE, ONCE), 6),
        ("threads-run-whole", "counts", threads(ONCE, ONCE), {"1": 0, "2": 2}),
        ("equally-likely", "counts", threads(ONCE, ONCE), {"1": 3, "2": 3}),
        ("semaphore-is-mutex", "outcomes", threads(*[["acquire s", *ONCE, "release s"]] * 2, semaphores={"s": 2}), {2}),
        ("sharing-is-a-race", "race", threads(["add x 1"], ["add x 1"]), True),
        ("sharing-is-a-race", "race", threads(["load r x"], ["load r x"]), False),
        ("own-order-forgotten", "interleavings", threads(ONCE, ONCE), 24),
        ("steps-multiplied", "interleavings", threads(ONCE, ONCE), 4),
    ],
)
def test_each_mistake_gives_its_own_answer(id_, measure, scenario, gives):
    assert mistaken(id_, measure, scenario) == gives


@pytest.mark.rule
def test_if_around_wait_one_condition_and_test_then_set_are_mistaken_for_what_works():
    def drawn(recipe, **parameters):
        found = SIMULATOR.recipe(recipe)
        return found.make(found.parameters(**parameters), lambda _path, low, _high: low)

    assert mistaken("if-around-wait", "outcomes", drawn("waiting", test="if")) == {0}
    assert mistaken("one-condition-for-both", "deadlocks", drawn("buffer", conditions="one")) is False
    assert mistaken("check-and-set-is-one-step", "mutual-exclusion", drawn("gate", gate="test-then-set")) is False


@pytest.mark.rule
def test_mistakes_about_a_given_schedule():
    scenario = threads(ONCE, ["load r x", "store x r+5"], shared={"x": 10}, schedule=["T1", "T2", "T1", "T2"])
    assert ask("final-value", scenario) == 15
    assert mistaken("no-update-lost", "final-value", scenario) == 16
    ends_first = replace(scenario, schedule=("T1", "T2", "T2", "T1"))
    assert ask("final-value", ends_first) == 11
    assert mistaken("last-thread-counts", "final-value", replace(scenario, schedule=("T1", "T1", "T2", "T2"))) == 15
    assert ask("final-value", replace(scenario, schedule=("T1", "T1", "T2", "T2"))) == 16


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize("example", SIMULATOR.examples, ids=lambda example: example.name)
def test_every_measure_ends_its_worked_solution_with_its_answer(example):
    scenario = SIMULATOR.scenario(example.scenario)
    trace = run(scenario)
    arguments = {
        "possible": {"value": 1},
        "shortest-schedule": {"outcome": label(min(outcomes(scenario)), observed(scenario))},
    }
    for measure in SIMULATOR.measures:
        given_ = arguments.get(measure.name, {})
        if not measure.applies(scenario) or measure.name == "deadlock-schedule":
            continue
        value, steps = measure.of(trace, **given_), measure.steps(trace, **given_)
        if measure.name == "counts":
            assert {step.key: step.value for step in steps if step.key} == value
        elif measure.name != "outcomes" or len(observed(scenario)) == 1:
            assert steps[-1].value == value, measure.name


@pytest.mark.rule
def test_a_scenario_reads_back_from_its_plain_form():
    from sims.fields import plain

    for example in SIMULATOR.examples:
        scenario = SIMULATOR.scenario(example.scenario)
        assert SIMULATOR.scenario(plain(scenario)) == scenario


@given(st.sampled_from(SIMULATOR.recipes), st.integers(0, 10_000))
@pytest.mark.law
def test_every_recipe_draws_valid_scenarios(recipe, seed):
    def pick(path, low, high):
        from hashlib import blake2b

        return low + int(blake2b(f"{seed}{path}".encode()).hexdigest(), 16) % (high - low + 1)

    try:
        scenario = recipe.make(recipe.parameters(), pick)
    except Invalid:
        return
    assert isinstance(scenario, Scenario)
    assert len(machine(scenario).places) == len(scenario.threads)
