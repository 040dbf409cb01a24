"""办事: the organisation's cases, opened from one of its records, followed, and answered."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.centre.access import Visit, organisation_user
from xinheng.declarations.queries import versions_of
from xinheng.effects.models import NoticeKind
from xinheng.effects.queries import RetractionLine, notices_about
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, StepForm, files_in, on_disk
from xinheng.proceedings.models import CaseChannel
from xinheng.proceedings.procedures import Procedure
from xinheng.proceedings.queries import (
    CasePage,
    case_page,
    cases_of,
    file_of,
    own_record,
    procedure_now,
    repair_eligibility,
)
from xinheng.proceedings.serving import as_download
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.references import record_no_of

OFFERED = ("objection", "repair", "shield", "complaint", "remedy", "removal")
WITHOUT_RECORD = ("objection", "complaint", "remedy")
BROUGHT = frozenset({"evidence", "proof", "notice", "ruling", "authority"})
"""Kinds of attachment an applicant brings; the others come from offices, the commitment is signed in the form."""
CHANGE = "change"
FORMS_OF_THEIR_OWN = frozenset({CHANGE})
"""Steps for which another page asks what they need."""
PREFIX = "open"
SOON = 2


@organisation_user
@require_safe
def case_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/cases`"""
    lines = cases_of(visit.scope, credit_code=visit.credit_code, today=visit.today)
    return render(request, "centre/cases.html", {"lines": lines})


@organisation_user
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest, visit: Visit, procedure: str, ref: str = "") -> HttpResponse:
    """`/centre/cases/new/<procedure>/<ref>`, without `<ref>` where there is no record; what was typed stays."""
    if procedure not in (OFFERED if ref else WITHOUT_RECORD):
        raise NotFound("没有这类事项。", "请从本单位的记录重新进入。")
    number = record_no_of(ref) if ref else None
    record = own_record(visit.scope, number, credit_code=visit.credit_code) if number is not None else None
    rules = procedure_now(visit.scope, procedure, as_at=visit.today)
    form = StepForm(
        [rules.field(key) for key in rules.opening.needs],
        request.POST if request.method == "POST" else None,
        prefix=PREFIX,
    )
    entry = _entry(request)
    if request.method == "POST":
        opened = _open(request, visit, form, rules, number, entry)
        if opened is not None:
            messages.success(request, f"已提交，案号 {opened.case.number}。进度会在这里和消息里告诉您。")
            return redirect("centre:case", opened.case.pk)
    asked = procedure == "repair" and number is not None
    told = repair_eligibility(visit.scope, number or 0, as_at=visit.today) if asked else None
    needed = set(rules.opening.documents)
    brought = [(kind, label) for kind, label in rules.attachments if kind in BROUGHT]
    context = {
        "form": form,
        "procedure": rules,
        "record": record,
        "told": told,
        "entry": entry,
        "target": request.POST.get("target", "")[:300],
        "kinds": [(kind, label, kind in needed) for kind, label in brought],
        "files_help": FILES_HELP,
    }
    return render(request, "centre/case_new.html", context, status=400 if form.is_bound else 200)


