"""Which integers name which open files? The simulator `descriptors`: tables, open file descriptions, pipes."""

from sims.declare import Argument, Example, MapOf, Measure, Number, Rule, Simulator, TableOf
from sims.descriptors import measures as m
from sims.descriptors import solutions as s
from sims.descriptors.mistakes import MISTAKES
from sims.descriptors.recipes import RECIPES
from sims.descriptors.run import Event, Opened, Slot, Trace, run, tell
from sims.descriptors.scenario import FIRST, File, Operation, Scenario, opened_names, processes, result_names

__all__ = ["FIRST", "SIMULATOR", "Event", "File", "Opened", "Operation", "Scenario", "Slot", "Trace", "run", "tell"]

RULES = (
    Rule("0, 1 and 2 are open at the start: the terminal, where a read would block."),
    Rule("A new descriptor is the lowest number that is free in this process.", "man-2-open"),
    Rule("Every number is below the limit: open, dup and pipe fail with EMFILE.", "man-2-getrlimit"),
    Rule("pipe takes two numbers or none; the lower one is the read end.", "man-2-pipe"),
    Rule("dup and dup2 name the same open file description and clear close-on-exec.", "man-2-dup"),
    Rule("dup2 closes what the wanted number named; dup2(a, a) does nothing.", "man-2-dup"),
    Rule("dup2 to a number at or above the limit is EBADF, not EMFILE.", "man-2-dup"),
    Rule("The offset belongs to the open file description: dup and fork share it, a second open does not.", "tlpi 5.4"),
    Rule("fork copies the table with its flags; each process then changes its own.", "man-2-fork"),
    Rule("exec closes exactly the descriptors marked close-on-exec.", "man-2-execve"),
    Rule(
        "An empty pipe would block while a write end is open in any process, the reader's own included.", "man-7-pipe"
    ),
    Rule("With every write end closed a read of an empty pipe gives 0, the end of file.", "man-7-pipe"),
    Rule("With every read end closed a write to a pipe gives EPIPE; SIGPIPE is ignored.", "man-7-pipe"),
    Rule("Files are opened for reading and writing, and made if need be; a pipe's end for one of them."),
    Rule("unlink takes the name away; the file stays while it is open.", "man-2-unlink"),
    Rule("lseek on a pipe or the terminal gives ESPIPE.", "man-2-lseek"),
    Rule("exit closes everything.", "tlpi 25.1"),
)

WORDS = (*m.ERRORS, "would-block")
PROCESS = Argument("process", "whose table", names=processes)

MEASURES = (
    Measure(
        name="results",
        gives=MapOf(Number(words=WORDS), result_names, "call"),
        of=m.results,
        help="What each call returns, by its number: a descriptor, bytes, 0 or an error; a pipe has two, 4r and 4w.",
        asks="What does each call return (a number, or EMFILE EBADF EPIPE ENOENT ESPIPE would-block)?",
        steps=s.results_steps,
        source="tlpi 5.4",
    ),
    Measure(
        name="table",
        gives=TableOf(("fd", "names"), "descriptor"),
        of=m.table,
        help="The descriptors of a process at the end, and what each names: tty, a path, pipe1.r, pipe1.w.",
        asks="Which descriptors does {process} have at the end, and what does each name (tty, a path, pipe1.r, …)?",
        steps=s.table_steps,
        arguments=(PROCESS,),
        source="tlpi 5.4",
    ),
    Measure(
        name="offset",
        gives=Number("bytes", words=("EBADF", "ESPIPE")),
        of=m.offset,
        help="The offset at the end of what the first process's descriptor names; EBADF closed, ESPIPE without one.",
        asks="At which offset does P's descriptor {fd} stand at the end?",
        steps=s.offset_steps,
        arguments=(Argument("fd", "a descriptor of P", 0, 4095),),
        source="tlpi 5.4",
    ),
    Measure(
        name="references",
        gives=MapOf(Number("descriptors"), opened_names, "description"),
        of=m.references,
        help="Descriptors of all processes that name each open file description at the end, by the call that made it.",
        asks="How many descriptors, of all processes together, name each open file description at the end?",
        steps=s.references_steps,
        source="tlpi 5.4",
    ),
    Measure(
        name="leaked",
        gives=TableOf(("process", "fd"), "descriptor"),
        of=m.leaked,
        help="Descriptors above 2 that were still open when their process exited, or at the end of the calls.",
        asks="Which descriptors above 2 does each process leave open, at its exit or at the end?",
        steps=s.leaked_steps,
        better="low",
        source="man-2-close",
    ),
    Measure(
        name="first-failure",
        gives=Number(words=("none",)),
        of=m.first_failure,
        help="The number of the first call that fails with an error, or none; would-block is no error.",
        asks="Which call is the first that fails (its number, or none)?",
        steps=s.failure_steps,
        source="man-2-open",
    ),
)

SIMULATOR = Simulator(
    name="descriptors",
    question="Which integers name which open files?",
    scenarios=(Scenario,),
    run=run,
    tell=tell,
    rules=RULES,
    measures=MEASURES,
    mistakes=MISTAKES,
    recipes=RECIPES,
    examples=(
        Example(
            "lowest-number",
            {"operations": ["open a", "open b", "close 3", "open c", "dup 4", "close 0", "open d"]},
            "A closed number is taken again, also 0.",
            "man-2-open",
        ),
        Example(
            "shared-offset",
            {
                "files": [{"name": "a", "size": 100}],
                "operations": [
                    "open a",
                    "read 3 10",
                    "dup 3",
                    "open a",
                    "fork C",
                    "C: read 3 20",
                    "read 4 5",
                    "read 5 7",
                ],
            },
            "What the child reads moves the parent's offset; the second open keeps its own.",
            "tlpi 5.4",
        ),
        Example(
            "pipe-that-never-ends",
            {
                "operations": [
                    "pipe",
                    "fork C",
                    "C: close 3",
                    "C: write 4 5",
                    "C: exit",
                    "read 3 100",
                    "read 3 100",
                    "close 4",
                    "read 3 100",
                ]
            },
            "The parent's own write end keeps its read from seeing the end of file.",
            "man-7-pipe",
        ),
        Example(
            "leak",
            {"limit": 6, "operations": ["open a", "open b", "close 3", "open c", "open d", "pipe", "open e"]},
            "The pipe takes two numbers or none; call 6 fails with EMFILE.",
            "man-2-pipe",
        ),
    ),
)
