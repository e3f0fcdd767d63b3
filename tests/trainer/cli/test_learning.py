"""learn and map, as a learner calls them."""

from tests.trainer.cli.conftest import Osdrill


def test_learn_shows_the_note_its_drawn_example_and_asks(osdrill: Osdrill) -> None:
    result = osdrill("learn", "round-robin")
    assert result.code == 0
    for part in ("Round robin", "Often believed.", "For example:", "Question:"):
        assert part in result.out
    assert "**" not in result.out


def test_learn_without_a_concept_takes_one_without_open_prerequisites(osdrill: Osdrill) -> None:
    first = osdrill("learn", "--json").json
    by_id = {concept["id"]: concept for concept in osdrill("concepts", "--json").json}
    assert by_id[first["id"]]["requires"] == []
    assert first["skills"]


def test_learn_helps_with_a_typo(osdrill: Osdrill) -> None:
    result = osdrill("learn", "round-robbin")
    assert result.code == 2
    assert "Did you mean 'round-robin'?" in result.err


def test_map_marks_what_is_held(osdrill: Osdrill) -> None:
    states = {one["id"]: one["state"] for one in osdrill("map", "storage", "--json").json}
    assert set(states.values()) == {"new"}
    name = osdrill("ask", "disk.order", "--seed", "1", "--json").json["name"]
    answer = osdrill("show", name, "--json").json["answer"]
    osdrill("grade", name, answer, "--record", "--took-ms", "1000")
    states = {one["id"]: one["state"] for one in osdrill("map", "storage", "--json").json}
    assert states["disk-scheduling"] == "held"
    assert "● disk-scheduling" in osdrill("map", "storage").out


def test_a_long_example_is_cut_where_it_is_told_in_sentences(osdrill: Osdrill) -> None:
    told = osdrill("learn", "thrashing").out.split("For example:")[1]
    assert told.count("\nAt ") < 60
    assert "more events." in told


def test_a_quiz_takes_topics_and_concepts_and_helps_with_a_typo(osdrill: Osdrill) -> None:
    asked = osdrill("quiz", "round-robin", "--kind", "simulated")
    assert asked.code == 0
    assert "Skill round-robin." in asked.out.replace("\n", " ")
    refused = osdrill("quiz", "round-robbin")
    assert refused.code == 2
    assert "Did you mean 'round-robin'?" in refused.err
