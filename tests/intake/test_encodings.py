"""Telling UTF-8 from GB18030 without decoding the file, wherever a read happens to end."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinheng.base.errors import Refused
from xinheng.intake.reading import text
from xinheng.intake.reading.text import head_of, utf8_copy

FIXTURES_LAST = [HealthCheck.function_scoped_fixture]


def python_says_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.fixture
def small_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four bytes at a time, so that every character is cut somewhere."""
    monkeypatch.setattr(text, "MEGABYTE", 1)


@pytest.mark.usefixtures("small_reads")
@settings(suppress_health_check=FIXTURES_LAST)
@given(content=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.encode))
def test_utf8_is_utf8_wherever_a_read_ends(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" + content)

    assert text._encoding(path)[0] == "utf-8"


@pytest.mark.usefixtures("small_reads")
@settings(suppress_health_check=FIXTURES_LAST)
@given(content=st.binary(min_size=1))
def test_any_bytes_are_judged_as_python_judges_them(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" + content + b"\n")

    assert (text._encoding(path)[0] == "utf-8") == python_says_utf8(content + b"\n")


@pytest.mark.parametrize(
    ("content", "plain"), [(b"a\n1\n2\n", True), (b"a\n\n1\n", False), (b"a\r\n\r\n1\r\n", False), (b"a\r\r1\r", False)]
)
def test_blank_lines_are_noticed_for_the_reader_that_numbers_rows(content: bytes, plain: bool, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    assert utf8_copy(path, tmp_path)[1].plain is plain


def test_a_file_that_ends_within_a_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("名称\n云屿".encode()[:-1])

    with pytest.raises(Refused, match="在一个汉字中间断开"):
        utf8_copy(path, tmp_path)


def test_gb18030_is_turned_into_utf8(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("名称\n云屿\n".encode("gb18030"))

    copy, shape = utf8_copy(path, tmp_path)

    assert (copy.read_text(encoding="utf-8"), shape.encoding) == ("名称\n云屿\n", "gb18030")


def test_the_head_of_a_large_file_ends_with_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "HEAD", 10)
    path = tmp_path / "file.csv"
    path.write_bytes("名称\n云屿\n".encode() * 9)

    assert head_of(path, tmp_path).read_text(encoding="utf-8") == "名称\n"
