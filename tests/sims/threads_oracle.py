"""Slower and plainer: threads as text, carried out word by word; every schedule walked one by one.

Written from the definitions, without tables, bit masks or compiled steps: a state is a dictionary, a program a list
of lines, a schedule is followed from the start each time.
"""

from collections import Counter
from itertools import permutations


def evaluate(text, registers):
    names = {name: value for name, value in registers.items() if isinstance(name, str)}
    for name in sorted(set("".join(c if c.isalnum() else " " for c in text).split())):
        if not name.isdigit():
            names.setdefault(name, 0)
    return eval(text, {"__builtins__": {}}, names)


def fresh(scenario):
    return {
        "at": [0] * len(scenario.threads),
        "registers": [{} for _ in scenario.threads],
        "shared": dict(scenario.shared),
        "semaphores": dict(scenario.semaphores),
        "owner": {},
        "asleep": {},
        "retake": [None] * len(scenario.threads),
    }


def lines_of(thread):
    """The program without labels, and where each label leads."""
    lines, labels = [], {}
    for raw in thread.program:
        text = raw
        while ":" in text:
            label, _, text = text.partition(":")
            labels[label.strip()] = len(lines)
        if text.strip():
            lines.append(text.split())
    return lines, labels


def settle(state, thread, lines, labels):
    while state["at"][thread] < len(lines) and lines[state["at"][thread]][0] == "jump":
        state["at"][thread] = labels[lines[state["at"][thread]][1]]


def step(scenario, state, t):
    """Carries out one step of thread t in place; False if it cannot go on."""
    lines, labels = lines_of(scenario.threads[t])
    settle(state, t, lines, labels)
    if state["retake"][t] is not None:
        condition, lock = state["retake"][t]
        if t in state["asleep"].get(condition, []) or lock in state["owner"]:
            return False
        state["owner"][lock] = t
        state["retake"][t] = None
        state["at"][t] += 1
        settle(state, t, lines, labels)
        return True
    if state["at"][t] >= len(lines):
        return False
    op, *words = lines[state["at"][t]]
    registers, shared = state["registers"][t], state["shared"]
    onward = True
    if op == "load":
        registers[words[0]] = shared[words[1]]
    elif op == "store":
        shared[words[0]] = evaluate(words[1], registers)
    elif op == "add":
        if words[0] in shared:
            shared[words[0]] += evaluate(words[1], registers)
        else:
            registers[words[0]] = registers.get(words[0], 0) + evaluate(words[1], registers)
    elif op == "set":
        registers[words[0]] = evaluate(words[1], registers)
    elif op == "swap":
        old = shared[words[1]]
        shared[words[1]] = evaluate(words[2], registers)
        registers[words[0]] = old
    elif op == "cas":
        if shared[words[1]] == evaluate(words[2], registers):
            shared[words[1]] = evaluate(words[3], registers)
            registers[words[0]] = 1
        else:
            registers[words[0]] = 0
    elif op == "lock":
        if words[0] in state["owner"]:
            return False
        state["owner"][words[0]] = t
    elif op == "unlock":
        if state["owner"].get(words[0]) == t:
            del state["owner"][words[0]]
    elif op == "acquire":
        if state["semaphores"][words[0]] == 0:
            return False
        state["semaphores"][words[0]] -= 1
    elif op == "release":
        state["semaphores"][words[0]] += 1
    elif op == "wait":
        if state["owner"].get(words[1]) == t:
            del state["owner"][words[1]]
            state["asleep"].setdefault(words[0], []).append(t)
            state["retake"][t] = (words[0], words[1])
            onward = False
    elif op == "signal":
        del state["asleep"].get(words[0], [])[:1]
    elif op == "broadcast":
        state["asleep"][words[0]] = []
    elif op == "jump-if" and evaluate(words[0], registers):
        state["at"][t] = labels[words[1]]
        onward = False
    if onward:
        state["at"][t] += 1
    settle(state, t, lines, labels)
    return True


def follow(scenario, schedule):
    state = fresh(scenario)
    for t in range(len(scenario.threads)):
        settle(state, t, *lines_of(scenario.threads[t]))
    for t in schedule:
        assert step(scenario, state, t)
    return state


def done(scenario, state):
    return all(
        state["retake"][t] is None and state["at"][t] >= len(lines_of(thread)[0])
        for t, thread in enumerate(scenario.threads)
    )


def every_schedule(scenario, most=20_000):
    """Counter of final shared values of all completed schedules, and the set of deadlocked schedules."""
    import copy

    finals, dead = Counter(), []
    stack = [((), follow(scenario, ()))]
    while stack:
        schedule, state = stack.pop()
        onward = []
        for t in range(len(scenario.threads)):
            other = copy.deepcopy(state)
            if step(scenario, other, t):
                onward.append(((*schedule, t), other))
        if not onward and done(scenario, state):
            finals[tuple(state["shared"].values())] += 1
        elif not onward:
            dead.append(schedule)
        stack += onward
        assert sum(finals.values()) + len(dead) <= most
    return finals, dead


def words(lengths):
    """All interleavings of threads of those lengths, as tuples of thread numbers."""
    letters = [t for t, n in enumerate(lengths) for _ in range(n)]
    return set(permutations(letters))
