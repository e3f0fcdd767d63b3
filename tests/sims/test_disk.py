"""Does the arm go where the textbook says, and where a plainer arm goes?"""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.declare import Invalid, NoAnswer
from sims.disk import SIMULATOR, Move, Request, Scenario, Trace, run, tell
from sims.disk.arm import POLICIES
from sims.disk.measures import longest_wait, movement, order

WORKED = sorted((Path(__file__).parents[2] / "data" / "disk").glob("*.json"))
SWEEPING = ("scan", "c-scan", "look", "c-look")


def disk(policy: str, head: int, *requests: object, cylinders: int = 200, direction: str = "up") -> Trace:
    raw = {"policy": policy, "cylinders": cylinders, "head": head, "direction": direction, "requests": list(requests)}
    return run(SIMULATOR.scenario(raw))


def at(cylinder: int, arrival: int) -> dict[str, int]:
    return {"cylinder": cylinder, "arrival": arrival}


@st.composite
def scenarios(draw: st.DrawFn, policies: tuple[str, ...] = POLICIES, latest: int = 30) -> Scenario:
    """Small disks: `sstf, 12 cylinders, head 5, down, requests 3 at 0, 3 at 7, 11 at 2`."""
    cylinders = draw(st.integers(1, 20))
    place = st.integers(0, cylinders - 1)
    asked = st.builds(Request, cylinder=place, arrival=st.integers(0, latest))
    return Scenario(
        policy=draw(st.sampled_from(policies)),
        cylinders=cylinders,
        head=draw(place),
        direction=draw(st.sampled_from(("up", "down"))),
        requests=tuple(draw(st.lists(asked, min_size=1, max_size=8))),
    )


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 11.2, silberschatz-9 10.4")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_order_and_movement(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        value = SIMULATOR.measure(name).of(trace)
        assert value == (tuple(expected) if isinstance(expected, list) else expected), name


@pytest.mark.textbook("silberschatz-10 11.2.2, figure 11.7")
def test_scan_down_makes_exactly_the_published_moves() -> None:
    trace = disk("scan", 53, 98, 183, 37, 122, 14, 124, 65, 67, direction="down")
    assert trace.events == (
        Move("serve", 0, 53, 37, 16, 2),
        Move("serve", 16, 37, 14, 39, 4),
        Move("end", 39, 14, 0, 53),
        Move("serve", 53, 0, 65, 118, 6),
        Move("serve", 118, 65, 67, 120, 7),
        Move("serve", 120, 67, 98, 151, 0),
        Move("serve", 151, 98, 122, 175, 3),
        Move("serve", 175, 122, 124, 177, 5),
        Move("serve", 177, 124, 183, 236, 1),
    )


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_sstf_between_two_equally_near_goes_on_in_its_direction() -> None:
    assert order(disk("sstf", 50, 40, 60, direction="up")) == (60, 40)
    assert order(disk("sstf", 50, 40, 60, direction="down")) == (40, 60)


@pytest.mark.rule
def test_sstf_takes_its_direction_from_its_last_move() -> None:
    assert order(disk("sstf", 50, 45, 40, 50, direction="up")) == (50, 45, 40)
    assert order(disk("sstf", 50, 48, 45, 51, direction="down")) == (51, 48, 45)
    assert order(disk("sstf", 50, 52, 54, 56, at(58, 9), at(46, 3), direction="down")) == (52, 54, 56, 46, 58)


@pytest.mark.rule
def test_fcfs_serves_by_arrival_and_not_by_place_in_the_list() -> None:
    assert order(disk("fcfs", 0, at(30, 0), at(90, 7), at(10, 3))) == (30, 10, 90)
    assert order(disk("fcfs", 0, at(30, 0), at(90, 7), at(10, 7))) == (30, 90, 10)


@pytest.mark.rule
@pytest.mark.parametrize("policy", ["fcfs", "sstf"])
def test_fcfs_and_sstf_do_not_change_their_mind_on_the_way(policy: str) -> None:
    assert order(disk(policy, 0, at(100, 0), at(50, 10))) == (100, 50)


@pytest.mark.rule
@pytest.mark.parametrize("policy", SWEEPING)
def test_a_sweep_serves_what_it_comes_past(policy: str) -> None:
    assert order(disk(policy, 0, at(100, 0), at(50, 10))) == (50, 100)


@pytest.mark.rule
def test_a_request_that_arrives_as_the_arm_does_is_no_stop_on_the_way() -> None:
    assert [move.kind for move in disk("scan", 0, at(100, 0), at(50, 100)).events] == ["serve", "end", "serve"]
    assert [move.kind for move in disk("scan", 0, at(100, 0), at(50, 40)).events] == ["pass", "serve", "serve"]


