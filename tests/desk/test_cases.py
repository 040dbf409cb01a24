"""Cases at the desk: a counter opens one, the department answers, the office decides; nothing else is offered."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.desk.reading import text_of
from tests.desk.second_county import found_second_county
from tests.portal.senders import SHOP_NAME

from xinheng.audit.models import AuditEvent
from xinheng.people.permissions import ROLE_ACTS
from xinheng.proceedings.models import Attachment, Case, CaseEvent, Proposal
from xinheng.register.models import Record
from xinheng.register.references import record_ref

PDF = b"%PDF-1.7\n%%EOF\n"
OPENING = {
    "open-ground": "wrong",
    "open-statement": "罚款数额写错了",
    "channel": "counter",
    "identified": "核对了营业执照",
    "contact": "店里的电话 0990-0001234",
}


@pytest.fixture
def ref(county) -> str:
    return record_ref(Record.objects.get(type="penalty", known_to=None).record_no)


def opened(client: Client, ref: str, **more: str) -> Case:
    response = client.post(f"/desk/records/{ref}/new/objection", OPENING | more)
    assert response.status_code == 200, response.content.decode()[:2000]
    return Case.objects.latest("pk")


def step(client: Client, case: Case, event: str, *, status: int = 302, **typed: str) -> str:
    seen = CaseEvent.objects.filter(case=case).latest("pk").pk
    stated = {f"{event}-{key}": value for key, value in typed.items()}
    response = client.post(f"/desk/cases/{case.pk}/steps/{event}", {"seen": str(seen)} | stated)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_the_counter_gives_a_number_and_a_word_once(ref, at_desk):
    client = at_desk("lin.xinyu")
    assert "登记异议" in text_of(client, f"/desk/records/{ref}/new/objection")
    response = client.post(f"/desk/records/{ref}/new/objection", OPENING | {"entry": "0" * 32})
    page = response.content.decode()
    assert "信异〔2026〕0001号" in page
    assert re.search(r'<dd class="code">[2-9A-Z]{10}</dd>', page)
    again = client.post(f"/desk/records/{ref}/new/objection", OPENING | {"entry": "0" * 32}).content.decode()
    assert "没有重复登记" in again
    assert Case.objects.count() == 1


def test_what_was_typed_stays_when_something_is_missing(ref, at_desk):
    client = at_desk("lin.xinyu")
    response = client.post(f"/desk/records/{ref}/new/objection", OPENING | {"open-ground": ""})
    page = response.content.decode()
    assert response.status_code == 400
    assert "请选择“异议的种类”" in page
    assert "罚款数额写错了" in page
    assert "核对了营业执照" in page


def test_a_case_goes_from_the_counter_to_the_department_and_back(ref, at_desk):
    office, source = at_desk("lin.xinyu"), at_desk("he.shuo")
    case = opened(office, ref)
    assert "等我办理的案件" in text_of(office, "/desk/")
    step(office, case, "accept")
    step(office, case, "forward")
    page = text_of(source, f"/desk/cases/{case.pk}")
    assert "答复核实结果" in page
    assert "认定异议成立" not in page
    assert case.number in text_of(source, "/desk/cases")
    step(source, case, "answer", finding="wrong", answer="录入时多写了一个零")
    step(office, case, "uphold", remedy="withdraw", reason="录入有误")
    step(office, case, "correct")
    assert "异议成立，已更正" in text_of(office, f"/desk/cases/{case.pk}")
    assert Record.objects.get(type="penalty", known_to=None).withdrawn


def test_only_the_steps_of_the_table_are_offered_and_taken(ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref)
    page = text_of(client, f"/desk/cases/{case.pk}")
    assert "steps/accept" in page
    assert "steps/reject" not in page
    step(client, case, "reject", status=409, reason="跳过程序")
    step(client, case, "supplement_over", status=409)


def test_a_stale_form_keeps_what_was_typed(ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref)
    seen = str(CaseEvent.objects.latest("pk").pk)
    step(client, case, "accept")
    address = f"/desk/cases/{case.pk}/steps/withdraw"
    stale = client.post(address, {"seen": seen, "withdraw-reason": "申请人来电撤回"})
    assert stale.status_code == 400
    assert "已由他人办理" in stale.content.decode()
    assert "申请人来电撤回" in stale.content.decode()
    case.refresh_from_db()
    assert case.state == "accepted"


def test_an_adverse_decision_needs_the_second_person_at_her_own_desk(ref, at_desk):
    office, second, source = at_desk("lin.xinyu"), at_desk("zhou.ming"), at_desk("he.shuo")
    case = opened(office, ref)
    step(office, case, "accept")
    step(office, case, "forward")
    step(source, case, "answer", finding="right", answer="与案卷一致")
    step(office, case, "notify_rejection", reason="与案卷一致")
    step(office, case, "state", statement="仍有不同意见")
    step(office, case, "reject", reason="与案卷一致")
    proposal = Proposal.objects.get()
    address = f"/desk/cases/{case.pk}/proposals/{proposal.pk}"
    assert "须由另一人确认" in text_of(office, f"/desk/cases/{case.pk}")
    assert office.post(address, {"answer": "confirm"}).status_code == 400
    assert "案件待第二人确认" in text_of(second, "/desk/")
    assert second.post(address, {"answer": "confirm"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "rejected"


def test_files_are_served_only_as_downloads(ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref, **{"file-evidence": SimpleUploadedFile("变更证明<script>.pdf", PDF)})
    file = Attachment.objects.get()
    response = client.get(f"/desk/cases/{case.pk}/files/attachment/{file.pk}")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert file.file_name == "变更证明_script_.pdf"


def test_a_disguised_file_is_not_taken_and_nothing_is_opened(ref, at_desk):
    client = at_desk("lin.xinyu")
    sent = OPENING | {"file-evidence": SimpleUploadedFile("证明.pdf", b"MZ\x90\x00 program")}
    response = client.post(f"/desk/records/{ref}/new/objection", sent)
    assert response.status_code == 400
    assert "不是可以接收的格式" in response.content.decode()
    assert not Case.objects.exists()


def test_scripts_in_texts_are_shown_as_text(ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref, **{"open-statement": "<script>alert(1)</script>"})
    page = text_of(client, f"/desk/cases/{case.pk}")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_another_county_finds_none_of_it(ref, at_desk):
    case = opened(at_desk("lin.xinyu"), ref, **{"file-evidence": SimpleUploadedFile("证明.pdf", PDF)})
    found_second_county()
    client = at_desk("wu.deng")
    file = Attachment.objects.get().pk
    for address in (f"/desk/cases/{case.pk}", f"/desk/cases/{case.pk}/files/attachment/{file}",
                    f"/desk/records/{ref}/new/objection"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    for address in (f"/desk/cases/{case.pk}/steps/accept", f"/desk/cases/{case.pk}/files",
                    f"/desk/cases/{case.pk}/assign", f"/desk/cases/{case.pk}/contact",
                    f"/desk/cases/{case.pk}/proposals/1"):  # fmt: skip
        assert client.post(address, {}).status_code == 404, address
    for show in ("waiting", "mine", "overdue", "open", "closed"):
        assert SHOP_NAME not in text_of(client, f"/desk/cases?show={show}")


def test_the_administrator_and_the_auditor_read_no_case(ref, at_desk):
    case = opened(at_desk("lin.xinyu"), ref)
    assert at_desk("gu.anlan").get(f"/desk/cases/{case.pk}").status_code == 404
    assert at_desk("gu.anlan").get("/desk/cases").status_code == 403
    assert not any("case" in act.value for act in ROLE_ACTS["auditor"] | ROLE_ACTS["administrator"])


def test_every_look_at_a_case_and_at_a_contact_is_logged(ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref)
    page = client.post(f"/desk/cases/{case.pk}/contact").content.decode()
    assert "0990-0001234" in page
    looked = AuditEvent.objects.filter(act="desk.read").values_list("object_type", flat=True)
    assert "case_contact" in looked
    text_of(client, f"/desk/cases/{case.pk}")
    assert AuditEvent.objects.filter(act="desk.read", object_type="case", object_id=str(case.pk)).exists()


def test_the_queue_costs_no_more_for_many_cases(county, ref, at_desk):
    client = at_desk("lin.xinyu")
    opened(client, ref)
    text_of(client, "/desk/cases")
    with CaptureQueriesContext(connection) as few:
        text_of(client, "/desk/cases")
    for ground in ("not_mine", "expired", "repaired", "revoked", "not_public"):
        opened(client, ref, **{"open-ground": ground})
    with CaptureQueriesContext(connection) as many:
        text_of(client, "/desk/cases")
    assert len(many) <= len(few)


def test_leave_is_covered_from_the_list(county, ref, at_desk):
    client = at_desk("lin.xinyu")
    case = opened(client, ref)
    away, cover = county.officer("lin.xinyu").pk, county.officer("zhou.ming").pk
    client.post(f"/desk/cases/{case.pk}/assign", {"to": str(away)})
    days = {"first": "2026-11-21", "last": "2026-11-30"}
    told = client.post("/desk/cases/cover", {"officer": str(away), "substitute": str(cover)} | days, follow=True)
    assert "由周明办理" in told.content.decode()
    assert case.number in text_of(at_desk("zhou.ming"), "/desk/cases?show=mine")
    assert client.post("/desk/cases/cover", {"officer": str(away), "substitute": str(away)} | days).status_code == 400
    assert "请选择替班的起止日期" in client.post("/desk/cases/cover", {}, follow=True).content.decode()
