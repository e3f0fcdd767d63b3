"""What does libyaml's error mean to an author? The same place or a better one, a code, and what to do.

libyaml says "mapping values are not allowed in this context" where an author forgot to quote a sentence that holds a
colon. The common errors of authors are recognised by the line in which they stand.
"""

import re
from typing import Any

_VALUE = re.compile(r"^\s*(?:- +)*(?:[^\s:#'\"{\[][^:#]*:[ ]+)?(?=\S)")
_KEY_BEFORE = re.compile(r"(?:^|[\s{,])[^\s:'\"][^:]*:[ ]+\S")
_NO_SPACE = re.compile(r"^\s*(?:- +)*[a-z_]+:\S")
_QUOTE_COLON = "a text that holds `: ` must be quoted"
_INDENT = "does not fit the lines above: check the indentation"

# (part of what libyaml was doing and what it says, code, our words); the first that fits
_WORDS = (
    (
        "could not find expected ':'",
        "yaml",
        "a line without `key: value`; a text of several lines needs | after its key",
    ),
    ("found unexpected end of stream", "unclosed", "a quote that opens here is never closed"),
    ("found unexpected document indicator", "unclosed", "a quote that opens here is never closed"),
    (
        "unknown escape character",
        "bad-escape",
        "in double quotes a \\ begins an escape: write \\\\, or use single quotes",
    ),
    ("expected hexdecimal number", "bad-escape", "an escape needs its hexadecimal digits: \\x41, \\u00e9"),
    ("invalid Unicode character escape", "bad-escape", "an escape that is no character"),
    ("flow sequence", "unclosed", "the list that opens with [ needs `,` between items and `]` at its end"),
    ("flow mapping", "unclosed", "the map that opens with { needs `,` between entries and `}` at its end"),
    ("found a tab", "tab", "a tab; indent and align with spaces"),
    ("scanning an alias", "alias", "a text that begins with * must be quoted"),
    ("scanning an anchor", "anchor", "a text that begins with & must be quoted"),
    ("a tag", "tag", "a text that begins with ! must be quoted"),
    ("scanning a block scalar", "yaml", "only - or + may follow | or > on its line; the text begins on the next"),
    ("cannot start any token", "quote-start", "a text that begins with @, ` or % must be quoted"),
    ("directive", "yaml", "a line that begins with % is a directive; remove it"),
    ("block sequence entries", "yaml", "a list of lines begins on a line of its own, below its key"),
    ("expected <document start>", "yaml", "something follows after the end of the document"),
    ("expected node content", "quote-start", "a text that begins with } ] or , must be quoted"),
)


def explained(error: Any, text: str) -> tuple[int, int, str, str]:
    """(line, column, code, message) of a libyaml error, line and column from 1."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return 1, 1, "yaml", "is not YAML"
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    said = f"{error.context or ''}; {error.problem or ''}"
    opened_here = error.context_mark is not None and error.context_mark.line == mark.line
    guess = _by_line(said, line, mark.column, opened_here=opened_here)
    if guess is not None:
        column, code, message = guess
        return mark.line + 1, column + 1, code, message
    code, message = next(((code, words) for part, code, words in _WORDS if part in said), ("indentation", _INDENT))
    if (code == "unclosed" or "simple key" in said) and error.context_mark is not None:
        mark = error.context_mark
        if _NO_SPACE.match(lines[mark.line]):
            message = "a key without a space after its colon: write `key: value`"
    return mark.line + 1, mark.column + 1, code, message


def _by_line(said: str, line: str, column: int, *, opened_here: bool) -> tuple[int, str, str] | None:
    """What the line itself shows: an unquoted text with a colon, a brace or after a closing quote."""
    if "mapping values are not allowed" in said:
        if _KEY_BEFORE.search(line[:column]):
            return column, "quote-colon", _QUOTE_COLON
        message = f"a key that {_INDENT}, the space after `:`, and that a text which holds `: ` is quoted"
        return column, "indentation", message
    if "flow" in said and opened_here and line[column : column + 1] == ":":
        return column, "quote-colon", _QUOTE_COLON
    if "expected key" not in said and "expected '-'" not in said:
        return None
    found = _VALUE.match(line)
    start = found.end() if found else 0
    if start >= column or start >= len(line):
        return None
    if line[start] in "{[":
        return start, "quote-brace", f"a text that begins with {line[start]} must be quoted"
    if line[start] in "\"'":
        return (
            column,
            "text-after-quote",
            "text follows after the closing quote; quote it all, a quote inside as \\\" or ''",
        )
    return None
