"""What does a step change, whom does it touch, and how is it told? From the rules, each case worked by hand."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given

from sims.declare import Invalid, Limit, NoAnswer
from sims.threads import SIMULATOR, run
from sims.threads.compiler import Footprint
from sims.threads.explore import deadlocks, full, outcomes, reduced
from tests.sims.threads_cases import ONCE, THREE, ask, blocking, threads
from tests.sims.worded import steps, told

# ── the graph of states ─────────────────────────────────────────────────────────────────────────────────────────

SPIN = ["again: load r x", "jump-if r==0 again", "store x 0"]


def is_followed(scenario: Any) -> None:
    """Every arc leads to the state that its step makes; every state has its first way from an earlier one."""
    reached = full(scenario)
    code = reached.machine.code
    assert len(set(reached.states)) == len(reached.states)
    for here, arcs in enumerate(reached.steps):
        state = reached.states[here]
        able = {t: after for t, one in enumerate(code) if (after := one[state[t]](state)) is not None}
        assert {thread: reached.states[target] for thread, target in arcs} == able
        assert (here in reached.ends) == (not able)
    for index, (before, thread) in enumerate(reached.came[1:], 1):
        assert before < index
        assert (thread, index) in reached.steps[before]


@pytest.mark.law
@given(blocking(most_threads=2))
def test_every_arc_is_a_step_and_every_step_an_arc(scenario: Any) -> None:
    is_followed(scenario)


@pytest.mark.law
def test_a_loop_leads_back_to_the_very_first_state() -> None:
    scenario = threads(SPIN, ["store x 1"])
    is_followed(scenario)
    assert any(target == 0 for arcs in full(scenario).steps for _, target in arcs)


@pytest.mark.law
@given(blocking(most_threads=3))
def test_steps_that_do_not_clash_may_be_exchanged(scenario: Any) -> None:
    """Neither enables nor disables the other, and both orders give one state: the definition of independence."""
    reached = full(scenario)
    places, code = reached.machine.places, reached.machine.code
    for state in reached.states:
        going = [t for t, one in enumerate(places) if state[t] < len(one)]
        for a, b in combinations(going, 2):
            if places[a][state[a]].footprint.clashes(places[b][state[b]].footprint):
                continue
            first, second = (code[t][state[t]](state) for t in (a, b))
            if first is not None:
                assert (code[b][state[b]](first) is None) == (second is None)
            if first is not None and second is not None:
                assert code[b][state[b]](first) == code[a][state[a]](second)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("reads", "reads", False), ("reads", "writes", True), ("reads", "adds", True),
        ("writes", "writes", True), ("writes", "adds", True), ("adds", "adds", False),
    ],
)  # fmt: skip
def test_two_steps_clash_where_one_changes_what_the_other_uses(one: str, other: str, clash: bool) -> None:
    for a, b in ((one, other), (other, one)):
        assert Footprint(**{a: 6}).clashes(Footprint(**{b: 3})) is clash
        assert Footprint(**{a: 6}).clashes(Footprint(**{b: 9})) is False  # other variables
        assert Footprint(**{a: 6}).clashes(Footprint()) is False
    both = Footprint(reads=1, writes=2) | Footprint(reads=4, adds=8)
    assert both == Footprint(reads=5, writes=2, adds=8)


@pytest.mark.law
@pytest.mark.parametrize(
    "programs",
    [
        (["store x 1", "store x 2"], ["enter", "leave"]),
        (["store x 1", "store x 2"], ["store y 1", "add z 1"]),
        (["load r x", "load s y"], ["load r x", "load s y"]),
        (["add x 1", "add x 2"], ["add x 3"], ["add x 4"]),
        (["set r 1", "add r 1"], ["set r 1", "jump-if r==1 on", "on: set r 2"]),
        (["lock m", "unlock m"], ["lock n", "unlock n"], ["signal c", "broadcast c"]),
        (["acquire s", "release s"], ["acquire t"], ["store x 1"]),
        (["release s", "release s"], ["release s"]),
        (["swap r x 1"], ["cas r y 0 1"], ["load r z"]),
        (["lock m", "wait c m"], ["lock n", "wait d n"]),
        (["enter", "store x 1"], ["enter", "load r y"], ["leave"]),
    ],
)
def test_threads_that_never_meet_are_followed_in_one_order_only(programs: tuple[list[str], ...]) -> None:
    """One path: a state for the start and one for each step that is taken."""
    scenario = threads(*programs, shared=dict.fromkeys("xyz", 0), semaphores={"s": 1, "t": 1})
    found = reduced(scenario)
    assert len(found.ends) == 1
    assert len(found.states) == len(found.schedule(found.ends[0])) + 1


@pytest.mark.rule
def test_the_reduction_finds_both_orders_of_what_clashes() -> None:
    for one, other in (("store x 1", "store x 2"), ("add x 1", "store x 2"), ("swap r x 1", "store x 2")):
        for pair in ((one, other), (other, one)):
            assert len(outcomes(threads(*[[line] for line in pair]))) == 2, pair
    taken = threads(["acquire s", "lock m"], ["acquire s"], semaphores={"s": 1})
    assert len(deadlocks(reduced(taken))) == 2


# ── what a step is told to have changed ─────────────────────────────────────────────────────────────────────────


def note(before: list[str], line: str, *others: list[str], first: tuple[str, ...] = (), misrule: str = "") -> str:
    """What the line is told to do, after the lines before it and the steps that come first."""
    given = {"shared": {"x": 0, "y": 0}, "semaphores": {"s": 1}}
    schedule = [*["T1"] * len(before), *first, "T1"]
    trace = run(replace(threads([*before, line], *others, schedule=schedule, **given), misrule=misrule))
    assert trace.events[len(schedule) - 1].text == line
    return str(trace.events[len(schedule) - 1].note)


@pytest.mark.rule
@pytest.mark.parametrize(
    ("before", "line", "says"),
    [
        ([], "load r x", "r = 0"),  # told although it was 0 before
        (["set a 0", "set z 0"], "load r x", "r = 0"),  # and nothing of the other registers
        (["set a 4"], "set r a", "r = 4"),
        (["set r 4"], "set r 4", "r = 4"),
        ([], "swap r x 1", "r = 0"),
        ([], "cas r x 1 2", "r = 0"),
        ([], "cas r x 0 2", "r = 1"),
        (["set r 4"], "add r 3", "r = 7"),
        ([], "add r 0", ""),
        ([], "store x 3", ""),  # the shared variables are told in any case
        ([], "add x 3", ""),
        ([], "lock m", "takes m"),
        (["lock m"], "unlock m", "gives m back"),
        ([], "unlock m", ""),
        ([], "acquire s", "s = 0"),
        ([], "release s", "s = 2"),
        ([], "enter", "is in its critical section"),
        (["enter"], "leave", "has left it"),
        (["lock m"], "wait c m", "gives m back, sleeps on c"),
        ([], "signal c", ""),
    ],
)
def test_a_step_tells_what_it_changed_for_its_thread(before: list[str], line: str, says: str) -> None:
    assert note(before, line, ["lock m", "unlock m"]) == says


@pytest.mark.rule
def test_a_signal_tells_whom_it_wakes() -> None:
    sleeper = ["lock m", "wait c m", "unlock m"]
    asleep = ("T2", "T2", "T3", "T3")
    assert note([], "signal c", sleeper, sleeper, first=asleep) == "wakes T2"
    assert note([], "signal c", sleeper, sleeper, first=("T3", "T3", "T2", "T2")) == "wakes T3"
    assert note([], "broadcast c", sleeper, sleeper, first=asleep) == "wakes T2 T3"
    assert note([], "broadcast c", sleeper, sleeper, first=("T3", "T3", "T2", "T2")) == "wakes T3 T2"
    kept = "signal-remembered"
    assert note([], "signal c", sleeper, misrule=kept) == "the signal on c is kept"
    assert note([], "broadcast c", sleeper, misrule=kept) == ""


@pytest.mark.rule
def test_a_sentence_has_the_step_what_it_changed_and_the_shared_variables() -> None:
    says = told("threads", run(threads(["load r x", "store x r+2"], shared={"x": 1, "y": 7}, schedule=["T1", "T1"])))
    assert says == [
        "T1 does load r x: r = 1; x = 1, y = 7.",
        "T1 does store x r+2; x = 3, y = 7.",
        "All threads are done: x = 3, y = 7.",
    ]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("programs", "schedule", "end"),
    [
        ((["lock m"], ["lock m"]), ["T1"], ("deadlock", "Nobody can go on: T2 waits for ever.")),
        ((["lock m"], ["lock m"], ["lock m"]), ["T2"], ("deadlock", "Nobody can go on: T1 T3 wait for ever.")),
        ((["lock m", "lock m"],), ["T1"], ("deadlock", "Nobody can go on: T1 waits for ever.")),
        ((["lock m", "unlock m"], ["lock m"]), ["T1", "T2", "T1", "T2"],
         ("stopped", "T2 cannot go on here: the schedule ends.")),
        ((["lock m", "unlock m"], ["lock m"]), ["T1"], ("stopped", "The schedule ends here: x = 0.")),
        ((["enter"], ["enter"], ["store x 1"]), ["T1", "T2"],
         ("violation", "T1 and T2 are in their critical sections at once.")),
        ((["enter"], ["store x 1"]), ["T1"], ("stopped", "The schedule ends here: x = 0.")),
        ((["store x 1"],), ["T1"], ("completed", "All threads are done: x = 1.")),
        ((["store x 1"],), ["T1", "T1", "T1"], ("stopped", "T1 cannot go on here: the schedule ends.")),
    ],
)  # fmt: skip
def test_the_end_of_a_schedule_is_told(programs: Any, schedule: list[str], end: tuple[str, str]) -> None:
    trace = run(threads(*programs, schedule=schedule))
    assert trace.events[-1] == end


@pytest.mark.rule
def test_the_trace_shows_the_most_telling_schedule() -> None:
    dead = run(threads(["enter", "lock A", "lock B"], ["enter", "lock B", "lock A"]))
    assert dead.events[-1].kind == "deadlock"  # before the critical sections
    crowd = run(threads(["store x 1", "enter", "leave"], ["load r x", "enter", "leave"]))
    assert crowd.events[-1].kind == "violation"
    assert len(crowd.events) == 5  # as soon as both are inside
    lost = run(threads(ONCE, ONCE))
    assert lost.events[-1].says == "All threads are done: x = 1."
    lowest = run(threads(["add x 1"], ["add x 2"]))
    assert lowest.events[-1].says == "All threads are done: x = 3."
    alone = run(threads(["enter", "leave"], ["store x 1"]))
    assert alone.events[-1].kind == "completed"


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────


def solved(measure: str, *programs: list[str], given: dict[str, Any] | None = None, **more: Any) -> list[str]:
    return steps("threads", measure, run(threads(*programs, **more)), **given or {})


@pytest.mark.rule
def test_each_variable_is_said_to_be_raced_or_not() -> None:
    says = solved(
        "raced-variables", ["store a 1", "load r b"], ["load r a", "load r b"], shared={"a": 0, "b": 0, "c": 0}
    )
    assert [("no race" in one, one[0]) for one in says[:-1]] == [(False, "a"), (True, "b"), (True, "c")]
    assert says[-1] == "Races: a."
    assert solved("raced-variables", ["load r x"], ["load r x"])[-1] == "Races: none."


@pytest.mark.rule
def test_a_race_is_shown_by_its_two_accesses() -> None:
    assert solved("race", ["set r 1", "store x r"], ["load s x"])[-1].startswith(
        "T1 next: store x r; T2 next: load s x"
    )
    assert solved("race", ["load r x"], ["load r x"]) == ["Never are two such accesses next at once: no race."]
    three = solved("race", ["load r y"], ["store x 1"], ["load s x"], shared={"x": 0, "y": 0})
    assert three[-1].startswith("T2 next: store x 1; T3 next: load s x")


@pytest.mark.rule
def test_critical_sections_are_said_to_meet_or_not() -> None:
    enters = ["enter", "leave"]
    assert solved("mutual-exclusion", enters, enters)[-1] == "Two threads are inside at once: yes."
    assert len(solved("mutual-exclusion", enters, enters)) == 3
    guarded = ["lock m", *enters, "unlock m"]
    assert solved("mutual-exclusion", guarded, guarded) == ["In no state that can be reached are two inside: no."]
    for count in (1, 2, 3):
        assert ask("mutual-exclusion", threads(*[enters] * count)) is (count > 1)


@pytest.mark.rule
def test_a_final_value_is_reached_step_by_step() -> None:
    says = solved("final-value", ONCE, ["add x 4"], schedule=["T1", "T2", "T1"])
    assert says == [
        "T1 does load r x: r = 0; x = 0.",
        "T2 does add x 4; x = 4.",
        "T1 does store x r+1; x = 1.",
        "In the end x = 1.",
    ]


@pytest.mark.rule
def test_the_least_and_the_greatest_end_are_shown_by_a_schedule() -> None:
    least, greatest = (solved(measure, ONCE, ONCE) for measure in ("minimum", "maximum"))
    assert least[-1] == "So x = 1; no schedule ends with less."
    assert greatest[-1] == "So x = 2; no schedule ends with more."
    assert least[-2].endswith("x = 1.")
    assert greatest[-2].endswith("x = 2.")
    assert len(least) == len(greatest) == 5
    with pytest.raises(NoAnswer):
        solved("minimum", ["lock m", "lock m"])


@pytest.mark.rule
def test_what_is_possible_is_shown_and_what_is_not_is_said() -> None:
    yes, no = (solved("possible", ONCE, ONCE, given={"value": value}) for value in (2, 3))
    assert yes[-1] == "This schedule ends with 2: yes."
    assert yes[-2].endswith("x = 2.")
    assert no == ["No schedule ends with 3."]


@pytest.mark.rule
def test_deadlocks_are_shown_or_denied() -> None:
    says = solved("deadlocks", ["lock A", "lock B", "unlock B"], ["lock B", "lock A"])
    assert len(says) == 3
    assert says[-1] == "Now nobody can go on, and not all are done: a deadlock."
    assert len(solved("deadlocks", ["lock A", "unlock A"], ["lock A"])) == 2  # T2 keeps what T1 waits for
    assert len(solved("deadlocks", ["lock A", "unlock A"], ["lock A", "unlock A"])) == 1


@pytest.mark.rule
def test_interleavings_are_counted_with_and_without_waiting() -> None:
    assert solved("interleavings", THREE, ONCE) == ["5! / (3! × 2!) = 10."]
    locked = ["lock m", "unlock m"]
    says = solved("interleavings", locked, locked)
    assert says[-1] == "Waiting and jumps leave 2."
    assert "4! / (2! × 2!) = 6" in says[0]
    looped = solved("interleavings", ["again: add r 1", "jump-if r<2 again"], ["store x 1"])  # 4 steps and 1
    assert looped[-1] == "Waiting and jumps leave 5."
    assert "3! / (2! × 1!) = 3" in looped[0]


@pytest.mark.rule
def test_counts_are_said_for_every_end_and_together() -> None:
    says = solved("counts", ONCE, ["load r x", "store x r+5"])
    # x = 6 in the 2 serial orders; else the later of two stores wins, 2 orders each
    assert says[0] == "There are 6 interleavings in all."
    assert says[1:] == ["2 end with x = 1.", "2 end with x = 5.", "2 end with x = 6."]


@pytest.mark.rule
def test_every_outcome_has_its_schedule() -> None:
    says = solved("outcomes", ["store x 1"], ["store x 2"])
    assert says == ["x = 1 after T2 T1.", "x = 2 after T1 T2.", "No other end is possible: 1 2."]
    assert solved("final-states", ["store x 1"], ["store x 2"])[-1] == "No other end is possible: x = 1; x = 2."
    assert solved("outcomes", ["lock m", "lock m"]) == ["No other end is possible: none."]
    assert solved("shortest-schedule", ["store x 1"], ["store x 2"], given={"outcome": "1"})[-1] == (
        "The schedule: T2 T1."
    )


@pytest.mark.rule
def test_a_schedule_establishes_a_number_or_a_row() -> None:
    of = SIMULATOR.measure("final-states").steps
    one = of(run(threads(["store x 1"], ["store x 2"])))
    assert [step.value for step in one[:-1]] == [1, 2]
    two = of(run(threads(["store x 1", "store y 1"], ["store x 2"], shared={"x": 0, "y": 0})))
    assert [step.value for step in two[:-1]] == [(1, 1), (2, 1)]


# ── limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


def takes(**fields: Any) -> bool:
    try:
        SIMULATOR.scenario({"shared": {"x": 0}, "threads": [{"program": ["store x 1"]}], **fields})
    except Invalid:
        return False
    return True


@pytest.mark.rule
def test_limits_are_as_stated() -> None:
    for value, right in ((1_000_000, True), (1_000_001, False), (-1_000_000, True), (-1_000_001, False)):
        assert takes(shared={"x": value}) is right, value
    for name, right in (("a" * 16, True), ("a" * 17, False)):
        assert takes(shared={"x": 0, name: 0}) is right, name
    program = [{"program": ["set r 1"] * 200}]
    assert takes(threads=program)
    assert not takes(threads=[{"program": ["set r 1"] * 201}])
    assert takes(threads=[{"program": ["set r " + "+".join(["1"] * 37)]}])  # 6 + 73 = 79 characters
    assert takes(threads=[{"program": ["set r 0" + "+1" * 36 + "1"]}])  # 80
    assert not takes(threads=[{"program": ["set r 0" + "+1" * 37]}])  # 81
    assert takes(threads=program[:1] * 8)
    assert not takes(threads=program[:1] * 9)
    assert takes(semaphores={"s": 0})
    assert not takes(semaphores={"s": -1})
    for field in ("observe", "volatile"):
        assert takes(**{field: ["x"] * 20}) is True
        assert takes(**{field: ["x"] * 21}) is False
    assert takes(schedule=["T0"] * 2000) == takes(schedule=["T0"])
    assert not takes(schedule=["T0"] * 2001)
    assert not takes(shared=[["x", 1], ["x", 2]])  # each name once
    assert not takes(shared=[["x", 1, 2]])
    assert not takes(shared="x")


@pytest.mark.rule
def test_a_value_asked_about_may_be_any_that_a_variable_may_begin_with() -> None:
    value = SIMULATOR.measure("possible").arguments[0]
    assert (value.low, value.high) == (-1_000_000, 1_000_000)


@pytest.mark.rule
def test_a_state_more_than_the_limit_is_too_many() -> None:
    """Two threads of one step each have four states."""
    assert ask("interleavings", threads(["add x 1"], ["add x 1"], limit=4)) == 2
    with pytest.raises(Limit):
        ask("interleavings", threads(["add x 1"], ["add x 1"], limit=3))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["a: jump b", "b: jump a"], "circle"),
        (["store x 1", "a: jump a"], "circle"),
        (["jump a", "a:"], ""),
        (["a: store x 1", "jump a"], ""),
        (["lock m", "wait c n"], "never locks n"),
        (["add m 1", "wait c m"], "never locks m"),
        (["store x 1+"], "registers and numbers"),
        (["store x 1r"], "registers and numbers"),
        (["store x r s"], "must be store SHARED EXPRESSION"),
        (["store x r1s+2"], ""),
        (["jump-if r=1 a", "a:"], "comparison"),
        (["jump-if r==1 b", "a:"], "no label 'b'"),
        (["lock 1m"], "short name"),
    ],
)
def test_a_program_is_refused_for_its_fault_only(lines: list[str], fault: str) -> None:
    if not fault:
        run(threads(lines, ["store x 1"], limit=1000))
        return
    with pytest.raises(Invalid, match=fault):
        threads(lines)
