"""Tokens that stand for identity numbers in correction files."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vault_world import NOW, OFFICER, PERSON

from xinheng.base.errors import Refused
from xinheng.vault.actions import destroy_key, new_key
from xinheng.vault.keys import MasterKey
from xinheng.vault.tokens import TOKEN_PATTERN, CellOpener, cell_sealer, open_cell, seal_cell

pytestmark = pytest.mark.django_db
COLUMN = "id_number"


@pytest.fixture
def token(master: MasterKey) -> str:
    return seal_cell(PERSON, key_id=new_key(kind="batch", now=NOW), department_id=3, batch_no=12, column=COLUMN)


def test_the_department_that_sent_a_value_gets_it_back(token: str) -> None:
    assert token.startswith("密文:")
    assert PERSON not in token
    assert TOKEN_PATTERN.fullmatch(token)
    assert open_cell(token, department_id=3, column=COLUMN) == PERSON


def test_a_spreadsheets_full_width_colon_and_spaces_do_no_harm(token: str) -> None:
    assert open_cell(f" {token.replace(':', '：')} ", department_id=3, column=COLUMN) == PERSON


@pytest.mark.parametrize(("department_id", "column"), [(4, COLUMN), (3, "organisation_name")])
def test_another_department_or_column_does_not_open_it(token: str, department_id: int, column: str) -> None:
    with pytest.raises(Refused, match="不是本部门这一列"):
        open_cell(token, department_id=department_id, column=column)


@pytest.mark.parametrize("spoil", [lambda t: t[:-8], lambda t: t[:30] + "AAAA" + t[34:], lambda t: "密文:" + "_" * 80])
def test_a_spoilt_token_is_told_in_words(token: str, spoil) -> None:
    with pytest.raises(Refused, match="密文"):
        open_cell(spoil(token), department_id=3, column=COLUMN)


def test_with_the_key_destroyed_a_token_stays_closed(master: MasterKey) -> None:
    key_id = new_key(kind="batch", now=NOW)
    token = seal_cell(PERSON, key_id=key_id, department_id=3, batch_no=12, column=COLUMN)
    destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="保存期满")
    with pytest.raises(Refused, match="密钥已销毁"):
        open_cell(token, department_id=3, column=COLUMN)


@given(text=st.text(max_size=60))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_unchanged(text: str, master: MasterKey) -> None:
    sealer = cell_sealer(key_id=new_key(kind="batch", now=NOW), department_id=1, batch_no=1)
    assert CellOpener(1).open(sealer.seal(text, COLUMN), COLUMN) == text
