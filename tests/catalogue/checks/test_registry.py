"""What holds for all checks: ids, words, the reference page, a compilation for the second engine."""

import re
from pathlib import Path

import ibis
import pytest
from check_worlds import CONTEXT, contract

from xinheng.catalogue import checks
from xinheng.catalogue.checks import CHECKS, reference_page
from xinheng.engines.compiling import text_table

ROOT = Path(__file__).parents[3]


def test_sixteen_checks_are_registered_by_being_there() -> None:
    assert list(CHECKS) == [f"V{number:02}" for number in range(1, 17)]


def test_each_check_has_a_file_and_a_test_file_named_after_it() -> None:
    modules = {path.stem for path in (ROOT / "src/xinheng/catalogue/checks").glob("v??_*.py")}
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_v??_*.py")}
    assert modules == tests


def test_the_reference_page_says_what_the_code_does() -> None:
    written = (ROOT / "docs/reference/checks.md").read_text(encoding="utf-8")
    assert written == reference_page.page()


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_way_of_failing_has_a_message_and_advice(check: checks.Check) -> None:
    for text in check.texts.values():
        assert re.search("[一-鿿]", text.message)
        assert text.message.endswith("。")
        assert text.advice.endswith("。")
        assert not re.search("[!！]|黑名单|曝光", text.message + text.advice)


@pytest.mark.parametrize("key", ["penalty", "licence", "organisation", "serious_list", "env_penalty_notice"])
def test_every_condition_of_a_contract_can_be_explained(key: str) -> None:
    table = text_table("rows", contract(key).names)
    for condition in checks.conditions_for(contract(key), table, CONTEXT):
        words = checks.explain(contract(key), condition.check, condition.column, condition.variant)
        assert "{" not in words.message + words.advice
        assert words.message
        assert words.advice


def test_conditions_can_be_written_for_spark_too() -> None:
    table = text_table("rows", contract("penalty").names)
    for condition in checks.conditions_for(contract("penalty"), table, CONTEXT):
        assert ibis.to_sql(table.select(failing=condition.failing), dialect="pyspark", pretty=False)


def test_a_check_that_the_contract_switches_off_is_left_out() -> None:
    table = text_table("rows", contract("env_penalty_notice").names)
    off = set(contract("env_penalty_notice").switched_off)
    asked = {condition.check for condition in checks.conditions_for(contract("env_penalty_notice"), table, CONTEXT)}
    assert not off & asked


def test_a_message_about_the_whole_row_needs_no_column() -> None:
    assert "同一条数据" in checks.explain(contract("penalty"), "V11", "", "").message
