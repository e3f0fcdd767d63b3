"""How is a hit/miss string read? `MMHMH`, `M M H M H`, `miss miss hit`; M may be written F for fault."""

from typing import Any, NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.tokens import bounded, cut, quoted

_LETTERS = {"h": "H", "hit": "H", "m": "M", "miss": "M", "f": "M", "fault": "M"}


class HitsAnswer(NamedTuple):
    """One letter a reference."""

    length: int
    unit: str = ""
    kind: str = "hits"

    def read(self, text: str) -> str:
        pieces = cut(bounded(text))
        whole = all(piece.casefold() in _LETTERS for piece in pieces)
        letters = [_LETTERS.get(piece.casefold()) for piece in (pieces if whole else "".join(pieces))]
        if None in letters:
            raise Unreadable(f"expected H and M only, one for each reference, got {quoted(text)}")
        if len(letters) != self.length:
            raise Unreadable(f"expected {self.length} letters, one for each reference; got {len(letters)}")
        return "".join(letter for letter in letters if letter)

    def write(self, value: str) -> str:
        return value

    def same(self, right: str, given: str) -> bool:
        return right == given

    @property
    def example(self) -> str:
        return ("MMHM" * (self.length // 4 + 1))[: self.length]

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, right: str, given: str) -> tuple[int, str] | None:
        said: dict[Any, str] = {"H": "a hit", "M": "a miss"}
        for index, (one, other) in enumerate(zip(right, given, strict=True)):
            if one != other:
                return index, f"reference {index + 1} is {said[one]}, not {said[other]}"
        return None
