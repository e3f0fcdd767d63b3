"""osdrill db: check, back up, restore, rebuild, export, import and merge your history."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from trainer.cli.joined import fold, opened
from trainer.cli.out import emit, say
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.store import backups
from trainer.store.errors import Backup, Damaged
from trainer.store.exchange import CSV_HEAD, export_lines, fsrs_rows, import_lines, merge
from trainer.store.store import Store
from trainer.store.verify import check

MORE = "docs/keeping-your-history.md says when each is needed."


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", metavar="WHAT", required=True)
    for name, (help_, options) in PARTS.items():
        part = parts.add_parser(name, help=help_, description=f"{help_}.", allow_abbrev=False)
        part.add_argument("--json", action="store_true", help="as JSON")
        options(part)


def run(options: argparse.Namespace, world: World) -> int:
    return DOES[options.part](options, world)


# ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def checked(options: argparse.Namespace, world: World) -> int:
    """Exit status 1 when anything is found."""
    try:
        with store_of(world, must_save=False) as store:
            found, count = check(store), store.count()
    except Damaged as damaged:
        found, count = [f"file: {damaged.why}"], 0
    copy = backups.newest_good(world.database)
    newest = None if copy is None else {"path": str(copy.path), "at": copy.at, "answers": copy.answers}
    if options.json:
        emit({"found": found, "answers": count, "backup": newest})
    else:
        for one in found:
            say(one)
        kept = f"newest good backup: {copy.at}, {_answers(copy.answers)}" if copy else "no backup yet"
        say(f"{_answers(count)}, {kept}.")
        say(_cure(found) if found else "Nothing is wrong.")
    return 1 if found else 0


def _cure(found: list[str]) -> str:
    """The command that helps with these findings."""
    if all("osdrill db rebuild" in one for one in found):
        return "Your answers are whole; osdrill db rebuild makes the rest again from them."
    return "osdrill db restore keeps the file aside and brings back every answer that is kept anywhere."


# ── copies ──────────────────────────────────────────────────────────────────────────────────────────────────────


def backed_up(options: argparse.Namespace, world: World) -> int:
    with store_of(world) as store:
        made = store.backup(world.clock.now().utc)
        count = store.count()
    if options.json:
        emit({"path": None if made is None else str(made), "answers": count})
    else:
        say(f"{made}: {_answers(count)}" if made else "There is nothing to back up yet.")
    return 0


def restored(options: argparse.Namespace, world: World) -> int:
    """Put a backup in the file's place, and add every answer that can be read elsewhere. Asks first."""
    path = world.database
    copy = _named_copy(Path(options.backup)) if options.backup else backups.newest_good(path)
    if copy is None and not path.exists() and not path.with_suffix(".answers.jsonl").exists():
        raise Refusal("there is neither a history nor a backup of one", code="nothing-there", where=str(path))
    _agreed(options, copy, path)
    done = backups.restore(path, copy, lambda: Store.open(path, fold({}), under=fold), world.clock.now().utc)
    with store_of(world) as store:
        store.rebuild()
        count = store.count()
    kept = str(done.kept) if done.kept else None
    if options.json:
        emit({"answers": count, "added": done.answers, "kept": kept, "from": str(copy.path) if copy else None})
        return 0
    say(f"{_answers(count)} are there again: {done.answers} of them newer than the backup.")
    if kept:
        say(f"The file as it was is kept as {kept}.")
    return 0


def _named_copy(path: Path) -> Backup:
    """The copy of that name. Raises Refusal where it is not sound."""
    found = backups.faults_of(path) if path.is_file() else ["there is no such file"]
    if found:
        raise Refusal(f"cannot be restored: {found[0]}", code="bad-backup", where=str(path))
    return backups.described(path)


def _agreed(options: argparse.Namespace, copy: Backup | None, path: Path) -> None:
    """Ask whether to go on. Raises Refusal where the answer is not yes, or nobody can be asked."""
    source = f"the backup of {copy.at} with {_answers(copy.answers)}" if copy else "no backup, for there is none"
    if options.yes:
        return
    plan = f"{path} is kept aside; in its place comes {source}, and every newer answer that can be read anywhere"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refusal(f"{plan}. Nothing was done: osdrill db restore --yes does it", code="needs-yes")
    say(plan + ".")
    if input("Go on? y/n › ").strip().casefold() not in ("y", "yes"):
        raise Refusal("nothing was done", code="needs-yes")


def rebuilt(options: argparse.Namespace, world: World) -> int:
    with store_of(world) as store:
        changed, cards = store.rebuild(), len(store.cards())
    if options.json:
        emit({"cards": cards, "changed": changed})
    else:
        say(f"{cards} cards made again from the answers; {changed} came out different.")
    return 0


# ── to and fro ──────────────────────────────────────────────────────────────────────────────────────────────────


def exported(options: argparse.Namespace, world: World) -> int:
    with store_of(world, must_save=False) as store, _written(options) as out:
        lines = _csv(store) if options.csv else export_lines(store)
        for line in lines:
            out.write(line + "\n")
        count = store.count()
    if options.file != "-":
        say(f"{options.file}: {_answers(count)}")
    return 0


