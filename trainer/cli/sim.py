"""osdrill sim: run a simulator on a scenario; draw it, or print it as JSON."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from sims.declare import Invalid, Limit, Measure, NoAnswer, Number, Simulator
from sims.fields import Text, Whole, plain, shown, specs
from sims.listed import MODULES, simulator
from trainer.cli.out import emit, say, show
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.quiz.answers.listed import answer_kind
from trainer.view.drawing import Frame, paragraph
from trainer.view.listed import drawn, view

LARGEST = 64 * 1024 * 1024  # bytes of input
MOST_SAID = 2_000  # characters of one measure that people are shown


def read(rest: Sequence[str]) -> argparse.Namespace:
    """The options. `sim NAME --help` documents the simulator itself."""
    parser = argparse.ArgumentParser(prog="osdrill sim", add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("name", nargs="?")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--example")
    parser.add_argument("--ask", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--help", "-h", action="store_true")
    try:
        options, unknown = parser.parse_known_args(rest)
    except argparse.ArgumentError as error:
        raise Refusal(str(error), code="usage") from None
    if unknown:
        raise Refusal(f"unknown option {unknown[0][:40]!r}; see osdrill sim --help", code="usage")
    return options


USAGE = """usage: osdrill sim NAME FILE|-  [--json] [--ask MEASURE]…
       osdrill sim NAME --example E
       osdrill sim NAME --help      fields, rules, measures and mistakes

FILE holds one scenario (JSON or YAML), or JSON lines, one scenario a line; - is standard input.
--ask computes only this measure (repeatable): --ask 'running-at t=7'"""


def run(options: argparse.Namespace, world: World) -> int:
    if options.name is None:
        say(USAGE + "\n\nsimulators:")
        for name in MODULES:
            show(paragraph(f"{name:<12} {simulator(name).question}", world.frame(), indent="  "))
        return 0 if options.help else 2
    if options.name not in MODULES:
        raise Refusal(
            f"no simulator {options.name[:40]!r}; expected one of {' '.join(MODULES)}", code="unknown-simulator"
        )
    declared = simulator(options.name)
    if options.help:
        from trainer.author.manual import WIDTH, manual  # noqa: PLC0415 — only help needs it

        frame = world.frame()
        say(manual(declared, min(frame.width, WIDTH), frame.text))
        return 0
    if options.example is not None and options.file is not None:
        raise Refusal(f"give either {options.file[:40]!r} or --example, not both", code="usage")
    if options.example is not None:
        return _example(declared, options, world)
    if options.file is None:
        raise Refusal("expected a FILE, - or --example E; see osdrill sim --help", code="usage")
    return _scenarios(declared, options, world)


def _example(declared: Simulator, options: argparse.Namespace, world: World) -> int:
    example = next((one for one in declared.examples if one.name == options.example), None)
    if example is None:
        known = " ".join(one.name for one in declared.examples)
        raise Refusal(f"no example {options.example[:40]!r}; expected one of {known}", code="unknown-example")
    says = example.says + (f" ({example.source})" if example.source else "")
    _answer(declared, example.scenario, options, world, says)
    return 0


def _answer(declared: Simulator, raw: Any, options: argparse.Namespace, world: World, says: str = "") -> None:
    """One scenario's answer: as JSON, or drawn. Raises Refusal before anything is printed."""
    if options.json:
        emit(answered(declared, raw, options.ask))
    else:
        draw(declared, raw, options.ask, world.frame(), says)


def _scenarios(declared: Simulator, options: argparse.Namespace, world: World) -> int:
    text = _text(options.file)
    lines = _json_lines(text)
    if lines is None:
        _answer(declared, _document(text, options.file), options, world)
        return 0
    refused = False
    for number, line in enumerate(lines, 1):
        try:
            _answer(declared, _json(line), options, world)
        except Refusal as refusal:
            refused = True
            if options.json:
                emit(refusal.plain())
            place = f"line {number}: " if len(lines) > 1 else ""
            print(f"osdrill: {place}{refusal}", file=sys.stderr)
    return 2 if refused else 0


