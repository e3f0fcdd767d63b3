"""How are several choices in one question answered? One number a part, in their order: `2 1 3 1`, or `A2 B1 C3 D1`."""

import re
from collections.abc import Mapping
from string import ascii_uppercase
from typing import NamedTuple

from trainer.model import Unreadable
from trainer.quiz.answers.tokens import bounded, count_of, cut, named, quoted

_LABELLED = r"([A-Za-z])=?(\d{1,2})"


class PartsAnswer(NamedTuple):
    """The number of one option for each part; parts are called A, B, C, …."""

    sizes: tuple[int, ...]  # options of each part
    unit: str = ""
    kind: str = "parts"

    @property
    def labels(self) -> str:
        return ascii_uppercase[: len(self.sizes)]

    def read(self, text: str) -> Mapping[str, int]:
        pieces = cut(named(bounded(text).replace(".", " ")))
        labelled = [re.fullmatch(_LABELLED, piece, re.ASCII) for piece in pieces]
        if all(labelled) and pieces:
            return self.whole([(match[1].upper(), match[2]) for match in labelled if match])
        if len(pieces) != len(self.sizes):
            raise Unreadable(f"expected {count_of(len(self.sizes), 'number')}, one a part; got {len(pieces)}")
        return self.whole(list(zip(self.labels, pieces, strict=True)))

    def whole(self, given: list[tuple[str, str]]) -> Mapping[str, int]:
        """The choice for each part. Raises Unreadable for a part or an option that is not there."""
        chosen: dict[str, int] = {}
        for label, text in given:
            if label not in self.labels or label in chosen:
                raise Unreadable(f"expected each of the parts {' '.join(self.labels)} once, got {quoted(label)}")
            most = self.sizes[self.labels.index(label)]
            if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= most):
                raise Unreadable(f"part {label} has the options 1 to {most}, got {quoted(text)}")
            chosen[label] = int(text)
        if len(chosen) != len(self.labels):
            raise Unreadable(f"expected {count_of(len(self.sizes), 'number')}, one a part; got {len(chosen)}")
        return {label: chosen[label] for label in self.labels}

    def write(self, value: Mapping[str, int]) -> str:
        if set(value) == set(self.labels):
            return " ".join(str(value[label]) for label in self.labels)
        return " ".join(f"{label}{number}" for label, number in value.items())

    def same(self, right: Mapping[str, int], given: Mapping[str, int]) -> bool:
        """Whether `given` agrees with every part that `right` speaks of: a mistake speaks of one part only."""
        return all(given.get(label) == number for label, number in right.items())

    @property
    def example(self) -> str:
        return " ".join(str(1 + n % 3) for n in range(len(self.sizes)))

    @property
    def words(self) -> tuple[str, ...]:
        return ()

    def parts(self, right: Mapping[str, int], given: Mapping[str, int]) -> tuple[int, str] | None:
        for index, label in enumerate(self.labels):
            if right[label] != given[label]:
                return index, f"part {label}: option {right[label]}, not {given[label]}"
        return None
