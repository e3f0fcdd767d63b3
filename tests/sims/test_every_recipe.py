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
    Case(  # of two bytes a short read takes one
        "readiness", "story", {"mode": "level", "count": 3, "longest": 5},
        {"first": (2, 2, 5), "events.1.kind": (5, 0, 9), "events.1.read": (1, 1, 1), "events.2.kind": (7, 0, 9)},
        {"events": ["arrive 2", "read 1", "drain", "wait"]},
    ),
    Case(  # 2 is a wait also after a wait, 3 and 4 are not
        "readiness", "story", {"mode": "level", "count": 6, "longest": 5},
        {"first": (4, 2, 5), "events.1.kind": (1, 0, 9), "events.2.kind": (2, 0, 9), "events.3.kind": (0, 0, 9),
         "events.4.kind": (4, 0, 9), "events.4.read": (3, 1, 3), "events.5.kind": (4, 0, 9)},
        {"events": ["arrive 4", "wait", "wait", "wait", "read 3", "wait", "wait"]},
    ),
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


DESCRIPTORS = [
    Case(
        "descriptors", "numbers", {"count": 7, "limit": 6},
        {
            "calls.1.kind": (2, 0, 9), "calls.1.fd": (3, 0, 3),  # 0 to 2: a close
            "calls.2.kind": (2, 0, 9), "calls.2.fd": (0, 0, 2), "calls.2.file": (2, 0, 4),  # never two in a row
            "calls.3.kind": (7, 0, 9), "calls.3.fd": (0, 0, 3),
            "calls.4.kind": (8, 0, 9), "calls.4.fd": (5, 0, 5), "calls.4.to": (1, 0, 5),
            "calls.5.kind": (9, 0, 9), "calls.5.fd": (2, 0, 5),
            "calls.6.kind": (6, 0, 9), "calls.6.fd": (0, 0, 5), "calls.6.file": (4, 0, 4),
        },
        {"limit": 6, "operations": ["open a", "close 3", "open c", "pipe", "dup2 5 1", "dup 2", "open e"]},
    ),
    Case(
        "descriptors", "numbers", {"count": 4, "limit": 5},
        {
            "calls.1.kind": (7, 0, 9), "calls.1.fd": (0, 0, 3),  # a pipe takes two numbers or none
            "calls.2.kind": (9, 0, 9), "calls.2.fd": (3, 0, 3),
            "calls.3.kind": (0, 0, 9), "calls.3.fd": (4, 0, 4),
        },
        {"limit": 5, "operations": ["open a", "pipe", "dup 3", "close 4"]},
    ),
    Case(
        "descriptors", "numbers", {"count": 3, "limit": 7},
        {"calls.1.kind": (8, 0, 9), "calls.1.fd": (3, 0, 3), "calls.1.to": (6, 0, 6),
         "calls.2.kind": (3, 0, 9), "calls.2.fd": (0, 0, 4), "calls.2.file": (0, 0, 4)},
        {"operations": ["open a", "dup2 3 6", "open a"]},
    ),
    Case(
        "descriptors", "leak", {"limit": 6, "rounds": 5, "every": 2}, {"start": (1, 0, 1)},
        {"limit": 6, "operations": ["open log", "open r1", "close 4", "open r2", "open r3", "close 5", "open r4",
                                    "open r5"]},  # the last open fails: nothing is there to close
    ),
    Case(
        "descriptors", "leak", {"limit": 40, "rounds": 4, "every": 3}, {"start": (0, 0, 2)},
        {"operations": ["open log", "open r1", "open r2", "close 5", "open r3", "close 5", "open r4"]},
    ),
    Case(
        "descriptors", "shared-offset", {"count": 4, "size": 500, "longest": 30},
        {
            "first": (7, 2, 30),
            **under("calls.0", kind=(0, 0, 3), who=(0, 0, 1), fd=(3, 3, 5), bytes=(10, 2, 30)),
            **under("calls.1", kind=(1, 0, 3), who=(1, 0, 1), fd=(4, 3, 5), bytes=(2, 2, 30)),
            **under("calls.2", kind=(2, 0, 3), who=(1, 0, 1), fd=(5, 3, 5), bytes=(30, 2, 30)),
            **under("calls.3", kind=(3, 0, 3), who=(0, 0, 1), fd=(3, 3, 5), bytes=(4, 2, 30)),
        },
        {"files": [{"name": "a", "size": 500}],
         "operations": ["open a", "read 3 7", "dup 3", "open a", "fork C", "read 3 10", "C: read 4 2", "C: write 5 30",
                        "lseek 3 4"]},
    ),
    Case(
        "descriptors", "pipe-ends", {"children": 2, "count": 5, "longest": 9},
        {
            "calls.0.who": (0, 0, 2), "calls.0.kind": (0, 0, 3), "calls.0.end": (1, 0, 1),
            "calls.1.who": (1, 0, 2), "calls.1.kind": (2, 0, 3), "calls.1.end": (0, 0, 1), "calls.1.bytes": (9, 2, 9),
            "calls.2.who": (2, 0, 2), "calls.2.kind": (3, 0, 3), "calls.2.end": (1, 0, 1), "calls.2.bytes": (2, 2, 9),
            "calls.3.who": (0, 0, 2), "calls.3.kind": (1, 0, 3), "calls.3.end": (0, 0, 0),
            "calls.4.who": (0, 0, 2), "calls.4.kind": (1, 0, 3), "calls.4.end": (0, 0, 0), "calls.4.bytes": (5, 2, 9),
        },
        {"operations": ["pipe", "fork C1", "fork C2", "P: close 4", "C1: read 3 9", "C2: write 4 2", "P: close 3",
                        "P: read 3 5", "C2: read 3 100", "C2: read 3 100"]},
    ),
    Case(  # nobody can read any more: somebody writes
        "descriptors", "pipe-ends", {"children": 1, "count": 3, "longest": 9},
        {
            "calls.0.who": (0, 0, 1), "calls.0.kind": (0, 0, 3), "calls.0.end": (0, 0, 1),
            "calls.1.who": (1, 0, 1), "calls.1.kind": (1, 0, 3), "calls.1.end": (0, 0, 1),
            "calls.2.who": (0, 0, 1), "calls.2.kind": (3, 0, 3), "calls.2.end": (0, 0, 0), "calls.2.bytes": (3, 2, 9),
        },
        {"operations": ["pipe", "fork C1", "P: close 3", "C1: close 3", "P: write 4 3", "C1: write 4 5"]},
    ),
    Case(
        "descriptors", "pipe-ends", {"children": 1, "count": 4, "longest": 9},
        {
            "calls.0.who": (0, 0, 1), "calls.0.kind": (0, 0, 3), "calls.0.end": (0, 0, 1),
            "calls.1.who": (0, 0, 1), "calls.1.kind": (1, 0, 3), "calls.1.end": (0, 0, 0),
            "calls.2.who": (1, 0, 1), "calls.2.kind": (0, 0, 3), "calls.2.end": (1, 0, 1),
            "calls.3.who": (1, 0, 1), "calls.3.kind": (0, 0, 3), "calls.3.end": (0, 0, 0),
        },
        {"operations": ["pipe", "fork C1", "P: close 3", "P: close 4", "C1: close 4", "C1: close 3"]},
    ),
    Case(
        "descriptors", "exec", {"count": 6, "after": 2},
        {
            "calls.1.kind": (0, 0, 4), "calls.1.fd": (0, 0, 0), "calls.2.kind": (1, 0, 4), "calls.2.fd": (0, 0, 1),
            "calls.3.kind": (2, 0, 4), "calls.3.fd": (1, 0, 2), "calls.4.kind": (4, 0, 4), "calls.4.fd": (3, 0, 3),
            "calls.4.to": (1, 0, 2), "calls.5.kind": (3, 0, 4), "calls.5.fd": (0, 0, 3),
        },
        {"operations": ["open a cloexec", "open c", "open d cloexec", "dup 4", "dup2 6 1", "dup 3", "fork C", "C: exec",
                        "C: open w", "C: open x"]},
    ),
]  # fmt: skip

