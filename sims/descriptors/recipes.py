"""Which calls are worth a question? Numbers that are used again, a leak, shared offsets, pipe ends, exec."""

from collections.abc import Callable

from sims.declare import Pick, Recipe
from sims.descriptors.scenario import Scenario
from sims.fields import make, record, whole


@record
class Walk:
    """A walk of one process through its table."""

    count: int = whole(3, 30, default=6, help="number of calls")
    limit: int = whole(5, 64, default=8, help="RLIMIT_NOFILE")


class _Numbers:
    """The numbers a process would hold; enough to pick calls that mostly succeed."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.open = {0, 1, 2}

    def add(self, count: int = 1) -> None:
        free = [fd for fd in range(self.limit) if fd not in self.open]
        if len(free) >= count:
            self.open.update(free[:count])


def make_numbers(walk: Walk, pick: Pick) -> Scenario:
    """open, close, dup, dup2 and pipe in turn: which numbers come out?"""
    table, lines = _Numbers(walk.limit), ["open a"]
    table.add()
    while len(lines) < walk.count:
        lines.append(_number_call(table, lines, _under(pick, f"calls.{len(lines)}")))
    return make(Scenario, {"limit": walk.limit, "operations": lines})


def _number_call(table: _Numbers, lines: list[str], pick: Pick) -> str:
    kind = pick("kind", 0, 9)
    mine = sorted(table.open)
    fd = mine[pick("fd", 0, len(mine) - 1)]
    if kind <= 2 and not lines[-1].startswith("close"):
        table.open.discard(fd)
        return f"close {fd}"
    if kind <= 6:
        table.add()
        return f"open {'abcde'[pick('file', 0, 4)]}"
    if kind == 7:
        table.add(2)
        return "pipe"
    if kind == 8:
        to = pick("to", 0, table.limit - 1)
        table.open.add(to)
        return f"dup2 {fd} {to}"
    table.add()
    return f"dup {fd}"


@record
class Leak:
    """A server that forgets to close on one of its paths."""

    limit: int = whole(6, 40, default=10, help="RLIMIT_NOFILE")
    rounds: int = whole(2, 16, default=8, help="requests")
    every: int = whole(1, 5, default=2, help="every so many requests one descriptor is not closed")


def make_leak(leak: Leak, pick: Pick) -> Scenario:
    """Each request opens a file and a log; every so often the file stays open."""
    lines: list[str] = ["open log"]
    held, start = 4, pick("start", 0, leak.every - 1)
    for number in range(leak.rounds):
        fd = held
        lines.append(f"open r{number + 1}")
        if number % leak.every == start or fd >= leak.limit:
            held += 1
        else:
            lines.append(f"close {fd}")
    return make(Scenario, {"limit": leak.limit, "operations": lines})


@record
class Shared:
    """Reads and writes through several names of a file."""

    count: int = whole(2, 12, default=4, help="number of reads, writes and seeks")
    size: int = whole(100, 10_000, default=1000, unit="bytes", help="size of the file")
    longest: int = whole(2, 500, default=60, unit="bytes", help="longest read or write")


def make_shared(shared: Shared, pick: Pick) -> Scenario:
    """open a, dup it, open it again, fork; then everybody reads and writes."""
    lines = ["open a", f"read 3 {pick('first', 2, shared.longest)}", "dup 3", "open a", "fork C"]
    for number in range(shared.count):
        kind = pick(f"calls.{number}.kind", 0, 3)
        who = ("", "C: ")[pick(f"calls.{number}.who", 0, 1)]
        fd, amount = pick(f"calls.{number}.fd", 3, 5), pick(f"calls.{number}.bytes", 2, shared.longest)
        lines.append(f"{who}{('read', 'read', 'write', 'lseek')[kind]} {fd} {amount}")
    return make(Scenario, {"files": [{"name": "a", "size": shared.size}], "operations": lines})


@record
class Ends:
    """A pipe between processes."""

    children: int = whole(1, 3, default=1, help="processes forked after the pipe")
    count: int = whole(3, 16, default=5, help="number of calls on the ends")
    longest: int = whole(2, 100, default=20, unit="bytes", help="longest write")


def make_ends(ends: Ends, pick: Pick) -> Scenario:
    """A pipe, some forks; then ends are closed, written and read in a drawn order. The last calls read and write."""
    names = ["P", *(f"C{number}" for number in range(1, ends.children + 1))]
    lines = ["pipe", *(f"fork {name}" for name in names[1:])]
    held = {name: {3, 4} for name in names}
    for number in range(ends.count):
        who = names[pick(f"calls.{number}.who", 0, len(names) - 1)]
        lines.append(_end_call(held[who], who, ends.longest, _under(pick, f"calls.{number}")))
    readers = [name for name in names if 3 in held[name]]
    writers = [name for name in names if 4 in held[name]]
    lines += [f"{readers[-1]}: read 3 100"] * 2 if readers else [f"{writers[-1]}: write 4 5"] if writers else []
    return make(Scenario, {"operations": lines})


def _under(pick: Pick, path: str) -> Callable[[str, int, int], int]:
    return lambda name, low, high: pick(f"{path}.{name}", low, high)


def _end_call(held: set[int], who: str, longest: int, pick: Pick) -> str:
    ends = sorted(held) or [3]
    kind, fd = pick("kind", 0, 3), ends[pick("end", 0, len(ends) - 1)]
    if kind <= 1 and held:
        held.discard(fd)
        return f"{who}: close {fd}"
    if fd == 3:
        return f"{who}: read 3 {pick('bytes', 2, longest)}"
    return f"{who}: write 4 {pick('bytes', 2, longest)}"


@record
class Exec:
    """Descriptors before an exec, some of them marked."""

    count: int = whole(2, 8, default=4, help="descriptors opened before the exec")
    after: int = whole(0, 4, default=1, help="files opened after it")


def make_exec(wanted: Exec, pick: Pick) -> Scenario:
    """Files with and without close-on-exec, duplicates and redirections; a fork, exec in the child, then opens."""
    lines = ["open a cloexec"]
    numbers = [3]
    for number in range(1, wanted.count):
        kind, which = pick(f"calls.{number}.kind", 0, 4), pick(f"calls.{number}.fd", 0, len(numbers) - 1)
        if kind == 4:
            lines.append(f"dup2 {numbers[which]} {pick(f'calls.{number}.to', 0, 2)}")
            continue
        forms = (f"open {'bcdefgh'[number % 7]}", f"open {'bcdefgh'[number % 7]} cloexec", f"dup {numbers[which]}")
        lines.append((*forms, f"dup {numbers[which]}")[kind])
        numbers.append(numbers[-1] + 1)
    lines += ["fork C", "C: exec", *(f"C: open {name}" for name in "wxyz"[: wanted.after])]
    return make(Scenario, {"operations": lines})


RECIPES = (
    Recipe("numbers", Walk, make_numbers, "open, close, dup, dup2 and pipe of one process"),
    Recipe("leak", Leak, make_leak, "a server that now and then forgets a close"),
    Recipe("shared-offset", Shared, make_shared, "reads and writes through dup, fork and a second open"),
    Recipe("pipe-ends", Ends, make_ends, "a pipe between processes that close its ends"),
    Recipe("exec", Exec, make_exec, "descriptors with and without close-on-exec, then an exec in a child"),
)
