"""Is a trace told in sentences as far as anybody reads them?"""

from sims.listed import simulator
from trainer.view.drawing import Frame, text_of
from trainer.view.listed import MOST, sentences


def test_of_a_long_trace_the_first_events_are_told_and_the_rest_is_counted() -> None:
    declared = simulator("paging")
    trace = declared.run(declared.scenario({"policy": "fifo", "frames": 2, "references": [0] * (MOST + 5)}))
    told = text_of(sentences("paging", trace, Frame(80, plain=True))).splitlines()
    assert told[MOST - 1 :] == [f"Reference {MOST}, page 0: a hit in frame 0.", "And 5 more events."]
    assert len(text_of(sentences("paging", trace, Frame(80, plain=True), MOST + 5)).splitlines()) == MOST + 5
