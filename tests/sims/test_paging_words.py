"""Do the sentences and small figures of pages and frames say what happened? Each case worked by hand."""

import re
from typing import Any

import pytest

from sims.declare import Invalid
from sims.listed import simulator as listed
from tests.sims import drawn
from tests.sims.worded import steps, told, traced

# What decides who leaves, at the last reference; two frames.
REASONS = [
    ("fifo", [1, 2, 3], "page 1 leaves frame 0, loaded longest ago, at reference 1."),
    ("lru", [1, 2, 1, 3], "page 2 leaves frame 1, last used longest ago, at reference 2."),
    ("mru", [1, 2, 1, 3], "page 1 leaves frame 0, used last, at reference 3."),
    ("opt", [1, 2, 3], "page 1 leaves frame 0, never used again; so are others, and it is in the lowest frame."),
    ("lfu", [1, 1, 2, 3], "page 2 leaves frame 1, used least often, 1 time."),
    ("lfu", [1, 1, 2, 2, 3], "page 1 leaves frame 0, used least often, 2 times."),
    ("nru", [1, 2, "1w", 3], "page 2 leaves frame 1, in the lowest class, R 1 M 0."),
    (
        "clock",
        [1, 2, 1, 3],
        "page 1 leaves frame 0, where the hand finds a clear bit, having cleared those of frames 0 1.",
    ),
]


@pytest.mark.parametrize("simulator", ["paging"])
@pytest.mark.parametrize(("policy", "references", "says"), REASONS)
def test_a_victim_is_told_with_what_decides(simulator: str, policy: str, references: list[Any], says: str) -> None:
    last = told(simulator, traced(simulator, policy=policy, frames=2, references=references))[-1]
    assert last == f"Reference {len(references)}, page 3: a fault; {says}"


@pytest.mark.parametrize("simulator", ["paging"])
def test_opt_tells_when_its_victim_is_used_again(simulator: str) -> None:
    says = told(simulator, traced(simulator, policy="opt", frames=2, references=[1, 2, 3, 2, 1]))
    assert (
        says[2] == "Reference 3, page 3: a fault; page 1 leaves frame 0, used furthest in the future, at reference 5."
    )
    assert says[3] == "Reference 4, page 2: a hit in frame 1."
    assert says[0] == "Reference 1, page 1: a fault; frame 0 is free and takes it."


@pytest.mark.parametrize("simulator", ["paging"])
@pytest.mark.parametrize(
    ("bit", "states"),
    [
        # at the fourth reference the hand clears frames 0 and 1 and comes back to 0
        ("set", [(1, (True, False)), (0, (True, True)), (0, (True, True)), (1, (True, False))]),
        # only the hit has set a bit: the hand clears frame 0 and takes frame 1
        ("clear", [(1, (False, False)), (0, (False, False)), (0, (True, False)), (0, (False, False))]),
    ],
)
def test_the_hand_and_the_bits_of_clock_after_each_reference(simulator: str, bit: str, states: list[Any]) -> None:
    from sims.paging.run import hands

    for policy in ("clock", "second-chance"):
        trace = traced(simulator, policy=policy, frames=2, references=[1, 2, 1, 3], load_bit=bit)
        assert list(hands(trace)) == states


@pytest.mark.parametrize("simulator", ["paging"])
def test_under_the_mistake_the_hand_stays_at_the_frame_it_filled(simulator: str) -> None:
    from sims.paging.run import hands

    scenario = listed(simulator).scenario({"policy": "clock", "frames": 2, "references": [1, 2, 3]})
    rule = listed(simulator).mistake("hand-stays").rule
    assert rule is not None
    assert [hand for hand, _ in hands(listed(simulator).run(rule(scenario)))][:2] == [0, 1]
    assert [hand for hand, _ in hands(listed(simulator).run(scenario))][:2] == [1, 0]


@pytest.mark.law
@pytest.mark.parametrize("simulator", ["paging"])
def test_a_step_is_about_the_reference_that_it_tells(simulator: str) -> None:
    for trace, measure, given, _ in drawn.answers(simulator, 20):
        if measure.name in ("resident-at", "victim-at", "hit-string", "victims", "frames-after"):
            for step in measure.steps(trace, **given):
                if step.event is not None and step.says.startswith("Reference"):
                    assert type(step.event) is int
                    assert step.says.startswith(f"Reference {step.event + 1}, page") or "write" in step.says


