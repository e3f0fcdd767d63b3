"""Does a program make the family that the textbook, a plainer machine and the kernel make of it?"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import plain
from sims.processes import SIMULATOR, Event, Trace, run, tell
from sims.processes.measures import (
    adopters,
    children,
    copied_pages,
    left,
    names,
    orphans,
    output,
    output_order,
    processes,
    tree,
    zombies,
)
from sims.processes.program import parse

ROOT = Path(__file__).parents[2]
WORKED = sorted((ROOT / "data" / "processes").glob("*.json"))


def ran(program: str, **fields: object) -> Trace:
    return run(SIMULATOR.scenario({"program": program, **fields}))


# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 3, tlpi 25.4, ostep 5")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_families(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(SIMULATOR.measure(name).of(trace)) == expected, name


@pytest.mark.textbook("ostep 5.2, figure 5.2")
def test_the_parent_that_waits_prints_after_its_child_event_by_event() -> None:
    trace = ran("print hello; fork; if child { print child } else { wait; print parent }")
    assert trace.events == (
        Event("write", "P0", text=("hello",)),
        Event("fork", "P0", "P1"),
        Event("wait", "P0"),
        Event("write", "P1", text=("child",)),
        Event("exit", "P1"),
        Event("reap", "P0", "P1"),
        Event("write", "P0", text=("parent",)),
        Event("quiet", "P0"),
        Event("exit", "P0"),
        Event("reap", "shell", "P0"),
    )


# ── rules: the program ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_and_binds_tighter_than_or() -> None:
    assert parse("fork && fork || fork") == parse("(fork && fork) || fork")
    assert parse("fork || fork && fork") == parse("fork || (fork && fork)")
    assert processes(ran("fork && fork || fork")) == 5
    assert processes(ran("fork && (fork || fork)")) == 4
    assert processes(ran("fork || fork && fork")) == 4


@pytest.mark.rule
def test_fork_is_true_in_the_parent_and_false_in_the_child() -> None:
    assert output(ran("fork && print parent; fork || print child")) == {"parent": 1, "child": 2}
    assert tree(ran("fork && fork")) == {"P1": "P0", "P2": "P0"}
    assert tree(ran("fork || fork")) == {"P1": "P0", "P2": "P1"}


@pytest.mark.rule
def test_if_asks_what_the_last_fork_returned_as() -> None:
    counts = output(ran("fork; if parent { print p; fork } else { print c }; if child { print c2 }"))
    assert counts == {"p": 1, "c": 1, "c2": 2}


@pytest.mark.rule
def test_the_right_side_of_every_operator_is_done_only_if_it_matters() -> None:
    assert output(ran("print a || print b; print c && print d")) == {"a": 1, "b": 0, "c": 1, "d": 1}
    assert [tell(ran("print a || print b && flush"), 1)] == ["P0 skips print b && flush: the result is settled."]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("", "program: holds no operation"),
        ("fork fork", "program: line 1, column 6: expected a new line or ;, got 'fork'"),
        ("fork\nloop 65 { fork }", "program: line 2, column 6: expected a number from 1 to 64, got '65'"),
        ("loop 0 { fork }", "program: line 1, column 6: expected a number from 1 to 64, got '0'"),
        ("if child { fork }", "program: line 1, column 1: expected a fork before the first if, got 'if'"),
        ("fork; if son { fork }", "program: line 1, column 10: expected child or parent, got 'son'"),
        (
            "fork &&",
            "program: line 1, column 8: expected one of fork flush wait pause exit print touch exec, got the end",
        ),
        ("print\nfork", "program: line 1, column 6: expected a word of at most 16 letters and digits, got the end of the line"),
        ("print abcdefghijklmnopq", "program: line 1, column 7: expected a word of at most 16 letters and digits, got 'abcdefghijklmnopq'"),
        ("loop 2 { fork", "program: line 1, column 14: expected a new line or ; or }, got the end"),
        ("(fork", "program: line 1, column 6: expected ), got the end"),
        ("fork\n  @", "program: line 2, column 3: '@' has no meaning here"),
        ("(" * 13 + "fork", "program: line 1, column 14: expected at most 12 brackets within brackets, got 'fork'"),
        ("# " + "x" * 2000, "program: must be 2000 characters at most, got 2002"),
        (7, "program: must be a program such as 'fork; print a', got 7"),
        ("touch 3", "pages: must be at least 3, which the program touches; got 0"),
    ],
)  # fmt: skip
def test_a_program_that_cannot_be_read_is_refused_with_line_and_column(program: object, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"program": program})
    assert str(refused.value) == message


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        SIMULATOR.scenario({"program": "fork", "buffering": "some", "subreaper": "Q1", "pages": 65})
    assert [fault.where for fault in refused.value.faults] == ["buffering", "subreaper", "pages"]
    with pytest.raises(Invalid, match="subreaper: the program makes no process P2"):
        SIMULATOR.scenario({"program": "fork", "subreaper": "P0 P2"})


@pytest.mark.rule
def test_too_many_processes_or_steps_are_a_limit_and_no_answer() -> None:
    assert processes(ran("loop 12 { fork }")) == 4096
    with pytest.raises(Limit, match="more than 5000 processes"):
        ran("loop 13 { fork }")
    with pytest.raises(Limit, match="more than 400000 steps"):
        ran("loop 64 { loop 64 { loop 64 { loop 64 { wait } } } }")
    with pytest.raises(Limit, match="4096 bytes"):
        ran("loop 64 { loop 64 { print a } }", buffering="full")


# ── rules: output ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_print_without_end_of_line_stays_in_a_line_buffer_until_a_line_ends() -> None:
    assert output(ran("print -n a; fork", buffering="line")) == {"a": 2}
    assert output(ran("print -n a; print b; fork", buffering="line")) == {"a": 1, "b": 1}
    assert output(ran("print -n a; fork", buffering="none")) == {"a": 1}


@pytest.mark.rule
def test_flush_empties_the_buffer_before_fork_copies_it() -> None:
    assert output(ran("print a; flush; fork", buffering="full")) == {"a": 1}


@pytest.mark.rule
def test_exit_writes_the_buffer_and_exec_throws_it_away() -> None:
    assert output(ran("print a; fork; if child { exit }; print b", buffering="full")) == {"a": 2, "b": 1}
    assert output(ran("print a; fork; if child { exec c }; print b", buffering="full")) == {"a": 1, "c": 1, "b": 1}


@pytest.mark.rule
def test_the_order_of_the_output_is_told_only_where_timing_cannot_change_it() -> None:
    assert output_order(ran("fork; if child { print a; exit }; wait; print b")) == ("a", "b")
    assert output_order(ran("fork; print a")) == ("a", "a")
    assert output_order(ran("print b; fork; wait; print a")) == ("b", "a", "a")
    for undecided in (
        "fork; if child { print a; exit }; print b",
        "fork; if child { print a; exit }; fork; if child { exit }; wait; print b",  # which of the two is reaped?
        "fork; if child { print a; pause }; fork; if child { exit }; wait; print b",
    ):
        with pytest.raises(NoAnswer):
            output_order(ran(undecided))
    both = "fork; if child { print a; exit }; fork; if child { print a; exit }; wait; wait; print b"
    assert output_order(ran(both)) == ("a", "a", "b")


# ── rules: zombies and orphans ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_zombie_has_ended_and_is_not_waited_for_before_the_first_process_ends() -> None:
    assert zombies(ran("fork; if child { exit }")) == 1
    assert zombies(ran("fork; if child { exit }; wait")) == 0
    assert zombies(ran("fork; if child { pause }")) == 0
    assert zombies(ran("loop 3 { fork; if child { exit } }; wait")) == 2


@pytest.mark.rule
def test_wait_reaps_one_child_and_returns_at_once_without_children() -> None:
    trace = ran("wait; fork; if child { exit }; wait; wait")
    assert [event.kind for event in trace.events] == [
        "childless", "fork", "wait", "exit", "reap", "childless", "quiet", "exit", "reap",
    ]  # fmt: skip


@pytest.mark.rule
def test_a_wait_for_a_child_that_sleeps_for_good_never_returns() -> None:
    trace = ran("fork; if child { pause }; wait; print never")
    assert trace.events[-1] == Event("quiet", "P0")
    assert output(trace) == {"never": 0}


@pytest.mark.rule
def test_init_adopts_and_reaps_and_a_subreaper_has_to_wait() -> None:
    program = "fork; if child { fork; if child { exit }; exit }; wait"
    assert zombies(ran(program)) == 0
    assert zombies(ran(program, subreaper="P0")) == 1
    assert zombies(ran(program + "; wait", subreaper="P0")) == 0


@pytest.mark.rule
def test_orphans_go_to_the_nearest_subreaper_above_and_not_to_the_grandparent() -> None:
    program = "fork; if child { fork; if child { fork; if child { pause }; exit }; pause }"
    assert orphans(ran(program)) == {"P3"}
    assert adopters(ran(program)) == {"P3": "init"}
    assert adopters(ran(program, subreaper="P0")) == {"P3": "P0"}
    assert adopters(ran(program, subreaper="P0 P1")) == {"P3": "P1"}
    with pytest.raises(NoAnswer):
        adopters(ran("fork"))


@pytest.mark.rule
def test_only_the_direct_children_of_the_one_that_ends_get_another_parent() -> None:
    program = "fork; if child { fork; if child { fork; if child { pause }; pause }; exit }"
    assert adopters(ran(program)) == {"P2": "init"}


@pytest.mark.rule
def test_a_subreaper_that_has_ended_adopts_nobody() -> None:
    program = "fork; if child { fork; if child { fork; if child { pause }; exit }; exit }; wait"
    assert adopters(ran(program, subreaper="P0 P1"))["P3"] == "P0"


# ── rules: memory ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_every_writer_copies_but_the_last_sharer() -> None:
    assert copied_pages(ran("touch 4; fork", pages=4)) == 0
    assert copied_pages(ran("fork; if child { touch 3 }", pages=4)) == 3
    assert copied_pages(ran("fork; touch 3", pages=4)) == 3
    assert copied_pages(ran("loop 2 { fork }; touch 4", pages=4)) == 12
    assert copied_pages(ran("fork; touch 4; fork; touch 4", pages=4)) == 4 + 8


@pytest.mark.rule
def test_the_mistakes_are_the_classic_ones() -> None:
    def mistaken(name: str, measure: str, trace: Trace) -> Any:
        mistake = SIMULATOR.mistake(name)
        assert mistake.applies_to(measure)
        of = SIMULATOR.measure(measure).of
        return of(run(mistake.rule(trace.scenario))) if mistake.rule else mistake.measures[measure](trace)

    five = ran("loop 5 { fork }")
    assert mistaken("only-the-parent-forks", "processes", five) == 6
    assert mistaken("two-a-fork", "processes", five) == 10
    assert mistaken("first-counted-as-child", "children", five) == 32
    assert mistaken("first-forgotten", "processes", five) == 31
    assert mistaken("both-sides-evaluated", "processes", ran("fork && fork || fork")) == 8
    assert mistaken("all-from-the-first", "tree", ran("fork; fork")) == {"P1": "P0", "P2": "P0", "P3": "P0"}
    assert mistaken("each-forks-the-next", "tree", ran("fork; fork")) == {"P1": "P0", "P2": "P1", "P3": "P2"}
    full = ran("loop 2 { fork; print a }; if child { exec }", buffering="full")
    assert mistaken("buffer-forgotten", "output", full) == {"a": 6}
    assert output(full) == {"a": 4}
    assert mistaken("exec-flushes", "output", full) == {"a": 8}
    family = ran("fork; if child { fork; if child { fork; if child { pause }; exit }; pause }")
    assert mistaken("orphans-to-the-grandparent", "adopters", family) == {"P3": "P1"}
    assert mistaken("zombie-is-orphan", "zombies", family) == 1
    assert mistaken("zombie-is-orphan", "orphans", ran("fork; if child { exit }")) == {"P1"}
    assert mistaken("wait-reaps-all", "zombies", ran("fork || exit; fork || exit; fork || exit; loop 2 { wait }")) == 0
    pages = ran("fork; touch 3", pages=8)
    assert mistaken("child-shares-memory", "copied-pages", pages) == 0
    assert mistaken("fork-copies-everything", "copied-pages", pages) == 8
    assert mistaken("last-sharer-copies", "copied-pages", pages) == 6
    with pytest.raises(NoAnswer):
        mistaken("two-a-fork", "processes", ran("print a"))


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.law
@pytest.mark.parametrize("k", range(8))
def test_k_unconditional_forks_make_two_to_the_k_processes(k: int) -> None:
    trace = ran("flush" + "; fork" * k)
    assert (processes(trace), children(trace)) == (2**k, 2**k - 1)


@pytest.mark.law
@pytest.mark.parametrize("n", range(1, 8))
def test_the_closed_forms_of_lines_printed_among_n_forks(n: int) -> None:
    def lines(program: str, buffering: str) -> int:
        return output(ran(program, buffering=buffering))["a"]

    behind, ahead = f"loop {n} {{ fork; print a }}", f"loop {n} {{ print a; fork }}"
    assert lines(behind, "full") == n * 2**n
    assert lines(behind, "line") == lines(behind, "none") == 2 ** (n + 1) - 2
    assert lines(ahead, "full") == n * 2**n
    assert lines(ahead, "line") == lines(ahead, "none") == 2**n - 1


@pytest.mark.law
@pytest.mark.parametrize("k", range(1, 7))
def test_who_waits_for_every_child_leaves_no_zombie(k: int) -> None:
    trace = ran(f"loop {k} {{ fork }}; loop {k} {{ wait }}")
    assert zombies(trace) == 0
    assert sum(event.kind == "reap" and event.process != "shell" for event in trace.events) == 2**k - 1


Tree = tuple[Any, ...]
LEAVES = st.sampled_from(
    [("print", "a", True), ("print", "b", False), ("flush",), ("exit",), ("exec", ""), ("exec", "c"), ("touch", 1), ("touch", 3)]
)  # fmt: skip
FORK = st.just(("fork",))


def logic(operand: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.sampled_from(("&&", "||")), st.lists(operand, min_size=2, max_size=3))


def forks_in(node: Tree) -> int:
    match node:
        case ("fork",):
            return 1
        case ("loop", times, body):
            return int(times) * sum(map(forks_in, body))
        case ("if", _, then, other):
            return max(sum(map(forks_in, then)), sum(map(forks_in, other)))
        case ("&&" | "||", parts):
            return sum(map(forks_in, parts))
    return 0


@st.composite
def programs(draw: st.DrawFn, waits: bool = False) -> list[Tree]:
    """A fork, then a few statements, at most 5 forks deep: `fork; (fork && print a); loop 2 { fork; touch 1 }`."""
    leaf = LEAVES | st.sampled_from([("wait",), ("pause",)]) if waits else LEAVES
    simple = leaf | FORK
    block = st.lists(simple | logic(simple), max_size=3)
    statement = (
        simple
        | logic(simple | logic(simple))
        | st.tuples(st.just("loop"), st.integers(1, 3), block)
        | st.tuples(st.just("if"), st.sampled_from(("child", "parent")), block, block)
    )
    body: list[Tree] = [("fork",)]
    for node in draw(st.lists(statement, max_size=5)):
        if sum(map(forks_in, [*body, node])) <= 5:
            body.append(node)
    return body


def text(node: Tree) -> str:
    match node:
        case ("print", word, ends_line):
            return f"print {'' if ends_line else '-n '}{word}"
        case ("loop", times, body):
            return f"loop {times} {{ {'; '.join(map(text, body))} }}"
        case ("if", who, then, other):
            return f"if {who} {{ {'; '.join(map(text, then))} }} else {{ {'; '.join(map(text, other))} }}"
        case ("&&" | "||" as sign, parts):
            return "(" + f" {sign} ".join(map(text, parts)) + ")"
    return " ".join(map(str, node)).strip()


@pytest.mark.law
@given(programs(waits=True))
def test_a_program_reads_back_to_itself(body: list[Tree]) -> None:
    program = parse("\n".join(map(text, body)))
    assert parse(str(program)) == program


@pytest.mark.law
@given(programs(waits=True), st.sampled_from(("line", "full", "none")), st.sampled_from(((), ("P0",), ("P0", "P1"))))
def test_everybody_is_alive_a_zombie_or_reaped_and_nobody_acts_after_the_end(
    body: list[Tree], buffering: str, subreaper: tuple[str, ...]
) -> None:
    trace = ran("\n".join(map(text, body)), buffering=buffering, subreaper=subreaper, pages=4)
    ended: set[str] = set()
    reaped: set[str] = set()
    for event in trace.events:
        if event.kind == "exit":
            assert event.process not in ended
            ended.add(event.process)
        elif event.kind == "reap":
            assert event.other in ended - reaped
            reaped.add(event.other)
        elif event.kind not in ("adopt", "quiet"):
            assert event.process not in ended
    found = left(trace)
    assert set(found.zombies) | set(found.orphans) <= set(names(trace))
    assert not set(found.zombies) & set(found.orphans)
    for steps in (SIMULATOR.measure(name).steps(trace) for name in ("processes", "zombies", "orphans", "copied-pages")):
        assert steps
    for name in ("processes", "children", "zombies", "orphans", "copied-pages"):
        measure = SIMULATOR.measure(name)
        assert measure.steps(trace)[-1].value == measure.of(trace), name
    for name in ("tree", "output"):
        measure = SIMULATOR.measure(name)
        assert {step.key: step.value for step in measure.steps(trace)} == measure.of(trace)
    assert all(tell(trace, index).endswith(".") for index in range(len(trace.events)))


@pytest.mark.law
@given(programs(), st.sampled_from(("line", "none")))
def test_without_exec_a_fully_buffered_word_is_never_printed_less_often(body: list[Tree], buffering: str) -> None:
    program = "\n".join(text(node) for node in body if "exec" not in text(node))
    less, more = output(ran(program, buffering=buffering, pages=4)), output(ran(program, buffering="full", pages=4))
    assert all(more[word] >= less[word] for word in less)


# ── opinions ────────────────────────────────────────────────────────────────────────────────────────────────────


class Plainer:
    """A plainer machine: what is left to do is a list, and a fork copies it. No waits, no schedule.

    A page's version is who wrote it last and when; every version beyond the first of a page is one copy.
    """

    def __init__(self, body: list[Tree], buffering: str) -> None:
        self.buffering, self.clock = buffering, 0
        self.paths: list[str] = []
        self.printed: Counter[str] = Counter()
        self.versions: list[list[int]] = []
        self.live(list(body), "P0", False, [], [0] * 4)

    def live(
        self, todo: list[Tree], path: str, child: bool, buffer: list[str], pages: list[int], value: bool = True
    ) -> None:
        self.paths.append(path)
        forks = 0
        while todo:
            node, *todo = todo
            match node:
                case ("fork",):
                    forks += 1
                    self.live(list(todo), f"{path}.{forks}", True, list(buffer), list(pages), False)
                    child, value = False, True
                case ("test", sign, rest):
                    if rest and value == (sign == "&&"):
                        todo = [rest[0], ("test", sign, rest[1:]), *todo]
                case ("&&" | "||" as sign, parts):
                    todo = [parts[0], ("test", sign, parts[1:]), *todo]
                case ("loop", times, block):
                    todo = [*list(block) * times, *todo]
                case ("if", who, then, other):
                    todo = [*(then if child == (who == "child") else other), *todo]
                case ("exec", word):
                    self.printed.update([word] if word else [])
                    buffer, todo = [], []
                case ("exit",):
                    todo = []
                case ("flush",):
                    self.printed.update(buffer)
                    buffer, value = [], True
                case ("touch", count):
                    self.clock += 1
                    pages[:count] = [self.clock] * count
                    value = True
                case ("print", word, ends_line):
                    buffer.append(word)
                    value = True
                    if self.buffering == "none" or (self.buffering == "line" and ends_line):
                        self.printed.update(buffer)
                        buffer = []
        self.printed.update(buffer)
        self.versions.append(pages)

    @property
    def copies(self) -> int:
        return sum(len(set(page)) - 1 for page in zip(*self.versions, strict=True))


def paths_of(trace: Trace) -> dict[str, str]:
    """Process -> its path: P0.2.1 is the first child of the second child of P0."""
    paths, born = {"P0": "P0"}, Counter[str]()
    for name, parent in tree(trace).items():
        born[parent] += 1
        paths[name] = f"{paths[parent]}.{born[parent]}"
    return paths


@pytest.mark.opinion("a plainer machine that copies what is left to do")
@given(programs(), st.sampled_from(("line", "full", "none")))
def test_a_plainer_machine_makes_the_same_tree_output_and_copies(body: list[Tree], buffering: str) -> None:
    trace = ran("\n".join(map(text, body)), buffering=buffering, pages=4)
    other = Plainer(body, buffering)
    assert sorted(paths_of(trace).values()) == sorted(other.paths)
    assert Counter(output(trace)) == other.printed
    assert copied_pages(trace) == other.copies


KERNEL = [
    {"program": "loop 3 { fork; print a }", "buffering": "full"},
    {"program": "loop 3 { fork; print a }", "buffering": "line"},
    {"program": "loop 3 { print a; fork }", "buffering": "none"},
    {"program": "print -n x; fork && fork || fork; print y", "buffering": "line"},
    {"program": "fork || fork && fork; print a; if child { exec b }", "buffering": "full"},
    {
        "program": "print a; fork; if child { print b; exec } else { print c; flush; wait; print d }",
        "buffering": "full",
    },
    {"program": "print hello; fork; if child { print child; exec wc } else { wait; print parent }"},
    {"program": "loop 4 { fork; if child { exit } }; loop 2 { wait }"},
    {"program": "fork; if child { fork; if child { pause }; exit }; wait"},
    {"program": "fork; if child { fork; if child { pause }; exit }; wait", "subreaper": "P0"},
    {"program": "fork; if child { fork; if child { exit }; fork; if child { exit }; exit }; wait", "subreaper": "P0"},
    {"program": "fork; if child { fork; if child { fork; if child { pause }; exit }; pause }", "subreaper": "P0 P1"},
    {"program": "fork; if child { fork; if child { fork; if child { pause }; pause }; exit }", "subreaper": "P0"},
    {"program": "fork; if child { fork; if child { fork; if child { pause }; exit }; exit }; wait", "subreaper": "P1"},
    {"program": "fork; if child { print a; pause }; wait; print never", "buffering": "full"},
    {"program": "loop 2 { fork }; loop 2 { wait }; print done"},
]
WRITERS = [
    {"program": "fork", "pages": 6},
    {"program": "touch 6; fork; if child { touch 2 }", "pages": 6},
    {"program": "fork; if child { touch 3 } else { touch 5 }", "pages": 6},
    {"program": "loop 2 { fork }; touch 4", "pages": 6},
    {"program": "loop 2 { fork; touch 4 }; if child { touch 6 }", "pages": 6},
    {"program": "fork && fork || fork; if parent { touch 3 }; fork; touch 1", "pages": 6},
]


def in_the_kernel(trace: Trace) -> dict[str, Any]:
    """The same program, run for real in a process of its own."""
    raw = plain(trace.scenario)
    raw["subreaper_paths"] = [paths_of(trace)[name] for name in trace.scenario.subreaper]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("fork_for_real.py"))],
        input=json.dumps(raw), capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert not seen["left"]
    return seen


@pytest.mark.kernel
@pytest.mark.opinion("the kernel: fork, wait, exec, PR_SET_CHILD_SUBREAPER and the C library's stdio")
@pytest.mark.skipif(sys.platform != "linux", reason="subreapers and /proc are Linux's")
@pytest.mark.parametrize("scenario", KERNEL, ids=lambda scenario: scenario["program"][:40])
def test_the_kernel_makes_the_same_family(scenario: dict[str, Any]) -> None:
    agree(run(SIMULATOR.scenario(scenario)))


@pytest.mark.kernel
@pytest.mark.opinion("the kernel: fork, wait, exec and the C library's stdio")
@pytest.mark.skipif(sys.platform != "linux", reason="subreapers and /proc are Linux's")
@settings(max_examples=15)
@given(programs(waits=True), st.sampled_from(("line", "full", "none")))
def test_the_kernel_makes_the_same_family_of_any_program(body: list[Tree], buffering: str) -> None:
    program = re.sub(r"touch \d", "flush", "\n".join(map(text, body)))
    trace = ran(program, buffering=buffering)
    assume(len(paths_of(trace)) <= 16)
    agree(trace)


def agree(trace: Trace) -> None:
    """The kernel's family, zombies, adopters and words are those of the trace."""
    seen, path = in_the_kernel(trace), paths_of(trace)
    assert seen["paths"] == sorted(path.values())
    assert len(seen["zombies"]) == zombies(trace)
    assert seen["adopters"] == {path[name]: path.get(to, to) for name, to in left(trace).orphans.items()}
    assert Counter(seen["words"]) == Counter(output(trace))
    assert seen["first_ended"] == (Event("exit", "P0") in trace.events)
    try:
        assert tuple(seen["words"]) == output_order(trace)
    except NoAnswer:
        assert len(set(seen["words"])) > 1


@pytest.mark.kernel
@pytest.mark.opinion("the kernel: proportional set sizes of a mapping add up to its frames")
@pytest.mark.skipif(sys.platform != "linux", reason="/proc/PID/smaps is Linux's")
@pytest.mark.parametrize("scenario", WRITERS, ids=lambda scenario: scenario["program"][:40])
def test_the_kernel_copies_as_many_pages_on_write(scenario: dict[str, Any]) -> None:
    trace = run(SIMULATOR.scenario(scenario))
    assert in_the_kernel(trace)["copied"] == copied_pages(trace)
