"""One record by hand: entered, corrected, withdrawn, with errors beside the fields."""

import pytest
from tests.kept import building, lent
from tests.portal.senders import REPRESENTATIVE, SHOP, SHOP_NAME, organisation, penalty
from tests.world import MARKET, NOW, World, table

from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import match_headers
from xinheng.effects.queries import published_list
from xinheng.ledger.models import Batch, Channel
from xinheng.register.models import Record
from xinheng.register.references import record_ref


def form_of(row: dict[str, str], **more: str) -> dict[str, str]:
    """A row of a file as the fields of the entry form."""
    mapping = match_headers(tuple(row), load_contracts("demo")["penalty"]).mapping
    return {f"f-{mapping[heading]}": text for heading, text in row.items()} | {"entry": "a1"} | more


def public():
    return published_list(PUBLIC, type="penalty", as_at=NOW.date()).rows


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        module_world.batch(table([organisation(SHOP, SHOP_NAME)]), "organisation")
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def shop(office):
    return office


def test_a_record_typed_in_becomes_a_batch_of_one_row_and_is_published(shop, at_desk):
    client = at_desk("he.shuo")
    response = client.post("/desk/records/new?type=penalty", form_of(penalty(1)))
    batch = Batch.objects.get(type="penalty")
    assert response["Location"] == f"/desk/batches/{batch.number}/receipt"
    assert (batch.rows, batch.accepted, batch.channel, batch.file_name) == (1, 1, Channel.FORM, "网页录入")
    assert [record.decision_no for record in public()] == ["云市监罚〔2026〕1号"]


def test_errors_stand_beside_the_fields_and_nothing_is_kept(shop, at_desk):
    client = at_desk("he.shuo")
    data = form_of(penalty(1, 处罚决定日期="上个月"), **{"f-uscc": "9199"})
    response = client.post("/desk/records/new?type=penalty", data)
    text = response.content.decode()
    assert response.status_code == 200
    assert "还没有收下" in text
    assert text.count('class="error"') >= 2
    assert 'value="上个月"' in text
    assert not Batch.objects.filter(type="penalty").exists()


def test_the_same_form_sent_twice_is_one_record(shop, at_desk):
    client = at_desk("he.shuo")
    for _ in range(2):
        client.post("/desk/records/new?type=penalty", form_of(penalty(1)))
    assert Batch.objects.filter(type="penalty").count() == 1


def test_what_only_the_register_knows_is_told_too(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty")
    client = at_desk("lin.xinyu")
    other = shop.department("11990001000001740Y").pk
    text = client.post("/desk/records/new?type=penalty", form_of(penalty(1), department=str(other))).content.decode()
    assert "还没有收下" in text


def test_a_correction_keeps_what_is_not_shown(shop, at_desk):
    shop.batch(table([penalty(1, 备注="内部说明")]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    client = at_desk("he.shuo")
    text = client.get(f"/desk/records/{ref}/correct").content.decode()
    assert REPRESENTATIVE not in text
    assert "内部说明" in text
    assert 'value="2"' in text  # 万元, as the department wrote it
    data = form_of(penalty(1, 处罚内容="罚款人民币叁万元", 备注="内部说明"), **{"f-fine_amount_wan": "3"})
    data["f-legal_rep_name"] = ""
    response = client.post(f"/desk/records/{ref}/correct", data)
    assert response.status_code == 302, response.content.decode()
    current = Record.objects.get(type="penalty", known_to=None)
    assert (current.version, current.amount_fen) == (2, 3_000_000)
    assert public()[0].record_id == current.pk


def test_a_correction_that_changes_nothing_changes_nothing(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    data = form_of(penalty(1)) | {"f-legal_rep_name": ""}
    response = at_desk("he.shuo").post(f"/desk/records/{ref}/correct", data, follow=True)
    assert "没有改动" in response.content.decode()
    assert Record.objects.filter(type="penalty").count() == 1


def test_what_identifies_a_record_cannot_be_changed_in_a_correction(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    data = form_of(penalty(1), **{"f-decision_no": "云市监罚〔2026〕77号", "f-violation_type": "另一种行为"})
    at_desk("he.shuo").post(f"/desk/records/{ref}/correct", data)
    current = Record.objects.get(type="penalty", known_to=None)
    assert (current.decision_no, current.title) == ("云市监罚〔2026〕1号", "另一种行为")


def test_a_withdrawal_needs_a_reason_and_ends_the_publication(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    client = at_desk("he.shuo")
    assert "请写明撤回的理由" in client.post(f"/desk/records/{ref}/withdraw", {"entry": "w1"}).content.decode()
    assert len(public()) == 1
    client.post(f"/desk/records/{ref}/withdraw", {"entry": "w1", "reason": "复议撤销"})
    current = Record.objects.get(type="penalty", known_to=None)
    assert (current.withdrawn, current.withdrawal_reason) == (True, "复议撤销")
    assert public() == ()


def test_what_was_withdrawn_and_typed_again_goes_to_review(shop, at_desk):
    client = at_desk("he.shuo")
    client.post("/desk/records/new?type=penalty", form_of(penalty(1)))
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    client.post(f"/desk/records/{ref}/withdraw", {"entry": "w1", "reason": "复议撤销"})
    client.post("/desk/records/new?type=penalty", form_of(penalty(1), entry="a2"))
    assert Record.objects.get(type="penalty", known_to=None).gate == "returned"
    assert public() == ()


def test_nobody_corrects_a_record_of_another_department(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty", department="11990001000001740Y")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    for page in ("correct", "withdraw"):
        assert at_desk("he.shuo").get(f"/desk/records/{ref}/{page}").status_code == 404


def test_own_records_are_found_by_number_code_and_name(shop, at_desk):
    shop.batch(table([penalty(1)]), "penalty")
    client = at_desk("he.shuo")
    for text in ("云市监罚〔2026〕1号", SHOP, SHOP_NAME):
        found = client.get("/desk/records/find", {"type": "penalty", "q": text}).content.decode()
        assert f"{SHOP_NAME}</td>" in found, text
    assert MARKET.code
