"""How is a value for each name read? `4 6 3`, or `P1=4 P2=6 P3=3` in any order."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from trainer.model import AnswerKind, Unreadable
from trainer.quiz.answers.tokens import bounded, count_of, cut, find, named, quoted


class VectorAnswer(NamedTuple):
    """One item for each of `names`."""

    names: tuple[str, ...]
    item: AnswerKind
    noun: str = "process"
    unit: str = ""
    kind: str = "vector"

    def read(self, text: str) -> Mapping[str, Any]:
        pieces = cut(named(bounded(text)))
        if any("=" in piece for piece in pieces):
            return self.by_name(pieces)
        if len(pieces) == 2 * len(self.names) and {find(piece, self.names) for piece in pieces[::2]} == {*self.names}:
            return self.by_name([f"{name}={value}" for name, value in zip(pieces[::2], pieces[1::2], strict=True)])
        if len(pieces) != len(self.names):
            wanted = f"expected {len(self.names)} values, one for each {self.noun} ({' '.join(self.names)})"
            raise Unreadable(f"{wanted}; got {len(pieces)}")
        return {name: self.item.read(piece) for name, piece in zip(self.names, pieces, strict=True)}

    def by_name(self, pieces: list[str]) -> Mapping[str, Any]:
        """The values of `P1=4` pieces, in the order of the names. Raises Unreadable."""
        given: dict[str, Any] = {}
        for piece in pieces:
            name, _, value = piece.partition("=")
            known = find(name, self.names)
            if known is None or not value:
                raise Unreadable(f"{quoted(name)} is no {self.noun} here; expected {' '.join(self.names)}")
            if known in given:
                raise Unreadable(f"{known} is given twice")
            given[known] = self.item.read(value)
        missing = [name for name in self.names if name not in given]
        if missing:
            raise Unreadable(f"no value for {' '.join(missing)}; {count_of(len(self.names), 'value')} expected")
        return {name: given[name] for name in self.names}

    def write(self, value: Mapping[str, Any]) -> str:
        return " ".join(self.item.write(value[name]) for name in self.names)

    def same(self, right: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        return all(self.item.same(right[name], given[name]) for name in self.names)

    def apart(self, right: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        return any(_apart(self.item, right[name], other[name]) for name in self.names)

    @property
    def example(self) -> str:
        values = [self.item.example.split(",")[0].split(" or ")[0]] * len(self.names)
        if self.item.kind == "number" and "x" not in values[0]:
            values = [str(4 * n % 7) for n in range(1, len(self.names) + 1)]
        first = " ".join(values)
        return f"{first}, or {' '.join(f'{n}={v}' for n, v in zip(self.names, values, strict=True))}"

    @property
    def words(self) -> tuple[str, ...]:
        return (*(f"{name}=" for name in self.names), *self.item.words)

    def parts(self, right: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[int, str] | None:
        for index, name in enumerate(self.names):
            if not self.item.same(right[name], given[name]):
                return index, f"{name}: {self.item.write(right[name])}, not {self.item.write(given[name])}"
        return None


def _apart(item: AnswerKind, right: Any, other: Any) -> bool:
    apart = getattr(item, "apart", None)
    return bool(apart(right, other)) if apart else not item.same(right, other)