def _csv(store: Store) -> Iterator[str]:
    yield ",".join(CSV_HEAD)
    yield from (",".join(map(str, row)) for row in fsrs_rows(store))


@contextmanager
def _written(options: argparse.Namespace) -> Iterator[TextIO]:
    """Standard output, or a file that is there only when it is whole."""
    if options.file == "-":
        yield sys.stdout
        return
    target = Path(options.file)
    if target.exists() and not options.force:
        raise Refusal("is there already; --force replaces it", code="file-exists", where=str(target))
    making = target.with_name(f".{target.name}.making")
    try:
        with making.open("w", encoding="utf-8") as out:
            yield out
        making.replace(target)
    except OSError as error:
        raise Refusal(f"cannot be written: {error.strerror}", code="cannot-write", where=str(target)) from None
    finally:
        making.unlink(missing_ok=True)


def imported(options: argparse.Namespace, world: World) -> int:
    """Exit status 2 where a line was refused; the rest is taken in."""
    try:
        text = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
        lines = text.decode("utf-8").split("\n")  # and at nothing else that is a line's end to somebody
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8"
        raise Refusal(f"cannot be read: {reason}", code="cannot-read", where=options.file) from None
    with store_of(world) as store:
        store.backup(world.clock.now().utc)
        done = import_lines(store, lines)
        if done.settings:
            store.rebuild()
    if options.json:
        emit({"new": done.new, "known": done.known, "refused": list(done.refused), "settings": list(done.settings)})
    else:
        say(f"{done.new} new, {done.known} known already{_settings(done.settings)}.")
    for one in done.refused:
        print(f"osdrill: {one}", file=sys.stderr)
    return 2 if done.refused else 0


def _settings(names: tuple[str, ...]) -> str:
    return f"; taken over: {', '.join(names)}" if names else ""


def merged(options: argparse.Namespace, world: World) -> int:
    """The other file is only read: a copy of it is opened."""
    theirs = Path(options.file)
    if not theirs.is_file():
        raise Refusal("there is no such file", code="cannot-read", where=options.file)
    with TemporaryDirectory(prefix="osdrill-") as folder, store_of(world) as store:
        try:
            with Store.open(backups.copy_of(theirs, Path(folder)), fold({})) as other:
                if faults := check_pages(other):
                    raise Damaged(theirs, faults[0])
                store.backup(world.clock.now().utc)
                new, count = merge(store, other), other.count()
        except Damaged as damaged:
            why = f"is damaged ({damaged.why}); nothing was taken in. Where it comes from, osdrill db restore helps"
            raise Refusal(why, code="damaged", where=options.file) from None
        total = store.count()
    if options.json:
        emit({"new": new, "theirs": count, "answers": total})
    else:
        say(f"{new} new of {_answers(count)} there; {_answers(total)} here now.")
    return 0


def check_pages(store: Store) -> list[str]:
    """What is wrong with the rows of another machine's file; its cards are folded anew here and do not matter."""
    return [one for one in check(store) if not one.startswith("card ") and "db rebuild" not in one]


# ── what all of them need ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def store_of(world: World, *, must_save: bool = True) -> Iterator[Store]:
    """The history's store, closed afterwards. Raises Refusal where it cannot be had."""
    history = opened(world, must_save=must_save)
    store = history.store or getattr(history.ledger, "base", None)
    if not isinstance(store, Store):
        raise Refusal(history.notice, code="cannot-read", where=str(world.database))
    with store:
        yield store


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _nothing(_part: argparse.ArgumentParser) -> None:
    return


def _restore(part: argparse.ArgumentParser) -> None:
    part.add_argument("backup", nargs="?", metavar="BACKUP", help="this copy (default: the newest good one)")
    part.add_argument("--yes", action="store_true", help="do not ask")


def _export(part: argparse.ArgumentParser) -> None:
    part.add_argument("file", nargs="?", default="-", metavar="FILE", help="where to (default: standard output)")
    part.add_argument("--csv", action="store_true", help="the FSRS optimiser's table instead of the whole history")
    part.add_argument("--force", action="store_true", help="replace FILE if it is there")


def _file(part: argparse.ArgumentParser) -> None:
    part.add_argument("file", metavar="FILE", help="an export, or - for standard input")


def _database(part: argparse.ArgumentParser) -> None:
    part.add_argument("file", metavar="FILE", help="the other machine's history.db; it is only read")


Options = Callable[[argparse.ArgumentParser], None]
PARTS: dict[str, tuple[str, Options]] = {
    "check": ("prove the file, to the last row", _nothing),
    "backup": ("make a copy now, beside those made by themselves", _nothing),
    "restore": ("bring back a damaged or lost history", _restore),
    "rebuild": ("make everything that is derived again from the answers", _nothing),
    "export": ("write the whole history as JSON lines", _export),
    "import": ("take in an export; twice is once", _file),
    "merge": ("take in another machine's history", _database),
}
DOES: dict[str, Callable[[argparse.Namespace, World], int]] = {
    "check": checked,
    "backup": backed_up,
    "restore": restored,
    "rebuild": rebuilt,
    "export": exported,
    "import": imported,
    "merge": merged,
}
