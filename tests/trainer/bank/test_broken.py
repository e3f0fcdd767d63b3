"""Every fault of a pack gives exactly one message, at the right line and column, and spoils nothing else."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.bank.load import load

PACK = Path(__file__).parent / "pack"
DISK, ARM, SEEK, ROOT = "storage/disk.yaml", "storage/arm.md", "storage/seek.md", "pack.yaml"

# (file, text that is there, what replaces it, line:column: code, part of the message, skills that remain)
FAULTS = {
    # syntax
    "a colon in a sentence": (DISK, "How far the arm moves", "Movement: how far", "5:20: quote-colon", "must be quoted", 0),
    "a text that begins with a field": (DISK, "Put the steps in order.", "{policy} is it", "49:11: quote-brace", "{policy}", 0),
    "a field alone": (DISK, "Put the steps in order.", "{policy}", "49:11: quote-brace", "must be quoted", 3),
    "a number sign in a sentence": (DISK, "How far the arm moves", "How #1 moves", "5:16: quote-hash", "quoted", 4),
    "a tab": (DISK, "    answer: order", "\tanswer: order", "48:1: tab", "spaces", 0),
    "text after a quote": (DISK, "title: The word for it", 'title: "The" word', "37:18: text-after-quote", "quote it all", 0),
    "a quote that is never closed": (DISK, "title: What happens first", "title: 'What", "47:12: unclosed", "never closed", 0),
    "a list that is never closed": (DISK, "[seek, rotate, transfer]", "[seek, rotate", "50:12: unclosed", "`]`", 0),
    "a map that is never closed": (DISK, "2: {requests: {count: 6..8}}", "2: {requests: {count: 6..8}", "14:10: unclosed", "`}`", 0),
    "a reserved first character": (DISK, "title: The word for it", "title: @word", "37:12: quote-start", "must be quoted", 0),
    "a backslash in quotes": (DISK, "title: The word for it", 'title: "C:\\q"', "37:15: bad-escape", "escape", 0),
    "wrong indentation": (DISK, "    revision: 1\n    concept: arm", "    revision: 1\n   concept: arm", "4:4: indentation", "indentation", 0),
    "no space after a colon": (DISK, "    simulate: disk", "    simulate:disk", "6:5: yaml", "space after", 0),
    "a line without a key": (DISK, "      cylinders: 100", "      cylinders", "9:7: yaml", "key: value", 0),
    "an anchor": (DISK, "head: 30..70", "head: &h 30..70", "10:13: anchor", "&h", 3),
    "an alias": (DISK, "head: 30..70", "head: *h", "10:13: alias", "*h", 3),
    "a tag": (DISK, "head: 30..70", "head: !!int 30", "10:13: tag", "int", 3),
    "a merge key": (DISK, "      head: 30..70", "      <<: 3\n      head: 30..70", "10:7: merge-key", "merge", 4),
    "a key twice": (DISK, "    ask: movement", "    ask: movement\n    title: again", "16:5: duplicate-key", "on line 5", 4),
    "a list for a key": (DISK, "    ask: movement", "    ? [a]\n    : b\n    ask: movement", "15:7: bad-key", "plain text", 3),
    "a second document": (SEEK, "title: A seek", "title: A seek\n--- b", "4:1: second-document", "second", 4),
    "too deep": (DISK, "head: 30..70", "head: [[[[[[[[[[[[[1]]]]]]]]]]]]]", "10:21: too-deep", "12 levels", 0),
    # characters
    "a zero byte": (DISK, "demo.steps", "demo.\0steps", "44:14: forbidden-character", "U+0000", 0),
    "an escape character": (DISK, "Put the", "Put\x1b[31m the", "49:14: forbidden-character", "U+001B", 0),
    "an escape written as such": (DISK, "Put the steps in order.", '"Put\\e[31m"', "49:11: control-character", "U+001B", 3),
    "an odd line break": (DISK, "Put the", "Put\u2028the", "49:14: forbidden-character", "U+2028", 0),
    # form
    "a mistyped key": (DISK, "    revision: 1\n    concept: arm", "    revison: 1\n    concept: arm", "3:5: unknown-key", "'revision'", 3),
    "a key of nothing": (DISK, "    ask: movement", "    ask: movement\n    xyz: 1", "16:5: unknown-key", "expected id", 3),
    "a key missing": (DISK, "    title: What happens first\n", "", "44:5: missing-key", "title", 3),
    "neither simulated nor authored": (DISK, "    answer: order\n", "", "44:5: missing-key", "`simulate` or `answer`", 3),
    "a list for a text": (DISK, "concept: arm", "concept: [arm]", "4:14: wrong-type", "expected text", 3),
    "a text for a list": (DISK, "[seek, rotate, transfer]", "seek", "50:12: wrong-type", "expected a list", 3),
    "a text for a map": (DISK, "say:\n      wrong-direction: The text says where it was going.", "say: it", "18:10: wrong-type", "map", 3),
    "a text for a number": (DISK, "revision: 1\n    concept: arm", "revision: one\n    concept: arm", "3:15: wrong-type", "whole number", 3),
    "a word for a flag": (DISK, "right: true", "right: yes", "32:39: wrong-type", "true or false", 3),
    "a number out of range": (DISK, "revision: 1\n    concept: arm", "revision: 0\n    concept: arm", "3:15: out-of-range", "1 to 9999", 3),
    "a level too low": (DISK, "      2: {requests", "      1: {requests", "14:7: out-of-range", "2 to 9", 3),
    "a word that is none": (DISK, "answer: choice", "answer: choise", "29:13: bad-choice", "'choice'", 3),
    "an id in capitals": (DISK, "id: demo.word", "id: Demo.word", "34:9: bad-form", "lower-case", 3),
    "an empty text": (DISK, "title: The word for it", "title:", "37:11: empty", "is empty", 3),
    "a title of many words": (DISK, "title: The word for it", "title: " + "x" * 121, "37:12: too-long", "121", 3),
    # references
    "a concept that is not there": (DISK, "concept: arm", "concept: amr", "4:14: unknown-concept", "'arm'", 3),
    "a requirement that is not there": (ARM, "[seek]", "[seeek]", "4:12: unknown-concept", "'seek'", 4),
    "a claim that is not there": (ARM, "[S01]", "[S02]", "5:10: unknown-claim", "S02", 4),
    "a source that is not there": (DISK, "sources: [silberschatz-10 11.2]", "sources: [silberschatz-11 11.2]", "22:15: unknown-source", "'silberschatz-10'", 3),
    "a circle of requirements": (SEEK, "title: A seek", "title: A seek\nrequires: [arm]", "4:12: cycle", "arm requires seek requires arm", 4),
    "the same id twice": (DISK, "id: demo.word", "id: demo.ssd", "34:9: duplicate-id", "disk.yaml:25", 3),
    # simulated skills
    "a simulator that is not there": (DISK, "simulate: disk", "simulate: disc", "6:15: unknown-simulator", "'disk'", 3),
    "a measure that is not there": (DISK, "ask: movement", "ask: movment", "15:10: unknown-measure", "'movement'", 3),
    "an argument that is not there": (DISK, "ask: movement", "ask: movement t=3", "15:10: bad-argument", "no argument", 3),
    "a mistake that is not there": (DISK, "[wrong-direction, fcfs-instead]", "[wrong-direction, lifo-instead]", "16:33: unknown-mistake", "expected one of", 3),
    "a convention among mistakes": (DISK, "fcfs-instead]", "tie-turns]", "16:33: unknown-mistake", "under conventions", 3),
    "a convention that is not there": (DISK, "[tie-turns]", "[tie-stays]", "17:19: unknown-convention", "tie-turns", 3),
    "a mistake twice": (DISK, "fcfs-instead]", "wrong-direction]", "16:33: same-mistake", "twice", 3),
    "words for no mistake": (DISK, "      wrong-direction: The", "      sstf-instead: The", "19:21: unknown-mistake", "sstf-instead", 3),
    "a recipe that is not there": (DISK, "simulate: disk", "simulate: disk\n    recipe: none", "7:13: unknown-recipe", "recipe", 3),
    "a policy that is not there": (DISK, "sstf | scan", "sstf | scann", "8:15: bad-range", "'scan'", 3),
    "a field that is not there": (DISK, "      head: 30..70", "      haed: 30..70", "10:13: bad-range", "'head'", 3),
    "a field missing": (DISK, "      head: 30..70\n", "", "8:7: bad-range", "head is missing", 3),
    "a range upside down": (DISK, "30..70", "70..30", "10:13: bad-range", "LOW at most HIGH", 3),
    "a range beyond the limit": (DISK, "cylinders: 100", "cylinders: 100..9999999", "9:18: bad-range", "1000000", 3),
    "a range that is none": (DISK, "30..70", "30 - 70", "10:13: bad-range", "whole number", 3),
    "one side of a choice": (DISK, "sstf | scan", "sstf |", "8:15: bad-range", "one side", 3),
    "more distinct values than there are": (DISK, "0..99 distinct", "0..3 distinct", "12:37: bad-range", "4 different values", 3),
    "a list without its count": (DISK, "{count: 4..5, each", "{coont: 4..5, each", "12:17: bad-range", "count", 3),
    "a fault at one level only": (DISK, "{count: 6..8}", "{count: 0..8}", "14:29: bad-range", "1 to 10000", 3),
    "a field of the text that is not there": (DISK, "under {policy}", "under {polcy}", "20:11: unknown-field", "'policy'", 3),
    "a test of nothing": (DISK, "{seed: 1, give: none of it, expect: unreadable}", "{seed: 1}", "24:9: bad-test", "either answer", 3),
    "a test of no mistake": (DISK, "expect: unreadable", "expect: unread", "24:45: bad-test", "'unreadable'", 3),
    "a test of no level": (DISK, "{seed: 1, give", "{seed: 1, level: 3, give", "24:9: bad-test", "no level 3", 3),
    # forms
    "a form that is not there": (DISK, "ask: movement", "ask: movement\n    form: forwards", "16:11: bad-choice", "'forward'", 3),
    "a form without its key": (DISK, "ask: movement", "ask: movement\n    form: backward", "2:5: missing-key", "hide", 3),
    "a key of another form": (DISK, "ask: movement", "ask: movement\n    hide: policy", "16:5: unfit-key", "backward", 3),
    "a hidden field that is not there": (DISK, "ask: movement", "ask: movement\n    form: backward\n    hide: policies", "17:11: bad-range", "'policy'", 3),
    "a hidden field of one value": (DISK, "ask: movement", "ask: movement\n    form: backward\n    hide: cylinders", "17:11: bad-range", "two values", 3),
    "a hidden field in the text": (DISK, "ask: movement", "ask: movement\n    form: backward\n    hide: policy", "22:11: shows-hidden", "{policy}", 3),
    "a change of two fields": (DISK, "ask: movement", "ask: movement\n    form: counterfactual\n    change: {head: 3, policy: look}", "17:13: bad-range", "exactly one", 3),
    "a change beyond the limit": (DISK, "ask: movement", "ask: movement\n    form: counterfactual\n    change: {head: -3}", "17:20: bad-range", "0 to 1000000", 3),
    "a flaw that is no rule": (DISK, "ask: movement", "ask: movement\n    form: flaw\n    flaw: [return-not-counted]", "17:12: unknown-mistake", "no mistaken rule", 3),
    "a measure that a form cannot ask": (DISK, "ask: movement", "ask: movement\n    form: possible", "16:11: unfit-form", "no set", 3),
    # authored skills
    "no option is right": (DISK, "right: true, ", "", "32:7: right-options", "exactly one", 3),
    "two options are right": (DISK, "It is newer., why", "It is newer., right: true, why", "32:7: right-options", "2 do", 3),
    "one option alone": (DISK, "      - {text: It is newer., why: Age moves nothing.}\n", "", "32:7: too-few", "two", 3),
    "an option twice": (DISK, "It is newer.", "It has no arm.", "33:9: same-option", "twice", 3),
    "an option without a reason": (DISK, ", why: Age moves nothing.", "", "33:9: missing-key", "why", 3),
    "a key of another kind": (DISK, "    items: [seek", "    accept: [seek]\n    items: [seek", "50:5: unfit-key", "order", 3),
    "a free answer without an explanation": (DISK, "answer: order\n    text: Put the steps in order.\n    items: [seek, rotate, transfer]\n    explanation: The arm moves, the platter turns, data flow.", "answer: free\n    text: Say how.\n    points: [{text: A., terms: [a]}, {text: B., terms: [b]}]", "44:5: missing-key", "explanation", 3),
    "evidence that is not there": (DISK, "    answer: choice", "    answer: choice\n    evidence: io.iowait-hgih", "30:15: unknown-evidence", "no evidence", 3),
    "no explanation": (DISK, "    explanation: A seek moves the arm.\n", "", "34:5: missing-key", "explanation", 3),
    "a wrong answer that is accepted": (DISK, "text: spin", "text: A Seek", "42:9: same-option", "accepted", 3),
    # concepts and tables
    "a concept without a header": (SEEK, "---\nid", "id", "1:1: no-header", "---", 1),
    "a header that is never closed": (SEEK, "---\nMoving", "Moving", "1:1: no-header", "never closed", 1),
    "a concept without a text": (SEEK, "Moving the arm takes time.\n", "", "5:1: empty", "0 words", 4),
    "a concept of many words": (SEEK, "Moving", "far " * 300 + "Moving", "5:1: too-long", "305 words", 4),
    "a key of a header": (SEEK, "title: A seek", "title: A seek\nclaim: [S01]", "4:1: unknown-key", "'claims'", 1),
    "a kind of source": ("sources.yaml", "kind: book", "kind: booc", "1:61: bad-choice", "'book'", 4),
    "a claim's number": ("claims.yaml", "S01:", "S1:", "1:1: bad-form", "two digits", 4),
    "a term without a source": ("glossary.yaml", "[silberschatz-10 11.1]", "[]", "1:62: out-of-range", "at least 1", 4),
    "a term's source that is not there": ("glossary.yaml", "[silberschatz-10 11.1]", "[silberschatz-11 11.1]", "1:63: unknown-source", "'silberschatz-10'", 4),
    "a synonym that is a word": ("glossary.yaml", "[track]}", "[track]}\ntrack: {definition: One of them., sources: [silberschatz-10]}", "2:1: same-name", "also a name of 'cylinder'", 4),
    "a synonym claimed twice": ("glossary.yaml", "[track]}", "[track]}\nring: {definition: One of them., sources: [silberschatz-10], synonyms: [circle, Track (IBM)]}", "2:81: same-name", "'Track' is also a name of 'cylinder'", 4),
    "a link to no concept": (ARM, "The arm moves", "The arm\n[moves](sek)", "9:1: unknown-link", "'seek'", 4),
    "a link in brackets to no concept": (ARM, "The arm moves", "The arm [[seeek]] moves", "8:9: unknown-link", "'seek'", 4),
    "a link to a file": (ARM, "The arm moves", "The [arm](../storage/arm.md) moves", "8:5: unknown-link", "no concept", 4),
    "a first skill that is not there": (ROOT, "license: MIT", "license: MIT\nfirst: demo.movment", "5:8: unknown-skill", "'demo.movement'", 4),
    "another format": (ROOT, "format: 1", "format: 2", "3:9: bad-choice", "1", 4),
}  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small pack, which is in order."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def told(pack: Path) -> list[str]:
    """The problems, their files as below the pack."""
    _, problems = load((pack,))
    return [str(problem).replace(f"{pack}/", "").replace(str(pack), ".") for problem in problems]


def test_the_small_pack_is_in_order(pack):
    bank, problems = load((pack,))
    assert problems == ()
    assert sorted(bank.skills) == ["demo.movement", "demo.ssd", "demo.steps", "demo.word"]
    assert bank.left_out == 0


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_one_message_at_its_place(pack, name):
    file, old, new, place, part, remaining = FAULTS[name]
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = told(pack)
    assert len(found) == 1, found
    assert found[0].startswith(f"{file}:{place}: "), found
    assert part in found[0]
    assert len(load((pack,))[0].skills) == remaining


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("It is newer.", "It has {perods} of them.", "options.1.text: {perods}"),
        ("Age moves nothing.", "Look at {perods}.", "options.1.why: {perods}"),
        ("Why does the order matter less on an SSD?", "Why {perods}?", "text: {perods}"),
    ],
)
def test_a_number_that_the_evidence_does_not_have_is_told_wherever_it_stands(pack, old, new, where):
    path = pack / DISK
    text = path.read_text().replace("    answer: choice", "    answer: choice\n    evidence: cpu.throttling")
    path.write_text(text.replace(old, f'"{new}"'))
    (found,) = told(pack)
    assert ": unknown-field: " in found
    assert where in found
    assert "Did you mean 'periods'?" in found


def test_links_to_concepts_and_pages_are_followed_and_code_holds_none(pack):
    (pack / ARM).write_text(
        (pack / ARM).read_text()
        + "See [[seek]], [a seek](seek) and [a page](https://example.org/a).\n\n"
        + "`[[ -f x ]]` tests, and `a[i](x)` calls.\n\n    if [[ -n $x ]]; then\n\n```\n[[none]]\n```\n"
    )
    assert told(pack) == []


def test_a_later_pack_may_define_a_word_anew_but_not_claim_another_ones_name(pack, tmp_path):
    other = Path(shutil.copytree(PACK, tmp_path / "other"))
    shutil.rmtree(other / "storage")
    glossary = other / "glossary.yaml"
    glossary.write_text("cylinder: {definition: Ours., sources: [silberschatz-10], synonyms: [track]}\n")
    assert load((pack, other))[1] == ()
    glossary.write_text("groove: {definition: Ours., sources: [silberschatz-10], synonyms: [tracks, track]}\n")
    (problem,) = load((pack, other))[1]
    assert (problem.code, problem.place.file) == ("same-name", str(glossary))


def test_a_concept_twice_is_told_at_the_second(pack):
    (pack / "storage" / "zone.md").write_text("---\ntitle: Zones\nid: arm\n---\nZones.\n")
    assert [line.split(": id:")[0] for line in told(pack)] == ["storage/zone.md:3:5: duplicate-id"]


def test_a_mistake_of_another_measure_is_told(pack):
    path = pack / DISK
    path.write_text(
        path.read_text()
        .replace("ask: movement", "ask: order")
        .replace("wrong-direction, f", "return-not-counted, f")
        .replace("      wrong-direction: The", "      return-not-counted: The")
    )
    assert [line.split(": mis")[0] for line in told(pack)] == [f"{DISK}:16:16: unfit-mistake"]


def test_all_faults_of_a_file_are_told_at_once(pack):
    path = pack / DISK
    text = path.read_text().replace("revision: 1", "revision: 0").replace("concept: seek", "concept: sekk")
    path.write_text(text.replace("policy: sstf", "policy: sst"))
    assert [line.split(": ")[1] for line in told(pack)] == ["out-of-range"] * 4


GOOD = {name: (PACK / name).read_text(encoding="utf-8") for name in (DISK, ARM, "sources.yaml", "glossary.yaml", ROOT)}


@pytest.mark.law
@given(st.data())
def test_any_change_of_a_file_gives_problems_and_never_a_traceback(tmp_path_factory, data):
    """A file of the pack with a piece of it replaced, such as `policy: sstf | scan` by `policy: [{`."""
    name = data.draw(st.sampled_from(sorted(GOOD)))
    text = GOOD[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    piece = data.draw(
        st.text(alphabet=" \n:{}[],-?#&*!|>'\"%@\\0~.abc19", max_size=12)
        | st.sampled_from(
            ["none", "2..9", "9..2 step 0", "{count: 3}", "[[1]]", "any", "é", "\0", "recipe: x", "form: flaw"]
        )
    )
    pack = Path(shutil.copytree(PACK, tmp_path_factory.mktemp("any") / "pack"))
    (pack / name).write_text(text[:start] + piece + text[end:], encoding="utf-8")
    bank, problems = load((pack,))
    for problem in problems:
        path = Path(problem.place.file)
        lines = len(path.read_text(encoding="utf-8").split("\n")) if path.is_file() else 1
        assert 1 <= problem.place.line <= lines + 1
        assert problem.place.column >= 1
    for id_ in bank.skills:
        assert bank.skill(id_).id == id_


@pytest.mark.law
@given(st.binary(max_size=400))
def test_any_bytes_in_the_place_of_a_file_give_problems(tmp_path_factory, raw):
    pack = Path(shutil.copytree(PACK, tmp_path_factory.mktemp("bytes") / "pack"))
    (pack / DISK).write_bytes(raw)
    (pack / SEEK).write_bytes(b"---\n" + raw)
    _, problems = load((pack,))
    assert problems
