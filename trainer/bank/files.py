"""Which files does a pack hold? Plain files in the pack's folder and its topics' folders; nothing that leads away.

Links, pipes and folders within topics are not followed and are told as problems. What is listed here, with size and
time of change, is also what tells whether the compiled bank is still true. Standard library only.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from trainer.model import Place, Problem

AT_THE_ROOT = ("pack.yaml", "sources.yaml", "glossary.yaml", "claims.yaml")


class Found(NamedTuple):
    """A file of a pack that matters to the bank."""

    pack: int  # index of the pack
    topic: str  # the folder; empty at the pack's root
    name: str
    size: int  # bytes
    mtime_ns: int
    sort: str  # file | link | other | folder

    def path(self, packs: Sequence[Path]) -> Path:
        """Where it is."""
        return packs[self.pack] / self.topic / self.name


def builtin() -> Path:
    """The folder of the built-in pack: in an installed package within `trainer`, in a checkout beside it."""
    trainer = Path(__file__).resolve().parent.parent
    installed = trainer / "content"
    return installed if installed.is_dir() else trainer.parent / "content"


def listing(packs: Sequence[Path]) -> list[Found]:
    """The files of the packs, sorted within each. A pack that is no folder has none."""
    return [found for index, pack in enumerate(packs) for found in sorted(_of_pack(index, pack))]


def _of_pack(index: int, pack: Path) -> Iterator[Found]:
    for entry in _scan(pack):
        if entry.is_dir(follow_symlinks=False):
            for below in _scan(pack / entry.name):
                if below.is_dir(follow_symlinks=False) or below.name.endswith((".yaml", ".yml", ".md")):
                    yield _found(index, entry.name, below)
        elif entry.name.endswith((".yaml", ".yml")) or (entry.is_symlink() and not entry.name.endswith(".md")):
            yield _found(index, "", entry)


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder, hidden ones left out; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith((".", "_"))]
    except OSError:
        return []


def _found(index: int, topic: str, entry: os.DirEntry[str]) -> Found:
    sort = "file" if entry.is_file(follow_symlinks=False) else "other"
    if entry.is_symlink():
        sort = "link"
    elif entry.is_dir(follow_symlinks=False):
        sort = "folder"
    try:
        stat = entry.stat(follow_symlinks=False)
    except OSError:  # gone since it was listed
        return Found(index, topic, entry.name, -1, 0, sort)
    return Found(index, topic, entry.name, stat.st_size, stat.st_mtime_ns, sort)


def problem(found: Found, file: str) -> Problem | None:
    """What is wrong with a file before it is opened, or None."""
    message = {
        "link": ("link", "is a link; a pack holds plain files only"),
        "other": ("link", "is no plain file"),
        "folder": ("stray-file", "is a folder within a topic; topics have no folders"),
        "file": ("", ""),
    }[found.sort]
    if found.sort == "file" and found.name.endswith(".yml"):
        message = ("stray-file", "is not read: name it .yaml")
    elif found.sort == "file" and not found.topic and found.name not in AT_THE_ROOT:
        message = (
            "stray-file",
            f"is not read: here stand only {' '.join(AT_THE_ROOT)}; skills belong in a topic's folder",
        )
    return Problem(Place(file, 1, 1), *message) if message[0] else None


def code_stamp() -> str:
    """Changes when the code changes that decides what content means: the simulators, the bank and the model."""
    trainer = Path(__file__).resolve().parent.parent
    stats = [(trainer / "model.py").stat()]
    folders = [trainer / "bank", trainer.parent / "sims"]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.name.endswith(".py"):
                    stats.append(entry.stat())
    return f"{len(stats)}.{sum(stat.st_size for stat in stats)}.{max(stat.st_mtime_ns for stat in stats)}"
