"""Is freed what the textbook, a plain definition and CPython free?"""

import gc
import json
import weakref
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.collector import SIMULATOR, Collection, Event, Mutation, Scenario, Trace, run, tell
from sims.collector.measures import (
    collected,
    collections,
    in_reach,
    leaked_cycles,
    longest_pause,
    out_of_memory,
    overhead,
    pause_total,
    promoted,
    promotion_rate,
    survivors,
)
from sims.collector.scenario import reachable
from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import make, plain

WORKED = sorted((Path(__file__).parents[2] / "data" / "collector").glob("*.json"))
CYCLE = [{"name": "a", "refs": ["b"]}, {"name": "b", "refs": ["a", "c"]}, {"name": "c"}, {"name": "d"}]
RATES = {"kind": "mark-sweep", "allocation_rate": 1, "heap": 1000, "live": 600, "mark_cost": "1/10",
         "sweep_cost": "1/50", "time": 4000}  # fmt: skip


def graph(kind: str, *mutations: str, **fields: object) -> Trace:
    if kind == "generational":
        fields = {"nursery": 20, **fields}
    return run(SIMULATOR.scenario({"kind": kind, "mutations": list(mutations), **fields}))


def rates(**fields: object) -> Trace:
    return run(SIMULATOR.scenario({**RATES, **fields}))


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("gc-handbook-2 2, 5.5")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_derived_numbers(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == expected, name


@pytest.mark.textbook("gc-handbook-2 5.5")
def test_a_dropped_cycle_is_the_whole_trace_of_a_leak() -> None:
    trace = graph("reference-counting", "drop a", "drop d", objects=CYCLE, roots=["a", "d"])
    assert trace.events == (
        Event("start", 0),
        Event("drop", 1, "a"),
        Event("drop", 2, "d", freed=("d",)),
    )


# ── rules: graphs ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_counting_frees_at_once_and_then_what_only_that_object_held() -> None:
    chain = [{"name": "a", "refs": "b"}, {"name": "b", "refs": "c"}, {"name": "c"}, {"name": "d", "refs": "c"}]
    trace = graph("reference-counting", "drop a", "drop d", objects=chain, roots=["a", "d"])
    assert [event.freed for event in trace.graph] == [(), ("a", "b"), ("d", "c")]


@pytest.mark.rule
def test_what_a_garbage_cycle_refers_to_is_leaked_with_it() -> None:
    assert leaked_cycles(graph("reference-counting", "drop a", objects=CYCLE, roots=["a", "d"])) == {"a", "b", "c"}
    assert survivors(graph("mark-sweep", "drop a", objects=CYCLE, roots=["a", "d"])) == {"d"}


@pytest.mark.rule
def test_counting_frees_at_the_start_what_nobody_refers_to() -> None:
    trace = graph("reference-counting", objects=[{"name": "a", "refs": "b"}, {"name": "b"}], roots=[])
    assert trace.events == (Event("start", 0, freed=("a", "b")),)


@pytest.mark.rule
def test_a_tracing_run_ends_with_a_collection_unless_one_was_just_asked_for() -> None:
    assert [event.kind for event in graph("mark-sweep", "new a", "drop a").graph] == ["start", "new", "drop", "collect"]
    assert collections(graph("mark-sweep", "new a", "drop a", "collect")) == 1
    assert collections(graph("generational", "new a", "minor")) == 1
    assert collections(graph("generational", "new a")) == 1


@pytest.mark.rule
def test_a_full_heap_is_collected_before_it_is_out_of_memory() -> None:
    trace = graph("mark-sweep", "new a", "new b", "drop a", "new c", "new d", "new e", heap=3)
    assert collected(trace) == {"a"}
    assert out_of_memory(trace) == 6
    assert survivors(trace) == {"b", "c", "d"}
    counted = graph("reference-counting", "new a", "drop a", "new b", "new c", heap=1)
    assert out_of_memory(counted) == 4
    assert out_of_memory(graph("reference-counting", "new a", "drop a", "new b", heap=1)) == "never"


@pytest.mark.rule
def test_old_garbage_keeps_what_it_refers_to_in_a_minor_collection() -> None:
    trace = graph("generational", "new a", "minor", "new b", "link a b", "drop b", "drop a")
    assert promoted(trace) == {"a", "b"}
    assert collected(trace) == frozenset()
    assert collected(graph("generational", "new a", "minor", "new b", "link a b", "drop b", "drop a", "collect")) == {
        "a",
        "b",
    }


@pytest.mark.rule
def test_an_object_is_promoted_at_the_collection_that_it_survives_as_number_promote_after() -> None:
    program = ("new a", "minor", "new b", "minor")
    assert promoted(graph("generational", *program, promote_after=1)) == {"a", "b"}
    assert promoted(graph("generational", *program, promote_after=2)) == {"a"}
    assert promoted(graph("generational", *program, promote_after=3)) == frozenset()


@pytest.mark.rule
def test_a_full_nursery_is_collected_and_survivors_that_still_fill_it_are_promoted() -> None:
    trace = graph("generational", "new a", "new b", "new c", nursery=2, promote_after=5)
    assert trace.graph[3] == Event("minor", 3, promoted=("a", "b"), kept=("a", "b"))
    spare = graph("generational", "new a", "new b", "drop b", "new c", nursery=2, promote_after=5)
    assert promoted(spare) == frozenset() | {"a", "c"}  # at the end a and c fill the nursery again
    assert spare.graph[4].freed == ("b",)
    assert spare.graph[4].promoted == ()


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"kind": "arc", "mutations": ["new", "link a", "free a", 3], "promote_after": 0, "heap": -1})
    wrong = ["kind", "mutations.0", "mutations.1", "mutations.2", "mutations.3", "heap", "promote_after"]
    assert [fault.where for fault in refused.value.faults] == wrong


