"""What may a program of processes say, and how is it read?

    program   = { statement }                      divided by a new line or `;`
    statement = loop N { program }
              | if child { program } [ else { program } ]      or `if parent`: what the last fork returned as
              | any
    any       = all { || all }                     && binds tighter; the right side is done only if it still matters
    all       = one { && one }
    one       = ( any ) | operation
    operation = fork | print WORD | print -n WORD | flush | touch N | wait | pause | exec | exec WORD | exit

`fork` is true in the parent and false in the child; every other operation is true. `print -n` prints no end of line.
`touch N` writes to each of the first N pages. `pause` sleeps for ever. `exec WORD` becomes a program that prints WORD.
`#` begins a comment.

    parse("loop 2 { fork; print a }")
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sims.fields import refuse, shown

LONGEST = 2_000  # characters of a program
DEEPEST = 12  # brackets within brackets
MOST = 64  # rounds of a loop, pages of a touch
PLAIN = ("fork", "flush", "wait", "pause", "exit")
OPERATIONS = (*PLAIN, "print", "touch", "exec")
TOKEN = re.compile(r"(?P<space>[ \t\r]+|#[^\n]*)|(?P<token>\n|;|&&|\|\||[(){}]|-n\b|[A-Za-z0-9_][A-Za-z0-9_-]*)")
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,15}")


class Do(NamedTuple):
    """One operation."""

    op: str
    word: str = ""  # print, exec
    pages: int = 0  # touch
    ends_line: bool = True  # print


class Logic(NamedTuple):
    """Operands joined by one sign."""

    sign: str  # && | ||
    parts: tuple[Any, ...]


class Loop(NamedTuple):
    """A block done several times."""

    times: int
    body: tuple[Any, ...]


class If(NamedTuple):
    """A block for those whose last fork returned as `who`, another for the rest."""

    who: str  # child | parent
    then: tuple[Any, ...]
    other: tuple[Any, ...] = ()


Node = Do | Logic | Loop | If


@dataclass(frozen=True, slots=True)
class Program:
    """A program as read."""

    body: tuple[Node, ...]

    def __str__(self) -> str:
        return "\n".join(_lines(self.body, ""))

    def operations(self) -> Iterator[Do]:
        """Every operation, as written: a loop's body once."""
        return _operations(self.body)


def parse(text: str) -> Program:
    """The program that `text` means. Raises Invalid with line and column."""
    if len(text) > LONGEST:
        raise refuse(f"must be {LONGEST} characters at most, got {len(text)}")
    reader = _Reader(text)
    body = reader.block(closed_by="")
    if not body:
        raise refuse("holds no operation")
    return Program(body)


