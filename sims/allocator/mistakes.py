"""How do people lose their way in a heap?"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from sims.allocator.heap import Scenario, Trace, heap_after
from sims.allocator.measures import double_free, failed, use_after_free
from sims.declare import Mistake, NoAnswer


def _under(misrule: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: replace(scenario, misrule=misrule)


def _fit(fit: str) -> Callable[[Scenario], Scenario]:
    def other(scenario: Scenario) -> Scenario:
        return scenario if scenario.fit == "buddy" else replace(scenario, fit=fit)

    return other


def _unaligned(scenario: Scenario) -> Scenario:
    return replace(scenario, align=1)


def _headless(scenario: Scenario) -> Scenario:
    return replace(scenario, header=0)


def _apart(scenario: Scenario) -> Scenario:
    return replace(scenario, coalesce=False)


def _of_the_heap(trace: Trace) -> Fraction:
    """1 − largest free/size of the heap."""
    return 1 - Fraction(max(heap_after(trace).free.values(), default=0), trace.scenario.size)


def _share_used(trace: Trace) -> Fraction:
    """Bytes in use over the size of the heap."""
    return 1 - Fraction(sum(heap_after(trace).free.values()), trace.scenario.size)


def _total_free(trace: Trace) -> int:
    return sum(heap_after(trace).free.values())


def _enough_in_all(trace: Trace) -> frozenset[int]:
    """The failures that remain if a request fails only when all free bytes together are too few."""
    return frozenset(n for n in failed(trace) if _too_few(trace, n))


def _too_few(trace: Trace, n: int) -> bool:
    return trace.scenario.operations[n - 1].bytes > sum(heap_after(trace, n - 1).free.values())


def _valid_again(trace: Trace) -> frozenset[int]:
    """The uses after a free whose address has not been given out again in between."""
    return frozenset(n for n in use_after_free(trace) if not _given_out_again(trace, n))


def _given_out_again(trace: Trace, n: int) -> bool:
    name = trace.events[n - 1].operation.name
    freed = next(event for event in trace.events[n - 2 :: -1] if event.operation.name == name and event.start >= 0)
    return freed.start in heap_after(trace, n - 1).live


def _any_wrong(trace: Trace) -> frozenset[int]:
    return use_after_free(trace) | double_free(trace)


def _without_headers(trace: Trace) -> int:
    if not trace.scenario.header:
        raise NoAnswer("there are no headers")
    live = heap_after(trace).live.values()
    return sum(block.size - block.request - trace.scenario.header for block in live)


def _whole_blocks(trace: Trace) -> int:
    return sum(block.size for block in heap_after(trace).live.values())


MISTAKES = (
    Mistake(
        id="header-forgotten",
        clause="the header in front of each payload is forgotten",
        says="The allocator keeps the size of a block in front of it. The header takes room in every block.",
        rule=_headless,
    ),
    Mistake(
        id="alignment-forgotten",
        clause="requests are not rounded up to the alignment",
        says="Every payload has to start at a multiple of align, so every request is rounded up to one.",
        rule=_unaligned,
    ),
    Mistake(
        id="block-address-for-payload",
        clause="the address of the header is given instead of that of the payload",
        says="malloc returns the address behind the header.",
        rule=_under("block-address"),
        asked=("address",),
    ),
    Mistake(
        id="no-coalescing",
        clause="freed neighbours stay two blocks",
        says="A freed block is joined with the free blocks beside it. Otherwise large requests soon fail.",
        rule=_apart,
    ),
    Mistake(
        id="merges-right-only",
        clause="a freed block is joined with its right neighbour only",
        says="The block to the left may be free too: boundary tags let free look both ways.",
        rule=_under("merges-right-only"),
    ),
    Mistake(
        id="any-neighbour-merges",
        clause="under buddy any free neighbour of equal size is joined",
        says="Only buddies join: the two halves of one larger block, whose starts differ in one bit.",
        rule=_under("any-neighbour-merges"),
    ),
    Mistake(
        id="no-split",
        clause="a request takes the whole hole that it is put in",
        says="What the request does not need is split off and stays free.",
        rule=_under("no-split"),
    ),
    Mistake(
        id="realloc-always-moves",
        clause="realloc always moves the block",
        says="A block grows in place when the free block to its right is large enough.",
        rule=_under("realloc-moves"),
    ),
    Mistake(
        id="first-fit-instead",
        clause="the first block that is large enough is taken",
        says="That is first fit.",
        rule=_fit("first"),
    ),
    Mistake(
        id="best-fit-instead",
        clause="the smallest block that is large enough is taken",
        says="That is best fit.",
        rule=_fit("best"),
    ),
    Mistake(
        id="worst-fit-instead",
        clause="the largest block is taken",
        says="That is worst fit.",
        rule=_fit("worst"),
    ),
    Mistake(
        id="compared-with-the-heap",
        clause="the largest free block is compared with the whole heap",
        says="Fragmentation asks how the free memory is cut up: divide by what is free.",
        measures={"fragmentation": _of_the_heap},
    ),
    Mistake(
        id="use-for-fragmentation",
        clause="the share of the heap that is in use is taken",
        says="A full heap need not be fragmented. Fragmentation asks how the free memory is cut up.",
        measures={"fragmentation": _share_used},
    ),
    Mistake(
        id="total-for-largest",
        clause="all free bytes are added up",
        says="A request needs one block. Free bytes in several places do not serve it.",
        measures={"largest-free": _total_free, "failed": _enough_in_all},
    ),
    Mistake(
        id="address-reused-is-fine",
        clause="a freed address counts as valid once it has been given out again",
        says="The memory has a new owner then. A use through the old variable damages what is not its own.",
        measures={"use-after-free": _valid_again},
    ),
    Mistake(
        id="double-frees-too",
        clause="second frees are counted too",
        says="A second free is wrong as well, but it is a double free, not a use.",
        measures={"use-after-free": _any_wrong},
    ),
    Mistake(
        id="headers-not-waste",
        clause="headers are not counted as waste",
        says="The question counts everything in a block that nobody asked for, the header too.",
        measures={"internal-waste": _without_headers},
    ),
    Mistake(
        id="blocks-for-requests",
        clause="whole blocks are counted instead of the bytes asked for",
        says="The question counts the bytes that the program asked for.",
        measures={"leaked": _whole_blocks},
    ),
)
