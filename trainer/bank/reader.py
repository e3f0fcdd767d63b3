"""What does a text file of a pack say, and where? A strict subset of YAML, read into nodes that know their place.

    title: Waiting times       ->  Mapping([(Scalar("title", 1, 1), Scalar("Waiting times", 1, 8))], 1, 1)

Syntax is libyaml's: we take its events and build the nodes ourselves. Every scalar stays text (`no`, `010`, `12:30`);
the field that it stands in decides what it means. There are no anchors, aliases, tags, merge keys or equal keys, no
tabs, and no more than DEEPEST levels or LARGEST bytes. Nothing here recurses: 100,000 brackets give one message.
Where libyaml is missing, trainer.bank.gather says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.bank.syntax import explained
from trainer.model import Place, Problem

DEEPEST = 12  # levels of maps and lists
LARGEST = 256 * 1024  # bytes a file
MOST_PROBLEMS = 50  # a file; what follows is most often a consequence

# Refused wherever they stand: C0 but newline, DEL, C1, line and paragraph separators, byte-order marks, surrogates
# and noncharacters. A line break other than newline would also shift every line number after it.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_TEXT_AFTER_HASH = re.compile(r"[ ]+#(?![# !]|$)")


@dataclass(slots=True)
class Scalar:
    """Text, whatever it looks like."""

    text: str
    line: int
    column: int
    plain: bool = True  # written without quotes


@dataclass(slots=True)
class Mapping:
    """Keys and values in the order of the file; no two keys are equal."""

    items: "list[tuple[Scalar, Node]]"
    line: int
    column: int

    def get(self, key: str) -> "Node | None":
        """The value of that key."""
        return next((value for name, value in self.items if name.text == key), None)

    def key(self, key: str) -> "Scalar | None":
        """The key itself, with its place."""
        return next((name for name, _ in self.items if name.text == key), None)


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: "list[Node]"
    line: int
    column: int


@dataclass(slots=True)
class Broken:
    """Something of which a problem has been told already: nobody says more about it."""

    line: int
    column: int


Node = Scalar | Mapping | Sequence | Broken


def contents(path: Path, file: str) -> bytes | Problem:
    """The bytes of a file that is small enough; never more than LARGEST + 1 are read."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as error:
        return Problem(Place(file, 1, 1), "unreadable", f"cannot be read: {error.strerror}")
    if len(raw) > LARGEST:
        message = f"is larger than {LARGEST // 1024} KiB; divide it by subject"
        return Problem(Place(file, 1, 1), "too-large", message)
    return raw


