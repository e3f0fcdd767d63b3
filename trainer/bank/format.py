"""What may a pack say? The one definition of the content format, as msgspec structs.

    pack/pack.yaml        Manifest                 pack/TOPIC/*.yaml  SkillFile
    pack/sources.yaml     id -> Source             pack/TOPIC/*.md    ConceptHeader, then Markdown
    pack/glossary.yaml    word -> Term             pack/claims.yaml   id -> Claim

The walker (trainer.bank.walk), the JSON Schema (trainer.bank.schema) and the check all follow these types; the
ranges under `scenario` follow the simulator's own declaration. docs/authoring.md explains every key.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

MOST_WORDS = 300  # in a concept


def _text(says: str, form: str = "", pattern: str | None = None, most: int = 4_000) -> Meta:
    """A text that is not empty; `form` says in words what `pattern` wants."""
    return Meta(min_length=1, max_length=most, pattern=pattern, description=says, extra={"form": form})


_DOTTED = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
_DASHED = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_DASHED_FORM = "lower-case letters and digits with - between"

Line = Annotated[str, _text("one line", "one line, 120 characters at most", r"^[^\n]*$", most=120)]
Paragraphs = Annotated[str, _text("text, of several lines if need be")]
SkillId = Annotated[str, _text("never changes", "lower-case letters and digits with - or . between", _DOTTED, most=60)]
ConceptId = Annotated[str, _text("an id of a concept", _DASHED_FORM, _DASHED, most=60)]
Dashed = Annotated[str, _text("a name", _DASHED_FORM, _DASHED, most=60)]
SourceId = Annotated[
    str, _text("an id of a source", "lower-case letters and digits with - or . between", _DOTTED, most=60)
]
Citation = Annotated[str, _text("a source's id, then the place: `silberschatz-10 5.3.3`", most=120)]
ClaimId = Annotated[str, _text("a claim of the page", "S and two digits: S07", r"^S[0-9]{2}$", most=3)]
FieldName = Annotated[
    str, _text("a field of the scenario", "a field: letters, digits and _", r"^[a-z][a-z0-9_]*$", most=40)
]
Scenario = Annotated[dict[str, Any], Meta(description="a range for each field of the simulator's scenario")]
Revision = Annotated[int, Meta(ge=1, le=9_999, description="raised when a seed would give another question")]
Level = Annotated[int, Meta(ge=2, le=9, description="1 is the scenario as it stands and needs no entry")]
Seed = Annotated[int, Meta(ge=0, le=2**32 - 1, description="the seed of one question")]
Year = Annotated[int, Meta(ge=1900, le=2100)]


class Strict(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A map whose keys are these and no others."""


# ── skills ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Test(Strict, frozen=True):
    """What one seed must give: the right answer, or what an answer is judged to be."""

    seed: Seed
    level: Annotated[int, Meta(ge=1, le=9)] = 1
    answer: Annotated[str, _text("the right answer, as a learner writes it")] | UnsetType = UNSET
    give: Annotated[str, _text("an answer, as a learner writes it")] | UnsetType = UNSET
    expect: Annotated[str, _text("what `give` is: right, wrong, unreadable, or the id of a mistake")] | UnsetType = (
        UNSET
    )


class SimulatedSkill(Strict, frozen=True):
    """A question drawn from a simulator."""

    id: SkillId
    revision: Revision
    concept: ConceptId
    title: Line
    simulate: Annotated[str, _text("the simulator", _DASHED_FORM, _DASHED)]
    ask: Annotated[str, _text("a measure, then its arguments as name=range: `running-at t=3..9`", most=200)]
    text: Paragraphs
    form: Literal["forward", "backward", "compare", "counterfactual", "flaw", "possible"] = "forward"
    hide: FieldName | UnsetType = UNSET  # backward: what is asked for
    compare: FieldName | UnsetType = UNSET  # compare: two values of it
    change: Scenario | UnsetType = UNSET  # counterfactual: a range for the one field that changes
    flaw: Annotated[list[Dashed], Meta(min_length=1)] | UnsetType = UNSET  # flaw: rules that are broken
    recipe: Dashed | UnsetType = UNSET
    scenario: Scenario = {}  # the struct is frozen: nobody changes the default
    levels: dict[Level, Scenario] = {}
    mistakes: list[Dashed] = []
    conventions: list[Dashed] = []
    say: dict[Dashed, Paragraphs] = {}
    hints: Literal["generated"] | list[Paragraphs] = "generated"
    sources: list[Citation] = []
    serves: list[Line] = []
    tests: list[Test] = []


