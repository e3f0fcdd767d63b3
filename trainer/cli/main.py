"""What does the command line do? Finds the command by name and runs it; says errors in one line.

Only `sys` and `gc`, which are there anyway, are imported before the command is known: `--help` and `--version` must
cost no more than a bare start.
"""

import gc
import sys

VERSION = "0.1.0"

COMMANDS = {
    "quiz": "practise: what is due, then what is new",
    "stats": "what you practised, what is due, which mistakes return",
    "plan": "what is asked today, and why this, why now",
    "goal": "set the day of an exam; what it takes, what to expect",
    "history": "what you answered, all of it or one skill's",
    "reports": "list what you reported about questions with f",
    "replay": "show a question again by its name",
    "skip": "do not ask a skill again today",
    "suspend": "do not ask a skill until it is resumed",
    "resume": "ask a skill again that was skipped or suspended",
    "reset": "begin a skill anew, its answers kept",
    "fit": "fit the memory to you, if that foretells better",
    "db": "check, back up, restore, export, import, merge your history",
    "learn": "read a concept with its drawn example, then answer",
    "map": "the concepts, what stands on what, and which you hold",
    "skills": "list the skills of the bank",
    "concepts": "list the concepts of the bank",
    "term": "say what a word of the field means, and whence",
    "ask": "print one question, without its answer",
    "show": "print one question with its answer, mistakes and trace",
    "grade": "judge an answer to a question",
    "sim": "run a simulator on a scenario and draw it",
    "check": "prove a pack of content, every problem at once",
    "explain": "say more about a problem that check reports",
    "new": "begin a skill, a concept or a pack",
    "preview": "show a file of content as a learner will see it",
    "config": "list every setting, its value and where it comes from",
}


def main(argv: list[str] | None = None) -> int:
    """The exit status of one call: 0 fine, 1 a check found something, 2 cannot be done, 130 interrupted."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] in (["--version"], ["-V"]):
        print(f"osdrill {VERSION}")
        return 0
    if arguments[:1] in (["--help"], ["-h"], ["help"]) and len(arguments) < 2:
        print(usage())
        return 0
    from trainer.cli.call import call  # noqa: PLC0415 — not needed, and not paid for, above

    return call(arguments)


def usage() -> str:
    """The page that --help prints."""
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:<{width}}  {help_}" for name, help_ in COMMANDS.items())
    return f"""osdrill: operating systems, practised in the terminal

usage: osdrill [COMMAND] [OPTION…]      alone: what is due today, then enter to start

{listed}

  --plain   labels and sentences, no boxes, nothing redrawn
  --ascii   no character outside ASCII
  --pack DIR  add a pack of content (may be repeated)
  --help, --version; osdrill COMMAND --help says more"""


def run() -> None:
    """The console script."""
    gc.set_threshold(100_000)  # the default collects a dozen times on the way to the first question, and finds nothing
    sys.exit(main())
