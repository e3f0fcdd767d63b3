"""How does a program read to the one who is mistaken, and what would that person answer? Each case written by hand."""

from dataclasses import replace
from typing import Any

import pytest

from sims.declare import NoAnswer
from sims.threads import SIMULATOR, rewriting, run
from tests.sims.threads_cases import ONCE, THREE, ask, mistaken, threads

VARIABLES = {"x": 0, "y": 0}


def read_as(change: Any, lines: list[str], **more: Any) -> list[str]:
    """The lines of one thread as the belief reads them."""
    fields = {"shared": VARIABLES, "semaphores": {"s": 1}, **more}
    return list(change(threads(lines, **fields)).threads[0].program)


# ── programs read as other programs ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (ONCE, ["add x 1"]),
        (ONCE * 3, ["add x 1"] * 3),
        (THREE * 3, ["add x 1"] * 3),
        (["load r x", "store x r-4"], ["add x -4"]),
        (["load r x", "store x r"], ["add x 0"]),
        (["load r x", "add r 2", "store x r+3"], ["add x 5"]),
        (["load r x", "add r -2", "store x r+5"], ["add x 3"]),
        (["lock m", *ONCE, "unlock m", "load s y", "add s 7", "store y s"], ["lock m", "add x 1", "unlock m", "add y 7"]),
        (["set r 1", "set r 2", "set r 3", "set r 4", *ONCE], ["set r 1", "set r 2", "set r 3", "set r 4", "add x 1"]),
    ],
)  # fmt: skip
def test_an_increment_is_read_as_one_step(lines: list[str], read: list[str]) -> None:
    assert read_as(rewriting.one_step_increments, lines) == read


@pytest.mark.rule
@pytest.mark.parametrize(
    "lines",
    [
        ["load r x"],
        ["load r x", "add r 1"],
        ["store x 1"],
        ["load r x", "store y r+1"],  # another variable
        ["load r x", "store x s+1"],  # another register
        ["load r x", "store x r+r"],
        ["load r x", "store x 0-r"],
        ["load r x", "store x 5"],
        ["load r x", "add s 1", "store x r"],  # what is added is elsewhere
        ["load r x", "add r s", "store x r"],
        ["load r x", "add r 1", "add r 1", "store x r"],
        ["load r x", "set r 1", "store x r"],
        ["load r x", "lock m", "store x r+1"],
        ["load r x", "add x 1", "store x r"],
        ["swap r x 1", "store x r+1"],
        ["load r x", "acquire s", "unlock m"],  # no store, whatever sorts behind it
        ["load r x", "swap s x 1"],
    ],
)
def test_what_is_no_increment_is_read_as_it_stands(lines: list[str]) -> None:
    assert read_as(rewriting.one_step_increments, lines) == lines


@pytest.mark.rule
def test_volatile_is_believed_to_help_its_own_variables_only() -> None:
    lines = [*ONCE, "load r y", "store y r+1"]
    assert read_as(rewriting.volatile_increments, lines, volatile=["x"]) == ["add x 1", *lines[2:]]
    assert read_as(rewriting.volatile_increments, lines, volatile=["y"]) == [*ONCE, "add y 1"]
    assert read_as(rewriting.volatile_increments, lines) == lines


@pytest.mark.rule
def test_a_lock_is_believed_to_hold_for_those_who_do_not_take_it() -> None:
    scenario = threads(["lock n", "unlock n"], ["store x 1"], ["lock m", "unlock m"], ["load r x"])
    programs = [list(thread.program) for thread in rewriting.locked_everywhere(scenario).threads]
    assert programs[0] == ["lock n", "unlock n"]
    assert programs[1] == ["lock n", "store x 1", "unlock n"]
    assert programs[2] == ["lock m", "unlock m"]
    assert programs[3] == ["lock n", "load r x", "unlock n"]
    bare = threads(ONCE, ["acquire s"], semaphores={"s": 1})
    assert rewriting.locked_everywhere(bare) == bare


WAITS = ["load r x", "jump-if r>0 go", "wait c m"]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["lock m", *WAITS, "go: unlock m"],
         ["lock m", "retry0: load r x", "jump-if r>0 go", "wait c m", "jump retry0", "go: unlock m"]),
        (["lock m", "go: load r x", "jump-if r>0 go", "wait c m"],
         ["lock m", "retry0: go: load r x", "jump-if r>0 go", "wait c m", "jump retry0"]),
        (["lock m", "load s y", *WAITS, "go: load r x", "unlock m"],
         ["lock m", "load s y", "retry0: load r x", "jump-if r>0 go", "wait c m", "jump retry0", "go: load r x", "unlock m"]),
        (["lock m", *WAITS, "go: load r y", "jump-if r>0 on", "wait d m", "on: unlock m"],
         ["lock m", "retry0: load r x", "jump-if r>0 go", "wait c m", "jump retry0",
          "retry1: go: load r y", "jump-if r>0 on", "wait d m", "jump retry1", "on: unlock m"]),
    ],
)  # fmt: skip
def test_an_if_around_a_wait_is_read_as_a_while(lines: list[str], read: list[str]) -> None:
    assert read_as(rewriting.checked_again, lines) == read


