"""Does the page leave that the textbook says, and that a plainer memory says?"""

import json
from pathlib import Path

import pytest

from sims.declare import Invalid, Limit, NoAnswer
from sims.fields import Text, plain
from sims.paging import SIMULATOR, run
from sims.paging.measures import frames_after, victims
from tests.sims.paging_cases import BELADY, STRING, WORKED, asked, mistaken, paging

# ── textbook ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.textbook("silberschatz-10 10.4, ostep 22, tanenbaum-4 3, belady-1969")
@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_worked_examples_give_the_published_faults_and_frames(path: Path) -> None:
    example = json.loads(path.read_text())
    trace = run(SIMULATOR.scenario(example["scenario"]))
    for name, expected in example["measures"].items():
        assert plain(asked(trace, name)) == expected, name
    if "frames-at-faults" in example:
        rows = zip(frames_after(trace), trace.events, strict=True)
        assert [list(row) for row, access in rows if not access.hit] == example["frames-at-faults"]


@pytest.mark.textbook("tanenbaum-4 3.4.7, figure 3-17")
def test_aging_gives_the_published_counters() -> None:
    """The figure's R bits of pages 0 to 5 in five intervals, after one in which all six are loaded.

    Every interval has six references. The interval of loading adds one set bit, shifted right five times by the end;
    so the smallest counter is that of page 3, 00100000 as published, with 00000100 added.
    """
    used = ([0, 2, 4, 5], [0, 1, 4], [0, 1, 3, 5], [0, 4], [1, 2])
    intervals = [[0, 1, 2, 3, 4, 5], *((pages * 6)[:6] for pages in used)]
    string = [page for interval in intervals for page in interval]
    trace = paging("aging", 6, *string, 6, reset_every=6)
    assert victims(trace) == (3,)
    choice = trace.choices[-1]
    assert choice is not None
    assert f"{choice.by:08b}" == "00100100"


@pytest.mark.textbook("belady-1969")
def test_fifo_faults_more_often_with_four_frames_than_with_three() -> None:
    assert asked(paging("fifo", 3, *BELADY), "faults-by-frames", **{"from": 1, "to": 5}) == (12, 12, 9, 10, 5)


# ── named rules ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_first_use_of_a_page_is_a_fault_and_takes_the_lowest_free_frame() -> None:
    trace = paging("lru", 3, 5, 6, 5)
    assert [(access.hit, access.frame, access.victim) for access in trace.events] == [
        (False, 0, None),
        (False, 1, None),
        (True, 0, None),
    ]


@pytest.mark.rule
def test_fifo_does_not_move_a_page_on_a_hit() -> None:
    assert victims(paging("fifo", 2, 1, 2, 1, 3)) == (1,)


@pytest.mark.rule
def test_lru_evicts_by_last_use_not_by_load() -> None:
    assert victims(paging("lru", 2, 1, 2, 1, 3)) == (2,)


@pytest.mark.rule
def test_lru_evicts_by_last_use_not_by_first_use() -> None:
    """Evicting the page whose first use is latest gives the published 12 faults too; the victims tell it apart."""
    assert victims(paging("lru", 3, *STRING)) == (7, 1, 2, 3, 0, 4, 0, 3, 2)


@pytest.mark.rule
def test_mru_evicts_the_page_of_the_reference_before() -> None:
    assert victims(paging("mru", 2, 1, 2, 1, 3, 4)) == (1, 3)


@pytest.mark.rule
def test_opt_evicts_a_page_never_used_again_before_one_used_late() -> None:
    assert victims(paging("opt", 2, 1, 2, 3, 3, 3, 1)) == (2,)


@pytest.mark.rule
def test_opt_breaks_a_tie_by_the_lowest_frame_and_says_that_it_was_one() -> None:
    trace = paging("opt", 3, 1, 2, 3, 4, 3)
    assert victims(trace) == (1,)
    assert SIMULATOR.measure("victims").tied(trace)
    assert not SIMULATOR.measure("faults").tied(trace)
    assert not SIMULATOR.measure("victims").tied(paging("opt", 3, *STRING))


@pytest.mark.rule
def test_the_clock_hand_starts_at_frame_0_and_goes_past_each_frame_that_it_fills() -> None:
    """All bits are set when 4 comes: the hand clears them, is back at frame 0 and evicts 1; then it looks at 2."""
    assert victims(paging("clock", 3, 1, 2, 3, 4, 5)) == (1, 2)