@pytest.mark.rule
def test_scan_does_not_go_to_the_edge_when_nothing_remains_for_afterwards() -> None:
    assert disk("scan", 50, 60, 70).events[-1].target == 70
    assert disk("c-scan", 50, 60, 70).events[-1].target == 70


@pytest.mark.rule
def test_the_last_sweep_stops_at_the_last_request() -> None:
    assert movement(disk("scan", 50, 60, 40)) == 149 + 159


@pytest.mark.rule
def test_a_request_that_arrives_while_scan_is_on_its_way_to_the_edge_is_served_on_the_way() -> None:
    assert order(disk("scan", 50, 60, 40, at(190, 20))) == (60, 190, 40)


@pytest.mark.rule
def test_a_request_at_the_head_is_served_at_once() -> None:
    for policy in POLICIES:
        trace = disk(policy, 50, 50)
        assert trace.events == (Move("serve", 0, 50, 50, 0, 0),)
        assert tell(trace, 0) == "At 0 the request for 50 is served where the arm stands."


@pytest.mark.rule
def test_an_idle_arm_stays_where_it_is() -> None:
    trace = disk("scan", 50, at(60, 5))
    assert trace.events == (Move("idle", 0, 50, 50, 5), Move("serve", 5, 50, 60, 15, 0))
    assert longest_wait(trace) == 10


@pytest.mark.rule
def test_the_return_serves_nothing_and_counts_as_movement() -> None:
    trace = disk("c-look", 50, 60, at(20, 0), 10)
    assert [(move.kind, move.target) for move in trace.events] == [
        ("serve", 60),
        ("return", 10),
        ("serve", 10),
        ("serve", 20),
    ]
    assert movement(trace) == 10 + 50 + 0 + 10


@pytest.mark.rule
def test_of_two_requests_for_one_cylinder_the_earlier_in_the_list_is_served_first() -> None:
    for policy in POLICIES:
        assert [move.request for move in disk(policy, 0, 7, 7, 7).events] == [0, 1, 2]


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"policy": "sjf", "cylinders": 0, "head": -1, "requests": [3, {"cylinder": "x"}, {"cylindre": 4}]}
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario(raw)
    assert [fault.where for fault in refused.value.faults] == [
        "policy",
        "cylinders",
        "head",
        "requests.1.cylinder",
        "requests.2.cylindre",
        "requests.2.cylinder",
    ]


@pytest.mark.rule
def test_head_and_requests_must_lie_on_the_disk() -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"policy": "fcfs", "cylinders": 10, "head": 10, "requests": [9, 10]})
    assert [str(fault) for fault in refused.value.faults] == [
        "head: must be below cylinders (10), got 10",
        "requests.1.cylinder: must be below cylinders (10), got 10",
    ]


@pytest.mark.rule
def test_the_mistakes_are_the_classic_ones() -> None:
    scenario = disk("scan", 53, 98, 183, 37, 122, 14, 124, 65, 67, direction="up").scenario
    given_ = {
        "turns-at-last-request": 299,
        "wrong-direction": 236,
        "sstf-instead": 236,
        "fcfs-instead": 640,
        "sweep-to-the-end": 146 + 199,
    }
    for name, expected in given_.items():
        rule = SIMULATOR.mistake(name).rule
        assert rule is not None
        assert movement(run(rule(scenario))) == expected, name
    circular = run(replace(scenario, policy="c-scan"))
    assert SIMULATOR.mistake("return-not-counted").measures["movement"](circular) == 146 + 37
    with pytest.raises(NoAnswer):
        SIMULATOR.mistake("return-not-counted").measures["movement"](run(scenario))
    tie = SIMULATOR.mistake("tie-turns").rule
    assert tie is not None
    assert order(run(tie(disk("sstf", 50, 40, 60).scenario))) == (40, 60)


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@given(scenarios())
def test_every_request_is_served_once_and_not_before_it_arrives(scenario: Scenario) -> None:
    served = [move for move in run(scenario).events if move.request is not None]
    assert sorted(move.request for move in served) == list(range(len(scenario.requests)))
    for move in served:
        assert move.target == scenario.requests[move.request].cylinder
        assert move.end >= scenario.requests[move.request].arrival


@pytest.mark.law
@given(scenarios())
def test_the_arm_moves_without_a_jump_one_cylinder_a_tick(scenario: Scenario) -> None:
    head, now = scenario.head, 0
    for move in run(scenario).events:
        assert (move.origin, move.start) == (head, now)
        assert move.kind == "idle" or move.end - move.start == move.distance
        assert 0 <= move.target < scenario.cylinders
        head, now = move.target, move.end


