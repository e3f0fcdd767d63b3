"""What does a command find around it? Clock, settings, folders, bank and store, each made when first asked for."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.cli.clock import Clock
from trainer.cli.refusal import Refusal
from trainer.cli.settings import Settings, settings
from trainer.view.drawing import Frame

if TYPE_CHECKING:
    from trainer.bank.load import Bank
    from trainer.model import Problem, Skill


@dataclass
class World:
    """Everything outside: only `cli` reads it, and passes on values."""

    flags: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.environment.get("OSDRILL_NOW", ""))

    @cached_property
    def settings(self) -> Settings:
        return settings(self.flags, self.environment, self.folder("XDG_CONFIG_HOME", ".config") / "config.toml")

    def folder(self, variable: str, below_home: str) -> Path:
        """The XDG folder of osdrill: `variable` where it is set to an absolute path, else below home."""
        base = self.environment.get(variable, "")
        root = Path(base) if base.startswith("/") else Path(self.environment.get("HOME") or "/") / below_home
        return root / "osdrill"

    @property
    def data(self) -> Path:
        """The folder of the learner's history."""
        chosen = self.settings["data"]
        return Path(chosen) if chosen else self.folder("XDG_DATA_HOME", ".local/share")

    @property
    def database(self) -> Path:
        return self.data / "history.db"

    @property
    def cache(self) -> Path:
        return self.folder("XDG_CACHE_HOME", ".cache")

    @property
    def log(self) -> Path:
        """Where an unexpected error is written."""
        return self.folder("XDG_STATE_HOME", ".local/state") / "errors.log"

    @property
    def packs(self) -> tuple[Path, ...]:
        """The built-in pack and the added ones. Raises Refusal for one that is no folder."""
        from trainer.bank.load import builtin  # noqa: PLC0415 — loaded with the bank

        added = [Path(one) for one in self.settings["packs"].split(":") if one]
        for pack in added:
            if not pack.is_dir():
                raise Refusal("is no folder; a pack is a folder with a pack.yaml", code="no-pack", where=str(pack))
        return (builtin(), *added)

    @cached_property
    def loaded(self) -> "tuple[Bank, tuple[Problem, ...]]":
        """The bank and what is wrong with it."""
        from trainer.bank.load import load  # noqa: PLC0415 — only commands that need the bank pay for it

        return load(self.packs, self.cache / "bank.jsonl")

    @property
    def bank(self) -> "Bank":
        return self.loaded[0]

    def skill(self, id_: str) -> "Skill":
        """The skill of that id. Raises Refusal."""
        if id_ in self.bank.skills:
            return self.bank.skill(id_)
        import difflib  # noqa: PLC0415 — only a typo needs it

        close = difflib.get_close_matches(id_[:80], list(self.bank.skills), 1, 0.6)
        hint = f" Did you mean {close[0]!r}?" if close else " osdrill skills lists them."
        raise Refusal(f"no skill {id_[:80]!r}.{hint}", code="unknown-skill")

    @property
    def is_utf8(self) -> bool:
        encoding = (getattr(sys.stdout, "encoding", "") or "ascii").lower().replace("-", "")
        return encoding == "utf8"

    def frame(self, *, width: int = 0) -> Frame:
        """What there is to draw on when printing to standard output."""
        import shutil  # noqa: PLC0415 — only commands that draw

        columns = width or shutil.get_terminal_size((80, 24)).columns
        plain = self.settings["plain"] or self.environment.get("TERM") == "dumb"
        return Frame(max(columns, 20), ascii=self.settings["ascii"] or not self.is_utf8, plain=plain)