@pytest.mark.parametrize("simulator", ["paging"])
def test_a_page_number_has_a_limit(simulator: str) -> None:

    def pages(page: Any) -> Any:
        return listed(simulator).scenario({"policy": "fifo", "frames": 1, "references": [page]}).references[0].page

    assert [pages(0), pages(999_999), pages("999999"), pages("0w")] == [0, 999_999, 999_999, 0]
    for beyond in (-1, 1_000_000, "1000000", "7x", True):
        with pytest.raises(Invalid):
            pages(beyond)


@pytest.mark.law
@pytest.mark.parametrize("simulator", ["paging"])
def test_a_victim_is_told_with_the_reference_that_decides(simulator: str) -> None:
    """FIFO: the one that loaded it; LRU and MRU: the last to its page; OPT: the next to its page."""
    pattern = re.compile(r"page (\d+) leaves .*, at reference (\d+)\.$")
    seen = 0
    for policy in ("fifo", "lru", "mru", "opt"):
        for start in range(6):
            pages = [(start + n * n + n // 3) % 5 for n in range(24)]
            trace = traced(simulator, policy=policy, frames=3, references=pages)
            loaded = {}
            for index, (event, says) in enumerate(zip(trace.events, told(simulator, trace), strict=True)):
                if event.victim is not None and (found := pattern.search(says)):
                    victim, number = int(found[1]), int(found[2])
                    uses = [n + 1 for n, page in enumerate(pages) if page == victim]
                    last, following = max(n for n in uses if n <= index), [n for n in uses if n > index + 1]
                    right = {"fifo": loaded[victim], "opt": following[0] if following else None}.get(policy, last)
                    assert (victim, number) == (event.victim, right), (policy, pages, says)
                    seen += 1
                if not event.hit:
                    loaded[event.page] = index + 1
    assert seen > 100


@pytest.mark.parametrize("simulator", ["paging"])
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"policy": "second-chance", "references": [1, 2, 1, 3]},
         ("page 1 leaves frame 0, at the head of the queue with its bit clear, those of frames 0 1 cleared and sent to "
         "the tail before.")),
        ({"policy": "second-chance", "references": [1, 2, 3], "load_bit": "clear"},
         "page 1 leaves frame 0, at the head of the queue with its bit clear."),
        ({"policy": "clock", "references": [1, 2, 1, 3], "load_bit": "clear"},
         "page 2 leaves frame 1, where the hand finds a clear bit, having cleared that of frame 0."),
        ({"policy": "nru", "references": [1, 2, 3], "reset_every": 1}, "page 1 leaves frame 0, in the lowest class, R 0 M 0."),
        ({"policy": "nru", "references": ["1w", "2w", 3], "reset_every": 1},
         "page 1 leaves frame 0, in the lowest class, R 0 M 1."),
        ({"policy": "nru", "references": ["1w", "2w", 3]}, "page 1 leaves frame 0, in the lowest class, R 1 M 1."),
    ],
)  # fmt: skip
def test_a_victim_is_told_with_its_bits(simulator: str, fields: dict[str, Any], says: str) -> None:
    last = told(simulator, traced(simulator, frames=2, **fields))[-1]
    assert last.replace(" and is written back", "").endswith(f"a fault; {says}")


@pytest.mark.parametrize("simulator", ["paging"])
def test_where_two_policies_part_is_told_by_both_victims(simulator: str) -> None:
    trace = traced(simulator, policy="lru", frames=2, references=[1, 2, 3, 2, 4])
    assert steps(simulator, "parting", trace) == [
        "Reference 3, page 3: a fault; page 1 leaves frame 0, last used longest ago, at reference 1. FIFO takes the same.",
        (
            "Reference 5, page 4: a fault; page 3 leaves frame 0, last used longest ago, at reference 3. "
            "FIFO would take page 2: here LRU and it part."
        ),
    ]


@pytest.mark.parametrize("simulator", ["paging"])
def test_a_curve_is_told_frame_by_frame(simulator: str) -> None:
    trace = traced(simulator, policy="fifo", frames=3, references=[1, 2, 1, 3])
    assert steps(simulator, "faults-by-frames", trace, **{"from": 1, "to": 3}) == [
        "With 1 frame: 4 faults.", "With 2 frames: 3 faults.", "With 3 frames: 3 faults.",
    ]  # fmt: skip


@pytest.mark.parametrize("simulator", ["paging"])
def test_an_empty_frame_is_another_rule_than_a_victim(simulator: str) -> None:
    from sims.paging.measures import COLD, RULE, rule_at

    trace = traced(simulator, policy="fifo", frames=2, references=[1, 2, 2, 3])
    rules = [rule_at(trace, index) for index in range(4)]
    assert (rules[0], rules[1], rules[3]) == (COLD, COLD, RULE["fifo"])
    assert rules[2] == "a page that is resident is a hit"
