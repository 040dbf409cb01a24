"""Purposes of reading, and records of others: read as far as the organisation allowed it, and not otherwise."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from tests.desk.reading import text_of
from tests.desk.second_county import found_second_county
from tests.desk.test_cases import opened
from tests.people.test_organisation_users import MILL, SHOP, join, word_for
from tests.world import MARKET, NOW, PASSWORD, SCHOOLS, SYSTEM

from xinheng.audit.actions import record
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.effects.actions import confirm_takedown, end_effects, propose_takedown
from xinheng.effects.models import Effect, EndReason, Kind
from xinheng.people import actions as people
from xinheng.people.models import Consent, ConsentRequest, Department, Message, OrganisationMembership, Role, User
from xinheng.people.purposes import logged, purposes, told
from xinheng.people.queries import covering_consents
from xinheng.register.models import Record
from xinheng.register.references import record_ref

FUNDING = {"purpose": "funding", "note": "2026年技改资金"}
ARCHIVE = f"/desk/archives/{SHOP}"
UNTIL = date(2026, 12, 31)


@pytest.fixture
def holder(county) -> OrganisationMembership:
    """The shop's holder; the market authority has sent a penalty and a licence about it."""
    return join(county, "shop.a", word_for(county))


@pytest.fixture
def school(county, at_desk) -> Client:
    """An officer of the schools' department, which has sent nothing about the shop."""
    people.create_officer(
        username="yu.ran", display_name="于然", department=county.department(SCHOOLS.code), password=PASSWORD,
        roles=[Role.INSPECTOR], by=SYSTEM, now=NOW,
    )  # fmt: skip
    return at_desk("yu.ran")


def allow(holder, *, types=("penalty",), purpose_code="funding", until=UNTIL, department=SCHOOLS.code, starts=None):
    return people.give_consent(
        membership=holder, purpose="技改资金", purpose_code=purpose_code, scope=types,
        recipient=Department.objects.get(code=department), until=until, now=NOW, starts=starts,
    )  # fmt: skip


def reads(client: Client, purpose: dict[str, str] = FUNDING) -> tuple[int, str]:
    client.post("/desk/purpose", purpose)
    response = client.get(ARCHIVE)
    return response.status_code, response.content.decode()


def test_without_a_consent_nothing_is_shown_and_the_way_is_told(holder, school):
    status, page = reads(school)
    assert status == 403
    assert "须有单位授权才能查阅" in page
    assert "请求授权" in page
    assert "云市监罚" not in page
    assert not AuditEvent.objects.filter(act="register.history").exists()


def test_a_covering_consent_opens_what_others_sent(holder, school):
    given = allow(holder)
    status, page = reads(school)
    assert status == 200
    assert "云市监罚〔2026〕1号" in page
    assert "凭单位授权查阅" in page
    event = AuditEvent.objects.get(act="register.history")
    assert event.purpose == f"[funding] 2026年技改资金（凭授权 {given.pk}）"


def test_types_that_were_not_allowed_stay_shut(holder, school):
    allow(holder, types=("licence",))
    page = reads(school)[1]
    assert "云市监罚" not in page


def test_what_was_repaired_or_taken_down_is_not_handed_on_even_by_consent(holder, school):
    allow(holder, types=("penalty", "licence"))
    assert "云市监罚〔2026〕1号" in reads(school)[1]
    penalty, licence = (Record.objects.get(type=type, known_to=None) for type in ("penalty", "licence"))
    for_good = [Effect.objects.get(record_id=penalty.pk, kind=Kind.PUBLICATION).pk]
    end_effects(effect_ids=for_good, reason=EndReason.REPAIRED, why="准予修复", by=SYSTEM, now=NOW, today=NOW.date())
    page = reads(school)[1]
    assert "云市监罚" not in page
    assert licence.decision_no in page
    officers = [User.objects.get(username=name) for name in ("lin.xinyu", "zhou.ming")]
    takedown = propose_takedown(record_no=licence.record_no, reason="核对", by=officers[0], now=NOW)
    confirm_takedown(takedown=takedown.pk, by=officers[1], now=NOW)
    assert licence.decision_no not in reads(school)[1]


