"""What is there to know about a simulator? Its page, made from its declaration: for `sim NAME --help` and the docs."""

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from sims.declare import Gives, Measure, Mistake, Simulator, plain
from sims.fields import REQUIRED, Many, Maybe, One, Spec, specs
from trainer.quiz.answers.listed import NAMES

WIDTH = 100


def manual(simulator: Simulator, width: int = WIDTH, spelled: Callable[[str], str] = str) -> str:
    """Fields, rules, measures, mistakes, recipes and examples, as plain text at most `width` columns wide.

    `spelled` puts the text into the characters that there are.
    """
    parts = [
        f"{simulator.name}: {simulator.question}",
        *_section("Scenario", list(_all_fields(simulator))),
        *_section("Rules", [_sourced(rule.says, rule.source) for rule in simulator.rules]),
        *_section("Measures", [_measure(measure) for measure in simulator.measures]),
        *_section(
            "Mistakes; in brackets where the right way stands",
            [_mistake(simulator, one) for one in simulator.mistakes if not one.convention],
        ),
        *_section(
            "Conventions that textbooks disagree on",
            [_mistake(simulator, one) for one in simulator.mistakes if one.convention],
        ),
        *_section("Recipes for drawing", list(_recipes(simulator))),
        *_section("Examples", [_sourced(f"{one.name}: {one.says}", one.source) for one in simulator.examples]),
    ]
    return "\n".join(row for part in parts for row in _rows(spelled(part), width))


def _section(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"\n{title}"
        yield from (f"  {item}" for item in items)


def _rows(text: str, width: int) -> list[str]:
    """One entry, folded; what is folded stands four columns further in."""
    blank, text = ("", text[1:]) if text.startswith("\n") else (None, text)
    depth = len(text) - len(text.lstrip())
    folded = textwrap.wrap(
        text.strip(),
        width,
        initial_indent=" " * depth,
        subsequent_indent=" " * (depth + 4 if depth else 0),
        break_on_hyphens=False,
    )
    return folded if blank is None else [blank, *folded]


def _all_fields(simulator: Simulator) -> Iterator[str]:
    for type_ in simulator.scenarios:
        if len(simulator.scenarios) > 1:
            yield (type_.__doc__ or type_.__name__).strip().splitlines()[0]
        yield from fields(type_, "  " if len(simulator.scenarios) > 1 else "")


def fields(type_: type[Any], indent: str = "") -> Iterator[str]:
    """One line a field; the fields of a record inside follow it, indented."""
    for spec in specs(type_):
        if spec.hidden:
            continue
        unit = f" {spec.unit}" if spec.unit else ""
        yield f"{indent}{spec.name}: {spec.kind.describe()}{unit}{_default(spec)}. {_sentence(spec.help)}"
        inner = spec.kind.kind if isinstance(spec.kind, Maybe) else spec.kind
        inner = inner.item if isinstance(inner, Many) else inner
        if isinstance(inner, One):
            yield from fields(inner.type, indent + "  ")


def _default(spec: Spec) -> str:
    if spec.default is REQUIRED:
        return " (required)"
    if spec.default is None:
        return " (default none)"
    return f" (default {_shown(spec.kind.plain(spec.default))})"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value not in ("", []) else "empty"


def _measure(measure: Measure) -> str:
    arguments = "".join(f" {one.name}=…" for one in measure.arguments)
    better = f" Better is {measure.better}." if measure.better else ""
    said = f"{measure.name}{arguments}: {_sentence(measure.help)} Gives {gives(measure.gives)}.{better}"
    return _sourced(said, measure.source)


def gives(what: Gives) -> str:
    """What a measure gives, in a few words: `vector of ticks by process`."""
    kind = NAMES[type(what)]
    unit = getattr(what, "unit", "") or getattr(getattr(what, "item", None), "unit", "")
    noun = getattr(what, "noun", "")
    words = getattr(what, "words", ())
    text = kind + (f" of {unit}" if unit else "") + (f" by {noun}" if noun and kind in ("vector", "table") else "")
    text += f" of {noun}" if noun and kind in ("sequence", "set") else ""
    return text + (f" ({' | '.join(words)})" if words else "")


def _mistake(simulator: Simulator, mistake: Mistake) -> str:
    asked = tuple(mistake.asked if mistake.rule else mistake.measures)
    kind = "" if mistake.convention else "a rule; " if mistake.rule else "a measure; "
    said = f"{mistake.id}: {mistake.clause}. {mistake.says} ({kind}for {', '.join(asked) or 'every measure'})"
    sources = dict.fromkeys(one.source for one in simulator.measures if one.name in asked and one.source)
    return _sourced(said, "; ".join(sources))


def _recipes(simulator: Simulator) -> Iterator[str]:
    for recipe in simulator.recipes:
        yield f"{recipe.name}: {_sentence(recipe.help)}"
        yield from fields(recipe.parameters, "  ")


def _sourced(text: str, source: str) -> str:
    return f"{text} [{source}]" if source else text


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?")) else text + "."


__all__ = ["fields", "gives", "manual", "plain"]
