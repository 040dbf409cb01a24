"""Reading by consent: what a department without a task of its own sees, and asking an organisation to allow it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xinheng.authorisations.reading import open_rows
from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.desk.access import Visit, officer
from xinheng.desk.purpose import GivenPurpose, purpose_of
from xinheng.desk.queries import not_to_be_handed_on
from xinheng.people import actions as people
from xinheng.people.permissions import Act
from xinheng.people.purposes import logged
from xinheng.people.queries import ConsentLine, consent_request, covering_consents, members
from xinheng.register.queries import RecordState, history, organisation


@dataclass(frozen=True)
class AllowedRecord:
    """One record as a department sees it that was allowed to."""

    state: RecordState
    act: str
    fields: tuple[tuple[str, str], ...]


def allowing(visit: Visit, credit_code: str, given: GivenPurpose) -> tuple[ConsentLine, ...]:
    """The consents an officer's department may rely on today; none for an organisation without a code."""
    if not credit_code:
        return ()
    return covering_consents(
        visit.scope,
        credit_code=credit_code,
        department_id=visit.user.department_id,
        purpose_code=given.purpose.key,
        today=visit.today,
    )


def archive_by_consent(
    request: HttpRequest, visit: Visit, key: str, given: GivenPurpose, *, as_at: date, known_at: date
) -> HttpResponse:
    """The archive as far as the organisation allowed it, whoever sent the records; else what to do about it."""
    found = organisation(visit.scope, key)
    consents = allowing(visit, found.credit_code, given)
    special = open_rows(
        scope=visit.scope, key=key, department_id=visit.user.department_id, purpose_code=given.purpose.key,
        note=given.note, by=visit.actor, now=visit.now,
    )  # fmt: skip
    if not consents and not special.authorisations:
        return consent_needed(request, visit, found.credit_code or key, given)
    numbers = "、".join(str(one.id) for one in consents)
    basis = f"凭授权 {numbers}" if consents else "凭特定信用信息授权"
    region = Scope(region=visit.scope.region)
    opened = history(
        region,
        key,
        as_at=as_at,
        known_at=known_at,
        purpose=logged(given.purpose.key, f"{given.note}（{basis}）"),
        by=visit.actor,
        now=visit.now,
        types=frozenset(type for one in consents for type in one.scope),
    )
    contracts = load_contracts(settings.PACK)
    gone = not_to_be_handed_on(region, [one.record_no for one in opened.records])
    context = {
        "history": opened,
        "purpose": given,
        "consents": [(one, "、".join(contracts[type].title for type in one.scope)) for one in consents],
        "records": [
            _allowed(one, contracts[one.type])
            for one in opened.records
            if one.state != "withdrawn" and one.record_no not in gone
        ],
        "special": special,
        "special_types": {key: contracts[key].title for one in special.authorisations for key in one.classes},
    }
    return render(request, "desk/archive_by_consent.html", context)


def consent_needed(request: HttpRequest, visit: Visit, key: str, given: GivenPurpose) -> HttpResponse:
    """Why nothing is shown, and the form to ask for a consent."""
    found = organisation(visit.scope, key)
    waiting = consent_request(
        visit.scope,
        credit_code=found.credit_code,
        department_id=visit.user.department_id,
        purpose_code=given.purpose.key,
    )
    region = Scope(region=visit.scope.region)
    context = {
        "organisation": found,
        "key": key,
        "purpose": given,
        "waiting": waiting,
        "has_users": bool(found.credit_code) and bool(members(region, credit_code=found.credit_code)),
        "types": list(_types().items()),
    }
    return render(request, "desk/consent_needed.html", context, status=403)


@officer(Act.READ_RECORDS)
@require_POST
def ask(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Ask an organisation for the purpose of this session."""
    given = purpose_of(request)
    if given is None or not given.purpose.needs_consent:
        raise Refused("请先选定须有单位授权的用途。", "在“查阅用途”中选定后再请求授权。")
    found = organisation(visit.scope, key)
    wanted = [one for one in request.POST.getlist("types") if one in _types()]
    people.ask_consent(
        credit_code=found.credit_code, department=visit.user.department, purpose_code=given.purpose.key,
        purpose=given.note, scope=wanted, by=visit.actor, now=visit.now,
    )  # fmt: skip
    messages.success(request, "已请求授权，单位答复后本部门会收到消息。")
    return redirect("desk:archive", key)


def _types() -> dict[str, str]:
    return {key: one.title for key, one in load_contracts(settings.PACK).items() if one.register}


def _allowed(state: RecordState, contract: Contract) -> AllowedRecord:
    return AllowedRecord(
        state=state,
        act=contract.act or contract.title,
        fields=tuple(
            (field.label, as_read(field, state.content[field.name]))
            for field in contract.fields
            if not field.personal and state.content.get(field.name) not in (None, "")
        ),
    )