@pytest.mark.rule
@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "objects: give objects, mutations or an allocation_rate"),
        ({"objects": [{"name": "a", "refs": "z"}], "roots": ["b"]}, "objects.0.refs: there is no object z; roots: there is no object b at the start"),
        ({"objects": [{"name": "a"}, {"name": "a"}]}, "objects: two objects have one name; give each its own"),
        ({"objects": [{"name": "a"}], "roots": ["a", "a"]}, "roots: one object stands there twice"),
        ({"mutations": ["new a", "drop a", "hold a"]}, "mutations.2: a can no longer be reached"),
        ({"mutations": ["new a", "new a"]}, "mutations.1: a names two objects; give each its own name"),
        ({"mutations": ["drop a"]}, "mutations.0: no variable holds a"),
        ({"mutations": ["new a", "unlink a a"]}, "mutations.1: a does not refer to a"),
        ({"mutations": ["new a", "link a b"]}, "mutations.1: there is no object b"),
        ({"kind": "generational", "mutations": ["new a"]}, "nursery: is missing; generational needs it"),
        ({"kind": "generational", "nursery": 1, "objects": [{"name": "a"}, {"name": "b"}]}, "nursery: must hold the 2 objects of the start, got 1"),
        ({**RATES, "kind": "reference-counting"}, "kind: must be mark-sweep or generational for rates, got 'reference-counting'"),
        ({**RATES, "mutations": ["new a"]}, "allocation_rate: give either objects and mutations, or rates, not both"),
        ({"kind": "generational", "allocation_rate": 1}, "heap: is missing; rates need it; time: is missing; rates need it; nursery: is missing; generational rates need it"),
    ],
)  # fmt: skip
def test_a_graph_or_rates_that_cannot_be_are_refused(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"kind": "reference-counting", **raw})
    assert str(refused.value) == message


# ── rules: rates ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_last_collection_that_is_not_reached_does_not_count() -> None:
    assert collections(rates(time=799)) == 1
    assert collections(rates(time=800)) == 2
    assert rates(time=800).events[1] == Collection(
        "collect", Fraction(880), Fraction(960), Fraction(1000), Fraction(600)
    )


@pytest.mark.rule
def test_live_data_that_does_not_fit_is_out_of_memory() -> None:
    full = rates(live=1000)
    assert out_of_memory(full) == 0
    assert full.events == ()
    for measure in (collections, pause_total, longest_pause, overhead):
        with pytest.raises(NoAnswer):
            measure(full)
    with pytest.raises(NoAnswer, match="no collection"):
        longest_pause(rates(time=1))


