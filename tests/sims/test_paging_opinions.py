"""Do plainer memories, and libcachesim, hit and fault alike?"""

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.paging import Reference, Scenario, run
from sims.paging.measures import faults, hit_string
from tests.sims.paging_cases import paging, plain_fifo, scenarios


def stack_distance(string: Sequence[int], frames: int) -> str:
    """Mattson, Gecsei, Slutz, Traiger 1970: LRU hits iff fewer than `frames` other pages came since the last use."""
    marks = ""
    for at, page in enumerate(string):
        before = [index for index in range(at) if string[index] == page]
        distance = len(set(string[before[-1] + 1 : at])) if before else frames
        marks += "H" if distance < frames else "M"
    return marks


def plain_second_chance(string: Sequence[int], frames: int, loaded: bool) -> str:
    """Pages with their bits in a list, oldest first, as the textbook tells it."""
    queue: list[list[int]] = []
    marks = ""
    for page in string:
        entry = next((entry for entry in queue if entry[0] == page), None)
        marks += "H" if entry else "M"
        if entry:
            entry[1] = 1
            continue
        while len(queue) == frames:
            head = queue.pop(0)
            if head[1]:
                queue.append([head[0], 0])
            else:
                break
        queue.append([page, int(loaded)])
    return marks


def plain_counts(string: Sequence[int], frames: int) -> str:
    """LFU by looking back: uses since the load, and the last use, counted anew at every eviction."""
    loads: dict[int, int] = {}
    marks = ""
    for at, page in enumerate(string):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        if len(loads) == frames:
            uses = {held: [i for i in range(loads[held], at) if string[i] == held] for held in loads}
            del loads[min(loads, key=lambda held: (len(uses[held]), uses[held][-1]))]
        loads[page] = at
    return marks


def plain_aging(string: Sequence[int], frames: int, every: int) -> str:
    """Aging by looking back: the counter of a page is read off the intervals in which it was used since its load."""
    loads: dict[int, tuple[int, int]] = {}  # page -> (frame, load)
    marks = ""
    for at, page in enumerate(string):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        frame = len(loads)
        if len(loads) == frames:
            leaves = min(loads, key=lambda held: (_counter(string, held, loads[held][1], at, every), loads[held][0]))
            frame = loads.pop(leaves)[0]
        loads[page] = (frame, at)
    return marks


def _counter(string: Sequence[int], page: int, load: int, now: int, every: int) -> int:
    used = {at // every for at in range(load, now) if string[at] == page}
    return sum(1 << (8 - age) for age in range(1, 9) if now // every - age in used)


def plain_nru(references: Sequence[Reference], frames: int, every: int) -> str:
    """NRU by looking back: R if used since the last interrupt, M if written since the load."""
    loads: dict[int, tuple[int, int]] = {}
    marks = ""
    for at, (page, _) in enumerate(references):
        marks += "H" if page in loads else "M"
        if page in loads:
            continue
        frame = len(loads)
        if len(loads) == frames:
            ranks = {}
            for held, (place, load) in loads.items():
                since = range(max(load, at // every * every), at)
                r = any(references[i].page == held for i in since)
                m = any(references[i] == (held, True) for i in range(load, at))
                ranks[held] = (r, m, place)
            leaves = min(ranks, key=lambda held: ranks[held])
            frame = loads.pop(leaves)[0]
        loads[page] = (frame, at)
    return marks


def fewest_faults(string: Sequence[int], frames: int) -> int:
    """The least number of faults of any sequence of decisions, by exhaustive search."""

    @cache
    def least(at: int, held: frozenset[int]) -> int:
        if at == len(string):
            return 0
        page = string[at]
        if page in held:
            return least(at + 1, held)
        if len(held) < frames:
            return 1 + least(at + 1, held | {page})
        return 1 + min(least(at + 1, held - {victim} | {page}) for victim in held)

    return least(0, frozenset())


@pytest.mark.opinion("Mattson stack distances")
@given(scenarios(("lru",)))
def test_lru_hits_exactly_where_the_stack_distance_is_below_the_frames(scenario: Scenario) -> None:
    string = [page for page, _ in scenario.references]
    assert hit_string(run(scenario)) == stack_distance(string, scenario.frames)


@pytest.mark.opinion("exhaustive search")
@given(scenarios(("opt",), longest=14))
def test_opt_has_the_fewest_faults_that_any_decisions_have(scenario: Scenario) -> None:
    string = tuple(page for page, _ in scenario.references)
    assert faults(run(scenario)) == fewest_faults(string, scenario.frames)


@pytest.mark.opinion("oracle from the definition")
@pytest.mark.parametrize("policy", ["fifo", "clock", "second-chance", "lfu", "nru", "aging"])
@given(data=st.data())
def test_a_plainer_memory_hits_and_faults_alike(policy: str, data: st.DataObject) -> None:
    scenario = data.draw(scenarios((policy,)))
    string = [page for page, _ in scenario.references]
    frames, loaded, every = scenario.frames, scenario.load_bit == "set", scenario.reset_every
    plainer = {
        "fifo": lambda: plain_fifo(string, frames),
        "clock": lambda: plain_second_chance(string, frames, loaded),
        "second-chance": lambda: plain_second_chance(string, frames, loaded),
        "lfu": lambda: plain_counts(string, frames),
        "nru": lambda: plain_nru(scenario.references, frames, every),
        "aging": lambda: plain_aging(string, frames, every),
    }[scenario.policy]
    assert hit_string(run(scenario)) == plainer()


LIBCACHESIM = """
import json, sys
import libcachesim as cache
job = json.load(sys.stdin)
references, following, marks = job["references"], {}, {}
next_use = [0] * len(references)
for at in reversed(range(len(references))):
    next_use[at] = following.get(references[at], 2**62)
    following[references[at]] = at
for name, kind in {"fifo": cache.FIFO, "lru": cache.LRU, "opt": cache.Belady, "clock": cache.Clock}.items():
    memory, marks[name] = kind(job["frames"]), ""
    for at, page in enumerate(references):
        request = cache.Request()
        request.obj_id, request.obj_size, request.next_access_vtime = page, 1, next_use[at]
        marks[name] += "H" if memory.get(request) else "M"
print(json.dumps(marks))
"""


@pytest.mark.opinion("libcachesim")
@pytest.mark.skipif(find_spec("libcachesim") is None, reason="libcachesim is not installed (dependency group oracle)")
@pytest.mark.parametrize("frames", [12, 40])
def test_libcachesim_hits_and_faults_alike(frames: int) -> None:
    """In a process of its own: it aborts on tiny caches. Its Clock clears the bit of a page just loaded."""
    references = [(at * at * 7 + at // 9) % 61 for at in range(600)]
    job = json.dumps({"frames": frames, "references": references})
    command = [sys.executable, "-W", "ignore", "-c", LIBCACHESIM]
    answer = subprocess.run(command, input=job, capture_output=True, text=True, timeout=60, check=True)
    for policy, marks in json.loads(answer.stdout).items():
        assert hit_string(paging(policy, frames, *references, load_bit="clear")) == marks, policy