COLLECTOR = [
    Case(
        "collector", "graph", {"kind": "mark-sweep", "objects": 3, "links": 4, "roots": 2, "steps": 3},
        {
            "link.0.from": (0, 0, 2), "link.0.to": (1, 0, 2), "link.1.from": (1, 0, 2), "link.1.to": (2, 0, 2),
            "link.2.from": (0, 0, 2), "link.2.to": (1, 0, 2),  # there already
            "link.3.from": (2, 0, 2), "link.3.to": (2, 0, 2),  # to itself: left out
            "root.0": (0, 0, 2), "root.1": (2, 0, 2),
            # from a and c: to lose are a, c, a→b, b→c; to gain a→c, c→a, c→b, b→a
            "gain.0": (1, 0, 3), "choice.0": (3, 0, 3),
            # b→c is gone: to gain are a→c, c→a, c→b, b→a, b→c
            "gain.1": (0, 0, 3), "choice.1": (4, 0, 4),
            "gain.2": (3, 0, 3), "choice.2": (0, 0, 3),
        },
        {
            "kind": "mark-sweep", "roots": ["a", "c"],
            "objects": [{"name": "a", "refs": ["b"]}, {"name": "b", "refs": ["c"]}, {"name": "c", "refs": []}],
            "mutations": ["unlink b c", "link b c", "drop a"],
        },
    ),
    Case(  # nothing is in reach any more: the program ends early
        "collector", "graph", {"kind": "reference-counting", "objects": 2, "links": 0, "roots": 1, "steps": 3},
        {"root.0": (1, 0, 1), "choice.0": (0, 0, 0)},
        {"kind": "reference-counting", "roots": ["b"], "mutations": ["drop b"]},
    ),
    Case(
        "collector", "generations", {"steps": 4, "minors": 2, "promote_after": 2},
        {
            "minor.0": (2, 2, 4), "minor.1": (4, 2, 4), "new.2": (0, 0, 2), "new.3": (1, 0, 2),
            "gain.3": (1, 0, 3), "choice.3": (1, 0, 2),
        },
        {"kind": "generational", "nursery": 26, "promote_after": 2,
         "mutations": ["new a", "new b", "minor", "new c", "drop b"]},
    ),
    Case(
        "collector", "generations", {"steps": 4, "minors": 2, "promote_after": 1},
        {"minor.0": (3, 2, 4), "minor.1": (3, 2, 4), "new.2": (2, 0, 2), "gain.2": (0, 0, 3), "choice.2": (1, 0, 1),
         "new.3": (2, 0, 2), "gain.3": (3, 0, 3), "choice.3": (0, 0, 2)},
        {"mutations": ["new a", "new b", "link b a", "minor", "minor", "drop a"]},
    ),
]  # fmt: skip

