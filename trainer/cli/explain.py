"""osdrill explain: what does a problem's code mean, and what is to be done?"""

import argparse
import difflib

from trainer.author.codes import CODES
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="a code such as never-apart; without it all are listed")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, _world: World) -> int:
    if options.code is None:
        if options.json:
            emit(CODES)
        else:
            for code, text in CODES.items():
                say(f"{code:<20} {text.splitlines()[0]}")
        return 0
    if options.code not in CODES:
        close = difflib.get_close_matches(options.code[:60], CODES, 1, 0.5)
        hint = f" Did you mean {close[0]!r}?" if close else " osdrill explain lists them."
        raise Refusal(f"no code {options.code[:60]!r}.{hint}", code="unknown-code")
    if options.json:
        emit({"code": options.code, "text": CODES[options.code]})
    else:
        say(CODES[options.code])
    return 0
