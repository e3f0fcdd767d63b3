"""Where is the cycle?

Edges are (from, to) pairs of names, in the order in which the scenario names them: in a wait-for graph a thread
points to the holder of the lock that it wants, in a resource-allocation graph a process to what it wants and a
resource to its holders, in a lock-order graph a lock that is held to one that is taken meanwhile.

Sources: Silberschatz, Galvin, Gagne, 10th ed., 8.3.2 and 8.7.1; Linux, Documentation/locking/lockdep-design.rst;
Sharir, A strong-connectivity algorithm, Computers and Mathematics with Applications 7, 1981 (Kosaraju's).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sims.deadlock.scenario import Graph, LockOrder, WaitFor


class Edge(NamedTuple):
    """`origin` waits for, is held by, or is taken before `target`."""

    origin: str
    target: str
    kind: str  # waits | requests | held-by | before
    label: str = ""  # the lock of a waits edge, the thread of a before edge


def edges(scenario: Any) -> tuple[Edge, ...]:
    """The edges of a kind that has a graph, in order of mention, each once."""
    if isinstance(scenario, WaitFor):
        found: Iterable[Edge] = _waits(scenario)
    elif isinstance(scenario, Graph):
        found = _resources(scenario)
    else:
        found = _order(scenario)
    return tuple({(edge.origin, edge.target, edge.label): edge for edge in found}.values())


def _waits(scenario: WaitFor) -> Iterator[Edge]:
    holder = {lock: thread.name for thread in scenario.threads for lock in thread.holds}
    for thread in scenario.threads:
        if thread.wants in holder and thread.wants is not None:
            yield Edge(thread.name, holder[thread.wants], "waits", thread.wants)


def _resources(scenario: Graph) -> Iterator[Edge]:
    for node in scenario.processes:
        yield from (Edge(node.name, wanted, "requests") for wanted in node.wants)
        yield from (Edge(held, node.name, "held-by") for held in node.holds)


def _order(scenario: LockOrder) -> Iterator[Edge]:
    for path in scenario.threads:
        held: list[str] = []
        for step in path.steps:
            verb, lock = step.split()
            if verb == "acquire":
                yield from (Edge(one, lock, "before", path.name) for one in dict.fromkeys(held))
                held.append(lock)
            elif scenario.misrule != "releases-ignored":
                held.remove(lock)


def adjacency(found: Iterable[Edge]) -> dict[str, list[str]]:
    """Every node with the nodes that it points to."""
    near: dict[str, list[str]] = {}
    for edge in found:
        near.setdefault(edge.origin, []).append(edge.target)
        near.setdefault(edge.target, [])
    return near


def knots(near: Mapping[str, Sequence[str]]) -> tuple[frozenset[str], ...]:
    """The sets of nodes that lie on cycles together: strongly connected components that hold an edge.

    Kosaraju: the nodes in the order in which a search leaves them, last first; what reaches each of them backwards.
    """
    back: dict[str, list[str]] = {node: [] for node in near}
    for node, targets in near.items():
        for target in targets:
            back[target].append(node)
    taken: set[str] = set()
    found = []
    for node in reversed(_left(near)):
        if node not in taken:
            members = _reached(node, back, taken)
            if len(members) > 1 or node in near[node]:
                found.append(frozenset(members))
    return tuple(found)


def _left(near: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes in the order in which a depth-first search leaves them."""
    seen: set[str] = set()
    order: list[str] = []
    for root in near:
        calls = [] if root in seen else [(root, iter(near[root]))]
        seen.add(root)
        while calls:
            node, rest = calls[-1]
            target = next((one for one in rest if one not in seen), None)
            if target is None:
                order.append(node)
                calls.pop()
            else:
                seen.add(target)
                calls.append((target, iter(near[target])))
    return order


def _reached(node: str, back: Mapping[str, Sequence[str]], taken: set[str]) -> list[str]:
    """The nodes not yet taken that lead to `node`; they are taken now."""
    taken.add(node)
    members = [node]
    for member in members:
        fresh = [one for one in dict.fromkeys(back[member]) if one not in taken]
        taken.update(fresh)
        members += fresh
    return members


def cycle(near: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A shortest cycle through the first node (in order of mention) that lies on one; empty if there is none."""
    tied = {node: members for members in knots(near) for node in members}
    start = next((node for node in near if node in tied), None)
    if start is None:
        return ()
    came: dict[str, str] = {}
    line = deque([start])
    while start not in came:
        node = line.popleft()
        for target in near[node]:
            if target in tied[start] and target not in came:
                came[target] = node
                line.append(target)
    back = [start]
    while came[back[-1]] != start:
        back.append(came[back[-1]])
    return (start, *reversed(back[1:]))


def is_cycle(near: Mapping[str, Sequence[str]], nodes: Sequence[str]) -> bool:
    """Whether each points to the next, the last to the first, and none comes twice."""
    if not nodes or len(set(nodes)) != len(nodes):
        return False
    return all(after in near.get(node, ()) for node, after in zip(nodes, (*nodes[1:], nodes[0]), strict=True))
