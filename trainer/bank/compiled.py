"""How does the bank open in a few milliseconds? From a compiled file of JSON lines.

    line 1   {"osdrill-bank": FORMAT, "crc": …, "header": bytes of line 2, "body": bytes of the rest}
    line 2   the header: what it was made from (stamp), problems, and an index of skills and concepts
    line 3 … one JSON object a skill, concept or table; the index has offset, length and checksum of each

One skill is read without parsing the others. A file that is missing, damaged, foreign or older than the content is
None here, and made again by who asks. Standard library only, never pickle; written to one side, then renamed.
"""

import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trainer.model import Authored, Concept, Option, Part, Place, Point, Simulated, Skill

FORMAT = 4


class Damaged(Exception):
    """A line of the compiled file is not what was written."""


class Slot(NamedTuple):
    """Where an object stands in the body."""

    offset: int
    length: int
    crc: int


class Compiled(NamedTuple):
    """A bank in compiled form: from a file, or just made."""

    header: Mapping[str, Any]
    fetch: Callable[[int, int], bytes]  # (offset, length) -> bytes of the body

    def load(self, slot: Slot) -> Any:
        """The object in that slot. Raises Damaged."""
        raw = self.fetch(slot.offset, slot.length)
        if zlib.crc32(raw) != slot.crc:
            raise Damaged
        return json.loads(raw)


class Body:
    """The lines of a bank that is being made."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.length = 0

    def add(self, value: Any) -> Slot:
        """Where the object will stand."""
        raw = _json(value) + b"\n"
        slot = Slot(self.length, len(raw), zlib.crc32(raw))
        self.lines.append(raw)
        self.length += len(raw)
        return slot

    def compiled(self, header: Mapping[str, Any]) -> Compiled:
        """The bank in memory."""
        body = b"".join(self.lines)
        return Compiled(json.loads(_json(header)), lambda offset, length: body[offset : offset + length])


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="surrogatepass")  # a path may hold bytes that are no UTF-8


def opened(path: Path, stamp: Mapping[str, Any]) -> Compiled | None:
    """The compiled bank in a file; None unless it is whole and was made from just this."""
    try:
        with path.open("rb") as file:
            top = json.loads(file.readline(300))
            if not isinstance(top, dict) or top.get("osdrill-bank") != FORMAT:
                return None
            raw = file.read(top["header"])
            start = file.tell()
            whole = os.fstat(file.fileno()).st_size == start + top["body"]
        if not whole or zlib.crc32(raw) != top["crc"]:
            return None
        header = json.loads(raw)
        if header["stamp"] != stamp:
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None  # whatever it is, it is not ours: made again
    return Compiled(header, _fetcher(path, start))


def _fetcher(path: Path, start: int) -> Callable[[int, int], bytes]:
    """Reads the body at the first need. A file replaced meanwhile shows in the checksums: Damaged."""
    held: list[Any] = []

    def fetch(offset: int, length: int) -> bytes:
        try:
            if not held:
                held.append(path.read_bytes())
        except OSError as error:
            raise Damaged from error
        body: bytes = held[0]
        return body[start + offset : start + offset + length]

    return fetch


def write(path: Path, compiled: Compiled, length: int) -> None:
    """Put the compiled bank into a file, all or nothing; where nothing can be written, nothing happens."""
    header = _json(compiled.header) + b"\n"
    top = {"osdrill-bank": FORMAT, "crc": zlib.crc32(header), "header": len(header), "body": length}
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_bytes(_json(top) + b"\n" + header + compiled.fetch(0, length))
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError:
        return  # a cache: without it the bank is only slower


# ── values as JSON has them ─────────────────────────────────────────────────────────────────────────────────────


def plain(value: Skill | Concept) -> dict[str, Any]:
    """A skill or concept as JSON has it; fields that hold their default are left out."""
    defaults = value._field_defaults
    return {
        name: _plain(getattr(value, name))
        for name in value._fields
        if name not in defaults or getattr(value, name) != defaults[name]
    }


def _plain(value: Any) -> Any:
    """A value inside one: named tuples as maps, tuples as lists."""
    if hasattr(value, "_fields"):
        return {name: _plain(getattr(value, name)) for name in value._fields}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def concept(raw: Mapping[str, Any]) -> Concept:
    """The concept that `plain` wrote."""
    return Concept(**_tuples(raw))


def skill(raw: Mapping[str, Any]) -> Skill:
    """The skill that `plain` wrote."""
    given = _tuples({key: value for key, value in raw.items() if key not in ("simulated", "authored", "place")})
    simulated, authored, place = raw.get("simulated"), raw.get("authored"), raw.get("place")
    return Skill(
        **given,
        simulated=_simulated(simulated) if simulated else None,
        authored=_authored(authored) if authored else None,
        place=Place(**place) if place else None,
    )


def _tuples(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def _simulated(raw: Mapping[str, Any]) -> Simulated:
    levels = {int(level): scenario for level, scenario in raw["levels"].items()}
    return Simulated(**{**_tuples(raw), "levels": levels})


def _authored(raw: Mapping[str, Any]) -> Authored:
    given = _tuples(raw)
    for key in ("options", "wrong"):
        given[key] = _options(given[key])
    given["points"] = tuple(Point(each["text"], tuple(each["terms"])) for each in given["points"])
    given["parts"] = tuple(Part(each["ask"], _options(each["options"])) for each in given["parts"])
    return Authored(**given)


def _options(raw: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(**each) for each in raw)
