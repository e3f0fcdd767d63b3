"""Which mutants of the simulators are there, and what does each change?

The mutants come from cosmic-ray's operators. Left out are changes of what only declares (words, sources, examples),
annotations, and changes that cannot show or that nobody would make by mistake; `silent_parts` and `trivial` say which.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

DECLARATIONS = {"Simulator", "Measure", "Argument", "Mistake", "Rule", "Example"}
"""Calls that only declare: their words and numbers are not behaviour. A function written inside one is."""

CACHES = ("cache", "lru_cache", "functools.cache", "functools.lru_cache")
ORDERS = ("_Lt", "_LtE", "_Gt", "_GtE")

Place = tuple[int, int]  # line from 1, column from 0
Span = tuple[Place, Place]


class Mutant(NamedTuple):
    """One change of one file."""

    file: str  # relative to the checkout
    operator: str
    occurrence: int
    start: Place


class Change(NamedTuple):
    """A mutant as code."""

    mutant: Mutant
    before: str  # the whole file
    source: str  # the whole file, changed
    old: str  # the lines that changed
    new: str
    function: tuple[int, int] | None  # first and last line of the outermost function around it; None: none

    @property
    def compiles(self) -> bool:
        """Whether the mutant is Python at all."""
        try:
            compile(self.source, self.mutant.file, "exec")
        except SyntaxError:
            return False
        return True


def mutants(root: Path, files: tuple[str, ...]) -> list[Mutant]:
    """All mutants of the files, in a fixed order."""
    return sorted(one for file in files for one in _of_file(root, file))


def _of_file(root: Path, file: str) -> Iterator[Mutant]:
    source = (root / file).read_text(encoding="utf-8")
    spans = Spans(source)
    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments():
            continue
        positions = (place for node in nodes for place in operator().mutation_positions(node))
        for occurrence, (start, _) in enumerate(positions):
            if not spans.leave_out(name, start):
                yield Mutant(file, name, occurrence, tuple(start))


def change(root: Path, mutant: Mutant) -> Change:
    """The mutant's code. Raises ValueError where the file has no such mutant any more."""
    source = (root / mutant.file).read_text(encoding="utf-8")
    mutated = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    if mutated is None:
        raise ValueError(f"no such mutant: {mutant}")
    before, after = source.splitlines(), mutated.splitlines()
    same = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    tail = next((n for n, (old, new) in enumerate(zip(before[::-1], after[::-1], strict=False)) if old != new), 0)
    old, new = (joined(lines[same : len(lines) - tail]) for lines in (before, after))
    return Change(mutant, source, mutated, old, new, outermost(source, mutant.start))


def joined(lines: list[str]) -> str:
    """The lines as one."""
    return " ⏎ ".join(line.strip() for line in lines)


# ── what is left out ────────────────────────────────────────────────────────────────────────────────────────────


class Spans:
    """Where in one file a change is left out."""

    def __init__(self, source: str) -> None:
        nodes = list(ast.walk(ast.parse(source)))
        within = placer(source)
        parts = [part for node in nodes for part in silent_parts(node)]
        self.silent = [within(part) for part in (*parts, *example_tables(nodes))]
        self.loud = [within(node) for node in nodes if isinstance(node, ast.Lambda)]
        self.with_word = [within(node) for node in nodes if isinstance(node, ast.Compare) and compares_word(node)]
        self.plain = [within(node) for node in nodes if isinstance(node, ast.Compare) and not compares_word(node)]

    def leave_out(self, operator: str, start: Place) -> bool:
        """Whether this operator's change at this place is left out."""
        if trivial(operator) or (inside(start, self.silent) and not inside(start, self.loud)):
            return True
        ordered = "Comparison" in operator and operator.endswith(ORDERS)
        return ordered and smallest(start, self.with_word) < smallest(start, self.plain)


def trivial(operator: str) -> bool:
    """Whether a comparison becomes `is`: with numbers and short strings that is no change, or only a warning."""
    return operator.endswith(("_Is", "_IsNot")) and "Comparison" in operator


def compares_word(node: ast.Compare) -> bool:
    """Whether a word is compared for equality: which word sorts first is an accident, nobody asks for it."""
    words = any(
        isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, *node.comparators)
    )
    return words and all(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)


def silent_parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that only declare or annotate, change nothing but speed and memory, or check lengths."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECLARATIONS:
        yield node
    elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    elif isinstance(node, ast.FunctionDef) and node.returns is not None:
        yield node.returns
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr):
        yield node.value  # an alias of a union of types
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from (one for one in node.decorator_list if ast.unparse(one).startswith(CACHES))
    if isinstance(node, ast.keyword) and node.arg in ("slots", "strict"):
        yield node.value


def example_tables(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    """Literal values with a name that only examples use: they belong to the declaration."""
    examples = [one for one in nodes if isinstance(one, ast.Call) and ast.unparse(one.func) == "Example"]
    inside = {id(one) for example in examples for one in ast.walk(example)}
    used = [one for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    elsewhere = {one.id for one in used if id(one) not in inside}
    only = {one.id for one in used} - elsewhere
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in only:
            yield node.value


def placer(source: str) -> Callable[[Any], Span]:
    """A function from a node to its place, columns in characters (ast counts bytes)."""
    lines = source.splitlines()

    def place(line: int, byte: int) -> Place:
        return line, len(lines[line - 1].encode()[:byte].decode())

    def span(node: Any) -> Span:
        first = place(node.lineno, node.col_offset)
        if lines[first[0] - 1][: first[1]].strip() == "@":
            first = first[0], first[1] - 1  # a decorator, its sign included
        return first, place(node.end_lineno, node.end_col_offset)

    return span


def inside(place: Place, spans: list[Span]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= tuple(place) < end for start, end in spans)


def smallest(place: Place, spans: list[Span]) -> float:
    """How long the shortest span around the place is, lines first; endless if there is none."""
    around = [(end[0] - start[0]) * 1000 + end[1] - start[1] for start, end in spans if start <= tuple(place) < end]
    return min(around, default=float("inf"))


def outermost(source: str, place: Place) -> tuple[int, int] | None:
    """First and last line of the outermost function around a place in its body; None where it is the module's own."""
    return next((lines for body, lines in _bodies(source) if inside(place, [body])), None)


@cache
def _bodies(source: str) -> tuple[tuple[Span, tuple[int, int]], ...]:
    """The bodies of the functions of a module and its classes, and of lambdas outside all of them."""
    within, tree = placer(source), ast.parse(source)
    found: list[tuple[Span, tuple[int, int]]] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef):
            first = min(node.lineno, *(one.lineno for one in node.decorator_list), node.lineno)
            body = within(node.body[0])[0], within(node.body[-1])[1]
            found.append((body, (first, node.end_lineno or first)))
        elif isinstance(node, ast.Lambda):
            found.append((within(node.body), (node.lineno, node.end_lineno or node.lineno)))
        else:
            for child in ast.iter_child_nodes(node):
                look(child)

    look(tree)
    return tuple(found)