@pytest.mark.rule
@pytest.mark.parametrize(
    "lines",
    [
        ["lock m", "go: load r x", "jump-if r>0 go", "wait c m", "jump go"],  # a while already, its jump the last line
        ["lock m", "go: load r x", "jump-if r>0 go", "wait c m", "jump go", "unlock m"],
        ["lock m", "wait c m", "unlock m"],
        ["lock m", "load r x", "wait c m", "unlock m"],  # nothing is tested
        ["lock m", "go: set r 0", "jump-if r>0 go", "wait c m", "unlock m"],  # nothing is loaded
        ["lock m", "go: set s 0", "jump-if s>0 go", "load r x", "wait c m"],  # the load is not tested
        ["lock m", *WAITS[:2], "go: unlock m"],
    ],
)
def test_what_is_no_if_around_a_wait_is_read_as_it_stands(lines: list[str]) -> None:
    assert read_as(rewriting.checked_again, lines) == lines


@pytest.mark.rule
def test_a_signal_on_a_condition_of_two_roles_is_read_as_waking_all() -> None:
    lines = ["lock m", "wait c m", "signal c", "signal d", "broadcast c", "unlock m"]
    read = ["lock m", "wait c m", "broadcast c", "signal d", "broadcast c", "unlock m"]
    assert read_as(rewriting.everyone_woken, lines) == read
    assert read_as(rewriting.everyone_woken, ["signal c", "lock m"]) == ["signal c", "lock m"]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["load r x", "jump-if r!=0 out", "store x 1", "out: set r 0"],
         ["cas r x 0 1", "jump-if r==0 out", "out: set r 0"]),
        (["out: load r x", "jump-if r!=0 out", "store x 7"], ["out: cas r x 0 7", "jump-if r==0 out"]),
        (["set s 0", "set s 1", "out: load r x", "jump-if r!=0 out", "store x 1", "enter", "leave"],
         ["set s 0", "set s 1", "out: cas r x 0 1", "jump-if r==0 out", "enter", "leave"]),
        (["out: load r x", "jump-if r!=0 out", "store x 1", "in: load s y", "jump-if s!=0 in", "store y 2"],
         ["out: cas r x 0 1", "jump-if r==0 out", "in: cas s y 0 2", "jump-if s==0 in"]),
    ],
)  # fmt: skip
def test_test_and_set_is_read_as_one_step(lines: list[str], read: list[str]) -> None:
    assert read_as(rewriting.check_and_set, lines) == read


@pytest.mark.rule
@pytest.mark.parametrize(
    "lines",
    [
        ["out: load r x", "jump-if r==0 out", "store x 1"],  # goes on where the flag is set
        ["out: load r x", "jump-if s!=0 out", "store x 1"],  # tests something else
        ["out: load r x", "jump-if r!=1 out", "store x 1"],
        ["out: load r x", "jump-if r!=0 out", "add x 1"],
        ["out: load r x", "jump-if r!=0 out", "swap s x 1"],
        ["out: load r x", "set s 1", "store x 1"],
        ["out: load r x", "enter", "store x 1"],
        ["out: load r x", "jump-if r!=0 out"],
        ["out: add r 1", "jump-if r!=0 out", "store x 1"],
        ["out: swap r x 1", "jump-if r!=0 out", "store x 1"],
        ["out: set r 1", "jump-if r!=0 out", "store x 1"],
    ],
)
def test_what_is_no_test_and_set_is_read_as_it_stands(lines: list[str]) -> None:
    assert read_as(rewriting.check_and_set, lines) == lines


@pytest.mark.rule
def test_a_given_schedule_is_not_followed_in_another_program() -> None:
    scenario = threads(ONCE, ["lock m", "unlock m"], schedule=["T1"])
    assert rewriting.one_step_increments(scenario).schedule == ()
    assert rewriting.locked_everywhere(scenario).schedule == ()


# ── other answers ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
@pytest.mark.parametrize(
    ("count", "times", "first", "believed"),
    [(3, 1, 0, {1, 2, 3}), (2, 2, 0, {2, 3, 4}), (3, 1, 10, {11, 12, 13}), (2, 1, -5, {-4, -3}), (1, 3, 1, {4})],
)
def test_between_one_threads_share_and_all(count: int, times: int, first: int, believed: set[int]) -> None:
    scenario = threads(*[ONCE * times] * count, shared={"x": first})
    assert mistaken("between-n-and-nt", "outcomes", scenario) == believed
    assert mistaken("between-n-and-nt", "minimum", scenario) == min(believed)
    for value in range(min(believed) - 1, max(believed) + 2):
        assert mistaken("between-n-and-nt", "possible", scenario, value=value) == (value in believed)


