"""How are options read? By argparse, refusing in our words."""

import argparse
from typing import NoReturn

from trainer.cli.refusal import Refusal


class Parser(argparse.ArgumentParser):
    """A parser whose errors are refusals."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{message}; see {self.prog} --help", code="usage")
