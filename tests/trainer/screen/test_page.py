"""The page of statistics: self-contained, well-formed, escaped, and seen to be drawn, light and dark."""

import re
import shutil
import struct
import subprocess
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.made import TODAY
from trainer.practice.mistakes import Held
from trainer.practice.stats import Calibration, Foretold, Load, Share, Statistics, calibration
from trainer.screen.page import MARK, page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VOID = {"meta", "br", "hr", "img", "link", "input"}
EVIL = '<script>alert(1)</script> & "quotes" \x1b[2J \u202e'


def figures(**given: object) -> Statistics:
    """Three months of practice."""
    found: Calibration | None = calibration([Foretold(15, 40, 30, 31.0), Foretold(18, 60, 55, 55.0)])
    load = tuple(Load(TODAY + n, (n * 5) % 7, 40_000) for n in range(28))
    made = Statistics(
        today=TODAY, answers=412, right=330, taken_ms=9_000_000, practised=5,
        days=tuple((TODAY - n, 1 + n % 9) for n in range(90, -1, -1) if n % 4), week=load[:7], forecast=load,
        topics=(Share("paging", 200, 160, 6_000_000), Share("scheduling", 212, 170, 3_000_000)),
        kinds=(Share("simulated", 412, 330, 9_000_000),), lately=Share("last 30 days", 90, 80, 1_000_000),
        self_marked=Share("self-marked", 12, 6, 600_000),
        mistakes=(Held("fcfs-instead", ("a", "b"), 3, TODAY - 50, TODAY - 2, 0),), calibration=found,
        levels=(("a", 2, 120.0), ("b", 1, 260.0)), known=20, learning=7, leeches=("a",),
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


TITLES = {"a": "Waiting times", "b": "Faults"}


def words(mistake: Held) -> str:
    return mistake.id.replace("-", " ")


class Tags(HTMLParser):
    """Every tag opened and closed in order; attributes and text kept."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, tag
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def well_formed(document: str) -> Tags:
    tags = Tags(document)
    assert tags.stack == []
    return tags


@pytest.mark.rule
def test_the_page_is_well_formed_and_holds_the_figures() -> None:
    tags = well_formed(page(figures(), TITLES, words))
    for said in ("412", "80%", "5 of 7", "paging", "fcfs instead", "open", "Waiting times", "Due today 0", "hard"):
        assert said in tags.text, said
    assert "86% foretold, 85% right (95% interval 77% to 91%) over 100 reviews. They agree." in tags.text
    assert "Marked by yourself, counted apart from all of the above: 12 answers, 50%." in tags.text


@pytest.mark.rule
def test_one_of_anything_is_not_plural() -> None:
    load = (Load(TODAY, 1, 30_000), *(Load(TODAY + n, 0, 0) for n in range(1, 28)))
    one = figures(
        answers=1, right=1, taken_ms=9_000, days=((TODAY, 1),), week=load[:7], forecast=load, known=1, learning=0,
        self_marked=Share("self-marked", 0, 0, 0),
    )  # fmt: skip
    text = well_formed(page(one, TITLES, words)).text
    for said in (
        "answer1",
        "skill held at 90% or more1",
        "9 s",
        "1 answer on 1 day of the last 16 weeks, at most 1 a day.",
    ):
        assert said in text, said
    assert "Due today 1, in the seven days from today 1, about 1 minute together." in text


@pytest.mark.rule
def test_the_page_refers_to_nothing_outside_itself() -> None:
    document = page(figures(), TITLES, words)
    tags = well_formed(document)
    fetching = {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}
    assert [one for one in tags.attributes if one[1] in fetching] == []
    assert not re.search(r"https?:|//|url\(|@import|@font-face|<script|<link|<iframe", document.replace(MARK, ""))


@pytest.mark.rule
def test_light_dark_and_paper_each_have_their_colours() -> None:
    document = page(figures(), TITLES, words)
    assert "@media screen and (prefers-color-scheme: dark)" in document
    assert "@media print" in document


@pytest.mark.rule
def test_colour_is_never_alone() -> None:
    """Each mark of the calendar has its number, and each drawing a sentence."""
    document = page(figures(), TITLES, words)
    assert f"<title>{'2026-11-22'}: 2 answers</title>" in document
    tags = well_formed(document)
    drawings = [one for one in tags.attributes if one[:2] == ("svg", "role")]
    told = [value for tag, name, value in tags.attributes if (tag, name) == ("svg", "aria-label")]
    assert len(told) == len(drawings) > 5
    assert all(told)


@pytest.mark.rule
def test_every_text_is_escaped() -> None:
    evil = figures(
        topics=(Share(EVIL, 1, 1, 1),),
        kinds=(Share(EVIL, 1, 1, 1),),
        mistakes=(Held(EVIL, (EVIL,), 2, TODAY, TODAY, 0),),
        levels=((EVIL, 1, 0.0),),
    )
    document = page(evil, {EVIL: EVIL}, words)
    tags = well_formed(document)
    assert "<script" not in document
    assert not {"\x1b", "\u202e"} & {*document}
    assert tags.text.count("<script>alert(1)</script>") >= 4


@given(st.text(max_size=30), st.integers(0, 10_000), st.integers(0, 120))
def test_whatever_the_names_and_numbers_it_stays_well_formed(name: str, answers: int, days: int) -> None:
    made = figures(
        answers=answers, right=answers // 2, topics=(Share(name, answers, answers // 2, answers * 1000),),
        days=tuple((TODAY - n * n, n + 1) for n in range(days, -1, -1)), calibration=None,
    )  # fmt: skip
    well_formed(page(made, {}, words))


@pytest.mark.rule
def test_with_nothing_practised_it_says_so() -> None:
    empty = figures(answers=0, right=0, self_marked=Share("self-marked", 0, 0, 0), days=())
    assert "Nothing practised yet." in well_formed(page(empty, {}, words)).text


# ── seen ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.opinion("chromium")
@pytest.mark.parametrize(("scheme", "paper"), [("light", (255, 255, 255)), ("dark", (20, 24, 30))])
def test_a_browser_draws_it_light_and_dark(tmp_path: Path, scheme: str, paper: tuple[int, int, int]) -> None:
    shot, dark = tmp_path / "page.png", 0 if scheme == "dark" else 1
    browse(tmp_path, "--window-size=900,1600", f"--screenshot={shot}", f"--blink-settings=preferredColorScheme={dark}")
    rows = pixels(shot)
    assert rows[2][2] == paper
    colours = {pixel for row in rows[::3] for pixel in row[::3]}
    assert len(colours) > 20, "figures, calendar and bars are drawn"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.opinion("chromium")
def test_a_browser_prints_it_on_two_pages_of_paper(tmp_path: Path) -> None:
    """Two topics, one mistake and two skills: no section of them is pushed to a page of its own."""
    browse(tmp_path, f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    printed = (tmp_path / "page.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed)) in (1, 2)


def browse(folder: Path, *options: str) -> None:
    """Have the page drawn by Chromium."""
    assert CHROMIUM is not None
    (folder / "page.html").write_text(page(figures(), TITLES, words), encoding="utf-8")
    quiet = ("background-networking", "component-update", "sync", "gpu", "quic")
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--no-first-run", *(f"--disable-{one}" for one in quiet),
            f"--user-data-dir={folder / 'profile'}", *options, (folder / "page.html").as_uri(),
        ],
        capture_output=True, timeout=90, check=True,
    )  # fmt: skip


def pixels(path: Path) -> list[list[tuple[int, int, int]]]:
    """The picture of a PNG with 8 bits a colour."""
    raw, at, packed = path.read_bytes(), 8, b""
    width, height, _, kind = struct.unpack(">IIBB", raw[16:26])
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        packed += raw[at + 8 : at + 8 + length] if raw[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    size = {2: 3, 6: 4}[kind]
    found, before, plain = [], bytes(width * size), zlib.decompress(packed)
    for start in range(0, height * (width * size + 1), width * size + 1):
        before = unfiltered(plain[start], bytearray(plain[start + 1 : start + 1 + width * size]), before, size)
        found.append([(before[n], before[n + 1], before[n + 2]) for n in range(0, width * size, size)])
    return found


def unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    """One row of a PNG, its filter taken off (PNG specification, 9.2)."""
    for n in range(len(row)):
        left, up, corner = row[n - size] if n >= size else 0, above[n], above[n - size] if n >= size else 0
        near = left + up - corner
        paeth = min((left, up, corner), key=lambda one: abs(near - one))
        row[n] = (row[n] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(row)
