"""What can be asked of a family of processes?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sims.declare import MapOf, Measure, NoAnswer, Number, OneOf, SequenceOf, SetOf, Step
from sims.processes.run import Event, Scenario, Trace, run

WRITES = 400  # more make the order of the output too much work to decide

# ── who there is ────────────────────────────────────────────────────────────────────────────────────────────────


def tree(trace: Trace) -> dict[str, str]:
    """Process -> the process that forked it; without P0."""
    return {event.other: event.process for event in trace.events if event.kind == "fork"}


def processes(trace: Trace) -> int:
    """How many processes there are in all, P0 included."""
    return 1 + children(trace)


def children(trace: Trace) -> int:
    """How many processes fork creates."""
    return sum(event.kind == "fork" for event in trace.events)


def names(trace: Trace) -> tuple[str, ...]:
    """P0 and all the others, in order of creation."""
    return ("P0", *tree(trace))


class Left(NamedTuple):
    """Who is what at the quiet moment."""

    zombies: dict[str, str]  # name -> the parent that has not waited for it
    orphans: dict[str, str]  # living name -> who adopted it


def left(trace: Trace) -> Left:
    """The zombies and the living orphans at the quiet moment."""
    forked = tree(trace)
    parent, ended, gone = dict(forked), set[str](), set[str]()
    for event in before_the_end(trace):
        if event.kind == "adopt":
            parent[event.other] = event.process
        elif event.kind == "exit":
            ended.add(event.process)
        elif event.kind == "reap":
            gone.add(event.other)
    zombies = {name: parent[name] for name in forked if name in ended - gone}
    living = [name for name in forked if name not in ended]
    return Left(zombies, {name: parent[name] for name in living if forked[name] in ended})


def before_the_end(trace: Trace) -> Iterator[Event]:
    """The events up to the quiet moment."""
    for event in trace.events:
        if event.kind == "quiet":
            return
        yield event


def zombies(trace: Trace) -> int:
    """How many processes have ended and are not reaped at the quiet moment."""
    return len(left(trace).zombies)


def orphans(trace: Trace) -> frozenset[str]:
    """The living processes whose creator has ended, at the quiet moment."""
    return frozenset(left(trace).orphans)


def adopters(trace: Trace) -> dict[str, str]:
    """Orphan -> who adopted it: init or a subreaper. Raises NoAnswer without orphans."""
    found = left(trace).orphans
    if not found:
        raise NoAnswer("nobody is orphaned")
    return found


def copied_pages(trace: Trace) -> int:
    """Pages that the kernel copies because somebody wrote to them while they were shared."""
    return sum(event.pages for event in trace.events)


# ── what is printed ─────────────────────────────────────────────────────────────────────────────────────────────


def words(scenario: Scenario) -> tuple[str, ...]:
    """The words that the program may print, in order of first mention."""
    return tuple(dict.fromkeys(do.word for do in scenario.program.operations() if do.word))


def output(trace: Trace) -> dict[str, int]:
    """Word -> how many times it reaches the output."""
    count = Counter(word for event in trace.events if event.kind == "write" for word in event.text)
    return {word: count[word] for word in words(trace.scenario)}


def output_order(trace: Trace) -> tuple[str, ...]:
    """The words in the only order in which they can appear. Raises NoAnswer where timing decides."""
    writes = [event.text for event in trace.events if event.kind == "write"]
    if len(writes) > WRITES:
        raise NoAnswer(f"more than {WRITES} writes")
    for index, before in enumerate(_before(trace)):
        for other in range(index):
            both = writes[other] + writes[index]
            if not before >> other & 1 and both != writes[index] + writes[other]:
                raise NoAnswer(f"{' '.join(writes[other])} and {' '.join(writes[index])} may change places")
    return tuple(word for text in writes for word in text)


def _before(trace: Trace) -> list[int]:
    """For each write, the set of writes that must come before it, as bits.

    A child's doings come after its fork, and a child's whole life before the wait that leaves none of the children
    forked so far. Where a process adopts, its waits promise nothing.
    """
    ending = {event.process for event in trace.events if event.kind == "exit"}
    adopting = {event.process for event in trace.events if event.kind == "adopt"}
    known: dict[str, int] = {"P0": 0}
    born: dict[str, list[str]] = {}
    waits: Counter[str] = Counter()
    result: list[int] = []
    for event in trace.events:
        name = event.process
        if event.kind == "fork":
            known[event.other] = known[name]
            if event.other in ending:
                born.setdefault(name, []).append(event.other)
        elif event.kind == "write":
            result.append(known[name])
            known[name] |= 1 << len(result) - 1
        elif event.kind == "reap" and name in known and name not in adopting:
            waits[name] += 1
            if waits[name] == len(born[name]):
                for child in born[name]:
                    known[name] |= known[child]
    return result


# ── worked solutions ────────────────────────────────────────────────────────────────────────────────────────────


def _processes_steps(trace: Trace) -> tuple[Step, ...]:
    return _count_steps(trace, 1, "P0 is there at the start: 1.")


def _children_steps(trace: Trace) -> tuple[Step, ...]:
    return _count_steps(trace, 0, "P0 was there before: it is not counted.")


def _count_steps(trace: Trace, first: int, says: str) -> tuple[Step, ...]:
    steps = [Step(says, "every fork adds one process", first)]
    for index, event in enumerate(trace.events):
        if event.kind == "fork":
            count = first + len(steps)
            steps.append(Step(f"{event.process} forks {event.other}: {count}.", _FORK, count, None, index))
    return tuple(steps)


_FORK = "fork: both go on behind it, true in the parent, false in the child"


def _tree_steps(trace: Trace) -> tuple[Step, ...]:
    return tuple(
        Step(f"{event.process} forks {event.other}.", _FORK, event.process, event.other, index)
        for index, event in enumerate(trace.events)
        if event.kind == "fork"
    )


def _output_steps(trace: Trace) -> tuple[Step, ...]:
    by: dict[str, Counter[str]] = {word: Counter() for word in words(trace.scenario)}
    for event in trace.events:
        if event.kind == "write":
            for word in event.text:
                by[word][event.process] += 1
    rule = f"{trace.scenario.buffering} buffering: fork copies what is still in the buffer, exec throws it away"
    return tuple(
        Step(f"{word}: {_listed(count)} = {count.total()}.", rule, count.total(), word) for word, count in by.items()
    )


def _listed(count: Mapping[str, int]) -> str:
    return ", ".join(f"{name} writes {times}" for name, times in count.items()) or "nobody writes it"


def _order_steps(trace: Trace) -> tuple[Step, ...]:
    steps: list[Step] = []
    for index, event in enumerate(trace.events):
        if event.kind == "write":
            for word in event.text:
                says = f"{event.process} writes {word}."
                steps.append(Step(says, "a wait orders a child before its parent", word, len(steps), index))
    return tuple(steps)


def _zombies_steps(trace: Trace) -> tuple[Step, ...]:
    found = left(trace).zombies
    rule = "a zombie has ended and its parent has not waited for it; init reaps what it adopts"
    steps = [
        Step(f"{name} has ended, and {parent} has not waited for it: {n}.", rule, n)
        for n, (name, parent) in enumerate(found.items(), 1)
    ]
    return (*steps, Step(f"{len(found)} in all.", rule, len(found)))


def _orphans_steps(trace: Trace) -> tuple[Step, ...]:
    found = left(trace).orphans
    forked = tree(trace)
    rule = "an orphan lives, and the process that forked it has ended"
    steps = [Step(f"{name} lives, and {forked[name]}, which forked it, has ended.", rule, name) for name in found]
    says = f"Orphans: {' '.join(found)}." if found else "Every living process still has the parent that forked it."
    return (*steps, Step(says, rule, frozenset(found)))


def _adopters_steps(trace: Trace) -> tuple[Step, ...]:
    forked = tree(trace)
    rule = "the nearest ancestor that is a subreaper adopts, else init"
    return tuple(
        Step(f"{forked[name]} ends; {adopter} adopts {name}.", rule, adopter, name)
        for name, adopter in adopters(trace).items()
    )


def _copied_steps(trace: Trace) -> tuple[Step, ...]:
    steps, total = [Step("fork copies no page: all are shared.", _COPY, 0)], 0
    for index, event in enumerate(trace.events):
        if event.kind == "touch":
            total += event.pages
            says = f"{event.process} writes to {event.text[0]}, of which {event.pages} are shared: {total} copied."
            steps.append(Step(says, _COPY, total, None, index))
    return tuple(steps)


_COPY = "copy on write: a writer gets a copy, unless it is the last one that shares the page"


# ── the declaration ─────────────────────────────────────────────────────────────────────────────────────────────


def _all(scenario: Scenario) -> tuple[str, ...]:
    return names(run(scenario))


def _forked(scenario: Scenario) -> tuple[str, ...]:
    return names(run(scenario))[1:]


def _orphaned(scenario: Scenario) -> tuple[str, ...]:
    return tuple(left(run(scenario)).orphans)


def _prints(scenario: Scenario) -> bool:
    return bool(words(scenario))


def _touches(scenario: Scenario) -> bool:
    return any(do.op == "touch" for do in scenario.program.operations())


def _forks(scenario: Scenario) -> bool:
    return any(do.op == "fork" for do in scenario.program.operations())


MEASURES = (
    Measure(
        name="processes",
        gives=Number("processes"),
        of=processes,
        help="How many processes there are in all, the first one included.",
        asks="How many processes are there in all, the first one included?",
        steps=_processes_steps,
        source="tlpi 24.2",
    ),
    Measure(
        name="children",
        gives=Number("processes"),
        of=children,
        help="How many processes fork creates: all but the first.",
        asks="How many processes does fork create in all, the first one not included?",
        steps=_children_steps,
        source="tlpi 24.2",
    ),
    Measure(
        name="tree",
        gives=MapOf(OneOf(names=_all), _forked),
        of=tree,
        help="Which process forks which; processes are named in order of creation.",
        asks="Which process forks each of these?",
        steps=_tree_steps,
        applies=_forks,
        source="tlpi 24.2",
    ),
    Measure(
        name="output",
        gives=MapOf(Number("times"), words, "word"),
        of=output,
        help="How many times each word reaches the output, whatever the timing.",
        asks="How many times is each word printed?",
        steps=_output_steps,
        applies=_prints,
        source="tlpi 25.4",
    ),
    Measure(
        name="output-order",
        gives=SequenceOf("word", words),
        of=output_order,
        help="The words in the only order in which they can appear; no answer where timing decides.",
        asks="In which order do the words appear?",
        steps=_order_steps,
        applies=_prints,
        source="tlpi 26.1",
    ),
    Measure(
        name="zombies",
        gives=Number("processes"),
        of=zombies,
        help="Processes that have ended and are not reaped when every living one has blocked or ended, before P0 ends.",
        asks="How many zombies are there when every living process has blocked or ended, just before P0 ends?",
        steps=_zombies_steps,
        better="low",
        source="tlpi 26.2",
    ),
    Measure(
        name="orphans",
        gives=SetOf("process", _all),
        of=orphans,
        help="Living processes whose creator has ended, at the same moment.",
        asks="Which living processes are orphans when every living process has blocked, just before P0 ends?",
        steps=_orphans_steps,
        source="tlpi 26.2",
    ),
    Measure(
        name="adopters",
        gives=MapOf(OneOf(("init",), _all), _orphaned),
        of=adopters,
        help="Who adopts each orphan: the nearest ancestor that is a subreaper, else init.",
        asks="Who is the parent of each of these orphans, just before P0 ends?",
        steps=_adopters_steps,
        source="man-2-prctl PR_SET_CHILD_SUBREAPER",
    ),
    Measure(
        name="copied-pages",
        gives=Number("pages"),
        of=copied_pages,
        help="Pages that are copied because they are written to while shared; nobody ends before the last write.",
        asks="How many pages are copied in all, if nobody ends before the last write?",
        steps=_copied_steps,
        applies=_touches,
        better="low",
        source="tlpi 24.2.2",
    ),
)