PAGING = [
    Case(
        "paging", "locality",
        {"policy": "lru", "frames": 3, "count": 4, "pages": 4, "near": 2, "stay": 60, "writes": 50,
         "load_bit": "clear", "reset_every": 7},
        {
            "near.0": (3, 0, 3), "near.1": (0, 0, 2),  # pages 3 and 0 are near
            "references.0.stay": (60, 1, 100), "references.0.page": (1, 0, 1), "references.0.write": (50, 1, 100),
            "references.1.stay": (61, 1, 100), "references.1.page": (1, 0, 1), "references.1.write": (51, 1, 100),
            "references.2.stay": (1, 1, 100), "references.2.page": (0, 0, 0), "references.2.write": (100, 1, 100),
            "references.3.stay": (100, 1, 100), "references.3.page": (0, 0, 1), "references.3.write": (1, 1, 100),
        },
        {"policy": "lru", "frames": 3, "load_bit": "clear", "reset_every": 7, "references": ["0w", 2, 0, "1w"],
         "draws": []},
    ),
    Case(  # nothing is far, and random needs a draw for each reference
        "paging", "locality", {"policy": "random", "frames": 2, "count": 2, "pages": 2},
        {
            "near.0": (0, 0, 1), "near.1": (0, 0, 0), "references.0.stay": (100, 1, 100),
            "references.0.page": (0, 0, 1), "references.1.stay": (1, 1, 100), "references.1.page": (0, 0, 0),
            "draws.0": (99, 0, 99), "draws.1": (5, 0, 99),
        },
        {"policy": "random", "references": [0, 1], "draws": [99, 5], "load_bit": "set", "reset_every": 4},
    ),
    Case(  # the string 0 1 2 3 4 0 1 5 0 1 2 3 4 2 5, its pages renamed to 6 0 1 2 3 4 5; two pages repeated at once
        "paging", "belady", {"frames": 4, "pages": 7, "repeats": 2},
        {
            "core": (0, 0, 13), "names.0": (6, 0, 6), "names.1": (0, 0, 5), "names.2": (0, 0, 4), "names.3": (0, 0, 3),
            "names.4": (0, 0, 2), "names.5": (0, 0, 1), "names.6": (0, 0, 0),
            "repeats.0": (2, 0, 14), "repeats.1": (15, 0, 15),
        },
        {"policy": "fifo", "frames": 4, "references": [6, 0, 1, 1, 2, 3, 6, 0, 4, 6, 0, 1, 2, 3, 1, 4, 4]},
    ),
]  # fmt: skip

ORDER_OF_TWO, ORDER_OF_THREE = {"order.1": (1, 0, 1)}, {"order.2": (2, 0, 2), "order.1": (1, 0, 1)}  # as they are
SAFE = {
    **ORDER_OF_TWO, "available.0": (2, 0, 3), "held.0.0": (1, 0, 3), "held.1.0": (3, 0, 3),
    "wants.0.0": (2, 0, 2), "wants.1.0": (3, 0, 3),  # at most what is free: 2, then 2 + 1
}  # fmt: skip
PATHS = {
    pair: [f"acquire {pair[0]}", f"acquire {pair[1]}", f"release {pair[1]}", f"release {pair[0]}"]
    for pair in ("AB", "BA", "AC", "BC")
}


def threads(*programs: list[str]) -> list[dict[str, Any]]:
    return [{"name": f"T{n + 1}", "steps": steps} for n, steps in enumerate(programs)]


