"""Programs, strategies and short ways to ask, for the tests of threads."""

from hypothesis import strategies as st

from sims.threads import SIMULATOR, run

ONCE = ["load r x", "store x r+1"]
THREE = ["load r x", "add r 1", "store x r"]


def threads(*programs, shared=None, **rest):
    named = [{"name": f"T{n + 1}", "program": list(program)} for n, program in enumerate(programs)]
    return SIMULATOR.scenario({"shared": shared or {"x": 0}, "threads": named, **rest})


def ask(measure, scenario, **arguments):
    return SIMULATOR.measure(measure).of(run(scenario), **arguments)


def mistaken(id_, measure, scenario, **arguments):
    mistake = SIMULATOR.mistake(id_)
    if mistake.rule is None:
        return mistake.measures[measure](run(scenario), **arguments)
    return ask(measure, mistake.rule(scenario), **arguments)


PLAIN = ("load r x", "load s y", "store x r+1", "store y s+2", "store x 5", "add x 1", "add y 2", "set r 3", "add r 1")
BLOCKS = (
    ("lock m", "load r x", "store x r+1", "unlock m"),
    ("lock n", "add y 1", "unlock n"),
    ("lock m", "lock n", "unlock n", "unlock m"),
    ("lock n", "lock m", "unlock m", "unlock n"),
    ("acquire s", "store x 3", "release s"),
    ("release s",),
    ("acquire s",),
    ("lock m", "wait c m", "unlock m"),
    ("lock m", "signal c", "unlock m"),
    ("broadcast c",),
    ("swap r x 7",),
    ("cas r x 0 4",),
    ("load r y", "jump-if r>0 end", "store y 1", "end:"),
)


@st.composite
def straight(draw, most_threads=3, most_steps=4):
    """Threads without waiting: `load r x, store x r+1 | add y 2, set r 3`."""
    count = draw(st.integers(1, most_threads))
    programs = [draw(st.lists(st.sampled_from(PLAIN), max_size=most_steps)) for _ in range(count)]
    return threads(*programs, shared={"x": 0, "y": 0})


@st.composite
def blocking(draw, most_threads=3, most_blocks=2):
    """Threads that lock, wait and signal: `lock m, wait c m, unlock m | lock m, signal c, unlock m`."""
    count = draw(st.integers(1, most_threads))
    programs = []
    for _ in range(count):
        blocks = draw(st.lists(st.sampled_from(BLOCKS), max_size=most_blocks))
        lines = [line.replace("end", f"end{n}") for n, block in enumerate(blocks) for line in block]
        programs.append(lines)
    programs[0] = ["lock m", "unlock m", *programs[0]]
    return threads(*programs, shared={"x": 0, "y": 0}, semaphores={"s": draw(st.integers(0, 1))})
