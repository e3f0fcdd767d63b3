"""The grammar of ranges: what is read, what is refused, and where."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.fields import Invalid, Whole, Word, custom, flag, many, maybe, name, ratio, record, whole, word
from sims.listed import MODULES, simulator
from trainer.bank.ranges import (
    Explicit,
    Fixed,
    Listed,
    Nested,
    OneOf,
    Ranged,
    Span,
    ends,
    merged,
    parse,
    parse_ask,
    size,
    values,
)
from trainer.bank.spans import holds


@record
class Process:
    name: str = name()
    arrival: int = whole(0, 100, help="tick of arrival", default=0)
    bursts: tuple[int, ...] = many(Whole(1, 50), low=1, high=9, help="CPU and I/O")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        if "burst" in raw:
            raw["bursts"] = [raw.pop("burst")]
        return raw


class _Line:
    """A line of a program, as some simulators take it."""

    def take(self, raw: Any) -> str:
        return str(raw)

    def plain(self, value: str) -> str:
        return value

    def describe(self) -> str:
        return "a line"


@record
class Scenario:
    policy: str = word("fcfs", "rr", help="policy", default="rr")
    quantum: int | None = maybe(Whole(1, 64), help="quantum")
    rate: Fraction = ratio(0, 1, help="rate", default=1)
    warm: bool = flag(help="warm")
    references: tuple[int, ...] = many(Whole(0, 9), low=0, high=20, help="pages", default=())
    words: tuple[str, ...] = many(Word(("a", "b")), low=0, high=3, help="words", default=())
    rows: tuple[Any, ...] = many(_Line(), low=0, high=5, help="lines", default=())
    processes: tuple[Process, ...] = many(Process, low=0, high=5, named="P", help="processes", default=())
    program: str = custom(_Line(), help="program", default="")


def read(**scenario):
    """The ranges by field."""
    return parse(scenario, Scenario).fields


def faults(**scenario):
    """What is refused, as `path: message`."""
    with pytest.raises(Invalid) as caught:
        parse(scenario, Scenario)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.rule
@pytest.mark.parametrize(
    ("field", "text", "range_"),
    [
        ("quantum", "5", Fixed(5)),
        ("quantum", "0x10", Fixed(16)),
        ("quantum", "2..9", Span(2, 9)),
        ("quantum", "2 .. 9", Span(2, 9)),
        ("quantum", "2..10 step 2", Span(2, 10, 2)),
        ("quantum", "3 | 5 | 8", OneOf((Fixed(3), Fixed(5), Fixed(8)))),
        ("quantum", "3|5", OneOf((Fixed(3), Fixed(5)))),
        ("quantum", "1..2 | none", OneOf((Span(1, 2), Fixed(None)))),
        ("quantum", "none", Fixed(None)),
        ("policy", "fcfs | rr", OneOf((Fixed("fcfs"), Fixed("rr")))),
        ("rate", "0.25", Fixed(Fraction(1, 4))),
        ("rate", "0..1 step 1/4", Span(Fraction(0), Fraction(1), Fraction(1, 4))),
        ("warm", "true", Fixed(value=True)),
        ("warm", "true | false", OneOf((Fixed(value=True), Fixed(value=False)))),
        ("program", "fork || exit", Fixed("fork || exit")),
        ("program", "fork | exit", OneOf((Fixed("fork"), Fixed("exit")))),
        ("program", "7", Fixed(7)),
        ("program", "07", Fixed("07")),
    ],
)
def test_a_text_is_read_as_a_range(field, text, range_):
    assert read(**{field: text}) == {field: range_}


@pytest.mark.rule
def test_lists_are_drawn_or_written_out():
    assert read(references={"count": "8..12", "each": "0..5 unlike-last"}) == {
        "references": Listed(Span(8, 12), Ranged(Span(0, 5), unlike_last=True))
    }
    assert read(references=["1", "0..3", "2 | 3"]) == {
        "references": Explicit((Fixed(1), Span(0, 3), OneOf((Fixed(2), Fixed(3)))))
    }
    drawn = {"count": "3", "arrival": "0..9 distinct sorted first 0", "burst": "2..9"}
    assert read(processes=drawn)["processes"] == Listed(
        Fixed(3),
        {"arrival": Ranged(Span(0, 9), distinct=True, sorted=True, first=0), "burst": Ranged(Span(2, 9))},
        named="P",
    )
    assert read(processes=[{"burst": "3..4"}])["processes"] == Explicit((Nested({"burst": Span(3, 4)}),))
    nested = {"count": "2", "bursts": {"count": "3", "each": "1..5"}}
    assert read(processes=nested)["processes"] == Listed(
        Fixed(2), {"bursts": Ranged(Listed(Fixed(3), Ranged(Span(1, 5))))}, named="P"
    )
    assert read(processes={"count": "1", "name": "A | B", "burst": "1"})["processes"].named == ""


@pytest.mark.rule
def test_the_plain_form_of_json_is_read_too():
    assert read(quantum=3, warm=True, references=[1, 2]) == {
        "quantum": Fixed(3),
        "warm": Fixed(value=True),
        "references": Explicit((Fixed(1), Fixed(2))),
    }


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ({"polcy": "rr"}, "polcy: unknown field; expected one of policy"),
        ({"polcy": "rr"}, "Did you mean 'policy'?"),
        ({"policy": "frr"}, "policy: expected one of fcfs rr, got 'frr'. Did you mean 'rr'?"),
        ({"quantum": "0"}, "quantum: must be 1 to 64, got 0"),
        ({"quantum": "0..3"}, "quantum: must be 1 to 64, got 0"),
        ({"quantum": "3..99"}, "quantum: must be 1 to 64, got 99"),
        ({"quantum": "9..3"}, "quantum: is empty: '9..3'"),
        ({"quantum": "1..9 step 0"}, "quantum: is empty: '1..9 step 0'"),
        ({"quantum": "1..x"}, "quantum: is not a range: '1..x'"),
        ({"quantum": "1.5..2"}, "quantum: must be whole numbers: '1.5..2'"),
        ({"quantum": "1 |"}, "quantum: nothing stands on one side of |"),
        ({"quantum": "x"}, "quantum: must be a whole number from 1 to 64, got 'x'"),
        ({"quantum": "1..3 distinct"}, "quantum: distinct, sorted, first and unlike-last belong to a list"),
        ({"quantum": ["1"]}, "quantum: must be 1 to 64, or a range of it; got a list"),
        ({"quantum": {"a": "1"}}, "quantum: must be 1 to 64, or a range of it; got a mapping"),
        ({"rate": "0..1"}, "rate: needs a step, since the field holds exact numbers: 0..1 step 1/4"),
        ({"rate": "2"}, "rate: must be 0 to 1, got 2"),
        ({"warm": "yes"}, "warm: must be true or false, got 'yes'"),
        ({"references": {"each": "0..3"}}, "references: a drawn list needs count"),
        ({"references": {"count": "3"}}, "references: say what each item is"),
        ({"references": {"count": "3", "each": "1", "x": "2"}}, "references.x: a list of plain values is"),
        ({"references": {"count": "3..99", "each": "1"}}, "references.count: must be 0 to 20, got 99"),
        ({"references": {"count": "3", "each": "0..99"}}, "references.each: must be 0 to 9, got 99"),
        ({"references": {"count": "3", "arrival": "0..9"}}, "references: the items are plain values"),
        ({"references": ["1", "x"]}, "references.1: must be a whole number from 0 to 9, got 'x'"),
        ({"references": ["1"] * 21}, "references: must hold 0 to 20 items, got 21"),
        ({"references": "3"}, "references: must be a list, got 3"),
        (
            {"references": {"count": "5", "each": "0..3 distinct"}},
            "references.each: '0..3 distinct' has 4 different values",
        ),
        ({"references": {"count": "3", "each": "0..9 sorted sorted"}}, "references.each: says sorted twice"),
        ({"processes": {"count": "3", "each": "1"}}, "processes.each: the items are records"),
        ({"processes": {"count": "3", "arrival": "1"}}, "processes: bursts is missing"),
        ({"processes": {"count": "3", "burts": "1"}}, "processes.burts: unknown field"),
        (
            {"processes": {"count": "3", "burst": "1", "arrival": "0..200"}},
            "processes.arrival: must be 0 to 100, got 200",
        ),
        ({"processes": [{"burst": "1"}, "3"]}, "processes.1: must be a mapping of fields, got '3'"),
        ({"processes": [{"arrival": "1"}]}, "processes.0: bursts is missing"),
    ],
)
def test_what_does_not_fit_is_told_with_its_path(scenario, told):
    found = faults(**scenario)
    assert len(found) == 1, found
    assert told in found[0]


def test_all_faults_are_told_at_once():
    assert len(faults(policy="x", quantum="0", references={"count": "1", "each": "11"})) == 3


@pytest.mark.rule
def test_a_level_is_merged_map_by_map_and_a_list_or_scalar_replaces():
    base = {"a": "1", "b": {"count": "3", "each": "0..3"}, "c": ["1", "2"]}
    assert merged(base, {"a": "2", "b": {"count": "5"}, "c": ["9"], "d": "new"}) == {
        "a": "2", "b": {"count": "5", "each": "0..3"}, "c": ["9"], "d": "new",
    }  # fmt: skip
    assert base["b"]["count"] == "3"


@pytest.mark.rule
def test_a_measure_is_asked_with_ranges_for_its_arguments():
    assert parse_ask("waiting").measure == "waiting"
    assert parse_ask("running-at t=3..9").arguments == {"t": Span(3, 9)}
    asked = parse_ask("share name=P1 | P2 from=0 to=4..9")
    assert asked.arguments == {"name": OneOf((Fixed("P1"), Fixed("P2"))), "from": Fixed(0), "to": Span(4, 9)}
    for text in ("", "two words", "at t=1 t=2", "at t=9..3"):
        with pytest.raises(Invalid):
            parse_ask(text)


@pytest.mark.law
@given(st.integers(-50, 50), st.integers(0, 30), st.integers(1, 9))
def test_a_span_holds_what_it_counts(low, length, step):
    span = Span(low, low + length, step)
    assert list(values(span)) == list(range(low, low + length + 1, step))
    assert size(span) == len(list(values(span)))
    assert set(ends(span)) == {min(values(span)), max(values(span))}
    assert [holds(span, n) for n in range(low - 1, low + length + 2)] == [
        n in set(values(span)) for n in range(low - 1, low + length + 2)
    ]


ODD = st.recursive(
    st.text(alphabet="0123. |step<distincf-", max_size=12) | st.integers() | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["count", "each", "arrival", "burst", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.law
@given(st.dictionaries(st.sampled_from(["policy", "quantum", "rate", "references", "processes", "rows", "x"]), ODD))
def test_any_scenario_is_read_or_refused(scenario):
    """Scenarios such as {"quantum": "1.. |", "processes": {"count": ["3"]}}."""
    try:
        parse(scenario, Scenario)
    except Invalid as invalid:
        told = invalid.faults
        assert told


@pytest.mark.parametrize("simulator_name", MODULES)
def test_every_example_of_a_simulator_is_a_scenario_of_fixed_ranges(simulator_name):
    declared = simulator(simulator_name)
    for example in declared.examples:
        parse(example.scenario, declared.kind_of(example.scenario))