DEADLOCK = [
    Case("deadlock", "prevention", {}, {"change": (3, 0, 10)}, {"change": "request-all-at-once"}),
    Case(
        "deadlock", "banker", {"processes": 2, "resources": 1}, SAFE,
        {"available": [2], "allocation": [[1], [3]], "max": [[3], [6]], "request": None},
    ),
    Case(
        "deadlock", "banker", {"processes": 3, "resources": 1},
        {
            **ORDER_OF_THREE, "available.0": (3, 0, 3), "held.0.0": (3, 0, 3), "held.1.0": (3, 0, 3),
            "held.2.0": (3, 0, 3), "wants.0.0": (0, 0, 3), "wants.1.0": (0, 0, 6), "wants.2.0": (7, 0, 7),  # 7 at most
        },
        {"available": [3], "allocation": [[3], [3], [3]], "max": [[3], [3], [10]]},
    ),
    Case(  # P0 can finish and leaves 3; P1 and P2 each need more than that, but not more than the other holds
        "deadlock", "banker", {"processes": 3, "resources": 1, "state": "unsafe"},
        {
            "stuck": (2, 2, 2), **ORDER_OF_THREE, "available.0": (1, 0, 3), "held.0.0": (2, 0, 3),
            "held.1.0": (1, 1, 2), "held.2.0": (2, 1, 2), "wants.0.0": (1, 0, 1),
            "wants.1.0": (0, 0, 3), "wants.1.short": (0, 0, 0), "wants.1.by": (2, 1, 2),
            "wants.2.0": (3, 0, 3), "wants.2.short": (0, 0, 0), "wants.2.by": (1, 1, 1),
        },
        {"available": [1], "allocation": [[2], [1], [2]], "max": [[3], [6], [6]]},
    ),
    Case(
        "deadlock", "banker", {"processes": 2, "resources": 1, "request": "grant"},
        {**SAFE, "request.0.process": (0, 0, 1), "request.0.beyond": (1, 0, 3), "request.0.0": (1, 0, 2)},
        {"request": {"process": "P0", "amounts": [1]}},
    ),
    Case(  # the first asks for nothing, the second is granted, the third is the one wanted
        "deadlock", "banker", {"processes": 2, "resources": 1, "request": "exceeds-need"},
        {
            **SAFE, "request.0.process": (1, 0, 1), "request.0.beyond": (1, 0, 3), "request.0.0": (0, 0, 3),
            "request.1.process": (0, 0, 1), "request.1.beyond": (0, 0, 3), "request.1.0": (1, 0, 3),
            "request.2.process": (0, 0, 1), "request.2.beyond": (0, 0, 3), "request.2.0": (3, 0, 3),
        },
        {"request": {"process": "P0", "amounts": [3]}},
    ),
    Case(
        "deadlock", "banker", {"processes": 2, "resources": 1, "request": "any"},
        {**SAFE, "request.0.process": (1, 0, 1), "request.0.beyond": (3, 0, 3), "request.0.0": (3, 0, 3)},
        {"request": {"process": "P1", "amounts": [3]}},
    ),
    Case(
        "deadlock", "detection", {"processes": 3, "resources": 1, "deadlocked": 2, "bystanders": 1, "claims": True},
        {
            **ORDER_OF_TWO, "available.0": (0, 0, 3), "held.0.0": (1, 1, 2), "held.1.0": (2, 1, 2),
            "wants.0.0": (0, 0, 0), "wants.0.short": (0, 0, 0), "wants.0.by": (1, 1, 2),
            "wants.1.0": (0, 0, 0), "wants.1.short": (0, 0, 0), "wants.1.by": (1, 1, 1),
            "bystander.0": (0, 0, 0), "claim.0.0": (0, 0, 1), "claim.1.0": (1, 0, 1), "claim.2.0": (1, 0, 1),
        },
        {"available": [0], "allocation": [[1], [2], [0]], "request": [[1], [1], [1]], "max": [[3], [3], [2]]},
    ),
    Case(
        "deadlock", "detection", {"processes": 4, "resources": 2, "deadlocked": 2, "bystanders": 1},
        {
            **ORDER_OF_THREE, "available.0": (1, 0, 3), "available.1": (0, 0, 3), "held.0.0": (2, 0, 3),
            "held.0.1": (1, 0, 3), "held.1.0": (1, 1, 2), "held.1.1": (1, 1, 2), "held.2.0": (2, 1, 2),
            "held.2.1": (1, 1, 2), "wants.0.0": (1, 0, 1), "wants.0.1": (0, 0, 0),
            "wants.1.0": (2, 0, 3), "wants.1.1": (1, 0, 1), "wants.1.short": (1, 0, 1), "wants.1.by": (1, 1, 1),
            "wants.2.0": (0, 0, 3), "wants.2.1": (0, 0, 1), "wants.2.short": (0, 0, 1), "wants.2.by": (1, 1, 1),
            "bystander.0": (1, 0, 1),
        },
        {"available": [1, 0], "allocation": [[2, 1], [1, 1], [2, 1], [0, 0]],
         "request": [[1, 0], [2, 2], [4, 0], [0, 2]], "max": []},
    ),
    Case("deadlock", "detection", {"processes": 3, "deadlocked": 1}, {}, None),
    Case("deadlock", "detection", {"processes": 3, "deadlocked": 0, "bystanders": 3}, {}, None),
    Case(
        "deadlock", "recovery", {"processes": 2, "resources": 1, "deadlocked": 2},
        {
            **ORDER_OF_TWO, "available.0": (0, 0, 3), "held.0.0": (1, 1, 2), "held.1.0": (2, 1, 2),
            "wants.0.0": (0, 0, 0), "wants.0.short": (0, 0, 0), "wants.0.by": (2, 1, 2),
            "wants.1.0": (0, 0, 0), "wants.1.short": (0, 0, 0), "wants.1.by": (1, 1, 1),
            "cost.0": (9, 1, 9), "cost.1": (1, 1, 9),
        },
        {"available": [0], "allocation": [[1], [2]], "request": [[2], [1]], "costs": [9, 1]},
    ),
    Case(
        "deadlock", "wait-for", {"threads": 3, "cycle": 2},
        {
            "order.2": (0, 0, 2), "order.1": (1, 0, 1),  # T3 and T2 wait for each other
            "wants.0": (1, -1, 1),  # T1 waits for the second of them
            "locks.5": (5, 0, 5), "locks.4": (4, 0, 4), "locks.3": (3, 0, 3), "locks.2": (2, 0, 2),
            "locks.1": (1, 0, 1), "two.0": (1, 0, 1), "two.1": (0, 0, 1), "two.2": (1, 0, 1),
            "lock.0": (0, 0, 0), "lock.1": (1, 0, 1), "lock.2": (0, 0, 0),
        },
        {"threads": [{"name": "T1", "holds": ["A", "B"], "wants": "C"}, {"name": "T2", "holds": ["C"], "wants": "E"},
                     {"name": "T3", "holds": ["D", "E"], "wants": "C"}]},
    ),
    Case(
        "deadlock", "wait-for", {"threads": 1, "cycle": 0},
        {"wants.0": (-1, -1, -1), "locks.1": (0, 0, 1), "two.0": (0, 0, 1)},
        {"threads": [{"name": "T1", "holds": ["B"], "wants": None}]},
    ),
    Case(
        "deadlock", "wait-for", {"threads": 2, "cycle": 0},
        {
            **ORDER_OF_TWO, "wants.0": (-1, -1, -1), "wants.1": (0, -1, 0), "locks.3": (3, 0, 3),
            "locks.2": (2, 0, 2), "locks.1": (1, 0, 1), "two.0": (0, 0, 1), "two.1": (0, 0, 1), "lock.1": (0, 0, 0),
        },
        {"threads": [{"name": "T1", "holds": ["A"], "wants": None}, {"name": "T2", "holds": ["B"], "wants": "A"}]},
    ),
    Case(
        "deadlock", "lock-order", {"threads": 3, "circle": 2},
        {"locks.2": (2, 0, 2), "locks.1": (0, 0, 1), "low.2": (1, 0, 1), "order.2": (0, 0, 2), "order.1": (1, 0, 1)},
        {"threads": threads(PATHS["AC"], PATHS["AB"], PATHS["BA"])},
    ),
    Case(
        "deadlock", "lock-order", {"threads": 2, "circle": 0},
        {"low.0": (0, 0, 1), "high.0": (2, 1, 2), "low.1": (1, 0, 1), "high.1": (2, 2, 2), **ORDER_OF_TWO},
        {"threads": threads(PATHS["AC"], PATHS["BC"])},
    ),
    Case(
        "deadlock", "lock-order", {"threads": 3, "circle": 2, "released": True},
        {"locks.2": (2, 0, 2), "locks.1": (1, 0, 1), "low.2": (0, 0, 1), **ORDER_OF_THREE},
        {"threads": threads(PATHS["AB"], PATHS["BA"], ["acquire B", "release B", "acquire A", "release A"])},
    ),
    Case("deadlock", "lock-order", {"threads": 2, "circle": 1}, {}, None),
    Case("deadlock", "lock-order", {"threads": 2, "circle": 2, "released": True}, {}, None),
    Case(
        "deadlock", "graph", {"processes": 2, "resources": 2, "outcome": "deadlock"},
        {
            "graph.0.instances.R1": (1, 1, 2), "graph.0.instances.R2": (1, 1, 2),
            "graph.0.0.order.1": (1, 0, 1), "graph.0.0.holds": (1, 0, 2), "graph.0.0.wants": (1, 0, 1),
            "graph.0.1.order.1": (0, 0, 1), "graph.0.1.holds": (1, 0, 2), "graph.0.1.wants": (1, 0, 1),
        },
        {
            "resources": [{"name": "R1", "instances": 1}, {"name": "R2", "instances": 1}],
            "processes": [{"name": "P1", "holds": ["R1"], "wants": ["R2"]},
                          {"name": "P2", "holds": ["R2"], "wants": ["R1"]}],
        },
    ),
    Case(  # in the first nobody wants anything
        "deadlock", "graph", {"processes": 2, "resources": 2, "outcome": "free"},
        {
            "graph.0.instances.R1": (1, 1, 3), "graph.0.instances.R2": (1, 1, 3),
            "graph.0.0.order.1": (1, 0, 1), "graph.0.0.holds": (0, 0, 2), "graph.0.0.wants": (0, 0, 1),
            "graph.0.1.order.1": (1, 0, 1), "graph.0.1.holds": (0, 0, 2), "graph.0.1.wants": (0, 0, 1),
            "graph.1.instances.R1": (2, 1, 3), "graph.1.instances.R2": (3, 1, 3),
            "graph.1.0.order.1": (1, 0, 1), "graph.1.0.holds": (2, 0, 2), "graph.1.0.wants": (1, 0, 1),
            "graph.1.1.order.1": (1, 0, 1), "graph.1.1.holds": (0, 0, 2), "graph.1.1.wants": (1, 0, 1),
        },
        {
            "resources": [{"name": "R1", "instances": 2}, {"name": "R2", "instances": 3}],
            "processes": [{"name": "P1", "holds": ["R1", "R2"], "wants": []},
                          {"name": "P2", "holds": [], "wants": ["R1"]}],
        },
    ),
]  # fmt: skip


