"""SQL is kept on disk between two starts, and never believed where it is not this program's about this contract."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.catalogue.checks.check_worlds import CONTEXT, contract

from xinheng.base.home import Home
from xinheng.intake import kept_sql, statements, suspecting
from xinheng.intake.kept_sql import kept

PENALTY = contract("penalty")


@pytest.fixture(autouse=True)
def own_cache(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home.root / "own"
    monkeypatch.setattr(Home, "cache", folder)
    return folder


def never() -> list[str]:
    raise AssertionError("written a second time")


def test_what_was_written_is_read_again(own_cache: Path) -> None:
    assert kept("tests", PENALTY, lambda: ["SELECT 1"]) == ["SELECT 1"]

    assert kept("tests", PENALTY, never) == ["SELECT 1"]
    assert [path.name for path in own_cache.iterdir()] == ["national.penalty.tests.json"]


def test_a_changed_contract_is_written_anew() -> None:
    kept("tests", PENALTY, lambda: "old")

    assert kept("tests", replace(PENALTY, switched_off=("V01",)), lambda: "new") == "new"


def test_another_release_writes_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept("tests", PENALTY, lambda: "old")
    monkeypatch.setattr(kept_sql, "_program", lambda: "another")

    assert kept("tests", PENALTY, lambda: "new") == "new"


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"{}", None])
def test_a_damaged_file_is_written_anew(own_cache: Path, damage: bytes | None) -> None:
    kept("tests", PENALTY, lambda: "SELECT 10")
    (path,) = own_cache.iterdir()
    path.write_bytes(path.read_bytes().replace(b"10", b"19") if damage is None else damage)

    assert kept("tests", PENALTY, lambda: "SELECT 10") == "SELECT 10"
    assert kept("tests", PENALTY, never) == "SELECT 10"


def test_a_folder_that_takes_nothing_stops_no_intake(own_cache: Path) -> None:
    own_cache.write_text("a file in its place")

    assert kept("tests", PENALTY, lambda: "SELECT 1") == "SELECT 1"


def test_nothing_of_the_office_is_kept(own_cache: Path) -> None:
    """Codes of departments, the day and the secret come into the SQL when it is used."""
    suspecting._groups.cache_clear()
    statements._sources.cache_clear()
    groups = suspecting._groups(PENALTY, suspecting.any_like(CONTEXT), asserting=True)
    statements._sources(PENALTY)

    told = " ".join(suspecting.in_context(group.by_value, CONTEXT) for group in groups)
    written = " ".join(path.read_text() for path in own_cache.iterdir())
    for code in CONTEXT.department_codes:
        assert code in told
        assert code not in written
    assert suspecting.ANY_DEPARTMENT not in told
    assert CONTEXT.as_at.isoformat() in told
    assert CONTEXT.as_at.isoformat() not in written
