"""Does a plainer machine fault and end alike?"""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sims.thrashing import Event, Scenario
from sims.thrashing.run import at_degree
from tests.sims.thrashing_cases import asked, scenarios, strings_of, thrashing


def plainer(scenario: Scenario) -> tuple[int, int, int]:
    """(faults, makespan, pages out) of global or local LRU, tick by tick, with a time stamp on every page."""
    strings = strings_of(scenario)
    n = len(strings)
    shares = [scenario.frames // n + (1 if k < scenario.frames % n else 0) for k in range(n)]
    stamp: dict[tuple[int, int], int] = {}
    clock = faults = out = now = 0
    at, brought = [0] * n, [False] * n
    ready, waiting = list(range(n)), []
    serving: list[int] = []  # process, end
    runner: int | None = None
    while any(at[k] < len(strings[k]) for k in range(n)):
        if serving and serving[1] == now:
            clock += 1
            stamp[serving[0], strings[serving[0]][at[serving[0]]]] = clock
            brought[serving[0]] = True
            ready.append(serving[0])
            serving = []
        if runner is not None:
            at[runner] += 1
            if at[runner] == len(strings[runner]):
                stamp = {page: when for page, when in stamp.items() if page[0] != runner}
            else:
                ready.append(runner)
        runner = None
        while True:
            if waiting and not serving:
                who = waiting.pop(0)
                rivals = [page for page in stamp if page[0] == who or scenario.replacement == "global-lru"]
                if len(rivals) == (scenario.frames if scenario.replacement == "global-lru" else shares[who]):
                    del stamp[min(rivals, key=lambda page: stamp[page])]
                    out += 1
                clock += 1
                stamp[who, strings[who][at[who]]] = clock
                serving = [who, now + scenario.fault_time]
            elif ready and runner is None:
                who = ready.pop(0)
                page = (who, strings[who][at[who]])
                if page not in stamp and not brought[who]:
                    faults += 1
                    waiting.append(who)
                    continue
                brought[who] = False
                clock += 1
                if page in stamp:
                    stamp[page] = clock
                runner = who
            else:
                break
        if all(at[k] == len(strings[k]) for k in range(n)):
            break
        now += 1
    return faults, now, out


@pytest.mark.opinion("oracle tick by tick")
@given(scenarios(("global-lru", "local-lru")))
def test_a_plainer_machine_faults_and_ends_alike(scenario: Scenario) -> None:
    events: tuple[Event, ...] = at_degree(scenario, len(scenario.processes))
    ours = (
        sum(event.kind == "fault" for event in events),
        max(event.end for event in events),
        sum(len(event.left) for event in events),
    )
    assert ours == plainer(scenario)


@pytest.mark.opinion("closed form")
@given(st.integers(1, 5), st.integers(1, 8), st.integers(1, 9))
def test_a_single_loop_that_does_not_fit_has_the_utilisation_of_the_closed_form(
    pages: int, laps: int, fault_time: int
) -> None:
    """A cyclic scan of n pages under LRU in fewer frames always faults: 1 / (1 + fault time). With all, n faults."""
    loop = {"phases": [{"pages": pages, "references": pages * laps}]}
    small = asked(thrashing(loop, frames=max(1, pages - 1), fault_time=fault_time), "cpu-utilisation")["1"]
    large = asked(thrashing(loop, frames=pages, fault_time=fault_time), "cpu-utilisation")["1"]
    assume(pages > 1)
    assert small == Fraction(1, 1 + fault_time)
    assert large == Fraction(laps, laps + fault_time)
