"""Does a field take what its declaration says, and does its message name the field, the limit and what was there?"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from sims.declare import (
    Argument,
    Example,
    Invalid,
    Limit,
    Measure,
    Mistake,
    NoAnswer,
    Number,
    Recipe,
    Simulator,
    make,
    mean,
    plain,
    specs,
)
from sims.fields import (
    REQUIRED,
    Fault,
    Flag,
    Many,
    Maybe,
    Name,
    One,
    Ratio,
    Text,
    Whole,
    Word,
    custom,
    flag,
    many,
    maybe,
    misrule,
    name,
    nearest,
    one,
    ratio,
    record,
    shown,
    whole,
    word,
)


@record
class Job:
    """An item with a name."""

    name: str = name()
    burst: int = whole(1, 9, default=2, unit="ticks", help="how long")


@record
class Plan:
    """A record with a field of each kind."""

    kind: str = word("short", "long", help="which")
    jobs: tuple[Job, ...] = many(Job, low=1, high=3, named="J", help="what is done")
    share: Fraction = ratio(0, "1/2", default=Fraction(1, 4), help="how much")
    eager: bool = flag(help="at once")
    spare: int | None = maybe(Whole(0, 3), help="if any")
    best: Job | None = maybe(Job, help="the best of them")
    first: Job = one(Job, default=Job(name="F"), help="the first")
    numbers: tuple[int, ...] = many(Whole(0, 5), high=4, default=(), help="numbers")
    misrule: str = misrule("wrong")

    def faults(self) -> Iterable[Fault]:
        if self.kind == "short" and len(self.jobs) > 2:
            yield Fault("jobs", "must be two for a short plan")


@record
class Walk:
    """Another record, told from Plan by its fields and its kind."""

    kind: str = word("walk", default="walk", help="which")
    steps: int = whole(1, 3, help="how many")

    @staticmethod
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "steps": raw["steps"] // 10} if raw.get("steps", 0) >= 10 else raw


def refused(take: Any, *arguments: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        take(*arguments)
    return [(fault.where, fault.message) for fault in invalid.value.faults]


# ── kinds ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Whole(-3, 300), -3, -3),
        (Whole(-3, 300), 300, 300),
        (Whole(-3, 300), Text("010"), 10),
        (Whole(-3, 300), Text("-2"), -2),
        (Whole(-3, 300), Text("+7"), 7),
        (Whole(-3, 300), "0x1F", 31),
        (Ratio(Fraction(0), Fraction(5)), 3, 3),
        (Ratio(Fraction(0), Fraction(5)), 0.25, Fraction(1, 4)),
        (Ratio(Fraction(0), Fraction(5)), "1/3", Fraction(1, 3)),
        (Ratio(Fraction(0), Fraction(5)), Text("5"), 5),
        (Word(("a", "b")), "b", "b"),
        (Name(), "P1.a_b-c", "P1.a_b-c"),
        (Name(), "A" * 16, "A" * 16),
        (Flag(), True, True),
        (Flag(), False, False),
        (Flag(), Text("true"), True),
        (Flag(), Text("false"), False),
        (Many(Whole(0, 9), 0, 3), [1, 2], (1, 2)),
        (Many(Whole(0, 9), 0, 3), (n for n in (4, 5, 6)), (4, 5, 6)),
        (Many(Whole(0, 9), 0, 3), [Text("1"), 0], (1, 0)),
        (Many(Whole(0, 9), 0, 3), [], ()),
        (Many(Whole(0, 9), 2, 3), [0, 9], (0, 9)),
        (Maybe(Whole(0, 9)), None, None),
        (Maybe(Whole(0, 9)), Text("none"), None),
        (Maybe(Whole(0, 9)), 9, 9),
    ],
)
def test_a_kind_takes(kind: Any, raw: Any, value: Any) -> None:
    taken = kind.take(raw)
    assert taken == value
    assert type(taken) is type(value) or isinstance(taken, Fraction)


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (Whole(1, 64), 0, "must be 1 to 64, got 0"),
        (Whole(1, 64), 65, "must be 1 to 64, got 65"),
        (Whole(1, 64), True, "must be a whole number from 1 to 64, got True"),
        (Whole(1, 64), 2.0, "must be a whole number from 1 to 64, got 2.0"),
        (Whole(1, 64), "3", "must be a whole number from 1 to 64, got '3'"),
        (Whole(1, 64), Text("3.5"), "must be a whole number from 1 to 64, got '3.5'"),
        (Ratio(Fraction(0), Fraction(1)), 2, "must be 0 to 1, got 2"),
        (Ratio(Fraction(0), Fraction(1)), "-1/2", "must be 0 to 1, got -1/2"),
        (Ratio(Fraction(0), Fraction(1)), True, "must be a number from 0 to 1, got True"),
        (Ratio(Fraction(0), Fraction(1)), "1/0", "must be a number from 0 to 1, got '1/0'"),
        (Ratio(Fraction(0), Fraction(1)), [1], "must be a number from 0 to 1, got [1]"),
        (Word(("fcfs", "rr")), "fcsf", "expected one of fcfs rr, got 'fcsf'. Did you mean 'fcfs'?"),
        (Word(("fcfs", "rr")), 7, "expected one of fcfs rr, got 7"),
        (Name(), "1a", "must be a short name such as P1 or disk-a, got '1a'"),
        (Name(), "A" * 17, f"must be a short name such as P1 or disk-a, got '{'A' * 17}'"),
        (Name(), 1, "must be a short name such as P1 or disk-a, got 1"),
        (Flag(), 1, "must be true or false, got 1"),
        (Flag(), "true", "must be true or false, got 'true'"),
        (Flag(), Text("yes"), "must be true or false, got 'yes'"),
        (Many(Whole(0, 9), 1, 2), [], "must hold 1 to 2 items, got 0"),
        (Many(Whole(0, 9), 1, 2), [1, 2, 3], "must hold 1 to 2 items, got 3"),
        (Many(Whole(0, 9), 1, 2), "12", "must be a list, got '12'"),
        (Many(Whole(0, 9), 1, 2), {1: 2}, "must be a list, got {1: 2}"),
        (Many(Whole(0, 9), 1, 2), 3, "must be a list, got 3"),
        (Maybe(Whole(0, 9)), "none", "must be a whole number from 0 to 9, got 'none'"),
    ],
)
def test_a_kind_refuses_and_says_why(kind: Any, raw: Any, message: str) -> None:
    assert refused(kind.take, raw) == [("", message)]


def test_every_bad_item_is_named() -> None:
    assert refused(Many(Whole(0, 9), 0, 3).take, [1, 10, -1]) == [
        ("1", "must be 0 to 9, got 10"),
        ("2", "must be 0 to 9, got -1"),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "written", "described"),
    [
        (Whole(0, 9), 4, 4, "0 to 9"),
        (Ratio(Fraction(0), Fraction(9)), Fraction(4), 4, "0 to 9, exact: 3, 0.25 or 1/4"),
        (Ratio(Fraction(0), Fraction(9)), Fraction(1, 4), "1/4", "0 to 9, exact: 3, 0.25 or 1/4"),
        (Word(("a", "b")), "a", "a", "a | b"),
        (Name(), "P1", "P1", "a short name"),
        (Flag(), False, False, "true | false"),
        (Many(Whole(0, 9), 1, 3), (1, 2), [1, 2], "list of 1 to 3: 0 to 9"),
        (Maybe(Whole(0, 9)), None, None, "0 to 9, or none"),
        (Maybe(Ratio(Fraction(0), Fraction(9))), Fraction(1, 2), "1/2", "0 to 9, exact: 3, 0.25 or 1/4, or none"),
        (One(Job), Job(name="A"), {"name": "A", "burst": 2}, "{name, burst}"),
    ],
)
def test_a_value_is_written_as_json_has_it(kind: Any, value: Any, written: Any, described: str) -> None:
    assert kind.plain(value) == written
    assert type(kind.plain(value)) is type(written)
    assert kind.take(written) == value
    assert kind.describe() == described


def test_what_is_refused_is_quoted_short_and_without_control_characters() -> None:
    assert shown("a\nb") == "'a\\nb'"
    assert shown(Text("x")) == "'x'"
    assert shown("x" * 38) == f"'{'x' * 38}'"  # forty characters with its quotes
    assert shown("x" * 39) == f"'{'x' * 35}…'"
    assert shown(list(range(30))).endswith("…]")


# ── records ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_fills_in_its_defaults() -> None:
    made = make(Plan, {"kind": "long", "jobs": [{}, {"burst": 9}]})
    assert [job.name for job in made.jobs] == ["J0", "J1"]
    assert [job.burst for job in made.jobs] == [2, 9]
    assert (made.share, made.eager, made.spare, made.best) == (Fraction(1, 4), False, None, None)
    assert (made.first, made.numbers, made.misrule) == (Job(name="F"), (), "")
    assert make(Plan, plain(made)) == made


def test_a_record_is_written_without_its_hidden_field() -> None:
    made = Plan(kind="long", jobs=[Job(name="A")], misrule="wrong")
    assert plain(made) == {
        "kind": "long", "jobs": [{"name": "A", "burst": 2}], "share": "1/4", "eager": False, "spare": None,
        "best": None, "first": {"name": "F", "burst": 2}, "numbers": [],
    }  # fmt: skip
    assert One(Plan).describe() == "{kind, jobs, share, eager, spare, best, first, numbers}"
    assert refused(make, Plan, {"kind": "long", "jobs": [{}], "misrule": "wrong"})[0][0] == "misrule"
    assert [spec.hidden for spec in specs(Plan)] == [False] * 8 + [True]
    assert [spec.default is REQUIRED for spec in specs(Plan)] == [True, True] + [False] * 7
    assert [(spec.unit, spec.help) for spec in specs(Job)] == [("", "short name"), ("ticks", "how long")]


def test_a_record_cannot_be_changed_and_holds_nothing_else() -> None:
    job = Job(name="A")
    with pytest.raises(AttributeError):
        job.burst = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        Job("A")  # type: ignore[misc]


def test_all_bad_fields_are_named_at_once() -> None:
    raw = {"kind": "lang", "jobs": [{"burst": 10}, {"name": "1"}], "share": 1, "numbers": [6], "sooner": True}
    assert refused(make, Plan, raw) == [
        ("sooner", "unknown field; expected one of kind jobs share eager spare best first numbers"),
        ("kind", "expected one of short long, got 'lang'. Did you mean 'long'?"),
        ("jobs.0.burst", "must be 1 to 9, got 10"),
        ("jobs.1.name", "must be a short name such as P1 or disk-a, got '1'"),
        ("share", "must be 0 to 1/2, got 1"),
        ("numbers.0", "must be 0 to 5, got 6"),
    ]
    assert refused(make, Plan, {"kindd": "long", "jobs": [{}]}) == [
        (
            "kindd",
            "unknown field; expected one of kind jobs share eager spare best first numbers. Did you mean 'kind'?",
        ),
        ("kind", "is missing; expected short | long"),
    ]
    assert refused(make, Plan, [1]) == [("", "must be a mapping of fields, got [1]")]
    assert [where for where, _ in refused(lambda: Plan(kind="x", jobs=[], spare=4))] == ["kind", "jobs", "spare"]


def test_what_single_fields_cannot_know_is_asked_only_when_each_is_fine() -> None:
    three = [{}, {}, {}]
    assert refused(make, Plan, {"kind": "short", "jobs": three}) == [("jobs", "must be two for a short plan")]
    assert refused(make, Plan, {"kind": "short", "jobs": three, "spare": 9}) == [("spare", "must be 0 to 3, got 9")]
    assert len(make(Plan, {"kind": "long", "jobs": three}).jobs) == 3


def test_a_name_names_one_item() -> None:
    twice = [{"name": "A"}, {"name": "B"}, {"name": "A"}]
    message = "A names two items; give each its own name"
    assert refused(make, Plan, {"kind": "long", "jobs": twice}) == [("jobs.2.name", message)]


def test_a_fault_says_where_from_the_outside() -> None:
    assert str(Fault("a.b", "is bad")) == "a.b: is bad"
    assert str(Fault("", "is bad")) == "is bad"
    assert Fault("b", "x").under("a") == Fault("a.b", "x")
    assert Fault("", "x").under("a") == Fault("a", "x")
    invalid = Invalid([Fault("a", "x"), Fault("", "y")])
    assert str(invalid) == "a: x; y"
    assert isinstance(invalid.faults, tuple)


def test_the_nearest_word_is_offered_only_if_it_is_near() -> None:
    assert nearest("polcy", ["policy", "quantum"]) == ". Did you mean 'policy'?"
    assert nearest("xyz", ["policy", "quantum"]) == ""


def test_everything_of_a_trace_has_a_json_form() -> None:
    assert plain({"b": Fraction(1, 2), 3: Fraction(4), "c": None}) == {"b": "1/2", "3": 4, "c": None}
    assert plain(frozenset({10, 9, "b", "a"})) == [9, 10, "a", "b"]
    assert plain((1, "x", True, (2,))) == [1, "x", True, [2]]
    assert plain(Fault("a", "b")) == {"where": "a", "message": "b"}
    assert plain(Number("ticks")) == {"unit": "ticks", "base": 10, "words": []}
    with pytest.raises(TypeError, match="no JSON form for object"):
        plain(object())


def test_a_field_of_a_kind_of_its_own() -> None:
    @record
    class Own:
        """One field."""

        at: int = custom(Whole(0, 3), default=1, unit="ticks", help="when")

    (spec,) = specs(Own)
    assert (spec.kind, spec.default, spec.help, spec.unit, spec.hidden) == (Whole(0, 3), 1, "when", "ticks", False)
    assert Own().at == 1


# ── the simulator ───────────────────────────────────────────────────────────────────────────────────────────────


def nothing(*_: Any, **__: Any) -> Any:
    return ()


MEASURE = Measure("count", Number(), nothing, "help", "asks?", nothing)
RULE = Mistake("by-rule", "clause", "says", rule=lambda scenario: scenario)
ASKED = Mistake("by-rule-asked", "clause", "says", rule=lambda scenario: scenario, asked=("count",))
COUNTED = Mistake("by-measure", "clause", "says", measures={"other": nothing})
SIMULATOR = Simulator(
    "toy", "what?", (Plan, Walk), nothing, lambda _trace, _index: "It is.", (), (MEASURE,), (RULE, ASKED, COUNTED),
    (Example("one", {"steps": 2}, "see"),), (Recipe("draw", Job, nothing, "help"),),
)  # fmt: skip


def test_a_scenario_is_told_by_its_kind_or_by_its_fields() -> None:
    assert SIMULATOR.scenario({"steps": 2}) == Walk(steps=2)
    assert SIMULATOR.scenario({"steps": 30}) == Walk(steps=3)  # the short form, put into the full one
    assert SIMULATOR.scenario({"kind": "walk", "steps": 1}) == Walk(steps=1)
    assert isinstance(SIMULATOR.scenario({"kind": "long", "jobs": [{}]}), Plan)
    walk = Walk(steps=1)
    assert SIMULATOR.scenario(walk) is walk
    assert SIMULATOR.kind_of({"jobs": [], "steps": 1}) is Plan  # nobody knows both: the first
    assert SIMULATOR.kind_of([]) is Plan
    assert SIMULATOR.kind_of({"misrule": "wrong"}) is Plan
    assert SIMULATOR._replace(scenarios=(Walk,)).kind_of({"kind": "long"}) is Walk


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    assert refused(SIMULATOR.scenario, {"kind": "run"}) == [("kind", "expected one of short long walk, got 'run'")]
    assert refused(SIMULATOR.scenario, {"kind": ["walk"]}) == [
        ("kind", "expected one of short long walk, got \"['walk']\"")
    ]
    assert refused(SIMULATOR.scenario, {"kind": "x" * 50})[0][1].endswith(f"got '{'x' * 40}'")


def test_measures_mistakes_and_recipes_are_found_by_name() -> None:
    assert SIMULATOR.measure("count") is MEASURE
    assert SIMULATOR.mistake("by-rule-asked") is ASKED
    assert SIMULATOR.recipe("draw").parameters is Job
    for find in (SIMULATOR.measure, SIMULATOR.mistake, SIMULATOR.recipe):
        with pytest.raises(KeyError, match="no-such"):
            find("no-such")


def test_a_mistake_applies_to_what_it_is_asked_for() -> None:
    applies = [[one.applies_to(measure) for measure in ("count", "other")] for one in SIMULATOR.mistakes]
    assert applies == [[True, True], [True, False], [False, True]]


def test_a_measure_applies_everywhere_and_is_never_tied_unless_it_says_so() -> None:
    assert MEASURE.applies(None)
    assert not MEASURE.tied(None, t=1)
    assert not RULE.convention
    assert dict(RULE.measures) == {}


def test_a_mean_is_exact() -> None:
    assert mean({"a": 1, "b": 2, "c": Fraction(1, 2)}) == Fraction(7, 6)


def test_no_answer_and_limit_are_different_things() -> None:
    assert not issubclass(NoAnswer, Limit)
    assert not issubclass(Limit, NoAnswer)


def items() -> Iterator[int]:
    yield from range(3)


def test_a_list_may_come_from_anything_that_yields_items() -> None:
    assert Many(Whole(0, 9), 3, 3).take(items()) == (0, 1, 2)


def test_a_list_all_below_or_above_is_refused_as_one_item_is() -> None:
    assert refused(Many(Whole(1, 9), 0, 3).take, [0]) == [("0", "must be 1 to 9, got 0")]
    assert refused(Many(Whole(1, 9), 0, 3).take, [10, 11]) == [
        ("0", "must be 1 to 9, got 10"), ("1", "must be 1 to 9, got 11"),
    ]  # fmt: skip


def test_a_number_becomes_exact_also_where_it_is_equal() -> None:
    assert type(make(Plan, {"kind": "long", "jobs": [{}], "share": 0}).share) is Fraction


def test_an_argument_is_a_whole_number_from_nought_unless_it_says_more() -> None:
    argument = Argument("t", "a tick")
    assert (argument.low, argument.high, argument.names) == (0, 1_000_000, None)
