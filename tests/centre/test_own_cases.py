"""An organisation opens, follows and answers its own cases, and nobody else's."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.centre.conftest import log_in
from tests.world import NOW, SYSTEM

from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import RecipientKind
from xinheng.people.models import Message, OrganisationMembership
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.models import Attachment, Case, CaseDocument, CaseEvent
from xinheng.register.models import Record
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def ref(county) -> str:
    return record_ref(Record.objects.get(type="penalty", known_to=None).record_no)


def objection(client: Client, ref: str, **more: object) -> Case:
    typed = {"open-ground": "wrong", "open-statement": "罚款数额写错了"} | more
    response = client.post(f"/centre/cases/new/objection/{ref}", typed)
    assert response.status_code == 302, response.content.decode()[:3000]
    return Case.objects.latest("pk")


def step(county, case: Case, event: str, username: str = "lin.xinyu", **stated: str) -> None:
    move(case=case.pk, event=event, stated=stated, by=county.officer(username), now=NOW)


def test_an_objection_goes_from_the_own_archive_to_a_statement_and_its_documents(county, shop, ref):
    assert f"/centre/cases/new/objection/{ref}" in shop.get("/centre/").content.decode()
    case = objection(shop, ref, **{"file-evidence": SimpleUploadedFile("变更证明.pdf", PDF)})
    step(county, case, "accept")
    step(county, case, "forward")
    step(county, case, "answer", "he.shuo", finding="right", answer="与案卷一致")
    step(county, case, "notify_rejection", reason="与案卷一致")
    page = shop.get(f"/centre/cases/{case.pk}").content.decode()
    assert "请您陈述意见" in page
    assert "林信予" not in page
    assert "何朔" not in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    answer = {"seen": seen[1], "state-statement": "案卷里的数额是后来改的"}
    assert shop.post(f"/centre/cases/{case.pk}/steps/state", answer).status_code == 302
    assert shop.post(f"/centre/cases/{case.pk}/steps/state", answer).status_code == 409
    assert CaseEvent.objects.filter(case=case, event="state").count() == 1
    document = CaseDocument.objects.filter(case=case).latest("pk")
    told = shop.get(f"/centre/cases/{case.pk}/files/document/{document.pk}")
    assert b"".join(told.streaming_content).startswith(b"%PDF")
    assert Message.objects.filter(credit_code=case.credit_code, link=f"/centre/cases/{case.pk}").exists()


def test_another_organisation_finds_nothing_of_it(county, shop, ref):
    case = objection(shop, ref, **{"file-evidence": SimpleUploadedFile("变更证明.pdf", PDF)})
    mill = log_in("mill.a")
    file = Attachment.objects.get().pk
    for address in (f"/centre/cases/{case.pk}", f"/centre/cases/{case.pk}/files/attachment/{file}",
                    f"/centre/cases/new/objection/{ref}"):  # fmt: skip
        assert mill.get(address).status_code == 404, address
    assert mill.post(f"/centre/cases/new/objection/{ref}", {"open-ground": "wrong"}).status_code == 404
    assert mill.post(f"/centre/cases/{case.pk}/steps/withdraw", {"withdraw-reason": "冒名"}).status_code == 404
    assert case.number not in mill.get("/centre/cases").content.decode()
    assert case.number in shop.get("/centre/cases").content.decode()


def test_an_officers_step_cannot_be_taken_from_the_centre(county, shop, ref):
    case = objection(shop, ref)
    assert shop.post(f"/centre/cases/{case.pk}/steps/accept", {}).status_code == 409
    case.refresh_from_db()
    assert case.state == "submitted"


def test_who_lost_the_binding_lost_the_case(county, shop, ref):
    case = objection(shop, ref)
    OrganisationMembership.objects.filter(user=case.applicant).update(revoked_at=NOW, revoked_why="离职")
    assert shop.get(f"/centre/cases/{case.pk}").status_code in (302, 404)


def test_too_early_for_a_repair_is_told_before_and_refused_after(county, shop, ref):
    address = f"/centre/cases/new/repair/{ref}"
    page = shop.get(address).content.decode()
    assert "自2027年2月18日起可以申请" in page
    assert "作出承诺并提交申请" not in page
    assert shop.post(address, {"open-signed_by": "云屿县浮光食品有限公司"}).status_code == 400
    assert not Case.objects.exists()


def test_a_repair_is_applied_for_with_a_signed_commitment_and_one_proof(county, shop, ref):
    with time_machine.travel("2027-02-18 10:00+08:00", tick=False):
        client = log_in("shop.a")
        address = f"/centre/cases/new/repair/{ref}"
        assert "作出承诺并提交申请" in client.get(address).content.decode()
        typed = {"open-signed_by": "云屿县浮光食品有限公司"}
        short = client.post(address, typed)
        assert short.status_code == 400
        assert "还缺少：履行法定义务的证明" in short.content.decode()
        assert "云屿县浮光食品有限公司" in short.content.decode()
        done = client.post(address, typed | {"file-proof": SimpleUploadedFile("缴款凭证.pdf", PDF)})
        assert done.status_code == 302, done.content.decode()[:2000]
        assert Case.objects.get().commitment.signed_by == "云屿县浮光食品有限公司"


def test_a_complaint_and_an_objection_need_no_record_but_say_what_they_are_about(county, shop):
    assert "/centre/cases/new/complaint" in shop.get("/centre/cases").content.decode()
    typed = {"open-about": "service", "open-statement": "等了一上午"}
    answer = shop.post("/centre/cases/new/complaint", typed)
    assert answer.status_code == 400
    assert "写明所指的是什么" in answer.content.decode()
    assert shop.post("/centre/cases/new/complaint", typed | {"target": "11月20日的窗口"}).status_code == 302
    case = Case.objects.get()
    assert (case.procedure, case.record_title, case.department.code) == (
        "complaint", "11月20日的窗口", county.officer("lin.xinyu").department.code,
    )  # fmt: skip
    assert case.number in shop.get("/centre/cases").content.decode()
    assert log_in("mill.a").get(f"/centre/cases/{case.pk}").status_code == 404
    for procedure in ("repair", "shield", "incident", "declaration"):
        assert shop.get(f"/centre/cases/new/{procedure}").status_code == 404


def test_a_lawsuit_is_registered_and_its_outcome_shown_with_who_was_told(county, shop, ref):
    record = Record.objects.get(type="penalty", known_to=None)
    to = named_recipient(region=county.region, kind=RecipientKind.UPPER_PLATFORM, name="上级平台", now=NOW)
    hand_over(recipient=to, title="上报", record_ids=[record.pk], by=SYSTEM, now=NOW)
    typed = {
        "open-kind": "litigation", "open-body": "云屿县人民法院", "open-body_no": "（2026）演01行初3号",
        "open-accepted_on": "2026-11-20", "file-notice": SimpleUploadedFile("受理通知.pdf", PDF),
        "file-ruling": SimpleUploadedFile("判决书.pdf", PDF + b"1"),
    }  # fmt: skip
    answer = shop.post(f"/centre/cases/new/remedy/{ref}", typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    case = Case.objects.get()
    step(county, case, "register")
    stated = {"act_no": "（2026）演01行初3号", "act_on": "2026-11-21", "reason": "处罚主体错误"}
    made = propose(case=case.pk, event="record_annulled", stated=stated, by=county.officer("lin.xinyu"), now=NOW)
    confirm(proposal=made.pk, by=county.officer("zhou.ming"), now=NOW)
    page = shop.get(f"/centre/cases/{case.pk}").content.decode()
    assert "撤销，已恢复原状" in page
    assert "恢复原状告知书" in page
    assert "上级平台" in page
    assert "停用并纠正" in page
    assert "深表歉意" in Message.objects.filter(credit_code=case.credit_code).latest("pk").text
