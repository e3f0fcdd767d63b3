"""Reviews made for tests: short to write, complete."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from trainer.model import Review
from trainer.practice.days import date_of, study_day

TODAY = 20_780  # 2026-11-23


def instant(day: int, hour: int = 9, minute: int = 0, microsecond: int = 0) -> str:
    """A UTC instant on a study day."""
    return f"{date_of(day).isoformat()}T{hour:02}:{minute:02}:00.{microsecond:06}Z"


def uuid(number: int) -> str:
    return str(UUID(int=number))


def review(number: int = 1, skill: str = "rr.waiting", day: int = TODAY, **fields: Any) -> Review:
    """A right answer on that day, unless told otherwise."""
    at = fields.pop("at", instant(day, minute=number % 60, microsecond=number % 1_000_000))
    made: dict[str, Any] = {
        "id": uuid(number), "skill": skill, "revision": 1, "level": 1, "seed": number % 1000, "topic": "scheduling",
        "concept": "round-robin", "kind": "simulated", "scenario": '{"policy":"rr","quantum":2}',
        "text": "How long does each process wait?", "answer": "7 5 5", "response": "7 5 5", "outcome": "right",
        "mistakes": (), "conventions": (), "diverges_at": "", "hints": 0, "grade": 3, "at": at, "offset": 0,
        "day": study_day(at, 0), "taken_ms": 20_000, "counts": True,
    }  # fmt: skip
    if fields.get("outcome") in ("wrong", "gave-up"):
        made["grade"] = 1
    return Review(**{**made, **fields})


@st.composite
def histories(draw: st.DrawFn, most: int = 40) -> list[Review]:
    """Answers of a few skills over some weeks, the clock now and then put back: [rr 20781 right, sjf 20780 wrong, …]."""
    made, day = [], TODAY
    for number in range(1, draw(st.integers(1, most)) + 1):
        day = max(0, day + draw(st.sampled_from([0, 0, 0, 1, 1, 2, 5, 30, -3])))
        grade = draw(st.integers(1, 4))
        made.append(
            review(
                number,
                draw(st.sampled_from(["rr", "sjf", "lru"])),
                day,
                grade=grade,
                outcome="wrong" if grade == 1 else "right",
                level=draw(st.sampled_from([1, 1, 2])),
                taken_ms=draw(st.integers(500, 90_000)),
                hints=1 if grade == 2 else 0,
            )
        )
    return made
