"""The published catalogue says what the contracts say, in both directions."""

from io import BytesIO

import openpyxl
import pytest

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.catalogue import queries
from xinheng.catalogue.code_lists import load_code_lists
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.export import FIELDS_SHEET, ITEMS_SHEET, LISTS_SHEET, TYPES_SHEET, catalogue_workbook
from xinheng.catalogue.items import load_items
from xinheng.catalogue.periods import load_periods
from xinheng.catalogue.provisions import load_provisions
from xinheng.catalogue.wording import REQUIREMENTS, TYPES
from xinheng.rulebook.loader import load_pack

CONTRACTS = load_contracts("demo")


@pytest.fixture(scope="module")
def published() -> dict[str, list[dict[str, str]]]:
    """Every sheet of the exported workbook as rows by heading."""
    book = openpyxl.load_workbook(BytesIO(catalogue_workbook("demo")))
    sheets = {}
    for sheet in book:
        headings, *rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        sheets[sheet.title] = [dict(zip(headings, row, strict=True)) for row in rows]
    return sheets


def test_the_workbook_lists_exactly_the_contracts(published: dict[str, list[dict[str, str]]]) -> None:
    shown = {row["类型代码"]: row for row in published[TYPES_SHEET]}
    assert set(shown) == set(CONTRACTS)
    for key, contract in CONTRACTS.items():
        assert shown[key]["名称"] == contract.title
        assert shown[key]["提供单位"] == contract.supplier
        assert shown[key]["更新周期"] == contract.update_cycle
        assert shown[key]["是否核实"] == ("已核实" if contract.verified else "待核实")
        assert (shown[key]["公示期"] == "不公示") == (contract.publicity != "public")


def test_a_field_that_depends_on_another_says_on_which(published: dict[str, list[dict[str, str]]]) -> None:
    (row,) = [row for row in published[FIELDS_SHEET] if row["字段名"] == "unperformed_content"]
    assert row["是否必填"] == "“承诺履行状态”为部分履行、全部未履行时必填，其他时候不填"


def test_the_workbook_lists_exactly_the_fields(published: dict[str, list[dict[str, str]]]) -> None:
    provisions = load_provisions(load_pack("demo"))
    shown = {(row["类型代码"], row["字段名"]): row for row in published[FIELDS_SHEET]}
    stated = {(key, field.name): field for key, contract in CONTRACTS.items() for field in contract.fields}
    assert set(shown) == set(stated)
    for place, field in stated.items():
        row = shown[place]
        assert (row["中文名称"], row["交换代码"]) == (field.label, field.code)
        assert row["其他表头"] == "、".join(field.aliases)
        assert row["类型"] == TYPES[field.type]
        assert row["是否必填"] == REQUIREMENTS[field.required] or field.filled_when
        assert row["长度"] == (f"{field.length}个字符以内" if field.length else "")
        assert row["说明"] == field.description
        assert row["依据"] == str(provisions[field.provision])
        assert (row["是否公示"] == "公示") == field.published
        assert all(value in row["取值"] for value in field.values)


def test_the_workbook_lists_exactly_the_code_lists(published: dict[str, list[dict[str, str]]]) -> None:
    shown = {(row["代码表"], row["取值或写法"]) for row in published[LISTS_SHEET]}
    stated = {
        (key, text)
        for key, code_list in load_code_lists(load_pack("demo")).items()
        for text in (*code_list.values, *dict(code_list.synonyms))
    }
    assert shown == stated


def test_the_workbook_lists_exactly_the_items(published: dict[str, list[dict[str, str]]]) -> None:
    shown = [(row["条目代码"], row["序号"], row["名称"]) for row in published[ITEMS_SHEET]]
    items = load_items(load_pack("demo")).values()
    assert shown == [(item.key, item.number, item.title) for item in items]


def test_the_page_of_a_record_type_shows_fields_basis_and_publicity() -> None:
    page = queries.contract(PUBLIC, "penalty", pack="demo")
    assert page.entry.title == "行政处罚信息"
    assert page.entry.publicity == "社会公开"
    assert page.key_fields == "行政处罚决定书文号＋主体＋处罚机关统一社会信用代码"
    name = page.fields[0]
    assert (name.label, name.required, name.display) == ("行政相对人名称", "必填", "公示")
    assert (name.basis_text_key, name.basis_article) == ("ndrc-2018-424", "数据标准")
    assert page.fields[12].display == "个人信息，加密保存，不公示"


def test_the_list_follows_the_order_of_the_national_catalogue() -> None:
    keys = [entry.key for entry in queries.catalogue(PUBLIC, pack="demo")]
    assert keys[0] == "organisation"
    assert keys.index("licence") < keys.index("penalty") < keys.index("inspection") < keys.index("abnormal_entry")
    assert keys[-1] == "case_ledger"


def test_the_period_is_told_in_words_from_the_publicity_rules() -> None:
    shown = {entry.key: entry.publication for entry in queries.catalogue(PUBLIC, pack="demo")}
    assert shown["penalty"] == "轻微：不公示；一般：最短3个月，最长1年；严重：最短1年，最长3年"
    assert shown["licence"] == "行政许可信息公示至有效期届满"
    assert shown["case_ledger"] == "不公示"
    assert shown["organisation"] == "在主体页面公示，不设截止期"
    periods = queries.contract(PUBLIC, "penalty", pack="demo").periods
    assert [line.decided_from for line in periods] == sorted((line.decided_from for line in periods), reverse=True)


def test_what_is_not_verified_says_that_nothing_is_published() -> None:
    shown = {entry.key: entry.publication for entry in queries.catalogue(PUBLIC, pack="national")}
    assert shown["licence"] == "公示规则的依据尚未核实，暂不公示"


@pytest.mark.parametrize("pack", ["national", "demo"])
def test_every_publication_rule_of_a_contract_is_a_known_rule_of_the_demo_county(pack: str) -> None:
    known = {rule for line in load_periods(load_pack("demo")) for rule in line.rules}
    for contract in load_contracts(pack).values():
        assert not contract.publication_rule or contract.publication_rule in known


def test_an_unknown_record_type_is_not_found_in_words() -> None:
    with pytest.raises(NotFound, match="目录中没有"):
        queries.contract(PUBLIC, "religion", pack="demo")