@pytest.mark.rule
@pytest.mark.parametrize(
    "programs",
    [(ONCE, ONCE * 2), (["load r x", "store x r-1"],) * 2, (["load r x", "store x r"],) * 2],
)
def test_between_one_and_all_needs_equal_increments(programs: tuple[list[str], ...]) -> None:
    with pytest.raises(NoAnswer):
        mistaken("between-n-and-nt", "outcomes", threads(*programs))


@pytest.mark.rule
def test_whole_threads_give_the_serial_outcomes_only() -> None:
    """T1 doubles x, T2 adds 3: from 1 that is 5 or 8."""
    scenario = threads(["load r x", "store x r+r"], ["load r x", "store x r+3"], shared={"x": 1})
    assert mistaken("threads-run-whole", "outcomes", scenario) == {5, 8}
    assert mistaken("threads-run-whole", "minimum", scenario) == 5
    assert mistaken("threads-run-whole", "maximum", scenario) == 8
    assert mistaken("threads-run-whole", "final-states", scenario) == ((5,), (8,))
    assert mistaken("threads-run-whole", "possible", scenario, value=5) is True
    assert mistaken("threads-run-whole", "possible", scenario, value=2) is False
    assert mistaken("threads-run-whole", "counts", scenario) == {"2": 0, "4": 0, "5": 1, "8": 1}
    assert mistaken("threads-run-whole", "shortest-schedule", scenario, outcome="2") == ("T1", "T1", "T2", "T2")


@pytest.mark.rule
def test_threads_in_turn_go_on_as_far_as_each_can() -> None:
    after = threads(["acquire s", "store x 1"], ["release s"], semaphores={"s": 0})
    assert mistaken("threads-run-whole", "deadlock-schedule", after) == ("T2", "T1", "T1")
    chain = threads(["acquire s"], ["acquire t", "release s"], ["release t"], semaphores={"s": 0, "t": 0})
    assert mistaken("threads-run-whole", "deadlock-schedule", chain) == ("T3", "T2", "T2", "T1")
    pair = [["lock A", "lock B", "unlock B", "unlock A"], ["lock B", "lock A", "unlock A", "unlock B"]]
    assert mistaken("threads-run-whole", "deadlock-schedule", threads(*pair)) == ("T1",) * 4 + ("T2",) * 4
    spins = threads(["again: load r x", "jump-if r==0 again"], ["store x 1"])
    found = mistaken("threads-run-whole", "deadlock-schedule", spins)
    assert set(found) == {"T1"}
    assert len(found) > 1000


@pytest.mark.rule
def test_sums_done_wrongly() -> None:
    scenario = threads(THREE, ONCE, ONCE)  # 7! / (3! 2! 2!) = 210
    assert ask("interleavings", scenario) == 210
    assert mistaken("own-order-forgotten", "interleavings", scenario) == 5040
    assert mistaken("steps-multiplied", "interleavings", scenario) == 12
    assert mistaken("threads-run-whole", "interleavings", scenario) == 6
    with pytest.raises(NoAnswer):  # 70 interleavings, 3 outcomes
        mistaken("equally-likely", "counts", threads(ONCE * 2, ONCE * 2))


@pytest.mark.rule
def test_the_last_thread_is_believed_to_count_alone() -> None:
    scenario = threads(ONCE, ["load r x", "store x r+5"], shared={"x": 10}, schedule=["T1", "T2", "T2", "T1"])
    assert ask("final-value", scenario) == 11
    assert mistaken("last-thread-counts", "final-value", scenario) == 11
    assert mistaken("no-update-lost", "final-value", scenario) == 16
    with pytest.raises(NoAnswer):
        mistaken("last-thread-counts", "final-value", replace(scenario, schedule=()))


@pytest.mark.rule
def test_a_variable_locked_somewhere_is_believed_to_be_safe() -> None:
    """a is stored under m while n is given back already, b after both, c before: only a passes for guarded."""
    scenario = threads(
        ["store c 1", "lock m", "lock n", "unlock n", "store a 1", "unlock m", "store b 1"],
        ["load r a", "load r b", "load r c"],
        shared={"a": 0, "b": 0, "c": 0, "d": 0},
    )
    assert ask("raced-variables", scenario) == {"a", "b", "c"}
    assert mistaken("lock-is-enough", "raced-variables", scenario) == {"b", "c"}


