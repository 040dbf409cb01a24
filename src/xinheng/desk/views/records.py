"""Records at the desk: find an archive, read one record with its versions, take one down with a second person."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import NotFound
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.ledger_rows import ledger_sections, ledger_types
from xinheng.desk.purpose import GivenPurpose, ask_purpose, log_reading, purpose_of
from xinheng.desk.queries import RecordLine, not_to_be_handed_on, record_page, records_to_change, waits_for_second
from xinheng.desk.tables import Cell, Table, export, moment, table
from xinheng.desk.views.consents import allowing, archive_by_consent, consent_needed
from xinheng.effects import actions as effects
from xinheng.effects.queries import PUBLIC_NOW, TakedownSummary, WhyNode, takedowns, why
from xinheng.people.permissions import Act
from xinheng.proceedings.queries import cases_of_record, links_of_record, offered_lists
from xinheng.register.queries import history, search
from xinheng.register.queries import trace as find_trace
from xinheng.register.references import organisation_ref, record_no_of

FOUND = 20
LISTED = 200


@officer(Act.READ_RECORDS)
@require_safe
def archives(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/archives?q=`: organisations by name, code or document number."""
    text = request.GET.get("q", "").strip()
    if not text:
        return render(request, "desk/archives.html", {"text": "", "found": None})
    found = search(visit.scope, text, limit=FOUND)
    if found.kind == "refused":
        return render(request, "desk/archives.html", {"text": "", "found": found, "refused": True})
    lines = [
        line
        for type in _registered_types()
        if found.kind == "decision_no"
        for line in records_to_change(visit.scope, type=type, text=text)
    ]
    return render(request, "desk/archives.html", {"text": text, "found": found, "lines": lines})


