"""The speed comparison's inputs: the same for everybody, and as dirty as they say."""

import csv
from pathlib import Path

import pytest
from bench.bare import csv_to_parquet
from bench.frictionless_rules import FIELDS, check
from bench.generate import CLEAN_PER_DIRTY, DIRT_KINDS, PENALTY_HEADERS, REPEAT, write_organisations, write_penalties

from xinheng.base.identifiers import credit_code
from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import match_headers
from xinheng.demo.county import DEMO_DAY
from xinheng.demo.texts import read_departments

ROWS, ORGANISATIONS = 4_000, 500


@pytest.fixture(scope="module")
def penalties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_penalties(tmp_path_factory.mktemp("bench"), rows=ROWS, organisations=ORGANISATIONS)


def test_the_same_size_gives_the_same_bytes(penalties: Path, tmp_path: Path) -> None:
    again = write_penalties(tmp_path / "again", rows=ROWS, organisations=ORGANISATIONS)

    assert again.read_bytes() == penalties.read_bytes()


def test_organisations_have_correct_codes_and_names_of_their_own(tmp_path: Path) -> None:
    path = write_organisations(tmp_path / "bench", count=ORGANISATIONS)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({row["企业名称"] for row in rows}) == ORGANISATIONS
    assert all(credit_code.inspect(row["统一社会信用代码"]).valid for row in rows)


def test_one_row_in_a_hundred_is_refused(penalties: Path) -> None:
    contract = load_contracts("demo")["penalty"]
    match = match_headers(PENALTY_HEADERS, contract)
    context = CheckContext(DEMO_DAY, frozenset(department.code for department in read_departments().values()))
    with penalties.open(encoding="utf-8", newline="") as file:
        rows = [{match.mapping[name]: cell for name, cell in row.items()} for row in csv.DictReader(file)]
    refused = {
        number
        for number, row in enumerate(rows)
        if any(finding.level == "error" for finding in findings(contract, row, context))
    }
    dirty = {number for number in range(ROWS) if number % CLEAN_PER_DIRTY == 37}
    # Repeats are seen by comparing rows, not in a row.
    repeats = {number for number in dirty if number // CLEAN_PER_DIRTY % DIRT_KINDS == REPEAT}
    key = ("decision_no", "uscc", "penalty_authority_uscc")

    assert match.clear
    assert refused == dirty - repeats
    assert repeats
    assert all(rows[number][name] == rows[number - 1][name] for number in repeats for name in key)


def test_frictionless_checks_the_same_columns(penalties: Path, tmp_path: Path) -> None:
    speed = check(penalties, rows=1_000, folder=tmp_path)

    assert [field["name"] for field in FIELDS] == list(PENALTY_HEADERS)
    assert speed.rows == 1_000
    assert speed.errors >= 5


def test_the_bare_copy_is_timed(penalties: Path, tmp_path: Path) -> None:
    assert csv_to_parquet(penalties, tmp_path / "bare.parquet") > 0
    assert (tmp_path / "bare.parquet").stat().st_size > 0
