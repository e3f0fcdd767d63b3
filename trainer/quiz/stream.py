"""Where does chance come from? From the question's own name.

A stream is blake2b in counter mode over (skill id, revision, level, seed, try, path), path being the field that is
drawn, such as `processes.2.burst`. Adding a field moves no other field; every Python draws the same.

    pick = picker(QuestionName("round-robin.waiting", 1, 1, 7), attempt=0)
    pick("quantum", 2, 4)  ->  3
"""

from _blake2 import blake2b  # hashlib's own; hashlib would load OpenSSL on the way to the first question
from collections.abc import Callable

from trainer.model import QuestionName

Pick = Callable[[str, int, int], int]
WORD = 1 << 64


def picker(name: QuestionName, attempt: int = 0) -> Pick:
    """pick(path, low, high): a whole number, both ends included, each equally likely. Asked again for the same
    path, the stream of that path goes on."""
    key = f"{name.skill}\0{name.revision}\0{name.level}\0{name.seed}\0{attempt}\0".encode()
    base = blake2b(key, digest_size=8)
    used: dict[str, int] = {}

    def pick(path: str, low: int, high: int) -> int:
        size = high - low + 1
        if size < 1:
            msg = f"nothing to draw from {low} to {high} for {path}"
            raise ValueError(msg)
        fair = WORD - WORD % size  # above it, the last draws would come up too often
        while True:
            count = used.get(path, 0)
            used[path] = count + 1
            block = base.copy()
            block.update(f"{path}\0{count}".encode())
            number = int.from_bytes(block.digest(), "big")
            if number < fair:
                return low + number % size

    return pick


def shuffled(count: int, pick: Pick, path: str) -> list[int]:
    """0 to count − 1 in a drawn order (Fisher and Yates)."""
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = pick(path, 0, last)
        order[last], order[other] = order[other], order[last]
    return order
