"""Columns are recognised in many spellings, and never guessed."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.errors import WrongUsage
from xinheng.catalogue.contract import Field
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import LEAVE_OUT, match_headers, suggest_contract, suggest_fields
from xinheng.catalogue.headings import headings_of

CONTRACTS = load_contracts("demo")
PENALTY = CONTRACTS["penalty"]
LABELS = [field.label for field in PENALTY.fields]
REAL_FILES = {
    "orgs_registry_random.csv": "organisation",
    "orgs_registry_full.csv": "organisation",
    "orgs_registry_dirty.csv": "organisation",
    "penalties_env_shandong.csv": "env_penalty_notice",
    "registry_detail_shandong_fujian.csv": "registry_detail",
    "env_subject_lists.csv": "env_subject_list",
}
every_field = pytest.mark.parametrize(
    ("key", "field"),
    [(key, field) for key, contract in CONTRACTS.items() for field in contract.fields],
    ids=lambda value: value.name if isinstance(value, Field) else value,
)


@every_field
def test_every_heading_of_a_field_leads_to_it(key: str, field: Field) -> None:
    for heading in headings_of(field):
        assert match_headers([heading], CONTRACTS[key]).mapping == {heading: field.name}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("处罚金额(万元)", "fine_amount_wan"),
        ("罚款金额（单位：万元）", "fine_amount_wan"),
        ("*行政相对人名称", "counterparty_name"),
        ("行政相对人名称*必填", "counterparty_name"),
        ("行政相对人名称\n（必填）", "counterparty_name"),
        ("＊处罚决定日期【必填项】", "decision_date"),
        (" 处罚 决定\t日期 ", "decision_date"),
        ("处罚决定日期(yyyy/mm/dd)", "decision_date"),
        ("处罚决定日期（格式：YYYY-MM-DD）", "decision_date"),
        ("ＣＦ_ＷＳＨ", "decision_no"),
        ("cf_wsh", "decision_no"),
        ("CF-WSH", "decision_no"),
        ("CfWsh", "decision_no"),
        ("Decision_No", "decision_no"),
        ("统一社会信用代码（18位）", "uscc"),
        ("行政相对人代码_1", "uscc"),
        ("行政相对人代码1（统一社会信用代码）", "uscc"),
        ("没收违法所得、没收非法财物的金额", "confiscated_amount_wan"),
        ("\ufeff行政相对人名称", "counterparty_name"),
    ],
)
def test_width_case_spaces_marks_and_units_make_no_difference(heading: str, field: str) -> None:
    assert match_headers([heading], PENALTY).mapping == {heading: field}


@pytest.mark.parametrize("heading", ["罚款金额(元)", "罚款金额（单位：元）", "处罚金额[千元]", "罚款金额(人民币元)"])
def test_an_amount_in_another_unit_is_never_taken_for_the_field(heading: str) -> None:
    match = match_headers([*LABELS, heading], PENALTY)
    assert match.other_unit == (heading,)
    assert not match.usable


@pytest.mark.parametrize(
    "heading", ["有效期（起）", "有效期(自)起", "决定日期（修改前）", "许可机关（上级）", "决定文书"]
)
def test_a_heading_that_may_mean_something_else_is_asked_about(heading: str) -> None:
    assert match_headers([heading], CONTRACTS["licence"]).unknown == (heading,)


def test_a_complete_file_is_clear() -> None:
    match = match_headers([*LABELS, "序号", ""], PENALTY)
    assert match.clear
    assert match.ignored == ("序号", "")
    assert set(match.mapping.values()) == set(PENALTY.names)


def test_a_missing_required_column_makes_the_file_unusable_and_is_named() -> None:
    match = match_headers([label for label in LABELS if label != "处罚类别"], PENALTY)
    assert match.missing_required == ("penalty_category",)
    assert not match.usable


def test_a_file_of_withdrawals_needs_only_what_identifies_the_records() -> None:
    headers = ["行政处罚决定书文号", "统一社会信用代码", "处罚机关统一社会信用代码", "数据操作", "撤回原因"]
    assert match_headers(headers, PENALTY).clear
    without_code = [*headers[:1], *headers[2:]]
    assert match_headers(without_code, PENALTY).missing_required == ("counterparty_name",)


def test_an_unknown_column_is_named_and_does_not_stop_the_rest() -> None:
    match = match_headers([*LABELS, "宗教信仰"], PENALTY)
    assert match.unknown == ("宗教信仰",)
    assert match.usable
    assert not match.clear


def test_two_columns_for_one_field_are_ambiguous_and_neither_is_taken() -> None:
    match = match_headers([*LABELS, "CF_WSH"], PENALTY)
    assert [(found.field, found.headers) for found in match.ambiguous] == [
        ("decision_no", ("行政处罚决定书文号", "CF_WSH"))
    ]
    assert "decision_no" not in match.mapping.values()
    assert not match.usable


def test_one_heading_twice_is_told() -> None:
    match = match_headers([*LABELS, "备注"], PENALTY)
    assert match.repeated == ("备注",)
    assert not match.usable


def test_a_saved_answer_goes_first() -> None:
    headers = [label for label in LABELS if label != "备注"] + ["其他情况", "内部编号"]
    saved = {"其他情况": "remarks", "内部编号": LEAVE_OUT}
    match = match_headers(headers, PENALTY, saved)
    assert match.clear
    assert match.mapping["其他情况"] == "remarks"
    assert match.ignored == ("内部编号",)


def test_a_saved_answer_can_settle_an_ambiguity_and_a_unit() -> None:
    saved = {"CF_WSH": LEAVE_OUT, "罚款金额(元)": LEAVE_OUT}
    assert match_headers([*LABELS, *saved], PENALTY, saved).clear


def test_a_saved_answer_to_a_field_that_is_gone_is_refused() -> None:
    with pytest.raises(WrongUsage, match="旧字段"):
        match_headers(LABELS, PENALTY, {"旧字段": "gone"})


def test_suggestions_are_offered_for_the_mapping_page_but_not_used() -> None:
    assert suggest_fields("被处罚企业名称", PENALTY)[0] == "counterparty_name"
    assert suggest_fields("处罚决定书编号", PENALTY)[0] == "decision_no"
    assert suggest_fields("天气", PENALTY) == ()
    assert "decision_no" not in suggest_fields("处罚决定书编号", PENALTY, taken=["decision_no"])
    assert match_headers(["被处罚企业名称"], PENALTY).mapping == {}


@pytest.mark.parametrize("key", CONTRACTS)
def test_the_headings_of_a_contract_suggest_that_contract_first(key: str) -> None:
    labels = [field.label for field in CONTRACTS[key].fields]
    best = suggest_contract(labels, CONTRACTS)[0]
    assert (best.key, best.unknown, best.missing_required) == (key, 0, 0)


def test_strange_headings_suggest_nothing() -> None:
    assert suggest_contract(["EID", "BTEID", "IFHOME"], CONTRACTS) == ()


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_headings_end_in_exactly_one_place(headers: list[str]) -> None:
    match = match_headers(headers, PENALTY)
    ambiguous = [header for found in match.ambiguous for header in found.headers]
    places = [*match.mapping, *match.unknown, *match.ignored, *match.other_unit, *ambiguous]
    assert sorted(places) == sorted(set(headers))


@pytest.mark.realdata
@pytest.mark.parametrize(("name", "key"), REAL_FILES.items())
def test_the_real_files_are_recognised_without_asking(real_data: Path, name: str, key: str) -> None:
    with (real_data / name).open(encoding="utf-8", newline="") as file:
        headers = next(csv.reader(file))
    assert suggest_contract(headers, CONTRACTS)[0].key == key
    assert match_headers(headers, CONTRACTS[key]).clear