@pytest.mark.rule
def test_sharing_is_believed_to_be_a_race_where_one_of_two_changes() -> None:
    scenario = threads(
        ["load r a", "load r b", "store c 1", "store c 2", "add d 1"],
        ["load r a", "store b 1", "load r d"],
        shared=dict.fromkeys("abcd", 0),
    )
    assert mistaken("sharing-is-a-race", "raced-variables", scenario) == {"b", "d"}
    assert ask("raced-variables", scenario) == {"b"}


@pytest.mark.rule
def test_every_value_is_believed_to_go_with_every_other() -> None:
    both = threads(["store x 1", "store y 1"], ["store x 2", "store y 2"], shared=VARIABLES)
    assert ask("final-states", both) == ((1, 1), (1, 2), (2, 1), (2, 2))
    one = threads(["add x 1", "add y 1"], ["load r x", "store z r"], shared={"x": 0, "y": 0, "z": 9})
    assert ask("final-states", one) == ((1, 1, 0), (1, 1, 1))
    linked = threads(["swap r x 1", "store y r"], ["swap r x 1", "store z r"], shared={"x": 0, "y": 9, "z": 9})
    assert ask("final-states", linked) == ((1, 0, 1), (1, 1, 0))
    every = ((1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1))
    assert mistaken("every-combination", "final-states", linked) == every
    with pytest.raises(NoAnswer):
        mistaken("every-combination", "final-states", threads(["lock m", "lock m"]))


# ── what is accepted ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_rows_are_right_in_any_order_each_once_and_none_else() -> None:
    scenario = threads(["store x 1", "load r y", "store y r+1"], ["add y 1"], shared=VARIABLES)
    trace, accepts = run(scenario), SIMULATOR.measure("final-states").accepts
    assert ask("final-states", scenario) == ((1, 1), (1, 2))  # add between load and store is lost
    assert accepts(trace, ((1, 2), (1, 1)))
    for wrong in (((1, 1),), ((1, 1), (1, 2), (1, 2)), ((1, 1), (1, 3)), ((1, 1), (1, 2), (0, 0)), ()):
        assert not accepts(trace, wrong), wrong


@pytest.mark.rule
def test_a_deadlock_is_right_only_if_its_schedule_leads_there() -> None:
    pair = threads(["lock A", "lock B", "unlock B"], ["lock B", "lock A"])
    trace, accepts = run(pair), SIMULATOR.measure("deadlock-schedule").accepts
    for right in (("T1", "T2"), ("T2", "T1")):
        assert accepts(trace, right)
    for wrong in (("T1",), ("T1", "T2", "T1"), ("T1", "T1", "T1"), ("T1", "T2", "T9"), ()):
        assert not accepts(trace, wrong), wrong
    done = threads(["store x 1"], ["lock m", "lock m"])
    assert not SIMULATOR.measure("deadlock-schedule").accepts(run(done), ("T1",))
    ends = threads(["lock m", "unlock m"])
    assert not SIMULATOR.measure("deadlock-schedule").accepts(run(ends), ("T1", "T1"))


@pytest.mark.rule
def test_a_shortest_schedule_is_right_only_if_as_short_and_with_that_end() -> None:
    again = ["load r x", "jump-if r==0 out", "add x 5", "out: add y 1"]
    scenario = threads(again, ["store x 1"], shared=VARIABLES)
    trace, accepts = run(scenario), SIMULATOR.measure("shortest-schedule").accepts
    assert accepts(trace, ("T1", "T1", "T1", "T2"), outcome="x=1,y=1")
    assert accepts(trace, ("T1", "T2", "T1", "T1"), outcome="x=1, y=1")
    assert accepts(trace, ("T2", "T1", "T1", "T1", "T1"), outcome="x=6,y=1")
    for wrong in (("T2", "T1", "T1", "T1"), ("T1", "T1", "T2"), ("T1", "T1", "T1", "T1"), ("T2", "T2", "T1", "T1")):
        assert not accepts(trace, wrong, outcome="x=1,y=1"), wrong
    with pytest.raises(NoAnswer):
        ask("shortest-schedule", scenario, outcome="x=2,y=1")


@pytest.mark.rule
def test_an_expression_is_a_sum_with_signs() -> None:
    """r is 5 and s is 3."""
    for text, value in (("r-s+1", 3), ("s-r", -2), ("-r", -5), ("r+r-s-s", 4), ("10-r", 5), ("r+s", 8), ("r-12", -7)):
        assert ask("outcomes", threads(["set r 5", "set s 3", f"store x {text}"])) == {value}, text
    for test, holds in (("r>s+1", True), ("r-s==2", True), ("r-s<2", False), ("s+s>=r+2", False), ("r!=s+2", False)):
        jumps = threads(
            ["set r 5", "set s 3", f"jump-if {test} yes", "store x 1", "jump end", "yes: store x 2", "end:"]
        )
        assert ask("outcomes", jumps) == {2 if holds else 1}, test