@pytest.mark.parametrize(
    "given",
    [
        {"purpose_code": "honours"},
        {"purpose_code": ""},
        {"department": MARKET.code},
        {"until": date(2026, 11, 22), "starts": date(2026, 11, 22)},
    ],
    ids=["another purpose", "an old consent without one", "another department", "not yet"],
)
def test_a_consent_for_something_else_does_not_cover(holder, school, given):
    allow(holder, **given)
    assert reads(school)[0] == 403


def test_a_consent_that_ran_out_or_was_taken_back_does_not_cover(holder, school):
    first = allow(holder, until=date(2026, 11, 21))
    assert reads(school)[0] == 200
    with time_machine.travel(NOW + timedelta(hours=15), tick=False):
        client = Client()
        client.post("/desk/login", {"username": "yu.ran", "password": PASSWORD})
        assert reads(client)[0] == 403
    people.withdraw_consent(membership=holder, consent_id=first.pk, now=NOW)
    assert reads(school)[0] == 403


def test_a_consent_of_another_organisation_does_not_cover(holder, school, county):
    allow(join(county, "mill.a", word_for(county, MILL), MILL))
    assert reads(school)[0] == 403


def test_with_a_task_of_its_own_a_department_sees_only_what_it_sent(holder, school):
    allow(holder)
    status, page = reads(school, {"purpose": "inspection", "note": "第 3 号检查计划"})
    assert status == 200
    assert "云市监罚" not in page
    assert "须有单位授权才能查阅" in page


def test_the_credit_office_too_needs_a_consent_where_it_has_no_task(holder, at_desk):
    office = at_desk("lin.xinyu")
    assert reads(office)[0] == 403
    ref = record_ref(Record.objects.filter(type="penalty").latest("pk").record_no)
    assert office.get(f"/desk/records/{ref}").status_code == 403
    allow(holder, department="1199000100000137X5")
    assert reads(office)[0] == 200
    assert "云市监罚" in text_of(office, f"/desk/records/{ref}")
    licence_ref = record_ref(Record.objects.filter(type="licence").latest("pk").record_no)
    repaired = list(Effect.objects.filter(kind=Kind.PUBLICATION).values_list("pk", flat=True))
    end_effects(effect_ids=repaired, reason=EndReason.REPAIRED, why="准予修复", by=SYSTEM, now=NOW, today=NOW.date())
    assert office.get(f"/desk/records/{ref}").status_code == 403
    assert office.get(f"/desk/records/{licence_ref}").status_code == 403


def test_a_departments_own_record_needs_no_consent(holder, at_desk):
    market = at_desk("he.shuo")
    market.post("/desk/purpose", FUNDING)
    ref = record_ref(Record.objects.filter(type="penalty").latest("pk").record_no)
    assert "云市监罚" in text_of(market, f"/desk/records/{ref}")


def test_a_department_asks_and_the_organisation_allows(holder, school):
    reads(school)
    assert school.post(f"{ARCHIVE}/ask", {"types": ["penalty", "nonsense"]})["Location"] == ARCHIVE
    assert "已经请求授权" in school.get(ARCHIVE).content.decode()
    assert Message.objects.filter(credit_code=SHOP).latest("pk").title == "县教育局请求查询授权"
    theirs = Client()
    theirs.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    page = text_of(theirs, "/centre/consents")
    assert "云屿县教育局" in page
    assert "财政资金、项目和政策扶持审核：2026年技改资金" in page
    number = ConsentRequest.objects.get().pk
    unanswered = theirs.post(f"/centre/consents/requests/{number}", {"answer": "allow", "until": "x"}, follow=True)
    assert "请选择授权的最后一日" in unanswered.content.decode()
    theirs.post(f"/centre/consents/requests/{number}", {"answer": "allow", "until": "2026-12-31"})
    assert Consent.objects.get().scope == ["penalty"]
    assert "授权查询至2026年12月31日" in Message.objects.filter(department__code=SCHOOLS.code).latest("pk").text
    assert reads(school)[0] == 200
    assert "云屿县教育局" in text_of(theirs, "/centre/readers")
    assert "财政资金、项目和政策扶持审核：2026年技改资金（凭授权" in text_of(theirs, "/centre/readers")
    assert "档案中您单位同意查阅的部分：行政处罚" in text_of(theirs, "/centre/readers")
    assert theirs.post(f"/centre/consents/requests/{number}", {"answer": "decline"}).status_code == 409


