"""What always holds of threads, and what independent programs say."""

from dataclasses import replace
from itertools import product
from math import factorial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.threads import SIMULATOR, run, tell
from sims.threads.explore import counts, deadlocks, full, label, outcome, outcomes, reduced, replay, stands
from sims.threads.measures import accepts_deadlock, accepts_schedule
from sims.threads.program import observed, parse, thread_names
from tests.sims.threads_cases import ONCE, ask, blocking, straight, threads
from tests.sims.threads_oracle import every_schedule, words

# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(straight())
@pytest.mark.law
def test_straight_code_has_as_many_interleavings_as_the_multinomial_says(scenario):
    lengths = [len(parse(thread.program).instructions) for thread in scenario.threads]
    expected = factorial(sum(lengths))
    for length in lengths:
        expected //= factorial(length)
    assert sum(counts(scenario).values()) == expected


@given(blocking())
@pytest.mark.law
def test_the_reduced_exploration_keeps_every_outcome_and_every_deadlock(scenario):
    every, some = full(scenario), reduced(scenario)
    assert {every.states[index] for index in every.ends} == {some.states[index] for index in some.ends}
    assert len(some.states) <= len(every.states)


@given(straight())
@pytest.mark.law
def test_the_reduced_exploration_keeps_every_end_of_straight_code(scenario):
    every, some = full(scenario), reduced(scenario)
    assert {every.states[index] for index in every.ends} == {some.states[index] for index in some.ends}


@pytest.mark.law
def test_the_reduced_exploration_keeps_the_ends_of_looping_code():
    spin = ["again: load r x", "jump-if r==0 again", "store x 0"]
    for programs in ([spin, ["store x 1"], ["store x 1"]], [spin, spin, ["store x 1"]], [[*ONCE, *spin], spin]):
        every, some = full(threads(*programs)), reduced(threads(*programs))
        assert {every.states[index] for index in every.ends} == {some.states[index] for index in some.ends}


@pytest.mark.law
def test_the_reduction_sees_what_a_loop_comes_back_to():
    looping = ["again: load r x", "add sum r", "add s 1", "jump-if s<2 again", "store y sum"]
    scenario = threads(["store x 5"], looping, shared={"x": 0, "y": 0}, observe=["y"])
    assert outcomes(scenario) == {(0,), (5,), (10,)}


@pytest.mark.law
def test_the_reduction_sees_that_a_signal_lets_a_sleeper_compete_for_the_lock():
    sleeper = ["lock m", "wait c m", "store x 1", "unlock m"]
    scenario = threads(sleeper, ["lock m", "store x 2", "unlock m"], ["signal c"])
    assert outcomes(scenario) == {(1,), (2,)}


@pytest.mark.law
def test_the_reduction_visits_few_states_where_threads_hardly_meet():
    scenario = threads(*[["set r 1", "add r 1", "set s 2", "lock m", "add x 1", "unlock m"]] * 4)
    assert len(reduced(scenario).states) * 10 < len(full(scenario).states)


@given(blocking(most_threads=2), st.integers(0, 1))
@pytest.mark.law
def test_a_fresh_lock_never_adds_an_outcome(scenario, which):
    assume(len(scenario.threads) > which)
    named = list(scenario.threads)
    for index in {which, 0}:
        program = ("lock fresh", *named[index].program, "unlock fresh")
        named[index] = replace(named[index], program=program)
    assert outcomes(replace(scenario, threads=tuple(named))) <= outcomes(scenario)


@given(blocking(), st.randoms(use_true_random=False))
@pytest.mark.law
def test_exchanging_threads_leaves_the_counts_as_they_are(scenario, random):
    order = list(scenario.threads)
    random.shuffle(order)
    assert counts(scenario) == counts(replace(scenario, threads=tuple(order)))


@given(blocking())
@pytest.mark.law
def test_every_schedule_to_an_outcome_or_a_deadlock_replays(scenario):
    trace = run(scenario)
    names = thread_names(scenario)
    reached = full(scenario)
    for index in reached.ends:
        schedule = tuple(names[thread] for thread in reached.schedule(index))
        states = replay(scenario, schedule)
        assert states[-1] == reached.states[index]
        assert stands(scenario, states[-1])
        if reached.machine.completed(states[-1]):
            final = label(outcome(reached, states[-1]), observed(scenario))
            shortest = SIMULATOR.measure("shortest-schedule").of(trace, outcome=final)
            assert accepts_schedule(trace, shortest, outcome=final)
            assert len(shortest) <= len(schedule)
        else:
            assert accepts_deadlock(trace, schedule)


@given(blocking())
@pytest.mark.law
def test_every_end_is_done_or_a_deadlock_and_tells_so(scenario):
    trace = run(scenario)
    assert trace.events[-1].kind == ("deadlock" if deadlocks(full(scenario)) else "completed")
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


@given(st.integers(1, 3), st.integers(1, 3))
@pytest.mark.law
def test_increments_end_with_two_at_least_and_all_of_them_at_most(count, times):
    scenario = threads(*[ONCE * times] * count)
    found = ask("outcomes", scenario)
    assert max(found) == count * times
    assert min(found) == (times if count == 1 else min(2, times))


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.opinion("enumeration: every word of the threads' letters, carried out by hand")
@pytest.mark.parametrize(("count", "times"), [(2, 1), (2, 2), (3, 1)])
def test_counts_agree_with_an_enumeration_of_all_words(count, times):
    found = {}
    for word in words([2 * times] * count):
        x, registers, at = 0, [0] * count, [0] * count
        for t in word:
            if at[t] % 2:
                x = registers[t] + 1
            else:
                registers[t] = x
            at[t] += 1
        found[(x,)] = found.get((x,), 0) + 1
    assert counts(threads(*[ONCE * times] * count)) == found


@given(blocking(most_threads=2))
@pytest.mark.opinion("oracle: a dictionary machine that walks every schedule")
def test_outcomes_counts_and_deadlocks_agree_with_a_plainer_machine(scenario):
    finals, dead = every_schedule(scenario)
    assert counts(scenario) == dict(sorted(finals.items()))
    assert bool(deadlocks(full(scenario))) == bool(dead)


@pytest.mark.opinion("oracle: a dictionary machine that walks every schedule")
@pytest.mark.parametrize(
    "name", ["lost-update", "twice", "lock-on-one-side", "two-locks", "if-around-wait", "lost-signal"]
)
def test_the_examples_agree_with_the_plainer_machine(name):
    example = next(example for example in SIMULATOR.examples if example.name == name)
    scenario = replace(SIMULATOR.scenario(example.scenario), observe=())
    finals, dead = every_schedule(scenario)
    assert counts(scenario) == dict(sorted(finals.items()))
    assert ask("deadlocks", scenario) == bool(dead)


@pytest.mark.opinion("definition: some two schedules of length 2 in either order")
def test_a_race_is_found_exactly_where_two_accesses_can_follow_each_other_in_both_orders():
    for first, second in product(["load r x", "store x 1", "add x 1", "load r y", "store y 1"], repeat=2):
        scenario = threads([first], [second], shared={"x": 0, "y": 0})
        one, other = first.split(), second.split()
        target = [words_[2] if words_[0] == "load" else words_[1] for words_ in (one, other)]
        plain = "add" not in (one[0], other[0])
        assert ask("race", scenario) == (plain and target[0] == target[1] and "store" in (one[0], other[0]))