@pytest.mark.rule
def test_too_many_collections_are_a_limit() -> None:
    with pytest.raises(Limit, match="at most 100000"):
        rates(time=1_000_000, allocation_rate=1000)


@pytest.mark.rule
def test_the_mistakes_are_the_classic_ones() -> None:
    def mistaken(name: str, measure: str, trace: Trace) -> Any:
        mistake = SIMULATOR.mistake(name)
        assert mistake.applies_to(measure)
        of = SIMULATOR.measure(measure).of
        return of(run(mistake.rule(trace.scenario))) if mistake.rule else mistake.measures[measure](trace)

    trace = rates()
    assert mistaken("heap-drives-marking", "longest-pause", trace) == 120
    assert mistaken("live-only-frequency", "longest-pause", trace) == 20
    assert mistaken("sweep-forgotten", "longest-pause", trace) == 60
    assert mistaken("live-forgotten", "collections", trace) == 4
    assert mistaken("collections-rounded-up", "collections", rates(time=4001)) == 11
    assert mistaken("overhead-of-computing-time", "overhead", trace) == Fraction(1, 5)
    assert mistaken("pressure-is-a-leak", "out-of-memory", trace) == 400
    young = run(make(Scenario, {"kind": "generational", "allocation_rate": 2, "heap": 100, "nursery": 10, "time": 10,
                                "survival": "1/4", "promote_after": 2}))  # fmt: skip
    assert promotion_rate(young) == Fraction(1, 8)
    assert mistaken("promote-age-off-by-one", "promotion-rate", young) == Fraction(1, 32)
    assert mistaken("promoted-at-once", "promotion-rate", young) == Fraction(1, 2)
    assert mistaken("dead-promoted", "promotion-rate", young) == Fraction(9, 8)
    cycle = graph("reference-counting", "drop a", "drop d", objects=CYCLE, roots=["a", "d"])
    assert mistaken("cycles-freed-by-counting", "leaked-cycles", cycle) == frozenset()
    assert mistaken("the-system-collects", "survivors", cycle) == {"a", "b", "c", "d"}
    traced = graph("mark-sweep", "drop d", objects=CYCLE, roots=["a", "d"])
    assert mistaken("roots-only", "survivors", traced) == {"a"}
    assert mistaken("referenced-survives", "survivors", graph("mark-sweep", "drop a", objects=CYCLE, roots=["a"])) == {
        "a", "b", "c",
    }  # fmt: skip
    old = graph("generational", "new a", "minor", "drop a")
    assert mistaken("minor-frees-all-garbage", "survivors", old) == frozenset()
    full = graph("mark-sweep", "new a", "drop a", "new b", heap=1)
    assert (out_of_memory(full), mistaken("pressure-is-a-leak", "out-of-memory", full)) == ("never", 3)


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def graphs(draw: st.DrawFn, kind: str = "mark-sweep") -> Scenario:
    """Up to 6 objects with random references, some held, then up to 8 mutations that the program can do."""
    names = list("abcdef")[: draw(st.integers(1, 6))]
    refs = {name: draw(st.lists(st.sampled_from(names), max_size=3)) for name in names}
    roots = set(draw(st.lists(st.sampled_from(names), max_size=3)))
    objects = [{"name": name, "refs": list(refs[name])} for name in names]
    start = sorted(roots)
    mutations = []
    for step in range(draw(st.integers(0, 8))):
        near = reachable(sorted(roots), refs)
        choices = [Mutation("drop", name) for name in sorted(roots)]
        choices += [Mutation("unlink", name, ref) for name in near for ref in refs[name]]
        choices += [Mutation("link", name, other) for name in near for other in near]
        choices += [Mutation("hold", name) for name in near] + [Mutation("new", f"n{step}")]
        if kind == "generational":
            choices += [Mutation("minor"), Mutation("collect")]
        mutation = draw(st.sampled_from(choices))
        mutations.append(mutation)
        if mutation.op == "new":
            refs[mutation.name] = []
            roots.add(mutation.name)
        elif mutation.op == "hold":
            roots.add(mutation.name)
        elif mutation.op == "drop":
            roots.discard(mutation.name)
        elif mutation.op == "link":
            refs[mutation.name].append(mutation.other)
        elif mutation.op == "unlink":
            refs[mutation.name].remove(mutation.other)
    nursery = draw(st.integers(6, 14)) if kind == "generational" else None
    raw = {"kind": kind, "objects": objects, "roots": start, "mutations": mutations, "nursery": nursery}
    return make(Scenario, {**raw, "promote_after": draw(st.integers(1, 3))})