def test_the_organisation_may_say_no_and_nothing_follows(holder, school):
    reads(school)
    school.post(f"{ARCHIVE}/ask", {"types": ["penalty"]})
    people.answer_consent_request(membership=holder, request_id=ConsentRequest.objects.get().pk, until=None, now=NOW)
    assert not Consent.objects.exists()
    assert "不同意查询" in Message.objects.filter(department__code=SCHOOLS.code).latest("pk").text
    assert reads(school)[0] == 403


def test_a_request_is_asked_once_at_a_time(holder, school):
    reads(school)
    assert school.post(f"{ARCHIVE}/ask", {}).status_code == 400
    school.post(f"{ARCHIVE}/ask", {"types": ["penalty"]})
    assert school.post(f"{ARCHIVE}/ask", {"types": ["licence"]}).status_code == 409
    assert ConsentRequest.objects.count() == 1


def test_a_request_needs_a_purpose_that_needs_consent(holder, school):
    assert school.post(f"{ARCHIVE}/ask", {"types": ["penalty"]}).status_code == 400
    school.post("/desk/purpose", {"purpose": "case", "note": "第 1 号"})
    assert school.post(f"{ARCHIVE}/ask", {"types": ["penalty"]}).status_code == 400


def test_anothers_request_cannot_be_answered(holder, school, county):
    reads(school)
    school.post(f"{ARCHIVE}/ask", {"types": ["penalty"]})
    other = join(county, "mill.a", word_for(county, MILL), MILL)
    with pytest.raises(NotFound):
        people.answer_consent_request(
            membership=other, request_id=ConsentRequest.objects.get().pk, until=UNTIL, now=NOW
        )


def test_another_county_reads_nothing_by_a_consent_given_here(holder, county, at_desk):
    second = found_second_county()
    allow(holder)
    found = covering_consents(
        Scope(region="990002"), credit_code=SHOP, department_id=second.department.pk,
        purpose_code="funding", today=UNTIL,
    )  # fmt: skip
    assert found == ()
    assert reads(at_desk("wu.deng"))[0] in (403, 404)


def test_a_request_comes_from_an_officer_and_says_what_for(holder, county):
    department = county.department(SCHOOLS.code)
    facts = {"credit_code": SHOP, "department": department, "purpose_code": "funding", "now": NOW}
    with pytest.raises(Refused, match="工作人员"):
        people.ask_consent(**facts, purpose="资金", scope=["penalty"], by=SYSTEM)


def test_a_look_at_a_case_is_told_to_its_organisation(holder, county, at_desk):
    office = at_desk("lin.xinyu")
    case = opened(office, record_ref(Record.objects.get(type="penalty", known_to=None).record_no))
    text_of(office, f"/desk/cases/{case.pk}")
    theirs = Client()
    theirs.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    page = text_of(theirs, "/centre/readers")
    assert f"办理案件：案件 {case.pk}" in page
    assert f'href="/centre/cases/{case.pk}"' in page


def test_the_purpose_is_chosen_from_the_list_and_explained(county, at_desk):
    client = at_desk("lin.xinyu")
    for wrong in ({"note": "第 1 号"}, {"purpose": "curiosity", "note": "第 1 号"}, {"purpose": "case"}):
        assert client.post("/desk/purpose", wrong).status_code == 200
        assert client.get(ARCHIVE)["Location"].startswith("/desk/purpose")
    page = text_of(client, "/desk/purpose")
    assert all(one.title in page for one in purposes("demo").values())


def test_older_texts_are_told_as_they_are():
    assert told("核对第 1 号批次", "demo") == "核对第 1 号批次"
    assert told("[gone] 第 1 号", "demo") == "[gone] 第 1 号"
    assert told(logged("case", " 第 1 号 "), "demo") == "办理案件：第 1 号"
    assert told("[case] ", "demo") == "办理案件"


def test_older_texts_stand_in_the_own_centre_and_the_log(holder, county):
    record(
        act="desk.read", by=SYSTEM, now=NOW, region_id=county.region.pk, object_type="organisation", object_id=SHOP,
        purpose="旧的说明",
    )  # fmt: skip
    theirs = Client()
    theirs.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    assert "旧的说明" in text_of(theirs, "/centre/readers")


@pytest.mark.parametrize("pack", ["national", "demo"])
def test_every_pack_states_its_purposes(pack):
    found = purposes(pack)
    assert any(one.needs_consent for one in found.values())
    assert any(not one.needs_consent for one in found.values())