def _text(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(f"cannot be read: {error.strerror}", code="unreadable-file", where=name) from None
    if len(data) > LARGEST:
        raise Refusal(f"is larger than {LARGEST // 2**20} MiB", code="too-large", where=name)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refusal(f"is not UTF-8 (byte {error.start})", code="bad-encoding", where=name) from None


def _json_lines(text: str) -> list[str] | None:
    """The lines, when the first one is a whole JSON object and there may be more; else None."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return None
    try:
        return lines if isinstance(json.loads(lines[0]), dict) else None
    except json.JSONDecodeError:
        return None
    except (ValueError, RecursionError):  # JSON, but with a number or a depth that is refused in its place
        return lines


def _json(text: str, name: str = "") -> Any:
    """The value. Raises Refusal: no JSON, a field given twice, too deep, a number of thousands of digits."""
    try:
        return json.loads(text, object_pairs_hook=_fields)
    except json.JSONDecodeError as error:
        raise Refusal(f"is not JSON: {error}", code="bad-json", where=name) from None
    except RecursionError:
        raise Refusal("is nested too deep", code="bad-json", where=name) from None
    except ValueError:
        raise Refusal("holds a number of too many digits", code="bad-json", where=name) from None


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object as a mapping; of two equal keys json would keep the last without a word."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in fields if keys.count(key) > 1)
        raise Refusal("is given twice", code="bad-json", where=shown(twice)[1:-1])
    return fields


def _document(text: str, name: str) -> Any:
    """One scenario: JSON where it begins like it, else YAML of the strict subset."""
    if text.lstrip().startswith("{"):
        return _json(text, name)
    from trainer.bank import reader  # noqa: PLC0415 — YAML only where it is used

    node, problems = reader.read(text, name)
    if problems or node is None:
        first = problems[0]
        raise Refusal(first.message, code=first.code, where=str(first.place))
    return _textual(node)


def _textual(node: Any) -> Any:
    """A node of a text file as plain values; scalars are marked, so that the field decides their type."""
    if hasattr(node, "text"):
        return Text(node.text)
    if node.items and isinstance(node.items[0], tuple):
        return {key.text: _textual(value) for key, value in node.items}
    return [_textual(item) for item in node.items]


def answered(declared: Simulator, raw: Any, asks: Sequence[str]) -> dict[str, Any]:
    """The scenario with its defaults, its measures and its trace. Raises Refusal for an invalid scenario."""
    trace = traced(declared, raw)
    return {
        "simulator": declared.name,
        "scenario": plain(trace.scenario),
        "measures": {label: measured(one, trace, given) for label, one, given in wanted(declared, trace, asks)},
        "trace": plain(trace.events),
    }


def traced(declared: Simulator, raw: Any) -> Any:
    """The trace. Raises Refusal: every bad field named, or the limit of work."""
    try:
        return declared.run(declared.scenario(raw))
    except Invalid as invalid:
        where = " ".join(fault.where for fault in invalid.faults if fault.where)
        raise Refusal(str(invalid), code="invalid-scenario", where=where, said=str(invalid)) from None
    except Limit as limit:
        raise Refusal(str(limit), code="limit") from None


def wanted(declared: Simulator, trace: Any, asks: Sequence[str]) -> list[tuple[str, Measure, dict[str, Any]]]:
    """What is asked of this trace: what stands after --ask, else every measure that can be. Raises Refusal."""
    if not asks:
        return [(one.name, one, {}) for one in declared.measures if not one.arguments and one.applies(trace.scenario)]
    found = [asked(declared, line) for line in asks]
    for label, measure, given in found:
        if not measure.applies(trace.scenario):
            raise Refusal(f"{label!r} cannot be asked of this scenario", code="bad-ask", where="--ask")
        for argument in measure.arguments:
            names = argument.names(trace.scenario) if argument.names else (given[argument.name],)
            if given[argument.name] not in names:
                known, got = " ".join(names[:20]) or "no name at all", given[argument.name][:40]
                raise Refusal(f"{argument.name}: expected {known}, got {got!r}", code="bad-ask", where="--ask")
    return found


def measured(measure: Measure, trace: Any, given: Mapping[str, Any]) -> Any:
    """The measure's value as JSON has it; null where it has none in this trace."""
    try:
        return plain(measure.of(trace, **given))
    except NoAnswer:
        return None
    except Limit as limit:
        return {"error": "limit", "message": str(limit)}


def asked(declared: Simulator, line: str) -> tuple[str, Measure, dict[str, Any]]:
    """`running-at t=7` as (label, measure, arguments). Raises Refusal."""
    name, *pieces = line.split() or [""]
    measure = next((one for one in declared.measures if one.name == name), None)
    if measure is None:
        known = " ".join(one.name for one in declared.measures)
        raise Refusal(f"no measure {name[:40]!r}; expected one of {known}", code="unknown-measure", where="--ask")
    given = dict(piece.partition("=")[::2] for piece in pieces)
    wanted = {argument.name: argument for argument in measure.arguments}
    if set(given) != set(wanted) or len(pieces) > len(given) or not all(given.values()):
        form = " ".join([name, *(f"{one}=…" for one in wanted)])
        raise Refusal(f"expected {form!r}, got {line[:60]!r}", code="bad-ask", where="--ask")
    arguments: dict[str, Any] = {}
    for key, text in given.items():
        argument = wanted[key]
        try:
            arguments[key] = text if argument.names else Whole(argument.low, argument.high).take(Text(text))
        except Invalid as invalid:
            raise Refusal(f"{key} {invalid}", code="bad-ask", where="--ask") from None
    return line, measure, arguments


def draw(declared: Simulator, raw: Any, asks: Sequence[str], frame: Frame, says: str = "") -> None:
    """What is to be seen, the scenario, its picture and its measures for people. Raises Refusal before it prints."""
    trace = traced(declared, raw)
    asked_for = wanted(declared, trace, asks)
    if says:
        show((*paragraph(says, frame), ()))
    show(view(declared.name).given(trace.scenario, frame, frozenset()))
    say()
    show(drawn(declared.name, trace, frame))
    say()
    for label, one, given in asked_for:
        said = _said(one, trace, given)
        cut = f"{said[:MOST_SAID].rpartition(' ')[0]} … (--json gives all of it)" if len(said) > MOST_SAID else said
        show(paragraph(f"{label}: {cut}", frame))


def _said(measure: Measure, trace: Any, given: Mapping[str, Any]) -> str:
    try:
        value = measure.of(trace, **given)
    except NoAnswer as none:
        return f"none ({none})"
    except Limit as limit:
        return f"not computed: {limit}"
    kind = answer_kind(measure.gives, trace.scenario, value)
    names = getattr(kind, "names", None)
    written = kind.write(value)
    if names and kind.kind == "vector":
        return ", ".join(_named(*pair) for pair in zip(names, written.split(), strict=False))
    if not isinstance(measure.gives, Number) or isinstance(value, str):
        return written or "none"
    unit = f" {_counted(measure.gives.unit, value)}" if measure.gives.unit else ""
    return f"{written}{unit}{_decimal(value)}"


def _named(name: str, part: str) -> str:
    """`P1 7`; where the name is a number as well, `2=32`."""
    return f"{name} {part}" if name[0].isalpha() else f"{name}={part}"


def _counted(unit: str, value: int | Fraction) -> str:
    """The unit as it stands behind the number: `1 tick`, `2 ticks`, `1 switch`, `1/4 processes a tick`."""
    first, space, rest = unit.partition(" ")
    if value != 1 or not first.endswith("s") or len(first) <= len("ms"):
        return unit
    return first.removesuffix("es" if first.endswith(("sses", "ches")) else "s") + space + rest


def _decimal(value: int | Fraction) -> str:
    """` (5.67)` behind 17/3; nothing behind a whole number."""
    if Fraction(value).denominator == 1:
        return ""
    rounded = f"{float(value):.3g}" if -1 < value < 1 else f"{float(value):.2f}".rstrip("0").rstrip(".")
    return f" ({rounded if '.' in rounded or 'e' in rounded else f'{float(value):.9g}'})"


__all__ = ["answered", "asked", "read", "run", "specs", "wanted"]