@pytest.mark.law
@given(scenarios(latest=0))
def test_look_never_moves_farther_than_scan_and_c_look_never_than_c_scan(scenario: Scenario) -> None:
    way = {policy: movement(run(replace(scenario, policy=policy))) for policy in SWEEPING}
    assert way["look"] <= way["scan"]
    assert way["c-look"] <= way["c-scan"]


@pytest.mark.law
@given(scenarios())
def test_a_mirrored_disk_mirrors_the_way(scenario: Scenario) -> None:
    top = scenario.cylinders - 1
    mirrored = replace(
        scenario,
        head=top - scenario.head,
        direction="down" if scenario.direction == "up" else "up",
        requests=tuple(replace(request, cylinder=top - request.cylinder) for request in scenario.requests),
    )
    assert order(run(mirrored)) == tuple(top - cylinder for cylinder in order(run(scenario)))
    assert movement(run(mirrored)) == movement(run(scenario))


@pytest.mark.law
@given(scenarios(latest=0))
def test_no_policy_crosses_fewer_cylinders_than_one_turn_needs(scenario: Scenario) -> None:
    low = min(scenario.head, *(request.cylinder for request in scenario.requests))
    high = max(scenario.head, *(request.cylinder for request in scenario.requests))
    least = (high - low) + min(high - scenario.head, scenario.head - low)
    assert movement(run(scenario)) >= least


@pytest.mark.law
@given(scenarios())
def test_the_worked_solution_ends_with_the_answer(scenario: Scenario) -> None:
    trace = run(scenario)
    assert tuple(step.value for step in SIMULATOR.measure("order").steps(trace)) == order(trace)
    for name in ("movement", "longest-wait"):
        measure = SIMULATOR.measure(name)
        assert measure.steps(trace)[-1].value == measure.of(trace)
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


def by_unit(scenario: Scenario) -> tuple[list[int], int, dict[int, int]]:
    """A plainer arm, one cylinder a tick: cylinders in order of service, cylinders crossed, tick of each service."""
    head, now, moved, step = scenario.head, 0, 0, 1 if scenario.direction == "up" else -1
    waiting, served, target, back = dict(enumerate(scenario.requests)), {}, None, None
    order_ = []
    while waiting:
        here = {index: request for index, request in waiting.items() if request.arrival <= now}
        if back == head:
            back = None
        if back is None and scenario.policy in ("fcfs", "sstf") and target is None and here:
            if scenario.policy == "fcfs":
                target = min(here, key=lambda index: (here[index].arrival, index))
            else:
                far = {i: abs(r.cylinder - head) for i, r in here.items()}
                target = min(far, key=lambda i: (far[i], (here[i].cylinder - head) * step < 0, i))
        if back is None:
            hit = [i for i, r in here.items() if r.cylinder == head and target in (None, i)]
            if hit:
                order_.append(head)
                served[hit[0]] = now
                del waiting[hit[0]]
                target = None
                continue
        if target is not None:
            step = 1 if waiting[target].cylinder > head else -1
        elif back is None and here and not any((r.cylinder - head) * step > 0 for r in here.values()):
            edge = scenario.cylinders - 1 if step > 0 else 0
            if scenario.policy in ("look", "scan") and (scenario.policy == "look" or head == edge):
                step = -step
            elif scenario.policy == "c-look":
                back = min(r.cylinder for r in here.values()) if step > 0 else max(r.cylinder for r in here.values())
            elif scenario.policy == "c-scan" and head == edge:
                back = scenario.cylinders - 1 - edge
        if here or back is not None:
            head += step if back is None else (1 if back > head else -1)
            moved += 1
        now += 1
    return order_, moved, served


@pytest.mark.opinion("a plainer arm, unit by unit")
@given(scenarios())
def test_an_arm_that_moves_unit_by_unit_agrees(scenario: Scenario) -> None:
    trace = run(scenario)
    order_, moved, served = by_unit(scenario)
    assert order(trace) == tuple(order_)
    assert movement(trace) == moved
    assert longest_wait(trace) == max(served[i] - r.arrival for i, r in enumerate(scenario.requests))


@pytest.mark.opinion("closed form")
@given(scenarios(policies=("fcfs",)))
def test_fcfs_is_the_sum_of_the_distances_in_order_of_arrival(scenario: Scenario) -> None:
    places = [scenario.head, *(r.cylinder for r in sorted(scenario.requests, key=lambda r: r.arrival))]
    assert movement(run(scenario)) == sum(abs(b - a) for a, b in pairwise(places))


@pytest.mark.parametrize("policy", POLICIES)
def test_ten_thousand_requests_are_served(policy: str) -> None:
    requests = [{"cylinder": index * 7919 % 999_983, "arrival": index} for index in range(10_000)]
    trace = disk(policy, 0, *requests, cylinders=1_000_000)
    assert len(order(trace)) == 10_000