@pytest.mark.rule
def test_a_hand_that_stays_would_look_at_the_newest_page_first() -> None:
    trace = paging("clock", 3, 1, 2, 3, 4, 5, load_bit="clear")
    assert victims(trace) == (1, 2)
    assert mistaken("hand-stays", trace, "victims") == (3, 4)


@pytest.mark.rule
def test_loading_sets_the_reference_bit_unless_load_bit_is_clear() -> None:
    """1 is used again, 2 is not. Set: both are cleared and frame 0 leaves. Clear: 1 is passed over, 2 leaves."""
    assert victims(paging("clock", 2, 1, 2, 1, 3)) == (1,)
    assert victims(paging("clock", 2, 1, 2, 1, 3, load_bit="clear")) == (2,)


@pytest.mark.rule
def test_lfu_breaks_a_tie_by_least_recently_used() -> None:
    trace = paging("lfu", 2, 1, 2, 2, 1, 3)
    assert victims(trace) == (2,)
    assert mistaken("lfu-tie-by-load", trace, "victims") == (1,)


@pytest.mark.rule
def test_lfu_forgets_the_count_of_an_evicted_page() -> None:
    """1 was used twice, left, and came back with count 1: it goes before 2, used three times."""
    trace = paging("lfu", 2, 1, 1, 2, 2, 2, 3, 1, 4)
    assert victims(trace) == (1, 3, 1)
    assert mistaken("lfu-count-kept", trace, "victims") == (1, 3, 2)


@pytest.mark.rule
def test_nru_evicts_an_old_dirty_page_before_a_clean_one_just_used() -> None:
    """Before reference 3 all R are cleared; 2 is used again. 1w is in class 01, 2 in class 10."""
    trace = paging("nru", 2, "1w", 2, 2, 3, reset_every=2)
    assert victims(trace) == (1,)
    assert mistaken("modified-before-referenced", trace, "victims") == (2,)


@pytest.mark.rule
def test_nru_takes_the_lowest_frame_of_the_lowest_class() -> None:
    assert victims(paging("nru", 3, 1, 2, 3, 4)) == (1,)


@pytest.mark.rule
def test_nru_forgets_that_a_frame_was_written_when_its_page_leaves() -> None:
    """At the second interrupt 1w is in class 01, and 3, which came clean into the frame of 2w, in class 00."""
    assert victims(paging("nru", 2, "1w", "2w", 1, 3, 4, reset_every=2)) == (2, 3)


@pytest.mark.rule
def test_the_clock_interrupt_comes_before_reference_k_times_reset_every_plus_1() -> None:
    """With reset_every 3 the bits are cleared just before reference 4: 1 is used after it, 2 and 3 are not."""
    assert victims(paging("nru", 3, 1, 2, 3, 1, 4, reset_every=3)) == (2,)
    assert victims(paging("nru", 3, 1, 2, 3, 1, 4, reset_every=4)) == (1,)


@pytest.mark.rule
def test_aging_loads_a_page_with_counter_0_and_its_bit_set() -> None:
    """Reference 3 comes after an interrupt: 1 and 2 have 10000000, so that 3, just loaded, is the next to leave."""
    assert victims(paging("aging", 3, 1, 2, 3, 4, reset_every=2)) == (3,)
    choice = paging("aging", 2, 1, 2, 3, reset_every=2).choices[-1]
    assert choice is not None
    assert choice.by == 0b10000000


@pytest.mark.rule
def test_aging_keeps_eight_bits() -> None:
    """1 was used in the first interval only; eight interrupts later its bit has fallen out of the counter."""
    string = [1, *[2] * 9, 3]
    choice = paging("aging", 2, *string, reset_every=1).choices[-1]
    assert choice is not None
    assert (choice.frame, choice.by) == (0, 0)


@pytest.mark.rule
def test_random_takes_the_draw_mod_frames_one_draw_an_eviction() -> None:
    assert victims(paging("random", 3, 1, 2, 3, 1, 4, 5, draws=[5, 4])) == (3, 2)


@pytest.mark.rule
def test_random_refuses_too_few_draws_and_says_what_is_enough() -> None:
    with pytest.raises(Invalid, match=r"^draws: must hold one draw an eviction: 1 are used up before reference 5; 2 "):
        paging("random", 3, 1, 2, 3, 4, 5, 6, draws=[1])
    assert victims(paging("random", 3, 1, 2, 3, 4, 5, 6, draws=[1, 0, 2])) == (2, 1, 3)