class OptionEntry(Strict, frozen=True):
    """One option of a choice."""

    text: Paragraphs
    why: Paragraphs
    right: bool = False


class WrongEntry(Strict, frozen=True):
    """A wrong short answer that people give."""

    text: Line
    why: Paragraphs


class PartEntry(Strict, frozen=True):
    """One of the choices of an incident."""

    ask: Line
    options: list[OptionEntry]


class PointEntry(Strict, frozen=True):
    """One key point of a free answer."""

    text: Paragraphs
    terms: Annotated[list[Line], Meta(min_length=1)]  # words, any of which shows that the answer speaks of it


class AuthoredSkill(Strict, frozen=True):
    """A question written by a person."""

    id: SkillId
    revision: Revision
    concept: ConceptId
    title: Line
    answer: Literal["choice", "choices", "short", "order", "parts", "free"]
    text: Paragraphs
    options: list[OptionEntry] = []  # choice, choices
    items: list[Line] = []  # order: in the right order
    accept: list[Line] = []  # short: the first is the one shown
    wrong: list[WrongEntry] = []  # short
    parts: list[PartEntry] = []  # parts: several choices about one text, in order
    points: list[PointEntry] = []  # free: what a good answer speaks of
    evidence: Annotated[str, _text("numbers drawn for this text: `cpu.throttling`", most=60)] | UnsetType = UNSET
    explanation: Paragraphs | UnsetType = UNSET
    hints: list[Paragraphs] = []
    sources: list[Citation] = []
    serves: list[Line] = []


TOLD_BY = {"simulate": SimulatedSkill, "answer": AuthoredSkill}  # which struct a skill is, by the key it has
SkillEntry = Annotated[dict[str, Any], Meta(extra={"told_by": TOLD_BY}, description="a skill")]


class SkillFile(Strict, frozen=True):
    """pack/TOPIC/*.yaml"""

    skills: Annotated[list[SkillEntry], Meta(min_length=1)]


# ── the rest of a pack ──────────────────────────────────────────────────────────────────────────────────────────


class ConceptHeader(Strict, frozen=True):
    """The header of pack/TOPIC/*.md."""

    id: ConceptId
    title: Line
    requires: list[ConceptId] = []
    claims: list[ClaimId] = []
    sources: list[Citation] = []
    serves: list[Line] = []


class Manifest(Strict, frozen=True):
    """pack/pack.yaml"""

    id: Dashed
    title: Line
    format: Literal["1"]  # of this format
    license: Line
    description: Paragraphs | UnsetType = UNSET
    authors: list[Line] = []
    first: SkillId | UnsetType = UNSET  # the very first question of all
    topics: dict[Dashed, Line] = {}  # folder -> title, in the order of study; other folders follow by name


class Source(Strict, frozen=True):
    """One entry of pack/sources.yaml."""

    title: Annotated[str, _text("title, and who wrote it", most=300)]
    kind: Literal["book", "man", "kernel", "paper", "spec", "web"]
    authors: Line | UnsetType = UNSET
    edition: Line | UnsetType = UNSET
    version: Line | UnsetType = UNSET  # of the kernel, the language, the page
    year: Year | UnsetType = UNSET
    url: (
        Annotated[
            str, _text("where it is", "an address that begins with https:// or http://", r"^https?://\S+$", most=300)
        ]
        | UnsetType
    ) = UNSET


class Term(Strict, frozen=True):
    """One entry of pack/glossary.yaml."""

    definition: Paragraphs
    sources: Annotated[list[Citation], Meta(min_length=1)]
    synonyms: list[Line] = []


class Claim(Strict, frozen=True):
    """One entry of pack/claims.yaml: what the seed page says, and what is to be said about it."""

    claim: Paragraphs
    flag: Literal["ok", "nuance", "imprecise", "link"]
    nuance: Paragraphs | UnsetType = UNSET


Sources = dict[SourceId, Source]
Glossary = dict[Line, Term]
Claims = dict[ClaimId, Claim]