class ProgramKind:
    """A program, written as text."""

    def take(self, raw: Any) -> Program:
        if isinstance(raw, Program):
            return raw
        if not isinstance(raw, str):
            raise refuse(f"must be a program such as 'fork; print a', got {shown(raw)}")
        return parse(raw)

    def plain(self, value: Program) -> str:
        return str(value)

    def describe(self) -> str:
        return (
            "text: fork, print WORD, print -n WORD, flush, touch N, wait, pause, exec [WORD], exit; "
            "a && b, a || b, ( … ); loop N { … }; if child { … } else { … }, if parent { … }; divided by ; or new lines"
        )


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Reader:
    """The tokens that are left; each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at, self.depth, self.forks = 0, 0, False

    def peek(self) -> str:
        return self.tokens[self.at][0]

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][0]

    def fail(self, expected: str) -> Exception:
        token, place = self.tokens[self.at]
        got = {"": "the end", "\n": "the end of the line"}.get(token, shown(token))
        return refuse(f"{_place(self.text, place)}: expected {expected}, got {got}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"at most {DEEPEST} brackets within brackets")

    def block(self, closed_by: str) -> tuple[Node, ...]:
        body: list[Node] = []
        while True:
            while self.peek() in (";", "\n"):
                self.next()
            if self.peek() == closed_by:
                return tuple(body)
            body.append(self.statement())
            if self.peek() not in (";", "\n", closed_by) and self.tokens[self.at - 1][0] != "}":
                raise self.fail("a new line or ;" + (" or }" if closed_by else ""))

    def braces(self) -> tuple[Node, ...]:
        if self.peek() != "{":
            raise self.fail("{")
        self.next()
        self.deeper()
        body = self.block("}")
        self.next()
        self.depth -= 1
        return body

    def statement(self) -> Node:
        if self.peek() == "loop":
            self.next()
            return Loop(self.number(), self.braces())
        return self.choice() if self.peek() == "if" else self.logic("||")

    def choice(self) -> Node:
        if not self.forks:
            raise self.fail("a fork before the first if")
        self.next()
        if self.peek() not in ("child", "parent"):
            raise self.fail("child or parent")
        who, then = self.next(), self.braces()
        before = self.at
        while self.peek() == "\n":
            self.next()
        if self.peek() == "else":
            self.next()
            return If(who, then, self.braces())
        self.at = before
        return If(who, then)

    def logic(self, sign: str) -> Node:
        parts = [self.logic("&&") if sign == "||" else self.operand()]
        while self.peek() == sign:
            self.next()
            parts.append(self.logic("&&") if sign == "||" else self.operand())
        return parts[0] if len(parts) == 1 else Logic(sign, tuple(parts))

    def operand(self) -> Node:
        if self.peek() != "(":
            return self.operation()
        self.next()
        self.deeper()
        inner = self.logic("||")
        if self.peek() != ")":
            raise self.fail(")")
        self.next()
        self.depth -= 1
        return inner

    def operation(self) -> Node:
        op = self.peek()
        if op not in OPERATIONS:
            raise self.fail(f"one of {' '.join(OPERATIONS)}")
        self.next()
        self.forks = self.forks or op == "fork"
        if op == "touch":
            return Do(op, pages=self.number())
        if op == "exec" and not WORD.fullmatch(self.peek()):
            return Do(op)
        if op not in ("print", "exec"):
            return Do(op)
        ends_line = op == "exec" or self.peek() != "-n"
        if not ends_line:
            self.next()
        return Do(op, self.word(), ends_line=ends_line)

    def word(self) -> str:
        if not WORD.fullmatch(self.peek()):
            raise self.fail("a word of at most 16 letters and digits")
        return self.next()

    def number(self) -> int:
        token = self.peek()
        if not (token.isascii() and token.isdigit()) or len(token) > 3 or not 1 <= int(token) <= MOST:
            raise self.fail(f"a number from 1 to {MOST}")
        return int(self.next())


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise refuse(f"{_place(text, at)}: {shown(text[at])} has no meaning here")
        if match.lastgroup == "token":
            yield match["token"], at
        at = match.end()
    yield "", len(text)


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at)
    return f"line {line + 1}, column {at - text.rfind(chr(10), 0, at)}"


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(body: tuple[Node, ...], indent: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, Loop):
            yield f"{indent}loop {node.times} {{"
            yield from _lines(node.body, indent + "  ")
            yield indent + "}"
        elif isinstance(node, If):
            yield f"{indent}if {node.who} {{"
            yield from _lines(node.then, indent + "  ")
            if node.other:
                yield indent + "} else {"
                yield from _lines(node.other, indent + "  ")
            yield indent + "}"
        else:
            yield indent + written(node)


def written(node: Node) -> str:
    """An operation or an expression as one writes it."""
    if isinstance(node, Logic):
        return f" {node.sign} ".join(_operand(part, node.sign) for part in node.parts)
    assert isinstance(node, Do)
    flag = "" if node.ends_line else " -n"
    return node.op + flag + (f" {node.word}" if node.word else "") + (f" {node.pages}" if node.pages else "")


def _operand(part: Node, sign: str) -> str:
    binds_tighter = sign == "||" and isinstance(part, Logic) and part.sign == "&&"
    return written(part) if isinstance(part, Do) or binds_tighter else f"({written(part)})"


def _operations(body: tuple[Any, ...]) -> Iterator[Do]:
    for node in body:
        if isinstance(node, Do):
            yield node
        elif isinstance(node, Logic):
            yield from _operations(node.parts)
        else:
            yield from _operations(node.body if isinstance(node, Loop) else node.then + node.other)


# ── instructions ────────────────────────────────────────────────────────────────────────────────────────────────


class Code(NamedTuple):
    """An instruction: an operation, or a jump that tests the last value, the last fork or a loop's counter."""

    op: str  # an operation | unless | when | branch | jump | enter | again | end
    do: Do | None = None
    target: int = 0  # where a jump leads
    rounds: int = 0  # enter
    word: str = ""  # branch: child | parent; unless and when: the operand that may be skipped


def compiled(program: Program) -> tuple[Code, ...]:
    """The program as a flat list of instructions, which a forked process can go on with from where it stands."""
    code: list[Code] = []
    _compile(program.body, code)
    return (*code, Code("end"))


def _compile(body: tuple[Any, ...], code: list[Code]) -> None:
    for node in body:
        if isinstance(node, Do):
            code.append(Code(node.op, node))
        elif isinstance(node, Logic):
            _compile_logic(node, code)
        elif isinstance(node, Loop):
            code.append(Code("enter", rounds=node.times))
            start = len(code)
            _compile(node.body, code)
            code.append(Code("again", target=start))
        else:
            _compile_if(node, code)


def _compile_logic(node: Logic, code: list[Code]) -> None:
    jumps = []
    for index, part in enumerate(node.parts):
        if index:
            jumps.append((len(code), written(part)))
            code.append(Code("jump"))  # replaced below, when its target is known
        _compile((part,), code)
    op = "unless" if node.sign == "&&" else "when"
    for at, operand in jumps:
        code[at] = Code(op, target=len(code), word=operand)


def _compile_if(node: If, code: list[Code]) -> None:
    at = len(code)
    code.append(Code("branch"))
    _compile(node.then, code)
    if node.other:
        end = len(code)
        code.append(Code("jump"))
        code[at] = Code("branch", target=len(code), word=node.who)
        _compile(node.other, code)
        code[end] = Code("jump", target=len(code))
    else:
        code[at] = Code("branch", target=len(code), word=node.who)
