"""Messages of a case: to the applicant's box, the source department, and whoever in the credit office works on it."""

from collections.abc import Mapping
from datetime import date, datetime

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.people.actions import send_message
from xinheng.people.models import Department, Region, Role, User
from xinheng.people.permissions import Act, may
from xinheng.people.recipients import OrganisationBox, Recipient
from xinheng.proceedings.models import Case, LeaveCover
from xinheng.proceedings.parties import CLOSED_CIRCLE, ONLY_THE_SOURCE
from xinheng.proceedings.procedures import Party, Procedure, Step

TITLE = 100


def tell_step(
    case: Case, procedure: Procedure, step: Step, stated: Mapping[str, str], *, by: Actor, now: datetime
) -> None:
    """Send what the table says this step tells, with the case's number and the stated words filled in."""
    words = {"number": case.number, **stated}
    for tell in step.tells:
        text = fill(tell.text, words)
        title = f"{procedure.title} {case.number}：{step.title}"
        tell_party(case, tell.to, title=title, text=text, by=by, now=now)


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with each {word} replaced; what was stated is never read as a pattern itself."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        filled.append(words.get(name, "") + rest if closed else "{" + part)
    return "".join(filled)


def tell_party(case: Case, party: Party, *, title: str, text: str, by: Actor, now: datetime) -> None:
    """Tell one party. An applicant without a centre login reads the progress page and is told at the counter."""
    for recipient, link in _boxes(case, party, today(now)):
        send_message(to=recipient, title=title[:TITLE], text=text, link=link, by=by, now=now)


def _boxes(case: Case, party: Party, day: date) -> list[tuple[Recipient, str]]:
    desk = f"/desk/cases/{case.pk}"
    if party == "applicant":
        if not case.credit_code:
            return []
        return [(OrganisationBox(case.credit_code, case.region_id), f"/centre/cases/{case.pk}")]
    if case.procedure in CLOSED_CIRCLE:
        return [(one, desk) for one in _circle(case, party)]
    if party == "source" or case.procedure in ONLY_THE_SOURCE:
        return [(case.department, desk)]
    return [(one, desk) for one in office_of(case, day)]


def _circle(case: Case, party: Party) -> list[User]:
    """Who is told in a closed circle; a program's department is told through those who may answer for it."""
    if party == "concerned" and case.concerned is not None:
        return [case.concerned]
    wanted = {"auditor": Act.HANDLE_INCIDENTS, "decider": Act.DECIDE_INCIDENTS, "concerned": Act.ANSWER_CASE}.get(party)
    found = User.objects.filter(region_id=case.region_id, is_active=True).exclude(pk=case.concerned_id or 0)
    if party == "concerned":
        found = found.filter(department_id=case.department_id)
    return [one for one in found.order_by("pk") if wanted is not None and may(one, wanted)]


def office_of(case: Case, day: date) -> list[User | Department]:
    """The officer who works on the case, or her cover; else the departments of the credit office."""
    if case.assignee is not None:
        return [cover_of(case.assignee, day)]
    return list(
        Department.objects.filter(
            region_id=case.region_id,
            user__is_active=True,
            user__grants__role=Role.CREDIT_OFFICE,
            user__grants__revoked_at=None,
        ).distinct()
    )


def cover_of(officer: User, day: date) -> User:
    """Who works for an officer on a day: her cover while she is away, else she herself."""
    cover = (
        LeaveCover.objects.filter(officer=officer, first_day__lte=day, last_day__gte=day, ended_at=None)
        .select_related("substitute")
        .order_by("-pk")
        .first()
    )
    return cover.substitute if cover and cover.substitute.is_active else officer


def credit_office_of(region: Region) -> Department | None:
    """The department that runs the platform in a region; None while nobody has that role."""
    return Department.objects.filter(
        region=region, user__grants__role=Role.CREDIT_OFFICE, user__grants__revoked_at=None
    ).order_by("pk").first()  # fmt: skip
