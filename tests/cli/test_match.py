"""`xinheng match`: two names, a file of pairs, a name in the register."""

import json

import pytest
from tests.kept import building, lent
from tests.portal.senders import SHOP, SHOP_NAME, send_files

from xinheng.base.errors import Refused, WrongUsage
from xinheng.cli.match import match

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _register(module_world):
    with building(module_world) as county:
        send_files(county)


@pytest.fixture
def world(module_world, home):
    return lent(module_world, home)


def told(capsys):
    return json.loads(capsys.readouterr().out)


def test_two_names_get_a_verdict_a_score_and_reasons(capsys):
    assert match(["云屿云帆商贸有限公司", "云屿县云帆商贸有限责任公司"], as_json=True) == 0
    found = told(capsys)
    assert (found["verdict"], found["score"]) == ("same", 990)
    assert found["reasons"][0] == {
        "key": "division_spelling",
        "words": "区划写法不同：“云屿”与“云屿县”",
        "points": 10,
    }


def test_a_person_at_the_terminal_reads_it_in_words(capsys):
    match(["云屿县云帆商贸有限公司", "云屿县云航商贸有限公司"])
    out = capsys.readouterr().out
    assert "须由人核对，840 分" in out
    assert "有 1 个字不同" in out


@pytest.mark.parametrize("named", [True, False])
def test_a_file_of_pairs_gets_one_verdict_a_row(capsys, tmp_path, named):
    path = tmp_path / "pairs.csv"
    path.write_text(
        f"名称A,名称B,代码A,代码B\n甲云帆商贸有限公司,甲云帆商贸有限公司,,\n甲一厂,甲二厂,,\n"
        f"云帆商贸有限公司,云帆商贸有限公司,{SHOP},51990001500000TA3P\n99000119900307001X,云帆,,\n",
        encoding="utf-8",
    )
    match(None if named else [str(path)], file=path if named else None, as_json=True)
    found = told(capsys)
    assert [one["verdict"] for one in found] == ["same", "different", "different", "different"]
    assert [one["reasons"][0]["key"] for one in found] == ["equal", "ordinal_other", "code_other", "person"]


def test_a_name_is_looked_up_in_the_register_with_why(world, capsys):
    match(name="云屿浮光食品有限责任公司", as_json=True)
    found = told(capsys)
    assert (found["verdict"], found["candidates"][0]["credit_code"]) == ("same", SHOP)
    assert found["candidates"][0]["name"] == SHOP_NAME


def test_another_code_beside_the_name_is_a_veto(world, capsys):
    match(name=SHOP_NAME, code="51990001500000TA3P", as_json=True)
    assert told(capsys) == {"verdict": "different", "why": "登记中没有相近的名称", "candidates": []}


def test_a_file_of_names_is_looked_up_row_by_row(world, capsys, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(f"单位名称,统一社会信用代码\n云屿浮光食品有限公司,\n无此单位商行,\n某某,{SHOP}\n", encoding="utf-8")
    match([str(path)], as_json=True)
    found = told(capsys)
    assert [one["verdict"] for one in found] == ["same", "different", "unsure"]
    assert found[2]["candidates"][0]["credit_code"] == SHOP


def test_a_persons_number_in_a_file_is_left_out_and_the_rest_is_looked_up(world, capsys, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("名称\n99000119900307001X\n云屿浮光食品有限公司\n", encoding="utf-8")
    match([str(path)])
    out = capsys.readouterr().out
    assert "99000119900307001X" not in out
    assert "（没有查询）：不同主体。像是公民身份号码，没有查询" in out
    assert SHOP in out


def test_a_persons_number_is_refused_and_not_repeated(world, capsys):
    with pytest.raises(Refused) as refusal:
        match(name="99000119900307001X")
    assert "99000119900307001X" not in f"{refusal.value.message}{refusal.value.advice}{capsys.readouterr().out}"


def test_without_names_it_says_what_to_write():
    with pytest.raises(WrongUsage, match="请写两个名称"):
        match(["只有一个"])


def test_a_file_without_names_is_refused_with_the_columns_it_should_have(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(WrongUsage, match="没有名称列"):
        match(file=path)