def programs(*lines: list[str]) -> list[dict[str, Any]]:
    return [{"name": f"T{n + 1}", "program": program} for n, program in enumerate(lines)]


CONSUMER = ["lock m", "again: load r items", "jump-if r>0 take", "wait c m", "jump again", "take: load r items",
            "jump-if r>0 fine", "add under FINE", "fine: store items r-1", "unlock m"]  # fmt: skip
PRODUCER = ["lock m", "load r items", "store items r+1", "signal c", "unlock m"]


def consumer(fine: int) -> list[str]:
    return [line.replace("FINE", str(fine)) for line in CONSUMER]


THREADS = [
    Case(
        "threads", "increments",
        {"threads": 2, "times": 2, "increment": "load-add-store", "locked": "all-but-one", "volatile": True,
         "first": 7}, {},
        {
            "shared": {"x": 7}, "volatile": ["x"],
            "threads": programs(["lock m", "load r x", "add r 1", "store x r", "unlock m"] * 2,
                                ["load r x", "add r 1", "store x r"] * 2),
        },
    ),
    Case(
        "threads", "increments", {"threads": 2, "increment": "atomic", "locked": "all"}, {},
        {"shared": {"x": 0}, "volatile": [], "threads": programs(*[["lock m", "add x 1", "unlock m"]] * 2)},
    ),
    Case(
        "threads", "increments", {"threads": 2, "schedule": True},
        {"schedule.0": (0, 0, 1), "schedule.1": (1, 0, 1), "schedule.2": (0, 0, 1), "schedule.3": (0, 0, 0)},
        {"schedule": ["T1", "T2", "T1", "T2"], "threads": programs(*[["load r x", "store x r+1"]] * 2)},
    ),
    Case(
        "threads", "updates", {"threads": 2, "first": 5, "most": 9, "locked": "all-but-one"},
        {"amount.0": (3, 1, 9), "up.0": (0, 0, 2), "amount.1": (3, 1, 9), "up.1": (2, 0, 2)},
        {"shared": {"x": 5},
         "threads": programs(["lock m", "load r x", "store x r-3", "unlock m"], ["load r x", "store x r+3"])},
    ),
    Case("threads", "updates", {"threads": 2, "most": 9},
         {"amount.0": (3, 1, 9), "up.0": (1, 0, 2), "amount.1": (3, 1, 9), "up.1": (2, 0, 2)}, None),
    Case(
        "threads", "flags", {"first": 2}, {"stored.0": (1, 1, 5), "stored.1": (5, 1, 5)},
        {"shared": {"x": 2, "y": 2, "a": 0, "b": 0}, "observe": ["a", "b"],
         "threads": programs(["store x 3", "load r y", "store a r"], ["store y 7", "load r x", "store b r"])},
    ),
    Case(
        "threads", "waiting", {"consumers": 2, "producers": 2}, {"fine.0": (4, 1, 4), "fine.1": (1, 1, 4)},
        {
            "shared": {"items": 0, "under": 0}, "observe": ["under"],
            "threads": [
                {"name": "C1", "program": consumer(4)}, {"name": "C2", "program": consumer(6)},
                {"name": "P1", "program": PRODUCER}, {"name": "P2", "program": PRODUCER},
            ],
        },
    ),
    Case(
        "threads", "waiting", {"consumers": 1, "producers": 1, "test": "if", "wake": "broadcast"},
        {"fine.0": (2, 1, 4)},
        {"threads": [
            {"name": "C1", "program": [line for line in consumer(2) if line != "jump again"]},
            {"name": "P1", "program": ["broadcast c" if line == "signal c" else line for line in PRODUCER]},
        ]},
    ),
    Case("threads", "waiting", {"consumers": 3, "producers": 2}, {}, None),
    Case(
        "threads", "handover", {}, {"turned": (1, 0, 1), "begun.0": (1, 0, 1), "begun.1": (0, 0, 1)},
        {"shared": {"ready": 0, "begun": 0},
         "threads": programs(["add begun 1", "lock m", "signal c", "unlock m"], ["lock m", "wait c m", "unlock m"])},
    ),
    Case(
        "threads", "handover", {"flag": "flag", "signallers": 1, "waiters": 2},
        {"turned": (0, 0, 1), "begun.0": (0, 0, 1), "begun.1": (1, 0, 1), "begun.2": (0, 0, 1)},
        {"threads": programs(
            ["lock m", "again: load r ready", "jump-if r>0 go", "wait c m", "jump again", "go: unlock m"],
            ["add begun 1", "lock m", "again: load r ready", "jump-if r>0 go", "wait c m", "jump again",
             "go: unlock m"],
            ["lock m", "store ready 1", "broadcast c", "unlock m"],
        )},
    ),
    Case(
        "threads", "guards", {"variables": 2},
        {"guard.a": (1, 0, 5), "turned.a": (1, 0, 1), "guard.b": (5, 0, 5), "turned.b": (0, 0, 1)},
        {"shared": {"a": 0, "b": 0},
         "threads": programs(["lock m", "load r a", "unlock m", "load r b", "store b r+1"],
                             ["lock m", "load r a", "store a r+1", "unlock m"])},
    ),
    Case(
        "threads", "semaphore", {"threads": 2, "semaphore": 2, "first": 0, "most": 4},
        {"amount.0": (1, 1, 4), "up.0": (1, 0, 2), "amount.1": (2, 1, 4), "up.1": (1, 0, 2)},
        {"shared": {"x": 0}, "semaphores": {"s": 2},
         "threads": programs(*(["acquire s", "load r x", f"store x r+{n}", "release s"] for n in (1, 2)))},
    ),
    Case(
        "threads", "locks", {"threads": 3, "order": "ascending"},
        {"work.0": (1, 0, 1), "work.1": (0, 0, 1), "work.2": (0, 0, 1)},
        {"threads": programs(["lock A", "add x 1", "lock B", "unlock B", "unlock A"],
                             ["lock B", "lock C", "unlock C", "unlock B"],
                             ["lock A", "lock C", "unlock C", "unlock A"])},
    ),
    Case(
        "threads", "locks", {"threads": 2, "order": "circle"}, {"work.0": (0, 0, 1), "work.1": (0, 0, 1)},
        {"shared": {"x": 0},
         "threads": programs(["lock A", "lock B", "unlock B", "unlock A"], ["lock B", "lock A", "unlock A", "unlock B"])},
    ),
    Case(
        "threads", "gate", {"threads": 2, "gate": "compare-and-swap"}, {},
        {"shared": {"flag": 0},
         "threads": programs(*[["again: cas r flag 0 1", "jump-if r==0 again", "enter", "leave", "store flag 0"]] * 2)},
    ),
    Case("threads", "gate", {"threads": 2, "gate": "mutex"}, {},
         {"threads": programs(*[["lock m", "enter", "leave", "unlock m"]] * 2)}),
    Case(
        "threads", "buffer", {"consumers": 1, "producers": 1, "conditions": "two"}, {},
        {"shared": {"full": 0}, "threads": [
            {"name": "C1", "program": ["lock m", "again: load r full", "jump-if r==1 go", "wait full m", "jump again",
                                       "go: store full 0", "signal empty", "unlock m"]},
            {"name": "P1", "program": ["lock m", "again: load r full", "jump-if r==0 go", "wait empty m", "jump again",
                                       "go: store full 1", "signal full", "unlock m"]},
        ]},
    ),
    Case("threads", "buffer", {"consumers": 1, "producers": 2}, {}, None),
]  # fmt: skip

