"""The file for the upper platform, and what it sends back."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.desk.second_county import found_second_county
from tests.kept import building, lent
from tests.portal.senders import CITIZEN_NUMBER, REPRESENTATIVE, SHOP, SHOP_NAME, organisation, penalty
from tests.world import NOW, World, table

from xinheng.base.errors import NotFound, Refused
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope
from xinheng.exchange.actions import import_returned, settle_return
from xinheng.exchange.queries import exchange_file, exchange_types
from xinheng.register.models import Review

TODAY = NOW.date()


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    """Two penalties of an organisation, and one of a person."""
    nobody = {"证件类型": "", "证件号码": ""}
    person = penalty(3, "", "测试自然人", 行政相对人类别="自然人", 法定代表人="")
    person |= {"证件类型": "身份证", "证件号码": CITIZEN_NUMBER}
    rows = [penalty(1, 备注="内部说明") | nobody, penalty(2, **{"罚款金额(万元)": "0.2"}) | {"备注": ""} | nobody]
    with building(module_world) as world:
        world.batch(table([organisation(SHOP, SHOP_NAME)]), "organisation")
        world.batch(table([*rows, person | {"备注": ""}]), "penalty")
    return module_world


@pytest.fixture
def sent(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


def rows_of(world: World, first: date = TODAY, last: date = TODAY, scope: Scope | None = None) -> list[dict[str, str]]:
    file = exchange_file(scope or world.scope, type="penalty", first=first, last=last, home=world.home)
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


def returned(world: World, text: str, encoding: str = "utf-8") -> Path:
    path = world.home.tmp / "returned.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_file_has_the_codes_of_the_standard_and_its_spellings(sent):
    rows = rows_of(sent)
    assert [row["CF_WSH"] for row in rows] == ["云市监罚〔2026〕1号", "云市监罚〔2026〕2号"]
    assert [row["CF_NR_FK"] for row in rows] == ["2", "0.2"]
    assert rows[0]["CF_JDRQ"] == "2026/11/18"
    assert rows[0]["CF_XDR_SHXYM"] == SHOP
    assert rows[0]["BZ"] == "内部说明"


def test_no_person_leaves_with_it(sent):
    file = exchange_file(sent.scope, type="penalty", first=TODAY, last=TODAY, home=sent.home)
    assert not {"CF_FRDB", "CF_FR_ZJHM", "CF_XDR_ZJHM"} & set(file.columns)
    text = file.content.decode("utf-8-sig")
    for secret in (REPRESENTATIVE, CITIZEN_NUMBER, "测试自然人"):
        assert secret not in text


def test_only_what_became_known_in_the_period_is_in_it(sent):
    assert rows_of(sent, date(2026, 11, 1), date(2026, 11, 20)) == []
    with pytest.raises(Refused):
        rows_of(sent, TODAY, date(2026, 11, 1))


def test_what_was_withdrawn_or_waits_is_not_in_it(sent):
    sent.batch(table([penalty(1, 数据操作="撤回", 撤回原因="误报")]), "penalty")
    assert [row["CF_WSH"] for row in rows_of(sent)] == ["云市监罚〔2026〕2号"]


def test_only_licences_and_penalties_have_an_exchange_table(sent):
    assert dict(exchange_types(sent.scope, pack="demo")).keys() == {
        "licence", "licence_gen1", "penalty", "penalty_gen1",
    }  # fmt: skip
    with pytest.raises(NotFound):
        exchange_file(sent.scope, type="award", first=TODAY, last=TODAY, home=sent.home)


def test_another_county_and_the_public_get_nothing(sent):
    assert rows_of(sent, scope=Scope(region="990002")) == []
    with pytest.raises(Refused):
        rows_of(sent, scope=PUBLIC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_was_sent_back_becomes_a_question_once(sent, encoding):
    text = "序号,处罚决定书文号,退回原因\n1,云市监罚[2026]1号,违法事实过短\n2,云市监罚〔2026〕88号,找不到\n"
    path = returned(sent, text.replace("处罚决定书文号", "CF_WSH"), encoding)
    lin = sent.officer("lin.xinyu")
    found = import_returned(path=path, type="penalty", by=lin, now=NOW)
    assert (found.rows, found.opened, [row.row for row in found.unknown]) == (2, 1, [3])
    question = Review.objects.get(kind="rejected")
    assert question.reason == "上级平台退回：违法事实过短"
    again = import_returned(path=path, type="penalty", by=lin, now=NOW)
    assert (again.opened, again.known) == (0, 1)


def test_a_reason_that_names_a_persons_number_is_masked(sent):
    path = returned(sent, f"文书号,原因\n云市监罚〔2026〕1号,号码{CITIZEN_NUMBER}重复\n")
    import_returned(path=path, type="penalty", by=sent.officer("lin.xinyu"), now=NOW)
    assert CITIZEN_NUMBER not in Review.objects.get(kind="rejected").reason


@pytest.mark.parametrize("text", ["单位,金额\n甲,1\n", "%PDF-1.7", "文书号\n云市监罚〔2026〕1号\n"])
def test_a_file_of_another_kind_is_refused_in_words(sent, text):
    with pytest.raises(Refused):
        import_returned(path=returned(sent, text), type="penalty", by=sent.officer("lin.xinyu"), now=NOW)
    assert not Review.objects.filter(kind="rejected").exists()


def test_another_countys_records_are_unknown(sent):
    officer = found_second_county().credit_officer
    path = returned(sent, "文书号,退回原因\n云市监罚〔2026〕1号,退回\n")
    found = import_returned(path=path, type="penalty", by=officer, now=NOW)
    assert (found.opened, len(found.unknown)) == (0, 1)


def test_a_return_is_settled_once_with_a_word(sent):
    path = returned(sent, "文书号,退回原因\n云市监罚〔2026〕1号,退回\n")
    lin = sent.officer("lin.xinyu")
    import_returned(path=path, type="penalty", by=lin, now=NOW)
    question = Review.objects.get(kind="rejected")
    with pytest.raises(Refused.__bases__[0]):
        settle_return(review=question.pk, outcome="explained", by=lin, now=NOW, note="")
    settle_return(review=question.pk, outcome="explained", by=lin, now=NOW, note="电话说明")
    question.refresh_from_db()
    assert (question.outcome, question.closed_by) == ("explained", lin)


def test_the_pages_of_the_desk_do_both(sent):
    client = Client()
    client.force_login(sent.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/desk/exchange/export?type=penalty&first=2000-01-01&last=2099-12-31")
    assert "CF_WSH" in answer.content.decode("utf-8-sig")
    file = SimpleUploadedFile("退回.csv", "文书号,退回原因\n云市监罚〔2026〕1号,退回\n".encode())
    page = client.post("/desk/exchange/returns", {"type": "penalty", "file": file}).content.decode()
    assert "上级退回已导入" in page
    review = Review.objects.get(kind="rejected")
    client.post(f"/desk/reviews/{review.pk}", {"answer": "corrected"})
    review.refresh_from_db()
    assert review.outcome == "corrected"