@pytest.mark.law
@given(graphs())
def test_a_full_tracing_collection_keeps_exactly_what_is_reachable(scenario: Scenario) -> None:
    trace = run(scenario)
    assert survivors(trace) == in_reach(trace)
    assert not survivors(trace) & collected(trace)


@pytest.mark.law
@given(graphs("generational"))
def test_no_collector_frees_what_can_be_reached(scenario: Scenario) -> None:
    for kind in ("reference-counting", "mark-sweep", "generational"):
        trace = run(replace(scenario, kind=kind))
        assert in_reach(trace) <= survivors(trace)
    full = run(replace(scenario, mutations=(*scenario.mutations, Mutation("collect"))))
    assert survivors(full) == in_reach(full)


@pytest.mark.law
@given(graphs("reference-counting"))
def test_counting_leaves_exactly_the_garbage_that_a_garbage_cycle_reaches(scenario: Scenario) -> None:
    trace = run(scenario)
    final = nx.MultiDiGraph()
    for name, refs in final_references(scenario).items():
        final.add_node(name)
        final.add_edges_from((name, ref) for ref in refs)
    garbage = final.subgraph(set(final) - in_reach(trace))
    on_a_cycle = {name for part in nx.strongly_connected_components(garbage) if len(part) > 1 for name in part}
    on_a_cycle |= {name for name in garbage if garbage.has_edge(name, name)}
    kept = on_a_cycle | {name for cyclic in on_a_cycle for name in nx.descendants(garbage, cyclic)}
    assert leaked_cycles(trace) == kept


def final_references(scenario: Scenario) -> dict[str, list[str]]:
    """All references at the end, garbage included."""
    refs = {each.name: list(each.refs) for each in scenario.objects}
    for mutation in scenario.mutations:
        if mutation.op == "new":
            refs[mutation.name] = []
        elif mutation.op == "link":
            refs[mutation.name].append(mutation.other)
        elif mutation.op == "unlink":
            refs[mutation.name].remove(mutation.other)
    return refs


AMOUNTS = st.integers(1, 400)


@pytest.mark.law
@given(AMOUNTS, AMOUNTS, AMOUNTS, st.integers(0, 9), st.integers(0, 9), st.integers(1, 40))
def test_the_cost_per_allocated_byte_is_mark_live_plus_sweep_heap_over_what_is_free(
    live: int, more: int, time: int, mark: int, sweep: int, speed: int
) -> None:
    trace = rates(live=live, heap=live + more, time=time, mark_cost=mark, sweep_cost=sweep, allocation_rate=speed)
    allocated = collections(trace) * more
    assert pause_total(trace) == allocated * Fraction(mark * live + sweep * (live + more), more)
    slower = rates(live=live, heap=live + more, time=time, allocation_rate=Fraction(speed, 2))
    assert 0 <= collections(trace) - 2 * collections(slower) <= 1
    assert 0 <= overhead(trace) < 1
    end = Fraction(0)
    for event in trace.events:
        assert isinstance(event, Collection)
        assert event.start - end == Fraction(more, speed)
        end = event.end
    assert end <= time + pause_total(trace)


@pytest.mark.law
@given(graphs("generational"), st.sampled_from(("reference-counting", "mark-sweep", "generational")))
def test_the_worked_solution_ends_with_the_answer(scenario: Scenario, kind: str) -> None:
    for trace in (run(replace(scenario, kind=kind)), rates(), rates(kind="generational", nursery=10)):
        for measure in SIMULATOR.measures:
            if measure.applies(trace.scenario):
                assert measure.steps(trace)[-1].value == measure.of(trace), measure.name
        assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


