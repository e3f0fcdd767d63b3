"""What always holds of deadlock, and what independent programs say."""

from functools import cache
from itertools import combinations, permutations

import networkx as nx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.deadlock import SIMULATOR, run
from sims.deadlock.graph import adjacency, cycle, edges, is_cycle, knots
from sims.deadlock.reduction import System, deadlocked, fits, minus, plus, reduce, sequences, walks
from sims.deadlock.run import granted
from sims.deadlock.victims import by_cost
from tests.sims.deadlock_cases import (
    accepts,
    ask,
    bankers,
    detections,
    drawn,
    graphs,
    lock_orders,
    make,
    state_of,
    systems,
    wait_fors,
)

# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(systems(), st.randoms(use_true_random=False))
@pytest.mark.law
def test_the_verdict_does_not_depend_on_the_order_in_which_processes_are_tried(system, random):
    order = list(range(len(system.names)))
    random.shuffle(order)
    mixed = System(
        tuple(system.names[n] for n in order), system.resources, system.available,
        tuple(system.allocation[n] for n in order), tuple(system.wants[n] for n in order),
    )  # fmt: skip
    stuck = {system.names[n] for n in reduce(system).stuck}
    assert {mixed.names[n] for n in reduce(mixed).stuck} == stuck
    assert sequences(mixed) == sequences(system)


@given(systems())
@pytest.mark.law
def test_the_reduction_keeps_all_units(system):
    reduction = reduce(system)
    total = system.available
    for process in range(len(system.names)):
        if process not in reduction.stuck:
            total = plus(total, system.allocation[process])
    assert reduction.work == total
    assert len(reduction.finished) + len(reduction.stuck) == len(system.names)


@given(detections())
@pytest.mark.law
def test_a_safe_state_is_not_deadlocked(scenario):
    assume(ask("safe", scenario))
    assert ask("deadlocked", scenario) == frozenset()


@given(bankers(), st.data())
@pytest.mark.law
def test_a_grant_keeps_the_units_and_the_claims_and_leaves_a_safe_state(scenario, data):
    row = data.draw(st.integers(0, len(scenario.allocation) - 1))
    amounts = data.draw(
        st.tuples(*[st.integers(0, most) for most in minus(scenario.max[row], scenario.allocation[row])])
    )
    asked = make("banker", **state_of(scenario), request={"process": f"P{row}", "amounts": amounts})
    if ask("request-verdict", asked) == "grant":
        after = granted(asked)
        assert ask("safe", after)
        assert after.max == asked.max
        assert _total(after) == _total(asked)
        assert ask("safe", asked)  # from an unsafe state nothing makes it safe but a give-back


def _total(scenario):
    total = scenario.available
    for row in scenario.allocation:
        total = plus(total, row)
    return total


@given(bankers())
@pytest.mark.law
def test_what_the_trace_finishes_is_a_safe_sequence_that_is_accepted(scenario):
    if ask("safe", scenario):
        sequence = ask("safe-sequence", scenario)
        assert accepts("safe-sequence", scenario, sequence)
        assert not accepts("safe-sequence", scenario, sequence[:-1])
        assert not accepts("safe-sequence", scenario, (*sequence, sequence[0]))


@given(lock_orders())
@pytest.mark.law
def test_a_total_lock_order_has_no_cycle(scenario):
    threads = []
    for path in scenario.threads:
        taken = sorted({step.split()[1] for step in path.steps})
        steps = [f"acquire {lock}" for lock in taken] + [f"release {lock}" for lock in taken]
        threads.append({"name": path.name, "steps": steps})
    assert ask("order-violation", make("lock-order", threads=threads)) == ()


@given(wait_fors())
@pytest.mark.law
def test_aborting_one_thread_of_each_cycle_ends_the_deadlock(scenario):
    dead = ask("deadlocked", scenario)
    cut = {next(iter(sorted(knot))) for knot in knots(adjacency(edges(scenario)))}
    left = [{"name": t.name, "holds": t.holds, "wants": t.wants} for t in scenario.threads if t.name not in cut]
    if left:
        assert ask("deadlocked", make("wait-for", threads=left)) == frozenset()
    assert bool(dead) == bool(cut)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
@pytest.mark.law
def test_sets_of_victims_come_cheapest_first_each_once(costs):
    found = list(by_cost(tuple(range(len(costs))), tuple(costs)))
    keys = [(cost, len(victims), victims) for cost, victims in found]
    assert keys == sorted(keys)
    assert len(set(keys)) == 2 ** len(costs)


@given(st.sampled_from([recipe.name for recipe in SIMULATOR.recipes]), st.integers(0, 10_000))
@pytest.mark.law
def test_every_recipe_draws_valid_scenarios_of_the_kind_that_was_asked_for(name, seed):
    scenario = drawn(name, seed)
    assert scenario is not None
    assert run(scenario).events


@given(st.integers(0, 10_000), st.integers(2, 6), st.sampled_from(["safe", "unsafe"]))
@pytest.mark.law
def test_bankers_states_are_drawn_safe_or_unsafe_as_asked(seed, processes, state):
    scenario = drawn("banker", seed, processes=processes, state=state)
    assert ask("safe", scenario) is (state == "safe")


@given(st.integers(0, 10_000), st.sampled_from(["exceeds-need", "wait", "unsafe", "grant"]))
@pytest.mark.law
def test_requests_are_drawn_with_the_verdict_that_was_asked_for(seed, verdict):
    scenario = drawn("banker", seed, request=verdict)
    assert scenario is None or ask("request-verdict", scenario) == verdict


