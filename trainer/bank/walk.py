"""Is this node what the format says? One walk over the struct's own types, which finds every problem at once.

msgspec stops at its first error and knows no lines; so the types are walked here (msgspec.inspect), at run time and
in `check` alike. A value with a problem is MISSING; the rest is still walked.
"""

import functools
import re
from collections.abc import Hashable, Mapping
from typing import Any, Final

import msgspec
from msgspec import inspect

from sims.fields import nearest, shown
from trainer.bank import reader
from trainer.bank.reader import Broken, Node, Scalar
from trainer.model import Place, Problem

MISSING: Final = object()
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@functools.cache
def _info(type_: Hashable) -> inspect.Type:
    return inspect.type_info(type_)


def walk(node: Node, type_: Any, file: str) -> tuple[Any, list[Problem]]:
    """The value that the type describes (MISSING where there is a problem in it), and all problems."""
    walker = _Walker(file)
    return walker.value(node, _info(type_), "", {}), walker.problems


def plain(node: Node) -> Any:
    """A node as str, dict and list; MISSING where part of it is broken. Depth is bounded by the reader."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, reader.Sequence):
        values = [plain(item) for item in node.items]
        return MISSING if any(value is MISSING for value in values) else values
    if isinstance(node, reader.Mapping):
        entries = {key.text: plain(value) for key, value in node.items}
        return MISSING if any(value is MISSING for value in entries.values()) else entries
    return MISSING


def at(node: Node, path: str) -> Node:
    """The node under a path such as `scenario.processes.arrival`, or the nearest above it that the file has."""
    for part in path.split(".") if path else ():
        below: Node | None = None
        if isinstance(node, reader.Mapping):
            below = node.get(part)
        elif isinstance(node, reader.Sequence) and part.isdigit() and int(part) < len(node.items):
            below = node.items[int(part)]
        if below is None:
            return node
        node = below
    return node


class _Walker:
    """One walk; collects the problems. `name` is what a message calls the value, `extra` what its type adds."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def tell(self, node: Node, name: str, code: str, message: str) -> object:
        place = Place(self.file, node.line, node.column)
        self.problems.append(Problem(place, code, f"{name}: {message}" if name else message))
        return MISSING

    def value(self, node: Node, info: inspect.Type, name: str, extra: Mapping[str, Any]) -> Any:
        """The value of a node, by its type."""
        if isinstance(node, Broken):
            return MISSING
        match info:
            case inspect.Metadata(inner, _, more):
                return self.value(node, inner, name, more or extra)
            case inspect.UnionType(types):
                return self.union(node, types, name, extra)
            case inspect.AnyType():
                return plain(node)
            case inspect.StructType():
                return self.struct(node, info, name)
            case inspect.DictType(key_type, value_type):
                return self.mapping(node, key_type, value_type, name, extra)
            case inspect.ListType(item_type, min_length):
                return self.listed(node, item_type, min_length or 0, name)
        return self.scalar(node, info, name, extra)

    def union(self, node: Node, types: tuple[inspect.Type, ...], name: str, extra: Mapping[str, Any]) -> Any:
        """The alternative that has the node's shape: a word, or a list."""
        listed = [each for each in types if isinstance(each, inspect.ListType)]
        alone = [each for each in types if not isinstance(each, inspect.ListType)]
        if isinstance(node, reader.Sequence) and listed:
            return self.value(node, listed[0], name, extra)
        return self.value(node, (alone or listed)[0], name, extra)

    # maps

    def struct(self, node: Node, info: inspect.StructType, name: str) -> Any:
        if not isinstance(node, reader.Mapping):
            return self.tell(node, name, "wrong-type", f"expected a map of keys, got {_what(node)}{_hint(node)}")
        fields = {field.name: field for field in info.fields}
        unknown = self.unknown_keys(node, fields)
        found: dict[str, Any] = {}
        for key, value in node.items:
            if key.text in fields:
                found[key.text] = self.value(value, fields[key.text].type, key.text, {})
        whole = not unknown
        for field in info.fields:
            if field.required and field.name not in found:
                whole = False
                if not nearest(field.name, unknown):
                    self.tell(node, field.name, "missing-key", "is missing")
        if not whole or any(value is MISSING for value in found.values()):
            return MISSING
        return info.cls(**found)

    def unknown_keys(self, node: reader.Mapping, fields: Mapping[str, Any]) -> list[str]:
        unknown = [key for key, _ in node.items if key.text not in fields]
        for key in unknown:
            close = nearest(key.text, fields)
            message = f"is no key here{close}" if close else f"is no key here; expected {' '.join(fields)}"
            self.tell(key, shown(key.text)[1:-1], "unknown-key", message)
        return [key.text for key in unknown]

    def mapping(self, node: Node, key_type: Any, value_type: Any, name: str, extra: Mapping[str, Any]) -> Any:
        if not isinstance(node, reader.Mapping):
            return self.tell(node, name, "wrong-type", f"expected a map of keys, got {_what(node)}{_hint(node)}")
        if "told_by" in extra:
            return self.told(node, extra["told_by"], name)
        entries: dict[Any, Any] = {}
        whole = True
        for key, value in node.items:
            entry = self.value(key, key_type, name or "key", {})
            worth = self.value(value, value_type, key.text, {})
            whole = whole and entry is not MISSING and worth is not MISSING
            if entry is not MISSING:
                entries[entry] = worth
        return entries if whole else MISSING

    def told(self, node: reader.Mapping, structs: Mapping[str, Any], name: str) -> Any:
        """A map that is one of several structs; the key that it has tells which."""
        for key, struct in structs.items():
            if node.get(key) is not None:
                return self.value(node, _info(struct), name, {})
        message = f"needs {' or '.join(f'`{key}`' for key in structs)}: a simulated or an authored skill"
        return self.tell(node, "", "missing-key", message)

    # lists and scalars

    def listed(self, node: Node, item_type: inspect.Type, least: int, name: str) -> Any:
        if not isinstance(node, reader.Sequence):
            return self.tell(node, name, "wrong-type", f"expected a list: [a, b]; got {_what(node)}")
        if len(node.items) < least:
            return self.tell(node, name, "out-of-range", f"needs at least {least}, got {len(node.items)}")
        items = [self.value(item, item_type, f"{name}.{n}", {}) for n, item in enumerate(node.items)]
        return MISSING if any(item is MISSING for item in items) else items

    def scalar(self, node: Node, info: inspect.Type, name: str, extra: Mapping[str, Any]) -> Any:
        if not isinstance(node, Scalar):
            wanted = {inspect.IntType: "a whole number", inspect.BoolType: "true or false"}.get(type(info), "text")
            return self.tell(node, name, "wrong-type", f"expected {wanted}, got {_what(node)}{_hint(node)}")
        match info:
            case inspect.StrType():
                return self.text(node, info, name, extra)
            case inspect.IntType():
                return self.whole(node, info, name)
            case inspect.BoolType():
                if node.text in ("true", "false"):
                    return node.text == "true"
                return self.tell(node, name, "wrong-type", f"expected true or false, got {shown(node.text)}")
        assert isinstance(info, inspect.LiteralType)
        return self.word(node, info.values, name)

    def word(self, node: Scalar, words: tuple[Any, ...], name: str) -> Any:
        if node.text in words:
            return node.text
        message = f"expected one of {' '.join(map(str, words))}, got {shown(node.text)}{nearest(node.text, words)}"
        return self.tell(node, name, "bad-choice", message)

    def whole(self, node: Scalar, info: inspect.IntType, name: str) -> Any:
        if not _WHOLE.fullmatch(node.text):
            return self.tell(node, name, "wrong-type", f"expected a whole number, got {shown(node.text)}")
        low, high, value = info.ge, info.le, int(node.text)
        if (low is not None and value < low) or (high is not None and value > high):
            return self.tell(node, name, "out-of-range", f"must be {low} to {high}, got {value}")
        return value

    def text(self, node: Scalar, info: inspect.StrType, name: str, extra: Mapping[str, Any]) -> Any:
        text = node.text.rstrip("\n")
        if not text and info.min_length:
            return self.tell(node, name, "empty", "is empty")
        if odd := next((each for each in text if each != "\n" and _is_control(each)), ""):
            return self.tell(node, name, "control-character", f"holds the control character U+{ord(odd):04X}")
        if info.max_length is not None and len(text) > info.max_length:
            message = f"holds {len(text)} characters, at most {info.max_length} are allowed"
            return self.tell(node, name, "too-long", message)
        if info.pattern is not None and not re.search(info.pattern, text):
            return self.tell(node, name, "bad-form", f"expected {extra.get('form')}; got {shown(text)}")
        return text


def _is_control(each: str) -> bool:
    """C0, DEL and C1."""
    return each < " " or "\x7f" <= each <= "\x9f"


def _what(node: Node) -> str:
    if isinstance(node, Scalar):
        return shown(node.text) if node.text else "nothing"
    return "a map" if isinstance(node, reader.Mapping) else "a list"


def _hint(node: Node) -> str:
    """`- Note: this` is read as a map where a text was meant."""
    if isinstance(node, reader.Mapping) and len(node.items) == 1:
        return "; a text that holds `: ` or begins with { must be quoted"
    return "; a text that begins with [ must be quoted" if isinstance(node, reader.Sequence) else ""


def unset(value: Any, otherwise: Any = "") -> Any:
    """A value of a struct, or what stands for it where content does not give it."""
    return otherwise if value is msgspec.UNSET else value