TRANSLATION = [
    Case(  # three address spaces take turns; nobody stays near
        "translation", "tlb-run", {"count": 4, "pages": 2, "levels": [4], "page_bits": 4, "entries": 1, "spaces": 3,
                                   "again": 0},
        {
            **{f"accesses.{n}.again": (1, 1, 100) for n in range(4)}, **{f"accesses.{n}.page": (n % 2, 0, 1) for n in range(4)},
            **{f"accesses.{n}.offset": (n, 0, 15) for n in range(4)}, **{f"accesses.{n}.switch": (1, 1, 4) for n in (1, 2, 3)},
            "memory": (1, 1, 20), "tlb": (20, 1, 20),
        },
        {"accesses": [{"name": f"A{n + 1}", "address": 16 * (n % 2) + n, "space": n % 3} for n in range(4)],
         "costs": {"memory": 10, "tlb": 20}},
    ),
    Case(
        "translation", "walk", {"levels": [4], "page_bits": 4, "frame_bits": 4, "count": 4, "faulty": 50},
        {
            "accesses.0": (0x25, 0, 255), "accesses.0.kind": (0, 0, 2), "accesses.0.frame": (9, 0, 15),
            "accesses.0.faulty": (51, 1, 100), "accesses.0.mode": (0, 0, 3),
            "accesses.1": (0x13, 0, 255), "accesses.1.kind": (1, 0, 2), "accesses.1.frame": (9, 0, 15),  # taken: 10
            "accesses.1.faulty": (50, 1, 100), "accesses.1.fault": (1, 0, 2), "accesses.1.mode": (1, 0, 3),
            "accesses.2": (0x40, 0, 255), "accesses.2.kind": (2, 0, 2), "accesses.2.frame": (15, 0, 15),
            "accesses.2.faulty": (1, 1, 100), "accesses.2.fault": (0, 0, 2), "accesses.2.mode": (3, 0, 3),
            "accesses.3": (0xFF, 0, 255), "accesses.3.kind": (1, 0, 2), "accesses.3.frame": (15, 0, 15),  # taken: 0
            "accesses.3.faulty": (1, 1, 100), "accesses.3.fault": (2, 0, 2), "accesses.3.mode": (2, 0, 3),
        },
        {
            "virtual_bits": 8, "physical_bits": 8, "page_bits": 4, "levels": [4],
            "tables": [
                {"vpn": 1, "frame": 10, "flags": "rxu"}, {"vpn": 2, "frame": 9, "flags": "rwxu"},
                {"vpn": 4, "frame": None, "flags": "rwxu"}, {"vpn": 15, "frame": 0, "flags": "rwx"},
            ],
            "accesses": [
                {"name": "A1", "address": 0x25, "kind": "write", "mode": "kernel"},
                {"name": "A2", "address": 0x13, "kind": "write", "mode": "user"},
                {"name": "A3", "address": 0x40, "kind": "read", "mode": "user"},
                {"name": "A4", "address": 0xFF, "kind": "read", "mode": "user"},
            ],
        },
    ),
    Case(  # nine bits: two digits of four bits and one of one bit
        "translation", "walk", {"levels": [5], "page_bits": 4, "frame_bits": 3, "count": 1, "decimal": True},
        {"accesses.0.digit.0": (7, 0, 9), "accesses.0.digit.1": (3, 0, 9), "accesses.0.digit.2": (1, 0, 1),
         "accesses.0.kind": (1, 0, 2), "accesses.0.frame": (7, 0, 7), "accesses.0.faulty": (1, 1, 100)},
        {"virtual_bits": 9, "physical_bits": 7, "tables": [{"vpn": 0x13, "frame": 7}],
         "accesses": [{"name": "A1", "address": 0x137}]},
    ),
    Case(
        "translation", "walk", {"levels": [4], "page_bits": 4, "frame_bits": 2, "count": 5},
        {
            f"accesses.{n}{part}": drawn
            for n in range(5)
            for part, drawn in {
                "": (16 * n, 0, 255), ".kind": (1, 0, 2), ".frame": (n % 4, 0, 3), ".faulty": (1, 1, 100),
            }.items()
        },
        None,  # four frames for five pages
    ),
    Case(
        "translation", "tlb-run",
        {"count": 3, "pages": 4, "levels": [4], "page_bits": 4, "entries": 2, "ways": 1, "policy": "fifo",
         "tagged": True, "spaces": 2, "again": 60},
        {
            "accesses.0.again": (61, 1, 100), "accesses.0.page": (3, 0, 3), "accesses.0.offset": (15, 0, 15),
            "accesses.1.switch": (1, 1, 4), "accesses.1.again": (60, 1, 100), "accesses.1.near": (1, 0, 1),
            "accesses.1.offset": (0, 0, 15),  # before page 3 the last one was 0
            "accesses.2.switch": (2, 1, 4), "accesses.2.again": (1, 1, 100), "accesses.2.near": (1, 0, 1),
            "accesses.2.offset": (2, 0, 15), "memory": (5, 1, 20), "tlb": (3, 1, 20),
        },
        {
            "virtual_bits": 8, "physical_bits": 12, "page_bits": 4, "levels": [4],
            "tlb": {"entries": 2, "ways": 1, "policy": "fifo", "tagged": True}, "costs": {"memory": 50, "tlb": 3},
            "tables": [{"vpn": page, "frame": 4 * space + page, "space": space} for space in (0, 1)
                       for page in range(4)],
            "accesses": [{"name": "A1", "address": 0x3F, "space": 0}, {"name": "A2", "address": 0x00, "space": 1},
                         {"name": "A3", "address": 0x32, "space": 1}],
        },
    ),
    Case(
        "translation", "tables", {"levels": [3], "page_bits": 4, "entry_bytes": 4, "clusters": 2, "pages": 2},
        {"clusters.0": (7, 0, 7), "clusters.1": (2, 0, 7)},
        {"virtual_bits": 7, "physical_bits": 7, "page_bits": 4, "levels": [3], "entry_bytes": 4,
         "tables": [{"vpn": vpn, "frame": n} for n, vpn in enumerate((0, 2, 3, 7))]},
    ),
    Case(
        "translation", "segments", {"segments": 3, "offset_bits": 4, "count": 4},
        {
            "segments.0.limit": (4, 4, 15), "segments.1.limit": (10, 4, 15), "segments.2.limit": (12, 4, 15),
            "segments.0.base": (3, 0, 15), "segments.1.base": (0, 0, 15), "segments.2.base": (5, 0, 15),
            **under("accesses.0", segment=(0, 0, 2), near=(0, 0, 3), offset=(9, 0, 15)),  # just within
            **under("accesses.1", segment=(1, 0, 2), near=(1, 0, 3), offset=(9, 0, 15)),  # just beyond
            **under("accesses.2", segment=(2, 0, 2), near=(3, 0, 3), offset=(9, 0, 15)),  # half-way to 16 − 12
            **under("accesses.3", segment=(2, 0, 2), near=(2, 0, 3), offset=(15, 0, 15)),
        },
        {
            "virtual_bits": 6, "physical_bits": 7,
            "segments": [{"base": 3, "limit": 4}, {"base": 32, "limit": 10},
                         {"base": 81, "limit": 12, "grows": "down"}],
            "accesses": [{"name": f"A{n + 1}", "address": address} for n, address in enumerate((3, 26, 34, 47))],
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


CASES = [
    *READINESS, *ALLOCATOR, *PROCESSES, *SERVER, *THRASHING, *DESCRIPTORS, *COLLECTOR, *PAGING, *DEADLOCK, *THREADS,
    *TRANSLATION,
]  # fmt: skip


@pytest.mark.rule
@pytest.mark.parametrize(
    ("simulator", "case"), [pytest.param(one.simulator, one, id=f"{one.simulator}-{one.recipe}") for one in CASES]
)
def test_a_recipe_makes_what_it_promises_of_its_draws(simulator: str, case: Case) -> None:
    assert simulator == case.simulator
    check(case)
