"""How would the program read, if a mistaken belief were true? Each function takes a scenario and returns another.

A belief that does not bear on the program gives it back unchanged.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from sims.threads.program import Scenario, Thread, expression

Program = tuple[str, ...]
_CHECK = re.compile(r"(\w+)(==|!=)0")


def each_thread(scenario: Scenario, change: Callable[[Program], Program]) -> Scenario:
    """The scenario with every program changed."""
    threads = tuple(replace(thread, program=change(thread.program)) for thread in scenario.threads)
    return replace(scenario, threads=threads, schedule=())


def one_step_increments(scenario: Scenario) -> Scenario:
    """load, add, store of one variable become one atomic add."""
    return each_thread(scenario, lambda program: _fused(program, None))


def volatile_increments(scenario: Scenario) -> Scenario:
    """The same for the variables declared volatile."""
    named = set(scenario.volatile)
    return each_thread(scenario, lambda program: _fused(program, named)) if named else scenario


def _fused(program: Program, only: set[str] | None) -> Program:
    lines, index = [], 0
    while index < len(program):
        fused, used = _increment(program[index : index + 4], only)
        lines.append(fused or program[index])
        index += used if fused else 1
    return tuple(lines)


def _increment(lines: Program, only: set[str] | None) -> tuple[str, int]:
    """The atomic add that these lines begin with, and how many lines it replaces; empty if they begin otherwise."""
    words = [line.split() for line in lines]
    if not words or len(words[0]) != 3 or words[0][0] != "load" or (only is not None and words[0][2] not in only):
        return "", 0
    _, register, variable = words[0]
    grown, place = 0, 1
    if place < len(words) and words[place][:2] == ["add", register] and words[place][2].lstrip("-").isdigit():
        grown, place = int(words[place][2]), 2
    if place >= len(words) or words[place][:2] != ["store", variable]:
        return "", 0
    stored = expression(words[place][2])
    if stored.terms != ((1, register),):
        return "", 0
    return f"add {variable} {grown + stored.constant}", place + 1


def locked_everywhere(scenario: Scenario) -> Scenario:
    """Threads without a lock take the lock that the others take."""
    locks = [line.split()[1] for thread in scenario.threads for line in thread.program if line.startswith("lock ")]
    if not locks:
        return scenario
    threads = tuple(_locked(thread, locks[0]) for thread in scenario.threads)
    return replace(scenario, threads=threads, schedule=())


def _locked(thread: Thread, lock: str) -> Thread:
    if any(line.startswith("lock ") for line in thread.program):
        return thread
    return replace(thread, program=(f"lock {lock}", *thread.program, f"unlock {lock}"))


def checked_again(scenario: Scenario) -> Scenario:
    """After a wait the condition is tested again, as a while would: a jump back to the load before the test."""
    return each_thread(scenario, _looping)


def _looping(program: Program) -> Program:
    lines, fresh = list(program), (f"retry{number}" for number in count())
    index = 0
    while index < len(lines):
        following = lines[index + 1].split()[:1] if index + 1 < len(lines) else []
        if lines[index].startswith("wait ") and following != ["jump"]:
            load = _before(lines, index)
            if load is not None:
                label = next(fresh)
                lines.insert(index + 1, f"jump {label}")
                lines[load] = f"{label}: {lines[load]}"
        index += 1
    return tuple(lines)


def _before(lines: list[str], wait: int) -> int | None:
    """The load before the test that a wait follows."""
    loads = [index for index in range(wait) if lines[index].split(": ")[-1].startswith("load ")]
    tests = [index for index in range(wait) if lines[index].startswith("jump-if ")]
    return loads[-1] if loads and tests and loads[-1] < tests[-1] else None


def everyone_woken(scenario: Scenario) -> Scenario:
    """A signal on a condition that serves two roles always finds the right one: as if all were woken."""
    return each_thread(scenario, _broadcasting)


def _broadcasting(program: Program) -> Program:
    awaited = {line.split()[1] for line in program if line.startswith("wait ")}
    return tuple(
        f"broadcast {line.split()[1]}" if line.startswith("signal ") and line.split()[1] in awaited else line
        for line in program
    )


def check_and_set(scenario: Scenario) -> Scenario:
    """`load r f; jump-if r!=0 L; store f 1` becomes one compare-and-swap."""
    return each_thread(scenario, _tested_and_set)


def _tested_and_set(program: Program) -> Program:
    lines, index = [], 0
    while index < len(program):
        label, _, first = program[index].rpartition(": ")
        words = [first.split(), *(line.split() for line in program[index + 1 : index + 3])]
        check = _CHECK.fullmatch(words[1][1]) if len(words) == 3 and words[1][:1] == ["jump-if"] else None
        if check and check[2] == "!=" and words[0] == ["load", check[1], words[0][-1]] and words[2][0] == "store":
            prefix = f"{label}: " if label else ""
            lines += [f"{prefix}cas {check[1]} {words[0][2]} 0 {words[2][2]}", f"jump-if {check[1]}==0 {words[1][2]}"]
            index += 3
        else:
            lines.append(program[index])
            index += 1
    return tuple(lines)