@given(st.integers(0, 10_000), st.integers(0, 3), st.booleans())
@pytest.mark.law
def test_detections_are_drawn_with_as_many_deadlocked_as_asked(seed, bystanders, claims):
    count = seed % 4 + 2 if seed % 5 else 0
    scenario = drawn(
        "detection", seed, processes=6 + bystanders, deadlocked=count, bystanders=bystanders, claims=claims
    )
    assert len(ask("deadlocked", scenario)) == count


@given(st.integers(0, 10_000), st.sampled_from([0, 1, 2, 3, 4]))
@pytest.mark.law
def test_wait_for_graphs_are_drawn_with_the_cycle_that_was_asked_for(seed, length):
    scenario = drawn("wait-for", seed, threads=5, cycle=length)
    assert len(cycle(adjacency(edges(scenario)))) == length


@given(st.integers(0, 10_000), st.sampled_from([0, 2, 3, 4]), st.booleans())
@pytest.mark.law
def test_lock_orders_are_drawn_with_the_circle_that_was_asked_for(seed, circle, released):
    scenario = drawn("lock-order", seed, threads=4, circle=circle, released=released and circle != 4)
    assert len(ask("order-violation", scenario)) == circle


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


@given(systems(most=5))
@pytest.mark.opinion("brute force: every permutation walked")
def test_a_state_is_safe_exactly_if_some_permutation_works_and_the_count_is_theirs(system):
    working = [order for order in permutations(range(len(system.names))) if _carries(system, order)]
    assert sequences(system) == len(working)
    assert (not reduce(system).stuck) == bool(working)
    assert all(walks(system, tuple(system.names[n] for n in order)) for order in working)


def _carries(system, order):
    work = list(system.available)
    for process in order:
        if any(want > free for want, free in zip(system.wants[process], work, strict=True)):
            return False
        work = [free + held for free, held in zip(work, system.allocation[process], strict=True)]
    return True


@given(systems(most=4, types=2))
@pytest.mark.opinion("brute force: search over every way of finishing")
def test_the_deadlocked_are_those_whom_no_way_of_finishing_reaches(system):
    reachable = set()

    @cache
    def search(done, work):
        reachable.update(done)
        for process in range(len(system.names)):
            if process not in done and fits(system.wants[process], work):
                search(done | {process}, plus(work, system.allocation[process]))

    search(frozenset(), system.available)
    left = {n for n in range(len(system.names)) if n not in reachable and any(system.allocation[n])}
    assert set(deadlocked(system)) == left


@given(wait_fors())
@pytest.mark.opinion("networkx: simple_cycles")
def test_the_cycle_of_a_wait_for_graph_is_one_that_networkx_finds(scenario):
    graph = nx.DiGraph([(edge.origin, edge.target) for edge in edges(scenario)])
    _same_cycles(graph, scenario)


@given(st.one_of(graphs(), lock_orders()))
@pytest.mark.opinion("networkx: simple_cycles")
def test_the_cycle_of_any_graph_is_one_that_networkx_finds(scenario):
    graph = nx.DiGraph([(edge.origin, edge.target) for edge in edges(scenario)])
    _same_cycles(graph, scenario)


def _same_cycles(graph, scenario):
    near = adjacency(edges(scenario))
    every = {min(tuple(one[n:] + one[:n]) for n in range(len(one))) for one in nx.simple_cycles(graph)}
    found = cycle(near)
    assert bool(found) == bool(every)
    if found:
        assert min(found[n:] + found[:n] for n in range(len(found))) in every
        assert all(is_cycle(near, one) for one in every)
    tied = {frozenset(one) for one in nx.strongly_connected_components(graph) if len(one) > 1}
    assert set(knots(near)) == tied | {frozenset({node}) for node in graph if graph.has_edge(node, node)}


@given(graphs(single=True))
@pytest.mark.opinion("networkx: is_directed_acyclic_graph")
def test_with_one_instance_each_a_deadlock_is_a_cycle(scenario):
    wanted = {(edge.origin, edge.target) for edge in edges(scenario)}
    graph = nx.DiGraph(wanted)
    assert bool(ask("deadlocked", scenario)) == (not nx.is_directed_acyclic_graph(graph))


@given(systems(most=5, types=2), st.lists(st.integers(1, 5), min_size=5, max_size=5))
@pytest.mark.opinion("brute force: every set of victims")
def test_the_cheapest_victims_are_the_cheapest_of_all_sets(system, costs):
    names, count = system.names, len(system.names)
    scenario = make(
        "recovery", available=system.available, allocation=system.allocation, request=system.wants, costs=costs[:count]
    )
    best = []
    for size in range(count + 1):
        for victims in combinations(range(count), size):
            stay = [n for n in range(count) if n not in victims]
            available = system.available
            for n in victims:
                available = plus(available, system.allocation[n])
            rest = System(
                tuple(names[n] for n in stay), system.resources, available,
                tuple(system.allocation[n] for n in stay), tuple(system.wants[n] for n in stay),
            )  # fmt: skip
            if not deadlocked(rest):
                best.append((sum(costs[n] for n in victims), size, victims))
    assert ask("cheapest-victims", scenario) == {names[n] for n in min(best)[2]}


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 8))
@pytest.mark.opinion("brute force: every state of holdings that can be reached")
def test_the_bound_holds_exactly_where_no_order_of_requests_deadlocks(processes, most, units_):
    assume(most <= units_)
    start = (0,) * processes
    seen, line, stuck = {start}, [start], False
    while line:
        state = line.pop()
        after = []
        for n, held in enumerate(state):
            if held < most and sum(state) < units_:
                after.append((*state[:n], held + 1, *state[n + 1 :]))
            if held == most:
                after.append((*state[:n], 0, *state[n + 1 :]))
        stuck |= not after
        fresh = [one for one in after if one not in seen]
        seen.update(fresh)
        line += fresh
    assert ask("deadlock-free-bound", make("bound", units=units_, processes=processes, most=most)) is (not stuck)