class Node:
    """An object that CPython counts and collects."""

    __slots__ = ("__weakref__", "refs")

    def __init__(self) -> None:
        self.refs: list[Node] = []


def in_cpython(scenario: Scenario) -> tuple[list[set[str]], set[str]]:
    """The objects that die at the start and at each mutation, by counting alone; and who is left after gc.collect."""
    nodes = {each.name: Node() for each in scenario.objects}
    for each in scenario.objects:
        nodes[each.name].refs += [nodes[ref] for ref in each.refs]
    watched = {name: weakref.ref(node) for name, node in nodes.items()}
    held = {name: nodes[name] for name in scenario.roots}
    nodes.clear()
    deaths, dead = [], set[str]()

    def look() -> None:
        now = {name for name, ref in watched.items() if ref() is None}
        deaths.append(now - dead)
        dead.update(now)

    look()
    for mutation in scenario.mutations:
        if mutation.op == "new":
            held[mutation.name] = Node()
            watched[mutation.name] = weakref.ref(held[mutation.name])
        elif mutation.op == "drop":
            del held[mutation.name]
        elif mutation.op == "hold":
            held[mutation.name] = _alive(watched[mutation.name])
        elif mutation.op == "link":
            _alive(watched[mutation.name]).refs.append(_alive(watched[mutation.other]))
        elif mutation.op == "unlink":
            _alive(watched[mutation.name]).refs.remove(_alive(watched[mutation.other]))
        look()
    gc.collect()
    return deaths, {name for name, ref in watched.items() if ref() is not None}


def _alive(ref: "weakref.ref[Node]") -> Node:
    node = ref()
    assert node is not None
    return node


@pytest.mark.opinion("CPython: weak references, counting alone, then gc.collect")
@given(graphs("reference-counting"))
def test_cpython_frees_the_same_objects_at_the_same_moment(scenario: Scenario) -> None:
    gc.disable()
    gc.freeze()  # leaves everything else alone, which makes gc.collect quick
    try:
        deaths, left = in_cpython(scenario)
    finally:
        gc.unfreeze()
        gc.enable()
    counted = run(scenario)
    assert deaths == [set(event.freed) for event in counted.graph]
    assert left == survivors(run(replace(scenario, kind="mark-sweep")))


@pytest.mark.opinion("a plainer nursery: every object with its age, looked at one by one")
@given(graphs("generational"))
def test_a_plainer_nursery_frees_and_promotes_the_same_objects(scenario: Scenario) -> None:
    scenario = replace(scenario, nursery=Fraction(100))
    refs = {each.name: list(each.refs) for each in scenario.objects}
    held, age, old, freed = set(scenario.roots), dict.fromkeys(refs, 0), set[str](), set[str]()
    last = scenario.mutations[-1].op if scenario.mutations else ""
    for mutation in (*scenario.mutations, *([] if last in ("minor", "collect") else [Mutation("minor")])):
        if mutation.op == "new":
            refs[mutation.name], age[mutation.name] = [], 0
        match mutation.op:
            case "new" | "hold":
                held.add(mutation.name)
            case "drop":
                held.discard(mutation.name)
            case "link":
                refs[mutation.name].append(mutation.other)
            case "unlink":
                refs[mutation.name].remove(mutation.other)
            case "minor" | "collect":
                net = nx.DiGraph([(name, ref) for name in refs for ref in refs[name]])
                net.add_nodes_from(refs)
                start = held | (old if mutation.op == "minor" else set())
                keep = start | {name for first in start for name in nx.descendants(net, first)}
                dead = {name for name in refs if name not in keep and (mutation.op == "collect" or name not in old)}
                freed |= dead
                old -= dead
                refs = {name: found for name, found in refs.items() if name not in dead}
                age = {name: years + 1 for name, years in age.items() if name not in dead}
                old |= {name for name in age if age[name] >= scenario.promote_after}
    trace = run(scenario)
    assert collected(trace) == freed
    assert promoted(trace) == old