@organisation_user
@require_safe
def case(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/centre/cases/<id>`"""
    return _render(request, visit, _own(visit, id))


@organisation_user
@require_POST
def take_step(request: HttpRequest, visit: Visit, id: int, event: str) -> HttpResponse:
    """Answer, supplement or take back, as the table allows."""
    page = _own(visit, id)
    offered = [one for one in page.steps if one.event not in FORMS_OF_THEIR_OWN]
    step = next((one for one in offered if one.event == event), None)
    if step is None:
        raise Conflict(f"现在的状态是“{page.line.public_title}”，这一步已经不能办理。", "请刷新页面查看。")
    form = StepForm(step.fields, request.POST, prefix=event)
    seen = request.POST.get("seen", "")
    try:
        proceedings.move(
            case=id,
            event=event,
            stated=form.stated(),
            by=visit.user,
            now=visit.now,
            seen=int(seen) if seen.isdecimal() and len(seen) < 16 else None,
        )
    except StatedWrong as wrong:
        form.tell(wrong)
    except Refused as refusal:
        form.add_error(None, f"{refusal.message}{refusal.advice}")
    except Conflict as stale:
        form.add_error(None, f"{stale.message}下面保留了您填写的内容，核对后可以再次提交。")
        page = _own(visit, id)
    else:
        messages.success(request, f"已提交：{step.title}。")
        return redirect("centre:case", id)
    return _render(request, visit, page, bound=(event, step.title, form), status=400)


@organisation_user
@require_POST
def add_files(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Add files to a running case."""
    page = _own(visit, id)
    sent = files_in(request.FILES, [one for one in page.attachment_kinds if one[0] in BROUGHT])
    if not sent:
        messages.error(request, "没有选择文件。")
    try:
        with on_disk(sent) as uploads:
            for upload in uploads:
                proceedings.add_attachment(case=id, upload=upload, by=visit.user, now=visit.now)
                messages.success(request, f"已添加材料“{upload.file_name}”。")
    except Refused as refusal:
        messages.error(request, f"没有收下：{refusal.message}{refusal.advice}")
    return redirect("centre:case", id)


@organisation_user
@require_safe
def download(request: HttpRequest, visit: Visit, id: int, what: str, file: int) -> HttpResponseBase:
    """One file of a case, always as a download."""
    _own(visit, id)
    found, pieces = file_of(visit.scope, id, what=what, file_id=file, by=visit.user)
    return as_download(found, pieces)


def _own(visit: Visit, id: int) -> CasePage:
    """A case of the organisation the user acts for now, not of another one she is bound to as well."""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    if page.line.credit_code != visit.credit_code:
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    return page


def _open(
    request: HttpRequest, visit: Visit, form: StepForm, rules: Procedure, number: int | None, entry: str
) -> proceedings.Opened | None:
    try:
        with on_disk(files_in(request.FILES, [one for one in rules.attachments if one[0] in BROUGHT])) as uploads:
            application = proceedings.Application(
                procedure=rules.key,
                record_no=number,
                stated=form.stated(),
                channel=CaseChannel.CENTRE,
                entry=uuid.UUID(entry),
                target=request.POST.get("target", "")[:300],
                credit_code=visit.credit_code,
                uploads=uploads,
            )
            return proceedings.open_case(application=application, by=visit.user, now=visit.now)
    except StatedWrong as wrong:
        form.tell(wrong)
    except (Refused, Conflict) as refusal:
        form.add_error(None, f"{refusal.message}{refusal.advice}")
    return None


def _render(
    request: HttpRequest,
    visit: Visit,
    page: CasePage,
    *,
    bound: tuple[str, str, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = []
    for step in (one for one in page.steps if one.event not in FORMS_OF_THEIR_OWN):
        filled = bound is not None and bound[0] == step.event
        form = bound[2] if bound is not None and filled else StepForm(step.fields, prefix=step.event)
        forms.append((step, form, filled))
    context = {
        "page_": page,
        "line": page.line,
        "forms": forms,
        "kept": bound if bound is not None and not any(filled for _, _, filled in forms) else None,
        "kinds": [one for one in page.attachment_kinds if one[0] in BROUGHT],
        "files_help": FILES_HELP,
        "soon": SOON,
        "told": (told := _told(visit, page)),
        "wrong": any(one.kind == NoticeKind.PUT_RIGHT for one in told),
        "versions": versions_of(visit.scope, page.line.number, as_at=visit.today),
        "may_change": any(step.event == CHANGE for step in page.steps),
    }
    return render(request, "centre/case.html", context, status=status)


def _told(visit: Visit, page: CasePage) -> list[RetractionLine]:
    """Who was told about the record since the case was opened, and whether they confirmed."""
    if not page.line.record_ref:
        return []
    told = notices_about(visit.scope, record_no_of(page.line.record_ref))
    return [one for one in told if one.written_at >= page.line.opened_at]


def _entry(request: HttpRequest) -> str:
    given = request.POST.get("entry", "")
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())
