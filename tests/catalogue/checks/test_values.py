"""Typed values: what the set expressions and their plain twins make of a text, each for each."""

from collections.abc import Sequence
from datetime import date

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import strategies as st
from tests.drawing import drawn

from xinheng.base.identifiers.credit_code import make
from xinheng.catalogue import values
from xinheng.catalogue.checks import plain
from xinheng.engines.compiling import duckdb_sql

TABLE = ibis.table({"text": "string"}, name="cells")


def all_in_duckdb(expression: ir.Value, texts: Sequence[str | None]) -> dict[str | None, object]:
    with duckdb.connect() as connection:
        connection.register("cells", pa.table({"text": pa.array(texts, pa.string())}))
        return dict(connection.execute(duckdb_sql(TABLE.select(text=TABLE.text, answer=expression))).fetchall())


def in_duckdb(expression: ir.Value, text: str | None) -> object:
    return all_in_duckdb(expression, [text])[text]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0.2", 200000),
        ("-0.5", -500000),
        ("1,000.50", 1000500000),
        ("１２.５", 12500000),
        ("0.0000010", 1),
        ("1.0.0", None),
        ("", None),
    ],
)
def test_an_amount_in_wan_is_a_whole_number_of_fen(text: str, fen: int | None) -> None:
    assert in_duckdb(values.decimal_value(TABLE.text), text) == fen
    assert plain.decimal_value(text) == fen


@pytest.mark.parametrize(("text", "day"), [("2024年2月29日", date(2024, 2, 29)), ("2023/02/29", None), (None, None)])
def test_a_day_exists_or_is_none(text: str | None, day: date | None) -> None:
    assert in_duckdb(values.date_value(TABLE.text), text) == day
    assert plain.date_value(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("云市监罚[2026] 12号", "云市监罚〔2026〕12号"),
        ("云市监罚（２０２６）12号", "云市监罚〔2026〕12号"),
        ("(沪)罚字【2024】第3号", "（沪）罚字〔2024〕第3号"),
        ("云市监罚〔2026〕12号", "云市监罚〔2026〕12号"),
        (" ", None),
    ],
)
def test_the_year_of_a_document_stands_in_corner_brackets(text: str, number: str | None) -> None:
    assert in_duckdb(values.normalised_decision_no(TABLE.text), text) == number
    assert plain.normalised_decision_no(text) == number


TWINS = [
    (values.cleaned, plain.cleaned, "云 \u3000\t\n1a\u200b\u00a0"),
    (values.decimal_value, plain.decimal_value, "0123.,-+５．０ "),
    (values.date_value, plain.date_value, "0123/-.年月日 :"),
    (values.normalised_code, plain.normalised_code, "09AXaxＡ－- \u2013"),
    (values.normalised_decision_no, plain.normalised_decision_no, "2026[]()（）【】〔〕第号０ "),
    (values.name_key, plain.name_key, "云屿Ａａz9 ()（】〔]{〉－–㈱\u3000·é"),
]


@pytest.mark.parametrize(("expression", "twin", "alphabet"), TWINS, ids=lambda part: getattr(part, "__name__", ""))
def test_expression_and_twin_agree(expression, twin, alphabet) -> None:
    texts = drawn(st.text(alphabet, max_size=14), 1_000)
    for text, answer in all_in_duckdb(expression(TABLE.text), texts).items():
        assert answer == twin(text), repr(text)


def test_both_checks_in_one_sum_are_the_two_checks() -> None:
    texts = drawn(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18), 2_000)
    codes = [make(text[:2], "990001", text[2:10]) for text in texts]
    for place in (0, 9, 16, 17):
        pairs = zip(codes[: len(texts)], texts, strict=True)
        codes += [code[:place] + text[place] + code[place + 1 :] for code, text in pairs]
    table = ibis.table({"code": "string"}, name="codes")
    separate = values.check_digit_holds(table.code) & values.organisation_part_holds(table.code)
    query = duckdb_sql(
        table.filter(table.code.re_search(values.SURE_CODE)).select(
            table.code, joined=values.both_checks_hold(table.code), separate=separate
        )
    )
    with duckdb.connect() as connection:
        connection.register("codes", pa.table({"code": codes}))
        answers = connection.execute(query).fetchall()
    assert len(answers) >= len(texts)
    assert [code for code, joined, separate in answers if joined != separate] == []
