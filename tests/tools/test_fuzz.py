"""What the fuzzer keeps and records; the fuzzing itself needs atheris and hours."""

from pathlib import Path

from tools import fuzz
from tools.fuzz import Result


def test_the_record_is_put_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n{fuzz.BEGIN}\nold\n{fuzz.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        fuzz.record(file, fuzz.table([Result("yaml", 60, 1_200, ()), Result("ask", 120, 3_000, ("a.py-1-KeyError",))]))
    text = file.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "4,200 executions in 3 minutes." in text
    assert "| ask | 120 | 3,000 | 1 |" in text


def test_findings_are_kept_once_a_place_with_their_bytes(tmp_path: Path) -> None:
    def found(data: bytes) -> None:
        try:
            _ = {}[data]
        except KeyError as error:
            fuzz._keep(tmp_path, data, error)

    found(b"first")
    found(b"second")
    (place,) = list(fuzz._found(tmp_path))
    assert place.startswith("test_fuzz.py-")
    assert (tmp_path / place).read_bytes() == b"first"
    (tmp_path / "timeout-0a").write_bytes(b"")
    assert list(fuzz._found(tmp_path)) == [place, "timeout-0a"]
    assert list(fuzz._found(tmp_path / "none")) == []


def test_the_page_names_every_target() -> None:
    from tools.readers import TARGETS

    text = (fuzz.ROOT / "docs" / "fuzzing.md").read_text(encoding="utf-8")
    assert text.index(fuzz.BEGIN) < text.index(fuzz.END)
    assert [target for target in TARGETS if f"\n| {target} |" not in text] == []
