"""What the county's files look like as a whole."""

import csv
import hashlib
import re
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.demo.conftest import SCALE, County
from tests.demo.county_files import answers_of, rows_of

from xinheng.base.errors import WrongUsage
from xinheng.base.identifiers import credit_code
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.county import DEMO_DAY, ORGANISATIONS, RECORDS, write_county_files
from xinheng.demo.names import SURNAMES, WORDS, fantasy_word, former_word, person_name, person_number
from xinheng.demo.organisations import AREA, Roster
from xinheng.demo.texts import read_departments, read_trades

BRANDS = re.compile(
    "华为|海尔|海信|小米|格力|美的|联想|百度|万科|恒大|蒙牛|伊利|安踏|腾讯|阿里|京东|苏宁|国美|茅台|青岛|吉利|长城|"
    "康师傅|娃哈哈|农夫山泉|五粮液|中石油|中石化|比亚迪"
)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(county: County, tmp_path: Path) -> None:
    write_county_files(tmp_path / "again", scale=SCALE, with_answers=True)

    assert digests(tmp_path / "again") == digests(county.folder)


def test_another_seed_writes_other_organisations(tmp_path: Path) -> None:
    first = write_county_files(tmp_path / "a", seed=1, scale=0.001)
    second = write_county_files(tmp_path / "b", seed=2, scale=0.001)

    assert first[0].path.read_bytes() != second[0].path.read_bytes()


def test_a_department_of_a_tiny_county_that_has_nothing_hands_in_nothing(tmp_path: Path) -> None:
    files = write_county_files(tmp_path, scale=0.001)
    assert files
    assert all(file.rows for file in files)
    assert {path for path in tmp_path.iterdir() if path.is_file()} == {file.path for file in files}


def test_scale_sets_the_number_of_organisations_and_records(county: County) -> None:
    rows = Counter({"organisation": 0, "decisions": 0})
    for file in county.files:
        if file.type != "case_ledger":
            rows["organisation" if file.type == "organisation" else "decisions"] += file.rows

    assert rows["organisation"] == pytest.approx(ORGANISATIONS * SCALE, rel=0.1)
    assert rows["decisions"] == pytest.approx(RECORDS * SCALE, rel=0.1)


def test_every_file_names_its_type_and_a_department_of_the_contact_sheet(county: County) -> None:
    codes = {department.code for department in read_departments().values()}

    assert {file.department for file in county.files} <= codes
    assert {file.type for file in county.files} <= set(load_contracts("demo"))
    assert {path.suffix for path in county.folder.iterdir()} == {
        ".csv", ".xlsx", ".jsonl", ".parquet", ".zip", ".json",
    }  # fmt: skip


def test_organisations_are_taken_in_before_the_decisions_about_them(county: County) -> None:
    types = [file.type for file in county.files]

    assert types.index("licence") > max(place for place, kind in enumerate(types) if kind == "organisation")


def test_every_code_lies_in_the_fictional_area_and_has_correct_check_characters() -> None:
    roster = Roster(count=3000, seed=5, as_at=DEMO_DAY)
    codes = [roster.party(number).code for number in range(3000)]

    assert len(set(codes)) == 3000
    assert all(code[2:8] == AREA and credit_code.inspect(code).valid for code in codes)
    for department in read_departments().values():
        assert department.code[2:8] == AREA
        assert credit_code.inspect(department.code).valid, department.name


def test_no_two_organisations_share_a_name_and_all_begin_with_the_county() -> None:
    roster = Roster(count=60_000, seed=5, as_at=DEMO_DAY)
    names = [roster.party(number).name for number in range(60_000)]

    assert len(set(names)) == 60_000
    assert all(name.startswith("云屿") for name in names)
    assert not [name for name in names if BRANDS.search(name)]


def test_invented_words_stay_different_past_the_two_character_ones() -> None:
    numbers = [*range(0, 300), *range(WORDS, WORDS + 300)]

    assert len({fantasy_word(number) for number in numbers}) == len(numbers)
    assert not {fantasy_word(number) for number in numbers} & {former_word(number) for number in numbers}


def test_a_county_too_large_for_the_words_is_refused() -> None:
    with pytest.raises(WrongUsage, match="scale"):
        fantasy_word(WORDS * 60)


def test_persons_are_plainly_invented() -> None:
    assert all(person_name(number)[0] in SURNAMES for number in range(500))
    assert all(person_number(number).startswith(AREA) for number in range(500))


