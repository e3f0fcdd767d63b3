"""How is a command called? Its module is imported, its options read, its errors said.

A command is a module trainer/cli/NAME.py with `arguments(parser)`, which adds its options, and
`run(options, world) -> int`, which gives the exit status. Its one-line help stands in main.COMMANDS.
"""

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

from trainer.cli.main import COMMANDS
from trainer.cli.refusal import Refusal
from trainer.cli.world import World

INTERRUPTED = 130


def call(arguments: Sequence[str]) -> int:
    """Run one command. The exit status; an unexpected error goes to the log, told in one line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    world = World()
    sys.excepthook = _hook(world)
    try:
        return _run(arguments, world)
    except Refusal as refusal:
        return _refused(refusal, arguments)
    except _of_the_store() as error:
        return _refused(_said(error), arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough: `osdrill skills | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _refused(refusal: Refusal, arguments: Sequence[str]) -> int:
    if "--json" in arguments:
        print(json.dumps(refusal.plain(), ensure_ascii=False))
    print(f"osdrill: {refusal}", file=sys.stderr)
    return 2


def _of_the_store() -> type[Exception]:
    """What the store raises: asked for only when something was raised, so that no start pays for it."""
    from trainer.store.errors import StoreError  # noqa: PLC0415 — as above

    return StoreError


def _said(error: Exception) -> Refusal:
    """An error of the store, with the command that helps."""
    from trainer.store.backups import newest_good  # noqa: PLC0415 — only when something is broken
    from trainer.store.errors import CannotSave, Damaged  # noqa: PLC0415 — as above

    if isinstance(error, Damaged):
        backup = error.backup or newest_good(error.path)
        return Refusal(str(Damaged(error.path, error.why, backup)), code="damaged")
    return Refusal(str(error), code="cannot-save" if isinstance(error, CannotSave) else "store")


def _run(arguments: Sequence[str], world: World) -> int:
    flags, rest = _global_flags(arguments)
    world.flags = flags
    name = rest[0] if rest and not rest[0].startswith("-") else "quiz"
    if name not in COMMANDS:
        import difflib  # noqa: PLC0415 — only a typo needs it

        close = difflib.get_close_matches(name, COMMANDS, 1, 0.5)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise Refusal(f"no command {name[:40]!r}.{hint} osdrill --help lists them.", code="usage")
    module = import_module(f"trainer.cli.{name.replace('-', '_')}")
    options = _options(name, module, rest[1:] if rest[:1] == [name] else rest)
    options.alone = not rest  # `osdrill` and nothing else
    status = int(module.run(options, world))
    sys.stdout.flush()
    return status


def _options(name: str, module: ModuleType, rest: Sequence[str]) -> Any:
    if hasattr(module, "read"):  # a command whose arguments are no usual options reads them itself
        return module.read(rest)
    if not rest and hasattr(module, "UNASKED"):  # a start without options does not pay for argparse
        return SimpleNamespace(**module.UNASKED)
    from trainer.cli.parser import Parser  # noqa: PLC0415 — as above

    parser = Parser(prog=f"osdrill {name}", description=_description(name, module), allow_abbrev=False)
    module.arguments(parser)
    return parser.parse_args(rest)


def _description(name: str, module: ModuleType) -> str:
    return f"{COMMANDS[name]}. {getattr(module, 'MORE', '')}".strip()


def _global_flags(arguments: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """--plain, --ascii and --pack DIR, wherever they stand before `--`; the rest in order."""
    flags: dict[str, Any] = {}
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        one = waiting.pop(0)
        if one == "--":
            return flags, [*rest, one, *waiting]
        if one in ("--plain", "--ascii"):
            flags[one[2:]] = True
        elif one == "--pack":
            if not waiting:
                raise Refusal("expected a folder after --pack", code="usage")
            flags["packs"] = ":".join(filter(None, [flags.get("packs", ""), waiting.pop(0)]))
        else:
            rest.append(one)
    return flags, rest


def _hook(world: World) -> Any:
    """An excepthook: the traceback goes to a log file, one line to the person."""

    def hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        import traceback  # noqa: PLC0415 — only when something is broken

        text = "".join(traceback.format_exception(kind, error, trace))
        try:
            world.log.parent.mkdir(parents=True, exist_ok=True)
            with world.log.open("a", encoding="utf-8") as log:
                log.write(text + "\n")
            where = f"the details are in {world.log}"
        except OSError:
            where = "the details could not be written"
        print(f"osdrill: an error of osdrill itself ({kind.__name__}). {where}", file=sys.stderr)
        sys.stderr.flush()
        os._exit(2)  # without this Python exits with 1, which means that a check found something

    return hook
