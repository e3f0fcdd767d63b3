"""What does a recipe ask for, within which limits, and what does it make of the answers?

A question's name stands for what its recipe makes of the draws. Each case names every draw that is asked for as
`path: (what is drawn, least, most)`, and the scenario that the recipe's own sentence then promises.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from sims.declare import Invalid
from sims.fields import make, plain
from sims.listed import simulator as listed


class Case(NamedTuple):
    """One recipe, its parameters, all its draws, and fields of the scenario; None: it is refused."""

    simulator: str
    recipe: str
    wish: Mapping[str, Any]
    draws: Mapping[str, tuple[int, int, int]]
    made: Mapping[str, Any] | None


def under(prefix: str, **draws: tuple[int, int, int]) -> dict[str, tuple[int, int, int]]:
    return {f"{prefix}.{name}": drawn for name, drawn in draws.items()}


def row(prefix: str, low: int, high: int, *values: int) -> dict[str, tuple[int, int, int]]:
    """prefix.0, prefix.1, … drawn from low to high."""
    return {f"{prefix}.{n}": (value, low, high) for n, value in enumerate(values)}


READINESS = [
    Case(
        "readiness", "story", {"mode": "edge", "count": 9, "longest": 20},
        {
            "first": (9, 2, 20),
            "events.1.kind": (2, 0, 9),  # 0 to 2: a wait
            "events.2.kind": (3, 0, 9),  # 3 and 4: a wait, unless the last one was; then a read
            "events.2.read": (4, 1, 8),
            "events.3.kind": (4, 0, 9),
            "events.4.kind": (6, 0, 9),  # 5 and 6: a read that leaves something
            "events.4.read": (1, 1, 4),
            "events.5.kind": (5, 0, 9),  # never two reads in a row: an arrival
            "events.5.arrive": (7, 1, 20),
            "events.6.kind": (7, 0, 9),  # 7: everything is read
            "events.7.kind": (8, 0, 9),  # 8: armed again
            "events.8.kind": (9, 0, 9),  # 9: more arrives
            "events.8.arrive": (20, 1, 20),
        },
        {"mode": "edge", "events": ["arrive 9", "wait", "read 4", "wait", "read 1", "arrive 7", "drain", "rearm",
                                    "arrive 20", "wait"]},
    ),
    Case(
        "readiness", "story", {"mode": "edge", "count": 4, "longest": 5},
        {
            "first": (2, 2, 5),
            "events.1.kind": (7, 0, 9),
            "events.2.kind": (7, 0, 9),  # nothing is unread
            "events.2.arrive": (1, 1, 5),
            "events.3.kind": (5, 0, 9),  # one byte: a short read would leave nothing
            "events.3.arrive": (2, 1, 5),
        },
        {"events": ["arrive 2", "drain", "arrive 1", "arrive 2", "wait"]},
    ),
    Case(
        "readiness", "story", {"mode": "oneshot", "count": 4, "longest": 5},
        {"first": (2, 2, 5), "events.1.kind": (8, 0, 9), "events.2.kind": (8, 0, 9), "events.2.arrive": (3, 1, 5),
         "events.3.kind": (5, 0, 9), "events.3.read": (4, 1, 4)},
        {"events": ["arrive 2", "rearm", "arrive 3", "read 4", "wait"]},  # never armed twice in a row
    ),
    Case(
        "readiness", "story", {"mode": "level", "count": 3, "longest": 5},
        {"first": (2, 2, 5), "events.1.kind": (8, 0, 9), "events.1.arrive": (3, 1, 5), "events.2.kind": (0, 0, 9)},
        {"events": ["arrive 2", "arrive 3", "wait", "wait"]},  # level mode is not armed
    ),
    Case(
        "readiness", "story", {"mode": "edge", "count": 3, "longest": 5, "rearming": False},
        {"first": (2, 2, 5), "events.1.kind": (8, 0, 9), "events.1.arrive": (3, 1, 5), "events.2.kind": (1, 0, 9)},
        {"events": ["arrive 2", "arrive 3", "wait", "wait"]},
    ),
]  # fmt: skip

ALLOCATOR = [
    Case(
        "allocator", "holes",
        {"size": 1000, "fit": "best", "header": 8, "align": 4, "coalesce": False, "blocks": 4, "frees": 2, "again": 2,
         "smallest": 10, "largest": 90, "realloc": True},
        {
            "first.a": (10, 10, 90), "first.b": (20, 10, 90), "first.c": (30, 10, 90), "first.d": (90, 10, 90),
            "free.0": (1, 0, 3), "free.1": (2, 0, 2),  # b, then d out of a, c, d
            "resized": (1, 0, 1), "resize": (50, 10, 90), "again.e": (40, 10, 90), "again.f": (60, 10, 90),
        },
        {
            "size": 1000, "fit": "best", "header": 8, "align": 4, "coalesce": False,
            "operations": ["a = malloc 10", "b = malloc 20", "c = malloc 30", "d = malloc 90", "free b", "free d",
                           "realloc c 50", "e = malloc 40", "f = malloc 60"],
        },
    ),
    Case(  # one block stays, however many frees are asked for; a largest below the smallest is the smallest
        "allocator", "holes",
        {"size": 500, "fit": "first", "blocks": 2, "frees": 8, "again": 1, "smallest": 50, "largest": 5},
        {"first.a": (50, 50, 50), "first.b": (50, 50, 50), "free.0": (0, 0, 1), "again.c": (50, 50, 50)},
        {"header": 0, "align": 1, "coalesce": True,
         "operations": ["a = malloc 50", "b = malloc 50", "free a", "c = malloc 50"]},
    ),
    Case(
        "allocator", "pointers", {"variables": 2, "steps": 8},
        {
            "bytes.0": (3, 1, 9),  # the first step makes the first variable
            "fresh.1": (1, 0, 2), "name.1": (0, 0, 0), "op.1": (0, 0, 3), "bytes.1": (1, 1, 9),
            "fresh.2": (0, 0, 2), "bytes.2": (9, 1, 9),
            "name.3": (1, 0, 1), "op.3": (1, 0, 3), "bytes.3": (1, 1, 9),  # no third variable: no draw for one
            "name.4": (0, 0, 1), "op.4": (2, 0, 3), "bytes.4": (1, 1, 9),
            "name.5": (1, 0, 1), "op.5": (3, 0, 3), "bytes.5": (2, 1, 9),
            "name.6": (0, 0, 1), "op.6": (1, 0, 3), "bytes.6": (1, 1, 9),
            "name.7": (1, 0, 1), "op.7": (0, 0, 3), "bytes.7": (1, 1, 9),
        },
        {"size": 4096, "operations": ["a = malloc 24", "free a", "b = malloc 72", "use b", "free a", "b = malloc 16",
                                      "use a", "free b"]},
    ),
]  # fmt: skip

PROCESSES = [
    Case("processes", "forks", {"forks": 3}, {}, {"program": "fork\nfork\nfork"}),
    Case(
        "processes", "forks", {"forks": 4, "logic": True},
        {"joined": (1, 0, 1), "sign.0": (0, 0, 1), "sign.1": (1, 0, 1), "place": (1, 0, 1)},
        {"program": "fork\nfork && fork || fork"},
    ),
    Case(
        "processes", "forks", {"forks": 4, "logic": True},
        {"joined": (0, 0, 1), "sign.0": (1, 0, 1), "place": (1, 0, 2)},
        {"program": "fork\nfork || fork\nfork"},
    ),
    Case("processes", "forks", {"forks": 1, "logic": True}, {"joined": (1, 0, 1), "place": (0, 0, 0)},
         {"program": "fork"}),
    Case(
        "processes", "prints", {"forks": 1, "words": 3, "buffering": "full", "guards": True, "loose": True,
                                "flush": True, "exec": True},
        {
            "place.0": (1, 0, 1), "loose.0": (1, 0, 1), "who.0": (1, 0, 2),
            "place.1": (2, 0, 2), "loose.1": (0, 0, 1), "who.1": (2, 0, 2),
            "place.2": (0, 0, 3), "loose.2": (0, 0, 1), "who.2": (1, 0, 2),  # no fork before it: no guard
            "flush": (1, 1, 4), "exec": (1, 0, 1),
        },
        {"buffering": "full",
         "program": "print c\nflush\nfork\nif child { print -n a }\nif parent { print b }\nif parent { exec }"},
    ),
    Case(
        "processes", "prints", {"forks": 2, "words": 2, "buffering": "line"},
        {"place.0": (1, 0, 2), "who.0": (2, 0, 2), "place.1": (3, 0, 3), "who.1": (0, 0, 2)},
        {"program": "fork\nprint a\nfork\nprint b"},
    ),
    Case(
        "processes", "prints", {"forks": 1, "words": 1, "buffering": "none", "guards": True, "exec": True},
        {"place.0": (1, 0, 1), "who.0": (0, 0, 2), "exec": (0, 0, 1)},
        {"program": "fork\nprint a\nif child { exec }"},
    ),
    Case(
        "processes", "family", {"children": 2, "grandchildren": 2, "subreaper": True},
        {
            "below.0": (2, 0, 2), "grandchild.0.0": (0, 0, 2), "grandchild.0.1": (1, 0, 2), "child.0": (2, 0, 2),
            "wait.0": (1, 0, 1), "below.1": (0, 0, 2), "child.1": (1, 0, 2), "wait.1": (1, 0, 1),
            "subreaper": (1, 0, 1),
        },
        {"subreaper": "P0",
         "program": "fork; if child { fork; if child { exit }; fork; if child { pause }; exit }\n"
                    "fork; if child { pause }\nwait\nwait"},
    ),
    Case(
        "processes", "family", {"children": 1, "grandchildren": 0, "subreaper": True},
        {"below.0": (0, 0, 0), "child.0": (0, 0, 2), "wait.0": (0, 0, 1), "subreaper": (0, 0, 1)},
        {"subreaper": "none", "program": "fork; if child { exit }"},
    ),
    Case(
        "processes", "writers", {"pages": 8, "forks": 3},
        {"pages.0": (8, 1, 8), "who.0": (0, 0, 2), "pages.1": (1, 1, 8), "who.1": (1, 0, 2), "pages.2": (3, 1, 8),
         "who.2": (2, 0, 2)},
        {"pages": 8, "program": "fork\nif child { touch 8 }\nfork\nif parent { touch 1 }\nfork\ntouch 3"},
    ),
]  # fmt: skip

SERVER = [
    Case(
        "io", "mixed",
        {"model": "pool", "count": 2, "rounds": 2, "longest_cpu": 7, "longest_io": 9, "gap": 3, "cores": 2,
         "threads": 5, "loops": 3, "switch_cost": 1, "syscall_cost": 4, "stack_kib": 64, "descriptor_limit": 11,
         "backlog": 6},
        {
            "requests.0.segments.0": (7, 1, 7), "requests.0.segments.1": (9, 1, 9), "requests.0.segments.2": (1, 1, 7),
            "requests.1.gap": (3, 0, 3),
            "requests.1.segments.0": (2, 1, 7), "requests.1.segments.1": (3, 1, 9), "requests.1.segments.2": (4, 1, 7),
        },
        {
            "model": "pool", "cores": 2, "threads": 5, "loops": 3, "switch_cost": 1, "syscall_cost": 4,
            "stack_kib": 64, "descriptor_limit": 11, "backlog": 6,
            "requests": [{"name": "R1", "arrival": 0, "segments": [7, 9, 1]},
                         {"name": "R2", "arrival": 3, "segments": [2, 3, 4]}],
        },
    ),
    Case(
        "io", "hog", {"model": "event-loop", "count": 3, "rounds": 1, "longest_cpu": 4, "gap": 2},
        {"requests.0.segments.0": (1, 1, 4), "requests.1.gap": (1, 0, 2), "requests.1.segments.0": (2, 1, 4),
         "requests.2.gap": (2, 0, 2), "requests.2.segments.0": (3, 1, 4), "hog": (1, 0, 1)},
        {"requests": [{"name": "R1", "arrival": 0, "segments": [1]}, {"name": "R2", "arrival": 1, "segments": [12]},
                      {"name": "R3", "arrival": 3, "segments": [3]}]},  # the last to come is never the hog
    ),
    Case(
        "io", "hog", {"model": "event-loop", "count": 1, "rounds": 2},
        {**row("requests.0.segments", 1, 4, 1), "requests.0.segments.1": (5, 1, 6), "requests.0.segments.2": (2, 1, 4),
         "hog": (0, 0, 0)},
        {"requests": [{"name": "R1", "arrival": 0, "segments": [12, 5, 2]}]},
    ),
]  # fmt: skip

THRASHING = [
    Case(
        "thrashing", "mix",
        {"replacement": "local-lru", "processes": 2, "frames": 6, "pages": 3, "references": 3, "window": 7,
         "fault_time": 8, "stray": 30, "least": 2},
        {
            "processes.0.references.0.stray": (31, 1, 100), "processes.0.references.0": (2, 0, 2),
            "processes.0.references.1.stray": (30, 1, 100),  # a stray: the page behind, and the locality moves on
            "processes.0.references.2.stray": (100, 1, 100), "processes.0.references.2": (0, 0, 2),
            "processes.1.references.0.stray": (1, 1, 100),
            "processes.1.references.1.stray": (1, 1, 100),
            "processes.1.references.2.stray": (99, 1, 100), "processes.1.references.2": (1, 0, 2),
        },
        {
            "replacement": "local-lru", "frames": 6, "window": 7, "fault_time": 8, "degree": [2, 2],
            "processes": [{"name": "P1", "references": [2, 3, 1], "phases": []},
                          {"name": "P2", "references": [3, 4, 3], "phases": []}],
        },
    ),
    Case(
        "thrashing", "mix", {"processes": 2, "frames": 6, "pages": 1, "references": 1, "least": 1},
        {"processes.0.references.0.stray": (1, 1, 100), "processes.0.references.0": (0, 0, 0),
         "processes.1.references.0.stray": (1, 1, 100), "processes.1.references.0": (0, 0, 0)},
        {"degree": [1, 2], "window": 4, "fault_time": 5, "replacement": "global-lru"},
    ),
    Case(
        "thrashing", "loops",
        {"processes": 2, "pages": 3, "laps": 4, "frames": 9, "fault_time": 2, "replacement": "working-set",
         "window": 6},
        {"processes.0.pages": (0, 0, 1), "processes.1.pages": (1, 0, 1)},
        {
            "replacement": "working-set", "frames": 9, "window": 6, "fault_time": 2,
            "processes": [
                {"name": "P1", "references": [], "phases": [{"pages": 3, "references": 12, "first": 0}]},
                {"name": "P2", "references": [], "phases": [{"pages": 4, "references": 16, "first": 0}]},
            ],
        },
    ),
]  # fmt: skip


def check(case: Case) -> None:
    recipe = listed(case.simulator).recipe(case.recipe)
    asked: set[str] = set()

    def pick(path: str, low: int, high: int) -> int:
        assert path in case.draws, f"{path} is asked for: {low} to {high}"
        value, least, most = case.draws[path]
        assert (low, high) == (least, most), path
        asked.add(path)
        return value

    wish = make(recipe.parameters, case.wish)
    if case.made is None:
        with pytest.raises(Invalid):
            recipe.make(wish, pick)
        return
    made = recipe.make(wish, pick)
    assert asked == set(case.draws)
    assert plain(listed(case.simulator).scenario({**plain(made), **case.made})) == plain(made)


CASES = [*READINESS, *ALLOCATOR, *PROCESSES, *SERVER, *THRASHING]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("simulator", "case"), [pytest.param(one.simulator, one, id=f"{one.simulator}-{one.recipe}") for one in CASES]
)
def test_a_recipe_makes_what_it_promises_of_its_draws(simulator: str, case: Case) -> None:
    assert simulator == case.simulator
    check(case)