def test_trades_fill_a_thousand_slots() -> None:
    assert sum(trade.weight for trade in read_trades()) == 1000


def test_telephones_and_offices_are_plainly_invented() -> None:
    departments = read_departments().values()

    assert len(departments) >= 40
    assert sum(department.hold_before_publication for department in departments) == 2
    assert all(re.fullmatch(r"0990-000\d{4}", department.telephone) for department in departments)


@pytest.mark.realdata
def test_no_real_county_or_city_is_named(county: County, real_data: Path) -> None:
    with (real_data / "ref" / "divisions_current.csv").open(encoding="utf-8") as file:
        table = list(csv.reader(file))
    names = {cell for row in table[1:] for cell in row if re.fullmatch(r"[\u4e00-\u9fff]{3,}[省市县区旗州盟]", cell)}
    pattern = re.compile("|".join(map(re.escape, sorted(names))))
    contract = load_contracts("demo")["organisation"]
    for file in county.files:
        if file.type == "organisation":
            for row in rows_of(file.path, contract):
                assert not pattern.search(row["name"] + row.get("address", "")), row["name"]


def test_all_classes_of_severity_and_all_texts_of_the_repair_rules_occur(county: County) -> None:
    contract = load_contracts("demo")["penalty"]
    penalties = [row for file in county.files if file.type == "penalty" for row in rows_of(file.path, contract)]
    kinds = Counter(kind for row in penalties for kind in row["penalty_category"].split(";"))
    years = Counter(re.findall(r"202\d", row["decision_date"])[0] for row in penalties if "202" in row["decision_date"])

    assert {"轻微", "一般", "严重", ""} <= {row["severity"] for row in penalties}
    assert {"简易程序", "普通程序"} <= {row["procedure"] for row in penalties}
    assert {"警告", "罚款", "没收违法所得", "吊销许可证件", "责令停产停业"} <= set(kinds)
    assert {"2022", "2023", "2024", "2025", "2026"} <= set(years)


def test_about_three_in_a_hundred_decisions_concern_natural_persons(county: County) -> None:
    accounts = [a for a in answers_of(county.folder).values() if a["type"] in {"licence", "penalty"}]

    share = sum(a["persons"] for a in accounts) / sum(a["rows"] for a in accounts)
    assert 0.02 < share < 0.04


def test_typed_lists_have_the_measured_share_of_spreadsheet_days_and_old_numbers(tmp_path: Path) -> None:
    write_county_files(tmp_path, scale=0.05, with_answers=True)
    clerk = [a for a in answers_of(tmp_path).values() if "综合执法局" in a["path"] and a["rows"] > 100]
    rows = sum(account["rows"] for account in clerk)
    faults = Counter(fault for account in clerk for _, _, fault, *_ in account["planted"])

    assert faults["date_serial"] / rows == pytest.approx(0.087, rel=0.35)
    # Half of the drawn organisations never had an old number and stay clean.
    assert 0.02 < faults["code_15_digits"] / rows < 0.11


def test_later_files_repeat_correct_and_withdraw(county: County) -> None:
    outcomes: Counter[str] = Counter()
    for account in answers_of(county.folder).values():
        outcomes.update(account["outcomes"])

    assert outcomes["unchanged"]
    assert outcomes["amended"]
    assert outcomes["withdrawn"]


def test_nothing_is_decided_on_a_weekend(county: County) -> None:
    contract = load_contracts("demo")["licence"]
    file = next(file for file in county.files if file.type == "licence" and "县审批局" in file.path.name)
    planted = {number for number, *_ in answers_of(county.folder)[file.path.name]["planted"]}
    days = [
        date.fromisoformat(row["decision_date"].replace("/", "-"))
        for number, row in enumerate(rows_of(file.path, contract), start=2)
        if number not in planted
    ]

    assert days
    assert all(day.weekday() < 5 for day in days)
    assert days == sorted(days)


def test_a_larger_county_does_not_take_more_memory(tmp_path: Path) -> None:
    peaks = []
    for scale in (0.004, 0.016):
        tracemalloc.start()
        write_county_files(tmp_path / str(scale), scale=scale)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    # What grows is the cache of organisations up to its bound, not the rows.
    assert peaks[1] < peaks[0] + 5_000_000


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write_county_files(tmp_path, scale=0.02, progress=lambda done, total: heard.append((done, total)))

    assert heard[-1][0] == heard[-1][1]
    assert all(done <= total for done, total in heard)
