"""An organisation declares something of itself, follows it, changes it and takes it back; nobody else can."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.centre.conftest import log_in
from tests.declarations.declaring import SHOP_NAME, TYPED
from tests.world import NOW, PASSWORD, World

from xinheng.declarations.models import Declaration
from xinheng.proceedings.actions import move
from xinheng.proceedings.models import Attachment, Case

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def form(**facts: object) -> dict[str, object]:
    typed = {**TYPED, "signed_by": SHOP_NAME}
    return {f"declared-{name}": value for name, value in typed.items()} | {
        "entry": str(uuid.uuid4()),
        "file-evidence": SimpleUploadedFile("证书.pdf", PDF),
    } | facts  # fmt: skip


def declare(client: Client, **facts: object) -> Case:
    response = client.post("/centre/declarations/new/qualification", form(**facts))
    assert response.status_code == 302, response.content.decode()[:4000]
    return Case.objects.get(procedure="declaration")


def verify(county: World, case: Case) -> None:
    stated = {"verified_how": "与发证单位公布的证书名录核对一致"}
    move(case=case.pk, event="verify", stated=stated, by=county.officer("he.shuo"), now=NOW)


def test_a_declaration_is_made_verified_and_then_public_everywhere(county, shop):
    assert "资质证照" in shop.get("/centre/declarations").content.decode()
    assert "真实性承诺" in shop.get("/centre/declarations/new/qualification").content.decode()
    case = declare(shop)
    page = shop.get(f"/centre/cases/{case.pk}").content.decode()
    assert "未核验" in page
    assert "FSMS-990001-0026" in page
    public = Client().get(f"/organisations/{case.credit_code}").content.decode()
    assert "食品安全管理体系认证" not in public
    verify(county, case)
    public = Client().get(f"/organisations/{case.credit_code}").content.decode()
    assert "食品安全管理体系认证" in public
    assert "自主申报（已核验）" in public
    (told,) = Client().get(f"/api/v1/organisations/{case.credit_code}/records?type=declaration").json()["records"]
    assert told["act"] == "自主申报（已核验）"
    assert "自主申报（已核验）" in shop.get("/centre/").content.decode()
    assert "已核验" in shop.get("/centre/declarations").content.decode()


def test_what_was_typed_stays_when_something_is_wrong(shop):
    answer = shop.post("/centre/declarations/new/qualification", form(**{"declared-valid_to": "2020-01-01"}))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "应晚于今天" in page
    assert "FSMS-990001-0026" in page
    assert not Case.objects.filter(procedure="declaration").exists()


def test_the_same_form_sent_again_is_one_declaration(shop):
    once = form()
    for _ in range(2):
        once["file-evidence"] = SimpleUploadedFile("证书.pdf", PDF)
        assert shop.post("/centre/declarations/new/qualification", once).status_code == 302
    assert Declaration.objects.count() == 1


def test_a_change_starts_from_what_stands_and_a_stale_form_changes_nothing(county, shop):
    case = declare(shop)
    verify(county, case)
    page = shop.get(f"/centre/declarations/{case.pk}/change").content.decode()
    assert 'value="FSMS-990001-0026"' in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    changed = form(**{"declared-valid_to": "2027-03-11", "seen": seen[1]})
    assert shop.post(f"/centre/declarations/{case.pk}/change", changed).status_code == 302
    assert shop.post(f"/centre/declarations/{case.pk}/change", changed).status_code == 400
    assert Declaration.objects.filter(case_number=case.number).count() == 2
    assert "食品安全管理体系认证" not in Client().get(f"/organisations/{case.credit_code}").content.decode()


def test_the_general_step_form_does_not_change_a_declaration(county, shop):
    case = declare(shop)
    assert shop.post(f"/centre/cases/{case.pk}/steps/change", {"change-signed_by": SHOP_NAME}).status_code == 409
    assert Declaration.objects.get().ended_at is None


def test_it_is_taken_back_from_its_page_also_after_it_was_verified(county, shop):
    case = declare(shop)
    verify(county, case)
    page = shop.get(f"/centre/cases/{case.pk}").content.decode()
    assert "撤回申报" in page
    assert "变更申报" in page
    answer = shop.post(f"/centre/cases/{case.pk}/steps/withdraw", {"withdraw-reason": "不再持有"})
    assert answer.status_code == 302
    assert "食品安全管理体系认证" not in Client().get(f"/organisations/{case.credit_code}").content.decode()


def test_another_organisation_finds_nothing_of_it(shop, county):
    case = declare(shop)
    mill = log_in("mill.a")
    file = Attachment.objects.get().pk
    for address in (f"/centre/cases/{case.pk}", f"/centre/declarations/{case.pk}/change",
                    f"/centre/cases/{case.pk}/files/attachment/{file}"):  # fmt: skip
        assert mill.get(address).status_code == 404, address
    assert mill.post(f"/centre/declarations/{case.pk}/change", form()).status_code == 404
    assert case.number not in mill.get("/centre/declarations").content.decode()
    assert shop.get("/centre/declarations/new/secrets").status_code == 404
    assert shop.get("/centre/declarations/999999/change").status_code == 404


def test_a_script_in_a_field_is_shown_as_text(county, shop):
    case = declare(shop, **{"declared-statement": "<script>alert(1)</script>", "declared-title": "<b>认证</b>"})
    verify(county, case)
    for page in (shop.get(f"/centre/cases/{case.pk}"), shop.get("/centre/declarations"),
                 Client().get(f"/organisations/{case.credit_code}")):  # fmt: skip
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<b>认证" not in text


def test_a_disguised_file_and_one_without_evidence_keep_nothing(shop):
    disguised = form(**{"file-evidence": SimpleUploadedFile("证书.pdf", b"MZ\x90\x00")})
    assert "不是可以接收的格式" in shop.post("/centre/declarations/new/qualification", disguised).content.decode()
    bare = form()
    del bare["file-evidence"]
    assert "还缺少" in shop.post("/centre/declarations/new/qualification", bare).content.decode()
    assert not Declaration.objects.exists()
    assert not Case.objects.filter(procedure="declaration").exists()


def test_what_was_typed_when_the_login_had_run_out_is_offered_again(county):
    client = Client()
    sent = client.post("/centre/declarations/new/qualification", form())
    assert sent.status_code == 302
    after = client.post(sent["Location"], {"username": "shop.a", "password": PASSWORD})
    assert "FSMS-990001-0026" in client.get(after["Location"]).content.decode()
