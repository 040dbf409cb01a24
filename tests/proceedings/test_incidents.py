"""Misuse of access: a lead becomes a case in a closed circle; the one concerned is heard and cannot act on it."""

from datetime import timedelta

import pytest
from tests.intake.intake_rows import SHOP
from tests.proceedings.cases import CaseWorld

from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused, XinhengError
from xinheng.people.models import Message
from xinheng.proceedings.actions import confirm, hand_over, move, open_incident, propose
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.models import Case, CaseDocument
from xinheng.proceedings.parties import parties_of
from xinheng.proceedings.queries import case_list, case_page, cases_of, incident_list
from xinheng.proceedings.queries.lists import OPEN

pytestmark = pytest.mark.django_db
FOUND = {"finding": "没有办理任何案件", "measures": "收回查阅权限"}


def asked(county: CaseWorld) -> Case:
    case = county.incident()
    county.step(case, "ask", by=county.auditor, reason="一天查阅了很多单位，请说明办理的是什么事")
    return case


def page(county: CaseWorld, case: Case, by):
    return case_page(county.world.scope, case.pk, by=by, today=county.now.date())


def confirmed(county: CaseWorld) -> Case:
    case = asked(county)
    county.step(case, "explain", by=county.source, statement="只是好奇")
    made = propose(case=case.pk, event="confirm_misuse", stated=FOUND, by=county.auditor, now=county.now)
    confirm(proposal=made.pk, by=county.clerk, now=county.now)
    case.refresh_from_db()
    return case


def test_one_lead_is_one_case(county: CaseWorld) -> None:
    case = county.incident()
    again = open_incident(
        day=(county.now - timedelta(days=1)).date(), actor_kind="officer", actor_id=str(county.source.pk),
        by=county.auditor, now=county.now,
    )  # fmt: skip
    assert again.pk == case.pk
    assert case.number.startswith("信查")
    assert case.concerned == county.source


def test_what_is_no_lead_is_no_case(county: CaseWorld) -> None:
    with pytest.raises(NotFound):
        open_incident(
            day=county.now.date(), actor_kind="officer", actor_id=str(county.source.pk), by=county.auditor,
            now=county.now,
        )  # fmt: skip


def test_only_the_auditor_makes_one(county: CaseWorld) -> None:
    county.incident()
    Case.objects.all()
    with pytest.raises(XinhengError):
        open_incident(
            day=(county.now - timedelta(days=1)).date(), actor_kind="officer", actor_id=str(county.source.pk),
            by=county.world.officer("gu.anlan"), now=county.now,
        )  # fmt: skip


def test_the_circle_is_closed(county: CaseWorld) -> None:
    case = county.incident()
    for name in ("he.shuo", "gu.anlan"):
        with pytest.raises(NotFound):
            page(county, case, county.world.officer(name))
    for name in ("meng.qi", "lin.xinyu", "su.jin"):
        assert page(county, case, county.world.officer(name)).line.number == case.number
    scope, day = county.world.scope, county.now.date()
    every = case_list(scope, parties=parties_of(county.clerk), user_id=county.clerk.pk, today=day, show=OPEN)
    assert every == ()
    assert cases_of(scope, credit_code=SHOP, today=day) == ()
    assert [one.number for one in incident_list(scope, user_id=county.auditor.pk, today=day)] == [case.number]
    assert incident_list(scope, user_id=county.source.pk, today=day) == ()


def test_the_one_concerned_sees_it_when_asked_and_can_only_explain(county: CaseWorld) -> None:
    case = asked(county)
    seen = page(county, case, county.source)
    assert [step.event for step in seen.steps] == ["explain"]
    assert seen.parties == {"concerned"}
    assert Message.objects.filter(officer=county.source, title__contains=case.number).exists()
    for event in ("confirm_misuse", "clear"):
        with pytest.raises(XinhengError):
            propose(case=case.pk, event=event, stated=FOUND, by=county.source, now=county.now)


def test_an_officer_of_the_credit_office_does_not_decide_about_herself(county: CaseWorld) -> None:
    case = county.incident(reader=county.clerk)
    county.step(case, "ask", by=county.auditor, reason="请说明")
    county.step(case, "explain", by=county.clerk, statement="办理异议")
    made = propose(case=case.pk, event="clear", stated=FOUND, by=county.auditor, now=county.now)
    with pytest.raises(XinhengError):
        confirm(proposal=made.pk, by=county.clerk, now=county.now)
    assert page(county, case, county.clerk).proposal is None
    confirm(proposal=made.pk, by=county.second, now=county.now)
    assert Case.objects.get(pk=case.pk).state == "cleared"


def test_nothing_is_found_without_asking_and_never_by_one_alone(county: CaseWorld) -> None:
    case = county.incident()
    with pytest.raises(XinhengError):
        propose(case=case.pk, event="confirm_misuse", stated=FOUND, by=county.auditor, now=county.now)
    with pytest.raises(Refused, match="两人"):
        move(case=case.pk, event="clear_at_once", stated=FOUND, by=county.auditor, now=county.now)
    made = propose(case=case.pk, event="clear_at_once", stated=FOUND, by=county.auditor, now=county.now)
    with pytest.raises(Refused, match="不同的人"):
        confirm(proposal=made.pk, by=county.auditor, now=county.now)


def test_whose_information_was_looked_at_is_told_with_an_apology(county: CaseWorld) -> None:
    case = confirmed(county)
    (told,) = Message.objects.filter(credit_code=SHOP)
    assert "深表歉意" in told.text
    assert "投诉" in told.text
    assert "何朔" not in told.text
    assert "申诉" in CaseDocument.objects.get(case=case, template="incident_decision").paragraphs[-1]
    county.step(case, "close", by=county.auditor, done="权限已收回")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_who_says_nothing_has_been_heard_when_the_days_are_over(county: CaseWorld) -> None:
    case = asked(county)
    county.later(10)
    daily_look(now=county.now)
    assert Case.objects.get(pk=case.pk).state == "heard"


def test_nobody_takes_it_over_as_an_ordinary_case(county: CaseWorld) -> None:
    case = county.incident()
    with pytest.raises(NotFound):
        hand_over(case=case.pk, to=county.clerk, by=county.clerk, now=county.now)
    assert Actor.of(county.clerk).name
