"""V12: the registered name."""

import duckdb
import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinheng.base.names import name_key as plain_name_key
from xinheng.catalogue import values
from xinheng.catalogue.checks.v12_name import name_differs
from xinheng.engines.compiling import duckdb_sql

NAMES = ibis.table({"sent": "string", "registered": "string"}, name="names")
DIFFERS = duckdb_sql(NAMES.select(differs=name_differs(NAMES.sent, NAMES.registered)))
KEYS = duckdb_sql(NAMES.select(key=values.name_key(NAMES.sent)))


def answer(query: str, sent: str | None, registered: str | None = None) -> object:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE names (sent VARCHAR, registered VARCHAR)")
        connection.execute("INSERT INTO names VALUES (?, ?)", [sent, registered])
        [(value,)] = connection.execute(query).fetchall()
    return value


@pytest.mark.parametrize(
    "sent", ["云屿（幻海）某公司", "云屿(幻海)某公司 ", "云屿〔幻海〕某 公司", "\u3000云屿【幻海】某公司"]
)
def test_width_brackets_and_blanks_do_not_make_another_name(sent: str) -> None:
    assert answer(DIFFERS, sent, "云屿(幻海)某公司") is False


def test_one_other_character_makes_another_name() -> None:
    assert answer(DIFFERS, "云屿某公司", "云屿其公司") is True


@pytest.mark.parametrize("registered", [None, "", " "])
def test_nothing_registered_is_nothing_to_differ_from(registered: str | None) -> None:
    assert answer(DIFFERS, "云屿某公司", registered) is False


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text("云屿（）()【】〔〕ＡａＢb１2－—-· \u3000\u200b.，", max_size=12))
def test_the_key_is_the_one_of_base(name: str) -> None:
    assert answer(KEYS, name) == (plain_name_key(name) or None)
