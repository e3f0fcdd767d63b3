"""osdrill config: every setting, its value and where it comes from."""

import argparse

from trainer.cli.out import emit, say
from trainer.cli.settings import KINDS
from trainer.cli.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, world: World) -> int:
    held = world.settings
    places = {"history": world.database, "cache": world.cache, "errors": world.log}
    file = world.folder("XDG_CONFIG_HOME", ".config") / "config.toml"
    if options.json:
        listed = {kind.name: {"value": held[kind.name], "source": held.sources[kind.name]} for kind in KINDS}
        emit({"settings": listed, "file": str(file), "places": {name: str(path) for name, path in places.items()}})
        return 0
    for kind in KINDS:
        value = held[kind.name]
        shown = str(value).lower() if isinstance(value, bool) else str(value) or "-"
        say(f"{kind.name:<9} {shown:<8} {held.sources[kind.name]:<18} {kind.help}")
    say(f"\nconfig file  {file}")
    for name, path in places.items():
        say(f"{name:<12} {path}")
    return 0
