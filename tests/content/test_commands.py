"""The commands that concepts name run as written, those that need no root and change nothing."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
READS = (
    "cat",
    "df",
    "free",
    "getconf",
    "grep",
    "ls",
    "lscpu",
    "lsblk",
    "nproc",
    "ps",
    "ss",
    "uptime",
    "uname",
    "vmstat",
    "iostat",
    "mpstat",
    "pidstat",
    "numactl",
    "sar",
)
TABLES = ("iostat", "mpstat", "pidstat", "sar")
ABSENT = "No such file or directory"


def seen() -> list[tuple[str, str]]:
    """(concept, the paragraph that says how to see it)."""
    found = []
    for file in sorted(CONTENT.glob("*/*.md")):
        match = re.search(r"\*\*See it\.\*\*(.*?)(?=\n\n|\Z)", file.read_text(encoding="utf-8"), re.DOTALL)
        if match:
            found.append((file.stem, match[1].replace("\n", " ")))
    return found


def runnable(paragraph: str) -> list[str]:
    """What stands between backquotes and only reads."""
    return [
        one
        for one in re.findall(r"`([^`]+)`", paragraph)
        if len(one.split()) > 1
        and one.split()[0] in READS
        and not re.search(r"[<>;&]|\bPID[^/\s]|TID|NAME|FILE|PORT|IFACE", one)
    ]


def commands() -> list[tuple[str, str]]:
    """(concept, command) of all that can be run."""
    return [(concept, one) for concept, paragraph in seen() for one in runnable(paragraph)]


def columns() -> list[tuple[str, str, str]]:
    """(concept, tool, column): a name such as cswch/s or %steal that the text mentions, of the tools it names."""
    found = []
    for concept, paragraph in seen():
        tools = " && ".join(one for one in runnable(paragraph) if one.split()[0] in TABLES)
        words = re.findall(r"(?<![\w/])(?:%\w+|[a-z]\w+/s)\b", re.sub(r"`[^`]*`", "", paragraph))
        found += [(concept, tools, word) for word in dict.fromkeys(words) if tools]
    return found


def ready(command: str) -> str:
    """The command for this process: PID is ours, and what repeats repeats once."""
    command = re.sub(r"\bPID\b", str(os.getpid()), command)
    return re.sub(r"^((?:vmstat|iostat|mpstat|pidstat|sar)(?:.*[^\d ])? )1(?: \d+)?$", r"\g<1>1 1", command)


def tools(command: str) -> list[str]:
    """The first word of each part of a pipe; a bar between quotes is none."""
    words = list(shlex.shlex(command, posix=True, punctuation_chars="|"))
    return [word for before, word in zip(["|", *words], words, strict=False) if before == "|"]


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform != "linux", reason="the commands are Linux's")
@pytest.mark.parametrize(("concept", "command"), commands())
def test_a_command_runs_as_written(concept: str, command: str) -> None:
    missing = [tool for tool in tools(command) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' '.join(missing)} is not installed here")
    done = subprocess.run(["sh", "-c", ready(command)], capture_output=True, text=True, timeout=20, check=False)
    if ABSENT in done.stderr and re.search(r"/(sys|proc|dev)/", command):
        pytest.skip("this kernel does not offer the file")
    if "ermission" in done.stderr:
        pytest.skip("needs root here")
    assert ABSENT not in done.stderr, done.stderr
    assert done.returncode in (0, 1), done.stderr  # 1: grep finds nothing on a quiet machine
    assert not re.search(r"usage:|invalid option|unrecognized", done.stderr, re.IGNORECASE), done.stderr
    assert shlex.split(command) or done.stdout


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform != "linux", reason="the commands are Linux's")
@pytest.mark.parametrize(("concept", "several", "column"), columns())
def test_the_output_has_the_column_that_the_text_mentions(concept: str, several: str, column: str) -> None:
    if missing := [one for one in TABLES if one in several and shutil.which(one) is None]:
        pytest.skip(f"{' '.join(missing)} is not installed here")
    done = [
        subprocess.run(["sh", "-c", ready(one)], capture_output=True, text=True, timeout=20, check=True).stdout
        for one in several.split(" && ")
    ]
    assert column in " ".join(done).split()


def test_there_are_commands_to_run() -> None:
    assert len(commands()) >= 40
    assert len(columns()) >= 8
