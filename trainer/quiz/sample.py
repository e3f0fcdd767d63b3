"""How does a scenario come out of ranges? Field by field, each from its own stream.

The ranges are parsed by trainer.bank.ranges; what is drawn is a plain mapping, which the simulator then checks like
any other input: what its limits refuse is drawn again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sims.declare import Simulator
from sims.fields import Many, Maybe, One, refuse, specs
from trainer.bank.ranges import Explicit, Fixed, Listed, Nested, Range, Ranged, Span, parse
from trainer.quiz.stream import Pick

MOST_REPEATS = 200  # draws for one distinct value before the instance is given up


def sampler(simulator: Simulator, recipe: str, ranges: Mapping[str, Any]) -> Callable[[Pick], Any]:
    """pick -> scenario: the ranges are parsed once, then drawn from as often as needed. What it returns raises
    Invalid where this draw makes no valid scenario, faults of the content itself having been refused before."""
    if recipe:
        declared = simulator.recipe(recipe)
        parameters = parse(ranges, declared.parameters)

        def by_recipe(pick: Pick) -> Any:
            drawn = _fields(parameters, declared.parameters, pick, "")
            return declared.make(declared.parameters(**drawn), pick)

        return by_recipe
    type_ = simulator.kind_of(ranges)
    fields = parse(ranges, type_)
    return lambda pick: simulator.scenario(_fields(fields, type_, pick, ""))


def _fields(nested: Nested, type_: type[Any] | None, pick: Pick, path: str) -> dict[str, Any]:
    kinds = {spec.name: spec.kind for spec in specs(type_)} if type_ else {}
    return {name: _value(node, kinds.get(name), pick, f"{path}{name}") for name, node in nested.fields.items()}


def _value(node: Any, kind: Any, pick: Pick, path: str) -> Any:
    if isinstance(kind, Maybe):
        kind = kind.kind
    if isinstance(node, Nested):
        return _fields(node, kind.type if isinstance(kind, One) else None, pick, f"{path}.")
    if isinstance(node, Listed):
        return _listed(node, kind, pick, path)
    if isinstance(node, Explicit):
        item = kind.item if isinstance(kind, Many) else None
        return [_value(one, item, pick, f"{path}.{index}") for index, one in enumerate(node.items)]
    assert isinstance(node, Range)
    return one(node, pick, path)


def one(range_: Range, pick: Pick, path: str) -> Any:
    """A value of the range, each equally likely."""
    if isinstance(range_, Fixed):
        return range_.value
    if isinstance(range_, Span):
        return range_.at(pick(path, 0, range_.size - 1))
    return one(range_.values[pick(path, 0, len(range_.values) - 1)], pick, path)


def _listed(node: Listed, kind: Any, pick: Pick, path: str) -> list[Any]:
    count = int(one(node.count, pick, f"{path}.count"))
    item = kind.item if isinstance(kind, Many) else None
    if isinstance(node.items, Ranged):
        return _column(node.items, item, count, pick, f"{path}.{{}}")
    record = item.type if isinstance(item, One) else None
    kinds = {spec.name: spec.kind for spec in specs(record)} if record else {}
    columns = {
        name: _column(ranged, kinds.get(name), count, pick, f"{path}.{{}}.{name}")
        for name, ranged in node.items.items()
    }
    rows: list[dict[str, Any]] = [{name: column[index] for name, column in columns.items()} for index in range(count)]
    if node.named:
        rows = [{"name": f"{node.named}{index + 1}", **row} for index, row in enumerate(rows)]
    return rows


def _column(node: Ranged, kind: Any, count: int, pick: Pick, path: str) -> list[Any]:
    """One field of all items, `{}` in the path being the item's number: the values may have to differ, to ascend, or
    to begin with a fixed value."""
    if not isinstance(node.range, Range):
        return [_value(node.range, kind, pick, path.format(index)) for index in range(count)]
    values: list[Any] = [] if node.first is None else [node.first]
    for index in range(len(values), count):
        values.append(_fresh(node, values, pick, path.format(index)))
    values = values[:count]
    if node.sorted:
        fixed = 0 if node.first is None else 1
        values[fixed:] = sorted(values[fixed:])
    return values


def _fresh(node: Ranged, before: list[Any], pick: Pick, path: str) -> Any:
    assert isinstance(node.range, Range)
    for _ in range(MOST_REPEATS):
        value = one(node.range, pick, path)
        if not (node.distinct and value in before) and not (node.unlike_last and before and value == before[-1]):
            return value
    raise refuse(f"{path}: no value left that differs from the others")
