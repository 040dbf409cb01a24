"""Leads become cases in a closed circle: who opens, sees, explains and confirms, through the pages."""

import pytest
from tests.desk.reading import text_of
from tests.world import NOW, PASSWORD, SYSTEM

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.people.actions import create_officer
from xinheng.people.models import Role, User
from xinheng.people.queries.misuse import MANY_OFFICER
from xinheng.proceedings.models import Case, CaseEvent
from xinheng.register.models import Record
from xinheng.register.references import record_ref


@pytest.fixture
def lead(county) -> dict[str, str]:
    """何朔 looked at very much today; there is an auditor."""
    create_officer(
        username="meng.qi", display_name="孟祁", department=county.officer("lin.xinyu").department, password=PASSWORD,
        roles=[Role.AUDITOR], by=SYSTEM, now=NOW,
    )  # fmt: skip
    reader = county.officer("he.shuo")
    for number in range(MANY_OFFICER):
        record(
            act="desk.read", by=Actor.of(reader), now=NOW, region_id=county.region.pk, object_type="record",
            object_id=str(number), purpose="核对第12号批次",
        )  # fmt: skip
    return {"day": today(NOW).isoformat(), "kind": "officer", "reader": str(reader.pk)}


def opened(at_desk, lead: dict[str, str]) -> Case:
    answer = at_desk("meng.qi").post("/desk/incidents/new", lead)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.get(procedure="incident")


def step(client, case: Case, event: str, **typed: str) -> int:
    seen = CaseEvent.objects.filter(case=case).latest("pk").pk
    stated = {f"{event}-{key}": value for key, value in typed.items()}
    return int(client.post(f"/desk/cases/{case.pk}/steps/{event}", {"seen": str(seen)} | stated).status_code)


def test_a_lead_is_opened_once_from_the_list_of_leads(at_desk, lead):
    auditor = at_desk("meng.qi")
    assert "登记核查" in text_of(auditor, "/desk/audit/misuse")
    case = opened(at_desk, lead)
    assert opened(at_desk, lead).pk == case.pk
    assert "何朔" in text_of(auditor, "/desk/incidents")
    assert "请当事人说明" in text_of(auditor, f"/desk/cases/{case.pk}")


def test_what_is_no_lead_is_not_found_and_others_open_nothing(at_desk, lead):
    assert at_desk("meng.qi").post("/desk/incidents/new", lead | {"reader": "1"}).status_code == 404
    assert at_desk("meng.qi").get("/desk/incidents/new?day=x&kind=officer&reader=1").status_code == 404
    for name in ("lin.xinyu", "gu.anlan", "he.shuo"):
        assert at_desk(name).post("/desk/incidents/new", lead).status_code == 403
    assert not Case.objects.exists()


def test_the_one_concerned_the_administrator_and_departments_see_nothing_of_it(at_desk, lead):
    case = opened(at_desk, lead)
    for name in ("he.shuo", "gu.anlan"):
        assert at_desk(name).get(f"/desk/cases/{case.pk}").status_code == 404
        assert at_desk(name).get("/desk/incidents").status_code == 403
    assert case.number not in text_of(at_desk("he.shuo"), "/desk/cases?show=open")
    assert case.number not in text_of(at_desk("lin.xinyu"), "/desk/cases?show=open")


def test_from_notice_and_explanation_to_a_confirmed_finding(at_desk, lead):
    case = opened(at_desk, lead)
    auditor, concerned, second = at_desk("meng.qi"), at_desk("he.shuo"), at_desk("lin.xinyu")
    assert step(auditor, case, "ask", reason="一天查阅了六十条，请说明") == 302
    page = text_of(concerned, f"/desk/cases/{case.pk}")
    assert "请说明查阅情况的通知书" in page
    assert "认定确有滥用" not in page
    assert step(concerned, case, "explain", statement="核对历史数据") == 302
    assert step(concerned, case, "confirm_misuse", finding="无", measures="无") == 409
    assert step(auditor, case, "confirm_misuse", finding="没有办理任何案件", measures="收回权限") == 302
    assert "待第二人确认" not in text_of(concerned, f"/desk/cases/{case.pk}")
    proposal = case.proposals.get()
    at = f"/desk/cases/{case.pk}/proposals/{proposal.pk}"
    assert auditor.post(at, {"answer": "confirm"}).status_code == 400
    assert second.post(at, {"answer": "confirm"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "confirmed"


def test_an_auditor_still_reads_no_case_of_an_organisation(county, at_desk, lead):
    ref = record_ref(Record.objects.get(type="penalty", known_to=None).record_no)
    typed = {"open-about": "handling", "open-statement": "很久没有答复", "identified": "核对了营业执照"}
    assert at_desk("lin.xinyu").post(f"/desk/records/{ref}/new/complaint", typed).status_code == 200
    case = Case.objects.get(procedure="complaint")
    assert at_desk("meng.qi").get(f"/desk/cases/{case.pk}").status_code == 404
    assert at_desk("meng.qi").post(f"/desk/cases/{case.pk}/steps/ask_source", {}).status_code == 404


def test_a_complaint_without_a_record_is_registered_with_what_it_is_about(county, at_desk):
    client = at_desk("lin.xinyu")
    typed = {"open-about": "service", "open-statement": "等了一上午", "identified": "核对了营业执照"}
    answer = client.post("/desk/cases/new/complaint", typed)
    assert answer.status_code == 400
    assert "写明所指的是什么" in answer.content.decode()
    assert "等了一上午" in answer.content.decode()
    answer = client.post("/desk/cases/new/complaint", typed | {"target": "11月20日的窗口"})
    assert "信诉〔2026〕0001号" in answer.content.decode()
    assert client.get("/desk/cases/new/repair").status_code == 404
    assert at_desk("he.shuo").get("/desk/cases/new/complaint").status_code in (302, 400, 403)


def test_a_department_registers_a_lawsuit_about_its_own_record_only(county, at_desk):
    ref = record_ref(Record.objects.get(type="penalty", known_to=None).record_no)
    client = at_desk("he.shuo")
    assert "登记复议和诉讼" in text_of(client, f"/desk/records/{ref}/new/remedy")
    assert client.get(f"/desk/records/{ref}/new/objection").status_code != 200
    assert User.objects.filter(username="he.shuo").exists()
