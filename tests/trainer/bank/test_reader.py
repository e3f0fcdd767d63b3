"""The reader takes anything, keeps every scalar as text and every place as the file has it, and never recurses."""

import string
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trainer.bank import reader
from trainer.bank.front import front
from trainer.bank.reader import Broken, Mapping, Scalar, Sequence, contents, decoded, read, scalars
from trainer.bank.walk import at, plain
from trainer.model import Problem


def value(text):
    """The text as str, dict and list."""
    node, problems = read(text, "f")
    assert problems == []
    return plain(node)


@pytest.mark.rule
def test_every_scalar_stays_text():
    text = "{a: no, b: 010, c: 12:30, d: null, e: 1.0, f: ~, g: 2001-01-01, h: '', i: 0x1f}"
    assert value(text) == {
        "a": "no", "b": "010", "c": "12:30", "d": "null", "e": "1.0", "f": "~", "g": "2001-01-01", "h": "", "i": "0x1f",
    }  # fmt: skip


@pytest.mark.rule
def test_every_key_and_value_keeps_its_line_and_column():
    node, _ = read("# first\na:\n  - b\n  - c: {d: é, e: f}\n", "f")
    places = {scalar.text: (scalar.line, scalar.column) for scalar in scalars(node)}
    assert places == {"a": (2, 1), "b": (3, 5), "c": (4, 5), "d": (4, 9), "é": (4, 12), "e": (4, 15), "f": (4, 18)}
    assert (at(node, "a.1.c").line, at(node, "a.1.c").column) == (4, 8)
    assert at(node, "a.7.x") is at(node, "a")


@pytest.mark.rule
def test_a_comment_is_a_number_sign_and_a_space():
    assert value("a: one # two\nb: |\n  three #four\nc: 'five #six'\nd: x#y\n#seven\n") == {
        "a": "one", "b": "three #four\n", "c": "five #six", "d": "x#y",
    }  # fmt: skip


@pytest.mark.parametrize("deep", ["[", "{a: ", "- ", "[{", "? ", '{"a": ['])
def test_a_hundred_thousand_levels_give_a_message_at_once(deep):
    start = time.perf_counter()
    node, problems = read(deep * 100_000, "f")
    assert time.perf_counter() - start < 2
    assert "too-deep" in [problem.code for problem in problems]
    assert node is None or len(problems) < reader.MOST_PROBLEMS


def test_a_hundred_thousand_brackets_give_one_message():
    _, problems = read("[" * 100_000, "f")
    assert [str(problem) for problem in problems] == ["f:1:13: too-deep: is nested deeper than 12 levels"]


def test_closing_brackets_alone_give_one_message():
    assert len(read("]" * 100_000, "f")[1]) == 1


def test_a_file_of_ten_megabytes_is_told_and_not_read(tmp_path, monkeypatch):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: " + b"x" * 10_000_000)
    found = contents(path, "large.yaml")
    assert isinstance(found, Problem)
    assert str(found) == "large.yaml:1:1: too-large: is larger than 256 KiB; divide it by subject"
    path.write_bytes(b"x" * reader.LARGEST)
    assert contents(path, "f") == b"x" * reader.LARGEST


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    assert contents(tmp_path / "none.yaml", "f").code == "unreadable"
    assert contents(tmp_path, "f").code == "unreadable"


@pytest.mark.parametrize(
    ("raw", "place", "code"),
    [
        (b"a: b\nc: \xe9\n", "2:4", "not-utf-8"),
        (b"\xff\xfea\x00", "1:1", "not-utf-8"),
        ("a: é\nb: é".encode() + b"\x80", "2:5", "not-utf-8"),
        (b"a: b\n\0", "2:1", "forbidden-character"),
        (b"a: b\rc: d", "1:5", "forbidden-character"),
        ("a: b\u0085c".encode(), "1:5", "forbidden-character"),
        ("a:\n  \ufeffb".encode(), "2:3", "forbidden-character"),
        (b"a:\n\tb: c", "2:1", "tab"),
        (b"a: b\x7f", "1:5", "forbidden-character"),
    ],
)
def test_a_character_that_is_not_allowed_has_its_place(raw, place, code):
    problem = decoded(raw, "f")
    assert isinstance(problem, Problem)
    assert (f"{problem.place.line}:{problem.place.column}", problem.code) == (place, code)


def test_windows_line_ends_and_a_byte_order_mark_do_not_move_places():
    text = decoded(b"\xef\xbb\xbfa: b\r\nc: d\r\n", "f")
    node, _ = read(text, "f")
    assert plain(node) == {"a": "b", "c": "d"}
    assert [(s.line, s.column) for s in scalars(node)].count((2, 4)) == 1


def test_a_header_keeps_the_lines_of_the_file():
    said, problems = front("---\nid: a\ntitle: B\n---\n\nText\nmore\n\n", "f")
    assert problems == []
    assert at(said.header, "title").line == 3
    assert (said.text, said.line) == ("Text\nmore", 6)


def test_what_is_told_once_is_not_told_again():
    node, problems = read("a: &x [1]\nb: {c}\nd: 1\nd: 2\n", "f")
    assert [str(problem.place) for problem in problems] == ["f:1:4", "f:2:4", "f:4:1"]
    assert isinstance(at(node, "a"), Broken)
    assert isinstance(at(node, "b"), Broken)
    assert at(node, "d").text == "1"


@pytest.mark.law
@given(st.binary(max_size=300))
def test_bytes_give_nodes_or_problems(raw):
    text = decoded(raw, "f")
    if not isinstance(text, Problem):
        node, problems = read(text, "f")
        assert problems or node is not None
        front(text, "f")


@pytest.mark.law
@given(st.text(alphabet=string.ascii_letters[:4] + " \n:{}[],-?#&*!|>'\"%@`\\0~.", max_size=60))
def test_what_looks_like_yaml_gives_nodes_or_problems(text):
    """Strings of YAML's own characters, such as `a: [b\\n- *c`."""
    node, problems = read(text, "f")
    assert (node is None) <= bool(problems)
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.place.line <= len(lines) + 1
        assert problem.place.column >= 1
    front(f"---\n{text}\n---\n", "f")


TREES = st.recursive(
    st.text(alphabet=string.printable.translate(str.maketrans("", "", "\t\r\x0b\x0c")) + "éß→", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.opinion("PyYAML's own writer")
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), TREES, min_size=1, max_size=3))
def test_what_pyyaml_writes_is_read_back(tree):
    """Maps such as {"a": ["no", {"b": " #"}]}, every text in quotes."""
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=True, width=10_000)
    text = text.replace("!!map ", "").replace("!!seq ", "")
    if max((line.count("  ") for line in text.split("\n")), default=0) < reader.DEEPEST - 4:
        assert value(text) == tree


def test_nodes_know_their_kind():
    node, _ = read("{a: [b], c: d}", "f")
    assert isinstance(node, Mapping)
    assert isinstance(node.get("a"), Sequence)
    assert isinstance(node.key("c"), Scalar)
    assert node.get("z") is None