@officer(Act.READ_RECORDS)
@require_safe
def archive(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """`/desk/archives/<key>?as_at=&known_at=`: what we held about an organisation, at two times."""
    purpose = purpose_of(request)
    if not purpose:
        return ask_purpose(request)
    as_at = _day(request.GET.get("as_at"), visit.today)
    known_at = _day(request.GET.get("known_at"), visit.today)
    if purpose.purpose.needs_consent:
        return archive_by_consent(request, visit, key, purpose, as_at=as_at, known_at=known_at)
    found = history(
        visit.scope, key, as_at=as_at, known_at=known_at, purpose=purpose.logged, by=visit.actor, now=visit.now,
        ledger_types=ledger_types(),
    )  # fmt: skip
    context = {
        "history": found,
        "ledger": ledger_sections(found.ledger_rows),
        "purpose": purpose,
        "own_only": bool(visit.scope.departments),
    }
    return render(request, "desk/archive.html", context)


@officer(Act.READ_RECORDS)
@require_safe
def record(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """`/desk/records/<ref>`"""
    purpose = purpose_of(request)
    if not purpose:
        return ask_purpose(request)
    number = record_no_of(ref)
    page = record_page(visit.scope, number, as_at=visit.today)
    if purpose.purpose.needs_consent and not _allowed(visit, page.line, purpose):
        return consent_needed(request, visit, page.line.subject_code or organisation_ref(page.organisation_no), purpose)
    log_reading(visit, purpose.logged, object_type="record", object_id=str(number))
    takedown, node = page.takedown, _why(visit, number)
    context = {
        "page_": page,
        "line": page.line,
        "trace": find_trace(visit.scope, number),
        "node": node,
        "public": node is not None and node.label == PUBLIC_NOW,
        "takedown": takedown,
        "may_second": takedown is not None and visit.may(Act.CONFIRM_TAKEDOWN)
        and waits_for_second(takedown, visit.user.pk),
        "may_propose": takedown is None and visit.may(Act.PROPOSE_TAKEDOWN),
        "may_lift": takedown is not None and takedown.confirmed_at is not None
        and takedown.lift_proposed_by_id is None and visit.may(Act.LIFT_TAKEDOWN),
        "may_change": visit.may(Act.SUBMIT) and not page.line.withdrawn,
        "purpose": purpose,
        "cases": cases_of_record(visit.scope, number, today=visit.today) if visit.may(Act.READ_CASES) else None,
        "links": links_of_record(visit.scope, number, by=visit.user, as_at=visit.today),
        "may_determine": visit.may(Act.ANSWER_CASE)
        and bool(offered_lists(visit.scope, number, by=visit.user, as_at=visit.today)),
        "may_open_case": visit.may(Act.HANDLE_CASE) and not page.line.withdrawn,
        "may_register_remedy": visit.may(Act.HANDLE_CASE) or visit.may(Act.ANSWER_CASE),
    }  # fmt: skip
    return render(request, "desk/record.html", context)


@officer(Act.PROPOSE_TAKEDOWN)
@require_POST
def propose(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Ask for an emergency take-down, with the reason."""
    number = record_no_of(ref)
    find_trace(visit.scope, number)
    effects.propose_takedown(record_no=number, reason=request.POST.get("reason", "").strip()[:300], by=visit.user,
                             now=visit.now)  # fmt: skip
    messages.success(request, "已提出紧急撤下。另一名信用办人员确认后，这条信息即停止公示。")
    return redirect("desk:record", ref)


@officer(Act.CONFIRM_TAKEDOWN, Act.LIFT_TAKEDOWN)
@require_POST
def decide(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Confirm a take-down, ask for the return, or confirm the return."""
    step = request.POST.get("step", "")
    if step == "confirm":
        visit.require(Act.CONFIRM_TAKEDOWN)
        found = effects.confirm_takedown(takedown=id, by=visit.user, now=visit.now)
        messages.success(request, "已确认，这条信息已停止公示。")
    elif step == "lift":
        visit.require(Act.LIFT_TAKEDOWN)
        reason = request.POST.get("reason", "").strip()[:300]
        found = effects.lift_takedown(takedown=id, reason=reason, by=visit.user, now=visit.now)
        messages.success(request, "已提出恢复公示，待另一人确认。")
    elif step == "confirm_lift":
        visit.require(Act.LIFT_TAKEDOWN)
        found = effects.confirm_lift(takedown=id, by=visit.user, now=visit.now)
        messages.success(request, "已确认，这条信息在剩余的公示期内恢复公示。")
    else:
        raise NotFound("没有这一步。", "请从待办列表重新进入。")
    back = request.POST.get("back", "")
    if back == "list":
        return redirect("desk:takedowns")
    return redirect("desk:record", _ref_of(visit, found.record_no))


@officer(Act.CONFIRM_TAKEDOWN, Act.LIFT_TAKEDOWN, Act.PROPOSE_TAKEDOWN)
@require_safe
def takedown_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/takedowns?all=1`"""
    everything = request.GET.get("all") == "1"
    found = takedowns(visit.scope, open_only=not everything, limit=LISTED)
    if request.GET.get("export"):
        return export(visit, _takedown_table(found))
    mine = [one for one in found if visit.may(Act.CONFIRM_TAKEDOWN) and waits_for_second(one, visit.user.pk)]
    path = reverse("desk:takedowns")
    context = {
        "table": _takedown_table(found),
        "waiting": mine,
        "everything": everything,
        "path": path,
        "export_url": f"{path}?export=1{'&all=1' if everything else ''}",
    }
    return render(request, "desk/takedowns.html", context)


def _takedown_table(rows: tuple[TakedownSummary, ...]) -> Table:
    return table(
        "紧急撤下",
        ("单位", "文书号", "原因", "状态", "提出", "确认", "恢复"),
        (
            (
                Cell(one.subject_name, url=reverse("desk:record", args=[one.ref])),
                Cell(one.decision_no or "—"),
                Cell(one.reason),
                Cell(one.state, status="ended" if one.lifted_at else "suspended"),
                Cell(one.proposed_by, note=moment(one.proposed_at).text),
                Cell(one.confirmed_by or "—", note=moment(one.confirmed_at).text if one.confirmed_at else ""),
                Cell(one.lifted_by or "—", note=moment(one.lifted_at).text if one.lifted_at else ""),
            )
            for one in rows
        ),
    )


def _allowed(visit: Visit, line: RecordLine, purpose: GivenPurpose) -> bool:
    """Whether a record may be read for a purpose that needs consent: one's own department's, or an allowed type."""
    if line.department_id == visit.user.department_id:
        return True
    if line.record_no in not_to_be_handed_on(visit.scope, [line.record_no]):
        return False
    return any(line.type in one.scope for one in allowing(visit, line.subject_code, purpose))


def _why(visit: Visit, record_no: int) -> WhyNode | None:
    try:
        may_know = visit.may(Act.READ_RETRACTIONS)
        return why(visit.scope, record_no, as_at=visit.today, with_copies=may_know)
    except NotFound:
        return None


def _ref_of(visit: Visit, record_no: int) -> str:
    return find_trace(visit.scope, record_no).ref


def _registered_types() -> list[str]:
    from_pack = load_contracts(settings.PACK)
    return [key for key, contract in from_pack.items() if contract.register and contract.roles.decision_no]


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise
