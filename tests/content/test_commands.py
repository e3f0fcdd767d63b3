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
)
ABSENT = "No such file or directory"


def commands() -> list[tuple[str, str]]:
    """(concept, command): what stands between backquotes after **See it.** and only reads."""
    found = []
    for file in sorted(CONTENT.glob("*/*.md")):
        match = re.search(r"\*\*See it\.\*\*(.*?)(?=\n\n|\Z)", file.read_text(encoding="utf-8"), re.DOTALL)
        for one in re.findall(r"`([^`]+)`", match[1].replace("\n", " ") if match else ""):
            words = one.split()
            if (
                len(words) > 1
                and words[0] in READS
                and not re.search(r"[<>;&]|\bPID[^/\s]|TID|NAME|FILE|PORT|IFACE", one)
            ):
                found.append((file.stem, one))
    return found


def ready(command: str) -> str:
    """The command for this process: PID is ours, and what repeats for ever repeats once."""
    command = re.sub(r"\bPID\b", str(os.getpid()), command)
    return re.sub(r"^((?:vmstat|iostat|mpstat|pidstat)(?:.*[^\d ])? )1$", r"\g<1>1 1", command)


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform != "linux", reason="the commands are Linux's")
@pytest.mark.parametrize(("concept", "command"), commands())
def test_a_command_runs_as_written(concept: str, command: str) -> None:
    tools = [piece.split()[0] for piece in command.split("|") if piece.split()]
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' '.join(missing)} is not installed here")
    done = subprocess.run(["sh", "-c", ready(command)], capture_output=True, text=True, timeout=20, check=False)
    if ABSENT in done.stderr and re.search(r"/(sys|proc|dev)/", command):
        pytest.skip("this kernel does not offer the file")
    if "ermission" in done.stderr:
        pytest.skip("needs root here")
    assert done.returncode in (0, 1), done.stderr  # 1: grep finds nothing on a quiet machine
    assert not re.search(r"usage:|invalid option|unrecognized", done.stderr, re.IGNORECASE), done.stderr
    assert shlex.split(command) or done.stdout


def test_there_are_commands_to_run() -> None:
    assert len(commands()) >= 40