@pytest.mark.rule
def test_only_a_dirty_victim_is_written_back() -> None:
    trace = paging("fifo", 2, "1w", 2, "2w", 3, 1, 4, "4w", draws=[])
    assert [(access.victim, access.dirty) for access in trace.events if access.victim is not None] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert asked(trace, "write-backs") == 2
    assert mistaken("every-write-goes-back", trace, "write-backs") == 3
    assert mistaken("dirty-at-end-counted", trace, "write-backs") == 3


@pytest.mark.rule
def test_references_are_counted_from_1() -> None:
    trace = paging("fifo", 2, 1, 2, 3, 2)
    assert [asked(trace, "victim-at", i=i) for i in (1, 2, 3, 4)] == ["none", "none", 1, "none"]
    assert [sorted(asked(trace, "resident-at", i=i)) for i in (1, 2, 3, 4)] == [[1], [1, 2], [2, 3], [2, 3]]
    for i in (0, 5):
        with pytest.raises(NoAnswer):
            asked(trace, "victim-at", i=i)


@pytest.mark.rule
def test_every_bad_field_is_named() -> None:
    raw = {"policy": "fifi", "frames": 0, "references": [1, "w7", -1, "8w"], "load_bit": 1, "reset_every": 0}
    with pytest.raises(Invalid) as caught:
        SIMULATOR.scenario(raw)
    assert [fault.where for fault in caught.value.faults] == [
        "policy",
        "frames",
        "references.1",
        "references.2",
        "load_bit",
        "reset_every",
    ]
    assert "Did you mean 'fifo'?" in str(caught.value)
    assert "must be a page from 0 to 999999, or a write such as 7w, got 'w7'" in str(caught.value)


@pytest.mark.rule
def test_a_reference_reads_the_same_from_json_and_from_text() -> None:
    raw = {"policy": "fifo", "frames": 2, "references": [7, "0", Text("1"), Text("7w"), "3w"]}
    assert plain(SIMULATOR.scenario(raw))["references"] == [7, 0, 1, "7w", "3w"]


@pytest.mark.rule
def test_work_beyond_the_limit_is_refused_not_guessed() -> None:
    trace = paging("mru", 1000, *range(3000))
    with pytest.raises(Limit):
        frames_after(trace)
    with pytest.raises(Limit):
        asked(trace, "faults-by-frames", **{"from": 1, "to": 1000})


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_each_mistake_of_the_textbook_string_gives_its_own_number() -> None:
    fifo, lru, opt = (paging(policy, 3, *STRING) for policy in ("fifo", "lru", "opt"))
    assert mistaken("fifo-moves-on-hit", fifo, "faults") == 12
    assert mistaken("lru-by-load-time", lru, "faults") == 15
    assert mistaken("opt-looks-back", opt, "victims") == victims(lru)
    assert mistaken("compulsory-not-counted", lru, "faults") == 6
    assert mistaken("replacements-for-faults", lru, "faults") == 9
    assert mistaken("hit-rate-wrong-total", lru, "hit-rate") * 3 == 2
    assert mistaken("other-load-bit", paging("clock", 3, *STRING), "faults") == 11


@pytest.mark.rule
def test_who_believes_that_more_frames_never_hurt_draws_a_curve_that_never_rises() -> None:
    trace = paging("fifo", 3, *BELADY)
    span = {"from": 3, "to": 5}
    assert asked(trace, "faults-by-frames", **span) == (9, 10, 5)
    assert mistaken("more-frames-never-hurt", trace, "faults-by-frames", **span) == (9, 9, 5)
    assert mistaken("compulsory-not-counted", trace, "faults-by-frames", **span) == (4, 5, 0)
    assert mistaken("replacements-for-faults", trace, "faults-by-frames", **span) == (6, 6, 0)


@pytest.mark.rule
def test_the_load_bit_is_stated_only_where_it_matters() -> None:
    states = SIMULATOR.mistake("other-load-bit").states
    assert states is not None
    assert states(paging("clock", 3, 1).scenario) == "Loading a page sets its reference bit."
    assert "clear" in states(paging("second-chance", 3, 1, load_bit="clear").scenario)
    assert states(paging("fifo", 3, 1).scenario) == ""