def decoded(raw: bytes, file: str) -> str | Problem:
    """The text of a file: UTF-8, lines ending in newline, no forbidden character."""
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        good = raw[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8").replace("\r\n", "\n")
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return Problem(_place(good, len(good), file), "not-utf-8", message)
    return _forbidden(text, file) or text


def _forbidden(text: str, file: str, above: int = 0) -> Problem | None:
    """The first character that no text file may hold."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    place = _place(text, found.start(), file, above)
    if found[0] == "\t":
        return Problem(place, "tab", "a tab; indent and align with spaces")
    message = f"character U+{ord(found[0]):04X} is not allowed in a text file"
    return Problem(place, "forbidden-character", message)


def _place(text: str, index: int, file: str, above: int = 0) -> Place:
    return Place(file, text.count("\n", 0, index) + 1 + above, index - text.rfind("\n", 0, index))


def read(text: str, file: str, above: int = 0) -> tuple[Node | None, list[Problem]]:
    """The root node of a text, None where there is none, and every problem. `above` lines stand before the text."""
    from yaml import YAMLError, parse  # noqa: PLC0415 — a start from the compiled bank must not pay for yaml
    from yaml.cyaml import CLoader  # noqa: PLC0415 — as above

    if (odd := _forbidden(text, file, above)) is not None:
        return None, [odd]
    builder = _Builder(text, file, above)
    try:
        for event in parse(text, Loader=CLoader):
            builder.take(event)
            if builder.ended:
                break
    except YAMLError as error:
        builder.syntax(error)
    if builder.root is None and not builder.problems:
        builder.tell(above + 1, 1, "empty-file", "holds nothing")
    return builder.root, builder.problems


@dataclass(slots=True)
class _Open:
    """A map or list that has begun."""

    node: Mapping | Sequence
    flow: bool
    key: Scalar | None = None  # the key that waits for its value
    key_end: int = 0  # index in the text
    lines: dict[str, int] = field(default_factory=dict)  # key -> line
    broken: bool = False


class _Builder:
    """Events in, nodes out; an explicit stack, so that depth costs nothing."""

    def __init__(self, text: str, file: str, above: int) -> None:
        self.text, self.file, self.above = text, file, above
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.documents = 0
        self.reached = 0  # index in the text where the last event ends
        self.ended = False

    def tell(self, line: int, column: int, code: str, message: str) -> None:
        self.problems.append(Problem(Place(self.file, line, column), code, message))
        self.ended = self.ended or len(self.problems) >= MOST_PROBLEMS

    def place(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1 + self.above, event.start_mark.column + 1

    def take(self, event: Any) -> None:
        """One event of libyaml, by its name."""
        step = getattr(self, "on_" + type(event).__name__.removesuffix("Event"), None)
        if step is not None:
            step(event)
        self.reached = event.end_mark.index

    def on_DocumentStart(self, event: Any) -> None:  # noqa: N802 — named after libyaml's event
        self.documents += 1
        if self.documents > 1:
            self.tell(*self.place(event), "second-document", "a second document; a file holds one: remove the ---")
            self.ended = True

    def on_Alias(self, event: Any) -> None:  # noqa: N802 — as above
        line, column = self.place(event)
        message = f"*{event.anchor} is an alias; aliases are not read. Quote the text if it begins with *"
        self.tell(line, column, "alias", message)
        self.add(Broken(line, column), event)

    def on_Scalar(self, event: Any) -> None:  # noqa: N802 — as above
        line, column = self.place(event)
        scalar = Scalar(event.value, line, column, not event.style)
        if self.refused(event):
            self.add(Broken(line, column), event)
            return
        top = self.open[-1] if self.open else None
        if top is not None and top.flow and top.key is not None and not event.value and scalar.plain:
            self.flow_without_value(top, event)
        self.hash_in_text(event)
        self.add(scalar, event)

    def flow_without_value(self, top: _Open, event: Any) -> None:
        """`{quantum}`: a map whose key has no value, where a text was meant."""
        assert top.key is not None
        if isinstance(top.node, Mapping) and ":" not in self.text[top.key_end : event.start_mark.index]:
            if not top.broken:
                shown = top.key.text[:30]
                message = f'a text that begins with {{ must be quoted: "{{{shown}}} …"; a map needs key: value'
                self.tell(top.node.line, top.node.column, "quote-brace", message)
            top.broken = True

    def hash_in_text(self, event: Any) -> None:
        """`title: Use #1`: libyaml reads a comment where a text was meant."""
        end = event.end_mark.index
        if event.style or not event.value or not self.text.startswith(" ", end):
            return
        line = self.text[end : end + 400].split("\n", 1)[0]
        if found := _TEXT_AFTER_HASH.match(line):
            column = event.end_mark.column + found.end()
            message = "a text that holds ` #` must be quoted; a comment is # and a space"
            self.tell(event.end_mark.line + 1 + self.above, column, "quote-hash", message)

    def refused(self, event: Any) -> bool:
        """Whether the node has an anchor or a tag."""
        line, column = self.place(event)
        if event.anchor is not None:
            message = f"&{event.anchor} is an anchor; anchors are not read. Quote the text if it begins with &"
            self.tell(line, column, "anchor", message)
        elif event.tag is not None:
            message = f"{event.tag[:40]} is a tag; tags are not read. Quote the text if it begins with !"
            self.tell(line, column, "tag", message)
        return event.anchor is not None or event.tag is not None

    def on_MappingStart(self, event: Any) -> None:  # noqa: N802 — as above
        self.begin(Mapping([], *self.place(event)), event)

    def on_SequenceStart(self, event: Any) -> None:  # noqa: N802 — as above
        self.begin(Sequence([], *self.place(event)), event)

    def begin(self, node: Mapping | Sequence, event: Any) -> None:
        top = self.open[-1] if self.open else None
        as_key = top is not None and isinstance(top.node, Mapping) and top.key is None
        if as_key:
            self.tell(
                node.line, node.column, "bad-key", "a key must be plain text; a text that begins with { is quoted"
            )
        if len(self.open) >= DEEPEST:
            self.too_deep(node.line, node.column)
        self.open.append(_Open(node, bool(event.flow_style), broken=self.refused(event) or as_key))

    def on_MappingEnd(self, event: Any) -> None:  # noqa: N802 — as above
        done = self.open.pop()
        self.add(Broken(done.node.line, done.node.column) if done.broken else done.node, event)

    on_SequenceEnd = on_MappingEnd  # noqa: N815 — as above

    def add(self, node: Node, event: Any) -> None:
        """Put a finished node where it belongs: the list, the map's key, the map's value, the root."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is None:
            top.key = node if isinstance(node, Scalar) else Scalar("", node.line, node.column, plain=False)
            top.key_end = event.end_mark.index
            top.broken = top.broken or not isinstance(node, Scalar)
        else:
            self.pair(top, top.key, node)
            top.key = None

    def pair(self, top: _Open, key: Scalar, value: Node) -> None:
        assert isinstance(top.node, Mapping)
        if key.text == "<<" and key.plain:
            self.tell(
                key.line, key.column, "merge-key", "<< is a merge key; merge keys are not read: write the keys out"
            )
        elif key.text in top.lines:
            message = f"{_short(key.text)} stands here twice; the first is on line {top.lines[key.text]}"
            self.tell(key.line, key.column, "duplicate-key", message)
        else:
            top.lines[key.text] = key.line
            top.node.items.append((key, value))

    def too_deep(self, line: int, column: int) -> None:
        self.tell(line, column, "too-deep", f"is nested deeper than {DEEPEST} levels")
        self.ended = True

    def syntax(self, error: Any) -> None:
        """libyaml's one error a file, in our words; nothing where it follows from what has been told."""
        if "nesting depth" in (error.problem or ""):
            place = _place(self.text, self.deepest_allowed(error.problem_mark.index), self.file, self.above)
            self.too_deep(place.line, place.column)
            return
        line, column, code, message = explained(error, self.text)
        near = any(line + self.above - 2 <= problem.place.line for problem in self.problems)
        if not near:
            self.tell(line + self.above, column, code, message)
        self.root = None

    def deepest_allowed(self, end: int) -> int:
        """Index of the first bracket that opens a level too many: from 0.2.6 on libyaml reads up to 1,000 of them ahead
        and gives up before it tells of the first."""
        level = len(self.open)
        for index in range(self.reached, end):
            level += (self.text[index] in "[{") - (self.text[index] in "]}")
            if level > DEEPEST:
                return index
        return end


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Every scalar under a node, keys included, in no particular order."""
    left: list[Node] = [node] if node is not None else []
    while left:
        at = left.pop()
        if isinstance(at, Scalar):
            yield at
        elif isinstance(at, Sequence):
            left += at.items
        elif isinstance(at, Mapping):
            for key, value in at.items:
                yield key
                left.append(value)
