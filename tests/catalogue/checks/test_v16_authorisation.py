"""V16: what is not authorised. The rows are found by a join, see `tests/authorisations`."""

from check_worlds import CONTEXT, contract

from xinheng.catalogue.checks import CHECKS, explain
from xinheng.catalogue.checks.v16_authorisation import NONE, NOT_IN_FORCE, OUTSIDE_PERIOD
from xinheng.engines.compiling import text_table


def test_no_row_fails_it_by_itself() -> None:
    table = text_table("rows", contract("tax_payment").names)
    assert not list(CHECKS["V16"].conditions(contract("tax_payment"), table, CONTEXT))


def test_each_reason_says_what_to_do() -> None:
    asked = contract("tax_payment")
    assert "企业中心" in explain(asked, "V16", "uscc", NONE).advice
    assert "停止归集" in explain(asked, "V16", "uscc", NOT_IN_FORCE).advice
    assert "税款所属期起" in explain(asked, "V16", "period", OUTSIDE_PERIOD).message
