"""Which settings hold, and where does each come from? Flag before environment before config file before default.

The config file is TOML, `$XDG_CONFIG_HOME/osdrill/config.toml`:

    minutes = 15
    rollover = 4
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from trainer.cli.refusal import Refusal


class Kind(NamedTuple):
    """One setting as declared."""

    name: str
    default: Any
    read: Callable[[str], Any]  # text -> value; raises ValueError
    expects: str
    help: str


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError
        return value

    return read


def _flag(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}[
        text.casefold()
    ]


KINDS = (
    Kind("minutes", 15, _whole(1, 600), "1 to 600", "minutes a day you want to practise"),
    Kind("rollover", 4, _whole(0, 23), "0 to 23", "hour at which a new study day begins"),
    Kind("plain", False, _flag, "true or false", "labels and sentences, no boxes, nothing redrawn"),
    Kind("ascii", False, _flag, "true or false", "no character outside ASCII"),
    Kind("color", "auto", lambda text: {"auto": "auto", "never": "never"}[text], "auto or never", "use colour"),
    Kind("packs", "", str, "folders divided by ':'", "packs of content beside the built-in one"),
    Kind("data", "", str, "a folder", "where your history lives (default: $XDG_DATA_HOME/osdrill)"),
)


@dataclass(frozen=True)
class Settings:
    """The values in force, and the source of each."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def settings(flags: Mapping[str, Any], environment: Mapping[str, str], file: Path) -> Settings:
    """What holds. Raises Refusal for a value that cannot be read, naming where it stands."""
    written = _written(file)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for kind in KINDS:
        variable = f"OSDRILL_{kind.name.upper()}"
        if flags.get(kind.name) is not None:
            values[kind.name], sources[kind.name] = flags[kind.name], f"--{kind.name}"
        elif environment.get(variable):
            values[kind.name], sources[kind.name] = _read(kind, environment[variable], variable), variable
        elif kind.name in written:
            text = written[kind.name]
            shown = str(text).lower() if isinstance(text, bool) else str(text)
            values[kind.name], sources[kind.name] = _read(kind, shown, f"{file}: {kind.name}"), str(file)
        else:
            values[kind.name], sources[kind.name] = kind.default, "default"
    return Settings(values, sources)


def _read(kind: Kind, text: str, where: str) -> Any:
    try:
        return kind.read(text)
    except (ValueError, KeyError):
        raise Refusal(f"expected {kind.expects}, got {text[:40]!r}", code="bad-setting", where=where) from None


def _written(file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8"
        raise Refusal(f"cannot be read: {reason}", code="bad-config", where=str(file)) from None
    import tomllib  # noqa: PLC0415 — only who has a config file pays for it

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"is not TOML: {error}", code="bad-config", where=str(file)) from None
    unknown = sorted(set(found) - {kind.name for kind in KINDS})
    if unknown:
        known = " ".join(kind.name for kind in KINDS)
        message = f"unknown setting {unknown[0][:40]!r}; expected one of {known}"
        raise Refusal(message, code="bad-config", where=str(file))
    return found
